//! The value-added ladder: what the chosen model and people's overrides took off the error, and whether that can be chance.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::model::{BEYOND_CHANCE, Evidence, Ladder, LadderOf, LadderRow};
use crate::text;
use crate::words::Text;

/// One ladder a row: errors of naive, chosen and final forecasts over the same cases, gains, p-values, and the verdict.
pub fn value_added_table(rows: &[LadderRow]) -> Table {
    let error = |key, en: &str, zh: &str| Column::new(key, en, zh, Kind::Number(2)).unit(units());
    let columns = vec![
        Column::new("source", "From", "来源", Kind::Text),
        Column::new("level", "Level", "层级", Kind::Text),
        Column::new("of", "Of", "对象", Kind::Text),
        Column::new("cases", "Cases", "样本数", Kind::Integer),
        Column::new("series", "Series", "序列数", Kind::Integer),
        Column::new("periods", "Periods", "期数", Kind::Integer),
        error("naive", "MAE naive", "朴素法 MAE"),
        error("chosen", "MAE chosen", "选用模型 MAE"),
        error("override", "MAE with overrides", "人工调整后 MAE"),
        Column::new("chosen_gain", "Chosen vs naive", "选用模型较朴素法", Kind::Percent),
        Column::new("chosen_p", "p, chosen", "p 值（选用模型）", Kind::Chance),
        Column::new("override_gain", "Overrides vs chosen", "人工调整较选用模型", Kind::Percent),
        Column::new("override_p", "p, overrides", "p 值（人工调整）", Kind::Chance),
        Column::new("test", "Test", "检验", Kind::Text),
        Column::new("verdict", "Verdict", "结论", Kind::Text),
    ];
    let mut table = Table::new("value_added", "Value added", "预测增值", columns);
    for row in rows {
        let ladder = &row.ladder;
        let (level, of) = about(&row.of);
        let p = |evidence: Option<Evidence>| -> Cell { evidence.map(|e| e.p).into() };
        let test = ladder.last_evidence.or(ladder.chosen_evidence).map(|e| e.test.label());
        table.push(vec![
            Cell::words(row.source.label()),
            Cell::words(level),
            Cell::words(of),
            ladder.cases.into(),
            ladder.series.into(),
            ladder.periods.into(),
            ladder.naive.into(),
            ladder.chosen.into(),
            ladder.last.into(),
            ladder.chosen_gain().into(),
            p(ladder.chosen_evidence),
            ladder.last_gain().into(),
            p(ladder.last_evidence),
            Cell::words(test.unwrap_or_default()),
            Cell::words(verdict(ladder)),
        ]);
    }
    table
}

/// Level and name; in files the level's own name.
fn about(of: &LadderOf) -> (Text, Text) {
    match of {
        LadderOf::All => (text!("all", "全部"), Text::default()),
        LadderOf::Group(level, name) => {
            let name = if name.is_empty() { text!("(none)", "（无）") } else { Text::same(&**name) };
            (Text::new(level.name(), level.label().zh), name)
        }
        LadderOf::Scope(scope) => (text!("level of override", "调整层级"), scope_name(scope)),
        LadderOf::Author(author) if author.is_empty() => (text!("author", "提出人"), text!("(unknown)", "（未知）")),
        LadderOf::Author(author) => (text!("author", "提出人"), Text::same(author.clone())),
    }
}

fn scope_name(scope: &'static str) -> Text {
    let zh = match scope {
        "all" => "全部",
        "series" => "序列",
        "item" => "商品",
        "category" => "类别",
        "region" => "区域",
        "location" => "地点",
        other => other,
    };
    Text::new(scope, zh)
}

/// The last step taken in words, never more than the data say.
fn verdict(ladder: &Ladder) -> Text {
    let (gain, evidence) = match ladder.last {
        Some(_) => (ladder.last_gain(), ladder.last_evidence),
        None => (ladder.chosen_gain(), ladder.chosen_evidence),
    };
    match (gain, evidence) {
        (Some(0.0), None) => text!("no difference", "没有差别"),
        (None, _) | (_, None) => text!("too few cases to say", "样本太少，无法判断"),
        (Some(_), Some(e)) if e.p >= BEYOND_CHANCE => text!("may be chance", "可能只是偶然"),
        (Some(gain), Some(e)) if (gain > 0.0) != e.is_better => text!("mixed", "结果不一致"),
        (Some(gain), Some(_)) if gain > 0.0 => text!("better beyond chance", "确有改善"),
        (Some(_), Some(_)) => text!("worse beyond chance", "确有恶化"),
    }
}
