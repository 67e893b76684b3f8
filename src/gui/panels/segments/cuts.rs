//! Where A, B, X and Y end, and by what.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, space};
use crate::gui::widgets::{LeverRow, Moved, card_ui, lever_ui, section_ui, segmented_ui};
use crate::model::{AbcCriterion, Segmentation, Segments, XyzMeasure, YearlyDemand};
use crate::session::{Command, Gesture};
use crate::text;
use crate::words::Text;
use egui::{ComboBox, Ui};
use std::sync::Arc;

/// Draws the card.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, segments: &Segments) {
    let now = cx.session.project().settings.segmentation.clone();
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        section_ui(ui, cx.t("Cuts", "分类界限"));
        let label = cx.t("ABC by", "ABC 依据");
        if let Some(criterion) = choice_ui(ui, cx, label, now.criterion, &AbcCriterion::ALL.map(|c| (c, c.label()))) {
            push(cx, Segmentation { criterion, ..now.clone() }, Gesture::Commit);
        }
        let options = [
            (YearlyDemand::Sold, cx.t("Last 12 months", "近 12 个月")),
            (YearlyDemand::Forecast, cx.t("Forecast", "预测")),
        ];
        if let Some(yearly) = segmented_ui(ui, now.yearly, &options) {
            push(cx, Segmentation { yearly, ..now.clone() }, Gesture::Commit);
        }
        share_ui(ui, cx, (cx.t("A ends at", "A 截止"), now.abc_cuts.0, 0.80), |a| Segmentation {
            abc_cuts: (a, now.abc_cuts.1.max(a)),
            ..now.clone()
        });
        share_ui(ui, cx, (cx.t("B ends at", "B 截止"), now.abc_cuts.1, 0.95), |b| Segmentation {
            abc_cuts: (now.abc_cuts.0.min(b), b),
            ..now.clone()
        });
        ui.add_space(space::XS);
        let label = cx.t("XYZ by", "XYZ 依据");
        if let Some(measure) = choice_ui(ui, cx, label, now.measure, &XyzMeasure::ALL.map(|m| (m, m.label()))) {
            push(cx, Segmentation { measure, ..now.clone() }, Gesture::Commit);
        }
        variation_ui(ui, cx, (cx.t("X ends at", "X 截止"), now.xyz_cuts.0, 0.5), |x| Segmentation {
            xyz_cuts: (x, now.xyz_cuts.1.max(x)),
            ..now.clone()
        });
        variation_ui(ui, cx, (cx.t("Y ends at", "Y 截止"), now.xyz_cuts.1, 1.0), |y| Segmentation {
            xyz_cuts: (now.xyz_cuts.0.min(y), y),
            ..now.clone()
        });
        former_ui(ui, cx, segments, &now);
    });
}

fn former_ui(ui: &mut Ui, cx: &mut Cx<'_>, segments: &Segments, now: &Segmentation) {
    ui.add_space(space::XS);
    let kept = segments.items.iter().filter(|class| class.without_former.is_some()).count();
    let words = if now.former.is_empty() {
        text!("No former classes: the cuts alone decide", "未保留分类：仅按界限划分")
    } else {
        text!("{kept} items keep their former class near a cut", "{kept} 个商品在界限附近保留原分类")
    };
    ui.label(style::caption(ui, cx.words.own(words)));
    ui.horizontal(|ui| {
        let hint = cx.t(
            "Items near a cut keep their class from cycle to cycle: they leave it only when they pass the cut by 2 %",
            "界限附近的商品逐期保持分类：越过界限 2% 才会变更",
        );
        if ui.button(cx.t("Keep these classes", "保留当前分类")).on_hover_text(hint).clicked() {
            cx.push(Command::KeepSegments);
        }
        if !now.former.is_empty() && ui.button(cx.t("Forget", "不再保留")).clicked() {
            push(cx, Segmentation { former: Arc::default(), ..now.clone() }, Gesture::Commit);
        }
    });
}

/// Label, present value and default of a cut.
type Cut<'a> = (&'a str, f64, f64);

fn share_ui(ui: &mut Ui, cx: &mut Cx<'_>, (label, value, base): Cut<'_>, to: impl Fn(f64) -> Segmentation) {
    let row = LeverRow {
        label,
        unit: "%",
        value: 100.0 * value,
        base: 100.0 * base,
        range: 0.0..=100.0,
        most: 100.0,
        decimals: 1,
        is_moved: (value - base).abs() > 1e-9,
        hint: cx.t("Cumulative share of the value", "价值累计占比"),
    };
    match lever_ui(ui, cx.words, &row) {
        Some(Moved::To(x, gesture)) => push(cx, to(x / 100.0), gesture),
        Some(Moved::Reset) => push(cx, to(base), Gesture::Commit),
        None => {}
    }
}

fn variation_ui(ui: &mut Ui, cx: &mut Cx<'_>, (label, value, base): Cut<'_>, to: impl Fn(f64) -> Segmentation) {
    let row = LeverRow {
        label,
        unit: "",
        value,
        base,
        range: 0.0..=3.0,
        most: 100.0,
        decimals: 2,
        is_moved: (value - base).abs() > 1e-9,
        hint: cx.t("Coefficient of variation: deviation over mean", "变异系数：标准差与均值之比"),
    };
    match lever_ui(ui, cx.words, &row) {
        Some(Moved::To(x, gesture)) => push(cx, to(x), gesture),
        Some(Moved::Reset) => push(cx, to(base), Gesture::Commit),
        None => {}
    }
}

/// A labelled drop-down; returns what was picked.
pub(super) fn choice_ui<T: PartialEq + Copy>(
    ui: &mut Ui,
    cx: &Cx<'_>,
    label: &str,
    current: T,
    options: &[(T, Text)],
) -> Option<T> {
    let mut picked = None;
    let shown =
        options.iter().find(|(value, _)| *value == current).map_or("", |(_, name)| cx.words.of(name)).to_owned();
    ui.horizontal(|ui| {
        ui.label(style::weak(ui, label));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let combo = ComboBox::from_id_salt(label).width(150.0).selected_text(shown.clone()).show_ui(ui, |ui| {
                for (value, name) in options {
                    if ui.selectable_label(*value == current, cx.words.of(name)).clicked() && *value != current {
                        picked = Some(*value);
                    }
                }
            });
            name_combo(&combo.response, label, &shown);
        });
    });
    picked
}

/// Asks for another segmentation.
pub(super) fn push(cx: &mut Cx<'_>, segmentation: Segmentation, gesture: Gesture) {
    cx.push(Command::SetSegmentation(Box::new(segmentation), gesture));
}
