//! A scale on which the spread doesn't grow with the level: `w = (yᵏ − 1)/k`, its logarithm for `k = 0` (Box & Cox 1964,
//! *An analysis of transformations*, J. Royal Statistical Society B 26; k is their λ).
//!
//! The model lives on that scale. The way back: bounds are the transformed scale's own, taken back; the mean is the
//! expectation of what was taken back, not the back-transform of the mean, which is the median and too low by the bias of
//! a curved function (Hyndman & Athanasopoulos 2021, *Forecasting: principles and practice*, §5.6).

use super::explain;
use super::paths::{sampled, variances};
use crate::forecast::method::{Fit, Spread};
use crate::model::{Parameter, SamplePaths};
use crate::words::Text;
use std::fmt;

/// Range of λ, given or found: beyond it a transformation only magnifies one end of the history.
const LEAST: f64 = -1.0;
const MOST: f64 = 2.0;
/// Steps of the first look for λ; the second looks between neighbours.
const GRID: usize = 60;
/// Bisections of the second look: λ to 1e-6.
const SHRINKS: usize = 30;
/// With λ below zero the scale ends at `−1/λ`, which stands for infinity: what lies beyond is cut at this many times the
/// history's largest value.
const BEYOND: f64 = 100.0;
/// Largest value of a path, which is kept as `f32`.
const LARGEST: f64 = 1e38;
/// The expectation is summed over the normal density at this many points from −6 to 6 deviations: exact to 1e-8 for a
/// smooth function.
const POINTS: usize = 97;
const REACH: f64 = 6.0;

/// The scale asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// By a given λ; 0 is the logarithm.
    Given(f64),
    /// By the λ that makes the spread of the seasons most alike (Guerrero 1993, *Time-series analysis supported by power
    /// transformations*, J. Forecasting 12).
    Found,
}

impl Scale {
    /// Reads `log`, `boxcox` or `boxcox=0.5`, λ from −1 to 2.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "log" => return Some(Self::Given(0.0)),
            "boxcox" => return Some(Self::Found),
            _ => {}
        }
        let lambda: f64 = word.strip_prefix("boxcox=")?.parse().ok()?;
        (LEAST..=MOST).contains(&lambda).then_some(Self::Given(lambda))
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(0.0) => f.write_str("log"),
            Self::Given(lambda) => write!(f, "boxcox={lambda}"),
            Self::Found => f.write_str("boxcox"),
        }
    }
}

/// A transformation and its inverse.
#[derive(Debug, Clone, Copy)]
pub(super) struct BoxCox {
    lambda: f64,
    top: f64,
}

impl BoxCox {
    /// For a history with NaN where a value is missing.
    ///
    /// # Errors
    /// The reason in words when a value has no transform: zero or below, or below zero with λ above 0.
    pub(super) fn of(y: &[f64], season: usize, scale: Scale) -> Result<Self, Text> {
        let (low, high) =
            y.iter().filter(|v| !v.is_nan()).fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
        let lambda = match scale {
            Scale::Given(lambda) => lambda,
            Scale::Found if low > 0.0 => guerrero(y, season),
            Scale::Found => return Err(explain::no_transform(low)),
        };
        if low < 0.0 || (low == 0.0 && lambda <= 0.0) {
            return Err(explain::no_transform(low));
        }
        Ok(Self { lambda, top: BEYOND * high })
    }

    /// Whether the scale is the logarithm.
    pub(super) fn is_log(&self) -> bool {
        self.lambda == 0.0
    }

    /// The values on the scale.
    pub(super) fn forward(&self, y: &[f64]) -> Vec<f64> {
        let of = |y: &f64| {
            if self.lambda == 0.0 { y.ln() } else { (self.lambda * y.ln()).exp_m1() / self.lambda }
        };
        y.iter().map(of).collect()
    }

