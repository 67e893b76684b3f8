//! Groups: categories, regions, locations and items from files to final forecasts, tables and the command line.

use calamine::Reader;
use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{
    Change, ForecastScope, GroupForecast, GroupLevel, LayerKind, Lever, Plan, Scenario, Scope, SeriesForecast, SeriesId,
};
use planwright::pipeline::{self, Inputs, Layered, ReadOptions, Reconciliation, Settings, Sources};
use planwright::report::groups_table;
use planwright::words::Language;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Two categories and two regions on paper: black and green tea and a cup in Hamburg and Wrocław (north) and Lyon (south),
/// green tea not in Lyon. The last month's sales, which a naive forecast repeats:
///
/// | | HAM | WRO | LYS |
/// |---|---|---|---|
/// | black | 10 | 20 | 30 |
/// | green | 40 | 50 | |
/// | cup | 60 | 70 | 80 |
struct Paper {
    folder: tempfile::TempDir,
}

const LAST: [(&str, &str, f64); 8] = [
    ("black", "HAM", 10.0),
    ("black", "LYS", 30.0),
    ("black", "WRO", 20.0),
    ("cup", "HAM", 60.0),
    ("cup", "LYS", 80.0),
    ("cup", "WRO", 70.0),
    ("green", "HAM", 40.0),
    ("green", "WRO", 50.0),
];
const MONTHS: usize = 30;

