//! Cash in and out with what it adds up to, and beside it what is tied up.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size, space};
use crate::gui::widgets::{Entry, Mark, PeriodAxis, figure, legend_ui, plot, thin};
use crate::model::{CashFlow, CashPeriod};
use egui::{Color32, Ui};
use egui_plot::{Bar, BarChart, Line, LineStyle, MarkerShape, PlotPoints, Points};
use std::collections::BTreeSet;

/// Draws both charts side by side in the height given.
pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    cash: &CashFlow,
    base: Option<&CashFlow>,
    hidden: &mut BTreeSet<String>,
    height: f32,
) {
    ui.columns(2, |columns| {
        flow_ui(&mut columns[0], cx, (cash, base), hidden, height);
        capital_ui(&mut columns[1], cx, (cash, base), hidden, height);
    });
}

/// Bars of one kind.
struct Kind {
    name: &'static str,
    color: Color32,
    values: Vec<f64>,
    /// Where each bar begins.
    from: Vec<f64>,
}

impl Kind {
    fn new(name: &'static str, color: Color32, values: Vec<f64>) -> Self {
        let from = vec![0.0; values.len()];
        Self { name, color, values, from }
    }

    /// The same bars on top of others, where both rise.
    fn on(mut self, below: &Self) -> Self {
        self.from = below.values.iter().map(|v| v.max(0.0)).collect();
        self
    }
}

fn flow_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (cash, base): (&CashFlow, Option<&CashFlow>),
    hidden: &mut BTreeSet<String>,
    height: f32,
) {
    let palette = Palette::of(ui);
    let kinds = [
        Kind::new(
            cx.t("Cash in", "现金流入"),
            palette.series(2),
            cash.periods.iter().map(CashPeriod::cash_in).collect(),
        ),
        Kind::new(
            cx.t("Cash out", "现金流出"),
            palette.series(1),
            cash.periods.iter().map(|p| -p.cash_out()).collect(),
        ),
    ];
    let line = cx.t("Cumulative", "累计");
    let trough = cash.trough.map(|t| [t.index as f64, -t.need]);
    let marked = cx.t("Largest need", "最大资金需求");
    let mut entries = entries(&kinds);
    entries.push(Entry::new(line, palette.accent, Mark::Line));
    if trough.is_some() {
        entries.push(Entry::new(marked, palette.bad, Mark::Point));
    }
    let lines = [cumulative(cash), base.map(cumulative).unwrap_or_default()];
    let chart = Chart { id: "cash flow", title: cx.t("Cash", "现金"), kinds: &kinds, line, lines, trough, marked };
    chart_ui(ui, cx, &chart, (entries, hidden), cash, height);
}

fn capital_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (cash, base): (&CashFlow, Option<&CashFlow>),
    hidden: &mut BTreeSet<String>,
    height: f32,
) {
    let palette = Palette::of(ui);
    let closing = |of: fn(crate::model::WorkingCapital) -> f64| cash.periods.iter().map(|p| of(p.closing)).collect();
    let inventory = Kind::new(cx.t("Inventory", "库存"), palette.series(5), closing(|w| w.inventory));
    let receivables = Kind::new(cx.t("Receivables", "应收账款"), palette.series(2), closing(|w| w.receivables));
    let payables = Kind::new(cx.t("Payables", "应付账款"), palette.series(3), closing(|w| -w.payables));
    let receivables = receivables.on(&inventory);
    let kinds = [inventory, receivables, payables];
    let line = cx.t("Working capital", "营运资金");
    let mut entries = entries(&kinds);
    entries.push(Entry::new(line, palette.accent, Mark::Line));
    let lines = [capital(cash), base.map(capital).unwrap_or_default()];
    let title = cx.t("Tied up", "占用资金");
    let chart = Chart { id: "working capital", title, kinds: &kinds, line, lines, trough: None, marked: "" };
    chart_ui(ui, cx, &chart, (entries, hidden), cash, height);
}

fn cumulative(cash: &CashFlow) -> Vec<f64> {
    cash.periods.iter().map(|p| p.cumulative).collect()
}

fn capital(cash: &CashFlow) -> Vec<f64> {
    cash.periods.iter().map(|p| p.closing.total()).collect()
}

fn entries(kinds: &[Kind]) -> Vec<Entry> {
    kinds.iter().map(|k| Entry::new(k.name, band(k.color, BARS), Mark::Area)).collect()
}

/// Strength of the bars behind the line.
const BARS: f32 = 0.55;

/// Bars with a line over them.
struct Chart<'a> {
    id: &'static str,
    title: &'static str,
    kinds: &'a [Kind],
    line: &'static str,
    /// Of the plan and of the base scenario; the latter empty when they are one.
    lines: [Vec<f64>; 2],
    trough: Option<[f64; 2]>,
    marked: &'static str,
}

fn chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    chart: &Chart<'_>,
    (mut entries, hidden): (Vec<Entry>, &mut BTreeSet<String>),
    cash: &CashFlow,
    height: f32,
) {
    let Some(first) = cash.periods.first() else { return };
    let palette = Palette::of(ui);
    let [now, base] = &chart.lines;
    let base_name = cx.t("Base scenario", "基准方案");
    let is_changed = !base.is_empty() && base != now;
    if is_changed {
        entries.push(Entry::new(base_name, palette.weak, Mark::Dotted));
    }
    let top = ui.cursor().top();
    legend_ui(ui, &entries, hidden);
    let legend = ui.cursor().top() - top;
    let axis = PeriodAxis::new(first.period);
    let is_shown = |name: &str| !hidden.contains(name);
    let title = cx.words.with_unit(chart.title, &cx.money());
    plot(chart.id, ui, cx.words, axis, &title)
        .height(height - legend - space::S)
        .include_y(0.0)
        .include_x(-0.5)
        .include_x(now.len() as f64 - 0.5)
        .show(ui, |plot| {
            for kind in chart.kinds.iter().filter(|k| is_shown(k.name)) {
                let color = band(kind.color, BARS);
                let bars = kind.values.iter().zip(&kind.from).enumerate();
                let bars = bars.map(|(h, (v, from))| Bar::new(h as f64, *v).base_offset(*from).width(0.7).fill(color));
                let name = kind.name;
                let label = move |bar: &Bar, _: &BarChart| {
                    format!("{name}\n{}: {}", axis.label(bar.argument), figure(bar.value))
                };
                let bars = BarChart::new(name, bars.collect()).color(color).element_formatter(Box::new(label));
                plot.bar_chart(bars.id(name));
            }
            let points = |values: &[f64]| PlotPoints::from(thin(values, 0.0));
            if is_changed && is_shown(base_name) {
                let line = Line::new(base_name, points(base)).color(palette.weak).width(size::THIN_LINE);
                plot.line(line.style(LineStyle::dotted_dense()).id("base"));
            }
            if is_shown(chart.line) {
                let line = Line::new(chart.line, points(now)).color(palette.accent).width(size::LINE);
                plot.line(line.id("line"));
                if now.len() == 1 {
                    plot.points(Points::new(chart.line, points(now)).color(palette.accent).radius(3.0).id("only"));
                }
            }
            if let Some(at) = chart.trough.filter(|_| is_shown(chart.marked)) {
                let mark = Points::new(chart.marked, PlotPoints::from(vec![at])).color(palette.bad);
                plot.points(mark.shape(MarkerShape::Diamond).radius(5.0).id("trough"));
            }
        });
}
