//! Linear regression on trend, season and drivers: what a price, a promotion or a feast is worth.
//!
//! Demand (or its logarithm), `y[t] = β₀ + Σ β[k]·x[k,t] + u[t]`. Errors `u` are autoregressive, `u[t] = φ·u[t−1] + e[t]`,
//! or smooth to a wandering level where that is likelier (`errors`), as in long histories. The regressors are a linear
//! trend (not beside a wandering level), Fourier pairs of the season (Harvey 1989, *Forecasting, Structural Time Series Models and the Kalman
//! Filter*, section 2.3.4) and the drivers; coefficients are shrunk by a ridge (Hoerl & Kennard 1970, Technometrics 12)
//! whose strength generalised cross-validation picks; φ comes from the residuals by Prais & Winsten's iteration (1954,
//! Cowles Commission paper 383), which unlike Cochrane & Orcutt's keeps the first period. See `fit`.
//!
//! Logarithms are taken when every value is positive and the likelihood, Jacobian included, is larger with them (Box &
//! Cox 1964, J. Royal Statistical Society B 26). Amounts that are always positive enter them as logarithms too, so that
//! a price's coefficient is its elasticity.

mod design;
mod errors;
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
use errors::Errors;
use fit::Estimate;

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
        let estimate = fit::estimate(&design.x, &design.y, design::TREND, control)?;
        let mut loglik = estimate.loglik - design.y.len() as f64 * design.unit.ln();
        if scale == Scale::Log {
            loglik -= task.y.iter().map(|v| v.ln()).sum::<f64>();
        }
        Ok(Self { design, estimate, loglik })
    }

    fn finish(&self, task: &Task<'_>) -> Fit {
        let (n, horizon) = (task.y.len(), task.horizon);
        let Self { design, estimate, .. } = self;
        let line = |t: usize| design.value(estimate.at(&design.x, t));
        let regression: Vec<f64> = (0..n + horizon).map(line).collect();
        let errors: Vec<f64> = (0..n).map(|t| design.value(design.y[t]) - regression[t]).collect();
        let sigma = estimate.sigma * design.unit;
        let expected = estimate.errors.expected(&errors);
        let to_come = estimate.errors.ahead(expected[n], horizon);
        let ahead: Vec<f64> = regression[n..].iter().zip(to_come).map(|(line, error)| line + error).collect();
        let fitted: Vec<f64> = (1..n).map(|t| regression[t] + expected[t]).collect();
        let psi = estimate.errors.psi(horizon);
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
        let spread = Spread::Paths(self.simulate(task, &ahead, sigma, most));
        Fit { mean, spread, fitted: fitted.into_iter().map(back).collect(), parameters, why }
    }

    fn parameters(&self, sigma: f64) -> Vec<Parameter> {
        let Self { design, estimate, .. } = self;
        let mut list = vec![
            match estimate.errors {
                Errors::Autoregressive(phi) => Parameter::new("phi", phi),
                Errors::Level(alpha) => Parameter::new("alpha", alpha),
            },
            Parameter::new("sigma2", sigma * sigma),
            Parameter::new("ridge", estimate.ridge),
            Parameter::new("log", f64::from(u8::from(design.scale == Scale::Log))),
        ];
        let drivers = design.drivers.iter();
        list.extend(drivers.map(|d| Parameter::new(d.name.en.clone(), design.slope(estimate, d.column))));
        // A driver stated in a unit as good as nothing is worth more than a number can say, a unit.
        list.retain(|p| p.value.is_finite());
        list
    }

    /// Seeded futures of the log model: the errors' shocks around the regression, back on the scale of demand.
    fn simulate(&self, task: &Task<'_>, ahead: &[f64], sigma: f64, most: f64) -> SamplePaths {
        let mut rng = generator(task.seed);
        let paths = task.options.paths.max(1);
        let mut values = Vec::with_capacity(paths * ahead.len());
        for _ in 0..paths {
            let mut medians = ahead.iter();
            let add = |error: f64| {
                if let Some(median) = medians.next() {
                    values.push((median + error).exp().min(most) as f32);
                }
            };
            self.estimate.errors.draw(sigma, &mut rng, add, ahead.len());
        }
        SamplePaths::new(ahead.len(), values)
    }
}
