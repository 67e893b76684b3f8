//! Days → periods: what share of a period's days an event covers.

use super::moving::{Day, number};
use crate::model::{Frequency, Period};
use jiff::civil::Date;

/// Consecutive periods by their first days.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    /// First of the periods.
    pub(crate) start: Period,
    /// First day of each period, and of the one after the last.
    days: Vec<Day>,
}

impl Axis {
    /// The `length` periods from `start` on; `None` for numbered periods and outside the calendar.
    pub(crate) fn new(start: Period, length: usize) -> Option<Self> {
        if start.frequency() == Frequency::Step {
            return None;
        }
        let days = (0..=length).map(|t| start.plus(t as i64).first_day().map(number)).collect::<Option<_>>()?;
        Some(Self { start, days })
    }

    /// Number of periods.
    pub(crate) fn len(&self) -> usize {
        self.days.len() - 1
    }

    /// First and last day of all.
    pub(crate) fn bounds(&self) -> Option<(Date, Date)> {
        let last = self.start.plus(self.len() as i64 - 1);
        Some((self.start.first_day()?, last_day(last)?))
    }

    /// Share of each period's days that lie in the spans (first and last day); spans of one event don't overlap, or
    /// where they do their days count once. In `[0, 1]`.
    pub(crate) fn shares(&self, spans: &[(Day, Day)]) -> Vec<f64> {
        let merged = merge(spans);
        let mut shares = vec![0.0; self.len()];
        for (first, last) in merged {
            let from = self.days.partition_point(|d| *d <= first).saturating_sub(1);
            for (share, ends) in shares.iter_mut().zip(self.days.windows(2)).skip(from) {
                let (a, b) = (ends[0], ends[1]);
                if a > last {
                    break;
                }
                let covered = last.min(b - 1) - first.max(a) + 1;
                *share += f64::from(covered.max(0)) / f64::from(b - a);
            }
        }
        shares
    }
}

/// Last day of a period; `None` without a calendar.
pub(crate) fn last_day(period: Period) -> Option<Date> {
    period.plus(1).first_day()?.yesterday().ok()
}

fn merge(spans: &[(Day, Day)]) -> Vec<(Day, Day)> {
    let mut sorted: Vec<(Day, Day)> = spans.iter().copied().filter(|(a, b)| a <= b).collect();
    sorted.sort_unstable();
    let mut merged: Vec<(Day, Day)> = Vec::with_capacity(sorted.len());
    for (first, last) in sorted {
        match merged.last_mut() {
            Some(open) if first <= open.1 + 1 => open.1 = open.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_equal_a_count_of_days() {
        let spans = [(19_700, 19_713), (19_710, 19_716), (19_900, 19_900), (20_050, 20_120)];
        let starts = ["2023-12-01", "2023-W49", "2023-12", "2023-Q4", "2023"];
        for start in starts.map(|s| Period::parse(s).unwrap()) {
            let axis = Axis::new(start, 60).unwrap();
            for (t, share) in axis.shares(&spans).into_iter().enumerate() {
                let period = start.plus(t as i64);
                let (first, next) = (number(period.first_day().unwrap()), number(period.plus(1).first_day().unwrap()));
                let inside = (first..next).filter(|d| spans.iter().any(|(a, b)| (a..=b).contains(&d))).count();
                let expected = inside as f64 / f64::from(next - first);
                assert!((share - expected).abs() < 1e-12, "{period}: {share} instead of {expected}");
            }
        }
    }
}
