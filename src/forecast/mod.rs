//! Sales panel → forecasts.
//!
//! Every series is fitted by several methods, each method is backtested on a rolling origin with everything refitted, and a
//! combination of them is taken unless one method is better beyond chance; the reason is told. [`parse_models`] reads names,
//! [`fit`] runs one of them, [`forecast`] a whole panel.
//!
//! Reading order: `method` (what a method is), `baseline`, `decompose`, `smoothing`, `theta`, `intermittent`, `arima`,
//! `events` and `regression` (the methods and what they are told), `mixture` and `combination` (several as one), `intervals`
//! (bounds and paths from a fit), `accuracy`, `backtest`, `conformal`, `diebold_mariano`, `choose`, `compete` (one series),
//! this file (a panel), `challenge` (models beside the automatic ones), `summary`; then what is made of forecasts: `hierarchy`, `overrides`, `new_items`, `value_added`, `ladder`.

mod method;

mod registry;

mod baseline;
mod decompose;
mod smoothing;
mod theta;

mod intermittent;

mod least_squares;
mod seed;
mod shocks;

mod intervals;
mod mixture;

mod combination;

mod accuracy;
mod backtest;
mod conformal;
mod diebold_mariano;

mod challenge;
mod choose;
mod diagnose;
mod explain;

mod compete;
mod summary;

mod arima;
mod neural;

mod events;
mod regression;

pub mod hierarchy;
mod ladder;
mod new_items;
mod overrides;
mod value_added;

pub use arima::{arima_fixed, arima_fixed_loglik};
pub use challenge::{Challenge, FEWEST_POOLED, Settlement, settle};
pub use diagnose::explain;
pub use diebold_mariano::{DieboldMariano, diebold_mariano};
pub use events::Matrices;
pub use hierarchy::{Hierarchy, Reconciliation, reconcile};
pub use intermittent::classify as demand_class;
pub use ladder::{LadderCase, ladder};
pub use neural::{LstmOptions, LstmProbe, NetworkOptions, NetworkPreset, Networks, devices};
pub use neural::{NetworkMeasure, Precision, Pretrained, Reuse, TrainedNetwork, TrainedNetworks};
pub use neural::{ShapeCoder, ShapeOptions, demand_shapes, suggest_like_items};
pub use neural::{explain_network, what_if};
pub use new_items::{FEWEST_PERIODS, NewItems, borrow_histories, too_short};
pub use overrides::apply_overrides;
pub use value_added::{ValueAdded, value_added};

use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Accuracy, Drivers, Forecast, Horizon, ItemTable, ModelScore, SalesPanel, Series, SeriesForecast, SeriesId,
};
use crate::text;
use crate::words::Text;
use compete::{Keep, Run};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Which models compete.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Models {
    /// A shortlist by the series' length, season and intermittence; never a neural network.
    #[default]
    Auto,
    /// These, by name. With `auto` among them the automatic shortlist competes as ever, and the others are taken where they
    /// are better beyond chance, see [`settle`].
    Named(Vec<Arc<str>>),
}

/// Where a neural network is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Device {
    /// The GPU when one is built in and present, else the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// An NVIDIA GPU.
    Cuda,
    /// An Apple GPU.
    Metal,
}

/// What to forecast and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Periods ahead.
    pub horizon: Horizon,
    /// Nominal coverages of the intervals, percent, ascending. 80 and 95 are always computed.
    pub levels: Vec<f64>,
    /// Which models compete.
    pub models: Models,
    /// Rolling-origin folds of the backtest, ≥ 1; fewer when the history is short.
    pub folds: usize,
    /// Sample paths per forecast.
    pub paths: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// Where a network is trained.
    pub device: Device,
    /// The configuration of a network for one item.
    pub lstm: LstmOptions,
    /// The configuration of networks over all series.
    #[serde(default)]
    pub neural: NetworkOptions,
    /// Prices, promotions, events and feasts, for the methods that can use them.
    #[serde(default)]
    pub drivers: Arc<Drivers>,
    /// Master data of the items, for networks over all series, which are told the categories.
    #[serde(skip)]
    pub items: Arc<ItemTable>,
    /// The drivers as regressors, by series: made by the engine once per run, whatever stands here before.
    #[serde(skip)]
    pub matrices: Arc<Matrices>,
    /// What networks over all series forecast: trained by the engine once per run, whatever stands here before.
    #[serde(skip)]
    pub networks: Arc<Networks>,
    /// Trained networks to forecast with in place of training.
    #[serde(skip)]
    pub pretrained: Option<Arc<Pretrained>>,
}

