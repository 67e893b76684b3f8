//! Rolling-origin backtest: every fold fits the method anew on what was known at its origin.
//!
//! Fold `k = 1, 2, …` sees `y[0 .. n − k·h]` and forecasts the next `h` periods, so that folds don't overlap and the last
//! one ends with the history. A training part must keep half of the history (and two seasons, when a fold of length `h`
//! fits behind them); in a short history `h` is capped at a third of it, and there are fewer folds than asked for.

use super::Options;
use super::accuracy::Tally;
use super::intervals::{ALWAYS, bounds, floor, is_sound};
use super::method::{FitError, Method, Task};
use super::seed::seed_of;
use crate::control::{Cancelled, Control};
use crate::model::{Accuracy, Series};
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
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    /// Errors over the folds that the method could fit; `None` when it could fit none.
    pub(crate) accuracy: Option<Accuracy>,
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

/// Fits `method` in every fold and gathers its errors.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn backtest(
    method: &dyn Method,
    series: &Series,
    folds: &[Fold],
    options: &Options,
    control: &Control,
) -> Result<Trial, Cancelled> {
    let season = series.start.frequency().season_length();
    let (name, y) = (method.name(), &series.values);
    let mut tally = Tally::new();
    let mut refusal = Text::default();
    let mut fitted = 0;
    for (k, fold) in folds.iter().enumerate() {
        let part = control.part(k as f64 / folds.len() as f64, (k + 1) as f64 / folds.len() as f64);
        part.check()?;
        let history = &y[..fold.origin];
        let actual = &y[fold.origin..fold.origin + fold.steps];
        let seed = seed_of(options.seed, &series.id, &name, k + 1);
        let drivers = options.matrix(&series.id);
        let task = Task { y: history, season, horizon: fold.steps, options, seed, drivers };
        match method.fit(&task, &part) {
            Ok(fit) if is_sound(&fit, fold.steps) => {
                let floor = floor(history);
                let mean: Vec<f64> = fit.mean.iter().map(|v| v.max(floor)).collect();
                tally.add(history, season, actual, &mean);
                let intervals = bounds(&fit, &ALWAYS, floor);
                tally.add_bounds(actual, [&intervals[0], &intervals[1]]);
                fitted += 1;
            }
            Ok(_) => refusal = unstable(),
            Err(FitError::Refused(reason)) => refusal = reason,
            Err(FitError::Cancelled(cancelled)) => return Err(cancelled),
        }
    }
    let complete = fitted == folds.len() && fitted > 0;
    let note = if complete { Text::default() } else { missing(fitted, folds.len(), &refusal) };
    Ok(Trial { accuracy: (fitted > 0).then(|| tally.accuracy()), note, complete })
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
