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

mod explain;
mod inputs;
mod lot_size;
mod newsvendor;
mod plan;
mod reorder_point;
mod safety_stock;
mod simulate;
mod warnings;

pub use lot_size::{
    Discounted, Lot, LotPlan, LotRule, PriceBreak, all_units_discount, economic_order_quantity,
    economic_order_quantity_with_backorders, economic_production_quantity, wagner_whitin,
};
pub use newsvendor::{BaseStock, base_stock_normal, newsvendor_normal, newsvendor_normal_cost, newsvendor_poisson};
pub use plan::plan;
pub use reorder_point::{max_level_rule, reorder_point, reorder_point_quantile};
pub use safety_stock::{IntervalDemand, interval_demand, safety_stock};
pub use simulate::{Levels, ReviewMoment, Setting, SimulationResult, simulate};
