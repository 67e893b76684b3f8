//! From files and commands to final forecasts: groups that add up, overrides, new items, each a layer of its own.

use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{ForecastScope, LayerKind, OverrideKind, OverrideState, Scenario, SeriesId, SuccessionKind};
use planwright::pipeline::{self, Inputs, Layered, PipelineError, ReadOptions, Reconciliation, Settings, Sources};
use planwright::report::{layered_forecast_table, overrides_table};
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Two teas and a tool in two cities over four years of months; the green tea is sold for two months only.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let mut sales = String::from("date,item,location,quantity\n");
        for month in 0..48 {
            let (year, of_year) = (2021 + month / 12, month % 12 + 1);
            for (k, (item, city)) in
                [("black", "HAM"), ("black", "LYS"), ("tool", "HAM"), ("tool", "LYS")].iter().enumerate()
            {
                let quantity = 40 + 10 * k + (month * 7 + 3 * k) % 11 + if of_year == 12 { 20 } else { 0 };
                writeln!(sales, "{year}-{of_year:02}-01,{item},{city},{quantity}").unwrap();
            }
            if month >= 46 {
                writeln!(sales, "{year}-{of_year:02}-01,green,HAM,{}", 3 * (month - 45)).unwrap();
            }
        }
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.write("sales.csv", &sales);
        files.write("items.csv", "item,category\nblack,Tea\ngreen,Tea\ntool,Tools\nblue,Tea\n");
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn load(&self, overrides: Option<&str>, successions: Option<&str>) -> Result<Inputs, PipelineError> {
        let overrides = overrides.map(|text| self.write("overrides.csv", text));
        let successions = successions.map(|text| self.write("successions.csv", text));
        let (sales, items) = (self.path("sales.csv"), self.path("items.csv"));
        let sources = Sources {
            items: Some(&items),
            overrides: overrides.as_deref(),
            successions: successions.as_deref(),
            ..Sources::sales(&sales)
        };
        pipeline::load(&sources, &ReadOptions::default(), &Control::silent())
    }

    fn cli(&self, arguments: &[&str]) -> Next {
        let paths = ["sales.csv", "items.csv", "overrides.csv", "successions.csv", "out.csv", "out.xlsx"];
        let own = |a: &str| if paths.contains(&a) { self.path(a).into_os_string() } else { OsString::from(a) };
        main(std::iter::once("planwright").chain(arguments.iter().copied()).map(own))
    }
}

/// Number of errors among findings.
fn errors(findings: &planwright::diagnostic::Diagnostics) -> u64 {
    let errors = findings.entries().iter().filter(|d| d.severity == planwright::diagnostic::Severity::Error);
    errors.map(|d| d.count).sum()
}

fn settings(method: &str) -> Settings {
    Settings {
        models: pipeline::parse_models("naive,ses,seasonal-naive").unwrap(),
        horizon: planwright::model::Horizon::new(6).unwrap(),
        reconciliation: Reconciliation::parse(method).unwrap(),
        paths: 100,
        ..Settings::default()
    }
}

fn forecast(inputs: &mut Inputs, method: &str) -> Layered {
    pipeline::forecast_inputs(inputs, &settings(method), &Control::silent()).unwrap()
}

/// Means of one step over the series of a scope.
fn sum(layered: &Layered, kind: LayerKind, h: usize, of: impl Fn(&SeriesId) -> bool) -> f64 {
    let series = layered.statistical.iter().zip(&*layered.layers);
    series.filter(|(f, _)| of(&f.id)).map(|(_, l)| l.up_to(kind)[h]).sum()
}

#[test]
fn top_down_keeps_the_total_and_other_methods_move_it() {
    let files = Files::new();
    let total = |method: &str| {
        let layered = forecast(&mut files.load(None, None).unwrap(), method);
        (0..6).map(|h| sum(&layered, LayerKind::Override, h, |_| true)).collect::<Vec<f64>>()
    };
    let plain = forecast(&mut files.load(None, None).unwrap(), "none");
    assert!(plain.layers.is_empty() && plain.overrides.is_empty());
    let bottom: Vec<f64> = (0..6).map(|h| plain.statistical.iter().map(|f| f.best().mean[h]).sum()).collect();
    let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9 * b.abs().max(1.0));
    let down = total("top-down");
    assert!(near(&down, &total("top-down-history")) && !near(&down, &bottom));
    for method in ["ols", "wls-structural", "wls-variance", "wls-variance-non-negative", "middle-out"] {
        let found = total(method);
        assert!(!near(&found, &bottom), "{method} leaves the forecasts as they are");
        assert!(found.iter().all(|v| v.is_finite() && *v > 0.0));
    }
}

