//! A strip of cells whose colour says how much.

use crate::gui::style::{Palette, band, size, space};
use egui::{Align2, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// Height of the cells, and of the names of the first and the last below them.
const CELLS: f32 = 26.0;
const NAMES: f32 = 16.0;
/// Strength of the colour of the least: nothing is invisible.
const FAINTEST: f32 = 0.06;
/// Narrowest cell that has a gap to the next.
const GAPPED: f32 = 6.0;

/// Draws weights from left to right, the largest at full strength; `name` says of which the cell at a place is, `figure` how
/// much, and `said` what the strip says as a whole.
pub(in crate::gui) fn heat_strip_ui(
    ui: &mut Ui,
    weights: &[f64],
    name: impl Fn(usize) -> String,
    figure: impl Fn(f64) -> String,
    said: &str,
) {
    let palette = Palette::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CELLS + NAMES), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    let largest = weights.iter().fold(0.0_f64, |m, w| m.max(*w));
    if weights.is_empty() || largest <= 0.0 {
        return;
    }
    let width = rect.width() / weights.len() as f32;
    let gap = if width >= GAPPED { 1.0 } else { 0.0 };
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let cell = |k: usize| {
        let left = rect.left() + k as f32 * width;
        Rect::from_min_max(pos2(left, rect.top()), pos2(left + width - gap, rect.top() + CELLS))
    };
    painter.rect_filled(
        Rect::from_min_size(rect.min, vec2(rect.width(), CELLS)),
        f32::from(size::RADIUS) / 2.0,
        palette.well,
    );
    for (k, weight) in weights.iter().enumerate() {
        let strength = FAINTEST.max((weight / largest) as f32);
        painter.rect_filled(cell(k), 2.0, band(palette.accent, strength));
    }
    let font = TextStyle::Small.resolve(ui.style());
    let below = rect.top() + CELLS + space::XS / 2.0;
    painter.text(pos2(rect.left(), below), Align2::LEFT_TOP, name(0), font.clone(), palette.weak);
    if weights.len() > 1 {
        let last = name(weights.len() - 1);
        painter.text(pos2(rect.right(), below), Align2::RIGHT_TOP, last, font, palette.weak);
    }
    if let Some(at) = response.hover_pos() {
        let k = (((at.x - rect.left()) / width).max(0.0) as usize).min(weights.len() - 1);
        painter.rect_stroke(cell(k), 2.0, (1.5, palette.text), egui::StrokeKind::Inside);
        response.on_hover_text_at_pointer(format!("{}: {}", name(k), figure(weights[k])));
    }
}
