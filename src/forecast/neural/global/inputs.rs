//! What is known of a series besides its demand: when in the season a period lies, prices, promotions, feasts and other
//! drivers, the item's category, and where it is sold.

use crate::forecast::Options;
use crate::forecast::events::{DriverMatrix, Measure};
use crate::model::Series;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::f64::consts::TAU;

/// Most drivers that a network is shown, those of the most series first, and most locations and categories that it tells apart.
pub(super) const MOST_COLUMNS: usize = 12;
pub(super) const MOST_LOCATIONS: usize = 12;
pub(super) const MOST_CATEGORIES: usize = 12;
/// Largest size of a driver on the network's scale.
const LARGEST: f64 = 5.0;

/// What a network is told by name, in the order that it is told them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    /// True where it is told when in the season a period lies.
    pub(super) season: bool,
    /// Drivers by their English names.
    pub(super) drivers: Vec<String>,
    /// Locations; empty when there is only one.
    pub(super) locations: Vec<String>,
    /// Categories of items; empty when there is only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) categories: Vec<String>,
}

impl Names {
    /// What most of the series have, and the season where the longest of them has `longest` periods, two seasons at least: of
    /// a part of the year that was seen once nothing can be said but what happened then.
    pub(super) fn of(series: &[Series], options: &Options, longest: usize) -> Self {
        let season = series.first().map_or(1, |s| s.start.frequency().season_length());
        let mut drivers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for one in series {
            *kinds.entry(category(one, options)).or_default() += 1;
            for column in options.matrix(&one.id).into_iter().flat_map(DriverMatrix::columns) {
                *drivers.entry(&column.name.en).or_default() += 1;
            }
            *places.entry(&one.id.location).or_default() += 1;
        }
        let locations = if places.len() > 1 { commonest(places, MOST_LOCATIONS) } else { Vec::new() };
        // That an item has none isn't told: it may be a new one.
        let are_several = kinds.len() > 1;
        kinds.remove("");
        let categories = if are_several { commonest(kinds, MOST_CATEGORIES) } else { Vec::new() };
        let season = season > 1 && longest >= 2 * season;
        Self { season, drivers: commonest(drivers, MOST_COLUMNS), locations, categories }
    }
}

/// The category of a series' item, empty where it isn't known.
fn category<'a>(series: &Series, options: &'a Options) -> &'a str {
    options.items.get(&series.id).map_or("", |item| &item.category)
}

/// The inputs of all series of a panel.
#[derive(Debug, Clone, Default)]
pub(super) struct Inputs {
    names: Names,
    of: Vec<Known>,
    /// Places in the season, as points of the circle, of all periods from a window before the earliest history on.
    phases: Vec<[f32; 2]>,
}

/// One series' own.
#[derive(Debug, Clone)]
struct Known {
    /// `[column]`, each over history and horizon; empty where the series has no such driver.
    columns: Vec<Vec<f32>>,
    location: Option<usize>,
    category: Option<usize>,
    /// Where the first period's place in the season lies.
    start: usize,
}

impl Inputs {
    /// The inputs of `series` for windows of `window` periods. A driver's size is measured over the first `known(series)`
    /// periods only, so that no backtest origin sees what came after it.
    pub(super) fn new(
        names: Names,
        (series, window): (&[Series], usize),
        options: &Options,
        known: impl Fn(&Series) -> usize,
    ) -> Self {
        let earliest = series.iter().map(|s| s.start).min();
        let before = |one: &Series| earliest.map_or(0, |e| one.start.since(e).max(0) as usize);
        let of = |one: &Series| {
            let own = options.matrix(&one.id).map(DriverMatrix::columns).unwrap_or_default();
            let scaled = |name: &String| {
                let column = own.iter().find(|c| c.name.en == *name);
                column.map(|c| scaled(c.values(), c.measure, known(one))).unwrap_or_default()
            };
            Known {
                columns: names.drivers.iter().map(scaled).collect(),
                location: names.locations.iter().position(|l| **l == *one.id.location),
                category: names.categories.iter().position(|c| *c == category(one, options)),
                start: window + before(one),
            }
        };
        let of = series.iter().map(of).collect();
        let end = series.iter().map(|s| window + before(s) + s.values.len()).max().unwrap_or(0);
        let phase = |k: usize| {
            let period = earliest?.plus(k as i64 - window as i64);
            let angle = TAU * period.season_index() as f64 / period.frequency().season_length() as f64;
            Some([angle.cos() as f32, angle.sin() as f32])
        };
        Self { names, of, phases: (0..end).filter_map(phase).collect() }
    }

    /// Inputs of no series, for what a network that is told `names` looks like.
    pub(super) fn named(names: Names) -> Self {
        Self { names, ..Self::default() }
    }

    /// What is told by name.
    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    /// The place of period `tau` in its season, as a point of the circle: January is January whenever a history begins.
    pub(super) fn phase(&self, series: usize, tau: isize) -> [f32; 2] {
        let start = self.of.get(series).map_or(0, |known| known.start as isize);
        usize::try_from(start + tau).ok().and_then(|k| self.phases.get(k)).copied().unwrap_or_default()
    }

    /// Numbers known of each period.
    pub(super) fn per_step(&self) -> usize {
        self.names.drivers.len()
    }

    /// Numbers known of a window as a whole.
    pub(super) fn per_window(&self, horizon: usize) -> usize {
        self.per_step() * horizon + self.names.locations.len() + self.names.categories.len()
    }

    /// Appends what is known of period `tau`.
    pub(super) fn step(&self, series: usize, tau: isize, x: &mut Vec<f32>) {
        if self.per_step() > 0 {
            let value = |column: &Vec<f32>| usize::try_from(tau).ok().and_then(|t| column.get(t)).copied();
            x.extend(self.of[series].columns.iter().map(|column| value(column).unwrap_or(0.0)));
        }
    }

    /// Appends what is known of the `horizon` periods after `t`, and of the series.
    pub(super) fn window(&self, series: usize, t: usize, horizon: usize, extras: &mut Vec<f32>) {
        for h in 1..=horizon {
            self.step(series, (t + h) as isize, extras);
        }
        let own = self.of.get(series).map_or((None, None), |known| (known.location, known.category));
        let mut tell =
            |own: Option<usize>, of: usize| extras.extend((0..of).map(|k| f32::from(u8::from(own == Some(k)))));
        tell(own.0, self.names.locations.len());
        tell(own.1, self.names.categories.len());
    }
}

/// The names that occur most, by name where as often.
fn commonest(counts: BTreeMap<&str, usize>, most: usize) -> Vec<String> {
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter().take(most).map(|(name, _)| name.to_owned()).collect()
}

/// A share as it is, a positive amount as the logarithm of its ratio to the mean, any other amount in deviations from it.
fn scaled(values: &[f64], measure: Measure, known: usize) -> Vec<f32> {
    let past = &values[..known.min(values.len())];
    let count = past.len().max(1) as f64;
    let mean = past.iter().sum::<f64>() / count;
    let deviation = (past.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / count).sqrt();
    let is_ratio = measure == Measure::Amount && mean > 0.0 && values.iter().all(|v| *v > 0.0);
    let scale = |v: &f64| match measure {
        Measure::Share => *v,
        Measure::Amount if is_ratio => (v / mean).ln(),
        Measure::Amount if deviation > 0.0 => (v - mean) / deviation,
        Measure::Amount => 0.0,
    };
    let sound = |v: f64| if v.is_finite() { v.clamp(-LARGEST, LARGEST) as f32 } else { 0.0 };
    values.iter().map(|v| sound(scale(v))).collect()
}
