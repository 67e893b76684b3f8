//! The automatic order against R's `auto.arima` (tests/golden/README.md).

use super::golden::{Faults, cases, classic, number, run, season, word};
use super::{options, parameter};
use planwright::model::Forecast;
use serde_json::Value;

/// Criteria that differ by less are the same.
const SAME: f64 = 0.01;

/// d and D of the order that a forecast explains.
fn differences(found: &Forecast) -> (u64, u64) {
    let order = found.why.en.strip_prefix("ARIMA").unwrap().split(' ').next().unwrap();
    let second = |triple: &str| triple.trim_start_matches('(').split(',').nth(1).unwrap().parse().unwrap();
    let mut triples = order.split(')');
    let plain = second(triples.next().unwrap());
    (plain, triples.next().filter(|rest| rest.starts_with('(')).map_or(0, second))
}

fn theirs(case: &Value) -> (u64, u64) {
    (case["order"][1].as_u64().unwrap(), case["seasonal"][1].as_u64().unwrap())
}

fn check(search: &str, name: &str) -> usize {
    let mut faults = Faults::default();
    let mut compared = 0;
    for case in cases(include_str!("../../golden/arima-auto.json")) {
        let Some(y) = classic(word(&case, "series")).filter(|_| word(&case, "search") == search) else { continue };
        let model = if case["lambda"].is_null() { name.to_owned() } else { format!("{name}+log") };
        let found = match run(&model, &y, season(&case), &options(12)) {
            Ok(found) => found,
            Err(reason) => {
                faults.unless(false, || format!("{}: {reason}", word(&case, "series")));
                continue;
            }
        };
        let (aicc, reference) = (parameter(&found, "aicc"), number(&case, "aicc"));
        if search == "full" {
            let stepwise = parameter(&run("arima", &y, season(&case), &options(1)).unwrap(), "aicc");
            faults.unless(aicc <= stepwise, || format!("{}: {aicc}, stepwise {stepwise}", word(&case, "series")));
        }
        // The tests for differences agree on every one of these series; criteria compare on the same differences only.
        compared += 1;
        let (ours, rs) = (differences(&found), theirs(&case));
        faults.unless(ours == rs, || format!("{} {model}: d, D {ours:?}, R {rs:?}", word(&case, "series")));
        faults.unless(aicc <= reference + SAME, || {
            format!("{} {model}: {aicc}, R {reference}: {}", word(&case, "series"), found.why.en)
        });
    }
    faults.finish();
    compared
}

#[test]
fn stepwise_reaches_rs_criterion() {
    assert!(check("stepwise", "arima") >= 15);
}

#[test]
fn the_full_search_reaches_rs_criterion_and_is_no_worse_than_stepwise() {
    assert!(check("full", "arima(full)") >= 11);
}
