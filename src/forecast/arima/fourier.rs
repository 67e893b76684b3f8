//! A long season as sines and cosines among the regressors (Harvey 1989, §2.3.4; Hyndman & Athanasopoulos 2021,
//! *Forecasting: principles and practice*, §10.5): weeks or days of a year are too many lags for a seasonal order.

use super::estimate::{Effort, estimate};
use super::order::{Constant, Order};
use super::search::{MAX_PERIOD, MIN_LONG_SEASONS};
use super::series::{Differenced, History};
use crate::control::{Cancelled, Control};

/// Numbers of pairs tried; a pair more adds a wiggle of that many per season.
const PAIRS: [usize; 7] = [1, 2, 3, 4, 6, 8, 10];

/// The pairs chosen.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// Number of pairs; 0 without a long season, or when none lowers the criterion.
    pub(super) pairs: usize,
    /// Their columns, each `n + horizon` long.
    pub(super) columns: Vec<Vec<f64>>,
}

/// The number of pairs with the lowest AICc under ARIMA(1,1,1) and under ARIMA(1,0,1) errors, whichever is lower: enough of a
/// model of the rest for the criterion to see the season.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn choose(history: &History, season: usize, horizon: usize, control: &Control) -> Result<Terms, Cancelled> {
    if season <= MAX_PERIOD || history.len() < MIN_LONG_SEASONS * season {
        return Ok(Terms::default());
    }
    let mut best = (f64::INFINITY, Terms::default());
    for pairs in std::iter::once(0).chain(PAIRS.into_iter().filter(|k| 2 * k < season)) {
        let columns = columns(season, pairs, history.len() + horizon);
        let with = History { regressors: [history.regressors.clone(), columns.clone()].concat(), ..history.clone() };
        for (order, kind) in [(Order::new(1, 1, 1), Constant::Zero), (Order::new(1, 0, 1), Constant::Estimated)] {
            let series = Differenced::of(&with, &order);
            if let Some(fit) = estimate(&series, order, kind, Effort::Ranking, control)?
                && fit.aicc() < best.0
            {
                best = (fit.aicc(), Terms { pairs, columns: columns.clone() });
            }
        }
    }
    Ok(best.1)
}

/// `sin 2πkt/m` and `cos 2πkt/m`, `k = 1..=pairs`, `t = 0..count`.
fn columns(season: usize, pairs: usize, count: usize) -> Vec<Vec<f64>> {
    let wave = |k: usize, f: fn(f64) -> f64| {
        // The angle from the remainder: exact after many seasons.
        (0..count).map(|t| f(std::f64::consts::TAU * ((k * t) % season) as f64 / season as f64)).collect()
    };
    (1..=pairs).flat_map(|k| [wave(k, f64::sin), wave(k, f64::cos)]).collect()
}
