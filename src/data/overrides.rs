//! Overrides of forecasts: a table → [`ForecastOverride`]s, one a row.

use super::DataError;
use super::fields::{Field, Range, Records};
use super::header;
use super::load::load;
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::Diagnostics;
use crate::model::{ForecastOverride, ForecastScope, Frequency, OverrideKind, Period, SeriesId};
use crate::text;
use std::path::Path;

/// More overrides than anybody types.
const MOST_OVERRIDES: usize = 10_000;
/// Larger numbers aren't demand.
const LARGEST: f64 = 1e15;

const SCOPE: usize = 0;
const KEY: usize = 1;
const FIRST: usize = 2;
const LAST: usize = 3;
const KIND: usize = 4;
const VALUE: usize = 5;
const REASON: usize = 6;
const AUTHOR: usize = 7;
const EXPIRES: usize = 8;
const CREATED: usize = 9;

const FIELDS: &[Field] = &[
    Field { name: "scope", synonyms: &["level", "范围", "层级"] },
    Field { name: "key", synonyms: &["code", "对象", "编码"] },
    Field { name: "first", synonyms: &["from", "start", "开始", "起始期"] },
    Field { name: "last", synonyms: &["to", "until", "end", "结束", "截止期"] },
    Field { name: "kind", synonyms: &["type", "方式", "类型"] },
    Field { name: "value", synonyms: &["amount", "数值", "值"] },
    Field { name: "reason", synonyms: &["why", "note", "原因", "理由"] },
    Field { name: "author", synonyms: &["by", "who", "作者", "提出人"] },
    Field { name: "expires", synonyms: &["expiry", "valid until", "失效", "有效期至"] },
    Field { name: "created", synonyms: &["date", "日期", "创建日期"] },
];

/// See [`super::read_overrides`].
pub(super) fn read(
    path: &Path,
    frequency: Frequency,
    control: &Control,
) -> Result<(Vec<ForecastOverride>, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| t.columns.iter().any(|c| header::normalise(&c.header) == "scope");
    let Some(table) = load(path, None, fits, &mut diagnostics, control)?.table else {
        return Ok((Vec::new(), diagnostics));
    };
    let mut records = Records::new(&table, FIELDS, &mut diagnostics);
    let needed = [SCOPE, FIRST, KIND, VALUE];
    if needed.into_iter().filter(|f| records.require(*f, &mut diagnostics)).count() < needed.len() {
        return Ok((Vec::new(), diagnostics));
    }
    if records.rows() > MOST_OVERRIDES {
        let rows = records.rows();
        diagnostics.error(
            "too-many-overrides",
            text!("{rows} overrides are too many", "{rows} 条调整过多"),
            text!("Use at most {MOST_OVERRIDES}: override groups instead", "最多 {MOST_OVERRIDES} 条：请改为按组调整"),
            table.place.clone(),
        );
        return Ok((Vec::new(), diagnostics));
    }
    let rows = 0..records.rows();
    let found = rows.filter_map(|row| one(&mut records, row, frequency)).collect();
    records.finish(&mut diagnostics);
    Ok((found, diagnostics))
}

fn one(records: &mut Records<'_>, row: usize, frequency: Frequency) -> Option<ForecastOverride> {
    let scope = scope(records, row);
    let first = period(records, row, FIRST, (frequency, Edge::First));
    let last = match records.text(row, LAST) {
        // One fault a cell: an unreadable first period has been reported.
        "" => first.and_then(|_| period(records, row, FIRST, (frequency, Edge::Last))),
        _ => period(records, row, LAST, (frequency, Edge::Last)),
    };
    let kind = kind(records, row);
    let expires = match records.text(row, EXPIRES) {
        "" => Some(None),
        _ => period(records, row, EXPIRES, (frequency, Edge::Last)).map(Some),
    };
    let (scope, first, last, kind, expires) = (scope?, first?, last?, kind?, expires?);
    if last < first {
        records.fault(row, LAST, "periods-reversed", |f, c| text!("{f} {c} is before the first", "{f} {c} 早于起始期"));
        return None;
    }
    let text = |field| records.text(row, field).to_owned();
    let (reason, author, created) = (text(REASON), text(AUTHOR), text(CREATED));
    Some(ForecastOverride { scope, first, last, kind, reason, author, created, expires })
}

