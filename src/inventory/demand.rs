//! A forecast's demand as decisions read it: so that deciding again costs no pass over the sample paths.

use super::inputs::{LARGEST, amount};
use super::safety_stock::{IntervalDemand, normal_quantile};
use crate::model::{Forecast, Period, SamplePaths};
use std::borrow::Cow;

/// Demand over the first `periods` of a forecast.
///
/// The mean is the sum of the forecast mean, the last step by its fraction. The variance is that of the sample paths'
/// own sums over the interval, linear between whole numbers of periods: paths of independent demands give the
/// classical `L·σ_d²`, autocorrelated ones what they really give. Beyond the horizon, mean and variance go on growing
/// at their average rate. Without paths the prediction intervals give the spread (as normal and independent), and
/// without those it is 0.
pub fn interval_demand(forecast: &Forecast, periods: f64) -> IntervalDemand {
    Demand::of(forecast).interval(periods)
}

/// One item's demand.
#[derive(Debug, Clone)]
pub(super) struct Demand<'a> {
    pub(super) start: Period,
    /// Mean demand per period, units.
    pub(super) mean: Cow<'a, [f64]>,
    variances: Variances<'a>,
    paths: Option<&'a SamplePaths>,
    scale: f64,
}

/// Variance of the demand of the first `n` periods.
#[derive(Debug, Clone)]
enum Variances<'a> {
    /// Found on the paths when it is asked for.
    OfPaths(&'a SamplePaths),
    /// For `n = 0..`.
    Table(Cow<'a, [f64]>),
}

impl<'a> Demand<'a> {
    /// Demand by a forecast.
    pub(super) fn of(forecast: &'a Forecast) -> Self {
        let variances = if forecast.paths.len() > 1 {
            Variances::OfPaths(&forecast.paths)
        } else {
            Variances::Table(Cow::Owned(running_sums(&interval_variances(forecast))))
        };
        let (start, mean) = (forecast.start, Cow::Borrowed(forecast.mean.as_slice()));
        Self { start, mean, variances, paths: Some(&forecast.paths), scale: 1.0 }
    }

    /// Demand as stated by a mean per period and the standard deviation of the demand of the first `n` periods, `n = 1..`;
    /// certain where there is none.
    pub(super) fn stated(start: Period, mean: &'a [f64], spread: &[f64]) -> Self {
        let variances: Vec<f64> = if spread.is_empty() {
            vec![0.0; mean.len() + 1]
        } else {
            std::iter::once(0.0).chain(spread.iter().map(|sd| amount(*sd).powi(2))).collect()
        };
        let variances = Variances::Table(Cow::Owned(variances));
        Self { start, mean: Cow::Borrowed(mean), variances, paths: None, scale: 1.0 }
    }

    /// See [`interval_demand`].
    pub(super) fn interval(&self, periods: f64) -> IntervalDemand {
        let periods = amount(periods);
        let sum = |n: usize| self.mean[..n].iter().map(|&d| amount(d)).sum::<f64>();
        let mean = stretched(periods, self.mean.len(), sum);
        let variance = match &self.variances {
            Variances::OfPaths(paths) => stretched(periods, paths.steps(), |n| variance_of_sums(paths, n)),
            Variances::Table(table) => stretched(periods, table.len().saturating_sub(1), |n| table[n]),
        };
        let first = self.mean.first().map_or(0.0, |&d| amount(d));
        let per_period = if periods > 0.0 { mean / periods } else { first };
        let sd = (variance * self.scale * self.scale).max(0.0).sqrt();
        IntervalDemand { periods, mean: mean.min(LARGEST), sd: sd.min(LARGEST), per_period }
    }

    /// Each path's demand over its own number of periods, units; `None` with fewer than two paths.
    pub(super) fn sums(&self, periods: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
        let paths = self.paths.filter(|paths| paths.len() >= 2)?;
        let sum = |(k, path): (usize, &[f32])| self.scale * path_demand(path, periods(k));
        Some(paths.iter().enumerate().map(sum).collect())
    }
}

/// What is kept of a forecast to decide again and again.
#[derive(Debug, Clone)]
pub(super) struct DemandTable {
    start: Period,
    mean: Vec<f64>,
    /// Variance of the demand of the first `n` periods, `n = 0..`.
    variances: Vec<f64>,
}

impl DemandTable {
    pub(super) fn new(forecast: &Forecast) -> Self {
        let variances = match &Demand::of(forecast).variances {
            Variances::OfPaths(paths) => variances_of_sums(paths),
            Variances::Table(table) => table.to_vec(),
        };
        Self { start: forecast.start, mean: forecast.mean.clone(), variances }
    }

    /// The demand, times `scale`; with paths where quantiles are wanted.
    pub(super) fn demand<'a>(&'a self, scale: f64, paths: Option<&'a SamplePaths>) -> Demand<'a> {
        let is_as_forecast = (scale - 1.0).abs() < f64::EPSILON;
        let mean = if is_as_forecast {
            Cow::Borrowed(self.mean.as_slice())
        } else {
            Cow::Owned(self.mean.iter().map(|d| scale * amount(*d)).collect())
        };
        Demand { start: self.start, mean, variances: Variances::Table(Cow::Borrowed(&self.variances)), paths, scale }
    }
}

fn running_sums(steps: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain(steps.iter().map(|x| {
            sum += x;
            sum
        }))
        .collect()
}

/// Sample variance over the paths of the sums of their first `n` steps, for all `n` in one pass (Welford 1962).
fn variances_of_sums(paths: &SamplePaths) -> Vec<f64> {
    let steps = paths.steps();
    let mut means = vec![0.0; steps + 1];
    let mut squares = vec![0.0; steps + 1];
    for (k, path) in paths.iter().enumerate() {
        let mut sum = 0.0;
        for (n, d) in path.iter().enumerate() {
            sum += amount(f64::from(*d));
            let off = sum - means[n + 1];
            means[n + 1] += off / (k + 1) as f64;
            squares[n + 1] += off * (sum - means[n + 1]);
        }
    }
    squares.iter().map(|s| s / (paths.len().max(2) - 1) as f64).collect()
}

/// One path's demand over its first `periods`, the last step by its fraction, beyond its end at its average.
fn path_demand(path: &[f32], periods: f64) -> f64 {
    let step = |d: &f32| amount(f64::from(*d));
    if periods >= path.len() as f64 {
        return path.iter().map(step).sum::<f64>() * periods / path.len() as f64;
    }
    let whole = periods.floor() as usize;
    path[..whole].iter().map(step).sum::<f64>() + (periods - periods.floor()) * step(&path[whole])
}

/// `f` at a fractional number of steps: linear between whole ones, proportional beyond the last.
fn stretched(at: f64, steps: usize, f: impl Fn(usize) -> f64) -> f64 {
    if steps == 0 || at <= 0.0 {
        return 0.0;
    }
    if at >= steps as f64 {
        return f(steps) * at / steps as f64;
    }
    let whole = at.floor();
    let (below, fraction) = (f(whole as usize), at - whole);
    if fraction == 0.0 { below } else { below + fraction * (f(whole as usize + 1) - below) }
}

/// Sample variance over the paths of the sum of their first `n` steps.
fn variance_of_sums(paths: &SamplePaths, n: usize) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let sums: Vec<f64> = paths.iter().map(|path| path[..n].iter().map(|&d| amount(f64::from(d))).sum()).collect();
    let mean = sums.iter().sum::<f64>() / sums.len() as f64;
    sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (sums.len() - 1) as f64
}

/// Variance per step as the narrowest prediction interval implies it.
fn interval_variances(forecast: &Forecast) -> Vec<f64> {
    let Some(interval) = forecast.intervals.first() else { return vec![0.0; forecast.mean.len()] };
    let z = normal_quantile(0.5 + interval.level / 200.0).max(0.1);
    let width = interval.upper.iter().zip(&interval.lower).map(|(u, l)| amount(u - l));
    width.map(|w| (w / (2.0 * z)).powi(2)).collect()
}
