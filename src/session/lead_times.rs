//! Goods receipts and what is learnt from them: beside the frame, kept by what it was learnt from.

use super::Session;
use super::apply::file_name;
use super::beside::Beside;
use super::command::Command;
use super::job::{Job, Outcome};
use super::project::Project;
use super::worker::Wake;
use crate::diagnostic::Diagnostics;
use crate::model::{ItemTable, LeadTimeChoice, LeadTimes, Receipts};
use crate::pipeline;
use crate::text;
use crate::words::Text;
use std::path::Path;
use std::sync::Arc;

/// What lead times are learnt from; the same allocations are the same values.
#[derive(Debug, Clone)]
pub(super) struct LearntOf {
    pub(super) receipts: Arc<Receipts>,
    pub(super) items: Arc<ItemTable>,
}

impl PartialEq for LearntOf {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.receipts, &other.receipts) && Arc::ptr_eq(&self.items, &other.items)
    }
}

/// Lead times kept: undo and redo of an import find the former ones.
const MOST_KEPT: usize = 3;

/// Lead times by what they were learnt from.
pub(super) type Learnt = Beside<LearntOf, Arc<LeadTimes>>;

/// Nothing learnt yet; `wake` is called when something is.
pub(super) fn learnt(wake: Wake) -> Learnt {
    let take = |outcome| match outcome {
        Outcome::LeadTimes(found) => Some(found),
        _ => None,
    };
    Beside::new(wake, take, MOST_KEPT)
}

/// The item list with the learnt lead times that the project wants, made once per list and choice.
#[derive(Debug, Default)]
pub(super) struct Taught(Option<Lesson>);

/// An item list, what was learnt, what was chosen, and the list that this makes.
#[derive(Debug)]
struct Lesson {
    items: Arc<ItemTable>,
    learnt: Arc<LeadTimes>,
    choice: LeadTimeChoice,
    taught: Arc<ItemTable>,
}

impl Taught {
    /// The items that are planned with. While lead times are being learnt they are the item list's.
    pub(super) fn items(&mut self, project: &Project, learnt: Option<&Arc<LeadTimes>>) -> Arc<ItemTable> {
        let choice = &project.settings.lead_times;
        let Some(learnt) = learnt.filter(|_| !choice.is_master()) else { return project.items.clone() };
        let is_of = |l: &&Lesson| {
            Arc::ptr_eq(&l.items, &project.items) && Arc::ptr_eq(&l.learnt, learnt) && l.choice == *choice
        };
        if let Some(lesson) = self.0.as_ref().filter(is_of) {
            return lesson.taught.clone();
        }
        let taught = pipeline::with_learnt(&project.items, learnt, choice);
        let (items, learnt, choice) = (project.items.clone(), learnt.clone(), choice.clone());
        self.0 = Some(Lesson { items, learnt, choice, taught: taught.clone() });
        taught
    }
}

impl Session {
    /// What was learnt from the project's receipts; `None` without receipts and while it is being learnt.
    pub fn learnt(&self) -> Option<&Arc<LeadTimes>> {
        self.learnt.get().ready()
    }

    /// Turns to the present receipts and items, and learns from them unless that is done.
    pub(super) fn turn_lead_times(&mut self) {
        let project = self.history.project();
        let has = !project.receipts.is_empty();
        let of = has.then(|| LearntOf { receipts: project.receipts.clone(), items: project.items.clone() });
        self.learnt.turn_to(of);
        self.learnt.ask(|of| Job::LearnLeadTimes(of.clone()));
    }

    /// Takes in what was learnt; the item shown follows.
    pub(super) fn poll_lead_times(&mut self) {
        let waited = self.learnt.is_busy();
        self.learnt.poll();
        if waited && self.learnt().is_some() && !self.project().settings.lead_times.is_master() {
            self.refresh();
        }
    }

    pub(super) fn read_receipts(&mut self, path: &Path, receipts: Receipts, findings: &Diagnostics) {
        let (name, rows) = (file_name(path), receipts.rows().len());
        self.tell(text!("{name}: {rows} receipts read", "{name}：读取了 {rows} 条收货记录"), findings);
        self.rejected = None;
        self.change(text!("Import {name}", "导入 {name}"), |project| {
            project.receipts = Arc::new(receipts);
            project.receipt_findings = Arc::new(findings.clone());
        });
    }

    /// Commands about lead times and suppliers.
    pub(super) fn edit_lead_times(&mut self, command: Command) {
        match command {
            Command::SetLeadTimes(choice) => {
                self.change(Text::new("Choose lead times", "选择提前期"), |p| p.settings.lead_times = choice);
            }
            Command::SetScorecard(weights) => {
                self.change(Text::new("Weigh scorecard", "设置评分权重"), |p| p.settings.scorecard = weights);
            }
            command => debug_assert!(false, "{command:?} is handled above"),
        }
    }
}
