//! The forecast panel's pages: cut-offs, components, residuals, overrides, settings.

use super::Bench;
use egui_kittest::kittest::Queryable;
use planwright::model::{Change, HolidaySet, LayerKind, Lever, OverrideKind, Scope, SeriesId};
use planwright::session::{Command, Gesture};
use planwright::words::Language;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn bench(language: Language, folder: &tempfile::TempDir) -> Bench {
    let mut bench = Bench::with_company(language, folder.path());
    bench.click(bench.t("Forecast", "预测"));
    bench
}

#[test]
fn cut_offs_are_stepped_through() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        // A short horizon leaves room for several.
        bench.apply(Command::SetHorizon(4));
        bench.click(bench.t("Cut-offs", "回测时点"));
        let cutoffs = bench.session().focus().unwrap().series.cutoffs.clone();
        assert!(cutoffs.len() > 1, "the history carries several");
        let says = |bench: &Bench, k: usize| {
            let known = cutoffs[k].start.plus(-1).label();
            bench.says(&format!("known up to {known}")) || bench.says(&format!("已知至 {known}"))
        };
        assert!(says(&bench, 0) && !says(&bench, 1), "the newest comes first");
        bench.click(bench.t("← Earlier", "← 更早"));
        assert!(says(&bench, 1) && !says(&bench, 0));
        bench.click(bench.t("Later →", "更晚 →"));
        assert!(says(&bench, 0));
        // The table shows what came in these very periods.
        let actual: f64 = cutoffs[0].actual.iter().sum();
        assert!(bench.says(&thousands(actual)), "{actual}");
    }
}

#[test]
fn errors_are_shown_in_money_and_follow_a_lever() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        bench.click(bench.t("Cost", "误差成本"));
        let found = bench.session().forecast_cost().unwrap().clone();
        let (periods, opening) = (found.periods, found.opening);
        let how = bench.t("periods of actual demand", "期的实际需求");
        assert!(bench.says(how) && periods > 0 && opening > 0.0);
        let verdict = bench.t("has the smallest error", "的误差最小");
        assert!(bench.says(verdict) && bench.says(bench.t("Rank by error", "误差名次")));
        // All items, asked for by the page itself.
        let costs = bench.session().forecast_costs().ready().unwrap().clone();
        assert_eq!(costs.series.len(), 2);
        assert!(bench.says(costs.verdict().get(language)), "{:?}", costs.verdict());
        assert!(bench.says(bench.t("Cheapest of", "成本最低的商品数")));
        // A dearer shelf costs more, and the page follows.
        let of_item = Scope::Series(found.id.clone());
        bench.apply(Command::SetLever(Lever::HoldingRate, of_item, Change::Scale(2.0), Gesture::Commit));
        let dearer = bench.session().forecast_cost().unwrap();
        for model in &found.models {
            let now = dearer.of(&model.model).unwrap().cost.own;
            let was = model.cost.own;
            assert!(now.holding / now.average_stock > 1.5 * was.holding / was.average_stock);
        }
        assert!(!std::sync::Arc::ptr_eq(bench.session().forecast_costs().ready().unwrap(), &costs));
    }
}

/// As the table formats it: one decimal, thousands marks.
fn thousands(x: f64) -> String {
    let text = format!("{x:.1}");
    let (whole, rest) = text.split_at(text.len() - 2);
    match whole.len() {
        n if n > 3 => format!("{},{}{rest}", &whole[..n - 3], &whole[n - 3..]),
        _ => text,
    }
}

#[test]
fn a_period_is_taken_apart_and_the_residuals_are_judged() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        bench.click(bench.t("Components", "分解"));
        assert!(bench.says(bench.t("Level the forecast starts from", "预测起点水平")));
        let mean = bench.session().focus().unwrap().forecast.mean.clone();
        let total = |h: usize| {
            format!("{}: {}", if language == Language::English { "Forecast" } else { "预测" }, decimals(mean[h]))
        };
        assert!(bench.says(&total(0)), "{}", total(0));
        bench.click(bench.t("Next period", "下一期"));
        assert!(bench.says(&total(1)), "{}", total(1));
        bench.click(bench.t("Residuals", "残差"));
        let verdict = bench.session().explanation().ready().unwrap().residuals.as_ref().unwrap().verdict();
        assert!(bench.says(verdict.get(language)));
    }
}

fn decimals(x: f64) -> String {
    if x >= 100.0 { format!("{x:.1}") } else { format!("{x:.2}") }
}

