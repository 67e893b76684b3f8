//! What the tests against `tests/golden` share: its cases and the series they name.

use planwright::control::Control;
use planwright::forecast::{Options, fit};
use planwright::model::Forecast;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The cases of one golden file.
pub(crate) fn cases(file: &str) -> Vec<Value> {
    let Value::Object(mut all) = serde_json::from_str(file).unwrap() else { panic!("an object of cases") };
    let Some(Value::Array(cases)) = all.remove("cases") else { panic!("a list of cases") };
    cases
}

/// A classic series by its name: from the lines kept beside the golden files, else from the folder of classics. `None`
/// where that folder isn't.
pub(crate) fn classic(name: &str) -> Option<Vec<f64>> {
    let kept = include_str!("../../golden/arima-series.csv");
    let line = kept.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    if let Some(line) = line {
        return Some(line.split(',').map(|v| v.parse().unwrap()).collect());
    }
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let mut files = above.map(|folder| folder.join("shared/data/classic").join(format!("{name}.csv")));
    let text = files.find_map(|file| fs::read_to_string(file).ok())?;
    Some(text.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect())
}

/// The forecast of a case, or why there is none.
pub(crate) fn run(model: &str, values: &[f64], season: usize, options: &Options) -> Result<Forecast, String> {
    fit(model, &super::series(values, season), options, &Control::silent()).map_err(|fault| fault.to_string())
}

/// A number of a case; NaN for `null`.
pub(crate) fn number(case: &Value, key: &str) -> f64 {
    case[key].as_f64().unwrap_or(f64::NAN)
}

/// A word of a case.
pub(crate) fn word<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap()
}

/// A list of numbers; empty for `null`.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|list| list.iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()).unwrap_or_default()
}

/// The season of a case; fractions of a season and seasons that R leaves out count as none.
pub(crate) fn season(case: &Value) -> usize {
    let season = number(case, "season");
    if season.fract() == 0.0 && season <= 24.0 { season as usize } else { 1 }
}

/// Findings against a golden file, all told together.
#[derive(Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// Notes a fault unless `holds`.
    pub(crate) fn unless(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }

    /// Notes a fault when two numbers differ by more than a share of the expected one (absolute below `floor`).
    pub(crate) fn close(&mut self, what: &str, (found, expected): (f64, f64), tolerance: f64, floor: f64) {
        let error = (found - expected).abs() / expected.abs().max(floor);
        self.unless(error <= tolerance, || format!("{what}: found {found}, expected {expected}, off by {error:.2e}"));
    }

    /// Fails with all of them.
    #[track_caller]
    pub(crate) fn finish(self) {
        assert!(self.0.is_empty(), "{} faults:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn series_are_read_from_both_places() {
    assert_eq!(classic("AirPassengers").unwrap(), super::AIR_PASSENGERS);
    assert_eq!(classic("lh").unwrap()[..3], [2.4, 2.4, 2.4]);
    assert!(classic("BJsales").is_none_or(|y| y.len() == 150 && (y[0] - 200.1).abs() < 1e-12));
    assert!(classic("no-such-series").is_none());
}
