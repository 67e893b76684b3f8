//! Overrides, new items and reconciliation in the session: undo, drags, files, results.

use crate::bench::Bench;
use planwright::model::{
    ForecastOverride, ForecastScope, LadderOf, LadderSource, LayerKind, OverrideKind, OverrideState, Period, SeriesId,
    Succession, SuccessionKind,
};
use planwright::session::{Command, Event, Gesture, Ladders, NoticeKind, Project, Reconciliation};
use std::sync::Arc;

impl Bench {
    fn first(&self) -> Period {
        self.session.project().sales.as_ref().unwrap().panel.end().plus(1)
    }

    fn value(&self, value: f64) -> Box<ForecastOverride> {
        Box::new(ForecastOverride {
            scope: ForecastScope::All,
            first: self.first(),
            last: self.first(),
            kind: OverrideKind::Value(value),
            reason: "fair".into(),
            author: "Lin".into(),
            created: "2026-11-24".into(),
            expires: None,
        })
    }

    /// The final and the statistical demand of the first step.
    fn demand(&self) -> (f64, f64) {
        let focus = self.session.focus().unwrap();
        (focus.forecast.mean[0], focus.series.best().mean[0])
    }

    fn planned(&self) -> f64 {
        self.session.plan().unwrap().forecasts[0].best().mean[0]
    }
}

#[test]
fn an_override_is_a_layer_that_undo_takes_off() {
    let mut bench = Bench::worked_example();
    let (before, statistical) = bench.demand();
    assert!((before - statistical).abs() < 1e-12);
    bench.apply(Command::SetOverride(None, bench.value(200.0), Gesture::Commit));
    assert_eq!(bench.demand(), (200.0, statistical));
    assert!((bench.planned() - 200.0).abs() < 1e-12);
    assert_eq!(bench.session.overrides()[0].state, OverrideState::Applied);
    assert!(bench.session.focus().unwrap().layers.get(LayerKind::Override).is_some());
    bench.apply(Command::SetOverride(Some(0), bench.value(300.0), Gesture::Commit));
    assert!((bench.planned() - 300.0).abs() < 1e-12);
    bench.apply(Command::RemoveOverride(0));
    assert_eq!(bench.demand(), (before, statistical));
    for expected in [300.0, 200.0, before] {
        bench.apply(Command::Undo);
        assert!((bench.planned() - expected).abs() < 1e-12);
    }
}

#[test]
fn a_drag_on_the_chart_is_one_step_and_the_item_follows_at_once() {
    let mut bench = Bench::worked_example();
    let project = bench.session.project().clone();
    bench.session.apply(Command::SetOverride(None, bench.value(120.0), Gesture::Drag));
    for value in [130.0, 140.0, 150.0] {
        bench.session.apply(Command::SetOverride(Some(0), bench.value(value), Gesture::Drag));
        assert!((bench.demand().0 - value).abs() < 1e-12);
    }
    bench.apply(Command::EndDrag);
    assert!((bench.planned() - 150.0).abs() < 1e-12);
    // The next change is a step of its own.
    bench.apply(Command::SetOverride(Some(0), bench.value(160.0), Gesture::Commit));
    bench.apply(Command::Undo);
    assert!((bench.planned() - 150.0).abs() < 1e-12);
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project(), project);
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let mut bench = Bench::worked_example();
    let project = bench.session.project().clone();
    let reversed = ForecastOverride { last: bench.first().plus(-3), ..*bench.value(1.0) };
    bench.apply(Command::SetOverride(None, Box::new(reversed), Gesture::Commit));
    let warned = |e: &Event| matches!(e, Event::Notice(n) if n.kind == NoticeKind::Warning);
    assert!(bench.events.iter().any(warned));
    bench.apply(Command::SetOverride(None, bench.value(f64::NAN), Gesture::Commit));
    bench.apply(Command::SetOverride(Some(7), bench.value(1.0), Gesture::Commit));
    bench.apply(Command::RemoveOverride(0));
    bench.apply(Command::RemoveSuccession(0));
    bench.apply(Command::KeepForecasts);
    assert_eq!(*bench.session.project(), project);
}

#[test]
fn judgement_is_saved_and_projects_without_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.planwright");
    let mut bench = Bench::worked_example();
    bench.apply(Command::SetOverride(None, bench.value(200.0), Gesture::Commit));
    bench.apply(Command::KeepForecasts);
    bench.apply(Command::SetReconciliation(Reconciliation::BottomUp));
    bench.apply(Command::SaveProject(Some(path.clone())));
    let saved = bench.session.project().clone();
    let mut other = Bench::worked_example();
    other.apply(Command::OpenProject(path));
    let opened = other.session.project();
    assert_eq!((&opened.overrides, &opened.kept, &opened.settings), (&saved.overrides, &saved.kept, &saved.settings));
    assert!((other.planned() - 200.0).abs() < 1e-12);
    // A project file of a version that knew nothing of judgement.
    let mut old = serde_json::to_value(Project::default()).unwrap();
    for field in ["overrides", "successions", "kept"] {
        assert!(old.as_object_mut().unwrap().remove(field).is_some(), "{field}");
    }
    assert!(old["settings"].as_object_mut().unwrap().remove("reconciliation").is_some());
    assert_eq!(serde_json::from_value::<Project>(old).unwrap(), Project::default());
}

