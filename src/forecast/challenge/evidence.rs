//! What a backtest tells of a challenger and its rivals: on one item, and over all.

use super::super::choose::{CHANCE, FOLDS_TO_WIN, Measure};
use super::super::diebold_mariano::diebold_mariano_bartlett;
use super::{Change, FEWEST_POOLED, words};
use crate::model::{Cutoff, Period, SeriesForecast};
use crate::words::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whom a challenger has to beat, where they are among an item's models; naive only stands in for seasonal naive.
const RIVALS: [&str; 6] = ["seasonal-naive", "naive", "ets", "theta", "combination", "intermittent-combination"];

/// Whom it has to beat over the panel: naive stands in on the items without a season, and the automatic choices are one more
/// where they aren't the combinations anyway.
const POOLED: [&str; 6] = ["seasonal-naive", "ets", "theta", "combination", "intermittent-combination", AUTOMATIC];
/// The automatic choice of each item.
pub(super) const AUTOMATIC: &str = "automatic";

/// An item's backtest and what has been decided of it.
pub(super) struct Item<'a> {
    forecast: &'a SeriesForecast,
    pub(super) measure: Measure,
    /// Periods to a fold.
    steps: usize,
    /// Every period forecast at an origin, oldest first.
    periods: Vec<Period>,
    /// The models that were fitted in every fold.
    fitted: Vec<Fitted<'a>>,
    /// The challenger that is best so far of those to be taken: its name, its loss, why.
    best: Option<(Arc<str>, f64, Text)>,
    /// What is said of challengers that aren't taken.
    declined: Vec<(Arc<str>, Text)>,
}

/// A model's losses on an item.
struct Fitted<'a> {
    name: &'a str,
    /// Per period, oldest first.
    losses: Vec<f64>,
    /// Their mean.
    mean: f64,
}

/// A challenger on one item against the automatic choice.
pub(super) struct Against {
    /// How much smaller its error is, percent; negative when it is larger.
    pub(super) percent: f64,
    /// Diebold–Mariano's p-value of that.
    pub(super) p: Option<f64>,
    /// The largest p-value against any rival.
    pub(super) largest_p: Option<f64>,
    /// The model that it would replace.
    pub(super) automatic: Arc<str>,
    pub(super) rivals: Vec<&'static str>,
}

impl<'a> Item<'a> {
    /// An item nothing has been decided of.
    pub(super) fn new(forecast: &'a SeriesForecast, measure: Measure) -> Self {
        let steps = forecast.cutoffs.iter().map(|c| c.actual.len()).max().unwrap_or(1);
        let oldest_first = || forecast.cutoffs.iter().rev();
        let periods = oldest_first().flat_map(|c| (0..c.actual.len()).map(|h| c.start.plus(h as i64))).collect();
        let losses = |name: &str| {
            let mut losses = Vec::new();
            for cutoff in oldest_first() {
                let mean = &cutoff.of(name)?.mean;
                losses.extend(cutoff.actual.iter().zip(mean).map(|(a, f)| measure.loss(a - f)));
            }
            Some(losses)
        };
        let names = forecast.cutoffs.first().into_iter().flat_map(|c| c.forecasts.iter().map(|f| &*f.model));
        let fitted = names.filter_map(|name| {
            let losses = losses(name)?;
            let mean = losses.iter().sum::<f64>() / losses.len().max(1) as f64;
            mean.is_finite().then_some(Fitted { name, losses, mean })
        });
        let fitted = fitted.collect();
        Self { forecast, measure, steps, periods, fitted, best: None, declined: Vec::new() }
    }

    /// The challenger taken.
    pub(super) fn taken(&self) -> Option<&Arc<str>> {
        self.best.as_ref().map(|(model, ..)| model)
    }

    /// What is to be changed of its forecast.
    pub(super) fn change(&self, position: usize) -> Change {
        let others = |taken: Option<&Arc<str>>| {
            let others = self.declined.iter().filter(|(model, _)| Some(model) != taken);
            others.fold(Text::default(), |said, (_, why)| said.then(why))
        };
        let before = &self.forecast.why;
        match &self.best {
            Some((taken, _, why)) => Change {
                position,
                taken: Some(taken.clone()),
                why: why.then(&others(Some(taken))).then(&words::otherwise(before)),
                against: self.forecast.scores.iter().map(|s| self.p(&s.model, taken)).collect(),
            },
            None => Change { position, taken: None, why: before.then(&others(None)), against: Vec::new() },
        }
    }

    /// Decides whether `model` is taken, by the panel's evidence or because it stands by itself.
    pub(super) fn judge(&mut self, model: &Arc<str>, pooled: &Pooled, stands_alone: bool) {
        let Some((against, loss)) = self.against(model).zip(self.loss(model)) else {
            self.declined.push((model.clone(), words::not_compared(model)));
            return;
        };
        let agrees = pooled.is_better() && against.percent > 0.0 && self.totals_agree(model);
        if !(agrees || stands_alone) {
            self.declined.push((model.clone(), words::declined(model, &against, pooled)));
            return;
        }
        let why = if agrees { words::by_panel(model, &against, pooled) } else { words::by_itself(model, &against) };
        if self.best.as_ref().is_none_or(|(_, least, _)| loss < *least) {
            self.best = Some((model.clone(), loss, why));
        }
    }

