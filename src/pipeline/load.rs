//! Files → inputs of a plan.

use super::{Judgement, PipelineError};
use crate::control::Control;
use crate::data::{self, ReadOptions, SalesImport};
use crate::diagnostic::Diagnostics;
use crate::model::{
    DemandLine, ForecastOverride, Frequency, ImportSummary, ItemTable, LeadTimes, Network, Receipts, Regions,
    SalesPanel, Scenario, Succession,
};
use std::path::Path;
use std::sync::Arc;

/// The files of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Sales history.
    pub sales: &'a Path,
    /// Item master data; without it every item has the documented defaults.
    pub items: Option<&'a Path>,
    /// Delivery network; without it nothing is dispatched.
    pub network: Option<&'a Path>,
    /// Overrides of forecasts.
    pub overrides: Option<&'a Path>,
    /// Where new items' histories come from.
    pub successions: Option<&'a Path>,
    /// Goods receipts; without them lead times are the item list's.
    pub receipts: Option<&'a Path>,
}

impl<'a> Sources<'a> {
    /// Sales alone.
    pub fn sales(path: &'a Path) -> Self {
        Self { sales: path, items: None, network: None, overrides: None, successions: None, receipts: None }
    }
}

/// Everything a plan starts from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Demand history.
    pub panel: Arc<SalesPanel>,
    /// How the history was read.
    pub import: Option<Arc<ImportSummary>>,
    /// Item master data.
    pub items: Arc<ItemTable>,
    /// Delivery network; empty when there is none.
    pub network: Arc<Network>,
    /// Regions of the locations: the sales file's, and the network's where it says one.
    pub regions: Arc<Regions>,
    /// Name or sign of the money; empty when unknown.
    pub currency: String,
    /// What is wrong with the data, warnings only.
    pub diagnostics: Diagnostics,
    /// Overrides, and the histories that new items borrow.
    pub judgement: Judgement,
    /// Goods receipts; empty when there are none.
    pub receipts: Arc<Receipts>,
    /// What was learnt from them and the item list, when it is known already.
    pub learnt: Option<Arc<LeadTimes>>,
}

/// Reads all files of a plan and checks them against each other.
///
/// # Errors
/// [`PipelineError::Unreadable`] when a file can't be read at all, [`PipelineError::BadData`] with all findings when
/// one of them is an error, [`PipelineError::Cancelled`].
pub fn load(sources: &Sources<'_>, options: &ReadOptions, control: &Control) -> Result<Inputs, PipelineError> {
    let import = data::read_sales(sources.sales, options, &control.part(0.0, 0.8))?;
    let mut findings = import.diagnostics;
    let items = match sources.items {
        Some(path) => take(data::read_items(path, &control.part(0.8, 0.9))?, &mut findings),
        None => ItemTable::default(),
    };
    let network = match sources.network {
        Some(path) => take(data::read_network(path, &control.part(0.9, 1.0))?, &mut findings),
        None => Network::default(),
    };
    if let (Some(panel), Some(_)) = (&import.panel, sources.items) {
        findings.extend(data::check_items(panel, &items));
    }
    let regions = regions_of(&import.regions, &network, &mut findings);
    let mut judgement = Judgement::default();
    if let (Some(panel), Some(path)) = (&import.panel, sources.overrides) {
        judgement.overrides = Arc::new(take(data::read_overrides(path, panel.frequency(), control)?, &mut findings));
    }
    if let Some(path) = sources.successions {
        judgement.successions = Arc::new(take(data::read_successions(path, control)?, &mut findings));
    }
    let receipts = match sources.receipts {
        Some(path) => {
            let receipts = take(data::read_receipts(path, control)?, &mut findings);
            findings.extend(data::check_receipts(&receipts, &items));
            receipts
        }
        None => Receipts::default(),
    };
    match import.panel {
        Some(panel) if !findings.has_errors() => Ok(Inputs {
            panel: Arc::new(panel),
            import: Some(Arc::new(import.summary)),
            items: Arc::new(items),
            network: Arc::new(network),
            regions: Arc::new(regions),
            currency: String::new(),
            diagnostics: findings,
            judgement,
            receipts: Arc::new(receipts),
            learnt: None,
        }),
        _ => Err(PipelineError::BadData(Box::new(findings))),
    }
}

