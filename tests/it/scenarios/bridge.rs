//! Two scenarios against each other: differences down to the item, and the bridge of cost.

#![allow(clippy::float_cmp, reason = "sums on a binary grid are exact")]

use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::model::{
    BridgeCause, Change, CostBridge, CostDriver, Lever, Override, Plan, Scenario, Scope, SeriesId,
};
use planwright::pipeline::{self, Inputs, Layered, Models, Planned, ReadOptions, Settings, Sources};
use planwright::report::{Cell, Table, bridge_table, difference_table, figures_table, kpis, periods_table};
use planwright::words::Text;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::ffi::OsString;
use std::fmt::Write;
use std::path::PathBuf;

/// Six items in two categories at one place, and a network with one site.
struct World {
    folder: tempfile::TempDir,
    inputs: Inputs,
    layered: Layered,
    settings: Settings,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sales = String::from("date,item,quantity\n");
        let mut items = String::from("item,category,unit_cost,price,lead_time_days,order_cost,on_hand\n");
        for k in 0..6 {
            writeln!(items, "i{k},{},{},{},{},25,{}", ["hot", "cold"][k % 2], 2 + k, 4 + 2 * k, 7 + k, 30 * k).unwrap();
            for month in 0..30 {
                let (year, of_year) = (2022 + month / 12, month % 12 + 1);
                let noise = ((month + 1) * (k + 3) * 7) % 11;
                writeln!(sales, "{year}-{of_year:02}-01,i{k},{}", 20 + 5 * k + noise).unwrap();
            }
        }
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            path
        };
        let (sales, items) = (write("sales.csv", &sales), write("items.csv", &items));
        write("network/sites.csv", "id,capacity\nDC,500\n");
        write("network/customers.csv", "id\nOslo\n");
        write("network/lanes.csv", "from,to,unit_cost\nDC,Oslo,1.5\n");
        let network = folder.path().join("network");
        let sources = Sources { items: Some(&items), network: Some(&network), ..Sources::sales(&sales) };
        let mut inputs = pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap();
        let horizon = planwright::model::Horizon::new(4).unwrap();
        let models = Models::Named(vec!["naive".into()]);
        let settings = Settings { horizon, models, paths: 100, ..Settings::default() };
        let layered = pipeline::forecast_inputs(&mut inputs, &settings, &Control::silent()).unwrap();
        Self { folder, inputs, layered, settings }
    }

    fn plan(&self, scenario: &Scenario) -> Plan {
        pipeline::plan(&self.inputs, &self.layered, scenario, &self.settings, &Control::silent()).unwrap()
    }

    fn bridge(&self, first: &Scenario, second: &Scenario) -> (Plan, Plan, CostBridge) {
        let (a, b) = (self.plan(first), self.plan(second));
        let pair = (Planned { scenario: first, plan: &a }, Planned { scenario: second, plan: &b });
        let bridge = pipeline::bridge(&self.inputs, &self.layered, pair, &self.settings, &Control::silent()).unwrap();
        (a, b, bridge)
    }
}

fn of(item: usize) -> Scope {
    Scope::Series(SeriesId::new(format!("i{item}"), ""))
}

fn number(table: &Table, row: usize, key: &str) -> f64 {
    table.rows[row][table.column(key).unwrap()].as_number().unwrap()
}

fn check_sums(a: &Plan, b: &Plan, bridge: &CostBridge) {
    let total = |costs: &[f64]| costs.iter().sum::<f64>();
    let whole = bridge.change();
    // Exactly: not a bit is lost.
    let parts: f64 = bridge.parts.iter().map(|p| p.change).sum();
    assert_eq!(parts + 0.0, whole);
    assert_eq!(total(&bridge.before) + parts, total(&bridge.after));
    for (d, driver) in CostDriver::ALL.into_iter().enumerate() {
        let change: f64 = bridge.parts.iter().map(|p| p.by_driver[d]).sum();
        assert_eq!(change, bridge.after[d] - bridge.before[d]);
        assert!((bridge.after[d] - b.ledger.of(driver)).abs() <= 1e-9 * b.ledger.total().max(1.0), "{driver:?}");
    }
    for part in &bridge.parts {
        assert_eq!(part.by_driver.iter().sum::<f64>(), part.change);
    }
    let close = |x: f64, y: f64| (x - y).abs() <= 1e-9 * y.abs().max(1.0);
    assert!(close(total(&bridge.before), a.ledger.total()) && close(total(&bridge.after), b.ledger.total()));
}

