//! *What if this input had been …*: one input of a network in one period, and the forecast before and after.

use super::network::decimals;
use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, Tone, legend_ui, plot, remark_ui};
use crate::model::{ChangedInput, InputChange, NetworkExplanation, NetworkInput, SeriesId, WhatIf};
use crate::session::{AskedWhatIf, Command};
use crate::text;
use crate::words::figure;
use egui::{ComboBox, DragValue, RichText, TextStyle, Ui, WidgetInfo};
use egui_plot::{Line, LineStyle, PlotPoints, Points};
use std::collections::BTreeSet;

/// What the row remembers.
#[derive(Debug, Default)]
pub(super) struct View {
    of: Option<(SeriesId, String)>,
    input: usize,
    /// The period by its place among the input's values.
    row: usize,
    /// What it might have been; `None` while nothing was changed.
    value: Option<f64>,
    /// The latest answer, shown while the next is on its way.
    answer: Option<WhatIf>,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
}

/// Least and largest height of the chart of both forecasts.
const CHART: (f32, f32) = (150.0, 280.0);
/// Largest value that may be asked about.
const LARGEST: f64 = 1e12;
/// Points of one forecast period.
const DOT: f32 = 2.5;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, explanation: &NetworkExplanation) {
        let of = (explanation.id.clone(), explanation.network.to_string());
        if self.of.as_ref() != Some(&of) {
            *self = Self { of: Some(of), ..Self::default() };
            self.pick(explanation, 0);
        }
        ui.label(
            RichText::new(cx.t("What if an input had been another", "如果某个输入不同")).text_style(TextStyle::Heading),
        );
        ui.horizontal_wrapped(|ui| {
            self.input_ui(ui, cx, explanation);
            let Some(input) = self.shown(explanation) else { return };
            self.period_ui(ui, cx, input);
            self.value_ui(ui, cx, input);
            let can_reset = self.value.is_some();
            if ui.add_enabled(can_reset, egui::Button::new(cx.t("As it is", "恢复原值"))).clicked() {
                (self.value, self.answer) = (None, None);
            }
        });
        if let Some(input) = self.shown(explanation) {
            self.answer_ui(ui, cx, explanation, input);
        }
    }

    fn shown<'a>(&self, explanation: &'a NetworkExplanation) -> Option<&'a NetworkInput> {
        explanation.inputs.get(self.input).filter(|input| !input.values.is_empty())
    }

    /// Turns to an input: demand in its last period, a driver in the first one forecast.
    fn pick(&mut self, explanation: &NetworkExplanation, k: usize) {
        let Some(input) = explanation.inputs.get(k) else { return };
        let first = usize::try_from(explanation.start.since(input.start)).unwrap_or(0);
        self.row = first.min(input.values.len().saturating_sub(1));
        (self.input, self.value, self.answer) = (k, None, None);
    }

    fn input_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, explanation: &NetworkExplanation) {
        let name = |input: &NetworkInput| match &input.of {
            ChangedInput::Demand => cx.t("Demand", "需求").to_owned(),
            ChangedInput::Driver(name) => name.to_string(),
        };
        let current = explanation.inputs.get(self.input).map(name).unwrap_or_default();
        let mut picked = None;
        let combo = ComboBox::from_id_salt("what-if input").selected_text(current.clone()).show_ui(ui, |ui| {
            for (k, input) in explanation.inputs.iter().enumerate() {
                if ui.selectable_label(k == self.input, name(input)).clicked() {
                    picked = Some(k);
                }
            }
        });
        name_combo(&combo.response, cx.t("Input to change", "要更改的输入"), &current);
        if let Some(k) = picked.filter(|k| *k != self.input) {
            self.pick(explanation, k);
        }
    }

    fn period_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, input: &NetworkInput) {
        let (start, before) = (input.start, self.row);
        ui.label(style::weak(ui, cx.t("in", "期间")));
        let field = DragValue::new(&mut self.row)
            .range(0..=input.values.len() - 1)
            .speed(0.1)
            .custom_formatter(move |k, _| start.plus(k as i64).label())
            .custom_parser(move |typed| {
                let period = crate::model::Period::parse(typed).filter(|p| p.frequency() == start.frequency());
                period.map(|p| p.since(start) as f64)
            });
        let label = cx.t("Period to change", "要更改的期间");
        ui.add(field).widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, label));
        if self.row != before {
            (self.value, self.answer) = (None, None);
        }
    }

    fn value_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, input: &NetworkInput) {
        let known = input.values[self.row.min(input.values.len() - 1)];
        let mut value = self.value.unwrap_or(known);
        let is = figure(known);
        ui.label(style::weak(ui, cx.words.own(text!("is {is}; had it been", "为 {is}；若为"))));
        let range = if input.is_share { 0.0..=1.0 } else { -LARGEST..=LARGEST };
        let speed = if input.is_share { 0.01 } else { (known.abs() * 0.01).max(0.01) };
        let field = DragValue::new(&mut value).range(range).speed(speed).max_decimals(4).update_while_editing(false);
        let label = cx.t("Value it might have been", "假设取值");
        let response = ui.add(field);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, label));
        if response.changed() {
            self.value = Some(value);
        }
    }

    fn answer_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, explanation: &NetworkExplanation, input: &NetworkInput) {
        let Some(value) = self.value else {
            ui.label(style::caption(
                ui,
                cx.t(
                    "Change the value: level, season and scaling are measured anew, the weights stay",
                    "更改数值即可：水平、季节与缩放将重新计算，权重保持不变",
                ),
            ));
            return;
        };
        let period = input.start.plus(self.row as i64);
        let changes = [InputChange { of: input.of.clone(), period, value }];
        match cx.session.what_if(&explanation.network, &changes) {
            AskedWhatIf::Missing => cx.push(Command::AskWhatIf(explanation.network.clone(), changes.to_vec())),
            AskedWhatIf::Working => {}
            AskedWhatIf::Failed(why) => return remark_ui(ui, cx.words.of(why), Tone::Warning),
            AskedWhatIf::Ready(answer) => self.answer = Some(answer.clone()),
        }
        if let Some(answer) = &self.answer {
            told_ui(ui, cx, answer);
            ui.add_space(space::XS);
            chart_ui(ui, cx, explanation, (answer, &mut self.hidden));
        }
    }
}

