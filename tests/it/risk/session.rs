//! Risk in the session: asked for, kept by plan and cards, marked, undone, saved.

use crate::bench::Bench;
use planwright::model::{
    AlertMark, AlertSettings, AlertState, Change, Disruption, DisruptionKind, DisruptionScope, Lever, Risk, Scope,
    alert_state,
};
use planwright::session::{Command, Gesture, RiskShown};
use std::sync::Arc;

impl Bench {
    fn risk(&mut self) -> Arc<Risk> {
        self.apply(Command::AssessRisk);
        self.session.risk().ready().expect("assessed").clone()
    }
}

fn card() -> Disruption {
    Disruption::new(DisruptionKind::SupplyStops, DisruptionScope::All, 3)
}

#[test]
fn nothing_is_assessed_before_somebody_asks() {
    let mut bench = Bench::worked_example();
    assert!(matches!(bench.session.risk(), RiskShown::Missing) && bench.session.latest_risk().is_none());
    let risk = bench.risk();
    assert_eq!(risk.base.items.len(), 1);
    assert!(Arc::ptr_eq(&risk, bench.session.latest_risk().unwrap()));
    // A new project forgets it.
    bench.apply(Command::NewProject);
    assert!(bench.session.latest_risk().is_none() && bench.session.risk().ready().is_none());
}

#[test]
fn a_drag_of_a_card_is_one_step_and_undo_finds_the_former_result() {
    let mut bench = Bench::worked_example();
    let before = bench.risk();
    bench.apply(Command::SetDisruption(None, card(), Gesture::Commit));
    assert!(matches!(bench.session.risk(), RiskShown::Ready(_)), "whoever adds a card looks at what comes of it");
    let with = bench.risk();
    assert!(with.disruptions.len() == 1 && Arc::ptr_eq(&with.base, &before.base));
    assert!(with.disruptions[0].items[0].short_after >= with.disruptions[0].items[0].short_before);
    for periods in [4, 5, 6] {
        bench.apply(Command::SetDisruption(Some(0), Disruption { periods, ..card() }, Gesture::Drag));
    }
    bench.apply(Command::SetDisruption(Some(0), Disruption { periods: 6, ..card() }, Gesture::Commit));
    assert_eq!(bench.session.project().risk.disruptions[0].periods, 6);
    bench.apply(Command::Undo);
    assert_eq!(bench.session.project().risk.disruptions[0], card());
    assert!(bench.session.risk().ready().is_some(), "known");
    bench.apply(Command::Undo);
    assert!(bench.session.project().risk.disruptions.is_empty());
    assert!(Arc::ptr_eq(&bench.session.risk().ready().unwrap().base, &before.base));
    // Numbers out of range come back in range; a place beyond the list is nobody's.
    bench.apply(Command::SetDisruption(None, Disruption { from: 0, periods: 0, ..card() }, Gesture::Commit));
    assert_eq!(bench.session.project().risk.disruptions[0].periods, 1);
    bench.apply(Command::SetDisruption(Some(7), card(), Gesture::Commit));
    bench.apply(Command::RemoveDisruption(7));
    assert_eq!(bench.session.project().risk.disruptions.len(), 1);
    bench.apply(Command::RemoveDisruption(0));
    assert!(bench.session.project().risk.disruptions.is_empty());
}

#[test]
fn a_card_becomes_a_scenario_in_one_step() {
    let mut bench = Bench::worked_example();
    let days = bench.session.focus().unwrap().item.lead_time_days;
    let late = Disruption::new(DisruptionKind::Late(10.0), DisruptionScope::All, 3);
    bench.apply(Command::SetDisruption(None, late, Gesture::Commit));
    bench.apply(Command::SetDisruption(None, card(), Gesture::Commit));
    assert!(bench.session.can_branch_disruption(0) && !bench.session.can_branch_disruption(1));
    bench.apply(Command::BranchDisruption(0));
    let project = bench.session.project();
    assert_eq!((project.scenarios.len(), &*project.active), (2, "All items: 10 days late"));
    let scenario = project.active_scenario();
    assert!(scenario.note.contains("disruption card: All items: 10 days late, 3 "), "{}", scenario.note);
    assert_eq!(scenario.change_of(Lever::LeadTimeDays, &Scope::All), Some(Change::Add(10.0)));
    assert!((bench.session.focus().unwrap().item.lead_time_days - days - 10.0).abs() < 1e-9);
    assert_eq!(bench.session.plan().unwrap().scenario, "All items: 10 days late", "it is planned");
    // The same card again gives another scenario on top; a card that no lever says gives none.
    bench.apply(Command::BranchDisruption(0));
    assert_eq!(bench.session.project().active, "All items: 10 days late 2");
    bench.apply(Command::BranchDisruption(1));
    bench.apply(Command::BranchDisruption(9));
    assert_eq!(bench.session.project().scenarios.len(), 3);
    assert_eq!(bench.notices(planwright::session::NoticeKind::Warning).len(), 1);
    bench.apply(Command::Undo);
    bench.apply(Command::Undo);
    let project = bench.session.project();
    assert_eq!((project.scenarios.len(), project.risk.disruptions.len()), (1, 2), "a step each");
}

#[test]
fn marks_are_undone_and_saved_and_change_no_result() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::worked_example();
    let settings = AlertSettings { run_out: 0.05, fill_rate: 0.99, ..AlertSettings::default() };
    bench.apply(Command::SetAlertSettings(settings, Gesture::Commit));
    let risk = bench.risk();
    let alert = risk.alerts.first().expect("the worked example has low stock").clone();
    let mark = AlertMark {
        kind: alert.kind,
        id: alert.id.clone(),
        state: AlertState::Done,
        start: risk.start,
        author: "Lin".into(),
        created: "2026-11-30".into(),
        reason: "ordered".into(),
    };
    bench.apply(Command::MarkAlert(Box::new(mark)));
    let marked = bench.session.risk().ready().expect("still known").clone();
    assert!(Arc::ptr_eq(&marked.alerts, &risk.alerts));
    assert_eq!(alert_state(&marked.marks, &alert, marked.start), AlertState::Done);
    let path = folder.path().join("risk.planwright");
    bench.apply(Command::SaveProject(Some(path.clone())));
    bench.apply(Command::Undo);
    let open = bench.session.risk().ready().unwrap().clone();
    assert_eq!(alert_state(&open.marks, &alert, open.start), AlertState::Open);
    bench.apply(Command::OpenProject(path));
    assert_eq!(bench.session.project().risk.marks[0].reason, "ordered");
    assert_eq!(bench.session.project().risk.alerts, settings);
    let again = bench.risk();
    assert_eq!((&again.alerts, &again.base), (&risk.alerts, &risk.base), "the same digits");
    // The queue is exported with what was said.
    let csv = folder.path().join("alerts.csv");
    bench.apply(Command::ExportTable("alerts".into(), csv.clone()));
    let text = std::fs::read_to_string(csv).unwrap();
    assert!(text.contains("ordered") && text.contains("Lin") && text.contains("done"), "{text}");
}
