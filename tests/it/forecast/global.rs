//! Networks over all series: what they learn together, what they can't, and that they keep to what they may know.

use super::options;
use planwright::control::{Cancelled, Control};
use planwright::forecast::{Models, NetworkOptions, Options, fit, forecast};
use planwright::model::{Period, SalesPanel, Series, SeriesForecast, SeriesId};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const MONTHS: usize = 48;

/// Monthly demand in which a good month takes from the next: only a network over all series has enough of it to learn.
pub(super) fn taking_turns(count: usize, months: usize) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let of = |k: usize| {
        let level = 10.0 * f64::from(1 + u32::try_from(k % 9).unwrap());
        let mut last = 0.0;
        (0..months)
            .map(|_| {
                last = -0.9 * last + rng.random_range(-0.2..0.2);
                level * f64::exp(last)
            })
            .collect()
    };
    (0..count).map(of).collect()
}

pub(super) fn panel(histories: &[Vec<f64>]) -> SalesPanel {
    let end = Period::parse("2025-12").unwrap();
    let series = histories.iter().enumerate().map(|(k, y)| Series {
        id: SeriesId::new(format!("item {k:02}"), ""),
        start: end.plus(1 - y.len() as i64),
        values: y.clone().into(),
    });
    SalesPanel::new(end, series.collect()).unwrap()
}

pub(super) fn named(models: &str) -> Options {
    let mut options = options(3);
    options.models = Models::Named(models.split(',').map(Into::into).collect());
    (options.paths, options.folds) = (50, 2);
    let neural = NetworkOptions { window: 6, units: vec![6], epochs: 2, team: 1, batch: 64, ..options.neural };
    options.neural = NetworkOptions { augment: false, ..neural };
    options
}

pub(super) fn run(histories: &[Vec<f64>], options: &Options) -> Vec<SeriesForecast> {
    forecast(&panel(histories), options, &Control::silent()).unwrap()
}

#[test]
fn what_one_series_is_too_short_to_show_is_learnt_from_all() {
    let histories = taking_turns(24, MONTHS + 1);
    let known: Vec<Vec<f64>> = histories.iter().map(|y| y[..MONTHS].to_vec()).collect();
    let mut options = named("hybrid,global-lstm,ses");
    options.folds = 1;
    options.neural = NetworkOptions { window: 4, units: vec![8], epochs: 14, batch: 32, team: 2, ..options.neural };
    let found = run(&known, &options);
    let error = |model: &str| {
        let of = |(f, y): (&SeriesForecast, &Vec<f64>)| {
            let mean = f.candidates.iter().find(|c| &*c.model == model).unwrap().mean[0];
            (mean / y[MONTHS]).ln().abs()
        };
        found.iter().zip(&histories).map(of).sum::<f64>() / histories.len() as f64
    };
    // What is left to chance is uniform within a fifth: 0.1 on average.
    let (hybrid, plain, ses) = (error("hybrid"), error("global-lstm"), error("ses"));
    assert!(hybrid < 0.7 * ses && plain < 0.8 * ses, "{hybrid} {plain} {ses}");
    for forecast in &found {
        for candidate in &forecast.candidates {
            let [narrow, wide] = &candidate.intervals[..] else { panic!("80 and 95") };
            for h in 0..3 {
                assert!(wide.lower[h] <= narrow.lower[h] && narrow.upper[h] <= wide.upper[h]);
            }
            assert_eq!(candidate.paths.len(), 50);
        }
    }
    // The same again, byte for byte, but for the time that it took.
    let again = run(&known, &options);
    assert!(found.iter().zip(&again).all(|(a, b)| a.candidates == b.candidates));
    // Another seed is another network.
    let other = run(&known, &Options { seed: 2, ..options });
    let hybrid = |f: &SeriesForecast| f.candidates.iter().find(|c| &*c.model == "hybrid").unwrap().mean.clone();
    assert_ne!(hybrid(&found[0]), hybrid(&other[0]));
}

#[test]
fn a_fold_knows_nothing_of_what_came_after_it() {
    let histories = taking_turns(12, MONTHS);
    let mut changed = histories.clone();
    for y in &mut changed {
        for v in &mut y[MONTHS - 6..] {
            *v *= 3.0;
        }
    }
    let options = named("hybrid,naive");
    let oldest = |found: &[SeriesForecast]| {
        let of = |f: &SeriesForecast| {
            let cutoff = f.cutoffs.iter().min_by_key(|c| c.start).unwrap();
            cutoff.of("hybrid").unwrap().mean.clone()
        };
        found.iter().map(of).collect::<Vec<_>>()
    };
    let (before, after) = (run(&histories, &options), run(&changed, &options));
    assert_eq!(oldest(&before), oldest(&after));
    assert_ne!(before[0].candidates[0].mean, after[0].candidates[0].mean);
}

