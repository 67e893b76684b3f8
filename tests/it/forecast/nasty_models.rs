//! Every model on every kind of history: a sound answer, or a refusal that says what is wrong with the history.
//!
//! "Numerically unstable" is the last net under a model, for numbers that nobody foresaw. On histories of workable size no
//! model may need it: each either copes with the history or knows why it doesn't.

use super::histories::{KINDS, Kind, history, noise, shape};
use super::{of_all_series, options, series};
use planwright::control::Control;
use planwright::forecast::{ForecastError, LstmOptions, Options, fit, models};
use planwright::model::{DriverValues, Drivers, Forecast, SeriesId};
use proptest::prelude::*;
use rayon::prelude::*;
use std::sync::Arc;

/// Names with what is given in brackets or after a plus.
const GIVEN: &[&str] = &[
    "moving-average(3)",
    "ses(0.3)",
    "ses(1)",
    "holt(0.3,0.1)",
    "holt-damped(0.3,0.1,0.9)",
    "holt-winters(additive)",
    "holt-winters(multiplicative)",
    "holt-winters(additive,0.3,0.1,0.2)",
    "croston(0.1)",
    "sba(1)",
    "tsb(0.1,0.2)",
    "ets(z,z,z)",
    "ets(a,n,n)",
    "ets(a,a,m)",
    "ets(a,m,a)",
    "ets(m,n,n)",
    "ets(m,ad,m)",
    "ets(m,m,m)",
    "ets(m,md,a)",
    "ets(a,md,m)",
    "arima(0,1,1)",
    "arima(3,0,2)",
    "arima(1,0,1)+zero",
    "arima(1,1,0)+drift",
    "arima(0,1,1)(0,1,1)[4]",
    "arima(1,0,0)(1,0,0)[2]",
    "arima(0,2,2)",
    "arima(1,0,0)+log",
    "arima(0,1,1)+boxcox",
    "arima(1,0,0)+boxcox=2",
    "arima(0,2,1)+boxcox=-1",
    "arima(0,1,1)(0,1,1)[4]+log",
    "arima+log",
    "arima+boxcox",
    "combination(naive,ses,arima(0,1,1))",
    "combination-weighted(ets(a,n,n),theta-standard,croston)",
];

/// Models that search: they get shorter histories here, since a debug build takes its time.
const SEARCHING: &[&str] = &["arima", "arima+log", "arima+boxcox", "combination", "lstm", "ets(z,z,z)"];

const HORIZON: usize = 6;
const PATHS: usize = 12;
const LEVELS: [f64; 5] = [10.0, 50.0, 80.0, 95.0, 99.9];
/// Searches end where their steps no longer pay, which rounding moves a little.
const UNIT_TOLERANCE: f64 = 1e-3;
/// Each of their paths is of one member, and a weight moved a little hands a path to the next.
const MIXTURES: &[&str] = &["ets", "arima"];
/// Their paths stay whole where demand is whole, and wholeness has a unit.
const WHOLE: &[&str] =
    &["croston", "sba", "tsb", "discounted-mean", "adida", "imapa", "willemain", "intermittent-combination"];
const LENGTH: usize = 26;
const SHORT: usize = 14;

/// Every model of one series; networks over all series are `global`'s matter.
fn every_model() -> Vec<&'static str> {
    let single = |name: &&str| !of_all_series(name);
    models().into_iter().map(|m| m.name).filter(single).chain(GIVEN.iter().copied()).collect()
}

fn searches(model: &str) -> bool {
    SEARCHING.contains(&model) || model.starts_with("combination")
}

fn small() -> Options {
    let mut options = options(HORIZON);
    options.paths = PATHS;
    options.levels = LEVELS.to_vec();
    options.lstm = LstmOptions { window: 3, units: vec![3], epochs: 2, ..LstmOptions::default() };
    options
}

/// Sizes beyond which a model may end up with numbers that nobody can help.
fn is_workable(values: &[f64]) -> bool {
    values.iter().all(|v| v.is_nan() || *v == 0.0 || (1e-100..=1e29).contains(&v.abs()))
}

