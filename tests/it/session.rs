//! The application's state without a window: jobs, undo, scenarios, project files.

use crate::bench::Bench;
use planwright::control::Control;
use planwright::model::{Change, FutureRule, HolidaySet, Lever, Scope};
use planwright::pipeline;
use planwright::session::{Command, Explanation, Gesture, LstmOptions};
use std::fmt::Write;

#[test]
fn the_worked_example_opens_with_a_plan() {
    let bench = Bench::worked_example();
    let focus = bench.session.focus().unwrap();
    assert_eq!(focus.series.id, *bench.session.selected().unwrap());
    assert!((focus.stock.safety_stock - 50.0).abs() < 1e-9);
    assert_eq!(bench.failures(), 0);
}

#[test]
fn a_lever_moves_the_item_at_once_and_a_drag_is_one_step() {
    let mut bench = Bench::worked_example();
    let id = bench.session.selected().unwrap().clone();
    let before = bench.session.focus().unwrap().stock.reorder_point;
    for value in [60.0, 70.0, 80.0] {
        let change = Change::Set(value);
        let lever = Command::SetLever(Lever::SafetyStock, Scope::Series(id.clone()), change, Gesture::Drag);
        bench.session.apply(lever);
        assert!((bench.session.focus().unwrap().stock.reorder_point - before - (value - 50.0)).abs() < 1e-9);
    }
    let lever = Command::SetLever(Lever::SafetyStock, Scope::Series(id), Change::Set(80.0), Gesture::Commit);
    bench.apply(lever);
    bench.apply(Command::Undo);
    assert!((bench.session.focus().unwrap().stock.reorder_point - before).abs() < 1e-9);
    assert_eq!(bench.session.project().scenarios.len(), 1);
    bench.apply(Command::Redo);
    assert!((bench.session.focus().unwrap().stock.safety_stock - 80.0).abs() < 1e-9);
}

#[test]
fn scenarios_branch_rename_and_delete() {
    let mut bench = Bench::worked_example();
    bench.apply(Command::BranchScenario("Strike".into()));
    assert_eq!(bench.session.project().active, "Strike");
    bench.apply(Command::RenameScenario("Strike".into(), "Long strike".into()));
    assert_eq!(bench.session.project().active, "Long strike");
    bench.apply(Command::DeleteScenario("Long strike".into()));
    assert_eq!(bench.session.project().active, bench.session.project().scenarios[0].name);
    bench.apply(Command::DeleteScenario("Base".into()));
    assert_eq!(bench.session.project().scenarios.len(), 1);
}

#[test]
fn a_project_comes_back_as_it_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.planwright");
    let mut bench = Bench::worked_example();
    bench.apply(Command::BranchScenario("A".into()));
    let id = bench.session.selected().unwrap().clone();
    bench.apply(Command::ChooseModel(id, Some("drift".into())));
    bench.apply(Command::SaveProject(Some(path.clone())));
    assert!(!bench.session.is_dirty(), "{:?}", bench.events);
    let mut other = Bench::new();
    other.apply(Command::OpenProject(path));
    assert_eq!(other.session.project().scenarios, bench.session.project().scenarios);
    assert_eq!(other.session.project().chosen_models, bench.session.project().chosen_models);
    let stock = |b: &Bench| b.session.plan().unwrap().stock.clone();
    assert_eq!(stock(&other), stock(&bench));
}

#[test]
fn a_cut_or_altered_project_is_refused_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.planwright");
    let mut bench = Bench::worked_example();
    bench.apply(Command::SaveProject(Some(path.clone())));
    let whole = std::fs::read(&path).unwrap();
    let mut altered = whole.clone();
    let last = altered.len() - 5;
    altered[last] ^= 1;
    // Only the hash tells a sound payload under another project's header.
    bench.apply(Command::BranchScenario("Other".into()));
    bench.apply(Command::SaveProject(Some(path.clone())));
    let other = std::fs::read(&path).unwrap();
    let payload = |file: &[u8]| file.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).unwrap().0 + 1;
    let mixed = [&whole[..payload(&whole)], &other[payload(&other)..]].concat();
    let half = &whole[..whole.len() / 2];
    let broken = [half, &whole[..10], &altered[..], &mixed[..], b"", b"PLANWRIGHT 99\nx\ny"];
    for (k, bytes) in broken.into_iter().enumerate() {
        std::fs::write(&path, bytes).unwrap();
        let before = bench.session.project().clone();
        bench.apply(Command::OpenProject(path.clone()));
        assert_eq!(bench.failures(), k + 1);
        assert_eq!(*bench.session.project(), before);
    }
}

