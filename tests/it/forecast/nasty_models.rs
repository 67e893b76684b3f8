//! Every model, whatever the history: a finite answer or a refusal in both languages.

use super::{options, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, LstmOptions, fit, models};
use proptest::prelude::*;

/// Names with what is given in brackets or after a plus.
const GIVEN: [&str; 27] = [
    "moving-average(3)",
    "ses(0.3)",
    "holt(0.3,0.1)",
    "holt-damped(0.3,0.1,0.9)",
    "holt-winters(additive)",
    "holt-winters(multiplicative)",
    "holt-winters(additive,0.3,0.1,0.2)",
    "croston(0.1)",
    "sba(1)",
    "tsb(0.1,0.2)",
    "ets(z,z,z)",
    "ets(a,a,m)",
    "ets(a,m,a)",
    "ets(m,m,m)",
    "ets(m,md,a)",
    "ets(a,md,m)",
    "arima(0,1,1)",
    "arima(1,0,1)+zero",
    "arima(1,1,0)+drift",
    "arima(0,1,1)(0,1,1)[4]",
    "arima(0,2,2)",
    "arima(1,0,0)+log",
    "arima(0,1,1)+boxcox",
    "arima(1,0,0)+boxcox=2",
    "arima(0,2,1)+boxcox=-1",
    "arima+log",
    "combination(naive,ses,arima(0,1,1))",
];

const LENGTH: usize = 30;

/// A nasty history by its number, from noise in `[0, 1)`.
fn history(kind: usize, noise: &[f64]) -> Vec<f64> {
    let of = |f: &dyn Fn(usize, f64) -> f64| noise.iter().enumerate().map(|(t, u)| f(t, *u)).collect::<Vec<f64>>();
    match kind {
        0 => of(&|_, _| 7.25),
        1 => of(&|_, _| 0.0),
        2 => noise[..1].to_vec(),
        3 => noise[..2].to_vec(),
        4 => of(&|_, u| 1e12 * (1.0 + u)),
        5 => of(&|_, u| 1e-12 * (1.0 + u)),
        6 => of(&|_, u| -100.0 * u),
        7 => of(&|t, u| 100.0 * 0.5_f64.powi(t as i32) * (0.5 + u)),
        8 => of(&|t, u| if t % 7 == 3 || t + 2 >= noise.len() { f64::NAN } else { 10.0 + u }),
        9 => {
            let mut level = 0.0;
            noise
                .iter()
                .map(|u| {
                    level += u - 0.5;
                    level
                })
                .collect()
        }
        10 => of(&|_, u| if u > 0.8 { (10.0 * u).round() } else { 0.0 }),
        11 => of(&|t, _| [3.0, 1.0, 4.0, 1.5][t % 4]),
        12 => of(&|t, u| (0.4 * t as f64 + u).exp()),
        13 => of(&|t, u| if t == 20 { 1e9 } else { u }),
        _ => vec![f64::NAN; noise.len()],
    }
}

const KINDS: usize = 15;

fn check(model: &str, values: &[f64], season: usize) {
    let mut options = options(6);
    options.paths = 40;
    options.lstm = LstmOptions { window: 3, units: vec![3], epochs: 2, ..LstmOptions::default() };
    match fit(model, &series(values, season), &options, &Control::silent()) {
        Ok(found) => {
            let bounds = found.intervals.iter().flat_map(|i| i.lower.iter().chain(&i.upper));
            let parameters = found.parameters.iter().map(|p| &p.value);
            let mut all = found.mean.iter().chain(&found.fitted).chain(bounds).chain(parameters);
            assert!(all.all(|v| v.is_finite()), "{model}, season {season}, {values:?}: {found:?}");
            assert!(found.paths.values().iter().all(|v| v.is_finite()), "{model}, season {season}, {values:?}");
            assert!(found.mean.len() == 6 && found.fitted.len() <= values.len(), "{model}, {values:?}");
            for interval in &found.intervals {
                let ordered = interval.lower.iter().zip(&interval.upper).all(|(low, high)| low <= high);
                assert!(ordered, "{model}, season {season}, {values:?}");
            }
        }
        Err(ForecastError::Refused(reason)) => assert!(!reason.en.is_empty() && !reason.zh.is_empty(), "{model}"),
        Err(other) => panic!("{model}: {other}"),
    }
}

fn every_model() -> Vec<&'static str> {
    models().into_iter().map(|m| m.name).chain(GIVEN).collect()
}

#[test]
fn every_model_takes_every_kind_of_history_or_refuses_it() {
    // Weyl's sequence: even, and the same each time.
    let noise: Vec<f64> = (1..=LENGTH).map(|k| (0.618_033_988_75 * k as f64).fract()).collect();
    for kind in 0..KINDS {
        for model in every_model() {
            check(model, &history(kind, &noise), if kind % 2 == 0 { 4 } else { 1 });
        }
    }
    check("arima(full)", &history(9, &noise), 1);
}

#[test]
fn twenty_thousand_points() {
    let values: Vec<f64> = (0..20_000).map(|k| 50.0 + 40.0 * (0.618_033_988_75 * f64::from(k)).fract()).collect();
    for model in [
        "naive",
        "seasonal-naive",
        "drift",
        "moving-average",
        "ses",
        "croston",
        "tsb(0.1,0.1)",
        "theta-standard",
        "ets(a,n,n)",
        "arima(0,1,1)",
        "arima(1,0,0)+log",
    ] {
        check(model, &values, 7);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_model_on_any_history(
        kind in 0..KINDS,
        model in prop::sample::select(every_model().into_iter().filter(|m| *m != "lstm").collect::<Vec<_>>()),
        noise in prop::collection::vec(0.0..1.0, 2..60),
        season in prop::sample::select(vec![1_usize, 4, 7, 12]),
    ) {
        check(model, &history(kind, &noise), season);
    }
}
