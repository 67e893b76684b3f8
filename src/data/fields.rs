//! Small tables with named fields (items, network, demand): which header is which field, and typed cells.

use super::findings::{Gathered, quote};
use super::header;
use super::number::{DecimalMark, NumberFault};
use super::rows::{cell_number, decimal_mark};
use super::table::Table;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// A field that a table may have as a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Canonical header.
    pub(super) name: &'static str,
    /// Other headers, already [normalised](header::normalise), the most telling first.
    pub(super) synonyms: &'static [&'static str],
}

/// Which numbers a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// Any finite number.
    Any,
    /// ≥ 0.
    NotNegative,
    /// > 0.
    Positive,
}

/// A table with its fields found.
pub(super) struct Records<'t> {
    table: &'t Table,
    fields: &'static [Field],
    columns: Vec<Option<(usize, DecimalMark)>>,
    faults: Gathered,
}

impl<'t> Records<'t> {
    /// Finds the fields by their headers; columns of no field are reported as information.
    pub(super) fn new(table: &'t Table, fields: &'static [Field], diagnostics: &mut Diagnostics) -> Self {
        let mut taken = vec![false; table.columns.len()];
        let mut columns = Vec::with_capacity(fields.len());
        for field in fields {
            let rank = |c: usize| {
                let name = header::normalise(&table.columns[c].header);
                if name == header::normalise(field.name) {
                    return Some(0);
                }
                field.synonyms.iter().position(|s| *s == name).map(|k| k + 1)
            };
            let best = (0..table.columns.len()).filter(|c| !taken[*c]).filter_map(|c| Some((rank(c)?, c))).min();
            columns.push(best.map(|(_, c)| {
                taken[c] = true;
                (c, decimal_mark(table, c, &mut Diagnostics::default()))
            }));
        }
        for (column, _) in table.columns.iter().zip(&taken).filter(|(_, t)| !**t) {
            let header = &column.header;
            diagnostics.info(
                "unknown-column",
                text!("Column {header} is not known and was not read", "列 {header} 未识别，未读取"),
                table.place.clone().column(header.clone()),
            );
        }
        Self { table, fields, columns, faults: Gathered::default() }
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.table.rows()
    }

    /// The table.
    pub(super) fn table(&self) -> &'t Table {
        self.table
    }

    /// True when the table has the field as a column.
    pub(super) fn has(&self, field: usize) -> bool {
        self.columns[field].is_some()
    }

    /// The field's column in the table.
    pub(super) fn column(&self, field: usize) -> Option<usize> {
        self.columns[field].map(|c| c.0)
    }

    /// Reports a required field without a column; true when it is there.
    pub(super) fn require(&self, field: usize, diagnostics: &mut Diagnostics) -> bool {
        if self.has(field) {
            return true;
        }
        let name = self.fields[field].name;
        let list = super::findings::header_list(self.table.columns.iter().map(|c| c.header.as_str()));
        diagnostics.error(
            "column-missing",
            text!("There is no column {name}", "缺少列 {name}"),
            text!("Add it; the columns are: {list}", "请添加该列；现有列：{list}"),
            self.table.place.clone(),
        );
        false
    }

    /// The cell's text; empty when there is no such column.
    pub(super) fn text(&self, row: usize, field: usize) -> &'t str {
        self.columns[field].map_or("", |(c, _)| self.table.columns[c].get(row))
    }

    /// The cell's text, shared.
    pub(super) fn code(&self, row: usize, field: usize) -> Arc<str> {
        self.text(row, field).into()
    }

    /// The cell's number; `None` when it is empty or faulty, the latter being an error.
    pub(super) fn number(&mut self, row: usize, field: usize, range: Range) -> Option<f64> {
        let (column, mark) = self.columns[field]?;
        let value = match cell_number(self.table, row, column, mark) {
            Ok(value) => value,
            Err(NumberFault::Empty) => return None,
            Err(_) => {
                self.fault(row, field, "not-a-number", |f, c| text!("{f} \"{c}\" is not a number", "{f}“{c}”不是数字"));
                return None;
            }
        };
        match range {
            Range::NotNegative if value < 0.0 => {
                self.fault(row, field, "negative", |f, c| text!("{f} {c} is negative", "{f} {c} 为负数"));
                None
            }
            Range::Positive if value <= 0.0 => {
                self.fault(row, field, "not-positive", |f, c| text!("{f} {c} must be above 0", "{f} {c} 必须大于 0"));
                None
            }
            _ => Some(value),
        }
    }

    /// Gathers an error about one cell; `message` gets the field's name and the cell's text.
    pub(super) fn fault(
        &mut self,
        row: usize,
        field: usize,
        code: &'static str,
        message: impl FnOnce(&str, &str) -> Text,
    ) {
        let (table, name) = (self.table, self.fields[field].name);
        let column = self.columns[field].map(|c| c.0);
        self.faults.add(code, || {
            let line = table.lines[row];
            let cell = column.map_or(String::new(), |c| quote(table.columns[c].get(row)));
            let place = column.map_or_else(|| table.at(row), |c| table.cell(row, c));
            let message = text!("Row {line}:", "第 {line} 行：").then(&message(name, &cell));
            let hint = text!("Correct the cell", "请更正该单元格");
            Diagnostic::new(Severity::Error, code, message, hint, place)
        });
    }

    /// Hands the gathered faults over.
    pub(super) fn finish(self, diagnostics: &mut Diagnostics) {
        self.faults.finish(diagnostics);
    }
}
