//! What people changed: the forecast's points to be dragged, the overrides there are, and one to be edited.

use super::chart::{Drawn, drawn_ui};
use super::override_form::{self, Form};
use super::value_added;
use crate::gui::context::Cx;
use crate::gui::style::{self, Palette, band, size, space};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, segmented_ui, thin};
use crate::model::{ForecastOverride, ForecastScope, OverrideKind, Period, Series};
use crate::report::{Table, overrides_table};
use crate::session::{Command, Focus, Gesture};
use egui::{CursorIcon, Ui, pos2};
use egui_plot::{
    FilledArea, Line, LineStyle, MarkerShape, PlotBounds, PlotPoint, PlotPoints, PlotTransform, Points, VLine,
};
use std::collections::BTreeSet;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    hidden: BTreeSet<String>,
    form: Form,
    drag: Option<Drag>,
    below: Below,
    value_added: value_added::View,
}

/// Which table stands below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Below {
    #[default]
    InOrder,
    ValueAdded,
}

/// A point under the pointer.
#[derive(Debug, Clone, Copy)]
struct Drag {
    /// Step of the forecast, from 0.
    step: usize,
    /// Place of the override in the project's list.
    place: usize,
    /// What the chart showed when the drag began; it stands still until the point is let go.
    bounds: PlotBounds,
}

