//! Forecasts of many series: seen as they get ready, stopped, gone on with.

use planwright::control::Control;
use planwright::model::{ForecastOverride, ForecastScope, Horizon, OverrideKind, Period};
use planwright::pipeline::{self, Judgement, PartialForecasts, Settings};
use planwright::session::{Command, Event, Gesture, Ladders, NoticeKind, Sample, Session};
use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SERIES: usize = 40;

fn write_sales(path: &Path) {
    let mut sales = String::from("date,item,quantity\n");
    let first = Period::parse("2021-01").unwrap();
    for k in 0..SERIES {
        for month in 0..48 {
            let day = first.plus(month).first_day().unwrap();
            writeln!(sales, "{day},I{k:02},{}", 50 + (month * (7 + k as i64)) % 23 + 5 * (month % 12)).unwrap();
        }
    }
    std::fs::write(path, sales).unwrap();
}

/// Forecasting waits wherever it wakes the window until that has looked: however slow the test is, it sees every stage.
fn session() -> (Session, Receiver<()>) {
    let (wake, woken) = sync_channel(0);
    (Session::new(Arc::new(move || wake.send(()).unwrap_or_default())), woken)
}

#[test]
fn series_are_shown_as_they_get_ready_and_a_stop_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    write_sales(&path);
    let (mut session, woken) = session();
    let mut events: Vec<Event> = Vec::new();
    let step = |session: &mut Session, events: &mut Vec<Event>| {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        events.extend(session.poll());
    };
    session.apply(Command::ImportSales(path));
    while session.focus().is_none() {
        step(&mut session, &mut events);
    }
    let partial = session.partial().expect("the others are on their way");
    assert_eq!(partial.len(), SERIES);
    assert!(session.plan().is_none() && session.job().is_some());
    assert_eq!(session.forecasting().map(PartialForecasts::len), Some(SERIES));
    let shown = session.focus().unwrap().clone();
    assert_eq!(Some(&shown.id), session.selected());
    session.apply(Command::Explain);
    session.apply(Command::Cancel);
    while session.job().is_some() || session.explanation().ready().is_none() {
        step(&mut session, &mut events);
    }
    assert!(session.is_stopped());
    let warned = |e: &&Event| matches!(e, Event::Notice(n) if n.kind == NoticeKind::Warning && n.message.en.starts_with("Stopped"));
    assert_eq!(events.iter().filter(warned).count(), 1, "{events:?}");
    let ready = session.partial().unwrap().ready();
    assert!((1..SERIES).contains(&ready), "{ready}");
    assert_eq!(session.focus().unwrap().series, shown.series, "what was ready stays on screen");
    session.apply(Command::SaveProject(Some(folder.path().join("mine.planwright"))));
    assert!(session.forecasting().is_none(), "the job that runs is another");
    while session.path().is_none() {
        step(&mut session, &mut events);
    }
    session.apply(Command::Recompute);
    assert!(session.forecasting().unwrap().ready() >= ready, "and isn't made again");
    while !session.is_idle() {
        step(&mut session, &mut events);
    }
    assert!(session.partial().is_none() && !session.is_stopped());
    assert_eq!(session.plan().unwrap().forecasts.len(), SERIES);
    let again = session.focus().unwrap();
    // Only the time that it took may differ.
    assert_eq!((&again.series.candidates, &again.series.why), (&shown.series.candidates, &shown.series.why));
}

#[test]
fn what_was_made_of_other_sales_is_gone_while_the_new_ones_are_forecast() {
    let folder = tempfile::tempdir().unwrap();
    let (few, many) = (folder.path().join("few.csv"), folder.path().join("many.csv"));
    let rows: Vec<String> = (1..=20).map(|d| format!("2024-02-{d:02},{}", 10 + d % 3)).collect();
    std::fs::write(&few, format!("date,quantity\n{}\n", rows.join("\n"))).unwrap();
    write_sales(&many);
    let (mut session, woken) = session();
    let settle = |session: &mut Session| {
        while !session.is_idle() {
            woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
            session.poll();
        }
    };
    session.apply(Command::ImportSales(few));
    settle(&mut session);
    let first = Period::parse("2024-02-21").unwrap();
    let given = ForecastOverride {
        scope: ForecastScope::All,
        first,
        last: first,
        kind: OverrideKind::Value(50.0),
        reason: String::new(),
        author: String::new(),
        created: String::new(),
        expires: None,
    };
    session.apply(Command::SetOverride(None, Box::new(given), Gesture::Commit));
    session.apply(Command::MeasureValueAdded);
    settle(&mut session);
    assert!(session.overrides().len() == 1 && session.ladders().ready().is_some());
    session.apply(Command::ImportSales(many));
    while session.partial().is_none() || session.focus().is_none() {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        session.poll();
    }
    assert_eq!(session.project().overrides.len(), 1);
    assert!(session.overrides().is_empty(), "it isn't applied yet");
    session.apply(Command::MeasureValueAdded);
    assert!(matches!(session.ladders(), Ladders::Missing), "not all series are forecast");
    session.apply(Command::NewProject);
    assert!(session.overrides().is_empty() && matches!(session.ladders(), Ladders::Missing));
}