    fn inverse(&self, w: f64) -> f64 {
        let scaled = self.lambda * w;
        if self.lambda == 0.0 {
            w.exp()
        } else if scaled > -1.0 {
            let value = (scaled.ln_1p() / self.lambda).exp();
            if self.lambda < 0.0 { value.min(self.top) } else { value }
        } else if self.lambda > 0.0 {
            0.0
        } else {
            self.top
        }
    }

    /// Expectation of the inverse of a normal variable: `exp(w + v/2)` for logarithms, a sum for other scales.
    fn expectation(&self, w: f64, variance: f64) -> f64 {
        if self.lambda == 0.0 {
            return (w + 0.5 * variance).exp();
        }
        let (deviation, step) = (variance.sqrt(), 2.0 * REACH / (POINTS - 1) as f64);
        let (mut sum, mut weights) = (0.0, 0.0);
        for k in 0..POINTS {
            let z = -REACH + step * k as f64;
            let weight = (-0.5 * z * z).exp();
            weights += weight;
            sum += weight * self.inverse(w + deviation * z);
        }
        sum / weights
    }

    /// A fit of the transformed history as one of the history.
    pub(super) fn back(&self, fit: Fit, draws: (usize, u64)) -> Fit {
        let Fit { mean, spread, fitted, mut parameters, why } = fit;
        let paths = sampled(&mean, spread, draws);
        let variances = variances(&paths);
        let first = variances.first().copied().unwrap_or(0.0);
        let mean = mean.iter().zip(&variances).map(|(w, v)| self.expectation(*w, *v)).collect();
        let fitted = fitted.iter().map(|w| self.expectation(*w, first)).collect();
        let values = paths.values().iter().map(|w| self.inverse(f64::from(*w)).min(LARGEST) as f32).collect();
        parameters.push(Parameter::new("lambda", self.lambda));
        let why = why.then(&explain::transformed(self.lambda));
        Fit { mean, spread: Spread::Paths(SamplePaths::new(paths.steps(), values)), fitted, parameters, why }
    }
}

/// The λ for which `s/m^(1−λ)` varies least, relative to its mean, over whole seasons (pairs without a season) counted
/// from the end, m and s a season's mean and standard deviation. 1 where two seasons aren't whole or none varies.
fn guerrero(y: &[f64], season: usize) -> f64 {
    let span = season.max(2);
    let whole = y.rchunks_exact(span).filter(|chunk| chunk.iter().all(|v| !v.is_nan()));
    let moments: Vec<(f64, f64)> = whole
        .map(|chunk| {
            let mean = chunk.iter().map(|v| v / span as f64).sum::<f64>();
            let square: f64 = chunk.iter().map(|v| (v / mean - 1.0).powi(2)).sum();
            (mean.ln(), (square / (span - 1) as f64).sqrt())
        })
        .collect();
    if moments.len() < 2 || moments.iter().all(|(_, share)| *share == 0.0) {
        return 1.0;
    }
    let centre = moments.iter().map(|(log, _)| log).sum::<f64>() / moments.len() as f64;
    // s/m^(1−λ) = (s/m)·m^λ; a common factor of m changes nothing.
    let spread = |lambda: f64| {
        let ratios: Vec<f64> = moments.iter().map(|(log, share)| share * (lambda * (log - centre)).exp()).collect();
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        ratios.iter().map(|r| (r / mean - 1.0).powi(2)).sum::<f64>()
    };
    let step = (MOST - LEAST) / GRID as f64;
    let at = |k: usize| LEAST + step * k as f64;
    let best = (0..=GRID).min_by(|a, b| spread(at(*a)).total_cmp(&spread(at(*b)))).unwrap_or(GRID / 2);
    let (mut low, mut high) = ((at(best) - step).max(LEAST), (at(best) + step).min(MOST));
    for _ in 0..SHRINKS {
        let third = (high - low) / 3.0;
        if spread(low + third) < spread(high - third) { high -= third } else { low += third }
    }
    0.5 * (low + high)
}
