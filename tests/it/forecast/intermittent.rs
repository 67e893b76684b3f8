//! Methods for intermittent demand: reference values, likelihoods recovered, paths that keep their mean.

use super::{close, fitted, options, parameter, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, fit};
use planwright::model::Forecast;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};

const DEMAND: [f64; 12] = [0., 0., 3., 0., 0., 0., 5., 0., 2., 0., 0., 4.];
/// Small sizes, a demand every 2.77 periods.
const RARE: [f64; 36] = [
    0., 2., 0., 0., 1., 0., 3., 0., 0., 0., 2., 1., 0., 0., 4., 0., 0., 1., 0., 0., 0., 2., 0., 5., 0., 1., 0., 0., 0.,
    3., 0., 0., 2., 0., 0., 1.,
];
/// Lumpy sizes, a demand every 1.71 periods.
const LUMPY: [f64; 24] =
    [12., 0., 7., 3., 0., 0., 22., 5., 0., 1., 9., 0., 0., 14., 2., 0., 6., 0., 11., 4., 0., 8., 0., 3.];
/// Every method of the family without given parameters.
const FAMILY: [&str; 14] = [
    "croston",
    "sba",
    "tsb",
    "discounted-mean",
    "adida",
    "imapa",
    "poisson",
    "negative-binomial",
    "zero-inflated-poisson",
    "hurdle-poisson",
    "hurdle-negative-binomial",
    "count",
    "willemain",
    "intermittent-combination",
];

/// Mean of the sums of the paths.
fn mean_total(forecast: &Forecast) -> f64 {
    forecast.paths.values().iter().map(|v| f64::from(*v)).sum::<f64>() / forecast.paths.len() as f64
}

/// Standard deviation of the sums of the paths.
fn deviation_of_totals(forecast: &Forecast) -> f64 {
    let mean = mean_total(forecast);
    let squares = forecast.paths.iter().map(|p| (p.iter().map(|v| f64::from(*v)).sum::<f64>() - mean).powi(2));
    (squares.sum::<f64>() / forecast.paths.len() as f64).sqrt()
}

#[test]
fn reference_row() {
    // Computed from the published recursions: Croston (1972), Syntetos & Boylan (2005), Teunter et al. (2011).
    for (model, expected) in
        [("croston(0.1)", 1.0605148780), ("sba(0.1)", 1.0074891341), ("tsb(0.1,0.1)", 0.8586320071)]
    {
        let forecast = fitted(model, &DEMAND, 1, 4);
        for mean in &forecast.mean {
            close(*mean, expected, 1e-9);
        }
    }
}

#[test]
fn aggregation_as_statsforecast() {
    // statsforecast's ADIDA() and IMAPA(): the same blocks, α between 0.1 and 0.3 at every level, found by a bounded
    // search whose own tolerance is what is allowed here.
    for (history, adida, imapa) in [
        (&DEMAND[..], 1.07233333333358, 1.1798790911808403),
        (&RARE[..], 0.7358294019633934, 0.7566449552395801),
        (&LUMPY[..], 4.716549825087236, 4.200293962053926),
    ] {
        close(fitted("adida", history, 1, 2).mean[1], adida, 1e-4);
        close(fitted("imapa", history, 1, 2).mean[1], imapa, 1e-4);
    }
}

#[test]
fn aggregation_by_hand() {
    // Four blocks of three: 3, 0, 7 (5 + 2), 4, with α = 0.1 at the edge: 3 → 2.7 → 3.13 → 3.217, a third of it a period.
    let forecast = fitted("adida", &DEMAND, 1, 1);
    close(parameter(&forecast, "aggregation"), 3.0, 0.0);
    close(parameter(&forecast, "alpha"), 0.1, 1e-12);
    close(forecast.mean[0], 3.217 / 3.0, 1e-12);
    // One-step values: the level before each block, spread over its three periods, from the second block on.
    assert_eq!(forecast.fitted.len(), 9);
    for (t, expected) in [(0, 1.0), (2, 1.0), (3, 0.9), (6, 3.13 / 3.0), (8, 3.13 / 3.0)] {
        close(forecast.fitted[t], expected, 1e-12);
    }
}

