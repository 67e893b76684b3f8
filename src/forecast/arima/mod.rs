//! Seasonal ARIMA by exact maximum likelihood.
//!
//! `φ(B)Φ(Bᵐ)·((1−B)ᵈ(1−Bᵐ)ᴰ (y[t] − β'x[t]) − μ) = θ(B)Θ(Bᵐ)·e[t]`, `e ~ N(0, σ²)`, moving-average terms with a plus
//! sign. The history is differenced, the likelihood of the differences is exact (`filter`, `likelihood`); μ, β, σ² and missing
//! values are concentrated or integrated out of it, the rest is found by least squares over partial autocorrelations
//! (`polynomial`, `optimise`), so every estimate is stationary and invertible. An order is given, or searched for
//! (`search`). A season longer than the search handles enters as Fourier terms among the regressors (`fourier`).
//!
//! The likelihood and its criteria use σ² with divisor n, as maximum likelihood has it; intervals use `n − k`, k the number
//! of coefficients, as R's `Arima` does.

mod covariance;
mod estimate;
mod explain;
mod filter;
mod fixed;
mod fourier;
mod kpss;
mod likelihood;
mod name;
mod optimise;
mod order;
mod paths;
mod polynomial;
mod predict;
mod search;
mod season;
mod select;
mod series;
#[cfg(test)]
mod tests;
mod transform;

pub use fixed::{arima_fixed, arima_fixed_loglik};
pub(crate) use order::Order;

use super::decompose::variance;
use super::events::DriverColumn;
use super::method::{Fit, FitError, Method, Spread, Task};
use super::mixture::{akaike, mixture, weighted};
use crate::control::Control;
use crate::model::Parameter;
use crate::words::Text;
use estimate::{Effort, Estimate, estimate};
use name::{Choice, Wish};
use order::Constant;
use predict::{Prediction, predict};
use search::Breadth;
use series::{Differenced, History};
use transform::{BoxCox, Scale};

/// Periods of history below which no order is chosen: two for each parameter of a mean, a lag and a variance, and a few
/// to judge by.
const LEAST_TO_CHOOSE: usize = 10;
/// Temperature of the Akaike weights over orders, flatter than their definition has them: orders found by a search for the
/// smallest criterion look better than they are. Chosen on M3's training data (`benches/README.md`).
const TEMPERATURE: f64 = 2.0;
/// Most orders averaged, and the least weight worth it, relative to the leading order's.
const MOST_AVERAGED: usize = 12;
const LEAST_WEIGHT: f64 = 0.02;
/// Most regressors besides Fourier terms; each costs a column in every likelihood.
const MOST_REGRESSORS: usize = 40;
/// Most missing values: each costs a column in every likelihood.
const MOST_GAPS: usize = 100;

/// Seasonal ARIMA as a forecasting method.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arima {
    wish: Wish,
}

impl Arima {
    /// Reads `arima`, `arima(full)`, `arima(1,1,1)`, `arima(0,1,1)(0,1,1)[12]`, `arima(1,1,0)+drift`, `arima+log`, …
    /// (`name`); `None` when it is something else.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Wish::parse(name).map(|wish| Self { wish })
    }
}

impl Method for Arima {
    fn name(&self) -> String {
        self.wish.to_string()
    }

    fn takes_gaps(&self) -> bool {
        true
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        if task.y.iter().any(|y| y.is_infinite()) {
            return Err(FitError::Refused(explain::unworkable_size()));
        }
        match self.wish.scale {
            Some(scale) => self.fit_scaled(scale, task, control),
            None if self.drivers_may_multiply(task) => self.fit_on_the_better_scale(task, control),
            None => self.fit_observed(task, Columns::AsGiven, control),
        }
    }
}

impl Arima {
    /// A promotion or a price moves demand by a share rather than by units, as a rule: worth a look when the order is open
    /// and nothing forbids the logarithm.
    fn drivers_may_multiply(&self, task: &Task<'_>) -> bool {
        let open = matches!(self.wish.choice, Choice::Search(_));
        open && task.drivers.is_some_and(|matrix| !matrix.is_empty()) && task.y.iter().all(|y| *y > 0.0)
    }

    /// In units or on logarithms, whichever is likelier.
    fn fit_on_the_better_scale(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let units = self.fit_observed(task, Columns::AsGiven, control)?;
        let logs = match self.fit_scaled(Scale::Given(0.0), task, control) {
            Ok(logs) => logs,
            Err(FitError::Refused(_)) => return Ok(units),
            Err(cancelled) => return Err(cancelled),
        };
        let gain = gain_of_logs(task.y, &units.fitted, &logs.fitted);
        if gain.is_nan() || gain <= 0.0 {
            return Ok(units);
        }
        Ok(Fit { why: logs.why.then(&explain::shares(gain)), ..logs })
    }

