//! The values every room speaks: no IO, no threads, no algorithms.

mod accuracy;
mod calendar;
mod cost;
mod dispatch;
mod drivers;
mod explanation;
mod forecast;
mod forecast_layers;
mod forecast_override;
mod group;
mod hex;
mod item;
mod lead_time;
mod network;
mod network_explanation;
mod plan;
mod receipt;
mod regions;
mod replenishment;
mod sales;
mod scenario;
mod scorecard;
mod shapes;
mod stock;
mod succession;
mod value_added;
mod why;

pub use accuracy::{Accuracy, ModelScore, ScorePool};
pub use calendar::{Frequency, Horizon, Period};
pub use cost::{CostDriver, CostLedger, CostLine};
pub use dispatch::{
    DemandLine, DispatchPlan, Limit, ReducedCost, ShadowPrice, Shipment, SiteLoad, SolveStatus, Trips, Unmet,
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
pub use lead_time::{
    LeadChange, LeadQuantiles, LeadTimeCheck, LeadTimeChoice, LeadTimeMoney, LeadTimeReport, LeadTimeSource,
    LeadTimeUse, LeadTimes, LearntFrom, LearntLeadTime, OrderLead, Standing, SupplierLeadTime,
};
pub use network::{Coordinates, Customer, Lane, Network, Site, Vehicle};
pub use network_explanation::{
    AttentionStrip, ChangedInput, Contribution, InputChange, InputGroup, NetworkExplanation, NetworkInput, Sampling,
    WhatIf,
};
pub use plan::{Assumption, Plan};
pub use receipt::{Receipt, Receipts, days_between};
pub use regions::Regions;
pub use replenishment::{OrderDays, Policy, SafetyBasis};
pub use sales::{ImportSummary, LeftOut, PanelError, SalesPanel, Series, SeriesId};
pub use scenario::{Change, Lever, Override, SERVICE_LEVEL_RANGE, Scenario, ScenarioDifference, Scope, difference};
pub use scorecard::{ScorePart, ScoreWeights, Scorecard, SupplierFigures, SupplierScore};
pub use shapes::{DemandShapes, LikeItem, SeriesShape, ShapeAnomaly, ShapeCluster, ShapeFit};
pub use stock::{PlannedOrder, ReorderRule, ShortageRule, StockPlan, StockPolicy};
pub use succession::{Succession, SuccessionKind};
pub use value_added::{BEYOND_CHANCE, Evidence, EvidenceTest, Ladder, LadderOf, LadderRow, LadderSource};
pub use why::{Why, WhyInput};
