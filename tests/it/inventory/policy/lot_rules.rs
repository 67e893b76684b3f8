//! Lots for known demands against published examples and Wagner–Whitin; incremental discounts against a published
//! example, stockpyl and brute force.

use super::{check, nasty};
use planwright::inventory::{
    LotPlan, PriceBreak, incremental_discount, least_unit_cost, lot_for_lot, part_period_balancing,
    periodic_order_quantity, silver_meal, wagner_whitin,
};
use proptest::prelude::*;

type Rule = fn(f64, f64, &[f64]) -> LotPlan;
const RULES: [Rule; 5] = [lot_for_lot, silver_meal, least_unit_cost, part_period_balancing, periodic_order_quantity];

#[track_caller]
fn check_plan(plan: &LotPlan, orders: &[f64], cost: f64) {
    assert_eq!(plan.orders, orders);
    check(plan.cost, cost, 1e-12);
}

#[test]
fn nahmias() {
    // Nahmias, Production and Operations Analysis, section 8.2: demand 18, 30, 42, 5, 20, K=80, h=2.
    let demand = [18.0, 30.0, 42.0, 5.0, 20.0];
    check_plan(&silver_meal(80.0, 2.0, &demand), &[48.0, 0.0, 47.0, 0.0, 20.0], 310.0);
    check_plan(&least_unit_cost(80.0, 2.0, &demand), &[48.0, 0.0, 42.0, 25.0, 0.0], 340.0);
    check_plan(&part_period_balancing(80.0, 2.0, &demand), &[48.0, 0.0, 67.0, 0.0, 0.0], 310.0);
    check_plan(&lot_for_lot(80.0, 2.0, &demand), &demand, 400.0);
    check(wagner_whitin(&[80.0], 2.0, &demand).cost, 310.0, 1e-12);
}

#[test]
fn silver_pyke_and_peterson() {
    // Silver, Pyke & Peterson, chapter 6: K=54, h=0.40; Silver–Meal finds Wagner–Whitin's 501.20.
    let demand = [10.0, 62.0, 12.0, 130.0, 154.0, 129.0, 88.0, 52.0, 124.0, 160.0, 238.0, 41.0];
    let orders = [84.0, 0.0, 0.0, 130.0, 283.0, 0.0, 140.0, 0.0, 124.0, 160.0, 279.0, 0.0];
    check_plan(&silver_meal(54.0, 0.4, &demand), &orders, 501.2);
    check(wagner_whitin(&[54.0], 0.4, &demand).cost, 501.2, 1e-12);
    check(lot_for_lot(54.0, 0.4, &demand).cost, 648.0, 1e-12);
    // √(2·54·100/0.4) = 164.3 units are 1.64 periods, so 2.
    let orders = [72.0, 0.0, 142.0, 0.0, 283.0, 0.0, 140.0, 0.0, 284.0, 0.0, 279.0, 0.0];
    check(
        periodic_order_quantity(54.0, 0.4, &demand).cost,
        6.0 * 54.0 + 0.4 * (62.0 + 130.0 + 129.0 + 52.0 + 160.0 + 41.0),
        1e-12,
    );
    assert_eq!(periodic_order_quantity(54.0, 0.4, &demand).orders, orders);
}

#[test]
fn least_unit_cost_solves_snyder_and_shens_example() {
    // h=2 K=500; 90, 120, 80, 70: Wagner–Whitin orders 210 and 150 for 1380.
    let demand = [90.0, 120.0, 80.0, 70.0];
    check_plan(&least_unit_cost(500.0, 2.0, &demand), &[210.0, 0.0, 150.0, 0.0], 1380.0);
    check_plan(&silver_meal(500.0, 2.0, &demand), &[290.0, 0.0, 0.0, 70.0], 1560.0);
    assert!(RULES.iter().all(|rule| rule(500.0, 2.0, &demand).cost >= 1380.0));
}

#[test]
fn periods_without_demand_order_nothing() {
    let demand = [0.0, 0.0, 7.0, 0.0, 0.0, 9.0, 0.0];
    for rule in [silver_meal, least_unit_cost, part_period_balancing] {
        check_plan(&rule(100.0, 1.0, &demand), &[0.0, 0.0, 16.0, 0.0, 0.0, 0.0, 0.0], 127.0);
        check_plan(&rule(5.0, 1.0, &demand), &[0.0, 0.0, 7.0, 0.0, 0.0, 9.0, 0.0], 10.0);
    }
    check(silver_meal(1.0, 1.0, &demand).cost, 2.0, 1e-12);
    check(periodic_order_quantity(5.0, 0.0, &demand).cost, 5.0, 1e-12);
    check(periodic_order_quantity(0.0, 5.0, &demand).cost, 0.0, 1e-12);
    for rule in RULES {
        check_plan(&rule(5.0, 1.0, &[]), &[], 0.0);
        check_plan(&rule(5.0, 1.0, &[0.0, f64::NAN, -3.0]), &[0.0; 3], 0.0);
    }
}

fn at(from: f64, price: f64) -> PriceBreak {
    PriceBreak { from, price }
}

