//! From a fitted order to the forecast of the history itself.

use super::estimate::Estimate;
use super::filter::{Filter, Shortcut};
use super::polynomial::{differencing, psi_weights};
use super::series::{Differenced, History};

/// The integrated forecast.
#[derive(Debug, Clone)]
pub(super) struct Prediction {
    /// Optimal prediction of every step given the whole history.
    pub(super) mean: Vec<f64>,
    /// Weights of the shocks in the forecast error, `psi[0] = 1`.
    pub(super) psi: Vec<f64>,
    /// Standard deviation of the next prediction error in units of σ: above 1 where a short history leaves the model's own
    /// state uncertain, as under a seasonal moving average near the unit circle. It serves all steps.
    pub(super) widening: f64,
    /// One-step predictions of the last `n − d − mD` values.
    pub(super) fitted: Vec<f64>,
}

/// Predicts `horizon` steps; `None` when rounding spoilt the filter or a value overflowed.
///
/// The regressors' effect is taken out, missing values are put at their estimates, and what is left is predicted and
/// integrated; the regressors' future comes on top.
pub(super) fn predict(history: &History, fit: &Estimate, horizon: usize) -> Option<Prediction> {
    let delta = differencing(&fit.order);
    let n = history.len();
    let effect = |t: usize| -> f64 { fit.regressors.iter().zip(&history.regressors).map(|(c, x)| c * x[t]).sum() };
    // The interpolated value plus what it was found too high by: `y − Xβ` with the pulse's coefficient taken out.
    let mut rest: Vec<f64> = history.y.iter().enumerate().map(|(t, y)| y - effect(t)).collect();
    for (t, c) in history.gaps.iter().zip(&fit.missing) {
        rest[*t] -= c;
    }
    let plain = History::plain(&rest);
    let series = Differenced::of(&plain, &fit.order);
    let x: Vec<f64> = series.values().iter().map(|w| w - fit.constant).collect();
    let mut filter = Filter::default();
    filter.run(&fit.arma, std::slice::from_ref(&x), Shortcut::Never)?;
    let errors = filter.errors[0].iter().zip(&filter.variances).map(|(e, v)| e * v.sqrt());
    let fitted: Vec<f64> = history.y[n - x.len()..].iter().zip(errors).map(|(y, e)| y - e).collect();
    let mut path = rest;
    for w in filter.ahead(0, horizon) {
        let past: f64 = delta[1..].iter().zip(path.iter().rev()).map(|(c, y)| c * y).sum();
        path.push(w + fit.constant - past);
    }
    let mean: Vec<f64> = path[n..].iter().enumerate().map(|(h, y)| y + effect(n + h)).collect();
    let psi = psi_weights(&fit.arma, &delta, horizon);
    let widening = filter.next.sqrt();
    let is_finite = mean.iter().chain(&psi).chain(&fitted).chain([&widening]).all(|v| v.is_finite());
    is_finite.then_some(Prediction { mean, psi, widening, fitted })
}
