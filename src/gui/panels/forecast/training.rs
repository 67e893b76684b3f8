//! The LSTM: its configuration, its training live, and whether it helped.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::text;
use crate::gui::widgets::{Y_LABEL, card_ui, field_ui, figure_grid, hover_label, number_ui, primary_button};
use crate::model::SeriesId;
use crate::session::{Command, Device, Focus, JobStatus, LossPoint, LstmOptions};
use egui::{ComboBox, ProgressBar, TextEdit, TextStyle, Ui, WidgetInfo};
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints};

/// What the card remembers.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Units per layer as typed; the project's when `None`.
    units: Option<String>,
    /// The last training curve, and of which item.
    losses: Vec<LossPoint>,
    trained: Option<SeriesId>,
}

/// Widest layer and most layers that may be typed.
const MOST_UNITS: usize = 1024;
const MOST_LAYERS: usize = 8;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(style::caption(ui, cx.t("Neural network (LSTM), this item", "神经网络（LSTM），当前商品")));
            self.options_ui(ui, cx);
            let job = cx.session.job();
            let training = job.filter(|j| !j.losses.is_empty() || j.name.en == "Training network");
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
                curve_ui(ui, cx, &self.losses);
            }
            verdict_ui(ui, cx, focus);
        });
    }

    fn progress_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus) {
        if !job.losses.is_empty() {
            self.losses.clone_from(&job.losses);
        }
        ui.add(ProgressBar::new(job.fraction as f32).desired_height(6.0));
        ui.label(style::caption(ui, cx.words.of(&job.stage)));
        let label = if job.cancelling { cx.t("Stopping…", "正在停止…") } else { cx.t("Cancel", "取消") };
        if ui.add_enabled(!job.cancelling, egui::Button::new(label)).clicked() {
            cx.push(Command::Cancel);
        }
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
        self.units_ui(ui, cx, &mut lstm);
        whole(ui, cx.t("Epochs, at most", "最多轮数"), &mut lstm.epochs, 1..=10_000);
        whole(ui, cx.t("Batch", "批大小"), &mut lstm.batch, 1..=4096);
        let (rate, _) = number_ui(ui, cx.t("Learning rate", "学习率"), lstm.learning_rate, 1e-6..=1.0, 1e-5);
        lstm.learning_rate = rate.unwrap_or(lstm.learning_rate);
        whole(ui, cx.t("Patience, epochs", "早停轮数"), &mut lstm.patience, 0..=1000).on_hover_text(cx.t(
            "Training stops after this many epochs without a better validation loss; 0 never stops early",
            "验证损失连续这么多轮没有改善时停止训练；0 表示不提前停止",
        ));
        if lstm != now {
            cx.push(Command::SetLstm(lstm));
        }
        device_ui(ui, cx, device);
    }

    /// Units per layer as a list, one entry a layer.
    fn units_ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, lstm: &mut LstmOptions) {
        let list = |units: &[usize]| units.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut typed = self.units.clone().unwrap_or_else(|| list(&lstm.units));
        let label = cx.t("Units per layer", "每层单元数");
        let parsed = parse_units(&typed);
        let response = field_ui(ui, label, |ui| {
            let mut field = TextEdit::singleline(&mut typed).desired_width(80.0);
            if parsed.is_none() {
                field = field.text_color(Palette::of(ui).bad);
            }
            let response = ui.add(field);
            response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, label));
            response
        });
        let response =
            response.on_hover_text(cx.t("One number per layer, such as 50, 50", "每层一个数字，例如 50, 50"));
        if response.lost_focus() {
            self.units = None;
            if let Some(units) = parse_units(&typed) {
                lstm.units = units;
            }
        } else if response.has_focus() {
            self.units = Some(typed);
        }
    }
}

fn parse_units(typed: &str) -> Option<Vec<usize>> {
    let parts = typed.split([',', '，', '、', ' ', ';']).map(str::trim).filter(|p| !p.is_empty());
    let units: Option<Vec<usize>> = parts.map(|p| p.parse().ok().filter(|u| (1..=MOST_UNITS).contains(u))).collect();
    units.filter(|u| (1..=MOST_LAYERS).contains(&u.len()))
}

fn device_ui(ui: &mut Ui, cx: &mut Cx<'_>, device: Device) {
    let label = cx.t("Train on", "训练设备");
    let current = cx.words.own(text::device(device));
    let mut picked = None;
    ui.horizontal(|ui| {
        ui.label(style::weak(ui, label));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let combo = ComboBox::from_id_salt("device").selected_text(current.clone()).show_ui(ui, |ui| {
                for option in [Device::Auto, Device::Cpu, Device::Cuda, Device::Metal] {
                    if ui.selectable_label(option == device, cx.words.own(text::device(option))).clicked() {
                        picked = Some(option);
                    }
                }
                ui.separator();
                for known in crate::session::devices() {
                    ui.label(style::caption(ui, format!("{}: {}", known.name, cx.words.of(&known.note))));
                }
            });
            name_combo(&combo.response, label, &current);
        });
    });
    if let Some(device) = picked {
        cx.push(Command::SetDevice(device));
    }
}

fn curve_ui(ui: &mut Ui, cx: &Cx<'_>, losses: &[LossPoint]) {
    let palette = Palette::of(ui);
    let training: Vec<[f64; 2]> = losses.iter().map(|p| [p.epoch as f64, p.training]).collect();
    let validation: Vec<[f64; 2]> = losses.iter().filter_map(|p| Some([p.epoch as f64, p.validation?])).collect();
    Plot::new("losses")
        .height(150.0)
        .x_axis_label(cx.t("Epoch", "轮"))
        .y_axis_label(cx.t("Loss (MSE, scaled)", "损失（MSE，缩放后）"))
        .y_axis_min_width(size::AXIS)
        .legend(Legend::default().position(Corner::RightTop).text_style(TextStyle::Small))
        .label_formatter(|position| hover_label(position, |x| format!("{x:.0}")))
        .include_y(0.0)
        .y_grid_spacer(|input| figure_grid(&input, Y_LABEL))
        .show_crosshair(false)
        .allow_scroll(false)
        .allow_drag(false)
        .allow_zoom(false)
        .show(ui, |plot| {
            let line = |name: &str, points| Line::new(name.to_owned(), PlotPoints::from(points)).width(size::THIN_LINE);
            plot.line(line(cx.t("Training", "训练"), training).color(palette.series(0)));
            plot.line(line(cx.t("Validation", "验证"), validation).color(palette.series(1)));
        });
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
