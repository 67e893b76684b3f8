//! The column beside the charts: which model and why, and the settings of all items.

use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, space};
use crate::gui::text::model_label;
use crate::gui::widgets::{Tone, card_ui, number_ui, remark_ui};
use crate::session::{Command, Focus, Models};
use egui::text::LayoutJob;
use egui::{ComboBox, Id, RichText, TextStyle, Ui};
use std::sync::Arc;

/// The model in use, and the settings of all items.
pub(super) fn show_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
    choice_ui(ui, cx, focus);
    ui.add_space(space::S);
    settings_ui(ui, cx);
}

fn choice_ui(ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(style::caption(ui, cx.t("Model in use", "当前模型")));
        let model = &focus.series.best().model;
        let names = crate::session::models();
        let own = cx.session.project().chosen_models.get(&focus.id);
        let automatic = cx.t("Automatic choice", "自动选择");
        let current = model_label(cx.words, model);
        let mut choice: Option<Option<Arc<str>>> = None;
        let width = ui.available_width() - 2.0;
        let combo = ComboBox::from_id_salt("model").width(width).selected_text(current.clone()).show_ui(ui, |ui| {
            if ui.selectable_label(own.is_none(), automatic).clicked() {
                choice = Some(None);
            }
            ui.separator();
            for known in &names {
                let is_own = own.is_some_and(|o| &**o == known.name);
                if ui.selectable_label(is_own, cx.words.of(&known.label)).clicked() {
                    choice = Some(Some(known.name.into()));
                }
            }
        });
        name_combo(&combo.response, cx.t("Model in use", "当前模型"), &current);
        if let Some(choice) = choice {
            cx.push(Command::ChooseModel(focus.id.clone(), choice));
        }
        why_ui(ui, cx, cx.words.of(&focus.series.why));
        parameters_ui(ui, cx, focus);
    });
}

/// Lines of the reason that are shown unasked.
const LINES: usize = 8;

/// Why the model is in use: the first lines, all of them on demand.
fn why_ui(ui: &mut Ui, cx: &Cx<'_>, why: &str) {
    let open = Id::unique("whole reason");
    let is_open: bool = ui.data(|d| d.get_temp(open)).unwrap_or_default();
    let font = TextStyle::Body.resolve(ui.style());
    let mut job = LayoutJob::simple(why.to_owned(), font, Palette::of(ui).text, ui.available_width());
    job.wrap.max_rows = if is_open { usize::MAX } else { LINES };
    let galley = ui.painter().layout_job(job);
    let is_long = galley.elided || is_open;
    ui.label(galley);
    if is_long {
        let words = if is_open { cx.t("Show less", "收起") } else { cx.t("Show all", "显示全部") };
        if ui.link(words).clicked() {
            ui.data_mut(|d| d.insert_temp(open, !is_open));
        }
    }
}

fn parameters_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus) {
    let best = focus.series.best();
    if best.parameters.is_empty() {
        return;
    }
    ui.collapsing(cx.t("Parameters", "参数"), |ui| {
        egui::Grid::new("parameters").num_columns(2).show(ui, |ui| {
            for parameter in &best.parameters {
                ui.label(style::weak(ui, &parameter.name));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.label(cx.number(parameter.value, 4));
                });
                ui.end_row();
            }
        });
    });
}

fn settings_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.label(style::caption(ui, cx.t("All items", "全部商品")));
        let settings = cx.session.project().settings.clone();
        let label = cx.words.with_unit(cx.t("Horizon", "预测期数"), cx.t("periods", "期"));
        if let (Some(horizon), _) = number_ui(ui, &label, settings.horizon.get(), 1..=10_000, 0.1) {
            cx.push(Command::SetHorizon(horizon));
        }
        if let (Some(seed), _) = number_ui(ui, cx.t("Random seed", "随机种子"), settings.seed, 0..=u64::MAX, 0.05) {
            cx.push(Command::SetSeed(seed));
        }
        let is_automatic = settings.models.is_automatic();
        let mut wanted = is_automatic;
        if ui.checkbox(&mut wanted, cx.t("Models by each item's history", "按各商品的历史自动挑选模型")).changed()
        {
            let named = || Models::Named(STANDARD.iter().map(|m| Arc::from(*m)).collect());
            cx.push(Command::SetModels(if wanted { Models::Auto } else { named() }));
        }
        let beside: Vec<String> = settings.models.beside().iter().map(|name| model_label(cx.words, name)).collect();
        if !beside.is_empty() {
            let names = beside.join(cx.t(", ", "、"));
            let words = crate::text!("Beside them: {names}", "另加：{names}");
            ui.add(egui::Label::new(style::caption(ui, cx.words.own(words))).wrap());
        }
        if let Models::Named(names) = &settings.models
            && !is_automatic
        {
            models_ui(ui, cx, names);
        }
        if cx.session.job().is_none() && cx.session.plan().is_none() {
            remark_ui(ui, cx.t("Computation stopped", "计算已停止"), Tone::Warning);
        }
    });
}

/// What stands when the user turns the automatic shortlist off.
const STANDARD: [&str; 4] = ["naive", "seasonal-naive", "ets", "arima"];

fn models_ui(ui: &mut Ui, cx: &mut Cx<'_>, names: &[Arc<str>]) {
    let palette = Palette::of(ui);
    for known in crate::session::models() {
        let mut is_in = names.iter().any(|n| &**n == known.name);
        if ui.checkbox(&mut is_in, RichText::new(cx.words.of(&known.label)).color(palette.text)).changed() {
            let mut list: Vec<Arc<str>> = names.to_vec();
            list.retain(|n| &**n != known.name);
            if is_in {
                list.push(known.name.into());
            }
            if !list.is_empty() {
                cx.push(Command::SetModels(Models::Named(list)));
            }
        }
    }
}
