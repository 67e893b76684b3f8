//! Text → number: decimal marks, thousands marks, currency signs, brackets and dashes.

use super::limits::MAX_NUMBER;

/// Which character separates whole and fraction in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum DecimalMark {
    /// `1,234.5`
    #[default]
    Point,
    /// `1.234,5`
    Comma,
}

/// Why a cell is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    /// Nothing there, or a word for nothing: `-`, `NA`, `null`.
    Empty,
    /// NaN or infinite, or beyond ±10¹⁵.
    NotFinite,
    /// Anything else.
    Text,
}

/// What the cells of a column say about its decimal mark.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MarkEvidence {
    point: u64,
    comma: u64,
    either_comma: u64,
    either_point: u64,
}

/// The mark that a column uses, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkChoice {
    /// All cells agree.
    Sure(DecimalMark),
    /// All cells with a mark read as thousands or as three decimals: `1,234`.
    Ambiguous(DecimalMark),
    /// Cells contradict one another; this is the majority.
    Mixed(DecimalMark),
}

impl MarkChoice {
    /// The mark chosen.
    pub(super) fn mark(self) -> DecimalMark {
        match self {
            Self::Sure(m) | Self::Ambiguous(m) | Self::Mixed(m) => m,
        }
    }
}

impl MarkEvidence {
    /// Looks at one cell.
    pub(super) fn see(&mut self, text: &str) {
        let bytes = text.as_bytes();
        if bytes.iter().all(u8::is_ascii_digit) {
            return;
        }
        let points = text.matches('.').count();
        let commas = text.matches(',').count();
        if points + commas == 0 || !bytes.iter().any(u8::is_ascii_digit) {
            return;
        }
        let last = |mark: u8| bytes.iter().rposition(|b| *b == mark);
        match (points, commas) {
            (0, 1) if reads_as_thousands(bytes, b',') => self.either_comma += 1,
            (1, 0) if reads_as_thousands(bytes, b'.') => self.either_point += 1,
            (0, 1) => self.comma += 1,
            (1, 0) | (0, _) => self.point += 1,
            (_, 0) => self.comma += 1,
            _ if last(b'.') > last(b',') => self.point += 1,
            _ => self.comma += 1,
        }
    }

    /// Decides; `european` is the file's own habit (semicolons between columns) where the cells leave it open.
    pub(super) fn decide(self, european: bool) -> MarkChoice {
        use DecimalMark::{Comma, Point};
        let habit = if european { Comma } else { Point };
        match (self.point, self.comma) {
            (0, 0) if self.either_comma > 0 || (self.either_point > 0 && european) => MarkChoice::Ambiguous(habit),
            (0, 0) => MarkChoice::Sure(if self.either_point > 0 { Point } else { habit }),
            (_, 0) => MarkChoice::Sure(Point),
            (0, _) => MarkChoice::Sure(Comma),
            (point, comma) => MarkChoice::Mixed(if point >= comma { Point } else { Comma }),
        }
    }
}

/// `1,234` or `12.345`: one to three digits without leading zero, the mark, exactly three digits.
fn reads_as_thousands(bytes: &[u8], mark: u8) -> bool {
    let Some(at) = bytes.iter().position(|b| *b == mark) else { return false };
    let before: Vec<u8> = bytes[..at].iter().copied().filter(u8::is_ascii_digit).collect();
    let after = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=3).contains(&before.len()) && before[0] != b'0' && after == 3
}

/// Words that mean "no value".
const NOTHING: &[&str] = &["", "-", "--", "—", "/", "na", "n/a", "#n/a", "null", "none", "nil", "无", "空"];
/// Words for values that no sum survives.
const NOT_FINITE: &[&str] =
    &["nan", "inf", "+inf", "-inf", "infinity", "-infinity", "+infinity", "∞", "-∞", "#div/0!", "#num!", "#value!"];