#[test]
fn a_missing_file_says_so() {
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales("no/such/file.csv".into()));
    assert_eq!(bench.failures(), 1);
    assert!(bench.session.rejected().is_some());
}

#[test]
fn a_choice_taken_back_is_gone_even_after_a_training() {
    let mut sales = String::from("date,quantity\n");
    for day in 0..60 {
        let (month, date) = (1 + day / 28, 1 + day % 28);
        writeln!(sales, "2024-{month:02}-{date:02},{}", 50 + (day * 7) % 11).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    std::fs::write(&path, sales).unwrap();
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales(path));
    let small = LstmOptions { window: 4, units: vec![3], epochs: 2, ..LstmOptions::default() };
    bench.apply(Command::SetLstm(small));
    let id = bench.session.selected().unwrap().clone();
    let chosen = |b: &Bench| b.session.focus().unwrap().series.best().model.to_string();
    let automatic = chosen(&bench);
    let other = if automatic == "naive" { "ses" } else { "naive" };
    bench.apply(Command::ChooseModel(id.clone(), Some(other.into())));
    assert_eq!(chosen(&bench), other);
    bench.apply(Command::TrainNetwork);
    let models = &bench.session.focus().unwrap().series.candidates;
    assert!(models.iter().any(|c| &*c.model == "lstm"), "{:?}", bench.events);
    bench.apply(Command::ChooseModel(id, None));
    assert_eq!(chosen(&bench), automatic);
}

#[test]
fn own_sales_replace_the_whole_sample_and_undo_brings_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    std::fs::write(&path, "date,quantity\n2024-01-01,5\n2024-01-02,7\n2024-01-03,6\n").unwrap();
    let mut bench = Bench::worked_example();
    let before = bench.session.project().clone();
    bench.apply(Command::ImportSales(path.clone()));
    let project = bench.session.project();
    assert_eq!(project.name, "mine");
    assert!(project.items.is_empty() && project.network.is_empty());
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project(), before);
    // Items read before the sales are the user's own.
    let mine = folder.path().join("mine.items.csv");
    std::fs::write(&mine, "item,unit_cost\nmine,4\n").unwrap();
    bench.apply(Command::ImportItems(mine));
    bench.apply(Command::ImportSales(path.clone()));
    assert_eq!(bench.session.project().items.len(), 1);
    assert!(bench.session.project().network.is_empty());
    bench.apply(Command::Undo);
    bench.apply(Command::Undo);
    bench.apply(Command::ImportSales(path.clone()));
    // A second file of one's own keeps the items that were read meanwhile.
    let items = folder.path().join("items.csv");
    std::fs::write(&items, "item,unit_cost\nmine,3\n").unwrap();
    bench.apply(Command::ImportItems(items));
    let again = folder.path().join("again.csv");
    std::fs::copy(&path, &again).unwrap();
    bench.apply(Command::ImportSales(again));
    assert_eq!(bench.session.project().items.len(), 1);
}

#[test]
fn an_import_setting_and_its_data_are_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    let rows: Vec<String> = (1..=28).map(|d| format!("2024-02-{d:02},{d}")).collect();
    std::fs::write(&path, format!("date,quantity\n{}\n", rows.join("\n"))).unwrap();
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales(path));
    let before = bench.session.project().clone();
    bench.apply(Command::SetFrequency(Some(planwright::model::Frequency::Week)));
    let frequency = |b: &Bench| b.session.project().sales.as_ref().unwrap().panel.frequency();
    assert_eq!(frequency(&bench), planwright::model::Frequency::Week);
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project(), before);
}

#[test]
fn what_was_moved_last_has_the_last_word() {
    let mut bench = Bench::worked_example();
    let id = bench.session.selected().unwrap().clone();
    let days = |b: &Bench| b.session.focus().unwrap().item.lead_time_days;
    let set = |scope, value| Command::SetLever(Lever::LeadTimeDays, scope, Change::Set(value), Gesture::Commit);
    bench.apply(set(Scope::Series(id.clone()), 3.0));
    bench.apply(set(Scope::All, 9.0));
    assert!((days(&bench) - 9.0).abs() < 1e-12);
    bench.apply(set(Scope::Series(id), 4.0));
    assert!((days(&bench) - 4.0).abs() < 1e-12);
}

