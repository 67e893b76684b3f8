//! The main job from a sales file to a workbook, in the window.

use super::{Bench, Files};
use egui_kittest::kittest::{NodeT, Queryable};
use planwright::words::Language;

fn main_job(language: Language) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::write(folder.path());
    let mut bench = Bench::new(language);
    assert!(bench.says(bench.t("Start with your sales", "从销售数据开始")));
    let (file, open) = (bench.t("File", "文件"), bench.t("Open", "打开"));
    let entries = [
        (bench.t("Open sales…", "打开销售数据…"), &files.sales),
        (bench.t("Open items…", "打开商品清单…"), &files.items),
        (bench.t("Open network…", "打开配送网络…"), &files.network),
    ];
    for (entry, path) in entries {
        bench.click(file);
        // The empty state offers the sales too: the menu's entry is the last one drawn.
        let menu = bench.harness.get_all_by_role_and_label(egui::Role::Button, entry).last().unwrap();
        menu.click();
        bench.settle();
        bench.answer_path(path, open);
    }
    assert_eq!(bench.session().project().items.len(), 2);
    assert_eq!(bench.session().project().network.lanes.len(), 2);
    assert!(bench.session().plan().is_some());

    bench.click("TEA-2 @ HAM");
    assert_eq!(&*bench.session().selected().unwrap().item, "TEA-2");
    assert!(bench.says(bench.t("Accuracy over rolling origins", "滚动回测精度")));

    bench.click(bench.t("Stock", "库存"));
    let before = bench.session().focus().unwrap().stock.reorder_point;
    let safety = bench.t("Safety stock", "安全库存");
    bench.harness.get_by_role_and_label(egui::Role::Slider, safety).set_value_accesskit(120.0);
    bench.settle();
    let focus = bench.session().focus().unwrap();
    assert!((focus.stock.safety_stock - 120.0).abs() < 1.0, "{}", focus.stock.safety_stock);
    assert!(focus.stock.reorder_point > before);
    assert_eq!(bench.session().project().scenarios.len(), 2, "the base stays and a what-if opens");

    bench.click(bench.t("Dispatch", "调运"));
    assert!(bench.says(bench.t("Optimal", "最优")));
    bench.click(bench.t("Costs", "成本"));
    assert!(bench.says(bench.t("Purchase", "采购")));
    bench.click(bench.t("Scenarios", "方案"));
    assert!(bench.says(bench.t("against", "对比")));
    bench.click(bench.t("What was changed", "更改内容"));
    assert!(bench.says("= 120"));

    let out = folder.path().join("plan.xlsx");
    bench.click(bench.t("Export workbook…", "导出工作簿…"));
    let field = bench.t("Path of the file", "文件路径");
    let suggested = bench.harness.get_by_label(field).value().unwrap_or_default();
    assert!(std::path::Path::new(&suggested).extension().is_some_and(|e| e == "xlsx"), "{suggested}");
    bench.harness.get_by_label(field).set_text_value_accesskit(&out.display().to_string());
    bench.settle();
    bench.click(bench.t("Export", "导出"));
    assert_eq!(&std::fs::read(&out).unwrap()[..2], b"PK", "a workbook is a zip file");
}

#[test]
fn the_main_job_by_label() {
    main_job(Language::English);
}

#[test]
fn the_main_job_by_label_in_chinese() {
    main_job(Language::Chinese);
}

#[test]
fn a_lever_moves_the_figures_in_the_same_frame() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Stock");
    let slider = bench.harness.get_by_role_and_label(egui::Role::Slider, "Safety stock");
    let rect = slider.rect();
    bench.harness.drag_at(rect.left_center() + egui::vec2(20.0, 0.0));
    bench.harness.step();
    bench.harness.hover_at(rect.center());
    bench.harness.step();
    // One frame after the pointer moved, the tile shows what the session computed.
    let focus = bench.session().focus().unwrap().clone();
    assert!((focus.stock.safety_stock - focus.base_stock.safety_stock).abs() > 1.0);
    let expected = format!("{:.0}", focus.stock.safety_stock);
    assert!(bench.says(&expected), "no tile shows {expected}");
    assert!(bench.session().is_stale(), "the whole plan waits for the end of the drag");
    bench.harness.drop_at(rect.center());
    bench.settle();
    assert!(!bench.session().is_stale());
    let undo = bench.session().undo_name().unwrap().en.clone();
    assert_eq!(undo, "Change safety stock");
    bench.apply(planwright::session::Command::Undo);
    assert_eq!(bench.session().project().scenarios.len(), 1, "a drag is one step");
}

#[test]
fn the_language_changes_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    assert!(bench.says("Forecast") && !bench.says("预测"));
    bench.click("中文");
    assert!(bench.says("预测") && !bench.says("Accuracy over rolling origins"));
    bench.click("English");
    assert!(bench.says("Accuracy over rolling origins"));
}

#[test]
fn every_panel_names_its_controls() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        let tabs = [
            ("Data", "数据"),
            ("Forecast", "预测"),
            ("Stock", "库存"),
            ("Dispatch", "调运"),
            ("Costs", "成本"),
            ("Risk", "风险"),
            ("Scenarios", "方案"),
            ("Rule lab", "规则实验室"),
        ];
        for (en, zh) in tabs {
            // Settling checks that every control has a name and every character a glyph.
            let tab = bench.t(en, zh);
            bench.click(tab);
            let node = bench.harness.get_by_role_and_label(egui::Role::Button, tab);
            assert_eq!(node.accesskit_node().is_selected().or(Some(true)), Some(true));
        }
    }
}

#[test]
fn a_lever_that_leaves_the_screen_in_mid_drag_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Stock");
    let rect = bench.harness.get_by_role_and_label(egui::Role::Slider, "Safety stock").rect();
    bench.harness.drag_at(rect.left_center() + egui::vec2(20.0, 0.0));
    bench.harness.step();
    bench.harness.hover_at(rect.center());
    bench.harness.step();
    assert!(bench.session().is_dragging());
    bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num2);
    bench.harness.step();
    bench.harness.drop_at(rect.center());
    bench.settle();
    assert!(!bench.session().is_dragging() && !bench.session().is_stale());
}

#[test]
fn one_key_does_one_thing() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    let press = |bench: &mut Bench, key| {
        bench.harness.key_press_modifiers(egui::Modifiers::COMMAND, key);
        bench.settle();
        bench.harness.ctx.zoom_factor()
    };
    assert!((press(&mut bench, egui::Key::Plus) - 1.1).abs() < 1e-6);
    assert!((press(&mut bench, egui::Key::Equals) - 1.2).abs() < 1e-6);
    assert!((press(&mut bench, egui::Key::Minus) - 1.1).abs() < 1e-6);
    assert!((press(&mut bench, egui::Key::Num0) - 1.1).abs() < 1e-6, "the size stays");
    assert!(bench.says("Open alerts"), "the panel Risk opens");
    // While a dialog is open no key of the window does anything.
    press(&mut bench, egui::Key::O);
    assert!(bench.says("Path of the file"));
    assert!((press(&mut bench, egui::Key::Num0) - 1.1).abs() < 1e-6);
}
