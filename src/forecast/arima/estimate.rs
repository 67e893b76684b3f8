//! Maximum likelihood for one order.

use super::likelihood::{Likelihood, Value};
use super::optimise::{Stop, minimise};
use super::order::{Constant, Order};
use super::polynomial::{Arma, Coefficients};
use super::series::{Differenced, Unscaled};
use crate::control::{Cancelled, Control};

/// Starting values from the conditional sum of squares need no precision.
const ROUGH: Stop = Stop { iterations: 8, decrease: 1e-3 };
/// Enough to rank orders: AICc errs by about n times the decrease.
const RANKING: Stop = Stop { iterations: 30, decrease: 2e-5 };
/// The final estimates: coefficients to about 1e-5.
const FINAL: Stop = Stop { iterations: 200, decrease: 1e-12 };
/// Partial autocorrelations (their inverse hyperbolic tangents) taken over from a neighbouring order stay within this, so
/// that the search can still move.
const NEIGHBOURLY: f64 = 2.0;

/// How hard to look.
#[derive(Debug, Clone, Copy)]
pub(super) enum Effort<'a> {
    /// From the conditional estimate: to rank orders.
    Ranking,
    /// From the coefficients of a neighbouring order: to rank orders.
    Neighbour(&'a Estimate),
    /// From several starts, to full precision.
    Final,
    /// From this estimate of the same order and several starts, to full precision.
    Polish(&'a Estimate),
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
    /// What the interpolated missing values are too high by, units.
    pub(super) missing: Vec<f64>,
    /// Coefficients of the regressors.
    pub(super) regressors: Vec<f64>,
    /// Variance of a shock, units², `Σ e²/v / n`.
    pub(super) sigma2: f64,
    /// Gaussian log-likelihood of the differenced series.
    pub(super) loglik: f64,
    /// Differences used, `n − d − mD` less those missing.
    pub(super) used: usize,
    /// The search's own coordinates.
    unbounded: Vec<f64>,
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

    /// Variance of a shock with the degrees of freedom of the estimates taken off, as intervals want it.
    pub(super) fn unbiased_sigma2(&self) -> f64 {
        let n = self.used as f64;
        self.sigma2 * n / (n - self.parameters() + 1.0).max(1.0)
    }

    fn parameters(&self) -> f64 {
        (self.order.parameters(self.kind) + self.regressors.len()) as f64
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
    effort: Effort<'_>,
    control: &Control,
) -> Result<Option<Estimate>, Cancelled> {
    let design = series.design(kind);
    let n = series.len();
    let mut likelihood = Likelihood::new(order, &design);
    let skip = (order.ar + order.period * order.seasonal_ar).min(n / 3);
    let zero = vec![0.0; order.coefficients()];
    let mut conditional = || {
        let mut objective = |x: &[f64], r: &mut [f64]| likelihood.conditional(x, skip, r);
        Ok(minimise(&mut objective, zero.clone(), n, ROUGH, control)?.x)
    };
    let starts = match effort {
        Effort::Ranking => vec![conditional()?],
        Effort::Neighbour(near) => vec![near.coordinates_for(&order)],
        Effort::Final => starts(conditional()?),
        Effort::Polish(near) => {
            let mut all = starts(conditional()?);
            all.insert(0, near.unbounded.clone());
            all
        }
    };
    let several = starts.len() > 1;
    let mut exact = |x: &[f64], r: &mut [f64]| likelihood.residuals(x, r);
    let mut best = None;
    let mut lowest = f64::INFINITY;
    for start in starts {
        let found = minimise(&mut exact, start, n, RANKING, control)?;
        if best.is_none() || found.value < lowest {
            lowest = found.value;
            best = Some(found.x);
        }
    }
    let mut x = best.unwrap_or(zero);
    if several {
        x = minimise(&mut exact, x, n, FINAL, control)?.x;
    }
    let coefficients = Coefficients::from_unbounded(&order, &x);
    let arma = Arma::expand(&coefficients, order.period);
    let found: Option<Value> = likelihood.value(&arma);
    Ok(found.map(|found| {
        let Unscaled { constant, missing, regressors, sigma2, log } = series.unscaled(&found, kind);
        let used = series.observed();
        Estimate {
            order,
            kind,
            coefficients,
            arma,
            constant,
            missing,
            regressors,
            sigma2,
            loglik: log,
            used,
            unbounded: x,
        }
    }))
}

impl Estimate {
    /// This estimate's coordinates, cut or filled with zeros to another order's.
    fn coordinates_for(&self, order: &Order) -> Vec<f64> {
        let own = &self.order;
        let mut from = 0;
        let mut all = Vec::with_capacity(order.coefficients());
        for (have, want) in [
            (own.ar, order.ar),
            (own.ma, order.ma),
            (own.seasonal_ar, order.seasonal_ar),
            (own.seasonal_ma, order.seasonal_ma),
        ] {
            let block = &self.unbounded[from..from + have];
            let clamped = block.iter().map(|x| x.clamp(-NEIGHBOURLY, NEIGHBOURLY));
            all.extend(clamped.chain(std::iter::repeat(0.0)).take(want));
            from += have;
        }
        all
    }
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
