//! (s, S) against the tables of Zheng & Federgruen 1991, stockpyl's `ss` module (an implementation of Snyder & Shen,
//! *Fundamentals of Supply Chain Theory*, 2nd ed. 2019), exhaustive search and value iteration.

use super::{Draws, check, nasty};
use planwright::inventory::{
    DemandPmf, StockCosts, newsvendor_normal, newsvendor_poisson, ss_cost, ss_optimal, ss_power_approximation,
};
use proptest::prelude::*;

fn costs(order: f64, holding: f64, shortage: f64) -> StockCosts {
    StockCosts { order, holding, shortage }
}

#[track_caller]
fn check_poisson(costs: StockCosts, mean: f64, (s, big_s, cost): (i64, i64, f64)) {
    let best = ss_optimal(costs, &DemandPmf::poisson(mean).unwrap(), 0).unwrap();
    assert_eq!((best.reorder_point, best.order_up_to), (s, big_s), "mean {mean}");
    check(best.cost, cost, 1e-10);
}

#[test]
fn zheng_and_federgruens_table() {
    // Zheng & Federgruen 1991, table 1 (to three decimals there); the digits beyond by stockpyl's `s_s_discrete_exact`.
    for (mean, s, big_s, cost) in [
        (10.0, 6, 40, 35.021555272320384),
        (15.0, 10, 49, 42.69781892264545),
        (20.0, 14, 62, 49.17303574493941),
        (25.0, 19, 56, 54.26216671858924),
        (30.0, 23, 66, 57.81892615852917),
        (35.0, 28, 77, 61.21547904768715),
        (40.0, 33, 87, 64.51184709794083),
        (45.0, 37, 97, 67.7760435439414),
        (50.0, 42, 108, 70.97521232954904),
        (55.0, 47, 118, 74.14868746929758),
        (60.0, 52, 129, 77.30592943452321),
        (65.0, 56, 75, 78.51823321008779),
        (70.0, 62, 81, 79.03748366380057),
        (75.0, 67, 86, 79.55384650399193),
    ] {
        check_poisson(costs(64.0, 1.0, 9.0), mean, (s, big_s, cost));
    }
}

#[test]
fn other_poisson_demands() {
    // Snyder & Shen, example 4.7, then stockpyl's `s_s_discrete_exact`.
    check_poisson(costs(5.0, 1.0, 4.0), 6.0, (4, 10, 8.034111561471642));
    check_poisson(costs(30.0, 2.0, 15.0), 3.5, (2, 12, 21.24026093041493));
    check_poisson(costs(100.0, 0.5, 3.0), 1.2, (-3, 21, 10.212195121951213));
}

#[test]
fn cost_of_given_levels() {
    // stockpyl's `s_s_cost_discrete`.
    let demand = DemandPmf::poisson(6.0).unwrap();
    for (levels, cost) in [
        ((4, 10), 8.034111561471642),
        ((0, 20), 11.086709156247185),
        ((-3, 5), 17.325051532855085),
        ((8, 9), 8.793900654810416),
    ] {
        check(ss_cost(costs(5.0, 1.0, 4.0), &demand, 0, levels).unwrap(), cost, 1e-11);
    }
    assert_eq!(ss_cost(costs(5.0, 1.0, 4.0), &demand, 0, (9, 9)), None);
    assert_eq!(ss_cost(costs(5.0, 1.0, 4.0), &demand, 0, (0, 20_000)), None);
    assert_eq!(ss_cost(costs(5.0, 1.0, 4.0), &demand, 0, (i64::MIN, i64::MAX)), None);
    assert_eq!(ss_cost(costs(5.0, 1.0, 4.0), &demand, usize::MAX, (0, 9)), None);
}

#[test]
fn orders_for_nothing_make_it_base_stock() {
    let best = ss_optimal(costs(0.0, 1.0, 4.0), &DemandPmf::poisson(6.0).unwrap(), 0).unwrap();
    let newsvendor = newsvendor_poisson(1.0, 4.0, 6.0).unwrap();
    assert_eq!((best.reorder_point, best.order_up_to), (newsvendor.level as i64 - 1, newsvendor.level as i64));
    check(best.cost, newsvendor.cost, 1e-10);

    // Three periods to wait: the newsvendor on four periods' demand.
    let best = ss_optimal(costs(0.0, 1.0, 4.0), &DemandPmf::poisson(6.0).unwrap(), 3).unwrap();
    let newsvendor = newsvendor_poisson(1.0, 4.0, 24.0).unwrap();
    assert_eq!(best.order_up_to, newsvendor.level as i64);
    check(best.cost, newsvendor.cost, 1e-10);
}

