//! Cells for people: thousands marks, decimals by kind, a dash for the unknown.

use super::table::{Cell, Kind};
use crate::words::Language;

/// From here on a number is shown with an exponent: more digits than a column, or than a double, holds.
const EXPONENT_FROM: f64 = 1e15;
/// The smallest p-value told as it is.
const LEAST_CHANCE: f64 = 0.001;

/// A cell for people: thousands marks and decimals by kind, "–" for the unknown and the not finite.
///
/// Numbers in a [`Kind::Text`] column show up to three decimals, trailing zeros cut.
pub fn format(cell: &Cell, kind: Kind, language: Language) -> String {
    match cell {
        Cell::Empty => "–".to_owned(),
        Cell::Code(code) => code.clone(),
        Cell::Words(text) => text.get(language).to_owned(),
        Cell::Number(x) if !x.is_finite() => "–".to_owned(),
        Cell::Number(x) => number(*x, kind),
    }
}

fn number(x: f64, kind: Kind) -> String {
    match kind {
        Kind::Number(decimals) => grouped(x, usize::from(decimals)),
        Kind::Integer => grouped(x, 0),
        Kind::Money => grouped(x, 2),
        Kind::Chance if (0.0..LEAST_CHANCE).contains(&x) => format!("<{LEAST_CHANCE}"),
        Kind::Chance => grouped(x, 3),
        Kind::Percent => grouped(x * 100.0, 1) + "%",
        Kind::Text => {
            let text = grouped(x, 3);
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
    }
}

/// `−1,234.50`: commas every three digits, a true minus sign, never "−0".
fn grouped(x: f64, decimals: usize) -> String {
    if x.abs() >= EXPONENT_FROM {
        return format!("{x:.3e}").replacen('-', "−", 1);
    }
    let digits = format!("{:.decimals$}", x.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let negative = x < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b));
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 3);
    if negative {
        text.push('−');
    }
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
