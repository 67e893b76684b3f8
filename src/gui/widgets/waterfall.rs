//! A sum as bars that each start where the one above ends.

use crate::gui::style::{Palette, band, size, space};
use egui::{Align2, Color32, Rect, Role, Sense, TextStyle, Ui, WidgetInfo, pos2, vec2};

/// One summand, or the sum itself.
#[derive(Debug, Clone)]
pub(in crate::gui) struct Fall {
    /// What it is.
    pub(in crate::gui) name: String,
    /// Where the bar starts and where it ends.
    pub(in crate::gui) from: f64,
    pub(in crate::gui) to: f64,
    /// The figure, formatted.
    pub(in crate::gui) figure: String,
    /// What the pointer is told; the name and the figure where this is empty.
    pub(in crate::gui) note: String,
    /// The bar's colour.
    pub(in crate::gui) color: Color32,
    /// True for the sum, which is emphasised.
    pub(in crate::gui) is_total: bool,
}

/// Height of a row.
pub(in crate::gui) const FALL: f32 = 22.0;

/// Draws the bars on one scale over the whole width.
pub(in crate::gui) fn waterfall_ui(ui: &mut Ui, falls: &[Fall]) {
    let palette = Palette::of(ui);
    let (font, strong) = (TextStyle::Body.resolve(ui.style()), crate::gui::style::text::strong().resolve(ui.style()));
    let width = |words: &str| ui.painter().layout_no_wrap(words.to_owned(), strong.clone(), palette.text).size().x;
    let names = falls.iter().map(|f| width(&f.name)).fold(0.0, f32::max).min(ui.available_width() * 0.4);
    let figures = falls.iter().map(|f| width(&f.figure)).fold(0.0, f32::max);
    let (low, high) = scale(falls);
    let span = if high > low { high - low } else { 1.0 };
    ui.spacing_mut().item_spacing.y = 0.0;
    for (k, fall) in falls.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), FALL), Sense::hover());
        let track = Rect::from_min_max(
            pos2(rect.left() + names + space::M, rect.top() + 3.0),
            pos2(rect.right() - figures - space::M, rect.bottom() - 3.0),
        );
        let x = |value: f64| track.left() + ((value - low).max(0.0) / span) as f32 * track.width();
        let painter = ui.painter().with_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
        painter.rect_filled(track, f32::from(size::RADIUS) / 2.0, band(palette.hairline, 0.5));
        let (a, b) = (x(fall.from.min(fall.to)), x(fall.from.max(fall.to)));
        let body = Rect::from_min_max(pos2(a, track.top()), pos2(b.max(a + 1.0), track.bottom()));
        painter.rect_filled(body, f32::from(size::RADIUS) / 2.0, fall.color);
        if low > fall.from.min(fall.to) {
            cut(&painter, body, palette.well);
        }
        // A thread from each bar's end to the start of the next.
        if k + 1 < falls.len() {
            let x = x(fall.to);
            painter.line_segment([pos2(x, track.bottom()), pos2(x, rect.bottom() + 3.0)], (1.0, palette.weak));
        }
        let font = if fall.is_total { &strong } else { &font };
        let name_clip = Rect::from_min_max(rect.min, pos2(rect.left() + names, rect.bottom()));
        let left = pos2(rect.left(), rect.center().y);
        let painter = ui.painter().with_clip_rect(name_clip.intersect(ui.clip_rect()));
        painter.text(left, Align2::LEFT_CENTER, &fall.name, font.clone(), palette.text);
        let right = pos2(rect.right(), rect.center().y);
        ui.painter().text(right, Align2::RIGHT_CENTER, &fall.figure, font.clone(), palette.text);
        let said = format!("{}: {}", fall.name, fall.figure);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
        response.on_hover_ui(|ui| {
            ui.label(if fall.note.is_empty() { &said } else { &fall.note });
        });
    }
}

/// Parts whose sums differ by less than this share of the largest are looked at closer: the scale begins short of them.
const CLOSE: f64 = 0.3;
/// Share of the sums' range that is left before the lowest.
const BEFORE: f64 = 0.6;
/// Where a bar that begins before the scale is cut, and how wide, points.
const CUT: (f32, f32) = (10.0, 3.0);

/// Both ends of the scale.
fn scale(falls: &[Fall]) -> (f64, f64) {
    let all = || falls.iter().flat_map(|f| [f.from, f.to]).filter(|x| x.is_finite());
    let (low, high) = all().fold((0.0_f64, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    let least = falls.iter().map(|f| f.to).filter(|x| x.is_finite()).fold(high, f64::min);
    let range = high - least;
    let is_close = low >= 0.0 && range > 0.0 && range < CLOSE * high;
    (if is_close { (least - BEFORE * range).max(0.0) } else { low }, high)
}

/// A slanted gap near a bar's start: it begins before the scale does.
fn cut(painter: &egui::Painter, body: Rect, color: Color32) {
    let (x, width) = (body.left() + CUT.0, CUT.1);
    for shift in [0.0, 2.0 * width] {
        let line = [pos2(x + shift + width, body.top()), pos2(x + shift - width, body.bottom())];
        painter.line_segment(line, (width / 2.0, color));
    }
}

#[cfg(test)]
mod tests {
    use super::{Fall, scale};
    use egui::Color32;

    #[test]
    fn small_parts_of_a_large_level_are_looked_at_closer() {
        let fall = |from: f64, to: f64| Fall {
            name: String::new(),
            from,
            to,
            figure: String::new(),
            note: String::new(),
            color: Color32::BLACK,
            is_total: false,
        };
        let (low, high) = scale(&[fall(0.0, 1179.0), fall(1179.0, 1191.0), fall(0.0, 1191.0)]);
        assert!(low > 1170.0 && low < 1179.0 && high > 1190.0, "{low} {high}");
        assert_eq!(scale(&[fall(0.0, 100.0), fall(100.0, 40.0), fall(0.0, 40.0)]), (0.0, 100.0));
        assert_eq!(scale(&[fall(0.0, 7.0), fall(0.0, 7.0)]), (0.0, 7.0), "nothing but the level");
        assert_eq!(scale(&[fall(0.0, -5.0), fall(-5.0, -4.0), fall(0.0, -4.0)]), (-5.0, 0.0));
    }
}