impl Paper {
    fn new() -> Self {
        let mut sales = String::from("date,item,location,region,quantity\n");
        for month in 0..MONTHS {
            for (k, (item, city, last)) in LAST.iter().enumerate() {
                let region = if *city == "LYS" { "South" } else { "North" };
                // Noise that differs by series and ends at the table's numbers.
                let noise = ((month + 1) * (k + 3) * 7) % 11;
                let quantity = if month + 1 == MONTHS { *last } else { last + noise as f64 };
                let (year, of_year) = (2022 + month / 12, month % 12 + 1);
                writeln!(sales, "{year}-{of_year:02}-01,{item},{city},{region},{quantity}").unwrap();
            }
        }
        let paper = Self { folder: tempfile::tempdir().unwrap() };
        paper.write("sales.csv", &sales);
        paper.write("items.csv", "item,category\nblack,Tea\ngreen,Tea\ncup,Tools\n");
        paper
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn load(&self, overrides: Option<&str>) -> Inputs {
        let overrides = overrides.map(|text| self.write("overrides.csv", text));
        let (sales, items) = (self.path("sales.csv"), self.path("items.csv"));
        let sources = Sources { items: Some(&items), overrides: overrides.as_deref(), ..Sources::sales(&sales) };
        pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap()
    }
}

fn settings(method: &str) -> Settings {
    Settings {
        models: pipeline::parse_models("naive").unwrap(),
        horizon: planwright::model::Horizon::new(3).unwrap(),
        reconciliation: Reconciliation::parse(method).unwrap(),
        paths: 200,
        ..Settings::default()
    }
}

fn forecast(inputs: &mut Inputs, method: &str) -> Layered {
    pipeline::forecast_inputs(inputs, &settings(method), &Control::silent()).unwrap()
}

/// Final means of a step by series.
fn last(layered: &Layered, h: usize) -> Vec<(SeriesId, f64)> {
    layered.statistical.iter().enumerate().map(|(k, f)| (f.id.clone(), layered.last(k).mean[h])).collect()
}

#[test]
fn a_region_is_overridden_together() {
    let paper = Paper::new();
    // The north sells 250; 300 is a fifth more for each of its series.
    let inputs =
        "scope,key,first,last,kind,value\nregion,North,2024-07,2024-07,value,300\n区域,South,2024-08,,increment,11\n";
    let mut inputs = paper.load(Some(inputs));
    assert_eq!(inputs.judgement.overrides[1].scope, ForecastScope::Region("South".into()));
    assert_eq!(inputs.judgement.overrides[0].scope.parts(), ("region", "North".to_owned()));
    let layered = forecast(&mut inputs, "none");
    for ((id, found), (item, city, before)) in last(&layered, 0).into_iter().zip(LAST) {
        let expected = if city == "LYS" { before } else { 1.2 * before };
        assert_eq!(id, SeriesId::new(item, city));
        assert!((found - expected).abs() < 1e-9, "{id} {found}");
    }
    // 11 more in the south are shared 30 : 80.
    let second = last(&layered, 1);
    assert!((second[1].1 - 33.0).abs() < 1e-9 && (second[4].1 - 88.0).abs() < 1e-9, "{second:?}");
    assert_eq!((layered.overrides[0].series, layered.overrides[0].before), (6, 250.0));
}

#[test]
fn naive_forecasts_add_up_and_stay() {
    let paper = Paper::new();
    for method in ["ols", "wls-structural", "wls-variance", "top-down", "middle-out:region", "middle-out:location"] {
        let mut inputs = paper.load(None);
        let layered = forecast(&mut inputs, method);
        for ((id, found), (.., before)) in last(&layered, 2).into_iter().zip(LAST) {
            assert!((found - before).abs() < 1e-9, "{method} {id} {found}");
        }
        assert!(layered.layers.iter().all(|l| l.get(LayerKind::Override).is_none()));
    }
}

#[test]
fn the_network_knows_regions_too() {
    let paper = Paper::new();
    let network = paper.path("network");
    std::fs::create_dir(&network).unwrap();
    for (name, text) in [
        ("sites.csv", "id,region\nHAM,Coast\nWRO,\nLYS,South\n"),
        ("customers.csv", "id\nC\n"),
        ("lanes.csv", "from,to,unit_cost\nHAM,C,1\nWRO,C,1\nLYS,C,1\n"),
    ] {
        std::fs::write(network.join(name), text).unwrap();
    }
    let sales = paper.path("sales.csv");
    let sources = Sources { network: Some(&network), ..Sources::sales(&sales) };
    let inputs = pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap();
    let found: Vec<String> = inputs.regions.iter().map(|(l, r)| format!("{l} {r}")).collect();
    assert_eq!(found.join(", "), "HAM Coast, LYS South, WRO North", "the network counts, the sales fill in");
    assert_eq!(inputs.diagnostics.count("region-contradiction"), 1);
}

#[test]
fn levels_have_names() {
    for level in GroupLevel::ALL {
        assert_eq!(GroupLevel::parse(level.name()), Some(level));
        assert!(!level.label().en.is_empty() && level.label().zh.chars().all(|c| c > '\u{7f}'));
    }
    assert_eq!(GroupLevel::parse("planet"), None);
}

/// The plan's groups as `level group: mean of the first step`, and the plan.
fn groups(inputs: &mut Inputs, settings: &Settings) -> (Vec<(String, f64)>, Plan) {
    let layered = pipeline::forecast_inputs(inputs, settings, &Control::silent()).unwrap();
    let plan = pipeline::plan(inputs, &layered, &Scenario::base("Base"), settings, &Control::silent()).unwrap();
    let named = |g: &GroupForecast| (format!("{} {}", g.level.name(), g.label().en), g.last.mean[0]);
    (plan.groups.iter().map(named).collect(), plan)
}

#[test]
fn groups_are_the_sums_on_paper() {
    let paper = Paper::new();
    let (found, plan) = groups(&mut paper.load(None), &settings("none"));
    let expected = [
        ("total All", 360.0),
        ("category Tea", 150.0),
        ("category Tools", 210.0),
        ("region North", 250.0),
        ("region South", 110.0),
        ("location HAM", 110.0),
        ("location LYS", 110.0),
        ("location WRO", 140.0),
        ("category-region Tea · North", 120.0),
        ("category-region Tea · South", 30.0),
        ("category-region Tools · North", 130.0),
        ("category-region Tools · South", 80.0),
        ("category-location Tea · HAM", 50.0),
        ("category-location Tea · LYS", 30.0),
        ("category-location Tea · WRO", 70.0),
        ("category-location Tools · HAM", 60.0),
        ("category-location Tools · LYS", 80.0),
        ("category-location Tools · WRO", 70.0),
        ("item black", 60.0),
        ("item cup", 210.0),
        ("item green", 90.0),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((name, mean), (expected_name, expected_mean)) in found.iter().zip(expected) {
        assert_eq!(name, expected_name);
        assert!((mean - expected_mean).abs() < 1e-9, "{name} {mean}");
    }
    let north = &plan.groups[3];
    assert_eq!((north.series, north.history.values.len()), (6, MONTHS));
    assert!((north.history.values[MONTHS - 1] - 250.0).abs() < 1e-9);
    assert!(north.own.is_none() && north.reconciled.is_none() && north.moved() == [0.0; 3]);
}

#[test]
fn a_groups_interval_comes_from_the_paths_that_stock_is_planned_on() {
    let paper = Paper::new();
    let overrides = "scope,key,first,last,kind,value\nregion,North,2024-07,2024-07,value,300\n";
    let (_, plan) = groups(&mut paper.load(Some(overrides)), &settings("wls-structural"));
    let north = &plan.groups[3];
    assert!((north.last.mean[0] - 300.0).abs() < 1e-9 && (north.bottom[0] - 250.0).abs() < 1e-9);
    let members: Vec<_> =
        plan.forecasts.iter().filter(|f| &*f.id.location != "LYS").map(SeriesForecast::best).collect();
    for h in 0..3 {
        let mut sums: Vec<f64> =
            (0..200).map(|k| members.iter().map(|f| f64::from(f.paths.values()[k * 3 + h])).sum()).collect();
        sums.sort_by(f64::total_cmp);
        let interval = north.last.interval(80.0).unwrap();
        // A tenth of the summed paths lies on either side of their mean, before how items erred together stretches what lies
        // between and moves it to the forecast.
        let (mean, times) = (north.last.mean[h], north.spread.unwrap_or(1.0));
        let centre = sums.iter().sum::<f64>() / 200.0;
        let before = |bound: f64| centre + (bound - mean) / times;
        assert!(interval.lower[h] < mean && mean < interval.upper[h], "{h}");
        assert!(sums[18] - 1e-9 <= before(interval.lower[h]) && before(interval.lower[h]) <= sums[21] + 1e-9, "{h}");
        assert!(sums[178] - 1e-9 <= before(interval.upper[h]) && before(interval.upper[h]) <= sums[181] + 1e-9, "{h}");
        let wide = north.last.interval(95.0).unwrap();
        assert!(wide.lower[h] <= interval.lower[h] && interval.upper[h] <= wide.upper[h]);
    }
}

#[test]
fn groups_say_what_reconciliation_moved() {
    let paper = Paper::new();
    let models = pipeline::parse_models("ses,seasonal-naive").unwrap();
    let (_, plan) = groups(&mut paper.load(None), &Settings { models, ..settings("ols") });
    let of = |level: GroupLevel| plan.groups.iter().filter(move |g| g.level == level);
    for level in GroupLevel::ALL {
        for h in 0..3 {
            let sum = |value: &dyn Fn(&GroupForecast) -> f64| of(level).map(value).sum::<f64>();
            let total = &plan.groups[0];
            let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{level:?} {h}: {a} {b}");
            close(sum(&|g| g.last.mean[h]), total.last.mean[h]);
            close(sum(&|g| g.bottom[h]), total.bottom[h]);
            close(sum(&|g| g.moved()[h]), total.reconciled.as_ref().unwrap()[h] - total.bottom[h]);
        }
    }
    assert!(plan.groups.iter().all(|g| g.own.is_some()), "one of one series has the series' own forecast");
    let total = &plan.groups[0];
    assert!(total.moved()[0].abs() > 1e-6 && total.own.as_ref().unwrap().paths.is_empty());
    // The reconciled total lies between its own forecast and the sum of its series.
    let (own, sum, found) = (total.own.as_ref().unwrap().mean[0], total.bottom[0], total.last.mean[0]);
    assert!(own.min(sum) - 5.0 < found && found < own.max(sum) + 5.0, "{own} {sum} {found}");
    // A repeat of a group has its own forecast too: South and Lyon are the same series.
    let south = of(GroupLevel::Region).nth(1).unwrap();
    let lyon = of(GroupLevel::Location).nth(1).unwrap();
    assert_eq!(south.own.as_ref().unwrap().mean, lyon.own.as_ref().unwrap().mean);
    let table = groups_table(&plan.groups);
    assert_eq!(table.rows.len(), plan.groups.len() * (MONTHS + 3));
    assert!(table.columns.iter().all(|c| c.header.zh.chars().any(|c| c > '\u{2e7f}') && !c.header.en.is_empty()));
    assert!(plan.groups.iter().all(|g| g.how.zh.contains('最') && g.how.en == "ordinary least squares"));
}

#[test]
fn a_scenario_moves_groups_with_their_series() {
    let paper = Paper::new();
    let mut inputs = paper.load(None);
    let settings = settings("none");
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &Control::silent()).unwrap();
    let mut scenario = Scenario::base("More");
    scenario.set(Lever::Demand, Scope::Category("Tea".into()), Change::Scale(2.0));
    let plan = pipeline::plan(&inputs, &layered, &scenario, &settings, &Control::silent()).unwrap();
    let (total, north) = (&plan.groups[0], &plan.groups[3]);
    assert!((total.last.mean[0] - 510.0).abs() < 1e-9 && (north.last.mean[0] - 370.0).abs() < 1e-9);
    assert!((total.bottom[0] - 360.0).abs() < 1e-9, "what models said stays");
}

#[test]
fn a_single_series_has_no_groups() {
    let paper = Paper::new();
    let sales = paper.write("one.csv", "date,quantity\n2024-01-01,3\n2024-02-01,4\n2024-03-01,5\n2024-04-01,4\n");
    let mut inputs = pipeline::load(&Sources::sales(&sales), &ReadOptions::default(), &Control::silent()).unwrap();
    assert!(groups(&mut inputs, &settings("none")).1.groups.is_empty());
}

#[test]
fn the_command_line_writes_groups() {
    let paper = Paper::new();
    let path = |name: &str| paper.path(name).display().to_string();
    let (sales, items, out, groups) = (path("sales.csv"), path("items.csv"), path("f.csv"), path("groups.csv"));
    let words = ["planwright", "forecast", "--sales", &sales, "--items", &items, "--horizon", "3", "--models", "naive"];
    let rest = ["--reconcile", "middle-out:region", "--out", &out, "--groups", &groups, "--json"];
    assert_eq!(main(words.iter().chain(&rest).map(OsString::from)), Next::Exit(0));
    let written = std::fs::read_to_string(&groups).unwrap();
    let mut rows = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let (level, group, period, mean) = (at("level"), at("group"), at("period"), at("mean"));
    let records: Vec<_> = rows.records().map(Result::unwrap).collect();
    let of = |l: &str, g: &str, p: &str| {
        records.iter().find(|r| &r[level] == l && &r[group] == g && &r[period] == p).unwrap().clone()
    };
    let north = of("region", "North", "2024-07");
    assert!((north[mean].parse::<f64>().unwrap() - 250.0).abs() < 1e-9);
    assert_eq!((&north[at("own_model")], &north[at("actual")]), ("naive", ""));
    assert_eq!(&of("category-location", "Tea · HAM", "2024-06")[at("actual")], "50");
    assert!(north[at("lo80")].parse::<f64>().unwrap() < 250.0);
}

#[test]
fn a_workbook_has_the_groups() {
    let paper = Paper::new();
    let (_, plan) = groups(&mut paper.load(None), &settings("bottom-up"));
    assert!(pipeline::tables(&plan).iter().any(|t| t.key == "groups"));
    for language in [Language::English, Language::Chinese] {
        let path = paper.path("plan.xlsx");
        pipeline::write_workbook(&plan, language, &path).unwrap();
        let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
        let name = if language == Language::English { "Groups" } else { "分组预测" };
        let sheet = workbook.worksheet_range(name).unwrap();
        let cell = |row: usize, column: usize| sheet.get((row, column)).unwrap().to_string();
        let rows = 0..sheet.height();
        let first = if language == Language::English { ("region", "North") } else { ("区域", "North") };
        assert!(rows.into_iter().any(|r| cell(r, 0) == first.0 && cell(r, 1) == first.1));
    }
}
