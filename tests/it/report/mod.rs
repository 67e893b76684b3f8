//! Tests at the face of `report`: tables, CSV and workbook of a plan made by hand.

#![allow(clippy::float_cmp, reason = "sums of the same numbers in the same order")]

mod fixture;
mod recompute;
mod workbook;

use fixture::{HORIZON, HOSTILE, plan};
use planwright::model::{Balance, CostDriver, Cutoff, CutoffForecast, Plan, SeriesForecast};
use planwright::report::*;
use planwright::words::{Language, Text};
use proptest::prelude::*;

fn keys(table: &Table) -> Vec<&'static str> {
    table.columns.iter().map(|c| c.key).collect()
}

fn csv_text(table: &Table) -> String {
    String::from_utf8(csv_bytes(table)).unwrap()
}

/// The number in a table's row and column.
fn number(table: &Table, row: usize, key: &str) -> f64 {
    let Cell::Number(x) = table.rows[row][table.column(key).unwrap()] else {
        panic!("{key} of row {row} is no number")
    };
    x
}

fn kpi(plan: &Plan, key: &str) -> f64 {
    kpis(plan).into_iter().find(|k| k.key == key).unwrap().value.unwrap()
}

fn one_cell(cell: Cell) -> Table {
    let columns = vec![Column::new("a", "A", "甲", Kind::Text), Column::new("b", "B", "乙", Kind::Number(2))];
    let rows = vec![vec![cell, Cell::Number(-1.5)]];
    Table { key: "t", title: Text::same("T"), columns, rows }
}

#[test]
fn columns_of_the_command_lines_contract() {
    let plan = plan();
    let forecast = forecast_table(&plan.forecasts);
    let contract =
        ["item", "location", "model", "step", "period", "mean", "lo80", "hi80", "lo95", "hi95", "lo90", "hi90"];
    assert_eq!(keys(&forecast), contract, "other levels stand behind the contract's");
    assert_eq!(
        keys(&backtest_table(&plan.forecasts)).join(","),
        "item,location,model,folds,mae,rmse,smape,wape,mase,rmsse,bias,coverage80,coverage95,seconds"
    );
    assert_eq!(
        keys(&stock_table(&plan.stock, &plan.items, "EUR"))[..10].join(","),
        "item,location,safety_stock,reorder_point,reorder_point_max_rule,max_level,order_quantity,order_period,\
         fill_rate,stockout_probability"
    );
}

#[test]
fn every_row_is_as_long_as_its_columns_and_keys_differ() {
    for table in tables(&plan()).into_iter().chain([scenario_comparison(&plan(), &plan())]) {
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.key);
        assert!(!table.rows.is_empty(), "{} has rows", table.key);
        let mut keys = keys(&table);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), table.columns.len(), "{}", table.key);
        assert!(table.columns.iter().all(|c| !c.header.en.is_empty() && !c.header.zh.is_empty()));
    }
}

#[test]
fn forecasts_are_the_chosen_models_or_all() {
    let plan = plan();
    let chosen = forecast_table(&plan.forecasts);
    assert_eq!(chosen.rows.len(), 3 * HORIZON);
    assert_eq!(csv_text(&chosen).lines().nth(1), Some("007,HAM,ets,1,2026-W31,50,40,60,34,66,37,63"));
    let all = all_forecasts_table(&plan.forecasts);
    assert_eq!(all.rows.len(), 2 * 3 * HORIZON);
    assert_eq!(all.rows[..HORIZON], chosen.rows[..HORIZON]);
}

#[test]
fn backtests_are_pooled_over_the_series() {
    let plan = plan();
    let table = backtest_table(&plan.forecasts);
    let text = csv_text(&table);
    let pooled: Vec<_> = text.lines().filter(|l| l.starts_with("(all)")).collect();
    // Errors weighted by their number; arima refused every series.
    let expected =
        ["(all),,arima,0,,,,,,,,,,0.75", "(all),,ets,2,4,4,,8,,,-2,,,0.75", "(all),,naive,2,6,6,,12,,,-3,,,0.75"];
    assert_eq!(pooled, expected);
    let accuracy = accuracy_table(&plan.forecasts);
    let chosen = accuracy.rows.iter().filter(|r| matches!(&r[3], Cell::Words(t) if t.en == "yes")).count();
    assert_eq!(chosen, 3);
}

