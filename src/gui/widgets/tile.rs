//! Figure tiles that read across the room.

use crate::gui::style::{self, Palette, size, space, text};
use egui::{Align, Frame, Label, Layout, Margin, RichText, TextStyle, Ui, vec2};

/// How a change reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::gui) enum Tone {
    /// Neither better nor worse.
    Neutral,
    /// Better.
    Good,
    /// Worth a look.
    Warning,
    /// Worse.
    Bad,
}

/// One figure with its label and unit, and what changed.
#[derive(Debug, Clone)]
pub(in crate::gui) struct Tile {
    /// What it is, with its unit.
    pub(in crate::gui) label: String,
    /// The figure.
    pub(in crate::gui) value: String,
    /// A remark beside it, such as the difference to the base.
    pub(in crate::gui) note: Option<(String, Tone)>,
    /// What the figure is made of, shown under the pointer; may be empty.
    pub(in crate::gui) why: String,
}

impl Tile {
    /// A tile without a remark.
    pub(in crate::gui) fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), note: None, why: String::new() }
    }

    /// The same tile with a remark.
    pub(in crate::gui) fn note(mut self, note: Option<(String, Tone)>) -> Self {
        self.note = note;
        self
    }

    /// The same tile with its derivation under the pointer.
    pub(in crate::gui) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }
}

/// Tiles side by side over the whole width, in as many rows as they need.
pub(in crate::gui) fn tiles_ui(ui: &mut Ui, tiles: &[Tile]) {
    let gap = space::S;
    let fit = ((ui.available_width() + gap) / (size::TILE_WIDTH + gap)).floor().max(1.0) as usize;
    let rows = tiles.len().div_ceil(fit).max(1);
    let columns = tiles.len().div_ceil(rows).max(1);
    let width = ((ui.available_width() + gap) / columns as f32 - gap).floor();
    for row in tiles.chunks(columns) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for tile in row {
                tile_ui(ui, tile, width);
            }
        });
    }
}

fn tile_ui(ui: &mut Ui, tile: &Tile, width: f32) {
    let palette = Palette::of(ui);
    let frame = Frame::new()
        .fill(palette.surface)
        .stroke(ui.visuals().widgets.noninteractive.bg_stroke)
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::symmetric(10, 7));
    let inner = vec2(width - 22.0, size::TILE - 16.0);
    let response = frame.show(ui, |ui| {
        ui.set_min_size(inner);
        ui.set_max_width(inner.x);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::XS, 1.0);
            ui.add(Label::new(style::caption(ui, &tile.label)).truncate());
            ui.with_layout(Layout::left_to_right(Align::BOTTOM), |ui| {
                ui.label(RichText::new(&tile.value).text_style(text::figure()));
                if let Some((note, tone)) = &tile.note {
                    let words = RichText::new(note).text_style(TextStyle::Small).color(color(palette, *tone));
                    ui.add(Label::new(words).truncate());
                }
            });
        });
    });
    if !tile.why.is_empty() {
        response.response.on_hover_text(&tile.why);
    }
}

/// The colour of a tone.
pub(in crate::gui) fn color(palette: &Palette, tone: Tone) -> egui::Color32 {
    match tone {
        Tone::Neutral => palette.weak,
        Tone::Good => palette.good,
        Tone::Warning => palette.warning,
        Tone::Bad => palette.bad,
    }
}
