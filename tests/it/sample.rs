//! The sample projects: the committed files are the generator's, and their parts refer to each other.

use std::collections::BTreeSet;
use std::path::Path;

#[path = "../../examples/make_sample_data/sample/mod.rs"]
mod sample_files;

/// A CSV file of the sample as rows of cells, header first.
fn table(name: &str) -> Vec<Vec<String>> {
    let bytes = std::fs::read(root().join(name)).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The cells of one column, header left out.
fn column(table: &[Vec<String>], header: &str) -> Vec<String> {
    let at = table[0].iter().position(|h| h == header).unwrap_or_else(|| panic!("column {header}"));
    table[1..].iter().map(|row| row[at].clone()).collect()
}

fn codes(table: &[Vec<String>], header: &str) -> BTreeSet<String> {
    column(table, header).into_iter().filter(|c| !c.is_empty()).collect()
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data")
}

#[test]
fn the_committed_files_are_the_generators() {
    let files = sample_files::files();
    for (name, bytes) in &files {
        let committed = std::fs::read(root().join(name)).unwrap();
        assert!(committed == *bytes, "{name} differs: run cargo run --example make_sample_data");
    }
    assert!(files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 1_500_000);
}

#[test]
fn the_company_counts_in_the_money_that_its_readme_names() {
    let mut bench = crate::bench::Bench::new();
    bench.session.apply(planwright::session::Command::OpenSample(planwright::session::Sample::Company));
    while bench.session.project().sales.is_none() {
        bench.session.poll();
        std::thread::yield_now();
    }
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let row = readme.lines().find(|line| line.starts_with("| `company/`")).unwrap();
    let currency = &bench.session.project().currency;
    assert!(row.contains(&format!("Money is {currency}")), "{currency}");
}

#[test]
fn the_company_is_of_the_promised_size() {
    let sales = table("company/sales.csv");
    let dates = codes(&sales, "date");
    assert_eq!(codes(&sales, "item").len(), 60);
    assert_eq!(codes(&sales, "location").len(), 3);
    assert_eq!(dates.len(), 156);
    assert_eq!((dates.first().unwrap().as_str(), dates.last().unwrap().as_str()), ("2023-11-20", "2026-11-09"));
    let pairs: BTreeSet<_> = column(&sales, "item").into_iter().zip(column(&sales, "location")).collect();
    assert_eq!(pairs.len(), 146);
    for date in dates {
        let date: jiff::civil::Date = date.parse().unwrap();
        assert_eq!(date.weekday(), jiff::civil::Weekday::Monday);
    }
    assert!(column(&sales, "quantity").iter().all(|q| q.parse::<u32>().unwrap() > 0));
    assert!(column(&sales, "price").iter().all(|p| p.parse::<f64>().unwrap() > 0.0));
}

#[test]
fn every_series_has_master_data() {
    let (sales, items) = (table("company/sales.csv"), table("company/items.csv"));
    let rows: BTreeSet<_> = column(&items, "item").into_iter().zip(column(&items, "location")).collect();
    for (item, location) in column(&sales, "item").into_iter().zip(column(&sales, "location")) {
        let known = rows.contains(&(item.clone(), location.clone())) || rows.contains(&(item.clone(), String::new()));
        assert!(known, "{item} @ {location}");
    }
    assert_eq!(codes(&items, "item"), codes(&sales, "item"));
    assert_eq!(codes(&items, "category").len(), 6);
    for (cost, price) in column(&items, "unit_cost").iter().zip(column(&items, "price")) {
        assert!(cost.parse::<f64>().unwrap() < price.parse::<f64>().unwrap());
    }
}

#[test]
fn the_network_refers_to_itself_and_to_the_sales() {
    let [sites, customers, lanes, vehicles] =
        ["sites", "customers", "lanes", "vehicles"].map(|name| table(&format!("company/network/{name}.csv")));
    let sales = table("company/sales.csv");
    assert_eq!(codes(&sites, "id"), codes(&sales, "location"));
    assert_eq!(codes(&customers, "id").len(), 20);
    assert_eq!(codes(&customers, "location"), codes(&sites, "id"));
    assert_eq!(codes(&lanes, "from"), codes(&sites, "id"));
    assert_eq!(codes(&lanes, "to"), codes(&customers, "id"));
    assert_eq!(codes(&lanes, "vehicle"), codes(&vehicles, "id"));
    for customer in codes(&customers, "id") {
        assert!(column(&lanes, "to").iter().filter(|to| **to == customer).count() >= 2, "{customer} has a second way");
    }
}

#[test]
fn the_worked_example_is_the_articles() {
    let sales = table("worked_example/sales.csv");
    assert_eq!(column(&sales, "quantity"), ["100", "120", "90", "130", "110"]);
    let items = table("worked_example/items.csv");
    assert_eq!((column(&items, "max_level"), column(&items, "safety_stock")), (vec!["150".into()], vec!["50".into()]));
    for network in ["network", "network_as_printed"] {
        let lanes = table(&format!("worked_example/{network}/lanes.csv"));
        assert_eq!(codes(&lanes, "from"), codes(&table(&format!("worked_example/{network}/sites.csv")), "id"));
        assert_eq!(codes(&lanes, "to"), codes(&table(&format!("worked_example/{network}/customers.csv")), "id"));
    }
}

#[test]
fn the_readme_names_every_column() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for (name, _) in sample_files::files() {
        if name.starts_with("company_zh") {
            continue;
        }
        for header in &table(name)[0] {
            assert!(readme.contains(&format!("`{header}`")), "{header} of {name}");
        }
    }
}