#[test]
fn final_forecasts_move_means_intervals_and_paths_and_reach_the_plan() {
    let files = Files::new();
    let overrides = "scope,key,first,last,kind,value,reason,author,expires\n\
                     category,Tea,2025-02,2025-03,value,300,fair,Lin,\n\
                     series,tool@LYS,2025-01-15,,percent,-50,,,2024-11\n\
                     location,HAM,2025-04,2025-04,increment,40,,,\n";
    let mut inputs = files.load(Some(overrides), None).unwrap();
    let layered = forecast(&mut inputs, "wls-structural");
    let states: Vec<_> = layered.overrides.iter().map(|o| o.state).collect();
    assert_eq!(states, [OverrideState::Applied, OverrideState::Expired, OverrideState::Applied]);
    let tea = |id: &SeriesId| &*id.item != "tool";
    let ham = |id: &SeriesId| &*id.location == "HAM";
    for h in [1, 2] {
        assert!((sum(&layered, LayerKind::Override, h, tea) - 300.0).abs() < 1e-9);
        let below = sum(&layered, LayerKind::Reconciled, h, |id| !tea(id));
        assert!((sum(&layered, LayerKind::Override, h, |id| !tea(id)) - below).abs() < 1e-9);
    }
    let grown = sum(&layered, LayerKind::Override, 3, ham) - sum(&layered, LayerKind::Reconciled, 3, ham);
    assert!((grown - 40.0).abs() < 1e-9);
    // The statistical forecast stands, and the final one moved as a whole.
    let settings = settings("wls-structural");
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings, &Control::silent()).unwrap();
    for (k, (before, after)) in layered.statistical.iter().zip(&*plan.forecasts).enumerate() {
        let (before, after) = (before.best(), after.best());
        assert_eq!(before.mean, layered.layers[k].statistical());
        assert_eq!(after.mean, layered.layers[k].last());
        let factor = after.mean[1] / before.mean[1];
        let upper = |f: &planwright::model::Forecast| f.intervals[0].upper[1];
        assert!((upper(after) / upper(before) - factor).abs() < 1e-9);
        let path = |f: &planwright::model::Forecast| f64::from(f.paths.iter().next().unwrap()[1]);
        assert!((path(after) - factor * path(before)).abs() < 1e-4 * path(after).abs().max(1.0));
    }
    let table = layered_forecast_table(&plan.forecasts, &plan.layers);
    for key in ["mean", "statistical", "reconciled"] {
        assert!(table.column(key).is_some(), "{key}");
    }
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    let cell = |key: &str| table.rows[1][table.column(key).unwrap()].as_number().unwrap();
    assert!((cell("statistical") - layered.statistical[0].best().mean[1]).abs() < 1e-12);
    assert!((cell("mean") - plan.forecasts[0].best().mean[1]).abs() < 1e-12);
    let listed = overrides_table(&plan.overrides);
    assert_eq!(listed.rows.len(), 3);
    let change = listed.rows[2][listed.column("change").unwrap()].as_number().unwrap();
    assert!((change - 40.0).abs() < 1e-9);
}

#[test]
fn new_items_borrow_and_replaced_ones_run_out() {
    let files = Files::new();
    let successions = "new_item,new_location,like_item,like_location,multiplier,launch_periods,kind\n\
                       green,HAM,black,HAM,0.5,4,like\n\
                       blue,LYS,black,LYS,1,3,replace\n\
                       blue,HAM,nothing,HAM,1,0,like\n";
    let mut inputs = files.load(None, Some(successions)).unwrap();
    let before = inputs.panel.clone();
    let layered = forecast(&mut inputs, "none");
    assert_eq!(inputs.panel.series().len(), before.series().len() + 1, "an item that was never sold is planned too");
    assert_eq!(inputs.diagnostics.count("succession-unused"), 1);
    let of = |item: &str, city: &str| {
        let k = layered.statistical.iter().position(|f| f.id == SeriesId::new(item, city)).unwrap();
        (&layered.statistical[k], &layered.layers[k], layered.last(k))
    };
    let (green, _, last) = of("green", "HAM");
    assert!(green.why.en.starts_with("History borrowed: 0.5 × black @ HAM."));
    // Two of four launch periods were sold; three quarters of full demand are next.
    assert!((last.mean[0] - 0.75 * green.best().mean[0]).abs() < 1e-9);
    assert!(green.best().mean[0] > 15.0, "half of the reference's 50, not the 6 that were sold");
    let (_, blue, _) = of("blue", "LYS");
    let (_, black, gone) = of("black", "LYS");
    let factor = |l: &planwright::model::ForecastLayers, h: usize| l.last()[h] / l.statistical()[h];
    for h in 0..6 {
        assert!((factor(blue, h) + factor(black, h) - 1.0).abs() < 1e-9);
    }
    assert!(gone.mean[2..].iter().all(|v| *v == 0.0) && gone.paths.iter().all(|p| p[5] == 0.0));
    let plan = pipeline::plan(&inputs, &layered, &Scenario::base("Base"), &settings("none"), &Control::silent());
    assert_eq!(plan.unwrap().stock.len(), inputs.panel.series().len());
}

