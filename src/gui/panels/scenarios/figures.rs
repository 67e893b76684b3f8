//! *Figures*: key figures of two scenarios with their difference, or of all side by side.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::model::{Plan, scenario_label, scenario_tree};
use crate::report::{FIGURE_COLUMNS, Table, figures_table};
use crate::session::compare;
use egui::Ui;
use std::rc::Rc;
use std::sync::Arc;

/// What the page remembers: one table for two scenarios, one for all.
#[derive(Default)]
pub(super) struct View {
    two: Kept,
    all: Kept,
}

/// A scenario's name and plan.
type Named = (String, Arc<Plan>);

/// A table and the plans it was made of.
#[derive(Default)]
struct Kept {
    of: Vec<Named>,
    table: Option<Rc<Table>>,
}

impl Kept {
    /// The table of these plans, made when they are others than last time.
    fn table(&mut self, of: Vec<Named>, make: impl FnOnce(&[Named]) -> Table) -> Rc<Table> {
        let is_same = |(a, b): (&Named, &Named)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1);
        let known = self.table.take().filter(|_| self.of.len() == of.len() && self.of.iter().zip(&of).all(is_same));
        let table = known.unwrap_or_else(|| Rc::new(make(&of)));
        (self.of, self.table) = (of, Some(table.clone()));
        table
    }
}

impl View {
    /// Two scenarios and their difference.
    pub(super) fn two_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, pair: [Named; 2]) {
        let table = self.two.table(pair.into(), |of| {
            let mut table = compare(&of[0].1, &of[1].1);
            // A plan may have been made for another scenario that comes to the same.
            for (key, (name, _)) in ["first", "second"].iter().zip(of) {
                if let Some(k) = table.column(key) {
                    table.columns[k].header = scenario_label(name);
                }
            }
            table
        });
        cx.table_ui(ui, "comparison", &table, &|_| false);
    }

    /// As many scenarios as stand side by side.
    pub(super) fn all_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let tree = scenario_tree(&cx.session.project().scenarios);
        let names: Vec<String> = tree.into_iter().map(|(_, s)| s.name.clone()).take(FIGURE_COLUMNS.len()).collect();
        let plans: Vec<Named> = names.iter().filter_map(|name| Some((name.clone(), cx.plan_of(name)?))).collect();
        let missing = names.len() - plans.len();
        if missing > 0 {
            let words = crate::text!("Still being planned: {missing}", "仍在计算的方案：{missing}");
            ui.label(style::weak(ui, cx.words.own(words)));
        }
        let table = self.all.table(plans, |of| {
            let named: Vec<_> = of.iter().map(|(name, plan)| (scenario_label(name), &**plan)).collect();
            figures_table(&named)
        });
        cx.table_ui(ui, "all figures", &table, &|_| false);
    }
}