/// Points on screen within which a click takes hold of one.
const REACH: f32 = 14.0;
/// Room above the highest value, so that a point can be dragged up.
const HEADROOM: f64 = 1.25;
/// Periods of history shown, in horizons, and at least so many.
const HORIZONS_BEFORE: usize = 3;
const FEWEST_BEFORE: usize = 24;
/// Steps that one pixel's worth of demand is rounded to.
const PIXELS: f64 = 200.0;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, series: &Series, focus: &Focus) {
        self.form.turn_to(focus);
        let hint = cx.t(
            "Drag a point up or down to override that period; one drag is one undo step",
            "上下拖动某个点即可调整该期预测；一次拖动为一个撤销步骤",
        );
        ui.label(style::caption(ui, hint));
        let height = (ui.available_height() * 0.48).max(160.0);
        self.chart_ui(ui, cx, series, focus, height);
        override_form::show_ui(ui, cx, &mut self.form, focus);
        self.table_ui(ui, cx);
    }

    fn chart_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, series: &Series, focus: &Focus, height: f32) {
        let palette = Palette::of(ui);
        let axis = PeriodAxis::new(series.start);
        let last = focus.layers.last().to_vec();
        let start = axis.x(focus.forecast.start);
        let names =
            [cx.t("Actual", "实际"), cx.t("Statistical forecast", "统计预测"), cx.t("Final forecast", "最终预测")];
        let [actual, statistical, chosen] = names;
        let top = ui.cursor().top();
        let entries = [
            Entry::new(actual, palette.history, Mark::Line),
            Entry::new(statistical, palette.weak, Mark::Dashed),
            Entry::new(chosen, palette.accent, Mark::Point),
        ];
        legend_ui(ui, &entries, &mut self.hidden);
        let height = height - (ui.cursor().top() - top);
        let first = series.values.len().saturating_sub((HORIZONS_BEFORE * last.len()).max(FEWEST_BEFORE));
        let past = &series.values[first..];
        let highest = past.iter().chain(&last).fold(0.0_f64, |m, v| m.max(*v));
        let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
        let (hidden, drag) = (&self.hidden, self.drag);
        let points: Vec<[f64; 2]> = last.iter().enumerate().map(|(h, y)| [start + h as f64, *y]).collect();
        let response = plot(&format!("overrides {}", focus.id), ui, cx.words, axis, &y_title)
            .height(height)
            .include_y(0.0)
            .include_y(highest * HEADROOM)
            .allow_drag(false)
            .allow_boxed_zoom(false)
            .allow_zoom(false)
            .allow_axis_zoom_drag(false)
            .show(ui, |plot| {
                match drag {
                    Some(drag) => plot.set_plot_bounds(drag.bounds),
                    None => plot.set_auto_bounds(true),
                }
                if let Some(interval) = focus.forecast.interval(80.0) {
                    let xs: Vec<f64> = (0..interval.lower.len()).map(|h| start + h as f64).collect();
                    let area = FilledArea::new("80 %", &xs, &interval.lower, &interval.upper);
                    plot.add(area.fill_color(band(palette.accent, 0.14)).allow_hover(false));
                }
                if !hidden.contains(actual) {
                    let points = thin(past, first as f64);
                    let width = size::THIN_LINE;
                    drawn_ui(plot, Drawn::plain(actual, palette.history, points, width));
                }
                if !hidden.contains(statistical) {
                    let line = Line::new(statistical, PlotPoints::from(thin(focus.layers.statistical(), start)));
                    plot.line(line.color(palette.weak).style(LineStyle::dashed_dense()).id("statistical"));
                }
                if !hidden.contains(chosen) {
                    let line = Line::new(chosen, PlotPoints::from(points.clone())).color(palette.accent);
                    plot.line(line.width(size::LINE).id("final line").allow_hover(false));
                    let marks = Points::new(chosen, PlotPoints::from(points.clone())).color(palette.accent);
                    plot.points(marks.shape(MarkerShape::Circle).radius(4.5).id("final"));
                }
                let today = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
                plot.vline(today.allow_hover(false));
            });
        self.drag_ui(ui, cx, focus, (&response.response, &response.transform), &points);
    }

    /// Takes hold of a point, moves it, lets it go.
    fn drag_ui(
        &mut self,
        ui: &Ui,
        cx: &mut Cx<'_>,
        focus: &Focus,
        (response, transform): (&egui::Response, &PlotTransform),
        points: &[[f64; 2]],
    ) {
        let near = |at: egui::Pos2| {
            let on_screen = |p: &[f64; 2]| transform.position_from_point(&PlotPoint::new(p[0], p[1]));
            let distances = points.iter().map(|p| on_screen(p).distance(at)).enumerate();
            distances.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, d)| *d <= REACH).map(|(h, _)| h)
        };
        let pointer = response.interact_pointer_pos();
        if response.drag_started()
            && let Some(step) = ui.input(|i| i.pointer.press_origin()).and_then(near)
        {
            let period = focus.forecast.start.plus(step as i64);
            let overrides = &cx.session.project().overrides;
            let place = own(overrides, focus, period).unwrap_or(overrides.len());
            self.drag = Some(Drag { step, place, bounds: *transform.bounds() });
        }
        if let Some(drag) = self.drag {
            let is_held = response.dragged() && !response.drag_stopped();
            let gesture = if is_held { Gesture::Drag } else { Gesture::Commit };
            if let Some(at) = pointer {
                let value = transform.value_from_position(pos2(at.x, at.y)).y;
                let value = rounded(value.max(0.0), drag.bounds.height() / PIXELS);
                let period = focus.forecast.start.plus(drag.step as i64);
                let given = self.form.dragged(cx, focus, period, OverrideKind::Value(value));
                let overrides = &cx.session.project().overrides;
                let place = (drag.place < overrides.len()).then_some(drag.place);
                let known = place.map(|k| ForecastOverride { kind: given.kind, ..overrides[k].clone() });
                // A pointer that rests says nothing new, but its release does.
                if !is_held || known.as_ref() != place.map(|k| &overrides[k]) || known.is_none() {
                    cx.push(Command::SetOverride(place, Box::new(known.unwrap_or(given)), gesture));
                }
            } else if !is_held {
                cx.push(Command::EndDrag);
            }
            if !is_held {
                self.drag = None;
            }
        }
        if self.drag.is_some() || response.hover_pos().and_then(near).is_some() {
            ui.set_cursor_icon(CursorIcon::ResizeVertical);
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let applied = cx.session.overrides();
        ui.horizontal(|ui| {
            let tables = [
                (Below::InOrder, cx.t("Overrides in order", "按顺序的调整")),
                (Below::ValueAdded, cx.t("Value added", "预测增值")),
            ];
            if let Some(picked) = segmented_ui(ui, self.below, &tables) {
                self.below = picked;
            }
            if !applied.is_empty() && self.below == Below::InOrder {
                let hint = cx.t("Click a row to edit it", "点击一行进行编辑");
                ui.label(style::caption(ui, hint));
                cx.export_ui(ui, "overrides");
                let keep = ui.button(cx.t("Keep for judging", "留存以便评估")).on_hover_text(cx.t(
                    "Keeps the forecasts as they are now: once the periods are sold, the value added by overriding shows here",
                    "留存当前预测：待实际销售出来后，此处显示人工调整的增益",
                ));
                if keep.clicked() {
                    cx.push(Command::KeepForecasts);
                }
            }
        });
        if self.below == Below::ValueAdded {
            return self.value_added.show_ui(ui, cx);
        }
        value_added_ui(ui, cx);
        if applied.is_empty() {
            let waiting = cx.session.project().overrides.len();
            let words = match waiting {
                0 => cx.t("Nothing is overridden.", "尚无人工调整。").to_owned(),
                _ => cx.words.own(crate::text!(
                    "{waiting} overrides apply once all series are forecast.",
                    "所有序列预测完成后应用 {waiting} 条调整。"
                )),
            };
            ui.label(style::weak(ui, words));
            return;
        }
        // Small: at most a few rows per item that a person entered.
        let table: Table = overrides_table(applied).without(&["series", "periods"]);
        let editing = self.form.place();
        if let Some(row) = cx.table_ui(ui, "overrides", &table, &|row| editing == Some(row)) {
            let given = cx.session.project().overrides.get(row).cloned();
            self.form.edit(row, given.as_ref());
        }
        ui.add_space(space::XS);
    }
}

