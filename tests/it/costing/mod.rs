//! Tests at the face of `costing`.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

mod allocation;
mod cash;
mod shapley;

use crate::inventory::{check, item, steady};
use planwright::costing::{CostInputs, compute, compute_series};
use planwright::inventory::plan;
use planwright::model::{
    CostDriver, CostLedger, CostLine, DispatchPlan, Forecast, Frequency, Item, Lane, Network, Period, SeriesId,
    Shipment, Site, SolveStatus, StockPlan, StockPolicy, Trips, Unmet,
};

fn priced(code: &str, unit_cost: f64) -> Item {
    Item {
        id: SeriesId::new(code, "DC"),
        unit_cost,
        holding_rate: 0.25,
        shortage_cost: 3.0,
        order_cost: 40.0,
        ..item(14.0, 60.0)
    }
}

fn series(code: &str, unit_cost: f64) -> (Forecast, Item, StockPlan) {
    let (item, mut forecast) = (priced(code, unit_cost), steady(Frequency::Week, 30.0, 9.0, 100, 26));
    forecast.id = item.id.clone();
    let stock = plan(&forecast, &item, &StockPolicy::default());
    (forecast, item, stock)
}

fn network() -> Network {
    let lane = |from: &str, to: &str| Lane {
        from: from.into(),
        to: to.into(),
        item: "".into(),
        unit_cost: 1.5,
        capacity: None,
        lead_time_days: 0.0,
        distance_km: None,
        vehicle: "van".into(),
    };
    Network { lanes: vec![lane("DC", "Oslo"), lane("DC", "Bergen")], ..Network::default() }
}

fn dispatch() -> DispatchPlan {
    let period = Period::step(1);
    let ship = |lane, to: &str, item: &str, quantity| Shipment {
        lane,
        from: "DC".into(),
        to: to.into(),
        item: item.into(),
        period,
        quantity,
        unit_cost: 1.5,
    };
    DispatchPlan {
        status: SolveStatus::Optimal,
        objective: 0.0,
        bound: 0.0,
        shipments: vec![ship(0, "Oslo", "A", 10.0), ship(0, "Oslo", "A", 20.0), ship(1, "Bergen", "B", 10.0)],
        trips: vec![
            Trips { lane: 0, period, count: 2.0, trip_cost: 50.0 },
            Trips { lane: 0, period, count: 1.0, trip_cost: 50.0 },
        ],
        unmet: vec![Unmet { customer: "Oslo".into(), item: "B".into(), period, quantity: 2.0, unit_cost: 15.0 }],
        loads: Vec::new(),
        prices: Vec::new(),
        reduced_costs: Vec::new(),
        has_alternatives: false,
        conflicts: Vec::new(),
        notes: Vec::new(),
    }
}

/// Items A and B with a dispatch plan over two lanes.
fn ledger() -> (CostLedger, Vec<Item>) {
    let (fa, ia, sa) = series("A", 4.0);
    let (fb, ib, sb) = series("B", 7.0);
    let (forecasts, items, stock) = ([&fa, &fb], vec![ia, ib], [sa, sb]);
    let (network, dispatch) = (network(), dispatch());
    let inputs = CostInputs {
        forecasts: &forecasts,
        items: &items,
        stock: &stock,
        network: &network,
        dispatch: Some(&dispatch),
    };
    (compute(&inputs), items)
}

#[test]
fn lines_of_a_series_by_hand() {
    let (forecast, item, stock) = series("A", 4.0);
    let ledger = compute_series(&forecast, &item, &stock);
    let bought: f64 = stock.orders.iter().map(|o| o.quantity).sum();
    check(ledger.of(CostDriver::Purchase), bought * 4.0, 1e-12);
    check(ledger.of(CostDriver::Ordering), stock.orders.len() as f64 * 40.0, 1e-12);
    // 26 weeks of 7 days at 25 % of 4 a year of 365.2425 days.
    check(ledger.of(CostDriver::Holding), stock.average_stock * 26.0 * 7.0 / 365.2425, 1e-12);
    check(ledger.of(CostDriver::Shortage), stock.average_shortage * 3.0, 1e-12);
    assert!(bought > 0.0 && stock.average_shortage > 0.0);
    let periods = ledger.lines.iter().filter(|l| l.driver == CostDriver::Purchase).map(|l| l.period.unwrap());
    assert_eq!(periods.collect::<Vec<_>>(), stock.orders.iter().map(|o| o.order_period).collect::<Vec<_>>());
}

