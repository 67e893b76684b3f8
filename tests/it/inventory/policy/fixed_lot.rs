//! (r, Q) against stockpyl's `rq` module (an implementation of Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd
//! ed. 2019, chapter 5), numerical integration and search.

use super::{check, nasty};
use planwright::inventory::{
    NormalDemand, RqPolicy, StockCosts, best_reorder_point, economic_order_quantity_with_backorders, rq_cost, rq_eil,
    rq_eoq_safety_stock, rq_eoqb, rq_loss_function, rq_optimal, rq_poisson, rq_poisson_cost,
};
use proptest::prelude::*;

fn costs(order: f64, holding: f64, shortage: f64) -> StockCosts {
    StockCosts { order, holding, shortage }
}

/// Snyder & Shen, example 5.1: h=0.225 p=7.5 K=8 λ=1300 σ=150 L=1/12.
fn book() -> (StockCosts, f64, NormalDemand) {
    (costs(8.0, 0.225, 7.5), 1300.0, NormalDemand::over((1300.0, 150.0), (1.0 / 12.0, 0.0)).unwrap())
}

/// A second instance: h=1 p=20 K=50 λ=200 σ=40 L=0.5.
fn other() -> (StockCosts, f64, NormalDemand) {
    (costs(50.0, 1.0, 20.0), 200.0, NormalDemand::over((200.0, 40.0), (0.5, 0.0)).unwrap())
}

/// `(r, Q, g)` of the book's instance and the other.
const BOOK_OPTIMUM: (f64, f64, f64) = (126.86706419340194, 328.4491377698581, 78.07114627035176);
const OTHER_OPTIMUM: (f64, f64, f64) = (108.49930185898037, 158.33562226283271, 166.8349263540717);

#[track_caller]
fn check_levels(policy: RqPolicy, (r, q): (f64, f64), tolerance: f64) {
    check(policy.reorder_point, r, tolerance);
    check(policy.quantity, q, tolerance);
}

#[test]
fn cost_of_given_levels() {
    let (c, demand, lead) = book();
    check(rq_cost(c, demand, lead, (126.8, 328.5)).unwrap(), 78.0711625093, 1e-11);
    check(rq_cost(c, demand, lead, (100.0, 250.0)).unwrap(), 87.3464780282, 1e-11);
    let (c, demand, lead) = other();
    check(rq_cost(c, demand, lead, (80.0, 150.0)).unwrap(), 197.830608269343, 1e-11);
    assert_eq!(rq_cost(c, demand, lead, (80.0, 0.0)), None);
    assert_eq!(rq_cost(c, f64::NAN, lead, (80.0, 10.0)), None);
}

#[test]
fn best_reorder_points() {
    // stockpyl's `r_q_optimal_r_for_q`, which stops when G(r) and G(r + Q) are within 1e-6.
    let (c, _, lead) = book();
    for (q, r) in [
        (50.0, 169.74058549239408),
        (300.0, 129.4272799263067),
        (328.5, 126.86263269831534),
        (800.0, 97.38025476544271),
    ] {
        check(best_reorder_point(c, lead, q).unwrap(), r, 1e-7);
    }
    assert_eq!(best_reorder_point(c, lead, -1.0), None);
}

#[test]
fn approximations() {
    let (c, demand, lead) = book();
    let eil = rq_eil(c, demand, lead).unwrap();
    check_levels(eil, (213.97044213580244, 318.5901810768729), 1e-8);
    check(eil.cost, 95.45114022285196, 1e-10);
    check_levels(rq_eoqb(c, demand, lead).unwrap(), (128.63781442427097, 308.5737801203754), 1e-7);
    check_levels(rq_eoq_safety_stock(c, demand, lead).unwrap(), (190.3369965715624, 304.0467800264368), 1e-10);
    check_levels(rq_loss_function(c, demand, lead).unwrap(), (126.8670634479628, 328.4491421980451), 1e-7);

    let (c, demand, lead) = other();
    let eil = rq_eil(c, demand, lead).unwrap();
    check_levels(eil, (150.08311843175665, 153.21933078555162), 1e-7);
    check(eil.cost, 203.3024492173083, 1e-9);
    check_levels(rq_eoqb(c, demand, lead).unwrap(), (110.22510971186799, 144.9137674618944), 1e-7);
    check_levels(rq_eoq_safety_stock(c, demand, lead).unwrap(), (147.189229076476, 141.4213562373095), 1e-10);
    check_levels(rq_loss_function(c, demand, lead).unwrap(), (108.49930181829946, 158.33562454069707), 1e-6);
}

