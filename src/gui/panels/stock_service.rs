//! Service against stock of the item shown: what more safety stock buys, and where the plan stands.

use super::stock_levers::push_lever;
use crate::gui::context::{Cx, compact};
use crate::gui::style::{self, Palette, size};
use crate::gui::widgets::{Moved, X_LABEL, Y_LABEL, figure, figure_grid, segmented_ui};
use crate::model::{Change, Lever, ReorderRule, Scope, ServiceMeasure, ServicePoint};
use crate::session::{Command, Focus, Gesture, ServiceShown};
use crate::text;
use egui::{Response, Ui, Vec2};
use egui_plot::{Line, MarkerShape, Plot, PlotPoint, PlotPoints, Points, VLine};

/// How near a point of the curve the pointer takes it, screen points.
const REACH: f32 = 40.0;
/// Radius of the point where the plan stands.
const DOT: f32 = 5.0;
/// Radius of the curve's points.
const SMALL_DOT: f32 = 2.0;
/// A chart lower than this shows nothing.
const LOWEST: f32 = 120.0;

/// What the chart remembers.
#[derive(Default)]
pub(super) struct View {
    /// The service that the user chose; `None` for the one that safety stock is made for.
    measure: Option<ServiceMeasure>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let session = cx.session;
        let Some(shown) = session.service_curve() else {
            cx.push(Command::ShowServiceCurve);
            return;
        };
        let measure = self.measure.unwrap_or(ServiceMeasure::of(focus.item.safety_basis));
        ui.horizontal_wrapped(|ui| {
            let names = ServiceMeasure::ALL.map(|m| (m, cx.words.own(m.label())));
            let options = names.each_ref().map(|(m, name)| (*m, name.as_str()));
            if let Some(picked) = segmented_ui(ui, measure, &options) {
                self.measure = Some(picked);
            }
            ui.label(style::caption(ui, summary(cx, &shown, measure)));
        });
        if focus.stock.rule == ReorderRule::Quantile {
            let words = cx.t(
                "Orders follow the quantile: safety stock moves the max level alone",
                "订货依据为分位数：安全库存只影响最高库存",
            );
            ui.label(style::caption(ui, words));
        }
        curve_ui(ui, cx, focus, &shown, measure);
    }
}

/// Where the plan stands, in one line.
fn summary(cx: &Cx<'_>, shown: &ServiceShown<'_>, measure: ServiceMeasure) -> String {
    let now = &shown.present;
    let mut parts = vec![stock_words(cx, now)];
    parts.extend(service_words(cx, now, measure));
    parts.push(price_words(cx, shown, now, measure));
    let head = cx.t("Now", "当前");
    format!("{head}: {}", parts.join(" · "))
}

fn stock_words(cx: &Cx<'_>, point: &ServicePoint) -> String {
    let (stock, units) = (cx.number(point.average_stock, 0), cx.units());
    let (value, money) = (compact(point.stock_value, cx.language()), cx.money());
    cx.words.own(text!("stock {stock} {units} = {value} {money}", "库存 {stock} {units} = {value} {money}"))
}

fn service_words(cx: &Cx<'_>, point: &ServicePoint, measure: ServiceMeasure) -> Option<String> {
    let share = format!("{} %", cx.number(100.0 * point.service(measure)?, 2));
    Some(format!("{} {share}", cx.words.own(measure.label())))
}

/// What one more per cent costs there.
fn price_words(cx: &Cx<'_>, shown: &ServiceShown<'_>, point: &ServicePoint, measure: ServiceMeasure) -> String {
    let Some(price) = shown.curve.money_per_point(measure, point.safety_stock) else {
        return cx.t("more stock brings no more service", "再增加库存也不会提高服务").to_owned();
    };
    let (price, money) = (compact(price, cx.language()), cx.money());
    cx.words.own(text!("one more % binds {price} {money}", "再提高 1 个百分点需占用 {price} {money}"))
}

