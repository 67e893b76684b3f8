//! Which proposed orders to place when there isn't money, or room, for all.
//!
//! # What an order is worth
//! Orders of the first k periods compete for one budget. What isn't bought now can be bought k periods on at the earliest
//! and is there a lead time and a review later: until then the shelf lives on what is bought now. So on each sample path
//! of demand the units that are wanting are those from the receipt until then that neither stock nor open orders cover,
//! N; buying q units serves min(N, q) of them, and avoids E[min(N, q)] × the cost of a unit short. That rises ever slower
//! with q. Beyond the forecast's horizon its last step goes on.
//!
//! # The choice
//! Items j, quantities q of each in whole steps of its MOQ and multiple, as many as proposed at most:
//!
//! ```text
//! maximise    Σ value_j(q_j)
//! subject to  Σ money_j(q_j) ≤ budget,  Σ volume_j(q_j) ≤ room
//! ```
//!
//! a multiple-choice knapsack. Greedy: the corners of each item's convex hull of value over cost, steepest step first,
//! what doesn't fit is passed over; then what is left goes to smaller quantities; and never worse than the best single
//! item, so at least half of the optimum under one limit. With the first step that doesn't fit taken in part instead, the
//! same walk gives the bound that no choice exceeds (Dantzig 1957, *Discrete-variable extremum problems*, Operations
//! Research 5; Sinha & Zoltners 1979, *The multiple-choice knapsack problem*, Operations Research 27). With two limits
//! cost is a weighted sum of both, each as a share of its limit: every weight gives a bound and a choice, and the best of
//! each is taken (a surrogate relaxation, Glover 1968).

use super::demand::Demand;
use super::exchange::PlannedItem;
use super::inputs::{Inputs, amount, whole_periods};
use super::lot_size::LotRule;
use crate::control::{Cancelled, Control};
use crate::model::{Item, Period, PurchaseBudget, PurchaseList, PurchaseRow, SamplePaths, SeriesId, ShortageRule};
use crate::text;
use crate::words::{Text, figure};
use rayon::prelude::*;

/// Quantities of one item that are weighed.
const MOST_QUANTITIES: usize = 24;
/// Weights of money against room that are tried.
const WEIGHTS: usize = 11;

/// What may be bought of one item.
#[derive(Debug, Clone)]
pub struct PurchaseCandidate {
    /// Item and location.
    pub id: SeriesId,
    /// Period of the first order.
    pub order_period: Period,
    /// The period in which what is bought later could arrive.
    pub until: Period,
    /// Money for an order beside the goods.
    pub order_cost: f64,
    /// Money for a unit.
    pub unit_cost: f64,
    /// Cubic metres of a unit.
    pub unit_volume: f64,
    /// Money that a unit short costs.
    pub unit_loss: f64,
    /// True when the shortage cost isn't known and margin or cost stands for it.
    pub is_assumed: bool,
    /// Quantities in whole steps, rising, and the units wanting that each serves; the last one is what was proposed.
    pub quantities: Vec<(f64, f64)>,
}

impl PurchaseCandidate {
    fn money(&self, n: usize) -> f64 {
        self.order_cost + self.quantities[n].0 * self.unit_cost
    }

    fn volume(&self, n: usize) -> f64 {
        self.quantities[n].0 * self.unit_volume
    }

    fn value(&self, n: usize) -> f64 {
        self.quantities[n].1 * self.unit_loss
    }

    fn last(&self) -> usize {
        self.quantities.len() - 1
    }
}

/// The orders of the first `periods` as candidates, one an item; a second for 10,000 items of 1,000 paths.
///
/// # Errors
/// [`Cancelled`].
pub fn purchase_candidates(
    items: &[PlannedItem<'_>],
    periods: usize,
    shortage: ShortageRule,
    control: &Control,
) -> Result<Vec<PurchaseCandidate>, Cancelled> {
    control.report(0.0, &Text::new("Weighing orders", "正在权衡订单"))?;
    let one = |planned: &PlannedItem<'_>| {
        control.check()?;
        Ok(candidate(planned, periods.max(1), shortage))
    };
    let found: Result<Vec<_>, Cancelled> = items.par_iter().map(one).collect();
    Ok(found?.into_iter().flatten().collect())
}

