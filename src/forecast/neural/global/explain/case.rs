//! One series as a trained network sees it, and with it the windows that others are.

use super::super::TrainedNetwork;
use super::super::panel::Panel;
use super::super::scale::Scaled;
use super::super::windows::{At, View};
use super::words;
use crate::control::{Cancelled, Control};
use crate::forecast::events::{self, DriverColumn, DriverMatrix, Measure};
use crate::forecast::intervals;
use crate::forecast::neural::engine::{Engine, Stop};
use crate::forecast::neural::places::Place;
use crate::forecast::neural::training::Failure;
use crate::forecast::seed::{generator, seed_of};
use crate::forecast::{ForecastError, Options};
use crate::model::{ChangedInput, NetworkInput, SalesPanel, Series, SeriesId};
use rand::RngExt as _;
use std::sync::Arc;

/// Windows that stand for "not known": a mean over so many of demand's kinds moves little with more.
pub(super) const REFERENCES: usize = 32;

/// The series asked about, first, and those that windows are taken from.
pub(super) struct Case {
    pub(super) series: Vec<Series>,
    /// The same as the network's numbers; `None` where one has no size.
    pub(super) scaled: Vec<Option<Scaled>>,
    /// Last periods of the reference windows, by series.
    pub(super) references: Vec<At>,
    /// The oldest origin of the whole panel: drivers are scaled by what came before it.
    oldest: usize,
    /// With the drivers of these series.
    pub(super) options: Options,
}

impl Case {
    /// The series alone.
    pub(super) fn new(
        (panel, id): (&SalesPanel, &SeriesId),
        network: &TrainedNetwork,
        options: &Options,
        control: &Control,
    ) -> Result<Self, ForecastError> {
        network.suits(panel.frequency(), options.horizon.get()).map_err(ForecastError::Refused)?;
        let own = panel.get(id).ok_or_else(|| ForecastError::Refused(words::unknown(id)))?;
        let oldest = Panel::oldest_of(network, panel.series(), (options, options.folds));
        let options = Options { paths: 1, ..options.clone() };
        let case = Self { series: vec![own.clone()], scaled: Vec::new(), references: Vec::new(), oldest, options };
        case.scale_rest(network, control)?.with_drivers(control)
    }

    /// With windows of other series and times: series in even steps through the panel, each at a time by chance.
    pub(super) fn with_references(
        mut self,
        panel: &SalesPanel,
        network: &TrainedNetwork,
        control: &Control,
    ) -> Result<Self, ForecastError> {
        let all = panel.series();
        // Twice as many as wanted: some have no size, or are too short.
        let mut places = Vec::with_capacity(2 * REFERENCES);
        for k in 0..2 * REFERENCES {
            let one = &all[k * all.len() / (2 * REFERENCES)];
            places.push(self.series.iter().position(|s| s.id == one.id).unwrap_or(self.series.len()));
            if places[k] == self.series.len() {
                self.series.push(one.clone());
            }
        }
        let mut case = self.scale_rest(network, control)?;
        let least = case.panel(network).view().least();
        let mut rng = generator(seed_of(case.options.seed, &case.series[0].id, "references", 0));
        for series in places {
            let length = case.scaled[series].as_ref().map(Scaled::len);
            let Some(length) = length.filter(|n| *n >= least) else { continue };
            case.references.push(At { series, t: rng.random_range(least - 1..length) });
        }
        // Of those found, as many as are wanted in even steps again.
        let found = case.references.len();
        let wanted = found.min(REFERENCES);
        case.references = (0..wanted).map(|k| case.references[k * found / wanted]).collect();
        case.with_drivers(control)
    }

    /// With the series that aren't yet the network's numbers as these.
    fn scale_rest(mut self, network: &TrainedNetwork, control: &Control) -> Result<Self, ForecastError> {
        let rest = &self.series[self.scaled.len()..];
        let panel = Panel::of_part(network, (rest, self.oldest), (&self.options, self.options.folds));
        let scaled = panel.scaled(0, 0, control).map_err(|s| stopped(s.into()))?;
        self.scaled.extend(scaled);
        Ok(self)
    }

    fn with_drivers(self, control: &Control) -> Result<Self, ForecastError> {
        let Options { drivers, horizon, .. } = &self.options;
        let matrices = events::matrices(&self.series, drivers, horizon.get(), control);
        let matrices = Arc::new(matrices.map_err(|Cancelled| ForecastError::Cancelled)?);
        Ok(Self { options: Options { matrices, ..self.options }, ..self })
    }

