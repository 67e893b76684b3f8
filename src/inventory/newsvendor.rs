//! One order against one uncertain demand, and base stock, which is the same thing again and again.
//!
//! After Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., Wiley 2019, chapter 4: a unit left
//! over costs `holding_cost` h, a unit short costs `shortage_cost` p, and the best level is the critical ratio's
//! quantile of demand, `F(S) = p/(h+p)`.

use super::inputs::amount;
use statrs::distribution::{Continuous, ContinuousCDF, Discrete, DiscreteCDF, Normal, Poisson};

/// A base-stock (order-up-to) level and its expected cost per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaseStock {
    /// Units to order up to.
    pub level: f64,
    /// Expected cost of units left over and units short per period, money.
    pub cost: f64,
}

/// Best order for normal demand. `None` unless both costs are positive and the deviation isn't
/// negative.
pub fn newsvendor_normal(holding_cost: f64, shortage_cost: f64, mean: f64, sd: f64) -> Option<BaseStock> {
    let ratio = critical_ratio(holding_cost, shortage_cost)?;
    let sd = (sd >= 0.0 && sd.is_finite() && mean.is_finite()).then_some(sd)?;
    let z = Normal::standard().inverse_cdf(ratio);
    let cost = (holding_cost + shortage_cost) * Normal::standard().pdf(z) * sd;
    Some(BaseStock { level: mean + z * sd, cost })
}

/// Expected cost of ordering `level` units against normal demand, money: `h·n̄(S) + p·n(S)`.
pub fn newsvendor_normal_cost(holding_cost: f64, shortage_cost: f64, mean: f64, sd: f64, level: f64) -> f64 {
    let (h, p) = (amount(holding_cost), amount(shortage_cost));
    let over = level - mean;
    if sd <= 0.0 {
        return h * over.max(0.0) + p * (-over).max(0.0);
    }
    let z = over / sd;
    let normal = Normal::standard();
    let short = sd * (normal.pdf(z) - z * normal.sf(z));
    h * (over + short) + p * short
}

/// Base stock under normal demand per period that is independent, reviewed every `review` periods with `lead` periods
/// to wait: newsvendor on the demand of `lead + review` periods.
pub fn base_stock_normal(
    holding_cost: f64,
    shortage_cost: f64,
    (mean, sd): (f64, f64),
    lead: f64,
    review: f64,
) -> Option<BaseStock> {
    let periods = amount(lead) + amount(review);
    newsvendor_normal(holding_cost, shortage_cost, mean * periods, sd * periods.sqrt())
}

/// Mean demands up to here are summed term by term; beyond, the normal distribution does.
const LARGEST_POISSON_MEAN: f64 = 1e6;

/// Best whole order for Poisson demand: the smallest S with `F(S) ≥ p/(h+p)`. `None` unless both
/// costs are positive and the mean is in `(0, 1e6]`.
pub fn newsvendor_poisson(holding_cost: f64, shortage_cost: f64, mean: f64) -> Option<BaseStock> {
    let ratio = critical_ratio(holding_cost, shortage_cost)?;
    let demand = (mean <= LARGEST_POISSON_MEAN).then(|| Poisson::new(mean).ok()).flatten()?;
    let level = demand.inverse_cdf(ratio);
    // Expected shortage: n(S) = (λ − S)·(1 − F(S)) + λ·f(S), from Σ d·f(d) = λ·Σ f(d − 1).
    let units = level as f64;
    let short = (mean - units) * demand.sf(level) + mean * demand.pmf(level);
    Some(BaseStock { level: units, cost: holding_cost * (units - mean + short) + shortage_cost * short })
}

fn critical_ratio(holding_cost: f64, shortage_cost: f64) -> Option<f64> {
    let ratio = shortage_cost / (holding_cost + shortage_cost);
    (holding_cost > 0.0 && shortage_cost > 0.0 && ratio.is_finite() && ratio < 1.0).then_some(ratio)
}
