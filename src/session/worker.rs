//! One thread that does what would hold up a frame.
//!
//! The session hands over one job at a time with an `Arc` snapshot of what it needs, and polls. A panic in a job
//! becomes a message that the user can read; the thread goes on. A worker whose jobs may be paused has a pool of threads of
//! its own: those that wait hold up nobody else.

use super::command::JobStatus;
use super::job::{Job, Outcome, run};
use super::pace::{Pace, resident};
use crate::control::{Control, Progress};
use crate::pipeline::PipelineError;
use crate::text;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Called from the worker when something new can be polled, so that the window repaints.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Progress wakes the window at most this often.
const WAKE_INTERVAL: Duration = Duration::from_millis(33);
/// Points kept of a training curve.
const MOST_LOSSES: usize = 10_000;

type Reply = Result<Outcome, PipelineError>;

/// The worker thread, seen from the session.
pub(super) struct Worker {
    jobs: SyncSender<(Job, Control)>,
    replies: Receiver<Reply>,
    shared: Arc<Mutex<Option<JobStatus>>>,
    wake: Wake,
    running: Option<(Control, Arc<Mutex<Pace>>)>,
}

/// Whose threads a worker's jobs compute on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pool {
    /// Everybody's.
    Shared,
    /// Its own, so that its jobs may be paused.
    Own,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("busy", &self.is_busy()).finish_non_exhaustive()
    }
}

impl Worker {
    /// Starts the thread; it ends when the worker is dropped.
    pub(super) fn start(wake: Wake, pool: Pool) -> Self {
        let (jobs, todo) = sync_channel::<(Job, Control)>(1);
        let (done, replies) = sync_channel::<Reply>(1);
        let waker = wake.clone();
        let body = move || {
            let own = (pool == Pool::Own).then(|| rayon::ThreadPoolBuilder::new().build().ok()).flatten();
            while let Ok((job, control)) = todo.recv() {
                let (name, started) = (format!("{job:?}"), Instant::now());
                let work = || match &own {
                    Some(pool) => pool.install(|| run(job, &control)),
                    None => run(job, &control),
                };
                let reply = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(broken()));
                tracing::debug!("{name} took {:.2?}", started.elapsed());
                if done.send(reply).is_err() {
                    break;
                }
                waker();
            }
        };
        let thread = std::thread::Builder::new().name("planwright-worker".into()).spawn(body);
        if let Err(error) = thread {
            tracing::error!("no worker thread: {error}");
        }
        Self { jobs, replies, shared: Arc::default(), wake, running: None }
    }

    /// True while a job runs.
    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Starts a job. Call only when [`is_busy`](Self::is_busy) is false.
    pub(super) fn start_job(&mut self, job: Job) {
        debug_assert!(!self.is_busy(), "one job at a time");
        let status = JobStatus {
            name: job.name(),
            fraction: 0.0,
            stage: job.name(),
            remaining: None,
            losses: Vec::new(),
            validated: Vec::new(),
            epochs_per_second: None,
            memory: resident(),
            paused: false,
            cancelling: false,
        };
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = Some(status);
        let (shared, wake) = (self.shared.clone(), self.wake.clone());
        let last_wake = Mutex::new(Instant::now());
        let pace = Arc::new(Mutex::new(Pace::start()));
        let timed = pace.clone();
        let control = Control::listening(move |progress| {
            take_in(&shared, progress, &timed);
            let mut last = last_wake.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= WAKE_INTERVAL {
                *last = Instant::now();
                if let Some(status) = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner) {
                    status.memory = resident();
                }
                wake();
            }
        });
        if self.jobs.send((job, control.clone())).is_ok() {
            self.running = Some((control, pace));
        }
    }

    /// Asks the running job to stop; its reply comes all the same.
    pub(super) fn cancel(&mut self) {
        if let Some((control, _)) = &self.running {
            control.cancel();
        }
        if let Some(status) = &mut *self.shared.lock().unwrap_or_else(PoisonError::into_inner) {
            (status.cancelling, status.paused) = (true, false);
        }
    }

    /// Asks the running job to wait where it is.
    pub(super) fn pause(&mut self) {
        let Some((control, pace)) = &self.running else { return };
        pace.lock().unwrap_or_else(PoisonError::into_inner).pause();
        control.pause();
        self.tell_paused();
    }

    /// Lets the running job go on.
    pub(super) fn resume(&mut self) {
        let Some((control, pace)) = &self.running else { return };
        pace.lock().unwrap_or_else(PoisonError::into_inner).resume();
        control.resume();
        self.tell_paused();
    }

    fn tell_paused(&self) {
        let is_paused = self.running.as_ref().is_some_and(|(control, _)| control.is_paused());
        if let Some(status) = &mut *self.shared.lock().unwrap_or_else(PoisonError::into_inner) {
            status.paused = is_paused;
        }
    }

    /// The running job's reply, when it is done.
    pub(super) fn poll(&mut self) -> Option<Reply> {
        let reply = self.replies.try_recv().ok()?;
        self.running = None;
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Some(reply)
    }

    /// A copy of the running job's status.
    pub(super) fn status(&self) -> Option<JobStatus> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn take_in(shared: &Mutex<Option<JobStatus>>, progress: &Progress, pace: &Mutex<Pace>) {
    let mut pace = pace.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(status) = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner) {
        // Series are forecast side by side: one may report less than another did before.
        status.fraction = status.fraction.max(progress.fraction);
        status.remaining = pace.remaining(status.fraction);
        status.stage = progress.stage.clone();
        if let Some(point) = progress.loss {
            if status.losses.last().is_some_and(|last| last.epoch >= point.epoch) {
                status.losses.clear();
            }
            if status.losses.len() < MOST_LOSSES {
                status.losses.push(point);
            }
            if point.validation.is_some() {
                status.validated.clone_from(&status.losses);
            }
            status.epochs_per_second = pace.epochs(point.epoch);
        }
    }
}

fn broken() -> PipelineError {
    PipelineError::Failed(text!(
        "Something went wrong inside Planwright; your data and settings are as before. Please report what you did.",
        "Planwright 内部出错；您的数据和设置保持不变。请反馈您的操作步骤。"
    ))
}
