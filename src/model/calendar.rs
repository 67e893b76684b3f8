//! Periods of time: what a sales figure, a forecast step and an order date are counted in.

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::text;
use crate::words::Text;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// The length of a planning period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Frequency {
    /// Numbered periods without a calendar (a file with only a quantity column); each counts as one day.
    Step,
    /// Calendar days.
    Day,
    /// ISO weeks, Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

impl Frequency {
    /// Periods in the main season: 7 days, 52 weeks, 12 months, 4 quarters; 1 where there is none.
    pub fn season_length(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week => 52,
            Self::Month => 12,
            Self::Quarter => 4,
            Self::Step | Self::Year => 1,
        }
    }

    /// Mean length of a period in days (Gregorian mean for month, quarter and year).
    pub fn days(self) -> f64 {
        match self {
            Self::Step | Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 365.2425 / 12.0,
            Self::Quarter => 365.2425 / 4.0,
            Self::Year => 365.2425,
        }
    }

    /// Mean number of periods in a year.
    pub fn periods_per_year(self) -> f64 {
        365.2425 / self.days()
    }

    /// The name used in files and on the command line: `day`, `week`, …
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Step => text!("period", "期"),
            Self::Day => text!("day", "日"),
            Self::Week => text!("week", "周"),
            Self::Month => text!("month", "月"),
            Self::Quarter => text!("quarter", "季"),
            Self::Year => text!("year", "年"),
        }
    }
}

/// One period: a day, an ISO week, a month, … Periods of one frequency are consecutive integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    frequency: Frequency,
    index: i32,
}

const EPOCH: Date = Date::constant(1970, 1, 1);
/// Days from [`EPOCH`] (a Thursday) back to the Monday that starts week 0.
const WEEK_SHIFT: i32 = 3;

impl Period {
    /// The numbered period `number`, from 1, without a calendar.
    pub fn step(number: i32) -> Self {
        Self { frequency: Frequency::Step, index: number }
    }

    /// The period of `frequency` that contains `date`. For [`Frequency::Step`], days are counted.
    pub fn containing(date: Date, frequency: Frequency) -> Self {
        let index = match frequency {
            Frequency::Step | Frequency::Day => day_number(date),
            Frequency::Week => (day_number(date) + WEEK_SHIFT).div_euclid(7),
            Frequency::Month => i32::from(date.year()) * 12 + i32::from(date.month()) - 1,
            Frequency::Quarter => i32::from(date.year()) * 4 + (i32::from(date.month()) - 1) / 3,
            Frequency::Year => i32::from(date.year()),
        };
        Self { frequency, index }
    }

    /// The length of the period.
    pub fn frequency(self) -> Frequency {
        self.frequency
    }

    /// The period `steps` later (earlier when negative), saturating at the ends of the calendar.
    #[must_use]
    pub fn plus(self, steps: i64) -> Self {
        let index = i64::from(self.index).saturating_add(steps).clamp(-1_000_000_000, 1_000_000_000);
        Self { index: index as i32, ..self }
    }

    /// Periods from `earlier` to `self`; negative when `self` is before it. Both must have one frequency.
    pub fn since(self, earlier: Period) -> i64 {
        debug_assert_eq!(self.frequency, earlier.frequency, "periods of one frequency are compared");
        i64::from(self.index) - i64::from(earlier.index)
    }

    /// First day of the period; `None` for numbered periods and outside the calendar (years −9999 to 9999).
    pub fn first_day(self) -> Option<Date> {
        let date = |months: i32| {
            let year = i16::try_from(months.div_euclid(12)).ok()?;
            let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
            Date::new(year, month, 1).ok()
        };
        match self.frequency {
            Frequency::Step => None,
            Frequency::Day => day_from_number(self.index),
            Frequency::Week => day_from_number(self.index.checked_mul(7)?.checked_sub(WEEK_SHIFT)?),
            Frequency::Month => date(self.index),
            Frequency::Quarter => date(self.index.checked_mul(3)?),
            Frequency::Year => date(self.index.checked_mul(12)?),
        }
    }

