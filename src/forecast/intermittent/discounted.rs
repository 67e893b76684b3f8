//! The recent mean, its memory averaged over rather than chosen.

use super::check;
use super::urn::Urn;
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::model::Parameter;
use crate::text;

/// Weights of the latest period that are averaged over.
const ALPHAS: [f64; 11] = [0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5];
/// Where the prior over them has its median, and its standard deviation in logarithms: α from 0.07 to 0.22 within one,
/// the range that the literature recommends for slow movers (Syntetos & Boylan 2005: 0.05 to 0.20).
const PRIOR: (f64, f64) = (0.12, 0.6);
/// Expectations are at least this share of the overall mean: after years without demand, one more isn't impossible.
const FLOOR: f64 = 1e-3;
/// Deviance, as a share of the total demand, that rounding leaves when the fit is exact.
const EXACT: f64 = 1e-9;

/// `μ[t] = Σ_k (1−α)^k·y[t−1−k] / Σ_k (1−α)^k`, averaged over α.
///
/// A short intermittent history says little about α, and the best one in the sample is mostly an extreme. So every α
/// of a grid speaks, weighted by its posterior: a log-normal prior times the extended quasi-likelihood of the one-step
/// expectations under variance `φμ` with φ at its maximum, `D^(−n/2)` with the Poisson deviance
/// `D = Σ [y·ln(y/μ) − (y − μ)]` (Nelder & Pregibon 1987, *An extended quasi-likelihood function*, Biometrika 74). It asks
/// neither for whole numbers nor for a unit.
pub(crate) struct Discounted;

impl Method for Discounted {
    fn name(&self) -> String {
        "discounted-mean".to_owned()
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        let Averaged { rate, fitted, alpha } = averaged(task.y);
        let periods = (2.0 - alpha) / alpha;
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted,
            spread: Urn::recent(task.y).spread(task, rate),
            parameters: vec![Parameter::new("alpha", alpha)],
            why: text!(
                "The mean of about the last {periods:.0} periods, recent ones weighing more: {rate:.3} a period.",
                "约最近 {periods:.0} 期的平均（近期权重更大）：每期 {rate:.3}。"
            ),
        })
    }
}

/// What averaging found.
pub(super) struct Averaged {
    /// Forecast of a period.
    pub(super) rate: f64,
    /// One-step expectations from the second period on.
    pub(super) fitted: Vec<f64>,
    /// Mean weight of the latest period.
    alpha: f64,
}

/// The averaged mean of a history that has demand.
pub(super) fn averaged(y: &[f64]) -> Averaged {
    let total: f64 = y.iter().sum();
    // Of the smallest numbers there are, the floor would be 0 and ratios to it infinite.
    let floor = (FLOOR * total / y.len() as f64).max(f64::MIN_POSITIVE);
    let spread = 0.5 * y.len().saturating_sub(1) as f64;
    let logs = ALPHAS.map(|alpha| {
        let mut deviance = 0.0;
        walk(y, alpha, |expected, v| {
            let expected = expected.max(floor);
            // A ratio that vanishes adds nothing: x·ln x goes to 0 with x.
            let ratio = v / expected;
            deviance += expected - v + if ratio > 0.0 { v * ratio.ln() } else { 0.0 };
        });
        let distance = (alpha / PRIOR.0).ln() / PRIOR.1;
        -spread * (deviance / total + EXACT).ln() - 0.5 * distance * distance
    });
    let most = logs.iter().fold(f64::NEG_INFINITY, |a, v| a.max(*v));
    let weights = logs.map(|l| (l - most).exp());
    let sum: f64 = weights.iter().sum();
    let mut found = Averaged { rate: 0.0, fitted: vec![0.0; y.len().saturating_sub(1)], alpha: 0.0 };
    for (alpha, weight) in ALPHAS.into_iter().zip(weights) {
        let weight = weight / sum;
        let mut at = 0;
        let fitted = &mut found.fitted;
        found.rate += weight
            * walk(y, alpha, |expected, _| {
                fitted[at] += weight * expected;
                at += 1;
            });
        found.alpha += weight * alpha;
    }
    found
}

/// Shows every period after the first with its expectation; returns the expectation after the last.
fn walk(y: &[f64], alpha: f64, mut see: impl FnMut(f64, f64)) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for (t, v) in y.iter().enumerate() {
        if t > 0 {
            see(sum / weight, *v);
        }
        sum = (1.0 - alpha) * sum + v;
        weight = (1.0 - alpha) * weight + 1.0;
    }
    sum / weight
}
