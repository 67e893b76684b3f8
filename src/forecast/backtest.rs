//! Rolling-origin backtest: every fold fits the method anew on what was known at its origin.
//!
//! Fold `k = 1, 2, …` sees `y[0 .. n − k·h]` and forecasts the next `h` periods, so that folds don't overlap and the last
//! one ends with the history. A training part must keep half of the history (and two seasons, when a fold of length `h`
//! fits behind them); in a short history `h` is capped at a third of it, and there are fewer folds than asked for.

use super::accuracy::{Errors, Tally};
use super::intervals::{ALWAYS, bounds, floor, quantiles, sum_deviations};
use super::method::Fit;
use crate::model::Accuracy;
use crate::text;
use crate::words::Text;

/// One origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fold {
    /// Periods that the model sees.
    pub(crate) origin: usize,
    /// Periods that it forecasts.
    pub(crate) steps: usize,
}

/// What a backtest found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trial {
    /// Errors over the folds that the method could fit; `None` when it could fit none.
    pub(crate) accuracy: Option<Accuracy>,
    /// Mean absolute error per step ahead, units.
    pub(crate) by_step: Vec<f64>,
    /// Absolute errors of every fold and step, oldest fold first; empty unless every fold was fitted.
    pub(crate) errors: Vec<f64>,
    /// What was forecast in every fold, newest first; empty where a fold could not be fitted.
    pub(crate) means: Vec<Vec<f64>>,
    /// Standard deviation stated in every fold of the demand of the first `n` steps together, newest first.
    pub(crate) spreads: Vec<Vec<f64>>,
    /// Errors in units of the intervals.
    pub(crate) scaled: Errors,
    /// Why some or all folds are missing; empty when none is.
    pub(crate) note: Text,
    /// True when every fold was fitted, so that the errors compare with those of other methods.
    pub(crate) complete: bool,
}

/// The folds of a history of `n` periods, latest origin first; empty when `n < 2`.
pub(crate) fn folds(n: usize, season: usize, horizon: usize, wanted: usize) -> Vec<Fold> {
    if n < 2 {
        return Vec::new();
    }
    let steps = horizon.min(n / 3).max(1);
    let two_seasons = 2 * season + 1;
    let shortest = if season > 1 && two_seasons + steps <= n { two_seasons.max(n / 2) } else { n.div_ceil(2) };
    (1..=wanted.max(1))
        .map_while(|k| n.checked_sub(k * steps).filter(|origin| *origin >= shortest))
        .map(|origin| Fold { origin, steps })
        .collect()
}

/// Gathers the errors of a method's sound fits, one per fold or the reason why there is none.
pub(crate) fn score(y: &[f64], season: usize, folds: &[Fold], fits: &[Result<Fit, Text>]) -> Trial {
    let mut tally = Tally::new();
    let mut refusal = Text::default();
    let mut trial = Trial::default();
    let mut fitted = 0;
    for (fold, fit) in folds.iter().zip(fits) {
        let (history, actual) = (&y[..fold.origin], &y[fold.origin..fold.origin + fold.steps]);
        match fit {
            Ok(fit) => {
                let floor = floor(history);
                let mean: Vec<f64> = fit.mean.iter().map(|v| v.max(floor)).collect();
                tally.add(history, season, actual, &mean);
                let intervals = bounds(fit, &ALWAYS, floor);
                tally.add_bounds(actual, [&intervals[0], &intervals[1]]);
                trial.scaled.add(actual, &mean, &intervals[0]);
                tally.add_quantiles(actual, &quantiles(fit, floor));
                trial.means.push(mean);
                trial.spreads.push(sum_deviations(fit, floor));
                fitted += 1;
            }
            Err(reason) => {
                refusal = reason.clone();
                trial.means.push(Vec::new());
                trial.spreads.push(Vec::new());
            }
        }
    }
    trial.complete = fitted == folds.len() && fitted > 0;
    trial.note = if trial.complete { Text::default() } else { missing(fitted, folds.len(), &refusal) };
    trial.accuracy = (fitted > 0).then(|| tally.accuracy());
    let errors = |(fold, mean): (&Fold, &Vec<f64>)| -> Vec<f64> {
        y[fold.origin..].iter().zip(mean).map(|(a, f)| (a - f).abs()).collect()
    };
    let errors: Vec<Vec<f64>> = folds.iter().zip(&trial.means).map(errors).collect();
    let steps = folds.iter().map(|f| f.steps).max().unwrap_or(0);
    trial.by_step = (0..steps)
        .map_while(|h| {
            let at: Vec<f64> = errors.iter().filter_map(|e| e.get(h).copied()).collect();
            (!at.is_empty()).then(|| at.iter().sum::<f64>() / at.len() as f64)
        })
        .collect();
    if trial.complete {
        trial.errors = errors.into_iter().rev().flatten().collect();
    }
    trial
}

/// What is said of a fit with numbers that aren't finite.
pub(crate) fn unstable() -> Text {
    text!("The model is numerically unstable on this history", "该模型在这段历史上数值不稳定")
}

fn missing(fitted: usize, folds: usize, refusal: &Text) -> Text {
    if folds == 0 {
        return text!("The history is too short for a backtest.", "历史太短，无法回测。");
    }
    let count = text!("Fitted in {fitted} of {folds} backtest folds.", "在 {folds} 个回测折中拟合了 {fitted} 个。");
    count.then(refusal)
}
