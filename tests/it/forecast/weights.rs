//! Saved weights: the same forecasts again, nothing trusted, nothing seen that a backtest must not know, and smaller.

use super::global::{named, panel, run, taking_turns};
use planwright::control::Control;
use planwright::forecast::{
    Each, Options, Precision, Pretrained, Reuse, TrainedNetwork, TrainedNetworks, fit, forecast, forecast_each,
};
use planwright::model::{Horizon, Period, SalesPanel, Series, SeriesForecast, SeriesId};
use planwright::pipeline;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const MONTHS: usize = 48;
const KINDS: &str = "hybrid,global-lstm,global-mlp,global-tcn,global-counts";

fn trained(histories: &[Vec<f64>], options: &Options) -> TrainedNetworks {
    forecast_each(&panel(histories), options, Each::none(), &Control::silent()).unwrap()
}

fn with(networks: TrainedNetworks, reuse: Reuse, options: &Options) -> Options {
    Options { pretrained: Some(Arc::new(Pretrained { networks, reuse })), ..options.clone() }
}

/// The histories as a panel that ends so many months before the end of 2025.
fn shifted(months: i64, histories: &[Vec<f64>]) -> SalesPanel {
    let end = Period::parse("2025-12").unwrap().plus(-months);
    let series = histories.iter().enumerate().map(|(k, y)| Series {
        id: SeriesId::new(format!("item {k:02}"), ""),
        start: end.plus(1 - y.len() as i64),
        values: y.clone().into(),
    });
    SalesPanel::new(end, series.collect()).unwrap()
}

fn mean<'a>(found: &'a SeriesForecast, model: &str) -> &'a [f64] {
    &found.candidates.iter().find(|c| &*c.model == model).unwrap().mean
}

/// A small network for use, its options, and what it learnt from.
fn small() -> (TrainedNetworks, Options, Vec<Vec<f64>>) {
    let (histories, options) = (taking_turns(12, MONTHS), named("hybrid"));
    (trained(&histories, &options).for_use(), options, histories)
}

fn refusal(bytes: &[u8]) -> String {
    let why = TrainedNetworks::from_bytes(bytes).unwrap_err();
    assert!(!why.zh.is_empty() && why.zh != why.en, "{why:?}");
    why.en
}

#[test]
fn read_back_they_forecast_the_same_without_training() {
    let (histories, mut options) = (taking_turns(12, MONTHS), named(KINDS));
    options.neural.attention = true;
    let fresh = run(&histories, &options);
    let networks = trained(&histories, &options).saved("2026-11-25");
    assert_eq!(networks.networks().len(), 5);
    let bytes = networks.to_bytes(Precision::Full).unwrap();
    assert_eq!(bytes, networks.to_bytes(Precision::Full).unwrap());
    let read = TrainedNetworks::from_bytes(&bytes).unwrap();
    assert!(read == networks && read.networks().iter().all(|n| n.last().label() == "2025-12" && n.horizon() == 3));
    // Other settings of training change nothing where nothing is trained.
    let neural =
        planwright::forecast::NetworkOptions { units: vec![3, 2], epochs: 1, window: 9, ..options.neural.clone() };
    let other = Options { neural, ..options.clone() };
    let loaded = run(&histories, &with(read, Reuse::AsTheyAre, &other));
    let kept = run(&histories, &with(networks, Reuse::AsTheyAre, &options));
    for ((fresh, loaded), kept) in fresh.iter().zip(&loaded).zip(&kept) {
        assert_eq!(loaded.candidates, kept.candidates);
        for model in KINDS.split(',') {
            assert_eq!(mean(fresh, model), mean(loaded, model), "{model} of {}", fresh.id);
        }
        let why = &loaded.candidates.iter().find(|c| &*c.model == "hybrid").unwrap().why.en;
        assert!(
            why.contains("saved on 2026-11-25") && why.contains("12 series up to 2025-12 (these very data"),
            "{why}"
        );
    }
    // Where nothing was trained there is nothing to save.
    assert!(
        trained(&histories, &named("naive")).to_bytes(Precision::Full).unwrap_err().en.contains("no weights to save")
    );
}

/// What is told of a training while it runs, by epoch.
fn trains(histories: &[Vec<f64>], options: &Options) -> (Vec<SeriesForecast>, bool) {
    let epochs = Arc::new(AtomicUsize::new(0));
    let count = epochs.clone();
    let control = Control::listening(move |progress| {
        count.fetch_add(usize::from(progress.loss.is_some()), Ordering::Relaxed);
    });
    let mut found = forecast(&panel(histories), options, &control).unwrap();
    // Only the time that it took differs.
    found.iter_mut().flat_map(|f| &mut f.scores).for_each(|s| s.seconds = 0.0);
    (found, epochs.load(Ordering::Relaxed) > 0)
}