#[test]
fn kept_forecasts_are_judged_when_the_sales_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let sales = |days: usize| {
        let rows: Vec<String> = (1..=days).map(|d| format!("2024-02-{d:02},{}", 10 + d % 3)).collect();
        let path = folder.path().join("mine.csv");
        std::fs::write(&path, format!("date,quantity\n{}\n", rows.join("\n"))).unwrap();
        path
    };
    let mut bench = Bench::worked_example();
    bench.apply(Command::ImportSales(sales(20)));
    bench.apply(Command::SetOverride(None, bench.value(50.0), Gesture::Commit));
    bench.apply(Command::KeepForecasts);
    assert_eq!(bench.session.project().kept.len(), 1);
    assert_eq!(bench.session.value_added().periods, 0);
    bench.apply(Command::ImportSales(sales(22)));
    let found = bench.session.value_added();
    // Day 21 sold 10; only the overridden first step counts.
    assert_eq!((found.periods, found.last), (1, 40.0));
    assert!(found.percent().unwrap() < 0.0, "this override made it worse");
    // The ladder says the same, by level and author, and that one case proves nothing.
    bench.apply(Command::MeasureValueAdded);
    let ladders = bench.session.ladders().ready().unwrap().clone();
    let kept: Vec<_> = ladders.iter().filter(|r| r.source == LadderSource::Kept).collect();
    let of: Vec<_> = kept.iter().map(|r| r.of.clone()).collect();
    assert_eq!(of, [LadderOf::All, LadderOf::Scope("all"), LadderOf::Author("Lin".into())]);
    assert!(kept.iter().all(|r| r.ladder.last == Some(40.0) && r.ladder.cases == 1));
    assert!(kept.iter().all(|r| r.ladder.last_evidence.is_none()));
    assert!(ladders.iter().any(|r| r.source == LadderSource::Backtest));
}

#[test]
fn value_added_is_measured_beside_the_frame_and_stands_through_a_drag() {
    let mut bench = Bench::worked_example();
    assert!(matches!(bench.session.ladders(), Ladders::Missing), "nobody asked");
    bench.session.apply(Command::MeasureValueAdded);
    assert!(matches!(bench.session.ladders(), Ladders::Working), "nobody waits");
    bench.settle();
    let made = bench.session.ladders().ready().unwrap().clone();
    let is_same = |bench: &Bench| bench.session.ladders().ready().is_some_and(|now| Arc::ptr_eq(now, &made));
    bench.session.apply(Command::SetOverride(None, bench.value(120.0), Gesture::Drag));
    for value in [130.0, 140.0] {
        bench.session.apply(Command::SetOverride(Some(0), bench.value(value), Gesture::Drag));
        bench.settle();
        assert!(is_same(&bench), "a step of a drag measures nothing");
    }
    bench.session.apply(Command::EndDrag);
    assert!(matches!(bench.session.ladders(), Ladders::Missing), "there is an override now");
    bench.session.apply(Command::MeasureValueAdded);
    bench.apply(Command::Undo);
    assert!(matches!(bench.session.ladders(), Ladders::Missing), "what nobody looks at any more is given up");
    bench.apply(Command::MeasureValueAdded);
    assert_eq!(bench.session.ladders().ready(), Some(&made));
}

#[test]
fn a_new_item_is_planned_from_its_reference() {
    let mut bench = Bench::worked_example();
    let reference = bench.session.selected().unwrap().clone();
    let new = SeriesId::new("successor", reference.location.clone());
    let succession =
        Succession { new: new.clone(), reference, multiplier: 2.0, launch_periods: 0, kind: SuccessionKind::Like };
    let before = bench.demand().1;
    bench.apply(Command::SetSuccession(None, succession));
    assert_eq!(bench.session.planned_panel().unwrap().series().len(), 2);
    assert_eq!(bench.session.project().sales.as_ref().unwrap().panel.series().len(), 1, "sales stay as they were");
    bench.apply(Command::Select(new.clone()));
    assert_eq!(bench.session.focus().unwrap().id, new);
    assert!((bench.demand().0 - 2.0 * before).abs() < 0.2 * before, "{:?} {before}", bench.demand());
    assert!(bench.session.plan().unwrap().stock.iter().any(|s| s.id == new));
    bench.apply(Command::RemoveSuccession(0));
    assert_eq!(bench.session.plan().unwrap().stock.len(), 1);
}

#[test]
fn reconciliation_changes_the_plan_and_undo_brings_it_back() {
    let mut bench = Bench::worked_example();
    let before = bench.planned();
    bench.apply(Command::SetReconciliation(Reconciliation::parse("middle-out:nowhere").unwrap()));
    let failed =
        |e: &Event| matches!(e, Event::Notice(n) if n.kind == NoticeKind::Failed && n.message.en.contains("nowhere"));
    assert!(bench.events.iter().any(failed));
    bench.apply(Command::SetReconciliation(Reconciliation::parse("wls-variance").unwrap()));
    assert!(!bench.session.is_stale());
    bench.apply(Command::Undo);
    bench.apply(Command::Undo);
    assert!((bench.planned() - before).abs() < 1e-12 && !bench.session.is_stale());
}
