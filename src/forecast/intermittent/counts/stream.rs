//! A sequence of whole numbers whose mean follows it.
//!
//! The mean of the next value is the exponentially weighted mean `μ[t+1] = μ[t] + α·(x[t] − μ[t])`, as in Snyder, Ord &
//! Beaumont 2012, *Forecasting the intermittent demand for slow-moving inventories: a modelling approach*, Int. J.
//! Forecasting 28, section 2 (their undamped model). α, the first mean and the law's shape maximise the likelihood
//! `Π P(x[t] | μ[t])` of the one-step distributions. Laws, by mean μ:
//!
//! - Bernoulli: `P(1) = μ`.
//! - Poisson: variance μ.
//! - Negative binomial with size `bμ` and success probability `b/(1+b)` (their section 2.2): variance `μ·(1 + 1/b)`, the
//!   same multiple of the mean at every level.
//! - Zero-inflated Poisson: 0 with an extra chance `π`, otherwise Poisson with mean `μ/(1−π)`.

use super::simplex::{Point, minimise};
use crate::control::{Cancelled, Control};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};
use statrs::function::gamma::ln_gamma;

/// Means below this are 0 but for the logarithm's sake.
const LEAST_MEAN: f64 = 1e-9;
/// Range of the shape's logarithm or logit, and of a chance's: beyond, laws can't be told from their limits.
const WIDEST: f64 = 16.0;
/// Range of the first mean's logarithm: the largest count is a billion, 20.7.
const WIDEST_MEAN: f64 = 21.0;
/// Values up to which `Γ(x + r)/Γ(r)` is multiplied out.
const SMALL: f64 = 24.0;
/// α where the search may start.
const STARTS: [f64; 3] = [0.03, 0.12, 0.35];

/// The distribution of one value, given its mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Law {
    /// 0 or 1.
    Bernoulli,
    /// Independent arrivals of single units.
    Poisson,
    /// More variable than Poisson.
    NegativeBinomial,
    /// Poisson with too many zeros.
    ZeroInflatedPoisson,
}

/// A fitted sequence.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    law: Law,
    /// Weight of the latest value.
    pub(super) alpha: f64,
    /// `b` of the negative binomial, `π` of the zero-inflated Poisson; 0 for the others.
    pub(super) shape: f64,
    /// Mean of the value after the last.
    pub(super) mean: f64,
    /// One-step means of every value.
    pub(super) means: Vec<f64>,
    /// Log-likelihood of all values.
    pub(super) log_likelihood: f64,
    /// Estimated parameters.
    pub(super) parameters: usize,
}

impl Stream {
    /// Maximum likelihood of a law for `x`, not empty.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub(super) fn fit(law: Law, x: &[f64], control: &Control) -> Result<Self, Cancelled> {
        let constants = if law == Law::Bernoulli { 0.0 } else { x.iter().map(|v| ln_factorial(*v)).sum() };
        let widest = if law == Law::Bernoulli { WIDEST } else { WIDEST_MEAN };
        let cost = |p: &Point| {
            if p[1].abs() > widest || p[2].abs() > WIDEST {
                return f64::INFINITY;
            }
            let (alpha, first, shape) = unpack(law, p);
            let mut mean = first;
            let mut sum = 0.0;
            for v in x {
                sum += log_mass(law, shape, mean, *v);
                mean += alpha * (v - mean);
            }
            constants - sum
        };
        let overall = x.iter().sum::<f64>() / x.len() as f64;
        let centre = match law {
            Law::Bernoulli => logit(overall.clamp(0.01, 0.99)),
            _ => overall.max(0.01).ln(),
        };
        let start = |alpha: f64| [logit(alpha), centre, if law == Law::ZeroInflatedPoisson { -1.0 } else { 0.0 }];
        let starts = STARTS.map(start).map(|p| (cost(&p), p));
        let (_, start) = starts.into_iter().fold((f64::INFINITY, starts[0].1), |b, p| if p.0 < b.0 { p } else { b });
        let parameters = if law == Law::Bernoulli || law == Law::Poisson { 2 } else { 3 };
        let (point, value) = minimise(start, parameters, control, &cost)?;
        let (alpha, first, shape) = unpack(law, &point);
        let mut mean = first;
        let step = |v: &f64| {
            let before = mean;
            mean += alpha * (v - mean);
            before
        };
        let means = x.iter().map(step).collect();
        Ok(Self { law, alpha, shape, mean, means, log_likelihood: -value, parameters })
    }

    /// Draws the value after `mean` and moves it on.
    pub(super) fn draw(&self, mean: &mut f64, rng: &mut ChaCha8Rng) -> f64 {
        let value = match self.law {
            Law::Bernoulli => f64::from(u8::from(rng.random::<f64>() < *mean)),
            Law::Poisson => poisson(*mean, rng),
            Law::NegativeBinomial => {
                let rate = Gamma::new(self.shape * *mean, 1.0 / self.shape).map_or(0.0, |gamma| gamma.sample(rng));
                poisson(rate, rng)
            }
            Law::ZeroInflatedPoisson => {
                if rng.random::<f64>() < self.shape {
                    0.0
                } else {
                    poisson(*mean / (1.0 - self.shape), rng)
                }
            }
        };
        *mean += self.alpha * (value - *mean);
        value
    }
}

/// α, first mean and shape of unbounded arguments.
fn unpack(law: Law, p: &Point) -> (f64, f64, f64) {
    let first = if law == Law::Bernoulli { logistic(p[1]) } else { p[1].exp() };
    let shape = match law {
        Law::Bernoulli | Law::Poisson => 0.0,
        Law::NegativeBinomial => p[2].exp(),
        Law::ZeroInflatedPoisson => logistic(p[2]),
    };
    (logistic(p[0]), first, shape)
}

/// `ln P(x | mean) + ln x!`: what depends on the parameters.
fn log_mass(law: Law, shape: f64, mean: f64, x: f64) -> f64 {
    let mean = mean.max(LEAST_MEAN);
    match law {
        Law::Bernoulli => if x > 0.0 { mean } else { (1.0 - mean).max(LEAST_MEAN) }.ln(),
        Law::Poisson => log_poisson(mean, x),
        Law::NegativeBinomial => {
            let size = shape * mean;
            // ln(b/(1+b)) and ln(1/(1+b))
            let zeros = -size * (1.0 / shape).ln_1p();
            if x > 0.0 { zeros - x * shape.ln_1p() + ln_rising(size, x) } else { zeros }
        }
        Law::ZeroInflatedPoisson => {
            let rate = mean / (1.0 - shape);
            if x > 0.0 {
                (1.0 - shape).ln() + log_poisson(rate, x)
            } else {
                (shape + (1.0 - shape) * (-rate).exp()).ln()
            }
        }
    }
}

fn log_poisson(mean: f64, x: f64) -> f64 {
    if x > 0.0 { x * mean.ln() - mean } else { -mean }
}

/// `ln Γ(x + r) − ln Γ(r)` for a whole `x ≥ 1`.
fn ln_rising(r: f64, x: f64) -> f64 {
    if x > SMALL {
        return ln_gamma(x + r) - ln_gamma(r);
    }
    let mut product = 1.0;
    for k in 0..x as u32 {
        product *= r + f64::from(k);
    }
    product.ln()
}

fn ln_factorial(x: f64) -> f64 {
    if x < 2.0 { 0.0 } else { ln_gamma(x + 1.0) }
}

fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |law| law.sample(rng))
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}
