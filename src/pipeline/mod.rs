//! The phases composed, synchronous: load, forecast, stock, dispatch, cost, report.
//!
//! The command line calls these one after the other; the session calls them from its worker. Engines meet here and
//! nowhere else.

mod bridge;
mod compare;
mod demand;
mod drivers;
mod explain;
mod forecast_costs;
mod goal_seek;
mod groups;
mod hierarchy;
mod layers;
mod lead_times;
mod load;
mod money;
mod partial;
mod plan;
mod portfolio;
mod risk;
mod rule_lab;
mod segments;
mod sensitivity;
mod service_curve;
mod shapes;
mod stock_study;
mod value_added;
mod weights;
mod write;

pub use crate::data::{Preview, ReadOptions, Returns, Role, SalesImport};
pub use crate::forecast::{
    Challenge, Device, DeviceInfo, FEWEST_POOLED, LstmOptions, ModelInfo, Models, NetworkMeasure, NetworkOptions,
    NetworkPreset, NewItems, Precision, Pretrained, Reconciliation, Reuse, Settlement, ShapeCoder, ShapeOptions,
    TrainedNetwork, TrainedNetworks, ValueAdded, devices, models, networks, parse_models, suggest_like_items,
    value_added,
};
pub use crate::model::{SWINGS, Swing, TornadoBar, TwoWay};
pub use crate::risk::weigh;
pub use bridge::{Planned, bridge};
pub use compare::{Comparison, compare_plans};
pub use demand::customer_demand;
pub use drivers::{DriverSources, check_drivers, columns_of, load_drivers, load_events, parse_holidays};
pub use explain::{explain_network, explain_series, what_if};
pub use forecast_costs::{forecast_costs, series_cost, with_forecast_costs};
pub use goal_seek::{Goal, GoalFamily, GoalFound, goal_seek};
pub use groups::group_forecasts;
pub use hierarchy::{Groups, Masters, Reconciled, forecast_groups, group_forecast};
pub use layers::{Judgement, Layered, explain_new, forecast_inputs, layered, new_items, reconcile};
pub use lead_times::{are_receipts, check_lead_times, learn_lead_times, load_receipts, weighed, with_learnt};
pub use load::{
    Inputs, Sources, check_sales, load, load_demand, load_items, load_network, load_overrides, load_sales,
    load_scenario, load_successions, regions_of,
};
pub use partial::{PartialForecasts, forecast_rest};
pub use plan::{
    DispatchSettings, Forecasts, SeriesPlan, accuracy_by_model, challenges, choose_model, dispatch, forecast,
    forecast_and_keep, plan, plan_series, train_network,
};
pub use portfolio::{ItemFigures, Portfolio, PortfolioFigures};
pub use risk::{RiskInputs, assessed, risk};
pub use rule_lab::{RuleLab, RuleLabInput, RuleLabRow, rule_lab};
pub use segments::{segment_matrix, segments, with_segments};
pub use sensitivity::{tornado, two_way};
pub use service_curve::service_curve;
pub use shapes::shapes;
pub use stock_study::{StockDecisions, StockStudy, StudyOptions, decide_stock, study_stock};
pub use value_added::ladders;
pub use weights::{load_weights, measure_weights, rounded, save_weights, train_over_all, without_last};
pub use write::{
    DECISION_TABLES, Output, compare, is_of_forecast_costs, is_of_risk, tables, write_decision_table, write_file,
    write_output, write_table, write_workbook, write_workbook_with,
};

use crate::control::Cancelled;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    CashSettings, Drivers, Horizon, ItemTable, LeadTimeChoice, ScoreWeights, Segmentation, StockPolicy,
};
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How to plan: what the user decided besides the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Periods ahead.
    pub horizon: Horizon,
    /// Which models compete.
    pub models: Models,
    /// Rolling-origin folds of the backtest.
    pub folds: usize,
    /// Nominal coverages of the intervals, percent; 80 and 95 are always there.
    pub levels: Vec<f64>,
    /// Sample paths per forecast, at most; a big panel gets fewer, see [`Settings::paths_for`].
    pub paths: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Where a network is trained.
    pub device: Device,
    /// The configuration of a network for one item.
    pub lstm: LstmOptions,
    /// The configuration of networks over all items.
    #[serde(default)]
    pub neural: NetworkOptions,
    /// Which reorder rule, and what a shortage does.
    pub policy: StockPolicy,
    /// Seconds the dispatch solver may take.
    pub dispatch_seconds: f64,
    /// Prices, promotions, events and feasts that drive demand.
    #[serde(default)]
    pub drivers: Arc<Drivers>,
    /// How forecasts of series and groups are made to add up.
    #[serde(default)]
    pub reconciliation: Reconciliation,
    /// How cash is dated where payment terms don't say.
    #[serde(default)]
    pub cash: CashSettings,
    /// How items are cut into segments, and what holds for each.
    #[serde(default)]
    pub segmentation: Segmentation,
    /// Which items are planned with lead times learnt from receipts.
    #[serde(default)]
    pub lead_times: LeadTimeChoice,
    /// How much each part of a supplier's score counts.
    #[serde(default)]
    pub scorecard: ScoreWeights,
    /// Master data of the items that forecasts are made with: networks over all items are told their categories. Filled in
    /// from the items when work begins, see [`Settings::knowing`]; never part of a project file.
    #[serde(skip)]
    pub items: Arc<ItemTable>,
    /// Trained networks over all items to forecast with in place of training; never part of a project file.
    #[serde(skip)]
    pub pretrained: Option<Arc<Pretrained>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            horizon: Horizon::new(13).expect("13 is in range"),
            models: Models::Auto,
            folds: 3,
            levels: vec![80.0, 95.0],
            paths: 1000,
            seed: 1,
            device: Device::Auto,
            lstm: LstmOptions::default(),
            neural: NetworkOptions::default(),
            policy: StockPolicy::default(),
            dispatch_seconds: 30.0,
            drivers: Arc::default(),
            reconciliation: Reconciliation::None,
            cash: CashSettings::default(),
            segmentation: Segmentation::default(),
            lead_times: LeadTimeChoice::default(),
            scorecard: ScoreWeights::default(),
            items: Arc::default(),
            pretrained: None,
        }
    }
}