/// What is wrong with an answer; `None` when nothing is.
fn fault(found: &Forecast, values: &[f64]) -> Option<&'static str> {
    let bounds = || found.intervals.iter().flat_map(|i| i.lower.iter().chain(&i.upper));
    let numbers =
        found.mean.iter().chain(&found.fitted).chain(bounds()).chain(found.parameters.iter().map(|p| &p.value));
    let floor = if values.iter().any(|v| *v < 0.0) { f64::NEG_INFINITY } else { 0.0 };
    let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let ordered = |lower: &[f64], upper: &[f64]| lower.iter().zip(upper).all(|(low, high)| low <= high);
    let levels: Vec<f64> = found.intervals.iter().map(|i| i.level).collect();
    let checks = [
        ("a number isn't finite", numbers.into_iter().all(|v| v.is_finite())),
        ("a path isn't finite", found.paths.values().iter().all(|v| v.is_finite())),
        ("the mean isn't as long as the horizon", found.mean.len() == HORIZON),
        ("paths of another shape", found.paths.steps() == HORIZON && found.paths.len() == PATHS),
        ("more fitted values than periods", found.fitted.len() <= values.len()),
        ("other levels than asked for", levels == LEVELS),
        ("bounds of another length", bounds().count() == 2 * LEVELS.len() * HORIZON),
        ("a lower bound above its upper one", found.intervals.iter().all(|i| ordered(&i.lower, &i.upper))),
        (
            "intervals that aren't nested",
            found.intervals.windows(2).all(|w| ordered(&w[1].lower, &w[0].lower) && ordered(&w[0].upper, &w[1].upper)),
        ),
        (
            "negative demand where there never was any",
            found.mean.iter().chain(bounds()).all(|v| *v >= floor)
                && found.paths.values().iter().all(|v| f64::from(*v) >= floor),
        ),
        (
            "growth that runs away",
            !found.model.starts_with("ets") || found.mean.iter().all(|v| v.abs() <= 1e9 * largest),
        ),
        ("no reason", !found.why.en.is_empty() && !found.why.zh.is_empty()),
    ];
    checks.into_iter().find(|(_, holds)| !holds).map(|(fault, _)| fault)
}

/// Whether a model answered, and how it answered wrongly.
fn trial(model: &str, values: &[f64], season: usize, options: &Options) -> Result<bool, String> {
    let run = || fit(model, &series(values, season), options, &Control::silent());
    let what = |fault: &str| format!("{model}, season {season}, {values:?}: {fault}");
    let found = run();
    match (&found, &run()) {
        (Ok(first), Ok(second)) if format!("{first:?}") == format!("{second:?}") => {}
        (Err(first), Err(second)) if first == second => {}
        (first, second) => return Err(what(&format!("two answers to one question: {first:?} and {second:?}"))),
    }
    match found {
        Ok(found) => fault(&found, values).map_or(Ok(true), |fault| Err(what(&format!("{fault}: {found:?}")))),
        Err(ForecastError::Refused(reason)) if reason.en.is_empty() || reason.zh.is_empty() => Err(what("no words")),
        Err(ForecastError::Refused(reason)) if is_workable(values) && reason.en.contains("numerically unstable") => {
            Err(what(&reason.en))
        }
        Err(ForecastError::Refused(_)) => Ok(false),
        Err(other) => Err(what(&other.to_string())),
    }
}

/// Runs all, tells all that is wrong, and returns how many were answered.
#[track_caller]
fn all_sound(cases: Vec<(&str, Vec<f64>, usize)>, options: &Options) -> usize {
    let results: Vec<Result<bool, String>> =
        cases.into_par_iter().map(|(model, values, season)| trial(model, &values, season, options)).collect();
    let faults: Vec<&String> = results.iter().filter_map(|r| r.as_ref().err()).collect();
    let told: Vec<String> = faults.iter().map(|f| f.chars().take(700).collect()).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), told.join("\n"));
    results.into_iter().filter(|r| *r == Ok(true)).count()
}

/// The history of a kind that suits the model's patience.
fn case(model: &'static str, kind: Kind, season: usize, length: usize) -> (&'static str, Vec<f64>, usize) {
    let length = if searches(model) { length.min(SHORT) } else { length };
    (model, history(kind, season, &noise(length)), season)
}

