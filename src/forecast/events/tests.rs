//! Feasts against published dates, and what becomes of drivers.

use super::build::{Feasts, build};
use super::feasts::WINDOWS;
use super::matrix::DriverMatrix;
use super::moving::{Rule, number};
use super::notes::Fate;
use crate::model::{DriverValues, Drivers, FutureRule, HolidaySet, NamedEvent, Period, Series, SeriesId};
use jiff::civil::{Date, Weekday};

fn check(rule: Rule, dates: &[&str]) {
    for date in dates {
        let date: Date = date.parse().unwrap();
        assert!(rule.days(date.year()).contains(&number(date)), "{rule:?}: {date}, found {:?}", rule.days(date.year()));
    }
}

/// Each date to within a day: the moon as sighted.
fn check_nearly(rule: Rule, dates: &[&str]) {
    for date in dates {
        let date: Date = date.parse().unwrap();
        let near = rule.days(date.year()).iter().any(|d| (d - number(date)).abs() <= 1);
        assert!(near, "{rule:?}: {date}, found {:?}", rule.days(date.year()));
    }
}

#[test]
fn chinese_feasts_are_on_the_published_days() {
    // Hong Kong Observatory, Gregorian–Lunar calendar conversion tables.
    check(
        Rule::Lunar(1, 1),
        &[
            "1990-01-27",
            "1991-02-15",
            "1992-02-04",
            "1993-01-23",
            "1994-02-10",
            "1995-01-31",
            "1996-02-19",
            "1997-02-07",
            "1998-01-28",
            "1999-02-16",
            "2000-02-05",
            "2001-01-24",
            "2002-02-12",
            "2003-02-01",
            "2004-01-22",
            "2005-02-09",
            "2006-01-29",
            "2007-02-18",
            "2008-02-07",
            "2009-01-26",
            "2010-02-14",
            "2011-02-03",
            "2012-01-23",
            "2013-02-10",
            "2014-01-31",
            "2015-02-19",
            "2016-02-08",
            "2017-01-28",
            "2018-02-16",
            "2019-02-05",
            "2020-01-25",
            "2021-02-12",
            "2022-02-01",
            "2023-01-22",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2028-01-26",
            "2029-02-13",
            "2030-02-03",
        ],
    );
    check(Rule::Lunar(1, 15), &["2023-02-05", "2024-02-24", "2025-02-12"]);
    let dragon_boat = [
        "2017-05-30",
        "2018-06-18",
        "2019-06-07",
        "2020-06-25",
        "2021-06-14",
        "2022-06-03",
        "2023-06-22",
        "2024-06-10",
        "2025-05-31",
        "2026-06-19",
    ];
    check(Rule::Lunar(5, 5), &dragon_boat);
    let mid_autumn = [
        "2017-10-04",
        "2018-09-24",
        "2019-09-13",
        "2020-10-01",
        "2021-09-21",
        "2022-09-10",
        "2023-09-29",
        "2024-09-17",
        "2025-10-06",
        "2026-09-25",
    ];
    check(Rule::Lunar(8, 15), &mid_autumn);
    let qingming = [
        "1999-04-05",
        "2008-04-04",
        "2020-04-04",
        "2022-04-05",
        "2023-04-05",
        "2024-04-04",
        "2025-04-04",
        "2026-04-05",
    ];
    check(Rule::Qingming, &qingming);
    assert!(Rule::Lunar(1, 1).days(1949).is_empty() && Rule::Lunar(1, 1).days(2101).is_empty());
}