/// Regions of the locations: the sales file's, and the network's where it says one; contradictions are findings.
pub fn regions_of(sales: &Regions, network: &Network, findings: &mut Diagnostics) -> Regions {
    findings.extend(data::check_regions(sales, &network.regions));
    sales.with(&network.regions)
}

/// Reads a sales file and keeps its findings beside the panel, errors included: what `check` and the Data panel show.
///
/// # Errors
/// [`PipelineError::Unreadable`] and [`PipelineError::Cancelled`].
pub fn check_sales(path: &Path, options: &ReadOptions, control: &Control) -> Result<SalesImport, PipelineError> {
    Ok(data::read_sales(path, options, control)?)
}

/// Reads a sales file that must give a panel.
///
/// # Errors
/// As [`load`].
pub fn load_sales(path: &Path, options: &ReadOptions, control: &Control) -> Result<SalesImport, PipelineError> {
    let import = data::read_sales(path, options, control)?;
    if import.panel.is_none() || import.diagnostics.has_errors() {
        return Err(PipelineError::BadData(Box::new(import.diagnostics)));
    }
    Ok(import)
}

/// Reads an item file; a sales panel, when there is one, is checked against it.
///
/// # Errors
/// As [`load`].
pub fn load_items(
    path: &Path,
    panel: Option<&SalesPanel>,
    control: &Control,
) -> Result<(ItemTable, Diagnostics), PipelineError> {
    let (items, mut findings) = data::read_items(path, control)?;
    if let Some(panel) = panel {
        findings.extend(data::check_items(panel, &items));
    }
    sound((items, findings))
}

/// Reads a network workbook or folder.
///
/// # Errors
/// As [`load`].
pub fn load_network(path: &Path, control: &Control) -> Result<(Network, Diagnostics), PipelineError> {
    sound(data::read_network(path, control)?)
}

/// Reads a demand file for `network`.
///
/// # Errors
/// As [`load`].
pub fn load_demand(
    path: &Path,
    frequency: Option<Frequency>,
    network: &Network,
    control: &Control,
) -> Result<(Vec<DemandLine>, Diagnostics), PipelineError> {
    let (demand, mut findings) = data::read_demand(path, frequency, control)?;
    findings.extend(data::check_demand(&demand, network));
    sound((demand, findings))
}

/// Reads overrides of forecasts, periods in the plan's frequency.
///
/// # Errors
/// As [`load`].
pub fn load_overrides(
    path: &Path,
    frequency: Frequency,
    control: &Control,
) -> Result<(Vec<ForecastOverride>, Diagnostics), PipelineError> {
    sound(data::read_overrides(path, frequency, control)?)
}

/// Reads where new items' histories come from.
///
/// # Errors
/// As [`load`].
pub fn load_successions(path: &Path, control: &Control) -> Result<(Vec<Succession>, Diagnostics), PipelineError> {
    sound(data::read_successions(path, control)?)
}

/// Reads a scenario table.
///
/// # Errors
/// As [`load`].
pub fn load_scenario(path: &Path) -> Result<(Scenario, Diagnostics), PipelineError> {
    sound(data::read_scenario(path)?)
}

fn take<T>((value, findings): (T, Diagnostics), all: &mut Diagnostics) -> T {
    all.extend(findings);
    value
}

pub(super) fn sound<T>((value, findings): (T, Diagnostics)) -> Result<(T, Diagnostics), PipelineError> {
    if findings.has_errors() { Err(PipelineError::BadData(Box::new(findings))) } else { Ok((value, findings)) }
}