#[test]
fn an_override_is_typed_changed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    bench.click("Overrides");
    let before = bench.session().focus().unwrap().forecast.mean.clone();
    let reason = bench.harness.get_by_role_and_label(egui::Role::TextInput, "Reason");
    reason.focus();
    bench.harness.step();
    bench.harness.get_by_role_and_label(egui::Role::TextInput, "Reason").type_text("trade fair");
    bench.harness.step();
    bench.click("Add override");
    let given = bench.session().project().overrides[0].clone();
    assert_eq!((given.reason.as_str(), given.kind), ("trade fair", OverrideKind::Percent(10.0)));
    assert_eq!(given.created.len(), 10, "{}", given.created);
    let focus = bench.session().focus().unwrap();
    assert!((focus.forecast.mean[0] - 1.1 * before[0]).abs() < 1e-9);
    assert!((focus.forecast.mean[1] - before[1]).abs() < 1e-9);
    assert!(bench.says("trade fair"), "the table shows it");
    // A click on the row edits it.
    let cell = bench.harness.get_by_role_and_label(egui::Role::Label, "trade fair").rect().center();
    bench.harness.drag_at(cell);
    bench.harness.step();
    bench.harness.drop_at(cell);
    bench.settle();
    bench.click("Increment");
    bench.click("Save");
    assert_eq!(bench.session().project().overrides[0].kind, OverrideKind::Increment(10.0));
    let cell = bench.harness.get_by_role_and_label(egui::Role::Label, "trade fair").rect().center();
    bench.harness.drag_at(cell);
    bench.harness.step();
    bench.harness.drop_at(cell);
    bench.settle();
    bench.click("Remove");
    assert!(bench.session().project().overrides.is_empty());
    assert_eq!(bench.session().focus().unwrap().forecast.mean, before);
}

#[test]
fn settings_that_concern_all_items_are_in_reach() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    let before = bench.session().project().clone();
    bench.harness.get_by_role_and_label(egui::Role::CheckBox, "China").click_accesskit();
    bench.settle();
    assert!(bench.session().project().settings.drivers.holidays.contains(&HolidaySet::China));
    bench.apply(Command::Undo);
    assert_eq!(*bench.session().project(), before);
}

#[test]
fn a_new_item_is_made_like_the_one_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    let field = bench.harness.get_by_role_and_label(egui::Role::TextInput, "New item");
    field.set_text_value_accesskit("TEA-3");
    bench.settle();
    bench.harness.get_by_role_and_label(egui::Role::Button, "Add new item").click_accesskit();
    bench.settle();
    let new = SeriesId::new("TEA-3", "HAM");
    assert_eq!(bench.session().selected(), Some(&new));
    assert!(bench.session().borrowed_history().is_some());
    assert!(bench.says("3 of 3 item-locations"), "the list shows it");
    for page in ["Cut-offs", "Components", "Residuals", "Overrides", "Models"] {
        bench.click(page);
        assert!(!bench.says("Working on it"), "{page}");
    }
}

#[test]
fn a_point_dragged_on_the_chart_is_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = bench(Language::English, &folder);
    bench.click("Overrides");
    let project = bench.session().project().clone();
    let mean = bench.session().focus().unwrap().forecast.mean.clone();
    // The last point: the chart ends a hundredth of its width after it. Its height is found by feeling for it.
    let top = bench.harness.get_by_role_and_label(egui::Role::CheckBox, "Final forecast").rect().bottom();
    let side = bench.harness.get_by_role_and_label(egui::Role::Button, "Add override").rect().top();
    let right = bench.harness.get_by_role_and_label(egui::Role::ComboBox, "Model in use").rect().left();
    let mut y = top + 20.0;
    while bench.session().project().overrides.is_empty() && y < side {
        for x in 20..45 {
            let at = egui::pos2(right - x as f32, y);
            bench.harness.drag_at(at);
            bench.harness.step();
            bench.harness.hover_at(at - egui::vec2(0.0, 15.0));
            bench.harness.step();
            bench.harness.hover_at(at - egui::vec2(0.0, 30.0));
            bench.harness.step();
            bench.harness.drop_at(at - egui::vec2(0.0, 30.0));
            bench.harness.step();
            if !bench.session().project().overrides.is_empty() {
                break;
            }
        }
        y += 10.0;
    }
    bench.settle();
    let overrides = bench.session().project().overrides.clone();
    assert_eq!(overrides.len(), 1, "a point was taken hold of");
    let focus = bench.session().focus().unwrap();
    let step = overrides[0].first.since(focus.forecast.start) as usize;
    let OverrideKind::Value(value) = overrides[0].kind else { panic!("{:?}", overrides[0].kind) };
    assert!(value > mean[step], "dragged up: {value} {}", mean[step]);
    assert!(focus.layers.get(LayerKind::Override).is_some());
    bench.apply(Command::Undo);
    assert_eq!(*bench.session().project(), project, "one drag is one step");
}

