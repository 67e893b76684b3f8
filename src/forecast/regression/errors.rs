//! How the regression's errors follow one another.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// The errors' model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Errors {
    /// They return to the regression: `u[t] = φ·u[t−1] + e[t]`.
    Autoregressive(f64),
    /// They carry a level that wanders: `u[t] = l[t−1] + e[t]`, `l[t] = l[t−1] + α·e[t]`, `l` 0 at first: simple
    /// exponential smoothing, that is ARIMA(0,1,1) with θ = α − 1 (Muth 1960, J. American Statistical Association 55).
    Level(f64),
}

impl Errors {
    /// The errors' one-step forecasts, one more than there are errors: the last is for the period to come.
    pub(super) fn expected(self, errors: &[f64]) -> Vec<f64> {
        let mut next = 0.0;
        let mut expected = Vec::with_capacity(errors.len() + 1);
        for error in errors {
            expected.push(next);
            next = match self {
                Self::Autoregressive(phi) => phi * error,
                Self::Level(alpha) => next + alpha * (error - next),
            };
        }
        expected.push(next);
        expected
    }

    /// The errors less their one-step forecasts. A linear map, so it whitens regressors too.
    pub(super) fn shocks(self, errors: &[f64]) -> Vec<f64> {
        errors.iter().zip(self.expected(errors)).map(|(error, expected)| error - expected).collect()
    }

    /// Expected errors over `horizon` periods, from the first one's.
    pub(super) fn ahead(self, first: f64, horizon: usize) -> Vec<f64> {
        match self {
            Self::Autoregressive(phi) => (0..horizon).map(|h| phi.powi(h as i32) * first).collect(),
            Self::Level(_) => vec![first; horizon],
        }
    }

    /// Weights of past shocks.
    pub(super) fn psi(self, horizon: usize) -> Vec<f64> {
        let weight = |j: usize| match self {
            _ if j == 0 => 1.0,
            Self::Autoregressive(phi) => phi.powi(j as i32),
            Self::Level(alpha) => alpha,
        };
        (0..horizon).map(weight).collect()
    }

    /// One future of what the shocks add, `out[h]`.
    pub(super) fn draw(self, sigma: f64, rng: &mut impl Rng, mut out: impl FnMut(f64), horizon: usize) {
        let mut next = 0.0;
        for _ in 0..horizon {
            let shock = sigma * Distribution::<f64>::sample(&StandardNormal, rng);
            let error = next + shock;
            out(error);
            next = match self {
                Self::Autoregressive(phi) => phi * error,
                Self::Level(alpha) => next + alpha * shock,
            };
        }
    }
}
