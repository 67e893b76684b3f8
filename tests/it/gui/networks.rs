//! Networks over all items on the forecast page: set up, trained live, paused, judged, explained.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::session::{Command, Device, LstmOptions, Models, NetworkOptions, NetworkPreset};
use planwright::words::Language;
use std::time::Duration;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn bench(language: Language, folder: &tempfile::TempDir) -> Bench {
    let mut bench = Bench::with_company(language, folder.path());
    bench.apply(Command::SetHorizon(4));
    bench.click(bench.t("Forecast", "预测"));
    bench
}

/// Clicks what may lie below the end of the column.
fn press(bench: &mut Bench, role: egui::Role, label: &str) {
    bench.harness.get_by_role_and_label(role, label).click_accesskit();
    bench.settle();
}

/// Draws frames until something is there.
fn wait(bench: &mut Bench, until: impl Fn(&Bench) -> bool) {
    while !until(bench) {
        bench.woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        bench.harness.step();
    }
}

fn tiny(epochs: usize) -> NetworkOptions {
    NetworkOptions {
        window: 4,
        units: vec![3],
        epochs,
        batch: 32,
        windows_per_epoch: 100,
        team: 1,
        ..Default::default()
    }
}

#[test]
fn a_comparison_is_set_up_without_touching_anything_yet() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    let before = bench.session().project().clone();
    press(&mut bench, egui::Role::Button, "Quick");
    assert!(bench.says("A look at whether a network helps"));
    assert!(
        bench.harness.query_by_role_and_label(egui::Role::Label, "Team of networks").is_none(),
        "the drawer is closed"
    );
    press(&mut bench, egui::Role::Button, "Own");
    assert!(bench.says("Team of networks") && bench.says("Windows per epoch"));
    press(&mut bench, egui::Role::CheckBox, "LSTM over all series");
    assert!(bench.says("Fewer than 10 items can't be judged together"));
    press(&mut bench, egui::Role::CheckBox, "LSTM over all series");
    press(&mut bench, egui::Role::CheckBox, "Smoothing + LSTM hybrid");
    assert!(bench.says("Pick at least one network"));
    press(&mut bench, egui::Role::CheckBox, "Smoothing + LSTM hybrid");
    assert_eq!(*bench.session().project(), before, "nothing is decided before the button is pressed");
    bench.harness.get_by_role_and_label(egui::Role::Button, "Train and compare").click_accesskit();
    wait(&mut bench, |bench| bench.session().project().settings.models.train_over_all());
    let settings = &bench.session().project().settings;
    assert_eq!(settings.models, Models::Named(vec!["auto".into(), "hybrid".into()]));
    assert_eq!(settings.neural, NetworkPreset::Quick.options());
    wait(&mut bench, |bench| bench.session().job().is_some());
    bench.apply(Command::Undo);
    assert_eq!(*bench.session().project(), before);
}

#[test]
fn a_training_is_seen_paused_resumed_and_cancelled() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        let endless = Command::CompareNetworks(vec!["hybrid".into()], tiny(1_000_000), Device::Cpu);
        bench.harness.state_mut().session_mut().apply(endless);
        wait(&mut bench, |bench| bench.session().job().is_some_and(|job| job.losses.len() > 2));
        bench.harness.step();
        assert!(bench.says("CPU") && bench.says(bench.t("epochs/s", "轮/秒")));
        #[cfg(target_os = "linux")]
        assert!(bench.says(bench.t("MB in use", "占用内存")));
        assert!(bench.session().focus().is_some(), "the item stays on the page");
        bench.harness.get_by_role_and_label(egui::Role::Button, bench.t("Pause", "暂停")).click_accesskit();
        wait(&mut bench, |bench| bench.session().job().is_some_and(|job| job.paused));
        bench.harness.step();
        assert!(bench.says(bench.t("Paused", "已暂停")));
        bench.harness.get_by_role_and_label(egui::Role::Button, bench.t("Resume", "继续")).click_accesskit();
        wait(&mut bench, |bench| bench.session().job().is_some_and(|job| !job.paused));
        let seen = bench.session().job().map_or(0, |job| job.losses.len());
        wait(&mut bench, |bench| bench.session().job().is_some_and(|job| job.losses.len() > seen));
        bench.harness.get_by_role_and_label(egui::Role::Button, bench.t("Cancel", "取消")).click_accesskit();
        wait(&mut bench, |bench| bench.session().job().is_none());
        assert!(bench.session().is_stopped());
        bench.harness.step();
        assert!(bench.harness.query_by_role_and_label(egui::Role::Button, bench.t("Pause", "暂停")).is_none());
    }
}

