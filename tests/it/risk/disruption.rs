//! Disturbed walks by hand and against the plan's own simulation.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::planned;
use crate::inventory::{check, forecast, item, normal_paths, steady};
use planwright::inventory::{Disturbance, walk_disturbed};
use planwright::model::{
    Change, Disruption, DisruptionKind, DisruptionScope, Exposure, Frequency, Item, Lever, Period, SamplePaths, Scope,
    SeriesId, ShortageRule, StockPaths, StockPolicy,
};
use planwright::risk::{Walks, disrupted_item, short_risk, survival};
use proptest::prelude::*;

const WEEK: Frequency = Frequency::Week;

fn stops(range: std::ops::Range<usize>) -> Disturbance {
    Disturbance { supply_stops: [range].into_iter().collect(), ..Disturbance::default() }
}

/// 10 a week for certain, 35 on hand, 20 on order, two weeks of lead time, (20, 40).
fn by_hand(disturbance: &Disturbance) -> StockPaths {
    let forecast = forecast(WEEK, vec![10.0; 12], SamplePaths::default());
    let item = Item {
        on_order: 20.0,
        safety_stock: Some(0.0),
        max_level: Some(40.0),
        price: 3.0,
        unit_cost: 1.0,
        ..item(14.0, 35.0)
    };
    check(planned(&forecast, &item).reorder_point, 20.0, 1e-12);
    walk_disturbed(&forecast, &item, &StockPolicy::default(), disturbance)
}

#[test]
fn supply_that_stops_holds_orders_back_and_goods_under_way_still_come() {
    // The order under way comes in the third week; nothing is short without a disruption.
    let before = by_hand(&Disturbance::default());
    assert_eq!(before.net[..4], [25.0, 15.0, 25.0, 15.0]);
    assert!(before.short.iter().all(|s| *s == 0.0));
    // Supply stops over the first four weeks: 25, 15, 25, 15, 5, then 5 short, and so on until week 4's shipment comes after
    // two weeks: in week 6.
    let after = by_hand(&stops(0..4));
    assert_eq!(after.net[..6], [25.0, 15.0, 25.0, 15.0, 5.0, 0.0]);
    assert_eq!(after.short[..7], [0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 0.0]);
    assert!(after.net[6] > 0.0);
    // It never comes back: demand is served for five weeks.
    let endless = by_hand(&stops(0..usize::MAX));
    assert_eq!(survival(&endless, 0).median, Some(5));
    assert!(endless.short[6..].iter().all(|s| *s == 10.0));
    let item = Item { price: 3.0, unit_cost: 1.0, ..item(14.0, 35.0) };
    let found = disrupted_item(&item, &Walks { before: &before, after: &after, endless: &endless }, 0..4, 6);
    assert_eq!((found.survive.median, found.survive.careful, found.gap), (Some(5), Some(5), 6));
    assert_eq!(found.exposure, Exposure::Likely);
    check(found.money, 5.0 * 2.0, 1e-6);
    check(found.fill_after, 115.0 / 120.0, 1e-6);
    // Back when stock is at 90 % of what it would have been: two weeks after the end goods come.
    let expected = (6..12).find(|t| after.net[*t] >= 0.9 * before.net[*t]).map(|t| t - 4);
    assert_eq!(found.recover.median, expected);
    // Stock lasts for a shorter stop.
    let short = by_hand(&stops(0..2));
    assert!(short.short.iter().all(|s| *s == 0.0));
    let walks = Walks { before: &before, after: &short, endless: &endless };
    assert_eq!(disrupted_item(&item, &walks, 0..2, 4).exposure, Exposure::None);
}

#[test]
fn orders_come_late_and_demand_grows_only_while_it_lasts() {
    let before = by_hand(&Disturbance::default());
    let late = by_hand(&Disturbance { late: vec![(0..12, 14.0)], ..Disturbance::default() });
    // What was under way isn't late; orders of week 1 come in week 5 in place of week 3.
    assert_eq!(late.net[..5], [25.0, 15.0, 25.0, 15.0, 5.0]);
    assert!(late.mean_short() > before.mean_short());
    let grown = by_hand(&Disturbance { demand: vec![(1..3, 2.0)], ..Disturbance::default() });
    assert_eq!(grown.demand[..4], [10.0, 20.0, 20.0, 10.0]);
    check(grown.mean_demand(), 140.0, 1e-6);
    // Two stops that touch are one.
    let both = Disturbance { supply_stops: vec![0..2, 2..4], ..Disturbance::default() };
    assert_eq!(by_hand(&both), by_hand(&stops(0..4)));
    // A factor that is no number is 0, and nothing breaks.
    let nonsense = by_hand(&Disturbance { demand: vec![(0..12, f64::NAN)], ..Disturbance::default() });
    assert!(nonsense.net.iter().all(|x| x.is_finite()) && nonsense.mean_demand() == 0.0);
}

