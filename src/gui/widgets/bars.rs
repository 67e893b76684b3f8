//! Horizontal bars with their names on the left and their figures on the right.

use crate::gui::style::{Palette, band, size, space};
use egui::{Align2, Color32, FontId, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// One bar, and what it is compared with.
#[derive(Debug, Clone)]
pub(in crate::gui) struct Bar {
    /// What it is.
    pub(in crate::gui) name: String,
    /// Its length; negative bars point left of the zero line.
    pub(in crate::gui) value: f64,
    /// The figure, formatted.
    pub(in crate::gui) figure: String,
    /// The same thing elsewhere, drawn as a mark on the bar's row.
    pub(in crate::gui) mark: Option<f64>,
    /// The bar's colour.
    pub(in crate::gui) color: Color32,
    /// Shown under the pointer.
    pub(in crate::gui) hint: String,
}

const HEIGHT: f32 = 24.0;

/// Draws the bars on one scale over the whole width.
pub(in crate::gui) fn bars_ui(ui: &mut Ui, bars: &[Bar]) {
    let palette = Palette::of(ui);
    let font = TextStyle::Body.resolve(ui.style());
    let width =
        |words: &str, font: &FontId| ui.painter().layout_no_wrap(words.to_owned(), font.clone(), palette.text).size().x;
    let names = bars.iter().map(|b| width(&b.name, &font)).fold(0.0, f32::max).min(ui.available_width() * 0.35);
    let figures = bars.iter().map(|b| width(&b.figure, &font)).fold(0.0, f32::max);
    let all = bars.iter().flat_map(|b| [Some(b.value), b.mark]).flatten().filter(|x| x.is_finite());
    let (low, high) = all.fold((0.0_f64, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    let span = if high > low { high - low } else { 1.0 };
    for bar in bars {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        let track = Rect::from_min_max(
            pos2(rect.left() + names + space::M, rect.top() + 5.0),
            pos2(rect.right() - figures - space::M, rect.bottom() - 5.0),
        );
        let x = |value: f64| track.left() + ((value - low) / span) as f32 * track.width();
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        painter.rect_filled(track, f32::from(size::RADIUS) / 2.0, band(palette.hairline, 0.5));
        let (a, b) = (x(bar.value.min(0.0)), x(bar.value.max(0.0)));
        let body = Rect::from_min_max(pos2(a, track.top()), pos2(b.max(a + 1.0), track.bottom()));
        painter.rect_filled(body, f32::from(size::RADIUS) / 2.0, bar.color);
        if let Some(mark) = bar.mark {
            let x = x(mark);
            painter.line_segment([pos2(x, track.top() - 3.0), pos2(x, track.bottom() + 3.0)], (2.0, palette.text));
        }
        let middle = rect.center().y;
        let name_clip = Rect::from_min_max(rect.min, pos2(rect.left() + names, rect.bottom()));
        ui.painter().with_clip_rect(name_clip.intersect(ui.clip_rect())).text(
            pos2(rect.left(), middle),
            Align2::LEFT_CENTER,
            &bar.name,
            font.clone(),
            palette.text,
        );
        painter.text(pos2(rect.right(), middle), Align2::RIGHT_CENTER, &bar.figure, font.clone(), palette.text);
        let said = format!("{}: {}", bar.name, bar.figure);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        if !bar.hint.is_empty() {
            response.on_hover_text(&bar.hint);
        }
    }
}
