//! Each policy, each basis of safety stock, and how orders are sized and dated.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::{check, forecast, item, normal_paths};
use jiff::civil::Weekday;
use planwright::inventory::{Levels, PreparedDemand, Scratch, decide, plan, simulate};
use planwright::model::{
    Forecast, Frequency, Interval, Item, OrderDays, Policy, ReorderRule, SafetyBasis, SamplePaths, ShortageRule,
    StockPlan, StockPolicy,
};
use proptest::prelude::*;

const STANDARD: StockPolicy = StockPolicy { rule: ReorderRule::Standard, shortage: ShortageRule::LostSales };
const QUANTILE: StockPolicy = StockPolicy { rule: ReorderRule::Quantile, shortage: ShortageRule::LostSales };

fn certain(frequency: Frequency, mean: Vec<f64>) -> Forecast {
    forecast(frequency, mean, SamplePaths::default())
}

/// Normal demand, its deviation told by the 95 % interval alone: no sampling error.
fn normal(frequency: Frequency, mean: f64, sd: f64, periods: usize) -> Forecast {
    let half = 1.959_963_984_540_054 * sd;
    let (lower, upper) = (vec![mean - half; periods], vec![mean + half; periods]);
    Forecast { intervals: vec![Interval { level: 95.0, lower, upper }], ..certain(frequency, vec![mean; periods]) }
}

fn quantities(plan: &StockPlan) -> Vec<f64> {
    plan.orders.iter().map(|o| o.quantity).collect()
}

#[test]
fn a_lot_is_ordered_as_often_as_lifts_the_position_above_s() {
    let item =
        Item { policy: Policy::ReorderLot, order_quantity: Some(15.0), safety_stock: Some(5.0), ..item(14.0, 45.0) };
    let plan = plan(&certain(Frequency::Week, vec![10.0; 8]), &item, &STANDARD);
    // s = 25; 45 35 25: at 25 one lot; then 30 in position, 20: one more; and so on.
    assert_eq!((plan.reorder_point, plan.max_level, plan.order_quantity), (25.0, 40.0, 15.0));
    assert!(quantities(&plan).iter().all(|q| *q == 15.0), "{:?}", quantities(&plan));
    assert_eq!(plan.orders[0].order_period.label(), "2024-W02");
    // Far below s it takes several lots at once: 3 + 2·15 = 33 > 25.
    let low = super::super::inventory::item(14.0, 3.0);
    let low = Item { policy: Policy::ReorderLot, order_quantity: Some(15.0), safety_stock: Some(5.0), ..low };
    let low = planwright::inventory::plan(&certain(Frequency::Week, vec![10.0; 8]), &low, &STANDARD);
    assert_eq!(quantities(&low)[0], 30.0);
    assert!(low.orders[0].why.en.contains("2 × the lot 15"), "{}", low.orders[0].why.en);
    let why = low.why.iter().find(|w| w.quantity.en == "Order quantity").unwrap();
    assert_eq!((why.value, why.formula.as_str()), (30.0, "max(⌈(s − x)/Q⌉, 1)·Q"));
}

#[test]
fn base_stock_orders_what_was_sold() {
    let demand = vec![7.0, 12.0, 0.0, 9.0, 4.0, 11.0];
    let item = Item { policy: Policy::BaseStock, max_level: None, safety_stock: Some(5.0), ..item(7.0, 100.0) };
    let plan = plan(&certain(Frequency::Week, demand), &item, &STANDARD);
    // One level: reorder point and max level are the same in each period.
    assert_eq!(plan.reorder_points, plan.max_levels);
    let flat = planwright::inventory::plan(
        &certain(Frequency::Week, vec![10.0; 6]),
        &Item { on_hand: 15.0, ..item },
        &STANDARD,
    );
    assert_eq!(quantities(&flat), vec![10.0; 6], "what each week sold");
}

