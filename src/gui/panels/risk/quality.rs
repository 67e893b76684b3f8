//! How good warnings would have been, and from where on to warn.

use super::thresholds::{self, warn_from};
use crate::gui::context::Cx;
use crate::gui::panels::forecast::side_ui;
use crate::gui::style::{self, Palette, size};
use crate::gui::widgets::{Y_LABEL, figure, figure_grid};
use crate::model::{AlertReplay, Risk};
use crate::report::{Table, alert_score_table};
use crate::text;
use egui::{Label, Ui, Vec2};
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points};
use std::sync::Arc;

/// What the page remembers.
#[derive(Default)]
pub(super) struct View {
    made: Option<(Arc<Risk>, Table)>,
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, risk: &Arc<Risk>) {
        let replay = &risk.base.replay;
        side_ui(ui, "alert thresholds", |ui| thresholds::show_ui(ui, cx, replay));
        let words = cx.t(
            "A replay of the policy on the real demand, not of your real stock: levels and odds at each origin come from the demand before it alone, and the warning is held against whether stock then ran out before an order would have come.",
            "以实际需求重放补货策略，而非您的真实库存：每个时点的水平与概率只用此前的需求计算，再与其后到货前是否缺货对照。",
        );
        ui.add(Label::new(style::caption(ui, words)).wrap());
        if replay.scores.is_empty() {
            let words = cx.t("The histories are too short to replay.", "历史太短，无法重放。");
            ui.label(style::weak(ui, words));
            return;
        }
        let (items, cases, out) = (replay.items, replay.cases, replay.stockouts);
        ui.label(cx.words.own(text!(
            "{items} items, {cases} origins; at {out} of them stock ran out before an order would have come",
            "{items} 个商品，{cases} 个时点，其中 {out} 个在到货前缺货"
        )));
        let height = (ui.available_height() * 0.55).max(180.0);
        curve_ui(ui, cx, replay, height);
        if self.made.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, risk)) {
            self.made = Some((risk.clone(), alert_score_table(risk)));
        }
        if let Some((_, table)) = &self.made {
            let now = cx.session.project().risk.alerts.run_out;
            let at = replay.at(now).map(|s| s.threshold);
            let is_now = |row: usize| replay.scores.get(row).map(|s| s.threshold) == at;
            let clicked = cx.table_ui(ui, "alert score", table, &is_now);
            if let Some(score) = clicked.and_then(|row| replay.scores.get(row)) {
                warn_from(cx, score.threshold);
            }
        }
    }
}

/// Precision over recall, the threshold in force as a large point.
fn curve_ui(ui: &mut Ui, cx: &Cx<'_>, replay: &AlertReplay, height: f32) {
    let palette = Palette::of(ui);
    let percent = |share: f64| 100.0 * share;
    let known: Vec<([f64; 2], f64)> = replay
        .scores
        .iter()
        .filter_map(|s| Some(([percent(s.recall()?), percent(s.precision()?)], percent(s.threshold))))
        .collect();
    let prevalence = percent(replay.stockouts as f64 / replay.cases.max(1) as f64);
    let places: Vec<([f64; 2], f64)> = known.clone();
    let (recall, precision, from) =
        (cx.t("Recall", "召回率"), cx.t("Precision", "准确率"), cx.t("Warned from", "预警阈值"));
    let hover = move |x: f64, y: f64| {
        let near = |p: &&([f64; 2], f64)| (p.0[0] - x).abs() < 1e-6 && (p.0[1] - y).abs() < 1e-6;
        let at = places.iter().find(near).map(|(_, t)| format!("{from} {t:.0} %\n")).unwrap_or_default();
        format!("{at}{recall} {x:.1} %\n{precision} {y:.1} %")
    };
    let points: Vec<[f64; 2]> = known.iter().map(|(p, _)| *p).collect();
    let now = replay.at(cx.session.project().risk.alerts.run_out);
    let now = now.and_then(|s| Some([percent(s.recall()?), percent(s.precision()?)]));
    Plot::new("precision recall")
        .height(height)
        .x_axis_label(cx.t("Recall: stock-outs that were told (%)", "召回率：被预警的缺货占比（%）"))
        .y_axis_label(cx.t("Precision: warnings that came true (%)", "准确率：应验的预警占比（%）"))
        .y_axis_min_width(size::AXIS)
        .grid_color(palette.outline)
        .x_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_formatter(|mark, _| figure(mark.value))
        .x_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .include_x(0.0)
        .include_x(100.0)
        .include_y(0.0)
        .include_y(100.0)
        .set_margin_fraction(Vec2::splat(0.03))
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .label_formatter(move |position| {
            let egui_plot::HoverPosition::NearDataPoint { position, .. } = position else { return None };
            Some(hover(position.x, position.y))
        })
        .show(ui, |plot| {
            let base = PlotPoints::from(vec![[0.0, prevalence], [100.0, prevalence]]);
            let base = Line::new("", base).color(palette.weak).style(egui_plot::LineStyle::dashed_dense());
            plot.line(base.allow_hover(false).id("warning of everything"));
            let line = Line::new(precision, PlotPoints::from(points.clone())).color(palette.accent);
            plot.line(line.width(size::THIN_LINE).allow_hover(false).id("curve"));
            let dots = Points::new(precision, PlotPoints::from(points)).color(palette.accent).radius(3.0);
            plot.points(dots.shape(MarkerShape::Circle).id("thresholds"));
            if let Some(now) = now {
                let own = Points::new(from, PlotPoints::from(vec![now])).color(palette.bad).radius(6.0);
                plot.points(own.shape(MarkerShape::Circle).filled(false).id("now"));
            }
        });
}
