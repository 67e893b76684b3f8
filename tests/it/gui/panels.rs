//! Single panels: what they show and what they ask for.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::session::{Command, LstmOptions, Sample};
use planwright::words::Language;

#[test]
fn the_rule_lab_shows_the_example_and_what_holds() {
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::new(language);
        bench.click(bench.t("Rule lab", "规则实验室"));
        for figure in ["104.5492", "110", "95", "155", "150", "105", "1,050"] {
            assert!(bench.harness.query_all_by_label(figure).count() > 0, "{figure} is not shown");
        }
        assert!(bench.says(bench.t("Other plans cost the same", "另有同样成本的方案")));
        assert!(bench.says(bench.t("max level", "最高库存")), "the warnings are shown");
    }
}

#[test]
fn the_worked_example_opens_as_a_project() {
    let mut bench = Bench::new(Language::English);
    bench.click("Rule lab");
    bench.click("Open as a project");
    assert_eq!(bench.session().project().name, "Worked example");
    bench.click("Stock");
    assert!(bench.says("Max-level rule"));
}

#[test]
fn a_model_is_chosen_from_the_accuracy_table_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    let automatic = bench.session().focus().unwrap().series.best().model.clone();
    let scores = &bench.session().focus().unwrap().series.scores;
    let other = scores.iter().map(|s| s.model.clone()).find(|m| *m != automatic).unwrap();
    let id = bench.session().selected().unwrap().clone();
    // The cell of the table: the legend's entry of the same name has another role.
    let label = planwright::session::models().into_iter().find(|m| m.name == &*other).unwrap().label.en;
    let cell = bench.harness.get_by_role_and_label(egui::Role::Label, &label).rect().center();
    bench.harness.drag_at(cell);
    bench.harness.step();
    bench.harness.drop_at(cell);
    bench.settle();
    assert_eq!(bench.session().project().chosen_models.get(&id), Some(&other));
    assert_eq!(bench.session().focus().unwrap().series.best().model, other);
    bench.apply(Command::ChooseModel(id, None));
    assert_eq!(bench.session().focus().unwrap().series.best().model, automatic);
}

#[test]
fn a_training_shows_its_curve_and_a_cancel_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    let endless = LstmOptions { epochs: 10_000, patience: 0, units: vec![8], ..LstmOptions::default() };
    bench.apply(Command::SetLstm(endless));
    let before = bench.session().project().clone();
    bench.harness.get_by_role_and_label(egui::Role::Button, "Train LSTM").click_accesskit();
    bench.harness.run_ok();
    loop {
        bench.harness.step();
        let losses = bench.session().job().map_or(0, |j| j.losses.len());
        if losses >= 3 {
            break;
        }
        assert!(!bench.harness.state_mut().session_mut().is_idle(), "the training ended by itself");
        bench.woken.recv_timeout(std::time::Duration::from_millis(20)).unwrap_or_default();
    }
    bench.harness.step();
    assert!(bench.says("Loss (MSE, scaled)") || bench.says("Epoch") || bench.says("epoch"));
    bench.harness.get_by_role_and_label(egui::Role::Button, "Cancel").click_accesskit();
    bench.settle();
    assert!(bench.session().job().is_none());
    assert_eq!(*bench.session().project(), before);
    assert!(bench.session().focus().unwrap().series.candidates.iter().all(|c| &*c.model != "lstm"));
    assert!(bench.harness.query_by_role_and_label(egui::Role::Button, "Train LSTM").is_some());
}

#[test]
fn the_search_narrows_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    assert!(bench.says("2 of 2 item-locations"));
    bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::F);
    bench.harness.step();
    bench.harness.step();
    bench.harness.event(egui::Event::Text("black".to_owned()));
    bench.settle();
    assert!(bench.says("1 of 2 item-locations"));
    let row = |label| bench.harness.query_by_role_and_label(egui::Role::Button, label);
    assert!(row("TEA-2 @ HAM").is_some());
    assert!(row("TEA-1 @ HAM").is_none());
}

#[test]
fn arrow_keys_walk_the_items() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    assert_eq!(&*bench.session().selected().unwrap().item, "TEA-1");
    bench.harness.key_press(egui::Key::ArrowDown);
    bench.settle();
    assert_eq!(&*bench.session().selected().unwrap().item, "TEA-2");
    bench.harness.key_press(egui::Key::ArrowUp);
    bench.settle();
    assert_eq!(&*bench.session().selected().unwrap().item, "TEA-1");
}

#[test]
fn another_column_is_read_when_the_user_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.csv");
    let rows: Vec<String> = (1..=28).map(|d| format!("2024-02-{d:02},A,{d},{}", 1000 + d)).collect();
    let rows = rows.join("\n");
    std::fs::write(&path, format!("date,item,quantity,returned\n{rows}")).unwrap();
    let mut bench = Bench::new(Language::English);
    bench.apply(Command::ImportSales(path));
    bench.click("Data");
    let total = |b: &Bench| b.session().project().sales.as_ref().unwrap().panel.total();
    assert!((total(&bench) - 406.0).abs() < 1e-9);
    bench.harness.get_by_role_and_label(egui::Role::ComboBox, "Quantity").click();
    bench.settle();
    bench.click("returned");
    assert!((total(&bench) - 28_406.0).abs() < 1e-9);
}

#[test]
fn a_sample_opens_from_the_empty_window() {
    let mut bench = Bench::new(Language::Chinese);
    bench.apply(Command::OpenSample(Sample::WorkedExample));
    assert!(bench.session().plan().is_some());
    assert!(bench.says("计划已更新"));
}

#[test]
fn a_note_is_kept_beside_other_scenarios() {
    let mut bench = Bench::new(Language::English);
    bench.apply(Command::OpenSample(Sample::WorkedExample));
    bench.apply(Command::BranchScenario("A".into()));
    bench.apply(Command::BranchScenario("B".into()));
    bench.click("Scenarios");
    let field = "Why this scenario? A";
    bench.harness.get_by_label(field).focus();
    bench.harness.step();
    for word in ["port ", "strike"] {
        bench.harness.get_by_label(field).type_text(word);
        bench.harness.step();
    }
    // The note is kept when the cursor leaves.
    bench.click("Scenarios");
    assert_eq!(bench.session().project().scenario("A").unwrap().note, "port strike");
}

#[test]
fn leaving_a_field_untouched_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Stock");
    let fields = bench.harness.get_all_by_role(egui::Role::SpinButton);
    let fields: Vec<egui::Pos2> = fields.map(|n| n.rect().center()).collect();
    assert!(fields.len() >= 8, "{fields:?}");
    for at in fields {
        bench.harness.drag_at(at);
        bench.harness.step();
        bench.harness.drop_at(at);
        bench.settle();
    }
    bench.harness.key_press(egui::Key::Tab);
    bench.settle();
    assert_eq!(bench.session().project().scenarios.len(), 1, "no what-if opened");
}
