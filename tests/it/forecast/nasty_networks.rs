//! Networks over all series on nasty panels: a sound answer or a sentence, the same each time, and nothing of the future.

use super::global::{named, panel, run, taking_turns};
use planwright::control::Control;
use planwright::forecast::{Each, NetworkOptions, Options, Precision, forecast_each, networks};
use planwright::model::{DriverValues, Drivers, Forecast, Period, SeriesForecast, SeriesId};
use std::sync::Arc;

const KINDS: &str = "hybrid,global-lstm,global-mlp,global-tcn,global-counts";
const MONTHS: usize = 36;

fn small() -> Options {
    let mut options = named(KINDS);
    options.paths = 20;
    options.neural = NetworkOptions { window: 5, units: vec![3], epochs: 2, ..options.neural };
    options
}

/// So many histories, each value made from its series and period.
fn all(count: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..count).map(|k| (0..MONTHS).map(|t| value(k, t)).collect()).collect()
}

/// Even noise in `[0, 1)`.
fn noise(k: usize, t: usize) -> f64 {
    (0.618_033_988_75 * (k * 97 + t + 1) as f64).fract()
}

/// What is wrong with an answer; `None` when nothing is.
fn fault(found: &Forecast) -> Option<&'static str> {
    let [narrow, wide] = &found.intervals[..] else { return Some("not 80 and 95 %") };
    let ordered = |a: &[f64], b: &[f64]| a.len() == 3 && b.len() == 3 && a.iter().zip(b).all(|(a, b)| a <= b);
    let bounds = [&narrow.lower, &narrow.upper, &wide.lower, &wide.upper];
    let checks = [
        ("a number isn't finite", found.mean.iter().chain(bounds.into_iter().flatten()).all(|v| v.is_finite())),
        ("a path isn't finite", found.paths.values().iter().all(|v| v.is_finite())),
        ("the mean isn't as long as the horizon", found.mean.len() == 3),
        ("paths of another shape", found.paths.steps() == 3 && found.paths.len() == 20),
        ("a lower bound above its upper one", ordered(&narrow.lower, &narrow.upper)),
        ("not nested", ordered(&wide.lower, &narrow.lower) && ordered(&narrow.upper, &wide.upper)),
        ("no reason", !found.why.en.is_empty() && !found.why.zh.is_empty() && !found.why.en.contains("NaN")),
    ];
    checks.into_iter().find(|(_, holds)| !holds).map(|(fault, _)| fault)
}

/// Every kind gave every series a sound answer or a sentence; how many answers each kind gave.
fn answers(name: &str, found: &[SeriesForecast]) -> Vec<usize> {
    let of = |model: &str| {
        let answered = |f: &&SeriesForecast| {
            if let Some(candidate) = f.candidates.iter().find(|c| &*c.model == model) {
                let fault = fault(candidate);
                assert!(fault.is_none(), "{model} on {name}, {}: {}: {candidate:?}", f.id, fault.unwrap_or_default());
                return true;
            }
            let score = f.scores.iter().find(|s| &*s.model == model);
            let told = score.is_some_and(|s| !s.note.en.is_empty() && !s.note.zh.is_empty());
            assert!(told, "{model} on {name}, {}: neither answer nor sentence: {score:?}", f.id);
            false
        };
        found.iter().filter(answered).count()
    };
    KINDS.split(',').map(of).collect()
}

#[test]
fn the_kinds_are_all_there_are() {
    let mut all: Vec<&str> = networks().into_iter().map(|n| n.name).collect();
    let mut known: Vec<&str> = KINDS.split(',').collect();
    all.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, all);
}

#[test]
fn panels_of_one_nature() {
    // With how many of the kinds answer: counts are told apart from amounts of no pieces, and of more than can be counted.
    let panels: [(&str, Vec<Vec<f64>>, usize); 7] = [
        ("92 % zeros", all(12, |k, t| if (t * 7 + k * 3) % 25 < 2 { 1.0 + (t % 3) as f64 } else { 0.0 }), 5),
        ("nothing but zeros", all(6, |_, _| 0.0), 0),
        ("constant", all(6, |k, _| 5.0 + k as f64), 5),
        ("huge", all(6, |k, t| 1e12 * (1.0 + noise(k, t))), 4),
        ("tiny", all(6, |k, t| 1e-12 * (1.0 + noise(k, t))), 4),
        ("with returns", all(6, |k, t| 20.0 * noise(k, t) - 8.0), 5),
        ("nothing but returns", all(6, |k, t| -1.0 - noise(k, t)), 4),
    ];
    for (name, histories, kinds) in panels {
        let found = run(&histories, &small());
        let count = answers(name, &found);
        for (k, count) in count.iter().enumerate() {
            assert_eq!(*count, if k < kinds { histories.len() } else { 0 }, "{name}, kind {k}");
        }
        // What never varied is forecast to stay.
        if name == "constant" {
            for (f, y) in found.iter().zip(&histories) {
                let hybrid = &f.candidates.iter().find(|c| &*c.model == "hybrid").unwrap().mean;
                assert!(hybrid.iter().all(|m| (m / y[0] - 1.0).abs() < 0.5), "{hybrid:?}, not {}", y[0]);
            }
        }
    }
}

