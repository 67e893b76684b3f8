//! Bad input: a message with what, where and what to do.

use super::{Written, file, findings, import, render, unreadable};
use planwright::control::Control;
use planwright::data::{ReadOptions, read_sales};
use proptest::prelude::*;
use std::fmt::Write;

/// The findings of a text that can't become a panel.
fn refused(text: impl AsRef<[u8]>) -> String {
    let written = Written::new("f.csv", text);
    let import = import(&written.path(), &ReadOptions::default());
    assert!(import.panel.is_none(), "{}", render(&import));
    for d in import.diagnostics.entries().iter().filter(|d| d.severity == planwright::diagnostic::Severity::Error) {
        assert!(!d.hint.is_empty() && d.place.file.as_deref() == Some("f.csv"), "{d:?}");
    }
    findings(&import.diagnostics)
}

#[test]
fn files_that_cannot_be_read_at_all() {
    assert_eq!(unreadable(&file("no_such_file.csv")), "file-missing");
    assert_eq!(unreadable(&file(".")), "file-is-a-folder");
    for (name, content, code) in [
        ("empty.csv", &b""[..], "file-empty"),
        ("blank.csv", b"\xEF\xBB\xBF \r\n\r\n", "file-empty"),
        ("text.xlsx", b"date,qty\n2024-01-01,1\n", "wrong-file-type"),
        ("text.xls", b"date\tqty\n2024-01-01\t1\n", "wrong-file-type"),
        ("text.parquet", b"date,qty\n2024-01-01,1\n", "wrong-file-type"),
        ("book.csv", b"PK\x03\x04rest of a zip", "wrong-file-type"),
        ("old.csv", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", "wrong-file-type"),
        ("parquet.csv", b"PAR1rest", "wrong-file-type"),
        ("page.xls", b"<html><table></table></html>", "wrong-file-type"),
        ("paper.csv", b"%PDF-1.7 ...", "wrong-file-type"),
        ("binary.csv", b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00\x00\x09\x0a", "wrong-file-type"),
        ("cut.xlsx", b"PK\x03\x04rest of a zip", "file-damaged"),
        ("cut.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", "file-damaged"),
        ("cut.parquet", b"PAR1\x00\x00\x00\x00\xFF\xFF\xFF\x7FPAR1", "file-damaged"),
    ] {
        assert_eq!(unreadable(&Written::new(name, content).path()), code, "{name}");
    }
}

#[test]
fn cut_and_altered_files_are_findings_not_crashes() {
    for name in ["daily.parquet", "sales.xls", "sales.ods"] {
        let whole = std::fs::read(file(name)).unwrap();
        let step = whole.len() / 40 + 1;
        for k in 1..40 {
            let cut = Written::new(name, &whole[..(whole.len() - 1).min(k * step)]);
            let _ = read_sales(&cut.path(), &ReadOptions::default(), &Control::silent());
            let mut altered = whole.clone();
            let at = (k * step).min(whole.len() - 1);
            altered[at] ^= 0xFF;
            let altered = Written::new(name, altered);
            let _ = read_sales(&altered.path(), &ReadOptions::default(), &Control::silent());
        }
    }
}

#[test]
fn columns_that_are_missing() {
    assert_eq!(refused("item,qty\nA,1\nB,2\n"), "!no-date-column");
    assert_eq!(refused("date,item,remark\n2024-01-01,A,x\n2024-01-02,B,y\n"), "!no-quantity-column");
    assert_eq!(refused("date,item,quantity\n"), "!no-usable-row");
    assert_eq!(refused("item,2024-01,2024-02,2024-03\nA,1,2,3\nB,2,3,4\n"), "!no-quantity-column");
    let written = Written::new("f.csv", "item,2024-01,2024-02,2024-03\nA,1,2,3\nB,2,3,4\n");
    let wide = import(&written.path(), &ReadOptions::default());
    assert!(wide.diagnostics.entries()[0].hint.en.contains("side by side"), "{:?}", wide.diagnostics);
    assert_eq!(wide.diagnostics.entries()[0].place.row, Some(1));
}

#[test]
fn columns_that_make_no_sense() {
    assert_eq!(
        refused("date,item,quantity\n2024-01-01,A,many\n2024-01-02,A,few\n2024-01-03,A,3\n"),
        "quantity-not-a-number:2 !quantity-column-not-numeric".split(' ').rev().collect::<Vec<_>>().join(" ")
    );
    assert_eq!(
        refused("date,item,quantity\nsoon,A,1\nlater,A,2\n2024-01-01,A,2\n"),
        "!date-column-not-readable date-not-readable:2"
    );
    assert_eq!(
        refused("date,item,quantity\n25/03/2024,A,1\n03/26/2024,A,2\n04/05/2024,A,3\n"),
        "date-not-readable !mixed-date-formats"
    );
    assert_eq!(refused("date,item,quantity\n2024-01-01,A,0\n2024-01-02,A,0\n"), "!all-zero-series");
    assert_eq!(refused("date,item,quantity\n2024-01-01,A,5\n"), "!one-period-series");
}

#[test]
fn dates_at_the_ends_of_time_do_not_allocate_the_earth() {
    let written = Written::new("f.csv", "date,item,quantity\n0001-01-01,A,1\n9999-12-31,A,2\n9999-12-30,B,2\n");
    assert_eq!(unreadable(&written.path()), "history-too-long");
    let written = Written::new("f.csv", "t,quantity\n1,1\n999999999,2\n");
    assert_eq!(unreadable(&written.path()), "history-too-long");
}

#[test]
fn an_unclosed_quote_is_named() {
    let mut text = String::from("date,item,quantity\n2024-01-01,\"A,1\n");
    for _ in 0..20_000 {
        text += "2024-01-02,B,123456\n";
    }
    assert_eq!(unreadable(&Written::new("f.csv", text).path()), "field-too-long");
}

#[test]
fn dirty_rows_are_left_out_counted_and_placed() {
    let import = import(&file("dirty.csv"), &ReadOptions::default());
    assert_eq!(render(&import), "day; A 2024-01-01: 10 0 0 0 0 -2 0 1");
    assert_eq!(
        findings(&import.diagnostics),
        "date-not-readable duplicate-rows item-empty missing-periods negative-periods negative-quantity quantity-empty \
         quantity-not-a-number quantity-not-finite row-too-long totals-row"
    );
    let find = |code: &str| import.diagnostics.entries().iter().find(|d| d.code == code).unwrap();
    let text = find("quantity-not-a-number");
    assert_eq!(text.message.en, "Row 4: quantity \"abc\" is not a number");
    assert_eq!(text.message.zh, "第 4 行：数量“abc”不是数字");
    assert_eq!((text.place.row, text.place.column.as_deref()), (Some(4), Some("quantity")));
    assert_eq!(find("date-not-readable").place.row, Some(7));
    assert_eq!(find("duplicate-rows").place.row, Some(3));
    assert_eq!(import.summary.rows, 11);
    assert_eq!(import.summary.rows_used, 4);
}

#[test]
fn ambiguous_dates_are_a_warning_with_the_choice() {
    let import = import(&file("ambiguous_dates.csv"), &ReadOptions::default());
    assert_eq!(findings(&import.diagnostics), "date-order-guessed missing-periods");
    let said = &import.diagnostics.entries()[0];
    assert!(said.message.en.contains("month/day/year") && said.message.zh.contains("月/日/年"), "{said:?}");
    assert_eq!(said.place.row, Some(2));
}

#[test]
fn row_numbers_are_the_editors() {
    let text = "date,item,quantity\r\n\r\n2024-01-01,A,1\r\n2024-01-02,\"A\r\nB\",1\r\n\r\n2024-01-03,A,x\r\n2024-01-04,A,2\r\n2024-01-04,A,2\r\n";
    let written = Written::new("f.csv", text);
    let import = import(&written.path(), &ReadOptions::default());
    let row = |code: &str| import.diagnostics.entries().iter().find(|d| d.code == code).unwrap().place.row;
    assert_eq!(row("quantity-not-a-number"), Some(7));
    assert_eq!(row("duplicate-rows"), Some(9));
}

#[test]
fn many_bad_rows_cost_few_findings() {
    let mut text = String::from("date,item,quantity\n");
    for k in 0..5000 {
        writeln!(text, "2024-01-{:02},A{k},{}", k % 28 + 1, if k % 5 == 0 { "x" } else { "1" }).unwrap();
    }
    let written = Written::new("f.csv", text);
    let import = import(&written.path(), &ReadOptions::default());
    assert_eq!(import.diagnostics.count("quantity-not-a-number"), 1000);
    assert!(import.diagnostics.entries().len() < 30);
}

proptest! {
    /// Whatever a text file holds, it is read or refused, never a crash, and rows add up (`import` checks it).
    #[test]
    fn any_text_is_survived(rows in proptest::collection::vec("[-0-9a-zA-Z/:.,;\"日月年期 %()\t]{0,24}", 0..12)) {
        let written = Written::new("f.csv", rows.join("\n"));
        if let Ok(import) = read_sales(&written.path(), &ReadOptions::default(), &Control::silent()) {
            super::conserve(&import);
        }
    }

    /// Any bytes at all.
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300), ending in "csv|xlsx|xls|ods|parquet") {
        let written = Written::new(&format!("f.{ending}"), bytes);
        if let Ok(import) = read_sales(&written.path(), &ReadOptions::default(), &Control::silent()) {
            super::conserve(&import);
        }
    }

    /// Sums of transactions equal the file, whatever the order of rows.
    #[test]
    fn quantities_are_conserved(rows in proptest::collection::vec((0_i64..400, 0_u8..4, -50_i32..100), 1..80)) {
        let mut text = String::from("date,item,quantity\n");
        for (day, item, quantity) in &rows {
            let date = jiff::civil::date(2023, 1, 1).checked_add(jiff::Span::new().days(*day)).unwrap();
            writeln!(text, "{date},I{item},{quantity}").unwrap();
        }
        let written = Written::new("f.csv", text);
        let import = import(&written.path(), &ReadOptions::default());
        let total: i32 = rows.iter().map(|r| r.2).sum();
        prop_assert!((import.summary.quantity_in_file - f64::from(total)).abs() < 1e-9);
    }
}
