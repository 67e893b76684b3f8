//! Named events: a table with name, first and last day (or period), and whom they concern.

use super::DataError;
use super::calendar::{self, Dates, MISSING};
use super::dates::date_of;
use super::fields::{Field, Records};
use super::findings::{Gathered, quote};
use super::header;
use super::limits::MOST_EVENTS;
use super::load::load;
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::{Frequency, NamedEvent, Period, SeriesId};
use crate::text;
use crate::words::Text;
use std::path::Path;
use std::sync::Arc;

const NAME: usize = 0;
const FIRST: usize = 1;
const LAST: usize = 2;
const ITEM: usize = 3;
const LOCATION: usize = 4;
const SCOPE: usize = 5;

const FIELDS: &[Field] = &[
    Field {
        name: "name", synonyms: &["event", "eventname", "名称", "事件", "事件名称", "活动", "活动名称"]
    },
    Field {
        name: "first",
        synonyms: &[
            "firstday",
            "firstdate",
            "start",
            "startdate",
            "begin",
            "from",
            "date",
            "period",
            "week",
            "month",
            "开始",
            "开始日期",
            "起始日期",
            "起始",
            "日期",
            "期间",
        ],
    },
    Field {
        name: "last",
        synonyms: &["lastday", "lastdate", "end", "enddate", "to", "until", "结束", "结束日期", "截止", "截止日期"],
    },
    Field { name: "item", synonyms: header::ITEM },
    Field { name: "location", synonyms: header::LOCATION },
    Field { name: "scope", synonyms: &["范围", "适用范围"] },
];

/// See [`super::read_events`].
pub(super) fn read(path: &Path, control: &Control) -> Result<(Vec<NamedEvent>, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let first = |t: &Table| t.columns.iter().any(|c| header::rank(&c.header, FIELDS[FIRST].synonyms).is_some());
    let loaded = load(path, None, first, &mut diagnostics, control)?;
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        diagnostics.error(
            "no-usable-row",
            text!("The event file has no row", "事件文件没有数据行"),
            text!("It needs the columns name and first", "需要 name 和 first 两列"),
            loaded.source.place.clone(),
        );
        return Ok((Vec::new(), diagnostics));
    };
    let records = Records::new(&table, FIELDS, &mut diagnostics);
    let required = [NAME, FIRST].into_iter().filter(|f| records.require(*f, &mut diagnostics)).count();
    let (2, Some(first)) = (required, records.column(FIRST)) else { return Ok((Vec::new(), diagnostics)) };
    let firsts = calendar::read(&table, first, &mut diagnostics, control)?;
    let lasts = match records.column(LAST) {
        Some(column) => Some(calendar::read(&table, column, &mut diagnostics, control)?),
        None => None,
    };
    let mut faults = Gathered::default();
    let mut events: Vec<NamedEvent> = Vec::new();
    for row in 0..table.rows() {
        control.check()?;
        match event(&records, row, &firsts, lasts.as_ref()) {
            Ok((name, scope, occurrence)) => match events.iter_mut().find(|e| e.name == name && e.scope == scope) {
                Some(known) => known.occurrences.push(occurrence),
                None => events.push(NamedEvent { name, scope, occurrences: vec![occurrence] }),
            },
            Err((field, code, message)) => {
                let place = records.column(field).map_or_else(|| table.at(row), |c| table.cell(row, c));
                let line = table.lines[row];
                let message = text!("Row {line}:", "第 {line} 行：").then(&message);
                let hint = text!("Correct the row; until then it doesn't count", "请更正该行；在此之前不计入");
                faults.add(code, || Diagnostic::new(Severity::Warning, code, message, hint, place));
            }
        }
        if events.len() > MOST_EVENTS {
            diagnostics.error(
                "too-many-events",
                text!("There are more than {MOST_EVENTS} events and scopes", "事件与范围的组合超过 {MOST_EVENTS} 个"),
                text!("Events that come back share a name", "重复发生的事件请使用同一名称"),
                table.place.clone(),
            );
            return Ok((Vec::new(), diagnostics));
        }
    }
    faults.finish(&mut diagnostics);
    Ok((events, diagnostics))
}

type Occurrence = (Arc<str>, SeriesId, (Period, Period));

fn event(
    records: &Records<'_>,
    row: usize,
    firsts: &Dates,
    lasts: Option<&Dates>,
) -> Result<Occurrence, (usize, &'static str, Text)> {
    let name = records.code(row, NAME);
    if name.is_empty() {
        return Err((NAME, "event-name-empty", text!("the event's name is empty", "事件名称为空")));
    }
    let unreadable = |field: usize| {
        let cell = quote(records.text(row, field));
        (field, "date-not-readable", text!("\"{cell}\" is not a date", "“{cell}”不是日期"))
    };
    let first = period(firsts, row).ok_or_else(|| unreadable(FIRST))?;
    let last = match lasts {
        Some(lasts) if !records.text(row, LAST).is_empty() => period(lasts, row).ok_or_else(|| unreadable(LAST))?,
        _ => first,
    };
    let backwards = match (first.first_day(), last.first_day()) {
        (Some(a), Some(b)) => a > b,
        (None, None) => first > last,
        _ => {
            return Err((
                LAST,
                "event-ends-otherwise",
                text!("one end is a date, the other a number", "起止一个是日期，另一个是期号"),
            ));
        }
    };
    if backwards {
        return Err((LAST, "event-ends-before-it-begins", text!("{last} is before {first}", "{last} 早于 {first}")));
    }
    let scope = scope(records.text(row, SCOPE)).ok_or_else(|| {
        let cell = quote(records.text(row, SCOPE));
        let message = text!(
            "\"{cell}\" is not all, item:CODE, item:CODE@LOCATION or location:CODE",
            "“{cell}”不是 all、item:编码、item:编码@地点 或 location:编码"
        );
        (SCOPE, "event-scope", message)
    })?;
    let stated = |own: &str, from_scope: &Arc<str>| if own.is_empty() { from_scope.clone() } else { own.into() };
    let (item, location) = (records.text(row, ITEM), records.text(row, LOCATION));
    let scope = SeriesId { item: stated(item, &scope.item), location: stated(location, &scope.location) };
    Ok((name, scope, (first, last)))
}

fn period(dates: &Dates, row: usize) -> Option<Period> {
    match dates.days[row] {
        MISSING => None,
        day if dates.natural == Frequency::Step => Some(Period::step(day)),
        day => Some(Period::containing(date_of(day)?, dates.natural)),
    }
}

/// `all`, `item:CODE`, `item:CODE@LOCATION`, `location:CODE`; empty is all.
fn scope(text: &str) -> Option<SeriesId> {
    if text.is_empty() || text.eq_ignore_ascii_case("all") || text == "全部" {
        return Some(SeriesId::new("", ""));
    }
    let (kind, code) = text.split_once([':', '：'])?;
    match kind.trim().to_lowercase().as_str() {
        "item" | "物料" => {
            let (item, location) = code.rsplit_once('@').unwrap_or((code, ""));
            Some(SeriesId::new(item.trim(), location.trim()))
        }
        "location" | "地点" => Some(SeriesId::new("", code.trim())),
        _ => None,
    }
}
