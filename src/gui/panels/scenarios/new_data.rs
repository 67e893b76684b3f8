//! *New data*: changes of scenarios that no longer fit what was read since, and what to do with each.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::model::{Lever, ScenarioConflict, Scope};
use crate::report::{Table, conflicts_table};
use crate::session::{Command, ConflictAnswer};
use egui::{Button, Ui};
use std::rc::Rc;

/// A change of a scenario.
type Key = (String, Lever, Scope);

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    chosen: Option<Key>,
    made: Option<(Vec<ScenarioConflict>, Rc<Table>)>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let conflicts = cx.session.conflicts();
        let explained = cx.t(
            "Data was read again since these changes were made, and the base isn't what it was. Nothing was altered: say what each should be.",
            "这些更改之后重新读入了数据，基准已不同。未做任何改动：请逐项决定。",
        );
        ui.label(style::weak(ui, explained));
        let key = |c: &ScenarioConflict| (c.scenario.clone(), c.lever, c.scope.clone());
        let chosen = self.chosen.as_ref().and_then(|k| conflicts.iter().find(|c| key(c) == *k));
        let all: Vec<Key> = conflicts.iter().map(key).collect();
        let has_relative = chosen.is_some_and(|c| c.relative().is_some());
        let picked = chosen.map(key);
        ui.horizontal_wrapped(|ui| {
            for (label, hint, answer) in answers(cx) {
                let is_possible = picked.is_some() && (answer != ConflictAnswer::Relative || has_relative);
                let button = ui.add_enabled(is_possible, Button::new(label)).on_hover_text(hint);
                if let Some(key) = picked.clone().filter(|_| button.clicked()) {
                    cx.push(Command::AnswerConflicts(vec![key], answer));
                }
            }
            ui.menu_button(cx.t("All of them…", "全部……"), |ui| {
                for (label, hint, answer) in answers(cx) {
                    if ui.button(label).on_hover_text(hint).clicked() {
                        cx.push(Command::AnswerConflicts(all.clone(), answer));
                    }
                }
            });
            if picked.is_none() {
                ui.label(style::caption(ui, cx.t("Click a change to choose it", "点击一行以选择")));
            }
        });
        let known = self.made.take().filter(|(of, _)| *of == *conflicts);
        let (of, table) = known.unwrap_or_else(|| (conflicts.to_vec(), Rc::new(conflicts_table(conflicts))));
        let is_chosen = |row: usize| picked.is_some() && all.get(row) == picked.as_ref();
        if let Some(row) = cx.table_ui(ui, "conflicts", &table, &is_chosen) {
            self.chosen = all.get(row).cloned();
        }
        self.made = Some((of, table));
    }
}

/// Name, explanation, answer.
fn answers(cx: &Cx<'_>) -> [(&'static str, &'static str, ConflictAnswer); 3] {
    [
        (cx.t("Keep mine", "保留我的"), cx.t("The change stays as it is", "更改保持不变"), ConflictAnswer::KeepMine),
        (
            cx.t("Take the new base", "采用新基准"),
            cx.t("The change goes: the scenario is as the data", "删除此项更改：方案与数据一致"),
            ConflictAnswer::TakeBase,
        ),
        (
            cx.t("Same relative change", "相同的相对变化"),
            cx.t(
                "The change becomes a factor: to the new base what the value was to the old one",
                "更改变为倍数：与新基准之比等于原值与原基准之比",
            ),
            ConflictAnswer::Relative,
        ),
    ]
}
