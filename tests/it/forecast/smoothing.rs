//! Exponential smoothing against statsmodels (tests/golden/README.md) and by hand.

use super::{AIR_PASSENGERS, close, fitted, parameter};
use serde_json::Value;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../golden/smoothing.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn likelihoods_and_forecasts_agree_with_statsmodels() {
    let golden = golden();
    for case in golden["fits"].as_array().unwrap() {
        let (name, model) = (case["series"].as_str().unwrap(), case["model"].as_str().unwrap());
        let season = case["season"].as_u64().unwrap() as usize;
        let forecast = fitted(model, &numbers(&golden["series"][name]), season, 8);
        // Ours leaves out the likelihood's constant, as the book does; statsmodels has it.
        let n = numbers(&golden["series"][name]).len() as f64;
        let constant = -0.5 * n * ((2.0 * std::f64::consts::PI / n).ln() + 1.0);
        let (found, theirs) = (parameter(&forecast, "loglik") + constant, case["loglik"].as_f64().unwrap());
        assert!(found > theirs - 2e-3, "{name} {model}: log-likelihood {found}, statsmodels {theirs}");
        // Ours is the better optimum by up to 0.08 here; a larger gap would mean another model.
        assert!(found < theirs + 0.1, "{name} {model}: log-likelihood {found}, statsmodels {theirs}");
        close(parameter(&forecast, "alpha"), case["alpha"].as_f64().unwrap(), 2e-3);
        for (a, b) in forecast.mean.iter().zip(numbers(&case["mean"])) {
            close(*a, b, 1e-3);
        }
    }
}

#[test]
fn ses_by_hand() {
    // α given: the level is linear in its start, so least squares can be written down. y = 1, 2, 4, 3; α = 0.5:
    // e = y − a − b·l0 with b = 1, ½, ¼, ⅛ and a = 0, ½, 1¼, 2⅝, so l0 = Σb(y − a)/Σb².
    let forecast = fitted("ses(0.5)", &[1.0, 2.0, 4.0, 3.0], 1, 2);
    let b = [1.0, 0.5, 0.25, 0.125];
    let r: [f64; 4] = [1.0, 1.5, 2.75, 0.375];
    let l0 = b.iter().zip(r).map(|(b, r)| b * r).sum::<f64>() / b.iter().map(|b| b * b).sum::<f64>();
    close(forecast.mean[1], 2.8125 + l0 / 16.0, 1e-6);
    close(forecast.fitted[0], l0, 1e-6);
}

#[test]
fn exact_components_are_found() {
    let trend: Vec<f64> = (0..20).map(|t| 5.0 + 2.0 * f64::from(t)).collect();
    let holt = fitted("holt", &trend, 1, 3);
    for (h, mean) in holt.mean.iter().enumerate() {
        close(*mean, 45.0 + 2.0 * h as f64, 1e-6);
    }
    let factors = [0.5, 1.0, 1.5, 1.0];
    let y: Vec<f64> = (0..32).map(|t| (100.0 + 3.0 * t as f64) * factors[t % 4]).collect();
    let winters = fitted("holt-winters", &y, 4, 8);
    for (h, mean) in winters.mean.iter().enumerate() {
        close(*mean, (100.0 + 3.0 * (32 + h) as f64) * factors[h % 4], 1e-4);
    }
    let y: Vec<f64> = (0..32).map(|t| 10.0 + 3.0 * t as f64 + 40.0 * factors[t % 4]).collect();
    let winters = fitted("holt-winters(additive)", &y, 4, 4);
    for (h, mean) in winters.mean.iter().enumerate() {
        close(*mean, 10.0 + 3.0 * (32 + h) as f64 + 40.0 * factors[h % 4], 1e-4);
    }
}

#[test]
fn the_multiplicative_season_wins_on_air_passengers() {
    let chosen = fitted("holt-winters", &AIR_PASSENGERS, 12, 12);
    let multiplicative = fitted("holt-winters(multiplicative)", &AIR_PASSENGERS, 12, 12);
    let additive = fitted("holt-winters(additive)", &AIR_PASSENGERS, 12, 12);
    assert!(parameter(&multiplicative, "aicc") < parameter(&additive, "aicc"));
    assert_eq!(chosen.mean, multiplicative.mean);
    assert!(chosen.why.en.contains("scales with the level"));
    let ets = fitted("ets", &AIR_PASSENGERS, 12, 12);
    assert!(parameter(&ets, "aicc") <= parameter(&multiplicative, "aicc"));
}

#[test]
fn damped_forecasts_level_off() {
    let golden = golden();
    let forecast = fitted("holt-damped", &numbers(&golden["series"]["WWWusage"]), 1, 30);
    let phi = parameter(&forecast, "phi");
    let steps: Vec<f64> = forecast.mean.windows(2).map(|w| w[1] - w[0]).collect();
    for pair in steps.windows(2) {
        close(pair[1] / pair[0], phi, 1e-6);
    }
}
