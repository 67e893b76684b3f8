//! Whole stock plans: levels, orders, projection, explanations, warnings.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::{check, forecast, item, steady};
use jiff::civil::date;
use planwright::inventory::plan;
use planwright::model::{Frequency, Item, ItemField, ReorderRule, SamplePaths, ShortageRule, StockPlan, StockPolicy};

const STANDARD: StockPolicy = StockPolicy { rule: ReorderRule::Standard, shortage: ShortageRule::LostSales };
const MAX_RULE: StockPolicy = StockPolicy { rule: ReorderRule::MaxLevel, shortage: ShortageRule::LostSales };

fn certain(frequency: Frequency, mean: Vec<f64>) -> planwright::model::Forecast {
    forecast(frequency, mean, SamplePaths::default())
}

fn warned(plan: &StockPlan, words: &str) -> bool {
    plan.warnings.iter().any(|w| w.en.contains(words) && !w.zh.is_empty())
}

#[test]
fn orders_follow_the_mean_and_say_why() {
    // 10 a week, two weeks of lead time, 5 of safety stock: s = 25, S = 35.
    let item = Item { safety_stock: Some(5.0), multiple: 4.0, ..item(14.0, 40.0) };
    let plan = plan(&certain(Frequency::Week, vec![10.0; 8]), &item, &STANDARD);
    check(plan.reorder_point, 25.0, 1e-12);
    check(plan.max_level, 35.0, 1e-12);
    // 40, 30, 20: the second week's demand breaches; 15 are missing, 16 are ordered; they arrive two weeks later.
    let first = plan.next_order().unwrap();
    assert_eq!((first.order_period.label(), first.receipt_period.label()), ("2024-W02".into(), "2024-W04".into()));
    check(first.quantity, 16.0, 1e-12);
    assert_eq!(
        first.why.en,
        "Stock and open orders fall to 20 in 2024-W02, at or below the reorder point 25; up to the max level 35 takes \
         15, rounded up to a multiple of 4: 16. Without it stock runs out in 2024-W05 on the forecast. It takes 14 days. \
         The reorder point covers the demand of 2024-W03 to 2024-W04: 20 by naive"
    );
    assert_eq!(first.breach.map(planwright::model::Period::label), Some("2024-W05".into()));
    assert_eq!((first.order_date, first.receipt_date), (Some(date(2024, 1, 8)), Some(date(2024, 1, 22))));
    assert_eq!(plan.in_transit[..4], [0.0, 16.0, 16.0, 20.0]);
    assert!(first.why.zh.contains("2024-W02") && first.why.zh.contains("整倍数 4"));
    assert_eq!(plan.projected[..4], [30.0, 20.0, 10.0, 16.0]);
    assert_eq!((plan.fill_rate, plan.stockout_probability), (1.0, 0.0));
    assert!(plan.orders.windows(2).all(|w| w[0].order_period <= w[1].order_period));
}

#[test]
fn an_order_due_at_once_is_the_first() {
    let plan = plan(&certain(Frequency::Week, vec![10.0; 8]), &item(14.0, 3.0), &STANDARD);
    let first = plan.next_order().unwrap();
    assert_eq!(first.order_period, plan.start);
    assert_eq!(first.receipt_period, plan.start.plus(2));
    check(first.quantity, 27.0, 1e-12);
    assert!(first.why.en.contains("already at the start"));
    assert!(warned(&plan, "Stock runs out in 2024-W01"));
    check(plan.fill_rate, (80.0 - 17.0) / 80.0, 1e-9);
}

#[test]
fn the_smallest_order_counts() {
    let item = Item { moq: 50.0, ..item(14.0, 30.0) };
    let plan = plan(&certain(Frequency::Week, vec![10.0; 8]), &item, &STANDARD);
    check(plan.max_level, 70.0, 1e-12);
    check(plan.orders[0].quantity, 50.0, 1e-12);
    let item = Item { moq: 50.0, max_level: Some(40.0), ..item };
    let plan = super::plan::plan(&certain(Frequency::Week, vec![10.0; 8]), &item, &STANDARD);
    check(plan.orders[0].quantity, 50.0, 1e-12);
    assert!(plan.orders[0].why.en.contains("raised to the smallest order: 50."));
}

