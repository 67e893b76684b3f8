//! Safety stock: how much to hold against demand and lead time that vary.

use super::inputs::{LARGEST, amount};
use crate::model::SERVICE_LEVEL_RANGE;
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
