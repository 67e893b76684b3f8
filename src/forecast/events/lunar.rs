//! The Chinese calendar, 1950 to 2100, as data.
//!
//! Months begin on the day of the new moon in Beijing time, and leap months follow the solar terms (GB/T 33661-2017);
//! the table holds what comes of it. The tests compute the new moons anew and compare every month with them. In 2089 and
//! 2097 a new moon falls within two minutes of midnight, where published tables themselves differ by a day.

use super::moving::{Day, number};
use jiff::civil::Date;

/// First year of the table.
const FIRST_YEAR: i16 = 1950;

/// One year in a word: bits 0 to 5 the new year's distance from 1 January in days, bits 6 to 9 the month that a leap
/// month follows (0: none), bit `10 + k` set when month `k` of the year, leap month included, has 30 days instead of 29.
const YEARS: [u32; 151] = [
    0x14d82f, 0x2ab424, 0x56a95a, 0x16c82c, 0x369421, 0x7528d7, 0x35282a, 0x2a561e, 0x2a5c30, 0x155826, 0x2ad59b,
    0x2b542d, 0x1b4823, 0x3a9518, 0x3a942b, 0x192820, 0x325cd4, 0x2a6c27, 0x5569dd, 0x15a82f, 0x2da424, 0x5d495a,
    0x2d482d, 0x2c9421, 0x592d16, 0x292c29, 0x52ae1e, 0x0ab430, 0x15b425, 0x2da59b, 0x36a42e, 0x364823, 0x749518,
    0x34942b, 0x6936a0, 0x295832, 0x0ad827, 0x16d59c, 0x1b542f, 0x3aa424, 0x7a495a, 0x3a482d, 0x349822, 0x2958d6,
    0x295c28, 0x535a1e, 0x0d6831, 0x1b5425, 0x5b255b, 0x1d242e, 0x1a4c23, 0x54ad17, 0x14ac2a, 0x296c1f, 0x556895,
    0x15a827, 0x6d55dc, 0x2e9030, 0x2d2425, 0x6a4d59, 0x2a542c, 0x14b421, 0x2ab516, 0x2ad428, 0x56aa5e, 0x174831,
    0x369426, 0x75299b, 0x35282e, 0x325423, 0x54b918, 0x15582a, 0x2ad41f, 0x56c895, 0x1b4828, 0x3a959c, 0x1c942f,
    0x192c24, 0x325d59, 0x32ac2b, 0x156821, 0x2b58d6, 0x2da429, 0x5d4ade, 0x2d4831, 0x2c9426, 0x692d9b, 0x292c2d,
    0x12ac22, 0x156d57, 0x16b42a, 0x2da81f, 0x6d4895, 0x364828, 0x7495dd, 0x34942f, 0x295424, 0x52b559, 0x12d82c,
    0x16d420, 0x36a8d6, 0x3b2429, 0x7a4a1f, 0x3a4831, 0x349826, 0x29599b, 0x295c2d, 0x135822, 0x1b5517, 0x1d542a,
    0x1d2420, 0x3a4cd4, 0x1a4c27, 0x54addc, 0x14ac2f, 0x296c23, 0x556959, 0x15a82c, 0x2d9421, 0x5d2916, 0x2d2829,
    0x6a561e, 0x2a5431, 0x14b425, 0x2ab59a, 0x2ad42d, 0x16a823, 0x2e9517, 0x36942a, 0x352820, 0x7254d5, 0x325827,
    0x6539dc, 0x15582f, 0x2ad424, 0x56c959, 0x1b482c, 0x3a9421, 0x392917, 0x1a2c28, 0x325e1d, 0x12ac30, 0x156c25,
    0x2b599a, 0x2da82d, 0x1d4823, 0x5c9518, 0x2d142a, 0x2a2c1f, 0x526c94, 0x12ac27,
];

/// Day number of the first day of the Chinese year that begins in a Gregorian year; `None` outside the table.
pub(crate) fn new_year(year: i16) -> Option<Day> {
    let word = word(year)?;
    Some(number(Date::new(year, 1, 1).ok()?) + (word & 63) as Day)
}

/// Days from the new year to the first day of a month, 1 to 12, leap months not counted as such.
pub(crate) fn days_before(year: i16, month: u32) -> Option<Day> {
    let word = word(year)?;
    let leap = (word >> 6) & 15;
    let months = month - 1 + u32::from(leap > 0 && month > leap);
    Some((0..months).map(|k| length(word, k)).sum())
}

fn word(year: i16) -> Option<u32> {
    let at = usize::try_from(year - FIRST_YEAR).ok()?;
    YEARS.get(at).copied()
}

fn length(word: u32, month: u32) -> Day {
    29 + ((word >> (10 + month)) & 1) as Day
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST_YEAR: i16 = 2100;

    /// Day of the new moon nearest to `day`, Beijing time, by Meeus 1998, *Astronomical Algorithms*, chapter 49 (main
    /// terms; error below two minutes), with 65 s between dynamical and universal time.
    fn new_moon(day: Day) -> f64 {
        let julian = f64::from(day) + 2_440_587.5;
        let k = ((julian - 2_451_550.097_66) / 29.530_588_861).round();
        let t = k / 1236.85;
        let mean = 2_451_550.097_66 + 29.530_588_861 * k + 0.000_154_37 * t * t;
        let angle = |a: f64, b: f64, c: f64| (a + b * k + c * t * t).to_radians();
        let (sun, moon) = (angle(2.5534, 29.105_356_70, -0.000_001_4), angle(201.5643, 385.816_935_28, 0.010_758_2));
        let (node, omega) =
            (angle(160.7108, 390.670_502_84, -0.001_611_8), angle(124.7746, -1.563_755_88, 0.002_067_2));
        let e = 1.0 - 0.002_516 * t;
        let terms = [
            (-0.407_20, moon),
            (0.172_41 * e, sun),
            (0.016_08, 2.0 * moon),
            (0.010_39, 2.0 * node),
            (0.007_39 * e, moon - sun),
            (-0.005_14 * e, moon + sun),
            (0.002_08 * e * e, 2.0 * sun),
            (-0.001_11, moon - 2.0 * node),
            (-0.000_57, moon + 2.0 * node),
            (0.000_56 * e, 2.0 * moon + sun),
            (-0.000_42, 3.0 * moon),
            (0.000_42 * e, sun + 2.0 * node),
            (0.000_38 * e, sun - 2.0 * node),
            (-0.000_24 * e, 2.0 * moon - sun),
            (-0.000_17, omega),
            (-0.000_07, moon + 2.0 * sun),
        ];
        let sum: f64 = terms.iter().map(|(a, x)| a * x.sin()).sum();
        mean + sum + 0.0003 - 65.0 / 86_400.0 + 8.0 / 24.0 - 2_440_587.5
    }

    #[test]
    fn every_month_begins_with_the_new_moon() {
        // Near midnight the short series can't tell the day.
        let minutes = 3.0 / 1440.0;
        let mut checked = 0;
        for year in FIRST_YEAR..=LAST_YEAR {
            let word = word(year).unwrap();
            let mut day = new_year(year).unwrap();
            let months = if (word >> 6) & 15 > 0 { 13 } else { 12 };
            for month in 0..months {
                let moon = new_moon(day) - f64::from(day);
                assert!((-minutes..1.0 + minutes).contains(&moon), "{year}, month {month}: {moon}");
                day += length(word, month);
                checked += 1;
            }
            if year < LAST_YEAR {
                assert_eq!(Some(day), new_year(year + 1), "{year} ends where the next year begins");
            }
        }
        assert_eq!(checked, 1867);
    }
}
