//! Lots for known demands by rules of thumb, to set beside [`wagner_whitin`](super::wagner_whitin), and lots under
//! incremental discounts.
//!
//! The rules after Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017, chapter
//! 5: `order_cost` K per order, `holding_cost` h per unit and period on stock at the period's end, `demand[t]` units.
//! All are taken as ≥ 0. Orders come in where demand would go short, never in a period without demand.

use super::inputs::amount;
use super::lot_size::{Discounted, LotPlan, PriceBreak, economic_order_quantity, some_positive};

/// Each period orders its own demand.
pub fn lot_for_lot(order_cost: f64, holding_cost: f64, demand: &[f64]) -> LotPlan {
    plan(order_cost, holding_cost, demand, |_, _, _| 1)
}

/// Orders cover more periods while that lowers the cost per period (Silver & Meal 1973).
///
/// ```
/// let plan = planwright::inventory::silver_meal(80.0, 2.0, &[18.0, 30.0, 42.0, 5.0, 20.0]);
/// assert_eq!(plan.orders, [48.0, 0.0, 47.0, 0.0, 20.0]);
/// ```
pub fn silver_meal(order_cost: f64, holding_cost: f64, demand: &[f64]) -> LotPlan {
    plan(order_cost, holding_cost, demand, |k, h, demand| while_cheaper(k, h, demand, |periods, _| periods))
}

/// Orders cover more periods while that lowers the cost per unit.
pub fn least_unit_cost(order_cost: f64, holding_cost: f64, demand: &[f64]) -> LotPlan {
    plan(order_cost, holding_cost, demand, |k, h, demand| while_cheaper(k, h, demand, |_, units| units))
}

/// Orders cover the number of periods that brings the cost of holding closest to the cost of the order, the fewer when
/// two are equally close (`DeMatteis` & Mendoza 1968).
pub fn part_period_balancing(order_cost: f64, holding_cost: f64, demand: &[f64]) -> LotPlan {
    plan(order_cost, holding_cost, demand, |k, h, demand| {
        let mut held = 0.0;
        for (n, d) in demand.iter().enumerate().skip(1) {
            let more = held + h * d * n as f64;
            if more > k {
                return if more - k < k - held { n + 1 } else { n };
            }
            held = more;
        }
        demand.len()
    })
}

/// Orders cover a fixed number of periods: the economic order quantity over the mean demand, rounded, at least 1. When
/// holding is free one order covers all.
pub fn periodic_order_quantity(order_cost: f64, holding_cost: f64, demand: &[f64]) -> LotPlan {
    let (k, h) = (amount(order_cost), amount(holding_cost));
    let mean = demand.iter().map(|&d| amount(d)).sum::<f64>() / demand.len().max(1) as f64;
    let periods = match economic_order_quantity(k, h, mean) {
        Some(lot) => (lot.quantity / mean).round().clamp(1.0, demand.len() as f64) as usize,
        None if h > 0.0 => 1,
        None => demand.len(),
    };
    plan(k, h, demand, |_, _, _| periods)
}

/// Walks the periods; where demand isn't covered, `cover` says how many periods the order takes from K, h and the
/// demand from there on.
fn plan(order_cost: f64, holding_cost: f64, demand: &[f64], cover: impl Fn(f64, f64, &[f64]) -> usize) -> LotPlan {
    let (k, h) = (amount(order_cost), amount(holding_cost));
    let demand: Vec<f64> = demand.iter().map(|&d| amount(d)).collect();
    let (mut orders, mut cost) = (vec![0.0; demand.len()], 0.0);
    let mut t = 0;
    while t < demand.len() {
        if demand[t] <= 0.0 {
            t += 1;
            continue;
        }
        let end = (t + cover(k, h, &demand[t..]).max(1)).min(demand.len());
        orders[t] = demand[t..end].iter().sum();
        cost += k + demand[t..end].iter().enumerate().map(|(n, d)| h * d * n as f64).sum::<f64>();
        t = end;
    }
    LotPlan { orders, cost }
}

/// Periods covered before `(K + held) / per(periods, units)` first rises. A period without demand costs nothing to
/// cover and is passed over.
fn while_cheaper(k: f64, h: f64, demand: &[f64], per: impl Fn(f64, f64) -> f64) -> usize {
    let (mut held, mut units, mut last) = (0.0, 0.0, f64::INFINITY);
    for (n, d) in demand.iter().enumerate() {
        held += h * d * n as f64;
        units += d;
        let average = (k + held) / per((n + 1) as f64, units);
        if average > last {
            return n;
        }
        last = average;
    }
    demand.len()
}

/// Best order under incremental discounts, where each price holds only for the units from its break on; holding a unit
/// for a year costs `holding_rate` × what it cost on average. The price returned is that average.
///
/// In bracket j an order of Q costs `C_j + c_j·Q` with `C_j = Σ_{i<j} c_i·(b_{i+1} − b_i) − c_j·b_j`, so a year costs
/// `c_j·D + i·C_j/2 + (K + C_j)·D/Q + i·c_j·Q/2`, lowest at `√(2(K + C_j)D/(i·c_j))` cut to the bracket (Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., section 3.4.3). Prices may also rise.
///
/// `None` unless K, rate, demand and all prices are positive, one break is from 0 and no two are equal.
pub fn incremental_discount(
    order_cost: f64,
    holding_rate: f64,
    demand: f64,
    breaks: &[PriceBreak],
) -> Option<Discounted> {
    let positive = |x: f64| some_positive(x).is_some();
    let mut breaks = breaks.to_vec();
    breaks.sort_by(|a, b| a.from.total_cmp(&b.from));
    let sane = [order_cost, holding_rate, demand].into_iter().all(positive)
        && breaks.iter().all(|b| positive(b.price) && b.from.is_finite())
        && breaks.windows(2).all(|pair| pair[0].from < pair[1].from)
        && breaks.first().is_some_and(|b| b.from == 0.0);
    if !sane {
        return None;
    }
    let mut best: Option<Discounted> = None;
    let mut paid_below = 0.0;
    for (j, b) in breaks.iter().enumerate() {
        let next = breaks.get(j + 1).map_or(f64::INFINITY, |b| b.from);
        let fixed = paid_below - b.price * b.from;
        let unbounded = (2.0 * (order_cost + fixed).max(0.0) * demand / (holding_rate * b.price)).sqrt();
        let quantity = unbounded.clamp(b.from, next);
        let price = fixed / quantity + b.price;
        let cost = price * demand + order_cost * demand / quantity + holding_rate * price * quantity / 2.0;
        if cost.is_finite() && best.is_none_or(|known| cost < known.cost) {
            best = Some(Discounted { quantity, price, cost });
        }
        paid_below += b.price * (next - b.from);
    }
    best
}