impl Options {
    /// The defaults for a horizon: 80 and 95 %, automatic models, 3 folds, 1,000 paths.
    pub fn new(horizon: Horizon) -> Self {
        Self {
            horizon,
            levels: vec![80.0, 95.0],
            models: Models::Auto,
            folds: 3,
            paths: 1000,
            seed: 1,
            device: Device::Auto,
            lstm: LstmOptions::default(),
            neural: NetworkOptions::default(),
            drivers: Arc::default(),
            items: Arc::default(),
            matrices: Arc::default(),
            networks: Arc::default(),
            pretrained: None,
        }
    }

    /// The regressors of a series over its history and horizon; `None` when it has none.
    pub(crate) fn matrix(&self, id: &SeriesId) -> Option<&events::DriverMatrix> {
        self.matrices.get(id)
    }
}

/// A model the user may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelInfo {
    /// Name on the command line and in files.
    pub name: &'static str,
    /// Name for people.
    pub label: Text,
}

/// Something a network can be trained on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInfo {
    /// `cpu`, `cuda:0`, `metal`.
    pub name: String,
    /// True when it can be used now.
    pub available: bool,
    /// What it is, or why it can't be used.
    pub note: Text,
    /// True for the one that [`Device::Auto`] picks.
    pub chosen: bool,
}

/// Why one named model gave no forecast.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForecastError {
    /// No model has this name; the diagnostic lists those there are.
    #[error("{}", .0.message)]
    Unknown(Box<Diagnostic>),
    /// The history doesn't carry this model; the reason in words.
    #[error("{0}")]
    Refused(Text),
    /// The user asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// Sample path values (series × models × paths × steps) up to which every candidate keeps its paths: 128 MiB.
const VALUES_FOR_ALL: usize = 32 << 20;
/// Values of the backtest's cut-offs (series × models × folds × steps) up to which they are kept, each a mean and a spread: 128 MiB.
const VALUES_OF_CUTOFFS: usize = 8 << 20;
/// The same where models named beside the automatic ones are judged by them: 512 MiB.
const VALUES_TO_COMPARE: usize = 32 << 20;
/// Sample path values (series × paths × steps) beyond which each series gets fewer paths: 512 MiB.
const MOST_VALUES: usize = 128 << 20;
/// Fewest paths that a quantile at 95 % can be read from.
const FEWEST_PATHS: usize = 100;
/// Models of the longest automatic shortlist.
const SHORTLIST: usize = 10;

/// Forecasts every series, in panel order, over rayon's pool; the result doesn't depend on the number of threads.
///
/// Every series has at least the naive forecast. In panels with more than 2²⁵ path values (series × models × paths ×
/// steps) only the chosen candidate keeps its paths, beyond 2²³ values of cut-offs none is kept, and beyond 2²⁷ values for those alone each series gets fewer than
/// [`Options::paths`], at least 100.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn forecast(panel: &SalesPanel, options: &Options, control: &Control) -> Result<Vec<SeriesForecast>, Cancelled> {
    let places: Vec<OnceLock<SeriesForecast>> = panel.series().iter().map(|_| OnceLock::new()).collect();
    let found = |k: usize, found| places[k].set(found).unwrap_or_default();
    forecast_each(panel, options, Each { found: &found, ..Each::all() }, control)?;
    let mut all: Vec<SeriesForecast> = places.into_iter().filter_map(OnceLock::into_inner).collect();
    settle(panel.series(), all.iter(), &options.models).apply(&mut all);
    Ok(all)
}