#[test]
fn western_and_islamic_feasts_are_on_the_published_days() {
    // Easter: U.S. Census Bureau, Easter dates 1600 to 2099, the late and early extremes included.
    let easter = [
        "1954-04-18",
        "1961-04-02",
        "1981-04-19",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25",
        "2049-04-18",
        "2076-04-19",
    ];
    check(Rule::Easter, &easter);
    check(Rule::Nth(11, Weekday::Thursday, 4), &["2023-11-23", "2024-11-28", "2025-11-27", "2026-11-26"]);
    check(Rule::Nth(5, Weekday::Monday, -1), &["2023-05-29", "2024-05-27", "2025-05-26"]);
    check(Rule::Islamic(9, 1), &["2025-03-01", "2026-02-18"]);
    let ramadan = [
        "2015-06-18",
        "2016-06-06",
        "2017-05-27",
        "2018-05-17",
        "2019-05-06",
        "2020-04-24",
        "2021-04-13",
        "2022-04-02",
        "2023-03-23",
        "2024-03-11",
    ];
    check_nearly(Rule::Islamic(9, 1), &ramadan);
    let fitr = ["2020-05-24", "2021-05-13", "2022-05-02", "2023-04-21", "2024-04-10", "2025-03-30", "2026-03-20"];
    check_nearly(Rule::Islamic(10, 1), &fitr);
    let adha = ["2020-07-31", "2021-07-20", "2022-07-09", "2023-06-28", "2024-06-16", "2025-06-06", "2026-05-27"];
    check_nearly(Rule::Islamic(12, 10), &adha);
    // Ramadan began twice in 1997: on 10 January and on 31 December.
    assert_eq!(Rule::Islamic(9, 1).days(1997).len(), 2);
}

/// Every feast of 2000 to 2040 by other people's calendars (`tests/golden/README.md`), no day more and no day less.
#[test]
fn feasts_are_where_other_calendars_have_them() {
    let diwali = WINDOWS.iter().find(|w| w.en == "Diwali").unwrap().rule;
    let mut compared = 0;
    for line in include_str!("../../../tests/golden/feasts.csv").lines() {
        let mut words = line.split(',');
        let name = words.next().unwrap();
        let theirs: Vec<_> = words.map(|date| number(date.parse().unwrap())).collect();
        let (rule, off) = match name {
            "spring-festival" => (Rule::Lunar(1, 1), 0),
            "lantern" => (Rule::Lunar(1, 15), 0),
            "dragon-boat" => (Rule::Lunar(5, 5), 0),
            "qixi" => (Rule::Lunar(7, 7), 0),
            "mid-autumn" => (Rule::Lunar(8, 15), 0),
            "qingming" => (Rule::Qingming, 0),
            "easter" => (Rule::Easter, 0),
            "diwali" => (diwali, 0),
            "ramadan" => (Rule::Islamic(9, 1), 0),
            "eid-al-fitr" => (Rule::Islamic(10, 1), 0),
            "eid-al-adha" => (Rule::Islamic(12, 10), 0),
            // The tabular calendar is civil arithmetic, this one follows the moon over Mecca: never before, at most two later.
            "ramadan-umm-al-qura" => (Rule::Islamic(9, 1), 2),
            "eid-al-fitr-umm-al-qura" => (Rule::Islamic(10, 1), 2),
            "eid-al-adha-umm-al-qura" => (Rule::Islamic(12, 10), 2),
            other => panic!("{other}"),
        };
        let ours: Vec<_> = (2000..=2040).flat_map(|year| rule.days(year)).collect();
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!((0..=off).contains(&(ours - theirs)), "{name}: {ours}, {theirs}");
            compared += 1;
        }
    }
    assert_eq!(compared, 41 * 7 + 35 + 2 * (42 + 43 + 43));
}

#[test]
fn windows_of_one_feast_share_no_day() {
    for (k, a) in WINDOWS.iter().enumerate() {
        assert!(a.first <= a.last && !a.sets.is_empty(), "{}", a.en);
        for b in &WINDOWS[k + 1..] {
            let common = a.sets.iter().any(|set| b.sets.contains(set));
            assert!(a.rule != b.rule || !common || a.last < b.first || b.last < a.first, "{} and {}", a.en, b.en);
        }
    }
}

fn series(start: &str, n: usize) -> Series {
    let values = (0..n).map(|t| (t % 7) as f64).collect::<Vec<_>>();
    Series { id: SeriesId::new("a", "north"), start: Period::parse(start).unwrap(), values: values.into() }
}

fn values(name: &str, scope: (&str, &str), start: &str, values: &[Option<f64>]) -> DriverValues {
    let (scope, start) = (SeriesId::new(scope.0, scope.1), Period::parse(start).unwrap());
    DriverValues { name: name.into(), scope, start, values: values.into() }
}

fn drivers(values: Vec<DriverValues>) -> Drivers {
    Drivers { values, ..Drivers::default() }
}