#[test]
fn accuracy_says_whether_a_difference_is_chance_and_columns_can_be_arranged() {
    let mut forecasts = plan().forecasts[..1].to_vec();
    let scores = &mut forecasts[0].scores;
    scores[1].against_chosen = Some(0.04);
    scores[1].accuracy.as_mut().unwrap().pinball = Some(1.5);
    let table = accuracy_table(&forecasts).arranged(&["p_value", "nothing", "model", "pinball"]);
    assert_eq!(keys(&table), ["p_value", "model", "pinball"]);
    let naive = table.rows.iter().rfind(|row| row[1] == Cell::code("naive")).unwrap();
    assert_eq!((naive[0].as_number(), naive[2].as_number()), (Some(0.04), Some(1.5)));
    let verdicts = |forecasts: &[SeriesForecast]| {
        let table = accuracy_table(forecasts).arranged(&["item", "model", "verdict"]);
        let own = table.rows.iter().filter(|row| row[0] != Cell::code("(all)"));
        own.map(|row| match &row[2] {
            Cell::Words(text) => text.en.clone(),
            _ => String::new(),
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&forecasts), ["in use", "worse", "refused"]);
    forecasts[0].scores[1].against_chosen = Some(0.05);
    assert_eq!(verdicts(&forecasts), ["in use", "on par", "refused"]);
    // The user's choice is another one: the automatic one is what all are measured against.
    forecasts[0].scores.swap(0, 1);
    forecasts[0].scores[0].against_chosen = Some(0.01);
    assert_eq!(verdicts(&forecasts), ["better", "in use", "refused"]);
    let naive = forecasts[0].candidates.iter().position(|c| &*c.model == "naive").unwrap();
    forecasts[0].chosen = naive;
    assert_eq!(verdicts(&forecasts), ["in use", "automatic", "refused"]);
}

#[test]
fn a_cut_off_is_measured_by_itself() {
    let mut series = plan().forecasts[0].clone();
    assert!(cutoff_table(&series, 0).rows.is_empty(), "no such cut-off");
    let said =
        |model: &str, mean: [f64; 2]| CutoffForecast { model: model.into(), mean: mean.to_vec(), spread: vec![] };
    let forecasts = vec![said("naive", [8.0, 12.0]), said("ets", [11.0, 11.0])];
    series.cutoffs = vec![Cutoff { start: series.best().start.plus(-2), actual: vec![10.0, 10.0], forecasts }];
    let text = csv_text(&cutoff_table(&series, 0));
    // Totals 20 and 22 against 20; absolute errors 2 + 2 and 1 + 1.
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows, ["naive,,20,20,0,2,20,0", "ets,yes,22,20,10,1,10,1"]);
}

#[test]
fn kpis_are_sums_of_the_tables() {
    let plan = plan();
    let column_sum = |table: &Table, key: &str| (0..table.rows.len()).map(|r| number(table, r, key)).sum::<f64>();
    assert_eq!(kpi(&plan, "total_cost"), column_sum(&costs_table(&plan.ledger, "EUR"), "amount"));
    assert_eq!(kpi(&plan, "cost_purchase"), plan.ledger.of(CostDriver::Purchase));
    assert_eq!(kpi(&plan, "demand"), 3.0 * 4.0 * 50.0);
    assert_eq!(kpi(&plan, "fill_rate"), 90.0);
    assert_eq!(kpi(&plan, "wape"), 8.0);
    assert_eq!(kpi(&plan, "stock_value"), 3.0 * 37.5 * 2.5);
    let orders = orders_table(&plan.stock, &plan.items, "EUR");
    assert_eq!(kpi(&plan, "orders"), orders.rows.len() as f64);
    assert_eq!(kpi(&plan, "order_value"), column_sum(&orders, "value"));
    let dispatch = plan.dispatch.as_deref().unwrap();
    assert_eq!(column_sum(&dispatch_table(dispatch, &plan.network, "EUR"), "cost"), dispatch.objective);
    let categories = category_table(&plan);
    assert_eq!(column_sum(&categories, "demand"), kpi(&plan, "demand"));
    assert_eq!(column_sum(&categories, "order_value"), kpi(&plan, "order_value"));
}

