//! The workbook, read back.

use super::fixture::{HOSTILE, plan};
use calamine::{Data, Reader, Xlsx, open_workbook};
use planwright::model::Plan;
use planwright::report::{Cell, Table, tables, write_workbook};
use planwright::words::Language;
use std::fs::File;
use std::io::BufReader;

type Book = Xlsx<BufReader<File>>;

fn written(plan: &Plan, language: Language) -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.xlsx");
    write_workbook(plan, language, &path).unwrap();
    open_workbook(&path).unwrap()
}

/// Formula at a table's cell, `None` when the cell holds a plain value.
fn formula(book: &mut Book, table: &Table, row: usize, key: &str) -> Option<String> {
    let formulas = book.worksheet_formula(&table.title.en).unwrap();
    let column = table.column(key).unwrap() as u32;
    formulas.get_value((row as u32 + 1, column)).filter(|f| !f.is_empty()).cloned()
}

fn table(tables: &[Table], key: &str) -> Table {
    tables.iter().find(|t| t.key == key).unwrap().clone()
}

#[test]
fn every_cell_is_there_with_its_type() {
    let plan = plan();
    let tables = tables(&plan);
    for language in [Language::English, Language::Chinese] {
        let mut book = written(&plan, language);
        for table in &tables {
            let range = book.worksheet_range(table.title.get(language)).unwrap();
            for (at, column) in table.columns.iter().enumerate() {
                let header = range.get_value((0, at as u32)).unwrap();
                assert_eq!(header, &Data::String(column.title().get(language).into()), "{}", table.key);
            }
            for (row, cells) in table.rows.iter().enumerate() {
                for (at, cell) in cells.iter().enumerate() {
                    let read = range.get_value((row as u32 + 1, at as u32)).unwrap_or(&Data::Empty);
                    let expected = match cell {
                        Cell::Empty => Data::Empty,
                        Cell::Code(code) => Data::String(code.clone()),
                        Cell::Words(text) => Data::String(text.get(language).into()),
                        Cell::Number(x) => Data::Float(*x),
                    };
                    assert_eq!(*read, expected, "{} row {row} {}", table.key, table.columns[at].key);
                }
            }
        }
    }
}

#[test]
fn sheet_names_are_short_and_unlike_in_both_languages() {
    let expected = tables(&plan());
    for language in [Language::English, Language::Chinese] {
        let names = written(&plan(), language).sheet_names();
        let titles: Vec<_> = expected.iter().map(|t| t.title.get(language).to_owned()).collect();
        assert_eq!(names, titles);
        assert!(names.iter().all(|n| n.chars().count() <= 31));
        let mut unlike: Vec<_> = names.iter().map(|n| n.to_lowercase()).collect();
        unlike.sort();
        unlike.dedup();
        assert_eq!(unlike.len(), names.len());
    }
}

#[test]
fn numbers_that_can_be_recomputed_are_formulas() {
    let plan = plan();
    let tables = tables(&plan);
    let mut book = written(&plan, Language::English);
    let mut at = |key: &str, row: usize, column: &str| formula(&mut book, &table(&tables, key), row, column);
    assert_eq!(at("costs", 0, "amount").as_deref(), Some("E2*G2"));
    assert_eq!(at("orders", 0, "value").as_deref(), Some("E2*F2"));
    assert_eq!(at("summary", 0, "value").as_deref(), Some("SUM('Costs'!$H$2:$H$7)"));
    // Service level → normal quantile → safety stock → reorder point, each a cell of its own.
    assert_eq!(at("why", 1, "value").as_deref(), Some("_xlfn.NORM.S.INV('Stock plan'!$Q$2)"));
    let sum = "('Why'!$G$3*SQRT((('Why'!$G$4^2)+(('Why'!$G$5^2)*('Why'!$G$6^2)))))";
    assert_eq!(at("why", 0, "value").as_deref(), Some(sum));
    assert_eq!(at("why", 4, "value").as_deref(), Some("'Stock plan'!$P$2/7"));
    assert_eq!(at("why", 7, "value").as_deref(), Some("'Why'!$G$2"));
    assert_eq!(at("stock", 0, "safety_stock").as_deref(), Some("'Why'!$G$2"));
    assert_eq!(at("stock", 0, "reorder_point").as_deref(), Some("'Why'!$G$7"));
    assert!(at("stock", 0, "order_quantity").is_some());
    // No derivation of the max-level rule here, and none of a quantile.
    assert_eq!(at("stock", 0, "reorder_point_max_rule"), None);
    assert_eq!(at("why", 16, "value"), None);
}

#[test]
fn a_number_that_its_formula_does_not_give_stays_a_number() {
    let mut plan = plan();
    plan.ledger.lines[0].amount += 1.0;
    plan.stock[0].why[0].value += 1.0;
    plan.items[1].service_level = 0.5;
    let tables = tables(&plan);
    let mut book = written(&plan, Language::English);
    let mut at = |key: &str, row: usize, column: &str| formula(&mut book, &table(&tables, key), row, column);
    assert_eq!(at("costs", 0, "amount"), None);
    assert!(at("costs", 1, "amount").is_some());
    assert_eq!(at("why", 0, "value"), None);
    assert_eq!(at("stock", 0, "safety_stock"), None);
    let second = plan.stock[0].why.iter().map(|w| 1 + w.inputs.len()).sum::<usize>();
    assert_eq!(at("why", second + 1, "value"), None, "the quantile isn't that of this service level");
}

#[test]
fn users_texts_are_never_formulas() {
    let plan = plan();
    let mut book = written(&plan, Language::English);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, f)| !f.contains("HYPERLINK") && !f.contains("cmd")), "{name}");
    }
    let range = book.worksheet_range("Forecast").unwrap();
    assert!(range.used_cells().any(|(_, _, d)| *d == Data::String(HOSTILE.into())));
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.xlsx", "b.xlsx"].map(|name| folder.path().join(name));
    for path in &paths {
        write_workbook(&plan(), Language::Chinese, path).unwrap();
    }
    assert!(std::fs::read(&paths[0]).unwrap() == std::fs::read(&paths[1]).unwrap());
}

#[test]
fn a_plan_without_network_stock_or_import_is_a_workbook_too() {
    let mut plan = plan();
    plan.dispatch = None;
    plan.import = None;
    plan.stock.clear();
    plan.items.clear();
    plan.ledger.lines.clear();
    let book = written(&plan, Language::English);
    assert!(!book.sheet_names().contains(&"Dispatch".to_owned()));
    assert!(book.sheet_names().contains(&"Stock plan".to_owned()));
}

#[test]
fn long_texts_and_odd_characters_are_stored() {
    let mut plan = plan();
    plan.scenario = "a\u{1}b".into();
    plan.assumptions[0].value.en = "x".repeat(40_000);
    plan.assumptions[0].name.en = "bell \u{7} and \u{ffff}".into();
    let mut book = written(&plan, Language::English);
    let range = book.worksheet_range("Assumptions").unwrap();
    let Data::String(value) = range.get_value((1, 1)).unwrap() else { panic!("a text") };
    assert!(value.ends_with('…') && value.len() < 32_767);
}

#[test]
fn a_folder_that_is_not_there_is_an_answer() {
    let error = write_workbook(&plan(), Language::English, std::path::Path::new("/no/such/folder/plan.xlsx"));
    assert!(error.unwrap_err().message.en.contains("could not be written"));
}
