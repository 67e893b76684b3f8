//! Shared costs spread over items, by hand and as properties.

use super::{network, priced, series};
use crate::inventory::check;
use planwright::costing::{AllocationInputs, CostInputs, allocate, compute};
use planwright::model::{
    AllocatedCost, Allocation, AllocationKey, CostDriver, CostLedger, CostLine, DispatchPlan, Item, Network, Period,
    PlannedOrder, SeriesId, ShapleyMethod, Shipment, StockPlan, Trips, Vehicle,
};
use planwright::words::Text;
use proptest::prelude::*;

/// Vans of 25 units at 50 a trip from DC to Oslo: in the first period 30 of A and 10 of B, in the second 5 and 20.
fn vans() -> (Network, DispatchPlan) {
    let van = Vehicle { id: "van".into(), capacity: 25.0, trip_cost: 50.0, cost_per_km: 0.0, max_trips: None };
    let network = Network { vehicles: vec![van], ..network() };
    let ship = |item: &str, period, quantity| Shipment {
        lane: 0,
        from: "DC".into(),
        to: "Oslo".into(),
        item: item.into(),
        period: Period::step(period),
        quantity,
        unit_cost: 1.5,
    };
    let trips = |period, count| Trips { lane: 0, period: Period::step(period), count, trip_cost: 50.0 };
    let dispatch = DispatchPlan {
        shipments: vec![ship("A", 1, 30.0), ship("B", 1, 10.0), ship("A", 2, 5.0), ship("B", 2, 20.0)],
        trips: vec![trips(1, 2.0), trips(2, 1.0)],
        unmet: Vec::new(),
        ..super::dispatch()
    };
    (network, dispatch)
}

fn ledger_of(items: &[Item], stock: &[StockPlan], network: &Network, dispatch: Option<&DispatchPlan>) -> CostLedger {
    let (forecast, ..) = series("A", 4.0);
    let forecasts = vec![&forecast; stock.len()];
    compute(&CostInputs { forecasts: &forecasts, items, stock, network, dispatch })
}

fn allocated(items: &[Item], stock: &[StockPlan], network: &Network, dispatch: Option<&DispatchPlan>) -> Allocation {
    let ledger = ledger_of(items, stock, network, dispatch);
    allocate(&AllocationInputs { ledger: &ledger, items, stock, network, dispatch, seed: 1 })
}

fn parts(allocation: &Allocation, key: AllocationKey) -> Vec<f64> {
    allocation.items.iter().map(|row| row.shared[key.index()]).collect()
}

#[test]
fn trips_are_spread_over_the_items_of_their_lane_by_every_key() {
    let (network, dispatch) = vans();
    let rated = |code, cost, volume, weight| Item { volume, weight, ..priced(code, cost) };
    let items = [rated("A", 4.0, 0.1, 2.0), rated("B", 7.0, 0.3, 0.0), rated("C", 1.0, 0.0, 0.0)];
    let found = allocated(&items, &[], &network, Some(&dispatch));
    let check_parts = |key, expected: [f64; 2]| {
        let parts = parts(&found, key);
        parts.iter().zip(expected).for_each(|(part, expected)| check(*part, expected, 1e-12));
        assert_eq!(parts[2], 0.0, "C isn't on the lane");
    };
    // 35 of A and 30 of B share three trips, 150.
    check_parts(AllocationKey::Units, [150.0 * 35.0 / 65.0, 150.0 * 30.0 / 65.0]);
    check_parts(AllocationKey::Volume, [150.0 * 3.5 / 12.5, 150.0 * 9.0 / 12.5]);
    check_parts(AllocationKey::Value, [60.0, 90.0]);
    check_parts(AllocationKey::Activity, [75.0, 75.0]);
    check_parts(AllocationKey::Equal, [75.0, 75.0]);
    // First period: v(A) = v(AB) = 100, v(B) = 50, so 75 and 25; second: one trip whoever goes, so 25 and 25.
    check_parts(AllocationKey::Shapley, [100.0, 50.0]);
    // B's weight isn't stated: it is taken to weigh what A does, and says so.
    check_parts(AllocationKey::Weight, [150.0 * 35.0 / 65.0, 150.0 * 30.0 / 65.0]);
    let notes: Vec<&str> = found.items.iter().map(|row| row.note.en.as_str()).collect();
    assert_eq!(notes, ["", "no weight stated: mean of the others", ""]);
    assert_eq!((found.shared.len(), found.shared[0].method), (1, ShapleyMethod::Exact));
    assert_eq!((&*found.shared[0].place, found.shared[0].amount), ("DC → Oslo", 150.0));
    // Units shipped stay each item's own.
    assert_eq!(found.items.iter().map(|row| row.direct).collect::<Vec<f64>>(), [52.5, 45.0, 0.0]);
}

