//! Segments, exchange curve and purchase list in the session and the pipeline: layers, undo, results, files.

use crate::bench::Bench;
use planwright::control::Control;
use planwright::model::{
    Abc, Change, Item, ItemField, ItemTable, Lever, PurchaseBudget, Scenario, Scope, Segment, SegmentRule,
    Segmentation, Segments, ShortWeight, Stocking, Xyz,
};
use planwright::pipeline::{self, ReadOptions, Settings, Sources};
use planwright::session::{Command, Gesture, Models, Study};
use planwright::words::Text;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

impl Bench {
    fn company() -> Self {
        let mut bench = Self::new();
        bench.apply(Command::SetModels(quick()));
        bench.apply(Command::ImportSales(folder().join("sales.csv")));
        bench.apply(Command::ImportItems(folder().join("items.csv")));
        bench
    }

    fn segments(&self) -> &Segments {
        self.session.segments().unwrap()
    }

    fn segmentation(&self) -> Segmentation {
        self.session.project().settings.segmentation.clone()
    }

    fn set_segmentation(&mut self, segmentation: Segmentation) {
        self.apply(Command::SetSegmentation(Box::new(segmentation), Gesture::Commit));
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/company")
}

/// One method: segments care little which.
fn quick() -> Models {
    Models::Named(vec!["ses".into()])
}

/// The sample company, forecast once for all tests of the pipeline.
static COMPANY: LazyLock<(pipeline::Inputs, pipeline::Layered)> = LazyLock::new(|| {
    let (sales, items) = (folder().join("sales.csv"), folder().join("items.csv"));
    let sources = Sources { items: Some(&items), ..Sources::sales(&sales) };
    let mut inputs = pipeline::load(&sources, &ReadOptions::default(), &Control::silent()).unwrap();
    let layered = pipeline::forecast_inputs(
        &mut inputs,
        &Settings { models: quick(), ..Settings::default() },
        &Control::silent(),
    )
    .unwrap();
    (inputs, layered)
});

fn plan(settings: &Settings, scenario: &Scenario) -> planwright::model::Plan {
    let (inputs, layered) = &*COMPANY;
    pipeline::plan(inputs, layered, scenario, settings, &Control::silent()).unwrap()
}

fn cut(segmentation: &Segmentation) -> Segments {
    let (inputs, layered) = &*COMPANY;
    pipeline::segments(&inputs.panel, &inputs.items, layered, segmentation)
}

#[test]
fn the_sample_falls_into_segments_whose_shares_add_up() {
    let segments =
        pipeline::segment_matrix(&cut(&Segmentation::default()), &plan(&Settings::default(), &Scenario::base("Base")));
    assert_eq!(segments.cells.len(), 9);
    let items: usize = segments.cells.iter().map(|c| c.items).sum();
    let share: f64 = segments.cells.iter().map(|c| c.share).sum();
    assert_eq!(items, segments.items.len());
    assert!((share - 1.0).abs() < 1e-9, "{share}");
    let a = segments.cells.iter().filter(|c| c.segment.abc == Abc::A);
    let (items_a, share_a) = a.fold((0, 0.0), |s, c| (s.0 + c.items, s.1 + c.share));
    assert!(items_a * 10 < items * 6 && share_a >= 0.8, "{items_a} of {items} make {share_a}");
    // Slow items that sell now and then are erratic, a staple is not.
    let class = |item: &str| segments.items.iter().find(|c| &*c.id.item == item).unwrap();
    assert_eq!(class("TEA-010").segment.xyz, Xyz::Z);
    assert!(class("TEA-010").demand.has_pauses());
}

#[test]
fn a_rule_stands_between_the_default_and_the_item_file_and_below_the_scenario() {
    let (inputs, _) = &*COMPANY;
    let segments = cut(&Segmentation::default());
    let stated = |item: &Item| item.stated.contains(&ItemField::ServiceLevel);
    let rule = SegmentRule { service_level: Some(0.777), review_period_days: Some(21.0), ..SegmentRule::default() };
    let rules = Segment::all().map(|segment| (segment, rule)).collect();
    let ruled = Segments { segmentation: Segmentation { rules, ..Segmentation::default() }, ..segments };
    let table = pipeline::with_segments(&inputs.items, &ruled);
    let (mut own, mut taken) = (0, 0);
    for class in &ruled.items {
        let (before, after) = (inputs.items.lookup(&class.id), table.lookup(&class.id));
        assert_eq!(after.segment, Some(class.segment));
        if stated(&before) {
            own += 1;
            assert_eq!(after.service_level.to_bits(), before.service_level.to_bits());
            assert!(!after.by_segment.contains(&ItemField::ServiceLevel));
        } else {
            taken += 1;
            assert!((after.service_level - 0.777).abs() < 1e-12 && after.by_segment.contains(&ItemField::ServiceLevel));
        }
        let mut scenario = Scenario::base("S");
        scenario.set(Lever::ServiceLevel, Scope::All, Change::Set(0.6));
        let under = scenario.item(&after);
        assert!((under.service_level - 0.6).abs() < 1e-12 && !under.by_segment.contains(&ItemField::ServiceLevel));
    }
    assert!(own + taken == ruled.items.len(), "{own} own, {taken} taken");
    // Without rules the very same table goes on.
    let bare = cut(&Segmentation::default());
    assert!(Arc::ptr_eq(&pipeline::with_segments(&inputs.items, &bare), &inputs.items));
}

#[test]
fn plans_obey_rules_and_say_so() {
    let rule = SegmentRule { review_period_days: Some(21.0), ..SegmentRule::default() };
    let rules = Segment::all().map(|segment| (segment, rule)).collect();
    let settings = Settings { segmentation: Segmentation { rules, ..Segmentation::default() }, ..Settings::default() };
    let (before, after) =
        (plan(&Settings::default(), &Scenario::base("Base")), plan(&settings, &Scenario::base("Base")));
    let ruled = after.items.iter().position(|i| i.by_segment.contains(&ItemField::ReviewPeriodDays)).unwrap();
    assert!((after.items[ruled].review_period_days - 21.0).abs() < 1e-12);
    assert!(after.stock[ruled].reorder_point > before.stock[ruled].reorder_point);
    let why = after.stock[ruled].why.iter().flat_map(|w| &w.inputs).find(|i| i.symbol == "R").unwrap();
    let segment = after.items[ruled].segment.unwrap();
    assert_eq!(why.source, Text::new(format!("segment {segment}"), format!("分类 {segment}")));
}

#[test]
fn what_is_bought_to_order_holds_no_stock_and_loses_no_sale() {
    let segments = cut(&Segmentation::default());
    let has_levels = |k: usize| {
        let item = COMPANY.0.items.lookup(&segments.items[k].id);
        item.stated.contains(&ItemField::SafetyStock) || item.stated.contains(&ItemField::MaxLevel)
    };
    let k = (0..segments.items.len())
        .find(|k| !has_levels(*k) && segments.items[*k].segment.xyz == Xyz::X && segments.items[*k].units > 500.0)
        .unwrap();
    let rule = SegmentRule { stocking: Stocking::ToOrder, ..SegmentRule::default() };
    let rules = [(segments.items[k].segment, rule)].into();
    let settings = Settings { segmentation: Segmentation { rules, ..Segmentation::default() }, ..Settings::default() };
    let (before, after) =
        (plan(&Settings::default(), &Scenario::base("Base")), plan(&settings, &Scenario::base("Base")));
    let (item, stock) = (&after.items[k], &after.stock[k]);
    assert_eq!(item.stocking, Stocking::ToOrder);
    assert!(stock.safety_stock.abs() < 1e-9 && stock.max_level.abs() < 1e-9);
    // After the stock at hand is gone, only what customers wait for is ordered: the last period ends below 0.
    let last = |p: &planwright::model::StockPlan| *p.projected.last().unwrap();
    assert!(last(stock) <= 1e-9 && last(stock) < last(&before.stock[k]), "{} {}", last(stock), last(&before.stock[k]));
    assert!(stock.average_stock <= before.stock[k].average_stock);
    assert!(!stock.orders.is_empty(), "what was sold is ordered");
}

#[test]
fn the_exchange_curve_of_the_sample_lies_above_the_present_and_near_the_simulation() {
    let settings = Settings::default();
    let (plan, segments) = (plan(&settings, &Scenario::base("Base")), cut(&Segmentation::default()));
    let found =
        pipeline::decide_stock((&plan, &segments), &settings, &PurchaseBudget::default(), &Control::silent()).unwrap();
    let curve = &found.study.curve;
    assert!(curve.counted > 100 && curve.counted + curve.left_out == plan.stock.len());
    let (money, service) = (curve.same_money.unwrap(), curve.same_service.unwrap());
    assert!(money.fill_rate > curve.present.fill_rate && money.stock_value <= curve.present.stock_value);
    assert!(service.stock_value < curve.present.stock_value && service.fill_rate >= curve.present.fill_rate);
    assert!(found.purchase.rows.iter().all(|r| r.quantity > 0.0) && !found.purchase.rows.is_empty());
    // Half of the money avoids more than half of the loss.
    let half = PurchaseBudget { money: Some(found.purchase.needed / 2.0), ..PurchaseBudget::default() };
    let list = found.study.purchase_list(&half);
    assert!(list.money <= found.purchase.needed / 2.0 * (1.0 + 1e-9));
    assert!(list.avoided > 0.5 * found.purchase.avoided && list.gap() < 0.02, "gap {}", list.gap());
    let keys = ["segment_matrix", "segments", "segment_exceptions", "exchange", "purchase"];
    let folder = tempfile::tempdir().unwrap();
    for key in keys {
        let path = folder.path().join(format!("{key}.csv"));
        pipeline::write_decision_table(&found, &plan, key, &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() >= 1 && !text.contains("NaN"), "{key}");
    }
    let path = folder.path().join("plan.xlsx");
    pipeline::write_workbook_with(&plan, &found, planwright::words::Language::Chinese, &path).unwrap();
    assert!(path.metadata().unwrap().len() > 10_000);
}

/// The closed form is the long run of steady demand; the simulation starts with today's stock, and its levels follow the
/// forecast. From a stock as the long run has it, both say much the same of the sample, whose horizon runs from the weeks
/// before Christmas into the quiet ones after.
#[test]
fn the_closed_form_meets_the_simulation_on_the_sample() {
    let (inputs, layered) = &*COMPANY;
    let settings = Settings::default();
    let today = plan(&settings, &Scenario::base("Base"));
    let steady = today.items.iter().zip(&today.stock).zip(today.forecasts.iter()).map(|((item, stock), series)| {
        let mean = &series.best().mean;
        let under_way = mean.iter().sum::<f64>() / mean.len() as f64 * item.lead_time_days / 7.0;
        let position = stock.reorder_point.midpoint(stock.max_level);
        Item { on_hand: (position - under_way).max(0.0), on_order: under_way, ..item.clone() }
    });
    let inputs = pipeline::Inputs { items: Arc::new(ItemTable::new(steady)), ..inputs.clone() };
    let plan = pipeline::plan(&inputs, layered, &Scenario::base("Base"), &settings, &Control::silent()).unwrap();
    let segments = cut(&Segmentation::default());
    let found = pipeline::decide_stock((&plan, &segments), &settings, &PurchaseBudget::default(), &Control::silent());
    let curve = found.unwrap().study.curve;
    let (closed, simulated) = (curve.present, curve.simulated);
    assert!((closed.fill_rate - simulated.fill_rate).abs() < 0.03, "{closed:?} against {simulated:?}");
    assert!((closed.stock_value / simulated.stock_value - 1.0).abs() < 0.3, "{closed:?} against {simulated:?}");
}

#[test]
fn the_session_applies_a_point_as_one_step_in_a_what_if() {
    let mut bench = Bench::company();
    let items = bench.segments().items.len();
    assert!(
        bench.segments().cells.iter().map(|c| c.items).sum::<usize>() == items,
        "the matrix is there with the plan"
    );
    assert!(matches!(bench.session.study(), Study::Missing));
    bench.apply(Command::StudyStock(None, ShortWeight::Value));
    let study = bench.session.study().ready().unwrap().clone();
    assert!(bench.session.purchase_list().is_some());
    let project = bench.session.project().clone();
    let goal = study.curve.same_money.unwrap();
    bench.apply(Command::ApplyCurvePoint(Box::new(goal)));
    assert_eq!(bench.session.project().scenarios.len(), 2, "the base stays as it is");
    assert!(bench.session.project().active_scenario().overrides.len() > 50);
    bench.apply(Command::StudyStock(None, ShortWeight::Value));
    let then = bench.session.study().ready().unwrap().curve.present;
    assert!((then.stock_value / goal.stock_value - 1.0).abs() < 0.01, "{then:?} is not {goal:?}");
    assert!((then.fill_rate - goal.fill_rate).abs() < 0.002);
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project(), project);
    // A budget is kept and undone, and the list follows it.
    let needed = bench.session.purchase_list().unwrap().needed;
    let budget = PurchaseBudget { money: Some(needed / 3.0), ..PurchaseBudget::default() };
    bench.apply(Command::StudyStock(None, ShortWeight::Value));
    bench.apply(Command::SetPurchaseBudget(budget, Gesture::Commit));
    let list = bench.session.purchase_list().unwrap();
    assert!(list.money <= needed / 3.0 * (1.0 + 1e-9) && list.risk > 0.0);
    bench.apply(Command::Undo);
    assert_eq!(bench.session.project().purchase, PurchaseBudget::default());
}