#[test]
fn panels_of_all_lengths_and_of_one_series() {
    let long = |n: usize, level: f64| (0..n).map(|t| level * (1.0 + noise(n, t))).collect::<Vec<f64>>();
    let lengths = [1, 2, 3, 4, 7, 12, 25, 40, 90, 500];
    let mixed: Vec<Vec<f64>> = lengths.iter().map(|n| long(*n, 10.0)).collect();
    let count = answers("all lengths", &run(&mixed, &small()));
    assert!(count.iter().all(|c| (5..=8).contains(c)), "{count:?}");
    let count = answers("one series", &run(&[long(120, 10.0)], &small()));
    assert_eq!(count, [1; 5]);
    let count = answers("one short series", &run(&[long(20, 10.0)], &small()));
    assert_eq!(count, [0; 5]);
    // Every size at once: nobody's mishap is another's.
    let sizes = [1e-12, 1e-3, 1.0, 30.0, 1e6, 1e12].map(|level| long(MONTHS, level));
    let found = run(&sizes, &small());
    let count = answers("every size", &found);
    assert_eq!(count, [6, 6, 6, 6, 3]);
    for (f, y) in found.iter().zip(&sizes) {
        for c in &f.candidates {
            assert!(c.mean.iter().all(|m| *m < 100.0 * y[0]), "{}: {:?} beside {}", c.model, c.mean, y[0]);
        }
    }
}

/// What a driver states for a period.
type Stated = fn(usize) -> Option<f64>;

#[test]
fn drivers_of_every_size() {
    let start = Period::parse("2025-12").unwrap().plus(1 - MONTHS as i64);
    let kinds: [(&str, Stated); 7] = [
        ("constant", |_| Some(3.0)),
        ("huge", |t| Some(1e300 * (t % 3) as f64)),
        ("tiny", |t| Some(1e-300 * (1 + t % 3) as f64)),
        ("both signs", |t| Some(if t % 2 == 0 { 1e12 } else { -1e12 })),
        ("once", |t| Some(f64::from(u8::from(t == 5)))),
        ("only ahead", |t| Some(1e9 * f64::from(u8::from(t >= MONTHS)))),
        ("gaps", |t| (t % 5 != 1).then_some((t % 4) as f64)),
    ];
    let values = kinds.iter().map(|(name, value)| DriverValues {
        name: (*name).into(),
        scope: SeriesId::new("", ""),
        start,
        values: (0..MONTHS + 3).map(value).collect(),
    });
    let drivers = Drivers { values: values.collect(), ..Drivers::default() };
    let options = Options { drivers: Arc::new(drivers), ..small() };
    let count = answers("drivers", &run(&all(6, |k, t| 10.0 + 5.0 * noise(k, t)), &options));
    assert_eq!(count, [6; 5]);
}

/// The forecasts, and the file of the weights, as trained by so many threads.
fn trained(threads: usize, histories: &[Vec<f64>], options: &Options) -> (Vec<SeriesForecast>, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let networks = forecast_each(&panel(histories), options, Each::none(), &Control::silent()).unwrap();
        (run(histories, options), networks.to_bytes(Precision::Full).unwrap())
    })
}

#[test]
fn the_seed_fixes_every_byte_whatever_the_threads() {
    let histories = taking_turns(12, MONTHS);
    let mut options = small();
    // Several blocks of windows to a batch, of unequal length, and everything that draws numbers.
    options.neural = NetworkOptions { batch: 100, dropout: 0.1, augment: true, ..options.neural };
    options.neural.windows_per_epoch = 24 * 90;
    let (one, weights) = trained(1, &histories, &options);
    for threads in [1, 2, 3] {
        let (again, same) = trained(threads, &histories, &options);
        assert!(weights == same, "{threads} threads");
        assert!(one.iter().zip(&again).all(|(a, b)| a.candidates == b.candidates), "{threads} threads");
    }
    let (_, other) = trained(1, &histories, &Options { seed: 2, ..options });
    assert_ne!(weights, other);
}

#[test]
fn what_diverges_stops_and_the_others_stand() {
    let mut options = named("global-mlp,naive,ses");
    options.neural = NetworkOptions { learning_rate: 1.0, units: vec![12; 8], epochs: 3, ..options.neural };
    let found = run(&taking_turns(12, MONTHS), &options);
    for f in &found {
        let names: Vec<&str> = f.candidates.iter().map(|c| &*c.model).collect();
        assert!(names.contains(&"naive") && names.contains(&"ses") && !names.contains(&"global-mlp"), "{names:?}");
        let note = &f.scores.iter().find(|s| &*s.model == "global-mlp").unwrap().note;
        assert!(note.en.contains("stopped in epoch") && note.en.contains("learning rate 1 is too high"), "{note}");
        assert!(note.zh.contains("学习率 1"), "{note}");
        assert!(["naive", "ses"].contains(&&*f.best().model), "{}", f.best().model);
    }
    // The same network with a hundredth of the step learns.
    options.neural.learning_rate = 0.01;
    let found = run(&taking_turns(12, MONTHS), &options);
    assert!(found.iter().all(|f| f.candidates.iter().any(|c| &*c.model == "global-mlp")));
}

#[test]
fn no_kind_knows_what_came_after_an_origin() {
    let histories = taking_turns(10, MONTHS);
    let mut options = small();
    options.neural.augment = true;
    // Two folds of three months each: the last six are the oldest origin's future.
    let mut changed = histories.clone();
    for v in changed.iter_mut().flat_map(|y| &mut y[MONTHS - 6..]) {
        *v = 7.0 * *v + 1.0;
    }
    let oldest = |found: &[SeriesForecast], model: &str| {
        let of = |f: &SeriesForecast| {
            let cutoff = f.cutoffs.iter().min_by_key(|c| c.start).unwrap();
            cutoff.of(model).unwrap().mean.clone()
        };
        found.iter().map(of).collect::<Vec<_>>()
    };
    let (before, after) = (run(&histories, &options), run(&changed, &options));
    for model in KINDS.split(',') {
        assert_eq!(oldest(&before, model), oldest(&after, model), "{model}");
        let now = |f: &SeriesForecast| f.candidates.iter().find(|c| &*c.model == model).unwrap().mean.clone();
        assert_ne!(now(&before[0]), now(&after[0]), "{model}");
    }
}
