//! Forecasts, how good they are, and the history that the charts show before them.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{Accuracy, Forecast, ForecastLayers, LayerKind, ModelScore, Plan, ScorePool, SeriesForecast};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many series the workbook charts.
pub(in super::super) const CHARTED: usize = 3;
/// How many periods of history a chart shows before the forecast, at most: two years of weeks.
const CHARTED_HISTORY: usize = 104;

/// Column names of the interval of every whole level.
macro_rules! level_keys {
    ($($level:literal)*) => { [$(($level, concat!("lo", $level), concat!("hi", $level))),*] };
}
const LEVEL_KEYS: [(u8, &str, &str); 99] = level_keys!(
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33
    34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66
    67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99
);

/// The chosen model's forecast of every series and step.
pub fn forecast_table(forecasts: &[SeriesForecast]) -> Table {
    forecasts_of(forecasts.iter().map(SeriesForecast::best).collect())
}

/// As [`forecast_table`] of final forecasts, with a column behind for every layer below the final one that occurs; the
/// same table when there are no layers.
pub fn layered_forecast_table(forecasts: &[SeriesForecast], layers: &[ForecastLayers]) -> Table {
    let mut table = forecast_table(forecasts);
    if layers.iter().all(ForecastLayers::is_plain) {
        return table;
    }
    let kinds = [
        (LayerKind::Statistical, "statistical"),
        (LayerKind::Launch, "launched"),
        (LayerKind::Reconciled, "reconciled"),
    ];
    for (kind, key) in kinds {
        if layers.iter().all(|l| l.get(kind).is_none()) {
            continue;
        }
        let label = kind.label();
        table.columns.push(Column::new(key, &label.en, &label.zh, Kind::Number(1)).unit(units()));
        // Rows are series by series, step by step.
        let steps = forecasts.iter().enumerate().flat_map(|(k, f)| (0..f.best().mean.len()).map(move |h| (k, h)));
        for (row, (k, h)) in table.rows.iter_mut().zip(steps) {
            let mean = layers.get(k).and_then(|l| l.up_to(kind).get(h).copied());
            row.push(mean.into());
        }
    }
    table
}

/// The forecast of every model that could be fitted, the chosen one of a series first.
pub fn all_forecasts_table(forecasts: &[SeriesForecast]) -> Table {
    let mut list = Vec::new();
    for series in forecasts {
        let best = series.best();
        list.push(best);
        list.extend(series.candidates.iter().filter(|c| !std::ptr::eq(*c, best)));
    }
    forecasts_of(list)
}

fn forecasts_of(list: Vec<&Forecast>) -> Table {
    let levels = levels(&list);
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("model", "Model", "模型", Kind::Text),
        Column::new("step", "Step", "步数", Kind::Integer),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("mean", "Forecast", "预测值", Kind::Number(1)).unit(units()),
    ];
    columns.extend(levels.iter().flat_map(|level| interval_columns(*level)));
    let mut table = Table::new("forecast", "Forecast", "预测", columns);
    for forecast in list {
        for (h, mean) in forecast.mean.iter().enumerate() {
            let mut row = vec![
                (&forecast.id.item).into(),
                (&forecast.id.location).into(),
                (&forecast.model).into(),
                (h + 1).into(),
                forecast.start.plus(h as i64).into(),
                (*mean).into(),
            ];
            row.extend(levels.iter().flat_map(|level| bounds(forecast, *level, h)));
            table.push(row);
        }
    }
    table
}

/// 80 and 95 always, then whatever other whole levels occur, ascending.
pub(super) fn levels(list: &[&Forecast]) -> Vec<u8> {
    let mut others: Vec<u8> = list.iter().flat_map(|f| &f.intervals).map(|i| whole_level(i.level)).collect();
    others.retain(|level| (1..=99).contains(level) && ![80, 95].contains(level));
    others.sort_unstable();
    others.dedup();
    [80, 95].into_iter().chain(others).collect()
}

fn whole_level(level: f64) -> u8 {
    level.round().clamp(0.0, 100.0) as u8
}

pub(super) fn interval_columns(level: u8) -> [Column; 2] {
    let (_, low, high) = LEVEL_KEYS[usize::from(level) - 1];
    [
        Column::new(low, &format!("Low {level} %"), &format!("{level}% 下限"), Kind::Number(1)).unit(units()),
        Column::new(high, &format!("High {level} %"), &format!("{level}% 上限"), Kind::Number(1)).unit(units()),
    ]
}

pub(super) fn bounds(forecast: &Forecast, level: u8, h: usize) -> [Cell; 2] {
    let interval = forecast.intervals.iter().find(|i| whole_level(i.level) == level);
    let at = |values: fn(&crate::model::Interval) -> &Vec<f64>| interval.and_then(|i| values(i).get(h).copied()).into();
    [at(|i| &i.lower), at(|i| &i.upper)]
}

