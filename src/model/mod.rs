//! The values every room speaks: no IO, no threads, no algorithms.

mod accuracy;
mod alert;
mod allocation;
mod calendar;
mod cash;
mod classified;
mod cost;
mod cost_bridge;
mod dispatch;
mod disruption;
mod drivers;
mod exchange;
mod explanation;
mod forecast;
mod forecast_cost;
mod forecast_layers;
mod forecast_override;
mod group;
mod hex;
mod item;
mod lead_time;
mod network;
mod network_explanation;
mod override_list;
mod plan;
mod portfolio;
mod purchase;
mod receipt;
mod regions;
mod replenishment;
mod risk;
mod sales;
mod scenario;
mod scenario_conflict;
mod scenario_difference;
mod scenario_names;
mod scenario_tree;
mod scenario_words;
mod scorecard;
mod segment;
mod segmentation;
mod sensitivity;
mod service_curve;
mod shapes;
mod stock;
mod stock_paths;
mod succession;
mod value_added;
mod why;

pub use accuracy::{Accuracy, ModelScore, ScorePool};
pub use alert::{Alert, AlertKind, AlertMark, AlertReplay, AlertScore, AlertSettings, AlertState};
pub use allocation::{AllocatedCost, Allocation, AllocationKey, CostShare, ShapleyMethod, SharedCost};
pub use calendar::{Frequency, Horizon, Period};
pub use cash::{
    Balance, BalanceLine, CashFlow, CashPeriod, CashSettings, CashTrough, ItemCash, Opening, WorkingCapital,
};
pub use classified::{ItemClass, SegmentCell, SegmentException, Segments};
pub use cost::{CostDriver, CostLedger, CostLine};
pub use cost_bridge::{BridgeCause, BridgePart, CostBridge, DriverCosts};
pub use dispatch::{
    DemandLine, DispatchPlan, Limit, ReducedCost, ShadowPrice, Shipment, SiteLoad, SolveStatus, Trips, Unmet,
};
pub use disruption::{
    DisruptedItem, DisruptedShipments, Disruption, DisruptionKind, DisruptionResult, DisruptionScope, Exposure,
    PeriodsQuantiles,
};
pub(crate) use drivers::share_a_calendar;
pub use drivers::{DriverValues, Drivers, FutureRule, HolidaySet, NamedEvent, covers};
pub use exchange::{CurvePoint, ExchangeCurve, ItemLevels, ShortWeight};
pub(crate) use explanation::p_text;
pub use explanation::{Bin, LjungBox, PartKind, Residuals, SeasonPart, SeriesExplanation};
pub use forecast::{Cutoff, CutoffForecast, Forecast, Interval, MOST_GROWTH, Parameter, SamplePaths, SeriesForecast};
pub use forecast_cost::{
    CandidateCost, CostBasis, CostSums, ForecastCosts, ModelCost, ModelTotal, SeriesCost, WalkedStock,
};
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
pub use override_list::Overrides;
pub use plan::{Assumption, Plan};
pub use portfolio::{PortfolioFigure, PortfolioTotals};
pub use purchase::{PurchaseBudget, PurchaseList, PurchaseRow};
pub use receipt::{Receipt, Receipts, days_between};
pub use regions::Regions;
pub use replenishment::{OrderDays, Policy, SafetyBasis};
pub use risk::{
    Bullwhip, BullwhipCause, GroupBullwhip, ItemRisk, LossBasis, Risk, RiskBase, RiskBook, alert_mark, alert_state,
};
pub use sales::{ImportSummary, LeftOut, PanelError, SalesPanel, Series, SeriesId};
pub use scenario::{Change, Lever, Override, SERVICE_LEVEL_RANGE, Scenario, Scope, Seen};
pub use scenario_conflict::{BaseData, ScenarioConflict, base_value, conflicts};
pub use scenario_difference::{ScenarioDifference, difference};
pub use scenario_tree::{
    MOST_SCENARIOS, ScenarioLayer, link_scenarios, remove_scenario, rename_scenario, repair_scenarios,
    scenario_children, scenario_tree, unfold_copies,
};
pub use scenario_words::{BASE, scenario_label};
pub use scorecard::{ScorePart, ScoreWeights, Scorecard, SupplierFigures, SupplierScore};
pub use segment::{Abc, DemandClass, Segment, Xyz};
pub use segmentation::{AbcCriterion, SegmentRule, Segmentation, Stocking, XyzMeasure, YearlyDemand};
pub use sensitivity::{SWINGS, Swing, TornadoBar, TwoWay};
pub use service_curve::{ServiceCurve, ServiceMeasure, ServicePoint};
pub use shapes::{DemandShapes, LikeItem, SeriesShape, ShapeAnomaly, ShapeCluster, ShapeFit};
pub use stock::{PlannedOrder, ReorderRule, ServiceAchieved, ShortageRule, StockPlan, StockPolicy};
pub use stock_paths::StockPaths;
pub use succession::{Succession, SuccessionKind};
pub use value_added::{BEYOND_CHANCE, Evidence, EvidenceTest, Ladder, LadderOf, LadderRow, LadderSource};
pub use why::{Why, WhyInput};