/// The sum over the horizon, before and after.
fn told_ui(ui: &mut Ui, cx: &Cx<'_>, answer: &WhatIf) {
    let (before, after): (f64, f64) = (answer.before.iter().sum(), answer.after.iter().sum());
    let decimals = decimals(before.abs().max(after.abs()));
    let change = after - before;
    let sign = if change > 0.0 { "+" } else { "" };
    let comma = cx.t(", ", "，");
    let share = if before > 0.0 { format!("{comma}{sign}{}", cx.percent(change / before)) } else { String::new() };
    let (before, after, change) =
        (cx.number(before, decimals), cx.number(after, decimals), cx.number(change, decimals));
    let units = cx.units();
    let words = text!(
        "Over all periods the network would forecast {after} {units} instead of {before} ({sign}{change}{share})",
        "全部期间的网络预测将由 {before} 变为 {after} {units}（{sign}{change}{share}）"
    );
    ui.label(cx.words.own(words));
}

fn chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    explanation: &NetworkExplanation,
    (answer, hidden): (&WhatIf, &mut BTreeSet<String>),
) {
    let palette = Palette::of(ui);
    let axis = PeriodAxis::new(answer.start);
    let id = format!("what if {}", explanation.id);
    let points = |values: &[f64]| -> Vec<[f64; 2]> { values.iter().enumerate().map(|(h, v)| [h as f64, *v]).collect() };
    let lines = [
        (cx.t("As it is", "现状"), &answer.before, palette.history, LineStyle::Solid, "before"),
        (cx.t("Had it been so", "假设"), &answer.after, palette.accent, LineStyle::dashed_dense(), "after"),
    ];
    let mark = |style: &LineStyle| if *style == LineStyle::Solid { Mark::Line } else { Mark::Dashed };
    let entries = lines.iter().map(|(name, _, color, style, _)| Entry::new((*name).to_owned(), *color, mark(style)));
    legend_ui(ui, &entries.collect::<Vec<_>>(), hidden);
    let height = ui.available_height().clamp(CHART.0, CHART.1);
    let title = cx.words.with_unit(cx.t("Forecast", "预测"), cx.units());
    plot(&id, ui, cx.words, axis, &title).height(height).show(ui, |plot| {
        for (name, values, color, style, id) in lines.into_iter().filter(|(name, ..)| !hidden.contains(*name)) {
            let line = Line::new(name, PlotPoints::from(points(values))).color(color);
            plot.line(line.width(size::LINE).style(style).id(id));
            let dots = Points::new(name, PlotPoints::from(points(values))).color(color).radius(DOT);
            plot.points(dots.allow_hover(false).id((id, "dots")));
        }
    });
}
