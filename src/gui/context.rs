//! What every part of the window reads and what it may ask for.

use super::style::{self, size, space};
use super::text::Words;
use super::widgets::{TableView, card_ui, segmented_ui, table_ui};
use crate::model::{Period, Plan};
use crate::report::{Cell, Kind, Kpi, Table, format, kpis};
use crate::session::{Command, Session};
use crate::words::Language;
use egui::{ScrollArea, Ui};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Handed to everything that draws: the session to read, the commands to push, the tables to show.
pub(super) struct Cx<'a> {
    /// The application's state.
    pub(super) session: &'a Session,
    /// The user's language.
    pub(super) words: Words,
    /// What the user asked for in this frame.
    pub(super) commands: &'a mut Vec<Command>,
    /// Tables made so far.
    pub(super) tables: &'a mut Tables,
    /// What the window itself is asked for in this frame.
    pub(super) asks: &'a mut Vec<Ask>,
}

/// What a panel may ask of the window itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ask {
    /// Ask for a file to open, as what.
    Open(super::dialogs::Purpose),
    /// Show another panel.
    Show(super::panels::Panel),
}

impl Cx<'_> {
    /// Asks the session for something.
    pub(super) fn push(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// The user's language.
    pub(super) fn language(&self) -> Language {
        self.words.0
    }

    /// A fixed label.
    pub(super) fn t(&self, en: &'static str, zh: &'static str) -> &'static str {
        self.words.t(en, zh)
    }

    /// Units of any item.
    pub(super) fn units(&self) -> &'static str {
        self.t("units", "件")
    }

    /// The project's money, "money" when it names none.
    pub(super) fn money(&self) -> String {
        let currency = &self.session.project().currency;
        if currency.is_empty() { self.t("money", "金额").to_owned() } else { currency.clone() }
    }

    /// A scenario's name for people: the base's is the program's own word, so it is translated.
    pub(super) fn scenario_name(&self, name: &str) -> String {
        self.words.own(crate::model::scenario_label(name))
    }

    /// True while a newer plan is on its way.
    pub(super) fn is_updating(&self) -> bool {
        (self.session.is_dragging() || self.session.job().is_some()) && self.session.is_stale()
    }

    /// A number for people.
    pub(super) fn number(&self, x: f64, decimals: u8) -> String {
        format(&Cell::from(x), Kind::Number(decimals), self.language())
    }

    /// A share in `[0, 1]` for people.
    pub(super) fn percent(&self, share: f64) -> String {
        format(&Cell::from(share), Kind::Percent, self.language())
    }

    /// The figures of a plan, computed once per plan.
    pub(super) fn kpis(&mut self, plan: &Arc<Plan>) -> Rc<Vec<Kpi>> {
        self.tables.kpis(plan)
    }

    /// Draws a table of the plan, made when the plan is new.
    pub(super) fn plan_table_ui(
        &mut self,
        ui: &mut Ui,
        slot: &'static str,
        plan: &Arc<Plan>,
        make: impl FnOnce(&Plan) -> Table,
    ) -> Option<(Rc<Table>, usize)> {
        let table = self.tables.of_plan(slot, plan, make);
        let row = self.table_ui(ui, slot, &table, &|_| false)?;
        Some((table, row))
    }

    /// A button that exports the plan's table with this key.
    pub(super) fn export_ui(&mut self, ui: &mut Ui, key: &'static str) {
        let hint = self.t("The whole table of the active scenario as a CSV file", "将当前方案的整张表导出为 CSV");
        let button = ui.add_enabled(self.session.plan().is_some(), egui::Button::new(self.t("CSV…", "导出 CSV…")));
        if button.on_hover_text(hint).clicked() {
            self.asks.push(Ask::Open(super::dialogs::Purpose::Table(key)));
        }
    }

    /// Which of several tables is shown (value, label, key), and the export of that one; no key, no export.
    pub(super) fn choose_table_ui<T: PartialEq + Copy>(
        &mut self,
        ui: &mut Ui,
        current: &mut T,
        tables: &[(T, &str, &'static str)],
    ) {
        ui.horizontal(|ui| {
            let options: Vec<(T, &str)> = tables.iter().map(|(value, label, _)| (*value, *label)).collect();
            if let Some(picked) = segmented_ui(ui, *current, &options) {
                *current = picked;
            }
            if let Some((.., key)) = tables.iter().find(|(value, _, key)| value == current && !key.is_empty()) {
                self.export_ui(ui, key);
            }
        });
    }

    /// The base scenario's plan, when another scenario is shown; asked for when it isn't there.
    pub(super) fn base_plan(&mut self) -> Option<Arc<Plan>> {
        let project = self.session.project();
        let base = &project.scenarios[0].name;
        if *base == project.active {
            return None;
        }
        self.plan_of(base)
    }

    /// A scenario's plan; asked for once when it isn't there.
    pub(super) fn plan_of(&mut self, scenario: &str) -> Option<Arc<Plan>> {
        let plan = self.session.plan_of(scenario).cloned();
        if plan.is_none() && !self.session.is_wanted(scenario) {
            self.push(Command::PlanScenario(scenario.to_owned()));
        }
        plan
    }

    /// Draws a table; returns the row clicked.
    pub(super) fn table_ui(
        &mut self,
        ui: &mut Ui,
        slot: &'static str,
        table: &Table,
        chosen: &dyn Fn(usize) -> bool,
    ) -> Option<usize> {
        let language = self.language();
        table_ui(ui, language, table, self.tables.views.entry(slot).or_default(), chosen)
    }
}

impl Cx<'_> {
    /// Draws a table whose words may be longer than its cells: a click shows the row whole below it.
    pub(super) fn table_with_detail_ui(&mut self, ui: &mut Ui, slot: &'static str, table: &Table) {
        let detail = self.tables.details.get(slot).copied().filter(|row| *row < table.rows.len());
        let height = ui.available_height() - detail.map_or(0.0, |_| DETAIL + space::S);
        let mut clicked = None;
        ui.allocate_ui(egui::vec2(ui.available_width(), height.max(size::TABLE_HEADER * 2.0)), |ui| {
            clicked = self.table_ui(ui, slot, table, &|row| Some(row) == detail);
        });
        if let Some(row) = detail {
            card_ui(ui, |ui| {
                let height = (DETAIL - 2.0 * space::M).min(ui.available_height());
                ScrollArea::vertical()
                    .auto_shrink(false)
                    .max_height(height)
                    .show(ui, |ui| self.detail_ui(ui, table, row));
            });
        }
        if let Some(row) = clicked {
            if detail == Some(row) {
                self.tables.details.remove(slot);
            } else {
                self.tables.details.insert(slot, row);
            }
        }
    }

    fn detail_ui(&self, ui: &mut Ui, table: &Table, row: usize) {
        for (column, cell) in table.columns.iter().zip(&table.rows[row]).filter(|(_, c)| **c != Cell::Empty) {
            ui.horizontal_wrapped(|ui| {
                ui.label(style::weak(ui, column.title().get(self.language())));
                ui.label(format(cell, column.kind, self.language()));
            });
        }
    }
}

