//! The "(all)" rows: one per model, over many series.
//!
//! MAE, MSE, bias and coverage weigh every forecast alike (by count); RMSE is the root of the pooled MSE; WAPE is the sum
//! of all absolute errors over the sum of all absolute actuals (the actuals of a series with no error at all can't be
//! recovered from its score and are left out). MAPE, sMAPE, MASE and RMSSE are free of units and weigh every series
//! alike, as in the M competitions: their mean over the series where they are defined.

use super::registry::rank;
use crate::model::{Accuracy, ModelScore, SeriesForecast};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pools the scores per model, best (smallest MASE, else MAE) first; models without any score last.
pub(crate) fn summarise(forecasts: &[SeriesForecast]) -> Vec<ModelScore> {
    let mut pools: BTreeMap<Arc<str>, Pool> = BTreeMap::new();
    for score in forecasts.iter().flat_map(|f| &f.scores) {
        pools.entry(Arc::clone(&score.model)).or_default().add(score);
    }
    let total = forecasts.len();
    let mut scores: Vec<ModelScore> = pools.into_iter().map(|(model, pool)| pool.score(model, total)).collect();
    let key = |s: &ModelScore| {
        let accuracy = s.accuracy.unwrap_or_default();
        (s.accuracy.is_none(), accuracy.mase.is_none(), accuracy.mase.or(accuracy.mae).unwrap_or(f64::INFINITY))
    };
    scores.sort_by(|a, b| {
        let (x, y) = (key(a), key(b));
        (x.0, x.1).cmp(&(y.0, y.1)).then(x.2.total_cmp(&y.2)).then(rank(&a.model).cmp(&rank(&b.model)))
    });
    scores
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

#[derive(Debug, Clone, Default)]
struct Pool {
    series: usize,
    count: usize,
    folds: usize,
    seconds: f64,
    mae: Mean,
    mse: Mean,
    bias: Mean,
    coverage80: Mean,
    coverage95: Mean,
    mape: Mean,
    smape: Mean,
    mase: Mean,
    rmsse: Mean,
    absolute: f64,
    actual: f64,
}

impl Pool {
    fn add(&mut self, score: &ModelScore) {
        self.seconds += score.seconds;
        let Some(a) = score.accuracy else { return };
        let weight = a.count as f64;
        self.series += 1;
        self.count += a.count;
        self.folds = self.folds.max(a.folds);
        self.mae.add(a.mae, weight);
        self.mse.add(a.mse, weight);
        self.bias.add(a.bias, weight);
        self.coverage80.add(a.coverage80, weight);
        self.coverage95.add(a.coverage95, weight);
        self.mape.add(a.mape, 1.0);
        self.smape.add(a.smape, 1.0);
        self.mase.add(a.mase, 1.0);
        self.rmsse.add(a.rmsse, 1.0);
        let absolute = a.mae.unwrap_or(0.0) * weight;
        self.absolute += absolute;
        if let Some(wape) = a.wape.filter(|w| *w > 0.0) {
            self.actual += 100.0 * absolute / wape;
        }
    }

    fn score(self, model: Arc<str>, total: usize) -> ModelScore {
        let series = self.series;
        let note = match series {
            0 => text!("Refused every series", "所有序列均不适用"),
            _ if series < total => {
                text!("Scored on {series} of {total} series", "在 {total} 个序列中评估了 {series} 个")
            }
            _ => Text::default(),
        };
        let wape = (self.actual > 0.0).then(|| 100.0 * self.absolute / self.actual).filter(|v| v.is_finite());
        let accuracy = Accuracy {
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
            coverage80: self.coverage80.value(),
            coverage95: self.coverage95.value(),
        };
        ModelScore { model, accuracy: (series > 0).then_some(accuracy), note, seconds: self.seconds }
    }
}