fn curve_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus, shown: &ServiceShown<'_>, measure: ServiceMeasure) {
    let palette = Palette::of(ui);
    let at = |p: &ServicePoint| p.service(measure).map(|service| [p.average_stock, 100.0 * service]);
    let line: Vec<[f64; 2]> = shown.curve.points.iter().filter_map(at).collect();
    if line.is_empty() {
        let words =
            cx.t("Demand that doesn't vary has no cycle service to weigh", "需求没有波动，无周期服务水平可权衡");
        ui.label(style::weak(ui, words));
        return;
    }
    let name = cx.t("Service against stock", "服务与库存");
    let present = at(&shown.present);
    let plot = Plot::new(("service curve", measure == ServiceMeasure::FillRate))
        .height(ui.available_height().max(LOWEST))
        .x_axis_label(cx.words.with_unit(cx.t("Average stock", "平均库存"), cx.units()))
        .y_axis_label(cx.words.with_unit(&cx.words.own(measure.label()), "%"))
        .y_axis_min_width(size::AXIS)
        .grid_color(palette.outline)
        .x_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .set_margin_fraction(Vec2::new(0.03, 0.08))
        .label_formatter(|_| None)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false);
    let response = plot.show(ui, |plot| {
        plot.line(
            Line::new(name, PlotPoints::from(line.clone())).color(palette.accent).width(size::LINE).allow_hover(false),
        );
        let dots = Points::new(name, PlotPoints::from(line)).color(palette.accent).radius(SMALL_DOT);
        plot.points(dots.shape(MarkerShape::Circle).allow_hover(false).id("points"));
        if let Some(present) = present {
            let now = cx.t("Now", "当前");
            plot.vline(VLine::new(now, present[0]).color(palette.weak).width(size::THIN_LINE).allow_hover(false));
            let dot = Points::new(now, PlotPoints::from(vec![present])).color(palette.text).radius(DOT);
            plot.points(dot.shape(MarkerShape::Circle).filled(true).allow_hover(false).id("now"));
        }
    });
    name_chart(&response.response, name, &summary(cx, shown, measure));
    let near = response.response.hover_pos().and_then(|pointer| {
        let on_screen =
            |p: &ServicePoint| at(p).map(|[x, y]| response.transform.position_from_point(&PlotPoint::new(x, y)));
        let all = shown.curve.points.iter().filter_map(|p| on_screen(p).map(|place| (place, p)));
        let nearest = all.min_by(|a, b| a.0.distance_sq(pointer).total_cmp(&b.0.distance_sq(pointer)));
        nearest.filter(|(place, _)| place.distance(pointer) <= REACH)
    });
    let Some((place, point)) = near else { return };
    ui.painter().circle_stroke(place, DOT + 2.0, (1.5, palette.accent));
    let hint = hint(cx, shown, point, measure);
    if response.response.clicked() {
        let scope = Scope::Series(focus.id.clone());
        let moved = Moved::To(point.safety_stock, Gesture::Commit);
        push_lever(cx, Lever::SafetyStock, scope, moved, Change::Set);
    }
    response.response.on_hover_ui_at_pointer(|ui| {
        ui.label(hint);
    });
}

/// A chart has no words of its own: what it is and where the plan stands on it, for those who don't see it.
fn name_chart(chart: &Response, name: &str, summary: &str) {
    let label = format!("{name}. {summary}");
    chart.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Figure, true, &label));
}

fn hint(cx: &Cx<'_>, shown: &ServiceShown<'_>, point: &ServicePoint, measure: ServiceMeasure) -> String {
    let (safety, units) = (cx.number(point.safety_stock, 0), cx.units());
    let mut lines = vec![cx.words.own(text!("Safety stock {safety} {units}", "安全库存 {safety} {units}"))];
    lines.extend(ServiceMeasure::ALL.into_iter().filter_map(|m| service_words(cx, point, m)));
    lines.push(stock_words(cx, point));
    lines.push(price_words(cx, shown, point, measure));
    lines.push(cx.t("Click to set this safety stock", "点击设为该安全库存").to_owned());
    lines.join("\n")
}
