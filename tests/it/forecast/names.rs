//! Models by name.

use super::{options, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, Models, fit, models, parse_models};

fn check(list: &str, expected: &[&str]) {
    let Models::Named(names) = parse_models(list).unwrap() else { panic!("{list} is not automatic") };
    assert_eq!(names.iter().map(|n| &**n).collect::<Vec<_>>(), expected, "{list}");
}

#[test]
fn spellings() {
    for list in ["auto", " Auto ", "", ",", "auto, AUTO"] {
        assert_eq!(parse_models(list).unwrap(), Models::Auto, "{list:?}");
    }
    check("naive,ses", &["naive", "ses"]);
    check("Auto, hybrid", &["auto", "hybrid"]);
    check(" SNaive , ma, HW ;damped", &["seasonal-naive", "moving-average", "holt-winters", "holt-damped"]);
    check("holt_winters,Holt Winters,Holt–Winters", &["holt-winters"]);
    check("tsb(0.1, 0.2),naive", &["tsb(0.1,0.2)", "naive"]);
    check("移动平均", &["moving-average"]);
    check("ses（0.3），naive", &["ses(0.3)", "naive"]);
    check("ARIMA (0,1,1) + Log, Auto ARIMA + BoxCox", &["arima(0,1,1)+log", "arima+boxcox"]);
    check("arima（full）＋boxcox＝-0.5", &["arima(full)+boxcox=-0.5"]);
}

#[test]
fn every_listed_model_can_be_named() {
    let known = models();
    assert_eq!(known[0].name, "naive");
    for info in &known {
        check(info.name, &[info.name]);
        assert!(!info.label.en.is_empty() && !info.label.zh.is_empty());
    }
}

#[test]
fn unknown_names_are_told_what_is_known() {
    for list in ["narive", "ses,prophet", "auto,narive", "ses(2)", "ses(x)", "holt(0.1,0.5)", "tsb(0.1)", "ses(", "((("]
    {
        let fault = parse_models(list).unwrap_err();
        assert_eq!(fault.code, "unknown-model", "{list}");
        assert!(fault.hint.en.contains("naive, seasonal-naive") && fault.hint.zh.contains("holt-winters"), "{list}");
    }
    let many = (1..=65).map(|k| format!("ma({k})")).collect::<Vec<_>>().join(",");
    assert_eq!(parse_models(&many).unwrap_err().code, "too-many-models");
    let found = fit("prophet", &series(&[1.0, 2.0], 1), &options(1), &Control::silent());
    assert!(matches!(found, Err(ForecastError::Unknown(_))));
}