#[test]
fn rules_replan_cuts_alone_do_not_and_classes_are_kept() {
    let mut bench = Bench::company();
    let first = bench.session.plan().unwrap().clone();
    bench.set_segmentation(Segmentation { abc_cuts: (0.5, 0.7), ..bench.segmentation() });
    assert!(Arc::ptr_eq(&first, bench.session.plan().unwrap()), "no rule: no other plan");
    let a = |bench: &Bench| bench.segments().items.iter().filter(|c| c.segment.abc == Abc::A).count();
    let few = a(&bench);
    bench.apply(Command::KeepSegments);
    bench.set_segmentation(Segmentation { abc_cuts: (0.505, 0.705), ..bench.segmentation() });
    assert_eq!(a(&bench), few, "within the margin nobody moves");
    bench.set_segmentation(Segmentation { abc_cuts: (0.8, 0.95), ..bench.segmentation() });
    assert!(a(&bench) > few);
    bench.set_segmentation(Segmentation { rules: Segmentation::suggested_rules(), ..bench.segmentation() });
    assert!(!Arc::ptr_eq(&first, bench.session.plan().unwrap()));
    assert!(bench.session.plan().unwrap().items.iter().any(|i| !i.by_segment.is_empty()));
    let focus = bench.session.focus().unwrap();
    let planned = bench.session.plan().unwrap().items.iter().find(|i| i.id == focus.id).unwrap().clone();
    assert_eq!(focus.item, planned, "the item shown and the plan follow one set of rules");
    // Saved, opened, the same.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("segments.planwright");
    bench.apply(Command::SaveProject(Some(path.clone())));
    let settings = bench.session.project().settings.segmentation.clone();
    bench.apply(Command::OpenProject(path));
    assert_eq!(bench.session.project().settings.segmentation, settings);
}

#[test]
fn many_levers_are_one_step_and_the_last_word_counts() {
    let mut bench = Bench::company();
    let project = bench.session.project().clone();
    let moves = vec![
        (Lever::ServiceLevel, Scope::All, Change::Set(0.9)),
        (Lever::LeadTimeDays, Scope::All, Change::Add(7.0)),
        (Lever::ServiceLevel, Scope::All, Change::Set(0.97)),
        (Lever::Moq, Scope::All, Change::Set(f64::NAN)),
    ];
    bench.apply(Command::SetLevers(Text::new("Test", "测试"), moves));
    let overrides = &bench.session.project().active_scenario().overrides;
    assert_eq!(overrides.len(), 2);
    assert!(overrides.iter().any(|o| o.change == Change::Set(0.97)));
    assert_eq!(bench.session.undo_name(), Some(&Text::new("Test", "测试")));
    bench.apply(Command::Undo);
    assert_eq!(*bench.session.project(), project);
    bench.apply(Command::SetLevers(Text::new("Nothing", "无"), Vec::new()));
    assert_eq!(*bench.session.project(), project);
}
