//! Service against stock of the item shown: it grows with safety stock, the plan stands on it, levers move it.

use crate::bench::Bench;
use planwright::model::{Change, Lever, Scope, ServiceCurve, ServiceMeasure, ServicePoint};
use planwright::session::{Command, Gesture};
use std::fmt::Write;

/// Weekly sales that vary, of one item with costs; nothing asked yet.
fn company() -> (Bench, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut sales = String::from("date,item,quantity\n");
    for week in 0..80_u64 {
        let day = jiff::civil::date(2023, 1, 2).checked_add(jiff::Span::new().weeks(week as i64)).unwrap();
        writeln!(sales, "{day},A,{}", 20 + (week * 7919 + week * week * 31) % 41).unwrap();
    }
    let items = "item,unit_cost,price,lead_time_days,on_hand\nA,4,9,14,90\n";
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales(write("sales.csv", &sales)));
    bench.apply(Command::ImportItems(write("items.csv", items)));
    (bench, folder)
}

fn shown(bench: &Bench) -> (ServiceCurve, ServicePoint) {
    let shown = bench.session.service_curve().expect("it was asked for");
    (shown.curve.clone(), shown.present)
}

fn set(bench: &mut Bench, lever: Lever, change: Change, gesture: Gesture) {
    let scope = Scope::Series(bench.session.selected().unwrap().clone());
    bench.session.apply(Command::SetLever(lever, scope, change, gesture));
}

#[test]
fn stock_and_service_grow_with_safety_stock() {
    let (mut bench, _folder) = company();
    assert!(bench.session.service_curve().is_none(), "nobody asked");
    bench.apply(Command::ShowServiceCurve);
    let (curve, present) = shown(&bench);
    assert_eq!(curve.points.len(), 25);
    assert!(curve.points[0].safety_stock.abs() < 1e-12);
    for pair in curve.points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        assert!(b.safety_stock > a.safety_stock);
        assert!(b.average_stock >= a.average_stock * (1.0 - 1e-6), "{a:?} {b:?}");
        assert!(b.fill_rate >= a.fill_rate - 1e-6, "{a:?} {b:?}");
        assert!(b.cycle_service >= a.cycle_service, "{a:?} {b:?}");
        assert!((b.stock_value - 4.0 * b.average_stock).abs() < 1e-9);
    }
    let (first, last) = (curve.points[0], curve.points[24]);
    assert!(last.average_stock > first.average_stock + 0.8 * last.safety_stock, "{first:?} {last:?}");
    assert!(last.fill_rate > first.fill_rate && last.cycle_service.unwrap() > 0.999);
    // It runs past where the plan stands, and service is dearer there than at its beginning.
    assert!(last.safety_stock > 1.5 * present.safety_stock && present.safety_stock > 0.0);
    let price = |at: f64| curve.money_per_point(ServiceMeasure::CycleService, at).unwrap();
    assert!(price(0.7 * last.safety_stock) > price(0.1 * last.safety_stock));
    assert_eq!(curve.money_per_point(ServiceMeasure::CycleService, 2.0 * last.safety_stock), None);
}

#[test]
fn the_plan_stands_on_its_curve() {
    let (mut bench, _folder) = company();
    bench.apply(Command::ShowServiceCurve);
    for k in [0, 7, 16] {
        let on_curve = shown(&bench).0.points[k];
        set(&mut bench, Lever::SafetyStock, Change::Set(on_curve.safety_stock), Gesture::Commit);
        bench.settle();
        let (_, present) = shown(&bench);
        let plan = &bench.session.focus().unwrap().stock;
        assert!((present.fill_rate - plan.fill_rate).abs() < 1e-12);
        assert!((present.average_stock - plan.average_stock).abs() < 1e-12);
        assert!((present.fill_rate - on_curve.fill_rate).abs() < 1e-4, "{present:?} {on_curve:?}");
        assert!((present.average_stock - on_curve.average_stock).abs() < 1e-3 * on_curve.average_stock);
        assert!((present.stock_value - on_curve.stock_value).abs() < 1e-3 * on_curve.stock_value);
        assert!((present.cycle_service.unwrap() - on_curve.cycle_service.unwrap()).abs() < 1e-9);
    }
}

#[test]
fn safety_stock_moves_the_point_and_other_levers_the_curve() {
    let (mut bench, _folder) = company();
    bench.apply(Command::ShowServiceCurve);
    let (curve, present) = shown(&bench);
    set(&mut bench, Lever::SafetyStock, Change::Set(0.3 * present.safety_stock), Gesture::Drag);
    let (dragged, moved) = shown(&bench);
    assert_eq!(dragged, curve, "the curve stands while its point moves");
    assert!(moved.average_stock < present.average_stock && moved.fill_rate < present.fill_rate);
    bench.apply(Command::EndDrag);
    assert_eq!(shown(&bench).0, curve);
    set(&mut bench, Lever::LeadTimeDays, Change::Set(42.0), Gesture::Drag);
    bench.settle();
    let (longer, _) = shown(&bench);
    assert!(longer.points[24].safety_stock > 1.2 * curve.points[24].safety_stock, "a long lead time asks for more");
    bench.apply(Command::EndDrag);
    bench.apply(Command::UndoSteps(2));
    assert_eq!(shown(&bench), (curve, present), "undo shows the old curve");
}

#[test]
fn the_curve_is_that_of_the_item_shown() {
    let mut bench = Bench::worked_example();
    bench.apply(Command::ShowServiceCurve);
    let focus = bench.session.focus().unwrap();
    let policy = bench.session.project().settings.policy;
    let item = planwright::model::Item { safety_stock: None, ..focus.item.clone() };
    assert_eq!(shown(&bench).0, planwright::pipeline::service_curve(&focus.forecast, &item, policy));
    bench.apply(Command::NewProject);
    assert!(bench.session.service_curve().is_none());
}
