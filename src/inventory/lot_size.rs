//! Lot sizes: how much to order at once.
//!
//! Formulas and symbols after Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., Wiley 2019, chapter 3:
//! `order_cost` K per order, `holding_cost` h per unit and year, `demand` D per year.

use super::inputs::amount;
use crate::model::Item;

/// A lot size and what it costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// Units per order.
    pub quantity: f64,
    /// Cost per year of ordering, holding and waiting, purchase excluded, money.
    pub cost: f64,
}

/// How a supplier lets an order be sized.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LotRule {
    /// Smallest order, units; 0 when any is accepted.
    pub moq: f64,
    /// Orders are whole multiples of this, units; 0 when any quantity is accepted.
    pub multiple: f64,
    /// Units in a container, 0 for none: an order that fills the last one to [`LotRule::NEARLY_FULL`] or more fills it up.
    pub container: f64,
}

/// A wish this close above a multiple is that multiple; far above rounding, far below a unit of a large order.
const MULTIPLE_TOLERANCE: f64 = 1e-9;

/// Two lots this close to a whole multiple of each other are one, as a share.
const COMMON_LOT: f64 = 1e-9;
/// Most lots of one kind tried to find what is whole in both.
const MOST_LOTS: usize = 1000;

impl LotRule {
    /// Share of a container from which an order is raised to fill it: what is left would travel empty.
    pub const NEARLY_FULL: f64 = 0.8;

    /// An item's rule: whole multiples, whole pallets, and containers that are nearly full filled up.
    pub fn of(item: &Item) -> Self {
        let (multiple, pallet) = (amount(item.multiple), amount(item.pallet));
        let is_whole = |x: f64| (x - x.round()).abs() <= COMMON_LOT * x;
        let multiple = match (multiple > 0.0, pallet > 0.0) {
            (true, true) => {
                let whole = (1..=MOST_LOTS).map(|n| n as f64 * pallet).find(|x| is_whole(x / multiple));
                // Nothing is whole in both: pallets are what travels.
                whole.unwrap_or(pallet)
            }
            (false, true) => pallet,
            _ => multiple,
        };
        Self { moq: amount(item.moq), multiple, container: amount(item.container) }
    }

    /// The smallest order that covers `wish` units; 0 when nothing is wished for.
    pub fn round_up(self, wish: f64) -> f64 {
        let wish = amount(wish);
        if wish <= MULTIPLE_TOLERANCE {
            return 0.0;
        }
        let (least, multiple) = (wish.max(amount(self.moq)), amount(self.multiple));
        if multiple <= 0.0 {
            return self.filled(least);
        }
        let lots = (least / multiple * (1.0 - MULTIPLE_TOLERANCE)).ceil();
        self.filled(lots.max(1.0) * multiple)
    }

    /// An order, its last container filled up when it is nearly full.
    fn filled(self, quantity: f64) -> f64 {
        let container = amount(self.container);
        if container <= 0.0 {
            return quantity;
        }
        let containers = quantity / container * (1.0 - MULTIPLE_TOLERANCE);
        let full = containers.ceil();
        if containers >= full - (1.0 - Self::NEARLY_FULL) { full * container } else { quantity }
    }
}

/// Economic order quantity, `Q = √(2KD/h)` at a cost of `√(2KDh)` (section 3.2). `None` unless all are positive.
///
/// ```
/// let lot = planwright::inventory::economic_order_quantity(8.0, 0.225, 1300.0).unwrap();
/// assert!((lot.quantity - 304.0467800264).abs() < 1e-9);
/// ```
pub fn economic_order_quantity(order_cost: f64, holding_cost: f64, demand: f64) -> Option<Lot> {
    let (k, h, d) = positive(order_cost, holding_cost, demand)?;
    finite(Lot { quantity: (2.0 * k * d / h).sqrt(), cost: (2.0 * k * d * h).sqrt() })
}

/// EOQ with planned backorders at `backorder_cost` p per unit and year: the lot, and the share of demand that waits,
/// `x = h/(h+p)` (section 3.5). `None` unless all are positive.
pub fn economic_order_quantity_with_backorders(
    order_cost: f64,
    holding_cost: f64,
    demand: f64,
    backorder_cost: f64,
) -> Option<(Lot, f64)> {
    let (k, h, d) = positive(order_cost, holding_cost, demand)?;
    let p = some_positive(backorder_cost)?;
    let both = h + p;
    let lot = Lot { quantity: (2.0 * k * d * both / (h * p)).sqrt(), cost: (2.0 * k * d * h * p / both).sqrt() };
    Some((finite(lot)?, h / both))
}