/// Backtest errors of every model on every series: columns of the command line's contract, then nothing else; rows
/// with item `(all)` pool a model over the series.
///
/// Pooled rows: as [`ScorePool`] says.
pub fn backtest_table(forecasts: &[SeriesForecast]) -> Table {
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("model", "Model", "模型", Kind::Text),
    ];
    columns.extend(measures());
    let mut table = Table::new("backtest", "Backtest", "回测", columns);
    for series in forecasts {
        for score in &series.scores {
            let mut row = vec![(&series.id.item).into(), (&series.id.location).into(), (&score.model).into()];
            row.extend(measured(score.accuracy.as_ref(), score.seconds));
            table.push(row);
        }
    }
    for (model, pool) in pools(forecasts) {
        let mut row = vec![Cell::code("(all)"), Cell::Empty, (&model).into()];
        row.extend(pool.cells());
        table.push(row);
    }
    table
}

/// Backtest errors with the chosen model marked and the reason of a refusal; the pooled rows stand on top.
pub fn accuracy_table(forecasts: &[SeriesForecast]) -> Table {
    let mut table = pooled_accuracy_table(forecasts);
    for series in forecasts {
        let best = &series.best().model;
        for (k, score) in series.scores.iter().enumerate() {
            let chosen = score.model == *best;
            let mark = if chosen { text!("yes", "是") } else { Text::default() };
            let mut row =
                vec![(&series.id.item).into(), (&series.id.location).into(), (&score.model).into(), Cell::words(mark)];
            row.extend(measured(score.accuracy.as_ref(), score.seconds));
            row.extend(distribution(score.accuracy.as_ref()));
            row.push(score.against_chosen.into());
            row.push(Cell::words(verdict(series, k)));
            row.push(Cell::words(note(series, score, chosen)));
            table.push(row);
        }
    }
    table
}

/// The pooled rows of [`accuracy_table`] alone, over all series: one per model, one for the models in use, and one for the
/// automatic choices where models named beside them are in use in their place.
pub fn pooled_accuracy_table(forecasts: &[SeriesForecast]) -> Table {
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("model", "Model", "模型", Kind::Text),
        Column::new("chosen", "Chosen", "选用", Kind::Text),
    ];
    columns.extend(measures());
    columns.extend([
        Column::new("pinball", "Pinball", "分位数损失", Kind::Number(3)).unit(units()),
        Column::new("crps", "CRPS", "CRPS", Kind::Number(3)).unit(units()),
        Column::new("p_value", "p against the chosen", "与选用模型无差异的 p 值", Kind::Chance),
        Column::new("verdict", "Verdict", "结论", Kind::Text),
        Column::new("note", "Note", "说明", Kind::Text),
    ]);
    let mut table = Table::new("accuracy", "Accuracy", "预测精度", columns);
    let mut push = |model: Cell, pool: &Pool, note: Text| {
        let mut row = vec![Cell::code("(all)"), Cell::Empty, model, Cell::Empty];
        row.extend(pool.cells());
        row.extend(distribution(pool.scores.accuracy().as_ref()));
        row.extend([Cell::Empty, Cell::Empty, Cell::words(note)]);
        table.push(row);
    };
    for (model, pool) in pools(forecasts) {
        let (n, won) = (pool.scores.series(), pool.chosen);
        push((&model).into(), &pool, text!("{n} series, chosen for {won}", "{n} 个序列，其中 {won} 个选用"));
    }
    let mut push_choices = |name: Text, model: fn(&SeriesForecast) -> &str| {
        let mut pool = Pool::default();
        let scores = forecasts.iter().filter_map(|f| f.scores.iter().find(|s| *s.model == *model(f)));
        scores.for_each(|score| pool.scores.add(score));
        let n = pool.scores.series();
        push(Cell::words(name), &pool, text!("{n} series, each by its own model", "{n} 个序列，各用自己的模型"));
    };
    push_choices(text!("Models in use", "所用模型"), |f| &f.best().model);
    if forecasts.iter().any(|f| f.automatic.is_some()) {
        push_choices(text!("Automatic choices", "自动选择"), |f| f.without_others());
    }
    table
}

/// p-value from which on a difference may be chance.
const MAY_BE_CHANCE: f64 = 0.05;

/// What the backtest says of the `k`-th model against the automatic choice, in a word.
fn verdict(series: &SeriesForecast, k: usize) -> Text {
    let (score, best) = (&series.scores[k], &series.best().model);
    if score.model == *best {
        return text!("in use", "选用");
    }
    // Whoever was tested was tested against the automatic choice, which itself was not.
    let is_automatic = |s: &ModelScore| s.accuracy.is_some() && s.against_chosen.is_none();
    let in_use = series.scores.iter().position(|s| s.model == *best && is_automatic(s));
    let automatic = in_use.or_else(|| series.scores.iter().position(is_automatic));
    match score.against_chosen {
        _ if score.accuracy.is_none() => text!("refused", "不适用"),
        None if Some(k) == automatic => text!("automatic", "自动选择"),
        None => Text::default(),
        Some(p) if p >= MAY_BE_CHANCE => text!("on par", "相当"),
        // Scores stand best first.
        Some(_) if automatic.is_some_and(|a| k < a) => text!("better", "更好"),
        Some(_) => text!("worse", "更差"),
    }
}