fn candidate(planned: &PlannedItem<'_>, periods: usize, shortage: ShortageRule) -> Option<PurchaseCandidate> {
    let PlannedItem { forecast, item, stock } = *planned;
    let inputs = Inputs::new(&Demand::of(forecast), item, shortage);
    let offset = |period: Period| period.since(forecast.start).max(0) as usize;
    let orders: Vec<_> = stock.orders.iter().filter(|o| offset(o.order_period) < periods).collect();
    let first = orders.first()?;
    let proposed: f64 = orders.iter().map(|o| amount(o.quantity)).sum();
    if proposed <= 0.0 || forecast.mean.is_empty() {
        return None;
    }
    let lead = whole_periods(inputs.lead);
    let receipt = offset(first.order_period) + lead;
    let until = (periods + lead + whole_periods(inputs.review).max(1)).max(receipt + 1);
    let window = Window { on_order_in: lead, receipt, until, shortage };
    let wanting = wanting(&forecast.paths, &forecast.mean, &inputs, &window);
    let served = |q: f64| wanting.iter().map(|n| n.min(q)).sum::<f64>() / wanting.len().max(1) as f64;
    let quantities = quantities(inputs.lot, proposed).into_iter().map(|q| (q, served(q))).collect();
    let (unit_loss, is_assumed) = unit_loss(item);
    Some(PurchaseCandidate {
        id: forecast.id.clone(),
        order_period: first.order_period,
        until: forecast.start.plus(until as i64),
        order_cost: inputs.order_cost,
        unit_cost: amount(item.unit_cost),
        unit_volume: amount(item.volume),
        unit_loss,
        is_assumed,
        quantities,
    })
}

/// Money that a unit short costs; margin, then cost, where nothing is said.
fn unit_loss(item: &Item) -> (f64, bool) {
    let (shortage, margin) = (amount(item.shortage_cost), amount(item.price - item.unit_cost));
    match (shortage > 0.0, margin > 0.0) {
        (true, _) => (shortage, false),
        (false, true) => (margin, true),
        _ => (amount(item.unit_cost), true),
    }
}

/// Quantities in whole steps up to `proposed`, which is the last.
fn quantities(lot: LotRule, proposed: f64) -> Vec<f64> {
    let mut list: Vec<f64> = Vec::new();
    for n in 1..MOST_QUANTITIES {
        let quantity = lot.round_up(proposed * n as f64 / MOST_QUANTITIES as f64);
        let is_new = list.last().is_none_or(|last| quantity > last * (1.0 + 1e-9));
        if quantity > 0.0 && quantity < proposed * (1.0 - 1e-9) && is_new {
            list.push(quantity);
        }
    }
    list.push(proposed);
    list
}

/// The time in which a purchase counts, in periods from the start.
#[derive(Debug, Clone, Copy)]
struct Window {
    on_order_in: usize,
    receipt: usize,
    until: usize,
    shortage: ShortageRule,
}

/// Units wanting on each path from the receipt until goods bought later arrive.
fn wanting(paths: &SamplePaths, mean: &[f64], inputs: &Inputs, window: &Window) -> Vec<f64> {
    if paths.is_empty() || paths.steps() != mean.len() {
        return vec![wanting_on(mean.len(), |t| mean[t], inputs, window)];
    }
    paths.iter().map(|path| wanting_on(path.len(), |t| f64::from(path[t]), inputs, window)).collect()
}

fn wanting_on(steps: usize, demand: impl Fn(usize) -> f64, inputs: &Inputs, window: &Window) -> f64 {
    let at = |t: usize| amount(demand(t.min(steps - 1)));
    let mut net = inputs.on_hand;
    for t in 0..window.receipt {
        if t == window.on_order_in {
            net += inputs.on_order;
        }
        net = match window.shortage {
            ShortageRule::Backorder => net - at(t),
            ShortageRule::LostSales => (net - at(t)).max(net.min(0.0)),
        };
    }
    if window.on_order_in >= window.receipt {
        net += inputs.on_order;
    }
    let later: f64 = (window.receipt..window.until).map(at).sum();
    (later - net).max(0.0)
}

