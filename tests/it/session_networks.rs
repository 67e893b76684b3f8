//! Networks over all items beside the automatic models: trained live, paused, gone on with, judged, explained.

use planwright::model::{ChangedInput, InputChange, InputGroup, NetworkExplanation, Period, WhatIf};
use planwright::session::{AskedWhatIf, Command, Device, Models, NetworkExplained, NetworkOptions, Session, networks};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const SERIES: usize = 12;

fn write_sales(path: &Path) {
    let mut sales = String::from("date,item,quantity\n");
    let first = Period::parse("2022-01").unwrap();
    for k in 0..SERIES {
        for month in 0..36 {
            let day = first.plus(month).first_day().unwrap();
            writeln!(sales, "{day},I{k:02},{}", 50 + (month * (7 + k as i64)) % 23 + 5 * (month % 4)).unwrap();
        }
    }
    std::fs::write(path, sales).unwrap();
}

struct Desk {
    session: Session,
    woken: Receiver<()>,
}

impl Desk {
    /// A session whose items are forecast by the automatic models.
    fn forecast(folder: &Path) -> Self {
        let path = folder.join("sales.csv");
        write_sales(&path);
        let (wake, woken) = channel();
        let session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
        let mut desk = Self { session, woken };
        desk.session.apply(Command::SetHorizon(3));
        desk.session.apply(Command::ImportSales(path));
        desk.settle();
        desk
    }

    fn poll(&mut self) {
        self.woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        self.session.poll();
    }

    fn settle(&mut self) {
        while !self.session.is_idle() {
            self.poll();
        }
    }

    /// Trains so many epochs beside the automatic models.
    fn compare(&mut self, epochs: usize) {
        let neural =
            NetworkOptions { window: 4, units: vec![3], epochs, batch: 32, windows_per_epoch: 200, ..small_team() };
        self.session.apply(Command::CompareNetworks(vec!["hybrid".into()], neural, Device::Cpu));
    }

    fn epoch(&self) -> usize {
        self.session.job().and_then(|job| job.losses.last()).map_or(0, |point| point.epoch)
    }
}

fn small_team() -> NetworkOptions {
    NetworkOptions { team: 1, ..NetworkOptions::default() }
}

/// More epochs than any test waits for.
const ENDLESS: usize = 1_000_000;

#[test]
fn a_training_is_watched_paused_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::forecast(folder.path());
    let shown = desk.session.focus().unwrap().series.clone();
    assert!(desk.session.challenges().is_empty());
    desk.compare(ENDLESS);
    while desk.epoch() < 3 {
        desk.poll();
    }
    let job = desk.session.job().unwrap();
    assert!(job.losses.iter().all(|p| p.validation.is_some()) && job.validated == job.losses);
    assert!(job.epochs_per_second.is_some_and(|rate| rate > 0.0) && !job.paused);
    assert_eq!(job.memory.is_some(), cfg!(target_os = "linux"));
    assert_eq!(desk.session.focus().unwrap().series, shown, "what was there stays while better is on its way");
    assert!(desk.session.fingerprint().is_none() && desk.session.is_stale());
    desk.session.apply(Command::Pause);
    assert!(desk.session.job().unwrap().paused);
    desk.woken.try_iter().for_each(drop);
    let is_quiet = (0..20).any(|_| desk.woken.recv_timeout(Duration::from_millis(200)).is_err());
    assert!(is_quiet, "it waits");
    desk.session.poll();
    let waiting = desk.epoch();
    // Others go on: an item is chosen and taken apart while the training waits.
    let other = desk.session.project().sales.as_ref().unwrap().panel.series()[5].id.clone();
    desk.session.apply(Command::Select(other.clone()));
    assert_eq!(desk.session.focus().unwrap().id, other);
    desk.session.apply(Command::Explain);
    while desk.session.explanation().ready().is_none() {
        desk.poll();
    }
    assert_eq!(desk.epoch(), waiting, "it waits");
    desk.session.apply(Command::Resume);
    assert!(!desk.session.job().unwrap().paused);
    while desk.epoch() < waiting + 3 {
        desk.poll();
    }
    // A stop ends it, paused or not.
    desk.session.apply(Command::Pause);
    desk.session.apply(Command::Cancel);
    assert!(desk.session.job().is_some_and(|job| job.cancelling && !job.paused));
    while desk.session.job().is_some() {
        desk.poll();
    }
    assert!(desk.session.is_stopped() && desk.session.focus().is_some());
    // One step back is what was there before.
    desk.session.apply(Command::Undo);
    desk.settle();
    assert_eq!(desk.session.project().settings.models, Models::Auto);
    assert!(desk.session.fingerprint().is_some() && !desk.session.is_stale());
}