#[test]
fn every_model_takes_every_kind_of_history_or_refuses_it() {
    let mut cases = Vec::new();
    for (k, kind) in KINDS.iter().enumerate() {
        for model in every_model() {
            let seasons: &[usize] = if searches(model) { &[[4, 1][k % 2]] } else { &[1, 4, 12] };
            cases.extend(seasons.iter().map(|season| case(model, *kind, *season, LENGTH)));
        }
    }
    cases.extend(KINDS.iter().step_by(4).map(|kind| case("arima(full)", *kind, 1, SHORT)));
    let count = cases.len();
    let answered = all_sound(cases, &small());
    // Refusing everything would be sound, too.
    assert!(2 * answered > count, "{answered} of {count} answered");
}

#[test]
fn demand_of_the_smallest_numbers_there_are() {
    let (none, least) = ([0.0; 18], f64::from_bits(3));
    let values: Vec<f64> = none.into_iter().chain([least, least]).collect();
    let cases = WHOLE.iter().chain(&["tsb(0.1,0.2)", "ses"]).map(|model| (*model, values.clone(), 1)).collect();
    all_sound(cases, &small());
}

#[test]
fn a_mean_beyond_every_number_is_refused_in_words() {
    let rise = [1e-20, 1e-20, 1e-20, 1e-20, 1e19, 1e7, 1e-20, 1e-20, 1e-20, 1e-20, 1e-20, 1e-20];
    let values: Vec<f64> = rise.into_iter().chain((0..6).map(|k| 52.4 + 0.2 * f64::from(k))).collect();
    let refused = fit("arima(0,1,1)(0,1,1)[4]+log", &series(&values, 1), &small(), &Control::silent());
    let Err(ForecastError::Refused(reason)) = refused else { panic!("{refused:?}") };
    assert!(reason.en.contains("without a transformation"), "{}", reason.en);
}

#[test]
fn lengths_around_every_threshold() {
    let mut cases = Vec::new();
    let plain = ["plain", "zero", "lumpy", "season, exact", "line"];
    for kind in KINDS.iter().filter(|(name, _)| plain.contains(name)) {
        for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] {
            for model in every_model().into_iter().filter(|model| length < 9 || !searches(model)) {
                cases.extend([1, 4, 7].map(|season| case(model, *kind, season, length)));
            }
        }
    }
    all_sound(cases, &small());
}

#[test]
fn every_model_answers_an_ordinary_history() {
    // Whole numbers, so that count models take it; above zero, so that logarithms do.
    let values = history(("", |at| (1.0 + 9.0 * at.u + shape(at)).round()), 4, &noise(32));
    // Without drivers a regression has nothing to regress on.
    let models: Vec<&str> = every_model().into_iter().filter(|m| *m != "regression").collect();
    let cases: Vec<_> = models.iter().map(|model| (*model, values.clone(), 4)).collect();
    assert_eq!(all_sound(cases, &small()), models.len());
}

