//! History, the models' forecasts and the chosen one's intervals.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::text::model_label;
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::{Forecast, Series};
use crate::session::Focus;
use egui::{Color32, Ui};
use egui_plot::{FilledArea, Line, LineStyle, PlotPoints, VLine};
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
}

/// One of the lines drawn.
struct Drawn {
    name: String,
    color: Color32,
    points: Vec<[f64; 2]>,
    width: f32,
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
    let (actual, fitted) = (cx.t("Actual", "实际"), cx.t("Fitted, one step ahead", "拟合值（向前一步）"));
    let lines = lines(cx, palette, axis, series, focus, shown);
    let mut entries = vec![Entry::new(actual, palette.history, Mark::Line)];
    if shown.fitted && !best.fitted.is_empty() {
        entries.push(Entry::new(fitted, palette.warning, Mark::Dashed));
    }
    entries.extend(lines.iter().rev().map(|l| Entry::new(l.name.clone(), l.color, Mark::Line)));
    let bands: Vec<(f64, f32)> = if shown.intervals { vec![(95.0, 0.16), (80.0, 0.26)] } else { Vec::new() };
    let interval = |level: f64| format!("{level:.0} %");
    entries.extend(bands.iter().map(|(l, s)| Entry::new(interval(*l), band(palette.accent, 2.0 * s), Mark::Area)));
    let top = ui.cursor().top();
    legend_ui(ui, &entries, hidden);
    let height = height - (ui.cursor().top() - top);
    let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
    plot(&format!("forecast {}", focus.id), ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(
        ui,
        |plot| {
            for (level, strength) in bands {
                let name = interval(level);
                if let Some(interval) = best.interval(level).filter(|_| !hidden.contains(&name)) {
                    let xs: Vec<f64> = (0..interval.lower.len()).map(|h| start + h as f64).collect();
                    let area = FilledArea::new(name, &xs, &interval.lower, &interval.upper);
                    plot.add(area.fill_color(band(palette.accent, strength)).allow_hover(false));
                }
            }
            if !hidden.contains(actual) {
                let points = PlotPoints::from(thin(&series.values, 0.0));
                plot.line(Line::new(actual, points).color(palette.history).width(size::THIN_LINE).id("actual"));
            }
            if shown.fitted && !best.fitted.is_empty() && !hidden.contains(fitted) {
                let points = PlotPoints::from(thin(&best.fitted, start - best.fitted.len() as f64));
                let line = Line::new(fitted, points).color(palette.warning).width(1.0).style(LineStyle::dashed_dense());
                plot.line(line.id("fitted"));
            }
            for line in lines.into_iter().filter(|l| !hidden.contains(&l.name)) {
                let id = line.name.clone();
                let drawn = Line::new(line.name, PlotPoints::from(line.points)).color(line.color).width(line.width);
                plot.line(drawn.id(("model", id)));
            }
            let today = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
            plot.vline(today.allow_hover(false));
        },
    );
}

/// The models' forecasts, the chosen one last and on top; each grows out of the last actual value.
fn lines(cx: &Cx<'_>, palette: &Palette, axis: PeriodAxis, series: &Series, focus: &Focus, shown: Shown) -> Vec<Drawn> {
    let best = &focus.forecast;
    let last = series.values.last().map(|y| [series.values.len() as f64 - 1.0, *y]);
    let points = |forecast: &Forecast| -> Vec<[f64; 2]> {
        last.into_iter().chain(thin(&forecast.mean, axis.x(forecast.start))).collect()
    };
    let others = focus.series.candidates.iter().filter(|c| shown.all_models && c.model != best.model);
    let mut lines: Vec<Drawn> = others
        .enumerate()
        .map(|(k, c)| Drawn {
            name: model_label(cx.words, &c.model),
            // The first series colour is the accent's own.
            color: palette.series(1 + k % (palette.series.len() - 1)),
            points: points(c),
            width: 1.0,
        })
        .collect();
    lines.reverse();
    lines.push(Drawn {
        name: model_label(cx.words, &best.model),
        color: palette.accent,
        points: points(best),
        width: size::LINE + 0.5,
    });
    lines
}
