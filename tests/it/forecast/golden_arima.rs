//! Given orders of ARIMA against R's `Arima(method = "ML")` (tests/golden/README.md).

use super::golden::{Faults, cases, classic, number, numbers, run, season, word};
use super::{options, parameter, series};
use planwright::model::{DriverValues, Drivers, Forecast, SeriesId};
use serde_json::Value;
use std::sync::Arc;

/// Log-likelihoods, absolute: R starts differenced series not quite diffusely, which is worth up to 0.004 (README).
const LOGLIK: f64 = 1e-2;
/// Coefficients, absolute below 1.
const COEFFICIENT: f64 = 1e-3;
/// Forecasts, relative.
const FORECAST: f64 = 2e-3;

fn model(case: &Value) -> String {
    let list = |key: &str| case[key].as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>().join(",");
    let mut name = format!("arima({})", list("order"));
    if case["seasonal"].as_array().unwrap().iter().any(|v| v.as_u64() != Some(0)) {
        name = format!("{name}({})[{}]", list("seasonal"), case["season"]);
    }
    name += match word(case, "constant") {
        "mean" => "+mean",
        "drift" => "+drift",
        _ => "+zero",
    };
    match case["lambda"].as_f64() {
        Some(lambda) => format!("{name}+boxcox={lambda}"),
        None => name,
    }
}

/// The history, its gaps as NaN.
fn history(case: &Value, all: &Value) -> Option<Vec<f64>> {
    let name = word(case, "series");
    let stored = numbers(&all["values"][name]);
    let mut y = if stored.is_empty() { classic(name)? } else { stored };
    for at in numbers(&case["missing"]) {
        y[at as usize - 1] = f64::NAN;
    }
    Some(y)
}

/// The regressors' names, in the order the engine numbers them, and the values over history and horizon.
fn regressors(case: &Value, y: &[f64]) -> (Vec<String>, Drivers) {
    let Some(columns) = case["xreg"].as_object() else { return (Vec::new(), Drivers::default()) };
    let mut names: Vec<String> = columns.keys().cloned().collect();
    names.sort();
    let start = series(y, season(case)).start;
    let of = |name: &String| {
        let ahead = numbers(&case["xreg_future"][name.as_str()]);
        let values: Vec<Option<f64>> = numbers(&columns[name.as_str()]).into_iter().chain(ahead).map(Some).collect();
        DriverValues { name: name.as_str().into(), scope: SeriesId::new("", ""), start, values: values.into() }
    };
    let values = names.iter().map(of).collect();
    (names, Drivers { values, ..Drivers::default() })
}

/// R's forecast as a mean: its median `w` and variance `v` on the transformed scale, `v` read from the upper bound, and the
/// expectation of the back-transformed normal as a fine sum. R's own mean (`biasadj`, here on logarithms only) is that to
/// second order, `1 + v/2` times the median (README).
fn mean(case: &Value, h: usize) -> f64 {
    let value = numbers(&case["mean"])[h];
    let Some(lambda) = case["lambda"].as_f64() else { return value };
    let transform = |y: f64| if lambda == 0.0 { y.ln() } else { (y.powf(lambda) - 1.0) / lambda };
    let inverse = |w: f64| {
        let base = lambda * w + 1.0;
        if lambda == 0.0 { w.exp() } else { base.max(0.0).powf(1.0 / lambda) }
    };
    let high = transform(numbers(&case["hi95"])[h]);
    let w = if case["biasadj"] == true {
        // On logarithms the bounds lie even about the median.
        f64::midpoint(high, transform(numbers(&case["lo95"])[h]))
    } else {
        transform(value)
    };
    let deviation = (high - w) / 1.959_963_985;
    let points = (-5000..=5000).map(|k| f64::from(k) * 1e-3);
    let (sum, weights) = points.fold((0.0, 0.0), |(sum, weights), z| {
        let weight = (-0.5 * z * z).exp();
        (sum + weight * inverse(w + deviation * z), weights + weight)
    });
    sum / weights
}

fn compare(faults: &mut Faults, case: &Value, name: &str, found: &Forecast, regressors: &[String]) {
    let (loglik, theirs) = (parameter(found, "loglik"), number(case, "loglik"));
    faults.unless(loglik >= theirs - LOGLIK, || format!("{name}: loglik {loglik}, R {theirs}"));
    let (k, n) = (case["coef"].as_object().unwrap().len() as f64 + 1.0, number(case, "n_used"));
    let aic = 2.0 * k - 2.0 * loglik;
    faults.close(&format!("{name} aic"), (parameter(found, "aic"), aic), 1e-9, 1.0);
    let aicc = aic + 2.0 * k * (k + 1.0) / (n - k - 1.0);
    faults.close(&format!("{name} aicc"), (parameter(found, "aicc"), aicc), 1e-9, 1.0);
    faults.close(&format!("{name} bic"), (parameter(found, "bic"), k * n.ln() - 2.0 * loglik), 1e-9, 1.0);
    if (loglik - theirs).abs() > LOGLIK {
        return;
    }
    for (key, value) in case["coef"].as_object().unwrap() {
        let ours = regressors.iter().position(|r| r == key).map_or_else(|| key.clone(), |i| format!("x{}", i + 1));
        let pair = (parameter(found, &ours), value.as_f64().unwrap());
        faults.close(&format!("{name} {key}"), pair, COEFFICIENT, 1.0);
    }
    for h in 0..12 {
        let step = format!("{name} step {}", h + 1);
        faults.close(&step, (found.mean[h], mean(case, h)), FORECAST, 1e-9);
        for (level, low, high) in [(80.0, "lo80", "hi80"), (95.0, "lo95", "hi95")] {
            let interval = found.interval(level).unwrap();
            // R has no lower bound where a power's base is below zero; ours is 0 there, as no demand is below it.
            let low = case[low][h].as_f64().map_or(0.0, |low| low.max(0.0));
            let high = numbers(&case[high])[h];
            let width = high - low;
            for (ours, theirs) in [(interval.lower[h], low), (interval.upper[h], high)] {
                let error = (ours - theirs).abs() / width;
                faults.unless(error < 1e-2, || format!("{step}, {level} %: {ours}, R {theirs}, off by {error:.2e}"));
            }
        }
    }
}

#[test]
fn given_orders_agree_with_r() {
    let file = include_str!("../../golden/arima-fixed.json");
    let all: Value = serde_json::from_str(file).unwrap();
    let mut faults = Faults::default();
    for case in cases(file) {
        let Some(y) = history(&case, &all) else { continue };
        let name = format!("{} {} {}", word(&case, "series"), model(&case), case["missing"]);
        let (names, drivers) = regressors(&case, &y);
        let mut options = options(12);
        options.drivers = Arc::new(drivers);
        match run(&model(&case), &y, season(&case), &options) {
            Ok(found) => compare(&mut faults, &case, &name, &found, &names),
            Err(reason) => faults.unless(false, || format!("{name}: {reason}")),
        }
    }
    faults.finish();
}
