//! History, the models' forecasts and the chosen one's intervals.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::text::model_label;
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::{Forecast, Series};
use crate::session::Focus;
use egui::{Color32, Ui};
use egui_plot::{FilledArea, Line, LineStyle, PlotPoints, PlotUi, VLine};
use std::collections::BTreeSet;

/// What the chart shows besides history and the chosen forecast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// The other models' forecasts.
    pub(super) all_models: bool,
    /// The chosen model's one-step-ahead values over the history.
    pub(super) fitted: bool,
    /// The chosen model's intervals.
    pub(super) intervals: bool,
    /// How much of the history.
    pub(super) history: Stretch,
}

/// How much of a history is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretch {
    /// Its end, so that the forecast isn't a sliver beside it.
    Recent,
    /// All of it.
    Whole,
}

/// Recent history: so many horizons, and at least a season besides the horizon's own periods.
const HORIZONS_BEFORE: usize = 5;
/// Fewest periods of history shown.
const FEWEST_BEFORE: usize = 24;

/// The choices of what is shown, laid out from the right.
pub(super) fn choices_ui(ui: &mut Ui, cx: &Cx<'_>, shown: &mut Shown) {
    ui.checkbox(&mut shown.all_models, cx.t("All models", "全部模型"));
    ui.checkbox(&mut shown.fitted, cx.t("Fitted", "拟合值"));
    ui.checkbox(&mut shown.intervals, cx.t("Intervals", "区间"));
    let mut is_whole = shown.history == Stretch::Whole;
    if ui.checkbox(&mut is_whole, cx.t("Whole history", "全部历史")).changed() {
        shown.history = if is_whole { Stretch::Whole } else { Stretch::Recent };
    }
}

/// The first period shown of a history.
fn first_shown(series: &Series, horizon: usize, shown: Shown) -> usize {
    let season = series.start.frequency().season_length();
    let wanted = (season + horizon).max(HORIZONS_BEFORE * horizon).max(FEWEST_BEFORE);
    match shown.history {
        Stretch::Whole => 0,
        Stretch::Recent => series.values.len().saturating_sub(wanted),
    }
}

/// The end of `values`, of which the first stands at `x0`, from `first` on.
fn end_of(values: &[f64], x0: f64, first: usize) -> Vec<[f64; 2]> {
    let skipped = ((first as f64 - x0).max(0.0) as usize).min(values.len());
    thin(&values[skipped..], x0 + skipped as f64)
}

/// One of the lines drawn.
pub(super) struct Drawn {
    pub(super) name: String,
    pub(super) color: Color32,
    pub(super) points: Vec<[f64; 2]>,
    pub(super) width: f32,
    /// Colours come round; lines of a later round are broken.
    pub(super) mark: Mark,
}

impl Drawn {
    /// An unbroken line.
    pub(super) fn plain(name: &str, color: Color32, points: Vec<[f64; 2]>, width: f32) -> Self {
        Self { name: name.to_owned(), color, points, width, mark: Mark::Line }
    }

    /// The line of the `k`-th model beside the chosen one.
    pub(super) fn other(name: String, palette: &Palette, points: Vec<[f64; 2]>, k: usize) -> Self {
        let mark = match palette.round(k) {
            0 => Mark::Line,
            1 => Mark::Dashed,
            _ => Mark::Dotted,
        };
        Self { name, color: palette.other(k), points, width: 1.0, mark }
    }

    /// The line in the legend.
    pub(super) fn entry(&self) -> Entry {
        Entry::new(self.name.clone(), self.color, self.mark)
    }
}

/// Draws a line.
pub(super) fn drawn_ui(plot: &mut PlotUi<'_>, line: Drawn) {
    let id = line.name.clone();
    let drawn = Line::new(line.name, PlotPoints::from(line.points)).color(line.color).width(line.width);
    let style = match line.mark {
        Mark::Dashed => LineStyle::dashed_dense(),
        Mark::Dotted => LineStyle::dotted_dense(),
        _ => LineStyle::Solid,
    };
    plot.line(drawn.style(style).id(("model", id)));
}

