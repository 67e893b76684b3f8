//! Whatever the history, there is a finite forecast.

use super::histories::{KINDS, history, noise};
use super::{of_all_series, options, series};
use planwright::control::Control;
use planwright::forecast::{Models, forecast_series, models};
use planwright::model::SeriesForecast;
use proptest::prelude::*;
use rayon::prelude::*;

fn every_number(found: &SeriesForecast) -> Vec<f64> {
    let mut all = Vec::new();
    for c in &found.candidates {
        all.extend(c.mean.iter().chain(&c.fitted));
        all.extend(c.intervals.iter().flat_map(|i| i.lower.iter().chain(&i.upper)));
        all.extend(c.paths.values().iter().map(|v| f64::from(*v)));
        all.extend(c.parameters.iter().map(|p| p.value));
    }
    for a in found.scores.iter().filter_map(|s| s.accuracy) {
        let measures = [a.mae, a.mse, a.rmse, a.mape, a.smape, a.wape, a.mase, a.rmsse, a.bias];
        all.extend(measures.into_iter().chain([a.pinball, a.crps, a.coverage80, a.coverage95]).flatten());
    }
    all
}

fn check(values: &[f64], season: usize, horizon: usize) {
    let mut options = options(horizon);
    options.paths = 20;
    options.folds = 2;
    let quick = |m: &&str| !["lstm", "arima"].contains(m) && !of_all_series(m);
    let names = models().into_iter().map(|m| m.name).filter(quick);
    options.models = Models::Named(names.map(Into::into).collect());
    let found = forecast_series(&series(values, season), &options, &Control::silent()).unwrap();
    assert!(found.candidates.iter().any(|c| &*c.model == "naive"));
    assert!(every_number(&found).iter().all(|v| v.is_finite()), "{values:?}");
    assert!(!found.why.is_empty() && found.best().mean.len() == horizon);
    for c in &found.candidates {
        for (narrow, wide) in c.intervals[0].lower.iter().zip(&c.intervals[1].lower) {
            assert!(wide <= narrow, "{}", c.model);
        }
        for (narrow, wide) in c.intervals[0].upper.iter().zip(&c.intervals[1].upper) {
            assert!(wide >= narrow, "{}", c.model);
        }
    }
}

/// The whole way of every kind, through folds, scores and the choice.
#[test]
fn every_kind_through_the_backtest() {
    KINDS.par_iter().enumerate().for_each(|(k, kind)| {
        let season = [4, 1, 7][k % 3];
        let values = history(*kind, season, &noise(17));
        // A panel has no gaps.
        if values.iter().any(|v| v.is_nan()) {
            return;
        }
        check(&values, season, 3);
        // Any history at all has a forecast by default.
        let mut options = options(3);
        options.paths = 20;
        let found = forecast_series(&series(&values, season), &options, &Control::silent()).unwrap();
        assert!(every_number(&found).iter().all(|v| v.is_finite()), "{values:?}: {found:?}");
    });
}

#[test]
fn known_monsters() {
    let huge = [f64::MAX, 0.0, f64::MIN_POSITIVE, -f64::MAX, 1.0];
    check(&huge, 1, 3);
    check(&[f64::MAX], 12, 2);
    check(&[1e29; 30], 7, 3);
    check(&[1e-300, 0.0, 1e-300, 5e-324, 1e-290, 0.0, 0.0, 1e-300], 1, 3);
    check(&[0.0; 40], 7, 9);
    check(&[-3.0; 20], 4, 5);
    check(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0], 4, 5);
    check(&(0..30).map(|t| f64::from(t % 7)).collect::<Vec<_>>(), 7, 8);
    check(&(0..30).map(|t| 2.0_f64.powi(3 * t)).collect::<Vec<_>>(), 4, 8);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history(
        values in prop::collection::vec(
            prop_oneof![4 => Just(0.0), 4 => 0.0..100.0, 1 => -50.0..50.0, 1 => Just(1e12), 1 => -1e-9..1e-9],
            1..40,
        ),
        season in prop::sample::select(vec![1_usize, 4, 7, 12]),
        horizon in 1_usize..9,
    ) {
        check(&values, season, horizon);
    }
}
