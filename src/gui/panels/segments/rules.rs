//! What holds for a segment.

use super::cuts::{choice_ui, push};
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::widgets::{card_ui, number_ui, section_ui, segmented_ui};
use crate::model::{Policy, SafetyBasis, Segment, SegmentRule, Segmentation, Segments, Stocking};
use crate::session::Gesture;
use crate::text;
use crate::words::Text;
use egui::Ui;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Draws the card of the chosen segment's rule.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, segments: &Segments, chosen: Option<Segment>) {
    let now = cx.session.project().settings.segmentation.clone();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        let segment = chosen.unwrap_or(Segment::new(crate::model::Abc::A, crate::model::Xyz::X));
        section_ui(ui, &cx.words.own(text!("Rule of {segment}", "{segment} 的规则")));
        let (ruled, all) = (now.rules.len(), 9);
        let state = if ruled == 0 {
            text!("No rule is in force: items follow their own data", "无规则生效：按商品自身数据")
        } else {
            text!(
                "Rules in force: {ruled} of {all} segments. An item's own data goes first",
                "已生效规则：{ruled}/{all} 个分类。商品自身数据优先"
            )
        };
        ui.label(style::caption(ui, cx.words.own(state)));
        ui.horizontal(|ui| {
            let hint = cx.t(
                "Service levels from 99 % for AX to 90 % for CZ; C items are looked at every four weeks. A starting point, in force as soon as you click",
                "服务水平从 AX 的 99% 到 CZ 的 90%；C 类每四周盘点一次。作为起点，点击后立即生效",
            );
            if ui.button(cx.t("Suggested rules", "采用建议规则")).on_hover_text(hint).clicked() {
                push(cx, Segmentation { rules: Segmentation::suggested_rules(), ..now.clone() }, Gesture::Commit);
            }
            if ruled > 0 && ui.button(cx.t("No rules", "清除规则")).clicked() {
                push(cx, Segmentation { rules: BTreeMap::new(), ..now.clone() }, Gesture::Commit);
            }
        });
        ui.add_space(space::XS);
        let mut rule = now.rules.get(&segment).copied().unwrap_or_default();
        let before = rule;
        rule_ui(ui, cx, &mut rule);
        if rule != before {
            let mut rules = now.rules.clone();
            rules.insert(segment, rule);
            push(cx, Segmentation { rules, ..now.clone() }, Gesture::Commit);
        }
        if let Some(cell) = segments.cells.get(segment.index()).filter(|cell| cell.exceptions > 0) {
            let n = cell.exceptions;
            let words = text!("{n} items have their own values, see Exceptions", "{n} 个商品自有设定，见“例外”");
            ui.label(style::caption(ui, cx.words.own(words)));
        }
    });
}

fn rule_ui(ui: &mut Ui, cx: &Cx<'_>, rule: &mut SegmentRule) {
    let options =
        [(Stocking::Stocked, cx.t("Stocked", "备货")), (Stocking::ToOrder, cx.t("Bought to order", "按单采购"))];
    if let Some(stocking) = segmented_ui(ui, rule.stocking, &options) {
        rule.stocking = stocking;
    }
    if rule.stocking == Stocking::ToOrder {
        let words = cx.t(
            "No stock is held: an order goes out for each customer, who waits for the lead time.",
            "不备库存：按客户订单采购，客户等待提前期。",
        );
        ui.label(style::caption(ui, words));
        return;
    }
    let as_is = || Text::new("As it is", "不变");
    let policies = with_none(as_is(), Policy::ALL.map(|p| (p, p.label())));
    if let Some(policy) = choice_ui(ui, cx, cx.t("Policy", "补货策略"), rule.policy, &policies) {
        rule.policy = policy;
    }
    let bases = with_none(as_is(), SafetyBasis::ALL.map(|b| (b, b.label())));
    if let Some(basis) = choice_ui(ui, cx, cx.t("Safety stock for", "安全库存依据"), rule.safety_basis, &bases) {
        rule.safety_basis = basis;
    }
    let percent = (100.0, 50.0..=99.99);
    optional_ui(ui, (cx.t("Service level (%)", "服务水平（%）"), 0.95), &mut rule.service_level, percent.clone());
    optional_ui(ui, (cx.t("Fill rate (%)", "满足率（%）"), 0.98), &mut rule.fill_rate, percent);
    optional_ui(ui, (cx.t("Cover (days)", "覆盖天数（天）"), 14.0), &mut rule.cover_days, (1.0, 0.0..=365.0));
    optional_ui(
        ui,
        (cx.t("Review period (days)", "盘点周期（天）"), 7.0),
        &mut rule.review_period_days,
        (1.0, 0.0..=365.0),
    );
}

fn with_none<T, const N: usize>(none: Text, options: [(T, Text); N]) -> Vec<(Option<T>, Text)> {
    std::iter::once((None, none)).chain(options.map(|(value, name)| (Some(value), name))).collect()
}

/// A number that may be left open: shown times a factor.
fn optional_ui(
    ui: &mut Ui,
    (label, start): (&str, f64),
    value: &mut Option<f64>,
    (factor, range): (f64, RangeInclusive<f64>),
) {
    let mut is_set = value.is_some();
    ui.horizontal(|ui| {
        let Some(now) = *value else {
            if ui.checkbox(&mut is_set, label).clicked() {
                *value = Some(start);
            }
            return;
        };
        let response = ui.checkbox(&mut is_set, "");
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, true, label));
        if response.clicked() {
            *value = None;
            return;
        }
        if let (Some(new), _) = number_ui(ui, label, now * factor, range, 0.1) {
            *value = Some(new / factor);
        }
    });
}
