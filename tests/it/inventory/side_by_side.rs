//! Paths side by side against the path-by-path walk, and against what theory says of policies in the long run.

use super::{check, normal_paths};
use planwright::inventory::{
    DemandPmf, DemandRows, Levels, LotRule, NormalDemand, ReviewMoment, Setting, StockCosts, StockTotals, Workspace,
    rq_poisson, rq_poisson_cost, simulate, simulate_rows, simulate_with_lines, ss_cost,
};
use planwright::model::{SamplePaths, ShortageRule};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson};

fn run(paths: &SamplePaths, levels: &(impl AsRef<[Levels]> + ?Sized), setting: &Setting) -> (StockTotals, Vec<f64>) {
    let rows = DemandRows::new(paths);
    assert_eq!((rows.periods(), rows.len()), (paths.steps(), paths.len()));
    let mut stockouts = vec![0.0; paths.steps()];
    let totals = simulate_rows(&rows, levels, setting, &mut stockouts, &mut Workspace::default());
    (totals, stockouts)
}

#[track_caller]
fn same(paths: &SamplePaths, levels: &(impl AsRef<[Levels]> + ?Sized), setting: &Setting, tolerance: f64) {
    let expected = simulate(paths, levels, setting);
    let (found, stockouts) = run(paths, levels, setting);
    check(found.fill_rate(), expected.fill_rate, tolerance);
    check(found.stockout_probability, expected.stockout_probability, tolerance);
    check(found.average_stock, expected.average_stock, tolerance);
    check(found.orders, expected.average_orders, tolerance);
    check(found.ordered, expected.average_ordered, tolerance);
    check(found.shortage, expected.average_shortage, tolerance);
    for (found, expected) in stockouts.iter().zip(&expected.stockout_by_period) {
        check(*found, *expected, tolerance);
    }
    let lines = simulate_with_lines(&DemandRows::new(paths), levels, setting, &mut Workspace::default());
    for (found, expected) in [(&lines.low, &expected.low), (&lines.high, &expected.high)] {
        assert_eq!(found.len(), paths.steps());
        found.iter().zip(expected).for_each(|(found, expected)| check(*found, *expected, tolerance));
    }
    check(lines.fill_rate, found.fill_rate(), 0.0);
    check(lines.average_stock, found.average_stock, 0.0);
    assert_eq!(lines.stockout_by_period, stockouts);
}

fn setting() -> impl Strategy<Value = Setting> {
    let starts = (-20..200i32, 0..60i32);
    let leads = prop_oneof![Just(0.0), (1..5i32).prop_map(f64::from), 0.0..4.0f64];
    let sds = prop_oneof![2 => Just(0.0), 1 => 0.1..2.0f64];
    let lots =
        (prop_oneof![Just(0), 1..50i32], prop_oneof![Just(0), 1..20i32], prop_oneof![2 => Just(0), 1 => 10..90i32]);
    let times = (1..4usize, prop_oneof![3 => Just(1usize), 1 => Just(8usize)]);
    (starts, leads, sds, lots, times, any::<bool>(), any::<bool>()).prop_map(
        |(
            (on_hand, on_order),
            lead_periods,
            lead_sd_periods,
            (moq, multiple, container),
            (review, steps),
            before,
            lost,
        )| {
            Setting {
                on_hand: f64::from(on_hand),
                on_order: f64::from(on_order),
                lead_periods,
                lead_sd_periods,
                review_periods: review,
                moment: if before { ReviewMoment::BeforeDemand } else { ReviewMoment::AfterDemand },
                shortage: if lost { ShortageRule::LostSales } else { ShortageRule::Backorder },
                lot: LotRule { moq: f64::from(moq), multiple: f64::from(multiple), container: f64::from(container) },
                steps_per_period: steps,
            }
        },
    )
}

