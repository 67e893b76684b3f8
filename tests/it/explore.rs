//! Goals and sensitivities on the command line: the pipeline's answers, in files that other commands read.

use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{Change, Lever, Policy, PortfolioFigure, SafetyBasis, Scenario, Scope, SeriesId, Swing};
use planwright::pipeline::{self, Goal, GoalFamily, Output, Portfolio, ReadOptions, Settings, Sources};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Five items of weekly sales that vary, prices and costs of their own; and a scenario with more demand.
struct Company(tempfile::TempDir);

impl Company {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sales = String::from("date,item,quantity\n");
        let mut items = String::from("item,category,unit_cost,price,lead_time_days,order_cost,shortage_cost,on_hand\n");
        for k in 0..5_u64 {
            writeln!(
                items,
                "i{k},{},{},{},{},5,4,{}",
                ["a", "b"][k as usize % 2],
                2 + k,
                5 + 2 * k,
                7 + k,
                90 + 20 * k
            )
            .unwrap();
            for week in 0..60_u64 {
                let day = jiff::civil::date(2023, 1, 2).checked_add(jiff::Span::new().weeks(week as i64)).unwrap();
                let noise = (week * 7919 + k * 104_729 + week * week * 31) % (10 + 3 * k);
                writeln!(sales, "{day},i{k},{}", 15 + 2 * k + noise).unwrap();
            }
        }
        let scenario = "lever,scope,change,value\ndemand,category:a,scale,1.1\nservice_level,item:i1,set,0.9\n";
        for (name, text) in [("sales.csv", &*sales), ("items.csv", &items), ("more.csv", scenario)] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, command: &str, rest: &[&str]) -> Next {
        let fixed = ["--sales", "sales.csv", "--items", "items.csv", "--horizon", "12"];
        let name = ["planwright", command];
        let words = name.iter().chain(&fixed).chain(rest);
        let is_file = |word: &str| std::path::Path::new(word).extension().is_some_and(|end| end == "csv");
        let file = |word: &&str| if is_file(word) { self.path(word).into() } else { OsString::from(*word) };
        main(words.map(file))
    }

    fn scenario(&self, name: &str) -> Scenario {
        pipeline::load_scenario(&self.path(name)).unwrap().0
    }

    fn portfolio(&self) -> (Portfolio, Settings) {
        let (sales, items) = (self.path("sales.csv"), self.path("items.csv"));
        let sources = Sources { items: Some(&items), ..Sources::sales(&sales) };
        let mut inputs = pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap();
        let horizon = planwright::model::Horizon::new(12).unwrap();
        let settings = Settings { horizon, ..Settings::default() };
        let layered = pipeline::forecast_inputs(&mut inputs, &settings, &Control::silent()).unwrap();
        (Portfolio::of_inputs(&inputs, &layered, &settings, &Control::silent()).unwrap(), settings)
    }

    /// A CSV file's rows by column.
    fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let headers = reader.headers().unwrap().clone();
        let row = |r: csv::StringRecord| headers.iter().map(str::to_owned).zip(r.iter().map(str::to_owned)).collect();
        reader.records().map(|r| row(r.unwrap())).collect()
    }
}

fn number(row: &BTreeMap<String, String>, key: &str) -> f64 {
    row[key].parse().unwrap_or_else(|_| panic!("{key}: {row:?}"))
}

#[test]
fn a_goal_on_the_command_line_is_the_pipelines_and_a_scenario_that_is_read_again() {
    let company = Company::new();
    let (portfolio, settings) = company.portfolio();
    let start = company.scenario("more.csv");
    let totals =
        |scenario: &Scenario| portfolio.evaluate(scenario, settings.policy, None, &Control::silent()).unwrap().totals;
    let now = totals(&start);
    let wanted = ((100.0 * now.fill_rate).floor() - 2.0) / 100.0;
    let percent = format!("{}", 100.0 * wanted);
    let files = ["--out", "goal.csv", "--figures", "figures.csv", "--curve", "curve.csv", "--json"];
    for family in GoalFamily::ALL {
        let asked = ["--scenario", "more.csv", "--fill-rate", &percent, "--cut-stock", "1", "--along", family.name()];
        let words: Vec<&str> = asked.iter().chain(&files).copied().collect();
        let goal = Goal {
            least: PortfolioFigure::StockValue,
            fill_rate: Some(wanted),
            stock_value: Some(0.99 * now.stock_value),
            family,
        };
        let found = pipeline::goal_seek(&portfolio, &start, settings.policy, &goal, &Control::silent()).unwrap();
        assert!(found.is_reached, "{}", found.words);
        assert_eq!(company.run("goal", &words), Next::Exit(0), "{family:?}");
        let figures = company.rows("figures.csv");
        for (row, totals) in figures.iter().zip([found.before, found.after]) {
            for figure in PortfolioFigure::ALL {
                let (a, b) = (number(row, figure.key()), totals.get(figure));
                assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{family:?} {figure:?}: {a} {b}");
            }
        }
        assert_eq!((figures.len(), company.rows("curve.csv").len()), (2, found.curve.len()));
        // What is written is what was found, on top of where it started.
        let written = company.scenario("goal.csv");
        assert_eq!(written.change_of(Lever::Demand, &Scope::Category("a".into())), Some(Change::Scale(1.1)));
        let again = totals(&written);
        assert!((again.stock_value - found.after.stock_value).abs() <= 1e-9 * again.stock_value, "{family:?}");
        assert!((again.fill_rate - found.after.fill_rate).abs() <= 1e-12 && again.fill_rate > wanted - 2e-4);
    }
    assert_eq!(company.run("compare", &["--scenario", "goal.csv", "--out", "differences.csv"]), Next::Exit(0));
}