#[test]
fn the_judgement_fits_a_small_screen_and_a_click_on_a_header_sorts() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = bench(language, &folder);
        bench.harness.set_size(egui::vec2(1280.0, 800.0));
        bench.settle();
        let side = bench.t("Model in use", "当前模型");
        let right = bench.harness.get_by_role_and_label(egui::Role::ComboBox, side).rect().left();
        let header = |bench: &Bench, words: &str| bench.harness.get_by_role_and_label(egui::Role::Label, words).rect();
        let deciding = [
            bench.t("Model", "模型"),
            bench.t("Verdict", "结论"),
            "MASE",
            bench.t("WAPE (%)", "WAPE（%）"),
            bench.t("Bias (units)", "偏差（件）"),
            bench.t("In 80 %", "80% 覆盖"),
            bench.t("In 95 %", "95% 覆盖"),
            bench.t("p", "p 值"),
        ];
        for words in deciding {
            let rect = header(&bench, words);
            assert!(rect.right() < right, "{words} ends at {} beyond {right}", rect.right());
        }
        let mut scores = bench.session().focus().unwrap().series.scores.clone();
        scores.retain(|s| s.accuracy.is_some_and(|a| a.mase.is_some()));
        let mase = |s: &planwright::model::ModelScore| s.accuracy.unwrap().mase.unwrap();
        scores.sort_by(|a, b| mase(b).total_cmp(&mase(a)));
        let figures: Vec<String> = scores.iter().map(|s| format!("{:.3}", mase(s))).collect();
        let tops = |bench: &Bench| -> Vec<f32> {
            let top = |figure: &String| {
                let cells = bench.harness.query_all_by_label(figure);
                cells.map(|n| n.rect()).filter(|r| r.left() > 500.0).map(|r| r.top()).fold(f32::INFINITY, f32::min)
            };
            figures.iter().take(4).map(top).collect()
        };
        let click = |bench: &mut Bench, words: &str| {
            let at = header(bench, words).center();
            bench.harness.drag_at(at);
            bench.harness.step();
            bench.harness.drop_at(at);
            bench.settle();
        };
        click(&mut bench, "MASE");
        let down = tops(&bench);
        assert!(down.is_sorted() && down[0] < down[3], "the largest comes first: {figures:?} {down:?}");
        click(&mut bench, "MASE ▼");
        assert!(bench.says("MASE ▲"));
        let up = tops(&bench);
        assert!(up.iter().rev().is_sorted(), "the smallest comes first: {figures:?} {up:?}");
    }
}

#[test]
fn shapes_say_which_items_are_alike_and_propose_them_for_new_ones() {
    for language in LANGUAGES {
        let folder = tempfile::tempdir().unwrap();
        let mut bench = Bench::new(language);
        bench.apply(Command::ImportSales(write_kinds(folder.path())));
        bench.click(bench.t("Forecast", "预测"));
        bench.apply(Command::Select(SeriesId::new("new", "")));
        bench.click(bench.t("Shapes", "形态"));
        let shapes = match bench.session().shapes() {
            planwright::session::Shapes::Ready(shapes) => shapes.clone(),
            other => panic!("{other:?}"),
        };
        let near = &shapes.get(&SeriesId::new("new", "")).unwrap().nearest[0].0;
        assert!(near.item.starts_with("spring"), "{near}");
        assert!(bench.says(bench.t("Peak in April", "4 月高峰")), "the clusters are named");
        assert!(bench.says(bench.t("isn't judged", "尚未评判")) || bench.says(bench.t("aren't judged", "尚未评判")));
        // The same item is proposed as the new one's reference.
        bench.harness.get_by_label(bench.t("New item", "新品编码")).set_text_value_accesskit("new");
        bench.settle();
        assert!(bench.says(bench.t("Its demand so far runs like that of", "目前需求走势相似的商品")));
    }
}

/// Monthly sales of items that peak in April or in October, and of one that began seven months ago.
fn write_kinds(folder: &std::path::Path) -> std::path::PathBuf {
    use std::fmt::Write as _;
    let mut sales = String::from("date,item,quantity\n");
    for month in 0..36 {
        let (year, of_year) = (2023 + month / 12, month % 12);
        let wave = |peak: i32| 100.0 + 80.0 * (f64::from(of_year - peak) / 12.0 * std::f64::consts::TAU).cos();
        for k in 0..8 {
            let noise = f64::from((month * (k + 3)) % 7);
            let line = |item: &str, quantity: f64| format!("{year}-{:02}-01,{item},{quantity:.0}", of_year + 1);
            writeln!(sales, "{}", line(&format!("spring{k}"), wave(3) + noise)).unwrap();
            writeln!(sales, "{}", line(&format!("autumn{k}"), 3.0 * wave(9) + noise)).unwrap();
            if k == 0 && month >= 29 {
                writeln!(sales, "{}", line("new", 0.5 * wave(3))).unwrap();
            }
        }
    }
    let path = folder.join("kinds.csv");
    std::fs::write(&path, sales).unwrap();
    path
}