proptest! {
    /// Whole numbers, and eighths of them, are exact in 32 bits: only sums of stock are rounded.
    #[test]
    fn every_setting_walks_as_path_by_path(
        setting in setting(),
        demand in prop::collection::vec(prop_oneof![1 => Just(0.0f32), 3 => (0..30u8).prop_map(f32::from)], 12 * 41),
        level in -10..120i32,
        above in 0..60i32,
    ) {
        let paths = SamplePaths::new(12, demand);
        let levels = Levels { reorder_point: f64::from(level), max_level: f64::from(level + above) };
        same(&paths, &levels, &setting, 1e-5);
    }

    #[test]
    fn levels_of_each_review_walk_as_path_by_path(
        setting in setting(),
        demand in prop::collection::vec(prop_oneof![1 => Just(0.0f32), 3 => (0..30u8).prop_map(f32::from)], 12 * 41),
        pairs in prop::collection::vec((-10..120i32, 0..60i32, 0..5u8), 1..15),
    ) {
        let pair = |(level, above, closed): (i32, i32, u8)| match closed {
            0 => Levels::CLOSED,
            _ => Levels { reorder_point: f64::from(level), max_level: f64::from(level + above) },
        };
        let levels: Vec<Levels> = pairs.into_iter().map(pair).collect();
        same(&SamplePaths::new(12, demand), &levels, &setting, 1e-5);
    }

    #[test]
    fn nothing_a_file_can_hold_breaks_it(
        level in prop::num::f64::ANY,
        above in prop::num::f64::ANY,
        on_hand in prop::num::f64::ANY,
        lead_periods in prop::num::f64::ANY,
        lead_sd_periods in prop::num::f64::ANY,
        moq in prop::num::f64::ANY,
        multiple in prop::num::f64::ANY,
        demand in prop::collection::vec(prop::num::f32::ANY, 4 * 3),
    ) {
        let setting = Setting {
            on_hand,
            on_order: moq,
            lead_periods,
            lead_sd_periods,
            review_periods: 1,
            moment: ReviewMoment::AfterDemand,
            shortage: ShortageRule::LostSales,
            lot: LotRule { moq, multiple, container: 0.0 },
            steps_per_period: 1,
        };
        let levels = Levels { reorder_point: level, max_level: above };
        let (found, stockouts) = run(&SamplePaths::new(4, demand), &levels, &setting);
        prop_assert!((0.0..=1.0).contains(&found.fill_rate()) && (0.0..=1.0).contains(&found.stockout_probability));
        prop_assert!(stockouts.iter().all(|s| (0.0..=1.0).contains(s)));
        let sums = [found.demand, found.shortage, found.average_stock, found.orders, found.ordered];
        prop_assert!(sums.iter().all(|x| x.is_finite()), "{found:?}");
    }
}

const DAILY: Setting = Setting {
    on_hand: 0.0,
    on_order: 0.0,
    lead_periods: 1.0,
    lead_sd_periods: 0.0,
    review_periods: 1,
    moment: ReviewMoment::BeforeDemand,
    shortage: ShortageRule::Backorder,
    lot: LotRule { moq: 0.0, multiple: 0.0, container: 0.0 },
    steps_per_period: 1,
};

/// Fractions and a path count that fills no block.
#[test]
fn fractional_demand_agrees_but_for_rounding() {
    let paths = normal_paths(20.0, 6.0, 333, 26);
    for (lead_periods, lead_sd_periods) in [(2.0, 0.0), (2.3, 0.0), (2.0, 1.0), (0.4, 0.0)] {
        let setting = Setting {
            on_hand: 70.0,
            lead_periods,
            lead_sd_periods,
            moment: ReviewMoment::AfterDemand,
            shortage: ShortageRule::LostSales,
            lot: LotRule { moq: 10.0, multiple: 6.0, container: 0.0 },
            ..DAILY
        };
        same(&paths, &Levels { reorder_point: 55.3, max_level: 120.7 }, &setting, 2e-3);
    }
}

#[test]
fn no_path_and_no_period_are_nothing() {
    let levels = Levels { reorder_point: 1.0, max_level: 2.0 };
    let (found, stockouts) = run(&SamplePaths::default(), &levels, &DAILY);
    assert!(
        found == StockTotals::default() && stockouts.is_empty() && DemandRows::new(&SamplePaths::default()).is_empty()
    );
}

/// `[path, period]` of Poisson demand.
fn poisson_paths(mean: f64, paths: usize, periods: usize) -> SamplePaths {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let poisson = Poisson::new(mean).unwrap();
    SamplePaths::new(periods, (0..paths * periods).map(|_| poisson.sample(&mut rng) as f32).collect())
}

