//! Forecast + item + policy → stock plan.
//!
//! ```text
//! Forecast, Item ─ inputs ─▶ times in periods ─ safety_stock ─▶ demand over the protection interval, safety stock
//!     ─ reorder_point, lot_size ─▶ Levels {reorder point, max level} ─ simulate ─▶ fill rate, stock-outs, orders
//! ```
//!
//! Lead time and review period arrive in days and are divided by the length of the forecast's period. The *protection
//! interval* is the time that a reorder point must cover: the lead time, plus the review period when stock is looked
//! at only now and then. Its mean demand comes from the forecast, step by step, so that season and trend count; its
//! spread comes from sums over the forecast's sample paths, so that autocorrelation counts.
//!
//! Everything is a pure function and fast enough to run inside a frame while a slider moves.

mod covered;
mod decide;
mod demand;
mod disrupted;
mod exchange;
mod explain;
mod explain_basis;
mod explain_order;
mod holdout;
mod inputs;
mod lead_time;
mod lot_rules;
mod lot_size;
mod newsvendor;
mod plan;
mod policy;
mod prepared;
mod proposal;
mod purchase;
mod reorder_point;
mod safety_basis;
mod safety_stock;
mod segments;
mod shelf;
mod shelf_life;
mod side_by_side;
mod simulate;
mod warnings;

pub use decide::{Decision, decide};
pub use demand::interval_demand;
pub use disrupted::{Disturbance, walk_disturbed};
pub use exchange::{ExchangeOptions, PlannedItem, exchange_curve};
pub use holdout::{HoldoutCosts, Origin, Stated, walk_holdout};
pub use lead_time::{
    FEWEST_ORDERS, Pettitt, Reserve, is_deviation_stale, is_mean_stale, lead_time_money, lead_time_reserve,
    learn_lead_times, order_leads, pettitt, pettitt_by_chance, set_aside,
};
pub use lot_rules::{
    incremental_discount, least_unit_cost, lot_for_lot, part_period_balancing, periodic_order_quantity, silver_meal,
};
pub use lot_size::{
    Discounted, Lot, LotPlan, LotRule, PriceBreak, all_units_discount, economic_order_quantity,
    economic_order_quantity_with_backorders, economic_production_quantity, wagner_whitin,
};
pub use newsvendor::{BaseStock, base_stock_normal, newsvendor_normal, newsvendor_normal_cost, newsvendor_poisson};
pub use plan::plan;
pub use policy::{
    AchievedService, DemandPmf, JointItem, JointPlan, NetworkError, NormalDemand, Replenishment, RqPolicy,
    ServiceInputs, ServiceModel, ServiceTarget, ServiceTimes, SsPolicy, Stage, StockCosts, best_reorder_point,
    guaranteed_service, joint_replenishment, joint_replenishment_cost, joint_replenishment_silver, poisson_loss,
    rq_cost, rq_eil, rq_eoq_safety_stock, rq_eoqb, rq_loss_function, rq_optimal, rq_poisson, rq_poisson_cost, ss_cost,
    ss_optimal, ss_power_approximation, standard_normal_loss, standard_normal_second_loss,
};
pub use prepared::{PreparedDemand, Scratch, StockFigures};
pub use purchase::{PurchaseCandidate, purchase_candidates, purchase_list};
pub use reorder_point::{max_level_rule, reorder_point, reorder_point_quantile};
pub use safety_stock::{IntervalDemand, safety_stock};
pub use segments::{ClassInput, classify, segment_matrix, variation, variation_without_season};
pub use shelf::{ShelfFigures, shelf_figures};
pub use side_by_side::{DemandRows, StockTotals, Workspace, simulate_rows, simulate_with_lines};
pub use simulate::{Levels, ReviewMoment, Setting, SimulationResult, simulate};
