//! The explanation of the forecast shown: made when a page asks for it, kept by what it was made of.
//!
//! A worker of its own makes it: a page just opened doesn't wait for a panel's forecasts or a dispatch plan.

use super::job::{Job, Outcome};
use super::results::keep;
use super::worker::{Wake, Worker};
use crate::model::{Forecast, SalesPanel, SeriesExplanation};
use crate::pipeline::PipelineError;
use crate::words::Text;
use std::collections::VecDeque;
use std::sync::Arc;

/// Explanations kept: the items somebody walks between. One of a long daily history is about a megabyte.
const MOST_EXPLAINED: usize = 32;

/// Fingerprint of a series' forecasts, the series and the model.
pub(super) type ExplanationKey = Arc<str>;

/// What is known of the parts and the errors of the forecast shown.
#[derive(Debug, Clone, Copy)]
pub enum Explanation<'a> {
    /// Nothing yet; [`Command::Explain`](super::Command::Explain) asks for it.
    Missing,
    /// It is being made.
    Working,
    /// It couldn't be made, and why.
    Failed(&'a Text),
    /// There it is.
    Ready(&'a SeriesExplanation),
}

impl<'a> Explanation<'a> {
    /// The explanation, when it is there.
    pub fn ready(self) -> Option<&'a SeriesExplanation> {
        match self {
            Self::Ready(explanation) => Some(explanation),
            _ => None,
        }
    }
}

/// The explanations made, and the one being made.
#[derive(Debug)]
pub(super) struct Explained {
    worker: Worker,
    shown: Option<ExplanationKey>,
    asked: Option<(ExplanationKey, Job)>,
    running: Option<ExplanationKey>,
    made: VecDeque<(ExplanationKey, Result<Box<SeriesExplanation>, Text>)>,
}

impl Explained {
    /// Nothing explained yet; `wake` is called when something is.
    pub(super) fn new(wake: Wake) -> Self {
        Self { worker: Worker::start(wake), shown: None, asked: None, running: None, made: VecDeque::new() }
    }

    /// Turns to another forecast; what nobody looks at any more is given up.
    pub(super) fn turn_to(&mut self, shown: Option<ExplanationKey>) {
        if self.shown == shown {
            return;
        }
        self.shown = shown;
        self.asked = None;
        if self.running.is_some() {
            self.worker.cancel();
        }
    }

    /// Asks for the explanation of the forecast shown, made of the histories in `panel`.
    pub(super) fn ask(&mut self, panel: &Arc<SalesPanel>, forecast: &Forecast) {
        if let Some(key) = self.shown.clone().filter(|_| matches!(self.get(), Explanation::Missing)) {
            self.asked = Some((key, Job::Explain(panel.clone(), Box::new(forecast.clone()))));
            self.advance();
        }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        while let Some(reply) = self.worker.poll() {
            let Some(key) = self.running.take() else { continue };
            match reply {
                Ok(Outcome::Explained(found)) => keep(&mut self.made, MOST_EXPLAINED, key, Ok(found)),
                Ok(_) | Err(PipelineError::Cancelled(_)) => {}
                Err(error) => keep(&mut self.made, MOST_EXPLAINED, key, Err(error.message())),
            }
        }
        self.advance();
    }

    /// What is known of the forecast shown.
    pub(super) fn get(&self) -> Explanation<'_> {
        let Some(shown) = &self.shown else { return Explanation::Missing };
        if let Some((_, made)) = self.made.iter().find(|(key, _)| key == shown) {
            return match made {
                Ok(explanation) => Explanation::Ready(explanation),
                Err(why) => Explanation::Failed(why),
            };
        }
        let is_coming = self.running.as_ref() == Some(shown) || self.asked.is_some();
        if is_coming { Explanation::Working } else { Explanation::Missing }
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some() || self.asked.is_some()
    }

    /// Forecasts changed under keys that stay the same.
    pub(super) fn forget(&mut self) {
        self.made.clear();
        self.turn_to(None);
    }

    fn advance(&mut self) {
        if self.running.is_none()
            && let Some((key, job)) = self.asked.take()
        {
            self.worker.start_job(job);
            self.running = self.worker.is_busy().then_some(key);
        }
    }
}
