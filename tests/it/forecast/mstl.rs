//! Forecasting by decomposition.

use super::{AIR_PASSENGERS, close, fitted, options, parameter, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, accuracy, fit};

/// Two years and a half of days with a week and a year in them.
fn days(n: usize) -> Vec<f64> {
    let week = [0.0, 5.0, 8.0, 4.0, 9.0, 20.0, 14.0];
    let value = |t: usize| {
        let year = (t as f64 * std::f64::consts::TAU / 365.0).sin();
        200.0 + week[t % 7] + 60.0 * year + ((t * 7919) % 23) as f64 / 4.0
    };
    (0..n).map(value).collect()
}

#[test]
fn seasons_are_repeated_on_a_steady_level() {
    let season = [6.0, -2.0, -8.0, 4.0];
    let y: Vec<f64> = (0..40).map(|t| 30.0 + season[t % 4]).collect();
    let forecast = fitted("mstl", &y, 4, 9);
    for (h, found) in forecast.mean.iter().enumerate() {
        close(*found, 30.0 + season[h % 4], 1e-6);
    }
    assert!(parameter(&forecast, "season-strength-4") > 0.999);
}

#[test]
fn a_growing_season_is_taken_apart_on_the_log_scale() {
    let (history, actual) = AIR_PASSENGERS.split_at(132);
    let forecast = fitted("mstl", history, 12, 12);
    assert!(forecast.why.en.contains("log scale"), "{}", forecast.why);
    let mase = |model: &str| accuracy(history, 12, actual, &fitted(model, history, 12, 12).mean).mase.unwrap();
    assert!(mase("mstl") < 0.5 * mase("seasonal-naive"), "{} {}", mase("mstl"), mase("seasonal-naive"));
    // In units a season that doesn't grow with the level stays in units.
    let flat: Vec<f64> =
        (0..96).map(|t| 500.0 + 4.0 * f64::from(t) + 50.0 * f64::from(t % 12) + f64::from(t * 7919 % 23)).collect();
    let forecast = fitted("mstl", &flat, 12, 12);
    assert!(forecast.why.en.contains("in units"), "{}", forecast.why);
}

#[test]
fn days_have_a_year_once_there_are_two() {
    let strength = |n: usize| {
        let forecast = fitted("mstl", &days(n), 7, 1);
        forecast.parameters.iter().find(|p| p.name == "season-strength-365").map(|p| p.value)
    };
    assert_eq!(strength(729), None);
    assert!(strength(730).unwrap() > 0.9);
    // A quarter of a year ahead the year has turned: a week alone can't know.
    let (y, n) = (days(990), 900);
    let forecast = fitted("mstl", &y[..n], 7, 90);
    for (found, actual) in forecast.mean.iter().zip(&y[n..]) {
        assert!((found - actual).abs() < 25.0, "{found} {actual}");
    }
    let worst = y[n..].iter().fold(0.0_f64, |worst, v| worst.max((v - y[n - 1]).abs()));
    assert!(worst > 50.0, "the test asks for a turn: {worst}");
}

#[test]
fn refusals_name_the_reason() {
    for (n, season, word) in [(23, 12, "24"), (40, 1, "season"), (13, 7, "14")] {
        match fit("mstl", &series(&vec![5.0; n], season), &options(3), &Control::silent()) {
            Err(ForecastError::Refused(reason)) => assert!(reason.en.contains(word), "{reason}"),
            other => panic!("{n} periods should be refused: {other:?}"),
        }
    }
}
