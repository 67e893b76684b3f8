//! From a fitted method to the forecast that the house sees: bounds and paths from one distribution.
//!
//! - [`Spread::Linear`]: step `h` is normal with variance `σ²·Σ_{j≤h} ψ[j]²` (Hyndman et al. 2008, section 6.1); bounds
//!   are its quantiles, paths are the same moving average of seeded shocks.
//! - [`Spread::Paths`]: bounds are the paths' empirical quantiles (linear between order statistics).
//!
//! When the history has no negative value, mean, bounds and paths end at 0: demand can't be taken back. The mean is the
//! model's, cut at 0, so the cut paths may average a little more than it.

use super::Options;
use super::accuracy::QUANTILES;
use super::method::{Fit, Spread};
use super::seed::generator;
use crate::model::{Forecast, Interval, Period, SamplePaths, SeriesId};
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};
use std::sync::Arc;

/// Nominal coverages that every forecast carries, percent.
pub(crate) const ALWAYS: [f64; 2] = [80.0, 95.0];
/// Paths leave as `f32`; anything larger is cut here, far beyond any demand.
const LARGEST: f64 = 1e38;

/// Whether paths are drawn as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Draw {
    /// Bounds and paths.
    Paths,
    /// Bounds only: the backtest, and candidates of a panel too large to keep all paths.
    BoundsOnly,
}

/// True when every number of the fit is finite and the shapes are as promised.
pub(crate) fn is_sound(fit: &Fit, horizon: usize) -> bool {
    let spread = match &fit.spread {
        Spread::Linear { psi, sigma } => {
            psi.len() == horizon && sigma.is_finite() && *sigma >= 0.0 && psi.iter().all(|p| p.is_finite())
        }
        Spread::Paths(paths) => {
            paths.steps() == horizon && !paths.is_empty() && paths.values().iter().all(|v| v.is_finite())
        }
    };
    let numbers = fit.mean.iter().chain(&fit.fitted).chain(fit.parameters.iter().map(|p| &p.value));
    spread && fit.mean.len() == horizon && numbers.into_iter().all(|v| v.is_finite())
}

/// The levels to compute: the user's and [`ALWAYS`], ascending, each once; nonsense is left out.
pub(crate) fn levels(options: &Options) -> Vec<f64> {
    let mut levels: Vec<f64> =
        options.levels.iter().copied().chain(ALWAYS).filter(|l| *l > 0.0 && *l < 100.0).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    levels
}

/// Where the numbers end below: 0 when the history has no negative value; a missing one is none.
pub(crate) fn floor(history: &[f64]) -> f64 {
    if history.iter().all(|v| *v >= 0.0 || v.is_nan()) { 0.0 } else { -LARGEST }
}

/// Lower and upper bounds per level of a sound fit.
pub(crate) fn bounds(fit: &Fit, levels: &[f64], floor: f64) -> Vec<Interval> {
    let cut = |v: f64| v.clamp(floor, LARGEST);
    match &fit.spread {
        Spread::Linear { psi, sigma } => {
            let deviations = deviations(psi, *sigma);
            let bound = |z: f64| fit.mean.iter().zip(&deviations).map(|(m, d)| cut(m + z * d)).collect::<Vec<_>>();
            let interval = |level: &f64| {
                let z = normal_quantile(0.5 + level / 200.0);
                Interval { level: *level, lower: bound(-z), upper: bound(z) }
            };
            levels.iter().map(interval).collect()
        }
        Spread::Paths(paths) => empirical(paths, levels, cut),
    }
}

/// The quantiles that accuracy is measured on, `[quantile][step]`, of a sound fit.
pub(crate) fn quantiles(fit: &Fit, floor: f64) -> Vec<Vec<f64>> {
    let cut = |v: f64| v.clamp(floor, LARGEST);
    match &fit.spread {
        Spread::Linear { psi, sigma } => {
            let deviations = deviations(psi, *sigma);
            let of = |tau: &f64| {
                let z = normal_quantile(*tau);
                fit.mean.iter().zip(&deviations).map(|(m, d)| cut(m + z * d)).collect()
            };
            QUANTILES.iter().map(of).collect()
        }
        Spread::Paths(paths) => path_quantiles(paths, &QUANTILES, cut),
    }
}

/// The forecast of a sound fit.
pub(crate) fn forecast(
    (id, model, start): (&SeriesId, &str, Period),
    fit: Fit,
    history: &[f64],
    options: &Options,
    seed: u64,
    draw: Draw,
) -> Forecast {
    let floor = floor(history);
    let paths = match draw {
        Draw::Paths => paths(&fit, options.paths.max(1), floor, seed),
        Draw::BoundsOnly => SamplePaths::default(),
    };
    Forecast {
        id: id.clone(),
        model: Arc::from(model),
        start,
        intervals: bounds(&fit, &levels(options), floor),
        mean: fit.mean.iter().map(|v| v.clamp(floor, LARGEST)).collect(),
        paths: Arc::new(paths),
        fitted: fit.fitted,
        parameters: fit.parameters,
        why: fit.why,
    }
}

