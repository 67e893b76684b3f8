//! Trend, season and the rest over time, and one forecast period as a sum.

use super::network::{decimals, so_far};
use super::{explained_ui, nothing_ui};
use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::widgets::{FALL, Fall, PeriodAxis, plot, thin, waterfall_ui};
use crate::model::{PartKind, SeriesExplanation, SeriesId};
use crate::session::Focus;
use crate::text;
use egui::{DragValue, Id, RichText, TextStyle, Ui, Vec2, Vec2b};
use egui_plot::{HLine, Line, LineStyle, PlotPoints, VLine};

/// Which forecast period is taken apart.
#[derive(Default)]
pub(super) struct View {
    of: Option<SeriesId>,
    step: usize,
}

/// Lowest height of one component's chart.
const LOWEST: f32 = 76.0;
/// Space around a component's line, as a share of the chart: the figures of a low chart need it.
const MARGIN: Vec2 = Vec2::new(0.01, 0.16);
/// Room for the names of the periods under the last chart.
const AXIS: f32 = 34.0;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        if self.of.as_ref() != Some(&focus.id) {
            (self.of, self.step) = (Some(focus.id.clone()), 0);
        }
        let Some(parts) = explained_ui(ui, cx) else { return };
        if parts.steps() == 0 {
            return nothing_ui(ui, cx.t("There is no forecast to take apart.", "没有可分解的预测。"));
        }
        self.step = self.step.min(parts.steps() - 1);
        let rows = parts.parts(self.step, &focus.layers).len() + 1;
        let waterfall = FALL * rows as f32 + size::TABLE_HEADER + 2.0 * space::M;
        ui.label(strengths(ui, cx, parts));
        charts_ui(ui, cx, focus, parts, ui.available_height() - waterfall);
        self.waterfall_ui(ui, cx, focus, parts);
    }

    fn waterfall_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, parts: &SeriesExplanation) {
        let start = focus.forecast.start;
        ui.horizontal(|ui| {
            let title = cx.words.with_unit(cx.t("What this forecast is made of", "该期预测的构成"), cx.units());
            ui.label(RichText::new(title).text_style(TextStyle::Heading));
            let before = egui::Button::new("←");
            let response = ui.add_enabled(self.step > 0, before);
            named(&response, cx.t("Previous period", "上一期"));
            if response.clicked() {
                self.step -= 1;
            }
            let label = cx.t("Period taken apart", "所分解的期间");
            let field = DragValue::new(&mut self.step)
                .range(0..=parts.steps() - 1)
                .speed(0.1)
                .custom_formatter(move |h, _| start.plus(h as i64).label())
                .custom_parser(move |typed| {
                    crate::model::Period::parse(typed)
                        .filter(|p| p.frequency() == start.frequency())
                        .map(|p| p.since(start) as f64)
                });
            let response = ui.add(field);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, label));
            let response = ui.add_enabled(self.step + 1 < parts.steps(), egui::Button::new("→"));
            named(&response, cx.t("Next period", "下一期"));
            if response.clicked() {
                self.step += 1;
            }
        });
        waterfall_ui(ui, &falls(Palette::of(ui), cx, focus, parts, self.step));
    }
}

fn named(response: &egui::Response, label: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label));
}

/// How strong trend and seasons are.
fn strengths(ui: &Ui, cx: &Cx<'_>, parts: &SeriesExplanation) -> egui::RichText {
    let trend = cx.percent(parts.trend_strength);
    let units = cx.units();
    let mut words = cx
        .words
        .own(text!("In {units} per period. Strength of the trend {trend}", "单位：{units}/期。趋势强度 {trend}"));
    for season in &parts.seasons {
        let (m, strength) = (season.period, cx.percent(season.strength));
        words += &cx.words.own(text!(", of the season of {m} periods {strength}", "，{m} 期季节强度 {strength}"));
    }
    if parts.seasons.is_empty() {
        words += cx.t(", no season: the history holds no two of them", "；无季节成分：历史不足两个季节周期");
    }
    style::caption(ui, words)
}