/// The forecast of one history in other units is the same in those units: no threshold of the engine is absolute. Powers of
/// two change no digit.
#[test]
fn units_do_not_matter() {
    let kinds = ["plain", "lumpy", "season with empty places", "about zero", "fading by half", "growing season"];
    // Counts, and powers but the first, aren't free of a unit.
    let free = |model: &&str| {
        let head = model.split(['(', '+']).next().unwrap_or(model);
        let counts =
            ["poisson", "negative-binomial", "zero-inflated-poisson", "hurdle-poisson", "hurdle-negative-binomial"];
        !counts.contains(&head) && !["count", "lstm", "regression"].contains(&head) && !model.contains("boxcox")
    };
    let cases: Vec<_> = KINDS
        .iter()
        .filter(|(name, _)| kinds.contains(name))
        .flat_map(|kind| every_model().into_iter().filter(free).map(|model| case(model, *kind, 4, LENGTH)))
        .collect();
    let faults: Vec<String> = cases
        .into_par_iter()
        .flat_map_iter(|(model, values, season)| {
            let answer = |scale: f64| {
                let scaled: Vec<f64> = values.iter().map(|v| v * scale).collect();
                fit(model, &series(&scaled, season), &small(), &Control::silent()).ok()
            };
            let plain = answer(1.0);
            let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let differs = move |scale: f64| {
                let scaled = answer(scale);
                let bounded = !MIXTURES.contains(&model) && !WHOLE.contains(&model.split('(').next().unwrap_or(model));
                let numbers = |found: &Forecast, scale: f64| -> Vec<f64> {
                    let upper = found.intervals.iter().filter(|_| bounded).flat_map(|i| i.upper.clone());
                    found.mean.iter().copied().chain(upper).map(|v| v / scale).collect()
                };
                let same = match (&plain, &scaled) {
                    (Some(a), Some(b)) => numbers(a, 1.0)
                        .iter()
                        .zip(numbers(b, scale))
                        .all(|(a, b)| (a - b).abs() <= UNIT_TOLERANCE * (a.abs() + largest)),
                    (None, None) => true,
                    _ => false,
                };
                let mean = |found: &Option<Forecast>| found.as_ref().map(|f| f.mean.clone());
                (!same).then(|| format!("{model} × {scale:e}: {:?} became {:?}", mean(&plain), mean(&scaled)))
            };
            [2.0_f64.powi(40), 2.0_f64.powi(-40)].into_iter().filter_map(differs).collect::<Vec<_>>()
        })
        .collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// What a driver states for a period.
type Stated = fn(usize) -> Option<f64>;

#[test]
fn drivers_of_every_kind() {
    let start = series(&[0.0], 4).start;
    let driver = |name: &str, value: Stated| DriverValues {
        name: name.into(),
        scope: SeriesId::new("", ""),
        start,
        values: (0..LENGTH + HORIZON).map(value).collect(),
    };
    let kinds: [(&str, Stated); 8] = [
        ("constant", |_| Some(3.0)),
        ("promotion", |t| Some(f64::from(u8::from(t % 6 == 2)))),
        ("line", |t| Some(t as f64)),
        ("huge", |t| Some(1e300 * (t % 3) as f64)),
        ("tiny", |t| Some(1e-300 * (t % 3) as f64)),
        ("once", |t| Some(f64::from(u8::from(t == 5)))),
        ("only ahead", |t| Some(f64::from(u8::from(t >= LENGTH)))),
        ("gaps", |t| (t % 5 != 1).then_some((t % 4) as f64)),
    ];
    let sets = [vec![0], vec![1], vec![1, 1, 2], vec![3], vec![4], vec![5, 6], vec![7], (0..8).collect()];
    let mut answered = 0;
    for set in sets {
        let values = set.iter().enumerate().map(|(k, of)| driver(&format!("{k} {}", kinds[*of].0), kinds[*of].1));
        let options =
            Options { drivers: Arc::new(Drivers { values: values.collect(), ..Drivers::default() }), ..small() };
        let models = ["regression", "arima(0,1,1)", "arima(1,0,0)+log", "ses"];
        let cases = KINDS.iter().flat_map(|kind| models.map(|m| (m, history(*kind, 4, &noise(LENGTH)), 4)));
        let searched = KINDS.iter().step_by(3).map(|kind| ("arima", history(*kind, 4, &noise(SHORT)), 4));
        answered += all_sound(cases.chain(searched).collect(), &options);
    }
    assert!(answered > 1000, "{answered}");
}

#[test]
fn twenty_thousand_points() {
    let noise = noise(20_000);
    let kinds = ["plain", "lumpy", "huge level, tiny noise"];
    let linear = [
        "naive",
        "seasonal-naive",
        "drift",
        "moving-average(3)",
        "ses(0.3)",
        "croston",
        "sba",
        "tsb(0.1,0.1)",
        "discounted-mean",
        "adida",
        "theta-standard",
        "ets(a,n,n)",
        "arima(0,1,1)",
        "arima(1,0,0)+log",
    ];
    let of = |kind: &Kind| linear.map(|model| (model, history(*kind, 7, &noise), 7));
    all_sound(KINDS.iter().filter(|(name, _)| kinds.contains(name)).flat_map(of).collect(), &small());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_model_on_any_history(
        kind in prop::sample::select(KINDS),
        other in prop::sample::select(KINDS),
        cut in 0..40_usize,
        model in prop::sample::select(every_model().into_iter().filter(|m| *m != "lstm").collect::<Vec<_>>()),
        noise in prop::collection::vec(0.0..1.0, 1..40),
        season in prop::sample::select(vec![1_usize, 4, 7, 12]),
    ) {
        let noise = if searches(model) { &noise[..noise.len().min(SHORT)] } else { &noise };
        // Begins as one kind and goes on as another.
        let mut values = history(kind, season, noise);
        let cut = cut.min(values.len());
        values[cut..].copy_from_slice(&history(other, season, noise)[cut..]);
        let result = trial(model, &values, season, &small());
        prop_assert!(result.is_ok(), "{}", result.unwrap_err());
    }
}
