//! Joint replenishment against stockpyl's `joint_replenishment_problem_silver_heuristic` (its example is a problem of
//! Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. 2019) and against enumeration.

use super::{check, nasty};
use planwright::inventory::{
    JointItem, economic_order_quantity, joint_replenishment, joint_replenishment_cost, joint_replenishment_silver,
};
use proptest::prelude::*;

fn item(order_cost: f64, holding_cost: f64, demand: f64) -> JointItem {
    JointItem { order_cost, holding_cost, demand }
}

#[test]
fn silvers_heuristic() {
    let items = [item(120.0, 160.0, 1.0), item(840.0, 20.0, 1.0), item(300.0, 50.0, 1.0)];
    let plan = joint_replenishment_silver(600.0, &items).unwrap();
    check(plan.interval, 3.103164454170876, 1e-12);
    assert_eq!(plan.multiples, [1, 3, 1]);
    check(plan.cost, 837.8544026261366, 1e-12);
    for (q, expected) in plan.quantities.iter().zip([3.103164454170876, 9.309493362512628, 3.103164454170876]) {
        check(*q, expected, 1e-12);
    }

    let items = [item(5.0, 0.4, 100.0), item(8.0, 1.0, 20.0), item(30.0, 0.3, 15.0), item(2.0, 2.0, 400.0)];
    let plan = joint_replenishment_silver(20.0, &items).unwrap();
    check(plan.interval, 0.23450012809702125, 1e-12);
    assert_eq!(plan.multiples, [2, 4, 16, 1]);
    check(plan.cost, 242.00413219612594, 1e-12);
}

#[test]
fn the_book_example_is_already_optimal() {
    let items = [item(120.0, 160.0, 1.0), item(840.0, 20.0, 1.0), item(300.0, 50.0, 1.0)];
    let plan = joint_replenishment(600.0, &items).unwrap();
    assert!(plan.proven);
    assert_eq!(plan.multiples, [1, 3, 1]);
    check(plan.cost, 837.8544026261366, 1e-12);
}

#[test]
fn one_item_is_an_economic_lot() {
    let plan = joint_replenishment(5.0, &[item(3.0, 0.225, 1300.0)]).unwrap();
    let lot = economic_order_quantity(8.0, 0.225, 1300.0).unwrap();
    check(plan.quantities[0], lot.quantity, 1e-12);
    check(plan.cost, lot.cost, 1e-12);
    assert!(plan.proven);
}

#[test]
fn items_that_cost_nothing_to_add_are_in_every_order() {
    let plan = joint_replenishment(50.0, &[item(0.0, 1.0, 10.0), item(0.0, 2.0, 30.0)]).unwrap();
    assert_eq!(plan.multiples, [1, 1]);
    assert!(plan.proven);
    check(plan.cost, (2.0f64 * 50.0 * 70.0).sqrt(), 1e-12);
}

#[test]
fn without_shared_cost_each_is_as_good_as_alone() {
    let items = [item(120.0, 160.0, 1.0), item(840.0, 20.0, 1.3), item(300.0, 50.0, 0.7)];
    let plan = joint_replenishment(0.0, &items).unwrap();
    let alone: f64 = items.iter().map(|i| (2.0 * i.order_cost * i.holding_cost * i.demand).sqrt()).sum();
    check(plan.cost, alone, 1e-9);
}

#[test]
fn out_of_range_is_none() {
    assert_eq!(joint_replenishment(5.0, &[]), None);
    assert_eq!(joint_replenishment(0.0, &[item(0.0, 1.0, 1.0)]), None);
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(joint_replenishment(bad, &[item(1.0, 1.0, 1.0)]), None);
        assert_eq!(joint_replenishment(5.0, &[item(bad, 1.0, 1.0)]), None);
        assert_eq!(joint_replenishment_silver(5.0, &[item(1.0, bad, 1.0)]), None);
        assert_eq!(joint_replenishment_silver(5.0, &[item(1.0, 1.0, bad)]), None);
    }
    assert_eq!(joint_replenishment_cost(5.0, &[item(1.0, 1.0, 1.0)], &[0]), None);
    assert_eq!(joint_replenishment_cost(5.0, &[item(1.0, 1.0, 1.0)], &[1, 1]), None);
}

fn items(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<JointItem>> {
    let one = (prop_oneof![Just(0.0), 1.0..200.0f64], 0.1..20.0f64, 0.5..50.0f64);
    prop::collection::vec(one.prop_map(|(k, h, d)| item(k, h, d)), size)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_multiples_are_cheaper(shared in 5.0..200.0f64, items in items(1..4)) {
        let plan = joint_replenishment(shared, &items).unwrap();
        prop_assert!(plan.proven);
        check(joint_replenishment_cost(shared, &items, &plan.multiples).unwrap(), plan.cost, 1e-12);
        let n = items.len() as u32;
        let cheapest = (0..14u32.pow(n))
            .map(|code| (0..n).map(|i| code / 14u32.pow(i) % 14 + 1).collect::<Vec<_>>())
            .filter_map(|multiples| joint_replenishment_cost(shared, &items, &multiples))
            .fold(f64::INFINITY, f64::min);
        prop_assert!(plan.cost <= cheapest * (1.0 + 1e-12), "{} is above {cheapest}", plan.cost);
        if plan.multiples.iter().all(|&m| m <= 14) {
            check(plan.cost, cheapest, 1e-12);
        }
    }

    #[test]
    fn never_dearer_than_the_heuristic_and_the_plan_is_priced_right(shared in 0.0..200.0f64, items in items(1..12)) {
        prop_assume!(shared > 0.0 || items.iter().any(|i| i.order_cost > 0.0));
        let (plan, heuristic) =
            (joint_replenishment(shared, &items).unwrap(), joint_replenishment_silver(shared, &items).unwrap());
        prop_assert!(plan.cost <= heuristic.cost);
        let mut cost = shared / plan.interval;
        for ((i, &m), q) in items.iter().zip(&plan.multiples).zip(&plan.quantities) {
            cost += i.order_cost / (f64::from(m) * plan.interval) + i.holding_cost * q / 2.0;
        }
        check(plan.cost, cost, 1e-9);
    }

    #[test]
    fn costs_rise(shared in 5.0..200.0f64, more in 1.0..50.0f64, items in items(1..6)) {
        let cost = |shared: f64, items: &[JointItem]| joint_replenishment(shared, items).unwrap().cost;
        let base = cost(shared, &items);
        prop_assert!(cost(shared + more, &items) >= base * (1.0 - 1e-12));
        let mut dearer = items.clone();
        dearer[0].order_cost += more;
        prop_assert!(cost(shared, &dearer) >= base * (1.0 - 1e-12));
    }

    #[test]
    fn nonsense_is_refused(shared in nasty(), items in prop::collection::vec((nasty(), nasty(), nasty()), 0..4)) {
        let items: Vec<JointItem> = items.into_iter().map(|(k, h, d)| item(k, h, d)).collect();
        if let Some(plan) = joint_replenishment(shared, &items) {
            prop_assert!(plan.cost.is_finite() && plan.interval > 0.0);
        }
    }
}