/// Height of a row's words below its table.
const DETAIL: f32 = 130.0;

/// A number short enough for a tile: 1,234, 12.3 k, 4.56 M. Money and units read alike.
pub(super) fn compact(x: f64, language: Language) -> String {
    let (scaled, unit) = match (x.abs(), language) {
        (a, Language::English) if a >= 1e9 => (x / 1e9, " bn"),
        (a, Language::English) if a >= 1e6 => (x / 1e6, " M"),
        (a, Language::English) if a >= 1e5 => (x / 1e3, " k"),
        (a, Language::Chinese) if a >= 1e8 => (x / 1e8, " 亿"),
        (a, Language::Chinese) if a >= 1e5 => (x / 1e4, " 万"),
        _ => (x, ""),
    };
    let decimals = match scaled.abs() {
        a if a >= 1000.0 => 0,
        a if a >= 100.0 => u8::from(!unit.is_empty()),
        a if a >= 10.0 => 1,
        _ => 2,
    };
    let figure = format(&Cell::from(scaled), Kind::Number(decimals), language);
    format!("{figure}{unit}")
}

/// A figure by its key.
pub(super) fn kpi(list: &[Kpi], key: &str) -> Option<f64> {
    list.iter().find(|k| k.key == key).and_then(|k| k.value)
}

/// Tables made of plans, kept until the plan changes; and how each is sorted.
#[derive(Default)]
pub(super) struct Tables {
    made: BTreeMap<&'static str, (Arc<Plan>, Rc<Table>)>,
    views: BTreeMap<&'static str, TableView>,
    /// Rows shown whole below their tables.
    details: BTreeMap<&'static str, usize>,
    kpis: Vec<(Arc<Plan>, Rc<Vec<Kpi>>)>,
}

/// Plans whose figures are kept: as many as the session keeps.
const MOST_KPIS: usize = 24;

impl Tables {
    fn kpis(&mut self, plan: &Arc<Plan>) -> Rc<Vec<Kpi>> {
        if let Some((_, known)) = self.kpis.iter().find(|(p, _)| Arc::ptr_eq(p, plan)) {
            return known.clone();
        }
        let made = Rc::new(kpis(plan));
        self.kpis.insert(0, (plan.clone(), made.clone()));
        self.kpis.truncate(MOST_KPIS);
        made
    }

    /// The table of a plan; built only when the plan is another than last time.
    pub(super) fn of_plan(
        &mut self,
        slot: &'static str,
        plan: &Arc<Plan>,
        make: impl FnOnce(&Plan) -> Table,
    ) -> Rc<Table> {
        match self.made.get(slot) {
            Some((known, table)) if Arc::ptr_eq(known, plan) => table.clone(),
            _ => {
                let table = Rc::new(make(plan));
                self.made.insert(slot, (plan.clone(), table.clone()));
                table
            }
        }
    }
}

/// Two periods as a span: "2024-W10 – 2024-W22".
pub(super) fn span(from: Period, to: Period) -> String {
    format!("{} – {}", from.label(), to.label())
}
