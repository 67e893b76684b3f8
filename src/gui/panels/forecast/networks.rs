//! Networks over all items: which, how large, their training live, and whether they helped.

use super::live::{Curves, curves_ui, device_name, live_ui};
use super::network_fields::{device_ui, fields_ui};
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::widgets::{Tone, card_ui, primary_button, remark_ui, segmented_ui};
use crate::session::{
    Command, Device, FEWEST_POOLED, JobStatus, LossPoint, Models, NetworkOptions, NetworkPreset, Settings, networks,
};
use crate::text;
use egui::{RichText, TextStyle, Ui};
use std::sync::Arc;

/// The network that is picked before anybody picked one.
const HEADLINE: &str = "hybrid";

/// What the card remembers: what the user set up and hasn't trained yet, and the last curves.
#[derive(Debug, Default)]
pub(super) struct View {
    draft: Option<Draft>,
    /// Units per layer as typed.
    units: Option<String>,
    /// True from when the user asks for settings of their own until a preset is picked.
    own: bool,
    /// True in the frame in which they asked.
    asked: bool,
    watched: Vec<LossPoint>,
    again: Vec<LossPoint>,
    /// The run that the curves are of.
    watched_of: Option<String>,
    /// True while a training was shown in the last frame.
    trains: bool,
    device: Option<(Device, String)>,
}

/// A comparison to be run.
#[derive(Debug, Clone, PartialEq)]
struct Draft {
    picked: Vec<Arc<str>>,
    options: NetworkOptions,
    device: Device,
}

impl Draft {
    /// What the project's settings say.
    fn of(settings: &Settings) -> Self {
        let known = networks();
        let mut picked = settings.models.beside();
        picked.retain(|name| known.iter().any(|k| k.name == &**name));
        if picked.is_empty() {
            picked.push(HEADLINE.into());
        }
        Self { picked, options: settings.neural.clone(), device: settings.device }
    }

    /// True when this is what the project compares.
    fn is_set(&self, settings: &Settings) -> bool {
        let named: Vec<Arc<str>> = std::iter::once("auto".into()).chain(self.picked.iter().cloned()).collect();
        settings.models == Models::Named(named) && settings.neural == self.options && settings.device == self.device
    }
}

/// The job, while it is forecasts of all items with networks among their models.
pub(super) fn training<'a>(cx: &Cx<'a>) -> Option<&'a JobStatus> {
    let trains = cx.session.project().settings.models.train_over_all();
    cx.session.job().filter(|_| trains && cx.session.forecasting().is_some())
}

