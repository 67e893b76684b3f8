//! One table on one sheet: typed cells, formats, a frozen header, filters.

use super::super::table::{Cell, Column, Kind, Table};
use crate::text;
use crate::words::{Language, Text};
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Formula, Table as SheetTable, TableColumn, TableStyle, Worksheet,
    XlsxError,
};

/// Rows of a sheet below its header.
const MAX_ROWS: usize = 1_048_575;
/// Characters in a cell.
const MAX_CHARS: usize = 32_767;
/// How many rows are looked at to find a column's width.
const WIDTH_SAMPLE: usize = 400;
/// Widest and narrowest column, in characters.
const WIDTHS: (usize, usize) = (11, 64);
/// Height of a header's line, points.
const LINE_HEIGHT: f64 = 15.0;
/// The accent of the header's rule.
const ACCENT: Color = Color::RGB(0x0B_5C_8F);

/// What a sheet shows beyond its table, by row and column.
pub(super) struct Overlay<'a> {
    /// A live formula for a cell.
    pub(super) formula: &'a dyn Fn(usize, usize) -> Option<String>,
    /// How a row's numbers read, when not as their column says.
    pub(super) kind: &'a dyn Fn(usize) -> Option<Kind>,
}

/// How many of a table's rows fit on a sheet.
pub(super) fn shown_rows(rows: usize) -> usize {
    if rows <= MAX_ROWS { rows } else { MAX_ROWS - 1 }
}

/// Writes a table; rows beyond what a sheet holds are replaced by a note in the last one.
pub(super) fn write(
    sheet: &mut Worksheet,
    table: &Table,
    language: Language,
    overlay: &Overlay<'_>,
) -> Result<(), XlsxError> {
    let formats: Vec<Format> = table.columns.iter().map(|c| cell_format(c.kind)).collect();
    let headers: Vec<Format> = table.columns.iter().map(|c| header_format(c.kind)).collect();
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, column.title().get(language), &headers[at])?;
        sheet.set_column_width(at as u16, width(table, at, language))?;
    }
    let lines = (0..table.columns.len()).map(|at| header_lines(table, at, language)).max().unwrap_or(1);
    sheet.set_row_height(0, LINE_HEIGHT * lines as f64 + 3.0)?;
    let shown = shown_rows(table.rows.len());
    for (row, cells) in table.rows[..shown].iter().enumerate() {
        let own = (overlay.kind)(row).map(cell_format);
        for (at, cell) in cells.iter().enumerate() {
            let format = own.as_ref().filter(|_| table.columns[at].kind != Kind::Text).unwrap_or(&formats[at]);
            let formula = (overlay.formula)(row, at);
            write_cell(sheet, (row as u32 + 1, at as u16), cell, format, language, formula)?;
        }
    }
    add_filters(sheet, table, shown, language, &headers)?;
    if shown < table.rows.len() {
        let left = table.rows.len() - shown;
        let note = text!(
            "{left} more rows don't fit on a sheet; the CSV export has them all",
            "另有 {left} 行超出工作表容量，导出 CSV 可得到全部"
        );
        sheet.write_string(shown as u32 + 1, 0, note.get(language))?;
    }
    let names = table.columns.iter().take(2).filter(|c| matches!(c.key, "item" | "location")).count();
    sheet.set_freeze_panes(1, names as u16)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &Format,
    language: Language,
    formula: Option<String>,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Code(code) => {
            sheet.write_string_with_format(row, column, storable(code), format)?;
        }
        Cell::Words(text) => {
            sheet.write_string_with_format(row, column, storable(text.get(language)), format)?;
        }
        Cell::Number(x) if !x.is_finite() => {}
        Cell::Number(x) => {
            match formula {
                Some(f) => {
                    sheet.write_formula_with_format(row, column, Formula::new(f).set_result(x.to_string()), format)?
                }
                None => sheet.write_number_with_format(row, column, *x, format)?,
            };
        }
    }
    Ok(())
}

/// A text as a cell can hold it: not too long, and without the two characters that XML forbids everywhere.
fn storable(text: &str) -> String {
    let clean = text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    if clean.encode_utf16().count() <= MAX_CHARS {
        return clean;
    }
    // The limit counts UTF-16 units; two per character is the worst case.
    clean.chars().take(MAX_CHARS / 2 - 1).chain(['…']).collect()
}