#[test]
fn lines_of_a_dispatch_plan_by_hand() {
    let (ledger, _) = ledger();
    check(ledger.of(CostDriver::TransportVariable), 40.0 * 1.5, 1e-12);
    check(ledger.of(CostDriver::TransportFixed), 150.0, 1e-12);
    check(ledger.of(CostDriver::UnmetDemand), 30.0, 1e-12);
    let places: Vec<(&str, &str, f64)> = ledger
        .lines
        .iter()
        .filter(|l| l.driver == CostDriver::TransportVariable)
        .map(|l| (&*l.item, &*l.place, l.quantity))
        .collect();
    assert_eq!(places, [("A", "DC → Oslo", 30.0), ("B", "DC → Bergen", 10.0)]);
}

#[test]
fn lines_sum_to_every_total() {
    let (ledger, _) = ledger();
    check(ledger.by_driver().values().sum(), ledger.total(), 1e-9);
    for line in &ledger.lines {
        check(line.amount, line.quantity * line.rate, 1e-12);
        assert!(!line.source.en.is_empty() && !line.source.zh.is_empty() && !line.unit.zh.is_empty());
    }
    let key = |l: &CostLine| (l.driver, l.item.clone(), l.place.clone(), l.period);
    assert!(ledger.lines.is_sorted_by_key(key));
}

#[test]
fn a_series_alone_has_the_same_lines() {
    let (forecast, item, stock) = series("A", 4.0);
    let (both, _) = ledger();
    let stock_drivers = [CostDriver::Purchase, CostDriver::Ordering, CostDriver::Holding, CostDriver::Shortage];
    let mine: Vec<CostLine> =
        both.lines.into_iter().filter(|l| &*l.item == "A" && stock_drivers.contains(&l.driver)).collect();
    assert_eq!(compute_series(&forecast, &item, &stock).lines, mine);
}

#[test]
fn nothing_priced_costs_nothing() {
    let (forecast, item, stock) = series("A", 4.0);
    let free = Item { unit_cost: f64::NAN, order_cost: 0.0, shortage_cost: -1.0, ..item };
    assert_eq!(compute_series(&forecast, &free, &stock).lines, []);
}

#[test]
fn handling_at_the_site_is_a_cost_of_its_own() {
    let site = Site { id: "DC".into(), name: "DC".into(), coordinates: None, capacity: None, handling_cost: 0.35 };
    let mut network = Network { sites: vec![site], ..network() };
    network.lanes[0].unit_cost = 1.5 - 0.35;
    network.lanes[1].unit_cost = 1.0;
    let dispatch = dispatch();
    let inputs = CostInputs { forecasts: &[], items: &[], stock: &[], network: &network, dispatch: Some(&dispatch) };
    let ledger = compute(&inputs);
    check(ledger.of(CostDriver::Handling), 40.0 * 0.35, 1e-12);
    check(ledger.of(CostDriver::TransportVariable), 40.0 * 1.15, 1e-12);
    let handled: Vec<(&str, &str, f64)> = ledger
        .lines
        .iter()
        .filter(|l| l.driver == CostDriver::Handling)
        .map(|l| (&*l.item, &*l.place, l.quantity))
        .collect();
    assert_eq!(handled, [("A", "DC", 30.0), ("B", "DC", 10.0)]);
    // The second lane's own rate isn't what its shipment was priced at: what is left of that is transport.
    let rates: Vec<f64> =
        ledger.lines.iter().filter(|l| l.driver == CostDriver::TransportVariable).map(|l| l.rate).collect();
    assert_eq!(rates, [1.15, 1.15]);
    let shipped: f64 = dispatch.shipments.iter().map(|s| s.quantity * s.unit_cost).sum();
    check(ledger.of(CostDriver::Handling) + ledger.of(CostDriver::TransportVariable), shipped, 1e-12);
}