impl View {
    /// Draws the card; true when the user wants to see all models beside each other.
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) -> bool {
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            let job = training(cx);
            if !std::mem::replace(&mut self.trains, job.is_some()) && self.trains {
                // The setup that was scrolled to is gone: what takes its place shows from its top.
                ui.scroll_to_cursor(Some(egui::Align::TOP));
            }
            ui.label(style::caption(ui, cx.t("Networks over all items", "全商品神经网络")));
            if let Some(job) = job {
                self.progress_ui(ui, cx, job);
                return false;
            }
            self.setup_ui(ui, cx);
            self.outcome_ui(ui, cx)
        })
    }

    fn progress_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus) {
        let setting = cx.session.project().settings.device;
        if self.device.as_ref().is_none_or(|(of, _)| *of != setting) {
            self.device = Some((setting, device_name(setting)));
        }
        live_ui(ui, cx, job, self.device.as_ref().map_or("", |(_, name)| name));
        self.watched.clone_from(&job.validated);
        self.watched_of = cx.session.fingerprint_to_be();
        let is_again = job.losses.last().is_some_and(|p| p.validation.is_none());
        self.again = if is_again { job.losses.clone() } else { Vec::new() };
        if self.watched.is_empty() {
            ui.label(style::caption(ui, cx.t("The first epoch is on its way", "正在进行第一轮训练")));
        } else {
            self.curves_ui(ui, cx);
        }
    }

    fn curves_ui(&self, ui: &mut Ui, cx: &Cx<'_>) {
        let unit = cx.t("Loss (scaled)", "损失（缩放后）");
        curves_ui(ui, cx, "losses over all", Curves { watched: &self.watched, again: &self.again, unit });
    }

    fn setup_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let settings = &cx.session.project().settings;
        let mut draft = self.draft.take().unwrap_or_else(|| Draft::of(settings));
        self.preset_ui(ui, cx, &mut draft);
        for known in networks() {
            let mut is_in = draft.picked.iter().any(|name| &**name == known.name);
            if ui.checkbox(&mut is_in, cx.words.of(&known.label)).changed() {
                draft.picked.retain(|name| &**name != known.name);
                if is_in {
                    draft.picked.push(known.name.into());
                }
            }
        }
        let drawer = egui::CollapsingHeader::new(cx.t("Expert settings", "专家设置")).id_salt("expert settings");
        // Opened in the frame in which the user asks for settings of their own.
        drawer.open(std::mem::take(&mut self.asked).then_some(true)).show(ui, |ui| {
            fields_ui(ui, cx, &mut self.units, &mut draft.options);
            if let Some(device) = device_ui(ui, cx, cx.t("Train all on", "全商品训练设备"), draft.device) {
                draft.device = device;
            }
        });
        ui.add_space(space::XS);
        self.start_ui(ui, cx, &draft);
        if draft != Draft::of(settings) {
            self.draft = Some(draft);
        }
    }

    fn preset_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, draft: &mut Draft) {
        let current = NetworkPreset::of(&draft.options).filter(|_| !self.own);
        let options = [
            (Some(NetworkPreset::Quick), cx.t("Quick", "快速")),
            (Some(NetworkPreset::Balanced), cx.t("Balanced", "均衡")),
            (Some(NetworkPreset::Thorough), cx.t("Thorough", "精细")),
            (None, cx.t("Own", "自定义")),
        ];
        match segmented_ui(ui, current, &options) {
            Some(Some(preset)) => {
                draft.options = preset.options();
                (self.units, self.own) = (None, false);
            }
            Some(None) => (self.own, self.asked) = (true, true),
            None => {}
        }
        let words = match current {
            Some(NetworkPreset::Quick) => cx.t("A look at whether a network helps", "快速查看神经网络是否有帮助"),
            Some(NetworkPreset::Balanced) => {
                cx.t("A small team of networks: the usual choice", "小型网络组合：通常的选择")
            }
            Some(NetworkPreset::Thorough) => {
                cx.t("Larger networks, two to eight times as long", "更大的网络，耗时为两到八倍")
            }
            None => cx.t("As set under the expert settings", "按专家设置训练"),
        };
        ui.label(style::caption(ui, words));
    }

    fn start_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, draft: &Draft) {
        let session = cx.session;
        let is_set = draft.is_set(&session.project().settings);
        let is_done = is_set && session.fingerprint().is_some();
        let is_free = session.job().is_none() && session.project().sales.is_some();
        let button = primary_button(ui, cx.t("Train and compare", "训练并比较"));
        let can_start = is_free && !is_done && !draft.picked.is_empty();
        if ui.add_enabled(can_start, button).clicked() {
            self.watched.clear();
            self.again.clear();
            cx.push(if is_set {
                Command::Recompute
            } else {
                Command::CompareNetworks(draft.picked.clone(), draft.options.clone(), draft.device)
            });
        }
        let trains = session.project().settings.models.train_over_all();
        if trains && ui.button(cx.t("Go without networks", "不使用神经网络")).clicked() {
            cx.push(Command::SetModels(Models::Auto));
        }
        let why = if draft.picked.is_empty() {
            cx.t("Pick at least one network", "请至少选择一个网络")
        } else if is_done {
            cx.t("Trained with these settings", "已按这些设置完成训练")
        } else if !is_free {
            cx.t("Starts when the running job is done", "当前任务完成后方可开始")
        } else {
            cx.t(
                "Forecasts all items by the automatic models and these networks; an item takes a network only where it is better beyond chance.",
                "用自动模型和所选网络预测全部商品；仅当网络显著更好时，商品才会采用它。",
            )
        };
        ui.add(egui::Label::new(style::caption(ui, why)).wrap());
        let items = session.planned_panel().map_or(0, |panel| panel.series().len());
        if (1..FEWEST_POOLED).contains(&items) {
            let words = text!(
                "Fewer than {FEWEST_POOLED} items can't be judged together: only an item's own backtest can speak for a network.",
                "商品少于 {FEWEST_POOLED} 个时无法合并评判：只能由各商品自身的回测决定是否采用网络。"
            );
            remark_ui(ui, &cx.words.own(words), Tone::Neutral);
        }
    }

    fn outcome_ui(&self, ui: &mut Ui, cx: &Cx<'_>) -> bool {
        let challenges = cx.session.challenges();
        if challenges.is_empty() {
            return false;
        }
        let run = cx.session.fingerprint();
        if !self.watched.is_empty() && self.watched_of == run {
            self.curves_ui(ui, cx);
        }
        for challenge in challenges {
            let tone = if challenge.used > 0 { Tone::Good } else { Tone::Neutral };
            remark_ui(ui, cx.words.of(&challenge.sentence), tone);
        }
        let asked = ui.button(cx.t("Compare all models", "比较所有模型")).clicked();
        if let Some(print) = run {
            ui.horizontal(|ui| {
                ui.label(style::caption(ui, cx.t("Run", "运行指纹")));
                ui.label(RichText::new(&print).text_style(TextStyle::Monospace)).on_hover_text(cx.t(
                    "Data, settings, seed and program version: the same again gives the same figures",
                    "由数据、设置、随机种子和程序版本得出：相同则结果相同",
                ));
                if ui.small_button(cx.t("Copy", "复制")).clicked() {
                    ui.ctx().copy_text(print.clone());
                }
            });
        }
        asked
    }
}
