//! The value-added ladders of the forecasts shown; over a large panel they take longer than a frame.

use super::Session;
use super::beside::{Beside, Made};
use super::job::{Job, Outcome};
use super::results::ForecastKey;
use super::worker::Wake;
use crate::model::{KeptForecast, LadderRow};
use crate::pipeline::{Forecasts, Inputs};
use std::sync::Arc;

/// What is known of the value that chosen models and overrides added;
/// [`Command::MeasureValueAdded`](super::Command::MeasureValueAdded) asks for it, once there are forecasts of all series.
pub type Ladders<'a> = Made<'a, Arc<Vec<LadderRow>>>;

/// What ladders are made of.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) key: ForecastKey,
    pub(super) inputs: Inputs,
    pub(super) forecasts: Forecasts,
    pub(super) kept: Arc<Vec<KeptForecast>>,
}

/// The same allocations are the same values.
impl PartialEq for Measured {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.inputs, &other.inputs);
        self.key == other.key
            && Arc::ptr_eq(&a.panel, &b.panel)
            && Arc::ptr_eq(&a.items, &b.items)
            && Arc::ptr_eq(&a.network, &b.network)
            && Arc::ptr_eq(&a.judgement.overrides, &b.judgement.overrides)
            && Arc::ptr_eq(&self.forecasts, &other.forecasts)
            && Arc::ptr_eq(&self.kept, &other.kept)
            && a.regions == b.regions
    }
}

/// The latest ladders.
#[derive(Debug)]
pub(super) struct LatestLadders(Beside<Arc<Measured>, Arc<Vec<LadderRow>>>);

impl LatestLadders {
    /// Nothing measured yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        let take = |outcome| match outcome {
            Outcome::Ladders(rows) => Some(Arc::new(rows)),
            _ => None,
        };
        Self(Beside::new(wake, take, 1))
    }

    /// True when the ladders shown are of forecasts `key`.
    pub(super) fn are_of(&self, key: &ForecastKey) -> bool {
        self.0.shown().is_some_and(|shown| shown.key == *key)
    }

    /// Turns to other forecasts, kept forecasts or overrides; the same ones again change nothing.
    pub(super) fn turn_to(&mut self, shown: Option<Measured>) {
        if self.0.shown().map(|old| &**old) != shown.as_ref() {
            self.0.forget();
            self.0.turn_to(shown.map(Arc::new));
        }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        self.0.poll();
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.0.is_busy()
    }
}

impl Session {
    /// What chosen models and overrides took off the error, over the backtest and the kept forecasts.
    pub fn ladders(&self) -> Ladders<'_> {
        self.ladders.0.get()
    }

    pub(super) fn measure_value_added(&mut self) {
        self.ladders.0.ask(|of| Job::Ladders(of.clone()));
    }
}
