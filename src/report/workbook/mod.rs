//! A plan as a workbook: a sheet per table, live formulas where a number can be recomputed, charts on the first sheet.

mod charts;
mod formulas;
mod money;
mod sheet;

use super::atomic::{ReportError, write_atomically};
use super::kpi::kpis;
use super::table::Table;
use super::tables::tables;
use crate::model::Plan;
use crate::text;
use crate::words::Language;
use formulas::Formulas;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::io;
use std::path::Path;

/// Writes all tables of a plan as a workbook in one language; the file appears complete or not at all.
///
/// Numbers are numbers, codes are text whatever they look like, the unknown is an empty cell. The same plan gives the
/// same bytes.
///
/// # Errors
/// [`ReportError`] when the folder doesn't exist, can't be written to, the disk is full, or the file is held open.
pub fn write_workbook(plan: &Plan, language: Language, path: &Path) -> Result<(), ReportError> {
    write_workbook_with(plan, &[], language, path)
}

/// As [`write_workbook`], with more tables behind the plan's own.
///
/// # Errors
/// As [`write_workbook`].
pub fn write_workbook_with(plan: &Plan, more: &[Table], language: Language, path: &Path) -> Result<(), ReportError> {
    let mut workbook = build(plan, more, language).map_err(|error| ReportError {
        message: text!(
            "The workbook could not be built: {error}. Export the tables as CSV instead",
            "无法生成工作簿：{error}。请改为导出 CSV 表格"
        ),
    })?;
    write_atomically(path, |file| workbook.save_to_writer(file).map_err(io_error))
}

fn build(plan: &Plan, more: &[Table], language: Language) -> Result<Workbook, XlsxError> {
    let mut tables = tables(plan);
    tables.extend_from_slice(more);
    let names: Vec<String> = sheet_names(&tables, language);
    let formulas = Formulas::new(plan, &tables, &names, language);
    let figures = kpis(plan);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(plan)?);
    for (table, name) in tables.iter().zip(&names) {
        let worksheet = workbook.add_worksheet().set_name(name)?;
        let overlay = sheet::Overlay {
            formula: &|row, column| formulas.at(table, row, column),
            kind: &|row| figures.get(row).filter(|_| table.key == "summary").map(|k| k.kind),
        };
        sheet::write(worksheet, table, language, &overlay)?;
        if table.key == "summary" {
            charts::insert(worksheet, plan, &tables, &names, language)?;
        }
    }
    Ok(workbook)
}

/// The document's date is the plan's, not the clock's, so that the same plan gives the same file.
fn properties(plan: &Plan) -> Result<DocProperties, XlsxError> {
    let first = plan.start().first_day();
    let year = first.and_then(|d| u16::try_from(d.year()).ok()).filter(|y| (1900..=9999).contains(y));
    let (month, day) = first.map_or((1, 1), |d| (d.month() as u8, d.day() as u8));
    let date = year.map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), |y| ExcelDateTime::from_ymd(y, month, day))?;
    Ok(DocProperties::new().set_author("Planwright").set_title(&plan.scenario).set_creation_datetime(&date))
}

/// Longest sheet name that spreadsheets take, characters.
const MAX_NAME: usize = 31;

/// Sheet names: the titles, without forbidden characters, cut to length, unique whatever their case.
fn sheet_names(tables: &[Table], language: Language) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(tables.len());
    for table in tables {
        let clean = table.title.get(language).replace(['[', ']', ':', '*', '?', '/', '\\', '\''], " ");
        let mut name: String = clean.trim().chars().take(MAX_NAME).collect();
        let taken = |name: &str| names.iter().any(|n| n.to_lowercase() == name.to_lowercase());
        let mut number = 2;
        while name.is_empty() || taken(&name) {
            let short: String = clean.trim().chars().take(MAX_NAME - 4).collect();
            name = format!("{short} {number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

/// The writer's error as an IO error, with the kind it had when it was one.
fn io_error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    }
}
