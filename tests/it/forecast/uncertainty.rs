//! Intervals and paths: nested, one distribution, honest coverage.

use super::{AIR_PASSENGERS, fitted, of_all_series, options, series};
use planwright::control::Control;
use planwright::forecast::{fit, models};
use planwright::model::Forecast;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

fn all_models(values: &[f64], season: usize, horizon: usize) -> Vec<Forecast> {
    let one = series(values, season);
    let names = models().into_iter().filter(|m| !["lstm", "arima"].contains(&m.name) && !of_all_series(m.name));
    names.filter_map(|m| fit(m.name, &one, &options(horizon), &Control::silent()).ok()).collect()
}

#[test]
fn intervals_are_nested_around_the_mean() {
    for forecast in all_models(&AIR_PASSENGERS, 12, 24) {
        let [narrow, wide] = &forecast.intervals[..] else { panic!("80 and 95") };
        assert_eq!((narrow.level, wide.level), (80.0, 95.0));
        if ["croston", "sba", "tsb"].contains(&&*forecast.model) {
            continue;
        }
        for h in 0..24 {
            let ordered = [wide.lower[h], narrow.lower[h], forecast.mean[h], narrow.upper[h], wide.upper[h]];
            assert!(ordered.is_sorted(), "{} step {h}: {ordered:?}", forecast.model);
        }
    }
}

#[test]
fn the_users_levels_are_added() {
    let mut wanted = options(3);
    wanted.levels = vec![99.0, 50.0, 80.0, 100.0, -3.0];
    let forecast = fit("naive", &series(&[1.0, 5.0, 2.0, 8.0], 1), &wanted, &Control::silent()).unwrap();
    assert_eq!(forecast.intervals.iter().map(|i| i.level).collect::<Vec<_>>(), [50.0, 80.0, 95.0, 99.0]);
}

/// Models whose paths are made of a few sizes that were seen: their bounds carry mass themselves.
const OF_SIZES_SEEN: [&str; 7] =
    ["croston", "sba", "tsb", "discounted-mean", "adida", "imapa", "intermittent-combination"];

#[test]
fn paths_have_the_spread_of_the_intervals() {
    for forecast in all_models(&AIR_PASSENGERS, 12, 14) {
        assert_eq!((forecast.paths.len(), forecast.paths.steps()), (1000, 14));
        for h in [0, 5, 13] {
            let (low, high) = (forecast.intervals[0].lower[h], forecast.intervals[0].upper[h]);
            let inside = forecast.paths.iter().filter(|p| (low..=high).contains(&f64::from(p[h]))).count();
            // Binomial(1000, 0.8) has a standard deviation of 12.6; discrete demand may sit on the bounds.
            assert!(inside >= 740, "{} step {h}: {inside}", forecast.model);
            if !OF_SIZES_SEEN.contains(&&*forecast.model) {
                assert!(inside <= 860, "{} step {h}: {inside}", forecast.model);
            }
        }
    }
}

#[test]
fn demand_never_goes_below_zero_unless_it_did() {
    let y = [0.0, 3.0, 0.0, 1.0, 7.0, 0.0, 2.0, 0.0];
    for forecast in all_models(&y, 1, 12) {
        let bounds = forecast.intervals.iter().flat_map(|i| i.lower.iter().chain(&i.upper));
        assert!(forecast.mean.iter().chain(bounds).all(|v| *v >= 0.0), "{}", forecast.model);
        assert!(forecast.paths.values().iter().all(|v| *v >= 0.0), "{}", forecast.model);
    }
    let with_returns = fitted("naive", &[3.0, -1.0, 2.0], 1, 1);
    assert!(with_returns.intervals[1].lower[0] < 0.0);
}

#[test]
fn intervals_cover_what_they_promise() {
    // Local level with α = 0.3 and unit shocks, 60 periods seen, 6 ahead; 300 series, 1,800 outcomes.
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (mut inside80, mut inside95) = (0, 0);
    for _ in 0..300 {
        let mut level = 50.0;
        let mut step = || {
            let e: f64 = StandardNormal.sample(&mut rng);
            let y = level + e;
            level += 0.3 * e;
            y
        };
        let y: Vec<f64> = (0..66).map(|_| step()).collect();
        let forecast = fitted("ses", &y[..60], 1, 6);
        for (h, actual) in y[60..].iter().enumerate() {
            let within = |k: usize| (forecast.intervals[k].lower[h]..=forecast.intervals[k].upper[h]).contains(actual);
            inside80 += u32::from(within(0));
            inside95 += u32::from(within(1));
        }
    }
    let (share80, share95) = (f64::from(inside80) / 1800.0, f64::from(inside95) / 1800.0);
    assert!((share80 - 0.80).abs() < 0.04, "80 % interval covers {share80}");
    assert!((share95 - 0.95).abs() < 0.025, "95 % interval covers {share95}");
}

#[test]
fn scaling_and_shifting_carry_through() {
    let y: Vec<f64> = AIR_PASSENGERS[..60].to_vec();
    let scaled: Vec<f64> = y.iter().map(|v| v * 1000.0).collect();
    for (a, b) in all_models(&y, 12, 6).iter().zip(&all_models(&scaled, 12, 6)) {
        assert_eq!(a.model, b.model);
        for (x, z) in a.mean.iter().zip(&b.mean) {
            assert!((z / 1000.0 - x).abs() < 2e-3 * x, "{}: {x} and {z}", a.model);
        }
    }
    let shifted: Vec<f64> = y.iter().map(|v| v + 500.0).collect();
    for model in ["naive", "seasonal-naive", "drift", "moving-average", "ses", "holt", "holt-winters(additive)"] {
        let (a, b) = (fitted(model, &y, 12, 6), fitted(model, &shifted, 12, 6));
        for (x, z) in a.mean.iter().zip(&b.mean) {
            assert!((z - 500.0 - x).abs() < 2e-3 * x, "{model}: {x} and {z}");
        }
    }
}
