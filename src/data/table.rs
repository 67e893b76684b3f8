//! A table as read from any kind of file: headers and text cells by column, with the row numbers an editor shows.

use super::DataError;
use super::findings::unreadable;
use super::limits::{MAX_CELLS, MAX_COLUMNS, MAX_FIELD_BYTES, MAX_ROWS, MAX_TEXT_BYTES, PREVIEW_ROWS};
use super::{Preview, header};
use crate::diagnostic::Place;
use crate::text;
use std::hash::{DefaultHasher, Hasher};

/// What the file says a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, from which numbers and dates have to be read. All cells of a text file.
    Text,
    /// A number cell of a workbook or a Parquet file, written as Rust writes it.
    Number,
    /// A date cell of a workbook or a Parquet file, written `2024-03-05` or `2024-03-05T08:30:00`.
    Date,
}

/// One column: all cells in one string.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// Header, or the column's letter when the file has none.
    pub(super) header: String,
    cells: String,
    ends: Vec<u32>,
    /// Rows that are not [`Kind::Text`] by run: (first row, kind).
    kinds: Vec<(u32, Kind)>,
}

impl Column {
    /// The cell's text without blanks at its ends; empty when there is nothing.
    pub(super) fn get(&self, row: usize) -> &str {
        let from = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.cells[from..self.ends[row] as usize]
    }

    /// What the file says the cell is.
    pub(super) fn kind(&self, row: usize) -> Kind {
        let after = self.kinds.partition_point(|(first, _)| *first as usize <= row);
        if after == 0 { Kind::Text } else { self.kinds[after - 1].1 }
    }

    fn push(&mut self, text: &str, kind: Kind) {
        let row = self.ends.len() as u32;
        let current = self.kinds.last().map_or(Kind::Text, |k| k.1);
        if kind != current && !text.is_empty() {
            self.kinds.push((row, kind));
        }
        self.cells.push_str(text);
        self.ends.push(self.cells.len() as u32);
    }
}

/// A table with at least one column.
#[derive(Debug)]
pub(super) struct Table {
    /// File and sheet.
    pub(super) place: Place,
    /// The columns, in file order.
    pub(super) columns: Vec<Column>,
    /// Row number of each data row, as an editor or spreadsheet counts them.
    pub(super) lines: Vec<u32>,
    /// A hash over all cells of each data row.
    pub(super) hashes: Vec<u64>,
    /// Data rows with more filled cells than there are headers: their cells may have slipped.
    pub(super) slipped: Vec<u32>,
    /// Row number of the header; `None` when the file has none.
    pub(super) header_line: Option<u32>,
    /// True for a text file with semicolons between columns: a sign of decimal commas.
    pub(super) european: bool,
    /// True when numbers in a date column may be a spreadsheet's serial numbers.
    pub(super) workbook: bool,
}

impl Table {
    /// Number of data rows.
    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The place of a row.
    pub(super) fn at(&self, row: usize) -> Place {
        self.place.clone().row(u64::from(self.lines[row]))
    }

    /// The place of a cell.
    pub(super) fn cell(&self, row: usize, column: usize) -> Place {
        self.at(row).column(self.columns[column].header.clone())
    }

    /// The column with this header; upper and lower case and blanks don't matter.
    pub(super) fn find(&self, header: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|c| c.header == header.trim());
        let wanted = header::normalise(header);
        exact.or_else(|| self.columns.iter().position(|c| header::normalise(&c.header) == wanted))
    }

    /// The first rows, for the import panel.
    pub(super) fn preview(&self) -> Preview {
        let row = |r: usize| self.columns.iter().map(|c| c.get(r).to_owned()).collect();
        Preview {
            headers: self.columns.iter().map(|c| c.header.clone()).collect(),
            rows: (0..self.rows().min(PREVIEW_ROWS)).map(row).collect(),
        }
    }
}

/// One row of a file on its way into the table.
#[derive(Debug, Clone)]
struct HeadRow {
    line: u32,
    cells: Vec<(String, Kind)>,
}

/// Rows held back until it is clear where the header is.
const HEAD_ROWS: usize = 24;

/// Builds a [`Table`] row by row, within the limits of [`super::limits`].
#[derive(Debug)]
pub(super) struct TableBuilder {
    head: Vec<HeadRow>,
    started: bool,
    text_bytes: usize,
    table: Table,
}

impl TableBuilder {
    /// A builder for the table at `place`.
    pub(super) fn new(place: Place) -> Self {
        let table = Table {
            place,
            columns: Vec::new(),
            lines: Vec::new(),
            hashes: Vec::new(),
            slipped: Vec::new(),
            header_line: None,
            european: false,
            workbook: false,
        };
        Self { head: Vec::new(), started: false, text_bytes: 0, table }
    }

    /// Sets the headers when the file states them apart from its rows (Parquet).
    pub(super) fn headers(&mut self, headers: Vec<String>) -> Result<(), DataError> {
        self.started = true;
        self.check_columns(headers.len())?;
        self.table.columns = header::unique(headers).into_iter().map(named).collect();
        Ok(())
    }

