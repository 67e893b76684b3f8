//! The LSTM: its configuration, its training live, and whether it helped.

use super::live::{Curves, curves_ui, device_name, live_ui};
use super::network_fields::{device_ui, units_ui};
use super::networks::training as over_all;
use crate::gui::context::Cx;
use crate::gui::style::{self, space};
use crate::gui::text;
use crate::gui::widgets::{card_ui, number_ui, primary_button};
use crate::model::SeriesId;
use crate::session::{Command, Device, Focus, JobStatus, LossPoint, LstmOptions};
use egui::Ui;

/// What the card remembers.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Units per layer as typed; the project's when `None`.
    units: Option<String>,
    /// The last training curve, and of which item.
    losses: Vec<LossPoint>,
    trained: Option<SeriesId>,
    /// What was set to train on, and its name.
    device: Option<(Device, String)>,
}

/// The original program's network: 100 epochs whatever the validation says. Scaling, the 80 % split and the choice of the best
/// epoch are the engine's.
fn original() -> LstmOptions {
    LstmOptions { window: 10, units: vec![50, 50], epochs: 100, batch: 32, patience: 0, ..LstmOptions::default() }
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(style::caption(ui, cx.t("Neural network (LSTM), this item", "神经网络（LSTM），当前商品")));
            self.options_ui(ui, cx);
            let job = cx.session.job();
            let is_own = |j: &&JobStatus| !j.losses.is_empty() || j.name.en == "Training network";
            let training = job.filter(is_own).filter(|_| over_all(cx).is_none());
            ui.add_space(space::XS);
            if let Some(job) = training {
                self.progress_ui(ui, cx, job);
            } else {
                let button = primary_button(ui, cx.t("Train LSTM", "训练 LSTM"));
                if ui.add_enabled(job.is_none(), button).clicked() {
                    self.losses.clear();
                    self.trained = Some(focus.id.clone());
                    cx.push(Command::TrainNetwork);
                }
            }
            if !self.losses.is_empty() && self.trained.as_ref() == Some(&focus.id) {
                let unit = cx.t("Loss (MSE, scaled)", "损失（MSE，缩放后）");
                curves_ui(ui, cx, "losses", Curves { watched: &self.losses, again: &[], unit });
            }
            verdict_ui(ui, cx, focus);
        });
    }

    fn progress_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus) {
        if !job.losses.is_empty() {
            self.losses.clone_from(&job.losses);
        }
        let setting = cx.session.project().settings.device;
        if self.device.as_ref().is_none_or(|(of, _)| *of != setting) {
            self.device = Some((setting, device_name(setting)));
        }
        live_ui(ui, cx, job, self.device.as_ref().map_or("", |(_, name)| name));
    }

    fn options_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let settings = &cx.session.project().settings;
        let (now, device) = (settings.lstm.clone(), settings.device);
        let mut lstm = now.clone();
        let window = cx.words.with_unit(cx.t("Window", "窗口"), cx.t("periods", "期"));
        let whole = |ui: &mut Ui, label: &str, value: &mut usize, range| {
            let (set, response) = number_ui(ui, label, *value, range, 0.1);
            *value = set.unwrap_or(*value);
            response
        };
        whole(ui, &window, &mut lstm.window, 1..=1000);
        units_ui(ui, cx, cx.t("Units per layer", "每层单元数"), (&mut self.units, &mut lstm.units));
        whole(ui, cx.t("Epochs, at most", "最多轮数"), &mut lstm.epochs, 1..=10_000);
        whole(ui, cx.t("Batch", "批大小"), &mut lstm.batch, 1..=4096);
        let (rate, _) = number_ui(ui, cx.t("Learning rate", "学习率"), lstm.learning_rate, 1e-6..=1.0, 1e-5);
        lstm.learning_rate = rate.unwrap_or(lstm.learning_rate);
        whole(ui, cx.t("Patience, epochs", "早停轮数"), &mut lstm.patience, 0..=1000).on_hover_text(cx.t(
            "Training stops after this many epochs without a better validation loss; 0 never stops early",
            "验证损失连续这么多轮没有改善时停止训练；0 表示不提前停止",
        ));
        let button = egui::Button::new(cx.t("Original preset", "原始预设"));
        let preset = ui.add_enabled(lstm != original(), button).on_hover_text(cx.t(
            "The original program's network: window 10, two layers of 50, batch 32, 100 epochs, 80 % for training",
            "原程序的网络：窗口 10，两层各 50 单元，批大小 32，100 轮，80% 用于训练",
        ));
        if preset.clicked() {
            lstm = original();
            self.units = None;
        }
        if lstm != now {
            cx.push(Command::SetLstm(lstm));
        }
        if let Some(picked) = device_ui(ui, cx, cx.t("Train on", "训练设备"), device) {
            cx.push(Command::SetDevice(picked));
        }
    }
}

/// Whether the network beats the model in use on the item's backtest, in one sentence.
fn verdict_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
    let Some(lstm) = focus.series.scores.iter().find(|s| &*s.model == "lstm") else { return };
    if !lstm.note.is_empty() {
        ui.label(cx.words.of(&lstm.note));
    }
    let error = |score: &crate::model::ModelScore| score.accuracy.and_then(|a| a.mase.or(a.wape));
    let others = focus.series.scores.iter().filter(|s| &*s.model != "lstm");
    let errors = others.filter_map(|s| Some((error(s)?, &s.model))).filter(|(e, _)| *e > 0.0);
    let best = errors.min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some(((best, model), lstm)) = best.zip(error(lstm)) {
        let model = text::model_label(cx.words, model);
        let change = cx.percent((lstm / best - 1.0).abs());
        let text = if lstm < best {
            crate::text!(
                "The LSTM's error is {change} below the best other model's ({model}).",
                "LSTM 的误差比其他最优模型（{model}）低 {change}。"
            )
        } else {
            crate::text!(
                "The LSTM does not help here: its error is {change} above that of {model}.",
                "LSTM 在此没有帮助：其误差比 {model} 高 {change}。"
            )
        };
        ui.label(style::strong(cx.words.own(text)));
        if &*focus.series.best().model != "lstm" && ui.button(cx.t("Use the LSTM anyway", "仍然使用 LSTM")).clicked()
        {
            cx.push(Command::ChooseModel(focus.id.clone(), Some("lstm".into())));
        }
    }
}
