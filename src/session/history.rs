//! Undo and redo: a bounded list of project snapshots.

use super::Session;
use super::project::Project;
use super::results::{ForecastKey, Results};
use crate::model::{ScenarioConflict, link_scenarios};
use crate::words::Text;
use std::collections::VecDeque;
use std::sync::OnceLock;

/// Steps that can be taken back. A snapshot shares its tables, so a step costs kilobytes.
const MOST_STEPS: usize = 200;

/// The project with its past and its undone future.
#[derive(Debug)]
pub(super) struct History {
    project: Project,
    revision: u64,
    /// Of the revision: every frame asks for it, and a key is a fingerprint of much.
    forecast_key: OnceLock<Option<ForecastKey>>,
    /// Of the revision: a panel asks in every frame.
    conflicts: OnceLock<Vec<ScenarioConflict>>,
    next_revision: u64,
    past: VecDeque<Step>,
    future: Vec<Step>,
    gesture: Option<String>,
}

/// A state of the project and the name of the change that left it.
#[derive(Debug)]
struct Step {
    name: Text,
    project: Project,
    revision: u64,
}

impl History {
    /// A history that starts here.
    pub(super) fn new(mut project: Project) -> Self {
        link_scenarios(&mut project.scenarios);
        let (past, future) = (VecDeque::new(), Vec::new());
        let (forecast_key, conflicts) = (OnceLock::new(), OnceLock::new());
        Self { project, revision: 0, forecast_key, conflicts, next_revision: 1, past, future, gesture: None }
    }

    /// The project as it stands.
    pub(super) fn project(&self) -> &Project {
        &self.project
    }

    /// Identifies the state: equal revisions are equal projects.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// The key of the project's forecasts; `None` without sales.
    pub(super) fn forecast_key(&self) -> Option<ForecastKey> {
        self.forecast_key.get_or_init(|| Results::forecast_key(&self.project)).clone()
    }

    /// Overrides of scenarios that no longer fit the data.
    pub(super) fn conflicts(&self) -> &[ScenarioConflict] {
        self.conflicts.get_or_init(|| self.project.conflicts())
    }

    /// Makes a change that undo takes back under `name`.
    pub(super) fn change(&mut self, name: Text, change: impl FnOnce(&mut Project)) {
        self.gesture = None;
        self.push(name);
        self.make(change);
    }

    /// Makes a change that is part of a gesture: all changes of one gesture are one step.
    pub(super) fn change_in_gesture(&mut self, gesture: &str, name: Text, change: impl FnOnce(&mut Project)) {
        if self.gesture.as_deref() == Some(gesture) {
            self.revision = self.fresh();
        } else {
            self.push(name);
            self.gesture = Some(gesture.to_owned());
        }
        self.make(change);
    }

    fn make(&mut self, change: impl FnOnce(&mut Project)) {
        change(&mut self.project);
        link_scenarios(&mut self.project.scenarios);
    }

    /// Ends the gesture: the next change is a step of its own.
    pub(super) fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// One step back; false when there is none.
    pub(super) fn undo(&mut self) -> bool {
        let Some(step) = self.past.pop_back() else { return false };
        let undone = self.swap(step);
        self.future.push(undone);
        true
    }

    /// One step forward; false when there is none.
    pub(super) fn redo(&mut self) -> bool {
        let Some(step) = self.future.pop() else { return false };
        let done = self.swap(step);
        self.past.push_back(done);
        true
    }

    /// Names of the changes that undo would take back, the latest first.
    pub(super) fn past(&self) -> impl Iterator<Item = &Text> {
        self.past.iter().rev().map(|s| &s.name)
    }

    /// Names of the changes that redo would make again, the next first.
    pub(super) fn future(&self) -> impl Iterator<Item = &Text> {
        self.future.iter().rev().map(|s| &s.name)
    }

    fn push(&mut self, name: Text) {
        if self.past.len() == MOST_STEPS {
            self.past.pop_front();
        }
        self.past.push_back(Step { name, project: self.project.clone(), revision: self.revision });
        self.future.clear();
        self.revision = self.fresh();
    }

    fn swap(&mut self, step: Step) -> Step {
        self.gesture = None;
        let project = std::mem::replace(&mut self.project, step.project);
        let revision = std::mem::replace(&mut self.revision, step.revision);
        (self.forecast_key, self.conflicts) = (OnceLock::new(), OnceLock::new());
        Step { name: step.name, project, revision }
    }

    /// A revision that was never there: what is known of the last one goes.
    fn fresh(&mut self) -> u64 {
        (self.forecast_key, self.conflicts) = (OnceLock::new(), OnceLock::new());
        self.next_revision += 1;
        self.next_revision - 1
    }
}

impl Session {
    /// What undo would take back, when there is something.
    pub fn undo_name(&self) -> Option<&Text> {
        self.history.past().next()
    }

    /// What redo would do again, when there is something.
    pub fn redo_name(&self) -> Option<&Text> {
        self.history.future().next()
    }

    /// Names of the changes that undo would take back, the latest first.
    pub fn past(&self) -> impl Iterator<Item = &Text> {
        self.history.past()
    }

    /// Names of the changes that redo would make again, the next first.
    pub fn future(&self) -> impl Iterator<Item = &Text> {
        self.history.future()
    }
}

#[cfg(test)]
mod tests {
    use super::History;
    use crate::control::Control;
    use crate::model::Horizon;
    use crate::session::{Project, Sample, sample};
    use crate::words::Text;
    use std::sync::Arc;

    #[test]
    fn the_forecast_key_is_made_once_per_revision_and_follows_every_change() {
        let mut history = History::new(Project::default());
        assert!(history.forecast_key().is_none(), "there are no sales");
        let project = sample::open(Sample::WorkedExample, &Control::silent()).unwrap();
        history.change(Text::default(), |p| *p = project);
        let first = history.forecast_key().unwrap();
        assert!(Arc::ptr_eq(&first, &history.forecast_key().unwrap()), "it is made once");
        let mut keys = vec![first.clone()];
        for periods in [3, 4] {
            let horizon = Horizon::new(periods).unwrap();
            history.change_in_gesture("horizon", Text::default(), |p| p.settings.horizon = horizon);
            keys.push(history.forecast_key().unwrap());
        }
        assert!(keys[0] != keys[1] && keys[1] != keys[2], "{keys:?}");
        assert!(history.undo());
        assert_eq!(history.forecast_key(), Some(first));
        assert!(history.redo());
        assert_eq!(history.forecast_key(), keys.pop());
    }
}
