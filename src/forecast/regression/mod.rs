//! Linear regression on trend, season and drivers: what a price, a promotion or a feast is worth.
//!
//! Demand (or its logarithm), `y[t] = β₀ + Σ β[k]·x[k,t] + u[t]`, errors `u[t] = φ·u[t−1] + e[t]`. The regressors are a
//! linear trend, Fourier pairs of the season (Harvey 1989, *Forecasting, Structural Time Series Models and the Kalman
//! Filter*, section 2.3.4) and the drivers; coefficients are shrunk by a ridge (Hoerl & Kennard 1970, Technometrics 12)
//! whose strength generalised cross-validation picks; φ comes from the residuals by Prais & Winsten's iteration (1954,
//! Cowles Commission paper 383), which unlike Cochrane & Orcutt's keeps the first period. See `fit`.
//!
//! Logarithms are taken when every value is positive and the likelihood, Jacobian included, is larger with them (Box &
//! Cox 1964, J. Royal Statistical Society B 26). Amounts that are always positive enter them as logarithms too, so that
//! a price's coefficient is its elasticity.

mod design;
mod fit;
mod words;

#[cfg(test)]
mod tests;

use super::events::DriverColumn;
use super::method::{Fit, FitError, Method, Spread, Task};
use super::seed::generator;
use crate::control::Control;
use crate::model::{Parameter, SamplePaths};
use crate::text;
use design::{Design, Scale};
use fit::Estimate;
use rand_distr::{Distribution, StandardNormal};

/// Fewer periods carry no trend, error and driver at once.
const FEWEST_PERIODS: usize = 10;
/// The log model forecasts at most this many times the largest demand so far: exponentials run away.
const MOST_GROWTH: f64 = 10.0;
/// From the median to the mean the log model goes up at most by this factor's logarithm: twice.
const MOST_BIAS: f64 = std::f64::consts::LN_2;

/// The regression; refused without drivers, where smoothing does better.
pub(crate) struct Regression;

impl Method for Regression {
    fn name(&self) -> String {
        "regression".to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let Some(drivers) = task.drivers.filter(|d| !d.is_empty()) else {
            return Err(FitError::Refused(text!(
                "Regression needs drivers: prices, promotions, events or holidays",
                "回归需要驱动因素：价格、促销、事件或节日"
            )));
        };
        let n = task.y.len();
        if n < FEWEST_PERIODS {
            return Err(FitError::Refused(text!(
                "Regression needs at least {FEWEST_PERIODS} periods; there are {n}",
                "回归至少需要 {FEWEST_PERIODS} 期；现有 {n} 期"
            )));
        }
        regress(task, &drivers.usable(n), control)
    }
}

/// The better of the regression on demand and the one on its logarithm.
fn regress(task: &Task<'_>, drivers: &[&DriverColumn], control: &Control) -> Result<Fit, FitError> {
    let level = Model::new(task, drivers, Scale::Level, control)?;
    let positive = task.y.iter().all(|v| *v > 0.0);
    let log = if positive { Some(Model::new(task, drivers, Scale::Log, control)?) } else { None };
    let best = match log {
        Some(log) if log.loglik > level.loglik => log,
        _ => level,
    };
    Ok(best.finish(task))
}

/// One regression, on demand or on its logarithm.
struct Model {
    design: Design,
    estimate: Estimate,
    /// Gaussian log-likelihood of the demand itself, up to a constant.
    loglik: f64,
}

impl Model {
    fn new(task: &Task<'_>, drivers: &[&DriverColumn], scale: Scale, control: &Control) -> Result<Self, FitError> {
        let design = Design::new(task, drivers, scale);
        let estimate = fit::estimate(&design.x, &design.y, control)?;
        let n = design.y.len() as f64;
        // Residuals of a perfect fit are rounding; relative to a variance of 1.
        let variance = (estimate.rss / n).max(1e-20);
        let mut loglik = 0.5 * (1.0 - estimate.phi * estimate.phi).ln() - 0.5 * n * variance.ln();
        loglik -= n * design.unit.ln();
        if scale == Scale::Log {
            loglik -= task.y.iter().map(|v| v.ln()).sum::<f64>();
        }
        Ok(Self { design, estimate, loglik })
    }

    fn finish(self, task: &Task<'_>) -> Fit {
        let (n, horizon) = (task.y.len(), task.horizon);
        let Self { design, estimate, .. } = &self;
        let phi = estimate.phi;
        let line = |t: usize| design.value(estimate.at(&design.x, t));
        let regression: Vec<f64> = (0..n + horizon).map(line).collect();
        let errors: Vec<f64> = (0..n).map(|t| design.value(design.y[t]) - regression[t]).collect();
        let sigma = estimate.sigma * design.unit;
        let ahead: Vec<f64> =
            (0..horizon).map(|h| regression[n + h] + phi.powi(h as i32 + 1) * errors[n - 1]).collect();
        let fitted: Vec<f64> = (1..n).map(|t| regression[t] + phi * errors[t - 1]).collect();
        let psi: Vec<f64> = (0..horizon).map(|j| phi.powi(j as i32)).collect();
        let parameters = self.parameters(sigma);
        let why = words::why(design, estimate, task.y);
        if design.scale == Scale::Level {
            return Fit { mean: ahead, spread: Spread::Linear { psi, sigma }, fitted, parameters, why };
        }
        let most = task.y.iter().fold(0.0_f64, |m, v| m.max(*v)) * MOST_GROWTH;
        let back = |v: f64| v.exp().min(most);
        let mut variance = 0.0;
        let mut mean = Vec::with_capacity(horizon);
        for (median, weight) in ahead.iter().zip(&psi) {
            variance += (sigma * weight).powi(2);
            mean.push(back(median + (0.5 * variance).min(MOST_BIAS)));
        }
        let spread = Spread::Paths(simulate(task, &ahead, phi, sigma, most));
        Fit { mean, spread, fitted: fitted.into_iter().map(back).collect(), parameters, why }
    }

    fn parameters(&self, sigma: f64) -> Vec<Parameter> {
        let Self { design, estimate, .. } = self;
        let mut list = vec![
            Parameter::new("phi", estimate.phi),
            Parameter::new("sigma2", sigma * sigma),
            Parameter::new("ridge", estimate.ridge),
            Parameter::new("log", f64::from(u8::from(design.scale == Scale::Log))),
        ];
        let drivers = design.drivers.iter();
        list.extend(drivers.map(|d| Parameter::new(d.name.en.clone(), design.slope(estimate, d.column))));
        list
    }
}

/// Seeded futures of the log model: the errors' autoregression around the regression, back on the scale of demand.
fn simulate(task: &Task<'_>, ahead: &[f64], phi: f64, sigma: f64, most: f64) -> SamplePaths {
    let mut rng = generator(task.seed);
    let paths = task.options.paths.max(1);
    let mut values = Vec::with_capacity(paths * ahead.len());
    for _ in 0..paths {
        let mut error = 0.0;
        for median in ahead {
            let shock: f64 = StandardNormal.sample(&mut rng);
            error = phi * error + sigma * shock;
            values.push((median + error).exp().min(most) as f32);
        }
    }
    SamplePaths::new(ahead.len(), values)
}
