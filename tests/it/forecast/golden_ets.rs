//! Exponential smoothing in every form against R's `ets` (tests/golden/README.md).

use super::golden::{Faults, cases, classic, number, numbers, run, season, word};
use super::{options, parameter};

/// R's convention and ours drop the same constants; R's search stops early in places, so ours may be higher.
const LOGLIK: f64 = 1e-2;
/// So close in likelihood, two searches stand on the same top.
const SAME_TOP: f64 = 0.05;
/// Forecasts, relative.
const FORECAST: f64 = 2e-3;
/// R's means of (M,N|A|Ad,M) are exact expectations, ours the recursion run without errors, lower by up to this.
const EXPECTATION: f64 = 8e-3;
/// Criteria that differ by less are the same.
const SAME: f64 = 0.01;
/// Cases on R's own top, of 66, that forecasts can be compared on: elsewhere ours is the likelier.
const COMPARED: usize = 7;

/// `ETS(M,Ad,M)` as a model's name.
fn model(form: &str) -> String {
    form.to_lowercase()
}

fn exact_in_r(form: &str) -> bool {
    ["ETS(M,N,M)", "ETS(M,A,M)", "ETS(M,Ad,M)"].contains(&form)
}

#[test]
fn given_forms_are_at_least_as_likely_as_rs_and_forecast_alike() {
    let mut faults = Faults::default();
    let mut same = 0;
    for case in cases(include_str!("../../golden/ets-fixed.json")) {
        let Some(y) = classic(word(&case, "series")) else { continue };
        let name = format!("{} {}", word(&case, "series"), word(&case, "form"));
        let found = match run(&model(word(&case, "form")), &y, season(&case), &options(12)) {
            Ok(found) => found,
            Err(reason) => {
                faults.unless(false, || format!("{name}: {reason}"));
                continue;
            }
        };
        let (loglik, theirs) = (parameter(&found, "loglik"), number(&case, "loglik"));
        faults.unless(loglik >= theirs - LOGLIK, || format!("{name}: loglik {loglik}, R {theirs}"));
        // The criteria follow from the likelihood and R's count of parameters.
        let (k, n) = (number(&case, "k"), y.len() as f64);
        let aic = 2.0 * k - 2.0 * loglik;
        faults.close(&format!("{name} aic"), (parameter(&found, "aic"), aic), 1e-9, 1.0);
        let aicc = aic + 2.0 * k * (k + 1.0) / (n - k - 1.0);
        faults.close(&format!("{name} aicc"), (parameter(&found, "aicc"), aicc), 1e-9, 1.0);
        faults.close(&format!("{name} bic"), (parameter(&found, "bic"), k * n.ln() - 2.0 * loglik), 1e-9, 1.0);
        if (loglik - theirs).abs() < SAME_TOP {
            same += 1;
            let sound = number(&case, "mean_steps_sound") as usize;
            for (h, theirs) in numbers(&case["mean"]).into_iter().enumerate().take(sound) {
                let tolerance = if exact_in_r(word(&case, "form")) { EXPECTATION } else { FORECAST };
                faults.close(&format!("{name} step {}", h + 1), (found.mean[h], theirs), tolerance, 1e-9);
            }
        }
    }
    faults.unless(same >= COMPARED || classic("BJsales").is_none(), || format!("only {same} cases compared"));
    faults.finish();
}

#[test]
fn automatic_forms_reach_rs_criterion() {
    let mut faults = Faults::default();
    for case in cases(include_str!("../../golden/ets-auto.json")) {
        let Some(y) = classic(word(&case, "series")) else { continue };
        // Multiplicative trends aren't among the fifteen forms that compete.
        if [",M,", ",Md,"].iter().any(|trend| word(&case, "form").contains(trend)) {
            continue;
        }
        let name = format!("{} {}", word(&case, "series"), word(&case, "form"));
        for model in ["ets(z,z,z)", "ets"] {
            match run(model, &y, season(&case), &options(12)) {
                Ok(found) => {
                    let (aicc, theirs) = (parameter(&found, "aicc"), number(&case, "aicc"));
                    faults.unless(aicc <= theirs + SAME, || format!("{name}: {model} {aicc}, R {theirs}"));
                }
                Err(reason) => faults.unless(false, || format!("{name} {model}: {reason}")),
            }
        }
    }
    faults.finish();
}
