//! The bar at the bottom: what runs, how far it is, how to stop it; what the data is.

use super::context::{Ask, Cx, span};
use super::panels::Panel;
use super::style::{self, Palette};
use super::text::Words;
use crate::diagnostic::Severity;
use crate::session::{Command, JobStatus};
use crate::text;
use egui::{Align, Button, Layout, ProgressBar, RichText, Ui};
use std::time::Duration;

/// Draws the bar.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.horizontal_centered(|ui| {
        job_ui(ui, cx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| data_ui(ui, cx));
    });
}

fn job_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let palette = Palette::of(ui);
    let Some(job) = cx.session.job() else {
        let words = match (cx.session.plan(), cx.session.is_stale()) {
            (Some(_), false) => RichText::new(cx.t("Plan up to date", "计划已更新")).color(palette.good),
            (Some(_), true) => {
                RichText::new(cx.t("Plan older than the settings", "计划落后于当前设置")).color(palette.warning)
            }
            (None, _) => RichText::new(cx.t("No plan yet", "尚无计划")).color(palette.weak),
        };
        ui.label(words.small());
        if cx.session.can_go_on() {
            let go_on = RichText::new(cx.t("Compute", "计算")).small();
            if ui.add(Button::new(go_on).small()).clicked() {
                cx.push(Command::Recompute);
            }
        }
        return;
    };
    let stop = if job.cancelling { cx.t("Stopping…", "正在停止…") } else { cx.t("Stop", "停止") };
    ui.label(style::caption(ui, cx.words.of(&job.name)));
    ui.add(ProgressBar::new(job.fraction as f32).desired_width(160.0).desired_height(6.0).fill(palette.accent));
    ui.label(style::caption(ui, format!("{:.0}%", 100.0 * job.fraction)));
    if ui.add_enabled(!job.cancelling, Button::new(RichText::new(stop).small()).small()).clicked() {
        cx.push(Command::Cancel);
    }
    let paused = job.paused.then(|| cx.t("Paused", "已暂停").to_owned());
    let parts: Vec<String> = [paused.or_else(|| stage(cx, job)), job.remaining.map(|time| remaining(cx.words, time))]
        .into_iter()
        .flatten()
        .collect();
    if !parts.is_empty() {
        ui.add(egui::Label::new(style::caption(ui, parts.join(" · "))).truncate());
    }
}

/// What a job is doing. Of many series side by side, how many are done says more than which model is fitted just now.
fn stage(cx: &Cx<'_>, job: &JobStatus) -> Option<String> {
    if let Some(partial) = cx.session.forecasting().filter(|p| p.len() > 1 && (p.ready() > 0 || job.losses.is_empty()))
    {
        let (ready, all) = (cx.number(partial.ready() as f64, 0), cx.number(partial.len() as f64, 0));
        return Some(cx.words.own(text!("{ready} of {all} series ready", "已完成 {ready}/{all} 个序列")));
    }
    (job.stage != job.name).then(|| cx.words.of(&job.stage).to_owned())
}

/// How long it may still take, no finer than anybody can know.
pub(super) fn remaining(words: Words, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    words.own(match seconds {
        s if s < 5.0 => text!("a few seconds left", "还需几秒"),
        s if s < 90.0 => {
            let n = 5.0 * (s / 5.0).ceil();
            text!("about {n:.0} s left", "约剩 {n:.0} 秒")
        }
        s if s < 5400.0 => {
            let n = (s / 60.0).ceil();
            text!("about {n:.0} min left", "约剩 {n:.0} 分钟")
        }
        s => {
            let n = (s / 3600.0).ceil();
            text!("about {n:.0} h left", "约剩 {n:.0} 小时")
        }
    })
}

fn data_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(sales) = &cx.session.project().sales else { return };
    let panel = &sales.panel;
    ui.label(style::caption(ui, span(panel.start(), panel.end())));
    let planned = cx.session.planned_panel().unwrap_or(panel);
    let count = cx.number(planned.series().len() as f64, 0);
    let text = crate::text!("{count} item-locations", "{count} 个商品-地点");
    ui.label(style::caption(ui, cx.words.own(text)));
    let findings = sales.diagnostics.entries().iter().filter(|d| d.severity >= Severity::Warning).count();
    if findings > 0 {
        let text = crate::text!("Findings: {findings}", "问题：{findings}");
        let words = RichText::new(cx.words.own(text)).small().color(Palette::of(ui).warning);
        // A button's padding would put its words lower than its neighbours'.
        if ui.add(egui::Link::new(words)).clicked() {
            cx.asks.push(Ask::Show(Panel::Data));
        }
    }
}
