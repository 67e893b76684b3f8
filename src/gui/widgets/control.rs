//! Small controls and groupings.

use super::tile::{Tone, color};
use crate::gui::style::{self, Palette, size, space};
use egui::{Button, Frame, Label, Margin, Response, RichText, TextStyle, Ui, vec2};

/// The one button of a place that does what the user came for.
pub(in crate::gui) fn primary_button(ui: &Ui, label: impl Into<String>) -> Button<'static> {
    let palette = Palette::of(ui);
    let words = RichText::new(label).color(palette.on_accent).text_style(style::text::strong());
    Button::new(words).fill(palette.accent).min_size(vec2(0.0, size::BUTTON))
}

/// A heading over a group of things.
pub(in crate::gui) fn section_ui(ui: &mut Ui, title: &str) {
    ui.add_space(space::XS);
    ui.label(RichText::new(title).text_style(TextStyle::Heading));
}

/// A question over everything else.
pub(in crate::gui) fn modal(context: &egui::Context, id: &'static str) -> egui::Modal {
    let frame = Frame::window(&context.global_style());
    egui::Modal::new(egui::Id::unique(id)).frame(frame)
}

/// A surface with a hairline around it.
pub(in crate::gui) fn card_ui<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = Palette::of(ui);
    Frame::new()
        .fill(palette.surface)
        .stroke(ui.visuals().widgets.noninteractive.bg_stroke)
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, content)
        .inner
}

/// A sentence in the colour of its tone.
pub(in crate::gui) fn remark_ui(ui: &mut Ui, words: &str, tone: Tone) {
    let palette = Palette::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let mark = if tone == Tone::Neutral { "–" } else { "●" };
        ui.label(RichText::new(mark).color(color(palette, tone)));
        ui.add(Label::new(words).wrap());
    });
}

/// One of a few choices, all visible. Returns the one clicked.
pub(in crate::gui) fn segmented_ui<T: PartialEq + Copy>(ui: &mut Ui, current: T, options: &[(T, &str)]) -> Option<T> {
    let mut picked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (value, label) in options {
            if ui.add(Button::selectable(*value == current, *label).frame(true)).clicked() && *value != current {
                picked = Some(*value);
            }
        }
    });
    picked
}

/// A label on the left and a control at the right end of the row; the label names the control.
pub(in crate::gui) fn field_ui(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui) -> Response) -> Response {
    ui.horizontal(|ui| {
        let label = ui.label(style::weak(ui, label));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), control).inner.labelled_by(label.id)
    })
    .inner
}