/// Which series are forecast, and what is done with each; called from several threads.
#[derive(Clone, Copy)]
pub struct Each<'a> {
    /// True for the series to be forecast, by their position in the panel.
    pub is_wanted: &'a (dyn Fn(usize) -> bool + Sync),
    /// Takes the forecast of the series at a position.
    pub found: &'a (dyn Fn(usize, SeriesForecast) + Sync),
    /// Takes a network over all series as soon as it is trained.
    pub trained: &'a (dyn Fn(&TrainedNetwork) + Sync),
}

impl Each<'_> {
    /// Every series; nothing is done with what is found.
    pub fn all() -> Self {
        Self { is_wanted: &|_| true, found: &|_, _| {}, trained: &|_| {} }
    }

    /// No series: the networks alone.
    pub fn none() -> Self {
        Self { is_wanted: &|_| false, ..Self::all() }
    }
}

/// As [`forecast`], with each forecast handed over as soon as it is there, in any order; with the networks over all series
/// that were trained for it, or loaded. Models named beside the automatic ones aren't taken yet: only all forecasts together
/// tell whether they are better, see [`settle`].
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn forecast_each(
    panel: &SalesPanel,
    options: &Options,
    each: Each<'_>,
    control: &Control,
) -> Result<TrainedNetworks, Cancelled> {
    let series = panel.series();
    let options = prepared((options, options.folds), series, each.trained, control)?;
    let run = run(&options, series.len());
    let total = series.len();
    let wanted: Vec<usize> = (0..total).filter(|k| (each.is_wanted)(*k)).collect();
    let done = AtomicUsize::new(total - wanted.len());
    wanted.par_iter().try_for_each(|k| {
        let at = done.load(Ordering::Relaxed) as f64;
        let part = control.part(at / total as f64, (at + 1.0) / total as f64);
        (each.found)(*k, compete::compete(&run, &series[*k], &part)?);
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        control.report(
            count as f64 / total as f64,
            &text!("Forecast {count} of {total} series", "已预测 {count}/{total} 个序列"),
        )
    })?;
    Ok(options.networks.trained().clone())
}

/// Forecasts one series as a panel of one.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn forecast_series(series: &Series, options: &Options, control: &Control) -> Result<SeriesForecast, Cancelled> {
    let options = prepared((options, options.folds), std::slice::from_ref(series), &|_| {}, control)?;
    let run = run(&options, 1);
    let mut found = [compete::compete(&run, series, control)?];
    settle(std::slice::from_ref(series), found.iter(), &options.models).apply(&mut found);
    let [found] = found;
    Ok(found)
}

/// Fits one named model (`ses`, `arima(0,1,1)`, `croston(0.1)`, …) to the whole history, without a backtest.
///
/// # Errors
/// [`ForecastError`]: the name is unknown, the model refuses the history, or the user asked to stop.
pub fn fit(model: &str, series: &Series, options: &Options, control: &Control) -> Result<Forecast, ForecastError> {
    let named = Options { models: Models::Named(vec![registry::canonical(model).into()]), ..options.clone() };
    let options = prepared((&named, 0), std::slice::from_ref(series), &|_| {}, control);
    compete::fit_one(model, series, &options.map_err(|Cancelled| ForecastError::Cancelled)?, control)
}

/// What becomes of the drivers of `options` in a panel: values without a future, gaps, copies, codes without sales. One
/// finding per driver and fate, with the first series as its example.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn check_drivers(panel: &SalesPanel, options: &Options, control: &Control) -> Result<Diagnostics, Cancelled> {
    events::check(panel, &options.drivers, options.horizon.get(), control)
}

/// Share of the work that training networks over all series is, where there are any, and that repeating them is.
const NETWORKS_SHARE: f64 = 0.8;
const REPEATED_SHARE: f64 = 0.2;

