//! The items with receipts, the dearest to leave as they are first, and the receipts of the one shown.

use super::charts;
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::widgets::{Entry, Mark, legend_ui};
use crate::model::{LeadTimeCheck, LeadTimeReport, Plan};
use crate::report::lead_times_table;
use crate::session::Command;
use egui::{Align, Label, Layout, RichText, TextStyle, Ui, vec2};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Columns on screen; the sentence at the right and the export say the rest.
const SHOWN: &[&str] = &[
    "item",
    "location",
    "cost_of_keeping",
    "capital",
    "master_days",
    "learnt_days",
    "stale",
    "used",
    "supplier",
    "master_sd_days",
    "learnt_sd_days",
    "receipts",
    "changed",
    "p95",
    "skewness",
    "own_weight",
    "note",
];

pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    (plan, report): (&Arc<Plan>, &LeadTimeReport),
    hidden: &mut BTreeSet<String>,
) {
    let shown = chosen(cx, report).map(|c| c.id.clone());
    let height = (ui.available_height() * 0.45).max(140.0);
    let make = |plan: &Plan| {
        let report = plan.lead_times.as_ref().expect("the panel has shown that the plan has one");
        lead_times_table(report, &plan.currency).arranged(SHOWN)
    };
    let table = cx.tables.of_plan("lead times", plan, make);
    let mut clicked = None;
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        let is_shown = |row: usize| report.checks.get(row).map(|c| &c.id) == shown.as_ref();
        clicked = cx.table_ui(ui, "lead times", &table, &is_shown);
    });
    if let Some(check) = clicked.and_then(|row| report.checks.get(row)) {
        cx.push(Command::Select(check.id.clone()));
    }
    let Some(check) = chosen(cx, report) else { return };
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.label(RichText::new(check.id.to_string()).text_style(TextStyle::Heading));
        ui.label(style::weak(ui, &*check.name));
        if !check.learnt.note.is_empty() {
            ui.add(Label::new(style::caption(ui, cx.words.of(&check.learnt.note))).truncate());
        }
    });
    legend_ui(ui, &entries(ui, cx, check), hidden);
    let (width, height) = ((ui.available_width() - space::M) / 2.0, ui.available_height().max(120.0));
    ui.horizontal_top(|ui| {
        let column = Layout::top_down(Align::LEFT);
        ui.allocate_ui_with_layout(vec2(width, height), column, |ui| {
            charts::histogram_ui(ui, cx, check, hidden, height);
        });
        ui.allocate_ui_with_layout(vec2(width, height), column, |ui| {
            charts::over_time_ui(ui, cx, check, hidden, height);
        });
    });
}

/// The item shown, or the dearest one when that has no receipts.
pub(super) fn chosen<'a>(cx: &Cx<'_>, report: &'a LeadTimeReport) -> Option<&'a LeadTimeCheck> {
    let selected = cx.session.selected();
    report.checks.iter().find(|c| Some(&c.id) == selected).or_else(|| report.checks.first())
}

fn entries(ui: &Ui, cx: &Cx<'_>, check: &LeadTimeCheck) -> Vec<Entry> {
    let palette = style::Palette::of(ui);
    let names = charts::Names::new(cx);
    let mut entries = vec![
        Entry::new(names.orders, palette.accent, Mark::Area),
        Entry::new(names.master, palette.series(1), Mark::Line),
        Entry::new(names.master_95, palette.series(1), Mark::Dashed),
        Entry::new(names.learnt, palette.good, Mark::Line),
        Entry::new(names.learnt_95, palette.good, Mark::Dashed),
    ];
    let has = |standing| check.learnt.orders.iter().any(|o| o.standing == standing);
    if has(crate::model::Standing::BeforeChange) {
        entries.push(Entry::new(names.before, palette.weak, Mark::Point));
    }
    if has(crate::model::Standing::SetAside) {
        entries.push(Entry::new(names.aside, palette.bad, Mark::Point));
    }
    entries
}
