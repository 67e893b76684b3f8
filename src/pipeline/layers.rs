//! Statistical forecasts → final ones: launch curves, reconciliation, overrides, each a layer of its own.

use super::hierarchy::{self, Groups, Reconciled};
use super::{Forecasts, Inputs, PipelineError, Settings};
use crate::control::Control;
use crate::forecast::{self, NewItems, Reconciliation, TrainedNetworks};
use crate::model::{
    AppliedOverride, Forecast, ForecastLayers, ForecastOverride, ForecastScope, KeptForecast, LayerKind, OverrideState,
    SeriesForecast, SeriesId, Succession, Touch,
};
use std::sync::Arc;

/// What people said about the future, and the histories that new items borrow.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Overrides, in order.
    pub overrides: Arc<Vec<ForecastOverride>>,
    /// Where new items' histories come from.
    pub successions: Arc<Vec<Succession>>,
}

/// Statistical forecasts and what was made of them.
#[derive(Debug, Clone)]
pub struct Layered {
    /// The statistical forecasts, in panel order.
    pub statistical: Forecasts,
    /// Layers per series, in panel order; empty when nothing was changed.
    pub layers: Arc<Vec<ForecastLayers>>,
    /// What became of every override.
    pub overrides: Vec<AppliedOverride>,
    /// The groups that forecasts were made to add up over, with their own forecasts; `None` when nothing was reconciled.
    pub groups: Option<Arc<Groups>>,
    /// The networks over all series behind the forecasts; empty when none was named.
    pub networks: Arc<TrainedNetworks>,
}

impl Layered {
    /// Statistical forecasts that are final.
    pub fn plain(statistical: Forecasts) -> Self {
        Self { statistical, layers: Arc::default(), overrides: Vec::new(), groups: None, networks: Arc::default() }
    }

    /// The final forecast of series `k`.
    pub fn last(&self, k: usize) -> Forecast {
        let best = self.statistical[k].best();
        match self.layers.get(k) {
            Some(layers) if !layers.is_plain() => best.with_mean(layers.last()),
            _ => best.clone(),
        }
    }

    /// The forecasts with the final one in the chosen model's place.
    pub fn final_forecasts(&self) -> Forecasts {
        if self.layers.iter().all(ForecastLayers::is_plain) {
            return self.statistical.clone();
        }
        let one = |(k, series): (usize, &SeriesForecast)| {
            let mut series = series.clone();
            let chosen = series.chosen.min(series.candidates.len() - 1);
            series.candidates[chosen] = self.last(k);
            series
        };
        Arc::new(self.statistical.iter().enumerate().map(one).collect())
    }

    /// The forecasts of every series that an override changed, to be judged later; see
    /// [`value_added`](crate::forecast::value_added).
    pub fn keep(&self, inputs: &Inputs) -> Vec<KeptForecast> {
        let one = |(k, layers): (usize, &ForecastLayers)| {
            let last = layers.get(LayerKind::Override)?;
            let best = self.statistical[k].best();
            let touched = self.overrides.iter().filter(|o| o.state == OverrideState::Applied).map(|o| &o.given);
            let touched = touched.filter(|o| holds(inputs, &o.scope, &best.id));
            let touch = |o: &ForecastOverride| {
                let steps = o.steps(best.start, last.len());
                let (first, last) = (steps.start, steps.end.checked_sub(1)?);
                Some(Touch { first, last, scope: o.scope.clone(), author: o.author.clone() })
            };
            let below = layers.layers().iter().rev().find(|l| l.kind != LayerKind::Override);
            Some(KeptForecast {
                id: best.id.clone(),
                start: best.start,
                naive: inputs.panel.get(&best.id).and_then(|s| s.values.last().copied()).unwrap_or(0.0),
                statistical: below.map_or_else(Vec::new, |l| l.mean.clone()),
                last: last.to_vec(),
                touched: touched.filter_map(touch).collect(),
            })
        };
        self.layers.iter().enumerate().filter_map(one).collect()
    }
}

/// Lends new items their references' histories: what [`forecast_inputs`] fits. Cheap.
pub fn new_items(inputs: &Inputs, settings: &Settings) -> NewItems {
    forecast::borrow_histories(&inputs.panel, &inputs.judgement.successions, settings.horizon.get())
}