fn made(series: &Series, drivers: &Drivers, horizon: usize) -> (DriverMatrix, Vec<(String, Fate)>) {
    let feasts = Feasts::new(drivers, series.start, series.values.len() + horizon);
    let (matrix, notes) = build(series, drivers, &feasts, horizon);
    (matrix, notes.into_iter().map(|n| (n.column.en, n.fate)).collect())
}

fn column<'a>(matrix: &'a DriverMatrix, name: &str) -> &'a [f64] {
    matrix.columns().iter().find(|c| c.name.en == name).unwrap_or_else(|| panic!("{name}")).values()
}

#[test]
fn feasts_fall_into_their_periods() {
    let mut all = Drivers::default();
    all.holidays.insert(HolidaySet::China);
    let (months, _) = made(&series("2024-01", 24), &all, 12);
    let spring = column(&months, "Spring Festival");
    // 9 to 16 February 2024; 28 January to 4 February 2025; 16 to 23 February 2026.
    let expected = [(0, 0.0), (1, 8.0 / 29.0), (12, 4.0 / 31.0), (13, 4.0 / 28.0), (24, 0.0), (25, 8.0 / 28.0)];
    for (t, share) in expected {
        assert!((spring[t] - share).abs() < 1e-12, "{t}: {}", spring[t]);
    }
    let (days, _) = made(&series("2024-01-01", 60), &all, 7);
    let first = column(&days, "Spring Festival").iter().position(|v| *v > 0.999);
    assert_eq!(first, Some(39), "9 February 2024, the eve");
    // Fixed days are in the season of months already; weeks and days see them move.
    let (_, notes) = made(&series("2020-01", 48), &all, 12);
    assert!(notes.contains(&("618".into(), Fate::Seasonal)), "{notes:?}");
    let (weeks, _) = made(&series("2020-W01", 150), &all, 13);
    assert_eq!(column(&weeks, "618").iter().filter(|v| **v > 0.0).count(), 3 + 1, "one year's 618 lies on two weeks");
    let (_, notes) = made(&series("17", 40), &all, 4);
    assert_eq!(notes, [("the holidays".to_owned(), Fate::NoCalendar)]);
}

#[test]
fn a_driver_shifted_by_a_period_is_seen_shifted() {
    let sales = series("2024-W01", 20);
    let pulse = |at: usize| (0..24).map(|t| Some(f64::from(u8::from(t == at)))).collect::<Vec<_>>();
    for at in [3, 4, 19] {
        let (matrix, notes) = made(&sales, &drivers(vec![values("promo", ("", ""), "2024-W01", &pulse(at))]), 4);
        assert_eq!(column(&matrix, "promo").iter().position(|v| *v > 0.999), Some(at), "{notes:?}");
    }
    // Stated from an earlier start: still by date, not by position.
    let early = [vec![Some(0.0); 5], pulse(3)].concat();
    let (matrix, _) = made(&sales, &drivers(vec![values("promo", ("", ""), "2023-W48", &early)]), 4);
    assert_eq!(column(&matrix, "promo").iter().position(|v| *v > 0.999), Some(3));
    // The most telling scope counts.
    let table = drivers(vec![
        values("promo", ("", ""), "2024-W01", &pulse(1)),
        values("promo", ("", "north"), "2024-W01", &pulse(2)),
        values("promo", ("a", ""), "2024-W01", &pulse(5)),
        values("promo", ("b", "north"), "2024-W01", &pulse(7)),
    ]);
    let (matrix, _) = made(&sales, &table, 4);
    assert_eq!(column(&matrix, "promo").iter().position(|v| *v > 0.999), Some(5));
}

