//! The panel *Stock*: service against stock of the item shown.

use super::Bench;
use egui_kittest::kittest::{NodeT, Queryable};
use planwright::model::{Change, Lever, Scope};
use planwright::session::{Command, Gesture};
use planwright::words::Language;

/// The chart's words and where it stands.
fn chart(bench: &Bench) -> (String, egui::Rect) {
    let name = bench.t("Service against stock. Now", "服务与库存. 当前");
    let node = bench.harness.get_by_label_contains(name);
    (node.accesskit_node().label().unwrap(), node.rect())
}

#[test]
fn service_against_stock_moves_with_the_lever_and_a_click_sets_it() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let mut bench = Bench::with_company(language, folder.path());
        bench.click(bench.t("Stock", "库存"));
        assert!(bench.session().service_curve().is_none(), "nobody looked");
        bench.click(bench.t("Service against stock", "服务与库存"));
        let (before, place) = chart(&bench);
        let scope = Scope::Series(bench.session().selected().unwrap().clone());
        let half = 0.5 * bench.session().focus().unwrap().stock.safety_stock;
        bench.apply(Command::SetLever(Lever::SafetyStock, scope, Change::Set(half), Gesture::Commit));
        assert_ne!(chart(&bench).0, before, "the present point moved");
        bench.apply(Command::Undo);
        assert_eq!(chart(&bench).0, before);
        // The curve is somewhere on the way down the middle of the chart.
        let steps = (place.height() / 20.0) as usize;
        for k in 0..=steps {
            let at = egui::pos2(place.center().x, place.top() + 20.0 * k as f32);
            bench.harness.drag_at(at);
            bench.harness.step();
            bench.harness.drop_at(at);
            bench.settle();
            if bench.session().project().scenarios.len() > 1 {
                break;
            }
        }
        let set = bench.session().focus().unwrap().item.safety_stock.expect("a click set it");
        let points = &bench.session().service_curve().unwrap().curve.points;
        assert!(points.iter().any(|p| (p.safety_stock - set).abs() < 1e-9));
        bench.apply(Command::Undo);
        assert_eq!(bench.session().project().scenarios.len(), 1, "one step to undo");
    }
}
