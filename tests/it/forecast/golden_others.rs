//! Box–Cox by Guerrero, theta and the Croston family against R and statsforecast (tests/golden/README.md).

use super::golden::{Faults, cases, classic, number, numbers, run, season, word};
use super::{fitted, options, parameter};

/// R fits simple exponential smoothing and adds half the trend's slope; ours is one model (Fiorucci et al. 2016) whose α is
/// fitted with the line in place, which moves the level by up to this share.
const THETA: f64 = 0.025;

/// The history whose only demand refuses every method of the family: one size has no interval.
const ONE_DEMAND: &str = "never_twice";

#[test]
fn guerreros_lambda_agrees_with_r() {
    let mut faults = Faults::default();
    for case in cases(include_str!("../../golden/box-cox.json")) {
        let Some(y) = classic(word(&case, "series")) else { continue };
        let found = run("arima(0,1,0)+boxcox", &y, season(&case), &options(2)).unwrap();
        // R's optimiser stops within 1e-4 of an end of the range.
        faults.close(word(&case, "series"), (parameter(&found, "lambda"), number(&case, "guerrero")), 2e-4, 1.0);
    }
    faults.finish();
}

#[test]
fn theta_agrees_with_r() {
    let mut faults = Faults::default();
    for case in cases(include_str!("../../golden/theta.json")) {
        let Some(y) = classic(word(&case, "series")) else { continue };
        let found = run("theta-standard", &y, season(&case), &options(12)).unwrap();
        for (h, theirs) in numbers(&case["mean"]).into_iter().enumerate() {
            faults.close(&format!("{} step {}", word(&case, "series"), h + 1), (found.mean[h], theirs), THETA, 1e-9);
        }
    }
    faults.finish();
}

/// `ses`, `holt` and `hw` by likelihood: at least R's, and the same forecasts where both stand on the same top. R keeps α and
/// φ 1e-4 further from their ends, hence the half a percent. Cases with simple starting values are another method.
#[test]
fn ses_holt_and_holt_winters_agree_with_r() {
    let (mut faults, mut same) = (Faults::default(), 0);
    for case in cases(include_str!("../../golden/smoothing-r.json")) {
        let options_of = &case["options"];
        let Some(y) = classic(word(&case, "series")).filter(|_| options_of["initial"].is_null()) else { continue };
        let damped = options_of["damped"].as_bool() == Some(true);
        let model = match (word(&case, "method"), options_of["seasonal"].as_str(), damped) {
            ("ses", ..) => "ses".to_owned(),
            ("holt", _, false) => "holt".to_owned(),
            ("holt", _, true) => "holt-damped".to_owned(),
            (_, Some(kind), false) => format!("holt-winters({kind})"),
            (_, Some("additive"), true) => "ets(a,ad,a)".to_owned(),
            _ => "ets(m,ad,m)".to_owned(),
        };
        let name = format!("{} {model}", word(&case, "series"));
        let found = run(&model, &y, season(&case), &options(12)).unwrap();
        let (loglik, theirs) = (parameter(&found, "loglik"), number(&case, "loglik"));
        // R's multiplicative Holt–Winters has multiplicative errors, ours additive ones: likelihoods of two models.
        if model == "holt-winters(multiplicative)" {
            continue;
        }
        faults.unless(loglik >= theirs - 1e-2, || format!("{name}: {loglik}, R {theirs}"));
        if (loglik - theirs).abs() < 0.02 {
            same += 1;
            for (h, theirs) in numbers(&case["mean"]).into_iter().enumerate() {
                faults.close(&format!("{name} step {}", h + 1), (found.mean[h], theirs), 5e-3, 1e-9);
            }
        }
    }
    // Two of them need no shared data.
    faults.unless(same >= 2, || format!("only {same} on the same top"));
    faults.finish();
}

#[test]
fn croston_agrees_with_r() {
    let mut faults = Faults::default();
    for case in cases(include_str!("../../golden/croston.json")) {
        let (demand, alpha) = (numbers(&case["demand"]), number(&case, "alpha"));
        let what = format!("{} {alpha}", word(&case, "name"));
        if word(&case, "name") == ONE_DEMAND {
            faults.unless(run(&format!("croston({alpha})"), &demand, 1, &options(1)).is_err(), || what);
            continue;
        }
        let croston = number(&case, "croston");
        faults.close(&what, (fitted(&format!("croston({alpha})"), &demand, 1, 1).mean[0], croston), 1e-6, 1e-9);
        let sba = croston * (1.0 - 0.5 * alpha);
        faults.close(&what, (fitted(&format!("sba({alpha})"), &demand, 1, 1).mean[0], sba), 1e-6, 1e-9);
    }
    faults.finish();
}

#[test]
fn the_intermittent_family_agrees_with_statsforecast() {
    let mut faults = Faults::default();
    for case in cases(include_str!("../../golden/intermittent.json")) {
        let demand = numbers(&case["demand"]);
        if word(&case, "name") == ONE_DEMAND {
            continue;
        }
        for (model, key) in [
            ("croston(0.1)", "croston_classic"),
            ("sba(0.1)", "croston_sba"),
            ("tsb(0.1,0.1)", "tsb_0.1_0.1"),
            ("tsb(0.3,0.05)", "tsb_0.3_0.05"),
        ] {
            let found = fitted(model, &demand, 1, 1).mean[0];
            faults.close(&format!("{} {model}", word(&case, "name")), (found, number(&case, key)), 1e-6, 1e-9);
        }
    }
    faults.finish();
}