#[test]
fn a_file_of_overrides_is_read_and_its_faults_are_listed() {
    let files = Files::new();
    let good =
        "范围,对象,开始,结束,方式,数值\n全部,,2025-Q1,2025-Q1,百分比,5\nitem,black,2025/03/09,,increment,\"1,5\"\n";
    let inputs = files.load(Some(good), None).unwrap();
    let read = &*inputs.judgement.overrides;
    assert_eq!((read[0].first.label(), read[0].last.label()), ("2025-01".into(), "2025-03".into()));
    assert_eq!(read[1].scope, ForecastScope::Item("black".into()));
    assert_eq!((read[1].first.label(), read[1].kind), ("2025-03".into(), OverrideKind::Increment(1.5)));
    let bad = "scope,key,first,last,kind,value\n\
               planet,,2025-01,,value,1\nitem,,2025-01,,value,1\nall,,soon,,value,1\nall,,2025-02,2025-01,value,1\n\
               all,,2025-01,,double,1\nall,,2025-01,,value,many\nall,,2025-01,,value,\nall,,2025-01,,value,1e300\n";
    let Err(PipelineError::BadData(findings)) = files.load(Some(bad), None) else { panic!("faulty rows are errors") };
    let codes = [
        "scope-unknown",
        "code-empty",
        "period-not-readable",
        "periods-reversed",
        "kind-unknown",
        "not-a-number",
        "value-empty",
    ];
    for code in codes {
        assert!(findings.count(code) >= 1, "{code} of {:?}", findings.counts().collect::<Vec<_>>());
    }
    assert_eq!(errors(&findings), 8);
    let columns = files.load(Some("scope,kind\nall,value\n"), None);
    let Err(PipelineError::BadData(findings)) = columns else { panic!("columns are missing") };
    assert_eq!(findings.count("column-missing"), 2);
    let bad = "new_item,like_item,multiplier,launch_periods,kind\na,,1,1,\na,b,0,1,\na,b,1,1.5,\na,b,1,1,twin\n";
    let Err(PipelineError::BadData(findings)) = files.load(None, Some(bad)) else { panic!("faulty rows are errors") };
    assert_eq!(errors(&findings), 4);
    let inputs = files.load(None, Some("new_item,like_item\ngreen,black\n")).unwrap();
    let read = &inputs.judgement.successions[0];
    assert_eq!((read.multiplier, read.launch_periods, read.kind), (1.0, 0, SuccessionKind::Like));
}

#[test]
fn the_command_line_takes_all_of_it() {
    let files = Files::new();
    files.write("overrides.csv", "scope,key,first,last,kind,value\nall,,2025-01,2025-01,value,1000\n");
    files.write("successions.csv", "new_item,new_location,like_item,like_location\ngreen,HAM,black,HAM\n");
    let judged = ["--reconcile", "ols", "--overrides", "overrides.csv", "--successions", "successions.csv"];
    let data = ["--sales", "sales.csv", "--items", "items.csv", "--horizon", "3"];
    let forecast: Vec<&str> =
        ["forecast"].into_iter().chain(data).chain(judged).chain(["--json", "--out", "out.csv"]).collect();
    assert_eq!(files.cli(&forecast), Next::Exit(0));
    let written = std::fs::read_to_string(files.path("out.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let (step, mean) = (at("step"), at("mean"));
    assert!(at("statistical") > mean && at("reconciled") > mean);
    let records: Vec<_> = rows.records().map(Result::unwrap).collect();
    let first = records.iter().filter(|r| &r[step] == "1").map(|r| r[mean].parse::<f64>().unwrap()).sum::<f64>();
    assert!((first - 1000.0).abs() < 1e-6, "{first}");
    let run: Vec<&str> = ["run"].into_iter().chain(data).chain(judged).chain(["--json", "--out", "out.xlsx"]).collect();
    assert_eq!(files.cli(&run), Next::Exit(0));
    assert!(files.path("out.xlsx").exists());
    std::fs::remove_file(files.path("out.csv")).unwrap();
    files.write("overrides.csv", "scope,key,first,last,kind,value\nall,,2025-01,,value,lots\n");
    assert_eq!(files.cli(&forecast), Next::Exit(3));
    assert!(!files.path("out.csv").exists());
    let unknown: Vec<&str> =
        ["forecast"].into_iter().chain(data).chain(["--reconcile", "magic", "--out", "out.csv"]).collect();
    assert_eq!(files.cli(&unknown), Next::Exit(3));
}

#[test]
fn every_command_that_takes_drivers_reads_them() {
    let files = Files::new();
    for command in ["forecast", "backtest", "run"] {
        let folds: &[&str] = if command == "backtest" { &["--folds", "1"] } else { &[] };
        let out = if command == "run" { "out.xlsx" } else { "out.csv" };
        for drivers in [["--drivers", "nowhere.csv"], ["--events", "nowhere.csv"], ["--holidays", "mars"]] {
            let data = ["--sales", "sales.csv", "--horizon", "3"];
            let words: Vec<&str> =
                [command].into_iter().chain(data).chain(folds.iter().copied()).chain(drivers).collect();
            let words: Vec<&str> = words.into_iter().chain(["--out", out]).collect();
            assert_eq!(files.cli(&words), Next::Exit(3), "{words:?}");
            assert!(!files.path(out).exists(), "{words:?}");
        }
    }
}