/// Whether overriding helped so far, once there is something to judge.
fn value_added_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let project = cx.session.project();
    if project.kept.is_empty() {
        return;
    }
    let found = cx.session.value_added();
    let words = match found.percent() {
        Some(percent) => {
            let (share, periods) = (cx.percent(percent.abs() / 100.0), found.periods);
            let better = percent >= 0.0;
            let text = if better {
                crate::text!(
                    "Overriding made the forecast {share} better over {periods} periods sold since.",
                    "在此后已售出的 {periods} 期中，人工调整使误差降低 {share}。"
                )
            } else {
                crate::text!(
                    "Overriding made the forecast {share} worse over {periods} periods sold since.",
                    "在此后已售出的 {periods} 期中，人工调整使误差增加 {share}。"
                )
            };
            cx.words.own(text)
        }
        None => cx
            .t("Kept forecasts are judged once their periods are sold.", "留存的预测将在实际销售出来后评估。")
            .to_owned(),
    };
    ui.label(style::caption(ui, words));
}

/// The last override when it is the item's own for just this period: dragging again moves it.
fn own(overrides: &[ForecastOverride], focus: &Focus, period: Period) -> Option<usize> {
    let holds = |o: &ForecastOverride| {
        o.first == period
            && o.last == period
            && o.scope == ForecastScope::Series(focus.id.clone())
            && matches!(o.kind, OverrideKind::Value(_))
    };
    let touches =
        |o: &ForecastOverride| o.first.frequency() == period.frequency() && o.first <= period && period <= o.last;
    let last = overrides.iter().rposition(touches)?;
    holds(&overrides[last]).then_some(last)
}

/// A value to as many digits as the chart can show: to 1, 2, 5 times a power of ten.
fn rounded(value: f64, pixel: f64) -> f64 {
    if !(pixel > 0.0 && pixel.is_finite()) {
        return value;
    }
    let step = 10_f64.powf(pixel.log10().floor());
    (value / step).round() * step
}
