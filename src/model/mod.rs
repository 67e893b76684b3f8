//! The values every room speaks: no IO, no threads, no algorithms.

mod accuracy;
mod alert;
mod calendar;
mod cost;
mod dispatch;
mod disruption;
mod drivers;
mod explanation;
mod forecast;
mod forecast_layers;
mod forecast_override;
mod group;
mod hex;
mod item;
mod network;
mod network_explanation;
mod plan;
mod regions;
mod replenishment;
mod risk;
mod sales;
mod scenario;
mod shapes;
mod stock;
mod stock_paths;
mod succession;
mod value_added;
mod why;

pub use accuracy::{Accuracy, ModelScore, ScorePool};
pub use alert::{Alert, AlertKind, AlertMark, AlertReplay, AlertScore, AlertSettings, AlertState};
pub use calendar::{Frequency, Horizon, Period};
pub use cost::{CostDriver, CostLedger, CostLine};
pub use dispatch::{
    DemandLine, DispatchPlan, Limit, ReducedCost, ShadowPrice, Shipment, SiteLoad, SolveStatus, Trips, Unmet,
};
pub use disruption::{
    DisruptedItem, DisruptedShipments, Disruption, DisruptionKind, DisruptionResult, DisruptionScope, Exposure,
    PeriodsQuantiles,
};
pub(crate) use drivers::share_a_calendar;
pub use drivers::{DriverValues, Drivers, FutureRule, HolidaySet, NamedEvent, covers};
pub(crate) use explanation::p_text;
pub use explanation::{Bin, LjungBox, PartKind, Residuals, SeasonPart, SeriesExplanation};
pub use forecast::{Cutoff, Forecast, Interval, MOST_GROWTH, Parameter, SamplePaths, SeriesForecast};
pub use forecast_layers::{ForecastLayers, Layer, LayerKind};
pub use forecast_override::{
    AppliedOverride, ForecastOverride, ForecastScope, KeptForecast, OverrideKind, OverrideState, Touch,
};
pub use group::{GroupForecast, GroupLevel, NAME_SEPARATOR};
pub(crate) use hex::hex;
pub use item::{Item, ItemField, ItemTable};
pub use network::{Coordinates, Customer, Lane, Network, Site, Vehicle};
pub use network_explanation::{
    AttentionStrip, ChangedInput, Contribution, InputChange, InputGroup, NetworkExplanation, NetworkInput, Sampling,
    WhatIf,
};
pub use plan::{Assumption, Plan};
pub use regions::Regions;
pub use replenishment::{OrderDays, Policy, SafetyBasis};
pub use risk::{
    Bullwhip, BullwhipCause, GroupBullwhip, ItemRisk, LossBasis, Risk, RiskBase, RiskBook, alert_mark, alert_state,
};
pub use sales::{ImportSummary, LeftOut, PanelError, SalesPanel, Series, SeriesId};
pub use scenario::{Change, Lever, Override, SERVICE_LEVEL_RANGE, Scenario, ScenarioDifference, Scope, difference};
pub use shapes::{DemandShapes, LikeItem, SeriesShape, ShapeAnomaly, ShapeCluster, ShapeFit};
pub use stock::{PlannedOrder, ReorderRule, ShortageRule, StockPlan, StockPolicy};
pub use stock_paths::StockPaths;
pub use succession::{Succession, SuccessionKind};
pub use value_added::{BEYOND_CHANCE, Evidence, EvidenceTest, Ladder, LadderOf, LadderRow, LadderSource};
pub use why::{Why, WhyInput};
