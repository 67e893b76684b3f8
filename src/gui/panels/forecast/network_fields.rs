//! Fields of networks: units per layer, device, and every option of networks over all items, one line each.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette};
use crate::gui::text;
use crate::gui::widgets::{field_ui, number_ui};
use crate::session::{Device, NetworkOptions};
use egui::{ComboBox, TextEdit, Ui, WidgetInfo};
use std::ops::RangeInclusive;

/// Widest layer and most layers that may be typed.
const MOST_UNITS: usize = 1024;
const MOST_LAYERS: usize = 8;
/// Largest dropout and weight decay that may be typed.
const LARGEST_SHARE: f64 = 0.9;

/// A whole number among the options: English, Chinese, range, what is to be known of it, where it is.
struct Whole {
    label: (&'static str, &'static str),
    range: RangeInclusive<usize>,
    hint: (&'static str, &'static str),
    of: fn(&mut NetworkOptions) -> &mut usize,
}

/// Whole numbers; another option is another entry.
const WHOLE: [Whole; 5] = [
    Whole {
        label: ("Window, periods", "窗口，期"),
        range: 0..=1000,
        hint: (
            "Past periods that the network sees; 0 chooses by the season",
            "网络可见的历史期数；0 表示按季节自动选择",
        ),
        of: |o| &mut o.window,
    },
    Whole {
        label: ("Epochs over all, at most", "全商品最多轮数"),
        range: 1..=10_000,
        hint: ("How many are used is found on a validation block", "实际轮数由验证段确定"),
        of: |o| &mut o.epochs,
    },
    Whole {
        label: ("Windows per step", "每步窗口数"),
        range: 1..=65_536,
        hint: ("Windows that one step of the training averages over", "每个训练步求平均的窗口数"),
        of: |o| &mut o.batch,
    },
    Whole {
        label: ("Windows per epoch", "每轮窗口数"),
        range: 1..=10_000_000,
        hint: (
            "Drawn anew in each epoch: more items make better epochs, not longer ones",
            "每轮重新抽取：商品越多，每轮质量越高而时长不变",
        ),
        of: |o| &mut o.windows_per_epoch,
    },
    Whole {
        label: ("Team of networks", "网络个数"),
        range: 1..=64,
        hint: ("Networks from different first weights whose answers are averaged", "取多个不同初始权重网络的平均结果"),
        of: |o| &mut o.team,
    },
];

/// Draws every option and takes over what was changed.
pub(super) fn fields_ui(ui: &mut Ui, cx: &Cx<'_>, typed: &mut Option<String>, options: &mut NetworkOptions) {
    for field in &WHOLE {
        let value = (field.of)(options);
        let speed = (*value as f64 * 0.01).max(0.1);
        let (set, response) = number_ui(ui, cx.t(field.label.0, field.label.1), *value, field.range.clone(), speed);
        *value = set.unwrap_or(*value);
        response.on_hover_text(cx.t(field.hint.0, field.hint.1));
    }
    units_ui(ui, cx, cx.t("Units of each layer", "各层单元数"), (typed, &mut options.units));
    let label = cx.t("Attention over the window (LSTM)", "窗口注意力（LSTM）");
    ui.checkbox(&mut options.attention, label).on_hover_text(cx.t(
        "The network looks back at all its states with weights of its own; the page Network shows them",
        "网络以自学的权重回看全部状态；“网络”页可查看这些权重",
    ));
    let label = cx.t("Learn from histories that might have been", "以扩增的历史训练");
    ui.checkbox(&mut options.augment, label).on_hover_text(cx.t(
        "Every other epoch sees histories with remainders drawn from other times, jittered and stretched; the validation block stays as it is",
        "每隔一轮使用重抽样余项、加噪并伸缩的历史；验证段保持不变",
    ));
    let shares = [
        (cx.t("Dropout", "丢弃率"), &mut options.dropout),
        (cx.t("Weight decay", "权重衰减"), &mut options.weight_decay),
    ];
    for (label, share) in shares {
        let (set, _) = number_ui(ui, label, *share, 0.0..=LARGEST_SHARE, 1e-3);
        *share = set.unwrap_or(*share);
    }
    let rate = cx.t("Largest learning rate", "最大学习率");
    let (set, _) = number_ui(ui, rate, options.learning_rate, 1e-6..=1.0, 1e-5);
    options.learning_rate = set.unwrap_or(options.learning_rate);
}

/// Units per layer as a list, one entry a layer; `typed` is what stands there while it is being typed.
pub(super) fn units_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    label: &'static str,
    (typed, units): (&mut Option<String>, &mut Vec<usize>),
) {
    let list = |units: &[usize]| units.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut words = typed.clone().unwrap_or_else(|| list(units));
    let parsed = parse_units(&words);
    let response = field_ui(ui, label, |ui| {
        let mut field = TextEdit::singleline(&mut words).desired_width(80.0);
        if parsed.is_none() {
            field = field.text_color(Palette::of(ui).bad);
        }
        let response = ui.add(field);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, label));
        response
    });
    let response = response.on_hover_text(cx.t("One number per layer, such as 50, 50", "每层一个数字，例如 50, 50"));
    if response.lost_focus() {
        *typed = None;
        if let Some(parsed) = parse_units(&words) {
            *units = parsed;
        }
    } else if response.has_focus() {
        *typed = Some(words);
    }
}

fn parse_units(typed: &str) -> Option<Vec<usize>> {
    let parts = typed.split([',', '，', '、', ' ', ';']).map(str::trim).filter(|p| !p.is_empty());
    let units: Option<Vec<usize>> = parts.map(|p| p.parse().ok().filter(|u| (1..=MOST_UNITS).contains(u))).collect();
    units.filter(|u| (1..=MOST_LAYERS).contains(&u.len()))
}

/// What to train on; returns the one picked.
pub(super) fn device_ui(ui: &mut Ui, cx: &Cx<'_>, label: &'static str, device: Device) -> Option<Device> {
    let current = cx.words.own(text::device(device));
    let mut picked = None;
    ui.horizontal(|ui| {
        ui.label(style::weak(ui, label));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let combo = ComboBox::from_id_salt(label).selected_text(current.clone()).show_ui(ui, |ui| {
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
    picked
}
