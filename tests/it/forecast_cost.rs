//! What forecasts would have cost: the walk by hand, properties of it, sums over a panel, files, session and command line.

use crate::bench::Bench;
use planwright::cli::{Next, main};
use planwright::control::Control;
use planwright::inventory::{HoldoutCosts, Origin, Stated, walk_holdout};
use planwright::model::{
    Change, CostBasis, Cutoff, CutoffForecast, Forecast, ForecastCosts, Frequency, Item, Lever, ModelScore, Period,
    Policy, SamplePaths, Scope, SeriesCost, SeriesForecast, SeriesId, ShortageRule, StockPolicy,
};
use planwright::pipeline::{self, forecast_costs, series_cost};
use planwright::report::{Table, forecast_cost_models_table, forecast_cost_table};
use planwright::session::{Command, Gesture, PanelCosts};
use planwright::words::Text;
use proptest::prelude::*;
use std::ffi::OsString;
use std::fmt::Write;
use std::sync::Arc;

const HELD: f64 = 1.2;
const LOST: StockPolicy =
    StockPolicy { rule: planwright::model::ReorderRule::Standard, shortage: ShortageRule::LostSales };

/// Months; a unit costs 1 and is held for 1.2 a year, 0.1 a month; an order costs 3, a unit short 5. Looked at every month,
/// ordered up to what the next month is expected to take, there at once.
fn item() -> Item {
    Item {
        unit_cost: 1.0,
        holding_rate: HELD,
        order_cost: 3.0,
        shortage_cost: 5.0,
        lead_time_days: 0.0,
        review_period_days: Frequency::Month.days(),
        policy: Policy::PeriodicUpTo,
        safety_stock: Some(0.0),
        ..Item::with_defaults(SeriesId::new("tea", ""))
    }
}

fn month(k: i64) -> Period {
    Period::parse("2024-01").unwrap().plus(k)
}

