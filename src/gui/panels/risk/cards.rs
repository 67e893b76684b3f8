//! Disruption cards under the hand: what, whom, when, how long, how much.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, space};
use crate::gui::widgets::{LeverRow, Moved, card_ui, lever_ui, section_ui};
use crate::model::{Disruption, DisruptionKind, DisruptionScope, Plan, Risk};
use crate::session::{Command, Gesture};
use egui::{ComboBox, Label, Ui};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names offered of a kind; a long list belongs into a file.
const MOST_OFFERED: usize = 60;
/// How long a new card lasts, days.
const USUAL_DAYS: f64 = 28.0;

/// All cards, and buttons that add one.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, risk: &Risk, plan: &Arc<Plan>) {
    section_ui(ui, cx.t("What if", "假如"));
    add_ui(ui, cx, plan);
    let cards = cx.session.project().risk.disruptions.clone();
    if cards.is_empty() {
        let words = cx.t(
            "Add a card: its effect on stock, money and service appears at once. Several can be active together.",
            "添加一个情形，即可看到其对库存、金额与服务的影响；可同时启用多个。",
        );
        ui.add(Label::new(style::weak(ui, words)).wrap());
    }
    for (k, card) in cards.iter().enumerate() {
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.push_id(("disruption", k), |ui| one_ui(ui, cx, (k, card), risk, plan));
        });
        ui.add_space(space::XS);
    }
}

fn add_ui(ui: &mut Ui, cx: &mut Cx<'_>, plan: &Plan) {
    let periods = (USUAL_DAYS / plan.start().frequency().days()).ceil().max(1.0) as usize;
    let supplier = names(plan, |i| &i.supplier).into_iter().next();
    let site = plan.network.sites.first().map(|s| DisruptionScope::Site(s.id.clone()));
    let supply = supplier.map_or(DisruptionScope::All, DisruptionScope::Supplier);
    let mut new = vec![
        (cx.t("Supply stops", "断供"), Disruption::new(DisruptionKind::SupplyStops, supply.clone(), periods)),
        (cx.t("Late", "晚到"), Disruption::new(DisruptionKind::Late(14.0), supply, periods)),
        (cx.t("Demand ×", "需求 ×"), Disruption::new(DisruptionKind::DemandTimes(1.5), DisruptionScope::All, periods)),
    ];
    new.extend(site.map(|site| (cx.t("Closure", "关闭"), Disruption::new(DisruptionKind::Closed, site, periods))));
    ui.horizontal_wrapped(|ui| {
        for (label, card) in new {
            if ui.button(format!("+ {label}")).clicked() {
                cx.push(Command::SetDisruption(None, card, Gesture::Commit));
            }
        }
    });
}

fn one_ui(ui: &mut Ui, cx: &mut Cx<'_>, (k, card): (usize, &Disruption), risk: &Risk, plan: &Plan) {
    let mut changed = card.clone();
    let mut gesture = None;
    ui.horizontal(|ui| {
        let label = cx.words.of(&card.label(risk.start)).to_owned();
        if ui.checkbox(&mut changed.active, kind_name(cx, card.kind)).on_hover_text(label).changed() {
            gesture = Some(Gesture::Commit);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let remove = ui.small_button(cx.t("Remove", "删除"));
            let name = format!("{} {}", cx.t("Remove disruption", "删除中断情形"), k + 1);
            remove.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
            if remove.clicked() {
                cx.push(Command::RemoveDisruption(k));
            }
            scenario_button_ui(ui, cx, k);
        });
    });
    if let Some(scope) = scope_ui(ui, cx, (k, card), plan) {
        (changed.scope, gesture) = (scope, Some(Gesture::Commit));
    }
    let horizon = plan.forecasts.first().map_or(1, |f| f.best().mean.len()).max(1);
    for (which, row) in levers(cx, card, plan, horizon) {
        let Some(Moved::To(value, how)) = lever_ui(ui, cx.words, &row) else { continue };
        match (which, &mut changed.kind) {
            (Which::From, _) => changed.from = value.round().max(1.0) as usize,
            (Which::Periods, _) => changed.periods = value.round().max(1.0) as usize,
            (Which::Much, DisruptionKind::Late(x) | DisruptionKind::DemandTimes(x)) => *x = value,
            (Which::Much, _) => {}
        }
        gesture = Some(how);
    }
    // A drag that ends where it stands still ends.
    if let Some(gesture) = gesture.filter(|g| changed != *card || *g == Gesture::Commit) {
        cx.push(Command::SetDisruption(Some(k), changed, gesture));
    }
}

