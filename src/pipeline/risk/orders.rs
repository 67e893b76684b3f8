//! Orders over sample paths, as they are and with each cause of their swinging taken away.

use super::Times;
use crate::inventory::LotRule;
use crate::model::{Bullwhip, BullwhipCause, Forecast, GroupBullwhip, Item, StockPlan};
use crate::risk::{self, OrderPolicy, OrderSign, PathVariance, variance_ratio};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sample paths that orders are walked on: variances need fewer than quantiles.
const PATHS: usize = 200;
/// Moving average of a forecast whose reaction to demand isn't known, periods.
const USUAL_WINDOW: usize = 12;
/// Longest moving average, periods.
const LONGEST_WINDOW: f64 = 104.0;
/// Shortest stretch of history that sets the stage.
const WARM: usize = 26;

/// One item's demand and orders, `[path, period]`.
pub(super) struct OrderPaths {
    demand: Vec<f64>,
    orders: Vec<f64>,
    without: Vec<(BullwhipCause, Vec<f64>)>,
    /// What the plan proposes, by period.
    proposal: Vec<f64>,
    window: usize,
}

impl OrderPaths {
    pub(super) fn bullwhip(&self) -> Bullwhip {
        let variance = |values: &[f64]| {
            let mut all = PathVariance::default();
            all.add_all(values.iter().copied());
            all
        };
        let demand = variance(&self.demand);
        let ratio = |values: &[f64]| variance_ratio(&variance(values), &demand);
        Bullwhip {
            ratio: ratio(&self.orders),
            proposal: ratio(&self.proposal),
            without: self.without.iter().filter_map(|(cause, orders)| Some((*cause, ratio(orders)?))).collect(),
            window: self.window,
        }
    }
}

/// Walks an item's policy over its history, which sets the stage, and then over its sample paths.
pub(super) fn order_paths(
    item: &Item,
    stock: &StockPlan,
    forecast: &Forecast,
    history: &[f64],
    times: Times,
) -> OrderPaths {
    let window = window(forecast);
    let warm = history.len().min(window.max(WARM));
    let horizon = forecast.mean.len();
    let lot = LotRule::of(item);
    let policy = OrderPolicy {
        cover: times.lead + times.review,
        review: times.whole_review(),
        safety: stock.safety_stock,
        lot: (stock.max_level - stock.active_reorder_point()).max(0.0),
        window: Some(window),
        sign: OrderSign::NeverBack,
    };
    let mut others: Vec<(BullwhipCause, OrderPolicy)> = vec![
        (BullwhipCause::Updating, OrderPolicy { window: None, ..policy }),
        (BullwhipCause::Lots, OrderPolicy { lot: 0.0, ..policy }),
        (BullwhipCause::LeadTime, OrderPolicy { cover: times.review, ..policy }),
    ];
    if policy.review > 1 {
        others.push((BullwhipCause::Review, OrderPolicy { cover: times.lead, review: 1, ..policy }));
    }
    let mut found = OrderPaths {
        demand: Vec::new(),
        orders: Vec::new(),
        without: others.iter().map(|(cause, _)| (*cause, Vec::new())).collect(),
        proposal: proposal(stock, horizon),
        window,
    };
    let mut demand: Vec<f64> = history[history.len() - warm..].iter().map(|d| d.max(0.0)).collect();
    let own = [forecast.mean.iter().map(|d| *d as f32).collect::<Vec<f32>>()];
    let has_paths = forecast.paths.steps() == horizon && !forecast.paths.is_empty();
    let paths: Vec<&[f32]> =
        if has_paths { forecast.paths.iter().take(PATHS).collect() } else { own.iter().map(|p| &p[..]).collect() };
    for path in paths {
        demand.truncate(warm);
        demand.extend(path.iter().map(|d| if *d > 0.0 { f64::from(*d) } else { 0.0 }));
        found.demand.extend_from_slice(&demand[warm..]);
        // Without a history the first period sets the stage and isn't counted.
        let placed = |policy: &OrderPolicy, lot: LotRule| {
            let placed = risk::orders(&demand, warm, policy, |wish| lot.round_up(wish));
            let missing = horizon - placed.len();
            std::iter::repeat_n(demand[warm], missing).chain(placed).collect::<Vec<f64>>()
        };
        found.orders.extend(placed(&policy, lot));
        for ((cause, policy), (_, orders)) in others.iter().zip(&mut found.without) {
            let lot = if *cause == BullwhipCause::Lots { LotRule::default() } else { lot };
            orders.extend(placed(policy, lot));
        }
    }
    found
}