fn scope(records: &mut Records<'_>, row: usize) -> Option<ForecastScope> {
    let word = records.text(row, SCOPE).to_lowercase();
    let key = records.code(row, KEY);
    let scope = match word.as_str() {
        "all" | "全部" => return Some(ForecastScope::All),
        "series" | "序列" => {
            let (item, location) = key.rsplit_once('@').unwrap_or((&key, ""));
            ForecastScope::Series(SeriesId::new(item.trim(), location.trim()))
        }
        "item" | "商品" => ForecastScope::Item(key.clone()),
        "category" | "类别" => ForecastScope::Category(key.clone()),
        "location" | "地点" => ForecastScope::Location(key.clone()),
        "region" | "区域" | "大区" => ForecastScope::Region(key.clone()),
        _ => {
            records.fault(row, SCOPE, "scope-unknown", |f, c| {
                text!(
                    "{f} \"{c}\" is not all, category, region, location, item or series",
                    "{f}“{c}”不是 all、category、region、location、item 或 series"
                )
            });
            return None;
        }
    };
    // Series without category, region or location are a group of their own.
    let may_be_nameless =
        matches!(scope, ForecastScope::Category(_) | ForecastScope::Region(_) | ForecastScope::Location(_));
    if key.is_empty() && !may_be_nameless {
        records.fault(row, KEY, "code-empty", |f, _| text!("{f} is empty", "{f} 为空"));
        return None;
    }
    Some(scope)
}

fn kind(records: &mut Records<'_>, row: usize) -> Option<OverrideKind> {
    let make: fn(f64) -> OverrideKind = match records.text(row, KIND).to_lowercase().as_str() {
        "value" | "set" | "数值" => OverrideKind::Value,
        "percent" | "%" | "百分比" => OverrideKind::Percent,
        "increment" | "add" | "增量" => OverrideKind::Increment,
        _ => {
            records.fault(row, KIND, "kind-unknown", |f, c| {
                text!("{f} \"{c}\" is not value, percent or increment", "{f}“{c}”不是 value、percent 或 increment")
            });
            return None;
        }
    };
    if records.text(row, VALUE).is_empty() {
        records.fault(row, VALUE, "value-empty", |f, _| text!("{f} is empty", "{f} 为空"));
        return None;
    }
    let value = records.number(row, VALUE, Range::Any)?;
    if value.abs() > LARGEST {
        records.fault(row, VALUE, "value-too-large", |f, c| text!("{f} {c} is beyond any demand", "{f} {c} 过大"));
        return None;
    }
    Some(make(value))
}

/// Which end of a longer period a date stands for.
#[derive(Clone, Copy)]
enum Edge {
    First,
    Last,
}

/// A period of the plan's frequency from a label or date; a longer one (a month in a plan by weeks) gives its first or
/// last period.
fn period(records: &mut Records<'_>, row: usize, field: usize, (frequency, edge): (Frequency, Edge)) -> Option<Period> {
    let found = read_period(records.text(row, field), frequency, edge);
    if found.is_none() {
        let label = frequency.label();
        records.fault(row, field, "period-not-readable", |f, c| {
            crate::words::Text::new(
                format!("{f} \"{c}\" is not a {} or a date", label.en),
                format!("{f}“{c}”不是{}或日期", label.zh),
            )
        });
    }
    found
}

fn read_period(label: &str, frequency: Frequency, edge: Edge) -> Option<Period> {
    if frequency == Frequency::Step {
        return label.trim().parse().ok().map(Period::step);
    }
    let found = Period::parse(&label.replace(['/', '.'], "-"))?;
    if found.frequency() == frequency {
        return Some(found);
    }
    let day = match edge {
        Edge::First => found.first_day()?,
        Edge::Last => found.plus(1).first_day()?.yesterday().ok()?,
    };
    Some(Period::containing(day, frequency))
}
