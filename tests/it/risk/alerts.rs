//! Every kind of alert, ranked by money; what people say to them.

use super::planned;
use crate::inventory::{check, forecast, item, steady};
use planwright::inventory::{Disturbance, walk_disturbed};
use planwright::model::{
    Alert, AlertKind, AlertMark, AlertSettings, AlertState, Bullwhip, Forecast, Frequency, Item, ItemField, ItemRisk,
    LossBasis, Period, RiskBook, SamplePaths, SeriesId, StockPlan, StockPolicy, alert_state,
};
use planwright::risk::{AlertFacts, alerts, ranked, short_risk};

const WEEK: Frequency = Frequency::Week;

/// What is known of an item, and the alerts that it raises.
struct Case {
    item: Item,
    forecast: Forecast,
    stock: StockPlan,
    history: Vec<f64>,
    learnt: Option<f64>,
}

impl Case {
    /// 20 a week, two weeks of lead time; costs 5, sells for 9.
    fn new(change: impl FnOnce(&mut Item)) -> Self {
        let mut item = Item { unit_cost: 5.0, price: 9.0, ..item(14.0, 70.0) };
        item.stated = [ItemField::LeadTimeDays, ItemField::OnHand].into();
        change(&mut item);
        let forecast = Forecast { id: item.id.clone(), ..steady(WEEK, 20.0, 3.0, 200, 13) };
        let stock = planned(&forecast, &item);
        Self { item, forecast, stock, history: vec![20.0; 60], learnt: None }
    }

    fn risk(&self) -> ItemRisk {
        let paths = walk_disturbed(&self.forecast, &self.item, &StockPolicy::default(), &Disturbance::default());
        let (unit_loss, basis) = LossBasis::of(&self.item);
        let short = short_risk(&paths, 2);
        ItemRisk {
            id: self.item.id.clone(),
            unit_loss,
            basis,
            stockout: short.stockout,
            short: short.short,
            lead: 2,
            run_out: short.run_out,
            run_out_at: short.run_out_at,
            short_before: short.short_before,
            waiting: 1.5,
            bullwhip: Bullwhip::default(),
        }
    }

    fn all(&self, settings: AlertSettings) -> Vec<Alert> {
        let risk = self.risk();
        let facts = AlertFacts {
            item: &self.item,
            forecast: &self.forecast,
            stock: &self.stock,
            risk: &risk,
            history: &self.history,
            learnt_lead_days: self.learnt,
            exposed: None,
        };
        alerts(&facts, &settings)
    }

    fn get(&self, kind: AlertKind) -> Option<Alert> {
        let found = self.all(AlertSettings::default());
        for alert in &found {
            assert!(alert.money.is_finite() && alert.money >= 0.0, "{alert:?}");
            for words in [&alert.why, &alert.action, &alert.source] {
                assert!(!words.en.is_empty() && !words.zh.is_empty() && !words.en.contains("NaN"), "{alert:?}");
            }
        }
        found.into_iter().find(|a| a.kind == kind)
    }
}

#[test]
fn an_item_in_order_raises_nothing() {
    assert_eq!(Case::new(|i| i.on_hand = 80.0).all(AlertSettings::default()), Vec::new());
}

#[test]
fn too_little() {
    // 25 on hand against 40 in the two weeks before an order could come: 15 short for certain, the first in week 2.
    let case = Case::new(|i| i.on_hand = 25.0);
    let alert = case.get(AlertKind::RunsOut).unwrap();
    check(alert.money, 15.0 * 4.0, 3.0);
    assert_eq!(alert.when, case.forecast.start.plus(1));
    assert!(alert.source.en.contains("margin") && alert.why.en.contains("2 weeks"));
    // Stock was below the reorder point before last week's sales: overdue, and one period's wait costs 1.5 × 4.
    let alert = case.get(AlertKind::OrderOverdue).unwrap();
    check(alert.money, 6.0, 1e-9);
    assert!(case.get(AlertKind::OrderDue).is_none());
    // What runs out isn't told twice.
    assert!(case.get(AlertKind::LowService).is_none());
    let due = Case::new(|i| i.on_hand = 44.0);
    assert!(due.stock.active_reorder_point() > 44.0 && due.stock.active_reorder_point() < 64.0);
    assert!(due.get(AlertKind::OrderDue).is_some() && due.get(AlertKind::OrderOverdue).is_none());
    let named = Case::new(|i| (i.on_hand, i.supplier) = (44.0, "ACME".into()));
    assert!(named.get(AlertKind::OrderDue).unwrap().action.en.contains("from ACME"));
    let low = Case::new(|i| {
        (i.on_hand, i.safety_stock, i.max_level, i.fill_rate) = (80.0, Some(0.0), Some(41.0), 0.9999);
        i.stated.insert(ItemField::FillRate);
    });
    assert!(low.stock.fill_rate < 0.9999);
    let alert = low.get(AlertKind::LowService).unwrap();
    let risk = low.risk();
    let share = (0.9999 - low.stock.fill_rate) / (1.0 - low.stock.fill_rate);
    check(alert.money, share * risk.total_loss(), 1e-9);
    let owed = Case::new(|i| i.on_hand = -7.0);
    check(owed.get(AlertKind::NegativeStock).unwrap().money, 28.0, 1e-9);
    let odd = Case::new(|i| i.max_level = Some(10.0));
    assert!(odd.get(AlertKind::MaxBelowReorder).is_some());
}

