//! The simulator against hand-walked paths and the corrected numbers of the original worked example.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::{check, normal_paths};
use planwright::inventory::{Levels, LotRule, ReviewMoment, Setting, SimulationResult, simulate};
use planwright::model::{SamplePaths, ShortageRule};

const SETTING: Setting = Setting {
    on_hand: 0.0,
    on_order: 0.0,
    lead_periods: 1.0,
    lead_sd_periods: 0.0,
    review_periods: 1,
    moment: ReviewMoment::AfterDemand,
    shortage: ShortageRule::LostSales,
    lot: LotRule { moq: 0.0, multiple: 0.0, container: 0.0 },
    steps_per_period: 1,
};

fn run(demand: &[f32], levels: (f64, f64), setting: Setting) -> SimulationResult {
    let (reorder_point, max_level) = levels;
    simulate(&SamplePaths::new(demand.len(), demand.to_vec()), &Levels { reorder_point, max_level }, &setting)
}

/// Daily review, order after demand, lost sales, demand N(110, 15.8²); recomputed from first principles.
#[test]
fn the_worked_examples_rules_simulated() {
    let paths = normal_paths(110.0, 15.8, 100, 1000);
    for (reorder_point, max_level, lead_periods, expected) in
        [(95.0, 150.0, 1.0, 0.9997), (95.0, 150.0, 2.0, 0.680), (246.0, 266.0, 2.0, 0.999)]
    {
        let setting = Setting { on_hand: max_level, lead_periods, ..SETTING };
        let result = simulate(&paths, &Levels { reorder_point, max_level }, &setting);
        assert!((result.fill_rate - expected).abs() < 0.002, "({reorder_point}, {max_level}): {}", result.fill_rate);
    }
}

#[test]
fn lost_sales_by_hand() {
    // Stock 10; demand 6 leaves 4 ≤ 5: order 8 for period 2; period 1 wants 6, gets 4.
    let result = run(&[6.0, 6.0, 6.0], (5.0, 12.0), Setting { on_hand: 10.0, lead_periods: 2.0, ..SETTING });
    check(result.fill_rate, 16.0 / 18.0, 1e-12);
    check(result.average_shortage, 2.0, 1e-12);
    assert_eq!(result.low, [4.0, 0.0, 2.0]);
    assert_eq!(result.stockout_by_period, [0.0, 1.0, 0.0]);
    // Position after period 1 is 8, above 5; after period 2 it is 2: a second order.
    check(result.average_orders, 2.0, 1e-12);
    check(result.average_ordered, 18.0, 1e-12);
    // Mean stock: 10 → 4; 4 → 0 after two thirds of the period; 8 → 2.
    check(result.average_stock, (7.0 + 16.0 / 12.0 + 5.0) / 3.0, 1e-12);
}

#[test]
fn backorders_by_hand() {
    let setting = Setting { on_hand: 10.0, lead_periods: 2.0, shortage: ShortageRule::Backorder, ..SETTING };
    let result = run(&[6.0, 6.0, 6.0], (5.0, 12.0), setting);
    // Period 1 ends 2 short, the position −2 + 8 = 6 stays above 5; 8 arrive, 2 of them owed, 6 asked for.
    assert_eq!(result.low, [4.0, -2.0, 0.0]);
    check(result.fill_rate, 16.0 / 18.0, 1e-12);
}

#[test]
fn open_orders_arrive_after_one_lead_time() {
    let setting = Setting { on_hand: 5.0, on_order: 20.0, lead_periods: 1.5, ..SETTING };
    let result = run(&[5.0, 5.0, 5.0, 5.0], (-1.0, 0.0), setting);
    assert_eq!(result.low, [0.0, 0.0, 15.0, 10.0]);
    assert_eq!(result.stockout_probability, 1.0);
    check(result.average_orders, 0.0, 0.0);
}

#[test]
fn periodic_review_covers_lead_time_plus_review() {
    // Reviews in the mornings of periods 0, 2, 4; up to 40 = 10 × (2 + 2); a lead time of 2 periods.
    let setting =
        Setting { on_hand: 20.0, lead_periods: 2.0, review_periods: 2, moment: ReviewMoment::BeforeDemand, ..SETTING };
    let result = run(&[10.0; 8], (40.0, 40.0), setting);
    assert_eq!(result.fill_rate, 1.0);
    assert_eq!(result.low, [10.0, 0.0, 10.0, 0.0, 10.0, 0.0, 10.0, 0.0]);
    check(result.average_orders, 4.0, 1e-12);
    let result = run(&[10.0; 8], (39.0, 39.0), setting);
    assert!(result.fill_rate < 1.0);
}

#[test]
fn a_short_lead_time_acts_within_the_period() {
    // Half a period of lead time, half a period of demand as reorder point: never short when periods are cut.
    let setting = Setting { on_hand: 15.0, lead_periods: 0.5, ..SETTING };
    let whole = run(&[10.0; 20], (5.0, 16.0), setting);
    let cut = run(&[10.0; 20], (5.0, 16.0), Setting { steps_per_period: 8, ..setting });
    assert!(whole.fill_rate < 1.0);
    check(cut.fill_rate, 1.0, 1e-12);
    // Without any lead time nothing is ever short.
    let none = run(&[10.0; 20], (0.0, 1.0), Setting { on_hand: 0.0, lead_periods: 0.0, ..SETTING });
    check(none.fill_rate, 1.0, 1e-12);
}

#[test]
fn fractional_and_varying_lead_times_move_results_smoothly() {
    let paths = normal_paths(20.0, 4.0, 200, 30);
    let levels = Levels { reorder_point: 45.0, max_level: 90.0 };
    let fill = |lead_periods, lead_sd_periods| {
        let setting = Setting { on_hand: 90.0, lead_periods, lead_sd_periods, ..SETTING };
        simulate(&paths, &levels, &setting).fill_rate
    };
    let steps: Vec<f64> = (0..=10).map(|k| fill(2.0 + f64::from(k) / 10.0, 0.0)).collect();
    assert!(steps.windows(2).all(|w| w[1] < w[0] + 0.002 && w[0] - w[1] < 0.05), "{steps:?}");
    assert!(fill(2.0, 1.0) < fill(2.0, 0.0));
    assert_eq!(fill(2.0, 1.0).to_bits(), fill(2.0, 1.0).to_bits());
}

/// On common paths, base stock with backorders: every unit of level is a unit more in every period.
#[test]
fn more_safety_stock_never_lowers_the_fill_rate() {
    let paths = normal_paths(20.0, 9.0, 200, 26);
    for shortage in [ShortageRule::LostSales, ShortageRule::Backorder] {
        for moment in [ReviewMoment::AfterDemand, ReviewMoment::BeforeDemand] {
            let fill = |safety: f64| {
                let level = 60.0 + safety;
                let setting = Setting { on_hand: 40.0, lead_periods: 2.0, shortage, moment, ..SETTING };
                simulate(&paths, &Levels { reorder_point: level, max_level: level }, &setting).fill_rate
            };
            let fills: Vec<f64> = (0..12).map(|k| fill(f64::from(k) * 4.0)).collect();
            assert!(fills.is_sorted(), "{fills:?}");
            assert!(fills[11] > fills[0]);
        }
    }
}
