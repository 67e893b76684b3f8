//! From one scenario's cost to another's: which changes explain how much.
//!
//! The first scenario's changes become the second's one group (lever × scope) after the other, in the order in which the second
//! one applies them; what each step changes is its part. Only what a step touches is planned again. Another order would share
//! effects that belong to two changes together otherwise; the parts' sum is the same in any order.

use super::segments::planned_items;
use super::{Inputs, Layered, Settings, plan_series};
use crate::control::{Cancelled, Control};
use crate::model::{
    BridgeCause, BridgePart, CostBridge, CostDriver, CostLedger, CostLine, DriverCosts, Item, Lever, Override, Plan,
    Scenario, ScenarioDifference, Scope, SeriesId, difference,
};
use crate::words::Text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// More changes of one lever at single items than these are one step: nobody reads a thousand.
const MOST_SINGLE_ITEMS: usize = 12;
/// Amounts are rounded to this share of the largest total, as a power of two: all sums of them are exact then.
const GRID_BITS: i32 = 40;
/// A rest below this share of the largest total is rounding, not a cause.
const ROUNDING: f64 = 1e-9;

/// A scenario with its plan.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
}

/// The way from the first scenario's cost to the second's.
///
/// # Errors
/// [`Cancelled`].
pub fn bridge(
    inputs: &Inputs,
    layered: &Layered,
    (first, second): (Planned<'_>, Planned<'_>),
    settings: &Settings,
    control: &Control,
) -> Result<CostBridge, Cancelled> {
    let ids: Vec<&SeriesId> = layered.statistical.iter().map(|f| &f.id).collect();
    let (mut costs, before_shared) = split(&first.plan.ledger, &ids);
    let (last, after_shared) = split(&second.plan.ledger, &ids);
    let planned = planned_items(inputs, layered, settings);
    let items: Vec<Item> = ids.iter().map(|id| planned.lookup(id)).collect();
    let steps = steps(first.scenario, second.scenario);
    let mut list: Vec<Override> = own(first.scenario);
    let target = own(second.scenario);
    let mut states = vec![sum(&costs)];
    let stage = Text::new("Explaining the difference in cost", "正在解释成本差异");
    for (k, step) in steps.iter().enumerate() {
        control.report(k as f64 / steps.len() as f64, &stage)?;
        let is_in = |o: &Override| o.lever == step.lever && step.scopes.contains(&o.scope);
        list.retain(|o| !is_in(o));
        list.extend(target.iter().filter(|o| is_in(o)).cloned());
        let scenario = Scenario::with_overrides("step", list.clone());
        let touched: Vec<usize> = (0..items.len()).filter(|k| step.touches(&items[*k])).collect();
        let plan = |k: &usize| {
            control.check()?;
            let planned = plan_series(&layered.last(*k), &items[*k], &scenario, settings);
            Ok((*k, by_driver(planned.ledger.lines.iter())))
        };
        for (k, cost) in touched.par_iter().map(plan).collect::<Result<Vec<_>, Cancelled>>()? {
            costs[k] = cost;
        }
        states.push(sum(&costs));
    }
    states.push(sum(&last));
    Ok(assemble(steps, &states, (before_shared, after_shared)))
}

/// A group of changes that is made at once.
struct Step {
    lever: Lever,
    scopes: BTreeSet<Scope>,
}

impl Step {
    fn touches(&self, item: &Item) -> bool {
        self.scopes.contains(&Scope::All)
            || self.scopes.contains(&Scope::Series(item.id.clone()))
            || self.scopes.contains(&Scope::Category(item.category.clone()))
    }
}

fn own(scenario: &Scenario) -> Vec<Override> {
    scenario.effective().into_iter().map(|(_, o)| o.clone()).collect()
}

