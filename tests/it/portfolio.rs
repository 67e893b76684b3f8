//! All items at once: the same figures as the plan's, goals that are kept, sensitivities that point the right way.

use planwright::control::Control;
use planwright::model::{Change, CostDriver, Horizon, Lever, PortfolioFigure, Scenario, Scope, StockPolicy};
use planwright::pipeline::{
    self, Goal, GoalFamily, Inputs, Layered, Models, Portfolio, ReadOptions, SWINGS, Settings, Sources, Swing,
};
use planwright::report::kpis;
use std::fmt::Write;

struct World {
    inputs: Inputs,
    layered: Layered,
    settings: Settings,
    portfolio: Portfolio,
    _folder: tempfile::TempDir,
}

impl World {
    /// Twelve items of weekly sales that vary, prices and costs of their own.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut sales = String::from("date,item,quantity\n");
        let mut items =
            String::from("item,category,unit_cost,price,lead_time_days,lead_time_sd_days,order_cost,on_hand\n");
        for k in 0..12_u64 {
            let on_hand = 60 + 20 * k;
            writeln!(
                items,
                "i{k},{},{},{},{},{},20,{on_hand}",
                ["a", "b", "c"][k as usize % 3],
                2 + k,
                5 + 2 * k,
                7 + k,
                k % 4
            )
            .unwrap();
            for week in 0..60_u64 {
                let day = jiff::civil::date(2023, 1, 2).checked_add(jiff::Span::new().weeks(week as i64)).unwrap();
                let noise = (week * 7919 + k * 104_729 + week * week * 31) % (10 + 3 * k);
                writeln!(sales, "{day},i{k},{}", 15 + 2 * k + noise).unwrap();
            }
        }
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (sales, items) = (write("sales.csv", &sales), write("items.csv", &items));
        let sources = Sources { items: Some(&items), ..Sources::sales(&sales) };
        let mut inputs = pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap();
        let models = Models::Named(vec!["ets".into()]);
        let settings = Settings { horizon: Horizon::new(26).unwrap(), models, paths: 200, ..Settings::default() };
        let layered = pipeline::forecast_inputs(&mut inputs, &settings, &Control::silent()).unwrap();
        let portfolio = Portfolio::prepare(&layered.final_forecasts(), &inputs.items, &Control::silent()).unwrap();
        Self { inputs, layered, settings, portfolio, _folder: folder }
    }

    fn totals(&self, scenario: &Scenario) -> planwright::model::PortfolioTotals {
        self.portfolio.evaluate(scenario, self.settings.policy, None, &Control::silent()).unwrap().totals
    }
}

fn scenarios() -> Vec<Scenario> {
    let mut list = vec![Scenario::base("Base")];
    let mut one = |lever, scope, change| {
        let mut scenario = Scenario::base("Base").branch("one");
        scenario.set(lever, scope, change);
        list.push(scenario);
    };
    one(Lever::Demand, Scope::All, Change::Scale(1.3));
    one(Lever::Demand, Scope::Category("a".into()), Change::Add(5.0));
    one(Lever::DemandDelay, Scope::All, Change::Set(2.0));
    one(Lever::ServiceLevel, Scope::All, Change::Set(0.99));
    one(Lever::LeadTimeDays, Scope::Category("b".into()), Change::Add(9.0));
    one(Lever::Policy, Scope::All, Change::Policy(planwright::model::Policy::PeriodicUpTo));
    list
}

#[test]
fn totals_are_those_of_the_plan() {
    let world = World::new();
    for scenario in scenarios() {
        let found = world.totals(&scenario);
        let plan =
            pipeline::plan(&world.inputs, &world.layered, &scenario, &world.settings, &Control::silent()).unwrap();
        let figures = kpis(&plan);
        let kpi = |key: &str| figures.iter().find(|k| k.key == key).and_then(|k| k.value).unwrap();
        let near = |name: &str, a: f64, b: f64| {
            assert!((a - b).abs() <= 1e-3 * b.abs().max(1.0), "{name}: {a} is not {b} under {:?}", scenario.overrides);
        };
        near("stock value", found.stock_value, kpi("stock_value"));
        near("fill rate", 100.0 * found.fill_rate, kpi("fill_rate"));
        near("orders", found.orders, kpi("orders"));
        for (driver, value) in [
            (CostDriver::Purchase, found.purchase),
            (CostDriver::Ordering, found.ordering),
            (CostDriver::Holding, found.holding),
            (CostDriver::Shortage, found.shortage_cost),
        ] {
            near("cost", value, plan.ledger.of(driver));
        }
    }
}