#[test]
fn the_lot_is_economic_when_costs_are_known() {
    // D = 10 a day · 365.2425; K = 20; h = 0.25 · 4 = 1.
    let item = Item { order_cost: 20.0, unit_cost: 4.0, holding_rate: 0.25, ..item(2.0, 100.0) };
    let plan = plan(&certain(Frequency::Day, vec![10.0; 60]), &item, &STANDARD);
    check(plan.max_level - plan.reorder_point, (2.0 * 20.0 * 3652.425_f64).sqrt(), 1e-9);
}

#[test]
fn periodic_review_orders_up_to_the_classical_level() {
    // d = 50, σ = 8, L + R = 4 + 2 weeks, 95 %: 332.2324 (reference-values, periodic review).
    let item = Item { review_period_days: 14.0, ..item(28.0, 300.0) };
    let plan = plan(&steady(Frequency::Week, 50.0, 8.0, 4000, 12), &item, &STANDARD);
    check(plan.max_level, 332.2324, 0.005);
    check(plan.max_level, plan.reorder_point, 1e-12);
    let every_second: Vec<i64> = plan.orders.iter().map(|o| o.order_period.since(plan.start)).collect();
    assert_eq!(every_second, [0, 2, 4, 6, 8, 10]);
    let biweekly = plan.orders[2].quantity;
    check(biweekly, 100.0, 1e-9);
    assert!(plan.orders[2].why.en.starts_with("At the review in 2024-W05"));
}

#[test]
fn the_simulated_service_keeps_the_promise() {
    // Cycle service 95 % with lots of one week: fill rate far above 95 %, and close to 1 at 99.9 %.
    let demand = steady(Frequency::Week, 50.0, 8.0, 300, 26);
    let fill = |level| {
        let item = Item { service_level: level, ..item(14.0, 180.0) };
        plan(&demand, &item, &STANDARD).fill_rate
    };
    assert!(fill(0.95) > 0.97, "{}", fill(0.95));
    assert!(fill(0.999) > 0.999);
    assert!(fill(0.5) < fill(0.95));
}

#[test]
fn simulated_lines_enclose_the_projection() {
    let plan = plan(&steady(Frequency::Week, 50.0, 12.0, 300, 26), &item(14.0, 250.0), &STANDARD);
    assert_eq!(plan.projected.len(), 26);
    for t in 0..4 {
        assert!(plan.projected_low[t] <= plan.projected[t] && plan.projected[t] <= plan.projected_high[t], "{t}");
    }
    assert!(plan.projected_low.iter().zip(&plan.projected_high).all(|(l, h)| l <= h));
    let worst = plan.stockout_by_period.iter().copied().fold(0.0, f64::max);
    assert!(worst <= plan.stockout_probability);
}

#[test]
fn a_short_lead_time_in_long_periods_is_served() {
    // The default week of lead time on monthly data: the policy acts within the month.
    let plan = plan(&steady(Frequency::Month, 100.0, 10.0, 200, 12), &item(7.0, 120.0), &STANDARD);
    assert!(plan.fill_rate > 0.99, "{}", plan.fill_rate);
    assert!(plan.projected.iter().all(|&stock| stock > 0.0));
}

#[test]
fn zero_demand_needs_nothing() {
    let plan = plan(&certain(Frequency::Week, vec![0.0; 6]), &Item { moq: 10.0, ..item(7.0, 0.0) }, &STANDARD);
    assert_eq!((plan.fill_rate, plan.stockout_probability, plan.average_stock), (1.0, 0.0, 0.0));
    assert!(plan.orders.is_empty());
    assert!(plan.why.iter().any(|w| w.note.en == "No order is needed within the horizon"));
}

