//! Maximum likelihood for one order.

use super::innovations::{self, Likelihood};
use super::optimise::{Stop, minimise};
use super::order::{Constant, Order};
use super::polynomial::{Arma, Coefficients};
use super::{css, series::Differenced};
use crate::control::{Cancelled, Control};

/// Starting values from the conditional sum of squares need no precision.
const ROUGH: Stop = Stop { iterations: 40, decrease: 1e-5, gradient: 1e-4 };
/// Enough to rank orders: AICc errs by about `2n` times the decrease.
const RANKING: Stop = Stop { iterations: 60, decrease: 1e-6, gradient: 1e-4 };
/// The final estimates: coefficients to about 1e-5.
const FINAL: Stop = Stop { iterations: 300, decrease: 1e-11, gradient: 1e-7 };

/// How hard to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Conditional sum of squares only: to rank orders of a long series.
    Conditional,
    /// Exact likelihood from one start: to rank orders.
    Ranking,
    /// Exact likelihood from several starts, to full precision.
    Final,
}

/// A fitted order.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    /// The order.
    pub(super) order: Order,
    /// Whether a constant was estimated.
    pub(super) kind: Constant,
    /// The factors.
    pub(super) coefficients: Coefficients,
    /// The factors multiplied out.
    pub(super) arma: Arma,
    /// Mean of the differenced series, units; 0 when none was estimated.
    pub(super) constant: f64,
    /// Variance of a shock, units², `Σ e²/v / n`.
    pub(super) sigma2: f64,
    /// Gaussian log-likelihood of the differenced series.
    pub(super) loglik: f64,
    /// Differences used, `n − d − mD`.
    pub(super) used: usize,
}

impl Estimate {
    /// Akaike's criterion.
    pub(super) fn aic(&self) -> f64 {
        2.0 * self.parameters() - 2.0 * self.loglik
    }

    /// AIC corrected for short series (Hurvich & Tsai 1989).
    pub(super) fn aicc(&self) -> f64 {
        let (k, n) = (self.parameters(), self.used as f64);
        let left = n - k - 1.0;
        if left > 0.0 { self.aic() + 2.0 * k * (k + 1.0) / left } else { f64::INFINITY }
    }

    /// Schwarz's criterion.
    pub(super) fn bic(&self) -> f64 {
        (self.used as f64).ln() * self.parameters() - 2.0 * self.loglik
    }

    fn parameters(&self) -> f64 {
        self.order.parameters(self.kind) as f64
    }
}

/// Fits one order to a differenced series; `None` when no start led to a likelihood.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn estimate(
    series: &Differenced,
    order: Order,
    kind: Constant,
    effort: Effort,
    control: &Control,
) -> Result<Option<Estimate>, Cancelled> {
    let x = series.scaled(kind);
    let ones = vec![1.0; x.len()];
    let ones = (kind == Constant::Estimated).then_some(ones.as_slice());
    let arma = |z: &[f64]| Arma::expand(&Coefficients::from_unbounded(&order, z), order.period);

    let skip = (order.ar + order.period * order.seasonal_ar).min(x.len() / 3);
    let mut conditional = |z: &[f64]| css::objective(&arma(z), &x, ones, skip);
    let rough = if effort == Effort::Conditional { RANKING } else { ROUGH };
    let start = minimise(&mut conditional, vec![0.0; order.coefficients()], rough, control)?.x;

    let n = x.len() as f64;
    let mut exact =
        |z: &[f64]| innovations::likelihood(&arma(z), &x, ones).map_or(f64::INFINITY, |found| -found.log / n);
    let best = match effort {
        Effort::Conditional => start,
        Effort::Ranking => minimise(&mut exact, start, RANKING, control)?.x,
        Effort::Final => best_of(&mut exact, starts(start), control)?,
    };
    let coefficients = Coefficients::from_unbounded(&order, &best);
    let arma = Arma::expand(&coefficients, order.period);
    Ok(innovations::likelihood(&arma, &x, ones).map(|found| {
        let Likelihood { constant, sigma2, log } = series.unscaled(found, kind);
        Estimate { order, kind, coefficients, arma, constant, sigma2, loglik: log, used: series.len() }
    }))
}

/// The likelihood of a mixed model can have several tops: start from the conditional estimate, from nothing, and from
/// either side of it.
fn starts(conditional: Vec<f64>) -> Vec<Vec<f64>> {
    let k = conditional.len();
    if k == 0 {
        return vec![conditional];
    }
    vec![conditional, vec![0.0; k], vec![0.6; k], vec![-0.6; k]]
}

fn best_of(f: &mut dyn FnMut(&[f64]) -> f64, starts: Vec<Vec<f64>>, control: &Control) -> Result<Vec<f64>, Cancelled> {
    let mut best = starts[0].clone();
    let mut lowest = f64::INFINITY;
    for start in starts {
        let found = minimise(f, start, RANKING, control)?;
        if found.value < lowest {
            (best, lowest) = (found.x, found.value);
        }
    }
    Ok(minimise(f, best, FINAL, control)?.x)
}
