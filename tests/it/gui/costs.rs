//! *Costs*: its three pages, their empty states, and what they ask for.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::model::{Lever, Opening, Scope};
use planwright::session::{Command, Sample};
use planwright::words::Language;

#[test]
fn the_pages_show_their_figures_in_both_languages() {
    for language in [Language::English, Language::Chinese] {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Costs", "成本"));
        bench.click(bench.t("Lines", "明细"));
        assert!(bench.says(bench.t("order planned × unit cost", "计划订单 × 单位成本")), "a line's source");
        bench.click(bench.t("Balances", "余额"));
        assert!(bench.says(bench.t("Capital tied up in mean stock", "平均库存占用资金")));
        bench.click(bench.t("Allocation", "成本分摊"));
        assert!(bench.says(bench.t("Nothing is shared", "没有共享成本")));
        bench.click(bench.t("Cash", "现金流"));
        for words in ["DIO", "DSO", "DPO", "CCC", bench.t("Working capital", "营运资金")] {
            assert!(bench.says(words), "{words}");
        }
        bench.click(bench.t("Items", "商品"));
        assert!(bench.says("TEA-2"));
    }
}

#[test]
fn lines_are_filtered_by_cost_and_item() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Costs");
    bench.click("Lines");
    let all = bench.session().plan().unwrap().ledger.lines.len();
    assert!(bench.says(&format!("{all} lines")));
    bench.harness.get_by_label("Item or place").focus();
    bench.harness.step();
    bench.harness.get_by_label("Item or place").type_text("tea-2");
    bench.settle();
    let lines = &bench.session().plan().unwrap().ledger.lines;
    let of_item = lines.iter().filter(|l| &*l.item == "TEA-2").count();
    assert!(of_item < all && bench.says(&format!("{of_item} lines")));
    bench.harness.get_by_role_and_label(egui::Role::ComboBox, "Cost").click();
    bench.settle();
    bench.click("Holding");
    assert!(bench.says("1 lines, together"));
}

#[test]
fn sales_without_prices_say_what_is_missing() {
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::new(language);
        bench.apply(Command::OpenSample(Sample::WorkedExample));
        bench.click(bench.t("Costs", "成本"));
        bench.click(bench.t("Cash", "现金流"));
        assert!(bench.says(bench.t("Sales can't be valued", "无法计算销售额")));
        bench.click(bench.t("Open items…", "打开商品数据…"));
        assert!(bench.says(bench.t("Path of the file", "文件路径")), "the file is asked for");
    }
}

#[test]
fn options_and_terms_become_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Costs");
    bench.click("Cash");
    bench.click("Nothing");
    assert_eq!(bench.session().project().settings.cash.opening, Opening::Nothing);
    bench.apply(Command::Undo);
    assert_eq!(bench.session().project().settings.cash.opening, Opening::History);
    let field = "Customers pay later by (days)";
    bench.harness.get_by_role_and_label(egui::Role::SpinButton, field).set_value_accesskit(30.0);
    bench.settle();
    let scenario = bench.session().project().active_scenario();
    let moved = scenario.overrides.iter().find(|o| o.lever == Lever::CustomerPaymentDays).unwrap();
    assert_eq!(moved.scope, Scope::All);
    assert_eq!(bench.session().project().scenarios.len(), 2, "the base stays");
    assert!(bench.says("Base scenario"), "its line stands beside");
}
