//! Groups: history and forecast of categories, regions, locations, items and everything together.

use super::super::table::{Cell, Column, Kind, Table};
use super::forecast::{bounds, interval_columns, levels};
use super::units;
use crate::model::GroupForecast;
use crate::text;
use crate::words::Text;

/// Periods of history before each group's forecast, at most: two years of weeks.
const MOST_HISTORY: usize = 104;
/// Rows of history of all groups together; many groups show less of it each.
const HISTORY_ROWS: usize = 100_000;

/// One row per group and period: what was sold, or what is forecast and how it came about.
pub fn groups_table(groups: &[GroupForecast]) -> Table {
    let intervals = levels(&groups.iter().map(|g| &g.last).collect::<Vec<_>>());
    let number = |key, en: &str, zh: &str| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    let mut columns = vec![
        Column::new("level", "Level", "层级", Kind::Text),
        Column::new("group", "Group", "分组", Kind::Text),
        Column::new("series", "Series", "序列数", Kind::Integer),
        Column::new("period", "Period", "期间", Kind::Text),
        number("actual", "Sales", "实际销量"),
        number("mean", "Forecast", "预测值"),
    ];
    columns.extend(intervals.iter().flat_map(|level| interval_columns(*level)));
    columns.extend([
        number("own", "Own forecast", "分组自身预测"),
        Column::new("own_model", "Own model", "自身模型", Kind::Text),
        number("bottom", "Sum of series", "序列预测之和"),
        number("reconciled", "Reconciled", "协调后"),
        number("moved", "Moved by reconciliation", "协调调整量"),
        Column::new("moved_percent", "Moved, share", "调整幅度", Kind::Percent),
        Column::new("method", "Method", "方法", Kind::Text),
        Column::new("spread", "Width against independent items", "区间与独立假设之比", Kind::Number(2))
            .unit(text!("times", "倍")),
    ]);
    let mut table = Table::new("groups", "Groups", "分组预测", columns);
    let past = MOST_HISTORY.min(HISTORY_ROWS / groups.len().max(1));
    for group in groups {
        let head = || [Cell::words(level(group)), Cell::words(group.label()), group.series.into()];
        let skipped = group.history.values.len().saturating_sub(past);
        for (t, actual) in group.history.values.iter().enumerate().skip(skipped) {
            let mut row = head().to_vec();
            row.extend([group.history.start.plus(t as i64).into(), (*actual).into()]);
            row.resize(table.columns.len(), Cell::Empty);
            table.push(row);
        }
        let moved = group.moved();
        for (h, mean) in group.last.mean.iter().enumerate() {
            let mut row = head().to_vec();
            row.extend([group.last.start.plus(h as i64).into(), Cell::Empty, (*mean).into()]);
            row.extend(intervals.iter().flat_map(|level| bounds(&group.last, *level, h)));
            let at = |values: &[f64]| -> Cell { values.get(h).copied().into() };
            let own = group.own.as_deref();
            let was_moved = group.reconciled.is_some();
            let (by, from) = (moved.get(h).copied(), group.bottom.get(h).copied());
            let share = by.zip(from).filter(|(_, from)| *from > 0.0).map(|(by, from)| by / from);
            row.extend([
                own.map_or(Cell::Empty, |f| at(&f.mean)),
                own.map_or(Cell::Empty, |f| (&f.model).into()),
                at(&group.bottom),
                group.reconciled.as_deref().map_or(Cell::Empty, at),
                by.filter(|_| was_moved).into(),
                share.filter(|_| was_moved).into(),
                Cell::words(group.how.clone()),
                group.spread.into(),
            ]);
            table.push(row);
        }
    }
    table
}

/// In files the level's own name, for people its label.
fn level(group: &GroupForecast) -> Text {
    Text::new(group.level.name(), group.level.label().zh)
}