/// Reads a number.
///
/// # Errors
/// [`NumberFault`]: empty, not finite (or beyond [`MAX_NUMBER`]), or text.
pub(super) fn parse(text: &str, mark: DecimalMark) -> Result<f64, NumberFault> {
    let bytes = text.as_bytes();
    if !bytes.is_empty() && bytes.len() <= 15 && bytes.iter().all(u8::is_ascii_digit) {
        return Ok(bytes.iter().fold(0_u64, |n, b| n * 10 + u64::from(b - b'0')) as f64);
    }
    if bytes.len() <= 12 {
        let word = text.to_lowercase();
        if NOTHING.contains(&word.as_str()) {
            return Err(NumberFault::Empty);
        }
        if NOT_FINITE.contains(&word.as_str()) {
            return Err(NumberFault::NotFinite);
        }
    }
    let plain = normalise(text, mark).ok_or(NumberFault::Text)?;
    let Ok(value) = plain.parse::<f64>() else { return Err(NumberFault::Text) };
    if value.abs() <= MAX_NUMBER { Ok(value) } else { Err(NumberFault::NotFinite) }
}

/// Longest text that can still be a number.
const MAX_DIGITS_TEXT: usize = 64;

/// Rewrites a human's number as Rust's: `(1.234,50 €)` → `-1234.50`.
fn normalise(text: &str, mark: DecimalMark) -> Option<String> {
    if text.len() > MAX_DIGITS_TEXT {
        return None;
    }
    let mut body = text.trim();
    let mut negative = false;
    if let Some(inner) = body.strip_prefix(['(', '（']).and_then(|b| b.strip_suffix([')', '）'])) {
        (body, negative) = (inner, true);
    }
    body = strip_currency(body);
    if let Some(rest) = body.strip_prefix(is_minus) {
        (body, negative) = (strip_currency(rest), !negative);
    } else if let Some(rest) = body.strip_suffix(is_minus) {
        (body, negative) = (strip_currency(rest), !negative);
    } else if let Some(rest) = body.strip_prefix(['+', '＋']) {
        body = strip_currency(rest);
    }
    let digits = join_groups(body, mark)?;
    Some(if negative { format!("-{digits}") } else { digits })
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{2212}' | '\u{2013}' | '\u{FF0D}' | '\u{FE63}')
}

fn strip_currency(text: &str) -> &str {
    const SIGNS: &[&str] =
        &["$", "US$", "€", "£", "¥", "￥", "₹", "₩", "₽", "元", "USD", "EUR", "GBP", "CNY", "RMB", "CHF", "JPY"];
    let mut body = text.trim();
    for sign in SIGNS {
        if let Some(rest) = body.strip_prefix(sign).or_else(|| body.strip_suffix(sign)) {
            body = rest.trim();
        }
    }
    body
}

/// Drops thousands marks, which must stand between groups of digits of which the last has three, and puts a point for
/// the decimal mark. `None` when it is no number.
fn join_groups(body: &str, mark: DecimalMark) -> Option<String> {
    let decimal = if mark == DecimalMark::Point { '.' } else { ',' };
    let mut out = String::with_capacity(body.len());
    let (mut digits, mut group, mut marks, mut in_fraction) = (0, 0, 0, false);
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '０'..='９' => char::from(b'0' + (u32::from(c) - u32::from('０')) as u8),
            '．' => '.',
            '，' => ',',
            other => other,
        };
        match c {
            '0'..='9' => {
                out.push(c);
                digits += 1;
                group += 1;
            }
            _ if c == decimal && !in_fraction => {
                if marks > 0 && group != 3 {
                    return None;
                }
                out.push('.');
                (in_fraction, group) = (true, 0);
            }
            '.' | ',' | '\'' | '’' | ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' if !in_fraction && digits > 0 => {
                let sound = if marks == 0 { (1..=3).contains(&group) } else { (2..=3).contains(&group) };
                if !sound || !chars.peek().is_some_and(char::is_ascii_digit) {
                    return None;
                }
                (marks, group) = (marks + 1, 0);
            }
            'e' | 'E' if digits > 0 && marks == 0 => {
                let exponent: String = chars.by_ref().collect();
                exponent.parse::<i16>().ok()?;
                out.push('e');
                out.push_str(&exponent);
            }
            _ => return None,
        }
    }
    let last_group_sound = in_fraction || marks == 0 || group == 3;
    (digits > 0 && last_group_sound).then_some(out)
}
