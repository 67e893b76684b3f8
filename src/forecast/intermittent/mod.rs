//! Methods for demand that comes now and then: size and frequency are smoothed apart.

mod class;
mod croston;
mod tsb;

pub(crate) use class::{Pattern, classify};
pub(crate) use croston::{Croston, Variant};
pub(crate) use tsb::Tsb;

use super::method::{Spread, Task};
use super::seed::generator;
use crate::model::SamplePaths;
use crate::text;
use crate::words::Text;
use rand::RngExt;

/// Smoothing parameters tried when none is given: 0.05, 0.06, …, 0.30 (the range that Syntetos & Boylan 2005 find
/// useful, a little widened). One dimension, 26 points: the search is exact and can't be trapped.
const STEPS: std::ops::RangeInclusive<u32> = 5..=30;
/// Taken when there are fewer observations than [`FEW`].
const USUAL_ALPHA: f64 = 0.1;
/// Fewer demands than this don't carry an estimate of their smoothing parameter.
const FEW: usize = 4;

/// Exponential smoothing of `x` from its first value: the level after each value.
fn smooth(x: &[f64], alpha: f64) -> Vec<f64> {
    let mut level = x.first().copied().unwrap_or(0.0);
    let mut levels = Vec::with_capacity(x.len());
    for (t, v) in x.iter().enumerate() {
        if t > 0 {
            level += alpha * (v - level);
        }
        levels.push(level);
    }
    levels
}

/// The parameter with the smallest squared one-step error of [`smooth`].
fn best_alpha(x: &[f64]) -> f64 {
    if x.len() < FEW {
        return USUAL_ALPHA;
    }
    let mut best = (f64::INFINITY, USUAL_ALPHA);
    for step in STEPS {
        let alpha = f64::from(step) / 100.0;
        let levels = smooth(x, alpha);
        let error: f64 = x[1..].iter().zip(&levels).map(|(v, l)| (v - l).powi(2)).sum();
        if error < best.0 {
            best = (error, alpha);
        }
    }
    best.1
}

/// Why a history can't be split into demands and pauses; `None` when it can.
fn refusal(y: &[f64]) -> Option<Text> {
    if y.iter().any(|v| *v < 0.0) {
        return Some(text!(
            "Croston's methods need demand without negative values (net returns)",
            "Croston 类方法要求需求没有负值（净退货）"
        ));
    }
    let count = y.iter().filter(|v| **v > 0.0).count();
    (count < 2).then(|| {
        text!(
            "Croston's methods need at least 2 periods with demand; there are {count}",
            "Croston 类方法至少需要 2 个有需求的期间；现有 {count} 个"
        )
    })
}

/// Paths in which a period has demand with `probability`, its size drawn from the sizes seen.
///
/// A smoothed size is a weighted mean of the sizes seen, weights `α(1−α)^k` into the past and the rest on the first;
/// drawing with those weights makes the paths' mean the forecast, and keeps sizes that really occur (after Willemain,
/// Smart & Schwarz 2004, *A new approach to forecasting intermittent demand*, Int. J. Forecasting 20).
fn simulate(task: &Task<'_>, sizes: &[f64], alpha: f64, probability: f64) -> Spread {
    let mut rng = generator(task.seed);
    let last = sizes.len() - 1;
    let mut values = Vec::with_capacity(task.options.paths.max(1) * task.horizon);
    for _ in 0..task.options.paths.max(1) * task.horizon {
        let hit: f64 = rng.random();
        let back: f64 = rng.random();
        if hit >= probability {
            values.push(0.0);
            continue;
        }
        // P(k steps back) = α(1−α)^k, so k = ⌊ln u / ln(1−α)⌋; beyond the first size, the first.
        let k = if alpha >= 1.0 { 0.0 } else { ((1.0 - back).ln() / (1.0 - alpha).ln()).floor() };
        let k = if k.is_finite() { (k as usize).min(last) } else { last };
        values.push(sizes[last - k] as f32);
    }
    Spread::Paths(SamplePaths::new(task.horizon, values))
}