#[test]
fn a_stop_that_comes_too_late_stops_nothing() {
    let (wake, woken) = channel();
    let mut session = Session::new(Arc::new(move || wake.send(()).unwrap_or_default()));
    session.apply(Command::OpenSample(Sample::WorkedExample));
    while session.partial().is_none() {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        session.poll();
    }
    // They get ready unseen, and nothing more is heard of them.
    while session.partial().is_some_and(|p| p.ready() < p.len()) {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
    }
    while woken.recv_timeout(Duration::from_millis(200)).is_ok() {}
    session.apply(Command::Cancel);
    while session.job().is_some() {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        session.poll();
    }
    // Should the stop have been in time after all, there is no plan.
    assert_eq!(session.is_stopped(), session.plan().is_none());
    assert_eq!(session.can_go_on(), session.plan().is_none());
}

#[test]
fn a_failure_is_no_stop_and_can_be_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    write_sales(&path);
    let (wake, woken) = sync_channel(0);
    let trap = Arc::new(AtomicBool::new(false));
    let inner = trap.clone();
    let mut session = Session::new(Arc::new(move || {
        assert!(!inner.swap(false, Ordering::SeqCst), "broken on purpose: what reports its progress fails");
        wake.send(()).unwrap_or_default();
    }));
    session.apply(Command::ImportSales(path));
    while session.partial().is_none() {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        session.poll();
    }
    trap.store(true, Ordering::SeqCst);
    let mut events = Vec::new();
    while session.job().is_some() {
        woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        events.extend(session.poll());
    }
    assert!(events.iter().any(|e| matches!(e, Event::Notice(n) if n.kind == NoticeKind::Failed)), "{events:?}");
    assert!(!session.is_stopped(), "nobody stopped it");
    assert!(session.can_go_on());
    session.apply(Command::Recompute);
    session.poll();
    assert!(session.job().is_some() && !session.can_go_on());
}

#[test]
fn forecasts_gone_on_with_are_those_made_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    write_sales(&path);
    let import = pipeline::load_sales(&path, &pipeline::ReadOptions::default(), &Control::silent()).unwrap();
    let inputs = pipeline::Inputs {
        panel: Arc::new(import.panel.clone().unwrap()),
        import: None,
        items: Arc::default(),
        network: Arc::default(),
        regions: Arc::default(),
        currency: String::new(),
        diagnostics: import.diagnostics.clone(),
        judgement: Judgement::default(),
        receipts: Arc::default(),
        learnt: None,
    };
    let settings = Settings { horizon: Horizon::new(6).unwrap(), paths: 100, ..Settings::default() };
    let new = pipeline::new_items(&inputs, &settings);
    let partial = PartialForecasts::new(SERIES);
    // Stopped as soon as the first series is reported.
    let handle: Arc<Mutex<Option<Control>>> = Arc::default();
    let inner = handle.clone();
    let control = Control::listening(move |progress| {
        if progress.stage.en.starts_with("Forecast ")
            && let Some(control) = inner.lock().unwrap().as_ref()
        {
            control.cancel();
        }
    });
    *handle.lock().unwrap() = Some(control.clone());
    assert!(pipeline::forecast_rest(&new, &settings, &partial, &control).is_err());
    *handle.lock().unwrap() = None;
    let ready: Vec<usize> = (0..SERIES).filter(|k| partial.get(*k).is_some()).collect();
    assert!((1..SERIES).contains(&ready.len()), "{ready:?}");
    assert!(partial.clone().into_all().is_none());
    let first_report = Arc::new(Mutex::new(None));
    let seen = first_report.clone();
    let control = Control::listening(move |progress| _ = seen.lock().unwrap().get_or_insert(progress.fraction));
    pipeline::forecast_rest(&new, &settings, &partial, &control).unwrap();
    let share = ready.len() as f64 / SERIES as f64;
    assert!(first_report.lock().unwrap().unwrap() >= share, "progress goes on where it was");
    let resumed = partial.into_all().unwrap();
    let whole = pipeline::forecast(&new.fitted, &settings, &Control::silent()).unwrap();
    for (a, b) in resumed.iter().zip(whole.iter()) {
        assert_eq!((&a.id, &a.candidates, &a.why), (&b.id, &b.candidates, &b.why));
    }
}