#[test]
fn every_figure_of_money_is_a_sum_of_lines() {
    let plan = plan();
    let near = |a: f64, b: f64, what: &str| assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{what}: {a} is not {b}");
    let sum_where = |table: &Table, key: &str, at: &str, label: &Text| {
        let column = table.column(at).unwrap();
        let rows = (0..table.rows.len()).filter(|r| table.rows[*r][column] == Cell::words(label.clone()));
        rows.map(|r| number(table, r, key)).sum::<f64>()
    };
    let sum = |table: &Table, key: &str| {
        let column = table.column(key).unwrap();
        table.rows.iter().filter_map(|r| r[column].as_number()).sum::<f64>()
    };
    let costs = costs_table(&plan.ledger, "EUR");
    for driver in CostDriver::ALL {
        near(sum_where(&costs, "amount", "driver", &driver.label()), kpi(&plan, driver_key(driver)), "driver");
    }
    let balances = balances_table(&plan);
    for (balance, key) in [(Balance::StockNow, "stock_value_now"), (Balance::StockMean, "stock_value")] {
        near(sum_where(&balances, "amount", "balance", &balance.label()), kpi(&plan, key), key);
    }
    let categories = category_table(&plan);
    near(sum(&categories, "stock_value"), kpi(&plan, "stock_value"), "stock by category");
    let of_items: f64 = plan.ledger.lines.iter().filter(|l| !l.item.is_empty()).map(|l| l.amount).sum();
    near(sum(&categories, "cost"), of_items, "cost by category");
    let (periods, items) = (cash_table(&plan), cash_items_table(&plan));
    for (key, of_periods, of_items) in [("sales", "sales", "sales"), ("cash_in", "cash_in", "collected")] {
        near(sum(&periods, of_periods), kpi(&plan, key), key);
        near(sum(&items, of_items), kpi(&plan, key), key);
    }
    near(sum(&periods, "cash_out"), kpi(&plan, "cash_out"), "cash out");
    near(sum(&periods, "net"), kpi(&plan, "cash_net"), "net");
    let allocation = allocation_table(&plan.allocation, "EUR");
    for key in ["units", "volume", "weight", "value", "activity", "equal", "shapley"] {
        near(sum(&allocation, "direct") + sum(&allocation, key), kpi(&plan, "total_cost"), key);
    }
    near(kpi(&plan, "dio") + kpi(&plan, "dso") - kpi(&plan, "dpo"), kpi(&plan, "ccc"), "cycle");
}

#[test]
fn without_prices_what_needs_sales_has_no_value() {
    let mut plan = plan();
    let mut cash = (*plan.cash).clone();
    for item in &mut cash.items {
        item.price = 0.0;
    }
    plan.cash = std::sync::Arc::new(cash);
    let value = |key: &str| kpis(&plan).into_iter().find(|k| k.key == key).unwrap().value;
    assert_eq!([value("sales"), value("cash_net"), value("cash_trough"), value("working_capital")], [None; 4]);
    assert!(value("cash_out").is_some());
}

#[test]
fn a_plan_compared_with_itself_differs_nowhere() {
    let base = plan();
    let same = scenario_comparison(&base, &base);
    assert!((0..same.rows.len()).filter_map(|r| same.rows[r][4].as_number()).all(|d| d == 0.0));
    let mut dearer = plan();
    dearer.scenario = "Dearer".into();
    dearer.ledger.lines[0].amount += 100.0;
    let table = scenario_comparison(&base, &dearer);
    assert_eq!((table.columns[2].header.en.as_str(), table.columns[3].header.en.as_str()), ("Base", "Dearer"));
    assert!((number(&table, 0, "difference") - 100.0).abs() < 1e-9);
}

#[test]
fn findings_are_counted_where_they_are_not_listed() {
    let table = findings_table(&plan().diagnostics);
    assert!(matches!(&table.rows[0][0], Cell::Words(t) if t.en == "warning"), "the worst stand first");
    let total: f64 = (0..table.rows.len()).map(|r| number(&table, r, "count")).sum();
    assert_eq!(total, 131.0);
}

