//! Three years of weekly sales, made from patterns and seeded chance.

use super::catalogue::{CATEGORIES, Category, Pattern, WAREHOUSES};
use super::dice::Dice;
use jiff::civil::{Date, date};
use std::fmt::Write;

/// Changing it changes every figure of the sample.
const SEED: u64 = 20_261_115;
/// Monday of the first week, 2023-W47; the last of the 156 weeks is 2026-W46.
const FIRST_MONDAY: Date = date(2023, 11, 20);
/// Three years.
pub(crate) const WEEKS: usize = 156;

/// One item in one warehouse.
pub(crate) struct Line {
    pub(crate) category: &'static Category,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) warehouse: &'static str,
    /// Price in the last year, EUR.
    pub(crate) price: f64,
    /// Units in a carton.
    pub(crate) carton: f64,
    pub(crate) pattern: Pattern,
    /// Units sold per week.
    pub(crate) units: Vec<u32>,
    /// Price per week, EUR.
    prices: Vec<f64>,
}

impl Line {
    /// Mean units a week over the last `weeks`.
    pub(crate) fn recent(&self, weeks: usize) -> f64 {
        self.units[WEEKS - weeks..].iter().map(|u| f64::from(*u)).sum::<f64>() / weeks as f64
    }

    /// Standard deviation of a week's units over the last `weeks`.
    pub(crate) fn recent_sd(&self, weeks: usize) -> f64 {
        let mean = self.recent(weeks);
        let squares = self.units[WEEKS - weeks..].iter().map(|u| (f64::from(*u) - mean) * (f64::from(*u) - mean));
        (squares.sum::<f64>() / weeks as f64).sqrt()
    }
}

/// All lines, by item, then warehouse.
pub(crate) struct Company {
    pub(crate) lines: Vec<Line>,
}

impl Company {
    pub(crate) fn new() -> Self {
        let mut lines = Vec::new();
        for (c, category) in CATEGORIES.iter().enumerate() {
            for (i, &(code, name, price, level, carton, pattern)) in category.items.iter().enumerate() {
                for (w, &(warehouse, share)) in WAREHOUSES.iter().enumerate() {
                    if is_stocked(c * 10 + i, w, pattern) {
                        let mut dice = Dice::named(SEED, &format!("{code}@{warehouse}"));
                        let level = level * share * dice.between(0.85, 1.15);
                        let (units, prices) = history(category, price, level, pattern, &mut dice);
                        lines.push(Line { category, code, name, warehouse, price, carton, pattern, units, prices });
                    }
                }
            }
        }
        Self { lines }
    }

    /// date, item, location, quantity, price; weeks without a sale have no row.
    pub(crate) fn sales_csv(&self) -> String {
        let mut text = String::from("date,item,location,quantity,price\n");
        for week in 0..WEEKS {
            let monday = monday(week);
            for line in self.lines.iter().filter(|l| l.units[week] > 0) {
                let (units, price) = (line.units[week], line.prices[week]);
                let _ = writeln!(text, "{monday},{},{},{units},{price:.2}", line.code, line.warehouse);
            }
        }
        text
    }
}

/// Slow items lie in one or two warehouses, the others in nearly all.
fn is_stocked(item: usize, warehouse: usize, pattern: Pattern) -> bool {
    match pattern {
        Pattern::Intermittent(_) => warehouse == item % 3 || (item.is_multiple_of(2) && warehouse == 0),
        _ => match warehouse {
            0 => item % 12 != 7,
            1 => item % 8 != 3,
            _ => item % 6 != 4,
        },
    }
}

/// The first day of a week, counted from 0.
pub(crate) fn monday(week: usize) -> Date {
    FIRST_MONDAY.saturating_add(jiff::Span::new().days(7 * week as i64))
}