/// The options for `series` with a number of backtest folds: as many paths as memory allows, the drivers as regressors,
/// and networks over all series trained.
fn prepared(
    (options, folds): (&Options, usize),
    series: &[Series],
    trained: &dyn Fn(&TrainedNetwork),
    control: &Control,
) -> Result<Options, Cancelled> {
    let matrices = events::matrices(series, &options.drivers, options.horizon.get(), control)?;
    let options = Options { matrices: Arc::new(matrices), ..affordable(options, series.len()) };
    let kinds = registry::global_kinds(&options.models);
    if kinds.is_empty() {
        return Ok(options);
    }
    let repeats = options.pretrained.as_ref().is_some_and(|p| p.reuse == Reuse::Repeated);
    let part = control.part(0.0, if repeats { REPEATED_SHARE } else { NETWORKS_SHARE });
    let networks = Networks::train(&kinds, series, (&options, folds), trained, &part)?;
    Ok(Options { networks: Arc::new(networks), ..options })
}

/// The options with as many paths as memory allows for `series` series.
fn affordable(options: &Options, series: usize) -> Options {
    // Models beside the automatic ones keep their paths as the chosen one does.
    let kept = 1 + options.models.beside().len();
    let most = MOST_VALUES / (series.max(1) * options.horizon.get()).saturating_mul(kept);
    Options { paths: options.paths.clamp(1, most.max(FEWEST_PATHS)), ..options.clone() }
}

fn run(options: &Options, series: usize) -> Run<'_> {
    let beside = options.models.beside().len();
    let models = match &options.models {
        Models::Named(names) if !options.models.is_automatic() => names.len(),
        _ => SHORTLIST + beside,
    };
    let most = if beside > 0 { VALUES_TO_COMPARE } else { VALUES_OF_CUTOFFS };
    let values = options.horizon.get().saturating_mul(series).saturating_mul(models);
    let keep = if values.saturating_mul(options.paths) <= VALUES_FOR_ALL { Keep::All } else { Keep::Winner };
    Run { options, series, keep, keeps_cutoffs: values.saturating_mul(options.folds) <= most }
}

/// Pools the scores of many series per model, best first: the "(all)" rows.
///
/// MAE, MSE, RMSE, WAPE and bias weigh every forecast alike; MAPE, sMAPE, MASE, RMSSE and coverage every series.
pub fn summarise(forecasts: &[SeriesForecast]) -> Vec<ModelScore> {
    summary::summarise(forecasts)
}

/// Every model by name, simplest first.
pub fn models() -> Vec<ModelInfo> {
    registry::models()
}

/// The networks over all series among the models, simplest first.
pub fn networks() -> Vec<ModelInfo> {
    registry::networks()
}

/// Reads `auto` or `name,name`; `arima(1,1,1)(0,1,1)[12]` is a name, and so is `ses(0.3)` with its α given. `arima(full)`
/// tries every order; `+drift`, `+mean` or `+zero` set the constant of a given order, `+log`, `+boxcox=0.5` or `+boxcox` the
/// scale of any: `arima(0,1,1)+log`.
///
/// # Errors
/// A diagnostic that names what is unknown and lists the models there are.
pub fn parse_models(list: &str) -> Result<Models, Box<Diagnostic>> {
    registry::parse(list)
}

/// Errors of one forecast against what happened. `history` is what the model saw, `season` its season length.
pub fn accuracy(history: &[f64], season: usize, actual: &[f64], forecast: &[f64]) -> Accuracy {
    let mut tally = accuracy::Tally::new();
    tally.add(history, season, actual, forecast);
    tally.accuracy()
}

/// Pinball loss of a quantile forecast, `tau` in `(0, 1)` (Koenker & Bassett 1978): the measure that quantiles minimise.
pub fn pinball(tau: f64, actual: f64, quantile: f64) -> f64 {
    accuracy::pinball(tau, actual, quantile)
}
