//! Text → date, one cell at a time: the shapes in which people write a day, a week, a month, a quarter or a year.

use super::table::{Column, Kind, trim};
use jiff::civil::Date;

/// What one date cell says, before the column's habits are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// Nothing there.
    Empty,
    /// No date.
    Unreadable,
    /// A day, as its [`day_number`].
    Day(i32),
    /// `5/3/2024`: day and month in either order.
    Triple {
        /// The first number, 1 to 31.
        first: u8,
        /// The second number, 1 to 31.
        second: u8,
        /// The year.
        year: i16,
        /// The mark between them: `/`, `-` or `.`.
        mark: u8,
    },
    /// An ISO week, as the number of its Monday.
    Week(i32),
    /// A month, as the number of its first day.
    Month(i32),
    /// A quarter, as the number of its first day.
    Quarter(i32),
    /// A plain number: a year, a decimal year, a period number or a spreadsheet's serial date.
    Number(f64),
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; `None` when there is no such date in the years 1 to 9999.
pub(super) fn day_number(year: i32, month: u32, day: u32) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last: Fliegel & Van Flandern's idea (CACM 11, 1968).
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let month_from_march = (month as i32 + 9) % 12;
    let of_year = (153 * month_from_march + 2) / 5 + day as i32 - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The calendar date of a day number; `None` outside the years 1 to 9999.
pub(super) fn date_of(day: i32) -> Option<Date> {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    let date = EPOCH.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    (1..=9999).contains(&date.year()).then_some(date)
}

/// Appends a day number as `2024-03-05`; nothing when it lies outside the calendar.
pub(super) fn date_text(day: i64, out: &mut String) {
    use std::fmt::Write;
    if let Some(date) = i32::try_from(day).ok().and_then(date_of) {
        let _ = write!(out, "{date}");
    }
}

/// Appends seconds since 1970 as `2024-03-05T08:30:00`.
pub(super) fn timestamp_text(seconds: i64, out: &mut String) {
    use std::fmt::Write;
    date_text(seconds.div_euclid(86_400), out);
    let of_day = seconds.rem_euclid(86_400);
    if of_day != 0 && !out.is_empty() {
        let _ = write!(out, "T{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    }
}

/// Monday of an ISO week.
fn week_number(year: i32, week: u32) -> Option<i32> {
    let january_4 = day_number(year, 1, 4)?;
    let first_monday = january_4 - (january_4 + 3).rem_euclid(7);
    let next_year = day_number(year.min(9998) + 1, 1, 4)?;
    let weeks = (next_year - (next_year + 3).rem_euclid(7) - first_monday) / 7;
    (1..=weeks.max(52) as u32).contains(&week).then(|| first_monday + (week as i32 - 1) * 7)
}

/// True when a header candidate reads as a date rather than a name; plain numbers don't count.
pub(super) fn looks_like_date(text: &str) -> bool {
    !matches!(shape(text), Shape::Empty | Shape::Unreadable | Shape::Number(_))
}

/// Reads one cell of a column.
pub(super) fn cell(column: &Column, row: usize) -> Shape {
    let text = column.get(row);
    if column.kind(row) == Kind::Number
        && let Ok(value) = text.parse::<f64>()
    {
        return number_shape(value, text);
    }
    shape(text)
}

/// Reads one text.
pub(super) fn shape(text: &str) -> Shape {
    const LONGEST: usize = 64;
    let text = trim(text);
    if text.is_empty() {
        return Shape::Empty;
    }
    if text.len() > LONGEST {
        return Shape::Unreadable;
    }
    if let Some(shape) = iso(text.as_bytes()) {
        return shape;
    }
    if let Ok(value) = text.parse::<f64>()
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        return number_shape(value, text);
    }
    pattern(&tokens(text)).unwrap_or(Shape::Unreadable)
}

/// `20240305` and `202403` are dates; other numbers wait for the column.
fn number_shape(value: f64, text: &str) -> Shape {
    let whole = value as i64;
    let (year, month, day) = (whole / 10_000, whole / 100 % 100, whole % 100);
    if text.len() == 8
        && (1800..=2200).contains(&year)
        && let Some(n) = day_number(year as i32, month as u32, day as u32)
    {
        return Shape::Day(n);
    }
    let (year, month) = (whole / 100, whole % 100);
    if text.len() == 6
        && text.bytes().all(|b| b.is_ascii_digit())
        && (1900..=2200).contains(&year)
        && let Some(n) = day_number(year as i32, month as u32, 1)
    {
        return Shape::Month(n);
    }
    Shape::Number(value)
}

/// The common case without a tokeniser: `2024-03-05`, with or without a time.
fn iso(b: &[u8]) -> Option<Shape> {
    if b.len() < 10 || b[4] != b[7] || !matches!(b[4], b'-' | b'/' | b'.') {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        b[range].iter().try_fold(0_u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    };
    let day = day_number(digits(0..4)? as i32, digits(5..7)?, digits(8..10)?)?;
    let rest = &b[10..];
    let sound = rest.is_empty()
        || (matches!(rest[0], b' ' | b'T')
            && rest.len() >= 5
            && rest[1..].iter().all(|c| c.is_ascii_digit() || matches!(c, b':' | b'.' | b'Z' | b'+' | b'-')));
    sound.then_some(Shape::Day(day))
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number { value: u32, len: usize },
    Word(String),
    Mark(char),
}

/// Numbers, words (Latin ones whole, Chinese ones by character) and marks; blanks and names of weekdays are dropped.
fn tokens(text: &str) -> Vec<Token> {
    const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            let (mut value, mut len) = (c as u32 - 48, 1);
            while let Some(d) = chars.next_if(char::is_ascii_digit) {
                value = value.saturating_mul(10).saturating_add(d as u32 - 48);
                len += 1;
            }
            out.push(Token::Number { value, len });
        } else if c.is_ascii_alphabetic() {
            let mut word = c.to_ascii_lowercase().to_string();
            while let Some(d) = chars.next_if(char::is_ascii_alphabetic) {
                word.push(d.to_ascii_lowercase());
            }
            let weekday = WEEKDAYS.iter().any(|w| word.starts_with(w)) && (word.len() == 3 || word.ends_with("day"));
            if !weekday {
                out.push(Token::Word(word));
            }
        } else if c.is_alphabetic() {
            out.push(Token::Word(c.to_string()));
        } else if !c.is_whitespace() && (c != ',' || !out.is_empty()) {
            out.push(Token::Mark(c));
        }
    }
    out
}

