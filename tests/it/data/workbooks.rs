//! Workbooks: typed cells, several sheets, boxes that would blow up a naive reader.

use super::{Written, file, findings, import, render, unreadable};
use planwright::control::Control;
use planwright::data::{DataError, ReadOptions, read_sales};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// A workbook whose first sheet is notes and whose second is sales: dates as date cells, codes as text.
fn book() -> Written {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Notes").unwrap().write(0, 0, "Exported by hand").unwrap();
    let sheet = workbook.add_worksheet().set_name("销售").unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    for (column, header) in ["订单日期", "商品编码", "数量"].iter().enumerate() {
        sheet.write(2, column as u16, *header).unwrap();
    }
    for row in 0..4_u32 {
        let date = ExcelDateTime::from_ymd(2024, 3, 4 + row as u8).unwrap();
        sheet.write_with_format(3 + row, 0, &date, &format).unwrap();
        sheet.write(3 + row, 1, "007").unwrap();
        sheet.write(3 + row, 2, 1000.5 + f64::from(row)).unwrap();
    }
    sheet.write(5, 2, "n/a?").unwrap();
    Written::new("book.xlsx", workbook.save_to_buffer().unwrap())
}

#[test]
fn the_first_sheet_with_a_quantity_is_read() {
    let book = book();
    let import = import(&book.path(), &ReadOptions::default());
    assert_eq!(render(&import), "day; 007 2024-03-04: 1000.5 1001.5 0 1003.5");
    assert_eq!(findings(&import.diagnostics), "missing-periods quantity-not-a-number");
    let place = &import.diagnostics.entries()[0].place;
    assert_eq!((place.sheet.as_deref(), place.row, place.column.as_deref()), (Some("销售"), Some(6), Some("数量")));
}

#[test]
fn a_named_sheet_is_read_or_missed() {
    let book = book();
    let options = |sheet: &str| ReadOptions { sheet: Some(sheet.to_owned()), ..ReadOptions::default() };
    assert!(import(&book.path(), &options("销售")).panel.is_some());
    assert_eq!(render(&import(&book.path(), &options("notes"))), "!no-usable-row");
    let missed = read_sales(&book.path(), &options("Sheet9"), &Control::silent());
    let Err(DataError::Unreadable(d)) = missed else { panic!("the sheet doesn't exist") };
    assert_eq!((d.code.as_str(), d.hint.en.as_str()), ("sheet-missing", "Its sheets are: Notes, 销售"));
}

#[test]
fn serial_numbers_are_dates_in_a_workbook() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "date").unwrap();
    sheet.write(0, 1, "qty").unwrap();
    for row in 0..3_u32 {
        sheet.write(1 + row, 0, 45_356 + row).unwrap();
        sheet.write(1 + row, 1, row + 1).unwrap();
    }
    let book = Written::new("f.xlsx", workbook.save_to_buffer().unwrap());
    // Serial 45356 is 2024-03-05 (ECMA-376, part 1, 18.17.4.1: 1900 date system).
    assert_eq!(render(&import(&book.path(), &ReadOptions::default())), "day; f 2024-03-05: 1 2 3");
}

#[test]
fn old_formats_are_read() {
    for name in ["sales.xls", "sales.ods"] {
        let import = import(&file(name), &ReadOptions::default());
        assert_eq!(render(&import), "day; 00A @ W1 2024-01-01: 1.5 2 0; 00B @ W1 2024-01-03: 3", "{name}");
    }
}

#[test]
fn a_bounding_box_of_a_whole_sheet_costs_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "date").unwrap();
    sheet.write(0, 1, "qty").unwrap();
    sheet.write(1, 0, "2024-01-01").unwrap();
    sheet.write(1, 1, 5).unwrap();
    sheet.write(2, 0, "2024-01-02").unwrap();
    sheet.write(2, 1, 6).unwrap();
    sheet.write(1_048_575, 16_383, "far away").unwrap();
    let book = Written::new("f.xlsx", workbook.save_to_buffer().unwrap());
    let import = import(&book.path(), &ReadOptions::default());
    assert_eq!(render(&import), "day; f 2024-01-01: 5 6");
    assert_eq!(findings(&import.diagnostics), "row-too-long");
}

#[test]
fn another_zip_is_not_a_workbook() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut archive = zip::ZipWriter::new(&mut bytes);
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("word/document.xml", options).unwrap();
    archive.finish().unwrap();
    assert_eq!(unreadable(&Written::new("f.xlsx", bytes.into_inner()).path()), "wrong-file-type");
}