#[test]
fn networks_are_judged_and_the_run_has_a_fingerprint() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::forecast(folder.path());
    let before = desk.session.fingerprint().unwrap();
    desk.compare(2);
    desk.settle();
    assert!(desk.session.project().settings.models.is_automatic());
    let challenges = desk.session.challenges();
    assert!(challenges.iter().any(|c| &*c.model == "hybrid" && c.items > 0), "{challenges:?}");
    let used: usize = challenges.iter().map(|c| c.used).sum();
    let forecasts = &desk.session.plan().unwrap().forecasts;
    assert_eq!(forecasts.iter().filter(|f| f.automatic.is_some()).count(), used);
    assert!(forecasts.iter().all(|f| f.why.en.contains("Smoothing + LSTM hybrid")));
    let print = desk.session.fingerprint().unwrap();
    assert!(print.len() == 12 && print.chars().all(|c| c.is_ascii_hexdigit()));
    assert_ne!(print, before, "other settings");
    desk.session.apply(Command::Undo);
    desk.settle();
    assert_eq!(desk.session.fingerprint().unwrap(), before);
    assert!(desk.session.challenges().is_empty());
    desk.session.apply(Command::Redo);
    desk.settle();
    assert_eq!(desk.session.fingerprint().unwrap(), print);
    desk.session.apply(Command::SetSeed(2));
    assert!(desk.session.fingerprint().is_none());
}

#[test]
fn a_reopened_project_and_one_that_was_stopped_do_not_train_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::forecast(folder.path());
    desk.compare(2);
    // Trained, it is stopped among the items.
    while desk.session.forecasting().is_none_or(|partial| partial.ready() == 0) {
        desk.poll();
    }
    desk.session.apply(Command::Cancel);
    while desk.session.job().is_some() {
        desk.poll();
    }
    let was_stopped = desk.session.is_stopped();
    desk.session.apply(Command::Recompute);
    let mut epochs = 0;
    while !desk.session.is_idle() {
        desk.poll();
        epochs = epochs.max(desk.epoch());
    }
    assert!(!was_stopped || epochs == 0, "the networks were trained");
    let untimed = |desk: &Desk| {
        let mut forecasts = (*desk.session.plan().unwrap().forecasts).clone();
        forecasts.iter_mut().flat_map(|f| &mut f.scores).for_each(|s| s.seconds = 0.0);
        forecasts
    };
    let (before, print) = (untimed(&desk), desk.session.fingerprint());
    let path = folder.path().join("kept.planwright");
    desk.session.apply(Command::SaveProject(Some(path.clone())));
    desk.settle();
    let open = |path: &Path| {
        let (wake, woken) = channel();
        let session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
        let mut desk = Desk { session, woken };
        desk.session.apply(Command::OpenProject(path.to_path_buf()));
        let mut epochs = 0;
        while !desk.session.is_idle() {
            desk.poll();
            epochs = epochs.max(desk.epoch());
        }
        (desk, epochs)
    };
    let (mut desk, epochs) = open(&path);
    assert_eq!((epochs, desk.session.fingerprint()), (0, print));
    assert_eq!(untimed(&desk), before);
    assert_eq!(desk.session.trained_networks(), ["hybrid"]);
    explained(&mut desk, "hybrid");
    // Other settings are trained; saved before that is done, the project keeps none.
    desk.session.apply(Command::SetSeed(2));
    let other = folder.path().join("other.planwright");
    desk.session.apply(Command::SaveProject(Some(other.clone())));
    desk.settle();
    let (large, small) = (std::fs::read(&path).unwrap().len(), std::fs::read(&other).unwrap().len());
    assert!(large > small + 1000, "{large} and {small}");
    let (desk, epochs) = open(&other);
    assert!(epochs > 0 && desk.session.challenges().len() == 1);
}

#[test]
fn networks_over_all_items_are_listed() {
    let names: Vec<&str> = networks().iter().map(|m| m.name).collect();
    assert!(names.contains(&"hybrid") && names.contains(&"global-lstm") && !names.contains(&"lstm"), "{names:?}");
}

/// Draws nothing, waits for what a page would wait for.
fn explained(desk: &mut Desk, network: &str) -> Arc<NetworkExplanation> {
    loop {
        match desk.session.network_explanation(network) {
            NetworkExplained::Ready(found) => return found.clone(),
            NetworkExplained::Failed(why) => panic!("{why}"),
            NetworkExplained::Missing => desk.session.apply(Command::ExplainNetwork(network.into())),
            NetworkExplained::Working => desk.poll(),
        }
    }
}

