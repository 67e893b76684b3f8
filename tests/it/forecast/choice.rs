//! Backtest and choice of one series.

use super::{AIR_PASSENGERS, options, series};
use planwright::control::Control;
use planwright::forecast::{Models, accuracy, fit, forecast_series, parse_models};
use planwright::model::SeriesForecast;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

fn run(values: &[f64], season: usize, horizon: usize, models: &str) -> SeriesForecast {
    let mut options = options(horizon);
    options.models = parse_models(models).unwrap();
    options.paths = 200;
    forecast_series(&series(values, season), &options, &Control::silent()).unwrap()
}

#[test]
fn a_fold_is_what_a_fit_on_its_training_part_gives() {
    let mut one = options(12);
    one.models = Models::Named(vec!["ses".into()]);
    one.folds = 1;
    let found = forecast_series(&series(&AIR_PASSENGERS, 12), &one, &Control::silent()).unwrap();
    let (history, actual) = AIR_PASSENGERS.split_at(132);
    let forecast = fit("ses", &series(history, 12), &one, &Control::silent()).unwrap();
    let expected = accuracy(history, 12, actual, &forecast.mean);
    let score = found.scores[0].accuracy.unwrap();
    assert_eq!((score.mae, score.rmsse, score.wape), (expected.mae, expected.rmsse, expected.wape));
    assert!(score.coverage80.unwrap() <= score.coverage95.unwrap());
}

#[test]
fn a_season_is_found() {
    let found = run(&AIR_PASSENGERS, 12, 12, "auto");
    assert_eq!(&*found.best().model, "combination", "{:?}", found.scores);
    assert!(["theta", "ets", "mstl", "arima"].iter().all(|m| found.scores.iter().any(|s| *s.model == **m)));
    assert_eq!(found.scores[0].accuracy.unwrap().folds, 3);
    assert_eq!(found.scores[0].accuracy.unwrap().count, 36);
    assert!(found.why.en.contains("below naive"), "{}", found.why);
    assert!(found.why.zh.contains("比朴素法低"), "{}", found.why.zh);
    assert!(!found.scores.iter().any(|s| &*s.model == "lstm"));
}

#[test]
fn noise_around_a_level_gets_a_level_with_its_reason() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let y: Vec<f64> = (0..60)
        .map(|_| {
            let e: f64 = StandardNormal.sample(&mut rng);
            100.0 + 10.0 * e
        })
        .collect();
    let found = run(&y, 1, 6, "auto");
    assert_eq!(&*found.best().model, "combination", "{}", found.why);
    // Noise has a standard deviation of 10; what a trend in it would do in six periods stays well inside.
    assert!(found.best().mean.iter().all(|v| (v - 100.0).abs() < 4.0), "{:?}", found.best().mean);
    let rival = found.why.en.contains("not beyond chance") || &*found.scores[0].model == "combination";
    assert!(rival && found.why.zh.contains("组合预测"), "{}", found.why);
}

#[test]
fn near_ties_go_to_the_simpler_model() {
    // On a straight line drift, Holt and Theta's rivals are all exact: drift is the simplest.
    let y: Vec<f64> = (0..40).map(|t| 10.0 + 3.0 * f64::from(t)).collect();
    let found = run(&y, 1, 4, "holt,drift,naive");
    assert_eq!(&*found.best().model, "drift", "{}", found.why);
    // SES and SES with its own α are the same to within the tolerance.
    let found = run(&AIR_PASSENGERS, 1, 6, "holt-damped,ses,naive");
    let best = found.scores[0].accuracy.unwrap().mase.unwrap();
    let chosen = found.best_score().unwrap().accuracy.unwrap().mase.unwrap();
    assert!(chosen <= best * 1.02 + 1e-12, "{}", found.why);
}

#[test]
fn intermittent_demand_is_recognised() {
    let y: Vec<f64> = (0..60).map(|t| if t % 5 == 2 { 3.0 + f64::from(t % 3) } else { 0.0 }).collect();
    let found = run(&y, 1, 6, "auto");
    let names: Vec<&str> = found.scores.iter().map(|s| &*s.model).collect();
    assert!(names.contains(&"sba") && names.contains(&"tsb") && !names.contains(&"holt-winters"), "{names:?}");
    assert!(found.best().mean[0] > 0.3, "a median of zero must not win: {}", found.why);
    assert!(found.why.en.contains("intermittent"), "{}", found.why);
}

#[test]
fn short_histories_always_get_naive() {
    let found = run(&[7.0], 12, 3, "auto");
    assert_eq!((&*found.best().model, found.best().mean.clone()), ("naive", vec![7.0; 3]));
    assert!(found.best().why.en.contains("Only one period"), "{}", found.best().why);
    let found = run(&[0.0; 30], 1, 3, "auto");
    assert_eq!((&*found.best().model, found.best().mean.clone()), ("naive", vec![0.0; 3]));
    assert!(found.best().why.en.contains("no demand"), "{}", found.best().why);
    let found = run(&[4.0; 30], 1, 3, "auto");
    assert_eq!((&*found.best().model, found.best().mean.clone()), ("naive", vec![4.0; 3]));
    let found = run(&[7.0, 8.0], 12, 3, "holt-winters,ses");
    assert_eq!(&*found.best().model, "naive");
    let last = found.scores.last().unwrap();
    assert!(last.accuracy.is_none() && !last.note.is_empty());
    assert!(found.why.en.contains("no model asked for fits"), "{}", found.why);
}

#[test]
fn short_histories_have_fewer_folds() {
    let folds = |n: usize, season, horizon| {
        let y: Vec<f64> = (0..n).map(|t| 5.0 + (t % 3) as f64).collect();
        let found = run(&y, season, horizon, "naive");
        found.scores[0].accuracy.map(|a| (a.folds, a.count))
    };
    assert_eq!(folds(1, 1, 4), None);
    assert_eq!(folds(2, 1, 4), Some((1, 1)));
    assert_eq!(folds(9, 1, 12), Some((1, 3)));
    assert_eq!(folds(36, 12, 6), Some((1, 6)));
    assert_eq!(folds(144, 12, 12), Some((3, 36)));
}

#[test]
fn the_origins_are_kept() {
    let y: Vec<f64> =
        (0..120).map(|t| [5.0, 90.0, 40.0, 7.0, 66.0, 12.0, 30.0][t % 7] * 1.02_f64.powi((t / 7) as i32)).collect();
    let found = run(&y, 7, 7, "auto");
    let combination = found.scores.iter().find(|s| &*s.model == "combination").unwrap();
    // The origins that the window steps through: what came, and what each model had said.
    assert_eq!(found.cutoffs.len(), 3);
    for (k, cutoff) in found.cutoffs.iter().enumerate() {
        let first = y.len() - 7 * (k + 1);
        assert_eq!(cutoff.actual, y[first..first + 7]);
        assert_eq!(cutoff.forecasts.len(), found.scores.iter().filter(|s| s.accuracy.is_some()).count());
    }
    let steps = &combination.mae_by_step;
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    assert!((mean - combination.accuracy.unwrap().mae.unwrap()).abs() < 1e-9, "{steps:?}");
}
