//! Forecasts, and the models that were compared for them.

use super::accuracy::ModelScore;
use super::calendar::Period;
use super::sales::SeriesId;
use super::scenario::Change;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One model's forecast of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Whose demand it is.
    pub id: SeriesId,
    /// Name of the model as on the command line: `naive`, `ets`, `arima`, `lstm`, …
    pub model: Arc<str>,
    /// The first period forecast.
    pub start: Period,
    /// Expected demand per period, `mean[h]`, `h = 0..horizon`.
    pub mean: Vec<f64>,
    /// Prediction intervals, narrowest first.
    pub intervals: Vec<Interval>,
    /// Demand paths drawn from the same distribution as the intervals; what stock and dispatch simulate on.
    pub paths: Arc<SamplePaths>,
    /// One-step-ahead fitted values aligned with the history's end; may be shorter than it or empty.
    pub fitted: Vec<f64>,
    /// What was estimated, for example `α = 0.31`.
    pub parameters: Vec<Parameter>,
    /// How the model came about, in one or two sentences.
    pub why: Text,
}

impl Forecast {
    /// The same forecast after demand changes, applied in order to mean, intervals and paths alike; demand that would
    /// turn negative by a change becomes 0.
    #[must_use]
    pub fn with_demand(&self, changes: &[Change]) -> Self {
        if changes.is_empty() {
            return self.clone();
        }
        let changed = |y: f64| changes.iter().fold(y, |y, change| change.apply(y)).max(0.0);
        let all = |values: &[f64]| values.iter().map(|y| changed(*y)).collect::<Vec<f64>>();
        let mut forecast = self.clone();
        forecast.mean = all(&self.mean);
        for interval in &mut forecast.intervals {
            interval.lower = all(&interval.lower);
            interval.upper = all(&interval.upper);
        }
        let values = self.paths.values.iter().map(|y| changed(f64::from(*y)) as f32).collect();
        forecast.paths = Arc::new(SamplePaths { steps: self.paths.steps, values });
        forecast
    }

    /// The same forecast with every step's demand `periods` later, or earlier when negative. Steps that nothing moves to
    /// repeat the first one's demand, or the last one's: the level goes on.
    #[must_use]
    pub fn delayed(&self, periods: i64) -> Self {
        let steps = self.mean.len();
        if periods == 0 || steps == 0 {
            return self.clone();
        }
        let from = |h: usize| (h as i64).saturating_sub(periods).clamp(0, steps as i64 - 1) as usize;
        let all = |values: &[f64]| (0..steps).filter_map(|h| values.get(from(h)).copied()).collect::<Vec<f64>>();
        let mut forecast = self.clone();
        forecast.mean = all(&self.mean);
        for interval in &mut forecast.intervals {
            interval.lower = all(&interval.lower);
            interval.upper = all(&interval.upper);
        }
        if self.paths.steps == steps {
            let moved = self.paths.iter().flat_map(|path| (0..steps).map(|h| path[from(h)])).collect();
            forecast.paths = Arc::new(SamplePaths { steps, values: moved });
        }
        forecast
    }

    /// The same forecast with another mean per step; intervals and paths move along.
    ///
    /// Where the mean is positive and the new one not negative, the step is scaled: relative uncertainty stays and nothing
    /// turns negative. A mean that grows more than [`MOST_GROWTH`]-fold is scaled by that much and shifted by the rest,
    /// so that one rare sale doesn't become a flood. Otherwise the step is shifted. A `mean` shorter than the horizon
    /// leaves the later steps alone.
    #[must_use]
    pub fn with_mean(&self, mean: &[f64]) -> Self {
        let moves = self.mean.iter().enumerate().map(|(h, old)| step_move(*old, *mean.get(h)?));
        let moves: Vec<Option<(f64, f64)>> = moves.collect();
        if moves.iter().all(Option::is_none) {
            return self.clone();
        }
        let moved = |h: usize, y: f64| moves[h].map_or(y, |(scale, shift)| scale * y + shift);
        let all = |values: &[f64]| values.iter().enumerate().map(|(h, y)| moved(h, *y)).collect::<Vec<f64>>();
        let mut forecast = self.clone();
        forecast.mean.iter_mut().zip(mean).for_each(|(old, new)| *old = *new);
        for interval in &mut forecast.intervals {
            interval.lower = all(&interval.lower);
            interval.upper = all(&interval.upper);
        }
        let mut values = self.paths.values.clone();
        for path in values.chunks_exact_mut(self.paths.steps.max(1)) {
            path.iter_mut().enumerate().for_each(|(h, y)| *y = moved(h, f64::from(*y)).clamp(-LARGEST, LARGEST) as f32);
        }
        forecast.paths = Arc::new(SamplePaths { steps: self.paths.steps, values });
        forecast
    }

