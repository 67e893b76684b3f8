//! Lot sizes and newsvendor against Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. 2019, as computed by
//! LarrySnyder/stockpyl, and against brute force.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::check;
use planwright::inventory::{
    LotRule, PriceBreak, all_units_discount, base_stock_normal, economic_order_quantity,
    economic_order_quantity_with_backorders, economic_production_quantity, newsvendor_normal, newsvendor_normal_cost,
    newsvendor_poisson, wagner_whitin,
};
use proptest::prelude::*;

#[test]
fn economic_lots() {
    let lot = economic_order_quantity(8.0, 0.225, 1300.0).unwrap();
    check(lot.quantity, 304.0467800264, 1e-10);
    check(lot.cost, 68.4105255059, 1e-10);

    let (lot, share) = economic_order_quantity_with_backorders(8.0, 0.225, 1300.0, 5.0).unwrap();
    check(lot.quantity, 310.8125551590, 1e-10);
    check(share, 0.0430622010, 1e-9);
    check(lot.cost, 66.9213635510, 1e-10);

    let lot = economic_production_quantity(8.0, 0.225, 1300.0, 2000.0).unwrap();
    check(lot.quantity, 513.9328595517, 1e-10);
    check(lot.cost, 40.4722126897, 1e-10);
}

#[test]
fn a_lot_needs_positive_inputs() {
    assert_eq!(economic_order_quantity(8.0, 0.0, 1300.0), None);
    assert_eq!(economic_order_quantity(f64::NAN, 0.2, 1300.0), None);
    assert_eq!(economic_order_quantity(1e300, 1e-300, 1e300), None);
    assert_eq!(economic_production_quantity(8.0, 0.2, 1300.0, 1300.0), None);
    assert_eq!(economic_order_quantity_with_backorders(8.0, 0.2, 1300.0, 0.0), None);
}

#[test]
fn all_units_discount_takes_the_third_price() {
    let at = |from, price| PriceBreak { from, price };
    let best = all_units_discount(8.0, 0.3, 1300.0, &[at(0.0, 0.75), at(400.0, 0.72), at(800.0, 0.68)]).unwrap();
    check(best.quantity, 800.0, 1e-12);
    check(best.cost, 978.60, 1e-12);
    check(best.price, 0.68, 1e-12);
    assert_eq!(all_units_discount(8.0, 0.3, 1300.0, &[]), None);
}

#[test]
fn wagner_whitin_examples() {
    let plan = wagner_whitin(&[500.0], 2.0, &[90.0, 120.0, 80.0, 70.0]);
    assert_eq!(plan.orders, [210.0, 0.0, 150.0, 0.0]);
    check(plan.cost, 1380.0, 1e-12);

    let costs = [110.0, 108.0, 110.0, 120.0, 125.0, 134.0];
    let plan = wagner_whitin(&costs, 1.0, &[0.0, 0.0, 0.0, 0.0, 0.0, 7.0]);
    assert_eq!(plan.orders, [0.0, 0.0, 7.0, 0.0, 0.0, 0.0]);
    check(plan.cost, 131.0, 1e-12);

    assert_eq!(wagner_whitin(&[], 1.0, &[]).cost, 0.0);
}

#[test]
fn newsvendor_and_base_stock() {
    let best = newsvendor_normal(0.18, 0.7, 50.0, 8.0).unwrap();
    check(best.level, 56.6039559274, 1e-9);
    check(best.cost, 1.9976051932, 1e-9);
    check(newsvendor_normal_cost(0.18, 0.7, 50.0, 8.0, best.level), best.cost, 1e-9);
    check(newsvendor_normal_cost(0.18, 0.7, 50.0, 8.0, 40.0), 7.3561315529, 1e-9);

    let best = base_stock_normal(0.18, 0.7, (50.0, 8.0), 4.0, 1.0).unwrap();
    check(best.level, 264.7668943742, 1e-9);
    check(best.cost, 4.4667810041, 1e-9);

    let best = newsvendor_poisson(1.0, 4.0, 6.0).unwrap();
    check(best.level, 8.0, 1e-12);
    check(best.cost, 3.5701069458, 1e-9);

    assert_eq!(newsvendor_normal(0.0, 0.7, 50.0, 8.0), None);
    assert_eq!(newsvendor_poisson(1.0, 4.0, 1e9), None);
    check(newsvendor_normal_cost(1.0, 2.0, 50.0, 0.0, 40.0), 20.0, 1e-12);
}

#[test]
fn orders_are_rounded_up() {
    let rule = |moq, multiple| LotRule { moq, multiple, container: 0.0 };
    for (rule, wish, expected) in [
        (rule(0.0, 0.0), 7.3, 7.3),
        (rule(10.0, 0.0), 7.3, 10.0),
        (rule(0.0, 12.0), 7.3, 12.0),
        (rule(0.0, 12.0), 24.0, 24.0),
        (rule(0.0, 0.1), 0.3, 0.3),
        (rule(50.0, 12.0), 7.3, 60.0),
        (rule(50.0, 12.0), 0.0, 0.0),
        (rule(50.0, 12.0), -4.0, 0.0),
        (rule(f64::NAN, f64::NAN), 5.0, 5.0),
    ] {
        check(rule.round_up(wish), expected, 1e-9);
    }
}

/// Cost of ordering in exactly the periods of `mask`, each order up to the next one; `None` when demand is uncovered.
fn cost_of(mask: u32, order_cost: &[f64], h: f64, demand: &[f64]) -> Option<f64> {
    let (mut last, mut cost) = (None, 0.0);
    for (t, d) in demand.iter().enumerate() {
        if mask & (1 << t) != 0 {
            (last, cost) = (Some(t), cost + order_cost[t]);
        }
        match last {
            Some(s) => cost += h * d * (t - s) as f64,
            None if *d > 0.0 => return None,
            None => {}
        }
    }
    Some(cost)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn wagner_whitin_equals_brute_force(
        data in prop::collection::vec((0.0..200.0f64, prop_oneof![Just(0.0), 1.0..80.0f64]), 1..8),
        h in 0.0..3.0f64,
    ) {
        let (costs, demand): (Vec<f64>, Vec<f64>) = data.into_iter().unzip();
        let plan = wagner_whitin(&costs, h, &demand);
        let best = (0..1u32 << demand.len()).filter_map(|m| cost_of(m, &costs, h, &demand)).fold(f64::INFINITY, f64::min);
        prop_assert!((plan.cost - best).abs() <= 1e-9 * best.max(1.0), "{} is not {best}", plan.cost);
        prop_assert!((plan.orders.iter().sum::<f64>() - demand.iter().sum::<f64>()).abs() < 1e-9);
    }

    #[test]
    fn no_lot_is_cheaper_than_the_economic_one(k in 1.0..100.0f64, h in 0.1..5.0f64, d in 1.0..1e4f64, x in 0.2..5.0f64) {
        let lot = economic_order_quantity(k, h, d).unwrap();
        let q = lot.quantity * x;
        prop_assert!(k * d / q + h * q / 2.0 >= lot.cost * (1.0 - 1e-12));
    }
}
