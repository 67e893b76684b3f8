//! Safety stock and reorder points against the classical formula (Silver, Pyke & Thomas 2017) and on sample paths.

use super::{check, forecast, item, normal_paths, steady};
use planwright::inventory::{
    interval_demand, max_level_rule, plan, reorder_point, reorder_point_quantile, safety_stock,
};
use planwright::model::{Frequency, Interval, Item, SamplePaths, StockPolicy};
use proptest::prelude::*;

#[test]
fn classical_rows() {
    check(safety_stock(50.0, 8.0, 4.0, 1.0, 0.95), 86.3509, 1e-6);
    check(safety_stock(50.0, 8.0, 4.0, 0.0, 0.95), 26.3177, 2e-6);
    for (level, expected) in [(0.90, 267.2784), (0.95, 286.3509), (0.975, 302.8934), (0.99, 322.1277)] {
        check(reorder_point(50.0, 8.0, 4.0, 1.0, level), expected, 1e-6);
    }
    check(reorder_point(50.0, 8.0, 6.0, 0.0, 0.95), 332.2324, 1e-6);
}

#[test]
fn the_original_worked_example() {
    check(max_level_rule(150.0, 50.0, 105.0), 95.0, 1e-12);
    let demand = forecast(Frequency::Step, vec![105.0; 5], SamplePaths::default());
    let item = Item { safety_stock: Some(50.0), max_level: Some(150.0), ..item(1.0, 100.0) };
    let plan = plan(&demand, &item, &StockPolicy::default());
    check(plan.reorder_point_max_rule, 95.0, 1e-12);
    check(plan.reorder_point, 155.0, 1e-12);
    assert!(plan.warnings.iter().any(|w| w.en.starts_with("Max level 150 is below the reorder point 155")));
    assert!(plan.warnings.iter().any(|w| w.zh.starts_with("最高库存 150 低于再订货点 155")));
}

/// `values[path, step]` whose sums over `n` steps have a variance known exactly: half the paths are `up`, half `down`.
fn two_kinds(up: &[f32], down: &[f32]) -> SamplePaths {
    SamplePaths::new(up.len(), [up, down].concat())
}

#[test]
fn paths_give_the_deviation_over_the_interval() {
    // Perfectly correlated steps: the deviation grows with the interval, not with its root.
    let paths = two_kinds(&[12.0, 12.0, 12.0, 12.0], &[8.0, 8.0, 8.0, 8.0]);
    let demand = forecast(Frequency::Week, vec![10.0; 4], paths);
    let unit = 8.0_f64.sqrt();
    check(interval_demand(&demand, 1.0).sd, unit, 1e-6);
    check(interval_demand(&demand, 3.0).sd, 3.0 * unit, 1e-6);
    // Halfway between 4·8 and 9·8, and beyond the horizon at its average rate.
    check(interval_demand(&demand, 2.5).sd, (8.0 * 6.5_f64).sqrt(), 1e-6);
    check(interval_demand(&demand, 8.0).sd, (16.0 * 8.0 * 2.0_f64).sqrt(), 1e-6);
    // Opposite steps cancel.
    let paths = two_kinds(&[12.0, 8.0], &[8.0, 12.0]);
    check(interval_demand(&forecast(Frequency::Week, vec![10.0; 2], paths), 2.0).sd, 0.0, 1e-9);
}

#[test]
fn the_mean_follows_the_season() {
    let demand = forecast(Frequency::Week, vec![10.0, 20.0, 90.0, 10.0], SamplePaths::default());
    for (periods, expected) in [(0.0, 0.0), (1.0, 10.0), (2.5, 75.0), (4.0, 130.0), (6.0, 195.0)] {
        check(interval_demand(&demand, periods).mean, expected, 1e-12);
    }
}

#[test]
fn independent_paths_reproduce_the_classical_formula() {
    let demand = steady(Frequency::Week, 50.0, 8.0, 4000, 8);
    let item = Item { lead_time_sd_days: 7.0, ..item(28.0, 300.0) };
    let plan = plan(&demand, &item, &StockPolicy::default());
    check(plan.safety_stock, 86.3509, 0.01);
    check(plan.reorder_point, 286.3509, 0.005);
    // The quantile of simulated lead-time demand: the mixture isn't normal, but near it.
    check(reorder_point_quantile(&demand, &item).unwrap(), 286.35, 0.04);
}

#[test]
fn intervals_stand_in_for_missing_paths() {
    let mut demand = forecast(Frequency::Week, vec![50.0; 8], SamplePaths::default());
    let z = 1.2815515655446004;
    let (lower, upper) = (vec![50.0 - z * 8.0; 8], vec![50.0 + z * 8.0; 8]);
    demand.intervals = vec![Interval { level: 80.0, lower, upper }];
    check(interval_demand(&demand, 4.0).sd, 16.0, 1e-9);
    assert_eq!(reorder_point_quantile(&demand, &item(7.0, 0.0)), None);
}

#[test]
fn the_quantile_fits_intermittent_demand() {
    // One path in ten sells 100, the others nothing: at 95 % the answer is 100, which no normal formula gives.
    let values: Vec<f32> = (0..100).map(|k| if k % 10 == 0 { 100.0 } else { 0.0 }).collect();
    let demand = forecast(Frequency::Week, vec![10.0], SamplePaths::new(1, values));
    check(reorder_point_quantile(&demand, &item(7.0, 0.0)).unwrap(), 100.0, 1e-9);
    let item = Item { service_level: 0.85, ..item(7.0, 0.0) };
    check(reorder_point_quantile(&demand, &item).unwrap(), 0.0, 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn service_and_lead_time_never_lower_the_levels(
        mean in 0.0..500.0f64, cv in 0.0..2.0f64, days in 0.0..90.0f64, more_days in 0.0..60.0f64,
        sd_days in 0.0..20.0f64, level in 0.5..0.99f64, more in 0.0..0.0099f64,
    ) {
        let demand = forecast(Frequency::Week, vec![mean; 6], normal_paths(mean, mean * cv, 30, 6));
        let base = Item { lead_time_sd_days: sd_days, service_level: level, ..item(days, 0.0) };
        let policy = StockPolicy::default();
        let a = plan(&demand, &base, &policy);
        let b = plan(&demand, &Item { service_level: level + more, ..base.clone() }, &policy);
        prop_assert!(b.safety_stock >= a.safety_stock - 1e-9);
        let d = Item { safety_stock: Some(5.0), ..base.clone() };
        let short = plan(&demand, &d, &policy);
        let long = plan(&demand, &Item { lead_time_days: days + more_days, ..d }, &policy);
        prop_assert!(long.reorder_point >= short.reorder_point - 1e-9 * (1.0 + short.reorder_point));
        prop_assert!(safety_stock(mean, mean * cv, days + more_days, sd_days, level)
            >= safety_stock(mean, mean * cv, days, sd_days, level) - 1e-9);
    }
}
