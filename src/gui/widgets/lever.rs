//! A slider with its figure, the base's mark and a way back.

use super::number::with_thousands;
use crate::gui::style::{self, Palette};
use crate::gui::text::Words;
use crate::report::{Cell, Kind, format};
use crate::session::Gesture;
use crate::words::Language;
use egui::{Align, Button, DragValue, Layout, Response, Slider, Stroke, Ui, pos2};
use std::ops::RangeInclusive;

/// One lever as the user sees it. A share is shown in percent.
#[derive(Debug, Clone)]
pub(in crate::gui) struct LeverRow<'a> {
    /// What it moves.
    pub(in crate::gui) label: &'a str,
    /// Unit behind the figure; "%" for a share.
    pub(in crate::gui) unit: &'a str,
    /// Present value, in the unit shown.
    pub(in crate::gui) value: f64,
    /// The base scenario's value, in the unit shown.
    pub(in crate::gui) base: f64,
    /// Ends of the slider; a typed value may lie beyond the upper one.
    pub(in crate::gui) range: RangeInclusive<f64>,
    /// Hardest upper limit of a typed value.
    pub(in crate::gui) most: f64,
    /// Decimals shown.
    pub(in crate::gui) decimals: u8,
    /// True when the scenario overrides the base here.
    pub(in crate::gui) is_moved: bool,
    /// What the lever does; shown under the pointer.
    pub(in crate::gui) hint: &'a str,
}

/// What the user did with a lever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::gui) enum Moved {
    /// It has this value now.
    To(f64, Gesture),
    /// Back to the base's value.
    Reset,
}

/// Draws a lever; returns what the user did with it.
pub(in crate::gui) fn lever_ui(ui: &mut Ui, words: Words, row: &LeverRow<'_>) -> Option<Moved> {
    let mut value = row.value;
    let mut moved = None;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal(|ui| {
            let label = ui.label(row.label);
            let label = if row.hint.is_empty() { label } else { label.on_hover_text(row.hint) };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let field = DragValue::new(&mut value)
                    .range(*row.range.start()..=row.most)
                    // What the data holds stands until the user moves it.
                    .clamp_existing_to_range(false)
                    .speed((row.range.end() - row.range.start()) / 400.0)
                    .suffix(if row.unit.is_empty() { String::new() } else { format!(" {}", row.unit) })
                    .update_while_editing(false);
                let field = with_thousands(field, row.decimals);
                let response = ui.add(field).labelled_by(label.id);
                // Leaving the field reads back what it showed: the rounded figure, which nobody entered.
                let is_entered = response.dragged() || rounded(value, row.decimals) != rounded(row.value, row.decimals);
                moved = moved.or(gesture(&response, value).filter(|_| is_entered || response.drag_stopped()));
                if row.is_moved {
                    let reset = Button::new(style::caption(ui, words.t("Reset", "还原"))).small();
                    let base = format(&Cell::from(row.base), Kind::Number(row.decimals), words.0);
                    let base = format!("{}: {base} {}", words.t("Base", "基准"), row.unit);
                    let response = ui.add(reset).on_hover_text(base);
                    let name = format!("{} {}", words.t("Reset", "还原"), row.label);
                    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                    if response.clicked() {
                        moved = Some(Moved::Reset);
                    }
                }
            });
        });
        ui.spacing_mut().slider_width = ui.available_width();
        ui.visuals_mut().selection.bg_fill = Palette::of(ui).accent;
        let slider = Slider::new(&mut value, row.range.clone())
            .show_value(false)
            .clamping(egui::SliderClamping::Never)
            .smart_aim(true);
        let response = ui.add(slider);
        response.widget_info(|| egui::WidgetInfo::slider(true, value, row.label));
        base_mark(ui, &response, row);
        moved = moved.or(gesture(&response, value));
    });
    moved
}

/// The figure as the field shows it.
fn rounded(x: f64, decimals: u8) -> String {
    format(&Cell::from(x), Kind::Number(decimals), Language::English)
}

/// A drag follows the pointer; a click, a key and the end of a drag stand.
fn gesture(response: &Response, value: f64) -> Option<Moved> {
    let is_held = response.dragged() || response.is_pointer_button_down_on();
    if response.changed() {
        return Some(Moved::To(value, if is_held { Gesture::Drag } else { Gesture::Commit }));
    }
    let is_let_go = response.drag_stopped() || (response.clicked() && !response.has_focus());
    is_let_go.then_some(Moved::To(value, Gesture::Commit))
}

/// A tick on the rail where the base stands.
fn base_mark(ui: &Ui, response: &Response, row: &LeverRow<'_>) {
    let (from, to) = (*row.range.start(), *row.range.end());
    if !row.is_moved || to <= from || !row.range.contains(&row.base) {
        return;
    }
    let handle = response.rect.height() / 2.5;
    let (left, right) = (response.rect.left() + handle, response.rect.right() - handle);
    let x = left + ((row.base - from) / (to - from)) as f32 * (right - left);
    let (top, bottom) = (response.rect.top() + 2.0, response.rect.bottom() - 2.0);
    let stroke = Stroke::new(1.5, Palette::of(ui).weak);
    ui.painter().line_segment([pos2(x, top), pos2(x, top + 5.0)], stroke);
    ui.painter().line_segment([pos2(x, bottom - 5.0), pos2(x, bottom)], stroke);
}