    fn fit_scaled(&self, scale: Scale, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let scale = BoxCox::of(task.y, task.season, scale).map_err(FitError::Refused)?;
        let y = scale.forward(task.y);
        let open = matches!(self.wish.choice, Choice::Search(_));
        let columns = if scale.is_log() && open { Columns::Logged } else { Columns::AsGiven };
        let fit = self.fit_observed(&Task { y: &y, ..*task }, columns, control)?;
        let fit = scale.back(fit, (task.options.paths.max(1), task.seed));
        let is_in_reach = fit.mean.iter().chain(&fit.fitted).all(|v| v.is_finite());
        if is_in_reach { Ok(fit) } else { Err(FitError::Refused(explain::beyond_reach())) }
    }

    /// Missing values at the end are steps of the forecast.
    fn fit_observed(&self, task: &Task<'_>, columns: Columns, control: &Control) -> Result<Fit, FitError> {
        let gap = task.y.iter().rev().take_while(|v| v.is_nan()).count();
        if gap == 0 {
            return self.fit_as_it_is(task, columns, control);
        }
        if gap > MOST_GAPS {
            return Err(FitError::Refused(explain::too_many_gaps(gap, MOST_GAPS)));
        }
        let observed = &task.y[..task.y.len() - gap];
        let longer = Task { y: observed, horizon: task.horizon + gap, ..*task };
        let fit = self.fit_as_it_is(&longer, columns, control)?;
        Ok(paths::after_gap(fit, gap, (task.options.paths.max(1), task.seed)))
    }

    fn fit_as_it_is(&self, task: &Task<'_>, columns: Columns, control: &Control) -> Result<Fit, FitError> {
        let rows = task.y.len() + task.horizon;
        let drivers = task.drivers.map(|matrix| matrix.usable(task.y.len())).unwrap_or_default();
        let columns: Vec<Vec<f64>> = drivers.iter().map(|driver| columns.of(driver, rows)).collect();
        let mut history = History::new(task.y, columns).ok_or_else(|| FitError::Refused(explain::unworkable_size()))?;
        if history.gaps.len() > MOST_GAPS {
            return Err(FitError::Refused(explain::too_many_gaps(history.gaps.len(), MOST_GAPS)));
        }
        let offered = drivers.len();
        let chosen: Vec<usize> = match self.wish.choice {
            Choice::Given(..) => (0..offered.min(MOST_REGRESSORS)).collect(),
            Choice::Search(_) if offered > 0 && history.len() >= LEAST_TO_CHOOSE => {
                select::select(&history, task.season, control)?
            }
            Choice::Search(_) => Vec::new(),
        };
        let names: Vec<Text> = chosen.iter().map(|k| drivers[*k].name.clone()).collect();
        history.regressors = chosen.iter().map(|k| std::mem::take(&mut history.regressors[*k])).collect();
        let fit = match self.wish.choice {
            Choice::Given(order, kind) => fit_given((order, kind), task, &history, control),
            Choice::Search(breadth) => fit_automatic(breadth, task, history, control),
        }?;
        Ok(Fit { why: fit.why.then(&explain::drivers(&names, offered)), ..fit })
    }
}

/// How drivers enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    /// As they are: beside demand in units, and always where the order is given, as R's `Arima` has it.
    AsGiven,
    /// Amounts that are always positive by their logarithm.
    Logged,
}

impl Columns {
    fn of(self, driver: &DriverColumn, rows: usize) -> Vec<f64> {
        let logarithms = if self == Self::Logged { driver.logarithms(rows) } else { None };
        logarithms.unwrap_or_else(|| driver.values()[..rows].to_vec())
    }
}

/// By how much the logarithms' log-likelihood of demand exceeds the units', from one-step errors, Jacobian included (Box &
/// Cox 1964, *An analysis of transformations*, J. Royal Statistical Society B 26).
fn gain_of_logs(y: &[f64], units: &[f64], logs: &[f64]) -> f64 {
    let count = units.len().min(logs.len());
    let [y, units, logs] = [y, units, logs].map(|values| &values[values.len() - count..]);
    let errors = variance(y.iter().zip(units).map(|(y, f)| y - f));
    // The fitted values are means, above the medians by a constant; the spread of the ratios is what the model left.
    let ratios = variance(y.iter().zip(logs).map(|(y, f)| (y / f).ln()));
    let jacobian: f64 = y.iter().map(|y| y.ln()).sum();
    0.5 * count as f64 * (errors.ln() - ratios.ln()) - jacobian
}

