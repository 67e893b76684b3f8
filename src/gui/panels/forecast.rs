//! *Forecast*: what the item may sell, by which model, and why that one.

use super::forecast_chart::{self, Shown};
use super::{nothing_yet_ui, training};
use crate::gui::context::Cx;
use crate::gui::navigator::name_combo;
use crate::gui::style::{self, Palette, size, space};
use crate::gui::text::model_label;
use crate::gui::widgets::{Tone, card_ui, number_ui, remark_ui, section_ui};
use crate::model::Series;
use crate::report::{Cell, Table, accuracy_table};
use crate::session::{Command, Focus, Models};
use crate::words::Language;
use egui::{ComboBox, Panel as Side, RichText, ScrollArea, TextStyle, Ui};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the panel remembers.
pub(super) struct View {
    shown: Shown,
    /// Names that the user clicked away in the legend.
    hidden: BTreeSet<String>,
    training: training::View,
    /// Accuracy of the item shown; made when the item or its forecasts change.
    accuracy: Option<(crate::model::SeriesForecast, Language, Table)>,
}

impl Default for View {
    fn default() -> Self {
        let shown = Shown { all_models: true, fitted: false, intervals: true };
        Self { shown, hidden: BTreeSet::new(), training: training::View::default(), accuracy: None }
    }
}

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let series = session.project().sales.as_ref().zip(session.selected()).and_then(|(s, id)| s.panel.get(id));
        let Some((focus, series)) = session.focus().zip(series) else { return nothing_yet_ui(ui, cx) };
        side_ui(ui, "forecast side", |ui| self.side_ui(ui, cx, focus));
        self.chart_ui(ui, cx, series, focus);
        self.accuracy_ui(ui, cx, focus);
    }

    fn chart_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, series: &Series, focus: &Focus) {
        ui.horizontal(|ui| {
            title_ui(ui, cx, focus);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.checkbox(&mut self.shown.all_models, cx.t("All models", "全部模型"));
                ui.checkbox(&mut self.shown.fitted, cx.t("Fitted", "拟合值"));
                ui.checkbox(&mut self.shown.intervals, cx.t("Intervals", "区间"));
            });
        });
        let height = (ui.available_height() * 0.56).max(160.0);
        forecast_chart::show_ui(ui, cx, (series, focus), self.shown, &mut self.hidden, height);
    }

    fn accuracy_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        section_ui(ui, cx.t("Accuracy over rolling origins", "滚动回测精度"));
        ui.horizontal(|ui| {
            let hint = cx.t("Click a row to use that model for this item", "点击一行即为该商品选用该模型");
            ui.label(style::caption(ui, hint));
            cx.export_ui(ui, "accuracy");
        });
        let made = self.accuracy.take().filter(|(of, language, _)| *of == focus.series && *language == cx.language());
        let (of, _, table) = made.unwrap_or_else(|| {
            let mut table = accuracy_table(std::slice::from_ref(&focus.series)).without(&["item", "location"]);
            // Pooled rows repeat a single item's.
            let pooled = table.rows.len() - focus.series.scores.len();
            table.rows.drain(..pooled);
            if let Some(column) = table.column("model") {
                for (row, score) in table.rows.iter_mut().zip(&focus.series.scores) {
                    row[column] = Cell::Code(model_label(cx.words, &score.model));
                }
            }
            (focus.series.clone(), cx.language(), table)
        });
        let best = of.best().model.clone();
        let is_chosen = |row: usize| of.scores.get(row).is_some_and(|s| s.model == best);
        if let Some(row) = cx.table_ui(ui, "accuracy", &table, &is_chosen)
            && let Some(score) = of.scores.get(row)
            && score.model != best
        {
            cx.push(Command::ChooseModel(focus.id.clone(), Some(score.model.clone())));
        }
        self.accuracy = Some((of, cx.language(), table));
    }

    fn side_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        choice_ui(ui, cx, focus);
        ui.add_space(space::S);
        settings_ui(ui, cx);
        ui.add_space(space::S);
        self.training.show_ui(ui, cx, focus);
    }
}

/// A column of controls at a panel's right; it scrolls when it is longer than the panel.
pub(super) fn side_ui(ui: &mut Ui, id: &'static str, content: impl FnOnce(&mut Ui)) {
    let margin = egui::Margin { left: 16, right: 0, top: 0, bottom: 0 };
    Side::right(id)
        .exact_size(size::SIDE)
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().fill(ui.visuals().panel_fill).inner_margin(margin))
        .show(ui, |ui| ScrollArea::vertical().auto_shrink(false).show(ui, content));
}

/// Item, location, name.
pub(super) fn title_ui(ui: &mut Ui, cx: &Cx<'_>, focus: &Focus) {
    ui.label(RichText::new(focus.id.to_string()).text_style(TextStyle::Heading));
    ui.label(style::weak(ui, &*focus.item.name));
    if cx.is_updating() {
        ui.label(style::caption(ui, cx.t("updating…", "更新中…")));
    }
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
        ui.label(cx.words.of(&focus.series.why));
        parameters_ui(ui, cx, focus);
    });
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
        let is_automatic = settings.models == Models::Auto;
        let mut wanted = is_automatic;
        if ui.checkbox(&mut wanted, cx.t("Models by each item's history", "按各商品的历史自动挑选模型")).changed()
        {
            let named = || Models::Named(STANDARD.iter().map(|m| Arc::from(*m)).collect());
            cx.push(Command::SetModels(if wanted { Models::Auto } else { named() }));
        }
        if let Models::Named(names) = &settings.models {
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
