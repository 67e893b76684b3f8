//! *What was changed*: the active scenario's changes, own and inherited, and its differences to another.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::gui::widgets::segmented_ui;
use crate::model::{Change, Lever, Overrides, Scenario, Scope, difference};
use crate::report::{Table, changes_in_order, scenario_changes_table, scenario_differences_table};
use crate::session::{Command, Gesture};
use egui::{Button, Ui};
use std::rc::Rc;
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    which: Which,
    chosen: Option<(Lever, Scope)>,
    made: Option<(MadeOf, Rc<Table>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Which {
    #[default]
    Active,
    Against,
}

/// The lists of changes that a table was made of, and under which names.
type MadeOf = (Which, Vec<(Arc<str>, Arc<Overrides>)>);

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, other: &str, active: &str) {
        let project = cx.session.project();
        let (Some(a), Some(b)) = (project.scenario(other), project.scenario(active)) else { return };
        let (first, second) = (cx.scenario_name(other), cx.scenario_name(active));
        let own = cx.words.own(crate::text!("Changes of {second}", "{second} 的更改"));
        let against = cx.words.own(crate::text!("Differences to {first}", "与 {first} 的差异"));
        if let Some(picked) = segmented_ui(ui, self.which, &[(Which::Active, &own), (Which::Against, &against)]) {
            (self.which, self.chosen) = (picked, None);
        }
        let table = self.table(a, b);
        if table.rows.is_empty() {
            let words = match self.which {
                Which::Active => {
                    cx.t("It changes nothing: it is as the data was read.", "无任何更改：与读入的数据一致。")
                }
                Which::Against => cx.t("Both change the same things.", "两个方案的更改相同。"),
            };
            ui.label(style::weak(ui, words));
            return;
        }
        if self.which == Which::Against {
            cx.table_ui(ui, "scenario differences", &table, &|_| false);
            return;
        }
        self.actions_ui(ui, cx, b);
        let keys: Vec<(Lever, &Scope)> = changes_in_order(b).into_iter().map(|(_, o)| (o.lever, &o.scope)).collect();
        let is_chosen = |row: usize| {
            let chosen = self.chosen.as_ref().map(|(lever, scope)| (*lever, scope));
            chosen.is_some() && keys.get(row).copied() == chosen
        };
        if let Some(row) = cx.table_ui(ui, "scenario changes", &table, &is_chosen) {
            self.chosen = keys.get(row).map(|(lever, scope)| (*lever, (*scope).clone()));
        }
    }

    /// What can be done with the chosen change.
    fn actions_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, scenario: &Scenario) {
        let chosen = self.chosen.clone().filter(|(lever, scope)| scenario.change_of(*lever, scope).is_some());
        let is_own = chosen.as_ref().is_some_and(|(lever, scope)| scenario.overrides.get(*lever, scope).is_some());
        let is_inherited = chosen.is_some() && !is_own;
        ui.horizontal(|ui| {
            let back = ui.add_enabled(is_own, Button::new(cx.t("Take back", "撤回此项")));
            let back = back.on_hover_text(cx.t("As in its parent again", "恢复为上级方案的值"));
            if let Some((lever, scope)) = chosen.clone().filter(|_| back.clicked()) {
                cx.push(Command::ClearLever(lever, scope));
            }
            let base = ui.add_enabled(is_inherited, Button::new(cx.t("As in the base", "与基准相同")));
            let base = base.on_hover_text(
                cx.t("A change of its own that undoes the inherited one here", "以自身更改抵消此处继承的更改"),
            );
            if let Some((lever, scope)) = chosen.clone().filter(|_| base.clicked()) {
                cx.push(Command::SetLever(lever, scope, Change::Base, Gesture::Commit));
            }
            if chosen.is_none() {
                ui.label(style::caption(ui, cx.t("Click a change to choose it", "点击一行以选择")));
            }
        });
    }

    fn table(&mut self, a: &Scenario, b: &Scenario) -> Rc<Table> {
        let layers = |s: &Scenario| {
            let own = (Arc::from(&*s.name), s.overrides.clone());
            s.inherited().iter().map(|l| (l.name.clone(), l.overrides.clone())).chain([own]).collect::<Vec<_>>()
        };
        let of = match self.which {
            Which::Active => layers(b),
            Which::Against => [layers(a), layers(b)].concat(),
        };
        let is_same = |((which, known), _): &(MadeOf, _)| {
            *which == self.which
                && known.len() == of.len()
                && known.iter().zip(&of).all(|(x, y)| x.0 == y.0 && Arc::ptr_eq(&x.1, &y.1))
        };
        let known = self.made.take().filter(is_same);
        let (_, table) = known.unwrap_or_else(|| {
            let table = match self.which {
                Which::Active => scenario_changes_table(b),
                Which::Against => scenario_differences_table(&difference(a, b), [&a.name, &b.name]),
            };
            ((self.which, Vec::new()), Rc::new(table))
        });
        self.made = Some(((self.which, of), table.clone()));
        table
    }
}