/// Walks candidates, each a mean per month, over demand in origins of two months.
fn walk(demand: &[f64], candidates: &[Vec<f64>], item: &Item) -> HoldoutCosts {
    let origins: Vec<Origin<'_>> =
        demand.chunks(2).enumerate().map(|(k, actual)| Origin { start: month(2 * k as i64), actual }).collect();
    let stated: Vec<Vec<Stated<'_>>> =
        candidates.iter().map(|c| c.chunks(2).map(|mean| Stated { mean, spread: &[] }).collect()).collect();
    walk_holdout(&origins, &stated, 0, (item, LOST)).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn a_small_case_by_hand() {
    // The first says 10 where 8, 12, 10, 6 come. It starts with 10 and orders up to 10 each month.
    let found = walk(&[8.0, 12.0, 10.0, 6.0], &[vec![10.0; 4]], &item());
    assert_eq!((found.opening, found.periods, found.unknown, found.basis), (10.0, 4, 0, CostBasis::Total));
    let own = found.candidates[0].own;
    // Months end with 2, 0 (2 short), 0, 4; stock falls evenly: 6, 10·10/(2·12), 5, 7. Orders of 8, 10 and 10 in months 2 to 4.
    let stock = 6.0 + 100.0 / 24.0 + 5.0 + 7.0;
    assert!(close(own.average_stock, stock / 4.0), "{own:?}");
    assert_eq!((own.demand, own.short, own.orders), (36.0, 2.0, 3));
    assert!(close(own.holding, 0.1 * stock) && close(own.ordering, 9.0) && close(own.shortage, 10.0));
    assert!(close(own.fill_rate(), 34.0 / 36.0) && close(own.total(), 0.1 * stock + 19.0));
    // With no unit less would as much be served: month two takes all.
    assert!(found.candidates[0].buffer.unwrap().abs() < 1e-6, "{:?}", found.candidates[0]);
}

#[test]
fn a_later_origin_steers_later_months_only() {
    // From month three on it says 20: the third morning finds nothing and orders 20.
    let found = walk(&[8.0, 12.0, 10.0, 6.0], &[vec![10.0; 4], vec![10.0, 10.0, 20.0, 20.0]], &item());
    let (a, b) = (found.candidates[0].own, found.candidates[1].own);
    assert_eq!((a.short, b.short, b.orders), (2.0, 2.0, 3));
    // Months three and four hold 10 more each.
    assert!(close(b.average_stock - a.average_stock, 20.0 / 4.0), "{a:?} {b:?}");
}

#[test]
fn a_spread_of_sums_makes_safety_stock() {
    let item = Item { safety_stock: None, service_level: 0.95, ..item() };
    let origins = [Origin { start: month(0), actual: &[10.0, 10.0] }];
    let said = |spread| vec![Stated { mean: &[10.0, 10.0], spread }];
    let found = walk_holdout(&origins, &[said(&[4.0, 6.0])], 0, (&item, LOST)).unwrap();
    // z(0.95) = 1.6449: the review period is one month.
    assert!((found.opening - (10.0 + 1.644_853_627 * 4.0)).abs() < 1e-3, "{}", found.opening);
    let certain = walk_holdout(&origins, &[said(&[])], 0, (&item, LOST)).unwrap();
    assert!((certain.opening - 10.0).abs() < 1e-3);
}

#[test]
fn a_perfect_forecast_costs_less_than_a_biased_one() {
    let demand: Vec<f64> = (0..12).map(|t| 50.0 + 10.0 * f64::from(t % 4)).collect();
    let biased = |by: f64| demand.iter().map(|d| d * by).collect::<Vec<f64>>();
    for shortage in [5.0, 0.0] {
        let item = Item { shortage_cost: shortage, ..item() };
        // An opening stock of the first month's demand for all.
        let found = walk(&demand, &[demand.clone(), biased(1.3), biased(0.7)], &item);
        let [perfect, high, low] = [0, 1, 2].map(|k| found.candidates[k]);
        assert!(perfect.own.short < 1e-9, "{perfect:?}");
        assert!(high.own.holding > perfect.own.holding && low.own.short > 0.0);
        let cost = |c: planwright::model::CandidateCost| c.compared.unwrap();
        assert!(cost(perfect) < cost(high) - 1.0, "{found:?}");
        assert!(cost(perfect) < cost(low) - 1.0, "{found:?}");
    }
}

#[test]
fn without_a_shortage_cost_an_empty_shelf_does_not_win() {
    let item = Item { shortage_cost: 0.0, order_cost: 0.0, ..item() };
    let demand = [40.0, 60.0, 50.0, 45.0, 55.0, 50.0];
    let found = walk(&demand, &[vec![50.0; 6], vec![0.0; 6]], &item);
    assert_eq!(found.basis, CostBasis::SameService);
    let [good, empty] = [0, 1].map(|k| found.candidates[k]);
    assert!(empty.own.total() < good.own.total(), "cost alone rewards whoever orders nothing");
    // Nothing plus 50 is 50.
    assert!(empty.own.fill_rate() < 0.2 && close(empty.same_service.unwrap().fill_rate(), good.own.fill_rate()));
    assert!((empty.buffer.unwrap() - good.buffer.unwrap() - 50.0).abs() < 1e-4, "{empty:?} {good:?}");
    assert!(close(empty.compared.unwrap(), good.compared.unwrap()));
    // What isn't held for money is compared by stock.
    let found = walk(&demand, &[vec![50.0; 6], vec![90.0; 6]], &Item { unit_cost: 0.0, ..item });
    assert_eq!(found.basis, CostBasis::StockAtSameService);
    assert_eq!(found.candidates[1].compared, found.candidates[1].same_service.map(|s| s.average_stock));
}

#[test]
fn the_reference_gives_back_what_it_did_not_need() {
    // It always has 100 for 10: nine tenths are idle, and no service is lost by giving them back.
    let item = Item { shortage_cost: 0.0, ..item() };
    let found = walk(&[10.0; 8], &[vec![100.0; 8], vec![10.0; 8]], &item);
    let [much, right] = [0, 1].map(|k| found.candidates[k]);
    assert_eq!((much.own.fill_rate(), right.own.fill_rate()), (1.0, 1.0));
    assert!(much.buffer.unwrap() < -80.0 && close(much.compared.unwrap(), right.compared.unwrap()), "{found:?}");
}

#[test]
fn time_stands_still_where_demand_is_not_known() {
    let item = item();
    let with = walk(&[8.0, 12.0, f64::NAN, 10.0], &[vec![10.0; 4], vec![7.0, 9.0, 1000.0, 5.0]], &item);
    let without = walk(&[8.0, 12.0, 10.0], &[vec![10.0; 3], vec![7.0, 9.0, 5.0]], &item);
    assert_eq!((with.unknown, with.periods, without.periods), (1, 3, 3));
    assert_eq!(with.candidates, without.candidates);
    let origins = [Origin { start: month(0), actual: &[f64::NAN, f64::INFINITY] }];
    let said = vec![vec![Stated { mean: &[1.0, 1.0], spread: &[] }]];
    assert!(walk_holdout(&origins, &said, 0, (&item, LOST)).is_none());
    assert!(walk_holdout(&origins, &[], 0, (&item, LOST)).is_none());
}

#[test]
fn lots_follow_the_forecast_of_each_origin() {
    // Lots of a month's demand: 10 at first, 30 from month three on, whole ones of them.
    let item = Item {
        policy: Policy::ReorderLot,
        review_period_days: 0.0,
        lead_time_days: Frequency::Month.days(),
        order_cost: 0.0,
        ..item()
    };
    let found = walk(&[10.0, 10.0, 30.0, 30.0], &[vec![10.0, 10.0, 30.0, 30.0]], &item);
    let own = found.candidates[0].own;
    // It opens with s + Q = 20. Month one ends with 10 = s: 10 more. Month two ends with 10, s is 30 now: 30 more, 40 for
    // month three, which ends with 10: 30 more, again 40 in month four, ending with 10 and the last order.
    assert_eq!((found.opening, own.short, own.orders), (20.0, 0.0, 4));
    assert!(close(own.average_stock, (15.0 + 15.0 + 25.0 + 25.0) / 4.0), "{own:?}");
}

#[test]
fn backorders_wait_and_lost_sales_do_not() {
    let origins = [Origin { start: month(0), actual: &[10.0, 30.0, 10.0, 10.0] }];
    let said = vec![vec![Stated { mean: &[10.0; 4], spread: &[] }]];
    let of = |shortage| {
        let policy = StockPolicy { shortage, ..StockPolicy::default() };
        walk_holdout(&origins, &said, 0, (&item(), policy)).unwrap().candidates[0].own
    };
    let (lost, waits) = (of(ShortageRule::LostSales), of(ShortageRule::Backorder));
    assert_eq!((lost.short, waits.short, lost.orders, waits.orders), (20.0, 20.0, 3, 3));
    assert!(close(lost.average_stock, waits.average_stock), "both are filled up to 10");
}

/// A series of three origins of two months, with these models.
fn series(name: &str, demand: [f64; 6], models: &[(&str, [f64; 6])]) -> SeriesForecast {
    let id = SeriesId::new(name, "");
    let forecast = |model: &str| Forecast {
        id: id.clone(),
        model: model.into(),
        start: month(6),
        mean: vec![10.0, 10.0],
        intervals: Vec::new(),
        paths: Arc::new(SamplePaths::default()),
        fitted: Vec::new(),
        parameters: Vec::new(),
        why: Text::default(),
    };
    let error = |said: &[f64; 6]| said.iter().zip(&demand).map(|(f, a)| (f - a).abs()).sum::<f64>();
    let mut sorted: Vec<&(&str, [f64; 6])> = models.iter().collect();
    sorted.sort_by(|a, b| error(&a.1).total_cmp(&error(&b.1)));
    let cutoff = |k: usize| Cutoff {
        start: month(2 * k as i64),
        actual: demand[2 * k..2 * k + 2].to_vec(),
        forecasts: sorted
            .iter()
            .map(|(model, mean)| CutoffForecast {
                model: (*model).into(),
                mean: mean[2 * k..2 * k + 2].to_vec(),
                spread: vec![2.0, 3.0],
            })
            .collect(),
    };
    SeriesForecast {
        id: id.clone(),
        chosen: 0,
        candidates: models.iter().map(|(model, _)| forecast(model)).collect(),
        scores: sorted.iter().map(|(model, _)| ModelScore::new(*model, None, Text::default(), 0.0)).collect(),
        cutoffs: (0..3).rev().map(cutoff).collect(),
        automatic: None,
        why: Text::default(),
    }
}

const DEMAND: [f64; 6] = [8.0, 12.0, 10.0, 6.0, 14.0, 10.0];

fn cost(series: &SeriesForecast, item: &Item) -> SeriesCost {
    series_cost(series, item, LOST).unwrap()
}

#[test]
fn the_smallest_error_need_not_cost_the_least() {
    // A unit short costs fifty times a month's holding: erring on the high side is cheap.
    let of = series("tea", DEMAND, &[("close", [8.0, 10.0, 9.0, 6.0, 12.0, 9.0]), ("high", [16.0; 6])]);
    let found = cost(&of, &item());
    let (best, cheapest) = (found.least_error(), found.cheapest());
    assert_eq!((&*best.model, &*cheapest.model, best.rank, cheapest.rank), ("close", "high", Some(2), Some(1)));
    let say = found.verdict(&|m| Text::same(m));
    assert!(say.en.starts_with("close has the smallest error, high the least total cost: "), "{say:?}");
    assert!(say.en.contains("less shortage") && say.zh.contains("缺货少"), "{say:?}");
    assert!(found.why(best).is_empty(), "it is the model in use itself");
    assert!(found.why(cheapest).en.contains("more holding"), "{:?}", found.why(cheapest));
}

#[test]
fn names_and_order_of_candidates_do_not_matter() {
    let models = [("a", [10.0; 6]), ("b", [12.0; 6]), ("c", [10.0; 6]), ("d", [7.0; 6])];
    let found = cost(&series("tea", DEMAND, &models), &item());
    let of = |name: &str| found.of(name).unwrap();
    assert_eq!((of("a").cost, of("a").rank), (of("c").cost, of("c").rank));
    let mut turned = models;
    turned.reverse();
    let mut other = series("tea", DEMAND, &turned);
    other.chosen = 3;
    let other = cost(&other, &item());
    for (name, _) in models {
        assert_eq!(
            (of(name).cost, of(name).rank),
            (other.of(name).unwrap().cost, other.of(name).unwrap().rank),
            "{name}"
        );
    }
}

#[test]
fn costs_are_in_proportion_to_money() {
    let of = series("tea", DEMAND, &[("a", [9.0; 6]), ("b", [12.0, 9.0, 14.0, 6.0, 11.0, 9.0]), ("c", [16.0; 6])]);
    for shortage in [5.0, 0.0] {
        let one = Item { shortage_cost: shortage, ..item() };
        let ten = Item { unit_cost: 10.0, order_cost: 30.0, shortage_cost: 10.0 * shortage, ..item() };
        let (one, ten) = (cost(&of, &one), cost(&of, &ten));
        for (a, b) in one.models.iter().zip(&ten.models) {
            assert_eq!((&a.model, a.rank, a.cost.own.orders), (&b.model, b.rank, b.cost.own.orders));
            let (x, y) = (a.cost.own, b.cost.own);
            assert!(close(x.average_stock, y.average_stock) && close(x.short, y.short), "{x:?} {y:?}");
            assert!(close(10.0 * x.total(), y.total()) && close(x.total(), x.holding + x.ordering + x.shortage));
            assert!(close(10.0 * a.cost.compared.unwrap(), b.cost.compared.unwrap()));
        }
    }
}

#[test]
fn only_models_with_every_origin_are_compared() {
    let mut of = series("tea", DEMAND, &[("a", [9.0; 6]), ("b", [12.0; 6]), ("c", [10.0; 6])]);
    of.cutoffs[2].forecasts.retain(|f| &*f.model != "c");
    of.scores.iter_mut().find(|s| &*s.model == "c").unwrap().note = Text::new("Fitted in 2 of 3.", "拟合了 2 个。");
    of.chosen = 2;
    let found = cost(&of, &item());
    assert!(found.of("c").is_none() && found.of("a").is_some() && found.of("b").is_some());
    assert_eq!(found.left_out, [("c".into(), Text::new("Fitted in 2 of 3.", "拟合了 2 个。"))]);
    assert_eq!((&*found.in_use, &found.reference), ("c", &found.least_error().model));
    // A model that the backtest never saw is said to be so.
    of.candidates[2].model = "late".into();
    let found = cost(&of, &item());
    assert!(found.left_out.iter().any(|(m, why)| &**m == "late" && why.en.contains("after the backtest")));
    let table = forecast_cost_table(std::slice::from_ref(&found), "EUR");
    assert_eq!(table.rows.len(), found.models.len() + found.left_out.len());
    of.cutoffs.clear();
    assert!(series_cost(&of, &item(), LOST).is_none());
}

fn panel() -> (Vec<SeriesForecast>, Vec<Item>) {
    let high = [("close", [8.0, 10.0, 9.0, 6.0, 12.0, 9.0]), ("high", [16.0; 6]), ("own", [11.0; 6])];
    let all = vec![
        series("a", DEMAND, &high),
        series("b", DEMAND.map(|d| 3.0 * d), &high[..2]),
        series("c", DEMAND.map(|d| d + 2.0), &[high[0], high[1]]),
        series("d", DEMAND, &high[..2]),
        series("e", DEMAND, &high[..2]),
    ];
    let items = vec![
        item(),
        Item { price: 4.0, shortage_cost: 1.0, ..item() },
        Item { shortage_cost: 0.0, ..item() },
        // Compared by stock: no money.
        Item { unit_cost: 0.0, ..item() },
        item(),
    ];
    (all, items)
}

fn costs_of((all, items): &(Vec<SeriesForecast>, Vec<Item>)) -> ForecastCosts {
    forecast_costs(all, items, LOST, &Control::silent()).unwrap()
}

#[test]
fn the_panel_is_the_sum_of_its_items() {
    let mut given = panel();
    given.0[4].cutoffs.clear();
    let found = costs_of(&given);
    assert_eq!((found.series.len(), found.left_out, found.common), (4, 1, 3));
    let money: Vec<&SeriesCost> = found.series.iter().filter(|s| s.basis.is_money()).collect();
    assert_eq!(money.len(), 3);
    for name in ["close", "high"] {
        let total = found.models.iter().find(|m| &*m.model == name).unwrap();
        let sums = total.sums.unwrap();
        let sum = |f: &dyn Fn(&SeriesCost) -> f64| money.iter().map(|s| f(s)).sum::<f64>();
        assert!(close(sums.compared, sum(&|s| s.of(name).unwrap().cost.compared.unwrap())));
        assert!(close(sums.total(), sum(&|s| s.of(name).unwrap().cost.own.total())));
        assert!(close(sums.stock_value, sum(&|s| s.of(name).unwrap().cost.own.average_stock)));
        let value = |s: &SeriesCost| if &*s.id.item == "b" { 4.0 } else { 1.0 };
        let served = sum(&|s| value(s) * s.of(name).unwrap().cost.own.served());
        assert!(close(sums.fill_rate(), served / sum(&|s| value(s) * s.of(name).unwrap().cost.own.demand)));
        assert_eq!((sums.items, total.stood), (3, 4));
    }
    // One that stands at one item only would leave one item to compare: it is listed, not summed.
    let own = found.models.iter().find(|m| &*m.model == "own").unwrap();
    assert_eq!((own.sums, own.stood), (None, 1));
    assert_eq!(found.models.iter().map(|m| m.cheapest).sum::<usize>(), 4);
    assert_eq!(found.models.iter().map(|m| m.least_error).sum::<usize>(), 4);
    let cheapest: f64 =
        money.iter().map(|s| s.models.iter().map(|m| m.cost.compared.unwrap()).fold(f64::MAX, f64::min)).sum();
    assert!(close(found.by_cost.compared, cheapest) && close(found.all[2].compared, cheapest));
    let (saved, share) = found.saved();
    assert!(saved > 0.0 && close(saved, found.by_error.compared - cheapest), "{saved}");
    assert!(close(share.unwrap(), saved / found.by_error.compared));
    assert!(found.verdict().en.contains("hindsight") && found.verdict().zh.contains("事后"));
    let table = forecast_cost_models_table(&found, "EUR");
    assert_eq!(table.rows.len(), 2 + 3 + 1);
    both_languages(&table);
    both_languages(&forecast_cost_table(&found.series, ""));
}

fn both_languages(table: &Table) {
    assert!(table.columns.iter().all(|c| !c.header.zh.is_empty() && !c.header.en.is_empty()));
    for cell in table.rows.iter().flatten() {
        if let planwright::report::Cell::Words(words) = cell {
            assert!(!words.en.is_empty() && words.zh.chars().any(|c| c > '\u{7f}'), "{words:?}");
        }
    }
}

#[test]
fn a_cancel_is_obeyed() {
    let control = Control::silent();
    control.cancel();
    let (all, items) = panel();
    assert!(forecast_costs(&all, &items, LOST, &control).is_err());
}

fn nasty() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1000.0,
        1 => Just(0.0),
        1 => Just(-5.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_master_data_gives_finite_numbers(
        money in prop::collection::vec(nasty(), 5),
        times in prop::collection::vec(nasty(), 4),
        lots in prop::collection::vec(nasty(), 4),
        levels in prop::collection::vec(prop::option::of(nasty()), 3),
        demand in prop::collection::vec(nasty(), 6),
        said in prop::collection::vec(nasty(), 24),
        (kind, rule, basis) in (0..6_usize, 0..3_usize, 0..4_usize),
        waits in any::<bool>(),
    ) {
        use planwright::model::{ReorderRule, SafetyBasis};
        let policies = [Policy::Automatic, Policy::ReorderLot, Policy::ReorderUpTo, Policy::PeriodicUpTo, Policy::PeriodicReorderUpTo, Policy::Newsvendor];
        let bases = [SafetyBasis::CycleService, SafetyBasis::FillRate, SafetyBasis::ShortageCost, SafetyBasis::Cover];
        let item = Item {
            unit_cost: money[0], price: money[1], holding_rate: money[2], shortage_cost: money[3], order_cost: money[4],
            lead_time_days: times[0], lead_time_sd_days: times[1], review_period_days: times[2], shelf_life_days: times[3],
            moq: lots[0], multiple: lots[1], pallet: lots[2], container: lots[3],
            safety_stock: levels[0], max_level: levels[1], order_quantity: levels[2],
            policy: policies[kind], safety_basis: bases[basis],
            ..Item::with_defaults(SeriesId::new("x", ""))
        };
        let shortage = if waits { ShortageRule::Backorder } else { ShortageRule::LostSales };
        let policy = StockPolicy { rule: ReorderRule::ALL[rule], shortage };
        let origins: Vec<Origin<'_>> = demand.chunks(3).enumerate()
            .map(|(k, actual)| Origin { start: month(3 * k as i64), actual }).collect();
        let candidates: Vec<Vec<Stated<'_>>> = said.chunks(12)
            .map(|c| c.chunks(6).map(|s| Stated { mean: &s[..3], spread: &s[3..] }).collect()).collect();
        if let Some(found) = walk_holdout(&origins, &candidates, 0, (&item, policy)) {
            prop_assert!(found.opening.is_finite());
            for c in &found.candidates {
                for w in std::iter::once(c.own).chain(c.same_service) {
                    for x in [w.demand, w.short, w.average_stock, w.holding, w.ordering, w.shortage, w.total(), w.served()] {
                        prop_assert!(x.is_finite() && x >= 0.0, "{w:?}");
                    }
                    prop_assert!((0.0..=1.0).contains(&w.fill_rate()));
                }
                prop_assert!(c.compared.is_none_or(f64::is_finite));
            }
            // The reference serves what it served.
            let first = &found.candidates[0];
            prop_assert!(first.same_service.unwrap().fill_rate() >= first.own.fill_rate() - 1e-9);
            prop_assert!(first.buffer.unwrap() <= 0.0);
        } else {
            prop_assert!(demand.iter().all(|d| !d.is_finite()));
        }
    }
}

#[test]
fn backtests_state_the_spread_of_sums() {
    let text = sales();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    std::fs::write(&path, text).unwrap();
    let inputs =
        pipeline::load(&pipeline::Sources::sales(&path), &pipeline::ReadOptions::default(), &Control::silent())
            .unwrap();
    let settings = pipeline::Settings {
        models: pipeline::parse_models("naive,ets,croston").unwrap(),
        horizon: planwright::model::Horizon::new(4).unwrap(),
        paths: 200,
        ..pipeline::Settings::default()
    };
    let forecasts = pipeline::forecast(&inputs.panel, &settings, &Control::silent()).unwrap();
    let of = |name: &str| -> Vec<Vec<f64>> {
        forecasts[0].cutoffs.iter().map(|c| c.of(name).unwrap().spread.clone()).collect()
    };
    for spread in of("naive").iter().chain(&of("ets")) {
        assert_eq!(spread.len(), 4);
        assert!(spread.windows(2).all(|w| w[0] > 0.0 && w[1] > w[0]), "{spread:?}");
    }
    // A random walk's errors last: n steps together vary by σ²·(1² + 2² + … + n²).
    for spread in of("naive") {
        assert!(
            close(spread[1] / spread[0], 5.0_f64.sqrt()) && close(spread[3] / spread[0], 30.0_f64.sqrt()),
            "{spread:?}"
        );
    }
}

/// Monthly sales of two items over four years.
fn sales() -> String {
    let mut text = String::from("date,item,location,quantity\n");
    for k in 0..48 {
        let (year, of_year) = (2021 + k / 12, k % 12 + 1);
        writeln!(text, "{year}-{of_year:02}-01,cup,HAM,{}", 60 + (k * 37) % 23 + k / 3).unwrap();
        writeln!(text, "{year}-{of_year:02}-01,tea,HAM,{}", 20 + (k * 17) % 11).unwrap();
    }
    text
}

const ITEMS: &str = "item,unit_cost,price,lead_time_days,order_cost\ncup,4,9,30,20\ntea,5,0,20,10\n";

#[test]
fn the_command_line_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let [s, i, out, cost, models, book] =
        ["sales.csv", "items.csv", "out.csv", "cost.csv", "models.csv", "plan.xlsx"].map(path);
    std::fs::write(&s, sales()).unwrap();
    std::fs::write(&i, ITEMS).unwrap();
    let words =
        ["planwright", "backtest", "--sales", &s, "--horizon", "4", "--folds", "3", "--models", "naive,ets,drift"];
    let rest = ["--out", &out, "--items", &i, "--cost", &cost, "--cost-by-model", &models, "--json"];
    assert_eq!(main(words.iter().chain(&rest).map(OsString::from)), Next::Exit(0));
    let read = |path: &str| {
        let written = std::fs::read_to_string(path).unwrap();
        let mut rows = csv::Reader::from_reader(written.trim_start_matches('\u{feff}').as_bytes());
        let headers: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
        let records: Vec<_> = rows.records().map(Result::unwrap).collect();
        (headers, records)
    };
    let (headers, rows) = read(&cost);
    let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let number = |row: &csv::StringRecord, name: &str| row[at(name)].parse::<f64>().unwrap();
    assert_eq!(rows.len(), 6);
    for row in &rows {
        let parts = number(row, "holding") + number(row, "ordering") + number(row, "shortage");
        assert!((number(row, "total") - parts).abs() < 1e-6);
        let basis = if &row[0] == "cup" { "total cost" } else { "cost at the same fill rate" };
        assert_eq!(&row[at("basis")], basis, "tea has no price, so a shortage of it costs nothing");
    }
    assert!(rows.iter().filter(|r| &r[at("in_use")] == "yes").count() == 2);
    let (headers, rows) = read(&models);
    let at = |name: &str| headers.iter().position(|h| h == name).unwrap();
    assert_eq!(rows.len(), 3 + 3);
    let compared: Vec<f64> = rows.iter().map(|r| r[at("compared")].parse().unwrap()).collect();
    assert!(
        compared[0] <= compared[1] && compared[1] <= compared[2] && compared[5] <= compared[0] + 1e-9,
        "{compared:?}"
    );
    // Without items there is nothing to cost.
    let bare =
        ["planwright", "backtest", "--sales", &s, "--horizon", "4", "--folds", "3", "--out", &out, "--cost", &cost];
    assert_eq!(main(bare.iter().map(OsString::from)), Next::Exit(2));
    // And in the workbook.
    let run = ["planwright", "run", "--sales", &s, "--items", &i, "--horizon", "4", "--out", &book, "--json"];
    assert_eq!(main(run.iter().map(OsString::from)), Next::Exit(0));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&book).unwrap();
    for (sheet, first) in [("Cost of forecasts", "Item"), ("Cost of forecasts by model", "Rank")] {
        let range = calamine::Reader::worksheet_range(&mut book, sheet).unwrap();
        assert_eq!(range.get_value((0, 0)).unwrap().to_string(), first);
        assert!(range.height() > 3, "{sheet}");
    }
}