    /// The largest p-value of `model` against its rivals, 1 unless it beats each of them in every one of enough folds; `None`
    /// when it can't be compared.
    pub(super) fn own_p(&self, model: &str) -> Option<f64> {
        let against = self.against(model)?;
        let own = self.folds(model)?;
        let wins = |rival: &str| {
            let Some(other) = self.folds(rival) else { return false };
            own.len() >= FOLDS_TO_WIN && own.iter().zip(&other).all(|(a, b)| a < b)
        };
        let stands = wins(&against.automatic) && against.rivals.iter().all(|rival| wins(rival));
        Some(if stands { against.largest_p.unwrap_or(1.0) } else { 1.0 })
    }

    fn against(&self, model: &str) -> Option<Against> {
        let automatic = self.forecast.without_others().clone();
        let (own, other) = (self.loss(model)?, self.loss(&automatic)?);
        if *automatic == *model || other <= 0.0 {
            return None;
        }
        let rivals = self.rivals(model);
        let all = rivals.iter().copied().chain([&*automatic]);
        let largest_p = all.map(|rival| self.p(model, rival)).try_fold(0.0, |largest, p| Some(f64::max(largest, p?)));
        let ratio = if self.measure == Measure::Squared { (own / other).sqrt() } else { own / other };
        let p = self.p(model, &automatic);
        Some(Against { percent: 100.0 * (1.0 - ratio), p, largest_p, automatic, rivals })
    }

    /// Those of the rivals that were fitted in every fold.
    fn rivals(&self, model: &str) -> Vec<&'static str> {
        let mut there: Vec<&str> = RIVALS.into_iter().filter(|r| *r != model && self.loss(r).is_some()).collect();
        if there.contains(&"seasonal-naive") {
            there.retain(|r| *r != "naive");
        }
        there
    }

    fn fitted(&self, model: &str) -> Option<&Fitted<'a>> {
        self.fitted.iter().find(|f| f.name == model)
    }

    /// Mean loss of the folds, oldest first.
    fn folds(&self, model: &str) -> Option<Vec<f64>> {
        let mut losses = &self.fitted(model)?.losses[..];
        let mut means = Vec::with_capacity(self.forecast.cutoffs.len());
        for cutoff in self.forecast.cutoffs.iter().rev() {
            let (fold, rest) = losses.split_at(cutoff.actual.len().min(losses.len()));
            means.push(fold.iter().sum::<f64>() / fold.len().max(1) as f64);
            losses = rest;
        }
        Some(means)
    }

    fn loss(&self, model: &str) -> Option<f64> {
        self.fitted(model).map(|f| f.mean)
    }

    fn p(&self, model: &str, other: &str) -> Option<f64> {
        let (first, second) = (self.fitted(model)?, self.fitted(other)?);
        let test = || diebold_mariano_bartlett(&first.losses, &second.losses, self.steps).map(|found| found.p);
        if model == other { None } else { test() }
    }

    /// With pauses, what stock has to cover is the total: its error may not be larger than the automatic choice's.
    fn totals_agree(&self, model: &str) -> bool {
        let error = |model: &str| {
            let total = |c: &'a Cutoff| {
                let mean = &c.of(model)?.mean;
                Some(c.actual.iter().zip(mean).map(|(a, f)| a - f).sum::<f64>().abs())
            };
            self.forecast.cutoffs.iter().map(total).sum::<Option<f64>>()
        };
        let (own, other) = (error(model), error(self.forecast.without_others()));
        self.measure == Measure::Absolute || own.zip(other).is_some_and(|(own, other)| own <= other)
    }

    /// What one unit of loss is on this item: the scale of MASE, or the square of RMSSE's.
    fn scale(&self, model: &str) -> Option<f64> {
        let accuracy = self.forecast.scores.iter().find(|s| *s.model == *model)?.accuracy?;
        let scale = match self.measure {
            Measure::Absolute => accuracy.mae? / accuracy.mase?,
            Measure::Squared => (accuracy.rmse? / accuracy.rmsse?).powi(2),
        };
        (scale > 0.0 && scale.is_finite()).then_some(scale)
    }
}

/// A challenger over all items.
pub(super) struct Pooled {
    pub(super) measure: Measure,
    /// Items that it was compared on.
    pub(super) items: usize,
    /// Its mean error over them: MASE or RMSSE.
    pub(super) error: f64,
    pub(super) rivals: Vec<Rival>,
}

/// One rival of a challenger over the items that both have.
pub(super) struct Rival {
    pub(super) name: &'static str,
    /// Its error: MASE or RMSSE.
    pub(super) error: f64,
    /// The challenger's error over the same items.
    pub(super) own: f64,
    /// The pooled test's p-value; `None` when there are too few items, origins or periods.
    pub(super) p: Option<f64>,
}

