//! Progress out, cancel and pause in, in one call.
//!
//! An engine takes `&Control` and calls [`Control::report`] (or [`Control::check`]) at least every 50 ms of work, so
//! that a cancel is obeyed within 200 ms. Engines never learn who is listening, nor that they were paused: a call simply takes
//! until the work is resumed or cancelled. Every thread that calls waits, so a paused job should have a pool of its own.

use crate::words::Text;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The user asked to stop; nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// What an engine says while it works.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Share of the whole job done, in `[0, 1]`.
    pub fraction: f64,
    /// What is being done, for example "Training LSTM, epoch 12 of 100".
    pub stage: Text,
    /// A point of a training curve, when a network is training.
    pub loss: Option<LossPoint>,
}

/// One epoch of a training curve; losses are mean squared errors on scaled data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossPoint {
    /// Epoch, from 1.
    pub epoch: usize,
    /// Mean loss over the training windows.
    pub training: f64,
    /// Loss on the validation block, when there is one.
    pub validation: Option<f64>,
}

type Listener = Arc<dyn Fn(&Progress) + Send + Sync>;

/// What was asked for. It is read without a lock, since engines look often; whoever waits does so under the lock.
#[derive(Debug, Default)]
struct Wish {
    asked: AtomicU8,
    changing: Mutex<()>,
    changed: Condvar,
}

/// Nothing was asked for: go on.
const GO_ON: u8 = 0;
/// To wait until something else is asked for.
const PAUSE: u8 = 1;
/// To stop; nothing comes after it.
const STOP: u8 = 2;

impl Wish {
    fn now(&self) -> u8 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Asks for something else, unless a stop was asked for.
    fn ask(&self, wish: u8) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.now() != STOP {
            self.asked.store(wish, Ordering::Relaxed);
        }
        self.changed.notify_all();
    }

    /// Waits while a pause is asked for.
    fn wait(&self) {
        let mut changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        while self.now() == PAUSE {
            changing = self.changed.wait(changing).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Handed to every long-running engine call.
#[derive(Clone)]
pub struct Control {
    wish: Arc<Wish>,
    listener: Option<Listener>,
    from: f64,
    to: f64,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("wish", &self.wish.now()).finish_non_exhaustive()
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::silent()
    }
}

impl Control {
    /// Nobody listens; [`cancel`](Self::cancel) still works.
    pub fn silent() -> Self {
        Self { wish: Arc::default(), listener: None, from: 0.0, to: 1.0 }
    }

    /// Progress goes to `listener`, which must return quickly and may be called from several threads.
    pub fn listening(listener: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        Self { listener: Some(Arc::new(listener)), ..Self::silent() }
    }

    /// Asks the work to stop, paused or not. Clones share the request.
    pub fn cancel(&self) {
        self.wish.ask(STOP);
    }

    /// True once somebody asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.wish.now() == STOP
    }

    /// Asks the work to wait where it is. Clones share the request.
    pub fn pause(&self) {
        self.wish.ask(PAUSE);
    }

    /// Lets paused work go on.
    pub fn resume(&self) {
        self.wish.ask(GO_ON);
    }

    /// True while the work is asked to wait.
    pub fn is_paused(&self) -> bool {
        self.wish.now() == PAUSE
    }

    /// Stops the work when asked to, and waits while it is paused.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.wish.now() == PAUSE {
            self.wish.wait();
        }
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Reports `fraction` (of this control's part), and stops or waits when asked to.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub fn report(&self, fraction: f64, stage: &Text) -> Result<(), Cancelled> {
        self.report_loss(fraction, stage, None)
    }

    /// As [`report`](Self::report), with a point of the training curve.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub fn report_loss(&self, fraction: f64, stage: &Text, loss: Option<LossPoint>) -> Result<(), Cancelled> {
        self.check()?;
        if let Some(listener) = &self.listener {
            let fraction = self.from + fraction.clamp(0.0, 1.0) * (self.to - self.from);
            listener(&Progress { fraction, stage: stage.clone(), loss });
        }
        Ok(())
    }

    /// A control for a part of the work: its 0 to 1 becomes `from` to `to` of this one.
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Self {
        let width = self.to - self.from;
        Self { from: self.from + from * width, to: self.from + to * width, ..self.clone() }
    }
}
