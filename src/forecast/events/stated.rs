//! Stated values → one value per period of the plan.

use super::moving::{Day, number};
use super::share::{Axis, last_day};
use crate::model::{DriverValues, Frequency, Period, share_a_calendar};

/// A driver brought to the plan's periods.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Brought {
    /// Value per period; `None` where the file states nothing.
    pub(crate) values: Vec<Option<f64>>,
    /// True when the file lists only where the driver is 1, so that it is 0 elsewhere.
    pub(crate) listed: bool,
    /// True when all stated values are 0 or 1.
    pub(crate) flag: bool,
}

/// Values over the `rows` periods from `start`; `None` when one has a calendar and the other numbered periods.
///
/// Shorter periods are averaged (a flag becomes the share of days), longer ones hold for each period that begins in them.
/// A driver that is stated only where it is 1, the usual way to write down promotions, is 0 elsewhere.
pub(crate) fn bring(stated: &DriverValues, start: Period, rows: usize) -> Option<Brought> {
    let (has, wanted) = (stated.start.frequency(), start.frequency());
    if !share_a_calendar(has, wanted) {
        return None;
    }
    let numbers = || stated.values.iter().flatten();
    let is = |v: f64, one: f64| v.to_bits() == one.to_bits();
    let flag = numbers().all(|v| *v == 0.0 || is(*v, 1.0));
    let listed = numbers().all(|v| is(*v, 1.0));
    let values = if listed && wanted != Frequency::Step {
        occurrences(stated, start, rows)?.into_iter().map(Some).collect()
    } else if has == wanted {
        let at = start.since(stated.start);
        let value = |t: usize| {
            let k = usize::try_from(at + t as i64).ok()?;
            stated.values.get(k).copied().flatten().or(listed.then_some(0.0))
        };
        (0..rows).map(|t| value(t).or(listed.then_some(0.0))).collect()
    } else if has < wanted {
        mean(stated, start, rows)
    } else {
        (0..rows).map(|t| stated.get(Period::containing(start.plus(t as i64).first_day()?, has))).collect()
    };
    Some(Brought { values, listed, flag })
}

/// Share of each period's days on which the driver is listed.
fn occurrences(stated: &DriverValues, start: Period, rows: usize) -> Option<Vec<f64>> {
    let span = |(k, value): (usize, &Option<f64>)| -> Option<(Day, Day)> {
        (*value)?;
        let period = stated.start.plus(k as i64);
        Some((number(period.first_day()?), number(last_day(period)?)))
    };
    let spans: Vec<_> = stated.values.iter().enumerate().filter_map(span).collect();
    Some(Axis::new(start, rows)?.shares(&spans))
}

fn mean(stated: &DriverValues, start: Period, rows: usize) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0_u32); rows];
    for (k, value) in stated.values.iter().enumerate() {
        let (Some(value), Some(day)) = (value, stated.start.plus(k as i64).first_day()) else { continue };
        let at = Period::containing(day, start.frequency()).since(start);
        if let Some(sum) = usize::try_from(at).ok().and_then(|t| sums.get_mut(t)) {
            *sum = (sum.0 + value, sum.1 + 1);
        }
    }
    sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / f64::from(count))).collect()
}
