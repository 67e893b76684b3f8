//! Overrides of forecasts and what they changed.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{AppliedOverride, OverrideKind, OverrideState};
use crate::text;
use crate::words::Text;

/// Every override in order: what was asked, by whom and why, and what it changed.
pub fn overrides_table(overrides: &[AppliedOverride]) -> Table {
    let columns = vec![
        Column::new("scope", "Scope", "范围", Kind::Text),
        Column::new("key", "Of", "对象", Kind::Text),
        Column::new("first", "From", "起始期", Kind::Text),
        Column::new("last", "To", "截止期", Kind::Text),
        Column::new("kind", "Kind", "方式", Kind::Text),
        Column::new("value", "Value", "数值", Kind::Number(1)),
        Column::new("reason", "Reason", "原因", Kind::Text),
        Column::new("author", "Author", "提出人", Kind::Text),
        Column::new("created", "Created", "创建日期", Kind::Text),
        Column::new("expires", "Expires", "有效期至", Kind::Text),
        Column::new("state", "State", "状态", Kind::Text),
        Column::new("series", "Series", "序列数", Kind::Integer),
        Column::new("periods", "Periods", "期数", Kind::Integer),
        Column::new("before", "Before", "调整前", Kind::Number(1)).unit(units()),
        Column::new("after", "After", "调整后", Kind::Number(1)).unit(units()),
        Column::new("change", "Change", "变化", Kind::Number(1)).unit(units()),
    ];
    let mut table = Table::new("overrides", "Overrides", "预测调整", columns);
    for o in overrides {
        let given = &o.given;
        let (scope, key) = given.scope.parts();
        let changed = o.state == OverrideState::Applied;
        let figure = |v: f64| if changed { v.into() } else { Cell::Empty };
        table.push(vec![
            Cell::code(scope),
            Cell::code(key),
            given.first.into(),
            given.last.into(),
            Cell::words(kind(given.kind)),
            given.kind.number().into(),
            Cell::code(given.reason.clone()),
            Cell::code(given.author.clone()),
            Cell::code(given.created.clone()),
            given.expires.map_or(Cell::Empty, Cell::from),
            Cell::words(state(o.state)),
            o.series.into(),
            o.periods.into(),
            figure(o.before),
            figure(o.after),
            figure(o.after - o.before),
        ]);
    }
    table
}

fn kind(kind: OverrideKind) -> Text {
    match kind {
        OverrideKind::Value(_) => text!("value", "数值"),
        OverrideKind::Percent(_) => text!("percent", "百分比"),
        OverrideKind::Increment(_) => text!("increment", "增量"),
    }
}

fn state(state: OverrideState) -> Text {
    match state {
        OverrideState::Applied => text!("applied", "已生效"),
        OverrideState::Expired => text!("expired", "已过期"),
        OverrideState::Outside => text!("outside the horizon", "不在预测期内"),
        OverrideState::NoSeries => text!("no such series", "没有对应序列"),
    }
}
