//! Drivers → the matrix of one series, and what is to say about it.

use super::feasts::WINDOWS;
use super::matrix::{DriverColumn, DriverMatrix, Measure, alike, unit};
use super::moving::{Day, number};
use super::notes::{Fate, Note};
use super::share::{Axis, last_day};
use super::stated::bring;
use crate::model::{Drivers, Frequency, FutureRule, NamedEvent, Period, Series, covers};
use crate::words::Text;
use std::sync::Arc;

/// Most regressors of one series: more than any history can tell apart.
const MOST_COLUMNS: usize = 128;
/// A feast's share of a period differs from year to year by this much of its largest share before it is news to a method
/// that knows the season: a leap day moves February's shares by 3.6 %.
const SEASONAL: f64 = 0.05;

/// The feasts' columns over a panel's periods and horizon, computed once.
#[derive(Debug)]
pub(crate) struct Feasts {
    start: Period,
    columns: Vec<(Text, Arc<[f64]>)>,
}

impl Feasts {
    /// The chosen sets' feasts over the `rows` periods from `start`; none without a calendar.
    pub(crate) fn new(drivers: &Drivers, start: Period, rows: usize) -> Self {
        let none = Self { start, columns: Vec::new() };
        if drivers.holidays.is_empty() {
            return none;
        }
        let Some(axis) = Axis::new(start, rows) else { return none };
        let Some((from, to)) = axis.bounds() else { return none };
        let chosen = WINDOWS.iter().filter(|w| w.sets.iter().any(|set| drivers.holidays.contains(set)));
        let column = |w: &super::feasts::Window| (Text::new(w.en, w.zh), axis.shares(&w.spans(from, to)).into());
        Self { start, columns: chosen.map(column).collect() }
    }
}

/// The regressors of one series over its history and `horizon` more periods, with a note on every driver that is not as
/// the user stated it.
pub(crate) fn build(series: &Series, drivers: &Drivers, feasts: &Feasts, horizon: usize) -> (DriverMatrix, Vec<Note>) {
    let mut work = Work { series, horizon, columns: Vec::new(), units: Vec::new(), notes: Vec::new() };
    for name in drivers.names() {
        work.stated(drivers, name);
    }
    let mine: Vec<&NamedEvent> = drivers.events.iter().filter(|e| covers(&e.scope, &series.id)).collect();
    work.events(&mine);
    work.feasts(feasts);
    if !drivers.holidays.is_empty() && series.start.frequency() == Frequency::Step {
        work.note(Text::new("the holidays", "节日"), Fate::NoCalendar);
    }
    (DriverMatrix::new(work.columns), work.notes)
}

struct Work<'a> {
    series: &'a Series,
    horizon: usize,
    columns: Vec<DriverColumn>,
    /// The columns' histories, centred and scaled, to find copies.
    units: Vec<Vec<f64>>,
    notes: Vec<Note>,
}

