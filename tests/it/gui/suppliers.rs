//! The Suppliers panel: from its empty state to a plan with learnt lead times, in both languages.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::model::{LeadTimeChoice, LeadTimeSource, LeadTimeUse, ScorePart, SeriesId};
use planwright::session::Command;
use planwright::words::Language;
use std::fmt::Write;
use std::path::Path;

/// Receipts of TEA-1 that take 21 days where the item list says 14.
fn write_receipts(folder: &Path) -> std::path::PathBuf {
    let mut text =
        String::from("item,location,supplier,order,order_date,promised_date,receipt_date,ordered,received\n");
    for order in 0..16_i64 {
        let ordered = jiff::civil::date(2025, 1, 6).saturating_add(jiff::Span::new().days(14 * order));
        let received = ordered.saturating_add(jiff::Span::new().days(20 + order * 5 % 4));
        let promised = ordered.saturating_add(jiff::Span::new().days(21));
        writeln!(text, "TEA-1,HAM,Assam,{order},{ordered},{promised},{received},200,200").unwrap();
    }
    let path = folder.join("receipts.csv");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn stale_lead_times_are_seen_and_taken_over() {
    for language in [Language::English, Language::Chinese] {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = Bench::with_company(language, folder.path());
        let receipts = write_receipts(folder.path());
        bench.click(bench.t("Suppliers", "供应商"));
        assert!(bench.says(bench.t("Learn lead times from receipts", "从收货记录测算提前期")));
        bench.click(bench.t("Open receipts…", "打开收货记录…"));
        bench.answer_path(&receipts, bench.t("Open", "打开"));
        assert_eq!(bench.session().project().receipts.rows().len(), 16);
        // The sentence about the item, its table row and its chart's legend.
        assert!(bench.says(bench.t("The item list says 14 ± 0 days; 16 receipts", "商品清单为 14 ± 0 天")));
        assert!(bench.says(bench.t("Learnt, 95 %", "实测 95%")), "the chart has a legend");

        let id = SeriesId::new("TEA-1", "HAM");
        let planned = |b: &Bench| b.session().focus().unwrap().item.lead_time_days;
        bench.apply(Command::Select(id.clone()));
        assert!((planned(&bench) - 14.0).abs() < 1e-9);
        bench.click(bench.t("Take over all 1 stale ones", "采用全部 1 个过时商品的实测值"));
        let choice = |b: &Bench| b.session().project().settings.lead_times.clone();
        assert_eq!(choice(&bench), LeadTimeChoice::of(LeadTimeSource::Stale));
        assert!(planned(&bench) > 20.0);
        bench.click(bench.t("Keep the item list's", "沿用清单值"));
        assert_eq!(choice(&bench).items.get(&id), Some(&LeadTimeUse::Master));
        assert!((planned(&bench) - 14.0).abs() < 1e-9);
        bench.click(bench.t("As all others", "与其他商品一致"));
        assert!(choice(&bench).items.is_empty() && planned(&bench) > 20.0);
        let master = bench.t("Item list as it is", "沿用商品清单");
        bench.harness.get_by_role_and_label(egui::Role::RadioButton, master).click();
        bench.settle();
        assert_eq!(choice(&bench), LeadTimeChoice::default());
    }
}

#[test]
fn the_scorecard_shows_its_parts_and_follows_the_weights() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::with_company(Language::English, folder.path());
    bench.apply(Command::ImportReceipts(write_receipts(folder.path())));
    bench.click("Suppliers");
    bench.click("Scorecard");
    for words in ["of 100 points, place 1 of 1", "On time", "Steady lead time", "Exact quantity"] {
        assert!(bench.says(words), "{words}");
    }
    // Four days in a cycle, 20 to 23 against 21: half of the orders are on time.
    assert!(bench.says("15.0 of 30.0 (50 %)"));
    let weights = bench.session().project().settings.scorecard;
    bench.apply(Command::SetScorecard(weights.with(ScorePart::OnTime, 0.0)));
    assert!(bench.says("0.0 of 0.0 (50 %)"));
    assert!(bench.harness.query_by_label("Reset").is_some());
    bench.click("Reset");
    assert!(bench.says("15.0 of 30.0 (50 %)"));
}
