//! The "(all)" rows: one per model, over many series, pooled as [`ScorePool`] says.

use super::registry::rank;
use crate::model::{ModelScore, ScorePool, SeriesForecast};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pools the scores per model, best (smallest MASE, else MAE) first; models without any score last.
pub(crate) fn summarise(forecasts: &[SeriesForecast]) -> Vec<ModelScore> {
    let mut pools: BTreeMap<Arc<str>, ScorePool> = BTreeMap::new();
    for score in forecasts.iter().flat_map(|f| &f.scores) {
        pools.entry(Arc::clone(&score.model)).or_default().add(score);
    }
    let total = forecasts.len();
    let mut scores: Vec<ModelScore> = pools.into_iter().map(|(model, pool)| score(model, &pool, total)).collect();
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

fn score(model: Arc<str>, pool: &ScorePool, total: usize) -> ModelScore {
    let note = match pool.series() {
        0 => text!("Refused every series", "所有序列均不适用"),
        series if series < total => {
            text!("Scored on {series} of {total} series", "在 {total} 个序列中评估了 {series} 个")
        }
        _ => Text::default(),
    };
    ModelScore::new(model, pool.accuracy(), note, pool.seconds())
}