impl Work<'_> {
    fn n(&self) -> usize {
        self.series.values.len()
    }

    fn rows(&self) -> usize {
        self.n() + self.horizon
    }

    fn note(&mut self, column: Text, fate: Fate) {
        self.notes.push(Note { column, fate });
    }

    fn stated(&mut self, drivers: &Drivers, name: &Arc<str>) {
        let label = Text::same(&**name);
        let Some(values) = drivers.lookup(name, &self.series.id) else { return self.note(label, Fate::NotStated) };
        let Some(brought) = bring(values, self.series.start, self.rows()) else {
            return self.note(label, Fate::NoCalendar);
        };
        let mut values = brought.values;
        let n = self.n();
        let missing = values[..n].iter().filter(|v| v.is_none()).count();
        if missing * 2 > n {
            return self.note(label, Fate::Sparse);
        }
        if missing > 0 {
            fill(&mut values[..n], brought.flag);
            self.note(label.clone(), Fate::Filled(missing));
        }
        let ahead: Vec<usize> = (n..values.len()).filter(|t| values[*t].is_none()).collect();
        if let (Some(first), Some(last)) = (ahead.first(), ahead.last()) {
            if drivers.future == FutureRule::Stated {
                let period = |t: usize| self.series.start.plus(t as i64);
                let fate = Fate::NoFuture(ahead.len(), period(*first), period(*last));
                return self.note(label, fate);
            }
            for t in n..values.len() {
                values[t] = values[t].or(values[t - 1]);
            }
            self.note(label.clone(), Fate::Held(ahead.len()));
        }
        let values: Vec<f64> = values.into_iter().map(Option::unwrap_or_default).collect();
        if brought.listed && values[n..].iter().all(|v| *v == 0.0) {
            self.note(label.clone(), Fate::NoneAhead);
        }
        let measure = if brought.flag { Measure::Share } else { Measure::Amount };
        self.add(DriverColumn::new(label, measure, values));
    }

    /// One column per event name: its occurrences share one effect.
    fn events(&mut self, mine: &[&NamedEvent]) {
        let mut names: Vec<&Arc<str>> = mine.iter().map(|e| &e.name).collect();
        names.sort();
        names.dedup();
        for name in names {
            let label = Text::same(&**name);
            let spans = mine.iter().filter(|e| e.name == *name).flat_map(|e| &e.occurrences).copied();
            match self.event_shares(&spans.collect::<Vec<_>>()) {
                Some(shares) => self.add(DriverColumn::new(label, Measure::Share, shares)),
                None => self.note(label, Fate::NoCalendar),
            }
        }
    }

    fn event_shares(&self, spans: &[(Period, Period)]) -> Option<Vec<f64>> {
        let start = self.series.start;
        if start.frequency() == Frequency::Step {
            let inside = |period: Period| spans.iter().any(|(a, b)| (*a..=*b).contains(&period));
            let numbered = spans.iter().all(|(a, _)| a.frequency() == Frequency::Step);
            let share = |t: usize| f64::from(u8::from(inside(start.plus(t as i64))));
            return numbered.then(|| (0..self.rows()).map(share).collect());
        }
        let days =
            |(a, b): &(Period, Period)| -> Option<(Day, Day)> { Some((number(a.first_day()?), number(last_day(*b)?))) };
        let spans = spans.iter().map(days).collect::<Option<Vec<_>>>()?;
        Some(Axis::new(start, self.rows())?.shares(&spans))
    }

    fn feasts(&mut self, feasts: &Feasts) {
        let Ok(from) = usize::try_from(self.series.start.since(feasts.start)) else { return };
        for (name, values) in &feasts.columns {
            if values.len() < from + self.rows() {
                continue;
            }
            let column = DriverColumn::shared(name.clone(), values, from, self.rows());
            // A feast outside history and horizon concerns nobody.
            if column.values().iter().all(|v| *v == 0.0) {
                continue;
            }
            if is_seasonal(column.values(), self.series.start.frequency()) {
                self.note(name.clone(), Fate::Seasonal);
            } else {
                self.add(column);
            }
        }
    }

    /// Takes a column in when the history can tell its effect.
    fn add(&mut self, column: DriverColumn) {
        let (history, future) = column.values().split_at(self.n());
        let Some(unit) = unit(history) else {
            let moves = future.iter().any(|v| (v - history[0]).abs() > 1e-9 * history[0].abs().max(1e-9));
            let fate = if moves { Fate::OnlyAhead } else { Fate::Constant };
            return self.note(column.name, fate);
        };
        if let Some(k) = self.units.iter().position(|other| alike(other, &unit)) {
            let other = self.columns[k].name.clone();
            return self.note(column.name, Fate::SameAs(other));
        }
        if self.columns.len() == MOST_COLUMNS {
            return self.note(column.name, Fate::TooMany(MOST_COLUMNS));
        }
        self.columns.push(column);
        self.units.push(unit);
    }
}

/// Gaps of a history: a flag is 0 there, an amount stays as it was (before the first one: as it will be).
fn fill(values: &mut [Option<f64>], flag: bool) {
    if flag {
        for value in values {
            *value = value.or(Some(0.0));
        }
        return;
    }
    let mut last = values.iter().flatten().next().copied();
    for value in values {
        last = value.or(last);
        *value = last;
    }
}

/// True when the shares repeat every year to within [`SEASONAL`]: a method with a season of months or quarters knows.
fn is_seasonal(shares: &[f64], frequency: Frequency) -> bool {
    let period = match frequency {
        Frequency::Month | Frequency::Quarter => frequency.season_length(),
        Frequency::Year => 1,
        Frequency::Step | Frequency::Day | Frequency::Week => return false,
    };
    let most = shares.iter().fold(0.0_f64, |m, v| m.max(*v));
    shares.len() > period && (period..shares.len()).all(|t| (shares[t] - shares[t - period]).abs() <= SEASONAL * most)
}
