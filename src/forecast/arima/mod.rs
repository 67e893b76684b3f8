//! Seasonal ARIMA by exact maximum likelihood.
//!
//! `φ(B)Φ(Bᵐ)·((1−B)ᵈ(1−Bᵐ)ᴰ y[t] − μ) = θ(B)Θ(Bᵐ)·e[t]`, `e ~ N(0, σ²)`, moving-average terms with a plus sign.
//! The history is differenced, the likelihood of the differences is exact (`innovations`), μ and σ² are concentrated
//! out of it, the rest is found by BFGS over partial autocorrelations (`polynomial`, `optimise`), so every estimate is
//! stationary and invertible. An order is given, or searched for (`search`).

mod covariance;
mod css;
mod estimate;
mod explain;
mod fixed;
mod innovations;
mod kpss;
mod optimise;
mod order;
mod polynomial;
mod predict;
mod search;
mod season;
mod series;
#[cfg(test)]
mod tests;

pub use fixed::{arima_fixed, arima_fixed_loglik};
pub(crate) use order::Order;

use super::method::{Fit, FitError, Method, Spread, Task};
use crate::control::Control;
use crate::model::Parameter;
use crate::words::Text;
use estimate::{Effort, Estimate, estimate};
use order::Constant;
use predict::{Prediction, predict};
use series::Differenced;

/// Periods of history below which no order is chosen: two for each parameter of a mean, a lag and a variance, and a few
/// to judge by.
const LEAST_TO_CHOOSE: usize = 10;

/// Seasonal ARIMA as a forecasting method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arima {
    order: Option<Order>,
}

impl Arima {
    /// Chooses its own order for every history.
    pub(crate) fn automatic() -> Self {
        Self { order: None }
    }

    /// With a given order; a mean is estimated when nothing is differenced.
    pub(crate) fn with_order(order: Order) -> Self {
        Self { order: Some(order) }
    }

    /// Reads `arima`, `arima(1,1,1)` or `arima(0,1,1)(0,1,1)[12]`, in any case and with any spaces; `None` when it is
    /// something else, or p or q is above 9, P or Q above 3, d or D above 2, m below 2 or above 60.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        match name.strip_prefix("arima")? {
            "" => Some(Self::automatic()),
            order => Order::parse(order).map(Self::with_order),
        }
    }
}

impl Method for Arima {
    fn name(&self) -> String {
        self.order.map_or_else(|| "arima".to_owned(), |order| format!("arima{order}"))
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        if task.y.iter().any(|y| !y.is_finite()) {
            return Err(FitError::Refused(explain::unworkable_size()));
        }
        match self.order {
            Some(order) => fit_given(order, task, control),
            None => fit_automatic(task, control),
        }
    }
}

fn fit_given(order: Order, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
    let kind = if order.all_differences() == 0 { Constant::Estimated } else { Constant::Zero };
    let used = task.y.len().saturating_sub(order.lost());
    if used < order.differences_needed(kind) {
        let noise = if used > 0 { noise_loglik(task.y, &order, control)? } else { None };
        return Err(FitError::Refused(explain::too_short(task.y, &order, kind, used, noise)));
    }
    let series = Differenced::of(task.y, &order);
    refuse_unfit(&series, task.y, &order)?;
    let fitted = estimate(&series, order, kind, Effort::Final, control)?;
    finish(task, &series, fitted, explain::given)
}

fn fit_automatic(task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
    let undifferenced = Order::new(0, 0, 0);
    if task.y.len() < LEAST_TO_CHOOSE {
        return Err(FitError::Refused(explain::too_short_to_choose(task.y, LEAST_TO_CHOOSE)));
    }
    refuse_unfit(&Differenced::of(task.y, &undifferenced), task.y, &undifferenced)?;
    let chosen = search::automatic(task.y, task.season, control)?;
    let series = Differenced::of(task.y, &chosen.base);
    refuse_unfit(&series, task.y, &chosen.base)?;
    finish(task, &series, chosen.fit.clone(), |fit, mean| explain::chosen(&chosen, fit, mean))
}

fn refuse_unfit(series: &Differenced, y: &[f64], order: &Order) -> Result<(), FitError> {
    if !series.is_of_workable_size() {
        return Err(FitError::Refused(explain::unworkable_size()));
    }
    if !series.varies() {
        return Err(FitError::Refused(explain::nothing_varies(y, order)));
    }
    Ok(())
}

/// Log-likelihood of the differences as plain noise: what any coefficients have to beat.
fn noise_loglik(y: &[f64], order: &Order, control: &Control) -> Result<Option<f64>, FitError> {
    let series = Differenced::of(y, order);
    if !series.varies() || !series.is_of_workable_size() {
        return Ok(None);
    }
    let noise = Order { ar: 0, ma: 0, seasonal_ar: 0, seasonal_ma: 0, ..*order };
    Ok(estimate(&series, noise, Constant::Zero, Effort::Ranking, control)?.map(|fit| fit.loglik))
}

fn finish(
    task: &Task<'_>,
    series: &Differenced,
    fit: Option<Estimate>,
    why: impl FnOnce(&Estimate, &[f64]) -> Text,
) -> Result<Fit, FitError> {
    let prediction = fit.as_ref().and_then(|fit| predict(task.y, series, fit, task.horizon));
    let (Some(fit), Some(Prediction { mean, psi, fitted })) = (fit, prediction) else {
        return Err(FitError::Refused(explain::no_likelihood("ARIMA")));
    };
    let why = why(&fit, &mean);
    let spread = Spread::Linear { psi, sigma: fit.sigma2.sqrt() };
    Ok(Fit { mean, spread, fitted, parameters: parameters(&fit), why })
}

/// Estimates in the field's order, then σ² and the criteria.
fn parameters(fit: &Estimate) -> Vec<Parameter> {
    let factors = &fit.coefficients;
    let mut list = Vec::with_capacity(fit.order.coefficients() + 6);
    let named =
        [("ar", &factors.ar), ("ma", &factors.ma), ("sar", &factors.seasonal_ar), ("sma", &factors.seasonal_ma)];
    for (name, values) in named {
        list.extend(values.iter().enumerate().map(|(i, value)| Parameter::new(format!("{name}{}", i + 1), *value)));
    }
    if fit.kind == Constant::Estimated {
        // A drift per period becomes m times as much in a seasonal difference.
        let periods = if fit.order.seasonal_differences > 0 { fit.order.period as f64 } else { 1.0 };
        let name = if fit.order.all_differences() == 0 { "intercept" } else { "drift" };
        list.push(Parameter::new(name, fit.constant / periods));
    }
    let statistics =
        [("sigma2", fit.sigma2), ("loglik", fit.loglik), ("aic", fit.aic()), ("aicc", fit.aicc()), ("bic", fit.bic())];
    list.extend(statistics.into_iter().map(|(name, value)| Parameter::new(name, value)));
    list
}
