//! The purchase list: against brute force, against hand computation, and what must hold for any budget.

use super::{check, forecast, item, normal_paths};
use planwright::control::Control;
use planwright::inventory::{PlannedItem, PurchaseCandidate, plan, purchase_candidates, purchase_list};
use planwright::model::{Frequency, Item, Period, PurchaseBudget, SamplePaths, SeriesId, ShortageRule, StockPolicy};
use proptest::prelude::*;

fn candidate(
    name: &str,
    cost: f64,
    order_cost: f64,
    volume: f64,
    loss: f64,
    quantities: &[(f64, f64)],
) -> PurchaseCandidate {
    let period = Period::containing(jiff::civil::date(2024, 1, 1), Frequency::Week);
    PurchaseCandidate {
        id: SeriesId::new(name, ""),
        order_period: period,
        until: period.plus(6),
        order_cost,
        unit_cost: cost,
        unit_volume: volume,
        unit_loss: loss,
        is_assumed: false,
        quantities: quantities.to_vec(),
    }
}

fn money(money: f64) -> PurchaseBudget {
    PurchaseBudget { money: Some(money), ..PurchaseBudget::default() }
}

/// The best choice of all.
fn brute(candidates: &[PurchaseCandidate], budget: &PurchaseBudget) -> f64 {
    fn go(rest: &[PurchaseCandidate], money: f64, volume: f64) -> f64 {
        let Some((first, rest)) = rest.split_first() else { return 0.0 };
        let mut best = go(rest, money, volume);
        for (quantity, served) in &first.quantities {
            let (cost, room) = (first.order_cost + quantity * first.unit_cost, quantity * first.unit_volume);
            if cost <= money * (1.0 + 1e-12) && room <= volume * (1.0 + 1e-12) {
                best = best.max(served * first.unit_loss + go(rest, money - cost, volume - room));
            }
        }
        best
    }
    go(candidates, budget.money.unwrap_or(f64::INFINITY), budget.volume.unwrap_or(f64::INFINITY))
}

#[test]
fn the_best_use_of_money_comes_first() {
    let candidates = [
        candidate("A", 1.0, 0.0, 0.0, 2.0, &[(10.0, 10.0)]),
        candidate("B", 1.0, 0.0, 0.0, 5.0, &[(10.0, 10.0), (20.0, 15.0)]),
        candidate("C", 1.0, 0.0, 0.0, 1.0, &[(10.0, 0.0)]),
    ];
    let list = purchase_list(&candidates, &money(25.0));
    // 10 of B at 5 a unit, then 10 more at 2.5, beat A at 2; the last 5 of money buy nothing whole.
    let rows: Vec<(&str, f64)> = list.rows.iter().map(|r| (&*r.id.item, r.quantity)).collect();
    assert_eq!(rows, [("B", 20.0), ("A", 0.0), ("C", 0.0)]);
    check(list.avoided, 75.0, 1e-12);
    check(list.bound, 85.0, 1e-12);
    check(list.money, 20.0, 1e-12);
    check(list.risk, 20.0, 1e-12);
    check(list.needed, 40.0, 1e-12);
    check(list.gap(), 10.0 / 85.0, 1e-12);
    let all = purchase_list(&candidates, &PurchaseBudget::default());
    assert!(
        all.rows.iter().all(|r| (r.quantity - r.proposed).abs() < 1e-12),
        "without a limit everything proposed is bought"
    );
    check(all.gap(), 0.0, 1e-12);
    let nothing = purchase_list(&candidates, &money(0.0));
    assert!(nothing.rows.iter().all(|r| r.quantity == 0.0 && r.risk >= 0.0));
    check(nothing.risk, 95.0, 1e-12);
    assert!(purchase_list(&[], &money(5.0)).rows.is_empty());
}

#[test]
fn what_costs_nothing_is_bought_and_nonsense_is_no_limit() {
    let candidates =
        [candidate("F", 0.0, 0.0, 0.0, 3.0, &[(4.0, 4.0)]), candidate("P", 2.0, 1.0, 1.0, 3.0, &[(4.0, 4.0)])];
    let list = purchase_list(&candidates, &money(0.0));
    assert_eq!(list.rows[0].quantity.to_bits(), 4.0_f64.to_bits());
    check(list.avoided, 12.0, 1e-12);
    let wild = PurchaseBudget { money: Some(f64::NAN), volume: Some(f64::INFINITY), periods: 4 };
    check(purchase_list(&candidates, &wild).money, 9.0, 1e-12);
    let no_room = PurchaseBudget { money: None, volume: Some(0.0), periods: 4 };
    check(purchase_list(&candidates, &no_room).money, 0.0, 1e-12);
}

