//! The plan's periods as days, and money laid out on them.

use crate::model::Period;

/// Payment terms are at most so long, days: ten years.
pub(super) const LONGEST_TERMS: f64 = 3650.0;

/// Day numbers of the periods: 0 is the first day of the plan.
pub(super) struct Days {
    /// First days of the periods from `-before` on.
    first: Vec<i64>,
    before: i64,
    periods: usize,
}

impl Days {
    /// The days of `periods` periods from `start`, and of those around them that payment terms may reach.
    pub(super) fn new(start: Period, periods: usize) -> Self {
        let reach = (LONGEST_TERMS / start.frequency().days()).ceil() as i64 + 1;
        let mut earlier: Vec<i64> = Vec::new();
        let mut day = 0;
        for k in 1..=reach {
            day -= start.plus(-k).days() as i64;
            earlier.push(day);
        }
        earlier.reverse();
        let mut first = earlier;
        day = 0;
        for k in 0..=periods as i64 + reach {
            first.push(day);
            day += start.plus(k).days() as i64;
        }
        Self { first, before: reach, periods }
    }

    /// First day of a period, counted from the plan's first; the farthest known for one beyond.
    pub(super) fn first_of(&self, period: i64) -> i64 {
        let at = (period.saturating_add(self.before)).clamp(0, self.first.len() as i64 - 1);
        self.first[at as usize]
    }

    /// Days of the plan.
    pub(super) fn len(&self) -> i64 {
        self.first_of(self.periods as i64)
    }

    /// Periods of the plan.
    pub(super) fn periods(&self) -> usize {
        self.periods
    }

    /// The days of a period of the plan.
    pub(super) fn of(&self, period: usize) -> std::ops::Range<usize> {
        self.first_of(period as i64) as usize..self.first_of(period as i64 + 1) as usize
    }
}

/// Money per day of the plan.
pub(super) struct Grid {
    pub(super) money: Vec<f64>,
}

impl Grid {
    pub(super) fn new(days: &Days) -> Self {
        Self { money: vec![0.0; days.len() as usize] }
    }

    /// Spreads money evenly over the days `from..to`; tells each day of the plan and its money.
    pub(super) fn spread(&mut self, (from, to): (i64, i64), amount: f64, mut told: impl FnMut(i64, f64)) {
        let a_day = amount / (to - from).max(1) as f64;
        for day in from.max(0)..to.min(self.money.len() as i64) {
            self.money[day as usize] += a_day;
            told(day, a_day);
        }
    }

    /// Money of a day; nothing when it isn't one of the plan.
    pub(super) fn put(&mut self, day: i64, amount: f64, told: impl FnOnce(i64, f64)) {
        if let Some(money) = usize::try_from(day).ok().and_then(|d| self.money.get_mut(d)) {
            *money += amount;
            told(day, amount);
        }
    }

    /// Money of some days.
    pub(super) fn sum(&self, days: std::ops::Range<usize>) -> f64 {
        self.money[days].iter().sum::<f64>() + 0.0
    }
}