#[test]
fn a_review_orders_up_to_s_or_only_below_it() {
    let periodic = |policy| Item {
        policy,
        review_period_days: 14.0,
        safety_stock: Some(5.0),
        order_quantity: Some(60.0),
        ..item(7.0, 60.0)
    };
    let weeks = certain(Frequency::Week, vec![10.0; 9]);
    let up_to = plan(&weeks, &periodic(Policy::PeriodicUpTo), &STANDARD);
    // L + R = 3 weeks: 30 + 5. Reviews in weeks 1, 3, 5, …: 60, 40, 20 → 15 missing, then 20 each time.
    assert_eq!((up_to.reorder_point, up_to.max_level), (35.0, 35.0));
    assert_eq!(up_to.orders.iter().map(|o| o.order_period.label()).collect::<Vec<_>>()[..2], ["2024-W05", "2024-W07"]);
    assert_eq!(quantities(&up_to)[..2], [15.0, 20.0]);
    let at_or_below = plan(&weeks, &periodic(Policy::PeriodicReorderUpTo), &STANDARD);
    assert_eq!((at_or_below.reorder_point, at_or_below.max_level), (35.0, 95.0));
    assert_eq!(quantities(&at_or_below), vec![75.0]);
    // Without a review period one planning period is the least.
    let weekly = plan(&weeks, &Item { review_period_days: 0.0, ..periodic(Policy::PeriodicUpTo) }, &STANDARD);
    assert_eq!(weekly.reorder_point, 25.0);
}

/// Snyder & Shen 2019: h = 0.18, p = 0.70, N(50, 8): S = 56.6039559274. Here h is what a unit left over loses.
#[test]
fn a_newsvendor_orders_once_to_the_critical_ratio() {
    let item = Item { policy: Policy::Newsvendor, unit_cost: 0.18, shortage_cost: 0.70, ..item(0.0, 0.0) };
    let plan = plan(&normal(Frequency::Week, 50.0, 8.0, 1), &item, &STANDARD);
    check(plan.max_level, 56.603_955_927_4, 1e-6);
    check(quantities(&plan)[0], 56.603_955_927_4, 1e-6);
    let season = Item { salvage_value: 0.18, ..item };
    let season = planwright::inventory::plan(&normal(Frequency::Week, 50.0, 8.0, 9), &season, &STANDARD);
    assert_eq!(season.orders.len(), 1, "once for the whole season");
    // Nothing is lost on what is left over: as sure as can be.
    check(season.max_level, 450.0 + 3.719_016_485_455_709 * 24.0, 1e-6);
    assert_eq!(season.reorder_points.len(), 9);
}

/// Chopra & Meindl, *Supply Chain Management*, chapter 12: weekly demand N(2500, 500), two weeks, lots of 10,000; a fill rate
/// of 97.5 % takes a safety stock of 67.
#[test]
fn safety_stock_for_a_fill_rate() {
    let item = Item {
        policy: Policy::ReorderLot,
        safety_basis: SafetyBasis::FillRate,
        fill_rate: 0.975,
        order_quantity: Some(10_000.0),
        ..item(14.0, 20_000.0)
    };
    let plan = plan(&normal(Frequency::Week, 2500.0, 500.0, 13), &item, &STANDARD);
    assert_eq!(plan.safety_stock.round(), 67.0);
    check(plan.achieved.unwrap().fill_rate, 0.975, 1e-6);
    // The same level as a cycle service level, in days of cover.
    check(plan.achieved.unwrap().cover_days.unwrap(), plan.safety_stock / 2500.0 * 7.0, 1e-9);
}

/// A cycle of T = 200/50 = 4 weeks at h = 0.25·52.1775⁻¹·8 a week: P(out) = hT/(p + hT).
#[test]
fn safety_stock_for_a_shortage_cost() {
    let item = Item {
        policy: Policy::ReorderLot,
        safety_basis: SafetyBasis::ShortageCost,
        order_quantity: Some(200.0),
        unit_cost: 8.0,
        holding_rate: 0.25,
        shortage_cost: 5.0,
        ..item(28.0, 300.0)
    };
    let demand = normal(Frequency::Week, 50.0, 8.0, 13);
    let cycle = 4.0 * 8.0 * 0.25 * 7.0 / 365.2425;
    let lost = plan(&demand, &item, &STANDARD);
    check(1.0 - lost.achieved.unwrap().cycle_service, cycle / (5.0 + cycle), 1e-6);
    check(lost.achieved.unwrap().shortage_cost.unwrap(), 5.0, 1e-4);
    let waits = plan(&demand, &item, &StockPolicy { shortage: ShortageRule::Backorder, ..STANDARD });
    check(1.0 - waits.achieved.unwrap().cycle_service, cycle / 5.0, 1e-6);
    check(waits.achieved.unwrap().shortage_cost.unwrap(), 5.0, 1e-4);
    // Neither cost known: the service level counts, and the derivation says so.
    let unknown = plan(&demand, &Item { shortage_cost: 0.0, ..item }, &STANDARD);
    check(unknown.achieved.unwrap().cycle_service, 0.95, 1e-9);
    assert!(unknown.why[0].note.en.contains("isn't known"));
}