#[test]
fn too_much() {
    // 26 weeks of 7 days are 180 days and 514.3 units: 1000 − 514.3 are too many; 13 weeks of holding at 20 % a year.
    let case = Case::new(|i| i.on_hand = 1000.0);
    let alert = case.get(AlertKind::Excess).unwrap();
    let mean = case.forecast.mean.iter().sum::<f64>() / 13.0;
    let surplus = 1000.0 - 180.0 / 7.0 * mean;
    check(alert.tied_up, surplus * 5.0, 1e-6);
    check(alert.money, surplus * 5.0 * 0.2 * 13.0 / WEEK.periods_per_year(), 1e-6);
    let ordered = Case::new(|i| (i.on_hand, i.on_order) = (600.0, 300.0));
    assert!(ordered.get(AlertKind::Excess).unwrap().action.en.contains("300 units on order"));
    let mut dead = Case::new(|i| (i.on_hand, i.salvage_value) = (1000.0, 2.0));
    dead.history = vec![0.0; 60];
    let alert = dead.get(AlertKind::Dead).unwrap();
    check(alert.money, 3000.0, 1e-9);
    check(alert.tied_up, 5000.0, 1e-9);
    assert!(dead.get(AlertKind::Excess).is_none() && alert.why.en.contains("60 weeks"));
    dead.history[40] = 1.0;
    assert!(dead.get(AlertKind::Dead).is_none(), "sold 19 weeks ago");
    // Keeps four weeks: 80 can be sold, 20 of 100 expire.
    let fresh = Case::new(|i| (i.on_hand, i.shelf_life_days) = (100.0, 28.0));
    let alert = fresh.get(AlertKind::ShelfLife).unwrap();
    let sold: f64 = fresh.forecast.mean[..4].iter().sum();
    check(alert.money, (100.0 - sold) * 5.0, 1e-9);
    assert_eq!(alert.when, fresh.forecast.start.plus(4));
}

#[test]
fn numbers_that_plans_are_made_of() {
    let mut case = Case::new(|i| i.on_hand = 80.0);
    case.forecast.fitted = vec![20.0; 60];
    assert!(case.get(AlertKind::ForecastDrift).is_none());
    case.history = (0..60).map(|t| 26.0 + f64::from(t % 3)).collect();
    let up = case.get(AlertKind::ForecastDrift).unwrap();
    assert!(up.why.en.contains("above"));
    check(up.money, 2.0 * 7.0 * 4.0, 2.0);
    case.history = (0..60).map(|t| 12.0 + f64::from(t % 3)).collect();
    assert!(case.get(AlertKind::ForecastDrift).unwrap().why.en.contains("below"));
    let mut slow = Case::new(|i| i.on_hand = 80.0);
    slow.learnt = Some(21.0);
    let mean = slow.forecast.mean.iter().sum::<f64>() / 13.0;
    check(slow.get(AlertKind::StaleLeadTime).unwrap().money, mean * 4.0, 1e-9);
    slow.learnt = Some(15.0);
    assert!(slow.get(AlertKind::StaleLeadTime).is_none());
    let unknown = Case::new(|i| {
        i.on_hand = 80.0;
        i.stated = [ItemField::OnHand].into();
    });
    assert!(unknown.get(AlertKind::UnknownLeadTime).is_some());
}

