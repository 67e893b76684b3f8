//! A column of date cells → day or period numbers: what only the whole column can tell.
//!
//! `5/3/2024` is a day in March or in May; `45356` is a spreadsheet's date and `1949.083` a decimal year. The decision
//! is made once for the column, from all its rows, and said aloud when it was a guess.

use super::dates::{self, Shape, day_number};
use super::findings::quote;
use super::limits::ROWS_PER_REPORT;
use super::table::Table;
use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostics, Place};
use crate::model::Frequency;
use crate::text;

/// A row without a readable date.
pub(super) const MISSING: i32 = i32::MIN;

/// The dates of a table's rows.
#[derive(Debug)]
pub(super) struct Dates {
    /// Per row the day (days from 1970-01-01; first day of the week, month, …), or the period number when `natural` is
    /// [`Frequency::Step`]; [`MISSING`] when there is none.
    pub(super) days: Vec<i32>,
    /// What the cells themselves name: days, ISO weeks, months, quarters, years or numbered periods.
    pub(super) natural: Frequency,
    /// Rows whose cell is empty.
    pub(super) empty: usize,
    /// Rows whose cell is no date.
    pub(super) unreadable: usize,
}

/// Reads the date column `column` of `table`; guesses go into `diagnostics`, single unreadable rows don't.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn read(
    table: &Table,
    column: usize,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Dates, Cancelled> {
    let mut shapes = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        if row % ROWS_PER_REPORT == 0 {
            let share = row as f64 / table.rows() as f64;
            control.report(share, &text!("Reading dates", "正在读取日期"))?;
        }
        shapes.push(dates::cell(&table.columns[column], row));
    }
    let place = table.place.clone().column(table.columns[column].header.clone());
    let calendar = shapes.iter().filter(|s| is_calendar(s)).count();
    let numbers = shapes.iter().filter(|s| matches!(s, Shape::Number(_))).count();
    let mut dates = if numbers > calendar {
        from_numbers(&shapes, table.workbook, &place, diagnostics)
    } else {
        from_calendar(table, column, &shapes, diagnostics)
    };
    dates.empty = shapes.iter().filter(|s| matches!(s, Shape::Empty)).count();
    dates.unreadable = dates.days.iter().filter(|d| **d == MISSING).count() - dates.empty;
    Ok(dates)
}

fn is_calendar(shape: &Shape) -> bool {
    !matches!(shape, Shape::Empty | Shape::Unreadable | Shape::Number(_))
}

/// Which of the two numbers before the year is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

fn from_calendar(table: &Table, column: usize, shapes: &[Shape], diagnostics: &mut Diagnostics) -> Dates {
    let (order, contradictory) = decide_order(table, column, shapes, diagnostics);
    let mut natural = Frequency::Day;
    let mut days = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let (day, frequency) = match *shape {
            Shape::Day(n) => (n, Frequency::Day),
            Shape::Week(n) => (n, Frequency::Week),
            Shape::Month(n) => (n, Frequency::Month),
            Shape::Quarter(n) => (n, Frequency::Quarter),
            Shape::Triple { first, second, year, .. } => {
                let (day, month) = if order == Order::DayFirst { (first, second) } else { (second, first) };
                let n = day_number(i32::from(year), u32::from(month), u32::from(day));
                (n.unwrap_or(MISSING), Frequency::Day)
            }
            Shape::Number(serial) if table.workbook => (serial_day(serial).unwrap_or(MISSING), Frequency::Day),
            Shape::Number(_) | Shape::Empty | Shape::Unreadable => (MISSING, Frequency::Day),
        };
        if day != MISSING {
            natural = natural.max(frequency);
        }
        days.push(day);
    }
    warn_of_mixture(table, column, shapes, contradictory, diagnostics);
    Dates { days, natural, empty: 0, unreadable: 0 }
}

