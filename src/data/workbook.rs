//! Workbooks (XLSX, XLSM, XLSB, XLS, ODS) → [`Table`], one sheet at a time.
//!
//! XLSX cells are streamed: the reader's own range would allocate rows × columns of the bounding box, which a 5 KB file
//! can blow up. The old formats are read whole by their reader, so their files are capped instead.

use super::DataError;
use super::findings::{header_list, unreadable};
use super::limits::{MAX_COLUMNS, MAX_OLD_WORKBOOK_BYTES, MAX_ROWS, MAX_SHEETS, MAX_UNPACKED_BYTES, ROWS_PER_REPORT};
use super::source::{FileKind, Source, wrong_type};
use super::table::{Kind, Table, TableBuilder};
use crate::control::Control;
use crate::diagnostic::Place;
use crate::text;
use calamine::{Data, Ods, Reader, Sheets, Xls, Xlsb, Xlsx};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An open workbook.
pub(super) struct Workbook {
    sheets: Sheets<Cursor<Vec<u8>>>,
    names: Vec<String>,
    place: Place,
    name: String,
}

impl Workbook {
    /// Opens a workbook after checking what it unpacks to.
    ///
    /// # Errors
    /// Not a workbook, damaged, protected, beyond a limit, or cancelled.
    pub(super) fn open(source: &mut Source, control: &Control) -> Result<Self, DataError> {
        let bytes = std::mem::take(&mut source.bytes);
        let format = match source.kind {
            FileKind::OldWorkbook => Format::Xls,
            _ => zipped_format(&bytes, source, control)?,
        };
        if format != Format::Xlsx && bytes.len() as u64 > MAX_OLD_WORKBOOK_BYTES {
            return Err(too_big(source, MAX_OLD_WORKBOOK_BYTES));
        }
        let opened = guarded(|| open_as(format, Cursor::new(bytes)));
        let sheets = opened.map_err(|reason| damaged(&source.name, &reason))?;
        let names: Vec<String> = sheets.sheet_names().into_iter().take(MAX_SHEETS).collect();
        Ok(Self { sheets, names, place: source.place.clone(), name: source.name.clone() })
    }

    /// Names of the sheets, in the workbook's order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The sheet with this name; upper and lower case don't matter.
    pub(super) fn find(&self, name: &str) -> Option<&String> {
        let wanted = name.trim().to_lowercase();
        self.names.iter().find(|n| n.trim().to_lowercase() == wanted)
    }

    /// The finding for a sheet that isn't there.
    pub(super) fn missing(&self, sheet: &str) -> DataError {
        let list = header_list(self.names.iter().map(String::as_str));
        unreadable(
            "sheet-missing",
            text!("The workbook has no sheet \"{sheet}\"", "工作簿中没有工作表“{sheet}”"),
            text!("Its sheets are: {list}", "现有工作表：{list}"),
            self.place.clone(),
        )
    }

    /// Reads one sheet; `None` when it is empty.
    ///
    /// # Errors
    /// Damaged, beyond a limit, or cancelled.
    pub(super) fn table(&mut self, sheet: &str, control: &Control) -> Result<Option<Table>, DataError> {
        let builder = TableBuilder::new(self.place.clone().sheet(sheet));
        let name = self.name.clone();
        let sheets = &mut self.sheets;
        let read = catch_unwind(AssertUnwindSafe(|| match sheets {
            Sheets::Xlsx(workbook) => stream(workbook, sheet, &name, builder, control),
            other => {
                let range = other.worksheet_range(sheet).map_err(|e| damaged(&name, &e.to_string()))?;
                whole(&range, builder, control)
            }
        }));
        let builder = match read {
            Ok(builder) => builder?,
            Err(_) => return Err(damaged(&self.name, "its cells make no sense")),
        };
        let mut table = builder.finish()?;
        if let Some(table) = &mut table {
            table.workbook = true;
        }
        Ok(table)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

fn open_as(format: Format, bytes: Cursor<Vec<u8>>) -> Result<Sheets<Cursor<Vec<u8>>>, String> {
    match format {
        Format::Xlsx => Xlsx::new(bytes).map(Sheets::Xlsx).map_err(|e| e.to_string()),
        Format::Xlsb => Xlsb::new(bytes).map(Sheets::Xlsb).map_err(|e| e.to_string()),
        Format::Xls => Xls::new(bytes).map(Sheets::Xls).map_err(|e| e.to_string()),
        Format::Ods => Ods::new(bytes).map(Sheets::Ods).map_err(|e| e.to_string()),
    }
}

/// A dependency that panics on a damaged file gives a finding, not a crash.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("its structure makes no sense".to_owned()))
}

/// Which workbook a ZIP archive is, after unpacking it once into nothing: sizes in zip headers may lie.
fn zipped_format(bytes: &[u8], source: &Source, control: &Control) -> Result<Format, DataError> {
    let name = &source.name;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(name, &e.to_string()))?;
    let has = |file: &str| archive.file_names().flatten().any(|n| n.eq_ignore_ascii_case(file));
    let format = if has("xl/workbook.xml") {
        Format::Xlsx
    } else if has("xl/workbook.bin") {
        Format::Xlsb
    } else if has("content.xml") && has("mimetype") {
        Format::Ods
    } else if has("word/document.xml") {
        return Err(wrong_type(name, "DOCX"));
    } else {
        return Err(wrong_type(name, "ZIP"));
    };
    let mut unpacked = 0_u64;
    let mut buffer = vec![0; 1 << 18];
    for k in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(k) else { continue };
        loop {
            control.check()?;
            // A damaged entry is reported by the workbook's reader, if it matters.
            let n = entry.read(&mut buffer).unwrap_or(0);
            unpacked += n as u64;
            if unpacked > MAX_UNPACKED_BYTES {
                return Err(too_big(source, MAX_UNPACKED_BYTES));
            }
            if n == 0 {
                break;
            }
        }
    }
    Ok(format)
}