#[test]
fn power_approximation() {
    // Snyder & Shen, example 4.7, then stockpyl's `s_s_power_approximation`.
    for ((k, h, p), demand, (s, big_s)) in [
        ((2.5, 0.18, 0.7), (50.0, 8.0), (40.1946169565, 74.2901701098)),
        ((64.0, 1.0, 9.0), (20.0, 6.0), (14.701189065963765, 62.00767741776978)),
        ((40.0, 0.02, 1.5), (100.0, 30.0), (105.94231080641148, 703.8112672996689)),
    ] {
        let found = ss_power_approximation(costs(k, h, p), demand, 0.0).unwrap();
        check(found.0, s, 1e-11);
        check(found.1, big_s, 1e-11);
    }
    assert_eq!(ss_power_approximation(costs(0.0, 1.0, 9.0), (20.0, 6.0), 0.0), None);
    assert_eq!(ss_power_approximation(costs(64.0, 1.0, 9.0), (20.0, 6.0), -1.0), None);
    assert!(ss_power_approximation(costs(64.0, 1.0, 9.0), (20.0, 0.0), 0.0).unwrap().0.is_finite());
}

#[test]
fn the_power_approximation_costs_little_more() {
    for (costs, mean, sd, lead) in [
        (costs(64.0, 1.0, 9.0), 20.0, 6.0, 0usize),
        (costs(64.0, 1.0, 9.0), 20.0, 6.0, 3),
        (costs(32.0, 1.0, 24.0), 12.0, 5.0, 2),
    ] {
        let demand = DemandPmf::normal(mean, sd).unwrap();
        let best = ss_optimal(costs, &demand, lead).unwrap();
        let (s, big_s) = ss_power_approximation(costs, (mean, sd), lead as f64).unwrap();
        let cost = ss_cost(costs, &demand, lead, (s.round() as i64, big_s.round() as i64)).unwrap();
        assert!(best.cost <= cost && cost < 1.03 * best.cost, "{cost} against {}", best.cost);
    }
}

