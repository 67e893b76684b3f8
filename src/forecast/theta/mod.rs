//! The theta models.
//!
//! A history is the mean of its theta lines; with two of them, a straight line (θ = 0) and one of curvature θ, smoothed
//! by α. In state space form (Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, *Models for optimising the theta
//! method and their relationship to state space models*, Int. J. Forecasting 32, sections 3 and 4), `ω = 1 − 1/θ`:
//!
//! ```text
//! μ[t] = ℓ[t−1] + ω·((1−α)^(t−1)·A + (1 − (1−α)^t)/α·B)      y[t] = μ[t] + e[t]
//! ℓ[t] = α·y[t] + (1−α)·ℓ[t−1]
//! ```
//!
//! `A + B·t` is the least-squares line of the whole history in the standard (STM, θ = 2) and optimised (OTM) models, and
//! that of the values before `t` in the dynamic ones (DSTM, DOTM). STM is simple exponential smoothing with half the
//! line's slope as drift (Hyndman & Billah 2003, *Unmasking the Theta method*, Int. J. Forecasting 19, equation 4).
//!
//! `ℓ[0]`, α and θ minimise the squared one-step errors, exactly (`estimate`). The season is taken out first and put back
//! last (`season`). The spread counts what estimates don't know (`form`, `spread`).

mod estimate;
mod form;
mod line;
mod predict;
mod season;
mod spread;
mod words;

use super::Options;
use super::method::{Fit, FitError, Method, Task};
use super::mixture::akaike;
use crate::control::{Cancelled, Control};
use crate::model::{Horizon, Parameter};
use crate::text;
use form::{Fitted, Form, STARTING, Scaled};

/// Fewest periods: a level, a slope, a smoothing parameter and a variance.
const LEAST: usize = 5;

/// A theta model, or all four weighed against each other.
///
/// The automatic one gives each model Akaike's weight, `exp(−ΔAIC/2)` (Burnham & Anderson 2002, *Model selection and
/// multimodel inference*, section 2.9): the model with the smallest in-sample mean squared error carries the forecast
/// when it is clearly ahead (an estimated θ counts as one parameter), and near-ties share it, so that one more period
/// doesn't turn the forecast over. Needs 5 periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Theta {
    form: Option<Form>,
}

impl Theta {
    /// All four.
    pub(crate) const AUTOMATIC: Self = Self { form: None };
    /// STM.
    pub(crate) const STANDARD: Self = Self { form: Some(Form::Standard) };
    /// OTM.
    pub(crate) const OPTIMISED: Self = Self { form: Some(Form::Optimised) };
    /// DSTM.
    pub(crate) const DYNAMIC: Self = Self { form: Some(Form::Dynamic) };
    /// DOTM.
    pub(crate) const DYNAMIC_OPTIMISED: Self = Self { form: Some(Form::DynamicOptimised) };
}

/// The automatic model's forecast of the next `horizon` periods; `None` where it has none.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn forecast(
    (y, season): (&[f64], usize),
    horizon: Horizon,
    control: &Control,
) -> Result<Option<Vec<f64>>, Cancelled> {
    let options = Options { paths: 1, ..Options::new(horizon) };
    let task = Task { id: None, y, season, horizon: horizon.get(), options: &options, seed: 0, drivers: None };
    match Theta::AUTOMATIC.fit(&task, control) {
        Ok(fit) => Ok(Some(fit.mean)),
        Err(FitError::Cancelled(cancelled)) => Err(cancelled),
        Err(FitError::Refused(_)) => Ok(None),
    }
}

impl Method for Theta {
    fn name(&self) -> String {
        let name = match self.form {
            None => "theta",
            Some(Form::Standard) => "theta-standard",
            Some(Form::Optimised) => "theta-optimised",
            Some(Form::Dynamic) => "theta-dynamic",
            Some(Form::DynamicOptimised) => "theta-dynamic-optimised",
        };
        name.to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let (y, n) = (task.y, task.y.len());
        if n < LEAST {
            return Err(FitError::Refused(text!(
                "Theta needs at least {LEAST} periods; there are {n}",
                "Theta 至少需要 {LEAST} 期；现有 {n} 期"
            )));
        }
        let season = season::season(y, task.season);
        let adjusted: Vec<f64> = match &season {
            None => y.to_vec(),
            Some(season) => y.iter().enumerate().map(|(t, v)| season.remove(t, *v)).collect(),
        };
        let spent = season.as_ref().map_or(0, |s| s.values.len() - 1);
        let scaled = Scaled::new(&adjusted, spent);
        let forms: &[Form] = self.form.as_ref().map_or(&Form::ALL, std::slice::from_ref);
        let fits: Vec<Fitted> =
            forms.iter().map(|form| form::fit(&scaled, *form, task.horizon, control)).collect::<Result<_, _>>()?;
        let weights = weights(&fits);
        let restore = |t: usize, v: f64| season.as_ref().map_or(v, |s| s.restore(t, v));
        let blend =
            |value: &dyn Fn(&Fitted) -> f64| -> f64 { fits.iter().zip(&weights).map(|(fit, w)| w * value(fit)).sum() };
        let mean: Vec<f64> = (0..task.horizon).map(|h| blend(&|fit| fit.mean[h])).collect();
        let off = |fit: &Fitted, h: usize| (fit.mean[h] - mean[h]).powi(2);
        let variance = (0..task.horizon).map(|h| blend(&|fit| fit.variance[h] + off(fit, h))).collect();
        Ok(Fit {
            spread: spread::spread(&mean, variance, season.as_ref(), task),
            mean: mean.iter().enumerate().map(|(h, v)| restore(n + h, *v)).collect(),
            fitted: (STARTING..n).map(|t| restore(t, blend(&|fit| fit.one_step[t]))).collect(),
            parameters: parameters(&fits, &weights),
            why: words::why(&fits, &weights, season.as_ref()),
        })
    }
}

/// Akaike's weights, summing to 1.
fn weights(fits: &[Fitted]) -> Vec<f64> {
    let raw = akaike(fits.iter().map(|fit| fit.criterion), 1.0);
    let total: f64 = raw.iter().sum();
    raw.iter().map(|w| w / total).collect()
}

/// The position of the heaviest, the simplest of equals.
fn heaviest(weights: &[f64]) -> usize {
    (1..weights.len()).fold(0, |best, k| if weights[k] > weights[best] { k } else { best })
}

/// Estimates of the heaviest model, and the weights when there are several.
fn parameters(fits: &[Fitted], weights: &[f64]) -> Vec<Parameter> {
    let first = &fits[heaviest(weights)];
    let mut list = vec![
        Parameter::new("alpha", first.alpha),
        Parameter::new("theta", first.theta),
        Parameter::new("drift", first.drift),
        Parameter::new("level", first.level),
        Parameter::new("sigma2", first.sigma2),
    ];
    if fits.len() > 1 {
        list.extend(fits.iter().zip(weights).map(|(fit, w)| Parameter::new(words::weight_name(fit.form), *w)));
    }
    list
}
