//! A training while it runs: how far it is, how fast, what it takes, its curves; how to hold and stop it.

use crate::gui::context::Cx;
use crate::gui::status_bar::remaining;
use crate::gui::style::{self, Palette, size};
use crate::gui::widgets::{Entry, Mark, Y_LABEL, figure, figure_grid, hover_label, legend_ui};
use crate::session::{Command, Device, JobStatus, LossPoint};
use crate::text;
use egui::{Button, ProgressBar, Ui};
use egui_plot::{AxisHints, Line, LineStyle, Plot, PlotPoints};
use std::collections::BTreeSet;

/// Bytes of a megabyte as people read it.
const MEGABYTE: f64 = 1e6;
/// Height of the curves, and what an epoch's number needs below them, points.
const CURVES: f32 = 150.0;
const EPOCH_LABEL: f64 = 40.0;

/// Progress, figures and buttons of a training that runs.
pub(super) fn live_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus, device: &str) {
    ui.add(progress_bar(ui, job));
    let stage = if job.paused { cx.t("Paused", "已暂停") } else { cx.words.of(&job.stage) };
    ui.add(egui::Label::new(style::caption(ui, stage)).wrap());
    ui.add(egui::Label::new(style::caption(ui, figures(cx, job, device))).wrap());
    ui.horizontal(|ui| {
        let (label, command) = if job.paused {
            (cx.t("Resume", "继续"), Command::Resume)
        } else {
            (cx.t("Pause", "暂停"), Command::Pause)
        };
        if ui.add_enabled(!job.cancelling, Button::new(label)).clicked() {
            cx.push(command);
        }
        let label = if job.cancelling { cx.t("Stopping…", "正在停止…") } else { cx.t("Cancel", "取消") };
        if ui.add_enabled(!job.cancelling, Button::new(label)).clicked() {
            cx.push(Command::Cancel);
        }
    });
}

/// How far a job is, as a thin bar.
pub(super) fn progress_bar(ui: &Ui, job: &JobStatus) -> ProgressBar {
    ProgressBar::new(job.fraction as f32).desired_height(6.0).fill(Palette::of(ui).accent)
}

/// "3.4 epochs/s · about 20 s left · CPU · 312 MB in use"; what isn't known is left out, the epoch is told by the stage.
fn figures(cx: &Cx<'_>, job: &JobStatus, device: &str) -> String {
    let rate = job.epochs_per_second.map(|rate| {
        let rate = cx.number(rate, if rate >= 10.0 { 0 } else { 2 });
        cx.words.own(text!("{rate} epochs/s", "{rate} 轮/秒"))
    });
    let left = job.remaining.map(|time| remaining(cx.words, time));
    let memory = job.memory.map(|bytes| {
        let megabytes = cx.number(bytes as f64 / MEGABYTE, 0);
        cx.words.own(text!("{megabytes} MB in use", "占用内存 {megabytes} MB"))
    });
    let parts = [rate, left, Some(device.to_owned()), memory];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// The name of what a network trains on by a setting. Asking may open a driver: keep the answer.
pub(super) fn device_name(device: Device) -> String {
    let known = crate::session::devices();
    let wanted = match device {
        Device::Auto => known.iter().find(|d| d.chosen),
        Device::Cpu => known.iter().find(|d| d.name.starts_with("cpu")),
        Device::Cuda => known.iter().find(|d| d.name.starts_with("cuda") && d.available),
        Device::Metal => known.iter().find(|d| d.name.starts_with("metal") && d.available),
    };
    wanted.map_or_else(|| "CPU".to_owned(), |d| d.name.to_uppercase())
}

/// The curves of a training.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curves<'a> {
    /// Training loss, and that on a validation block where there is one.
    pub(super) watched: &'a [LossPoint],
    /// Training loss of the same network once more on all of the history; may be empty.
    pub(super) again: &'a [LossPoint],
    /// What a loss is.
    pub(super) unit: &'a str,
}

/// Draws them, the legend above: a side column has no room for one on the chart.
pub(super) fn curves_ui(ui: &mut Ui, cx: &Cx<'_>, id: &'static str, curves: Curves<'_>) {
    let palette = Palette::of(ui);
    let points = |losses: &[LossPoint], of: fn(&LossPoint) -> Option<f64>| -> Vec<[f64; 2]> {
        losses.iter().filter_map(|p| Some([p.epoch as f64, of(p)?])).collect()
    };
    let entry = |name: &str, k, mark| Entry::new(name, palette.series(k), mark);
    let mut lines = vec![
        (entry(cx.t("Training", "训练"), 0, Mark::Line), points(curves.watched, |p| Some(p.training))),
        (entry(cx.t("Validation", "验证"), 1, Mark::Line), points(curves.watched, |p| p.validation)),
    ];
    if !curves.again.is_empty() {
        let again = entry(cx.t("Again, whole history", "全部历史重新训练"), 2, Mark::Dashed);
        lines.push((again, points(curves.again, |p| Some(p.training))));
    }
    let entries: Vec<Entry> = lines.iter().map(|(entry, _)| entry.clone()).collect();
    let hidden = egui::Id::unique(("hidden", id));
    let mut names: BTreeSet<String> = ui.data(|d| d.get_temp(hidden)).unwrap_or_default();
    legend_ui(ui, &entries, &mut names);
    // A number wherever there is a line for it: the axis would fade them out where lines are near.
    let near = 0.5 * EPOCH_LABEL as f32;
    let epochs = AxisHints::new_x().label(cx.t("Epoch", "轮")).label_spacing(near..=EPOCH_LABEL as f32);
    Plot::new(id)
        .height(CURVES)
        .custom_x_axes(vec![epochs])
        .y_axis_label(curves.unit.to_owned())
        .y_axis_formatter(|mark, _| figure(mark.value))
        .y_axis_min_width(size::AXIS)
        .label_formatter(|position| hover_label(position, |x| format!("{x:.0}")))
        .include_y(0.0)
        .x_grid_spacer(|input| figure_grid(&input, EPOCH_LABEL))
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .grid_color(palette.outline)
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .show(ui, |plot| {
            for (entry, points) in lines.into_iter().filter(|(entry, _)| !names.contains(&entry.name)) {
                let line = Line::new(entry.name, PlotPoints::from(points)).width(size::THIN_LINE).color(entry.color);
                plot.line(if entry.mark == Mark::Dashed { line.style(LineStyle::dashed_loose()) } else { line });
            }
        });
    ui.data_mut(|d| d.insert_temp(hidden, names));
}
