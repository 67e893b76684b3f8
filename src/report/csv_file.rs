//! Tables as CSV: exact numbers for machines, harmless text for spreadsheets.

use super::atomic::{ReportError, write_atomically};
use super::table::{Cell, Table};
use crate::words::Language;
use std::io::Write;
use std::path::Path;

/// A table as CSV: UTF-8 with a byte order mark, comma, `\n`, the columns' keys as header.
///
/// Numbers have the shortest digits that read back to the same double, a point as decimal mark and no thousands marks;
/// unknown and not finite ones are empty. Sentences are English. A text that a spreadsheet would take for a formula
/// (it starts with `=`, `+`, `-`, `@`, a tab or a carriage return) gets an apostrophe in front; numbers don't.
pub fn csv_bytes(table: &Table) -> Vec<u8> {
    let header = table.columns.iter().map(|c| c.key.to_owned()).collect();
    in_memory(std::iter::once(header).chain(table.rows.iter().map(|row| row.iter().map(field).collect())))
}

fn in_memory(records: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer("\u{feff}".as_bytes().to_vec());
    for record in records {
        writer.write_record(record).expect("a vector takes every record");
    }
    writer.into_inner().expect("a vector takes every byte")
}

/// Writes a table as CSV (see [`csv_bytes`]); the file appears complete or not at all.
///
/// # Errors
/// [`ReportError`] when the folder doesn't exist, can't be written to, the disk is full, or the file is held open.
pub fn write_csv(table: &Table, path: &Path) -> Result<(), ReportError> {
    write_atomically(path, |file| file.write_all(&csv_bytes(table)))
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Code(code) => harmless(code),
        Cell::Words(text) => harmless(text.get(Language::English)),
        Cell::Number(x) => number(*x),
    }
}

fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The shortest digits that read back to the same double; an exponent only where the digits would be many.
fn number(x: f64) -> String {
    if !x.is_finite() {
        String::new()
    } else if x == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e16).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}