#[test]
fn each_step_is_what_planning_everything_again_would_say() {
    let world = World::new();
    let first = Scenario::with_overrides("a", vec![said(Lever::LeadTimeDays, of(1), Change::Add(5.0))]);
    let changes = [
        (Lever::ServiceLevel, Scope::All, Change::Set(0.99)),
        (Lever::Demand, Scope::Category("hot".into()), Change::Scale(1.3)),
        (Lever::HoldingRate, of(3), Change::Set(0.5)),
        (Lever::LaneCost, Scope::All, Change::Scale(2.0)),
    ];
    let second = Scenario::with_overrides("b", changes.iter().cloned().map(|(l, s, c)| said(l, s, c)).collect());
    let (a, b, bridge) = world.bridge(&first, &second);
    check_sums(&a, &b, &bridge);
    let names: Vec<String> = bridge.parts.iter().map(|p| p.cause.label().en).collect();
    let expected = [
        "Service level: everything",
        "Demand: category hot",
        "Holding rate: i3",
        "Lead time: i1",
        "Transport and unmet demand",
    ];
    assert_eq!(names, expected, "as b applies them, then what only a has");
    // The same scenarios planned whole, one change after the other; only stock costs count until the network's part.
    let stock = |plan: &Plan| {
        let drivers = [CostDriver::Purchase, CostDriver::Ordering, CostDriver::Holding, CostDriver::Shortage];
        drivers.iter().map(|d| plan.ledger.of(*d)).sum::<f64>()
    };
    let mut list: Vec<Override> = first.overrides.to_vec();
    let mut before = stock(&a);
    for (k, part) in bridge.parts.iter().take(4).enumerate() {
        match changes.get(k).filter(|_| k < 3) {
            Some((l, s, c)) => list.push(said(*l, s.clone(), *c)),
            None => list.retain(|o| o.lever != Lever::LeadTimeDays),
        }
        let after = stock(&world.plan(&Scenario::with_overrides("step", list.clone())));
        assert!((part.change - (after - before)).abs() < 1e-6, "{}: {} {}", names[k], part.change, after - before);
        before = after;
    }
    let network = [CostDriver::TransportVariable, CostDriver::TransportFixed, CostDriver::UnmetDemand];
    let network: f64 = network.iter().map(|d| b.ledger.of(*d) - a.ledger.of(*d)).sum();
    assert!((bridge.parts[4].change - network).abs() < 1e-6 && network != 0.0);
    let table = bridge_table(&bridge, "EUR");
    assert_eq!(table.rows.len(), 6, "five steps and the total");
    assert_eq!(number(&table, 5, "change"), bridge.change());
    assert_eq!(number(&table, 4, "total"), number(&table, 5, "total"));
}

fn said(lever: Lever, scope: Scope, change: Change) -> Override {
    Override { lever, scope, change, seen: planwright::model::Seen::Unknown }
}