#[test]
fn empty_forecasts_and_paths_give_nothing() {
    let forecast = forecast(WEEK, Vec::new(), SamplePaths::default());
    let item = item(7.0, 5.0);
    let walked = walk_disturbed(&forecast, &item, &StockPolicy::default(), &stops(0..3));
    assert!(walked.is_empty() && walked.fill_rate() == 1.0);
    assert_eq!(survival(&walked, 0).median, None);
    assert_eq!(short_risk(&walked, 4).run_out, 0.0);
}

proptest! {
    /// Without a disturbance the walk is the plan's own simulation, path by path.
    #[test]
    fn nothing_disturbed_is_the_plan(
        on_hand in 0..300i32, on_order in 0..60i32, lead in 0..40i32, sd in 0..10i32, review in 0..22i32,
        moq in 0..40i32, backorder in any::<bool>(),
    ) {
        let forecast = forecast(WEEK, vec![20.0; 10], normal_paths(20.0, 8.0, 96, 10));
        let item = Item {
            on_order: f64::from(on_order), lead_time_sd_days: f64::from(sd), review_period_days: f64::from(review),
            moq: f64::from(moq), ..item(f64::from(lead), f64::from(on_hand))
        };
        let shortage = if backorder { ShortageRule::Backorder } else { ShortageRule::LostSales };
        let policy = StockPolicy { shortage, ..StockPolicy::default() };
        let plan = planwright::inventory::plan(&forecast, &item, &policy);
        let walked = walk_disturbed(&forecast, &item, &policy, &Disturbance::default());
        let risk = short_risk(&walked, 3);
        check(walked.mean_short(), plan.average_shortage, 1e-3);
        check(risk.short.iter().sum(), plan.average_shortage, 1e-3);
        check(walked.orders, plan.average_orders, 1e-3);
        for (found, expected) in risk.stockout.iter().zip(&plan.stockout_by_period) {
            // A path on the edge of a stock-out may fall to either side in 32 bits.
            prop_assert!((found - expected).abs() <= 2.5 / 96.0, "{found} against {expected}");
        }
        prop_assert!(risk.run_out <= risk.stockout[..3].iter().sum::<f64>() + 1e-9);
        prop_assert!(risk.run_out >= risk.stockout[..3].iter().fold(0.0, |m, p| f64::max(m, *p)) - 1e-9);
    }

    /// Longer without supply is never better where goods wait for each other, and stock lasts as long however long it takes.
    #[test]
    fn a_longer_stop_is_no_better(from in 0..5usize, length in 1..5usize, on_hand in 0..200i32) {
        let forecast = steady(WEEK, 20.0, 6.0, 64, 12);
        let item = item(14.0, f64::from(on_hand));
        let walk = |d: &Disturbance| walk_disturbed(&forecast, &item, &StockPolicy::default(), d);
        let (none, short, long) = (walk(&Disturbance::default()), walk(&stops(from..from + length)), walk(&stops(from..from + length + 3)));
        prop_assert!(short.mean_short() >= none.mean_short() - 1e-6);
        prop_assert!(long.mean_short() >= short.mean_short() - 1e-6);
        let endless = walk(&stops(from..usize::MAX));
        prop_assert!(endless.mean_short() >= long.mean_short() - 1e-6);
        let time = survival(&endless, from);
        if let (Some(careful), Some(median)) = (time.careful, time.median) {
            prop_assert!(careful <= median);
        }
    }
}

