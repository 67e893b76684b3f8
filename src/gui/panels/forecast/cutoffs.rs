//! The backtest's cut-offs, one at a time: what each model had forecast then, and what came.

use super::accuracy::fit_decimals;
use super::chart::{Drawn, drawn_ui};
use super::nothing_ui;
use crate::gui::context::{Cx, span};
use crate::gui::style::{Palette, size};
use crate::gui::text::model_label;
use crate::gui::widgets::{Entry, Mark, PeriodAxis, legend_ui, plot, thin};
use crate::model::{Cutoff, Series, SeriesForecast, SeriesId};
use crate::report::{Cell, Table, cutoff_table};
use crate::session::Focus;
use crate::text;
use crate::words::Language;
use egui::Ui;
use egui_plot::{LineStyle, VLine};
use std::collections::BTreeSet;

/// Periods of history shown before a cut-off, in horizons; the rest is a drag away.
const HORIZONS_BEFORE: usize = 4;
/// Fewest periods of history shown before a cut-off.
const FEWEST_BEFORE: usize = 24;

/// Which cut-off is shown, and its table.
#[derive(Default)]
pub(super) struct View {
    of: Option<SeriesId>,
    at: usize,
    hidden: BTreeSet<String>,
    made: Option<(SeriesForecast, usize, Language, Table)>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, series: &Series, focus: &Focus) {
        if self.of.as_ref() != Some(&focus.id) {
            (self.of, self.at) = (Some(focus.id.clone()), 0);
        }
        let cutoffs = &focus.series.cutoffs;
        let Some(cutoff) = cutoffs.get(self.at.min(cutoffs.len().saturating_sub(1))) else {
            let words = cx.t(
                "No cut-off to step through: the history is too short for a backtest, or the panel is so large that only the errors are kept.",
                "没有可查看的回测时点：历史太短无法回测，或商品过多而只保留了误差。",
            );
            return nothing_ui(ui, words);
        };
        self.at = self.at.min(cutoffs.len() - 1);
        self.step_ui(ui, cx, cutoff, cutoffs.len());
        let height = (ui.available_height() * 0.6).max(160.0);
        self.chart_ui(ui, cx, series, focus, height);
        self.table_ui(ui, cx, focus);
    }

    fn step_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, cutoff: &Cutoff, count: usize) {
        ui.horizontal(|ui| {
            let older = egui::Button::new(cx.t("← Earlier", "← 更早"));
            if ui.add_enabled(self.at + 1 < count, older).clicked() {
                self.at += 1;
            }
            let newer = egui::Button::new(cx.t("Later →", "更晚 →"));
            if ui.add_enabled(self.at > 0, newer).clicked() {
                self.at -= 1;
            }
            let (number, known) = (count - self.at.min(count - 1), cutoff.start.plus(-1).label());
            let ahead = span(cutoff.start, cutoff.start.plus(cutoff.actual.len() as i64 - 1));
            ui.label(cx.words.own(text!(
                "Cut-off {number} of {count}: known up to {known}, forecast for {ahead}",
                "第 {number} 个时点（共 {count} 个）：已知至 {known}，预测 {ahead}"
            )));
        });
    }

    fn chart_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, series: &Series, focus: &Focus, height: f32) {
        let palette = Palette::of(ui);
        let Some(cutoff) = focus.series.cutoffs.get(self.at) else { return };
        let axis = PeriodAxis::new(series.start);
        let (start, steps) = (axis.x(cutoff.start), cutoff.actual.len());
        let actual = cx.t("Actual", "实际");
        let lines = lines(cx, palette, axis, series, &focus.series, cutoff);
        let mut entries = vec![Entry::new(actual, palette.history, Mark::Line)];
        entries.extend(lines.iter().rev().map(Drawn::entry));
        let top = ui.cursor().top();
        legend_ui(ui, &entries, &mut self.hidden);
        let height = height - (ui.cursor().top() - top);
        let y_title = cx.words.with_unit(cx.t("Demand", "需求"), cx.units());
        let before = (HORIZONS_BEFORE * steps).max(FEWEST_BEFORE).min(start.max(0.0) as usize);
        let first = (start as usize).saturating_sub(before).min(series.values.len());
        let hidden = &self.hidden;
        // Each cut-off looks at its own stretch of time.
        plot(&format!("cutoff {} {}", focus.id, self.at), ui, cx.words, axis, &y_title)
            .height(height)
            .include_y(0.0)
            .show(ui, |plot| {
                if !hidden.contains(actual) {
                    let points = thin(&series.values[first..], first as f64);
                    let width = size::THIN_LINE;
                    drawn_ui(plot, Drawn::plain(actual, palette.history, points, width));
                }
                lines.into_iter().filter(|l| !hidden.contains(&l.name)).for_each(|l| drawn_ui(plot, l));
                let line = VLine::new("", start - 0.5).color(palette.outline).style(LineStyle::dotted_loose());
                plot.vline(line.allow_hover(false));
            });
    }

    fn table_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        let same = |(of, at, language, _): &(SeriesForecast, usize, Language, Table)| {
            *of == focus.series && *at == self.at && *language == cx.language()
        };
        let made = self.made.take().filter(same);
        let (of, at, language, table) = made.unwrap_or_else(|| {
            let mut table = cutoff_table(&focus.series, self.at).without(&["chosen"]);
            fit_decimals(&mut table);
            for row in &mut table.rows {
                if let Cell::Code(name) = &row[0] {
                    row[0] = Cell::Code(model_label(cx.words, name));
                }
            }
            (focus.series.clone(), self.at, cx.language(), table)
        });
        let best = of.best().model.clone();
        let forecasts = of.cutoffs.get(at).map_or(&[][..], |c| &c.forecasts);
        cx.table_ui(ui, "cutoff", &table, &|row| forecasts.get(row).is_some_and(|f| f.model == best));
        self.made = Some((of, at, language, table));
    }
}

/// What each model had said, the chosen one last and on top; each grows out of the last value known then.
fn lines(
    cx: &Cx<'_>,
    palette: &Palette,
    axis: PeriodAxis,
    series: &Series,
    forecast: &SeriesForecast,
    cutoff: &Cutoff,
) -> Vec<Drawn> {
    let start = axis.x(cutoff.start);
    let last = series.values.get((start as usize).wrapping_sub(1)).map(|y| [start - 1.0, *y]);
    let best = &forecast.best().model;
    let points = |mean: &[f64]| -> Vec<[f64; 2]> { last.into_iter().chain(thin(mean, start)).collect() };
    let others = cutoff.forecasts.iter().filter(|f| f.model != *best).enumerate();
    let mut lines: Vec<Drawn> =
        others.map(|(k, f)| Drawn::other(model_label(cx.words, &f.model), palette, points(&f.mean), k)).collect();
    lines.reverse();
    let chosen = cutoff.forecasts.iter().filter(|f| f.model == *best);
    lines
        .extend(chosen.map(|f| {
            Drawn::plain(&model_label(cx.words, &f.model), palette.accent, points(&f.mean), size::LINE + 0.5)
        }));
    lines
}