#[test]
fn parts_sum_to_the_whole_whatever_is_changed() {
    let world = World::new();
    let lever = prop::sample::select(vec![
        Lever::Demand,
        Lever::LeadTimeDays,
        Lever::ServiceLevel,
        Lever::SafetyStock,
        Lever::UnitCost,
        Lever::OrderCost,
        Lever::LaneCost,
        Lever::SiteCapacity,
    ]);
    let scope = prop_oneof![
        Just(Scope::All),
        Just(Scope::Category("hot".into())),
        (0usize..6).prop_map(of),
        Just(Scope::Site("DC".into())),
    ];
    let change = prop_oneof![
        (0.0..60.0f64).prop_map(Change::Set),
        (0.1..2.0f64).prop_map(Change::Scale),
        Just(Change::Clear),
        Just(Change::Base),
    ];
    let one = (lever, scope, change).prop_map(|(l, s, c)| said(l, s, c));
    let list = || prop::collection::vec(one.clone(), 0..5);
    let mut runner = TestRunner::new(Config { cases: 12, ..Config::default() });
    let checked = runner.run(&(list(), list()), |(x, y)| {
        let (first, second) = (Scenario::with_overrides("a", x), Scenario::with_overrides("b", y));
        let (a, b, bridge) = world.bridge(&first, &second);
        check_sums(&a, &b, &bridge);
        let items = difference_table(&a, &b);
        let change = items.column("difference").unwrap();
        let costs: f64 = (0..items.rows.len())
            .filter(|r| matches!(&items.rows[*r][2], Cell::Words(t) if t.en.starts_with("Cost")))
            .map(|r| items.rows[r][change].as_number().unwrap())
            .sum();
        let whole = b.ledger.total() - a.ledger.total();
        prop_assert!((costs - whole).abs() < 1e-6 * whole.abs().max(1.0), "{costs} {whole}");
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn an_order_that_counts_is_a_part_of_its_own() {
    let world = World::new();
    let (wide, narrow) =
        (said(Lever::LeadTimeDays, Scope::All, Change::Set(60.0)), said(Lever::LeadTimeDays, of(2), Change::Set(1.0)));
    let first = Scenario::with_overrides("a", vec![wide.clone(), narrow.clone()]);
    let second = Scenario::with_overrides("b", vec![narrow, wide]);
    let (a, b, bridge) = world.bridge(&first, &second);
    check_sums(&a, &b, &bridge);
    assert_eq!(bridge.parts.iter().map(|p| &p.cause).next(), Some(&BridgeCause::Rest));
}

#[test]
fn many_single_items_are_one_step() {
    let world = World::new();
    let many: Vec<Override> = (0..20).map(|k| said(Lever::LeadTimeDays, of(k), Change::Set(20.0))).collect();
    let (a, b, bridge) = world.bridge(&Scenario::base("Base"), &Scenario::with_overrides("b", many));
    check_sums(&a, &b, &bridge);
    assert_eq!(bridge.parts[0].cause.label().en, "Lead time: 20 items");
}

#[test]
fn differences_name_the_item_and_stand_by_money() {
    let world = World::new();
    let base = world.plan(&Scenario::base("Base"));
    assert!(difference_table(&base, &base).rows.is_empty());
    let change =
        vec![said(Lever::SafetyStock, of(5), Change::Set(400.0)), said(Lever::SafetyStock, of(0), Change::Set(90.0))];
    let other = world.plan(&Scenario::with_overrides("safer", change));
    let table = difference_table(&base, &other);
    let items: std::collections::BTreeSet<String> = table
        .rows
        .iter()
        .filter_map(|r| if let Cell::Code(code) = &r[0] { Some(code.clone()) } else { None })
        .collect();
    assert_eq!(items.into_iter().collect::<Vec<_>>(), ["i0", "i5"]);
    let money = table.column("money").unwrap();
    let amounts: Vec<f64> = table.rows.iter().map(|r| r[money].as_number().unwrap().abs()).collect();
    assert!(amounts.is_sorted_by(|a, b| a >= b), "{amounts:?}");
    let row = |item: &str, measure: &str| {
        let is = |r: &&Vec<Cell>| r[0] == Cell::code(item) && matches!(&r[2], Cell::Words(t) if t.en == measure);
        table.rows.iter().find(is).unwrap()
    };
    let safety = row("i5", "Safety stock");
    assert_eq!(safety[4], Cell::Number(400.0));
    let (from, to) = (safety[3].as_number().unwrap(), 400.0);
    assert!((safety[5].as_number().unwrap() - (to - from)).abs() < 1e-9);
    assert!((safety[6].as_number().unwrap() - (to - from) * 7.0).abs() < 1e-9, "at the unit cost of i5");
    let value = row("i5", "Stock value, mean");
    let k = base.items.iter().position(|i| &*i.id.item == "i5").unwrap();
    let expected = (other.stock[k].average_stock - base.stock[k].average_stock) * 7.0;
    assert!((value[6].as_number().unwrap() - expected).abs() < 1e-9);
    assert!(table.columns.iter().all(|c| !c.header.en.is_empty() && !c.header.zh.is_empty()));
}

#[test]
fn figures_and_periods_stand_side_by_side() {
    let world = World::new();
    let base = world.plan(&Scenario::base("Base"));
    let other =
        world.plan(&Scenario::with_overrides("more", vec![said(Lever::Demand, Scope::All, Change::Scale(1.5))]));
    let table = figures_table(&[
        (Text::new("Base", "基准方案"), &base),
        (Text::same("more"), &other),
        (Text::same("again"), &base),
    ]);
    assert_eq!(table.columns.iter().skip(2).map(|c| &*c.header.en).collect::<Vec<_>>(), ["Base", "more", "again"]);
    for (row, (a, b)) in table.rows.iter().zip(kpis(&base).into_iter().zip(kpis(&other))) {
        assert_eq!(
            (row[2].as_number(), row[3].as_number(), row[4].as_number()),
            (a.value, b.value, a.value),
            "{}",
            a.key
        );
    }
    let periods = periods_table(&base, &other);
    assert_eq!(periods.rows.len(), 4);
    let sum = |key: &str| (0..4).map(|r| number(&periods, r, key)).sum::<f64>();
    let orders = |plan: &Plan| {
        let all = plan.stock.iter().zip(&plan.items);
        all.flat_map(|(s, i)| s.orders.iter().map(|o| o.quantity * i.unit_cost)).sum::<f64>()
    };
    assert!((sum("orders_first") - orders(&base)).abs() < 1e-6 && (sum("orders_second") - orders(&other)).abs() < 1e-6);
    let out = |plan: &Plan| plan.stock.iter().flat_map(|s| &s.stockout_by_period).sum::<f64>();
    assert!((sum("out_second") - out(&other)).abs() < 1e-9);
}

#[test]
fn the_command_line_compares() {
    let world = World::new();
    let path = |name: &str| world.folder.path().join(name).display().to_string();
    let write = |name: &str, rows: &str| {
        std::fs::write(world.folder.path().join(name), format!("lever,scope,change,value\n{rows}")).unwrap();
        path(name)
    };
    let (calm, storm) = (
        write("calm.csv", "service_level,all,set,0.9\n"),
        write("storm.csv", "demand,category:hot,scale,1.5\nservice_level,all,base,\n"),
    );
    let (sales, items, network) = (path("sales.csv"), path("items.csv"), path("network"));
    let (out, bridge, figures) = (path("d.csv"), path("b.csv"), path("f.csv"));
    let words =
        ["planwright", "compare", "--sales", &sales, "--items", &items, "--network", &network, "--horizon", "4"];
    let rest = [
        "--scenario",
        &calm,
        "--scenario",
        &storm,
        "--out",
        &out,
        "--bridge",
        &bridge,
        "--figures",
        &figures,
        "--json",
    ];
    assert_eq!(main(words.iter().chain(&rest).map(OsString::from)), Next::Exit(0));
    let read = |path: &str| std::fs::read_to_string(PathBuf::from(path)).unwrap();
    let rows = |text: &str| text.lines().count() - 1;
    assert!(
        rows(&read(&out)) > 6
            && read(&out).contains("item,location,measure,first,second,difference,money,unit,relative")
    );
    assert!(read(&bridge).contains("Service level: everything") && read(&bridge).contains("Demand: category hot"));
    assert!(read(&figures).contains("Total cost"));
    // One scenario is compared with the data as it is.
    let one = ["--scenario", &storm, "--out", &out];
    assert_eq!(main(words.iter().chain(&one).map(OsString::from)), Next::Exit(0));
    let three = ["--scenario", &calm, "--scenario", &calm, "--scenario", &calm, "--out", &out];
    assert_eq!(main(words.iter().chain(&three).map(OsString::from)), Next::Exit(1));
}
