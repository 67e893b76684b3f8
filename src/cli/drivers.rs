//! Arguments that say what drives demand; `run`, `forecast` and `backtest` share them.

use super::outcome::Job;
use crate::diagnostic::Diagnostics;
use crate::model::{FutureRule, SalesPanel};
use crate::pipeline::{self, DriverSources, PipelineError, Role, Settings, parse_holidays};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// What drives demand besides its own past.
#[derive(Debug, Args)]
pub(super) struct DriverArguments {
    /// Drivers table: date, item, location and a column per driver, or date, item, location, name, value
    #[arg(long)]
    drivers: Option<PathBuf>,
    /// Named events: name, first, last, scope
    #[arg(long)]
    events: Option<PathBuf>,
    /// Feasts that count: none, or of cn, us, uk, de, islamic, in, separated by commas
    #[arg(long, default_value = "none")]
    holidays: String,
    /// Let a driver's last value hold where its future is not stated, instead of leaving it out
    #[arg(long)]
    hold_drivers: bool,
}

impl DriverArguments {
    /// Reads the drivers into the settings and prints what is to say: findings in the files, and what becomes of the
    /// drivers in the panel.
    ///
    /// # Errors
    /// Whatever reading the files answers.
    pub(super) fn load(
        &self,
        settings: &mut Settings,
        panel: &SalesPanel,
        sales: &[(Role, String)],
        job: &Job,
    ) -> Result<[Diagnostics; 2], PipelineError> {
        let sources = DriverSources {
            values: self.drivers.as_deref(),
            events: self.events.as_deref(),
            holidays: parse_holidays(&self.holidays)?,
            future: if self.hold_drivers { FutureRule::HoldLast } else { FutureRule::Stated },
        };
        let (drivers, findings) = pipeline::load_drivers(&sources, sales, &job.control.part(0.0, 0.0))?;
        settings.drivers = Arc::new(drivers);
        let checked = pipeline::check_drivers(panel, settings, &job.control)?;
        job.print(&findings);
        job.print(&checked);
        Ok([findings, checked])
    }
}
