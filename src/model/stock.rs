//! Stock decisions for one item at one location.

use super::calendar::Period;
use super::replenishment::{Policy, SafetyBasis};
use super::sales::SeriesId;
use super::why::Why;
use crate::words::Text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which reorder point triggers orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ReorderRule {
    /// Lead-time demand plus safety stock.
    #[default]
    Standard,
    /// The max-level rule R = max level + safety stock − demand of one period. Kept for comparison; see its warnings.
    MaxLevel,
    /// The service level's quantile of simulated demand over the protection interval: no normal distribution assumed.
    Quantile,
}

impl ReorderRule {
    /// All rules, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Quantile, Self::MaxLevel];
}

/// What the user may set for all items; an item's own fields come from its [`Item`](super::Item).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StockPolicy {
    /// Which reorder point triggers orders.
    pub rule: ReorderRule,
    /// What happens to demand that finds no stock.
    pub shortage: ShortageRule,
}

/// What happens to demand that finds no stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ShortageRule {
    /// It is lost.
    #[default]
    LostSales,
    /// It waits and is served first when goods arrive.
    Backorder,
}

/// An order that the plan proposes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedOrder {
    /// Period in which to order.
    pub order_period: Period,
    /// Period in which the goods arrive.
    pub receipt_period: Period,
    /// Units, rounded to the item's MOQ and multiple.
    pub quantity: f64,
    /// Day on which to order: the supplier's first order day in the period; `None` without a calendar.
    pub order_date: Option<Date>,
    /// Day on which the goods are due, by the mean lead time.
    pub receipt_date: Option<Date>,
    /// Who delivers; empty when not known.
    pub supplier: Arc<str>,
    /// Period in which stock runs out on the forecast mean unless this order comes; `None` when it lasts the horizon.
    pub breach: Option<Period>,
    /// Why this order, why then and why this much.
    pub why: Text,
}

/// What a level gives, by formula: the four ways to say how safe it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ServiceAchieved {
    /// Probability that an order cycle sees no shortage, in `[0, 1]`.
    pub cycle_service: f64,
    /// Share of demand served from stock, in `[0, 1]`.
    pub fill_rate: f64,
    /// Cost of a unit short for which this level is best, money; `None` when holding costs nothing or no cost is.
    pub shortage_cost: Option<f64>,
    /// Days of mean demand that the safety stock lasts; negative where the level is below the demand to be covered.
    pub cover_days: Option<f64>,
}

/// The stock plan of one item at one location over the forecast's horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockPlan {
    /// Item and location.
    pub id: SeriesId,
    /// First period planned.
    pub start: Period,
    /// Safety stock in force, units.
    pub safety_stock: f64,
    /// Standard reorder point: lead-time demand + safety stock, units.
    pub reorder_point: f64,
    /// Reorder point by the max-level rule R = L + S − D, units.
    pub reorder_point_max_rule: f64,
    /// Reorder point by the quantile of simulated demand, units; `None` without sample paths.
    pub reorder_point_quantile: Option<f64>,
    /// Which of the three triggers orders.
    pub rule: ReorderRule,
    /// How stock is replenished.
    pub policy: Policy,
    /// What safety stock was made for; the user's own where one is set.
    pub basis: SafetyBasis,
    /// What the reorder point in force gives, by formula; `None` without demand or spread.
    pub achieved: Option<ServiceAchieved>,
    /// The reorder point in force at the start of each period, units: it follows a forecast that rises and falls.
    pub reorder_points: Vec<f64>,
    /// The max level at the start of each period, units.
    pub max_levels: Vec<f64>,
    /// Units that an order adds between reorder point and max level, before rounding; 0 where every review orders.
    pub order_quantity: f64,
    /// Max level: what an order fills the inventory position up to, units.
    pub max_level: f64,
    /// Orders proposed, by date.
    pub orders: Vec<PlannedOrder>,
    /// Expected stock at the end of each period when demand is the forecast mean, units.
    pub projected: Vec<f64>,
    /// Units ordered and not yet received at the end of each period when demand is the forecast mean.
    pub in_transit: Vec<f64>,
    /// 10 % quantile of the simulated end-of-period stock, units.
    pub projected_low: Vec<f64>,
    /// 90 % quantile of the simulated end-of-period stock, units.
    pub projected_high: Vec<f64>,
    /// Simulated probability of running out in each period, in `[0, 1]`.
    pub stockout_by_period: Vec<f64>,
    /// Simulated share of demand served from stock over the horizon, in `[0, 1]`.
    pub fill_rate: f64,
    /// Simulated probability of at least one stock-out over the horizon, in `[0, 1]`.
    pub stockout_probability: f64,
    /// Simulated mean stock over the horizon, units.
    pub average_stock: f64,
    /// Simulated mean number of orders over the horizon.
    pub average_orders: f64,
    /// Simulated mean units short over the horizon, units.
    pub average_shortage: f64,
    /// Simulated mean units ordered over the horizon, units.
    pub average_ordered: f64,
    /// Units expected to expire of each order; 0 for goods that keep.
    pub expected_waste: f64,
    /// Where the settings mislead, in words.
    pub warnings: Vec<Text>,
    /// Derivations of safety stock, both reorder points, max level and order quantity.
    pub why: Vec<Why>,
}

impl StockPlan {
    /// The reorder point in force.
    pub fn active_reorder_point(&self) -> f64 {
        match self.rule {
            ReorderRule::Standard => self.reorder_point,
            ReorderRule::MaxLevel => self.reorder_point_max_rule,
            ReorderRule::Quantile => self.reorder_point_quantile.unwrap_or(self.reorder_point),
        }
    }

    /// The next order proposed, when there is one.
    pub fn next_order(&self) -> Option<&PlannedOrder> {
        self.orders.first()
    }
}
