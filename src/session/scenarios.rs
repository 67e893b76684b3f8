//! Commands about scenarios: branch, rename, delete; and what new data means for their overrides.

use super::Session;
use super::apply::with_active;
use super::command::{Command, ConflictAnswer, NoticeKind};
use super::project::Project;
use crate::model::{
    Change, Lever, MOST_SCENARIOS, Override, Scenario, ScenarioConflict, Scope, Seen, remove_scenario, rename_scenario,
    scenario_children,
};
use crate::text;
use crate::words::{Language, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names of children listed in a step's name.
const MOST_NAMED: usize = 3;

impl Session {
    /// Own overrides of scenarios that no longer fit the data, by scenario.
    pub fn conflicts(&self) -> &[ScenarioConflict] {
        self.history.conflicts()
    }

    pub(super) fn edit_scenarios(&mut self, command: Command) {
        match command {
            Command::BranchScenario(name) => self.branch(&name),
            Command::RenameScenario(from, to) => self.rename(&from, &to),
            Command::NoteScenario(name, note) => {
                self.change(Text::new("Edit note", "编辑备注"), |project| {
                    project.scenarios.iter_mut().filter(|s| s.name == name).for_each(|s| s.note.clone_from(&note));
                });
            }
            Command::DeleteScenario(name) => self.delete(&name),
            Command::ActivateScenario(name) => {
                if self.project().scenario(&name).is_some() && self.project().active != name {
                    self.change(Text::new("Switch scenario", "切换方案"), |project| project.active = name);
                }
            }
            Command::ClearLever(lever, scope) => self.clear_lever(lever, &scope),
            Command::AnswerConflicts(of, answer) => self.answer(&of, answer),
            command => self.edit_judgement(command),
        }
    }

    /// The own override of a lever goes; what an ancestor says shows through again.
    fn clear_lever(&mut self, lever: Lever, scope: &Scope) {
        self.dragging = false;
        let active = self.project().active_scenario();
        if active.overrides.get(lever, scope).is_some() {
            return self.change(Text::new("Reset lever", "重置参数"), |p| {
                with_active(p, |s| s.clear(lever, scope));
            });
        }
        let from = active.inherited().iter().rev().find(|l| l.overrides.get(lever, scope).is_some());
        if let Some(name) = from.map(|l| l.name.clone()) {
            let message = text!(
                "This comes from scenario {name}: change it there, or set another value here",
                "此项继承自方案 {name}：请在该方案中修改，或在此另设数值"
            );
            self.notice(NoticeKind::Warning, message);
        }
        // A drag that ends on its start is over all the same.
        self.settle(super::Gesture::Commit);
    }

    /// What the base is, to be kept with an override. The steps of a drag after the first don't ask again.
    pub(super) fn seen(&self, lever: Lever, scope: &Scope, gesture: super::Gesture) -> Seen {
        let known = self.project().active_scenario().overrides.get(lever, scope).map(|o| o.seen);
        match known {
            Some(seen) if gesture == super::Gesture::Drag && seen != Seen::Unknown => seen,
            _ => self.project().base_value(lever, scope),
        }
    }

    pub(super) fn is_base_active(&self) -> bool {
        self.project().active == self.project().scenarios[0].name
    }

    fn branch(&mut self, name: &str) {
        if self.is_full_of_scenarios() {
            return;
        }
        let name = if name.trim().is_empty() { self.branch_name() } else { name.trim() };
        let name = free_name(self.project(), name);
        self.change(Text::new("Branch scenario", "新建方案分支"), |project| {
            let scenario = project.active_scenario().branch(name.clone());
            project.scenarios.push(scenario);
            project.active = name;
        });
    }

    /// A branch of the active scenario with a reason and changes of its own, as one step; it becomes active.
    pub(super) fn branch_with(&mut self, name: &str, note: &str, moves: Vec<(Lever, Scope, Change)>) {
        if self.is_full_of_scenarios() {
            return;
        }
        let name = free_name(self.project(), name);
        let seen: Vec<Seen> = moves.iter().map(|(lever, scope, _)| self.project().base_value(*lever, scope)).collect();
        self.change(text!("Scenario {name}", "方案 {name}"), |project| {
            let mut scenario = project.active_scenario().branch(name.clone());
            note.clone_into(&mut scenario.note);
            for ((lever, scope, change), seen) in moves.into_iter().zip(seen) {
                scenario.set_seeing(lever, scope, change, seen);
            }
            project.scenarios.push(scenario);
            project.active = name;
        });
    }

    /// The branch that the first lever moved in the base opens; `None` when another scenario is active.
    pub(super) fn branch_of_base(&self) -> Option<Scenario> {
        let project = self.project();
        self.is_base_active().then(|| project.active_scenario().branch(free_name(project, self.branch_name())))
    }

    pub(super) fn is_full_of_scenarios(&mut self) -> bool {
        let is_full = self.project().scenarios.len() >= MOST_SCENARIOS;
        if is_full {
            let message =
                text!("{MOST_SCENARIOS} scenarios are enough: delete one", "最多 {MOST_SCENARIOS} 个方案：请先删除");
            self.notice(NoticeKind::Warning, message);
        }
        is_full
    }

    /// What a branch is called that nobody named: the user's word, since from then on it is the user's.
    fn branch_name(&self) -> &'static str {
        match self.preferences().language {
            Language::English => "What-if",
            Language::Chinese => "假设",
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let to = to.trim();
        if to.is_empty() || from == to || self.project().scenario(from).is_none() {
            return;
        }
        if self.project().scenario(to).is_some() {
            let message = text!("A scenario named {to} exists already", "已有名为 {to} 的方案");
            return self.notice(NoticeKind::Warning, message);
        }
        if self.compared.remove(from) {
            self.compared.insert(to.to_owned());
        }
        self.change(text!("Rename {from} to {to}", "将 {from} 重命名为 {to}"), |project| {
            rename_scenario(&mut project.scenarios, from, to);
            if project.active == from {
                to.clone_into(&mut project.active);
            }
        });
    }

    fn delete(&mut self, name: &str) {
        let project = self.project();
        if project.scenarios[0].name == name {
            return self.notice(NoticeKind::Warning, Text::new("The base scenario stays", "基准方案不能删除"));
        }
        let Some(scenario) = project.scenario(name) else { return };
        let (parent, moves) = (scenario.parent.clone(), !scenario.overrides.is_empty());
        let step = deletion_name(name, &scenario_children(&project.scenarios, name), moves);
        self.compared.remove(name);
        self.change(step, |project| {
            remove_scenario(&mut project.scenarios, name);
            if project.active == name {
                let next = project.scenario(&parent).unwrap_or(&project.scenarios[0]);
                project.active = next.name.clone();
            }
        });
    }

    /// Tells of overrides that don't fit the data any more, once they have just been read.
    pub(super) fn tell_conflicts(&mut self, before: usize) {
        let now = self.conflicts().len();
        if now > before {
            let message = text!(
                "Changes of scenarios that no longer fit the data: {now}. See Scenarios, “New data”",
                "与新数据不符的方案更改：{now} 项。请见“方案”面板中的“新数据”"
            );
            self.notice(NoticeKind::Warning, message);
        }
    }

    fn answer(&mut self, of: &[(String, Lever, Scope)], answer: ConflictAnswer) {
        let asked: BTreeSet<(&str, Lever, &Scope)> = of.iter().map(|(s, lever, scope)| (&**s, *lever, scope)).collect();
        let is_asked = |c: &&ScenarioConflict| asked.contains(&(&*c.scenario, c.lever, &c.scope));
        let found = self.conflicts().iter().filter(is_asked);
        let found: Vec<ScenarioConflict> =
            found.filter(|c| answer != ConflictAnswer::Relative || c.relative().is_some()).cloned().collect();
        if found.is_empty() {
            return;
        }
        let name = match answer {
            ConflictAnswer::KeepMine => Text::new("Keep own value", "保留自己的值"),
            ConflictAnswer::TakeBase => Text::new("Take the new base", "采用新的基准"),
            ConflictAnswer::Relative => Text::new("Keep the same relative change", "保持相同的相对变化"),
        };
        let mut of: BTreeMap<&str, BTreeMap<(Lever, Scope), &ScenarioConflict>> = BTreeMap::new();
        for conflict in &found {
            of.entry(&conflict.scenario).or_default().insert((conflict.lever, conflict.scope.clone()), conflict);
        }
        self.change(name, |project| {
            for scenario in &mut project.scenarios {
                let Some(asked) = of.get(&*scenario.name) else { continue };
                Arc::make_mut(&mut scenario.overrides).revise(|o| match asked.get(&(o.lever, o.scope.clone())) {
                    Some(conflict) => settled(o, conflict, answer),
                    None => Some(o),
                });
            }
        });
    }
}

/// What becomes of an override.
fn settled(o: Override, conflict: &ScenarioConflict, answer: ConflictAnswer) -> Option<Override> {
    let change = match answer {
        ConflictAnswer::KeepMine => Some(o.change),
        ConflictAnswer::TakeBase => None,
        ConflictAnswer::Relative => conflict.relative(),
    };
    change.map(|change| Override { change, seen: conflict.now, ..o })
}

/// `name`, or `name 2`, `name 3`, … until no scenario has it.
fn free_name(project: &Project, name: &str) -> String {
    let mut candidates = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name} {n}")));
    candidates.find(|c| project.scenario(c).is_none()).expect("finitely many scenarios leave a name free")
}

fn deletion_name(name: &str, children: &[&str], moves: bool) -> Text {
    if children.is_empty() || !moves {
        return text!("Delete scenario {name}", "删除方案 {name}");
    }
    let more = children.len().saturating_sub(MOST_NAMED);
    let named = &children[..children.len().min(MOST_NAMED)];
    let (en, zh) = (named.join(", "), named.join("、"));
    let all = children.len();
    let (en, zh) = match more {
        0 => (en, zh),
        _ => (format!("{en} and {more} more"), format!("{zh}等 {all} 个方案")),
    };
    Text::new(
        format!("Delete scenario {name}; its changes move into {en}"),
        format!("删除方案 {name}；其更改并入 {zh}"),
    )
}
