//! Groups: categories, regions, locations and items from files to final forecasts, tables and the command line.

use planwright::control::Control;
use planwright::model::{ForecastScope, GroupLevel, LayerKind, SeriesId};
use planwright::pipeline::{self, Inputs, Layered, ReadOptions, Reconciliation, Settings, Sources};
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