#[test]
fn csv_is_exact_and_harmless() {
    assert!(csv_bytes(&one_cell(Cell::Empty)).starts_with("\u{feff}a,b\n,-1.5\n".as_bytes()));
    let field =
        |cell: Cell| csv_text(&one_cell(cell)).lines().nth(1).unwrap().strip_suffix(",-1.5").unwrap().to_owned();
    for text in ["=1+1", "+1", "-1", "@x", "\tx"] {
        assert_eq!(field(Cell::Code(text.into())), format!("'{text}"));
    }
    assert_eq!(field(Cell::Code("\rx".into())), "\"'\rx\"", "a carriage return is quoted and escaped");
    assert_eq!(field(Cell::Code("007".into())), "007");
    assert_eq!(field(Cell::Code("a, \"b\"".into())), "\"a, \"\"b\"\"\"");
    assert_eq!(field(Cell::Words(Text::new("-x", "负"))), "'-x");
    assert_eq!(field(Cell::Number(f64::NAN)), "");
    assert_eq!(field(Cell::Number(f64::INFINITY)), "");
    assert_eq!(field(Cell::Number(-0.0)), "0");
    assert_eq!(field(Cell::Number(0.1 + 0.2)), "0.30000000000000004");
    assert_eq!(field(Cell::Number(1e300)), "1e300");
    assert_eq!(field(Cell::Number(1234567.0)), "1234567");
}

proptest! {
    #[test]
    fn csv_reads_back_what_was_written(x in proptest::num::f64::NORMAL, code in "\\PC{1,12}") {
        let bytes = csv_bytes(&one_cell(Cell::Code(code.clone())));
        let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[3..]);
        let record = reader.records().next().unwrap().unwrap();
        let hostile = code.starts_with(['=', '+', '-', '@', '\t', '\r']);
        prop_assert_eq!(record[0].strip_prefix('\'').filter(|_| hostile).unwrap_or(&record[0]), &code);
        let text = csv_text(&one_cell(Cell::Number(x)));
        let field = text.lines().nth(1).unwrap().split(',').next().unwrap();
        prop_assert_eq!(field.parse::<f64>().unwrap(), x);
    }

    #[test]
    fn screen_numbers_keep_their_digits(x in -1e12..1e12f64, decimals in 0u8..6) {
        let text = format(&Cell::Number(x), Kind::Number(decimals), Language::English);
        let plain: String = text.replace(',', "").replace('−', "-");
        let rounded = plain.parse::<f64>().unwrap();
        prop_assert!((rounded - x).abs() <= 0.500001 * 10f64.powi(-i32::from(decimals)) + f64::EPSILON * x.abs());
        prop_assert!(text.split('.').next().unwrap().trim_start_matches('−').split(',').skip(1).all(|g| g.len() == 3));
    }
}

#[test]
fn numbers_for_people() {
    let check = |x: f64, kind, expected: &str| {
        assert_eq!(format(&Cell::Number(x), kind, Language::English), expected);
        assert_eq!(format(&Cell::Number(x), kind, Language::Chinese), expected);
    };
    check(1234567.891, Kind::Money, "1,234,567.89");
    check(-1234.5, Kind::Number(1), "−1,234.5");
    check(-0.04, Kind::Number(1), "0.0");
    check(999.5, Kind::Integer, "1,000");
    check(0.9876, Kind::Percent, "98.8%");
    check(2.5, Kind::Text, "2.5");
    check(12.0, Kind::Text, "12");
    check(f64::NAN, Kind::Money, "–");
    check(0.0125, Kind::Chance, "0.013");
    check(0.001, Kind::Chance, "0.001");
    check(0.000_999, Kind::Chance, "<0.001");
    check(0.0, Kind::Chance, "<0.001");
    check(-2.5e18, Kind::Integer, "−2.500e18");
    assert_eq!(format(&Cell::Empty, Kind::Integer, Language::English), "–");
    assert_eq!(format(&Cell::Words(Text::new("yes", "是")), Kind::Text, Language::Chinese), "是");
    assert_eq!(format(&Cell::Code(HOSTILE.into()), Kind::Text, Language::English), HOSTILE);
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "old").unwrap();
    let table = one_cell(Cell::Code("x".into()));
    write_csv(&table, &path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), csv_bytes(&table));
    let missing = write_csv(&table, &folder.path().join("no/such/t.csv")).unwrap_err();
    assert!(missing.message.en.contains("folder doesn't exist") && missing.message.zh.contains("不存在"));
    let taken = write_csv(&table, folder.path()).unwrap_err();
    assert!(taken.message.en.contains("is a folder"));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["t.csv"], "no temporary file stays behind");
}
