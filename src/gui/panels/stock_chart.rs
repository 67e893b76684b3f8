//! Projected stock against the levels that steer it, and the risk of running out below.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::{ReorderRule, StockPlan};
use crate::session::Focus;
use egui::{Color32, Id, Ui, Vec2b};
use egui_plot::{Bar, BarChart, FilledArea, HLine, Line, LineStyle, MarkerShape, PlotPoints, Points};
use std::collections::BTreeSet;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charts {
    /// Projected stock, and the risk of running out below it.
    Both,
    /// Projected stock alone: something else needs the room.
    Projection,
}

/// Draws the charts in the height given, on one time axis.
pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    focus: &Focus,
    hidden: &mut BTreeSet<String>,
    (charts, height): (Charts, f32),
) {
    let risk = if charts == Charts::Both { (height * 0.36).clamp(118.0, 170.0) } else { 0.0 };
    let top = ui.cursor().top();
    let is_changed = focus.stock.projected != focus.base_stock.projected;
    legend_ui(ui, &entries(cx, Palette::of(ui), is_changed, focus.stock.rule), hidden);
    let legend = ui.cursor().top() - top;
    let height = height - legend - risk - ui.spacing().item_spacing.y;
    projection_ui(ui, cx, focus, hidden, (charts, height));
    if charts == Charts::Both {
        risk_ui(ui, cx, focus, risk);
    }
}

fn link() -> Id {
    Id::unique("stock time axis")
}

/// What is drawn, in words.
struct Names {
    projected: &'static str,
    band: &'static str,
    base: &'static str,
    standard: &'static str,
    max_rule: &'static str,
    max_level: &'static str,
    safety: &'static str,
    arrives: &'static str,
    transit: &'static str,
    quantile: &'static str,
}

fn names(cx: &Cx<'_>) -> Names {
    Names {
        projected: cx.t("Projected stock", "预计库存"),
        band: cx.t("10–90 % of the simulation", "模拟的 10–90%"),
        base: cx.t("Base scenario", "基准方案"),
        standard: cx.t("Reorder point", "再订货点"),
        max_rule: cx.t("Reorder point, max-level rule", "再订货点（最高库存法）"),
        max_level: cx.t("Max level", "最高库存"),
        safety: cx.t("Safety stock", "安全库存"),
        arrives: cx.t("Order arrives", "订单到货"),
        transit: cx.t("In transit", "在途"),
        quantile: cx.t("Reorder point, quantile", "再订货点（分位数）"),
    }
}

fn entries(cx: &Cx<'_>, palette: &Palette, is_changed: bool, rule: ReorderRule) -> Vec<Entry> {
    let names = names(cx);
    let active = |is_active| if is_active { Mark::Line } else { Mark::Dashed };
    let mut entries = vec![
        Entry::new(names.projected, palette.accent, Mark::Line),
        Entry::new(names.band, band(palette.accent, 0.4), Mark::Area),
        Entry::new(names.standard, palette.series(1), active(rule == ReorderRule::Standard)),
        Entry::new(names.quantile, palette.series(5), active(rule == ReorderRule::Quantile)),
        Entry::new(names.max_rule, palette.series(4), active(rule == ReorderRule::MaxLevel)),
        Entry::new(names.max_level, palette.series(2), Mark::Dashed),
        Entry::new(names.safety, palette.series(3), Mark::Dashed),
        Entry::new(names.transit, palette.weak, Mark::Area),
        Entry::new(names.arrives, palette.good, Mark::Point),
    ];
    if is_changed {
        entries.push(Entry::new(names.base, palette.weak, Mark::Dashed));
    }
    entries
}

