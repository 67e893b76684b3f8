//! What a plan is made of, as users type it.

use super::arguments::{Bucket, Judged, horizon};
use super::receipts::ReceiptArguments;
use crate::model::{BASE, Scenario};
use crate::pipeline::{PipelineError, Settings, Sources, load_scenario};
use clap::Args;
use std::path::{Path, PathBuf};

/// What a plan is made of, where items are asked for.
#[derive(Debug, Args)]
pub(super) struct PlanFiles {
    /// Sales file: CSV, TSV, XLSX, XLS, ODS, Parquet
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Item master data
    #[arg(long)]
    pub(super) items: PathBuf,
    /// Delivery network: a workbook, or a folder of CSV files
    #[arg(long)]
    pub(super) network: Option<PathBuf>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// Periods ahead
    #[arg(long)]
    pub(super) horizon: Option<usize>,
    #[command(flatten)]
    pub(super) receipts: ReceiptArguments,
}

/// The scenario of a table, or the data as it is.
///
/// # Errors
/// As [`load_scenario`].
pub(super) fn scenario_or_base(path: Option<&Path>) -> Result<Scenario, PipelineError> {
    path.map_or_else(|| Ok(Scenario::base(BASE)), |path| Ok(load_scenario(path)?.0))
}

impl PlanFiles {
    /// The files to read.
    pub(super) fn sources(&self) -> Sources<'_> {
        let (network, receipts) = (self.network.as_deref(), self.receipts.receipts.as_deref());
        Sources { items: Some(&self.items), network, receipts, ..Sources::sales(&self.sales) }
    }

    /// The same, with the user's judgement of forecasts.
    pub(super) fn judged<'a>(&'a self, judged: &'a Judged) -> Sources<'a> {
        let (overrides, successions) = (judged.overrides.as_deref(), judged.successions.as_deref());
        Sources { overrides, successions, ..self.sources() }
    }

    /// The settings with the horizon and the lead times asked for.
    ///
    /// # Errors
    /// [`PipelineError::Unreadable`] when it is out of range.
    pub(super) fn settings(&self, settings: Settings) -> Result<Settings, PipelineError> {
        let asked = self.horizon.map(horizon).transpose()?;
        let lead_times = self.receipts.choice();
        Ok(Settings { horizon: asked.unwrap_or(settings.horizon), lead_times, ..settings })
    }
}
