//! The page of groups and the overrides of a region, walked by label.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::model::ForecastScope;
use planwright::session::{Command, Reconciliation};
use planwright::words::Language;
use std::fmt::Write;

/// Two items in two cities of two regions, in one category each.
fn bench(language: Language, folder: &tempfile::TempDir) -> Bench {
    let mut sales = String::from("date,item,location,region,quantity\n");
    for month in 0..40 {
        let (year, of_year) = (2021 + month / 12, month % 12 + 1);
        for (k, (item, city, region)) in
            [("tea", "HAM", "North"), ("tea", "LYS", "South"), ("cup", "HAM", "North"), ("cup", "LYS", "South")]
                .iter()
                .enumerate()
        {
            let quantity = 50 + 20 * k + (month * (k + 3)) % 7;
            writeln!(sales, "{year}-{of_year:02}-01,{item},{city},{region},{quantity}").unwrap();
        }
    }
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("sales.csv"), sales).unwrap();
    std::fs::write(path("items.csv"), "item,category\ntea,Tea\ncup,Tools\n").unwrap();
    let mut bench = Bench::new(language);
    bench.apply(Command::ImportSales(path("sales.csv")));
    bench.apply(Command::ImportItems(path("items.csv")));
    bench.apply(Command::SetHorizon(4));
    bench.click(bench.t("Forecast", "预测"));
    bench
}

#[test]
fn a_group_is_picked_and_reconciled() {
    for language in [Language::English, Language::Chinese] {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        bench.click(bench.t("Groups", "分组"));
        assert!(bench.says(bench.t("4 item-locations, sum of its series", "4 个商品-地点，所属序列之和")));
        bench.click("North");
        assert!(bench.says(bench.t("2 item-locations, sum of its series", "2 个商品-地点，所属序列之和")));
        assert!(!bench.says(bench.t("Own forecast: ", "分组自身预测：")));
        bench.apply(Command::SetReconciliation(Reconciliation::parse("ols").unwrap()));
        assert!(bench.says(bench.t("2 item-locations, ordinary least squares", "2 个商品-地点，普通最小二乘")));
        assert!(bench.says(bench.t("Own forecast: ", "分组自身预测：")), "the chart has it");
        assert!(bench.says(bench.t("Moved by reconciliation", "协调调整量")), "the table says by how much");
        let groups = bench.session().plan().unwrap().groups.clone();
        let north = groups.iter().find(|g| &*g.name == "North").unwrap();
        let mean = format!("{:.1}", north.last.mean[0]);
        assert!(bench.says(&mean), "{mean}");
        // A group that is gone gives way to the total.
        std::fs::write(folder.path().join("items.csv"), "item,category\ntea,All\ncup,All\n").unwrap();
        bench.click("Tools");
        bench.apply(Command::ImportItems(folder.path().join("items.csv")));
        assert!(bench.says(bench.t("4 item-locations, ordinary", "4 个商品-地点，普通")));
    }
}

#[test]
fn a_region_is_overridden_from_the_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    bench.click("Overrides");
    bench.harness.get_by_role_and_label(egui::Role::ComboBox, "For").click_accesskit();
    bench.settle();
    bench.click("region North");
    bench.click("Add override");
    assert_eq!(bench.session().project().overrides[0].scope, ForecastScope::Region("North".into()));
    assert_eq!(bench.session().overrides()[0].series, 2);
}

#[test]
fn value_added_is_one_click_from_the_overrides() {
    for language in [Language::English, Language::Chinese] {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        bench.click(bench.t("Overrides", "人工调整"));
        bench.click(bench.t("Value added", "预测增值"));
        assert!(bench.says(bench.t("Chosen vs naive", "选用模型较朴素法")));
        assert!(bench.says("North") && bench.says(bench.t("backtest", "回测")));
        bench.click(bench.t("Overrides in order", "按顺序的调整"));
        assert!(bench.says(bench.t("Nothing is overridden.", "尚无人工调整。")));
    }
}
