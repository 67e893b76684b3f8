//! One origin of a backtest: what each model had said, and what came.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{Cutoff, CutoffForecast, SeriesForecast};
use crate::text;
use crate::words::Text;

/// The models' forecasts at the `k`-th cut-off, newest first, against what came; one row per model, best backtest first.
/// Empty when there is no such cut-off.
pub fn cutoff_table(series: &SeriesForecast, k: usize) -> Table {
    let percent = || Text::same("%");
    let columns = vec![
        Column::new("model", "Model", "模型", Kind::Text),
        Column::new("chosen", "Chosen", "选用", Kind::Text),
        Column::new("forecast", "Forecast in all", "预测合计", Kind::Number(1)).unit(units()),
        Column::new("actual", "Actual in all", "实际合计", Kind::Number(1)).unit(units()),
        Column::new("total_error", "Error in all", "合计误差", Kind::Number(1)).unit(percent()),
        Column::new("mae", "MAE", "MAE", Kind::Number(3)).unit(units()),
        Column::new("wape", "WAPE", "WAPE", Kind::Number(2)).unit(percent()),
        Column::new("bias", "Bias", "偏差", Kind::Number(3)).unit(units()),
    ];
    let mut table = Table::new("cutoff", "Cut-off", "回测时点", columns);
    let Some(cutoff) = series.cutoffs.get(k) else { return table };
    for CutoffForecast { model, mean, .. } in &cutoff.forecasts {
        let chosen = *model == series.best().model;
        let mut row = vec![model.into(), Cell::words(if chosen { text!("yes", "是") } else { Text::default() })];
        row.extend(errors(cutoff, mean));
        table.push(row);
    }
    table
}

fn errors(cutoff: &Cutoff, mean: &[f64]) -> [Cell; 6] {
    let pairs = || mean.iter().zip(&cutoff.actual);
    let n = pairs().count().max(1) as f64;
    let (forecast, actual) = pairs().fold((0.0, 0.0), |(f, a), (m, y)| (f + m, a + y));
    let absolute: f64 = pairs().map(|(m, y)| (m - y).abs()).sum();
    let size: f64 = cutoff.actual.iter().map(|y| y.abs()).sum();
    let share = |x: f64, of: f64| (of > 0.0).then(|| 100.0 * x / of);
    [
        forecast.into(),
        actual.into(),
        share(forecast - actual, actual).into(),
        (absolute / n).into(),
        share(absolute, size).into(),
        ((forecast - actual) / n).into(),
    ]
}