#[test]
fn incremental_discounts() {
    // Nahmias, Production and Operations Analysis, section 4.7: K=8 I=0.2 λ=600, 0.30/0.29/0.28 at 0/500/1000 → 400 at
    // 204.00 a year; the others by stockpyl's `economic_order_quantity_with_incremental_discounts`.
    for ((k, i, d), breaks, quantity, cost) in [
        ((8.0, 0.2, 600.0), [at(0.0, 0.30), at(500.0, 0.29), at(1000.0, 0.28)], 400.0, 204.0),
        ((8.0, 0.3, 1300.0), [at(0.0, 0.75), at(400.0, 0.72), at(800.0, 0.68)], 304.0467800264, 1043.4105255059),
        (
            (50.0, 0.2, 600.0),
            [at(1000.0, 0.28), at(0.0, 0.30), at(500.0, 0.29)],
            1180.1936887041647,
            235.59084656743326,
        ),
        (
            (150.0, 0.25, 2400.0),
            [at(0.0, 100.0), at(300.0, 90.0), at(600.0, 80.0)],
            1481.8906842274164,
            222762.8136845483,
        ),
    ] {
        let best = incremental_discount(k, i, d, &breaks).unwrap();
        check(best.quantity, quantity, 1e-11);
        check(best.cost, cost, 1e-11);
    }
    let best = incremental_discount(50.0, 0.2, 600.0, &[at(0.0, 0.30), at(500.0, 0.29), at(1000.0, 0.28)]).unwrap();
    check(best.price, (150.0 + 145.0 + 0.28 * 180.1936887041647) / 1180.1936887041647, 1e-12);
}

#[test]
fn incremental_discounts_need_sound_breaks() {
    for breaks in [
        &[][..],
        &[at(10.0, 1.0)],
        &[at(0.0, 1.0), at(0.0, 0.9)],
        &[at(0.0, 0.0)],
        &[at(0.0, f64::NAN)],
        &[at(0.0, 1.0), at(f64::NAN, 0.9)],
    ] {
        assert_eq!(incremental_discount(8.0, 0.2, 600.0, breaks), None);
    }
    assert_eq!(incremental_discount(0.0, 0.2, 600.0, &[at(0.0, 1.0)]), None);
    assert_eq!(incremental_discount(8.0, 0.2, f64::INFINITY, &[at(0.0, 1.0)]), None);
}

/// What `quantity` units cost to buy.
fn purchase(breaks: &[PriceBreak], quantity: f64) -> f64 {
    let next = |j: usize| breaks.get(j + 1).map_or(f64::INFINITY, |b| b.from);
    breaks.iter().enumerate().map(|(j, b)| b.price * (quantity.min(next(j)) - b.from).max(0.0)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_rule_beats_wagner_whitin(
        demand in prop::collection::vec(prop_oneof![Just(0.0), 1.0..80.0f64], 0..14),
        k in 0.0..200.0f64, h in 0.0..3.0f64,
    ) {
        let best = wagner_whitin(&[k], h, &demand);
        for rule in RULES {
            let plan = rule(k, h, &demand);
            prop_assert!(plan.cost >= best.cost - 1e-9 * best.cost.max(1.0));
            // Nothing short, and the cost is that of the orders.
            let (mut stock, mut cost) = (0.0, 0.0);
            for (order, d) in plan.orders.iter().zip(&demand) {
                cost += if *order > 0.0 { k } else { 0.0 };
                stock += order - d;
                prop_assert!(stock > -1e-9);
                cost += h * stock.max(0.0);
            }
            prop_assert!(stock.abs() < 1e-9);
            check(plan.cost, cost, 1e-9);
        }
    }

    #[test]
    fn no_quantity_is_cheaper(
        (k, i, d) in (1.0..100.0f64, 0.05..0.5f64, 100.0..5000.0f64),
        steps in prop::collection::vec((20.0..400.0f64, 0.7..1.1f64), 0..4), tried in 0.01..8.0f64,
    ) {
        let mut breaks = vec![at(0.0, 5.0)];
        for (units, factor) in steps {
            let last = breaks[breaks.len() - 1];
            breaks.push(at(last.from + units, last.price * factor));
        }
        let best = incremental_discount(k, i, d, &breaks).unwrap();
        let cost = |q: f64| (k + purchase(&breaks, q)) * d / q + i * purchase(&breaks, q) / 2.0;
        check(best.cost, cost(best.quantity), 1e-9);
        check(best.price * best.quantity, purchase(&breaks, best.quantity), 1e-9);
        prop_assert!(best.cost <= cost(best.quantity * tried) * (1.0 + 1e-12));
        prop_assert!(breaks.iter().skip(1).all(|b| best.cost <= cost(b.from) * (1.0 + 1e-12)));
    }

    #[test]
    fn nonsense_stays_harmless(
        (k, h) in (nasty(), nasty()), demand in prop::collection::vec(nasty(), 0..6),
        breaks in prop::collection::vec((nasty(), nasty()), 0..4), d in nasty(),
    ) {
        for rule in RULES {
            let plan = rule(k, h, &demand);
            prop_assert!(plan.cost >= 0.0 && plan.orders.len() == demand.len());
            prop_assert!(plan.orders.iter().all(|q| q.is_finite()));
        }
        let breaks: Vec<PriceBreak> = breaks.into_iter().map(|(from, price)| at(from, price)).collect();
        if let Some(best) = incremental_discount(k, h, d, &breaks) {
            prop_assert!(best.cost.is_finite() && best.quantity > 0.0);
        }
    }
}
