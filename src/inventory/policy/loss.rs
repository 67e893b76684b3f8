//! Loss functions: how many units a level of stock is expected to fall short of a random demand D.
//!
//! First order `n(y) = E[(D − y)⁺]`, second order `n²(y) = ½·E[((D − y)⁺)²]`, which is the area under `n` beyond y.
//!
//! After Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., Wiley 2019, appendix C.3.

use super::super::inputs::LARGEST;
use statrs::distribution::{Continuous, ContinuousCDF, Discrete, DiscreteCDF, Normal, Poisson};

/// First-order loss of the standard normal, `L(z) = φ(z) − z·(1 − Φ(z))`, > 0. NaN for NaN.
pub fn standard_normal_loss(z: f64) -> f64 {
    if z.abs() < SERIES_Z {
        return density(z) - z * upper_tail(z);
    }
    let [_, one, _] = fractions(z.abs());
    let tail = density(z) * one / (z.abs() + one);
    if z < 0.0 { tail - z } else { tail }
}

/// Second-order loss of the standard normal, `L²(z) = ½·[(z² + 1)·(1 − Φ(z)) − z·φ(z)]`, > 0. NaN for NaN.
pub fn standard_normal_second_loss(z: f64) -> f64 {
    if z.abs() < SERIES_Z {
        return 0.5 * ((z * z + 1.0) * upper_tail(z) - z * density(z));
    }
    let [_, one, two] = fractions(z.abs());
    let tail = 0.5 * density(z) * two / ((z.abs() + two) * (z.abs() + one));
    if z < 0.0 { 0.5 * (z * z + 1.0) - tail } else { tail }
}

/// Below this the normal distribution is summed as a series, from here on as a continued fraction.
const SERIES_Z: f64 = 2.5;

/// `1 − Φ(z)` to the last digits; those of statrs 0.19 are good to eleven, too few for losses far out.
fn upper_tail(z: f64) -> f64 {
    if z.abs() >= SERIES_Z {
        let [zero, ..] = fractions(z.abs());
        let tail = density(z) * zero;
        return if z < 0.0 { 1.0 - tail } else { tail };
    }
    // Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …); fifty terms are enough below 2.5.
    let (mut term, mut sum) = (z, z);
    for n in 1..50 {
        term *= z * z / f64::from(2 * n + 1);
        sum += term;
    }
    0.5 - density(z) * sum
}

/// Laplace's continued fraction for z ≥ 2.5, `(1 − Φ)/φ = 1/(z + 1/(z + 2/(z + 3/…)))`, from its first, second and third
/// level on. Written with the deeper levels, neither loss subtracts what nearly cancels.
fn fractions(z: f64) -> [f64; 3] {
    let mut levels = [0.0; 3];
    // Terms that leave less than rounding; counted with 50 digits for z from 2 to 39.
    let last = (480.0 / (z * z)) as i32 + 12;
    let mut rest = 0.0;
    for n in (0..=last).rev() {
        rest = f64::from(n.max(1)) / (z + rest);
        if let Some(level) = levels.get_mut(n as usize) {
            *level = rest;
        }
    }
    levels
}

fn density(z: f64) -> f64 {
    Normal::standard().pdf(z)
}

/// Mean demands up to here have a Poisson loss.
pub(super) const LARGEST_POISSON_MEAN: f64 = 1e6;

/// First-order loss of Poisson demand, units: `n(y) = (λ − y)·(1 − F(y)) + λ·f(y)`.
/// `None` unless the mean is in `[0, 1e6]`.
pub fn poisson_loss(mean: f64, level: i64) -> Option<f64> {
    if mean == 0.0 || level < 0 {
        return (0.0..=LARGEST_POISSON_MEAN).contains(&mean).then_some((mean - level as f64).max(0.0));
    }
    let demand = (mean <= LARGEST_POISSON_MEAN).then(|| Poisson::new(mean).ok()).flatten()?;
    let units = level.unsigned_abs();
    Some(((mean - units as f64) * demand.sf(units) + mean * demand.pmf(units)).max(0.0))
}

/// Farther out in deviations, demand is as good as certain: the normal density is 0 in double precision.
const FARTHEST_Z: f64 = 39.0;

