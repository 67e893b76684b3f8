//! Whether overriding helped: the ladder naive → statistical → final, once the actuals are there.
//!
//! Forecast value added (Gilliland 2010, *The Business Forecasting Deal*): every step of the ladder is measured on the
//! same periods, those that an override changed and that have been sold since. Anything else would credit judgement with
//! periods that it never touched.

use crate::model::{KeptForecast, SalesPanel};

/// Errors of the ladder's steps over the same periods.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ValueAdded {
    /// Periods that an override changed and that have been sold since, over all series.
    pub periods: usize,
    /// Mean absolute error of the naive forecast, units.
    pub naive: f64,
    /// Mean absolute error of the statistical forecast, units.
    pub statistical: f64,
    /// Mean absolute error of the final forecast, units.
    pub last: f64,
}

impl ValueAdded {
    /// What overrides took off the statistical forecast's error, percent; negative when they made it worse. `None` without
    /// a period or an error to compare with.
    pub fn percent(&self) -> Option<f64> {
        (self.periods > 0 && self.statistical > 0.0).then(|| 100.0 * (1.0 - self.last / self.statistical))
    }
}

/// Measures kept forecasts against what was sold since they were kept.
pub fn value_added(kept: &[KeptForecast], panel: &SalesPanel) -> ValueAdded {
    let mut sums = ValueAdded::default();
    for forecast in kept {
        let Some(series) = panel.get(&forecast.id) else { continue };
        if forecast.start.frequency() != panel.frequency() {
            continue;
        }
        for (h, (statistical, last)) in forecast.statistical.iter().zip(&forecast.last).enumerate() {
            let at = forecast.start.plus(h as i64).since(series.start);
            let actual = usize::try_from(at).ok().and_then(|at| series.values.get(at));
            if let Some(actual) = actual.filter(|_| statistical.to_bits() != last.to_bits()) {
                sums.periods += 1;
                sums.naive += (forecast.naive - actual).abs();
                sums.statistical += (statistical - actual).abs();
                sums.last += (last - actual).abs();
            }
        }
    }
    let n = sums.periods.max(1) as f64;
    ValueAdded { naive: sums.naive / n, statistical: sums.statistical / n, last: sums.last / n, ..sums }
}