/// Units and prices of every week.
fn history(category: &Category, price: f64, level: f64, pattern: Pattern, dice: &mut Dice) -> (Vec<u32>, Vec<f64>) {
    let promotions = promotion_weeks(pattern, dice);
    let mut units = Vec::with_capacity(WEEKS);
    let mut prices = Vec::with_capacity(WEEKS);
    for week in 0..WEEKS {
        let list = list_price(price, monday(week));
        let promoted = promotions.contains(&week);
        let after = week > 0 && promotions.contains(&(week - 1));
        let lift = if promoted {
            dice.between(1.7, 2.4)
        } else if after {
            0.82
        } else {
            1.0
        };
        let mean = level * lift * season(category, pattern, monday(week)) * trade(monday(week)) * life(pattern, week);
        units.push(draw(mean, pattern, dice));
        prices.push(if promoted { to_five_cents(list * 0.85) } else { list });
    }
    (units, prices)
}

fn draw(mean: f64, pattern: Pattern, dice: &mut Dice) -> u32 {
    let units = if let Pattern::Intermittent(probability) = pattern {
        if dice.uniform() >= probability {
            return 0;
        }
        1.0 + mean / probability * dice.between(0.3, 1.6)
    } else {
        // Relative noise of a steady seller, plus the square root of the mean as a Poisson count has it.
        mean + dice.bell() * (0.09 * mean + 0.8 * mean.max(0.0).sqrt())
    };
    units.round().max(0.0) as u32
}

/// The season's factor in a week: the months' factors, joined by straight lines.
fn season(category: &Category, pattern: Pattern, monday: Date) -> f64 {
    let strength = match pattern {
        Pattern::Season(strength) => strength,
        Pattern::Intermittent(_) => 0.0,
        Pattern::Steady | Pattern::Shift(..) => 0.5,
        _ => 0.8,
    };
    let month = (f64::from(monday.day_of_year()) + 3.0 - 15.2) / 30.44;
    let (before, part) = (month.floor(), month - month.floor());
    let of = |m: f64| category.season[(m as i64).rem_euclid(12) as usize];
    (1.0 + strength * (of(before) * (1.0 - part) + of(before + 1.0) * part - 1.0)).max(0.05)
}

/// Shops fill their shelves in the two weeks before Christmas and rest until the New Year.
fn trade(monday: Date) -> f64 {
    match (monday.month(), monday.day()) {
        (12, 5..=18) => 1.22,
        (12, 22..=31) => 0.72,
        _ => 1.0,
    }
}

/// Trend, steps, start and end of an item's life.
fn life(pattern: Pattern, week: usize) -> f64 {
    let years = (week as f64 - 104.0) / 52.0;
    match pattern {
        Pattern::Trend(yearly) => (1.0 + yearly * years).max(0.1),
        Pattern::New(weeks) if week + weeks < WEEKS => 0.0,
        Pattern::New(weeks) => (0.4 + 0.1 * (week + weeks - WEEKS) as f64).min(1.0),
        Pattern::Discontinued(last) if week > last => 0.0,
        Pattern::Discontinued(last) => (0.15 + 0.08 * (last - week) as f64).min(1.0),
        Pattern::Shift(from, factor) if week >= from => factor,
        _ => 1.0,
    }
}

/// Promotions lie in every year's weeks 5 to 45, at least a month apart on average.
fn promotion_weeks(pattern: Pattern, dice: &mut Dice) -> Vec<usize> {
    let Pattern::Promoted(yearly) = pattern else { return Vec::new() };
    let gap = 41.0 / yearly as f64;
    let of_year = |year: usize, dice: &mut Dice| -> Vec<usize> {
        (0..yearly).map(|k| year * 52 + 10 + ((k as f64 + dice.uniform() * 0.8) * gap) as usize).collect()
    };
    (0..3).flat_map(|year| of_year(year, dice)).filter(|week| *week < WEEKS).collect()
}

/// Prices rise by 3 % every January; the catalogue's are those of 2026.
fn list_price(price: f64, monday: Date) -> f64 {
    let years = f64::from(2026 - monday.year().min(2026));
    to_five_cents(price * (1.0 - 0.03 * years))
}

fn to_five_cents(price: f64) -> f64 {
    (price * 20.0).round() / 20.0
}
