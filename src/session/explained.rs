//! The explanation of the forecast shown.

use super::Session;
use super::beside::{Beside, Made};
use super::job::{Job, Outcome};
use super::worker::Wake;
use crate::model::SeriesExplanation;
use std::sync::Arc;

/// Explanations kept: the items somebody walks between. One of a long daily history is about a megabyte.
const MOST_EXPLAINED: usize = 32;

/// What is known of the parts and the errors of the forecast shown; [`Command::Explain`](super::Command::Explain) asks for it.
pub type Explanation<'a> = Made<'a, SeriesExplanation>;

/// Explanations by the fingerprint of a series' forecasts, the series and the model.
pub(super) type Explained = Beside<Arc<str>, SeriesExplanation>;

/// Nothing explained yet; `wake` is called when something is.
pub(super) fn explained(wake: Wake) -> Explained {
    let take = |outcome| match outcome {
        Outcome::Explained(found) => Some(*found),
        _ => None,
    };
    Beside::new(wake, take, MOST_EXPLAINED)
}

impl Session {
    /// The parts and the errors of the item shown's forecast.
    pub fn explanation(&self) -> Explanation<'_> {
        self.explained.get()
    }

    pub(super) fn explain(&mut self) {
        if let Some((focus, panel)) = self.focus.as_ref().zip(self.results.adjusted.fitted()) {
            let job = |_: &_| Job::Explain(panel.clone(), Box::new(focus.series.best().clone()));
            self.explained.ask(job);
        }
    }
}