/// Demand is certain: what is wanting can be counted by hand.
#[test]
fn units_wanting_are_those_that_nothing_else_covers() {
    // 10 a week, 25 on hand, goods after two weeks; orders of the first two weeks compete, so what is bought later is there
    // after 2 + 2 + 1 = 5 weeks. Lost until the receipt in week 2: none, 5 left; weeks 2, 3, 4 want 30: 25 wanting.
    let demand = SamplePaths::new(12, vec![10.0; 12]);
    let forecast = forecast(Frequency::Week, vec![10.0; 12], demand);
    let item = Item { unit_cost: 4.0, price: 9.0, shortage_cost: 5.0, multiple: 5.0, ..item(14.0, 25.0) };
    let stock = plan(&forecast, &item, &StockPolicy::default());
    let planned = [PlannedItem { forecast: &forecast, item: &item, stock: &stock }];
    let found = purchase_candidates(&planned, 2, ShortageRule::LostSales, &Control::silent()).unwrap();
    let proposed: f64 =
        stock.orders.iter().filter(|o| o.order_period.since(forecast.start) < 2).map(|o| o.quantity).sum();
    let first = &stock.orders[0];
    let receipt = first.order_period.since(forecast.start) + 2;
    let left = (25.0 - 10.0 * receipt as f64).max(0.0);
    let wanting = (10.0 * (5 - receipt) as f64 - left).max(0.0);
    let one = &found[0];
    check(one.quantities.last().unwrap().0, proposed, 1e-12);
    check(one.quantities.last().unwrap().1, wanting.min(proposed), 1e-9);
    assert!(
        one.quantities.iter().all(|(q, _)| (q / 5.0).fract().abs() < 1e-9),
        "whole multiples: {:?}",
        one.quantities
    );
    assert_eq!(one.until.label(), forecast.start.plus(5).label());
    check(one.unit_loss, 5.0, 1e-12);
    // Margin stands for a cost that isn't known, and is said to.
    let unknown = Item { shortage_cost: 0.0, ..item };
    let planned = [PlannedItem { forecast: &forecast, item: &unknown, stock: &stock }];
    let found = purchase_candidates(&planned, 2, ShortageRule::LostSales, &Control::silent()).unwrap();
    assert!(found[0].is_assumed);
    let list = purchase_list(&found, &money(1.0));
    assert_eq!(list.assumed, 1);
    assert!(list.rows[0].why.en.contains("isn't known") && !list.rows[0].why.zh.is_empty());
}

#[test]
fn more_units_serve_ever_less() {
    let forecast = forecast(Frequency::Week, vec![50.0; 13], normal_paths(50.0, 20.0, 500, 13));
    let item = Item { unit_cost: 2.0, shortage_cost: 3.0, order_cost: 40.0, holding_rate: 0.3, ..item(14.0, 60.0) };
    let stock = plan(&forecast, &item, &StockPolicy::default());
    for shortage in [ShortageRule::LostSales, ShortageRule::Backorder] {
        let planned = [PlannedItem { forecast: &forecast, item: &item, stock: &stock }];
        let found = purchase_candidates(&planned, 4, shortage, &Control::silent()).unwrap();
        let q = &found[0].quantities;
        assert!(q.len() > 5);
        for w in q.windows(3) {
            let slope = |a: (f64, f64), b: (f64, f64)| (b.1 - a.1) / (b.0 - a.0);
            assert!(slope(w[1], w[2]) <= slope(w[0], w[1]) + 1e-9 && slope(w[0], w[1]) <= 1.0 + 1e-9);
        }
    }
}

proptest! {
    #[test]
    fn greedy_is_within_its_bound_and_never_below_half(
        rows in prop::collection::vec((0.0..9.0f64, 0.0..20.0f64, 0.0..3.0f64, 0.1..9.0f64, 1usize..4, 1.0..20.0f64), 1..6),
        share in 0.0..1.2f64,
        room in prop::option::of(0.0..1.2f64),
    ) {
        let candidates: Vec<PurchaseCandidate> = rows
            .iter()
            .enumerate()
            .map(|(k, (cost, order, volume, loss, steps, size))| {
                // Concave in the quantity, as what serves demand is.
                let quantities: Vec<(f64, f64)> =
                    (1..=*steps).map(|n| (size * n as f64, size * (1.0 - 0.5_f64.powi(n as i32)))).collect();
                candidate(&format!("I{k}"), *cost, *order, *volume, *loss, &quantities)
            })
            .collect();
        let all = purchase_list(&candidates, &PurchaseBudget::default());
        let budget = PurchaseBudget {
            money: Some(all.needed * share),
            volume: room.map(|room| all.needed_volume * room),
            periods: 4,
        };
        let list = purchase_list(&candidates, &budget);
        let best = brute(&candidates, &budget);
        prop_assert!(list.money <= all.needed * share * (1.0 + 1e-6) + 1e-9);
        if let Some(limit) = budget.volume {
            prop_assert!(list.volume <= limit * (1.0 + 1e-6) + 1e-9);
        }
        prop_assert!(list.avoided <= best * (1.0 + 1e-6) + 1e-9, "{} above the optimum {}", list.avoided, best);
        prop_assert!(best <= list.bound * (1.0 + 1e-6) + 1e-9, "optimum {} above the bound {}", best, list.bound);
        if budget.volume.is_none() {
            prop_assert!(list.avoided >= 0.5 * best - 1e-9, "{} below half of {}", list.avoided, best);
        }
        // Money and losses of the rows are the list's.
        let sums = list.rows.iter().fold((0.0, 0.0), |s, r| (s.0 + r.money, s.1 + r.avoided));
        prop_assert!((sums.0 - list.money).abs() < 1e-9 * list.money.max(1.0));
        prop_assert!((sums.1 - list.avoided).abs() < 1e-9 * list.avoided.max(1.0));
    }
}
