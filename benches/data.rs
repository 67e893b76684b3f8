//! How fast a sales file of 500,000 lines is read.

use planwright::control::Control;
use planwright::data::{ReadOptions, read_sales};
use std::fmt::Write;
use std::path::Path;

fn main() {
    divan::main();
}

/// Invoice lines like a shop's: number, code, description, quantity, time, price, country.
fn write_sales(path: &Path, lines: u32) {
    let mut text = String::from("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
    let first = jiff::civil::date(2023, 1, 2);
    for k in 0..lines {
        let day = first.checked_add(jiff::Span::new().days(i64::from(k / 700))).expect("two years lie in the calendar");
        let item = (k * 7919) % 4000;
        let quantity = if k % 50 == 0 { -1 } else { 1 + (k % 24) as i32 };
        let (invoice, hour, minute) = (536_365 + k / 20, 8 + k % 10, k % 60);
        let _ = writeln!(
            text,
            "{invoice},{item:05}A,\"HANGING HEART, SET OF {}\",{quantity},{day} {hour:02}:{minute:02}:00,2.55,17850.0,United Kingdom",
            k % 12
        );
    }
    std::fs::write(path, text).expect("the temporary folder is writable");
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_sales_500k_lines(bencher: divan::Bencher) {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let path = folder.path().join("sales.csv");
    write_sales(&path, 500_000);
    bencher.bench_local(|| read_sales(&path, &ReadOptions::default(), &Control::silent()).expect("the file is sound"));
}