/// One chart per component, on one time axis; the forecast's stretch is broken.
fn charts_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, parts: &SeriesExplanation, height: f32) {
    let palette = Palette::of(ui);
    let mut charts: Vec<(String, &[f64], egui::Color32)> =
        vec![(cx.t("Trend", "趋势").to_owned(), &parts.trend, palette.series(0))];
    for season in &parts.seasons {
        let m = season.period;
        charts.push((cx.words.own(text!("Season {m}", "季节 {m}")), &season.values, palette.series(2)));
    }
    charts.push((cx.t("Remainder", "余项").to_owned(), &parts.remainder, palette.weak));
    let axis = PeriodAxis::new(parts.start);
    let gaps = ui.spacing().item_spacing.y * charts.len() as f32;
    let each = ((height - AXIS - gaps) / charts.len() as f32).max(LOWEST);
    let link = Id::unique("component time axis");
    let count = charts.len();
    for (k, (name, values, color)) in charts.into_iter().enumerate() {
        let is_last = k + 1 == count;
        let (past, ahead) = values.split_at(parts.history.min(values.len()));
        let join = parts.history.saturating_sub(1);
        plot(&format!("component {k} {}", focus.id), ui, cx.words, axis, &name)
            .height(each + if is_last { AXIS } else { 0.0 })
            .show_axes([is_last, true])
            .set_margin_fraction(MARGIN)
            .link_axis(link, Vec2b::new(true, false))
            .link_cursor(link, Vec2b::new(true, false))
            .show(ui, |plot| {
                // Trend is a level, which needn't start at 0; the others are deviations from it.
                if k > 0 {
                    plot.hline(HLine::new("", 0.0).color(palette.outline).allow_hover(false));
                }
                let line = |points, id| {
                    Line::new(name.clone(), PlotPoints::from(points)).color(color).width(size::THIN_LINE).id(id)
                };
                plot.line(line(thin(past, 0.0), "past"));
                let ahead: Vec<[f64; 2]> = past
                    .last()
                    .map(|y| [join as f64, *y])
                    .into_iter()
                    .chain(thin(ahead, parts.history as f64))
                    .collect();
                plot.line(line(ahead, "ahead").style(LineStyle::dashed_dense()));
                let today = VLine::new("", parts.history as f64 - 0.5).color(palette.outline);
                plot.vline(today.style(LineStyle::dotted_loose()).allow_hover(false));
            });
    }
}

/// The parts of step `h` as bars, and their sum.
fn falls(palette: &Palette, cx: &Cx<'_>, focus: &Focus, parts: &SeriesExplanation, h: usize) -> Vec<Fall> {
    let list = parts.parts(h, &focus.layers);
    let largest = list.iter().fold(0.0_f64, |m, (_, v)| m.max(v.abs()));
    let decimals = decimals(largest);
    let mut sum = 0.0;
    let mut falls: Vec<Fall> = list
        .into_iter()
        .map(|(kind, value)| {
            let from = sum;
            sum += value;
            let sign = if value > 0.0 && kind != PartKind::Level { "+" } else { "" };
            let (name, figure) = (cx.words.own(kind.label()), format!("{sign}{}", cx.number(value, decimals)));
            let note = so_far(cx, &name, &figure, &cx.number(sum, decimals));
            Fall { name, from, to: sum, figure, note, color: color(palette, kind, value), is_total: false }
        })
        .collect();
    falls.push(Fall {
        name: cx.t("Forecast", "预测").to_owned(),
        from: 0.0,
        to: sum,
        figure: cx.number(sum, decimals),
        note: String::new(),
        color: palette.accent,
        is_total: true,
    });
    falls
}

fn color(palette: &Palette, kind: PartKind, value: f64) -> egui::Color32 {
    match kind {
        PartKind::Level => palette.weak,
        _ if value < 0.0 => palette.series(1),
        _ => palette.series(2),
    }
}