#[test]
fn a_goal_that_cant_be_reached_says_so() {
    let company = Company::new();
    let out = ["--out", "goal.csv", "--figures", "figures.csv"];
    let goal = |asked: &[&str]| company.run("goal", &asked.iter().chain(&out).copied().collect::<Vec<_>>());
    assert_eq!(goal(&["--fill-rate", "99.9", "--stock-value", "1"]), Next::Exit(4), "as infeasible plans end");
    assert!(number(&company.rows("figures.csv")[1], "stock_value") > 1.0, "the nearest is written");
    // What makes no sense is refused before anything is forecast.
    for asked in [["--least", "orders"], ["--along", "luck"], ["--cut-stock", "120"], ["--fill-rate", "NaN"]] {
        assert_eq!(goal(&asked), Next::Exit(3), "{asked:?}");
    }
    assert_eq!(goal(&["--cut-stock", "5", "--stock-value", "100"]), Next::Exit(2));
    // Without a fill rate what is served now is kept.
    assert_eq!(goal(&[]), Next::Exit(0));
    let figures = company.rows("figures.csv");
    assert!(number(&figures[1], "fill_rate") > number(&figures[0], "fill_rate") - 0.0012);
    assert!(number(&figures[1], "stock_value") <= number(&figures[0], "stock_value") * (1.0 + 1e-6));
}

#[test]
fn sensitivities_on_the_command_line_are_the_pipelines() {
    let company = Company::new();
    let (portfolio, settings) = company.portfolio();
    let scenario = company.scenario("more.csv");
    let files = ["--scenario", "more.csv", "--out", "tornado.csv", "--sweep", "sweep.csv"];
    let asked = ["--figure", "stock-value", "--levers", "lead-time-days,service_level", "--steps", "4"];
    let words: Vec<&str> = files.iter().chain(&asked).copied().collect();
    assert_eq!(company.run("sensitivity", &words), Next::Exit(0));
    let figure = PortfolioFigure::StockValue;
    let (policy, silent) = (settings.policy, Control::silent());
    let (now, bars) = pipeline::tornado(&portfolio, &scenario, policy, figure, &silent).unwrap();
    let rows = company.rows("tornado.csv");
    assert_eq!(rows.len(), bars.len());
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(1.0);
    for (row, bar) in rows.iter().zip(&bars) {
        assert_eq!(row["lever"], bar.swing.lever.label().en);
        assert!(near(number(row, "at_low"), bar.low.get(figure)) && near(number(row, "at_high"), bar.high.get(figure)));
        assert!(near(number(row, "now"), now.get(figure)));
        assert!(near(number(row, "change_high"), bar.high.get(figure) - now.get(figure)));
    }
    let pair = (Swing::of(Lever::LeadTimeDays).unwrap().wider(), Swing::of(Lever::ServiceLevel).unwrap().wider());
    let swept = pipeline::two_way(&portfolio, (&scenario, policy), pair, 4, &silent).unwrap();
    let rows = company.rows("sweep.csv");
    assert_eq!(rows.len(), 16);
    for (row, totals) in rows.iter().zip(swept.totals.iter().flatten()) {
        assert!(
            near(number(row, "fill_rate"), totals.fill_rate) && near(number(row, "stock_cost"), totals.stock_cost())
        );
    }
    for levers in ["demand", "demand,demand", "demand,price", "demand,luck"] {
        let words = ["--out", "tornado.csv", "--levers", levers];
        assert_eq!(company.run("sensitivity", &words), Next::Exit(3), "{levers}");
    }
    assert_eq!(company.run("sensitivity", &["--out", "tornado.csv", "--figure", "luck"]), Next::Exit(3));
    assert_eq!(company.run("sensitivity", &["--out", "tornado.csv", "--steps", "2"]), Next::Exit(2));
}

#[test]
fn a_scenario_written_is_the_scenario_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.csv");
    let mut scenario = Scenario::base("Base").branch("s");
    let series = |item: &str, location: &str| Scope::Series(SeriesId::new(item, location));
    for (lever, scope, change) in [
        (Lever::Demand, Scope::All, Change::Scale(1.0 / 3.0)),
        (Lever::LeadTimeDays, series("a", ""), Change::Add(-2.5)),
        (Lever::SafetyStock, series("a@b", ""), Change::Set(1e-7)),
        (Lever::SafetyStock, series("a@b", "W 1"), Change::Clear),
        (Lever::Policy, Scope::Category("x, \"y\"".into()), Change::Policy(Policy::PeriodicUpTo)),
        (Lever::SafetyBasis, Scope::All, Change::Basis(SafetyBasis::FillRate)),
        (Lever::ServiceLevel, series("-c", "=W"), Change::Base),
        (Lever::SiteCapacity, Scope::Site("HAM".into()), Change::Set(12.0)),
        (Lever::LaneCost, Scope::Lane("HAM".into(), "C1".into()), Change::Scale(2.0)),
    ] {
        scenario.set(lever, scope, change);
    }
    pipeline::write_output(&Output::Scenario(&scenario), &path).unwrap();
    let (read, findings) = pipeline::load_scenario(&path).unwrap();
    assert!(findings.entries().is_empty());
    assert_eq!((read.overrides, &*read.name), (scenario.overrides, "s"));
}