#[test]
fn safety_stock_for_days_of_cover() {
    let item = Item { safety_basis: SafetyBasis::Cover, cover_days: 10.0, ..item(14.0, 300.0) };
    let plan = plan(&normal(Frequency::Week, 50.0, 8.0, 13), &item, &STANDARD);
    check(plan.safety_stock, 500.0 / 7.0, 1e-12);
    check(plan.achieved.unwrap().cover_days.unwrap(), 10.0, 1e-9);
}

/// The fill rate that a level gives by formula is what a long simulation finds.
#[test]
fn the_fill_rate_by_formula_is_what_a_long_run_gives() {
    for policy in [Policy::ReorderLot, Policy::PeriodicUpTo, Policy::BaseStock] {
        let item = Item {
            policy,
            safety_basis: SafetyBasis::FillRate,
            fill_rate: 0.95,
            order_quantity: Some(60.0),
            review_period_days: if policy == Policy::PeriodicUpTo { 3.0 } else { 0.0 },
            ..item(4.0, 400.0)
        };
        let demand = normal(Frequency::Day, 20.0, 6.0, 30);
        let waits = StockPolicy { shortage: ShortageRule::Backorder, ..STANDARD };
        let decision = decide(&demand, &item, &waits);
        assert_eq!(decision.levels.len(), 1, "steady demand has one pair of levels");
        let long = normal_paths(20.0, 6.0, 40, 2000);
        let found = simulate(&long, &decision.levels, &decision.setting).fill_rate;
        // An (s, Q) order that is due within a day goes out when it ends: on the mean half a day's demand less is to be covered.
        let (below, above) = if policy == Policy::ReorderLot { (0.0, 0.04) } else { (0.006, 0.006) };
        assert!((-below..above).contains(&(found - 0.95)), "{policy:?}: {found}");
    }
}

#[test]
fn levels_follow_a_forecast_that_rises_and_falls() {
    let season: Vec<f64> = (0..26).map(|t| if (8..14).contains(&t) { 60.0 } else { 10.0 }).collect();
    let item = Item { safety_stock: Some(6.0), ..item(21.0, 60.0) };
    let plan = plan(&certain(Frequency::Week, season.clone()), &item, &STANDARD);
    assert_eq!(plan.reorder_points[0], 36.0);
    assert_eq!(plan.reorder_points[9], 186.0, "three weeks of the season");
    assert_eq!(plan.reorder_points[7], 136.0, "the order of week 8 serves one quiet week and two of the season");
    // One pair of levels runs dry in the season, those of each review don't.
    assert_eq!(plan.fill_rate, 1.0);
    let decision = decide(&certain(Frequency::Week, season.clone()), &item, &STANDARD);
    let paths = SamplePaths::new(26, season.iter().map(|d| *d as f32).collect());
    let fixed = simulate(&paths, &decision.levels[0], &decision.setting);
    assert!(fixed.fill_rate < 0.75, "{}", fixed.fill_rate);
    // Computed safety stock keeps its ratio to demand, a level of the user's stays.
    let spread =
        Forecast { intervals: normal(Frequency::Week, 10.0, 3.0, 26).intervals, ..certain(Frequency::Week, season) };
    let computed =
        planwright::inventory::plan(&spread, &Item { safety_stock: None, max_level: Some(200.0), ..item }, &STANDARD);
    check(computed.reorder_points[9] / computed.reorder_points[0], 6.0, 1e-9);
    assert!(computed.max_levels.iter().all(|level| *level == 200.0));
}