#[test]
fn kept_at_every_origin_they_repeat_their_backtest_digit_by_digit_and_nothing_else() {
    let (histories, options) = (taking_turns(12, MONTHS), named(KINDS));
    let (fresh, trained_then) = trains(&histories, &options);
    assert!(trained_then && fresh.iter().all(|f| f.scores.iter().all(|s| s.accuracy.is_some())), "all were tested");
    let networks = trained(&histories, &options);
    let bytes = networks.to_bytes(Precision::Full).unwrap();
    let read = TrainedNetworks::from_bytes(&bytes).unwrap();
    assert_eq!(read, networks);
    let weights: usize = 4 * networks.networks().iter().map(TrainedNetwork::parameters).sum::<usize>();
    let bare = networks.for_use().to_bytes(Precision::Full).unwrap().len();
    assert!(bare + options.folds * weights < bytes.len(), "all origins are kept");
    let repeated = |histories: &[Vec<f64>], networks: &TrainedNetworks, options: &Options| {
        trains(histories, &with(networks.clone(), Reuse::Repeated, options))
    };
    assert_eq!(repeated(&histories, &read, &options), (fresh.clone(), false));
    // One kind alone leaves the others to be trained.
    let hybrid = trained(&histories, &named("hybrid"));
    assert_eq!(repeated(&histories, &hybrid, &options), (fresh, true));
    // What they weren't trained on, or not like this, is trained as if there were none.
    let options = named("hybrid");
    let mut longer = histories.clone();
    longer[3][7] += 1.0;
    assert_eq!(repeated(&longer, &hybrid, &options), trains(&longer, &options));
    let others: [fn(&mut Options); 4] =
        [|o| o.seed = 2, |o| o.folds = 1, |o| o.horizon = Horizon::new(2).unwrap(), |o| o.neural.epochs += 1];
    for change in others {
        let mut other = options.clone();
        change(&mut other);
        assert_eq!(repeated(&histories, &hybrid, &other), trains(&histories, &other));
    }
    let bare = hybrid.for_use();
    assert_eq!(repeated(&histories, &bare, &options), trains(&histories, &options), "the backtest needs all origins");
}

