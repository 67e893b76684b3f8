//! When a feast falls: rules of the Gregorian, the Chinese and the Islamic calendar. Pure arithmetic on day numbers.

use super::lunar;
use jiff::civil::{Date, Weekday};

/// A day as days since 1970-01-01.
pub(crate) type Day = i32;

/// The rule for a feast's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The same month and day every year.
    Fixed(i8, i8),
    /// Western Easter Sunday.
    Easter,
    /// The n-th weekday of a month, from 1; −1 is the last.
    Nth(i8, Weekday, i8),
    /// Month and day of the Chinese calendar; leap months don't count.
    Lunar(u32, i32),
    /// The solar term Qingming, 15° of solar longitude.
    Qingming,
    /// Month and day of the tabular Islamic calendar.
    Islamic(i32, i32),
    /// Days that were looked up, as year, month, day; a rule for them would need the sun and the moon.
    Listed(&'static [(i16, i8, i8)]),
}

impl Rule {
    /// The days of the rule in a Gregorian year: mostly one, two or none for an Islamic day, none outside the tables.
    pub(crate) fn days(self, year: i16) -> Vec<Day> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok().map(number).into_iter().collect(),
            Self::Easter => easter(year).map(number).into_iter().collect(),
            Self::Nth(month, weekday, nth) => {
                let first = Date::new(year, month, 1).ok();
                first.and_then(|d| d.nth_weekday_of_month(nth, weekday).ok()).map(number).into_iter().collect()
            }
            Self::Lunar(month, day) => lunar::new_year(year)
                .zip(lunar::days_before(year, month))
                .map(|(new_year, before)| new_year + before + day - 1)
                .into_iter()
                .collect(),
            Self::Qingming => qingming(year).map(number).into_iter().collect(),
            Self::Islamic(month, day) => islamic_days(year, month, day),
            Self::Listed(days) => {
                let in_year = days.iter().filter(|(y, ..)| *y == year);
                in_year.filter_map(|(y, month, day)| Date::new(*y, *month, *day).ok()).map(number).collect()
            }
        }
    }
}

/// Days since 1970-01-01.
pub(crate) fn number(date: Date) -> Day {
    let span = Date::constant(1970, 1, 1).until((jiff::Unit::Day, date));
    span.map_or(0, |s| s.get_days())
}

/// Easter Sunday of the Gregorian calendar: the anonymous algorithm of 1876 (Butcher; Jones 1922; Meeus 1991,
/// *Astronomical Algorithms*, chapter 8).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    Date::new(year, month as i8, day as i8).ok()
}

/// Qingming by the mean-year rule `⌊0.2422·Y + C⌋ − ⌊Y/4⌋` for the year `Y` of the century, `C` = 5.59 and 4.81 for the
/// twentieth and twenty-first; it agrees with the sun's true longitude in every year of the tables.
fn qingming(year: i16) -> Option<Date> {
    let of_century = i32::from(year) % 100;
    let constant = match year {
        1950..=1999 => 5.59,
        2000..=2099 => 4.81,
        2100 => 5.6,
        _ => return None,
    };
    let day = (0.2422 * f64::from(of_century) + constant).floor() as i32 - of_century / 4;
    Date::new(year, 4, day as i8).ok()
}

/// Day number of 1 Muharram 1 AH (Friday, 16 July 622 Julian; Julian day number 1,948,440).
const HIJRA: Day = 1_948_440 - 2_440_588;

/// The day of an Islamic date: the tabular calendar, 30-year cycle with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26,
/// 29 (Reingold & Dershowitz 2018, *Calendrical Calculations*, equation 7.3). The moon as sighted may differ by a day.
fn islamic(year: i32, month: i32, day: i32) -> Day {
    HIJRA - 1 + day + 29 * (month - 1) + month / 2 + (year - 1) * 354 + (3 + 11 * year).div_euclid(30)
}

fn islamic_days(year: i16, month: i32, day: i32) -> Vec<Day> {
    let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else { return Vec::new() };
    let (first, last) = (number(first), number(last));
    // A lunar year has 354.37 days; one year to each side is enough.
    let near = (f64::from(first - HIJRA) / 354.367).floor() as i32;
    let days = (near..near + 4).map(|y| islamic(y, month, day));
    days.filter(|d| (first..=last).contains(d)).collect()
}
