//! What forecasts cost: every candidate of every series walked through the item's policy over the backtest's demand.

use super::segments::stock_policy;
use crate::control::{Cancelled, Control};
use crate::inventory::{self, Origin, Stated};
use crate::model::{
    CostSums, Cutoff, ForecastCosts, Item, ModelCost, ModelScore, ModelTotal, Plan, SeriesCost, SeriesForecast,
    StockPolicy,
};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The candidates of one series by what their forecasts would have led to under the item's policy; some milliseconds.
/// `None` when no backtest was kept or no model has a forecast at every origin.
pub fn series_cost(forecast: &SeriesForecast, item: &Item, policy: StockPolicy) -> Option<SeriesCost> {
    let oldest_first: Vec<&Cutoff> = forecast.cutoffs.iter().rev().collect();
    let origins: Vec<Origin<'_>> =
        oldest_first.iter().map(|c| Origin { start: c.start, actual: c.actual.as_slice() }).collect();
    let mut stood: Vec<(&ModelScore, Vec<Stated<'_>>)> = Vec::new();
    let mut left_out = Vec::new();
    for score in &forecast.scores {
        match stated(&oldest_first, &score.model) {
            Ok(said) => stood.push((score, said)),
            Err(missing) => left_out.push((score.model.clone(), reason(score, missing, origins.len()))),
        }
    }
    let in_use = forecast.best().model.clone();
    if !forecast.scores.iter().any(|s| s.model == in_use) {
        let why = text!("Fitted after the backtest, so nothing is known of it there", "回测之后才拟合，没有回测记录");
        left_out.push((in_use.clone(), why));
    }
    // Scores stand best first.
    let reference = stood.iter().position(|(score, _)| score.model == in_use).unwrap_or(0);
    let (scores, said): (Vec<&ModelScore>, Vec<Vec<Stated<'_>>>) = stood.into_iter().unzip();
    let found = inventory::walk_holdout(&origins, &said, reference, (item, stock_policy(item, policy)))?;
    let model = |(k, (score, cost)): (usize, (&&ModelScore, _))| {
        let accuracy = score.accuracy.unwrap_or_default();
        let (mase, rmsse, bias) = (accuracy.mase, accuracy.rmsse, accuracy.bias);
        ModelCost { model: score.model.clone(), rank: None, error_rank: k + 1, mase, rmsse, bias, cost }
    };
    let mut models: Vec<ModelCost> = scores.iter().zip(found.candidates).enumerate().map(model).collect();
    rank(&mut models);
    let value = [item.price, item.unit_cost].into_iter().find(|x| x.is_finite() && *x > 0.0).unwrap_or(1.0);
    Some(SeriesCost {
        id: forecast.id.clone(),
        start: origins.first()?.start,
        periods: found.periods,
        unknown: found.unknown,
        opening: found.opening,
        in_use,
        reference: scores[reference].model.clone(),
        basis: found.basis,
        unit_cost: if item.unit_cost.is_finite() { item.unit_cost.max(0.0) } else { 0.0 },
        unit_value: value,
        models,
        left_out,
    })
}

/// What a model had said at every origin, or at how many of them it had said nothing.
fn stated<'a>(oldest_first: &[&'a Cutoff], model: &str) -> Result<Vec<Stated<'a>>, usize> {
    let said = |cutoff: &&'a Cutoff| {
        let found = cutoff.of(model).filter(|f| f.mean.len() == cutoff.actual.len())?;
        Some(Stated { mean: &found.mean, spread: &found.spread })
    };
    let found: Vec<Stated<'a>> = oldest_first.iter().filter_map(said).collect();
    if found.len() == oldest_first.len() && !found.is_empty() {
        Ok(found)
    } else {
        Err(oldest_first.len() - found.len())
    }
}

fn reason(score: &ModelScore, missing: usize, origins: usize) -> Text {
    if !score.note.is_empty() {
        return score.note.clone();
    }
    text!("No forecast was kept at {missing} of {origins} origins", "{origins} 个回测时点中有 {missing} 个没有留存预测")
}

/// What differs by less than this share is alike: the halvings of a buffer leave as much.
const ALIKE: f64 = 1e-6;

/// Sorts cheapest first, of alike ones the smaller error, and numbers them; alike ones share a place.
fn rank(models: &mut [ModelCost]) {
    let compared = |m: &ModelCost| m.cost.compared.unwrap_or(f64::INFINITY);
    models.sort_by(|a, b| compared(a).total_cmp(&compared(b)).then(a.error_rank.cmp(&b.error_rank)));
    let mut first = 0;
    for k in 0..models.len() {
        let (leader, own) = (compared(&models[first]), compared(&models[k]));
        if own - leader > ALIKE * leader.abs() {
            models[first..k].sort_by_key(|m| m.error_rank);
            first = k;
        }
        models[k].rank = models[k].cost.compared.map(|_| first + 1);
    }
    models[first..].sort_by_key(|m| m.error_rank);
}