/// Mean and standard error over paths of a figure that each path gives by itself.
fn long_run(paths: &SamplePaths, of: impl Fn(&SamplePaths) -> f64) -> (f64, f64) {
    let each: Vec<f64> = paths.iter().map(|path| of(&SamplePaths::new(paths.steps(), path.to_vec()))).collect();
    let n = each.len() as f64;
    let mean = each.iter().sum::<f64>() / n;
    let variance = each.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[track_caller]
fn within_three_errors((found, error): (f64, f64), expected: f64) {
    assert!((found - expected).abs() < 3.0 * error, "{found} ± {error} is not {expected}");
    assert!(error < 0.02 * expected.abs(), "{error} is too coarse to say so");
}

/// Units short that are new in a period, over base stock reviewed each period: the loss of lead time + 1 periods less that of
/// the lead time.
#[test]
fn base_stock_and_newsvendor_are_as_short_as_theory_says() {
    let paths = poisson_paths(6.0, 400, 500);
    let pmf = |periods: usize| DemandPmf::poisson(6.0).unwrap().over(periods).unwrap();
    let loss = |pmf: &DemandPmf, level: f64| -> f64 {
        pmf.probabilities().iter().enumerate().map(|(d, p)| (d as f64 - level).max(0.0) * p).sum()
    };
    for (lead, level) in [(0, 8.0), (2, 22.0), (4, 33.0)] {
        let setting = Setting { on_hand: level, lead_periods: lead as f64, ..DAILY };
        let levels = Levels { reorder_point: level - 1.0, max_level: level };
        let of = |path: &SamplePaths| run(path, &levels, &setting).0.shortage / 500.0;
        let before = if lead == 0 { 0.0 } else { loss(&pmf(lead), level) };
        within_three_errors(long_run(&paths, of), loss(&pmf(lead + 1), level) - before);
    }
    // The same with normal demand, by the loss function. Above 0 nearly always.
    let paths = normal_paths(50.0, 8.0, 400, 500);
    let level = 56.603_955_927_4;
    let setting = Setting { on_hand: level, lead_periods: 0.0, ..DAILY };
    let levels = Levels { reorder_point: level, max_level: level };
    let of = |path: &SamplePaths| run(path, &levels, &setting).0.shortage / 500.0;
    within_three_errors(long_run(&paths, of), NormalDemand::new(50.0, 8.0).unwrap().loss(level));
}

/// Orders, and cost by end stock, of (s, S) and (r, Q) against their exact costs per period.
#[test]
fn order_up_to_and_fixed_lots_cost_what_theory_says() {
    let costs = StockCosts { order: 5.0, holding: 1.0, shortage: 4.0 };
    let (mean, lead) = (6.0, 2usize);
    let pmf = DemandPmf::poisson(mean).unwrap();
    let (s, up_to) = (14, 24);
    let expected = ss_cost(costs, &pmf, lead, (s, up_to)).unwrap();
    let paths = poisson_paths(mean, 400, 600);
    let setting = Setting { on_hand: 24.0, lead_periods: lead as f64, ..DAILY };
    let levels = Levels { reorder_point: f64::from(s as i32), max_level: f64::from(up_to as i32) };
    // End stock from the walk path by path, which the panel's walk equals: the first periods are not the long run yet.
    let warm = 30;
    let of = |path: &SamplePaths| {
        let totals = run(path, &levels, &setting).0;
        let ends = simulate(path, &levels, &setting).low;
        let stock = |net: f64| if net < 0.0 { -costs.shortage * net } else { costs.holding * net };
        let held = ends[warm..].iter().map(|net| stock(*net)).sum::<f64>() / (ends.len() - warm) as f64;
        held + costs.order * totals.orders / 600.0
    };
    within_three_errors(long_run(&paths, of), expected);

    // (r, Q) with single units: demand of a fine step is 0 or 1, so the position passes every value.
    let (rate, lead) = (1.5, 2.0);
    let costs = StockCosts { order: 100.0, holding: 20.0, shortage: 150.0 };
    let best = rq_poisson(costs, rate, lead).unwrap();
    let (r, q) = (best.reorder_point, best.quantity);
    check(rq_poisson_cost(costs, rate, lead, (r as i64, q as usize)).unwrap(), best.cost, 1e-9);
    let fine = 64.0;
    let paths = poisson_paths(rate / fine, 300, 64 * 120);
    let setting = Setting { on_hand: r + q, lead_periods: lead * fine, moment: ReviewMoment::AfterDemand, ..DAILY };
    let levels = Levels { reorder_point: r, max_level: r + q };
    let lot = Setting { lot: LotRule { moq: q, multiple: q, container: 0.0 }, ..setting };
    let of = |path: &SamplePaths| {
        let orders = run(path, &levels, &lot).0.orders / 120.0;
        let ends = simulate(path, &levels, &lot).low;
        let stock = |net: f64| if net < 0.0 { -costs.shortage * net } else { costs.holding * net };
        costs.order * orders + ends[640..].iter().map(|net| stock(*net)).sum::<f64>() / (ends.len() - 640) as f64
    };
    within_three_errors(long_run(&paths, of), best.cost);
}