/// Economic production quantity when a lot comes in at `production_rate` μ per year instead of at once:
/// EOQ with h·(1 − D/μ) (section 3.6). `None` unless all are positive and μ > D.
pub fn economic_production_quantity(
    order_cost: f64,
    holding_cost: f64,
    demand: f64,
    production_rate: f64,
) -> Option<Lot> {
    let idle = 1.0 - demand / some_positive(production_rate)?;
    economic_order_quantity(order_cost, holding_cost * idle, demand)
}

/// A price that holds from a quantity on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceBreak {
    /// Smallest order at this price, units; 0 for the list price.
    pub from: f64,
    /// Price per unit of the whole order, money, > 0.
    pub price: f64,
}

/// The best order under price breaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discounted {
    /// Units per order.
    pub quantity: f64,
    /// Price per unit at that quantity, money.
    pub price: f64,
    /// Cost per year of purchase, ordering and holding, money.
    pub cost: f64,
}

/// Best order under all-units discounts, holding a unit for a year costs `holding_rate` × its price (section 3.4).
/// `None` when there is no valid price, or K, rate or demand isn't positive.
pub fn all_units_discount(
    order_cost: f64,
    holding_rate: f64,
    demand: f64,
    breaks: &[PriceBreak],
) -> Option<Discounted> {
    let candidates = breaks.iter().filter_map(|b| {
        let lot = economic_order_quantity(order_cost, holding_rate * b.price, demand)?;
        let next = breaks.iter().map(|o| o.from).filter(|&f| f > b.from).fold(f64::INFINITY, f64::min);
        let quantity = lot.quantity.max(b.from);
        let cost = b.price * demand + order_cost * demand / quantity + holding_rate * b.price * quantity / 2.0;
        (quantity < next).then_some(Discounted { quantity, price: b.price, cost })
    });
    candidates.min_by(|a, b| a.cost.total_cmp(&b.cost))
}

/// Lots for known demands.
#[derive(Debug, Clone, PartialEq)]
pub struct LotPlan {
    /// Units ordered in each period.
    pub orders: Vec<f64>,
    /// Cost of ordering and holding over all periods, money.
    pub cost: f64,
}

/// Cheapest lots for known demands by dynamic programming (Wagner & Whitin 1958; section 3.7):
/// `θ_t = min over s > t of K_t + h·Σ (i−t)·d_i + θ_s`, where a stretch without demand costs nothing.
///
/// `order_cost[t]` is K in period t, the last one holds for the periods after it; `holding_cost` is per unit and
/// period, paid on stock at the period's end. All are taken as ≥ 0.
pub fn wagner_whitin(order_cost: &[f64], holding_cost: f64, demand: &[f64]) -> LotPlan {
    let n = demand.len();
    let h = amount(holding_cost);
    let k = |t: usize| order_cost.get(t).or(order_cost.last()).map_or(0.0, |&k| amount(k));
    let mut best = vec![0.0; n + 1];
    let mut until = vec![n; n];
    for t in (0..n).rev() {
        let (mut held, mut units) = (0.0, 0.0);
        best[t] = f64::INFINITY;
        for s in t + 1..=n {
            let d = amount(demand[s - 1]);
            units += d;
            held += h * d * (s - 1 - t) as f64;
            let cost = if units > 0.0 { k(t) } else { 0.0 } + held + best[s];
            if cost < best[t] {
                (best[t], until[t]) = (cost, s);
            }
        }
    }
    let mut orders = vec![0.0; n];
    let mut t = 0;
    while t < n {
        orders[t] = demand[t..until[t]].iter().map(|&d| amount(d)).sum();
        t = until[t];
    }
    LotPlan { orders, cost: best[0] }
}

fn positive(a: f64, b: f64, c: f64) -> Option<(f64, f64, f64)> {
    Some((some_positive(a)?, some_positive(b)?, some_positive(c)?))
}

pub(super) fn some_positive(x: f64) -> Option<f64> {
    (x > 0.0 && x.is_finite()).then_some(x)
}

fn finite(lot: Lot) -> Option<Lot> {
    (lot.quantity.is_finite() && lot.cost.is_finite()).then_some(lot)
}