/// The moving average with the mean age of data of exponential smoothing by α, `p = 2/α − 1` (Brown 1963).
fn window(forecast: &Forecast) -> usize {
    let alpha = forecast.parameters.iter().find(|p| p.name == "alpha").map(|p| p.value);
    match alpha.filter(|a| *a > 0.0 && *a <= 1.0) {
        Some(alpha) => (2.0 / alpha - 1.0).round().clamp(1.0, LONGEST_WINDOW) as usize,
        None => USUAL_WINDOW,
    }
}

fn proposal(stock: &StockPlan, horizon: usize) -> Vec<f64> {
    let mut placed = vec![0.0; horizon];
    for order in &stock.orders {
        let at = usize::try_from(order.order_period.since(stock.start)).ok();
        if let Some(slot) = at.and_then(|at| placed.get_mut(at)) {
            *slot += order.quantity;
        }
    }
    placed
}

/// Demand and orders of all items and of each category, added up path by path.
#[derive(Default)]
pub(super) struct GroupSums {
    groups: BTreeMap<Arc<str>, (usize, OrderPaths)>,
    all: Option<(usize, OrderPaths)>,
}

impl GroupSums {
    pub(super) fn add(&mut self, category: &Arc<str>, item: &OrderPaths) {
        match &mut self.all {
            Some((count, sum)) => {
                *count += 1;
                sum.add(item);
            }
            None => self.all = Some((1, item.copy())),
        }
        if category.is_empty() {
            return;
        }
        let group = self.groups.entry(category.clone());
        group
            .and_modify(|(count, sum)| {
                *count += 1;
                sum.add(item);
            })
            .or_insert_with(|| (1, item.copy()));
    }

    /// All items first, then the categories.
    pub(super) fn into_groups(self) -> Vec<GroupBullwhip> {
        let all = self.all.map(|sum| (Arc::from(""), sum));
        let named = all.into_iter().chain(self.groups);
        named
            .map(|(category, (items, sum))| GroupBullwhip { category, items, bullwhip: sum.group_bullwhip() })
            .collect()
    }
}

impl OrderPaths {
    fn copy(&self) -> Self {
        let mut without = self.without.clone();
        // An item without a review period of its own is as it is without one.
        if !without.iter().any(|(cause, _)| *cause == BullwhipCause::Review) {
            without.push((BullwhipCause::Review, self.orders.clone()));
        }
        let Self { demand, orders, proposal, .. } = self;
        let (demand, orders, proposal) = (demand.clone(), orders.clone(), proposal.clone());
        Self { demand, orders, without, proposal, window: 0 }
    }

    /// An item with fewer paths repeats them.
    fn add(&mut self, item: &Self) {
        sum(&mut self.demand, &item.demand);
        sum(&mut self.orders, &item.orders);
        sum(&mut self.proposal, &item.proposal);
        for (cause, orders) in &mut self.without {
            let own = item.without.iter().find(|(c, _)| c == cause).map_or(&item.orders, |(_, orders)| orders);
            sum(orders, own);
        }
    }

    fn group_bullwhip(&self) -> Bullwhip {
        let mut found = self.bullwhip();
        // Where nobody looks now and then, nothing is taken away.
        found.without.retain(|(cause, ratio)| *cause != BullwhipCause::Review || Some(*ratio) != found.ratio);
        found
    }
}

fn sum(to: &mut Vec<f64>, from: &[f64]) {
    if from.is_empty() {
        return;
    }
    if to.len() < from.len() {
        let own = to.clone();
        to.clear();
        to.extend((0..from.len()).map(|k| if own.is_empty() { 0.0 } else { own[k % own.len()] }));
    }
    to.iter_mut().enumerate().for_each(|(k, x)| *x += from[k % from.len()]);
}