impl Pooled {
    /// Whether the challenger beats every rival beyond chance.
    pub(super) fn is_better(&self) -> bool {
        let beats = |r: &Rival| r.own < r.error && r.p.is_some_and(|p| p < CHANCE);
        !self.rivals.is_empty() && self.rivals.iter().all(beats)
    }

    /// The rival that comes nearest, or is furthest ahead.
    pub(super) fn best(&self) -> Option<&Rival> {
        self.rivals.iter().min_by(|a, b| (a.error / a.own).total_cmp(&(b.error / b.own)))
    }

    /// The largest p-value; `None` unless every rival was tested.
    pub(super) fn largest_p(&self) -> Option<f64> {
        let largest = self.rivals.iter().try_fold(0.0, |largest, r| Some(f64::max(largest, r.p?)));
        largest.filter(|_| !self.rivals.is_empty())
    }
}

/// Pools a challenger's comparisons over the items of a measure.
pub(super) fn pool(items: &[Item<'_>], model: &str, measure: Measure) -> Pooled {
    let of_measure: Vec<&Item<'_>> = items.iter().filter(|i| i.measure == measure).collect();
    let compared = |i: &&Item<'_>| i.against(model).is_some();
    let own = of_measure.iter().filter(|i| compared(i)).filter_map(|i| i.error(model));
    let (count, error) = mean(own);
    let combined = |i: &&Item<'_>| RIVALS[4..].contains(&&**i.forecast.without_others());
    let is_new = |name: &str| name != AUTOMATIC || !of_measure.iter().all(combined);
    let rivals = POOLED.into_iter().filter(|name| *name != model && is_new(name));
    let rivals = rivals.filter_map(|name| rival(&of_measure, model, name));
    // One that few items have says little of the panel.
    let rivals = rivals.filter(|(items, _)| 2 * items >= count).map(|(_, rival)| rival).collect();
    Pooled { measure, items: count, error, rivals }
}

/// One rival and the number of items on which it is one; `None` where it is on none.
fn rival(items: &[&Item<'_>], model: &str, name: &'static str) -> Option<(usize, Rival)> {
    let mut by_period: BTreeMap<Period, (f64, usize)> = BTreeMap::new();
    let (mut origins, mut errors, mut steps) = (BTreeSet::new(), Vec::new(), 1);
    let mut is_seasonal = false;
    for item in items.iter().filter(|i| i.against(model).is_some()) {
        let Some(rival) = item.as_rival(name).filter(|rival| *rival != model) else { continue };
        let Some(scale) = item.scale(model) else { continue };
        let Some((own, other)) = item.fitted(model).zip(item.fitted(rival)) else { continue };
        is_seasonal |= rival == "seasonal-naive";
        errors.extend(item.error(model).zip(item.error(rival)));
        origins.extend(item.forecast.cutoffs.iter().map(|c| c.start));
        steps = steps.max(item.steps);
        for ((period, a), b) in item.periods.iter().zip(&own.losses).zip(&other.losses) {
            let entry = by_period.entry(*period).or_default();
            *entry = (entry.0 + (a - b) / scale, entry.1 + 1);
        }
    }
    let (count, own) = mean(errors.iter().map(|(own, _)| *own));
    let (_, error) = mean(errors.iter().map(|(_, other)| *other));
    if count == 0 {
        return None;
    }
    let differences: Vec<f64> = by_period.values().map(|(sum, n)| sum / *n as f64).collect();
    let nothing = vec![0.0; differences.len()];
    let is_enough = count >= FEWEST_POOLED && origins.len() >= 2;
    let test = || diebold_mariano_bartlett(&differences, &nothing, steps).map(|found| found.p);
    let name = if name == "seasonal-naive" && !is_seasonal { "naive" } else { name };
    Some((count, Rival { name, error, own, p: if is_enough { test() } else { None } }))
}

impl Item<'_> {
    /// The model that stands for a rival on this item.
    fn as_rival<'s>(&'s self, name: &'s str) -> Option<&'s str> {
        let name = match name {
            AUTOMATIC => self.forecast.without_others(),
            "seasonal-naive" if self.fitted(name).is_none() => "naive",
            name => name,
        };
        self.fitted(name).map(|f| f.name)
    }

    /// MASE or RMSSE.
    fn error(&self, model: &str) -> Option<f64> {
        let accuracy = self.forecast.scores.iter().find(|s| *s.model == *model)?.accuracy?;
        if self.measure == Measure::Squared { accuracy.rmsse } else { accuracy.mase }
    }
}

/// How many there are, and their mean.
fn mean(values: impl Iterator<Item = f64>) -> (usize, f64) {
    let (count, sum) = values.fold((0_usize, 0.0), |(n, sum), v| (n + 1, sum + v));
    (count, if count > 0 { sum / count as f64 } else { 0.0 })
}
