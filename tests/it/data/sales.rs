//! Sound files of every shape → panels.

use super::{Written, file, findings, import, render};
use planwright::control::Control;
use planwright::data::{DataError, ReadOptions, Returns, Role, read_sales};
use planwright::model::Frequency;
use std::fmt::Write;

/// Reads a file of `tests/files` with default options.
fn check(name: &str, panel: &str, codes: &str) {
    let import = import(&file(name), &ReadOptions::default());
    assert_eq!(render(&import), panel, "{name}");
    assert_eq!(findings(&import.diagnostics), codes, "{name}");
}

/// Reads a text as `name` with default options.
fn check_text(name: &str, text: impl AsRef<[u8]>, panel: &str) {
    let written = Written::new(name, text);
    assert_eq!(render(&import(&written.path(), &ReadOptions::default())), panel, "{name}");
}

#[test]
fn files_of_every_shape() {
    check("months.tsv", "month; months 2023-11: 100 120 0 90", "missing-periods");
    check("quarters.txt", "quarter; quarters 2023-Q1: 5 6 7", "");
    check("weeks.csv", "week; K 2024-W51: 1 2 3", "");
    check("only_quantity.csv", "step; only_quantity 1: 100 120 90", "");
    check("bare_numbers.csv", "step; bare_numbers 1: 5 7 6", "");
    check("decimal_years.csv", "month; decimal_years 1949-01: 112 118 132", "");
    check("years.csv", "year; years 1871: 1120 1160 0 963", "missing-periods");
    check("period_numbers.csv", "step; L 1: 1 2 3; S 2: 8 9", "series-of-different-length");
    check("title_line.csv", "day; title_line 2024-01-13: 1 2 -1", "negative-periods negative-quantity");
    check(
        "chinese_semicolons.csv",
        "day; 0001 @ 上海 2024-01-05: 1234.5 7 0; 0002 @ 北京 2024-01-07: -3",
        "missing-periods negative-periods negative-quantity one-period-series",
    );
}

#[test]
fn parquet_keeps_types() {
    let daily = import(&file("daily.parquet"), &ReadOptions::default());
    assert_eq!(
        render(&daily),
        "day; A01 2024-01-01: 0 1 2 3 4 5 6 7 8 9; B02 2024-01-01: 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 2.5 0"
    );
    assert_eq!(findings(&daily.diagnostics), "column-type-not-read missing-periods quantity-empty");
    assert_eq!(daily.columns[3], (Role::Price, "price".to_owned()));
    let stamps = import(&file("stamps.parquet"), &ReadOptions::default());
    assert!(render(&stamps).starts_with("day; stamps 2024-01-01: 1 0 0"), "{}", render(&stamps));
}

#[test]
fn dates_in_many_hands() {
    let three = |a: &str, b: &str, c: &str| format!("date,qty\n\"{a}\",1\n\"{b}\",2\n\"{c}\",3\n");
    let days = "day; f 2024-03-29: 1 2 3";
    for (a, b, c) in [
        ("2024-03-29", "2024-03-30", "2024-03-31"),
        ("2024/3/29", "2024/3/30", "2024/3/31"),
        ("2024.03.29", "2024.03.30", "2024.03.31"),
        ("20240329", "20240330", "20240331"),
        ("2024-03-29 08:26:00", "2024-03-30T23:59:59Z", "2024-03-31 00:00"),
        ("29/3/2024", "30/3/2024", "31/3/2024"),
        ("3/29/2024", "3/30/2024", "3/31/2024"),
        ("3/29/24 8:30 PM", "3/30/24 8:30 AM", "3/31/24 12:00 AM"),
        ("29.03.2024", "30.03.2024", "31.03.2024"),
        ("29-Mar-2024", "30-Mar-2024", "31-Mar-2024"),
        ("March 29, 2024", "March 30, 2024", "March 31, 2024"),
        ("Fri, 29 Mar 2024", "Sat, 30 Mar 2024", "Sun, 31 Mar 2024"),
        ("2024年3月29日", "2024年3月30日", "2024年3月31日"),
        ("2024年3月29日 8时30分", "2024年3月30日 20:30", "2024年3月31日 上午9:00"),
        ("45380", "45381", "45382"),
    ] {
        check_text("f.csv", three(a, b, c), days);
    }
    let months = "month; f 2024-01: 1 2 3";
    for (a, b, c) in [
        ("2024-01", "2024-02", "2024-03"),
        ("2024/1", "2024/2", "2024/3"),
        ("202401", "202402", "202403"),
        ("2024年1月", "2024年2月", "2024年3月"),
        ("Jan-24", "Feb-24", "Mar-24"),
        ("Jan 2024", "Feb 2024", "March 2024"),
        ("01/2024", "02/2024", "03/2024"),
        ("2024-01-31", "2024-02-29", "2024-03-31"),
        ("01/01/2024", "01/02/2024", "01/03/2024"),
    ] {
        check_text("f.csv", three(a, b, c), months);
    }
    check_text("f.csv", three("2020-W52", "2020-W53", "2021-W01"), "week; f 2020-W52: 1 2 3");
    check_text("f.csv", three("2024-01-01", "2024-04-01", "2024-07-01"), "quarter; f 2024-Q1: 1 2 3");
    check_text("f.csv", three("2024-01-01", "2024-01-08", "2024-01-15"), "week; f 2024-W01: 1 2 3");
    check_text("f.csv", three("2024年第1季度", "2024Q2", "2024-Q3"), "quarter; f 2024-Q1: 1 2 3");
}