    /// The bounds at `level` percent, when they were computed.
    pub fn interval(&self, level: f64) -> Option<&Interval> {
        self.intervals.iter().find(|i| (i.level - level).abs() < 1e-9)
    }
}

/// Largest factor by which [`Forecast::with_mean`] stretches a distribution.
pub const MOST_GROWTH: f64 = 10.0;
/// Largest value that fits a path, far beyond any demand.
const LARGEST: f64 = 1e38;

/// Factor and shift that take a step's mean to the new one; `None` when it stays.
fn step_move(old: f64, new: f64) -> Option<(f64, f64)> {
    if new.to_bits() == old.to_bits() {
        return None;
    }
    if old > 0.0 && new >= 0.0 {
        let scale = (new / old).min(MOST_GROWTH);
        return Some((scale, if scale < MOST_GROWTH { 0.0 } else { (new - scale * old).max(0.0) }));
    }
    Some((1.0, new - old))
}

/// A named number that a model estimated or was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The field's symbol: `ar1`, `alpha`, `sigma2`, `loglik`, …
    pub name: String,
    /// Its value.
    pub value: f64,
}

impl Parameter {
    /// A parameter by name.
    pub fn new(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), value }
    }
}

/// A prediction interval for every step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Nominal coverage in percent, in `(0, 100)`: 80, 95.
    pub level: f64,
    /// Lower bound per step.
    pub lower: Vec<f64>,
    /// Upper bound per step.
    pub upper: Vec<f64>,
}

/// Simulated futures, `[path, step]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SamplePaths {
    steps: usize,
    values: Vec<f32>,
}

impl SamplePaths {
    /// Paths from a row-major table `[path, step]`.
    ///
    /// # Panics
    /// When `values` is not a whole number of paths: a bug of the caller.
    pub fn new(steps: usize, values: Vec<f32>) -> Self {
        assert!(steps > 0 && values.len().is_multiple_of(steps), "values are whole paths");
        Self { steps, values }
    }

    /// Steps per path.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Number of paths.
    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.steps).unwrap_or(0)
    }

    /// True when there is no path.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The paths, one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.steps.max(1))
    }

    /// The table `[path, step]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

/// Everything known about the future of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesForecast {
    /// Whose demand it is.
    pub id: SeriesId,
    /// Index into [`candidates`](Self::candidates) of the model chosen.
    pub chosen: usize,
    /// Forecast of every model that could be fitted; never empty.
    pub candidates: Vec<Forecast>,
    /// Backtest of every model asked for, best first, the refused ones last.
    pub scores: Vec<ModelScore>,
    /// The backtest's origins, newest first: what was forecast then and what came. Empty in panels too large to keep them.
    #[serde(default)]
    pub cutoffs: Vec<Cutoff>,
    /// The automatic choice, where a model named beside the automatic ones was taken instead of it.
    #[serde(default)]
    pub automatic: Option<Arc<str>>,
    /// Why this model was chosen.
    pub why: Text,
}

/// One origin of a backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cutoff {
    /// The first period forecast.
    pub start: Period,
    /// Demand that came, per step.
    pub actual: Vec<f64>,
    /// What each model had forecast, in the order of [`SeriesForecast::scores`]; models without a forecast here are left out.
    pub forecasts: Vec<CutoffForecast>,
}

/// What a model had forecast at an origin, by what was known then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CutoffForecast {
    /// Name of the model.
    pub model: Arc<str>,
    /// Expected demand per step.
    pub mean: Vec<f64>,
    /// Standard deviation of the demand of the first `n` steps together, `n = 1..`, as the model stated it then, units. Sums,
    /// since stock covers them: a model whose errors last says more of three steps than three independent ones. Empty when it
    /// isn't known.
    #[serde(default)]
    pub spread: Vec<f64>,
}

impl Cutoff {
    /// What a model had forecast here.
    pub fn of(&self, model: &str) -> Option<&CutoffForecast> {
        self.forecasts.iter().find(|f| *f.model == *model)
    }
}

impl SeriesForecast {
    /// The forecast of the model chosen.
    pub fn best(&self) -> &Forecast {
        &self.candidates[self.chosen.min(self.candidates.len() - 1)]
    }

    /// The model that the automatic shortlist alone would choose.
    pub fn without_others(&self) -> &Arc<str> {
        self.automatic.as_ref().unwrap_or(&self.best().model)
    }

    /// Puts a forecast among the candidates, in place of the one by the same model; returns its index.
    pub fn put(&mut self, forecast: Forecast) -> usize {
        if let Some(k) = self.candidates.iter().position(|c| c.model == forecast.model) {
            self.candidates[k] = forecast;
            return k;
        }
        self.candidates.push(forecast);
        self.candidates.len() - 1
    }

    /// The backtest score of the model chosen.
    pub fn best_score(&self) -> Option<&ModelScore> {
        self.scores.iter().find(|s| s.model == self.best().model)
    }
}