#[test]
fn the_verdict_the_comparison_and_the_fingerprint_are_shown() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        assert!(bench.session().challenges().is_empty());
        bench.apply(Command::CompareNetworks(vec!["hybrid".into()], tiny(2), Device::Cpu));
        let said = bench.session().challenges()[0].sentence.get(language).to_owned();
        assert!(bench.says(&said), "{said}");
        let print = bench.session().fingerprint().unwrap();
        assert!(bench.says(&print));
        let label = bench.t("Copy", "复制");
        press(&mut bench, egui::Role::Button, label);
        let label = bench.t("Compare all models", "比较所有模型");
        press(&mut bench, egui::Role::Button, label);
        assert!(bench.says(bench.t("Means over the items", "各模型在可拟合商品上的平均")));
        // Networks and statistical models side by side, over all items.
        assert!(bench.says(bench.t("Smoothing + LSTM hybrid", "平滑 + LSTM 混合模型")));
        assert!(bench.says(bench.t("ETS, automatic", "ETS 自动选择")));
        let label = bench.t("This item", "当前商品");
        press(&mut bench, egui::Role::Button, label);
        assert!(!bench.says(bench.t("Means over the items", "各模型在可拟合商品上的平均")));
    }
}

#[test]
fn the_original_preset_is_one_click() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    bench.apply(Command::SetLstm(LstmOptions { window: 7, units: vec![8], epochs: 5, ..LstmOptions::default() }));
    press(&mut bench, egui::Role::Button, "Original preset");
    let LstmOptions { window, units, epochs, batch, patience, .. } = bench.session().project().settings.lstm.clone();
    assert_eq!((window, units, epochs, batch, patience), (10, vec![50, 50], 100, 32, 0));
}

#[test]
fn why_a_network_forecasts_what_it_does_is_shown() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        let label = bench.t("Network", "网络");
        press(&mut bench, egui::Role::Button, label);
        assert!(bench.says(bench.t("No network over all items was trained", "当前预测未训练全商品神经网络")));
        let attention = language == Language::English;
        let options = NetworkOptions { attention, ..tiny(2) };
        bench.apply(Command::CompareNetworks(vec!["hybrid".into()], options, Device::Cpu));
        // The parts, and that they add up.
        assert!(bench.says(bench.t("Level and season alone", "仅水平与季节")));
        assert!(bench.says(bench.t("Demand of the last", "期需求")));
        assert!(bench.says(bench.t("Check: the parts add up to", "校验：各项之和为")));
        assert!(bench.says(bench.t("The network's forecast: ", "网络预测: ")));
        // With attention there is a strip, without it the way to have one.
        assert_eq!(bench.says("What its attention looked at: Most on "), attention);
        assert_eq!(bench.says("该网络未启用注意力"), !attention);
        let found = bench.session().network_explanation("hybrid").ready().cloned().unwrap();
        assert_eq!(found.attention.as_ref().map(|a| a.weights.len()), attention.then_some(4));
        // One period beside their sum.
        assert!(!bench.says(&format!("{}", found.start.plus(1))));
        for _ in 0..2 {
            let next = bench.t("Next period of the network's forecast", "网络预测的下一期");
            press(&mut bench, egui::Role::Button, next);
        }
        assert!(bench.says(&format!("{}", found.start.plus(1))));
        // What if the last sale had been another.
        let label = bench.t("Value it might have been", "假设取值");
        bench.harness.get_by_role_and_label(egui::Role::SpinButton, label).focus();
        bench.harness.step();
        bench.harness.get_by_role_and_label(egui::Role::SpinButton, label).type_text("999");
        bench.harness.key_press(egui::Key::Enter);
        bench.settle();
        assert!(bench.says(bench.t("Over all periods the network would forecast", "全部期间的网络预测将由")));
        let back = bench.t("As it is", "恢复原值");
        press(&mut bench, egui::Role::Button, back);
        assert!(!bench.says(bench.t("Over all periods the network would forecast", "全部期间的网络预测将由")));
    }
}