fn note(series: &SeriesForecast, score: &ModelScore, chosen: bool) -> Text {
    if chosen { series.why.then(&score.note) } else { score.note.clone() }
}

fn measures() -> Vec<Column> {
    let percent = || Text::same("%");
    vec![
        Column::new("folds", "Folds", "回测折数", Kind::Integer),
        Column::new("mae", "MAE", "MAE", Kind::Number(3)).unit(units()),
        Column::new("rmse", "RMSE", "RMSE", Kind::Number(3)).unit(units()),
        Column::new("smape", "sMAPE", "sMAPE", Kind::Number(2)).unit(percent()),
        Column::new("wape", "WAPE", "WAPE", Kind::Number(2)).unit(percent()),
        Column::new("mase", "MASE", "MASE", Kind::Number(3)),
        Column::new("rmsse", "RMSSE", "RMSSE", Kind::Number(3)),
        Column::new("bias", "Bias", "偏差", Kind::Number(3)).unit(units()),
        Column::new("coverage80", "Inside 80 %", "80% 区间覆盖率", Kind::Percent),
        Column::new("coverage95", "Inside 95 %", "95% 区间覆盖率", Kind::Percent),
        Column::new("seconds", "Time", "用时", Kind::Number(3)).unit(text!("s", "秒")),
    ]
}

fn measured(accuracy: Option<&Accuracy>, seconds: f64) -> Vec<Cell> {
    let Some(a) = accuracy else {
        return std::iter::repeat_n(Cell::Empty, 10).chain([seconds.into()]).collect();
    };
    let numbers = [a.mae, a.rmse, a.smape, a.wape, a.mase, a.rmsse, a.bias, a.coverage80, a.coverage95, Some(seconds)];
    std::iter::once(a.folds.into()).chain(numbers.into_iter().map(Cell::from)).collect()
}

/// How good the whole distribution was.
fn distribution(accuracy: Option<&Accuracy>) -> [Cell; 2] {
    [accuracy.and_then(|a| a.pinball).into(), accuracy.and_then(|a| a.crps).into()]
}

/// One model's backtests over all series, and how often it was chosen.
#[derive(Default)]
struct Pool {
    scores: ScorePool,
    chosen: usize,
}

impl Pool {
    /// As [`measured`], with 0 folds when every series was refused.
    fn cells(&self) -> Vec<Cell> {
        measured(Some(&self.scores.accuracy().unwrap_or_default()), self.scores.seconds())
    }
}

/// Pools by model, in the models' alphabetical order.
fn pools(forecasts: &[SeriesForecast]) -> BTreeMap<Arc<str>, Pool> {
    let mut pools: BTreeMap<Arc<str>, Pool> = BTreeMap::new();
    for series in forecasts {
        for score in &series.scores {
            let pool = pools.entry(score.model.clone()).or_default();
            pool.scores.add(score);
            pool.chosen += usize::from(score.model == series.best().model);
        }
    }
    pools
}

/// Positions of the series with the most forecast demand, in money where prices are known; at most [`CHARTED`].
pub(in super::super) fn top_series(plan: &Plan) -> Vec<usize> {
    let worth = |k: usize| {
        let units: f64 = plan.forecasts[k].best().mean.iter().sum();
        units * plan.items.get(k).map(|i| i.price.max(i.unit_cost)).filter(|p| *p > 0.0).unwrap_or(1.0)
    };
    let mut order: Vec<(usize, f64)> = (0..plan.forecasts.len()).map(|k| (k, worth(k))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    order.into_iter().take(CHARTED).map(|(k, _)| k).collect()
}

/// History and forecast of the series that the workbook charts: one row per period, actual or forecast.
pub fn chart_table(plan: &Plan) -> Table {
    let mut columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("period", "Period", "期间", Kind::Text),
        Column::new("actual", "Sales", "实际销量", Kind::Number(1)).unit(units()),
        Column::new("mean", "Forecast", "预测值", Kind::Number(1)).unit(units()),
    ];
    columns.extend([80, 95].into_iter().flat_map(interval_columns));
    let mut table = Table::new("chart_data", "Chart data", "图表数据", columns);
    for k in top_series(plan) {
        let forecast = plan.forecasts[k].best();
        let head = || -> Vec<Cell> { vec![(&forecast.id.item).into(), (&forecast.id.location).into()] };
        if let Some(series) = plan.panel.get(&forecast.id) {
            let skipped = series.values.len().saturating_sub(CHARTED_HISTORY);
            for (t, actual) in series.values.iter().enumerate().skip(skipped) {
                let mut row = head();
                row.extend([series.start.plus(t as i64).into(), (*actual).into()]);
                row.extend(std::iter::repeat_n(Cell::Empty, 5));
                table.push(row);
            }
        }
        for (h, mean) in forecast.mean.iter().enumerate() {
            let mut row = head();
            row.extend([forecast.start.plus(h as i64).into(), Cell::Empty, (*mean).into()]);
            row.extend([80, 95].into_iter().flat_map(|level| bounds(forecast, level, h)));
            table.push(row);
        }
    }
    table
}