#[test]
fn the_optimum_beats_every_approximation() {
    for (c, demand, lead) in [book(), other()] {
        let best = rq_optimal(c, demand, lead).unwrap();
        let dearer = [rq_eoqb, rq_eoq_safety_stock, rq_loss_function].map(|rule| rule(c, demand, lead).unwrap().cost);
        assert!(dearer.iter().all(|&cost| best.cost <= cost * (1.0 + 1e-12)), "{best:?}: {dearer:?}");
        assert!(dearer[0] <= best.cost * 1.125);
    }
    // scipy's Nelder–Mead on the integral of stockpyl's `newsvendor_normal_cost`.
    let (c, demand, lead) = book();
    let best = rq_optimal(c, demand, lead).unwrap();
    check_levels(best, (BOOK_OPTIMUM.0, BOOK_OPTIMUM.1), 1e-4);
    check(best.cost, BOOK_OPTIMUM.2, 1e-9);
    let (c, demand, lead) = other();
    let best = rq_optimal(c, demand, lead).unwrap();
    check_levels(best, (OTHER_OPTIMUM.0, OTHER_OPTIMUM.1), 1e-4);
    check(best.cost, OTHER_OPTIMUM.2, 1e-9);
}

#[test]
fn poisson() {
    // Snyder & Shen, example 5.8, then stockpyl's `r_q_poisson_exact` and `r_q_cost_poisson`.
    for ((h, p, k, demand, lead), (r, q, cost)) in [
        ((20.0, 150.0, 100.0, 1.5, 2.0), (3.0, 5.0, 107.92358063314975)),
        ((1.0, 10.0, 50.0, 20.0, 1.0), (15.0, 49.0, 44.77497918003515)),
        ((2.0, 30.0, 200.0, 4.5, 3.0), (12.0, 33.0, 63.38342913228474)),
        ((5.0, 5.0, 1.0, 2.0, 1.0), (0.0, 2.0, 6.883382080915318)),
    ] {
        let best = rq_poisson(costs(k, h, p), demand, lead).unwrap();
        assert_eq!((best.reorder_point.to_bits(), best.quantity.to_bits()), (f64::to_bits(r), f64::to_bits(q)));
        check(best.cost, cost, 1e-10);
    }
    let c = costs(100.0, 20.0, 150.0);
    for (levels, cost) in [((3, 5), 107.92358063314975), ((0, 12), 146.2499260015188), ((-2, 4), 425.1957024338053)] {
        check(rq_poisson_cost(c, 1.5, 2.0, levels).unwrap(), cost, 1e-11);
    }
    assert_eq!(rq_poisson_cost(c, 1.5, 2.0, (3, 0)), None);
    assert_eq!(rq_poisson_cost(c, 1.5, 2.0, (i64::MAX, 3)), None);
    assert_eq!(rq_poisson(c, 1.5, f64::NAN), None);
    assert_eq!(rq_poisson(c, 1e9, 1.0), None);
}

#[test]
fn poisson_without_lead_time_is_an_economic_lot() {
    // One by one from 0: waiting from −1 down, shelf from 1 up; G is linear on both sides.
    let best = rq_poisson(costs(100.0, 1.0, 4.0), 50.0, 0.0).unwrap();
    let (lot, share) = economic_order_quantity_with_backorders(100.0, 1.0, 50.0, 4.0).unwrap();
    check(best.quantity, lot.quantity, 0.02);
    check(-best.reorder_point, lot.quantity * share, 0.1);
}

#[test]
fn large_poisson_windows_start_at_the_mode() {
    // Far below the mode e^−1200 is 0 in double precision.
    let c = costs(10.0, 1.0, 9.0);
    let whole = rq_poisson_cost(c, 1200.0, 1.0, (-5, 2500)).unwrap();
    let normal = NormalDemand::new(1200.0, 1200f64.sqrt()).unwrap();
    check(whole, rq_cost(c, 1200.0, normal, (-4.5, 2500.0)).unwrap(), 1e-4);
}

#[test]
fn certain_demand_is_the_lot_with_backorders() {
    let lead = NormalDemand::new(50.0, 0.0).unwrap();
    let best = rq_optimal(costs(8.0, 0.225, 5.0), 1300.0, lead).unwrap();
    let (lot, share) = economic_order_quantity_with_backorders(8.0, 0.225, 1300.0, 5.0).unwrap();
    check(best.quantity, lot.quantity, 1e-9);
    check(best.cost, lot.cost, 1e-9);
    check(best.reorder_point, 50.0 - share * lot.quantity, 1e-9);
}

