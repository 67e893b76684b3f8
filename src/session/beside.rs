//! Something made beside the frame when a page asks for it, kept by what it was made of.
//!
//! A worker of its own makes it: a page just opened doesn't wait for a panel's forecasts or a dispatch plan.

use super::command::JobStatus;
use super::job::{Job, Outcome};
use super::results::keep;
use super::worker::{Pool, Wake, Worker};
use crate::pipeline::PipelineError;
use crate::words::Text;
use std::collections::VecDeque;

/// What is known of something that is made beside the frame.
#[derive(Debug)]
pub enum Made<'a, T> {
    /// Nothing yet; a command asks for it.
    Missing,
    /// It is being made.
    Working,
    /// It couldn't be made, and why.
    Failed(&'a Text),
    /// There it is.
    Ready(&'a T),
}

impl<'a, T> Made<'a, T> {
    /// It, when it is there.
    pub fn ready(self) -> Option<&'a T> {
        match self {
            Self::Ready(made) => Some(made),
            _ => None,
        }
    }
}

/// What has been made, and the one being made; `K` is what it is made of.
#[derive(Debug)]
pub(super) struct Beside<K, T> {
    worker: Worker,
    take: fn(Outcome) -> Option<T>,
    most: usize,
    shown: Option<K>,
    asked: Option<(K, Job)>,
    running: Option<K>,
    made: VecDeque<(K, Result<T, Text>)>,
}

impl<K: Clone + PartialEq, T> Beside<K, T> {
    /// Nothing made yet; `wake` is called when something is, `take` knows it among what workers make, `most` are kept.
    pub(super) fn new(wake: Wake, take: fn(Outcome) -> Option<T>, most: usize) -> Self {
        let worker = Worker::start(wake, Pool::Shared);
        Self { worker, take, most, shown: None, asked: None, running: None, made: VecDeque::new() }
    }

    /// What is shown now.
    pub(super) fn shown(&self) -> Option<&K> {
        self.shown.as_ref()
    }

    /// Turns to another; what nobody looks at any more is given up.
    pub(super) fn turn_to(&mut self, shown: Option<K>) {
        if self.shown == shown {
            return;
        }
        self.shown = shown;
        self.asked = None;
        if self.running.is_some() {
            self.worker.cancel();
        }
    }

    /// Turns to another, which takes the place of one that equals it.
    pub(super) fn rename(&mut self, shown: Option<K>) {
        if self.shown == shown {
            self.shown = shown;
        } else {
            self.turn_to(shown);
        }
    }

    /// Asks for what is shown, unless it is there or on its way.
    pub(super) fn ask(&mut self, job: impl FnOnce(&K) -> Job) {
        if let Some(key) = self.shown.clone().filter(|_| matches!(self.get(), Made::Missing)) {
            let job = job(&key);
            self.asked = Some((key, job));
            self.advance();
        }
    }

    /// Takes in what is done and starts what waits.
    pub(super) fn poll(&mut self) {
        while let Some(reply) = self.worker.poll() {
            let Some(key) = self.running.take() else { continue };
            let found = match reply {
                Ok(outcome) => (self.take)(outcome).map(Ok),
                Err(PipelineError::Cancelled(_)) => None,
                Err(error) => Some(Err(error.message())),
            };
            if let Some(found) = found {
                keep(&mut self.made, self.most, key, found);
            }
        }
        self.advance();
    }

    /// What is known of what is shown.
    pub(super) fn get(&self) -> Made<'_, T> {
        let Some(shown) = &self.shown else { return Made::Missing };
        if let Some((_, made)) = self.made.iter().find(|(key, _)| key == shown) {
            return match made {
                Ok(made) => Made::Ready(made),
                Err(why) => Made::Failed(why),
            };
        }
        let is_coming = self.running.as_ref() == Some(shown) || self.asked.is_some();
        if is_coming { Made::Working } else { Made::Missing }
    }

    /// How far what is being made is.
    pub(super) fn status(&self) -> Option<JobStatus> {
        self.worker.status().filter(|_| self.running.as_ref() == self.shown.as_ref())
    }

    /// True while something is being made or waits to be.
    pub(super) fn is_busy(&self) -> bool {
        self.running.is_some() || self.asked.is_some()
    }

    /// What was made holds no longer, whatever it was made of.
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