/// Standard deviation of the demand of the first `n` steps together, `n = 1..`.
///
/// By a moving average of shocks, `σ²·Σ_{k≤n} Ψ[k]²` with `Ψ[k]` the sum of the first `k` weights; nothing is cut at the
/// floor there. Otherwise that of the paths' sums, cut as they leave.
pub(crate) fn sum_deviations(fit: &Fit, floor: f64) -> Vec<f64> {
    let steps = fit.mean.len();
    let bounded = |variance: f64| variance.max(0.0).sqrt().min(LARGEST);
    match &fit.spread {
        Spread::Linear { psi, sigma } => {
            let (mut weight, mut sum) = (0.0, 0.0);
            let deviation = |p: &f64| {
                weight += p;
                sum += weight * weight;
                bounded(sigma * sigma * sum)
            };
            psi.iter().map(deviation).collect()
        }
        Spread::Paths(paths) => {
            // Welford 1962, for all numbers of steps in one pass.
            let (mut means, mut squares) = (vec![0.0; steps], vec![0.0; steps]);
            for (k, path) in paths.iter().enumerate() {
                let mut sum = 0.0;
                for ((d, mean), square) in path.iter().zip(&mut means).zip(&mut squares) {
                    sum += f64::from(*d).clamp(floor, LARGEST);
                    let off = sum - *mean;
                    *mean += off / (k + 1) as f64;
                    *square += off * (sum - *mean);
                }
            }
            squares.iter().map(|s| bounded(s / (paths.len().max(2) - 1) as f64)).collect()
        }
    }
}

/// Standard deviation per step.
fn deviations(psi: &[f64], sigma: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let deviation = |p: &f64| {
        sum += p * p;
        sigma * sum.sqrt()
    };
    psi.iter().map(deviation).collect()
}

fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p.clamp(1e-12, 1.0 - 1e-12))
}

/// Bounds per level from the quantiles of the paths, `cut` applied to each.
pub(crate) fn empirical(paths: &SamplePaths, levels: &[f64], cut: impl Fn(f64) -> f64) -> Vec<Interval> {
    let tails = levels.iter().map(|level| 0.5 - level / 200.0);
    let both: Vec<f64> = tails.flat_map(|tail| [tail, 1.0 - tail]).collect();
    let mut values = path_quantiles(paths, &both, cut).into_iter();
    let mut next = || values.next().expect("two quantiles a level");
    levels.iter().map(|level| Interval { level: *level, lower: next(), upper: next() }).collect()
}

/// Quantiles of the paths, `[quantile][step]`, `cut` applied to each.
fn path_quantiles(paths: &SamplePaths, taus: &[f64], cut: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = taus.iter().map(|_| Vec::with_capacity(paths.steps())).collect();
    let mut column = Vec::with_capacity(paths.len());
    for h in 0..paths.steps() {
        column.clear();
        column.extend(paths.iter().map(|p| f64::from(p[h])));
        column.sort_by(f64::total_cmp);
        for (values, tau) in found.iter_mut().zip(taus) {
            values.push(cut(quantile(&column, *tau)));
        }
    }
    found
}

/// Quantile of ascending values, linear between order statistics (Hyndman & Fan 1996, type 7).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let position = p * (sorted.len() - 1) as f64;
    let below = (position.floor() as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

fn paths(fit: &Fit, count: usize, floor: f64, seed: u64) -> SamplePaths {
    let horizon = fit.mean.len();
    let cut = |v: f64| v.clamp(floor, LARGEST) as f32;
    let (psi, sigma) = match &fit.spread {
        Spread::Linear { psi, sigma } => (psi, *sigma),
        Spread::Paths(paths) => {
            return SamplePaths::new(horizon, paths.values().iter().map(|v| cut(f64::from(*v))).collect());
        }
    };
    let mut rng = generator(seed ^ 0x9e37_79b9_7f4a_7c15);
    // After the last weight that differs from its successor, all weights are equal and a running sum serves.
    let tail = psi.iter().rposition(|p| p.to_bits() != psi[horizon - 1].to_bits()).map_or(0, |k| k + 1);
    let constant = psi[horizon - 1];
    let mut values = Vec::with_capacity(count * horizon);
    let mut shocks = vec![0.0; horizon];
    for _ in 0..count {
        shocks.fill_with(|| sigma * Distribution::<f64>::sample(&StandardNormal, &mut rng));
        let mut old = 0.0;
        for (h, mean) in fit.mean.iter().enumerate() {
            if h >= tail {
                old += shocks[h - tail];
            }
            let recent: f64 = psi[..tail.min(h + 1)].iter().zip(shocks[..=h].iter().rev()).map(|(p, e)| p * e).sum();
            values.push(cut(mean + recent + constant * old));
        }
    }
    SamplePaths::new(horizon, values)
}