fn fit_given(
    (order, kind): (Order, Constant),
    task: &Task<'_>,
    history: &History,
    control: &Control,
) -> Result<Fit, FitError> {
    let used = history.len().saturating_sub(order.lost() + history.gaps.len());
    if used < order.differences_needed(kind) + 2 * history.regressors.len() {
        let noise = if used > 0 { noise_loglik(history, &order, control)? } else { None };
        return Err(FitError::Refused(explain::too_short(&history.y, &order, kind, used, noise)));
    }
    let series = Differenced::of(history, &order);
    refuse_unfit(&series, &history.y, &order)?;
    let fitted = estimate(&series, order, kind, Effort::Final, control)?;
    finish(task, history, fitted, explain::given)
}

fn fit_automatic(breadth: Breadth, task: &Task<'_>, history: History, control: &Control) -> Result<Fit, FitError> {
    let undifferenced = Order::new(0, 0, 0);
    if history.len() < LEAST_TO_CHOOSE {
        return Err(FitError::Refused(explain::too_short_to_choose(&history.y, LEAST_TO_CHOOSE)));
    }
    refuse_unfit(&Differenced::of(&history, &undifferenced), &history.y, &undifferenced)?;
    let terms = fourier::choose(&history, task.season, task.horizon, control)?;
    let history = History { regressors: [history.regressors, terms.columns].concat(), ..history };
    let chosen = search::automatic(&history, (task.season, terms.pairs), breadth, control)?;
    let series = Differenced::of(&history, &chosen.base);
    refuse_unfit(&series, &history.y, &chosen.base)?;
    let lead = finish(task, &history, chosen.fit.clone(), |fit, mean| explain::chosen(&chosen, fit, mean))?;
    Ok(average(task, &history, &chosen, lead))
}

/// The mean over the orders found, by Akaike weights: one order's lead over its neighbours is mostly chance. Parameters and
/// criteria stay the leading order's.
fn average(task: &Task<'_>, history: &History, chosen: &search::Chosen, lead: Fit) -> Fit {
    let weights = akaike(chosen.found.iter().map(Estimate::aicc), TEMPERATURE);
    let mut parts: Vec<(f64, Fit)> = Vec::new();
    for (estimate, weight) in chosen.found.iter().zip(weights).take(MOST_AVERAGED) {
        if weight < LEAST_WEIGHT {
            break;
        }
        if let Some(Prediction { mean, psi, widening, fitted }) = predict(history, estimate, task.horizon) {
            let spread = Spread::Linear { psi, sigma: widening * estimate.unbiased_sigma2().sqrt() };
            parts.push((weight, Fit { mean, spread, fitted, parameters: Vec::new(), why: Text::default() }));
        }
    }
    if parts.len() < 2 {
        return lead;
    }
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    for (weight, _) in &mut parts {
        *weight /= total;
    }
    let mean = weighted(parts.iter().map(|(weight, fit)| (*weight, fit.mean.as_slice())));
    let fitted = weighted(parts.iter().map(|(weight, fit)| (*weight, fit.fitted.as_slice())));
    let borrowed: Vec<(f64, &Fit)> = parts.iter().map(|(weight, fit)| (*weight, fit)).collect();
    let paths = mixture(&borrowed, &mean, task.options.paths.max(1), task.seed);
    let why = lead.why.then(&explain::averaged(parts.len(), parts[0].0));
    Fit { mean, spread: Spread::Paths(paths), fitted, parameters: lead.parameters, why }
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
fn noise_loglik(history: &History, order: &Order, control: &Control) -> Result<Option<f64>, FitError> {
    let series = Differenced::of(history, order);
    if !series.varies() || !series.is_of_workable_size() {
        return Ok(None);
    }
    let noise = Order { ar: 0, ma: 0, seasonal_ar: 0, seasonal_ma: 0, ..*order };
    Ok(estimate(&series, noise, Constant::Zero, Effort::Ranking, control)?.map(|fit| fit.loglik))
}

fn finish(
    task: &Task<'_>,
    history: &History,
    fit: Option<Estimate>,
    why: impl FnOnce(&Estimate, &[f64]) -> Text,
) -> Result<Fit, FitError> {
    let prediction = fit.as_ref().and_then(|fit| predict(history, fit, task.horizon));
    let (Some(fit), Some(Prediction { mean, psi, widening, fitted })) = (fit, prediction) else {
        return Err(FitError::Refused(explain::no_likelihood("ARIMA")));
    };
    let why = why(&fit, &mean);
    let spread = Spread::Linear { psi, sigma: widening * fit.unbiased_sigma2().sqrt() };
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
    list.extend(fit.regressors.iter().enumerate().map(|(i, value)| Parameter::new(format!("x{}", i + 1), *value)));
    let statistics =
        [("sigma2", fit.sigma2), ("loglik", fit.loglik), ("aic", fit.aic()), ("aicc", fit.aicc()), ("bic", fit.bic())];
    list.extend(statistics.into_iter().map(|(name, value)| Parameter::new(name, value)));
    list
}
