//! How fast a job goes, pauses left out, and how much memory that takes.

use std::time::{Duration, Instant};

/// A pace is judged after this time and share, not before.
const LEAST_TIME: Duration = Duration::from_secs(1);
const LEAST_SHARE: f64 = 0.01;

/// A clock that stands still while the job is paused, and what it read.
#[derive(Debug)]
pub(super) struct Pace {
    started: Instant,
    paused: Option<Instant>,
    /// Time spent in pauses that are over.
    waited: Duration,
    /// The first report: one that goes on from where it was stopped isn't thought faster.
    first: Option<(Duration, f64)>,
    /// The first epoch of the training that runs, and how fast they go.
    epoch: Option<(Duration, usize)>,
    epochs_per_second: Option<f64>,
}

impl Pace {
    /// A job that starts now.
    pub(super) fn start() -> Self {
        let started = Instant::now();
        Self { started, paused: None, waited: Duration::ZERO, first: None, epoch: None, epochs_per_second: None }
    }

    /// The clock stands still from now on.
    pub(super) fn pause(&mut self) {
        self.paused.get_or_insert_with(Instant::now);
    }

    /// The clock goes on.
    pub(super) fn resume(&mut self) {
        self.waited += self.paused.take().map_or(Duration::ZERO, |since| since.elapsed());
    }

    fn time(&self) -> Duration {
        let until = self.paused.unwrap_or_else(Instant::now);
        until.duration_since(self.started).saturating_sub(self.waited)
    }

    /// How long the rest may take when a share is done; `None` while nobody can know.
    pub(super) fn remaining(&mut self, fraction: f64) -> Option<Duration> {
        let now = self.time();
        let (since, from) = *self.first.get_or_insert((now, fraction));
        let (time, share) = (now.saturating_sub(since), fraction - from);
        let is_known = time >= LEAST_TIME && share >= LEAST_SHARE;
        is_known.then(|| Duration::try_from_secs_f64(time.as_secs_f64() * (1.0 - fraction) / share).ok()).flatten()
    }

    /// Epochs per second once an epoch is over; the last training's until the next one has gone through two.
    pub(super) fn epochs(&mut self, epoch: usize) -> Option<f64> {
        let now = self.time();
        match self.epoch {
            Some((since, first)) if epoch > first => {
                let seconds = now.saturating_sub(since).as_secs_f64();
                self.epochs_per_second = (seconds > 0.0).then(|| (epoch - first) as f64 / seconds);
            }
            _ => self.epoch = Some((now, epoch)),
        }
        self.epochs_per_second
    }
}

/// Bytes of memory that the process has in use, where the system says so.
pub(super) fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{Pace, resident};
    use std::time::{Duration, Instant};

    /// As if the job had started `seconds` ago.
    fn started(seconds: u64) -> Pace {
        Pace { started: Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap(), ..Pace::start() }
    }

    #[test]
    fn a_pause_takes_no_time() {
        let mut pace = started(100);
        pace.first = Some((Duration::ZERO, 0.0));
        // 80 of the 100 seconds were spent waiting: 20 for a fifth.
        pace.waited = Duration::from_secs(80);
        assert_eq!(pace.remaining(0.2).map(|r| r.as_secs()), Some(80));
        pace.pause();
        let still = pace.time();
        assert_eq!(pace.time(), still);
        pace.resume();
        assert!(pace.paused.is_none());
    }

    #[test]
    fn epochs_are_counted_within_one_training() {
        let mut pace = started(10);
        pace.epoch = Some((Duration::ZERO, 1));
        let rate = pace.epochs(21).unwrap();
        assert!((rate - 2.0).abs() < 0.01, "{rate}");
        // The next training begins at 1: the rate stays until it is known anew.
        assert_eq!(pace.epochs(1), Some(rate));
        assert!(started(1).remaining(0.5).is_none(), "the first report tells nothing");
    }

    #[test]
    fn memory_is_told_where_the_system_tells() {
        assert_eq!(resident().is_some_and(|bytes| bytes > 1 << 20), cfg!(target_os = "linux"));
    }
}
