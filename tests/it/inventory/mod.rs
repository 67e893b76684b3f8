//! Tests at the face of `inventory`.

mod exchange;
mod lead_times;
mod lots;
mod nasty;
mod plan;
mod policies;
mod policy;
mod purchase;
mod reorder;
mod segments;
mod side_by_side;
mod simulation;

use planwright::model::{Forecast, Frequency, Item, Period, SamplePaths, SeriesId};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};
use std::sync::Arc;

/// Equal to within `tolerance` of 1 or of the expected value, whichever is larger.
#[track_caller]
pub(crate) fn check(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * expected.abs().max(1.0), "{value} is not {expected}");
}

/// Independent normal demands, cut at 0, `[path, period]`.
pub(crate) fn normal_paths(mean: f64, sd: f64, paths: usize, periods: usize) -> SamplePaths {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let normal = Normal::new(mean, sd).expect("a deviation that isn't negative");
    let draw = |_| (normal.sample(&mut rng) as f32).max(0.0);
    SamplePaths::new(periods, (0..paths * periods).map(draw).collect())
}

/// A forecast with a given mean and paths, starting on the Monday or first of the month of January 2024.
pub(crate) fn forecast(frequency: Frequency, mean: Vec<f64>, paths: SamplePaths) -> Forecast {
    Forecast {
        id: SeriesId::new("A1", ""),
        model: "naive".into(),
        start: Period::containing(jiff::civil::date(2024, 1, 1), frequency),
        mean,
        intervals: Vec::new(),
        paths: Arc::new(paths),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: planwright::words::Text::default(),
    }
}

/// Steady demand with independent normal paths.
pub(crate) fn steady(frequency: Frequency, mean: f64, sd: f64, paths: usize, periods: usize) -> Forecast {
    forecast(frequency, vec![mean; periods], normal_paths(mean, sd, paths, periods))
}

/// An item with stock to start from and a lead time in days.
pub(crate) fn item(lead_time_days: f64, on_hand: f64) -> Item {
    Item { lead_time_days, on_hand, ..Item::with_defaults(SeriesId::new("A1", "")) }
}