#[test]
fn the_pair_of_parameters_is_the_best_on_the_grid() {
    for (model, history) in [("croston", &RARE[..]), ("sba", &LUMPY[..]), ("tsb", &RARE[..]), ("tsb", &LUMPY[..])] {
        let free = fitted(model, history, 1, 1);
        let loss = |forecast: &Forecast| {
            let start = history.len() - forecast.fitted.len();
            history[start..].iter().zip(&forecast.fitted).map(|(y, f)| (y - f).powi(2)).sum::<f64>()
        };
        let best = loss(&free);
        for k in 1..=8 {
            let a = f64::from(k) * 0.05;
            // Croston's given parameter serves both; TSB's pairs are all of the grid.
            let names: Vec<String> = match model {
                "tsb" => (1..=8).map(|j| format!("tsb({a},{})", f64::from(j) * 0.05)).collect(),
                _ => vec![format!("{model}({a})")],
            };
            for name in names {
                assert!(best <= loss(&fitted(&name, history, 1, 1)) + 1e-9, "{name} beats {model}");
            }
        }
    }
}

#[test]
fn a_likelihood_by_hand() {
    // A constant history of ones: the best Poisson mean is 1 and never moves, so each period has likelihood 1/e.
    let forecast = fitted("poisson", &[1.0; 20], 1, 1);
    close(parameter(&forecast, "loglik"), -20.0, 1e-6);
    close(forecast.mean[0], 1.0, 1e-3);
    // Two parameters and 20 periods: AICc = 2·2 + 2·20 + 2·2·3/17.
    close(parameter(&forecast, "aicc"), 44.0 + 12.0 / 17.0, 1e-6);
}

/// `n` values with a mean that follows them, from `draw(mean)`.
fn simulated(n: usize, alpha: f64, first: f64, mut draw: impl FnMut(f64, &mut ChaCha8Rng) -> f64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(20);
    let mut mean = first;
    (0..n)
        .map(|_| {
            let value = draw(mean, &mut rng);
            mean += alpha * (value - mean);
            value
        })
        .collect()
}

fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |law| law.sample(rng))
}

#[test]
fn maximum_likelihood_finds_what_was_simulated() {
    // Standard errors by the curvature of the likelihood are about 0.01 for α at these lengths, 5 % for the ratio.
    let y = simulated(1500, 0.1, 4.0, poisson);
    close(parameter(&fitted("poisson", &y, 1, 1), "alpha"), 0.1, 0.03);

    let b = 0.5;
    let y = simulated(1500, 0.08, 5.0, |mean, rng| {
        let rate = Gamma::new(b * mean.max(1e-6), 1.0 / b).unwrap().sample(rng);
        poisson(rate, rng)
    });
    let forecast = fitted("negative-binomial", &y, 1, 1);
    close(parameter(&forecast, "alpha"), 0.08, 0.03);
    close(parameter(&forecast, "variance_ratio"), 3.0, 0.15);
    assert_eq!(fitted("count", &y, 1, 1).mean, forecast.mean);

    let y = simulated(1500, 0.0, 2.0, |mean, rng| {
        let none: f64 = rand::RngExt::random(rng);
        if none < 0.4 { 0.0 } else { poisson(mean / 0.6, rng) }
    });
    let forecast = fitted("zero-inflated-poisson", &y, 1, 1);
    close(parameter(&forecast, "extra_zeros"), 0.4, 0.05);
    close(forecast.mean[0], 2.0, 0.15);
}

#[test]
fn the_count_model_has_the_smallest_aicc_of_its_family() {
    for history in [&RARE[..], &LUMPY[..], &DEMAND[..]] {
        let chosen = parameter(&fitted("count", history, 1, 1), "aicc");
        let each = FAMILY[6..11].iter().map(|model| parameter(&fitted(model, history, 1, 1), "aicc"));
        close(chosen, each.fold(f64::INFINITY, f64::min), 1e-12);
    }
}

#[test]
fn a_richer_distribution_is_never_less_likely() {
    // Poisson is the negative binomial with b → ∞ and the zero-inflated with π → 0; the search stops short of both.
    for history in [&RARE[..], &LUMPY[..], &DEMAND[..]] {
        let loglik = |model: &str| parameter(&fitted(model, history, 1, 1), "loglik");
        for richer in ["negative-binomial", "zero-inflated-poisson"] {
            assert!(loglik(richer) > loglik("poisson") - 0.01, "{richer}");
        }
        assert!(loglik("hurdle-negative-binomial") > loglik("hurdle-poisson") - 0.01);
    }
}