#[test]
fn every_number_says_why_in_both_languages() {
    let mut item = Item { review_period_days: 7.0, ..item(14.0, 100.0) };
    item.stated.insert(ItemField::LeadTimeDays);
    let plan = plan(&steady(Frequency::Week, 50.0, 8.0, 100, 8), &item, &STANDARD);
    let names: Vec<&str> = plan.why.iter().map(|w| w.quantity.en.as_str()).collect();
    assert_eq!(
        names,
        [
            "Safety stock",
            "Reorder point",
            "Reorder point, max-level rule",
            "Max level",
            "Order quantity",
            "Reorder point by simulated demand",
            "Cycle service achieved",
            "Fill rate achieved",
            "Days of cover achieved"
        ]
    );
    for why in &plan.why {
        assert!(!why.formula.is_empty() && !why.quantity.zh.is_empty() && !why.note.zh.is_empty());
        assert!(why.inputs.iter().all(|i| !i.source.en.is_empty() && !i.source.zh.is_empty() && i.value.is_finite()));
    }
    let sum: f64 = plan.why[1].inputs[..2].iter().map(|i| i.value).sum();
    check(sum, plan.why[1].value, 1e-9);
    let safety = &plan.why[0].inputs;
    check(safety[0].value * safety[1].value, plan.safety_stock, 1e-9);
    let source = |symbol: &str| &plan.why[1].inputs.iter().find(|i| i.symbol == symbol).unwrap().source.en;
    assert_eq!((source("L").as_str(), source("R").as_str()), ("item data", "set in the plan"));
}

#[test]
fn the_max_level_rule_warns_where_it_misleads() {
    let days = |d| steady(Frequency::Day, d, 1.0, 20, 10);
    let item = |safety, max, lead| Item { safety_stock: Some(safety), max_level: Some(max), ..item(lead, 150.0) };
    // The worked example itself: lead time 1, R = 95 within (0, 150).
    let example = plan(&days(105.0), &item(50.0, 150.0, 1.0), &MAX_RULE);
    assert_eq!(example.active_reorder_point(), 95.0);
    assert!(warned(&example, "Max level 150 is below the reorder point 155"));
    assert_eq!(example.warnings.len(), 1);
    assert!(warned(&plan(&days(105.0), &item(50.0, 150.0, 2.0), &MAX_RULE), "takes no account of lead time"));
    assert!(!warned(&plan(&days(105.0), &item(50.0, 150.0, 2.0), &STANDARD), "takes no account of lead time"));
    assert!(warned(&plan(&days(105.0), &item(0.0, 80.0, 1.0), &MAX_RULE), "negative reorder point, -25"));
    assert!(warned(
        &plan(&days(20.0), &item(50.0, 150.0, 1.0), &MAX_RULE),
        "reorder point of 180, above the max level"
    ));
    // Sound settings are silent.
    let quiet = plan(&steady(Frequency::Day, 20.0, 3.0, 50, 10), &super::item(1.0, 100.0), &MAX_RULE);
    assert_eq!(quiet.warnings, []);
}

#[test]
fn other_warnings() {
    let demand = steady(Frequency::Week, 50.0, 8.0, 50, 4);
    assert!(warned(&plan(&demand, &item(70.0, 900.0), &STANDARD), "exceed the horizon of 4"));
    assert!(warned(&plan(&demand, &item(7.0, -20.0), &STANDARD), "Stock on hand is negative: 20"));
    let sure = Item { service_level: 1.0, ..item(7.0, 100.0) };
    assert!(warned(&plan(&demand, &sure, &STANDARD), "Service level 100 %"));
    assert!(warned(&plan(&certain(Frequency::Week, vec![1.0; 4]), &item(7.0, 9.0), &STANDARD), "no sample paths"));
}