#[test]
fn the_quantile_steers_where_it_is_asked_to() {
    // Mostly nothing, now and then 40: a normal distribution knows nothing of it.
    let values = (0..400 * 13).map(|k| if k % 9 == 0 { 40.0 } else { 0.0 }).collect();
    let demand = forecast(Frequency::Week, vec![40.0 / 9.0; 13], SamplePaths::new(13, values));
    let plan = plan(&demand, &item(7.0, 50.0), &QUANTILE);
    assert_eq!(plan.reorder_point_quantile, Some(40.0), "one week's quantile is one sale");
    assert_eq!(plan.active_reorder_point(), 40.0);
    assert_eq!(plan.reorder_points[0], 40.0);
    assert!(plan.reorder_point < 30.0);
    // A fill rate by the same paths: with lots of 4 weeks, one sale in nine weeks, E[(X − s)⁺] = (40 − s)/9.
    let item = Item {
        safety_basis: SafetyBasis::FillRate,
        fill_rate: 0.9,
        order_quantity: Some(4.0 * 40.0 / 9.0),
        ..item(7.0, 50.0)
    };
    let plan = planwright::inventory::plan(&demand, &item, &QUANTILE);
    let share = demand.paths.iter().filter(|path| path[0] > 0.0).count() as f64 / 400.0;
    check(plan.reorder_point_quantile.unwrap(), 40.0 - 0.1 * 4.0 * 40.0 / 9.0 / share, 1e-6);
}

#[test]
fn orders_go_out_on_the_suppliers_days() {
    let days = OrderDays::parse("Mon, Thu").unwrap();
    let item = Item { order_days: days, safety_stock: Some(10.0), order_quantity: Some(30.0), ..item(2.0, 70.0) };
    let plan = plan(&certain(Frequency::Day, vec![10.0; 28]), &item, &STANDARD);
    assert!(plan.orders.len() > 4);
    for order in &plan.orders {
        let day = order.order_date.unwrap();
        assert!([Weekday::Monday, Weekday::Thursday].contains(&day.weekday()), "{day}");
        assert_eq!(order.order_period.first_day(), Some(day));
    }
    // Two days of lead time, and four days from Thursday to Monday: three more than from day to day.
    assert_eq!(plan.reorder_point, 10.0 + 10.0 * (2.0 + 3.0));
    assert_eq!(plan.fill_rate, 1.0, "the longer wait is covered");
    // In weeks the order waits for Thursday, and so do the goods.
    let weekly = Item { order_days: OrderDays::parse("周四").unwrap(), lead_time_days: 4.0, ..item };
    let weekly = planwright::inventory::plan(&certain(Frequency::Week, vec![10.0; 8]), &weekly, &STANDARD);
    assert_eq!(weekly.reorder_point, 20.0, "four days and the three from Monday to Thursday make a week");
    assert!(weekly.orders.iter().all(|o| o.order_date.unwrap().weekday() == Weekday::Thursday));
}

#[test]
fn pallets_and_containers_round_orders_up() {
    let sized = |pallet, multiple, container, max_level| {
        let item = Item { pallet, multiple, container, max_level: Some(max_level), ..item(14.0, 0.0) };
        plan(&certain(Frequency::Week, vec![10.0; 8]), &item, &STANDARD).orders.remove(0)
    };
    let pallets = sized(48.0, 0.0, 0.0, 100.0);
    assert_eq!(pallets.quantity, 144.0);
    assert!(pallets.why.en.contains("3 whole pallets: 144"), "{}", pallets.why.en);
    // A pallet of 48 sold in boxes of 36 is whole in both at 144.
    assert_eq!(sized(48.0, 36.0, 0.0, 100.0).quantity, 144.0);
    assert_eq!(sized(48.0, 12.0, 0.0, 100.0).quantity, 144.0);
    // 150 of 180: 83 % full, filled up; 140 isn't.
    let filled = sized(0.0, 0.0, 180.0, 150.0);
    assert_eq!(filled.quantity, 180.0);
    assert!(filled.why.en.contains("fill the last container of 180: 180"), "{}", filled.why.en);
    assert_eq!(sized(0.0, 0.0, 180.0, 140.0).quantity, 140.0);
    assert_eq!(sized(0.0, 0.0, 180.0, 330.0).quantity, 360.0);
}

#[test]
fn goods_that_do_not_keep_lower_the_levels() {
    let fresh = Item { shelf_life_days: 21.0, order_quantity: Some(100.0), safety_stock: None, ..item(7.0, 20.0) };
    let demand = normal(Frequency::Week, 10.0, 2.0, 13);
    let kept = plan(&demand, &Item { shelf_life_days: 0.0, ..fresh.clone() }, &STANDARD);
    let plan = plan(&demand, &fresh, &STANDARD);
    check(plan.max_level, 40.0, 1e-9);
    assert!(kept.max_level > 100.0 && kept.expected_waste == 0.0);
    // What is ordered up to the mean demand of four weeks: E[(40 − X)⁺] = σ·φ(0), σ = 2·√4.
    check(plan.expected_waste, 4.0 * 0.398_942_280_401_432_7, 1e-6);
    assert!(plan.warnings.iter().any(|w| w.en.contains("shelf life") && !w.zh.is_empty()), "{:?}", plan.warnings);
}