/// Most simulated values kept for a whole panel: 4 bytes each, 240 MB.
const PANEL_PATH_VALUES: usize = 60_000_000;
/// Fewer paths make a 95 % quantile a guess.
const FEWEST_PATHS: usize = 100;

impl Settings {
    /// Paths per forecast for a panel of `series`: the setting, less where all of them would not fit in memory.
    pub fn paths_for(&self, series: usize) -> usize {
        let share = PANEL_PATH_VALUES / (series.max(1) * self.horizon.get());
        self.paths.min(share.max(FEWEST_PATHS))
    }

    /// The settings with the items that forecasts are made with, where a model asks for them.
    #[must_use]
    pub fn knowing(&self, items: &Arc<ItemTable>) -> Self {
        let items = if self.models.train_over_all() { items.clone() } else { Arc::default() };
        Self { items, ..self.clone() }
    }

    /// The forecast engine's options for a panel of `series`.
    pub fn forecast_options(&self, series: usize) -> crate::forecast::Options {
        crate::forecast::Options {
            horizon: self.horizon,
            levels: self.levels.clone(),
            models: self.models.clone(),
            folds: self.folds,
            paths: self.paths_for(series),
            seed: self.seed,
            device: self.device,
            lstm: self.lstm.clone(),
            neural: self.neural.clone(),
            drivers: self.drivers.clone(),
            items: self.items.clone(),
            pretrained: self.pretrained.clone(),
            ..crate::forecast::Options::new(self.horizon)
        }
    }
}

/// Why a phase gave no result.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The user asked to stop; nothing was written.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A file can't be used at all.
    #[error("{}", .0.message)]
    Unreadable(Box<Diagnostic>),
    /// The data has errors; nothing was written.
    #[error("the data has errors")]
    BadData(Box<Diagnostics>),
    /// The phase itself broke down.
    #[error("{0}")]
    Failed(Text),
}

impl PipelineError {
    /// The sentence for the user: what, where, what to do.
    pub fn message(&self) -> Text {
        match self {
            Self::Cancelled(_) => Text::new("Cancelled", "已取消"),
            Self::Unreadable(d) => d.sentences(),
            Self::BadData(findings) => {
                let first = findings.entries().iter().find(|d| d.severity == crate::diagnostic::Severity::Error);
                first.map_or_else(Text::default, Diagnostic::sentences)
            }
            Self::Failed(message) => message.clone(),
        }
    }
}

impl From<crate::data::DataError> for PipelineError {
    fn from(error: crate::data::DataError) -> Self {
        match error {
            crate::data::DataError::Cancelled(c) => Self::Cancelled(c),
            crate::data::DataError::Unreadable(d) => Self::Unreadable(d),
        }
    }
}

impl From<crate::forecast::ForecastError> for PipelineError {
    fn from(error: crate::forecast::ForecastError) -> Self {
        use crate::forecast::ForecastError;
        match error {
            ForecastError::Cancelled => Self::Cancelled(Cancelled),
            ForecastError::Refused(why) => Self::Failed(why),
            ForecastError::Unknown(finding) => Self::Unreadable(finding),
        }
    }
}

impl From<crate::dispatch::DispatchError> for PipelineError {
    fn from(error: crate::dispatch::DispatchError) -> Self {
        use crate::dispatch::DispatchError;
        match error {
            DispatchError::Cancelled(c) => Self::Cancelled(c),
            DispatchError::Solver(text) | DispatchError::Invalid(text) => Self::Failed(text),
        }
    }
}

impl From<crate::report::ReportError> for PipelineError {
    fn from(error: crate::report::ReportError) -> Self {
        Self::Failed(error.message)
    }
}
