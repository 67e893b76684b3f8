//! What is decided here: which lead times are planned with, and what counts in a supplier's score.

use super::lead_times::chosen;
use crate::gui::context::{Ask, Cx};
use crate::gui::dialogs::Purpose;
use crate::gui::style::{self, space};
use crate::gui::widgets::{card_ui, number_ui, primary_button, section_ui};
use crate::model::{
    LeadTimeCheck, LeadTimeChoice, LeadTimeReport, LeadTimeSource, LeadTimeUse, ScorePart, ScoreWeights,
};
use crate::session::Command;
use crate::text;
use egui::{Label, RadioButton, Ui};

/// Largest weight of a part.
const MOST_WEIGHT: f64 = 100.0;

pub(super) fn lead_times_ui(ui: &mut Ui, cx: &mut Cx<'_>, report: &LeadTimeReport) {
    source_ui(ui, cx, report);
    if let Some(check) = chosen(cx, report) {
        ui.add_space(space::S);
        item_ui(ui, cx, check);
    }
    ui.add_space(space::S);
    file_ui(ui, cx);
}

/// Which lead times all items are planned with.
fn source_ui(ui: &mut Ui, cx: &mut Cx<'_>, report: &LeadTimeReport) {
    let choice = cx.session.project().settings.lead_times.clone();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("Plan with", "计划采用"));
        for source in LeadTimeSource::ALL {
            let words = cx.words.own(source.label());
            let hint = match source {
                LeadTimeSource::Master => cx.t("Receipts change no plan", "收货记录不影响计划"),
                LeadTimeSource::Stale => cx.t(
                    "Items whose receipts contradict the item list are planned with what was learnt",
                    "收货记录与清单不符的商品改用实测值",
                ),
                LeadTimeSource::Learnt => cx.t(
                    "Every item with enough receipts is planned with what was learnt",
                    "收货次数足够的商品都用实测值",
                ),
            };
            let button = ui.add(RadioButton::new(source == choice.source, words)).on_hover_text(hint);
            if button.clicked() && source != choice.source {
                cx.push(Command::SetLeadTimes(LeadTimeChoice { source, items: choice.items.clone() }));
            }
        }
        let stale = report.checks.iter().filter(|c| c.is_stale()).count();
        let untaken = report.checks.iter().filter(|c| c.is_stale() && c.used == LeadTimeUse::Master).count();
        if untaken > 0 {
            ui.add_space(space::XS);
            let label = cx.words.own(text!("Take over all {stale} stale ones", "采用全部 {stale} 个过时商品的实测值"));
            if ui.add(primary_button(ui, label)).clicked() {
                cx.push(Command::SetLeadTimes(LeadTimeChoice::of(LeadTimeSource::Stale)));
            }
        }
        let own = choice.items.len();
        if own > 0 {
            ui.add_space(space::XS);
            let words = text!("{own} items are decided on their own", "{own} 个商品单独设定");
            ui.label(style::weak(ui, cx.words.own(words)));
            if ui.button(cx.t("Treat all alike", "全部统一")).clicked() {
                cx.push(Command::SetLeadTimes(LeadTimeChoice::of(choice.source)));
            }
        }
    });
}

/// What receipts say of the item shown, and what it is planned with.
fn item_ui(ui: &mut Ui, cx: &mut Cx<'_>, check: &LeadTimeCheck) {
    let choice = cx.session.project().settings.lead_times.clone();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, &check.id.to_string());
        ui.add(Label::new(cx.words.of(&check.why)).wrap());
        ui.add_space(space::XS);
        let set = |used: Option<LeadTimeUse>| {
            let mut choice = choice.clone();
            match used {
                Some(used) => _ = choice.items.insert(check.id.clone(), used),
                None => _ = choice.items.remove(&check.id),
            }
            Command::SetLeadTimes(choice)
        };
        ui.horizontal_wrapped(|ui| match check.used {
            LeadTimeUse::Master => {
                let button = egui::Button::new(cx.t("Take over the learnt one", "采用实测值"));
                if ui.add_enabled(check.learnt.is_known, button).clicked() {
                    cx.push(set(Some(LeadTimeUse::Learnt)));
                }
            }
            LeadTimeUse::Learnt => {
                if ui.button(cx.t("Keep the item list's", "沿用清单值")).clicked() {
                    cx.push(set(Some(LeadTimeUse::Master)));
                }
            }
        });
        if choice.items.contains_key(&check.id) && ui.button(cx.t("As all others", "与其他商品一致")).clicked() {
            cx.push(set(None));
        }
    });
}

fn file_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let receipts = cx.session.project().receipts.rows().len();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("Receipts", "收货记录"));
        let words = text!("{receipts} receipts", "{receipts} 条");
        ui.label(style::weak(ui, cx.words.own(words)));
        if ui.button(cx.t("Open receipts…", "打开收货记录…")).clicked() {
            cx.asks.push(Ask::Open(Purpose::Receipts));
        }
    });
}

/// What counts how much in a score.
pub(super) fn weights_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let weights = cx.session.project().settings.scorecard;
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("What counts how much", "评分权重"));
        for part in ScorePart::ALL {
            let label = cx.words.own(part.label());
            let (weight, response) = number_ui(ui, &label, weights.get(part), 0.0..=MOST_WEIGHT, 0.5);
            response.on_hover_text(cx.words.own(part.formula()));
            if let Some(weight) = weight {
                cx.push(Command::SetScorecard(weights.with(part, weight)));
            }
        }
        ui.add_space(space::XS);
        let words = cx.t(
            "A score is the weighted mean of its parts, each from 0 to 100. A part that isn't known is left out, and the others count for the whole.",
            "总分为各分项（0–100）的加权平均。未知分项不计入，由其余分项折算。",
        );
        ui.add(Label::new(style::weak(ui, words)).wrap());
        if weights != ScoreWeights::default() && ui.button(cx.t("Reset", "恢复默认")).clicked() {
            cx.push(Command::SetScorecard(ScoreWeights::default()));
        }
    });
    ui.add_space(space::S);
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("How the parts are made", "分项计算方法"));
        for part in ScorePart::ALL {
            ui.label(style::strong(cx.words.own(part.label())));
            ui.add(Label::new(style::weak(ui, cx.words.own(part.formula()))).wrap());
        }
    });
}
