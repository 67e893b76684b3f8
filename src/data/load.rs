//! Any file → the one [`Table`] asked for.

use super::DataError;
use super::source::{self, FileKind, Source};
use super::table::Table;
use super::workbook::Workbook;
use super::{delimited, parquet};
use crate::control::Control;
use crate::diagnostic::Diagnostics;
use std::path::Path;

/// A file's table and where it came from.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The table; `None` when the file has no row at all.
    pub(super) table: Option<Table>,
    /// The file, its bytes given up.
    pub(super) source: Source,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub(super) sha256: String,
}

/// Reads `sheet` of the file (the only table of a text or Parquet file); without a name, the first sheet that `fits`,
/// else the first with any row.
///
/// # Errors
/// As [`source::open`], the readers of each kind, and a sheet that isn't there.
pub(super) fn load(
    path: &Path,
    sheet: Option<&str>,
    fits: impl Fn(&Table) -> bool,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Loaded, DataError> {
    control.check()?;
    let mut source = source::open(path)?;
    let sha256 = source.sha256();
    let table = match source.kind {
        FileKind::Text => delimited::read(&mut source, diagnostics, control)?,
        FileKind::Parquet => parquet::read(&mut source, diagnostics, control)?,
        FileKind::ZippedWorkbook | FileKind::OldWorkbook => {
            let mut workbook = Workbook::open(&mut source, control)?;
            pick(&mut workbook, sheet, fits, control)?
        }
    };
    Ok(Loaded { table, source, sha256 })
}

fn pick(
    workbook: &mut Workbook,
    sheet: Option<&str>,
    fits: impl Fn(&Table) -> bool,
    control: &Control,
) -> Result<Option<Table>, DataError> {
    if let Some(sheet) = sheet {
        let Some(name) = workbook.find(sheet).cloned() else { return Err(workbook.missing(sheet)) };
        return workbook.table(&name, control);
    }
    let mut first = None;
    for name in workbook.names().to_vec() {
        let Some(table) = workbook.table(&name, control)? else { continue };
        if fits(&table) {
            return Ok(Some(table));
        }
        first.get_or_insert(table);
    }
    Ok(first)
}
