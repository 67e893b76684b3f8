//! Baselines and error measures against published formulas.

use super::{AIR_PASSENGERS, close, fitted, options, parameter, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, accuracy, fit, pinball};

#[test]
fn seasonal_naive_on_air_passengers() {
    // Recomputed independently: shared reference row "seasonal naive, first 132, horizon 12".
    let (history, actual) = AIR_PASSENGERS.split_at(132);
    let forecast = fitted("seasonal-naive", history, 12, 12);
    assert_eq!(forecast.start.label(), "1960-01");
    assert_eq!(forecast.mean, history[120..]);
    let a = accuracy(history, 12, actual, &forecast.mean);
    close(a.mae.unwrap(), 47.8333, 1e-6);
    close(a.rmse.unwrap(), 50.7083, 1e-6);
    close(a.mse.unwrap(), 50.7083 * 50.7083, 1e-5);
    close(a.mape.unwrap(), 9.98753, 1e-6);
    close(a.wape.unwrap(), 10.04550, 1e-6);
    close(a.mase.unwrap(), 1.570881, 1e-6);
    close(a.rmsse.unwrap(), 1.467752, 1e-6);
    close(a.bias.unwrap(), -47.8333, 1e-6);
    assert_eq!((a.count, a.folds), (12, 1));
}

#[test]
fn undefined_measures_are_left_out() {
    let a = accuracy(&[5.0; 6], 1, &[0.0, 0.0], &[0.0, 2.0]);
    assert_eq!((a.mape, a.wape, a.mase, a.rmsse), (None, None, None, None));
    close(a.smape.unwrap(), 100.0, 1e-12);
    close(a.mae.unwrap(), 1.0, 1e-12);
    assert_eq!(accuracy(&[1.0], 1, &[], &[]).mae, None);
}

#[test]
fn pinball_loss() {
    close(pinball(0.9, 10.0, 8.0), 1.8, 1e-12);
    close(pinball(0.9, 10.0, 12.0), 0.2, 1e-12);
}

#[test]
fn naive_and_drift_intervals_follow_their_formulas() {
    // Hyndman & Athanasopoulos (2021), table 5.2, on differences 2, −1, 3, 2 (mean 1.5).
    let y = [20.0, 22.0, 21.0, 24.0, 26.0];
    let z = 1.959963984540054;
    let naive = fitted("naive", &y, 1, 3);
    let sigma = ((4.0 + 1.0 + 9.0 + 4.0) / 4.0_f64).sqrt();
    for h in 0..3 {
        let wide = &naive.intervals[1];
        close(wide.upper[h] - naive.mean[h], z * sigma * ((h + 1) as f64).sqrt(), 1e-9);
        close(naive.mean[h], 26.0, 1e-12);
    }
    let drift = fitted("drift", &y, 1, 3);
    let sigma2 = (0.25 + 6.25 + 2.25 + 0.25) / 3.0;
    for h in 0..3 {
        let steps = (h + 1) as f64;
        close(drift.mean[h], 26.0 + 1.5 * steps, 1e-12);
        let deviation = (sigma2 * steps * (1.0 + steps / 4.0)).sqrt();
        close(drift.intervals[1].upper[h] - drift.mean[h], z * deviation, 1e-9);
    }
    close(parameter(&drift, "drift"), 1.5, 1e-12);
}

#[test]
fn seasonal_naive_widens_by_season() {
    let forecast = fitted("seasonal-naive", &AIR_PASSENGERS, 12, 25);
    let width = |h: usize| forecast.intervals[0].upper[h] - forecast.intervals[0].lower[h];
    close(width(12) / width(0), 2.0_f64.sqrt(), 1e-9);
    close(width(24) / width(11), 3.0_f64.sqrt(), 1e-9);
}

#[test]
fn moving_average_is_the_mean_of_its_window() {
    let forecast = fitted("ma(3)", &[9.0, 1.0, 2.0, 6.0], 1, 2);
    assert_eq!(&*forecast.model, "moving-average(3)");
    close(forecast.mean[1], 3.0, 1e-12);
    assert_eq!(forecast.fitted, vec![4.0]);
}

#[test]
fn refusals_name_the_reason() {
    let cases = [
        ("seasonal-naive", vec![1.0; 12], 12, "13"),
        ("drift", vec![1.0, 2.0], 1, "at least 3"),
        ("ses", vec![1.0, 2.0, 3.0], 1, "at least 4"),
        ("holt", vec![1.0; 6], 1, "at least 7"),
        ("holt-damped", vec![1.0; 7], 1, "at least 8"),
        ("theta", vec![1.0; 4], 1, "at least 5"),
        ("holt-winters", vec![1.0; 23], 12, "24"),
        ("holt-winters", vec![1.0; 40], 1, "season"),
        ("croston", vec![0.0, 0.0, 3.0], 1, "at least 2"),
        ("tsb", vec![0.0, -2.0, 3.0, 4.0], 1, "negative"),
        ("moving-average(5)", vec![1.0; 5], 1, "at least 6"),
    ];
    for (model, values, season, word) in cases {
        match fit(model, &series(&values, season), &options(3), &Control::silent()) {
            Err(ForecastError::Refused(reason)) => {
                assert!(reason.en.contains(word), "{model}: {reason}");
                assert!(reason.zh.chars().any(|c| c > '\u{2e80}'), "{model}: {}", reason.zh);
            }
            other => panic!("{model} should refuse: {other:?}"),
        }
    }
}