fn projection_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus, hidden: &BTreeSet<String>, (charts, height): (Charts, f32)) {
    let palette = Palette::of(ui);
    let (stock, base) = (&focus.stock, &focus.base_stock);
    let (names, is_shown) = (names(cx), |name: &str| !hidden.contains(name));
    let axis = PeriodAxis::new(stock.start);
    let y_title = cx.words.with_unit(cx.t("Stock", "期末库存"), cx.units());
    let xs: Vec<f64> = (0..stock.projected.len()).map(|h| h as f64).collect();
    let points = |values: &[f64]| PlotPoints::from(thin(values, 0.0));
    let levels = levels(&names, stock, palette);
    let receipts = receipts(stock);
    plot(&format!("stock {}", focus.id), ui, cx.words, axis, &y_title)
        .height(height)
        .include_y(0.0)
        .include_x(-0.5)
        .include_x(stock.projected.len() as f64 - 0.5)
        // The chart below, where there is one, has the same time axis and names it.
        .show_axes([charts == Charts::Projection, true])
        .link_axis(link(), Vec2b::new(true, false))
        .link_cursor(link(), Vec2b::new(true, false))
        .show(ui, |plot| {
            if is_shown(names.band) {
                let area = FilledArea::new(names.band, &xs, &stock.projected_low, &stock.projected_high);
                plot.add(area.fill_color(band(palette.accent, 0.18)).allow_hover(false));
            }
            if stock.projected != base.projected && is_shown(names.base) {
                let line = Line::new(names.base, points(&base.projected)).color(palette.weak).width(size::THIN_LINE);
                plot.line(line.style(LineStyle::dotted_dense()).id("base"));
            }
            if is_shown(names.projected) {
                let line = Line::new(names.projected, points(&stock.projected)).color(palette.accent);
                plot.line(line.width(size::LINE).id("projected"));
            }
            if is_shown(names.transit) {
                let bars = stock.in_transit.iter().enumerate().filter(|(_, units)| **units > 0.0);
                let bars = bars.map(|(h, units)| Bar::new(h as f64, *units).width(0.5)).collect();
                let label = move |bar: &Bar, _: &BarChart| format!("{}\n{:.0}", axis.label(bar.argument), bar.value);
                let chart = BarChart::new(names.transit, bars).color(band(palette.weak, 0.25));
                plot.bar_chart(chart.element_formatter(Box::new(label)).id("in transit"));
            }
            for level in levels.into_iter().filter(|l| is_shown(l.name)) {
                let style = if level.is_active { LineStyle::Solid } else { LineStyle::dashed_dense() };
                match level.heights {
                    Heights::One(height) => {
                        plot.hline(
                            HLine::new(level.name, height).color(level.color).width(size::THIN_LINE).style(style),
                        );
                    }
                    Heights::Steps(heights) => {
                        let line = Line::new(level.name, PlotPoints::from(steps(heights))).color(level.color);
                        plot.line(line.width(size::THIN_LINE).style(style).id(level.name));
                    }
                }
            }
            if !receipts.is_empty() && is_shown(names.arrives) {
                let marks = Points::new(names.arrives, PlotPoints::from(receipts)).color(palette.good);
                plot.points(marks.shape(MarkerShape::Circle).radius(4.0).id("receipts"));
            }
        });
}

/// A level that steers, or is shown beside the one that does.
struct LevelLine<'a> {
    name: &'static str,
    heights: Heights<'a>,
    color: Color32,
    is_active: bool,
}

/// One height for all periods, or one for each.
enum Heights<'a> {
    One(f64),
    Steps(&'a [f64]),
}

fn levels<'a>(names: &Names, stock: &'a StockPlan, palette: &Palette) -> Vec<LevelLine<'a>> {
    // The rule that steers and the max level follow a forecast that rises and falls; what is only compared is of now.
    let by_period = |heights: &'a [f64]| match heights {
        [first, rest @ ..] if rest.iter().any(|h| (h - first).abs() > 1e-9 * first.abs()) => Heights::Steps(heights),
        [first, ..] => Heights::One(*first),
        [] => Heights::One(0.0),
    };
    let rule = |rule: ReorderRule, now: f64| {
        if stock.rule == rule { (by_period(&stock.reorder_points), true) } else { (Heights::One(now), false) }
    };
    let mut lines = Vec::new();
    let mut add = |name, (heights, is_active), color| lines.push(LevelLine { name, heights, color, is_active });
    add(names.standard, rule(ReorderRule::Standard, stock.reorder_point), palette.series(1));
    if let Some(quantile) = stock.reorder_point_quantile {
        add(names.quantile, rule(ReorderRule::Quantile, quantile), palette.series(5));
    }
    add(names.max_rule, rule(ReorderRule::MaxLevel, stock.reorder_point_max_rule), palette.series(4));
    add(names.max_level, (by_period(&stock.max_levels), false), palette.series(2));
    add(names.safety, (Heights::One(stock.safety_stock), false), palette.series(3));
    lines
}

/// A line that holds its height over each period.
fn steps(heights: &[f64]) -> Vec<[f64; 2]> {
    let edges = |(h, height): (usize, &f64)| [[h as f64 - 0.5, *height], [h as f64 + 0.5, *height]];
    heights.iter().enumerate().flat_map(edges).collect()
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
    let y_title = cx.t("Stock-out %", "缺货 %");
    let bars = focus
        .stock
        .stockout_by_period
        .iter()
        .enumerate()
        .map(|(h, p)| Bar::new(h as f64, 100.0 * p).width(0.7))
        .collect::<Vec<Bar>>();
    let name = cx.t("Probability of running out", "缺货概率");
    let label = move |bar: &Bar, _: &BarChart| format!("{}\n{:.1} %", axis.label(bar.argument), bar.value);
    plot("stock risk", ui, cx.words, axis, y_title)
        .height(height)
        .include_y(0.0)
        .include_y(10.0)
        .include_x(-0.5)
        .include_x(focus.stock.projected.len() as f64 - 0.5)
        .link_axis(link(), Vec2b::new(true, false))
        .link_cursor(link(), Vec2b::new(true, false))
        .show(ui, |plot| {
            let chart = BarChart::new(name, bars).color(palette.bad).element_formatter(Box::new(label));
            plot.bar_chart(chart);
        });
}