#[test]
fn what_stands_as_before_keeps_its_figures() {
    let world = World::new();
    let evaluate = |scenario: &Scenario, before| {
        world.portfolio.evaluate(scenario, StockPolicy::default(), before, &Control::silent()).unwrap()
    };
    let base = evaluate(&scenarios()[0], None);
    for scenario in scenarios() {
        let (fresh, reused) = (evaluate(&scenario, None), evaluate(&scenario, Some(&base)));
        assert_eq!(fresh.totals, reused.totals);
    }
}

#[test]
fn a_goal_is_kept_with_the_least_stock_of_its_family() {
    let world = World::new();
    let base = Scenario::base("Base");
    let now = world.totals(&base);
    let wanted = (now.fill_rate - 0.01).min(0.985);
    let goal = |family| Goal { least: PortfolioFigure::StockValue, fill_rate: Some(wanted), stock_value: None, family };
    let mut values = Vec::new();
    for family in GoalFamily::ALL {
        let found =
            pipeline::goal_seek(&world.portfolio, &base, world.settings.policy, &goal(family), &Control::silent())
                .unwrap();
        assert!(found.is_reached, "{family:?}: {}", found.words);
        assert!(found.after.fill_rate >= wanted - 1.1e-4, "{family:?}");
        // What is said is what the overrides give.
        let mut scenario = base.branch("goal");
        scenario.set_all(found.changes.clone());
        let set = world.totals(&scenario);
        assert!((set.stock_value - found.after.stock_value).abs() <= 1e-6 * set.stock_value, "{family:?}");
        assert!((set.fill_rate - found.after.fill_rate).abs() <= 1e-9);
        // Along a family service and stock rise together.
        assert!(found.curve.windows(2).all(|w| w[1].stock_value >= w[0].stock_value - 1e-6), "{family:?}");
        assert!(found.curve.windows(2).all(|w| w[1].fill_rate >= w[0].fill_rate - 2e-3), "{family:?}");
        values.push(found.after.stock_value);
    }
    assert!(
        values[0] <= values[1] * 1.01,
        "where it pays most, {}, is no dearer than all alike, {}",
        values[0],
        values[1]
    );
}

#[test]
fn a_goal_out_of_reach_says_what_binds() {
    let world = World::new();
    let base = Scenario::base("Base");
    let goal = Goal {
        least: PortfolioFigure::StockValue,
        fill_rate: Some(0.999),
        stock_value: Some(1.0),
        family: GoalFamily::Alike,
    };
    let found = pipeline::goal_seek(&world.portfolio, &base, world.settings.policy, &goal, &Control::silent()).unwrap();
    assert!(!found.is_reached);
    assert!(found.words.en.contains("can't") && !found.words.zh.is_empty(), "{}", found.words);
    let cheap =
        Goal { least: PortfolioFigure::StockCost, fill_rate: None, stock_value: None, family: GoalFamily::Alike };
    let found =
        pipeline::goal_seek(&world.portfolio, &base, world.settings.policy, &cheap, &Control::silent()).unwrap();
    let dearer = found.curve.iter().all(|t| t.stock_cost() >= found.after.stock_cost() - 1e-6);
    assert!(dearer, "no point of the curve is cheaper than what was found");
}

#[test]
fn levers_move_what_they_should() {
    let world = World::new();
    let base = Scenario::base("Base");
    let policy = world.settings.policy;
    let (now, bars) =
        pipeline::tornado(&world.portfolio, &base, policy, PortfolioFigure::StockCost, &Control::silent()).unwrap();
    assert_eq!(bars.len(), SWINGS.len());
    assert!(bars.windows(2).all(|w| w[0].width(PortfolioFigure::StockCost) >= w[1].width(PortfolioFigure::StockCost)));
    let bar = |lever| bars.iter().find(|b| b.swing.lever == lever).unwrap();
    assert!((bar(Lever::HoldingRate).high.holding / now.holding - 1.2).abs() < 0.15, "holding follows its rate");
    assert!((bar(Lever::ShortageCost).low.shortage_cost / now.shortage_cost.max(1e-9) - 0.8).abs() < 1e-6);
    assert!(bar(Lever::ServiceLevel).high.stock_value > now.stock_value);
    assert!(bar(Lever::Demand).high.purchase > bar(Lever::Demand).low.purchase);
    let sweep = pipeline::two_way(
        &world.portfolio,
        (&base, policy),
        (Swing { lever: Lever::ServiceLevel, ends: (-0.1, 0.03) }, Swing { lever: Lever::Demand, ends: (0.8, 1.2) }),
        5,
        &Control::silent(),
    )
    .unwrap();
    assert_eq!((sweep.totals.len(), sweep.totals[0].len()), (5, 5));
    for line in sweep.totals.windows(2) {
        assert!(line[1][2].stock_value > line[0][2].stock_value, "more service, more stock");
    }
    // The cell where nothing is moved is what stands now.
    assert!((sweep.column_steps[2] - 1.0).abs() < 1e-12);
}
