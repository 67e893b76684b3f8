//! One time limit for all periods together.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Counts down the user's limit. The only clock that an engine may read: it decides when to stop, never what is best.
#[derive(Debug)]
pub(super) struct Clock {
    end: Instant,
    waiting: Mutex<usize>,
}

/// A day: longer limits mean "no limit" and would overflow an [`Instant`] on some systems.
const LONGEST: Duration = Duration::from_hours(24);

impl Clock {
    pub(super) fn start(limit: Duration, periods: usize) -> Self {
        Self { end: Instant::now() + limit.min(LONGEST), waiting: Mutex::new(periods) }
    }

    /// When everything has to end.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// When the period that starts now has to end: a fair share of the time left. What it doesn't use, later ones get.
    pub(super) fn share(&self) -> Instant {
        let now = Instant::now();
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let rounds = waiting.div_ceil(rayon::current_num_threads()).max(1);
        *waiting = waiting.saturating_sub(1);
        now + self.end.saturating_duration_since(now) / u32::try_from(rounds).unwrap_or(u32::MAX)
    }
}
