//! Where new items' histories come from: a table → [`Succession`]s, one a row.

use super::DataError;
use super::fields::{Field, Range, Records};
use super::header;
use super::load::load;
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::Diagnostics;
use crate::model::{SeriesId, Succession, SuccessionKind};
use crate::text;
use std::path::Path;

/// Longest launch that is read, periods.
const LONGEST_LAUNCH: f64 = 1_000.0;
/// Most rows that are read.
const MOST_ROWS: usize = 100_000;

const NEW_ITEM: usize = 0;
const NEW_LOCATION: usize = 1;
const LIKE_ITEM: usize = 2;
const LIKE_LOCATION: usize = 3;
const MULTIPLIER: usize = 4;
const LAUNCH: usize = 5;
const KIND: usize = 6;

const FIELDS: &[Field] = &[
    Field { name: "new_item", synonyms: &["item", "new", "新品", "新商品"] },
    Field { name: "new_location", synonyms: &["location", "新品地点", "地点"] },
    Field { name: "like_item", synonyms: &["reference", "old item", "like", "参照商品", "旧商品"] },
    Field { name: "like_location", synonyms: &["reference location", "old location", "参照地点"] },
    Field { name: "multiplier", synonyms: &["weight", "factor", "倍数", "权重"] },
    Field { name: "launch_periods", synonyms: &["launch", "ramp", "上市期数"] },
    Field { name: "kind", synonyms: &["type", "方式", "类型"] },
];

/// See [`super::read_successions`].
pub(super) fn read(path: &Path, control: &Control) -> Result<(Vec<Succession>, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| t.columns.iter().any(|c| header::normalise(&c.header) == header::normalise("like_item"));
    let Some(table) = load(path, None, fits, &mut diagnostics, control)?.table else {
        return Ok((Vec::new(), diagnostics));
    };
    let mut records = Records::new(&table, FIELDS, &mut diagnostics);
    if [NEW_ITEM, LIKE_ITEM].into_iter().filter(|f| records.require(*f, &mut diagnostics)).count() < 2 {
        return Ok((Vec::new(), diagnostics));
    }
    let rows = 0..records.rows().min(MOST_ROWS);
    let found = rows.filter_map(|row| one(&mut records, row)).collect();
    records.finish(&mut diagnostics);
    Ok((found, diagnostics))
}

fn one(records: &mut Records<'_>, row: usize) -> Option<Succession> {
    let (new, like) = (records.code(row, NEW_ITEM), records.code(row, LIKE_ITEM));
    for field in [NEW_ITEM, LIKE_ITEM] {
        if records.text(row, field).is_empty() {
            records.fault(row, field, "code-empty", |f, _| text!("{f} is empty", "{f} 为空"));
            return None;
        }
    }
    let multiplier = match records.text(row, MULTIPLIER) {
        "" => 1.0,
        _ => records.number(row, MULTIPLIER, Range::Positive)?,
    };
    let launch = match records.text(row, LAUNCH) {
        "" => 0.0,
        _ => records.number(row, LAUNCH, Range::NotNegative)?,
    };
    if launch > LONGEST_LAUNCH || launch.fract() != 0.0 {
        records.fault(row, LAUNCH, "launch-not-whole", |f, c| {
            text!("{f} {c} is not a whole number up to 1000", "{f} {c} 不是 1000 以内的整数")
        });
        return None;
    }
    let kind = match records.text(row, KIND).to_lowercase().as_str() {
        "" | "like" | "相似" => SuccessionKind::Like,
        "replace" | "succession" | "替代" => SuccessionKind::Replace,
        _ => {
            let say = |f: &str, c: &str| text!("{f} \"{c}\" is not like or replace", "{f}“{c}”不是 like 或 replace");
            records.fault(row, KIND, "kind-unknown", say);
            return None;
        }
    };
    Some(Succession {
        new: SeriesId { item: new, location: records.code(row, NEW_LOCATION) },
        reference: SeriesId { item: like, location: records.code(row, LIKE_LOCATION) },
        multiplier,
        launch_periods: launch as usize,
        kind,
    })
}