#[test]
fn discretised_normal_demand() {
    let demand = DemandPmf::normal(50.0, 8.0).unwrap();
    check(demand.mean(), 50.0, 1e-8);
    check(demand.probabilities()[50], 0.049836, 1e-5); // Φ(1/16) − Φ(−1/16)
    let variance: f64 = demand.probabilities().iter().enumerate().map(|(d, p)| p * (d as f64 - 50.0).powi(2)).sum();
    check(variance, 64.0 + 1.0 / 12.0, 1e-8); // Sheppard's correction
    let best = ss_optimal(costs(0.0, 0.18, 0.7), &demand, 0).unwrap();
    let newsvendor = newsvendor_normal(0.18, 0.7, 50.0, 8.0).unwrap();
    assert!((best.order_up_to as f64 - newsvendor.level).abs() <= 1.0);
    check(best.cost, newsvendor.cost, 0.01);
    check(DemandPmf::normal(0.2, 1.0).unwrap().probabilities()[0], 0.6179114, 1e-6); // Φ(0.3)
    let certain = DemandPmf::normal(7.4, 0.0).unwrap();
    assert_eq!(certain.probabilities(), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn several_periods_of_poisson_are_poisson() {
    let (four, once) = (DemandPmf::poisson(2.5).unwrap().over(4).unwrap(), DemandPmf::poisson(10.0).unwrap());
    for (a, b) in four.probabilities().iter().zip(once.probabilities()) {
        check(*a, *b, 1e-14);
    }
    assert_eq!(DemandPmf::poisson(2.5).unwrap().over(0).unwrap().probabilities(), [1.0]);
    assert_eq!(DemandPmf::poisson(5000.0).unwrap().over(3), None);
}

#[test]
fn out_of_range_is_none() {
    let demand = DemandPmf::poisson(6.0).unwrap();
    for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
        assert_eq!(ss_optimal(costs(bad, 1.0, 4.0), &demand, 0), None);
        assert_eq!(ss_optimal(costs(5.0, bad, 4.0), &demand, 0), None);
        assert_eq!(ss_optimal(costs(5.0, 1.0, bad), &demand, 0), None);
        assert_eq!(DemandPmf::poisson(bad), None);
        assert_eq!(DemandPmf::normal(bad, 1.0), None);
    }
    assert_eq!(ss_optimal(costs(5.0, 1.0, 4.0), &DemandPmf::new(&[1.0]).unwrap(), 0), None);
    assert_eq!(ss_optimal(costs(1e12, 1e-6, 4.0), &demand, 0), None);
    assert_eq!(DemandPmf::new(&vec![1e-4; 10_002]), None);
    for bad in [&[][..], &[0.0, 0.0], &[0.5, f64::NAN], &[0.5, f64::INFINITY], &[1.0, -0.1]] {
        assert_eq!(DemandPmf::new(bad), None);
    }
}

#[test]
fn a_simulation_with_lead_time_costs_the_same() {
    // s=4, S=9, orders two periods under way, demand 0 to 3.
    let (weights, lead) = ([0.2, 0.3, 0.1, 0.4], 2);
    let c = costs(6.0, 1.0, 5.0);
    let (mut draws, mut net, mut position, mut cost, periods) = (Draws(3), 9i64, 9i64, 0.0, 1_000_000);
    let mut pipeline = std::collections::VecDeque::from(vec![0i64; lead]);
    for _ in 0..periods {
        let order = if position <= 4 { 9 - position } else { 0 };
        position += order;
        pipeline.push_back(order);
        net += pipeline.pop_front().unwrap();
        let u = draws.uniform();
        let demand = [0.2, 0.5, 0.6].iter().filter(|&&edge| u >= edge).count() as i64;
        (net, position) = (net - demand, position - demand);
        cost +=
            if order > 0 { c.order } else { 0.0 } + c.holding * net.max(0) as f64 + c.shortage * (-net).max(0) as f64;
    }
    let expected = ss_cost(c, &DemandPmf::new(&weights).unwrap(), lead, (4, 9)).unwrap();
    check(cost / f64::from(periods), expected, 0.005);
}

/// Least average cost per period of *any* policy, by relative value iteration over positions that stay in reach.
fn value_iteration(costs: StockCosts, pmf: &[f64]) -> f64 {
    let (low, high) = (-25i64, 40i64);
    let n = (high - low + 1) as usize;
    let period = |y: i64| -> f64 {
        let cost = |over: f64| if over > 0.0 { costs.holding * over } else { -costs.shortage * over };
        pmf.iter().enumerate().map(|(d, p)| p * cost((y - d as i64) as f64)).sum()
    };
    let period: Vec<f64> = (low..=high).map(period).collect();
    let mut value = vec![0.0; n];
    for _ in 0..20_000 {
        // Cost from position y on; an order is due before positions get below reach.
        let after: Vec<f64> = (0..n)
            .map(|y| {
                let later = |(d, p): (usize, &f64)| y.checked_sub(d).map_or(f64::INFINITY, |x| p * value[x]);
                period[y] + pmf.iter().enumerate().map(later).sum::<f64>()
            })
            .collect();
        let mut cheapest = f64::INFINITY;
        let mut next = vec![0.0; n];
        for x in (0..n).rev() {
            next[x] = after[x].min(costs.order + cheapest);
            cheapest = cheapest.min(after[x]);
        }
        let change = next.iter().zip(&value).map(|(a, b)| a - b);
        let (least, most) = change.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), c| (l.min(c), m.max(c)));
        if most - least < 1e-9 {
            return most;
        }
        let base = next[0];
        value = next.into_iter().map(|v| v - base).collect();
    }
    f64::NAN
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_pair_of_levels_is_cheaper(
        weights in prop::collection::vec(0.0..1.0f64, 2..8),
        (k, h, p) in (0.0..30.0f64, 0.2..3.0f64, 0.2..20.0f64),
        lead in 0usize..3,
    ) {
        let demand = DemandPmf::new(&weights).filter(|d| d.mean() > 0.05);
        prop_assume!(demand.is_some());
        let demand = demand.unwrap();
        let costs = costs(k, h, p);
        let best = ss_optimal(costs, &demand, lead).unwrap();
        check(ss_cost(costs, &demand, lead, (best.reorder_point, best.order_up_to)).unwrap(), best.cost, 1e-12);
        let cheapest = (-40..60i64)
            .flat_map(|s| (s + 1..70).map(move |big_s| (s, big_s)))
            .filter_map(|levels| ss_cost(costs, &demand, lead, levels))
            .fold(f64::INFINITY, f64::min);
        prop_assert!(best.cost <= cheapest * (1.0 + 1e-12), "{} is above {cheapest}", best.cost);
    }

    #[test]
    fn no_policy_of_any_kind_is_cheaper(
        weights in prop::collection::vec(0.1..1.0f64, 2..5),
        (k, h, p) in (0.0..12.0f64, 0.5..3.0f64, 1.0..10.0f64),
    ) {
        let demand = DemandPmf::new(&weights).unwrap();
        let costs = costs(k, h, p);
        check(ss_optimal(costs, &demand, 0).unwrap().cost, value_iteration(costs, demand.probabilities()), 1e-6);
    }

    #[test]
    fn costs_rise_with_everything(
        (k, h, p) in (0.0..100.0f64, 0.2..3.0f64, 0.5..20.0f64), mean in 0.3..30.0f64, more in 1.01..2.0f64,
    ) {
        let demand = DemandPmf::poisson(mean).unwrap();
        let cost = |k, h, p, lead| ss_optimal(costs(k, h, p), &demand, lead).unwrap().cost;
        let base = cost(k, h, p, 0);
        prop_assert!(cost(k * more, h, p, 0) >= base);
        prop_assert!(cost(k, h * more, p, 0) >= base);
        prop_assert!(cost(k, h, p * more, 0) >= base);
        prop_assert!(cost(k, h, p, 2) >= base * (1.0 - 1e-9));
    }

    #[test]
    fn nonsense_is_refused_not_looped_over(k in nasty(), h in nasty(), p in nasty(), a in nasty(), b in nasty()) {
        let c = costs(k, h, p);
        let _ = ss_power_approximation(c, (a, b), p);
        let _ = DemandPmf::poisson(a);
        let _ = DemandPmf::normal(a, b).map(|d| d.over(3));
        if let Some(found) = ss_optimal(c, &DemandPmf::new(&[0.2, 0.3, 0.5]).unwrap(), 1) {
            prop_assert!(found.cost.is_finite() && found.reorder_point < found.order_up_to);
        }
    }
}
