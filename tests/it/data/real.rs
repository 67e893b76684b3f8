//! Real files, where they are installed. The expected sums were counted with Python's csv module.

use super::{Written, findings, import, render, shared};
use planwright::data::{ReadOptions, Role};
use planwright::model::Frequency;

fn columns(import: &planwright::data::SalesImport) -> String {
    import.columns.iter().map(|(r, h)| format!("{r:?}={h}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn superstore_twice() {
    for (name, mapping) in [
        ("superstore/superstore_us_dates.csv", "Date=Order Date Item=Product ID Quantity=Quantity"),
        ("superstore/superstore_semicolon_decimalcomma.csv", "Date=Ship Date Item=Product Name Quantity=Quantity"),
    ] {
        let Some(path) = shared(name) else { return };
        let import = import(&path, &ReadOptions::default());
        assert_eq!(columns(&import), mapping);
        assert_eq!((import.summary.rows, import.summary.quantity_in_file), (9994, 37873.0));
        let panel = import.panel.unwrap();
        assert_eq!(panel.frequency(), Frequency::Week);
        let mapping = vec![(Role::Quantity, "Sales".to_owned())];
        let money = super::import(&path, &ReadOptions { mapping, ..ReadOptions::default() });
        // The shop's revenue, the same in both spellings of the numbers.
        assert!((money.summary.quantity_in_file - 2_297_200.860_3).abs() < 0.5, "{}", money.summary.quantity_in_file);
    }
}

#[test]
fn online_retail_to_its_first_rows() {
    use std::io::Read;
    let Some(path) = shared("online_retail/online_retail.csv") else { return };
    let mut head = Vec::new();
    std::fs::File::open(path).unwrap().take(2_000_000).read_to_end(&mut head).unwrap();
    let end = head.iter().rposition(|b| *b == b'\n').unwrap();
    let written = Written::new("online_retail.csv", &head[..=end]);
    let import = import(&written.path(), &ReadOptions::default());
    assert_eq!(columns(&import), "Date=InvoiceDate Item=StockCode Quantity=Quantity Price=UnitPrice");
    assert_eq!(import.diagnostics.count("quantity-not-a-number"), 0);
    assert!(import.diagnostics.count("negative-quantity") > 100);
    assert!(import.panel.is_some());
}

#[test]
fn classic_series() {
    for (name, frequency, start, n, first, last) in [
        ("AirPassengers", Frequency::Month, "1949-01", 144, 112.0, 432.0),
        ("USAccDeaths", Frequency::Month, "1973-01", 72, 9007.0, 9240.0),
        ("gas", Frequency::Month, "1956-01", 476, 1709.0, 60054.0),
        ("UKgas", Frequency::Quarter, "1960-Q1", 108, 160.1, 782.8),
        ("austres", Frequency::Quarter, "1971-Q2", 89, 13067.3, 17661.5),
        ("Nile", Frequency::Year, "1871", 100, 1120.0, 740.0),
        ("lynx", Frequency::Year, "1821", 114, 269.0, 3396.0),
        ("sunspot.year", Frequency::Year, "1700", 289, 5.0, 100.2),
        ("BJsales", Frequency::Step, "1", 150, 200.1, 262.7),
        ("WWWusage", Frequency::Step, "1", 100, 88.0, 220.0),
        ("taylor", Frequency::Step, "1", 4032, 22262.0, 23132.0),
        ("gasoline", Frequency::Week, "1991-W06", 1355, 6.621, 8.039),
    ] {
        let Some(path) = shared(&format!("classic/{name}.csv")) else { return };
        let import = import(&path, &ReadOptions::default());
        let panel = import.panel.as_ref().unwrap_or_else(|| panic!("{name}: {}", findings(&import.diagnostics)));
        let series = &panel.series()[0];
        assert_eq!(panel.series().len(), 1, "{name}");
        assert_eq!(
            (panel.frequency(), panel.start().label().as_str(), series.values.len()),
            (frequency, start, n),
            "{name}"
        );
        assert_eq!(findings(&import.diagnostics), "", "{name}");
        assert!((series.values[0] - first).abs() < 1e-9, "{name}");
        assert!((series.values[n - 1] - last).abs() < 1e-9, "{name}: {}", series.values[n - 1]);
    }
}

#[test]
fn every_classic_file_is_read() {
    let Some(folder) = shared("classic") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "csv")) {
        let import = import(path, &ReadOptions::default());
        assert!(import.panel.is_some(), "{}: {}", path.display(), findings(&import.diagnostics));
    }
}

#[test]
fn m5_small_is_daily() {
    let Some(path) = shared("m5_small/m5_sales_exog_small.csv") else { return };
    let import = import(&path, &ReadOptions::default());
    assert_eq!(columns(&import), "Date=ds Item=unique_id Quantity=y Price=sell_price");
    let panel = import.panel.unwrap();
    assert_eq!((panel.frequency(), panel.series().len()), (Frequency::Day, 8));
    assert_eq!(panel.end().label(), "2016-06-19");
}

#[test]
fn order_list_twice() {
    for name in ["logistics/OrderList.csv", "logistics/supply_chain_logistics_problem.xlsx"] {
        let Some(path) = shared(name) else { return };
        let import = import(&path, &ReadOptions::default());
        assert_eq!(
            columns(&import),
            "Date=Order Date Item=Product ID Location=Plant Code Quantity=Unit quantity",
            "{name}"
        );
        assert_eq!((import.summary.rows, import.summary.quantity_in_file), (9215, 29_513_315.0));
        assert_eq!(import.panel.unwrap().series().len(), 780);
    }
}

#[test]
fn m3_series_end_together() {
    let Some(path) = shared("m3/test.csv") else { return };
    let import = import(&path, &ReadOptions::default());
    let panel = import.panel.as_ref().unwrap_or_else(|| panic!("{}", render(&import)));
    assert_eq!((panel.frequency(), panel.series().len()), (Frequency::Step, 3003));
}

#[test]
fn wide_parts_get_a_hint() {
    let Some(path) = shared("carparts/wide.csv") else { return };
    let import = import(&path, &ReadOptions::default());
    assert_eq!(findings(&import.diagnostics), "!no-quantity-column");
    assert!(import.diagnostics.entries()[0].hint.en.contains("side by side"));
}