/// The groups, as the second scenario applies them, then those that only the first one has. What touches the network alone
/// is in the plans' dispatch costs.
fn steps(first: &Scenario, second: &Scenario) -> Vec<Step> {
    let is_stock = |d: &ScenarioDifference| !matches!(d.lever, Lever::LaneCost | Lever::SiteCapacity) && !d.is_order;
    let differences: BTreeSet<(Lever, Scope)> =
        difference(first, second).into_iter().filter(is_stock).map(|d| (d.lever, d.scope)).collect();
    let mut singles: BTreeMap<Lever, usize> = BTreeMap::new();
    for (lever, _) in differences.iter().filter(|(_, scope)| matches!(scope, Scope::Series(_))) {
        *singles.entry(*lever).or_default() += 1;
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut pooled: BTreeMap<Lever, usize> = BTreeMap::new();
    let mut taken: BTreeSet<(Lever, Scope)> = BTreeSet::new();
    for (lever, scope) in own(second).into_iter().chain(own(first)).map(|o| (o.lever, o.scope)) {
        let key = (lever, scope);
        if !differences.contains(&key) || !taken.insert(key.clone()) {
            continue;
        }
        let scope = key.1;
        let is_pooled = matches!(scope, Scope::Series(_)) && singles[&lever] > MOST_SINGLE_ITEMS;
        if let Some(place) = pooled.get(&lever).filter(|_| is_pooled) {
            steps[*place].scopes.insert(scope);
            continue;
        }
        if is_pooled {
            pooled.insert(lever, steps.len());
        }
        steps.push(Step { lever, scopes: [scope].into() });
    }
    steps
}

/// Costs of each series by driver, and those of no single series.
fn split(ledger: &CostLedger, ids: &[&SeriesId]) -> (Vec<DriverCosts>, DriverCosts) {
    let places: BTreeMap<(&str, &str), usize> =
        ids.iter().enumerate().map(|(k, id)| ((&*id.item, &*id.location), k)).collect();
    let mut of_series = vec![DriverCosts::default(); ids.len()];
    let mut shared = DriverCosts::default();
    for line in &ledger.lines {
        let place = places.get(&(&*line.item, &*line.place)).filter(|_| !is_network(line.driver));
        let costs = place.map_or(&mut shared, |k| &mut of_series[*k]);
        costs[index(line.driver)] += line.amount;
    }
    (of_series, shared)
}

/// True for what a dispatch plan costs.
fn is_network(driver: CostDriver) -> bool {
    matches!(driver, CostDriver::TransportVariable | CostDriver::TransportFixed | CostDriver::UnmetDemand)
}

fn by_driver<'a>(lines: impl Iterator<Item = &'a CostLine>) -> DriverCosts {
    let mut costs = DriverCosts::default();
    lines.for_each(|line| costs[index(line.driver)] += line.amount);
    costs
}

fn index(driver: CostDriver) -> usize {
    CostDriver::ALL.iter().position(|d| *d == driver).expect("all drivers are in the list")
}

fn sum(all: &[DriverCosts]) -> DriverCosts {
    all.iter().fold(DriverCosts::default(), |sum, one| std::array::from_fn(|d| sum[d] + one[d]))
}

/// The parts, from what was reached after each step (the first scenario's costs first, the second's last).
fn assemble(steps: Vec<Step>, states: &[DriverCosts], shared: (DriverCosts, DriverCosts)) -> CostBridge {
    let largest = states.iter().chain([&shared.0, &shared.1]).flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    let round = grid(largest);
    let mut states: Vec<DriverCosts> = states.iter().map(|s| s.map(round)).collect();
    let shared = (shared.0.map(round), shared.1.map(round));
    let (reached, last) = (states[states.len() - 2], states[states.len() - 1]);
    let has_rest = (0..last.len()).any(|d| (last[d] - reached[d]).abs() > ROUNDING * largest);
    if !has_rest && !steps.is_empty() {
        // Sums taken in another order may differ in their last bits.
        let end = states.len() - 2;
        states[end] = last;
    }
    let part = |cause, from: &DriverCosts, to: &DriverCosts| {
        let by_driver: DriverCosts = std::array::from_fn(|d| to[d] - from[d]);
        BridgePart { cause, change: by_driver.iter().sum::<f64>() + 0.0, by_driver }
    };
    let causes = steps.into_iter().map(|s| BridgeCause::Changes(s.lever, s.scopes.into_iter().collect()));
    let causes = causes.chain([BridgeCause::Rest]);
    let mut parts: Vec<BridgePart> =
        states.windows(2).zip(causes).map(|(pair, cause)| part(cause, &pair[0], &pair[1])).collect();
    parts.push(part(BridgeCause::Network, &shared.0, &shared.1));
    parts.retain(|p| matches!(p.cause, BridgeCause::Changes(..)) || p.by_driver.iter().any(|x| *x != 0.0));
    let total = |own: &DriverCosts, shared: &DriverCosts| std::array::from_fn(|d| own[d] + shared[d]);
    CostBridge { before: total(&states[0], &shared.0), after: total(&last, &shared.1), parts }
}

/// Rounds to multiples of a power of two, so fine that nobody sees it and so coarse that sums are exact.
fn grid(largest: f64) -> impl Fn(f64) -> f64 + Copy {
    let exponent = if largest > 0.0 && largest.is_finite() { largest.log2().ceil() as i32 } else { 0 };
    let step = 2_f64.powi((exponent - GRID_BITS).max(f64::MIN_EXP));
    move |x| (x / step).round() * step + 0.0
}