#[test]
fn nonsense_raises_no_nonsense() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -5.0, 1e300] {
        let mut case = Case::new(|i| {
            (i.on_hand, i.on_order, i.unit_cost, i.price) = (bad, bad, bad, bad);
            (i.shelf_life_days, i.salvage_value, i.holding_rate, i.shortage_cost) = (bad, bad, bad, bad);
        });
        case.learnt = Some(bad);
        case.history = vec![bad; 30];
        case.forecast.fitted = vec![bad; 30];
        let wild =
            AlertSettings { run_out: bad, excess_days: bad, dead_days: bad, drift: bad, ..AlertSettings::default() };
        for alert in case.all(wild).into_iter().chain(case.all(AlertSettings::default())) {
            assert!(alert.money.is_finite() && alert.tied_up.is_finite(), "{bad}: {alert:?}");
            assert!(!alert.why.en.contains("NaN") && !alert.why.en.contains("inf"), "{bad}: {alert:?}");
        }
    }
    let empty = forecast(WEEK, Vec::new(), SamplePaths::default());
    let mut case = Case::new(|i| i.on_hand = 1.0);
    case.stock = planned(&empty, &case.item);
    case.forecast = Forecast { id: case.item.id.clone(), ..empty };
    case.history = Vec::new();
    case.all(AlertSettings::default());
}

#[test]
fn money_is_the_shortage_cost_else_the_margin() {
    let item = |unit_cost, price, shortage_cost, stated: &[ItemField]| Item {
        unit_cost,
        price,
        shortage_cost,
        stated: stated.iter().copied().collect(),
        ..Item::default()
    };
    assert_eq!(LossBasis::of(&item(5.0, 9.0, 2.0, &[ItemField::ShortageCost])), (2.0, LossBasis::ShortageCost));
    assert_eq!(LossBasis::of(&item(5.0, 9.0, 4.0, &[])), (4.0, LossBasis::Margin));
    assert_eq!(LossBasis::of(&item(5.0, 9.0, 0.0, &[])), (4.0, LossBasis::Margin));
    assert_eq!(LossBasis::of(&item(9.0, 5.0, 0.0, &[])), (0.0, LossBasis::Unknown));
    assert_eq!(LossBasis::of(&item(f64::NAN, f64::INFINITY, -1.0, &[])), (0.0, LossBasis::Unknown));
}

#[test]
fn the_dearest_comes_first_and_cheap_ones_may_stay_away() {
    let mut all = Case::new(|i| i.on_hand = 25.0).all(AlertSettings::default());
    all.extend(Case::new(|i| i.on_hand = 1000.0).all(AlertSettings::default()));
    let queue = ranked(all);
    assert!(queue.len() >= 3 && queue.windows(2).all(|w| w[0].money >= w[1].money));
    let dear = AlertSettings { least_money: 10.0, ..AlertSettings::default() };
    let kept = Case::new(|i| i.on_hand = 25.0).all(dear);
    assert!(!kept.is_empty() && kept.iter().all(|a| a.money >= 10.0));
}

#[test]
fn what_people_say_holds_until_it_is_due() {
    let case = Case::new(|i| i.on_hand = 25.0);
    let alert = case.get(AlertKind::RunsOut).unwrap();
    let start = case.forecast.start;
    let mark = |state| AlertMark {
        kind: alert.kind,
        id: alert.id.clone(),
        state,
        start,
        author: "Lin".into(),
        created: "2026-11-30".into(),
        reason: "called".into(),
    };
    let mut book = RiskBook::default();
    let state = |book: &RiskBook, start: Period| alert_state(&book.marks, &alert, start);
    assert_eq!(state(&book, start), AlertState::Open);
    book.mark(mark(AlertState::Done));
    assert_eq!(state(&book, start), AlertState::Done);
    assert_eq!(state(&book, start.plus(1)), AlertState::Open, "newer data raise it again");
    let until = start.plus(3);
    book.mark(mark(AlertState::Snoozed(until)));
    assert_eq!(book.marks.len(), 1);
    assert_eq!(state(&book, start.plus(2)), AlertState::Snoozed(until));
    assert_eq!(state(&book, until), AlertState::Open);
    book.mark(AlertMark { id: SeriesId::new("0", ""), ..mark(AlertState::Done) });
    book.mark(mark(AlertState::Open));
    assert_eq!((book.marks.len(), state(&book, start)), (1, AlertState::Open));
    let json = serde_json::to_string(&book).unwrap();
    assert_eq!(serde_json::from_str::<RiskBook>(&json).unwrap(), book);
    assert_eq!(serde_json::from_str::<RiskBook>("{}").unwrap(), RiskBook::default());
}
