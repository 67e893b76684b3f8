//! What is wrong with the data, what the import left out, what the plan takes for granted.

use super::super::table::{Cell, Column, Kind, Table};
use super::units;
use crate::diagnostic::{Diagnostics, Severity};
use crate::model::{Assumption, ImportSummary};
use crate::text;
use crate::words::Text;

/// Every finding that was kept as an example, errors first, then in the order they were found.
pub fn findings_table(diagnostics: &Diagnostics) -> Table {
    let columns = vec![
        Column::new("severity", "Severity", "级别", Kind::Text),
        Column::new("message", "Finding", "问题", Kind::Text),
        Column::new("hint", "What to do", "处理建议", Kind::Text),
        Column::new("count", "Places", "处数", Kind::Integer),
        Column::new("file", "File", "文件", Kind::Text),
        Column::new("sheet", "Sheet", "工作表", Kind::Text),
        Column::new("row", "Row", "行", Kind::Integer),
        Column::new("column", "Column", "列", Kind::Text),
        Column::new("code", "Code", "代码", Kind::Text),
    ];
    let mut table = Table::new("findings", "Data quality", "数据质量", columns);
    let mut entries: Vec<_> = diagnostics.entries().iter().collect();
    entries.sort_by_key(|d| std::cmp::Reverse(d.severity));
    for d in &entries {
        let text = |part: &Option<String>| part.as_deref().map_or(Cell::Empty, Cell::code);
        table.push(vec![
            Cell::words(severity(d.severity)),
            Cell::words(d.message.clone()),
            Cell::words(d.hint.clone()),
            d.count.into(),
            text(&d.place.file),
            text(&d.place.sheet),
            d.place.row.map_or(Cell::Empty, Cell::from),
            text(&d.place.column),
            Cell::code(d.code.clone()),
        ]);
    }
    for (code, more) in uncounted(diagnostics) {
        let mut row = vec![Cell::Empty; table.columns.len()];
        row[1] = Cell::words(text!("{more} more of this kind, not listed", "另有 {more} 处同类问题未列出"));
        row[3] = more.into();
        row[8] = Cell::code(code);
        table.push(row);
    }
    table
}

/// Codes with more places than the kept examples stand for, and how many more.
fn uncounted(diagnostics: &Diagnostics) -> Vec<(String, u64)> {
    let listed = |code: &str| diagnostics.entries().iter().filter(|d| d.code == code).map(|d| d.count).sum::<u64>();
    diagnostics
        .counts()
        .map(|(code, all)| (code.to_owned(), all.saturating_sub(listed(code))))
        .filter(|(_, more)| *more > 0)
        .collect()
}

fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => text!("error", "错误"),
        Severity::Warning => text!("warning", "警告"),
        Severity::Info => text!("info", "信息"),
    }
}

/// What went from the sales file into the plan and what didn't; the parts add up to the file.
pub fn import_table(import: &ImportSummary) -> Table {
    let columns = vec![
        Column::new("subject", "Subject", "项目", Kind::Text),
        Column::new("rows", "Rows", "行数", Kind::Integer),
        Column::new("quantity", "Quantity", "数量", Kind::Number(2)).unit(units()),
        Column::new("note", "Note", "说明", Kind::Text),
    ];
    let mut table = Table::new("import", "Import", "导入", columns);
    let mut row = |subject: Text, rows: Option<u64>, quantity: Option<f64>, note: Cell| {
        table.push(vec![Cell::words(subject), rows.map_or(Cell::Empty, Cell::from), quantity.into(), note]);
    };
    let file = Cell::code(import.file.clone());
    row(text!("In the file", "文件中"), Some(import.rows), Some(import.quantity_in_file), file);
    row(text!("Used", "已使用"), Some(import.rows_used), Some(import.quantity_used), Cell::Empty);
    for left in &import.left_out {
        let subject = text!("Left out", "未使用");
        row(subject, Some(left.rows), Some(left.quantity), Cell::words(left.reason.clone()));
    }
    for (role, header) in &import.mapping {
        let note = text!("{role} ← {header}", "{role} ← {header}");
        row(text!("Column", "列对应"), None, None, Cell::words(note));
    }
    row(text!("SHA-256 of the file", "文件的 SHA-256"), None, None, Cell::code(import.sha256.clone()));
    table
}

/// What the plan takes for granted, and who said so.
pub fn assumptions_table(assumptions: &[Assumption]) -> Table {
    let columns = vec![
        Column::new("name", "Assumption", "假设", Kind::Text),
        Column::new("value", "Value", "取值", Kind::Text),
        Column::new("source", "Source", "来源", Kind::Text),
    ];
    let mut table = Table::new("assumptions", "Assumptions", "假设", columns);
    for a in assumptions {
        table.push(vec![Cell::words(a.name.clone()), Cell::words(a.value.clone()), Cell::words(a.source.clone())]);
    }
    table
}
