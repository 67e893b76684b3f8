//! Safety stock: how much to hold against demand and lead time that vary.

use super::inputs::{LARGEST, amount};
use crate::model::{Forecast, SERVICE_LEVEL_RANGE, SamplePaths};
use statrs::distribution::{ContinuousCDF, Normal};

/// Safety stock for a cycle service level, units: `z·√(L·σ_d² + d²·σ_L²)`.
///
/// `demand` and `demand_sd` are mean and standard deviation per period of independent demands, `lead` and `lead_sd`
/// those of the lead time (plus the review period when stock is reviewed periodically), in periods. Negative below a
/// service level of 50 %. Levels outside [`SERVICE_LEVEL_RANGE`] count as its ends.
///
/// Source: Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017, section 6.10.
///
/// ```
/// let stock = planwright::inventory::safety_stock(50.0, 8.0, 4.0, 1.0, 0.95);
/// assert!((stock - 86.3509).abs() < 1e-4);
/// ```
pub fn safety_stock(demand: f64, demand_sd: f64, lead: f64, lead_sd: f64, service_level: f64) -> f64 {
    let variance = amount(lead) * amount(demand_sd).powi(2);
    from_variance(variance, amount(demand), amount(lead_sd), service_level)
}

/// As [`safety_stock`], from the variance of demand over the whole interval.
pub(super) fn from_variance(variance: f64, demand: f64, lead_sd: f64, service_level: f64) -> f64 {
    let spread = (variance + (demand * lead_sd).powi(2)).sqrt().min(LARGEST);
    normal_quantile(service_level) * spread
}

/// The standard normal quantile z of a service level, clamped to [`SERVICE_LEVEL_RANGE`].
pub(super) fn normal_quantile(service_level: f64) -> f64 {
    let (low, high) = SERVICE_LEVEL_RANGE;
    let level = if service_level.is_nan() { 0.5 } else { service_level.clamp(low, high) };
    Normal::standard().inverse_cdf(level)
}

/// Demand over an interval that starts with the first forecast period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntervalDemand {
    /// Length of the interval, periods.
    pub periods: f64,
    /// Mean demand over the interval, units.
    pub mean: f64,
    /// Standard deviation of demand over the interval, units; the lead time's own spread is not in it.
    pub sd: f64,
    /// Mean demand per period within the interval, units.
    pub per_period: f64,
}

/// Demand over the first `periods` of a forecast.
///
/// The mean is the sum of the forecast mean, the last step by its fraction. The variance is that of the sample paths'
/// own sums over the interval, linear between whole numbers of periods: paths of independent demands give the
/// classical `L·σ_d²`, autocorrelated ones what they really give. Beyond the horizon, mean and variance go on growing
/// at their average rate. Without paths the prediction intervals give the spread (as normal and independent), and
/// without those it is 0.
pub fn interval_demand(forecast: &Forecast, periods: f64) -> IntervalDemand {
    let periods = amount(periods);
    let mean = stretched(periods, forecast.mean.len(), |n| forecast.mean[..n].iter().map(|&d| amount(d)).sum());
    let variance = if forecast.paths.len() > 1 {
        stretched(periods, forecast.paths.steps(), |n| variance_of_sums(&forecast.paths, n))
    } else {
        let steps = interval_variances(forecast);
        stretched(periods, steps.len(), |n| steps[..n].iter().sum())
    };
    let first = forecast.mean.first().map_or(0.0, |&d| amount(d));
    let per_period = if periods > 0.0 { mean / periods } else { first };
    IntervalDemand { periods, mean: mean.min(LARGEST), sd: variance.max(0.0).sqrt().min(LARGEST), per_period }
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
    let Some(interval) = forecast.intervals.first() else { return Vec::new() };
    let z = normal_quantile(0.5 + interval.level / 200.0).max(0.1);
    let width = interval.upper.iter().zip(&interval.lower).map(|(u, l)| amount(u - l));
    width.map(|w| (w / (2.0 * z)).powi(2)).collect()
}
