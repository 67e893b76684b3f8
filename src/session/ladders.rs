//! The value-added ladders: made beside the frame when a page asks for them, kept while what they are made of is the same.
//!
//! A worker of its own makes them: over a large panel they take longer than a frame, and a plan needn't wait for them.

use super::Session;
use super::job::{Job, Outcome};
use super::results::ForecastKey;
use super::worker::{Wake, Worker};
use crate::model::{KeptForecast, LadderRow};
use crate::pipeline::{Forecasts, Inputs, PipelineError};
use crate::words::Text;
use std::sync::Arc;

/// What is known of the value that chosen models and overrides added.
#[derive(Debug, Clone, Copy)]
pub enum Ladders<'a> {
    /// Nothing yet; [`Command::MeasureValueAdded`](super::Command::MeasureValueAdded) asks for it, once there are
    /// forecasts of all series.
    Missing,
    /// They are being made.
    Working,
    /// They couldn't be made, and why.
    Failed(&'a Text),
    /// There they are.
    Ready(&'a Arc<Vec<LadderRow>>),
}

impl<'a> Ladders<'a> {
    /// The ladders, when they are there.
    pub fn ready(self) -> Option<&'a Arc<Vec<LadderRow>>> {
        match self {
            Self::Ready(rows) => Some(rows),
            _ => None,
        }
    }
}

/// What ladders are made of.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) key: ForecastKey,
    pub(super) inputs: Inputs,
    pub(super) forecasts: Forecasts,
    pub(super) kept: Arc<Vec<KeptForecast>>,
}

impl Measured {
    /// The same allocations are the same values.
    fn is(&self, other: &Self) -> bool {
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

/// The ladders of the forecasts shown, and those being made.
#[derive(Debug)]
pub(super) struct LatestLadders {
    worker: Worker,
    shown: Option<Arc<Measured>>,
    is_asked: bool,
    running: Option<Arc<Measured>>,
    /// Of what is shown.
    made: Option<Result<Arc<Vec<LadderRow>>, Text>>,
}

impl LatestLadders {
    /// Nothing measured yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        Self { worker: Worker::start(wake), shown: None, is_asked: false, running: None, made: None }
    }

    /// True when the ladders shown are of forecasts `key`.
    pub(super) fn are_of(&self, key: &ForecastKey) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.key == *key)
    }

    /// Turns to other forecasts, kept forecasts or overrides; the same ones again change nothing.
    pub(super) fn turn_to(&mut self, shown: Option<Measured>) {
        let is_same = match (&self.shown, &shown) {
            (Some(old), Some(new)) => old.is(new),
            (None, None) => true,
            _ => false,
        };
        if is_same {
            return;
        }
        self.shown = shown.map(Arc::new);
        self.is_asked = false;
        self.made = None;
        if self.running.is_some() {
            self.worker.cancel();
        }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        while let Some(reply) = self.worker.poll() {
            let Some(of) = self.running.take() else { continue };
            if !self.is_shown(&of) {
                continue;
            }
            self.made = match reply {
                Ok(Outcome::Ladders(rows)) => Some(Ok(Arc::new(rows))),
                Ok(_) | Err(PipelineError::Cancelled(_)) => None,
                Err(error) => Some(Err(error.message())),
            };
        }
        self.advance();
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some() || self.is_asked
    }

    fn ask(&mut self) {
        if self.shown.is_some() && matches!(self.get(), Ladders::Missing) {
            self.is_asked = true;
            self.advance();
        }
    }

    fn get(&self) -> Ladders<'_> {
        match &self.made {
            Some(Ok(rows)) => Ladders::Ready(rows),
            Some(Err(why)) => Ladders::Failed(why),
            None if self.is_asked || self.running.as_ref().is_some_and(|of| self.is_shown(of)) => Ladders::Working,
            None => Ladders::Missing,
        }
    }

    fn is_shown(&self, of: &Arc<Measured>) -> bool {
        self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, of))
    }

    fn advance(&mut self) {
        if self.running.is_none()
            && std::mem::take(&mut self.is_asked)
            && let Some(shown) = &self.shown
        {
            self.worker.start_job(Job::Ladders(shown.clone()));
            self.running = self.worker.is_busy().then(|| shown.clone());
        }
    }
}

impl Session {
    /// What chosen models and overrides took off the error, over the backtest and the kept forecasts.
    pub fn ladders(&self) -> Ladders<'_> {
        self.ladders.get()
    }

    pub(super) fn measure_value_added(&mut self) {
        self.ladders.ask();
    }
}
