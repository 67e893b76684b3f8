//! The value-added ladder from files: by group, by past overrides and their authors, and on the command line.

use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{LadderOf, LadderRow, LadderSource};
use planwright::pipeline::{self, Inputs, ReadOptions, Settings, Sources};
use planwright::report::value_added_table;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Two items whose sales alternate 10 and 30, and 110 and 130, over the months up to December 2024, where both sell 50
/// more: naive errs by 20 in every other month.
struct Files {
    folder: tempfile::TempDir,
}

const OVERRIDES: &str = "scope,key,first,last,kind,value,author,created\n\
    all,,2024-12,,increment,100,Lin,\n\
    item,tea,2024-11,,increment,-5,Ada,2024-12-20\n\
    item,cup,2024-12,,increment,7,Ada,2024-12-20\n";

impl Files {
    fn new() -> Self {
        let mut sales = String::from("date,item,location,quantity\n");
        for month in 0..36 {
            let (year, of_year) = (2022 + month / 12, month % 12 + 1);
            let more = if month == 35 { 50 } else { 0 };
            let quantity = 10 + 20 * (month % 2) + more;
            writeln!(sales, "{year}-{of_year:02}-01,tea,HAM,{quantity}").unwrap();
            writeln!(sales, "{year}-{of_year:02}-01,cup,HAM,{}", quantity + 100).unwrap();
        }
        let files = Self { folder: tempfile::tempdir().unwrap() };
        for (name, text) in
            [("sales.csv", &*sales), ("items.csv", "item,category\ntea,Tea\ncup,Tools\n"), ("overrides.csv", OVERRIDES)]
        {
            std::fs::write(files.path(name), text).unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load(&self) -> Inputs {
        let (sales, items, overrides) = (self.path("sales.csv"), self.path("items.csv"), self.path("overrides.csv"));
        let sources = Sources { items: Some(&items), overrides: Some(&overrides), ..Sources::sales(&sales) };
        pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap()
    }
}

fn ladders(inputs: &Inputs) -> Vec<LadderRow> {
    let settings = Settings {
        models: pipeline::parse_models("seasonal-naive").unwrap(),
        horizon: planwright::model::Horizon::new(2).unwrap(),
        folds: 3,
        paths: 100,
        ..Settings::default()
    };
    let forecasts = pipeline::forecast(&inputs.panel, &settings, &Control::silent()).unwrap();
    pipeline::ladders(inputs, &forecasts, &[], &Control::silent()).unwrap()
}

fn find(rows: &[LadderRow], source: LadderSource, of: &LadderOf) -> Option<LadderRow> {
    rows.iter().find(|r| r.source == source && r.of == *of).cloned()
}

#[test]
fn past_overrides_are_judged_where_they_were_known() {
    let rows = ladders(&Files::new().load());
    // A year ago the same month sold the same, but for the 50 more of December.
    let all = find(&rows, LadderSource::Backtest, &LadderOf::All).unwrap().ladder;
    assert!(all.chosen < all.naive && all.last.is_none(), "{all:?}");
    let tea =
        find(&rows, LadderSource::Backtest, &LadderOf::Group(planwright::model::GroupLevel::Category, "Tea".into()));
    assert_eq!((tea.unwrap().ladder.series, all.series), (1, 2));
    // Lin's 100 more in December, on 30 and 130 together, are 18.75 and 81.25: short of 50 by 31.25, over by 31.25.
    let lin = find(&rows, LadderSource::Replayed, &LadderOf::Author("Lin".into())).unwrap().ladder;
    assert!((lin.chosen - 50.0).abs() < 1e-9 && (lin.last.unwrap() - 31.25).abs() < 1e-9, "{lin:?}");
    assert_eq!((lin.cases % 2, lin.periods), (0, 1));
    assert!((lin.last_gain().unwrap() - 0.375).abs() < 1e-9);
    // Ada entered hers after the last cut-off: nobody could have used them.
    assert!(find(&rows, LadderSource::Replayed, &LadderOf::Author("Ada".into())).is_none());
    assert!(find(&rows, LadderSource::Replayed, &LadderOf::Scope("all")).is_some());
    assert!(find(&rows, LadderSource::Replayed, &LadderOf::Scope("item")).is_none());
    assert!(lin.last_evidence.is_none(), "one period and two series prove nothing");
}

#[test]
fn the_table_says_so_in_both_languages() {
    let rows = ladders(&Files::new().load());
    let table = value_added_table(&rows);
    let verdict = table.column("verdict").unwrap();
    assert_eq!(table.rows.len(), rows.len());
    for row in &table.rows {
        let planwright::report::Cell::Words(words) = &row[verdict] else { panic!("{:?}", row[verdict]) };
        assert!(!words.en.is_empty() && words.zh.chars().all(|c| c > '\u{7f}'), "{words:?}");
    }
    assert!(table.columns.iter().all(|c| !c.header.zh.is_empty()));
}

#[test]
fn the_command_line_writes_it() {
    let files = Files::new();
    let path = |name: &str| files.path(name).display().to_string();
    let (sales, items, overrides) = (path("sales.csv"), path("items.csv"), path("overrides.csv"));
    let (out, added) = (path("backtest.csv"), path("added.csv"));
    let words = ["planwright", "backtest", "--sales", &sales, "--items", &items, "--overrides", &overrides];
    let rest = ["--horizon", "2", "--folds", "3", "--models", "seasonal-naive", "--out", &out, "--value-added", &added];
    assert_eq!(main(words.iter().chain(&rest).chain(&["--json"]).map(OsString::from)), Next::Exit(0));
    let written = std::fs::read_to_string(&added).unwrap();
    let mut rows = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let records: Vec<_> = rows.records().map(Result::unwrap).collect();
    let lin = records.iter().find(|r| &r[at("of")] == "Lin").unwrap();
    assert!((lin[at("override")].parse::<f64>().unwrap() - 31.25).abs() < 1e-9);
    assert_eq!((&lin[at("level")], &lin[at("verdict")]), ("author", "too few cases to say"));
    assert!(std::fs::metadata(&out).unwrap().len() > 0);
}
