//! Variance of orders against variance of demand.

use planwright::risk::{OrderPolicy, OrderSign, PathVariance, moving_average_bound, orders, variance_ratio};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Normal};

fn ratio(demand: &[f64], warm: usize, policy: &OrderPolicy) -> f64 {
    let placed = orders(demand, warm, policy, |wish| wish);
    let (mut up, mut down) = (PathVariance::default(), PathVariance::default());
    up.add_all(placed.iter().copied());
    down.add_all(demand[warm..].iter().copied());
    variance_ratio(&up, &down).unwrap()
}

/// Order-up-to by a moving average, as in the paper.
fn paper(lead: f64, window: usize) -> OrderPolicy {
    OrderPolicy { cover: lead, review: 1, safety: 25.0, lot: 0.0, window: Some(window), sign: OrderSign::Either }
}

/// Demand with correlation ρ from one period to the next.
fn demand(rho: f64, periods: usize, seed: u64) -> Vec<f64> {
    let (mut random, normal) = (ChaCha8Rng::seed_from_u64(seed), Normal::new(0.0, 10.0).unwrap());
    let mut last = 0.0;
    (0..periods)
        .map(|_| {
            last = rho * last + normal.sample(&mut random);
            100.0 + last
        })
        .collect()
}

#[test]
fn the_simulation_meets_the_bound_of_chen_and_others() {
    let demand = demand(0.0, 300_000, 7);
    for (lead, window) in [(1.0, 4), (1.0, 12), (2.0, 5), (4.0, 10), (6.0, 8), (3.0, 30)] {
        let bound = moving_average_bound(lead, window as f64);
        let found = ratio(&demand, window, &paper(lead, window));
        assert!((found / bound - 1.0).abs() < 0.02, "L={lead} p={window}: {found} against {bound}");
    }
    // By hand: L = 2, p = 4 gives 1 + 1 + 0.5.
    assert!((moving_average_bound(2.0, 4.0) - 2.5).abs() < 1e-12);
}

/// Their equation for correlated demand: `1 + (2L/p + 2L²/p²)(1 − ρ^p)`.
#[test]
fn correlated_demand_swings_less() {
    for rho in [0.5, -0.3] {
        let demand = demand(rho, 300_000, 11);
        for (lead, window) in [(2.0, 4_usize), (4.0, 6)] {
            let excess = moving_average_bound(lead, window as f64) - 1.0;
            let expected = 1.0 + excess * (1.0 - f64::powi(rho, window as i32));
            let found = ratio(&demand, window, &paper(lead, window));
            assert!((found / expected - 1.0).abs() < 0.025, "ρ={rho} L={lead} p={window}: {found} against {expected}");
        }
    }
}

#[test]
fn a_level_that_stays_orders_what_was_sold() {
    let demand = demand(0.0, 5000, 3);
    let fixed = OrderPolicy { window: None, sign: OrderSign::NeverBack, ..paper(4.0, 4) };
    let placed = orders(&demand, 10, &fixed, |wish| wish);
    placed.iter().zip(&demand[10..]).for_each(|(q, d)| assert!((q - d).abs() < 1e-9));
    // Looking every fourth period sums four demands into one order: Var = (4·Var(D) + 4·100²·3)/4 over all periods.
    let rare = OrderPolicy { review: 4, ..fixed };
    let found = ratio(&demand, 10, &rare);
    let expected = (4.0 * 100.0 + (400.0_f64.powi(2) / 4.0 - 100.0_f64.powi(2)) * 4.0) / 4.0 / 100.0;
    assert!((found / expected - 1.0).abs() < 0.05, "{found} against {expected}");
}

#[test]
fn lots_and_rounding_are_kept() {
    let policy = OrderPolicy { lot: 30.0, window: None, sign: OrderSign::NeverBack, ..paper(2.0, 4) };
    let dozen = |wish: f64| (wish / 12.0).ceil() * 12.0;
    let placed = orders(&demand(0.0, 500, 5), 8, &policy, dozen);
    assert!(placed.iter().all(|q| (q / 12.0).fract() == 0.0 && *q >= 0.0));
    let demand = [10.0; 40];
    // 10 a period and a lot of 30 above the level: 30 every third period, 40 when the level itself is met.
    let placed = orders(&demand, 4, &policy, |wish| wish);
    assert_eq!(placed.iter().filter(|q| **q > 0.0).count(), 12);
    assert!((placed.iter().sum::<f64>() - 360.0).abs() < 1e-9);
}

#[test]
fn demand_that_does_not_vary_has_no_ratio() {
    let constant = |values: [f64; 3]| {
        let mut all = PathVariance::default();
        all.add_all(values);
        all
    };
    assert_eq!(variance_ratio(&constant([1.0, 5.0, 9.0]), &constant([4.0, 4.0, 4.0])), None);
    assert_eq!(variance_ratio(&constant([1.0, 5.0, 9.0]), &PathVariance::default()), None);
    assert!(orders(&[], 3, &paper(1.0, 2), |x| x).is_empty());
    assert!(orders(&[1.0, 2.0], 5, &paper(1.0, 2), |x| x).is_empty());
}