/// The candidates of all series, `items` being their master data in the same order, and sums over them.
///
/// # Errors
/// [`Cancelled`].
pub fn forecast_costs(
    forecasts: &[SeriesForecast],
    items: &[Item],
    policy: StockPolicy,
    control: &Control,
) -> Result<ForecastCosts, Cancelled> {
    let stage = Text::new("Costing forecast errors", "正在计算预测误差的成本");
    let (done, total) = (AtomicUsize::new(0), forecasts.len().max(1) as f64);
    let one = |(forecast, item): (&SeriesForecast, &Item)| {
        let count = done.fetch_add(1, Ordering::Relaxed);
        control.report(count as f64 / total, &stage)?;
        Ok(series_cost(forecast, item, policy))
    };
    let found = forecasts.par_iter().zip(items).map(one).collect::<Result<Vec<Option<SeriesCost>>, Cancelled>>()?;
    let series: Vec<SeriesCost> = found.into_iter().flatten().collect();
    let left_out = forecasts.len() - series.len();
    Ok(summed(series, left_out))
}

/// The plan with what its forecasts would have cost.
///
/// # Errors
/// [`Cancelled`].
pub fn with_forecast_costs(plan: &Plan, policy: StockPolicy, control: &Control) -> Result<Plan, Cancelled> {
    let found = forecast_costs(&plan.forecasts, &plan.items, policy, control)?;
    Ok(Plan { forecast_costs: Some(Arc::new(found)), ..plan.clone() })
}

fn summed(series: Vec<SeriesCost>, left_out: usize) -> ForecastCosts {
    let money: Vec<&SeriesCost> = series.iter().filter(|s| s.basis.is_money()).collect();
    let compared = compared_models(&money);
    let stands = |s: &SeriesCost, name: &str| s.of(name).is_some_and(|m| m.cost.compared.is_some());
    let common: Vec<&SeriesCost> =
        money.iter().copied().filter(|s| compared.iter().all(|name| stands(s, name))).collect();
    let sums = |of: &[&SeriesCost], pick: &dyn Fn(&SeriesCost) -> &ModelCost| {
        let mut sums = CostSums::default();
        for item in of {
            sums.add(item, pick(item));
        }
        sums
    };
    let choices = |of: &[&SeriesCost]| {
        [
            sums(of, &|s| s.reference()),
            sums(of, &|s| if s.least_error().cost.compared.is_some() { s.least_error() } else { s.reference() }),
            sums(of, &|s| s.cheapest()),
        ]
    };
    let names: BTreeSet<&Arc<str>> = series.iter().flat_map(|s| s.models.iter().map(|m| &m.model)).collect();
    let total = |name: &Arc<str>| {
        let of = || series.iter().filter_map(|s| s.of(name).map(|m| (s, m)));
        let is_compared = compared.contains(name);
        let mases: Vec<f64> = common.iter().filter_map(|s| s.of(name)?.mase).collect();
        ModelTotal {
            model: name.clone(),
            stood: of().count(),
            cheapest: of().filter(|(s, _)| s.cheapest().model == *name).count(),
            least_error: of().filter(|(s, _)| s.least_error().model == *name).count(),
            mase: (is_compared && !mases.is_empty()).then(|| mases.iter().sum::<f64>() / mases.len() as f64),
            sums: is_compared.then(|| sums(&common, &|s| s.of(name).unwrap_or_else(|| s.reference()))),
        }
    };
    let mut models: Vec<ModelTotal> = names.into_iter().map(total).collect();
    // Names stand in alphabetical order, and so do alike ones.
    let cost = |m: &ModelTotal| m.sums.map_or(f64::INFINITY, |s| s.compared);
    models.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then(b.stood.cmp(&a.stood)));
    let [in_use, by_error, by_cost] = choices(&common);
    let (all, common) = (choices(&money), common.len());
    ForecastCosts { series, left_out, common, models, in_use, by_error, by_cost, all }
}

/// Which models are compared: each item has a shortlist of its own, so that all models together may have no item in common. Of
/// the most widely fitted ones as many as leave the most comparisons, models beyond the first times items.
fn compared_models(series: &[&SeriesCost]) -> BTreeSet<Arc<str>> {
    let mut stood: BTreeMap<&Arc<str>, BTreeSet<usize>> = BTreeMap::new();
    for (k, item) in series.iter().enumerate() {
        for model in item.models.iter().filter(|m| m.cost.compared.is_some()) {
            stood.entry(&model.model).or_default().insert(k);
        }
    }
    let mut order: Vec<(&Arc<str>, BTreeSet<usize>)> = stood.into_iter().collect();
    order.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    let mut common: Option<BTreeSet<usize>> = None;
    let (mut best, mut taken) = ((0, 0), 0);
    for (k, (_, items)) in order.iter().enumerate() {
        let left = common.map_or_else(|| items.clone(), |common| &common & items);
        let worth = (k * left.len(), left.len());
        if worth > best && !left.is_empty() {
            (best, taken) = (worth, k + 1);
        }
        common = Some(left);
    }
    order.into_iter().take(taken).map(|(name, _)| name.clone()).collect()
}
