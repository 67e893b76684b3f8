//! *Rule lab*: the original worked example, reproduced and corrected in front of the user.

use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{Tone, card_ui, field_ui, remark_ui, section_ui};
use crate::session::{Command, RuleLab, RuleLabInput, Sample, rule_lab};
use egui::{DragValue, RichText, ScrollArea, Ui};

/// What the panel remembers: the input and what came of it.
#[derive(Default)]
pub(super) struct View {
    input: RuleLabInput,
    lab: Option<RuleLab>,
}

/// Most days of demand that may be typed.
const MOST_DAYS: usize = 60;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let stale = self.lab.as_ref().is_none_or(|lab| lab.input != self.input);
        let lab = if stale { rule_lab(&self.input) } else { self.lab.take().unwrap_or_else(|| rule_lab(&self.input)) };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.label(RichText::new(cx.t("A worked example and what is wrong with it", "一个算例及其问题")).heading());
            let about = cx.t(
                "Five days of demand, a fixed ARIMA, the max-level rule and a two-warehouse dispatch: as the article calculates them, and what holds. Change an input and watch both.",
                "五天的需求、给定系数的 ARIMA、最高库存法和双仓调运：左为原文的算法，右为正确的结果。修改输入可同时看到两者的变化。",
            );
            ui.label(style::weak(ui, about));
            ui.add_space(space::S);
            self.input_ui(ui, cx);
            ui.add_space(space::S);
            rows_ui(ui, cx, &lab);
            ui.add_space(space::S);
            for warning in &lab.warnings {
                remark_ui(ui, cx.words.of(warning), Tone::Warning);
            }
        });
        self.lab = Some(lab);
    }

    fn input_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let input = &mut self.input;
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                ui.label(style::weak(ui, cx.words.with_unit(cx.t("Demand per day", "每日需求"), cx.units())));
                for (k, demand) in input.demand.iter_mut().enumerate() {
                    let label = format!("{} {}", cx.t("Day", "第"), k + 1);
                    let response = ui.add(DragValue::new(demand).range(0.0..=1e9).speed(0.5));
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, &label));
                }
                if input.demand.len() < MOST_DAYS && ui.button(cx.t("Add a day", "增加一天")).clicked() {
                    input.demand.push(input.demand.last().copied().unwrap_or(100.0));
                }
                if input.demand.len() > 1 && ui.button(cx.t("Remove a day", "减少一天")).clicked() {
                    input.demand.pop();
                }
                if ui.button(cx.t("As printed", "恢复原文")).clicked() {
                    *input = RuleLabInput::default();
                }
                if ui.button(cx.t("Open as a project", "作为项目打开")).clicked() {
                    cx.push(Command::OpenSample(Sample::WorkedExample));
                }
            });
            ui.separator();
            ui.spacing_mut().item_spacing.x = space::XL;
            ui.columns(3, |columns| {
                number_ui(&mut columns[0], "φ", &mut input.phi, -0.99..=0.99, 0.005);
                number_ui(&mut columns[0], "θ", &mut input.theta, -0.99..=0.99, 0.005);
                let units = |en, zh| cx.words.with_unit(cx.t(en, zh), cx.units());
                number_ui(&mut columns[1], &units("Max level L", "最高库存 L"), &mut input.max_level, 0.0..=1e9, 1.0);
                let label = units("Safety stock S", "安全库存 S");
                number_ui(&mut columns[1], &label, &mut input.safety_stock, 0.0..=1e9, 1.0);
                let label = cx.words.with_unit(cx.t("Lead time", "提前期"), cx.t("days", "天"));
                number_ui(&mut columns[2], &label, &mut input.lead_time_days, 0.0..=365.0, 0.05);
                number_ui(&mut columns[2], cx.t("Cost per unit", "单位费用"), &mut input.cost, 0.0..=1e6, 0.1);
            });
        });
    }
}

fn number_ui(ui: &mut Ui, label: &str, value: &mut f64, range: std::ops::RangeInclusive<f64>, speed: f64) {
    field_ui(ui, label, |ui| ui.add(DragValue::new(value).range(range).speed(speed)));
}

fn rows_ui(ui: &mut Ui, cx: &Cx<'_>, lab: &RuleLab) {
    let palette = Palette::of(ui);
    for row in &lab.rows {
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(style::strong(cx.words.of(&row.step)));
            let line = egui::vec2(ui.available_width(), size::FIGURE_LINE);
            ui.allocate_ui_with_layout(line, egui::Layout::left_to_right(egui::Align::BOTTOM), |ui| {
                let decimals = |x: f64| if x.fract().abs() < 1e-9 { 0 } else { 4 };
                let unit = cx.words.of(&row.unit);
                ui.label(style::weak(ui, cx.t("as printed", "原文")));
                let words = cx.number(row.article, decimals(row.article));
                ui.label(RichText::new(words).text_style(style::text::figure()).color(palette.weak));
                ui.label(style::weak(ui, unit));
                ui.add_space(space::XL);
                ui.label(style::weak(ui, cx.t("what holds", "正确结果")));
                let words = cx.number(row.correct, decimals(row.correct));
                ui.label(RichText::new(words).text_style(style::text::figure()).color(palette.accent));
                ui.label(style::weak(ui, unit));
            });
            ui.label(cx.words.of(&row.why));
        });
    }
    if lab.rows.is_empty() {
        section_ui(ui, cx.t("Nothing to calculate", "无法计算"));
    }
}
