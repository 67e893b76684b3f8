//! Questions: what happens to bad files, unsaved work and dropped files.

use super::{Bench, Files};
use egui_kittest::kittest::Queryable;
use planwright::session::{Command, Sample};
use planwright::words::Language;

#[test]
fn a_file_that_is_not_there_is_named_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    let before = bench.session().project().clone();
    bench.click("Data");
    bench.click("Open sales…");
    bench.answer_path(&folder.path().join("nowhere.csv"), "Open");
    assert!(bench.says("nowhere.csv was not read"));
    assert_eq!(*bench.session().project(), before);
    assert!(bench.session().plan().is_some());
}

#[test]
fn a_bad_file_lists_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    std::fs::write(&path, "name,colour\ntea,green\n").unwrap();
    let mut bench = Bench::new(Language::English);
    bench.apply(Command::ImportSales(path));
    bench.click("Data");
    assert!(bench.says("bad.csv was not read"));
    assert!(bench.says("quantity"), "the finding says what is missing");
}

#[test]
fn unsaved_work_is_asked_for_before_it_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    let replace = |bench: &mut Bench| {
        bench.click("File");
        bench.click("New project");
    };
    replace(&mut bench);
    assert!(bench.says("Save the changes to"));
    bench.click("Cancel");
    assert!(bench.session().project().sales.is_some());

    replace(&mut bench);
    bench.click("Save");
    let path = folder.path().join("kept");
    let field = "Path of the file";
    bench.harness.get_by_label(field).set_text_value_accesskit(&path.display().to_string());
    bench.settle();
    bench.click("Save");
    assert!(folder.path().join("kept.planwright").exists());
    assert!(bench.session().project().sales.is_none(), "after the save the new project opens");

    bench.apply(Command::OpenProject(folder.path().join("kept.planwright")));
    assert!(bench.session().project().sales.is_some());
    bench.apply(Command::BranchScenario("Strike".into()));
    replace(&mut bench);
    bench.click("Don't save");
    assert!(bench.session().project().sales.is_none());
}

#[test]
fn a_save_that_is_not_made_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("File");
    bench.click("New project");
    bench.click("Save");
    bench.click("Cancel");
    // A later save is only a save.
    bench.apply(Command::SaveProject(Some(folder.path().join("later.planwright"))));
    assert!(bench.session().project().sales.is_some());
}

#[test]
fn a_dropped_file_opens_by_its_content() {
    #[derive(Debug)]
    struct Dropped(std::path::PathBuf);
    impl egui::DroppedFile for Dropped {
        fn path(&self) -> &std::path::Path {
            &self.0
        }
        fn bytes(&self) -> Result<Vec<u8>, String> {
            std::fs::read(&self.0).map_err(|e| e.to_string())
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let files = Files::write(folder.path());
    let mut bench = Bench::new(Language::English);
    for path in [files.sales, files.items, files.network] {
        bench.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
        bench.settle();
    }
    let project = bench.session().project();
    assert!(project.sales.is_some());
    assert_eq!(project.items.len(), 2);
    assert_eq!(project.network.customers.len(), 2);
}

#[test]
fn undo_and_redo_by_key() {
    let mut bench = Bench::new(Language::English);
    bench.apply(Command::OpenSample(Sample::WorkedExample));
    bench.apply(Command::BranchScenario("A".into()));
    bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    bench.settle();
    assert_eq!(bench.session().project().scenarios.len(), 1);
    let redo = egui::Modifiers { shift: true, ..egui::Modifiers::COMMAND };
    bench.harness.key_press_modifiers(redo, egui::Key::Z);
    bench.settle();
    assert_eq!(bench.session().project().scenarios.len(), 2);
}

#[test]
fn the_shortcuts_are_listed() {
    let mut bench = Bench::new(Language::Chinese);
    bench.harness.key_press(egui::Key::F1);
    bench.settle();
    assert!(bench.says("键盘快捷键"));
    bench.click("关闭");
    assert!(bench.harness.query_by_label("方向键").is_none());
}

#[test]
fn a_table_is_exported_as_csv() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Costs");
    bench.click("Lines");
    bench.click("CSV…");
    let out = folder.path().join("ledger");
    bench.harness.get_by_label("Path of the file").set_text_value_accesskit(&out.display().to_string());
    bench.settle();
    bench.click("Export");
    let text = std::fs::read_to_string(folder.path().join("ledger.csv")).unwrap();
    assert!(text.lines().next().unwrap().contains("driver,item"), "{text}");
}