/// Makes a scenario of a card, where levers can say what it says.
fn scenario_button_ui(ui: &mut Ui, cx: &mut Cx<'_>, k: usize) {
    let can = cx.session.can_branch_disruption(k);
    let label = cx.t("As scenario", "作为情景");
    let button = ui.add_enabled(can, egui::Button::new(label).small());
    let name = format!("{label} {}", k + 1);
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, can, &name));
    let hint = cx.t(
        "A new scenario that has this for the whole horizon, to be planned and compared",
        "新建方案，整个计划期均如此，可计划与对比",
    );
    let why_not = cx.t(
        "No lever says this for the whole horizon: late goods and changed demand make a scenario",
        "没有参数能在整个计划期内表达此情形：仅晚到与需求变化可成为方案",
    );
    if button.on_hover_text(hint).on_disabled_hover_text(why_not).clicked() {
        cx.push(Command::BranchDisruption(k));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    From,
    Periods,
    Much,
}

fn levers<'a>(cx: &Cx<'a>, card: &Disruption, plan: &Plan, horizon: usize) -> Vec<(Which, LeverRow<'a>)> {
    let unit = match plan.start().frequency() {
        crate::model::Frequency::Week => cx.t("weeks", "周"),
        crate::model::Frequency::Day => cx.t("days", "天"),
        crate::model::Frequency::Month => cx.t("months", "个月"),
        _ => cx.t("periods", "期"),
    };
    let row = |label, unit, value, range, decimals, hint| LeverRow {
        label,
        unit,
        value,
        base: value,
        range,
        most: Disruption::MOST_PERIODS as f64,
        decimals,
        is_moved: false,
        hint,
    };
    let mut rows = Vec::new();
    match card.kind {
        DisruptionKind::Late(days) => rows.push((
            Which::Much,
            LeverRow {
                most: Disruption::MOST_DAYS,
                ..row(
                    cx.t("Later by", "延迟"),
                    cx.t("days", "天"),
                    days,
                    1.0..=90.0,
                    0,
                    cx.t("Orders placed while it lasts take so much longer", "期间下的订单延迟到货"),
                )
            },
        )),
        DisruptionKind::DemandTimes(k) => rows.push((
            Which::Much,
            LeverRow {
                most: Disruption::MOST_TIMES,
                ..row(
                    cx.t("Demand ×", "需求倍数"),
                    "×",
                    k,
                    0.0..=3.0,
                    2,
                    cx.t("Demand on every sample path while it lasts", "期间各样本路径的需求倍数"),
                )
            },
        )),
        DisruptionKind::SupplyStops | DisruptionKind::Closed => {}
    }
    rows.push((
        Which::From,
        row(
            cx.t("From period", "起始期"),
            "",
            card.from as f64,
            1.0..=horizon as f64,
            0,
            cx.t("1 is the plan's first period", "1 为计划的第一期"),
        ),
    ));
    rows.push((Which::Periods, row(cx.t("Lasts", "持续"), unit, card.periods as f64, 1.0..=horizon as f64, 0, "")));
    rows
}

fn scope_ui(ui: &mut Ui, cx: &Cx<'_>, (k, card): (usize, &Disruption), plan: &Plan) -> Option<DisruptionScope> {
    let mut options = Vec::new();
    if card.kind == DisruptionKind::Closed {
        options.extend(plan.network.sites.iter().map(|s| DisruptionScope::Site(s.id.clone())));
        let lanes = plan.network.lanes.iter().map(|l| DisruptionScope::Lane(l.from.clone(), l.to.clone()));
        options.extend(lanes.take(MOST_OFFERED));
    } else {
        options.push(DisruptionScope::All);
        options.extend(names(plan, |i| &i.supplier).into_iter().map(DisruptionScope::Supplier));
        options.extend(names(plan, |i| &i.category).into_iter().map(DisruptionScope::Category));
        options.extend(cx.session.selected().cloned().map(DisruptionScope::Item));
    }
    let name = |scope: &DisruptionScope| cx.words.of(&scope.label()).to_owned();
    let shown = name(&card.scope);
    let mut picked = None;
    let combo = ComboBox::from_id_salt(("disruption scope", k))
        .selected_text(shown.clone())
        .width(ui.available_width() - space::S)
        .show_ui(ui, |ui| {
            for option in options {
                if ui.selectable_label(option == card.scope, name(&option)).clicked() {
                    picked = Some(option);
                }
            }
        });
    name_combo(&combo.response, cx.t("For", "范围"), &shown);
    picked
}

/// Names that items have, sorted.
fn names(plan: &Plan, of: impl Fn(&crate::model::Item) -> &Arc<str>) -> Vec<Arc<str>> {
    let all: BTreeSet<&Arc<str>> = plan.items.iter().map(of).filter(|n| !n.is_empty()).collect();
    all.into_iter().take(MOST_OFFERED).cloned().collect()
}

pub(super) fn kind_name(cx: &Cx<'_>, kind: DisruptionKind) -> &'static str {
    match kind {
        DisruptionKind::SupplyStops => cx.t("Supply stops", "断供"),
        DisruptionKind::Late(_) => cx.t("Goods come late", "晚到"),
        DisruptionKind::DemandTimes(_) => cx.t("Demand changes", "需求变化"),
        DisruptionKind::Closed => cx.t("Closed", "关闭"),
    }
}