#[test]
fn what_was_changed_is_refused() {
    let (networks, ..) = small();
    let bytes = networks.to_bytes(Precision::Full).unwrap();
    let header = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    for end in (0..header).step_by(37).chain((header..bytes.len()).step_by(1001)) {
        refusal(&bytes[..end]);
    }
    refusal(&[&bytes[..], &[0]].concat());
    for (k, at) in (0..header).step_by(3).chain((header..bytes.len()).step_by(509)).enumerate() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (k % 8);
        match TrainedNetworks::from_bytes(&flipped) {
            Ok(read) => assert!(read == networks && at < header, "byte {at} was changed unseen"),
            Err(why) => assert!(!why.zh.is_empty()),
        }
    }
    let edited = |from: &str, to: &str| {
        let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut edited = bytes.clone();
        edited[at..at + from.len()].copy_from_slice(to.as_bytes());
        refusal(&edited)
    };
    assert!(edited(r#"\"version\":2"#, r#"\"version\":9"#).contains("format version 9"));
    assert!(edited(r#"\"outputs\":9"#, r#"\"outputs\":8"#).contains("shape"));
    assert!(edited(r#"\"units\":[6]"#, r#"\"units\":[9]"#).contains("damaged"));
    assert!(edited(r#"\"kind\":\"hybrid"#, r#"\"kind\":\"hybrjd"#).contains("kind"));
    assert!(edited(r#"\"seed\":1"#, r#"\"seed\":2"#).contains("SHA-256"));
    assert!(refusal(b"item,date,quantity\n").contains("no whole safetensors file"));
    let foreign = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#;
    let foreign = [&(foreign.len() as u64).to_le_bytes()[..], foreign, &[0; 4]].concat();
    assert!(refusal(&foreign).contains("not of Planwright's networks"));
}

#[test]
fn what_they_do_not_know_they_do_not_forecast() {
    let (networks, options, histories) = small();
    let options = with(networks, Reuse::AsTheyAre, &options);
    let why = |model: &str, options: &Options, series: &Series| {
        fit(model, series, options, &Control::silent()).unwrap_err().to_string()
    };
    let panel = panel(&histories);
    let series = &panel.series()[0];
    let far = Options { horizon: Horizon::new(4).unwrap(), ..options.clone() };
    assert!(why("hybrid", &far, series).contains("answer 3 periods and 4 are asked for"));
    let near = Options { horizon: Horizon::new(2).unwrap(), ..options.clone() };
    let short = fit("hybrid", series, &near, &Control::silent()).unwrap();
    let whole = fit("hybrid", series, &options, &Control::silent()).unwrap();
    assert_eq!(short.mean, whole.mean[..2]);
    let quarterly = Series { start: Period::parse("2014-Q1").unwrap(), ..series.clone() };
    assert!(why("hybrid", &options, &quarterly).contains("periods of another length"));
    assert!(why("global-mlp", &options, series).contains("hold no global-mlp"));
}

#[test]
fn a_backtest_never_asks_weights_that_saw_the_future() {
    let histories = taking_turns(12, MONTHS + 3);
    let early: Vec<Vec<f64>> = histories.iter().map(|y| y[..MONTHS].to_vec()).collect();
    let mut options = named("hybrid,naive");
    options.folds = 2;
    let networks = forecast_each(&shifted(3, &early), &options, Each::none(), &Control::silent()).unwrap();
    for reuse in [Reuse::AsTheyAre, Reuse::FineTuned] {
        let options = with(networks.clone(), reuse, &options);
        let score = |panel: &SalesPanel| {
            let found = forecast(panel, &options, &Control::silent()).unwrap();
            let score = found[0].scores.iter().find(|s| &*s.model == "hybrid").unwrap().clone();
            let folds = found[0].cutoffs.iter().map(|c| c.of("hybrid").is_some()).collect::<Vec<_>>();
            (score, folds)
        };
        let (seen, _) = score(&shifted(3, &early));
        assert!(seen.accuracy.is_none() && seen.note.en.contains("had seen data up to 2025-09"), "{seen:?}");
        // The newest fold begins where the weights end; the one before would be known to them.
        let (later, folds) = score(&shifted(0, &histories));
        assert_eq!((later.accuracy.map(|a| a.folds), folds), (Some(1), vec![true, false]), "{later:?}");
    }
}

#[test]
fn smaller_networks_answer_nearly_the_same() {
    let (networks, options, histories) = small();
    let network = &networks.networks()[0];
    assert_eq!(&network.pruned(0.0), network);
    assert_eq!(&network.units_pruned(0.0), network);
    let means = |networks: TrainedNetworks| -> Vec<f64> {
        let found = run(&histories, &with(networks, Reuse::AsTheyAre, &options));
        found.iter().flat_map(|f| mean(f, "hybrid").to_vec()).collect()
    };
    let before = means(networks.clone());
    let far = |after: &[f64]| before.iter().zip(after).map(|(b, a)| ((a - b) / b).abs()).fold(0.0, f64::max);

    let (full, half) = (networks.to_bytes(Precision::Full).unwrap(), networks.to_bytes(Precision::Half).unwrap());
    let read = TrainedNetworks::from_bytes(&half).unwrap();
    let numbers =
        |bytes: &[u8]| bytes.len() - 8 - usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    assert!(2 * numbers(&half) <= numbers(&full), "{} {}", half.len(), full.len());
    // Three significant digits of every weight.
    let rounded = far(&means(read));
    assert!(rounded > 0.0 && rounded < 5e-3, "{rounded}");

    let pruned = networks.changed(|n| n.pruned(0.3));
    let share = pruned.networks()[0].zeros() as f64 / network.parameters() as f64;
    assert!((0.2..=0.3).contains(&share), "{share}");
    let units = networks.changed(|n| n.units_pruned(0.5));
    let fewer = units.networks()[0].parameters() as f64 / network.parameters() as f64;
    assert!((0.2..0.6).contains(&fewer), "{fewer}");
    for slim in [pruned, units, networks.changed(|n| n.units_pruned(1.0).pruned(1.0))] {
        let read = TrainedNetworks::from_bytes(&slim.to_bytes(Precision::Full).unwrap()).unwrap();
        assert_eq!(read, slim);
        let after = means(read);
        assert!(after.iter().all(|v| v.is_finite()) && far(&after) > 0.0, "{after:?}");
    }
}

#[test]
fn what_a_network_is_worth_is_measured() {
    let (networks, options, histories) = small();
    let panel = panel(&histories);
    let measure =
        |n: &TrainedNetwork, precision| n.measure(panel.series(), precision, &options, &Control::silent()).unwrap();
    let network = &networks.networks()[0];
    let (full, half) = (measure(network, Precision::Full), measure(network, Precision::Half));
    assert_eq!(full.bytes, networks.to_bytes(Precision::Full).unwrap().len());
    assert!(half.bytes < full.bytes && full.had_seen && full.series == 12 && full.windows_per_second > 0.0, "{full:?}");
    // The same by hand: forecast from three months earlier, scaled by the seasonal naive errors of what was known.
    let known: Vec<Vec<f64>> = histories.iter().map(|y| y[..MONTHS - 3].to_vec()).collect();
    let options = with(networks.clone(), Reuse::AsTheyAre, &options);
    let found = forecast(&shifted(3, &known), &options, &Control::silent()).unwrap();
    let mase = |(f, y): (&SeriesForecast, &Vec<f64>)| {
        let (past, actual) = y.split_at(MONTHS - 3);
        let scale = (12..past.len()).map(|t| (past[t] - past[t - 12]).abs()).sum::<f64>() / (past.len() - 12) as f64;
        (0..3).map(|h| (mean(f, "hybrid")[h] - actual[h]).abs() / 3.0 / scale).sum::<f64>()
    };
    let by_hand = found.iter().zip(&histories).map(mase).sum::<f64>() / 12.0;
    assert!((full.mase.unwrap() - by_hand).abs() < 1e-9, "{full:?}, by hand {by_hand}");
    let worse = measure(&network.units_pruned(0.95).pruned(0.95), Precision::Full);
    assert!(worse.mase.unwrap() > full.mase.unwrap() && worse.zeros > 0, "{worse:?} {full:?}");
}

#[test]
fn going_on_learning_brings_a_network_to_other_data() {
    // There a good month takes from the next; here it brings another one.
    let pull = |y: &Vec<f64>| y.iter().enumerate().map(|(t, v)| if t % 2 == 0 { *v } else { 100.0 / v }).collect();
    let there = taking_turns(24, MONTHS);
    let here: Vec<Vec<f64>> = taking_turns(36, MONTHS + 1)[24..].iter().map(pull).collect();
    let known: Vec<Vec<f64>> = here.iter().map(|y| y[..MONTHS].to_vec()).collect();
    let mut options = named("global-lstm");
    options.folds = 1;
    let neural =
        planwright::forecast::NetworkOptions { window: 4, units: vec![8], epochs: 14, batch: 32, ..options.neural };
    options.neural = neural;
    let networks = trained(&there, &options);
    let error = |reuse: Reuse| {
        let found = run(&known, &with(networks.clone(), reuse, &options));
        let of = |(f, y): (&SeriesForecast, &Vec<f64>)| (mean(f, "global-lstm")[0] / y[MONTHS]).ln().abs();
        (found.iter().zip(&here).map(of).sum::<f64>() / 12.0, found[0].candidates[0].why.en.clone())
    };
    let ((as_is, _), (tuned, why)) = (error(Reuse::AsTheyAre), error(Reuse::FineTuned));
    assert!(tuned < 0.7 * as_is, "{tuned} instead of {as_is}: {why}");
    assert!(why.contains("other data than these") && why.contains("went on learning from these 12 series"), "{why}");
    // What came of it is kept, with both panels in its memory, and is what was forecast with.
    let more = with(networks.clone(), Reuse::FineTuned, &options);
    let result = trained(&known, &more);
    assert!(
        result.networks()[0].learnt_from(panel(&known).series())
            && !networks.networks()[0].learnt_from(panel(&known).series())
    );
    let again = run(&known, &with(result, Reuse::AsTheyAre, &options));
    assert!(run(&known, &more).iter().zip(&again).all(|(a, b)| mean(a, "global-lstm") == mean(b, "global-lstm")));
}

#[test]
fn files_are_written_whole_and_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    let (networks, ..) = small();
    let bytes = pipeline::save_weights(&path, &networks, Precision::Full).unwrap();
    let written = std::fs::read(&path).unwrap();
    assert_eq!(written.len(), bytes);
    let read = pipeline::load_weights(&path).unwrap();
    assert_eq!(read.networks()[0].parameters(), networks.networks()[0].parameters());
    assert_ne!(read, networks, "the day is in it");
    std::fs::write(&path, &written[..bytes / 2]).unwrap();
    let why = pipeline::load_weights(&path).unwrap_err().message();
    assert!(why.en.starts_with("This is no whole safetensors file"), "{why}");
    assert!(pipeline::load_weights(&folder.path().join("none")).unwrap_err().message().zh.contains("无法读取"));
    // What would replace it is never half there: nothing to save leaves the old file as it was.
    assert!(pipeline::save_weights(&path, &TrainedNetworks::default(), Precision::Full).is_err());
    assert_eq!(std::fs::read(&path).unwrap().len(), bytes / 2);
}
