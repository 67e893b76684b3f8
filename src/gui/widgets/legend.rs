//! A legend above a chart: it never hides the data, and a click hides or shows a line.

use crate::gui::style::{Palette, space};
use egui::{Color32, Rect, Response, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeSet;

/// How an entry is drawn on the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gui) enum Mark {
    /// A line.
    Line,
    /// A broken line.
    Dashed,
    /// A line of dots.
    Dotted,
    /// A band or bars.
    Area,
    /// Points.
    Point,
}

/// One entry.
#[derive(Debug, Clone)]
pub(in crate::gui) struct Entry {
    /// What it is.
    pub(in crate::gui) name: String,
    /// Its colour on the chart.
    pub(in crate::gui) color: Color32,
    /// How it is drawn.
    pub(in crate::gui) mark: Mark,
}

impl Entry {
    /// An entry.
    pub(in crate::gui) fn new(name: impl Into<String>, color: Color32, mark: Mark) -> Self {
        Self { name: name.into(), color, mark }
    }
}

/// Draws the entries in a row that wraps; a click hides or shows what an entry stands for.
pub(in crate::gui) fn legend_ui(ui: &mut Ui, entries: &[Entry], hidden: &mut BTreeSet<String>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, 2.0);
        for entry in entries {
            let is_hidden = hidden.contains(&entry.name);
            if entry_ui(ui, entry, is_hidden).clicked() && !hidden.remove(&entry.name) {
                hidden.insert(entry.name.clone());
            }
        }
    });
}

fn entry_ui(ui: &mut Ui, entry: &Entry, is_hidden: bool) -> Response {
    const SAMPLE: f32 = 14.0;
    let palette = Palette::of(ui);
    let font = TextStyle::Small.resolve(ui.style());
    let words = ui.painter().layout_no_wrap(entry.name.clone(), font, palette.text);
    let size = vec2(SAMPLE + 5.0 + words.size().x, words.size().y.max(SAMPLE));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, !is_hidden, &entry.name));
    let strength = if is_hidden { 0.35 } else { 1.0 };
    let (color, middle) = (entry.color.gamma_multiply(strength), rect.center().y);
    let painter = ui.painter();
    let (left, right) = (rect.left(), rect.left() + SAMPLE);
    let stroke = Stroke::new(2.0, color);
    match entry.mark {
        Mark::Line => _ = painter.line_segment([pos2(left, middle), pos2(right, middle)], stroke),
        Mark::Dashed => {
            for from in [left, left + 5.5, left + 11.0] {
                painter.line_segment([pos2(from, middle), pos2((from + 3.0).min(right), middle)], stroke);
            }
        }
        Mark::Dotted => {
            for at in [left + 1.0, left + 5.0, left + 9.0, left + 13.0] {
                painter.circle_filled(pos2(at, middle), 1.2, color);
            }
        }
        Mark::Area => {
            let area = Rect::from_min_max(pos2(left, middle - 5.0), pos2(right, middle + 5.0));
            painter.rect_filled(area, 2.0, color);
        }
        Mark::Point => _ = painter.circle_filled(pos2(left + SAMPLE / 2.0, middle), 4.0, color),
    }
    let text = if response.hovered() { palette.accent } else { palette.text };
    let at = pos2(right + 5.0, middle - words.size().y / 2.0);
    painter.galley_with_override_text_color(at, words, text.gamma_multiply(strength.max(0.5)));
    response
}