/// Chooses within a budget.
pub fn purchase_list(candidates: &[PurchaseCandidate], budget: &PurchaseBudget) -> PurchaseList {
    let needed: f64 = candidates.iter().map(|c| c.money(c.last())).sum();
    let needed_volume: f64 = candidates.iter().map(|c| c.volume(c.last())).sum();
    let limit = |limit: Option<f64>, needed: f64| {
        limit.filter(|x| x.is_finite()).map(|x| x.max(0.0)).filter(|x| *x < needed * (1.0 - 1e-12))
    };
    let limits = (limit(budget.money, needed), limit(budget.volume, needed_volume));
    let (choice, bound) = match limits {
        (None, None) => (candidates.iter().map(|c| Some(c.last())).collect(), f64::INFINITY),
        _ => choose(candidates, limits),
    };
    let list = listed(candidates, &choice);
    let bound = if bound.is_finite() { bound.max(list.avoided) } else { list.avoided };
    PurchaseList { budget: *budget, needed, needed_volume, bound, ..list }
}

/// What is bought of each candidate: the place of its quantity.
type Choice = Vec<Option<usize>>;

fn choose(candidates: &[PurchaseCandidate], limits: (Option<f64>, Option<f64>)) -> (Choice, f64) {
    let weights: Vec<f64> = match limits {
        (Some(_), None) => vec![1.0],
        (None, _) => vec![0.0],
        _ => (0..WEIGHTS).map(|n| n as f64 / (WEIGHTS - 1) as f64).collect(),
    };
    let (mut best, mut most, mut bound): (Choice, f64, f64) = (vec![None; candidates.len()], -1.0, f64::INFINITY);
    for weight in weights {
        let scales = Scales { limits, weight };
        let (choice, limit) = walk(candidates, &scales);
        let value = value_of(candidates, &choice);
        bound = bound.min(limit);
        if value > most {
            (best, most) = (choice, value);
        }
    }
    let single = best_single(candidates, limits);
    if let Some((k, n)) = single.filter(|(k, n)| candidates[*k].value(*n) > most) {
        best = vec![None; candidates.len()];
        best[k] = Some(n);
        fill_up(candidates, limits, &mut best);
    }
    (best, bound)
}

/// Cost as a weighted sum of money and room, each as a share of its limit; the budget is then 1.
struct Scales {
    limits: (Option<f64>, Option<f64>),
    /// Weight of money, in `[0, 1]`.
    weight: f64,
}

impl Scales {
    fn cost(&self, money: f64, volume: f64) -> f64 {
        let share = |used: f64, limit: Option<f64>| match limit {
            Some(limit) if limit > 0.0 => used / limit,
            Some(_) if used > 0.0 => f64::INFINITY,
            _ => 0.0,
        };
        let part = |weight: f64, share: f64| if weight > 0.0 { weight * share } else { 0.0 };
        part(self.weight, share(money, self.limits.0)) + part(1.0 - self.weight, share(volume, self.limits.1))
    }
}

/// A step of a candidate's hull: to the quantity at place `to`.
struct Step {
    worth: f64,
    value: f64,
    cost: f64,
    candidate: usize,
    to: usize,
}

/// The greedy choice for one weighing, and the bound.
fn walk(candidates: &[PurchaseCandidate], scales: &Scales) -> (Choice, f64) {
    let mut steps: Vec<Step> = Vec::new();
    for (k, candidate) in candidates.iter().enumerate() {
        steps.extend(hull(k, candidate, scales));
    }
    steps.sort_by(|a, b| b.worth.total_cmp(&a.worth).then_with(|| (a.candidate, a.to).cmp(&(b.candidate, b.to))));
    let (mut left, mut bound) = (1.0, 0.0);
    for step in &steps {
        if step.cost > left {
            bound += if step.cost > 0.0 { step.value * left / step.cost } else { 0.0 };
            break;
        }
        left -= step.cost;
        bound += step.value;
    }
    let mut choice: Choice = vec![None; candidates.len()];
    let mut passed_over = vec![false; candidates.len()];
    let mut used = (0.0, 0.0);
    for step in &steps {
        let candidate = &candidates[step.candidate];
        let former = choice[step.candidate];
        let of = |n: Option<usize>| n.map_or((0.0, 0.0), |n| (candidate.money(n), candidate.volume(n)));
        let (before, after) = (of(former), of(Some(step.to)));
        let then = (used.0 + after.0 - before.0, used.1 + after.1 - before.1);
        if !passed_over[step.candidate] && fits(then, scales.limits) {
            (used, choice[step.candidate]) = (then, Some(step.to));
        } else {
            passed_over[step.candidate] = true;
        }
    }
    fill_up(candidates, scales.limits, &mut choice);
    (choice, bound)
}