#[test]
fn count_models_need_whole_numbers() {
    let found = fit("count", &series(&[0.0, 1.5, 0.0, 2.0], 1), &options(1), &Control::silent());
    let Err(ForecastError::Refused(reason)) = found else { panic!("1.5 isn't a count") };
    assert!(reason.en.contains("whole numbers") && reason.en.contains("1.5") && reason.zh.contains("整数"), "{reason}");
}

#[test]
fn willemain_follows_its_chain() {
    // Demand in pairs with a gap of two: 1 1 0 0 …; ten times. After demand: 10 of 20 hit; after none: 9 of 19 hit.
    let y: Vec<f64> = (0..40).map(|t| if t % 4 < 2 { 9.0 } else { 0.0 }).collect();
    let forecast = fitted("willemain", &y, 1, 3);
    let (after_demand, after_none) = (10.5 / 21.0, 9.5 / 20.0);
    close(parameter(&forecast, "probability_after_demand"), after_demand, 1e-12);
    close(parameter(&forecast, "probability_after_none"), after_none, 1e-12);
    // The last period had none.
    close(forecast.mean[0], 9.0 * after_none, 1e-12);
    close(forecast.mean[1], 9.0 * (after_none * after_demand + (1.0 - after_none) * after_none), 1e-12);
    let jittered = forecast.paths.values().iter().filter(|v| **v > 0.0 && (**v - 9.0).abs() > 0.5).count();
    assert!(jittered > 100, "sizes around 9 are jittered: {jittered}");
}

#[test]
fn the_combination_is_the_geometric_mean_of_its_members() {
    for history in [&RARE[..], &LUMPY[..]] {
        let forecast = fitted("intermittent-combination", history, 1, 2);
        let year = history[history.len() - 12..].iter().sum::<f64>() / 12.0;
        let members = [fitted("discounted-mean", history, 1, 1).mean[0], fitted("imapa", history, 1, 1).mean[0], year];
        close(forecast.mean[0], members.iter().product::<f64>().cbrt(), 1e-12);
    }
    // A dead year leaves a tenth of the members' mean to the window, not nothing.
    let dead: Vec<f64> = RARE.iter().copied().chain([0.0; 12]).collect();
    let forecast = fitted("intermittent-combination", &dead, 1, 1);
    let (recent, blocks) = (parameter(&forecast, "discounted_mean"), parameter(&forecast, "imapa"));
    close(parameter(&forecast, "window_mean"), (recent + blocks) / 30.0, 1e-12);
    assert!(forecast.mean[0] > 0.0 && forecast.mean[0] < recent.max(blocks));
}

#[test]
fn paths_keep_the_mean_and_whole_sizes() {
    for model in FAMILY {
        for history in [&DEMAND[..], &RARE[..], &LUMPY[..]] {
            let forecast = fitted(model, history, 1, 6);
            let (found, expected) = (mean_total(&forecast), forecast.mean.iter().sum::<f64>());
            // Five standard errors of 1,000 sums.
            let tolerance = 5.0 * deviation_of_totals(&forecast) / 1000.0_f64.sqrt();
            assert!((found - expected).abs() < tolerance, "{model}: paths {found}, mean {expected}, ±{tolerance}");
            assert!(forecast.paths.values().iter().all(|v| v.fract() == 0.0), "{model}");
        }
    }
}

#[test]
fn paths_of_crostons_methods_hold_sizes_that_occurred() {
    for model in ["croston", "sba", "tsb", "croston(0.3)", "tsb(0.2,0.1)"] {
        let forecast = fitted(model, &DEMAND, 1, 20);
        assert!(forecast.paths.values().iter().all(|v| DEMAND.contains(&f64::from(*v))), "{model}");
    }
}

#[test]
fn not_knowing_the_rate_widens_sums() {
    // 24 draws of a demand that is known would have the variance of one draw times 24; estimates add to it.
    let forecast = fitted("tsb", &RARE, 1, 24);
    let values = forecast.paths.values();
    let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
    let one = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / values.len() as f64;
    // The urn's inflation of a count over 24 steps on 16 observations: (16 + 24) / (16 + 1) = 2.35 in variance.
    assert!(deviation_of_totals(&forecast).powi(2) > 1.5 * 24.0 * one);
}