#[test]
fn cards_are_read_as_typed() {
    let read = |typed: &str| Disruption::parse(typed, WEEK).unwrap();
    let card = read("supplier:ACME,from=2,weeks=4");
    assert_eq!(card.scope, DisruptionScope::Supplier("ACME".into()));
    assert_eq!((card.kind, card.from, card.periods, card.active), (DisruptionKind::SupplyStops, 2, 4, true));
    let card = read(" demand , times=1.5, category=Tea, weeks=3 ");
    assert_eq!((card.kind, card.periods), (DisruptionKind::DemandTimes(1.5), 3));
    assert_eq!(card.scope, DisruptionScope::Category("Tea".into()));
    let card = read("late,days=10,item=007,location=HAM");
    assert_eq!(
        (card.kind, card.scope),
        (DisruptionKind::Late(10.0), DisruptionScope::Item(SeriesId::new("007", "HAM")))
    );
    let card = read("lane:HAM>C1,weeks=2");
    assert_eq!(card.scope, DisruptionScope::Lane("HAM".into(), "C1".into()));
    assert!(card.is_of_network() && card.kind == DisruptionKind::Closed);
    assert_eq!(read("site：HAM，periods=3").periods, 3);
    // Four weeks are 28 days and one month.
    assert_eq!(Disruption::parse("supply,weeks=4", Frequency::Day).unwrap().periods, 28);
    assert_eq!(Disruption::parse("supply,weeks=4", Frequency::Month).unwrap().periods, 1);
    for typed in [
        "",
        "supplier",
        "storm",
        "supply,weeks=0",
        "supply,from=0",
        "demand,times=lots",
        "demand,times=-1",
        "late",
        "late,days=inf",
        "lane:HAM",
        "site:HAM,item=A",
        "supply,colour=red",
        "supply,days=3",
        "supply,item=A,category=B",
    ] {
        let finding = Disruption::parse(typed, WEEK).unwrap_err();
        assert!(!finding.hint.en.is_empty() && !finding.hint.zh.is_empty(), "{typed}");
    }
}

#[test]
fn cards_touch_whom_they_name() {
    let row =
        Item { supplier: "ACME".into(), category: "Tea".into(), ..Item::with_defaults(SeriesId::new("A", "HAM")) };
    let touches = |scope| Disruption::new(DisruptionKind::SupplyStops, scope, 1).touches(&row);
    assert!(touches(DisruptionScope::All) && touches(DisruptionScope::Supplier("ACME".into())));
    assert!(touches(DisruptionScope::Item(SeriesId::new("A", ""))) && touches(DisruptionScope::Category("Tea".into())));
    assert!(
        !touches(DisruptionScope::Item(SeriesId::new("A", "LYS"))) && !touches(DisruptionScope::Supplier("".into()))
    );
    assert!(!touches(DisruptionScope::Site("HAM".into())));
    let card = Disruption { from: 3, ..Disruption::new(DisruptionKind::Late(5.0), DisruptionScope::All, 4) };
    assert_eq!((card.steps(10), card.steps(4), card.steps(1)), (2..6, 2..4, 1..1));
    let rows = [row.clone(), Item::with_defaults(SeriesId::new("B", "HAM"))];
    assert_eq!(card.overrides(&rows), [(Lever::LeadTimeDays, Scope::All, Change::Add(5.0))]);
    let by_item = Disruption::new(DisruptionKind::DemandTimes(1.2), DisruptionScope::Supplier("ACME".into()), 4);
    assert_eq!(by_item.overrides(&rows), [(Lever::Demand, Scope::Series(row.id.clone()), Change::Scale(1.2))]);
    assert!(by_item.has_overrides(&rows) && !by_item.has_overrides(&rows[1..]));
    let stop = Disruption::new(DisruptionKind::SupplyStops, DisruptionScope::All, 4);
    assert!(stop.overrides(&rows).is_empty() && !stop.has_overrides(&rows), "no lever stops supply");
    assert_eq!(by_item.name().en, "Supplier ACME: demand × 1.2");
    let label = card.label(Period::parse("2026-W10").unwrap());
    assert_eq!(label.en, "All items: 5 days late, 4 weeks from 2026-W12");
    assert_eq!(label.zh, "全部商品：晚到 5 天，自 2026-W12 起 4 周");
    let wild = Disruption {
        from: 0,
        periods: 0,
        ..Disruption::new(DisruptionKind::DemandTimes(f64::NAN), DisruptionScope::All, 1)
    };
    let sound = wild.sound();
    assert_eq!((sound.from, sound.periods, sound.kind), (1, 1, DisruptionKind::DemandTimes(1.0)));
}
