//! A whole plan: what the phases made, side by side.

use super::allocation::Allocation;
use super::calendar::Period;
use super::cash::CashFlow;
use super::cost::CostLedger;
use super::dispatch::DispatchPlan;
use super::forecast::SeriesForecast;
use super::forecast_cost::ForecastCosts;
use super::forecast_layers::ForecastLayers;
use super::forecast_override::AppliedOverride;
use super::group::GroupForecast;
use super::item::Item;
use super::lead_time::LeadTimeReport;
use super::network::Network;
use super::risk::Risk;
use super::sales::{ImportSummary, SalesPanel};
use super::stock::StockPlan;
use crate::diagnostic::Diagnostics;
use crate::words::Text;
use std::sync::Arc;

/// Everything a report, a window or a comparison needs of one scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name of the scenario planned; another one that comes to the same may share the plan.
    pub scenario: String,
    /// ISO 4217 code or sign of the money, as the project says; empty when unknown.
    pub currency: String,
    /// The demand history.
    pub panel: Arc<SalesPanel>,
    /// How the history was read.
    pub import: Option<Arc<ImportSummary>>,
    /// Final forecast per series under the scenario, in panel order: the chosen model's place holds it.
    pub forecasts: Arc<Vec<SeriesForecast>>,
    /// How the final forecasts came about, in panel order, before the scenario; empty when they are the statistical ones.
    pub layers: Arc<Vec<ForecastLayers>>,
    /// Overrides of the forecasts and what became of them.
    pub overrides: Vec<AppliedOverride>,
    /// Groups of the series, level by level: sums of the final forecasts under the scenario; empty for a single series.
    pub groups: Arc<Vec<GroupForecast>>,
    /// Master data per series under the scenario, in panel order.
    pub items: Vec<Item>,
    /// Stock plan per series, in panel order.
    pub stock: Vec<StockPlan>,
    /// What receipts say about lead times and suppliers; `None` without receipts.
    pub lead_times: Option<Arc<LeadTimeReport>>,
    /// The network under the scenario.
    pub network: Arc<Network>,
    /// The dispatch plan, when there is a network.
    pub dispatch: Option<Arc<DispatchPlan>>,
    /// What may go wrong; `None` until somebody asks.
    pub risk: Option<Arc<Risk>>,
    /// What the candidates' forecasts would have cost in the backtest; `None` until somebody asks.
    pub forecast_costs: Option<Arc<ForecastCosts>>,
    /// All costs of the horizon.
    pub ledger: CostLedger,
    /// What is collected and paid when, and what is tied up in between.
    pub cash: Arc<CashFlow>,
    /// All costs by item, shared ones by several keys.
    pub allocation: Arc<Allocation>,
    /// What is wrong with the data.
    pub diagnostics: Diagnostics,
    /// What the plan takes for granted: (name, value, source).
    pub assumptions: Vec<Assumption>,
}

impl Plan {
    /// First period planned.
    pub fn start(&self) -> Period {
        self.panel.end().plus(1)
    }
}

/// Something the plan takes for granted.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// What, for example "Horizon".
    pub name: Text,
    /// The value, with its unit.
    pub value: Text,
    /// Who said so: the user, a default, the data.
    pub source: Text,
}