#[test]
fn day_numbers_agree_with_the_calendar_library() {
    let mut text = String::from("date;qty\n");
    let mut date = jiff::civil::date(1999, 12, 20);
    for n in 0..800 {
        writeln!(text, "{date};{n}").unwrap();
        date = date.tomorrow().unwrap();
    }
    let written = Written::new("f.csv", text);
    let import = import(&written.path(), &ReadOptions::default());
    let panel = import.panel.unwrap();
    assert_eq!(panel.start().label(), "1999-12-20");
    assert_eq!(panel.end().first_day(), Some(date.yesterday().unwrap()));
    assert_eq!(panel.series()[0].values.len(), 800);
}

#[test]
fn numbers_in_many_hands() {
    let column = |cells: &[&str], delimiter: char| {
        let mut text = format!("week{delimiter}qty\n");
        for (k, cell) in cells.iter().enumerate() {
            writeln!(text, "2024-W{:02}{delimiter}\"{cell}\"", k + 1).unwrap();
        }
        text
    };
    for (cells, values) in [
        (vec!["1,234.5", "2", "3"], "1234.5 2 3"),
        (vec!["1.234,5", "2", "3"], "1234.5 2 3"),
        (vec!["1 234,5", "2 000", "3"], "1234.5 2000 3"),
        (vec!["1'234.5", "2", "3"], "1234.5 2 3"),
        (vec!["1,234", "1,234,567", "3"], "1234 1234567 3"),
        (vec!["$1,234.50", "€2.00", "3 元"], "1234.5 2 3"),
        (vec!["(5)", "\u{2212}6", "7-"], "-5 -6 -7"),
        (vec!["1e3", "+4", ".5"], "1000 4 0.5"),
        (vec!["１２", "３", "4"], "12 3 4"),
        (vec!["12,34,567.5", "1", "2"], "1234567.5 1 2"),
    ] {
        let text = column(&cells, ',');
        check_text("f.csv", text, &format!("week; f 2024-W01: {values}"));
    }
    check_text("f.csv", column(&["1,234", "2", "3"], ','), "week; f 2024-W01: 1234 2 3");
    check_text("f.csv", column(&["1,234", "2", "3"], ';'), "week; f 2024-W01: 1.234 2 3");
}