#[test]
fn tsb_fades_and_croston_does_not() {
    let mut y = DEMAND.to_vec();
    y.extend([0.0; 24]);
    let before = fitted("tsb(0.1,0.1)", &DEMAND, 1, 1).mean[0];
    close(fitted("tsb(0.1,0.1)", &y, 1, 1).mean[0], before * 0.9_f64.powi(24), 1e-9);
    close(fitted("croston(0.1)", &y, 1, 1).mean[0], 1.0605148780, 1e-9);
}

#[test]
fn regular_demand_gives_its_rate() {
    let y: Vec<f64> = (0..40).map(|t| if t % 4 == 3 { 8.0 } else { 0.0 }).collect();
    let forecast = fitted("croston", &y, 1, 2);
    close(forecast.mean[0], 2.0, 1e-12);
    close(parameter(&forecast, "interval"), 4.0, 1e-12);
    close(parameter(&forecast, "size"), 8.0, 1e-12);
    for model in ["adida", "discounted-mean"] {
        close(fitted(model, &y, 1, 2).mean[0], 2.0, 0.2);
    }
}

#[test]
fn the_unit_does_not_matter() {
    let hundreds: Vec<f64> = LUMPY.iter().map(|v| v * 100.0).collect();
    for model in ["croston", "sba", "tsb", "discounted-mean", "adida", "imapa", "intermittent-combination"] {
        close(fitted(model, &hundreds, 1, 1).mean[0], 100.0 * fitted(model, &LUMPY, 1, 1).mean[0], 1e-9);
    }
}

/// Every number of a forecast is finite and none is negative.
fn check_sound(model: &str, history: &[f64], horizon: usize) {
    let mut options = options(horizon);
    options.paths = 31;
    match fit(model, &series(history, 1), &options, &Control::silent()) {
        Ok(forecast) => {
            let numbers = forecast.mean.iter().chain(&forecast.fitted).copied();
            let paths = forecast.paths.values().iter().map(|v| f64::from(*v));
            let mut all = numbers.chain(paths);
            assert!(all.all(|v| v.is_finite() && v >= 0.0), "{model} {history:?}");
            assert!(forecast.parameters.iter().all(|p| p.value.is_finite()), "{model} {history:?}");
            assert_eq!((forecast.mean.len(), forecast.paths.len()), (horizon, 31), "{model}");
            assert!(forecast.fitted.len() < history.len() + 1, "{model}");
            let again = fit(model, &series(history, 1), &options, &Control::silent()).unwrap();
            assert_eq!(again.paths.values(), forecast.paths.values(), "{model} isn't repeatable");
        }
        Err(ForecastError::Refused(reason)) => assert!(!reason.en.is_empty() && !reason.zh.is_empty()),
        Err(other) => panic!("{model} {history:?}: {other}"),
    }
}

#[test]
fn monsters_are_answered_or_refused() {
    let long: Vec<f64> = (0..20_000).map(|t| if t % 9 == 4 { f64::from(t % 5) } else { 0.0 }).collect();
    let mut dead = vec![0.0; 20_000];
    (dead[0], dead[3]) = (2.0, 7.0);
    let fading: Vec<f64> = (0..60).map(|t| 0.7_f64.powi(t)).collect();
    let histories: [&[f64]; 12] = [
        &[],
        &[3.0],
        &[1.0, 2.0],
        &[0.0; 30],
        &[5.0; 30],
        &[1e12; 12],
        &[1e-12, 0.0, 3e-12, 0.0, 0.0, 2e-12],
        &[1e29, 0.0, 1e-29, 1.0, 0.0, 1e29],
        &[-1.0, 0.0, 2.0],
        &fading,
        &long,
        &dead,
    ];
    for model in FAMILY {
        for history in histories {
            check_sound(model, history, 7);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_intermittent_history(
        values in prop::collection::vec(
            prop_oneof![8 => Just(0.0), 4 => (1_u32..9).prop_map(f64::from), 1 => (1_u32..100_000).prop_map(f64::from)],
            1..50,
        ),
        unit in prop::sample::select(vec![1.0, 1.0, 0.37, 1e-9, 1e9]),
        horizon in 1_usize..14,
    ) {
        let history: Vec<f64> = values.iter().map(|v| v * unit).collect();
        for model in FAMILY {
            check_sound(model, &history, horizon);
        }
    }
}
