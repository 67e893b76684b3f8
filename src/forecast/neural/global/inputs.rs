//! What is known of a series besides its demand: prices, promotions, feasts and other drivers, and where it is sold.

use crate::forecast::Options;
use crate::forecast::events::{DriverMatrix, Measure};
use crate::model::Series;
use std::collections::BTreeMap;

/// Most drivers that a network is shown, those of the most series first, and most locations that it tells apart.
const MOST_COLUMNS: usize = 12;
const MOST_LOCATIONS: usize = 12;
/// Largest size of a driver on the network's scale.
const LARGEST: f64 = 5.0;

/// The inputs of all series of a panel.
#[derive(Debug, Clone, Default)]
pub(super) struct Inputs {
    columns: usize,
    locations: usize,
    of: Vec<Known>,
}

/// One series' own.
#[derive(Debug, Clone)]
struct Known {
    /// `[column]`, each over history and horizon; empty where the series has no such driver.
    columns: Vec<Vec<f32>>,
    location: Option<usize>,
}

impl Inputs {
    /// The inputs of `series`. A driver's size is measured over the first `known(series)` periods only, so that no backtest
    /// origin sees what came after it.
    pub(super) fn new(series: &[Series], options: &Options, known: impl Fn(&Series) -> usize) -> Self {
        let matrix = |s: &Series| options.matrix(&s.id);
        let mut drivers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for one in series {
            for column in matrix(one).into_iter().flat_map(DriverMatrix::columns) {
                *drivers.entry(&column.name.en).or_default() += 1;
            }
            *places.entry(&one.id.location).or_default() += 1;
        }
        let columns = commonest(drivers, MOST_COLUMNS);
        let locations = if places.len() > 1 { commonest(places, MOST_LOCATIONS) } else { Vec::new() };
        let of = |one: &Series| {
            let own = matrix(one).map(DriverMatrix::columns).unwrap_or_default();
            let scaled = |name: &&str| {
                let column = own.iter().find(|c| c.name.en == *name);
                column.map(|c| scaled(c.values(), c.measure, known(one))).unwrap_or_default()
            };
            Known {
                columns: columns.iter().map(scaled).collect(),
                location: locations.iter().position(|l| *l == &*one.id.location),
            }
        };
        Self { columns: columns.len(), locations: locations.len(), of: series.iter().map(of).collect() }
    }

    /// Numbers known of each period.
    pub(super) fn per_step(&self) -> usize {
        self.columns
    }

    /// Numbers known of a window as a whole.
    pub(super) fn per_window(&self, horizon: usize) -> usize {
        self.columns * horizon + self.locations
    }

    /// Appends what is known of period `tau`.
    pub(super) fn step(&self, series: usize, tau: isize, x: &mut Vec<f32>) {
        if self.columns > 0 {
            let value = |column: &Vec<f32>| usize::try_from(tau).ok().and_then(|t| column.get(t)).copied();
            x.extend(self.of[series].columns.iter().map(|column| value(column).unwrap_or(0.0)));
        }
    }

    /// Appends what is known of the `horizon` periods after `t`, and of the series.
    pub(super) fn window(&self, series: usize, t: usize, horizon: usize, extras: &mut Vec<f32>) {
        for h in 1..=horizon {
            self.step(series, (t + h) as isize, extras);
        }
        let own = self.of.get(series).and_then(|known| known.location);
        extras.extend((0..self.locations).map(|l| f32::from(u8::from(own == Some(l)))));
    }
}

/// The names that occur most, by name where as often.
fn commonest(counts: BTreeMap<&str, usize>, most: usize) -> Vec<&str> {
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all.into_iter().take(most).map(|(name, _)| name).collect()
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
