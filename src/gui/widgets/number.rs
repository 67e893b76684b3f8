//! A number that is taken when the user is done with it, so that one drag is one change.

use super::control::field_ui;
use crate::report::{Cell, Kind, format};
use crate::words::Language;
use egui::emath::Numeric;
use egui::{DragValue, Response, Ui};
use std::ops::RangeInclusive;

/// A labelled number. Returns the new one at Enter, when the cursor leaves, or when a drag ends.
pub(in crate::gui) fn number_ui<N: Numeric + Send + Sync>(
    ui: &mut Ui,
    label: &str,
    current: N,
    range: RangeInclusive<N>,
    speed: f64,
) -> (Option<N>, Response) {
    let pending = ui.scope_id().with(("pending", label));
    let mut value = ui.data(|d| d.get_temp::<N>(pending)).unwrap_or(current);
    let response = field_ui(ui, label, |ui| {
        let field = DragValue::new(&mut value).range(range).speed(speed).update_while_editing(false);
        ui.add(if N::INTEGRAL { field.max_decimals(0) } else { field.max_decimals(6) })
    });
    if response.dragged() {
        ui.data_mut(|d| d.insert_temp(pending, value));
        return (None, response);
    }
    let is_done = response.drag_stopped() || response.changed();
    if is_done {
        ui.data_mut(|d| d.remove::<N>(pending));
    }
    ((is_done && value != current).then_some(value), response)
}

/// Shows a field's number with thousands marks and reads one back.
pub(in crate::gui) fn with_thousands(field: DragValue<'_>, decimals: u8) -> DragValue<'_> {
    field
        .custom_formatter(move |x, _| format(&Cell::from(x), Kind::Number(decimals), Language::English))
        .custom_parser(parse)
}

/// A number as people type it: thousands marks, a true minus sign and full-width characters allowed.
fn parse(typed: &str) -> Option<f64> {
    let plain: String = typed
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{a0}' | '\''))
        .map(|c| match c {
            '−' | '－' => '-',
            '．' => '.',
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            c => c,
        })
        .collect();
    plain.parse().ok().filter(|x: &f64| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(parse("1,234.5"), Some(1234.5));
        assert_eq!(parse("−12"), Some(-12.0));
        assert_eq!(parse("１２０"), Some(120.0));
        assert_eq!(parse("inf"), None);
        assert_eq!(parse("many"), None);
    }
}
