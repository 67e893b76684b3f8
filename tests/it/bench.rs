//! A session as tests drive it: a command, and then everything that follows from it.

use planwright::session::{Command, Event, NoticeKind, Sample, Session};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A session, the wake-up calls of its workers, and what it said.
pub(crate) struct Bench {
    pub(crate) session: Session,
    pub(crate) events: Vec<Event>,
    woken: Receiver<()>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let (wake, woken) = channel();
        let session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
        Self { session, events: Vec::new(), woken }
    }

    pub(crate) fn worked_example() -> Self {
        let mut bench = Self::new();
        bench.apply(Command::OpenSample(Sample::WorkedExample));
        assert!(bench.session.plan().is_some(), "{:?}", bench.events);
        bench
    }

    /// Applies a command and polls until nothing runs or waits.
    pub(crate) fn apply(&mut self, command: Command) {
        self.session.apply(command);
        self.settle();
    }

    pub(crate) fn settle(&mut self) {
        loop {
            self.events.extend(self.session.poll());
            if self.session.is_idle() {
                break;
            }
            // A lost wake-up may not hang the test; a job that never ends fails it in the test runner.
            self.woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        }
    }

    /// What was said so, in English.
    pub(crate) fn notices(&self, kind: NoticeKind) -> Vec<String> {
        let one = |e: &Event| match e {
            Event::Notice(n) if n.kind == kind => Some(n.message.en.clone()),
            _ => None,
        };
        self.events.iter().filter_map(one).collect()
    }

    pub(crate) fn failures(&self) -> usize {
        self.notices(NoticeKind::Failed).len()
    }
}