fn month_name(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let sound = |m: &str| word == m || (word.len() == 3 && m.starts_with(word)) || (word == "sept" && m == "september");
    MONTHS.iter().position(|m| sound(m)).map(|k| k as u32 + 1)
}

fn full_year(value: u32, len: usize) -> Option<i32> {
    match len {
        4 => Some(value as i32),
        // POSIX's pivot: 69 to 99 are the last century.
        2 if value < 69 => Some(2000 + value as i32),
        2 => Some(1900 + value as i32),
        _ => None,
    }
}

fn pattern(tokens: &[Token]) -> Option<Shape> {
    numeric_pattern(tokens).or_else(|| chinese_pattern(tokens)).or_else(|| named_pattern(tokens))
}

/// Days and months in figures: `2024/3/5`, `5.3.2024 08:30`, `2024-03`, `3/2024`.
fn numeric_pattern(tokens: &[Token]) -> Option<Shape> {
    use Token::{Mark, Number};
    match tokens {
        [
            Number { value: y, len: 4 },
            Mark('-' | '/' | '.'),
            Number { value: m, .. },
            Mark('-' | '/' | '.'),
            Number { value: d, .. },
            rest @ ..,
        ] if is_time(rest) => day_number(*y as i32, *m, *d).map(Shape::Day),
        [
            Number { value: a, len: 1 | 2 },
            Mark(mark @ ('-' | '/' | '.')),
            Number { value: b, len: 1 | 2 },
            Mark('-' | '/' | '.'),
            Number { value: y, len },
            rest @ ..,
        ] if is_time(rest) => {
            let year = full_year(*y, *len)?;
            let sound = day_number(year, *a, *b).or_else(|| day_number(year, *b, *a));
            sound.map(|_| Shape::Triple { first: *a as u8, second: *b as u8, year: year as i16, mark: *mark as u8 })
        }
        [Number { value: y, len: 4 }, Mark('-' | '/'), Number { value: m, len: 1 | 2 }]
        | [Number { value: m, len: 1 | 2 }, Mark('-' | '/'), Number { value: y, len: 4 }] => {
            day_number(*y as i32, *m, 1).map(Shape::Month)
        }
        _ => None,
    }
}