#[test]
fn what_no_item_states_is_said_and_units_count() {
    let (network, dispatch) = vans();
    let found = allocated(&[priced("A", 0.0), priced("B", 0.0)], &[], &network, Some(&dispatch));
    for key in [AllocationKey::Volume, AllocationKey::Weight, AllocationKey::Value] {
        assert_eq!(parts(&found, key), parts(&found, AllocationKey::Units));
    }
    let said = "no volume stated: by units; no weight stated: by units; no unit cost stated: by units";
    assert!(found.items.iter().all(|row| row.note.en == said && row.note.zh.contains("按件数")), "{:?}", found.items);
}

#[test]
fn a_vehicle_that_nobody_knows_is_paid_for_by_units_and_more_trips_than_needed_are_shared_too() {
    let (mut network, mut dispatch) = vans();
    let items = [priced("A", 4.0), priced("B", 7.0)];
    dispatch.trips[1].count = 2.0;
    let found = allocated(&items, &[], &network, Some(&dispatch));
    // The second period costs 100 where 50 would do: 50 each beside 75 and 25.
    assert_eq!(parts(&found, AllocationKey::Shapley), [125.0, 75.0]);
    network.vehicles.clear();
    let found = allocated(&items, &[], &network, Some(&dispatch));
    assert_eq!(parts(&found, AllocationKey::Shapley), parts(&found, AllocationKey::Units));
    assert!(found.shared[0].note.en.contains("no cost function is known"));
}

/// A stock plan with orders in these weeks.
fn ordering(item: &Item, weeks: &[i64]) -> StockPlan {
    let (_, _, stock) = series(&item.id.item, 4.0);
    let order = |week: &i64| PlannedOrder {
        order_date: None,
        receipt_date: None,
        supplier: "".into(),
        breach: None,
        order_period: stock.start.plus(*week),
        receipt_period: stock.start.plus(week + 2),
        quantity: 10.0,
        why: Text::default(),
    };
    StockPlan { orders: weeks.iter().map(order).collect(), id: item.id.clone(), ..stock.clone() }
}

#[test]
fn order_costs_are_shared_by_the_items_of_a_supplier() {
    let of = |code, order_cost, supplier: &str| Item { order_cost, supplier: supplier.into(), ..priced(code, 4.0) };
    let items = [of("A", 40.0, "S"), of("B", 60.0, "S"), of("C", 5.0, "T")];
    let stock = [ordering(&items[0], &[0, 1]), ordering(&items[1], &[0]), ordering(&items[2], &[0])];
    let found = allocated(&items, &stock, &Network::default(), None);
    // Ordering costs 2·40 + 60 = 140. v(A) = 80, v(B) = 60, v(AB) = 60 + 40: 60 and 40 of 100, times 1.4.
    let shapley = parts(&found, AllocationKey::Shapley);
    shapley.iter().zip([84.0, 56.0, 0.0]).for_each(|(part, expected)| check(*part, expected, 1e-12));
    let activity = parts(&found, AllocationKey::Activity);
    activity.iter().zip([140.0 * 2.0 / 3.0, 140.0 / 3.0, 0.0]).for_each(|(a, b)| check(*a, b, 1e-12));
    assert_eq!((found.shared[0].driver, &*found.shared[0].place), (CostDriver::Ordering, "S"));
    let own: Vec<f64> = found.items.iter().map(|row| row.direct).collect();
    let ledger = ledger_of(&items, &stock, &Network::default(), None);
    check(found.items.iter().map(|row| row.total(AllocationKey::Shapley)).sum(), ledger.total(), 1e-12);
    assert!(own[2] >= 5.0, "a supplier of one item shares nothing");
}