#[test]
fn out_of_range_is_none() {
    let (c, demand, lead) = book();
    for rule in [rq_optimal, rq_eoqb, rq_eoq_safety_stock, rq_loss_function, rq_eil] {
        assert_eq!(rule(c, 0.0, lead), None);
        assert_eq!(rule(c, f64::NAN, lead), None);
        assert_eq!(rule(costs(8.0, -1.0, 7.5), demand, lead), None);
    }
    // Stock so dear that EIL would rather always be short.
    assert_eq!(rq_eil(costs(8.0, 100.0, 0.1), 1300.0, lead), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cost_is_its_integral(r in -50.0..300.0f64, q in 1.0..500.0f64, sd in 0.5..80.0f64) {
        let (c, demand, _) = book();
        let lead = NormalDemand::new(108.0, sd).unwrap();
        let g = |y: f64| c.holding * (y - 108.0 + lead.loss(y)) + c.shortage * lead.loss(y);
        let steps = 4000;
        let weight = |n: i32| if n == 0 || n == steps { 1.0 } else if n % 2 == 1 { 4.0 } else { 2.0 };
        let area: f64 = (0..=steps).map(|n| weight(n) * g(r + q * f64::from(n) / f64::from(steps))).sum::<f64>();
        let expected = c.order * demand / q + area / f64::from(steps) / 3.0;
        check(rq_cost(c, demand, lead, (r, q)).unwrap(), expected, 1e-7);
    }

    #[test]
    fn no_r_and_q_are_cheaper(
        (k, h, p) in (0.5..100.0f64, 0.1..5.0f64, 0.2..50.0f64),
        (demand, mean, sd) in (1.0..2000.0f64, 0.0..500.0f64, 0.0..150.0f64),
        (dr, dq) in (-60.0..60.0f64, 0.3..3.0f64),
    ) {
        let (c, lead) = (costs(k, h, p), NormalDemand::new(mean, sd).unwrap());
        let best = rq_optimal(c, demand, lead).unwrap();
        let tried = rq_cost(c, demand, lead, (best.reorder_point + dr, best.quantity * dq)).unwrap();
        prop_assert!(best.cost <= tried * (1.0 + 1e-10), "{best:?} {tried}");
        let by_r = best_reorder_point(c, lead, best.quantity * dq).unwrap();
        prop_assert!(rq_cost(c, demand, lead, (by_r, best.quantity * dq)).unwrap() <= tried * (1.0 + 1e-10));
        prop_assert!(rq_eoqb(c, demand, lead).unwrap().cost <= best.cost * 1.125);
    }

    #[test]
    fn no_poisson_r_and_q_are_cheaper(
        (k, h, p) in (0.0..60.0f64, 0.2..5.0f64, 0.2..50.0f64), demand in 0.2..6.0f64, lead in 0.0..3.0f64,
    ) {
        let c = costs(k, h, p);
        let best = rq_poisson(c, demand, lead).unwrap();
        let levels = (best.reorder_point as i64, best.quantity as usize);
        check(rq_poisson_cost(c, demand, lead, levels).unwrap(), best.cost, 1e-9);
        for r in levels.0 - 12..levels.0 + 12 {
            for q in 1..levels.1 + 25 {
                prop_assert!(best.cost <= rq_poisson_cost(c, demand, lead, (r, q)).unwrap() * (1.0 + 1e-9));
            }
        }
    }

    #[test]
    fn spread_costs(sd in 0.0..60.0f64, more in 1.0..20.0f64) {
        let (c, demand, _) = book();
        let cost = |sd| rq_optimal(c, demand, NormalDemand::new(108.0, sd).unwrap()).unwrap().cost;
        prop_assert!(cost(sd) <= cost(sd + more));
    }

    #[test]
    fn nonsense_is_refused_not_looped_over(
        (k, h, p) in (nasty(), nasty(), nasty()), (demand, mean, sd) in (nasty(), nasty(), nasty()), r in nasty(),
    ) {
        let c = costs(k, h, p);
        if let Some(lead) = NormalDemand::new(mean, sd) {
            for rule in [rq_optimal, rq_eoqb, rq_eoq_safety_stock, rq_loss_function, rq_eil] {
                if let Some(found) = rule(c, demand, lead) {
                    prop_assert!(found.quantity > 0.0 && found.cost.is_finite() && found.reorder_point.is_finite());
                }
            }
            let _ = rq_cost(c, demand, lead, (r, mean));
            let _ = best_reorder_point(c, lead, r);
        }
        let _ = rq_poisson(c, demand, mean);
        let _ = rq_poisson_cost(c, demand, mean, (r as i64, 7));
    }
}