#[test]
fn encodings() {
    let text = "日期,商品,数量\n2024-01-01,明前龙井,5\n2024-01-02,明前龙井,6\n2024-01-03,明前龙井,7\n";
    let panel = "day; 明前龙井 2024-01-01: 5 6 7";
    let utf16 = |little: bool, bom: bool| -> Vec<u8> {
        let units = bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    };
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    check_text("f.csv", text, panel);
    check_text("f.csv", format!("\u{FEFF}{text}"), panel);
    check_text("f.csv", &gb, panel);
    check_text("f.csv", [&[0x84, 0x31, 0x95, 0x33][..], &gb].concat(), panel);
    for (little, bom) in [(true, true), (true, false), (false, true), (false, false)] {
        check_text("f.csv", utf16(little, bom), panel);
    }
    let latin = encoding_rs::WINDOWS_1252
        .encode("date;product;quantity\n01.02.2024;Größe für Mädchen;5\n14.02.2024;Äpfel süß;6\n")
        .0
        .into_owned();
    let written = Written::new("f.csv", latin);
    let import = import(&written.path(), &ReadOptions::default());
    assert!(render(&import).contains("Größe für Mädchen"), "{}", render(&import));
    let big5 = "日期,商品,數量\n2024-01-01,臺灣烏龍茶葉禮盒,5\n2024-01-02,臺灣烏龍茶葉禮盒,6\n2024-01-03,高山綠茶與紅茶組合,7\n";
    let written = Written::new("f.csv", encoding_rs::BIG5.encode(big5).0);
    let import = super::import(&written.path(), &ReadOptions::default());
    assert!(render(&import).contains("臺灣烏龍茶葉禮盒"), "{}", render(&import));
}

#[test]
fn transactions_become_weeks_and_the_half_week_stays_out() {
    let mut text = String::from("InvoiceDate,StockCode,Quantity\n");
    let monday = jiff::civil::date(2024, 1, 1);
    for day in 0..7 * 30 + 3 {
        let date = monday.checked_add(jiff::Span::new().days(day)).unwrap();
        writeln!(text, "{date} 10:00,A,1\n{date} 11:00,A,2").unwrap();
    }
    let written = Written::new("f.csv", text);
    let import = import(&written.path(), &ReadOptions::default());
    let panel = import.panel.as_ref().unwrap();
    assert_eq!(panel.frequency(), Frequency::Week);
    assert_eq!(panel.series()[0].values.to_vec(), vec![21.0; 30]);
    assert_eq!(import.summary.left_out.len(), 1);
    assert_eq!((import.summary.left_out[0].rows, import.summary.left_out[0].quantity), (6, 9.0));
    assert_eq!(import.diagnostics.count("incomplete-last-period"), 1);
}

#[test]
fn coarser_is_summed_and_finer_is_refused() {
    let options = |f| ReadOptions { frequency: Some(f), ..ReadOptions::default() };
    let monthly = import(&file("english.csv"), &options(Frequency::Month));
    assert_eq!(
        render(&monthly),
        "month; A1 @ North 2024-01: 10 12 0; A1 @ South 2024-01: 4 0 0; B2 @ North 2024-02: 3 5"
    );
    let quarterly = import(&file("months.tsv"), &options(Frequency::Quarter));
    assert_eq!(render(&quarterly), "quarter; months 2023-Q4: 220 90");
    let daily = import(&file("months.tsv"), &options(Frequency::Day));
    assert_eq!(render(&daily), "!frequency-too-fine");
    let steps = import(&file("only_quantity.csv"), &options(Frequency::Week));
    assert_eq!(render(&steps), "!periods-without-dates");
}

#[test]
fn the_users_mapping_wins() {
    let text = "order date,ship date,code,alt,qty,pieces\n2024-01-01,2024-02-01,A,X,1,10\n2024-01-02,2024-02-02,A,X,2,20\n2024-01-03,2024-02-03,A,X,3,30\n";
    let written = Written::new("f.csv", text);
    let guessed = import(&written.path(), &ReadOptions::default());
    assert_eq!(render(&guessed), "day; A 2024-01-01: 1 2 3");
    let mapping = [(Role::Date, "Ship Date"), (Role::Item, "alt"), (Role::Quantity, "pieces")];
    let mapping: Vec<_> = mapping.into_iter().map(|(r, h)| (r, h.to_owned())).collect();
    let mapped = import(&written.path(), &ReadOptions { mapping, ..ReadOptions::default() });
    assert_eq!(render(&mapped), "day; X 2024-02-01: 10 20 30");
    let wrong = ReadOptions { mapping: vec![(Role::Item, "nowhere".to_owned())], ..ReadOptions::default() };
    assert_eq!(render(&import(&written.path(), &wrong)), "!mapped-column-missing");
}