#[test]
fn a_save_that_ends_after_the_project_changed_hands_is_not_the_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::worked_example();
    bench.session.apply(Command::SaveProject(Some(folder.path().join("old.planwright"))));
    bench.apply(Command::NewProject);
    assert_eq!(bench.session.path(), None);
    assert!(folder.path().join("old.planwright").exists());
}

#[test]
fn drivers_and_holidays_are_saved_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let (sales, drivers) = (folder.path().join("sales.csv"), folder.path().join("drivers.csv"));
    let (events, saved) = (folder.path().join("events.csv"), folder.path().join("p.planwright"));
    let promo = |week: usize| usize::from(week % 7 == 2 || week % 11 == 4);
    let (mut table, mut known) = ("date,item,quantity\n".to_owned(), "date,item,promo\n".to_owned());
    for week in 0..60 {
        writeln!(table, "{},A,{}", monday(week), 40 + 40 * promo(week) + week % 3).unwrap();
    }
    for week in 0..80 {
        writeln!(known, "{},A,{}", monday(week), promo(week)).unwrap();
    }
    std::fs::write(&sales, table).unwrap();
    std::fs::write(&drivers, known).unwrap();
    std::fs::write(&events, "name,first,last\nFair,2023-05-01,2023-05-07\n").unwrap();
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales(sales));
    let models = |bench: &Bench| {
        bench.session.focus().unwrap().series.scores.iter().map(|s| s.model.to_string()).collect::<Vec<_>>()
    };
    assert!(!models(&bench).contains(&"regression".to_owned()));
    bench.apply(Command::ImportDrivers(drivers));
    assert!(models(&bench).contains(&"regression".to_owned()), "{:?}", bench.events);
    bench.apply(Command::ImportEvents(events));
    bench.apply(Command::SetHolidays([HolidaySet::China].into()));
    bench.apply(Command::SetDriverFuture(FutureRule::HoldLast));
    let all = bench.session.project().settings.drivers.clone();
    assert_eq!((all.values.len(), all.events.len(), all.holidays.len()), (1, 1, 1));
    assert_eq!(all.future, FutureRule::HoldLast);
    let assumed = bench.session.plan().unwrap().assumptions.iter().find(|a| a.name.en == "Drivers").unwrap();
    assert_eq!(assumed.value.en, "promo, Fair, cn");
    bench.apply(Command::SaveProject(Some(saved.clone())));
    bench.apply(Command::ClearDrivers);
    assert!(bench.session.project().settings.drivers.is_empty());
    assert!(!models(&bench).contains(&"regression".to_owned()));
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project().settings.drivers, *all);
    let mut again = Bench::new();
    again.apply(Command::OpenProject(saved));
    assert_eq!(*again.session.project().settings.drivers, *all);
    assert_eq!(models(&again), models(&bench));
    assert_eq!(bench.failures() + again.failures(), 0, "{:?}", bench.events);
}

/// The Monday `week` weeks after 2 January 2023, as a date.
fn monday(week: usize) -> String {
    let first = planwright::model::Period::parse("2023-W01").unwrap();
    first.plus(week as i64).first_day().unwrap().to_string()
}

#[test]
fn a_forecast_is_taken_apart_beside_the_frame_and_kept() {
    let mut bench = Bench::worked_example();
    assert!(matches!(bench.session.explanation(), Explanation::Missing), "nobody asked");
    bench.session.apply(Command::Explain);
    assert!(matches!(bench.session.explanation(), Explanation::Working), "nobody waits");
    bench.settle();
    let made = bench.session.explanation().ready().unwrap().clone();
    let (panel, forecast) = (bench.session.planned_panel().unwrap(), bench.session.focus().unwrap().series.best());
    let expected = pipeline::explain_series(panel.get(&forecast.id).unwrap(), forecast, &Control::silent());
    assert_eq!(made, expected.unwrap());
    let (id, model) = (forecast.id.clone(), forecast.model.clone());
    let other = if &*model == "drift" { "naive" } else { "drift" };
    bench.apply(Command::ChooseModel(id, Some(other.into())));
    assert!(matches!(bench.session.explanation(), Explanation::Missing), "it is another forecast");
    bench.apply(Command::Explain);
    assert_ne!(bench.session.explanation().ready(), Some(&made));
    bench.apply(Command::Undo);
    assert_eq!(bench.session.explanation().ready(), Some(&made), "undo shows it at once");
}
