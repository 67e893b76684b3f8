//! The Scenarios panel: the tree, two scenarios side by side, new data; and undo by name.

use super::Bench;
use planwright::model::{Change, Lever, Scope, SeriesId};
use planwright::session::{Command, Gesture};
use planwright::words::Language;
use std::fmt::Write;

/// A what-if and a branch of it, the branch active.
fn branched(language: Language, folder: &std::path::Path) -> Bench {
    let mut bench = Bench::with_company(language, folder);
    let set = |lever, scope, change| Command::SetLever(lever, scope, change, Gesture::Commit);
    bench.apply(Command::BranchScenario("Strike".into()));
    bench.apply(set(Lever::LeadTimeDays, Scope::All, Change::Add(20.0)));
    bench.apply(Command::BranchScenario("Strike, prepared".into()));
    bench.apply(set(Lever::ServiceLevel, Scope::All, Change::Set(0.99)));
    bench.click(bench.t("Scenarios", "方案"));
    bench
}

#[test]
fn every_view_of_two_scenarios_has_its_figures_in_both_languages() {
    for language in [Language::English, Language::Chinese] {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = branched(language, folder.path());
        assert!(bench.says(bench.t("inherited: 1 Strike", "继承：1 Strike")), "where a change comes from");
        bench.click(bench.t("All scenarios", "全部方案"));
        assert!(bench.says("Strike, prepared") && bench.says(bench.t("Total cost", "总成本")));
        bench.click(bench.t("Items", "商品"));
        assert!(bench.says(bench.t("Safety stock", "安全库存")) && bench.says(bench.t("In money", "折合金额")));
        bench.click(bench.t("Charts", "图表"));
        assert!(bench.says(bench.t("Base", "基准方案")));
        bench.click(bench.t("Cost bridge", "成本桥"));
        assert!(bench.says(bench.t("Lead time: everything", "提前期：全部")));
        assert!(bench.says(bench.t("Service level: everything", "服务水平：全部")));
        bench.click(bench.t("By cost", "按成本项"));
        assert!(bench.says(bench.t("Holding", "持有")));
        bench.click(bench.t("What was changed", "更改内容"));
        assert!(bench.says("+ 20") && bench.says("= 99%") && bench.says(bench.t("this one", "本方案")));
    }
}

#[test]
fn an_item_that_differs_is_shown_in_stock() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = branched(Language::English, folder.path());
    bench.click("Items");
    let made = bench.session().compared("Base", "Strike, prepared").ready().unwrap().clone();
    assert!(!made.items.rows.is_empty());
    assert!(bench.says("A click shows the item in Stock."));
}

#[test]
fn new_data_asks_and_the_answer_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = branched(Language::English, folder.path());
    let gone = Scope::Series(SeriesId::new("gone", "nowhere"));
    bench.apply(Command::SetLever(Lever::Moq, gone, Change::Set(3.0), Gesture::Commit));
    assert!(!bench.says("New data: 1"), "the user knew when setting it");
    let items = folder.path().join("new items.csv");
    let mut table = String::from("item,location,service_level\n");
    for item in bench.session().project().items.iter() {
        writeln!(table, "{},{},0.8", item.id.item, item.id.location).unwrap();
    }
    std::fs::write(&items, table).unwrap();
    bench.apply(Command::ImportItems(items));
    assert_eq!(bench.session().conflicts().len(), 1, "the service level was set against another base");
    bench.click("New data: 1");
    assert!(bench.says("Keep mine") && bench.says("80%"));
    let asked = bench.session().conflicts().iter().map(|c| (c.scenario.clone(), c.lever, c.scope.clone())).collect();
    bench.apply(Command::AnswerConflicts(asked, planwright::session::ConflictAnswer::KeepMine));
    assert!(!bench.says("New data: 1"));
    bench.apply(Command::Undo);
    assert!(bench.says("New data: 1"));
}

#[test]
fn several_steps_are_undone_from_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = branched(Language::English, folder.path());
    bench.click("Undo");
    assert!(bench.says("1. Change service level") && bench.says("4. Branch scenario"));
    bench.click("4. Branch scenario");
    assert_eq!(bench.session().project().scenarios.len(), 1);
    bench.click("Redo");
    bench.click("2. Change lead time");
    assert_eq!(bench.session().project().scenarios.len(), 2);
}
