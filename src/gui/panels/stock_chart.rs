//! Projected stock against the levels that steer it, and the risk of running out below.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::widgets::{PeriodAxis, plot};
use crate::model::{ReorderRule, StockPlan};
use crate::session::Focus;
use egui::{Id, Ui, Vec2b};
use egui_plot::{Bar, BarChart, FilledArea, HLine, Line, LineStyle, MarkerShape, PlotPoints, Points};

/// Draws both charts in the height given, on one time axis.
pub(super) fn show_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, height: f32) {
    let risk = (height * 0.28).clamp(96.0, 150.0);
    projection_ui(ui, cx, focus, height - risk - ui.spacing().item_spacing.y);
    risk_ui(ui, cx, focus, risk);
}

fn link() -> Id {
    Id::unique("stock time axis")
}

fn projection_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, height: f32) {
    let palette = Palette::of(ui);
    let (stock, base) = (&focus.stock, &focus.base_stock);
    let axis = PeriodAxis::new(stock.start);
    let y_title = cx.words.with_unit(cx.t("Stock at the end", "期末库存"), cx.units());
    let xs: Vec<f64> = (0..stock.projected.len()).map(|h| h as f64).collect();
    let points = |values: &[f64]| PlotPoints::from_iter(values.iter().enumerate().map(|(h, y)| [h as f64, *y]));
    let is_changed = stock.projected != base.projected;
    let rule = |name: &'static str, y: f64, color, is_active: bool| {
        let style = if is_active { LineStyle::Solid } else { LineStyle::dashed_dense() };
        HLine::new(name, y).color(color).width(if is_active { 1.75 } else { 1.25 }).style(style)
    };
    let standard = stock.rule == ReorderRule::Standard;
    let receipts: Vec<[f64; 2]> = receipts(stock);
    plot(&format!("stock {}", focus.id), ui, cx.words, axis, &y_title)
        .height(height)
        .include_y(0.0)
        .link_axis(link(), Vec2b::new(true, false))
        .link_cursor(link(), Vec2b::new(true, false))
        .show(ui, |plot| {
            let area = FilledArea::new(cx.t("10–90 %", "10–90%"), &xs, &stock.projected_low, &stock.projected_high);
            plot.add(area.fill_color(band(palette.accent, 0.18)).allow_hover(false));
            if is_changed {
                let name = cx.t("Base scenario", "基准方案");
                let line = Line::new(name, points(&base.projected)).color(palette.weak).width(size::THIN_LINE);
                plot.line(line.style(LineStyle::dotted_dense()).id("base"));
            }
            let line = Line::new(cx.t("Projected stock", "预计库存"), points(&stock.projected));
            plot.line(line.color(palette.accent).width(size::LINE).id("projected"));
            plot.hline(rule(cx.t("Reorder point", "再订货点"), stock.reorder_point, palette.series(1), standard));
            let other = cx.t("Reorder point, max-level rule", "再订货点（最高库存法）");
            plot.hline(rule(other, stock.reorder_point_max_rule, palette.series(4), !standard));
            plot.hline(rule(cx.t("Max level", "最高库存"), stock.max_level, palette.series(2), false));
            plot.hline(rule(cx.t("Safety stock", "安全库存"), stock.safety_stock, palette.series(3), false));
            if !receipts.is_empty() {
                let marks = Points::new(cx.t("Order arrives", "订单到货"), PlotPoints::from(receipts));
                plot.points(marks.shape(MarkerShape::Up).radius(4.5).color(palette.good).id("receipts"));
            }
        });
}

/// Where each order arrives within the horizon, on the projected line.
fn receipts(stock: &StockPlan) -> Vec<[f64; 2]> {
    let at = |o: &crate::model::PlannedOrder| usize::try_from(o.receipt_period.since(stock.start)).ok();
    let mut periods: Vec<usize> = stock.orders.iter().filter_map(at).collect();
    periods.dedup();
    periods.into_iter().filter_map(|h| Some([h as f64, *stock.projected.get(h)?])).collect()
}

fn risk_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, height: f32) {
    let palette = Palette::of(ui);
    let axis = PeriodAxis::new(focus.stock.start);
    let y_title = cx.t("Stock-out, %", "缺货概率，%");
    let bars: Vec<Bar> = focus
        .stock
        .stockout_by_period
        .iter()
        .enumerate()
        .map(|(h, p)| Bar::new(h as f64, 100.0 * p).width(0.7))
        .collect();
    let name = cx.t("Probability of running out", "缺货概率");
    let label = move |bar: &Bar, _: &BarChart| format!("{}\n{:.1} %", axis.label(bar.argument), bar.value);
    plot("stock risk", ui, cx.words, axis, y_title)
        .height(height)
        .include_y(0.0)
        .include_y(10.0)
        .link_axis(link(), Vec2b::new(true, false))
        .link_cursor(link(), Vec2b::new(true, false))
        .show(ui, |plot| {
            let chart = BarChart::new(name, bars).color(palette.bad).element_formatter(Box::new(label));
            plot.bar_chart(chart);
        });
}