/// Everything from inputs to final forecasts; the inputs' panel becomes the one that was planned, which holds new items
/// too.
///
/// # Errors
/// [`PipelineError::Cancelled`], and [`PipelineError::Failed`] when the reconciliation doesn't fit the data.
pub fn forecast_inputs(inputs: &mut Inputs, settings: &Settings, control: &Control) -> Result<Layered, PipelineError> {
    let new = new_items(inputs, settings);
    inputs.panel = new.sold.clone();
    inputs.diagnostics.extend(new.findings.clone());
    let grouped = settings.reconciliation != Reconciliation::None;
    let part = control.part(0.0, if grouped { 0.8 } else { 1.0 });
    let settings = &settings.knowing(&inputs.items);
    let (forecasts, networks) = super::forecast_and_keep(&new.fitted, settings, &part)?;
    let forecasts = explain_new(forecasts, &new);
    let reconciled = if grouped {
        let groups = hierarchy::forecast_groups(
            &new.fitted,
            (&inputs.items, &inputs.regions),
            settings,
            &control.part(0.8, 0.95),
        )?;
        Some(reconcile(&Arc::new(groups), &forecasts, &new, settings, &control.part(0.95, 1.0))?)
    } else {
        None
    };
    Ok(Layered { networks: Arc::new(networks), ..layered(inputs, &forecasts, &new, reconciled.as_ref()) })
}

/// Says of every new item where its history comes from.
pub fn explain_new(forecasts: Forecasts, new: &NewItems) -> Forecasts {
    if new.why.is_empty() {
        return forecasts;
    }
    Arc::new(forecasts.iter().map(|series| explained(series.clone(), new)).collect())
}

/// Says where a new item's history comes from.
pub(super) fn explained(series: SeriesForecast, new: &NewItems) -> SeriesForecast {
    match new.why.get(&series.id) {
        Some(why) => SeriesForecast { why: why.then(&series.why), ..series },
        None => series,
    }
}

/// Makes forecasts with their launch curves add up over their groups.
///
/// # Errors
/// As `hierarchy::reconcile`.
pub fn reconcile(
    groups: &Arc<Groups>,
    forecasts: &Forecasts,
    new: &NewItems,
    settings: &Settings,
    control: &Control,
) -> Result<Reconciled, PipelineError> {
    let means: Vec<Vec<f64>> = forecasts.iter().map(|f| launched(f.best(), new)).collect();
    hierarchy::reconcile(groups, forecasts, &means, (&new.fitted, &settings.reconciliation), control)
}

/// Puts all layers on the statistical forecasts. Cheap: means only.
pub fn layered(inputs: &Inputs, forecasts: &Forecasts, new: &NewItems, reconciled: Option<&Reconciled>) -> Layered {
    let overrides = &inputs.judgement.overrides;
    if new.curves.is_empty() && reconciled.is_none() && overrides.is_empty() {
        return Layered::plain(forecasts.clone());
    }
    let mut layers: Vec<ForecastLayers> = forecasts
        .iter()
        .enumerate()
        .map(|(k, series)| {
            let mut layers = ForecastLayers::new(series.best().mean.clone());
            layers.push(LayerKind::Launch, launched(series.best(), new));
            if let Some(mean) = reconciled.and_then(|r| r.means.bottom.get(k)) {
                layers.push(LayerKind::Reconciled, mean.clone());
            }
            layers
        })
        .collect();
    let applied = override_layers(inputs, forecasts, overrides, &mut layers);
    let groups = reconciled.map(|r| r.groups.clone());
    Layered {
        statistical: forecasts.clone(),
        layers: Arc::new(layers),
        overrides: applied,
        groups,
        networks: Arc::default(),
    }
}

fn override_layers(
    inputs: &Inputs,
    forecasts: &Forecasts,
    overrides: &[ForecastOverride],
    layers: &mut [ForecastLayers],
) -> Vec<AppliedOverride> {
    let Some(start) = forecasts.first().map(|f| f.best().start).filter(|_| !overrides.is_empty()) else {
        return Vec::new();
    };
    let mut means: Vec<Vec<f64>> = layers.iter().map(|l| l.last().to_vec()).collect();
    let members = |scope: &ForecastScope| {
        (0..forecasts.len()).filter(|k| holds(inputs, scope, &forecasts[*k].id)).collect::<Vec<usize>>()
    };
    let applied = forecast::apply_overrides(overrides, &members, &mut means, (start, inputs.panel.end()));
    layers.iter_mut().zip(means).for_each(|(l, mean)| l.push(LayerKind::Override, mean));
    applied
}

/// True when a series is in a scope.
pub(super) fn holds(inputs: &Inputs, scope: &ForecastScope, id: &SeriesId) -> bool {
    scope.holds(id, &|id| inputs.items.lookup(id).category, &|id| inputs.regions.of_series(id))
}

/// Means after the launch curve.
fn launched(forecast: &Forecast, new: &NewItems) -> Vec<f64> {
    match new.curves.get(&forecast.id) {
        Some(curve) => forecast.mean.iter().zip(curve).map(|(y, c)| y * c).collect(),
        None => forecast.mean.clone(),
    }
}