    /// Days in this very period (28 to 31 for a month); 1 for a numbered period.
    pub fn days(self) -> f64 {
        match (self.first_day(), self.plus(1).first_day()) {
            (Some(a), Some(b)) => f64::from(day_number(b) - day_number(a)),
            _ => self.frequency.days(),
        }
    }

    /// Position within the season, `0 ..` [`Frequency::season_length`]: Monday 0, January 0, ISO week 1 is 0.
    pub fn season_index(self) -> usize {
        match self.frequency {
            Frequency::Day => (self.index + WEEK_SHIFT).rem_euclid(7) as usize,
            Frequency::Week => self.first_day().map_or(0, |d| (d.iso_week_date().week().max(1) as usize - 1).min(51)),
            Frequency::Month => self.index.rem_euclid(12) as usize,
            Frequency::Quarter => self.index.rem_euclid(4) as usize,
            Frequency::Step | Frequency::Year => 0,
        }
    }

    /// The label used on screen and in files: `2024-03-05`, `2024-W10`, `2024-03`, `2024-Q1`, `2024`, `17`.
    pub fn label(self) -> String {
        let Some(first) = self.first_day() else { return self.index.to_string() };
        match self.frequency {
            Frequency::Step | Frequency::Day => first.to_string(),
            Frequency::Week => {
                let week = first.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Frequency::Month => format!("{:04}-{:02}", first.year(), first.month()),
            Frequency::Quarter => format!("{:04}-Q{}", first.year(), (first.month() - 1) / 3 + 1),
            Frequency::Year => format!("{:04}", first.year()),
        }
    }

    /// Reads a label that [`label`](Self::label) wrote; a plain date is the day period.
    pub fn parse(label: &str) -> Option<Self> {
        let label = label.trim();
        if let Some((year, week)) = label.split_once("-W") {
            let week = jiff::civil::ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday).ok()?;
            return Some(Self::containing(week.date(), Frequency::Week));
        }
        if let Some((year, quarter)) = label.split_once("-Q") {
            let quarter: i8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
            let first = Date::new(year.parse().ok()?, quarter * 3 - 2, 1).ok()?;
            return Some(Self::containing(first, Frequency::Quarter));
        }
        match label.split('-').map(str::len).collect::<Vec<_>>()[..] {
            [4, 2, 2] => Some(Self::containing(label.parse().ok()?, Frequency::Day)),
            [4, 2] => Some(Self::containing(format!("{label}-01").parse().ok()?, Frequency::Month)),
            [4] if label.starts_with(['1', '2']) => {
                Some(Self { frequency: Frequency::Year, index: label.parse().ok()? })
            }
            _ => label.parse().ok().map(Self::step),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.label())
    }
}

fn day_number(date: Date) -> i32 {
    let span = EPOCH.until((jiff::Unit::Day, date));
    span.map_or(0, |s| s.get_days())
}

fn day_from_number(number: i32) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(i64::from(number)).ok()?).ok()
}

/// How many periods ahead to plan: at least 1, at most [`Horizon::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Horizon(usize);

impl Horizon {
    /// Nobody plans further: ten years of weeks, two of days.
    pub const MAX: usize = 730;

    /// A horizon of `periods`.
    ///
    /// # Errors
    /// A diagnostic when `periods` is 0 or beyond [`Horizon::MAX`].
    pub fn new(periods: usize) -> Result<Self, Box<Diagnostic>> {
        if (1..=Self::MAX).contains(&periods) {
            return Ok(Self(periods));
        }
        let max = Self::MAX;
        Err(Box::new(Diagnostic::new(
            Severity::Error,
            "horizon-out-of-range",
            text!("Horizon {periods} is outside 1 to {max} periods", "预测期数 {periods} 超出 1 到 {max} 的范围"),
            text!("Choose a horizon between 1 and {max} periods", "请选择 1 到 {max} 之间的期数"),
            Place::default(),
        )))
    }

    /// Number of periods.
    pub fn get(self) -> usize {
        self.0
    }
}