/// Headers stand over their cells: those of numbers to the right.
fn header_format(kind: Kind) -> Format {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(ACCENT);
    match kind {
        Kind::Text => format.set_align(FormatAlign::Left).set_indent(1).set_align(FormatAlign::Bottom),
        _ => format.set_align(FormatAlign::Right).set_align(FormatAlign::Bottom),
    }
}

fn cell_format(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::VerticalCenter);
    match kind {
        // An indent keeps words off the number in the column before.
        Kind::Text => format.set_align(FormatAlign::Left).set_indent(1),
        Kind::Integer | Kind::Number(0) => format.set_num_format("#,##0"),
        Kind::Money => format.set_num_format("#,##0.00"),
        Kind::Chance => format.set_num_format("[<0.001]\"<0.001\";0.000"),
        Kind::Percent => format.set_num_format("0.0%"),
        Kind::Number(decimals) => format.set_num_format(format!("#,##0.{}", "0".repeat(usize::from(decimals)))),
    }
}

/// Makes the cells a table with filter buttons. A spreadsheet's table needs a row and unlike headers.
fn add_filters(
    sheet: &mut Worksheet,
    table: &Table,
    shown: usize,
    language: Language,
    headers: &[Format],
) -> Result<(), XlsxError> {
    let titles: Vec<String> = table.columns.iter().map(|c| c.title().get(language).to_owned()).collect();
    let mut unique: Vec<String> = titles.iter().map(|t| t.to_lowercase()).collect();
    unique.sort();
    unique.dedup();
    if shown == 0 || unique.len() < titles.len() {
        return Ok(());
    }
    let columns: Vec<TableColumn> =
        titles.into_iter().zip(headers).map(|(t, f)| TableColumn::new().set_header(t).set_header_format(f)).collect();
    let filters = SheetTable::new()
        .set_name(format!("planwright_{}", table.key))
        .set_style(TableStyle::Light1)
        .set_columns(&columns);
    sheet.add_table(0, 0, shown as u32, table.columns.len() as u16 - 1, &filters)?;
    Ok(())
}

/// A column's width in characters: the widest of its header's words and its first cells, within [`WIDTHS`].
fn width(table: &Table, at: usize, language: Language) -> f64 {
    let column = &table.columns[at];
    let cells = table.rows.iter().take(WIDTH_SAMPLE).map(|row| cell_width(&row[at], column, language));
    let header = column.title().get(language).split(' ').map(display_width).max().unwrap_or(0) + 3;
    let widest = cells.max().unwrap_or(0).max(header) + 1;
    widest.clamp(WIDTHS.0, WIDTHS.1) as f64
}

/// Lines that a header takes when it is wrapped between words to its column's width.
fn header_lines(table: &Table, at: usize, language: Language) -> usize {
    // Bold letters, the indent and the filter button take a part of the width.
    let room = (width(table, at, language) as usize).saturating_sub(4).max(1);
    let (mut lines, mut used) = (1, 0);
    for word in table.columns[at].title().get(language).split(' ') {
        let length = display_width(word);
        if used > 0 && used + 1 + length > room {
            lines += 1;
            used = 0;
        }
        used += length + usize::from(used > 0);
        lines += used.saturating_sub(1) / room;
        used = used.min(room);
    }
    lines
}

fn cell_width(cell: &Cell, column: &Column, language: Language) -> usize {
    display_width(&super::super::screen::format(cell, column.kind, language))
}

/// Characters, those of Chinese counted twice.
fn display_width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffe6}').contains(&c) { 2 } else { 1 }).sum()
}

/// The title with its unit, for charts.
pub(super) fn title(column: &Column, language: Language) -> String {
    let title: Text = column.title();
    title.get(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARS, display_width, shown_rows, storable};

    #[test]
    fn a_sheet_keeps_its_last_row_for_the_note() {
        assert_eq!([0, 5, 1_048_575].map(shown_rows), [0, 5, 1_048_575]);
        assert_eq!([1_048_576, 9_000_000].map(shown_rows), [1_048_574; 2]);
    }

    #[test]
    fn texts_fit_a_cell() {
        assert_eq!(storable("a\u{ffff}b"), "a\u{fffd}b");
        assert!(storable(&"𝄞".repeat(40_000)).encode_utf16().count() <= MAX_CHARS);
        assert_eq!(display_width("库存 ab"), 7);
    }
}