/// A normal demand is never seen farther from its mean than this, deviations.
pub(super) const FAR_SDS: f64 = 40.0;

/// A number above 0 that can be computed with.
pub(super) fn positive(x: f64) -> Option<f64> {
    (x > 0.0 && x <= LARGEST).then_some(x)
}

/// Normal demand over an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalDemand {
    mean: f64,
    sd: f64,
}

impl NormalDemand {
    /// From mean and standard deviation, units. `None` when the mean's size or the deviation is over 1e15 or not a
    /// number, or the deviation is negative.
    pub fn new(mean: f64, sd: f64) -> Option<Self> {
        (mean.abs() <= LARGEST && (0.0..=LARGEST).contains(&sd)).then_some(Self { mean, sd })
    }

    /// Over a time that varies too: mean `d·L`, variance `L·σ_d² + d²·σ_L²` (Silver, Pyke & Thomas, *Inventory and
    /// Production Management in Supply Chains*, 4th ed. 2017, section 6.10). `demand` and its deviation are per
    /// period, `time` and its deviation in periods. `None` when one is negative or not a number.
    pub fn over((demand, demand_sd): (f64, f64), (time, time_sd): (f64, f64)) -> Option<Self> {
        let sane = [demand, demand_sd, time, time_sd].iter().all(|x| (0.0..=LARGEST).contains(x));
        let variance = time * demand_sd.powi(2) + (demand * time_sd).powi(2);
        sane.then(|| Self::new(demand * time, variance.sqrt())).flatten()
    }

    /// Mean, units.
    pub fn mean(self) -> f64 {
        self.mean
    }

    /// Standard deviation, units, ≥ 0.
    pub fn sd(self) -> f64 {
        self.sd
    }

    /// Probability that `level` covers demand.
    pub fn cdf(self, level: f64) -> f64 {
        if self.sd > 0.0 { upper_tail(-self.z(level)) } else { f64::from(level >= self.mean) }
    }

    /// Probability that `level` doesn't cover demand, exact where [`Self::cdf`] is as good as 1.
    pub fn sf(self, level: f64) -> f64 {
        if self.sd > 0.0 { upper_tail(self.z(level)) } else { f64::from(level < self.mean) }
    }

    /// The level that covers demand with a probability in `(0, 1)`; `None` outside.
    pub fn quantile(self, probability: f64) -> Option<f64> {
        let inside = probability > 0.0 && probability < 1.0;
        inside.then(|| self.mean + quantile(probability) * self.sd)
    }

    /// Expected units short of `level`.
    pub fn loss(self, level: f64) -> f64 {
        let z = self.z(level);
        if z.abs() <= FARTHEST_Z { self.sd * standard_normal_loss(z) } else { (self.mean - level).max(0.0) }
    }

    /// Second-order loss of `level`, units².
    pub fn second_loss(self, level: f64) -> f64 {
        let z = self.z(level);
        if z.abs() <= FARTHEST_Z {
            return self.sd.powi(2) * standard_normal_second_loss(z);
        }
        let short = (self.mean - level).max(0.0);
        if short > 0.0 { 0.5 * (short.powi(2) + self.sd.powi(2)) } else { 0.0 }
    }

    fn z(self, level: f64) -> f64 {
        let over = level - self.mean;
        if self.sd > 0.0 || over == 0.0 { over / self.sd.max(f64::MIN_POSITIVE) } else { over * f64::INFINITY }
    }
}

/// The standard normal quantile of a probability in `(0, 1)`: statrs's, then one step of Newton's to the last digits.
fn quantile(probability: f64) -> f64 {
    let z = Normal::standard().inverse_cdf(probability);
    let excess = if z < 0.0 { upper_tail(-z) - probability } else { (1.0 - probability) - upper_tail(z) };
    let step = excess / density(z);
    if step.abs() < 0.1 { z - step } else { z }
}

/// Where a condition that is false below and true above turns true in `[low, high]`, to the last digit.
pub(super) fn turning_point(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    // A double has 2098 binary places; halving an interval around 0 takes fewer than that.
    for _ in 0..2100 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) { high = middle } else { low = middle }
    }
    high
}