fn asked(desk: &mut Desk, network: &str, changes: &[InputChange]) -> Result<WhatIf, String> {
    loop {
        match desk.session.what_if(network, changes) {
            AskedWhatIf::Ready(found) => return Ok(found.clone()),
            AskedWhatIf::Failed(why) => return Err(why.en.clone()),
            AskedWhatIf::Missing => desk.session.apply(Command::AskWhatIf(network.into(), changes.to_vec())),
            AskedWhatIf::Working => desk.poll(),
        }
    }
}

#[test]
fn a_network_s_forecast_is_taken_apart_for_the_item_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::forecast(folder.path());
    assert!(desk.session.trained_networks().is_empty());
    desk.session.apply(Command::ExplainNetwork("hybrid".into()));
    assert!(matches!(desk.session.network_explanation("hybrid"), NetworkExplained::Missing), "there is none yet");
    desk.compare(2);
    desk.settle();
    assert_eq!(desk.session.trained_networks(), ["hybrid"]);
    let shown = |desk: &Desk| {
        let series = &desk.session.focus().unwrap().series;
        series.candidates.iter().find(|c| &*c.model == "hybrid").unwrap().mean.clone()
    };
    let first = explained(&mut desk, "hybrid");
    assert_eq!(first.forecast, shown(&desk), "of the very forecast on the chart");
    assert!(first.residual().abs() < 1e-9 * first.forecast.iter().sum::<f64>());
    assert_eq!(first.id, desk.session.focus().unwrap().id);
    // Another item has another explanation, and the first one's is still there.
    let other = desk.session.project().sales.as_ref().unwrap().panel.series()[5].id.clone();
    desk.session.apply(Command::Select(other.clone()));
    assert!(matches!(desk.session.network_explanation("hybrid"), NetworkExplained::Missing));
    let second = explained(&mut desk, "hybrid");
    assert_eq!((&second.id, &second.forecast), (&other, &shown(&desk)));
    desk.session.apply(Command::Select(first.id.clone()));
    desk.session.apply(Command::ExplainNetwork("hybrid".into()));
    let again = desk.session.network_explanation("hybrid").ready().cloned();
    assert!(again.is_some_and(|again| Arc::ptr_eq(&again, &first)), "kept");
    let change = |period: Period| InputChange { of: ChangedInput::Demand, period, value: 500.0 };
    let last = desk.session.planned_panel().unwrap().end();
    let answer = asked(&mut desk, "hybrid", &[change(last)]).unwrap();
    assert_eq!(answer.before, first.forecast);
    // One such period may be an outlier to smoothing: it moves the forecast, up or down.
    assert_ne!(answer.after, answer.before);
    let refused = asked(&mut desk, "hybrid", &[change(last.plus(1))]).unwrap_err();
    assert!(refused.contains("has no value in"), "{refused}");
    // Other settings are other forecasts: nothing of these is said of them.
    desk.session.apply(Command::SetSeed(2));
    assert!(desk.session.trained_networks().is_empty());
    desk.session.apply(Command::Undo);
    desk.settle();
    assert_eq!(explained(&mut desk, "hybrid").forecast, first.forecast);
}

#[test]
fn networks_are_told_the_items_categories() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::forecast(folder.path());
    let path = folder.path().join("items.csv");
    let import = |desk: &mut Desk, cost: usize, category: fn(usize) -> &'static str| {
        let mut items = String::from("item,category,unit_cost\n");
        (0..SERIES).for_each(|k| writeln!(items, "I{k:02},{},{cost}", category(k)).unwrap());
        std::fs::write(&path, items).unwrap();
        desk.session.apply(Command::ImportItems(path.clone()));
        desk.settle();
        desk.session.fingerprint().unwrap()
    };
    let kinds: fn(usize) -> &'static str = |k| if k < 5 { "soap" } else { "tea" };
    let automatic = desk.session.fingerprint().unwrap();
    assert_eq!(import(&mut desk, 1, kinds), automatic, "no network, no category");
    desk.compare(2);
    desk.settle();
    let told = desk.session.fingerprint().unwrap();
    let groups = |desk: &mut Desk| -> Vec<InputGroup> {
        explained(desk, "hybrid").contributions.iter().map(|c| c.of.clone()).collect()
    };
    assert!(groups(&mut desk).contains(&InputGroup::Category));
    assert_eq!(import(&mut desk, 2, kinds), told, "costs are not told");
    assert_ne!(import(&mut desk, 2, |k| if k < 6 { "soap" } else { "tea" }), told);
    import(&mut desk, 2, |_| "soap");
    assert!(!groups(&mut desk).contains(&InputGroup::Category), "of one category nothing is told");
}