/// Rows that prove an order: a number above 12 can only be the day.
fn decide_order(table: &Table, column: usize, shapes: &[Shape], diagnostics: &mut Diagnostics) -> (Order, bool) {
    let triples = || {
        shapes.iter().enumerate().filter_map(|(row, s)| match *s {
            Shape::Triple { first, second, year, mark } => Some((row, first, second, year, mark)),
            _ => None,
        })
    };
    let Some((first_row, .., mark)) = triples().next() else { return (Order::MonthFirst, false) };
    let day_first = triples().find(|t| t.1 > 12).map(|t| t.0);
    let month_first = triples().find(|t| t.2 > 12).map(|t| t.0);
    let cell = |row: usize| (table.lines[row], quote(table.columns[column].get(row)));
    match (day_first, month_first) {
        (Some(_), None) => (Order::DayFirst, false),
        (None, Some(_)) => (Order::MonthFirst, false),
        (Some(d), Some(m)) => {
            let ((line_d, text_d), (line_m, text_m)) = (cell(d), cell(m));
            diagnostics.error(
                "mixed-date-formats",
                text!(
                    "Row {line_d} has the day first (\"{text_d}\"), row {line_m} the month (\"{text_m}\"): the other rows can't be told apart",
                    "第 {line_d} 行是日在前（“{text_d}”），第 {line_m} 行是月在前（“{text_m}”）：其余各行无法判断"
                ),
                text!(
                    "Write all dates one way, best as year-month-day (2024-03-05)",
                    "请统一日期格式，最好写成年-月-日（2024-03-05）"
                ),
                table.cell(m, column),
            );
            (Order::MonthFirst, true)
        }
        (None, None) => {
            let order = guess_order(&triples().map(|t| (t.1, t.2, t.3)).collect::<Vec<_>>(), mark, table.european);
            let (line, example) = cell(first_row);
            let (en, zh) = match order {
                Order::DayFirst => ("day/month/year", "日/月/年"),
                Order::MonthFirst => ("month/day/year", "月/日/年"),
            };
            diagnostics.warning(
                "date-order-guessed",
                text!(
                    "No date tells day from month (row {line}: \"{example}\"); they were read as {en}",
                    "日期无法区分日和月（第 {line} 行：“{example}”），已按 {zh} 读取"
                ),
                text!(
                    "If that is wrong, write the dates as year-month-day (2024-03-05)",
                    "如不正确，请将日期写成年-月-日（2024-03-05）"
                ),
                table.cell(first_row, column),
            );
            (order, false)
        }
    }
}

/// What stands first and second in a date, and its year.
type Triple = (u8, u8, i16);

/// Without proof: first days of months tell the month; else the order in which the file runs forward; else habit.
fn guess_order(triples: &[Triple], mark: u8, european: bool) -> Order {
    let varied = |pick: fn(&Triple) -> u8| triples.iter().any(|t| pick(t) != pick(&triples[0]));
    let (all_first_1, all_second_1) = (triples.iter().all(|t| t.0 == 1), triples.iter().all(|t| t.1 == 1));
    if all_first_1 != all_second_1 && varied(|t| t.0) != varied(|t| t.1) {
        return if all_first_1 { Order::DayFirst } else { Order::MonthFirst };
    }
    let backward = |key: fn(&Triple) -> (i16, u8, u8)| triples.windows(2).filter(|w| key(&w[1]) < key(&w[0])).count();
    let (as_month_first, as_day_first) = (backward(|t| (t.2, t.0, t.1)), backward(|t| (t.2, t.1, t.0)));
    match as_month_first.cmp(&as_day_first) {
        std::cmp::Ordering::Less => Order::MonthFirst,
        std::cmp::Ordering::Equal if mark == b'/' && !european => Order::MonthFirst,
        std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Order::DayFirst,
    }
}

/// Says when the column mixes ways of writing, which single rows may not survive.
fn warn_of_mixture(table: &Table, column: usize, shapes: &[Shape], contradictory: bool, diagnostics: &mut Diagnostics) {
    let family = |shape: &Shape| match shape {
        Shape::Day(_) => Some(0),
        Shape::Triple { .. } => Some(1),
        Shape::Week(_) => Some(2),
        Shape::Month(_) => Some(3),
        Shape::Quarter(_) => Some(4),
        Shape::Number(_) | Shape::Empty | Shape::Unreadable => None,
    };
    let Some(usual) = shapes.iter().find_map(family) else { return };
    let other = shapes.iter().position(|s| family(s).is_some_and(|f| f != usual));
    let (Some(row), false) = (other, contradictory) else { return };
    let (line, example) = (table.lines[row], quote(table.columns[column].get(row)));
    diagnostics.warning(
        "mixed-date-formats",
        text!(
            "The dates are written in several ways, first in row {line}: \"{example}\"",
            "日期写法不一致，首次出现在第 {line} 行：“{example}”"
        ),
        text!("Check that they were read as you meant, or write them all one way", "请核对读取结果，或统一日期写法"),
        table.cell(row, column),
    );
}

