//! *Risk*: the queue, the heat map, disruption cards, the curve, in both languages.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::model::{AlertState, DisruptionKind};
use planwright::session::Command;
use planwright::words::Language;

#[test]
fn the_queue_is_worked_off() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Risk", "风险"));
        let risk = bench.session().latest_risk().expect("assessed when the panel opens").clone();
        let alert = risk.alerts.first().expect("300 and 90 on hand are below the reorder points").clone();
        let why = if language == Language::English { &alert.why.en } else { &alert.why.zh };
        assert!(bench.says(why), "{why}");
        // A click on the row shows it whole; done takes it off the list, with the reason typed.
        let cell = bench.harness.query_all_by_label(why).next().unwrap().rect().left_center() + egui::vec2(6.0, 0.0);
        bench.harness.drag_at(cell);
        bench.harness.step();
        bench.harness.drop_at(cell);
        bench.settle();
        assert_eq!(bench.session().selected(), Some(&alert.id));
        let field = bench.t("Reason", "原因");
        bench.harness.get_by_role_and_label(egui::Role::TextInput, field).focus();
        bench.harness.step();
        bench.harness.get_by_role_and_label(egui::Role::TextInput, field).type_text("ok");
        bench.settle();
        bench.click(bench.t("Mark done", "标为完成"));
        let mark = bench.session().project().risk.marks.first().expect("marked").clone();
        assert_eq!((mark.kind, mark.state, &*mark.reason), (alert.kind, AlertState::Done, "ok"));
        bench.click(bench.t("Open again", "重新打开"));
        assert!(bench.session().project().risk.marks.is_empty());
        bench.click(bench.t("Show in Stock", "在库存中查看"));
        assert!(bench.says(bench.t("Safety stock", "安全库存")));
    }
}

#[test]
fn every_page_shows_something() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Risk", "风险"));
        bench.click(bench.t("Expected loss", "期望损失"));
        assert!(bench.says("TEA-1 @ HAM"));
        bench.click(bench.t("Disruptions", "中断情形"));
        assert!(bench.says(bench.t("No card is active", "没有启用的情形")));
        bench.click(bench.t("+ Supply stops", "+ 断供"));
        let found = bench.session().latest_risk().unwrap().clone();
        assert_eq!(found.disruptions.len(), 1);
        assert!(matches!(found.disruptions[0].cards[0].kind, DisruptionKind::SupplyStops));
        assert!(found.disruptions[0].money > 0.0, "four weeks without supply");
        assert!(bench.says(bench.t("held back", "恢复后才发货")));
        // The slider moves how long it lasts; the result follows.
        let lasts = bench.t("Lasts", "持续");
        bench.harness.get_by_role_and_label(egui::Role::Slider, lasts).set_value_accesskit(8.0);
        bench.settle();
        assert_eq!(bench.session().project().risk.disruptions[0].periods, 8);
        assert!(bench.session().latest_risk().unwrap().disruptions[0].money > found.disruptions[0].money);
        bench.click(bench.t("+ Closure", "+ 关闭"));
        assert!(bench.session().latest_risk().unwrap().together.is_some());
        bench.click(bench.t("Remove disruption 1", "删除中断情形 1"));
        assert_eq!(bench.session().project().risk.disruptions.len(), 1);
        bench.click(bench.t("Bullwhip", "牛鞭效应"));
        assert!(bench.says(bench.t("as variably as customers buy", "订货波动是需求波动的")));
        bench.click(bench.t("Alert quality", "预警质量"));
        assert!(bench.says(bench.t("origins", "个时点")));
        let from = bench.t("Runs out with at least", "缺货概率不低于");
        bench.harness.get_by_role_and_label(egui::Role::Slider, from).set_value_accesskit(50.0);
        bench.settle();
        assert!((bench.session().project().risk.alerts.run_out - 0.5).abs() < 0.01);
        bench.apply(Command::Undo);
        assert!((bench.session().project().risk.alerts.run_out - 0.2).abs() < 1e-9);
    }
}

#[test]
fn before_there_are_sales_the_panel_says_how_to_begin() {
    let mut bench = Bench::new(Language::Chinese);
    bench.click("风险");
    assert!(bench.says("从销售数据开始"));
}

#[test]
fn a_card_becomes_a_scenario() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Risk", "风险"));
        bench.click(bench.t("Disruptions", "中断情形"));
        bench.click(bench.t("+ Late", "+ 晚到"));
        bench.click(bench.t("As scenario 1", "作为情景 1"));
        let active = bench.session().project().active.clone();
        assert_eq!(active, bench.t("All items: 14 days late", "全部商品：晚到 14 天"));
        assert!(bench.session().project().active_scenario().note.contains(bench.t("disruption card", "中断情形")));
        bench.apply(Command::Undo);
        assert_eq!(bench.session().project().scenarios.len(), 1);
    }
}

#[test]
fn labels_of_tiles_are_whole_on_a_small_screen() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.harness.set_size(egui::vec2(1280.0, 800.0));
        bench.click(bench.t("Risk", "风险"));
        let unit = bench.t(" (money)", "（金额）");
        for name in [
            bench.t("Expected loss", "期望损失"),
            bench.t("At stake", "涉及金额"),
            bench.t("Tied up", "占用资金"),
            bench.t("Worst card", "最严重情形"),
        ] {
            let label = format!("{name}{unit}");
            // A table below may have a column of the same name.
            let all = bench.harness.query_all_by_label(&label).map(|node| node.rect());
            let shown = all.min_by(|a, b| a.top().total_cmp(&b.top())).expect("a tile of that name").width();
            let font = egui::TextStyle::Small.resolve(&bench.harness.ctx.global_style());
            let whole = bench
                .harness
                .ctx
                .fonts_mut(|fonts| fonts.layout_no_wrap(label.clone(), font, egui::Color32::BLACK).size().x);
            assert!(shown >= whole - 0.5, "{label} needs {whole}, has {shown}");
        }
    }
}
