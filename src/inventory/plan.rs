//! The stock plan of one item: levels, proposed orders, projection, simulation.

use super::decide::{Decision, decide};
use super::explain;
use super::proposal::{planned_orders, propose};
use super::side_by_side::{DemandRows, Workspace, simulate_with_lines};
use super::simulate::Levels;
use super::warnings;
use crate::model::{Forecast, Item, SamplePaths, StockPlan, StockPolicy};

/// Plans one item at one location over the forecast's horizon. Pure; one item with 1,000 paths takes under 1 ms.
///
/// - *Safety stock*: the item's own when set, else what its basis asks: for a cycle service level `z·√(σ_P² + d²·σ_L²)`, at
///   least 0, with `σ_P` the deviation of demand over the protection interval on the sample paths (for independent
///   demands that is the classical formula); for a fill rate, a shortage cost or days of cover see `safety_basis`.
/// - *Reorder point*: mean demand over the protection interval (lead time + review period) + safety stock; for each review
///   that of the interval which starts there.
/// - *Max level*: the item's own when set, else reorder point + lot, see `decide`. The lot is the item's own, else the
///   economic order quantity when order and holding cost are known, else one period's demand, and at least the smallest
///   order. Under automatic periodic review a lot that wouldn't outlast a review period isn't added: the reorder point is
///   then the order-up-to level of the (R, S) policy (Silver, Pyke & Thomas 2017, chapter 6).
/// - *Orders* and `projected` follow the forecast mean; a lead time is rounded up to whole periods there.
/// - *Fill rate, stock-outs, averages, 10 and 90 % lines* come from [`simulate_with_lines`] over the forecast's sample paths.
///   `projected` and both lines are net stock: a backlog counts as negative.
///
/// Without sample paths of the forecast's length the mean itself is the only path. Master data that makes no sense
/// (NaN, negative times or quantities) counts as 0, a service level outside the range as the range's end.
pub fn plan(forecast: &Forecast, item: &Item, policy: &StockPolicy) -> StockPlan {
    let decision = decide(forecast, item, policy);
    let Decision { inputs, numbers, levels, setting } = &decision;
    let proposal = propose(forecast, levels, setting);
    let rows = DemandRows::new(&paths(forecast));
    let result = simulate_with_lines(&rows, levels, setting, &mut Workspace::default());
    let orders = planned_orders(forecast, item, &decision, &proposal);
    let warnings = warnings::gather(forecast, item, *policy, &decision, &proposal.short);
    let in_transit = proposal.in_transit(setting);
    let (reorder_points, max_levels) = shown_levels(&decision, forecast.mean.len());
    StockPlan {
        id: forecast.id.clone(),
        start: forecast.start,
        safety_stock: numbers.safety_stock,
        reorder_point: numbers.reorder_point,
        reorder_point_max_rule: numbers.reorder_point_max_rule,
        reorder_point_quantile: numbers.quantile,
        rule: policy.rule,
        policy: inputs.policy,
        basis: inputs.basis,
        achieved: numbers.achieved,
        reorder_points,
        max_levels,
        order_quantity: numbers.lot.quantity(),
        max_level: numbers.max_level,
        why: explain::derivations(forecast, item, inputs, numbers, proposal.orders.first()),
        orders,
        projected: proposal.projected,
        in_transit,
        projected_low: result.low,
        projected_high: result.high,
        stockout_by_period: result.stockout_by_period,
        fill_rate: result.fill_rate,
        stockout_probability: result.stockout_probability,
        average_stock: result.average_stock,
        average_orders: result.average_orders,
        average_shortage: result.average_shortage,
        average_ordered: result.average_ordered,
        expected_waste: numbers.shelf_life.map_or(0.0, |life| life.waste),
        warnings,
    }
}

/// The levels of each period as people see them: of (s, Q) the max level is s + Q, and a review that takes no order has the
/// levels of the one before.
fn shown_levels(decision: &Decision, periods: usize) -> (Vec<f64>, Vec<f64>) {
    let numbers = &decision.numbers;
    let mut now = Levels { reorder_point: numbers.active, max_level: numbers.max_level };
    let above = numbers.max_level - numbers.active;
    let is_lots = decision.inputs.policy == crate::model::Policy::ReorderLot;
    let at = |t: usize| {
        if let Some(pair) = decision.levels.get(t).or(decision.levels.last()).filter(|pair| **pair != Levels::CLOSED) {
            let max_level = if is_lots { pair.reorder_point + above } else { pair.max_level };
            now = Levels { reorder_point: pair.reorder_point, max_level };
        }
        (now.reorder_point, now.max_level)
    };
    (0..periods).map(at).unzip()
}

/// The forecast's paths, or its mean as the only path.
pub(super) fn paths(forecast: &Forecast) -> std::borrow::Cow<'_, SamplePaths> {
    use std::borrow::Cow;
    let steps = forecast.mean.len();
    if steps == 0 {
        return Cow::Owned(SamplePaths::default());
    }
    if !forecast.paths.is_empty() && forecast.paths.steps() == steps {
        return Cow::Borrowed(&forecast.paths);
    }
    Cow::Owned(SamplePaths::new(steps, forecast.mean.iter().map(|&d| d as f32).collect()))
}