/// Ordinary histories, and constant, empty, short, sparse, huge and tiny ones.
pub(super) fn awkward() -> Vec<Vec<f64>> {
    let mut histories = taking_turns(8, MONTHS);
    let sparse = |every: usize| (0..MONTHS).map(|t| f64::from(u8::from(t % every == every - 1))).collect::<Vec<f64>>();
    histories.extend([
        vec![5.0; MONTHS],
        vec![0.0; MONTHS],
        vec![7.0],
        vec![1.0, 2.0],
        sparse(12),
        (0..MONTHS).map(|t| 1e12 * (1.0 + (t % 3) as f64)).collect(),
        (0..MONTHS).map(|t| 1e-12 * (1.0 + (t % 3) as f64)).collect(),
    ]);
    histories
}

#[test]
fn any_panel_gets_an_answer_or_a_reason() {
    let mut histories = awkward();
    histories.extend([
        (0..MONTHS).map(|t| if t % 5 == 0 { -3.0 } else { 4.0 }).collect::<Vec<f64>>(),
        (0..MONTHS).map(|t| (40.0 - t as f64).max(0.0)).collect(),
        (0..MONTHS).map(|t| f64::exp(t as f64)).collect(),
    ]);
    let found = run(&histories, &named("hybrid,global-lstm"));
    for forecast in &found {
        for c in &forecast.candidates {
            let numbers = c.mean.iter().chain(c.intervals.iter().flat_map(|i| i.lower.iter().chain(&i.upper)));
            assert!(numbers.chain([&0.0]).all(|v| v.is_finite()), "{}: {c:?}", forecast.id);
            assert!(c.paths.values().iter().all(|v| v.is_finite()));
        }
        for score in &forecast.scores {
            assert!(score.accuracy.is_some() || !score.note.zh.is_empty(), "{}: {score:?}", forecast.id);
        }
    }
    // One short series teaches nothing, and says so.
    let alone = fit("hybrid", &panel(&[vec![3.0, 4.0, 5.0, 4.0]]).series()[0], &named("hybrid"), &Control::silent());
    assert!(alone.unwrap_err().to_string().contains("windows to learn from"));
}

#[test]
fn a_cancel_ends_the_training() {
    let stopped = Arc::new(AtomicBool::new(false));
    let handle: Arc<std::sync::Mutex<Option<Control>>> = Arc::default();
    let (seen, inner) = (stopped.clone(), handle.clone());
    let control = Control::listening(move |progress| {
        if progress.loss.is_some() {
            seen.store(true, Ordering::Relaxed);
            if let Some(control) = inner.lock().unwrap().as_ref() {
                control.cancel();
            }
        }
    });
    *handle.lock().unwrap() = Some(control.clone());
    let found = forecast(&panel(&taking_turns(12, MONTHS)), &named("hybrid"), &control);
    assert_eq!(found.unwrap_err(), Cancelled);
    assert!(stopped.load(Ordering::Relaxed));
}

/// Monthly demand that a year's course rules, the same course for all: December is twice the mean whoever sells.
fn of_one_season(count: usize, months: usize) -> Vec<Vec<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let course = [0.5, 0.6, 0.8, 1.0, 1.2, 1.0, 0.7, 0.5, 0.8, 1.3, 1.6, 2.0];
    let of = |k: usize| {
        let level = 20.0 * f64::from(1 + u32::try_from(k % 7).unwrap());
        // The panel ends with a December, whenever a history begins.
        let month = |t: usize| (12 - (months - t) % 12) % 12;
        (0..months).map(|t| level * course[month(t)] * f64::exp(rng.random_range(-0.1..0.1))).collect()
    };
    (0..count).map(of).collect()
}

#[test]
fn a_new_item_of_four_periods_is_forecast_by_what_all_others_taught() {
    let (known, ahead) = (4, 6);
    let histories = of_one_season(30, MONTHS + 6);
    // The last item was not there before; the others began in different months.
    let cut = |(k, y): (usize, &Vec<f64>)| y[if k == 29 { MONTHS - known } else { k % 5 }..MONTHS].to_vec();
    let shown: Vec<Vec<f64>> = histories.iter().enumerate().map(cut).collect();
    let mut options = named("global-lstm,naive,ses,drift");
    options.horizon = planwright::model::Horizon::new(ahead).unwrap();
    options.folds = 1;
    options.neural = NetworkOptions { window: 12, units: vec![12], epochs: 24, batch: 32, team: 2, ..options.neural };
    let end = Period::parse("2025-06").unwrap();
    let series = shown.iter().enumerate().map(|(k, y)| Series {
        id: SeriesId::new(format!("item {k:02}"), ""),
        start: end.plus(1 - y.len() as i64),
        values: y.clone().into(),
    });
    let panel = SalesPanel::new(end, series.collect()).unwrap();
    let found = forecast(&panel, &options, &Control::silent()).unwrap();
    let new = found.iter().find(|f| &*f.id.item == "item 29").unwrap();
    let error = |model: &str| {
        let mean = &new.candidates.iter().find(|c| &*c.model == model).unwrap().mean;
        (0..ahead).map(|h| (mean[h] - histories[29][MONTHS + h]).abs()).sum::<f64>()
    };
    let network = error("global-lstm");
    for simple in ["naive", "ses", "drift"] {
        assert!(network < 0.5 * error(simple), "{simple}: {network}, not below half of {}", error(simple));
    }
}
