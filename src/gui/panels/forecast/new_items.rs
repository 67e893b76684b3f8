//! New items: which known item they are like or replace.

use crate::gui::context::Cx;
use crate::gui::style;
use crate::gui::widgets::{card_ui, field_ui, segmented_ui};
use crate::model::{SeriesId, Succession, SuccessionKind};
use crate::session::{Command, Focus};
use crate::text;
use egui::{DragValue, Role, TextEdit, Ui, WidgetInfo};

/// What is typed.
pub(super) struct View {
    of: Option<SeriesId>,
    new: String,
    reference: String,
    location: String,
    multiplier: f64,
    launch_periods: usize,
    kind: SuccessionKind,
}

impl Default for View {
    fn default() -> Self {
        Self {
            of: None,
            new: String::new(),
            reference: String::new(),
            location: String::new(),
            multiplier: 1.0,
            launch_periods: 0,
            kind: SuccessionKind::Like,
        }
    }
}

/// Width of a typed code.
const CODE: f32 = 130.0;
/// Largest multiplier and longest launch that may be typed.
const MOST_MULTIPLIED: f64 = 1e6;
const LONGEST_LAUNCH: usize = 1_000;

impl View {
    pub(super) fn show_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, focus: &Focus) {
        if self.of.as_ref() != Some(&focus.id) {
            let (item, location) = (focus.id.item.to_string(), focus.id.location.to_string());
            *self = Self { of: Some(focus.id.clone()), reference: item, location, ..Self::default() };
        }
        card_ui(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(style::caption(ui, cx.t("New items and successors", "新品与替代品")));
            list_ui(ui, cx);
            self.form_ui(ui, cx);
        });
    }

    fn form_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let options =
            [(SuccessionKind::Like, cx.t("Is like", "类似于")), (SuccessionKind::Replace, cx.t("Replaces", "替代"))];
        typed_ui(ui, cx.t("New item", "新品编码"), &mut self.new);
        if let Some(kind) = segmented_ui(ui, self.kind, &options) {
            self.kind = kind;
        }
        typed_ui(ui, cx.t("Known item", "参照商品"), &mut self.reference);
        typed_ui(ui, cx.t("Location", "地点"), &mut self.location);
        let new = SeriesId::new(self.new.trim(), self.location.trim());
        if let Some(like) = super::shapes::proposals_ui(ui, cx, &new) {
            self.reference = like.item.to_string();
        }
        let units = cx.t("Units per unit of the known item", "相当于参照商品的倍数");
        field_ui(ui, units, |ui| {
            ui.add(DragValue::new(&mut self.multiplier).range(1e-6..=MOST_MULTIPLIED).speed(0.01).max_decimals(4))
        });
        let label = cx.words.with_unit(cx.t("Launch", "上市爬坡"), cx.t("periods", "期"));
        field_ui(ui, &label, |ui| {
            ui.add(DragValue::new(&mut self.launch_periods).range(0..=LONGEST_LAUNCH).speed(0.1))
        });
        let id = |item: &str| SeriesId::new(item.trim(), self.location.trim());
        let (new, reference) = (id(&self.new), id(&self.reference));
        let is_known = cx.session.planned_panel().is_some_and(|panel| panel.get(&reference).is_some());
        let is_sound = is_known && !self.new.trim().is_empty() && new != reference;
        let response = ui.add_enabled(is_sound, egui::Button::new(cx.t("Add new item", "添加新品")));
        let hint = cx.t(
            "Name a new item, and a known one that has been sold at the location",
            "请填写新品编码，以及在该地点有销量的参照商品",
        );
        if response.on_disabled_hover_text(hint).clicked() {
            let (multiplier, launch_periods, kind) = (self.multiplier, self.launch_periods, self.kind);
            let succession = Succession { new: new.clone(), reference, multiplier, launch_periods, kind };
            cx.push(Command::SetSuccession(None, succession));
            cx.push(Command::Select(new));
        }
    }
}

fn list_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut removed = None;
    for (k, s) in cx.session.project().successions.iter().enumerate() {
        let (new, reference, multiplier) = (&s.new, &s.reference, cx.number(s.multiplier, 2));
        let words = match s.kind {
            SuccessionKind::Like => {
                text!("{new} is like {multiplier} × {reference}", "{new} 类似于 {multiplier} × {reference}")
            }
            SuccessionKind::Replace => {
                text!("{new} replaces {reference} × {multiplier}", "{new} 替代 {reference} × {multiplier}")
            }
        };
        ui.label(cx.words.own(words));
        let response = ui.small_button(cx.t("Remove", "删除"));
        let name = format!("{} {new}", cx.t("Remove", "删除"));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.clicked() {
            removed = Some(k);
        }
    }
    if let Some(k) = removed {
        cx.push(Command::RemoveSuccession(k));
    }
}

fn typed_ui(ui: &mut Ui, label: &str, value: &mut String) {
    field_ui(ui, label, |ui| {
        let response = ui.add(TextEdit::singleline(value).desired_width(CODE).char_limit(200));
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
        response
    });
}
