//! The panel *Segments*: its pages, what they say in both languages, and that a click does what it says.

use super::Bench;
use planwright::session::{Command, Study};
use planwright::words::Language;

#[test]
fn every_page_shows_and_cells_choose_their_items() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Segments", "分类"));
        assert!(bench.says(bench.t("All items: 2", "全部商品：2")));
        let segment = bench.session().segments().unwrap().items[0].segment.to_string();
        bench.click(&segment);
        assert!(bench.says(bench.t("Items of ", " 的商品")));
        bench.click(bench.t("Exchange curve", "权衡曲线"));
        assert!(matches!(bench.session().study(), Study::Ready(_)), "the page asks for what it shows");
        assert!(bench.says(bench.t("Best use of money", "资金最优分配")));
        bench.click(bench.t("Purchase list", "采购清单"));
        assert!(bench.says(bench.t("Gap to the best", "与最优的差距")));
        bench.click(bench.t("Exceptions", "例外"));
        assert!(bench.says(bench.t("No item overrules", "没有商品与计算值不一致")));
    }
}

#[test]
fn suggested_rules_are_in_force_once_asked_for_and_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.click("Segments");
    assert!(bench.says("No rule is in force"));
    bench.click("Suggested rules");
    assert!(bench.says("Rules in force: 9 of 9"));
    assert!(bench.session().plan().unwrap().items.iter().all(|i| !i.by_segment.is_empty()));
    bench.click("No rules");
    assert!(bench.says("No rule is in force"));
    bench.apply(Command::Undo);
    bench.apply(Command::Undo);
    assert!(!bench.session().project().settings.segmentation.is_in_force());
}

#[test]
fn an_empty_window_says_what_to_do() {
    let mut bench = Bench::new(Language::English);
    bench.click("Segments");
    assert!(bench.says("Start with your sales"));
}