/// A spreadsheet's serial date (days from 1899-12-30, valid from March 1900) → day number; 1954 to 2119 only.
fn serial_day(serial: f64) -> Option<i32> {
    const EPOCH: i32 = -25_569;
    (20_000.0..80_000.0).contains(&serial).then(|| EPOCH + serial.floor() as i32)
}

fn from_numbers(shapes: &[Shape], workbook: bool, place: &Place, diagnostics: &mut Diagnostics) -> Dates {
    let numbers: Vec<f64> =
        shapes.iter().filter_map(|s| if let Shape::Number(v) = s { Some(*v) } else { None }).collect();
    let all = |test: fn(f64) -> bool| numbers.iter().all(|v| test(*v));
    let dates = |natural: Frequency, day: &dyn Fn(f64) -> Option<i32>| {
        let read = |s: &Shape| if let Shape::Number(v) = s { day(*v).unwrap_or(MISSING) } else { MISSING };
        Dates { days: shapes.iter().map(read).collect(), natural, empty: 0, unreadable: 0 }
    };
    let serials =
        if workbook { all(|v| (20_000.0..80_000.0).contains(&v)) } else { all(|v| (36_526.0..73_051.0).contains(&v)) };
    if serials {
        if !workbook {
            diagnostics.warning(
                "dates-as-serials",
                text!(
                    "The dates are numbers and were read as a spreadsheet's serial dates",
                    "日期是数字，已按电子表格的日期序列号读取"
                ),
                text!("Format the column as a date before saving as CSV", "另存为 CSV 前请将该列设为日期格式"),
                place.clone(),
            );
        }
        return dates(Frequency::Day, &serial_day);
    }
    if all(|v| (1000.0..3000.0).contains(&v)) {
        if all(|v| v.fract() == 0.0) {
            return dates(Frequency::Year, &|v| day_number(v as i32, 1, 1));
        }
        if let Some(frequency) = decimal_year_step(&numbers) {
            return dates(frequency, &|v| decimal_year_day(v, numbers[0], frequency));
        }
    }
    if all(|v| v.fract() == 0.0 && v.abs() < 1e9) {
        return dates(Frequency::Step, &|v| Some(v as i32));
    }
    dates(Frequency::Step, &|v| (v.fract() == 0.0 && v.abs() < 1e9).then_some(v as i32))
}

/// The step of decimal years such as 1949, 1949.083, …: the smallest distance between two of them.
fn decimal_year_step(years: &[f64]) -> Option<Frequency> {
    let mut sorted = years.to_vec();
    sorted.sort_by(f64::total_cmp);
    let smallest = sorted.windows(2).map(|w| w[1] - w[0]).filter(|d| *d > 1e-6).fold(f64::INFINITY, f64::min);
    let near = |periods: f64, tolerance: f64| (smallest * periods - 1.0).abs() < tolerance;
    // Decimal years are often rounded to three places, hence the tolerances.
    match smallest {
        _ if near(4.0, 0.02) => Some(Frequency::Quarter),
        _ if near(12.0, 0.02) => Some(Frequency::Month),
        _ if near(52.18, 0.03) => Some(Frequency::Week),
        _ if near(365.25, 0.05) => Some(Frequency::Day),
        _ => None,
    }
}

/// The day of a decimal year. Weeks and days are counted from the first date in years of 365.25 days, so that steps of
/// one week never skip or repeat a week at a year's end.
fn decimal_year_day(value: f64, origin: f64, frequency: Frequency) -> Option<i32> {
    let per_year = match frequency {
        Frequency::Month => 12.0,
        Frequency::Quarter => 4.0,
        _ => {
            let year = origin.floor();
            let days = (value - year) * 365.25;
            return Some(day_number(year as i32, 1, 1)? + days.floor() as i32);
        }
    };
    let index = (value * per_year).round() as i32;
    let months = 12 / per_year as i32;
    let month = index.rem_euclid(per_year as i32) * months + 1;
    day_number(index.div_euclid(per_year as i32), month as u32, 1)
}