    /// The same with other values and drivers of the series asked about.
    pub(super) fn with(
        self,
        (values, columns): (Arc<[f64]>, Vec<DriverColumn>),
        network: &TrainedNetwork,
        control: &Control,
    ) -> Result<Self, ForecastError> {
        let mut series = self.series;
        series[0].values = values;
        let matrices = events::Matrices::new([(series[0].id.clone(), DriverMatrix::new(columns))]);
        let options = Options { matrices: Arc::new(matrices), ..self.options };
        Self { series, scaled: Vec::new(), options, ..self }.scale_rest(network, control)
    }

    /// The panel of these series.
    pub(super) fn panel(&self, network: &TrainedNetwork) -> Panel<'_> {
        Panel::of_part(network, (&self.series, self.oldest), (&self.options, self.options.folds))
    }

    /// Where the forecast is made.
    pub(super) fn last(&self) -> At {
        At { series: 0, t: self.series[0].values.len().saturating_sub(1) }
    }

    /// The own history as the network's numbers.
    ///
    /// # Errors
    /// [`ForecastError::Refused`] when it is too short or has no size.
    pub(super) fn own(&self, view: View<'_>) -> Result<&Scaled, ForecastError> {
        let own = self.scaled[0].as_ref().filter(|s| s.len() >= view.least());
        own.ok_or_else(|| ForecastError::Refused(super::super::words::too_short(view.kind, view.least())))
    }

    /// Where numbers of the forecast end below.
    pub(super) fn floor(&self) -> f64 {
        intervals::floor(&self.series[0].values)
    }

    /// The forecast as every run makes it.
    pub(super) fn forecast(&self, network: &TrainedNetwork, control: &Control) -> Result<Vec<f64>, ForecastError> {
        let alone = &self.series[..1];
        let panel = Panel::of_part(network, (alone, self.oldest), (&self.options, self.options.folds));
        let mut team = team(&panel, network)?;
        let found = panel.forecast((&mut team, &network.checked), 0, &self.scaled[..1], control);
        let mut found = found.map_err(|s| stopped(s.into()))?;
        let (.., fit) = found.pop().ok_or_else(|| ForecastError::Refused(words::unknown(&alone[0].id)))?;
        let floor = self.floor();
        Ok(fit.map_err(ForecastError::Refused)?.mean.into_iter().map(|v| v.max(floor)).collect())
    }

    /// The drivers of the series asked about that the network is told, in its order.
    pub(super) fn columns(&self, network: &TrainedNetwork) -> Vec<&DriverColumn> {
        let own = self.options.matrix(&self.series[0].id).map(DriverMatrix::columns).unwrap_or_default();
        network.facts.names.drivers.iter().filter_map(|name| own.iter().find(|c| c.name.en == *name)).collect()
    }

    /// What may be asked about: demand of the window, drivers of window and horizon.
    pub(super) fn inputs(&self, network: &TrainedNetwork) -> Vec<NetworkInput> {
        let own = &self.series[0];
        let first = own.values.len().saturating_sub(network.facts.shape.window);
        let start = own.start.plus(first as i64);
        let demand =
            NetworkInput { of: ChangedInput::Demand, start, values: own.values[first..].to_vec(), is_share: false };
        let driver = |column: &DriverColumn| NetworkInput {
            of: ChangedInput::Driver(column.name.en.as_str().into()),
            start,
            values: column.values()[first..].to_vec(),
            is_share: column.measure == Measure::Share,
        };
        std::iter::once(demand).chain(self.columns(network).into_iter().map(driver)).collect()
    }
}

/// The networks of the team on the CPU.
pub(super) fn team(panel: &Panel<'_>, network: &TrainedNetwork) -> Result<Vec<Box<dyn Engine>>, ForecastError> {
    let engine = |weights: &Vec<f32>| panel.engine_of(&network.facts.shape, weights, (&Place::Cpu, 0));
    network.members.iter().map(engine).collect::<Result<_, _>>().map_err(stopped)
}

/// On the CPU only a cancel stops a forecast.
pub(super) fn stopped(failure: Failure) -> ForecastError {
    match failure {
        Failure::Stopped(Stop::Device(reason)) => {
            ForecastError::Refused(crate::forecast::neural::words::gave_up(&reason))
        }
        _ => ForecastError::Cancelled,
    }
}
