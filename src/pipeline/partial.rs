//! Forecasts of a panel as they get ready.

use super::{Forecasts, Settings};
use crate::control::{Cancelled, Control};
use crate::forecast::{self, NewItems, Pretrained, Reuse, Settlement, TrainedNetwork, TrainedNetworks};
use crate::model::{SalesPanel, SeriesForecast};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A place per series of a panel, in panel order: filled from many threads in any order, each once, and read meanwhile by
/// whoever doesn't wait for the last. Work that was stopped goes on where it was.
#[derive(Debug, Clone)]
pub struct PartialForecasts {
    places: Vec<OnceLock<SeriesForecast>>,
    /// Networks over all series that are trained, by the settings that the forecasts are made with.
    trained: Arc<Mutex<TrainedNetworks>>,
}

impl PartialForecasts {
    /// Room for so many series.
    pub fn new(series: usize) -> Self {
        Self::with_trained(series, TrainedNetworks::default())
    }

    /// Room for so many series, with networks that were trained for them before, by the same settings.
    pub fn with_trained(series: usize, networks: TrainedNetworks) -> Self {
        let places = std::iter::repeat_with(OnceLock::new).take(series).collect();
        Self { places, trained: Arc::new(Mutex::new(networks)) }
    }

    /// The networks that are trained.
    fn trained(&self) -> TrainedNetworks {
        self.trained.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, network: &TrainedNetwork) {
        self.trained.lock().unwrap_or_else(PoisonError::into_inner).put(network.clone());
    }

    /// The forecast of series `k`, when it is ready.
    pub fn get(&self, k: usize) -> Option<&SeriesForecast> {
        self.places.get(k)?.get()
    }

    /// How many are ready.
    pub fn ready(&self) -> usize {
        self.places.iter().filter(|place| place.get().is_some()).count()
    }

    /// How many there will be.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All of them; `None` when some aren't ready.
    pub fn into_all(self) -> Option<Forecasts> {
        self.into_settled(Settlement::default())
    }

    /// All of them, with the models named beside the automatic ones taken where they are better; `None` when some aren't
    /// ready.
    pub fn into_settled(self, settlement: Settlement) -> Option<Forecasts> {
        let all: Option<Vec<SeriesForecast>> = self.places.into_iter().map(OnceLock::into_inner).collect();
        let mut all = all?;
        settlement.apply(&mut all);
        Some(Arc::new(all))
    }

    /// Judges the models named beside the automatic ones by all forecasts together.
    pub fn settle(&self, panel: &SalesPanel, settings: &Settings) -> Settlement {
        let all: Option<Vec<&SeriesForecast>> = self.places.iter().map(OnceLock::get).collect();
        let settle = |all: Vec<&SeriesForecast>| forecast::settle(panel.series(), all.into_iter(), &settings.models);
        all.map(settle).unwrap_or_default()
    }
}

/// Forecasts every series that isn't ready yet, new items' with the source of their histories told; the networks over all
/// series behind the forecasts.
///
/// # Errors
/// [`Cancelled`]; what is ready stays.
pub fn forecast_rest(
    new: &NewItems,
    settings: &Settings,
    partial: &PartialForecasts,
    control: &Control,
) -> Result<TrainedNetworks, Cancelled> {
    forecast_into(&new.fitted, settings, partial, &|found| super::layers::explained(found, new), control)
}

/// Fills the places that are empty with what `finish` makes of each forecast; the networks over all series behind them.
pub(super) fn forecast_into(
    panel: &SalesPanel,
    settings: &Settings,
    partial: &PartialForecasts,
    finish: &(dyn Fn(SeriesForecast) -> SeriesForecast + Sync),
    control: &Control,
) -> Result<TrainedNetworks, Cancelled> {
    let found = |k: usize, found: SeriesForecast| {
        // What the user asked for by name stands.
        let is_automatic = settings.models.is_automatic();
        let naive = is_automatic.then(|| forecast::too_short(&panel.series()[k], &found)).flatten();
        if let Some(place) = partial.places.get(k) {
            // Filled already would be the same digits.
            place.set(finish(naive.unwrap_or(found))).unwrap_or_default();
        }
    };
    let is_wanted = |k: usize| partial.get(k).is_none();
    let each = forecast::Each { is_wanted: &is_wanted, found: &found, trained: &|network| partial.keep(network) };
    let mut options = settings.forecast_options(panel.series().len());
    let networks = partial.trained();
    if options.pretrained.is_none() && !networks.is_empty() {
        options.pretrained = Some(Arc::new(Pretrained { networks, reuse: Reuse::Repeated }));
    }
    forecast::forecast_each(panel, &options, each, control)
}