/// `2024年3月5日`, `2024年3月`, `2024年第1季度`, `2024年第5周`, `2024年`.
fn chinese_pattern(tokens: &[Token]) -> Option<Shape> {
    let [Token::Number { value: y, len: 4 | 2 }, Token::Word(year_word), rest @ ..] = tokens else { return None };
    if year_word != "年" {
        return None;
    }
    let year = full_year(*y, if *y > 99 { 4 } else { 2 })?;
    let rest = match rest {
        [Token::Word(w), rest @ ..] if w == "第" => rest,
        rest => rest,
    };
    let is = |token: &Token, words: &[&str]| matches!(token, Token::Word(w) if words.contains(&w.as_str()));
    match rest {
        [] => Some(Shape::Number(f64::from(year))),
        [Token::Number { value: m, .. }, a, Token::Number { value: d, .. }, b, time @ ..]
            if is(a, &["月"]) && is(b, &["日", "号"]) && is_time(time) =>
        {
            day_number(year, *m, *d).map(Shape::Day)
        }
        [Token::Number { value: m, .. }, a] if is(a, &["月"]) => day_number(year, *m, 1).map(Shape::Month),
        [Token::Number { value: w, .. }, a] if is(a, &["周"]) => week_number(year, *w).map(Shape::Week),
        [Token::Number { value: q, .. }, a, ..] if is(a, &["季"]) => quarter(year, *q),
        _ => None,
    }
}

/// Shapes with a Latin word: `2024-W05`, `2024Q1`, `Q1 2024`, `5-Mar-2024`, `March 5, 2024`, `Mar-24`.
fn named_pattern(tokens: &[Token]) -> Option<Shape> {
    let plain: Vec<&Token> =
        tokens.iter().filter(|t| !matches!(t, Token::Mark('-' | '/' | '.' | ',' | '\''))).collect();
    match plain.as_slice() {
        [Token::Number { value: y, len: 4 }, Token::Word(w), Token::Number { value: n, len: 1 | 2 }]
        | [Token::Word(w), Token::Number { value: n, len: 1 }, Token::Number { value: y, len: 4 }]
            if matches!(w.as_str(), "q" | "w" | "wk" | "week") =>
        {
            if w == "q" {
                quarter(*y as i32, *n)
            } else {
                week_number(*y as i32, *n).map(Shape::Week)
            }
        }
        [Token::Number { value: d, len: 1 | 2 }, Token::Word(m), Token::Number { value: y, len }, ..]
        | [Token::Word(m), Token::Number { value: d, len: 1 | 2 }, Token::Number { value: y, len }, ..]
            if month_name(m).is_some() && is_time(after_year(tokens)) =>
        {
            day_number(full_year(*y, *len)?, month_name(m)?, *d).map(Shape::Day)
        }
        [Token::Word(m), Token::Number { value: y, len: len @ (2 | 4) }]
        | [Token::Number { value: y, len: len @ 4 }, Token::Word(m)] => {
            day_number(full_year(*y, *len)?, month_name(m)?, 1).map(Shape::Month)
        }
        _ => None,
    }
}

/// What follows a date of three parts, marks between the parts skipped.
fn after_year(tokens: &[Token]) -> &[Token] {
    let third = tokens.iter().enumerate().filter(|(_, t)| !matches!(t, Token::Mark(_))).nth(2);
    third.map_or(&[], |(k, _)| &tokens[k + 1..])
}

fn quarter(year: i32, quarter: u32) -> Option<Shape> {
    (1..=4).contains(&quarter).then(|| day_number(year, quarter * 3 - 2, 1).map(Shape::Quarter))?
}

fn is_time(tokens: &[Token]) -> bool {
    const WORDS: &[&str] = &["t", "z", "am", "pm", "utc", "gmt", "上", "下", "午", "早", "晚", "时", "点", "分", "秒"];
    let known = tokens.iter().all(|t| match t {
        Token::Number { len, .. } => *len <= 9,
        Token::Word(w) => WORDS.contains(&w.as_str()),
        Token::Mark(c) => matches!(c, ':' | '.' | '+' | '-' | '：'),
    });
    let timed =
        |t: &Token| matches!(t, Token::Mark(':' | '：')) || matches!(t, Token::Word(w) if w == "时" || w == "点");
    tokens.is_empty() || (known && tokens.iter().any(timed))
}
