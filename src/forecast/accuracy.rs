//! How wrong a forecast was.
//!
//! Errors of several folds are gathered in a [`Tally`]; each fold scales MASE and RMSSE by its own history. Measures
//! that are undefined (a percentage of zero, a scale of zero) are `None`, never infinite.

use crate::model::{Accuracy, Interval};

/// Mean absolute and mean squared in-sample error of the seasonal naive forecast, the scales of MASE (Hyndman & Koehler
/// 2006, *Another look at measures of forecast accuracy*, Int. J. Forecasting 22) and RMSSE (Makridakis, Spiliotis &
/// Assimakopoulos 2022, *M5 accuracy competition*). With no more than one season of history the lag is 1.
pub(crate) fn scales(history: &[f64], season: usize) -> Option<(f64, f64)> {
    let lag = if history.len() > season { season.max(1) } else { 1 };
    if history.len() <= lag {
        return None;
    }
    let count = (history.len() - lag) as f64;
    let changes = || history[lag..].iter().zip(history).map(|(b, a)| b - a);
    Some((changes().map(f64::abs).sum::<f64>() / count, changes().map(|c| c * c).sum::<f64>() / count))
}

/// Errors in units of the interval that was given for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors {
    /// `|error|` over the half-width of the 80 % interval on its side, per fold and step.
    pub(crate) ratios: Vec<f64>,
}

impl Errors {
    /// Adds a fold.
    pub(crate) fn add(&mut self, actual: &[f64], mean: &[f64], interval: &Interval) {
        let steps = actual.iter().zip(mean).zip(interval.lower.iter().zip(&interval.upper));
        self.ratios.extend(steps.filter_map(|((a, m), (low, high))| {
            let width = if a > m { high - m } else { m - low };
            (width > 0.0).then(|| (a - m).abs() / width)
        }));
    }
}

/// Errors gathered over folds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    count: usize,
    folds: usize,
    absolute: f64,
    squared: f64,
    signed: f64,
    actual: f64,
    percentage: f64,
    symmetric: f64,
    scaled: Option<f64>,
    squared_scaled: Option<f64>,
    inside: [usize; 2],
    with_bounds: bool,
    pinball: f64,
    with_quantiles: bool,
}

/// Quantiles whose pinball losses are averaged: nine evenly spaced ones. Twice their mean approximates the continuous ranked
/// probability score, the integral of twice the pinball loss over all quantiles (Gneiting & Ranjan 2011, *Comparing density
/// forecasts using threshold- and quantile-weighted scoring rules*, J. Business & Economic Statistics 29).
pub(crate) const QUANTILES: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

impl Tally {
    /// An empty tally.
    pub(crate) fn new() -> Self {
        Self { scaled: Some(0.0), squared_scaled: Some(0.0), ..Self::default() }
    }

    /// Adds a fold: what the model saw, what happened and what it had said, for as many steps as both have.
    pub(crate) fn add(&mut self, history: &[f64], season: usize, actual: &[f64], forecast: &[f64]) {
        let scales = scales(history, season);
        // A division by zero leaves infinity or NaN in its sum, and `accuracy` reads that as undefined.
        let scaled = |error: f64, scale: Option<f64>| scale.map(|s| error / s);
        self.folds += 1;
        for (a, f) in actual.iter().zip(forecast) {
            let error = (f - a).abs();
            self.count += 1;
            self.absolute += error;
            self.squared += error * error;
            self.signed += f - a;
            self.actual += a.abs();
            self.percentage += 100.0 * error / a.abs();
            let size = a.abs() + f.abs();
            self.symmetric += if size > 0.0 { 200.0 * error / size } else { 0.0 };
            self.scaled = self.scaled.zip(scaled(error, scales.map(|s| s.0))).map(|(s, v)| s + v);
            self.squared_scaled =
                self.squared_scaled.zip(scaled(error * error, scales.map(|s| s.1))).map(|(s, v)| s + v);
        }
    }

    /// Adds the fold's hits of the 80 and the 95 % interval, in this order.
    pub(crate) fn add_bounds(&mut self, actual: &[f64], intervals: [&Interval; 2]) {
        self.with_bounds = true;
        for (inside, interval) in self.inside.iter_mut().zip(intervals) {
            let bounds = interval.lower.iter().zip(&interval.upper);
            *inside += actual.iter().zip(bounds).filter(|(a, (low, high))| *low <= *a && *a <= *high).count();
        }
    }

    /// Adds the fold's quantile forecasts, `[quantile][step]` in the order of [`QUANTILES`].
    pub(crate) fn add_quantiles(&mut self, actual: &[f64], quantiles: &[Vec<f64>]) {
        self.with_quantiles = true;
        for (tau, forecast) in QUANTILES.iter().zip(quantiles) {
            self.pinball += actual.iter().zip(forecast).map(|(a, q)| pinball(*tau, *a, *q)).sum::<f64>();
        }
    }

    /// The measures.
    pub(crate) fn accuracy(&self) -> Accuracy {
        if self.count == 0 {
            return Accuracy::default();
        }
        let n = self.count as f64;
        let finite = |v: f64| Some(v).filter(|v| v.is_finite());
        let mean = |sum: f64| finite(sum / n);
        Accuracy {
            count: self.count,
            folds: self.folds,
            mae: mean(self.absolute),
            mse: mean(self.squared),
            rmse: finite((self.squared / n).sqrt()),
            mape: mean(self.percentage),
            smape: mean(self.symmetric),
            wape: finite(100.0 * self.absolute / self.actual),
            mase: self.scaled.and_then(mean),
            rmsse: self.squared_scaled.and_then(|s| finite((s / n).sqrt())),
            bias: mean(self.signed),
            pinball: self.with_quantiles.then_some(self.pinball / QUANTILES.len() as f64).and_then(mean),
            crps: self.with_quantiles.then_some(2.0 * self.pinball / QUANTILES.len() as f64).and_then(mean),
            coverage80: self.with_bounds.then_some(self.inside[0] as f64 / n),
            coverage95: self.with_bounds.then_some(self.inside[1] as f64 / n),
        }
    }
}

/// Pinball loss of the quantile `tau` (Koenker & Bassett 1978): `τ·(y − q)` when the actual is above, `(1 − τ)·(q − y)`
/// when it is below.
pub(crate) fn pinball(tau: f64, actual: f64, quantile: f64) -> f64 {
    if actual >= quantile { tau * (actual - quantile) } else { (1.0 - tau) * (quantile - actual) }
}