/// Steps of the upper hull of value over cost from nothing bought, steepest first; steps that avoid nothing are left out.
fn hull(k: usize, candidate: &PurchaseCandidate, scales: &Scales) -> Vec<Step> {
    let mut corners: Vec<(f64, f64, usize)> = vec![(0.0, 0.0, usize::MAX)];
    for n in 0..candidate.quantities.len() {
        let (cost, value) = (scales.cost(candidate.money(n), candidate.volume(n)), candidate.value(n));
        if !cost.is_finite() || value <= corners.last().map_or(0.0, |c| c.1) {
            continue;
        }
        while corners.len() > 1 {
            let (a, b) = (corners[corners.len() - 2], corners[corners.len() - 1]);
            // Falling slopes: else the middle one is no corner.
            if (b.1 - a.1) * (cost - b.0) > (value - b.1) * (b.0 - a.0) {
                break;
            }
            corners.pop();
        }
        corners.push((cost, value, n));
    }
    let step = |pair: &[(f64, f64, usize)]| {
        let (cost, value) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let worth = if cost > 0.0 { value / cost } else { f64::INFINITY };
        Step { worth, value, cost, candidate: k, to: pair[1].2 }
    };
    corners.windows(2).map(step).collect()
}

/// Sums in money carry rounding of about this share.
const FIT: f64 = 1e-9;

fn fits(used: (f64, f64), limits: (Option<f64>, Option<f64>)) -> bool {
    let below = |used: f64, limit: Option<f64>| limit.is_none_or(|limit| used <= limit * (1.0 + FIT));
    below(used.0, limits.0) && below(used.1, limits.1)
}

/// What is left goes to any larger quantities that still fit, the candidates with most to gain first.
fn fill_up(candidates: &[PurchaseCandidate], limits: (Option<f64>, Option<f64>), choice: &mut Choice) {
    let mut used = choice
        .iter()
        .zip(candidates)
        .fold((0.0, 0.0), |sum, (n, c)| n.map_or(sum, |n| (sum.0 + c.money(n), sum.1 + c.volume(n))));
    let gain = |k: usize, n: Option<usize>| {
        candidates[k].value(candidates[k].last()) - n.map_or(0.0, |n| candidates[k].value(n))
    };
    let mut order: Vec<(f64, usize)> = (0..candidates.len()).map(|k| (gain(k, choice[k]), k)).collect();
    order.retain(|(gain, _)| *gain > 0.0);
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, k) in order {
        let (candidate, now) = (&candidates[k], choice[k]);
        let of = |n: Option<usize>| n.map_or((0.0, 0.0), |n| (candidate.money(n), candidate.volume(n)));
        let first = now.map_or(0, |n| n + 1);
        for n in (first..candidate.quantities.len()).rev() {
            let (before, after) = (of(now), of(Some(n)));
            let then = (used.0 + after.0 - before.0, used.1 + after.1 - before.1);
            if fits(then, limits) && candidate.value(n) > now.map_or(0.0, |n| candidate.value(n)) {
                (used, choice[k]) = (then, Some(n));
                break;
            }
        }
    }
}

fn best_single(candidates: &[PurchaseCandidate], limits: (Option<f64>, Option<f64>)) -> Option<(usize, usize)> {
    let all = candidates.iter().enumerate().flat_map(|(k, c)| (0..c.quantities.len()).map(move |n| (k, n)));
    all.filter(|(k, n)| fits((candidates[*k].money(*n), candidates[*k].volume(*n)), limits))
        .max_by(|a, b| candidates[a.0].value(a.1).total_cmp(&candidates[b.0].value(b.1)))
}

