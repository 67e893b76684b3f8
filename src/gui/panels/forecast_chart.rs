//! History, the models' forecasts and the chosen one's intervals.

use crate::gui::context::Cx;
use crate::gui::style::{Palette, band, size};
use crate::gui::widgets::{PeriodAxis, plot, thin};
use crate::model::{Forecast, Series};
use crate::session::Focus;
use egui::Ui;
use egui_plot::{FilledArea, Line, LineStyle, PlotPoints, VLine};
use std::sync::Arc;

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

/// Draws the chart in the height given.
pub(super) fn show_ui(ui: &mut Ui, cx: &Cx<'_>, series: &Series, focus: &Focus, shown: Shown, height: f32) {
    let palette = Palette::of(ui);
    let axis = PeriodAxis::new(series.start);
    let best = &focus.forecast;
    let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
    let history = thin(&series.values, 0.0);
    // The forecast grows out of the last actual value.
    let last = series.values.last().map(|y| [series.values.len() as f64 - 1.0, *y]);
    let names = crate::session::models();
    let name = |model: &str| {
        let known = names.iter().find(|m| m.name == model);
        known.map_or_else(|| model.to_owned(), |m| cx.words.of(&m.label).to_owned())
    };
    let line_of = |forecast: &Forecast| -> Vec<[f64; 2]> {
        let from = axis.x(forecast.start);
        last.into_iter().chain(thin(&forecast.mean, from)).collect()
    };
    let others: Vec<(Arc<str>, String, Vec<[f64; 2]>)> = focus
        .series
        .candidates
        .iter()
        .filter(|c| shown.all_models && c.model != best.model)
        .map(|c| (c.model.clone(), name(&c.model), line_of(c)))
        .collect();
    let chosen = (name(&best.model), line_of(best));
    let start = axis.x(best.start);
    plot(&format!("forecast {}", focus.id), ui, cx.words, axis, &y_title).height(height).include_y(0.0).show(
        ui,
        |plot| {
            if shown.intervals {
                for (level, strength) in [(95.0, 0.14), (80.0, 0.24)] {
                    if let Some(interval) = best.interval(level) {
                        let xs: Vec<f64> = (0..interval.lower.len()).map(|h| start + h as f64).collect();
                        let area = FilledArea::new(format!("{level:.0} %"), &xs, &interval.lower, &interval.upper);
                        plot.add(area.fill_color(band(palette.accent, strength)).allow_hover(false));
                    }
                }
            }
            let actual = cx.t("Actual", "实际");
            plot.line(
                Line::new(actual, PlotPoints::from(history)).color(palette.history).width(size::THIN_LINE).id("actual"),
            );
            if shown.fitted && !best.fitted.is_empty() {
                let from = start - best.fitted.len() as f64;
                let fitted = PlotPoints::from(thin(&best.fitted, from));
                let label = cx.t("Fitted, one step ahead", "拟合值（向前一步）");
                let line = Line::new(label, fitted).color(palette.warning).width(1.0).style(LineStyle::dashed_dense());
                plot.line(line.id("fitted"));
            }
            for (k, (model, label, points)) in others.into_iter().enumerate() {
                let line = Line::new(label, PlotPoints::from(points)).color(palette.series(k + 1));
                plot.line(line.width(1.0).id(("model", &*model)));
            }
            let line = Line::new(chosen.0, PlotPoints::from(chosen.1)).color(palette.accent).width(size::LINE + 0.5);
            plot.line(line.id("chosen"));
            let today = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
            plot.vline(today.allow_hover(false));
        },
    );
}
