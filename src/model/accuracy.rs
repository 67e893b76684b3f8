//! How good a forecast was, for one series and for many.

use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Forecast error over a backtest. `None` where a measure is undefined (for example MASE of a constant history).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Accuracy {
    /// Forecast errors counted: folds × horizon.
    pub count: usize,
    /// Rolling-origin folds.
    pub folds: usize,
    /// Mean absolute error, units.
    pub mae: Option<f64>,
    /// Mean squared error, units².
    pub mse: Option<f64>,
    /// Root mean squared error, units.
    pub rmse: Option<f64>,
    /// Mean absolute percentage error, percent; undefined when an actual is 0.
    pub mape: Option<f64>,
    /// Symmetric MAPE, percent, `200·|y−f|/(|y|+|f|)`, 0 where both are 0.
    pub smape: Option<f64>,
    /// Sum of absolute errors over sum of absolute actuals, percent.
    pub wape: Option<f64>,
    /// Mean absolute scaled error (Hyndman & Koehler 2006), against the in-sample seasonal naive.
    pub mase: Option<f64>,
    /// Root mean squared scaled error (M5).
    pub rmsse: Option<f64>,
    /// Mean of forecast − actual, units: positive when the forecast is too high.
    pub bias: Option<f64>,
    /// Mean pinball loss over the quantiles 10, 20, … 90 %, units: how good the whole distribution is.
    #[serde(default)]
    pub pinball: Option<f64>,
    /// Continuous ranked probability score, units, from those quantiles: the MAE of a forecast that is a distribution.
    #[serde(default)]
    pub crps: Option<f64>,
    /// Share of actuals inside the 80 % interval, in `[0, 1]`.
    pub coverage80: Option<f64>,
    /// Share of actuals inside the 95 % interval, in `[0, 1]`.
    pub coverage95: Option<f64>,
}

/// How one model did in the backtest of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelScore {
    /// Name of the model.
    pub model: Arc<str>,
    /// Its errors; `None` when the model refused the series.
    pub accuracy: Option<Accuracy>,
    /// Why the model refused, or a remark; may be empty.
    pub note: Text,
    /// Mean absolute error per step ahead, units; empty without a backtest. The entry at the lead time is what stock feels.
    #[serde(default)]
    pub mae_by_step: Vec<f64>,
    /// Two-sided p-value of the Diebold–Mariano test against the model chosen: the chance of so large a difference between
    /// two equally good models. `None` for the chosen one and where the errors don't pair.
    #[serde(default)]
    pub against_chosen: Option<f64>,
    /// Seconds of computing for this series' fits, backtest and final fit together; of a network over all series, one
    /// series' share of its training too.
    pub seconds: f64,
}

impl ModelScore {
    /// A score without steps or a test against another model.
    pub fn new(model: impl Into<Arc<str>>, accuracy: Option<Accuracy>, note: Text, seconds: f64) -> Self {
        Self { model: model.into(), accuracy, note, mae_by_step: Vec::new(), against_chosen: None, seconds }
    }
}

/// Backtests of several series as one.
///
/// MAE, MSE, bias, pinball loss and CRPS weigh every forecast alike (by count); RMSE is the root of the pooled MSE; WAPE is the sum of all
/// absolute errors over the sum of all absolute actuals (the actuals of a series with no error at all can't be recovered
/// from its accuracy and are left out). MAPE, sMAPE, MASE, RMSSE and coverage are free of units and weigh every series
/// alike, as in the M competitions: their mean over the series where they are defined. Seconds add up.
#[derive(Debug, Clone, Default)]
pub struct ScorePool {
    series: usize,
    count: usize,
    folds: usize,
    mae: Mean,
    mse: Mean,
    bias: Mean,
    mape: Mean,
    smape: Mean,
    mase: Mean,
    rmsse: Mean,
    pinball: Mean,
    crps: Mean,
    coverage80: Mean,
    coverage95: Mean,
    /// Σ|actual|, units.
    actual: f64,
    seconds: f64,
}

impl ScorePool {
    /// Adds one series' backtest; a refusal counts by its seconds only.
    pub fn add(&mut self, score: &ModelScore) {
        self.seconds += score.seconds;
        let Some(a) = &score.accuracy else { return };
        let n = a.count as f64;
        self.series += 1;
        self.count += a.count;
        self.folds = self.folds.max(a.folds);
        self.mae.add(a.mae, n);
        self.mse.add(a.mse, n);
        self.bias.add(a.bias, n);
        self.mape.add(a.mape, 1.0);
        self.smape.add(a.smape, 1.0);
        self.mase.add(a.mase, 1.0);
        self.rmsse.add(a.rmsse, 1.0);
        self.pinball.add(a.pinball, n);
        self.crps.add(a.crps, n);
        self.coverage80.add(a.coverage80, 1.0);
        self.coverage95.add(a.coverage95, 1.0);
        // WAPE = 100·Σ|error| / Σ|actual|, so the actuals come back from it.
        if let Some((mae, wape)) = a.mae.zip(a.wape.filter(|w| *w > 0.0)) {
            self.actual += 100.0 * mae * n / wape;
        }
    }

    /// Seconds of computing, all together.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Series scored.
    pub fn series(&self) -> usize {
        self.series
    }

    /// The measures over all series scored, `folds` being the most that one of them had; `None` when all were refused.
    pub fn accuracy(&self) -> Option<Accuracy> {
        let wape = (self.actual > 0.0).then(|| 100.0 * self.mae.sum / self.actual).filter(|w| w.is_finite());
        (self.series > 0).then(|| Accuracy {
            count: self.count,
            folds: self.folds,
            mae: self.mae.value(),
            mse: self.mse.value(),
            rmse: self.mse.value().map(f64::sqrt),
            mape: self.mape.value(),
            smape: self.smape.value(),
            wape,
            mase: self.mase.value(),
            rmsse: self.rmsse.value(),
            bias: self.bias.value(),
            pinball: self.pinball.value(),
            crps: self.crps.value(),
            coverage80: self.coverage80.value(),
            coverage95: self.coverage95.value(),
        })
    }
}

/// A weighted mean in the making.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: Option<f64>, weight: f64) {
        if let Some(value) = value {
            self.sum += value * weight;
            self.weight += weight;
        }
    }

    fn value(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight).filter(|v| v.is_finite())
    }
}
