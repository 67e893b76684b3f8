//! A tiny line without axes, for a row of a list.

use egui::{Color32, Painter, Pos2, Rect, Stroke, pos2};

/// Most points drawn: a row is this many pixels wide at most.
const MOST_POINTS: usize = 60;

/// Draws the last values from left to right, the lowest at the bottom; a constant line runs through the middle.
pub(in crate::gui) fn spark(painter: &Painter, rect: Rect, values: &[f64], color: Color32) {
    let values = &values[values.len().saturating_sub(MOST_POINTS)..];
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    if values.len() < 2 || !(low.is_finite() && high.is_finite()) {
        return;
    }
    let step = rect.width() / (values.len() - 1) as f32;
    let y = |v: f64| {
        let share = if high > low { (v - low) / (high - low) } else { 0.5 };
        rect.bottom() - share as f32 * rect.height()
    };
    let points: Vec<Pos2> =
        values.iter().enumerate().map(|(k, v)| pos2(rect.left() + k as f32 * step, y(*v))).collect();
    painter.line(points, Stroke::new(1.0, color));
}