#[test]
fn returns_are_netted_or_dropped_on_purpose() {
    let text = "date,item,qty\n2024-01-01,A,5\n2024-01-01,A,-2\n2024-01-02,A,4\n2024-01-03,A,4\n";
    let written = Written::new("f.csv", text);
    let net = import(&written.path(), &ReadOptions::default());
    assert_eq!(render(&net), "day; A 2024-01-01: 3 4 4");
    assert_eq!(net.diagnostics.count("negative-quantity"), 1);
    let drop = import(&written.path(), &ReadOptions { returns: Returns::Drop, ..ReadOptions::default() });
    assert_eq!(render(&drop), "day; A 2024-01-01: 5 4 4");
    assert_eq!((drop.summary.left_out[0].rows, drop.summary.left_out[0].quantity), (1, -2.0));
}

#[test]
fn preview_and_summary_describe_the_file() {
    let import = import(&file("english.csv"), &ReadOptions::default());
    assert_eq!(import.preview.headers, ["Date", "SKU", "Warehouse", "Qty", "Unit Price"]);
    assert_eq!(import.preview.rows.len(), 5);
    assert_eq!(import.preview.rows[4], ["2024-03-31", "B2", "North", "5", "9.00"]);
    let roles: Vec<_> = import.columns.iter().map(|(r, h)| (*r, h.as_str())).collect();
    assert_eq!(
        roles,
        [
            (Role::Date, "Date"),
            (Role::Item, "SKU"),
            (Role::Location, "Warehouse"),
            (Role::Quantity, "Qty"),
            (Role::Price, "Unit Price")
        ]
    );
    assert_eq!((import.summary.file.as_str(), import.summary.rows), ("english.csv", 5));
    assert_eq!(import.summary.sha256.len(), 64);
}

#[test]
fn a_cancel_is_obeyed() {
    let control = Control::silent();
    control.cancel();
    let result = read_sales(&file("english.csv"), &ReadOptions::default(), &control);
    assert!(matches!(result, Err(DataError::Cancelled(_))));
}

/// Locations with their regions, `HAM North, LYS South`, and what was found about them.
fn regions(name: &str, text: &str, options: &ReadOptions) -> (String, String) {
    let written = Written::new(name, text);
    let import = import(&written.path(), options);
    let list: Vec<String> = import.regions.iter().map(|(location, region)| format!("{location} {region}")).collect();
    let codes = findings(&import.diagnostics);
    let about_regions: Vec<&str> = codes.split(' ').filter(|code| code.contains("region")).collect();
    (list.join(", "), about_regions.join(" "))
}

#[test]
fn a_location_has_one_region() {
    let check = |text: &str, expected: &str, codes: &str| {
        assert_eq!(regions("r.csv", text, &ReadOptions::default()), (expected.to_owned(), codes.to_owned()), "{text}");
    };
    let rows = "2024-01-01,HAM,North,1\n2024-01-02,LYS,South,2\n2024-01-03,HAM,North,3\n2024-01-03,LYS,,4\n";
    check(&format!("date,location,region,quantity\n{rows}"), "HAM North, LYS South", "");
    check(&format!("日期,仓库,大区,数量\n{rows}"), "HAM North, LYS South", "");
    // The region of most rows counts, the first one among equals.
    check(
        "date,location,region,quantity\n2024-01-01,HAM,West,1\n2024-01-02,HAM,North,1\n2024-01-03,HAM,North,1\n\
         2024-01-01,LYS,B,1\n2024-01-02,LYS,A,1\n2024-01-03,LYS,,1\n",
        "HAM North, LYS B",
        "region-contradiction:2",
    );
    // Without a location there is nothing that lies in the region; it isn't taken for anything else.
    check("date,region,quantity\n2024-01-01,North,1\n2024-01-02,South,2\n", "", "");
    let by_hand = ReadOptions { mapping: vec![(Role::Region, "area".into())], ..ReadOptions::default() };
    let alone = regions("r.csv", "date,area,quantity\n2024-01-01,North,1\n2024-01-02,South,2\n", &by_hand);
    assert_eq!(alone, (String::new(), "region-without-location".to_owned()));
    // A numbered region is no quantity.
    let numbered = "date,location,region,sold\n2024-01-01,HAM,1,7\n2024-01-02,LYS,2,8\n";
    check(numbered, "HAM 1, LYS 2", "");
}
