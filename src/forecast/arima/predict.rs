//! From a fitted order to the forecast of the history itself.

use super::estimate::Estimate;
use super::innovations;
use super::polynomial::{differencing, psi_weights};
use super::series::Differenced;

/// The integrated forecast.
#[derive(Debug, Clone)]
pub(super) struct Prediction {
    /// Optimal prediction of every step given the whole history.
    pub(super) mean: Vec<f64>,
    /// Weights of the shocks in the forecast error, `psi[0] = 1`.
    pub(super) psi: Vec<f64>,
    /// One-step predictions of the last `n − d − mD` values.
    pub(super) fitted: Vec<f64>,
}

/// Predicts `horizon` steps; `None` when rounding spoilt the filter or a value overflowed.
pub(super) fn predict(y: &[f64], series: &Differenced, fit: &Estimate, horizon: usize) -> Option<Prediction> {
    let delta = differencing(&fit.order);
    let x: Vec<f64> = series.values().iter().map(|w| w - fit.constant).collect();
    let errors = innovations::filter(&fit.arma, &[&x])?.errors.swap_remove(0);
    let fitted: Vec<f64> = y[y.len() - errors.len()..].iter().zip(&errors).map(|(y, e)| y - e).collect();
    let mut path = y.to_vec();
    for w in innovations::predict(&fit.arma, &x, horizon)? {
        let past: f64 = delta[1..].iter().zip(path.iter().rev()).map(|(c, y)| c * y).sum();
        path.push(w + fit.constant - past);
    }
    let mean = path.split_off(y.len());
    let psi = psi_weights(&fit.arma, &delta, horizon);
    mean.iter().chain(&psi).chain(&fitted).all(|v| v.is_finite()).then_some(Prediction { mean, psi, fitted })
}