#[test]
fn days_become_weeks() {
    let sales = series("2024-W01", 6);
    let price: Vec<Option<f64>> = (0..56).map(|d| Some(f64::from(d))).collect();
    let listed: Vec<Option<f64>> = (0..50).map(|d| [2, 3, 16, 49].contains(&d).then_some(1.0)).collect();
    let table = drivers(vec![
        values("price", ("", ""), "2024-01-01", &price),
        values("promo", ("", ""), "2024-01-01", &listed),
    ]);
    let (matrix, notes) = made(&sales, &table, 2);
    assert_eq!(column(&matrix, "price"), [3.0, 10.0, 17.0, 24.0, 31.0, 38.0, 45.0, 52.0]);
    let days = column(&matrix, "promo").iter().map(|v| (v * 7.0).round()).collect::<Vec<_>>();
    assert_eq!(days, [2.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(notes, []);
}

#[test]
fn a_missing_future_is_said_and_never_filled_unasked() {
    let sales = series("2024-W01", 10);
    let price: Vec<Option<f64>> = (0..12).map(|t| Some(10.0 + f64::from(t))).collect();
    let mut table = drivers(vec![values("price", ("", ""), "2024-W01", &price)]);
    let (matrix, notes) = made(&sales, &table, 4);
    assert!(matrix.is_empty());
    let period = |s: &str| Period::parse(s).unwrap();
    assert_eq!(notes, [("price".into(), Fate::NoFuture(2, period("2024-W13"), period("2024-W14")))]);
    table.future = FutureRule::HoldLast;
    let (matrix, notes) = made(&sales, &table, 4);
    assert_eq!(column(&matrix, "price")[10..], [20.0, 21.0, 21.0, 21.0]);
    assert_eq!(notes, [("price".into(), Fate::Held(2))]);
}

#[test]
fn what_says_nothing_is_left_out() {
    let sales = series("2024-W01", 10);
    let some = |f: fn(usize) -> Option<f64>| (0..12).map(f).collect::<Vec<_>>();
    let table = drivers(vec![
        values("ahead", ("", ""), "2024-W01", &some(|t| Some(if t > 9 { 1.0 } else { 0.0 }))),
        values("copy", ("", ""), "2024-W01", &some(|t| Some(7.0 - 3.0 * (t % 3) as f64))),
        values("flat", ("", ""), "2024-W01", &some(|_| Some(3.0))),
        values("gaps", ("", ""), "2024-W01", &some(|t| (t % 4 > 0).then_some(t as f64))),
        values("original", ("", ""), "2024-W01", &some(|t| Some((t % 3) as f64))),
        values("other", ("b", ""), "2024-W01", &some(|t| Some(t as f64))),
        values("rare", ("", ""), "2024-W01", &some(|t| (t > 6).then_some(2.0 + t as f64))),
        values("steps", ("", ""), "5", &some(|t| Some(t as f64))),
    ]);
    let (matrix, notes) = made(&sales, &table, 2);
    let names: Vec<&str> = matrix.columns().iter().map(|c| c.name.en.as_str()).collect();
    assert_eq!(names, ["copy", "gaps"]);
    assert_eq!(column(&matrix, "gaps")[..6], [1.0, 1.0, 2.0, 3.0, 3.0, 5.0]);
    let fate = |name: &str| &notes.iter().find(|(n, _)| n == name).unwrap().1;
    assert_eq!(*fate("ahead"), Fate::OnlyAhead);
    assert_eq!(*fate("flat"), Fate::Constant);
    assert_eq!(*fate("gaps"), Fate::Filled(3));
    assert_eq!(*fate("original"), Fate::SameAs(crate::words::Text::same("copy")));
    assert_eq!(*fate("other"), Fate::NotStated);
    assert_eq!(*fate("rare"), Fate::Sparse);
    assert_eq!(*fate("steps"), Fate::NoCalendar);
}

#[test]
fn events_of_one_name_are_one_column() {
    let day = |s: &str| Period::parse(s).unwrap();
    let event = |name: &str, scope: (&str, &str), spans: &[(&str, &str)]| NamedEvent {
        name: name.into(),
        scope: SeriesId::new(scope.0, scope.1),
        occurrences: spans.iter().map(|(a, b)| (day(a), day(b))).collect(),
    };
    let table = Drivers {
        events: vec![
            event("fair", ("", ""), &[("2024-02-26", "2024-03-02"), ("2024-05-01", "2024-05-01")]),
            event("fair", ("a", ""), &[("2024-04", "2024-04")]),
            event("strike", ("", "south"), &[("2024-02-01", "2024-02-09")]),
        ],
        ..Drivers::default()
    };
    let (matrix, notes) = made(&series("2024-01", 4), &table, 2);
    assert_eq!(matrix.columns().len(), 1, "{notes:?}");
    assert_eq!(column(&matrix, "fair"), [0.0, 4.0 / 29.0, 2.0 / 31.0, 1.0, 1.0 / 31.0, 0.0]);
}
