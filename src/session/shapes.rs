//! The demand shapes of the sales, found when a page asks for them.

use super::Session;
use super::beside::{Beside, Made};
use super::command::JobStatus;
use super::job::{Job, Outcome};
use super::worker::Wake;
use crate::model::{DemandShapes, SalesPanel};
use std::sync::Arc;

/// What is known of the demand shapes; [`Command::FindShapes`](super::Command::FindShapes) asks for them.
pub type Shapes<'a> = Made<'a, Arc<DemandShapes>>;

/// What shapes are found in: the same allocation is the same panel.
#[derive(Debug, Clone)]
pub(super) struct Found {
    panel: Arc<SalesPanel>,
    seed: u64,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.panel, &other.panel) && self.seed == other.seed
    }
}

/// Shapes kept: undo and redo of a read find the former ones.
const MOST_KEPT: usize = 2;

/// Shapes by what they are found in.
pub(super) type FoundShapes = Beside<Found, Arc<DemandShapes>>;

/// Nothing found yet; `wake` is called when something is.
pub(super) fn found_shapes(wake: Wake) -> FoundShapes {
    let take = |outcome| match outcome {
        Outcome::Shapes(shapes) => Some(shapes),
        _ => None,
    };
    Beside::new(wake, take, MOST_KEPT)
}

impl Session {
    /// The demand shapes of the sales shown.
    pub fn shapes(&self) -> Shapes<'_> {
        self.shapes.get()
    }

    /// How far finding them is, while it is on.
    pub fn shapes_job(&self) -> Option<JobStatus> {
        self.shapes.status()
    }

    /// Turns to the present sales and seed.
    pub(super) fn turn_shapes(&mut self) {
        let project = self.history.project();
        let seed = project.settings.seed;
        self.shapes.turn_to(project.sales.as_ref().map(|sales| Found { panel: sales.panel.clone(), seed }));
    }

    pub(super) fn find_shapes(&mut self) {
        self.shapes.ask(|of| Job::Shapes(of.panel.clone(), of.seed));
    }
}
