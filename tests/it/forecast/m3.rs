//! The M3 competition's published errors (Makridakis & Hibon 2000, *The M3-Competition*, Int. J. Forecasting 16, tables
//! on yearly and quarterly data): mean sMAPE over all horizons of Naive 2, Single, Holt, Dampen and Theta. Programs differ in
//! starting values and in the search for parameters, hence the tolerances. Runs where the data is.

use super::fitted;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Values = BTreeMap<String, Vec<f64>>;

fn read(folder: &Path, name: &str) -> Option<Values> {
    let text = fs::read_to_string(folder.join(name)).ok()?;
    let mut found = Values::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let (id, value) = (fields.next()?, fields.nth(1)?);
        found.entry(id.to_owned()).or_default().push(value.trim().parse().ok()?);
    }
    Some(found)
}

/// Mean sMAPE of a model over the series of a period, or `None` without the data.
fn smape(period: &str, season: usize, model: &str) -> Option<f64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/m3");
    let (train, test) = (read(&folder, "train.csv")?, read(&folder, "test.csv")?);
    let meta = fs::read_to_string(folder.join("meta.csv")).ok()?;
    let ids = meta.lines().filter(|l| l.split(',').nth(1) == Some(period)).filter_map(|l| l.split(',').next());
    let (mut sum, mut count) = (0.0, 0);
    for id in ids {
        let actual = &test[id];
        let forecast = fitted(model, &train[id], season, actual.len());
        for (a, f) in actual.iter().zip(&forecast.mean) {
            sum += 200.0 * (a - f).abs() / (a.abs() + f.abs());
            count += 1;
        }
    }
    Some(sum / f64::from(count))
}

fn check(period: &str, season: usize, model: &str, published: f64, tolerance: f64) {
    if let Some(found) = smape(period, season, model) {
        assert!((found - published).abs() < tolerance, "{period} {model}: sMAPE {found}, published {published}");
    }
}

#[test]
fn yearly() {
    check("YEARLY", 1, "naive", 17.88, 0.01);
    check("YEARLY", 1, "ses", 17.82, 0.1);
    check("YEARLY", 1, "holt-damped", 17.07, 0.3);
    check("YEARLY", 1, "theta-standard", 16.90, 0.2);
    check("YEARLY", 1, "holt", 19.27, 0.35);
}

#[test]
fn quarterly() {
    check("QUARTERLY", 4, "theta-standard", 8.96, 0.3);
}
