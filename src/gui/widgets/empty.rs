//! What a panel shows when it has nothing to show: what to do next.

use super::control::primary_button;
use crate::gui::style::{self, space};
use egui::{RichText, TextStyle, Ui};

/// A title, a sentence and up to a few things to do.
#[derive(Debug, Clone, Copy)]
pub(in crate::gui) struct EmptyState<'a> {
    /// What is missing.
    pub(in crate::gui) title: &'a str,
    /// What it would show and how to get there.
    pub(in crate::gui) body: &'a str,
    /// Labels of the buttons; the first stands out.
    pub(in crate::gui) actions: &'a [&'a str],
}

/// Draws the empty state in the middle; returns the index of the button clicked.
pub(in crate::gui) fn empty_ui(ui: &mut Ui, empty: EmptyState<'_>) -> Option<usize> {
    let mut clicked = None;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3 - 40.0).max(space::XL));
        ui.label(RichText::new(empty.title).text_style(TextStyle::Heading));
        ui.add_space(space::XS);
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(460.0));
            ui.add(egui::Label::new(style::weak(ui, empty.body)).wrap());
        });
        ui.add_space(space::M);
        for (k, label) in empty.actions.iter().enumerate() {
            let button = if k == 0 { primary_button(ui, *label) } else { egui::Button::new(*label) };
            if ui.add(button).clicked() {
                clicked = Some(k);
            }
        }
    });
    clicked
}