fn value_of(candidates: &[PurchaseCandidate], choice: &Choice) -> f64 {
    candidates.iter().zip(choice).map(|(c, n)| n.map_or(0.0, |n| c.value(n))).sum()
}

fn listed(candidates: &[PurchaseCandidate], choice: &Choice) -> PurchaseList {
    let mut rows: Vec<PurchaseRow> = candidates.iter().zip(choice).map(|(c, n)| row(c, *n)).collect();
    rows.sort_by(|a, b| {
        let is_bought = |row: &PurchaseRow| row.quantity > 0.0;
        is_bought(b)
            .cmp(&is_bought(a))
            .then_with(|| if is_bought(a) { b.worth().total_cmp(&a.worth()) } else { b.risk.total_cmp(&a.risk) })
            .then_with(|| a.id.cmp(&b.id))
    });
    let mut list =
        PurchaseList { assumed: candidates.iter().filter(|c| c.is_assumed).count(), ..PurchaseList::default() };
    for row in &mut rows {
        list.money += row.money;
        list.volume += row.volume;
        list.avoided += row.avoided;
        list.risk += row.risk;
        row.cumulative = list.money;
    }
    list.rows = rows;
    list
}

fn row(candidate: &PurchaseCandidate, bought: Option<usize>) -> PurchaseRow {
    let (proposed, wanted) = candidate.quantities[candidate.last()];
    let (quantity, served) = bought.map_or((0.0, 0.0), |n| candidate.quantities[n]);
    let short = (wanted - served).max(0.0);
    PurchaseRow {
        id: candidate.id.clone(),
        order_period: candidate.order_period,
        proposed,
        quantity,
        money: bought.map_or(0.0, |n| candidate.money(n)),
        volume: bought.map_or(0.0, |n| candidate.volume(n)),
        avoided: served * candidate.unit_loss,
        short,
        risk: short * candidate.unit_loss,
        cumulative: 0.0,
        why: why(candidate, (proposed, wanted), (quantity, served)),
    }
}

/// Units too few to speak of.
const NEGLIGIBLE: f64 = 0.05;

fn why(candidate: &PurchaseCandidate, (proposed, wanted): (f64, f64), (quantity, served): (f64, f64)) -> Text {
    let until = candidate.until.label();
    let [all, bought, saved, rest] = [proposed, quantity, served, wanted - served].map(figure);
    let loss = figure(candidate.unit_loss);
    let assumed = if candidate.is_assumed {
        text!(
            "The cost of a unit short isn't known; {loss}, its margin or cost, stands for it",
            "缺货成本未知，以毛利或成本 {loss} 代替"
        )
    } else {
        Text::default()
    };
    let sentence = if quantity <= 0.0 {
        text!(
            "Left out: before {until}, when goods bought later arrive, {rest} units are expected to find no stock, at {loss} each",
            "未采购：在后续采购到货（{until}）之前，预计缺货 {rest} 件，每件 {loss}"
        )
    } else if saved == figure(0.0) || served <= NEGLIGIBLE {
        text!(
            "Hardly anything is short of stock before {until} without it: it can wait when money is tight",
            "即使不采购，{until} 之前也几乎不会缺货：资金紧张时可推迟"
        )
    } else if quantity >= proposed * (1.0 - 1e-9) {
        text!(
            "Without it {saved} units are expected to find no stock before {until}, at {loss} each",
            "若不采购，预计 {until} 之前缺货 {saved} 件，每件 {loss}"
        )
    } else {
        text!(
            "{bought} of {all} units serve {saved} that would find no stock before {until}, at {loss} each; the rest would serve {rest} more",
            "采购 {all} 件中的 {bought} 件，可满足 {until} 之前预计缺货的 {saved} 件，每件 {loss}；其余部分可再满足 {rest} 件"
        )
    };
    if assumed.is_empty() { sentence } else { Text::new(sentence.en + ".", sentence.zh + "。").then(&assumed) }
}