#[test]
fn what_makes_no_sense_is_said_with_what_to_do() {
    let demand = normal(Frequency::Week, 10.0, 2.0, 13);
    let warned = |item: Item, words: &str| {
        let plan = plan(&demand, &item, &STANDARD);
        let found = plan.warnings.iter().any(|w| w.en.contains(words) && !w.zh.is_empty());
        assert!(found, "{words}: {:?}", plan.warnings);
    };
    warned(Item { on_hand: -4.0, ..item(7.0, 0.0) }, "negative");
    warned(item(0.0, 40.0), "lead time is 0");
    warned(Item { service_level: 1.0, ..item(7.0, 40.0) }, "no stock can promise it");
    warned(Item { moq: 500.0, max_level: Some(60.0), ..item(7.0, 40.0) }, "smallest order");
    warned(Item { lead_time_days: 0.0, lead_time_sd_days: 3.0, ..item(0.0, 40.0) }, "deviation");
    warned(Item { policy: Policy::ReorderUpTo, review_period_days: 30.0, ..item(7.0, 40.0) }, "review period");
}

fn basis() -> impl Strategy<Value = (Policy, SafetyBasis)> {
    (prop::sample::select(Policy::ALL.to_vec()), prop::sample::select(SafetyBasis::ALL.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Reorder points rise with what is asked of them, with lead time and with its and demand's spread.
    #[test]
    fn reorder_points_rise_with_service_lead_time_and_spread(
        (policy, basis) in basis(), service in 0.55..0.98f64, lead in 1.0..40.0f64, sd in 0.5..15.0f64, lead_sd in 0.0..6.0f64,
        lot in 10.0..200.0f64, rule in 0..2usize,
    ) {
        let base = Item {
            policy,
            safety_basis: basis,
            service_level: service,
            fill_rate: service,
            cover_days: 100.0 * service,
            shortage_cost: 10.0 * service,
            unit_cost: 4.0,
            order_quantity: Some(lot),
            lead_time_sd_days: lead_sd,
            ..item(lead, 100.0)
        };
        let demand = |sd: f64| Forecast {
            paths: normal_paths(50.0, sd, 200, 13).into(),
            ..normal(Frequency::Week, 50.0, sd, 13)
        };
        let policy = StockPolicy { rule: ReorderRule::ALL[rule], ..STANDARD };
        let point = |item: &Item, sd: f64| decide(&demand(sd), item, &policy).steering_point();
        let now = point(&base, sd);
        let more = Item {
            service_level: service + 0.015,
            fill_rate: service + 0.015,
            cover_days: 100.0 * (service + 0.015),
            shortage_cost: 12.0 * service,
            ..base.clone()
        };
        prop_assert!(point(&more, sd) >= now - 1e-9, "service");
        // Of two lead times with one deviation the shorter has the longer tail: far out its quantile is the higher.
        if rule == 0 || lead_sd < 0.5 {
            prop_assert!(point(&Item { lead_time_days: lead + 5.0, ..base.clone() }, sd) >= now - 1e-6, "lead time");
        }
        // Below the mean, spread lowers what a small service asks for; above it, it raises it.
        let need = decide(&demand(sd), &base, &policy);
        if need.safety_stock() > 0.0 && rule == 0 {
            prop_assert!(point(&Item { lead_time_sd_days: lead_sd + 2.0, ..base.clone() }, sd) >= now - 1e-6, "lead-time spread");
            prop_assert!(point(&base, sd * 1.3) >= now - 0.02 * now, "spread");
        }
    }

    /// An order's lots are whole, whatever the wish; levels of all reviews are finite.
    #[test]
    fn orders_of_s_q_are_whole_lots(lot in 1.0..90.0f64, on_hand in -50.0..200.0f64, lead in 0.0..30.0f64) {
        let item = Item { policy: Policy::ReorderLot, order_quantity: Some(lot), ..item(lead, on_hand) };
        let plan = plan(&normal(Frequency::Week, 20.0, 5.0, 12), &item, &STANDARD);
        for order in &plan.orders {
            let lots = order.quantity / lot;
            prop_assert!((lots - lots.round()).abs() < 1e-9 && lots > 0.5, "{}", order.quantity);
        }
        let levels = decide(&normal(Frequency::Week, 20.0, 5.0, 12), &item, &STANDARD).levels;
        prop_assert!(levels.iter().all(|pair| *pair != Levels::CLOSED && pair.reorder_point.is_finite()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is prepared once gives what a plan gives, demand scaled or not.
    #[test]
    fn prepared_demand_gives_what_a_plan_gives(
        (policy, basis) in basis(), rule in 0..3usize, scale in prop_oneof![Just(1.0), Just(0.0), 0.3..3.0f64],
        on_hand in -20.0..300.0f64, lead in 0.0..30.0f64, review in 0.0..30.0f64, moq in 0.0..60.0f64, lost in any::<bool>(),
    ) {
        let item = Item { policy, safety_basis: basis, review_period_days: review, moq, unit_cost: 3.0, ..item(lead, on_hand) };
        let paths = normal_paths(50.0, 18.0, 70, 13);
        let season: Vec<f64> = (0..13).map(|t| 50.0 + f64::from(t)).collect();
        let demand = forecast(Frequency::Week, season, paths);
        let shortage = if lost { ShortageRule::LostSales } else { ShortageRule::Backorder };
        let policy = StockPolicy { rule: ReorderRule::ALL[rule], shortage };
        let scaled = demand.with_demand(&[planwright::model::Change::Scale(scale)]);
        let expected = plan(&scaled, &item, &policy);
        let prepared = PreparedDemand::new(&demand);
        let found = prepared.evaluate(scale, &item, &policy, &mut Scratch::default());
        let near = |a: f64, b: f64| (a - b).abs() <= 2e-3 * b.abs().max(1.0);
        prop_assert!(near(found.safety_stock, expected.safety_stock), "{} {}", found.safety_stock, expected.safety_stock);
        prop_assert!(near(found.reorder_point, expected.active_reorder_point()));
        prop_assert!(near(found.max_level, expected.max_level));
        prop_assert!(near(found.average_stock, expected.average_stock), "{} {}", found.average_stock, expected.average_stock);
        prop_assert!(near(found.fill_rate, expected.fill_rate), "{} {}", found.fill_rate, expected.fill_rate);
        prop_assert!(near(found.orders, expected.orders.len() as f64));
        prop_assert!(near(found.ordered, expected.orders.iter().map(|o| o.quantity).sum()));
    }
}

/// The first period that finds no stock when the orders from the `k`-th on never come, found period by period.
fn breach_without(plan: &StockPlan, item: &Item, demand: &[f64], k: usize, arrival: i64) -> Option<i64> {
    let mut stock = item.on_hand;
    (0..demand.len() as i64).find(|&t| {
        let came = |o: &&planwright::model::PlannedOrder| o.receipt_period.since(plan.start) == t;
        stock += if t == arrival { item.on_order } else { 0.0 };
        stock += plan.orders[..k].iter().filter(came).map(|o| o.quantity).sum::<f64>();
        stock -= demand[t as usize];
        stock < -1e-6 * demand[t as usize].max(1.0)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Units under way and what happens without an order, against a count period by period.
    #[test]
    fn breaches_and_units_under_way_are_counted_right(
        demand in prop::collection::vec(0..30u8, 1..40), on_hand in 0..120i32, on_order in 0..60i32, lead in 0..6i64, lot in 1..90i32,
    ) {
        let demand: Vec<f64> = demand.into_iter().map(f64::from).collect();
        let item = Item {
            on_order: f64::from(on_order),
            order_quantity: Some(f64::from(lot)),
            safety_stock: Some(4.0),
            ..item(7.0 * lead as f64, f64::from(on_hand))
        };
        let plan = plan(&certain(Frequency::Week, demand.clone()), &item, &STANDARD);
        for (k, order) in plan.orders.iter().enumerate() {
            let expected = breach_without(&plan, &item, &demand, k, lead);
            prop_assert_eq!(order.breach.map(|p| p.since(plan.start)), expected);
        }
        for (t, units) in plan.in_transit.iter().enumerate() {
            let at = plan.start.plus(t as i64);
            let own = plan.orders.iter().filter(|o| o.order_period <= at && o.receipt_period > at);
            let open = if (t as i64) < lead { item.on_order } else { 0.0 };
            prop_assert!((units - open - own.map(|o| o.quantity).sum::<f64>()).abs() < 1e-6);
        }
    }
}
