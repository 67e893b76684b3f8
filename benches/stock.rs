//! Stock plans: what a slider costs per frame, and a whole panel.

use planwright::control::Control;
use planwright::inventory::{
    DemandRows, Levels, LotRule, PreparedDemand, ReviewMoment, Scratch, Setting, Workspace, plan, simulate_rows,
};
use planwright::model::{
    Change, Forecast, Frequency, Item, ItemTable, Lever, Override, Period, SamplePaths, Scenario, Scope, Seen,
    SeriesForecast, SeriesId, ShortageRule, StockPolicy,
};
use planwright::pipeline::Portfolio;
use planwright::words::Text;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};
use rayon::prelude::*;
use std::sync::Arc;

fn main() {
    divan::main();
}

fn forecast(seed: u64, paths: usize, periods: usize) -> Forecast {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let normal = Normal::new(50.0_f32, 12.0).expect("a normal distribution");
    let values = (0..paths * periods).map(|_| normal.sample(&mut rng).max(0.0)).collect();
    Forecast {
        id: SeriesId::new(format!("item {seed}"), ""),
        model: "ets".into(),
        start: Period::parse("2024-W01").expect("a week"),
        mean: vec![50.0; periods],
        intervals: Vec::new(),
        paths: Arc::new(SamplePaths::new(periods, values)),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: Text::default(),
    }
}

fn item(lead_time_days: f64, lead_time_sd_days: f64) -> Item {
    let (unit_cost, on_hand, multiple) = (4.0, 180.0, 12.0);
    let base = Item::with_defaults(SeriesId::new("item", ""));
    Item { lead_time_days, lead_time_sd_days, unit_cost, on_hand, multiple, ..base }
}

/// One item, 1,000 paths of 26 weeks: must stay under 2 ms, it runs in a frame while a slider moves.
#[divan::bench(args = [(14.0, 0.0), (14.0, 3.0), (10.0, 0.0), (3.0, 0.0)])]
fn one_item(bencher: divan::Bencher, (days, sd): (f64, f64)) {
    let (forecast, item) = (forecast(1, 1000, 26), item(days, sd));
    assert_eq!(forecast.start.frequency(), Frequency::Week);
    bencher.bench(|| plan(&forecast, &item, &StockPolicy::default()));
}

/// Service against stock of one item as its safety stock grows: 25 safety stocks over 1,000 paths of 26 weeks.
#[divan::bench(args = [(14.0, 0.0), (14.0, 3.0)])]
fn service_curve_of_one_item(bencher: divan::Bencher, (days, sd): (f64, f64)) {
    let (forecast, item) = (forecast(1, 1000, 26), item(days, sd));
    bencher.bench(|| planwright::pipeline::service_curve(&forecast, &item, StockPolicy::default()));
}

/// 1,000 items, 1,000 paths of 26 weeks each, on one core.
#[divan::bench(sample_count = 5)]
fn panel_of_1000_items(bencher: divan::Bencher) {
    let (shared, item) = (forecast(1, 1000, 26), item(14.0, 3.0));
    bencher.bench(|| (0..1000).map(|_| plan(&shared, &item, &StockPolicy::default()).fill_rate).sum::<f64>());
}

/// The walk side by side over a whole panel: 10,000 items × 1,000 paths × 26 weeks, (s, S) with lost sales and a lead time of two
/// weeks, on all cores; every item has its own policy, and a tenth of them have their own demand.
#[divan::bench(args = [0.0, 3.0], sample_count = 10, sample_size = 1)]
fn panel_side_by_side(bencher: divan::Bencher, sd: f64) {
    const ITEMS: usize = 10_000;
    let rows: Vec<DemandRows> = (0..1000).map(|seed| DemandRows::new(&forecast(seed, 1000, 26).paths)).collect();
    let setting = Setting {
        on_hand: 180.0,
        on_order: 0.0,
        lead_periods: 2.0,
        lead_sd_periods: sd / 7.0,
        review_periods: 1,
        moment: ReviewMoment::AfterDemand,
        shortage: ShortageRule::LostSales,
        lot: LotRule::default(),
        steps_per_period: 1,
    };
    bencher.bench(|| {
        let of = |workspace: &mut (Workspace, Vec<f64>), k: usize| {
            let levels = Levels { reorder_point: 120.0 + (k % 50) as f64, max_level: 260.0 + (k % 70) as f64 };
            let (workspace, stockouts) = workspace;
            simulate_rows(&rows[k % rows.len()], &levels, &setting, stockouts, workspace).fill_rate()
        };
        let fresh = || (Workspace::default(), vec![0.0; 26]);
        (0..ITEMS).into_par_iter().map_init(fresh, of).sum::<f64>()
    });
}

/// The items of the panel, each with demand, lead time, cost and lot of its own; half have lead times that vary.
fn portfolio(items: usize) -> Portfolio {
    let shared: Vec<Forecast> = (0..200).map(|seed| forecast(seed, 1000, 26)).collect();
    let one = |k: usize| SeriesForecast {
        id: SeriesId::new(format!("item {k}"), ""),
        chosen: 0,
        candidates: vec![Forecast { id: SeriesId::new(format!("item {k}"), ""), ..shared[k % shared.len()].clone() }],
        scores: Vec::new(),
        cutoffs: Vec::new(),
        automatic: None,
        why: Text::default(),
    };
    let master = |k: usize| Item {
        id: SeriesId::new(format!("item {k}"), ""),
        multiple: if k.is_multiple_of(3) { 12.0 } else { 0.0 },
        on_hand: (k % 300) as f64,
        order_cost: 20.0,
        holding_rate: 0.25,
        ..item(7.0 + (k % 20) as f64, if k.is_multiple_of(2) { 2.0 } else { 0.0 })
    };
    let table = ItemTable::new((0..items).map(master));
    let forecasts = Arc::new((0..items).map(one).collect());
    Portfolio::prepare(&forecasts, &table, &Control::silent()).expect("nobody cancels")
}

/// All items decided and walked again, as a service level is dragged over everything: 10,000 items × 1,000 paths × 26 weeks, all
/// cores.
#[divan::bench(args = [1_000, 10_000], sample_count = 10, sample_size = 1)]
fn portfolio_while_dragging(bencher: divan::Bencher, items: usize) {
    let portfolio = portfolio(items);
    let mut level = 0.9;
    bencher.bench_local(|| {
        level = if level > 0.98 { 0.9 } else { level + 0.005 };
        let change =
            Override { lever: Lever::ServiceLevel, scope: Scope::All, change: Change::Set(level), seen: Seen::Unknown };
        let scenario = Scenario::with_overrides("drag", vec![change]);
        portfolio.evaluate(&scenario, StockPolicy::default(), None, &Control::silent()).map(|f| f.totals.fill_rate)
    });
}

/// One item decided and walked again, prepared.
#[divan::bench(args = [(14.0, 0.0), (14.0, 3.0), (10.0, 0.0), (3.0, 0.0)])]
fn one_prepared_item(bencher: divan::Bencher, (days, sd): (f64, f64)) {
    let (prepared, item) = (PreparedDemand::new(&forecast(1, 1000, 26)), item(days, sd));
    let mut scratch = Scratch::default();
    bencher.bench_local(|| prepared.evaluate(1.0, &item, &StockPolicy::default(), &mut scratch).fill_rate);
}