    /// Adds one row; a row without any text is dropped.
    pub(super) fn row<'a>(
        &mut self,
        line: u32,
        cells: impl Iterator<Item = (&'a str, Kind)> + Clone,
    ) -> Result<(), DataError> {
        let mut last = 0;
        for (k, (text, _)) in cells.clone().enumerate() {
            if text.len() > MAX_FIELD_BYTES {
                return Err(self.too_long(line));
            }
            if !trim(text).is_empty() {
                last = k + 1;
            }
        }
        if last == 0 {
            return Ok(());
        }
        if self.started {
            return self.data_row(line, cells.take(last));
        }
        self.check_columns(last)?;
        let cells = cells.take(last).map(|(text, kind)| (trim(text).to_owned(), kind)).collect();
        self.head.push(HeadRow { line, cells });
        if self.head.len() == HEAD_ROWS { self.start() } else { Ok(()) }
    }

    /// The finished table; `None` when there was no row at all.
    pub(super) fn finish(mut self) -> Result<Option<Table>, DataError> {
        if !self.started {
            self.start()?;
        }
        Ok((!self.table.columns.is_empty()).then_some(self.table))
    }

    fn start(&mut self) -> Result<(), DataError> {
        self.started = true;
        let head = std::mem::take(&mut self.head);
        let rows: Vec<Vec<(&str, Kind)>> =
            head.iter().map(|r| r.cells.iter().map(|(t, k)| (t.as_str(), *k)).collect()).collect();
        let found = header::find(&rows);
        self.check_columns(found.headers.len())?;
        self.table.columns = header::unique(found.headers).into_iter().map(named).collect();
        self.table.header_line = found.row.map(|r| head[r].line);
        for row in &head[found.first_data_row..] {
            self.data_row(row.line, row.cells.iter().map(|(t, k)| (t.as_str(), *k)))?;
        }
        Ok(())
    }

    fn data_row<'a>(&mut self, line: u32, cells: impl Iterator<Item = (&'a str, Kind)>) -> Result<(), DataError> {
        let row = self.table.rows();
        let width = self.table.columns.len();
        let mut hasher = DefaultHasher::new();
        let mut filled = 0;
        for (k, (text, kind)) in cells.enumerate() {
            let text = trim(text);
            hasher.write(text.as_bytes());
            hasher.write_u8(0xFF);
            if let Some(column) = self.table.columns.get_mut(k) {
                self.text_bytes += text.len();
                column.push(text, kind);
                filled = k + 1;
            } else if !text.is_empty() && self.table.slipped.last() != Some(&(row as u32)) {
                self.table.slipped.push(row as u32);
            }
        }
        for column in &mut self.table.columns[filled..] {
            column.push("", Kind::Text);
        }
        self.table.lines.push(line);
        self.table.hashes.push(hasher.finish());
        if row >= MAX_ROWS || (row + 1).saturating_mul(width) > MAX_CELLS || self.text_bytes > MAX_TEXT_BYTES {
            return Err(self.too_big());
        }
        Ok(())
    }

    fn check_columns(&self, columns: usize) -> Result<(), DataError> {
        if columns <= MAX_COLUMNS {
            return Ok(());
        }
        Err(unreadable(
            "too-many-columns",
            text!("The table has more than {MAX_COLUMNS} columns", "表格超过 {MAX_COLUMNS} 列"),
            text!("Keep one row per item and period, with a column each", "请改为每个物料每期一行的长表格式"),
            self.table.place.clone(),
        ))
    }

    fn too_long(&self, line: u32) -> DataError {
        unreadable(
            "field-too-long",
            text!(
                "Row {line} has a field of more than {MAX_FIELD_BYTES} bytes",
                "第 {line} 行有一个字段超过 {MAX_FIELD_BYTES} 字节"
            ),
            text!("Look for a quotation mark that is never closed", "请检查是否有未闭合的引号"),
            self.table.place.clone().row(u64::from(line)),
        )
    }

    fn too_big(&self) -> DataError {
        unreadable(
            "table-too-big",
            text!(
                "The table is too big: more than {MAX_ROWS} rows, {MAX_CELLS} cells or {MAX_TEXT_BYTES} bytes of text",
                "表格过大：超过 {MAX_ROWS} 行、{MAX_CELLS} 个单元格或 {MAX_TEXT_BYTES} 字节文本"
            ),
            text!("Split the file, or sum it by day first", "请拆分文件，或先按日汇总"),
            self.table.place.clone(),
        )
    }
}

fn named(header: String) -> Column {
    Column { header, ..Column::default() }
}

/// Drops blanks at both ends, the no-break and the full-width ones included.
pub(super) fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(a), Some(b)) if a.is_ascii_graphic() && b.is_ascii_graphic() => text,
        _ => text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}' || c == '\0'),
    }
}
