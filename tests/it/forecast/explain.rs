//! Forecasts taken apart, and their errors.

use super::{AIR_PASSENGERS, close, fitted, series};
use planwright::control::Control;
use planwright::model::{Forecast, ForecastLayers, LayerKind, PartKind, Series, SeriesExplanation};
use planwright::pipeline::explain_series;

fn explained(history: &Series, forecast: &Forecast) -> SeriesExplanation {
    explain_series(history, forecast, &Control::silent()).unwrap()
}

/// History and forecast are the sums of their parts.
fn check_sums(history: &Series, forecast: &Forecast) -> SeriesExplanation {
    let found = explained(history, forecast);
    let layers = ForecastLayers::new(forecast.mean.clone());
    let scale = history.values.iter().chain(&forecast.mean).fold(1e-300_f64, |m, v| m.max(v.abs()));
    assert_eq!(found.steps(), forecast.mean.len());
    for (h, mean) in forecast.mean.iter().enumerate() {
        let sum: f64 = found.parts(h, &layers).iter().map(|(_, v)| v).sum();
        assert!((sum - mean).abs() <= 1e-12 * scale, "step {h}: {sum} {mean}");
    }
    let skipped = history.values.len() - found.history;
    for (t, y) in history.values[skipped..].iter().enumerate() {
        let season: f64 = found.seasons.iter().map(|s| s.values[t]).sum();
        let sum = found.trend[t] + season + found.remainder[t];
        assert!((sum - y).abs() <= 1e-9 * scale, "period {t}: {sum} {y}");
    }
    found
}

#[test]
fn every_period_is_the_sum_of_its_parts() {
    let long: Vec<f64> = (0..20_000).map(|t| f64::from((t * 7919) % 101)).collect();
    let histories: [(&[f64], usize); 9] = [
        (&AIR_PASSENGERS, 12),
        (&AIR_PASSENGERS, 1),
        (&[5.0], 12),
        (&[5.0, 7.0], 1),
        (&[0.0; 40], 4),
        (&[1e12, 3e12, 2e12, 4e12, 1e12, 3e12, 2e12, 4e12, 5e12], 4),
        (&[1e-12, 3e-12, 2e-12, 1e-12, 3e-12, 2e-12, 1e-12], 1),
        (&[-4.0, 9.0, -2.0, 0.0, 0.0, 3.0, 0.0, 0.0, 5.0], 7),
        (&long, 7),
    ];
    for (values, season) in histories {
        for horizon in [1, 2, 18] {
            check_sums(&series(values, season), &fitted("naive", values, season, horizon));
        }
    }
}

#[test]
fn a_seasonal_forecast_has_a_season_and_a_flat_one_has_none() {
    let history = series(&AIR_PASSENGERS, 12);
    let seasonal = check_sums(&history, &fitted("seasonal-naive", &AIR_PASSENGERS, 12, 24));
    let ahead = &seasonal.seasons[0].values[144..];
    let (low, high) = ahead.iter().fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
    assert!(high > 100.0 && low < -50.0, "{ahead:?}");
    assert!(seasonal.seasons[0].strength > 0.9 && seasonal.trend_strength > 0.9);
    let flat = check_sums(&history, &fitted("naive", &AIR_PASSENGERS, 12, 24));
    assert!(flat.seasons[0].values[144..].iter().all(|v| *v == 0.0));
    let drift = check_sums(&history, &fitted("drift", &AIR_PASSENGERS, 12, 24));
    assert!(drift.seasons[0].values[144..].iter().all(|v| *v == 0.0));
    let slope = drift.trend[145] - drift.trend[144];
    close(drift.level, drift.trend[144] - slope, 1e-9);
    close(flat.level, 432.0, 1e-12);
    assert!(drift.remainder[144..].iter().all(|v| v.abs() < 1e-6), "a line is all trend");
}

#[test]
fn layers_are_parts_of_the_final_forecast() {
    let forecast = fitted("naive", &AIR_PASSENGERS, 12, 3);
    let found = explained(&series(&AIR_PASSENGERS, 12), &forecast);
    let mut layers = ForecastLayers::new(forecast.mean.clone());
    layers.push(LayerKind::Override, vec![432.0, 500.0, 432.0]);
    let parts = found.parts(1, &layers);
    assert_eq!(parts.last(), Some(&(PartKind::Layer(LayerKind::Override), 68.0)));
    close(parts.iter().map(|(_, v)| v).sum(), 500.0, 1e-12);
    assert!(found.parts(3, &layers).is_empty(), "beyond the horizon");
}

#[test]
fn autocorrelations_are_r_s() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../golden/series-tests.json")).unwrap();
    let case = golden["cases"].as_array().unwrap().iter().find(|c| c["series"] == "AirPassengers").unwrap();
    // A model that says nothing leaves the history itself.
    let mut forecast = fitted("naive", &AIR_PASSENGERS, 12, 1);
    forecast.fitted = vec![0.0; 144];
    let residuals = explained(&series(&AIR_PASSENGERS, 12), &forecast).residuals.unwrap();
    for (found, expected) in residuals.acf.iter().zip(case["acf"].as_array().unwrap()) {
        close(*found, expected.as_f64().unwrap(), 1e-9);
    }
    let test = residuals.ljung_box.unwrap();
    assert_eq!(test.lags, 24);
    assert!(test.p_value < 1e-9 && residuals.outside() > 10);
    assert_eq!(residuals.bins.iter().map(|b| b.count).sum::<usize>(), 144);
    assert!(residuals.bins.windows(2).all(|w| w[0].to.to_bits() == w[1].from.to_bits() && w[0].from < w[0].to));
}

#[test]
fn residuals_are_the_history_less_what_was_fitted() {
    let forecast = fitted("naive", &AIR_PASSENGERS, 12, 1);
    let residuals = explained(&series(&AIR_PASSENGERS, 12), &forecast).residuals.unwrap();
    let changes: Vec<f64> = AIR_PASSENGERS.windows(2).map(|w| w[1] - w[0]).collect();
    assert_eq!(residuals.values[residuals.values.len() - 143..], changes);
    let constant = fitted("naive", &[3.0; 30], 1, 2);
    let found = explained(&series(&[3.0; 30], 1), &constant).residuals.unwrap();
    assert!(found.ljung_box.is_none() && found.acf.is_empty() && found.bins.len() == 1);
}
