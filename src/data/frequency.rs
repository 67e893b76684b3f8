//! Which period length the data itself has.
//!
//! The rule, in this order:
//! 1. Cells that name weeks, months, quarters, years or numbered periods keep that length.
//! 2. Days that are all first (or all last) days of months are months; of every third month quarters; of one month
//!    years. Days that are all the same weekday are weeks. Both need at least three different days.
//! 3. About one row per series and day, on at least half of the days, is a daily history.
//! 4. Everything else is transactions: weeks when they span 26 weeks or more, else days.

use super::dates::date_of;
use crate::model::Frequency;

/// A weekly plan needs half a year.
const WEEKS_FROM_DAYS: i32 = 26 * 7;
/// Fewer different days show no pattern.
const PATTERN_DAYS: usize = 3;

/// What the rows' dates say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rhythm {
    /// The shortest period the data can be planned in.
    pub(super) shortest: Frequency,
    /// The period to plan in when the user says nothing.
    pub(super) usual: Frequency,
    /// True for a history with one value per period, where a missing period is a gap; false for transactions.
    pub(super) regular: bool,
}

/// Finds the rhythm of rows given as (series, day); `natural` is what the cells name, `days` the different days in order.
pub(super) fn rhythm(natural: Frequency, days: &[i32], rows: &[(u32, i32)]) -> Rhythm {
    if natural != Frequency::Day {
        return Rhythm { shortest: natural, usual: natural, regular: true };
    }
    if let Some(frequency) = calendar_pattern(days) {
        return Rhythm { shortest: frequency, usual: frequency, regular: true };
    }
    if is_daily(rows) {
        return Rhythm { shortest: Frequency::Day, usual: Frequency::Day, regular: true };
    }
    let span = days.last().zip(days.first()).map_or(0, |(last, first)| last - first + 1);
    let usual = if span >= WEEKS_FROM_DAYS { Frequency::Week } else { Frequency::Day };
    Rhythm { shortest: Frequency::Day, usual, regular: false }
}

fn calendar_pattern(days: &[i32]) -> Option<Frequency> {
    if days.len() < PATTERN_DAYS {
        return None;
    }
    let all = |test: &dyn Fn(i32) -> bool| days.iter().all(|d| test(*d));
    let day_of_month = |n: i32| date_of(n).map_or(0, jiff::civil::Date::day);
    let month = |n: i32| date_of(n).map_or(0, jiff::civil::Date::month);
    if all(&|n| day_of_month(n) == 1) || all(&|n| day_of_month(n + 1) == 1) {
        let first = month(days[0]);
        return Some(if all(&|n| month(n) == first) {
            Frequency::Year
        } else if all(&|n| (month(n) - first) % 3 == 0) {
            Frequency::Quarter
        } else {
            Frequency::Month
        });
    }
    all(&|n| (n - days[0]) % 7 == 0).then_some(Frequency::Week)
}

/// About one row per series and day, and rows on at least half of each series' days.
fn is_daily(rows: &[(u32, i32)]) -> bool {
    let mut pairs = rows.to_vec();
    pairs.sort_unstable();
    pairs.dedup();
    let mut span = 0_i64;
    for chunk in pairs.chunk_by(|a, b| a.0 == b.0) {
        span += i64::from(chunk[chunk.len() - 1].1) - i64::from(chunk[0].1) + 1;
    }
    let (rows, pairs) = (rows.len(), pairs.len());
    rows * 20 <= pairs * 21 && pairs as i64 * 2 >= span
}