#[test]
fn the_session_follows_master_data() {
    let folder = tempfile::tempdir().unwrap();
    let (s, i) = (folder.path().join("sales.csv"), folder.path().join("items.csv"));
    std::fs::write(&s, sales()).unwrap();
    std::fs::write(&i, ITEMS).unwrap();
    let mut bench = Bench::new();
    bench.apply(Command::SetHorizon(4));
    bench.apply(Command::ImportSales(s));
    bench.apply(Command::ImportItems(i));
    assert!(matches!(bench.session.forecast_costs(), PanelCosts::Missing));
    bench.apply(Command::CostForecasts);
    let costs = |bench: &Bench| bench.session.forecast_costs().ready().cloned();
    let before = costs(&bench).unwrap();
    let item = bench.session.forecast_cost().unwrap().clone();
    assert_eq!((before.series.len(), &before.series[0]), (2, &item), "one engine, one answer");
    // A drag moves the item's costs in every step, and leaves the panel's until it ends.
    let moved =
        |gesture| Command::SetLever(Lever::HoldingRate, Scope::Series(item.id.clone()), Change::Scale(2.0), gesture);
    bench.apply(moved(Gesture::Drag));
    // Dearer stock is bought in smaller lots: what a unit of it costs is what doubles.
    let rate = |cost: &SeriesCost| cost.models[0].cost.own.holding / cost.models[0].cost.own.average_stock;
    let held = |bench: &Bench| rate(bench.session.forecast_cost().unwrap());
    let dragged = held(&bench);
    assert!(close(dragged, 2.0 * rate(&item)), "{dragged}");
    assert!(Arc::ptr_eq(&costs(&bench).unwrap(), &before));
    bench.apply(moved(Gesture::Commit));
    assert!(close(held(&bench), dragged) && costs(&bench).is_none());
    bench.apply(Command::Undo);
    assert!(Arc::ptr_eq(&costs(&bench).unwrap(), &before));
    // Dearer holding is dearer for every model: the item at once, the panel when its plan is there and somebody asks.
    let path = folder.path().join("dear.csv");
    std::fs::write(
        &path,
        ITEMS
            .replace("order_cost\n", "order_cost,holding_rate\n")
            .replace("20\n", "20,0.8\n")
            .replace("10\n", "10,0.2\n"),
    )
    .unwrap();
    bench.apply(Command::ImportItems(path));
    let dearer = bench.session.forecast_cost().unwrap();
    for model in &item.models {
        let now = dearer.of(&model.model).unwrap().cost.own;
        assert!(now.holding / now.average_stock > 3.9 * model.cost.own.holding / model.cost.own.average_stock);
    }
    assert!(costs(&bench).is_none(), "the old costs are of another plan");
    bench.apply(Command::CostForecasts);
    assert_eq!(costs(&bench).unwrap().series[0], *bench.session.forecast_cost().unwrap());
    bench.apply(Command::Undo);
    assert_eq!(bench.session.forecast_cost(), Some(&item));
    assert!(Arc::ptr_eq(&costs(&bench).unwrap(), &before), "what was known is known again");
}
