//! Undo and redo: a bounded list of project snapshots.

use super::project::Project;
use crate::words::Text;
use std::collections::VecDeque;

/// Steps that can be taken back. A snapshot shares its tables, so a step costs kilobytes.
const MOST_STEPS: usize = 200;

/// The project with its past and its undone future.
#[derive(Debug)]
pub(super) struct History {
    project: Project,
    revision: u64,
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
    pub(super) fn new(project: Project) -> Self {
        let (past, future) = (VecDeque::new(), Vec::new());
        Self { project, revision: 0, next_revision: 1, past, future, gesture: None }
    }

    /// The project as it stands.
    pub(super) fn project(&self) -> &Project {
        &self.project
    }

    /// Identifies the state: equal revisions are equal projects.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Makes a change that undo takes back under `name`.
    pub(super) fn change(&mut self, name: Text, change: impl FnOnce(&mut Project)) {
        self.gesture = None;
        self.push(name);
        change(&mut self.project);
    }

    /// Makes a change that is part of a gesture: all changes of one gesture are one step.
    pub(super) fn change_in_gesture(&mut self, gesture: &str, name: Text, change: impl FnOnce(&mut Project)) {
        if self.gesture.as_deref() == Some(gesture) {
            self.revision = self.fresh();
        } else {
            self.push(name);
            self.gesture = Some(gesture.to_owned());
        }
        change(&mut self.project);
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

    /// Name of the change that undo would take back.
    pub(super) fn undo_name(&self) -> Option<&Text> {
        self.past.back().map(|s| &s.name)
    }

    /// Name of the change that redo would make again.
    pub(super) fn redo_name(&self) -> Option<&Text> {
        self.future.last().map(|s| &s.name)
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
        Step { name: step.name, project, revision }
    }

    fn fresh(&mut self) -> u64 {
        self.next_revision += 1;
        self.next_revision - 1
    }
}