#[test]
fn a_lane_of_many_items_is_sampled_and_says_how_sure_it_is() {
    let (network, mut dispatch) = vans();
    let codes: Vec<String> = (0..30).map(|k| format!("I{k:02}")).collect();
    let template = dispatch.shipments[0].clone();
    dispatch.shipments = codes
        .iter()
        .enumerate()
        .map(|(k, code)| Shipment { item: code.as_str().into(), quantity: 1.0 + k as f64, ..template.clone() })
        .collect();
    dispatch.trips.truncate(1);
    dispatch.trips[0].count = 19.0;
    let found = allocated(&[], &[], &network, Some(&dispatch));
    assert_eq!(found.shared[0].method, ShapleyMethod::Sampled(2000));
    let errors: Vec<f64> = found.items.iter().map(|row| row.standard_error).collect();
    // A load of a whole van takes a trip of its own whenever it comes.
    assert_eq!((errors[24], parts(&found, AllocationKey::Shapley)[24]), (0.0, 50.0));
    assert!(errors.iter().enumerate().all(|(k, e)| k == 24 || (*e > 0.0 && *e < 2.0)), "{errors:?}");
    let sum: f64 = parts(&found, AllocationKey::Shapley).iter().sum();
    check(sum, 950.0, 1e-12);
    assert!(parts(&found, AllocationKey::Shapley).windows(2).all(|p| p[0] < p[1] + 4.0), "larger loads bear more");
}

#[test]
fn nothing_is_spread_over_nobody() {
    let none = AllocationInputs {
        ledger: &CostLedger::default(),
        items: &[],
        stock: &[],
        network: &Network::default(),
        dispatch: None,
        seed: 1,
    };
    assert_eq!(allocate(&none), Allocation::default());
}

fn any_line() -> impl Strategy<Value = CostLine> {
    let driver = prop::sample::select(CostDriver::ALL.to_vec());
    let code = prop::sample::select(vec!["", "A", "B", "C", "D"]);
    let place = prop::sample::select(vec!["", "DC", "DC → Oslo"]);
    (driver, code, place, 0.0..1e4f64, 0.0..100.0f64).prop_map(|(driver, item, place, quantity, rate)| CostLine {
        driver,
        item: item.into(),
        place: place.into(),
        period: None,
        quantity,
        unit: Text::default(),
        rate,
        amount: quantity * rate,
        source: Text::default(),
    })
}

fn any_item() -> impl Strategy<Value = Item> {
    let rate = || prop_oneof![Just(0.0), Just(f64::NAN), Just(-1.0), 0.0..50.0f64];
    let code = prop::sample::select(vec!["A", "B", "E"]);
    let supplier = prop::sample::select(vec!["", "S"]);
    (code, rate(), rate(), rate(), rate(), supplier).prop_map(
        |(code, unit_cost, volume, weight, order_cost, supplier)| Item {
            unit_cost,
            volume,
            weight,
            order_cost,
            supplier: supplier.into(),
            ..priced(code, 1.0)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn by_every_key_the_items_sum_to_the_ledger(
        lines in prop::collection::vec(any_line(), 0..30), mut items in prop::collection::vec(any_item(), 0..4),
        with_vans in any::<bool>(),
    ) {
        for (k, item) in items.iter_mut().enumerate() {
            item.id = SeriesId::new(&*item.id.item, ["DC", "X", "Y", "Z"][k]);
        }
        let stock: Vec<StockPlan> = items.iter().map(|i| ordering(i, &[0, 3])).collect();
        let (network, dispatch) = vans();
        let (ledger, dispatch) = (CostLedger { lines }, with_vans.then_some(&dispatch));
        let inputs =
            AllocationInputs { ledger: &ledger, items: &items, stock: &stock, network: &network, dispatch, seed: 7 };
        let found = allocate(&inputs);
        prop_assert!(found.items.is_sorted_by(|a, b| a.item < b.item));
        for key in AllocationKey::ALL {
            let sum: f64 = found.items.iter().map(|row: &AllocatedCost| row.total(key)).sum();
            prop_assert!((sum - ledger.total()).abs() <= 1e-9 * ledger.total().max(1.0), "{key:?}: {sum}");
            for cost in &found.shared {
                let parts: f64 = cost.shares.iter().map(|s| s.parts[key.index()]).sum();
                prop_assert_eq!(parts, cost.amount, "a shared cost is spread to the last digit");
            }
        }
        let by_driver: f64 = ledger.by_driver().values().sum();
        prop_assert!((by_driver - ledger.total()).abs() <= 1e-9 * ledger.total().max(1.0));
    }
}
