//! An item's orders: how many took how long, and how that went over time.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size, space};
use crate::gui::widgets::{PeriodAxis, X_LABEL, Y_LABEL, figure, figure_grid, plot};
use crate::model::{Frequency, LeadTimeCheck, OrderLead, Period, Standing};
use egui::{Ui, Vec2};
use egui_plot::{Bar, BarChart, HLine, HoverPosition, LineStyle, MarkerShape, Plot, PlotPoints, Points, VLine};
use std::collections::BTreeSet;

/// What is drawn, in words.
pub(super) struct Names {
    pub(super) orders: &'static str,
    pub(super) before: &'static str,
    pub(super) aside: &'static str,
    pub(super) master: &'static str,
    pub(super) master_95: &'static str,
    pub(super) learnt: &'static str,
    pub(super) learnt_95: &'static str,
}

impl Names {
    pub(super) fn new(cx: &Cx<'_>) -> Self {
        Self {
            orders: cx.t("Orders used", "计入的订单"),
            before: cx.t("Before the change", "变化之前"),
            aside: cx.t("Set aside", "未计入"),
            master: cx.t("Item list", "商品清单"),
            master_95: cx.t("Item list, 95 %", "清单 95%"),
            learnt: cx.t("Learnt", "实测"),
            learnt_95: cx.t("Learnt, 95 %", "实测 95%"),
        }
    }
}

/// The lines of both charts: name, days, colour, style.
fn levels(cx: &Cx<'_>, palette: &Palette, check: &LeadTimeCheck) -> [(&'static str, f64, egui::Color32, LineStyle); 4] {
    let names = Names::new(cx);
    let dashed = LineStyle::dashed_dense();
    [
        (names.master, check.master_days, palette.series(1), LineStyle::Solid),
        (names.master_95, check.master_95_days(), palette.series(1), dashed),
        (names.learnt, check.learnt.mean_days, palette.good, LineStyle::Solid),
        (names.learnt_95, check.learnt.quantiles.p95, palette.good, dashed),
    ]
}

/// How many orders took how long.
pub(super) fn histogram_ui(ui: &mut Ui, cx: &Cx<'_>, check: &LeadTimeCheck, hidden: &BTreeSet<String>, height: f32) {
    let palette = Palette::of(ui);
    let names = Names::new(cx);
    let fill = band(palette.accent, 0.7);
    let bars: Vec<Bar> = check
        .learnt
        .histogram()
        .iter()
        .map(|bin| {
            let middle = f64::midpoint(bin.from, bin.to);
            Bar::new(middle, bin.count as f64).width(bin.to - bin.from).fill(fill).stroke((1.0, palette.surface))
        })
        .collect();
    let x_title = cx.words.with_unit(cx.t("From order to receipt", "从下单到收货"), cx.t("days", "天"));
    Plot::new(format!("lead time histogram {}", check.id))
        .height(height)
        .x_axis_label(x_title)
        .y_axis_label(cx.t("Orders", "订单数"))
        .x_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_min_width(size::AXIS - space::M)
        .x_grid_spacer(|input| figure_grid(&input, X_LABEL))
        .y_grid_spacer(|input| {
            let mut marks = figure_grid(&input, Y_LABEL);
            marks.retain(|mark| mark.value.fract().abs() < 1e-9);
            marks
        })
        .grid_color(palette.outline)
        .label_formatter(|_: &HoverPosition<'_>| None)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .set_margin_fraction(Vec2::new(0.03, 0.05))
        .include_y(0.0)
        .show(ui, |plot| {
            if !hidden.contains(names.orders) {
                let label = move |bar: &Bar, _: &BarChart| {
                    let half = bar.bar_width / 2.0;
                    format!("{} – {}: {:.0}", figure(bar.argument - half), figure(bar.argument + half), bar.value)
                };
                plot.bar_chart(BarChart::new(names.orders, bars).element_formatter(Box::new(label)).id("orders"));
            }
            for (name, days, color, style) in levels(cx, palette, check) {
                if !hidden.contains(name) {
                    let line = VLine::new(name, days).color(color).width(size::LINE).style(style);
                    plot.vline(line.allow_hover(false));
                }
            }
        });
}

/// Days left free before the first order and after the last.
const MARGIN: f64 = 12.0;

/// How long each order took, by the day it was ordered, and where that changed.
pub(super) fn over_time_ui(ui: &mut Ui, cx: &Cx<'_>, check: &LeadTimeCheck, hidden: &BTreeSet<String>, height: f32) {
    let palette = Palette::of(ui);
    let names = Names::new(cx);
    let (Some(first), Some(last)) = (check.learnt.orders.first(), check.learnt.orders.last()) else { return };
    let day = |date| Period::containing(date, Frequency::Day);
    let axis = PeriodAxis::new(day(first.ordered));
    let kinds = [
        (Standing::BeforeChange, names.before, palette.weak, true),
        (Standing::Used, names.orders, palette.accent, true),
        (Standing::SetAside, names.aside, palette.bad, false),
    ];
    let y_title = cx.words.with_unit(cx.t("Took", "历时"), cx.t("days", "天"));
    // The first and the last point stand clear of the frame.
    let ends = [-MARGIN, axis.x(day(last.ordered)) + MARGIN];
    let chart = plot(&format!("lead times {}", check.id), ui, cx.words, axis, &y_title).height(height).include_y(0.0);
    chart.include_x(ends[0]).include_x(ends[1]).show(ui, |plot| {
        for (name, days, color, style) in levels(cx, palette, check) {
            if !hidden.contains(name) {
                let line = HLine::new(name, days).color(color).width(size::THIN_LINE).style(style);
                plot.hline(line.allow_hover(false));
            }
        }
        if let Some(change) = &check.learnt.change {
            let line = VLine::new(cx.t("Changed", "变化"), axis.x(day(change.since)) - 0.5).color(palette.warning);
            plot.vline(line.width(size::LINE));
        }
        for (standing, name, color, is_filled) in kinds {
            let is_of = |o: &&OrderLead| o.standing == standing;
            let at = |o: &OrderLead| [axis.x(day(o.ordered)), o.days];
            let points: Vec<[f64; 2]> = check.learnt.orders.iter().filter(is_of).map(at).collect();
            if !points.is_empty() && !hidden.contains(name) {
                let points = Points::new(name, PlotPoints::from(points)).color(color).radius(3.5);
                plot.points(points.shape(MarkerShape::Circle).filled(is_filled).id(name));
            }
        }
    });
}