fn too_big(source: &Source, limit: u64) -> DataError {
    let (name, limit) = (&source.name, limit >> 20);
    unreadable(
        "file-too-big",
        text!("{name} holds more than {limit} MiB of data", "{name} 的数据超过 {limit} MiB"),
        text!("Save the sheet as CSV, or split the workbook", "请将工作表另存为 CSV，或拆分工作簿"),
        source.place.clone(),
    )
}

fn damaged(name: &str, reason: &str) -> DataError {
    let reason = reason.trim().to_owned();
    unreadable(
        "file-damaged",
        text!("{name} can't be read as a workbook: {reason}", "{name} 无法作为工作簿读取：{reason}"),
        text!(
            "Open it in a spreadsheet program, remove any password, and save it again as XLSX or CSV",
            "请用电子表格软件打开，去除密码后另存为 XLSX 或 CSV"
        ),
        Place::file(name),
    )
}

/// One row's cells by column, on their way into the table.
type Row = Vec<(String, Kind)>;

fn stream(
    workbook: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &str,
    name: &str,
    mut builder: TableBuilder,
    control: &Control,
) -> Result<TableBuilder, DataError> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|e| damaged(name, &e.to_string()))?;
    let stage = text!("Reading sheet {sheet}", "正在读取工作表 {sheet}");
    let (mut row, mut cells, mut seen) = (0_u32, Row::new(), 0_usize);
    loop {
        if seen.is_multiple_of(ROWS_PER_REPORT) {
            control.report(0.5, &stage)?;
        }
        seen += 1;
        let Some(cell) = reader.next_cell().map_err(|e| damaged(name, &e.to_string()))? else { break };
        let (r, c) = cell.get_position();
        if r as usize >= MAX_ROWS || c as usize >= MAX_COLUMNS {
            return Err(damaged(name, "a cell lies outside any sheet"));
        }
        if r != row {
            flush(&mut builder, row, &mut cells)?;
            row = r;
        }
        let value = content(&Data::from(cell.get_value().clone()));
        if let Some(value) = value {
            if cells.len() <= c as usize {
                cells.resize(c as usize + 1, (String::new(), Kind::Text));
            }
            cells[c as usize] = value;
        }
    }
    flush(&mut builder, row, &mut cells)?;
    Ok(builder)
}

fn whole(
    range: &calamine::Range<Data>,
    mut builder: TableBuilder,
    control: &Control,
) -> Result<TableBuilder, DataError> {
    let stage = text!("Reading the sheet", "正在读取工作表");
    let first = range.start().map_or(0, |(row, _)| row);
    for (k, row) in range.rows().enumerate() {
        if k % 256 == 0 {
            control.report(k as f64 / range.height().max(1) as f64, &stage)?;
        }
        let mut cells: Row = row.iter().map(|d| content(d).unwrap_or((String::new(), Kind::Text))).collect();
        flush(&mut builder, first + k as u32, &mut cells)?;
    }
    Ok(builder)
}

fn flush(builder: &mut TableBuilder, row: u32, cells: &mut Row) -> Result<(), DataError> {
    builder.row(row + 1, cells.iter().map(|(text, kind)| (text.as_str(), *kind)))?;
    cells.clear();
    Ok(())
}

/// Last serial a spreadsheet can show: 9999-12-31.
const LAST_SERIAL: f64 = 2_958_465.0;

fn content(value: &Data) -> Option<(String, Kind)> {
    Some(match value {
        Data::Empty => return None,
        Data::Int(n) => (n.to_string(), Kind::Number),
        Data::Float(x) => (x.to_string(), Kind::Number),
        Data::String(s) | Data::DurationIso(s) => (s.clone(), Kind::Text),
        Data::Bool(b) => (if *b { "TRUE" } else { "FALSE" }.to_owned(), Kind::Text),
        Data::DateTime(t) if t.is_datetime() && (1.0..LAST_SERIAL + 1.0).contains(&t.as_f64()) => {
            let (year, month, day, hour, minute, second, _) = t.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time =
                if hour + minute + second == 0 { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
            (date + &time, Kind::Date)
        }
        Data::DateTime(t) => (t.as_f64().to_string(), Kind::Number),
        Data::DateTimeIso(s) => (s.clone(), Kind::Date),
        Data::Error(_) => (value.to_string(), Kind::Text),
    })
}