/// Draws legend and chart in the height given; `hidden` holds the names that the user clicked away.
pub(super) fn show_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (series, focus): (&Series, &Focus),
    shown: Shown,
    hidden: &mut BTreeSet<String>,
    height: f32,
) {
    let palette = Palette::of(ui);
    let axis = PeriodAxis::new(series.start);
    let best = &focus.forecast;
    let start = axis.x(best.start);
    let first = first_shown(series, best.mean.len(), shown);
    let (actual, fitted) = (cx.t("Actual", "实际"), cx.t("Fitted, one step ahead", "拟合值（向前一步）"));
    let lines = lines(cx, palette, axis, series, focus, shown);
    let mut entries = vec![Entry::new(actual, palette.history, Mark::Line)];
    let (borrowed, statistical) = (cx.t("Borrowed history", "借用的历史"), cx.t("Statistical forecast", "统计预测"));
    let lender = cx.session.borrowed_history();
    if lender.is_some() {
        entries.push(Entry::new(borrowed, palette.weak, Mark::Dashed));
    }
    let is_changed = !focus.layers.is_plain();
    if is_changed {
        entries.push(Entry::new(statistical, palette.accent, Mark::Dashed));
    }
    if shown.fitted && !best.fitted.is_empty() {
        entries.push(Entry::new(fitted, palette.warning, Mark::Dashed));
    }
    entries.extend(lines.iter().rev().map(Drawn::entry));
    let bands: Vec<(f64, f32)> = if shown.intervals { vec![(95.0, 0.16), (80.0, 0.26)] } else { Vec::new() };
    let interval = |level: f64| format!("{level:.0} %");
    entries.extend(bands.iter().map(|(l, s)| Entry::new(interval(*l), band(palette.accent, 2.0 * s), Mark::Area)));
    let top = ui.cursor().top();
    legend_ui(ui, &entries, hidden);
    let height = height - (ui.cursor().top() - top);
    let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
    plot(&format!("forecast {} {:?}", focus.id, shown.history), ui, cx.words, axis, &y_title)
        .height(height)
        .include_y(0.0)
        .show(ui, |plot| {
            for (level, strength) in bands {
                let name = interval(level);
                if let Some(interval) = best.interval(level).filter(|_| !hidden.contains(&name)) {
                    let xs: Vec<f64> = (0..interval.lower.len()).map(|h| start + h as f64).collect();
                    let area = FilledArea::new(name, &xs, &interval.lower, &interval.upper);
                    plot.add(area.fill_color(band(palette.accent, strength)).allow_hover(false));
                }
            }
            if !hidden.contains(actual) {
                let points = PlotPoints::from(end_of(&series.values, 0.0, first));
                plot.line(Line::new(actual, points).color(palette.history).width(size::THIN_LINE).id("actual"));
            }
            let dashed = |name: &str, points: Vec<[f64; 2]>, color| {
                let line = Line::new(name, PlotPoints::from(points)).color(color).width(size::THIN_LINE);
                line.style(LineStyle::dashed_dense()).id(name.to_owned())
            };
            if let Some(lender) = lender.filter(|_| !hidden.contains(borrowed)) {
                plot.line(dashed(borrowed, end_of(&lender.values, axis.x(lender.start), first), palette.weak));
            }
            if is_changed && !hidden.contains(statistical) {
                plot.line(dashed(statistical, thin(focus.layers.statistical(), start), palette.accent));
            }
            if shown.fitted && !best.fitted.is_empty() && !hidden.contains(fitted) {
                let points = PlotPoints::from(end_of(&best.fitted, start - best.fitted.len() as f64, first));
                let line = Line::new(fitted, points).color(palette.warning).width(1.0).style(LineStyle::dashed_dense());
                plot.line(line.id("fitted"));
            }
            lines.into_iter().filter(|l| !hidden.contains(&l.name)).for_each(|l| drawn_ui(plot, l));
            let today = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
            plot.vline(today.allow_hover(false));
        });
}

/// The models' forecasts, the chosen one last and on top; each grows out of the last value of the history it was made of,
/// the chosen one, which is final, out of the last actual value.
fn lines(cx: &Cx<'_>, palette: &Palette, axis: PeriodAxis, series: &Series, focus: &Focus, shown: Shown) -> Vec<Drawn> {
    let best = &focus.forecast;
    let last = series.values.last().map(|y| [series.values.len() as f64 - 1.0, *y]);
    let lender = cx.session.borrowed_history().unwrap_or(series);
    let lent = lender.values.last().map(|y| [axis.x(focus.forecast.start) - 1.0, *y]);
    let points = |forecast: &Forecast, last: Option<[f64; 2]>| -> Vec<[f64; 2]> {
        last.into_iter().chain(thin(&forecast.mean, axis.x(forecast.start))).collect()
    };
    let others = focus.series.candidates.iter().filter(|c| shown.all_models && c.model != best.model);
    let mut lines: Vec<Drawn> = others
        .enumerate()
        .map(|(k, c)| Drawn::other(model_label(cx.words, &c.model), palette, points(c, lent), k))
        .collect();
    lines.reverse();
    lines.push(Drawn::plain(&model_label(cx.words, &best.model), palette.accent, points(best, last), size::LINE + 0.5));
    lines
}
