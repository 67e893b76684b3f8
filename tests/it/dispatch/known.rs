//! Published problems and the original worked example.

use super::{Sketch, forbidden, near, relaxed};
use planwright::dispatch::{Options, evaluate};
use planwright::model::{Limit, Period, Shipment, SolveStatus, Trips};

/// Dantzig 1963, *Linear Programming and Extensions*, §3.3, as in GAMS' `trnsport`.
fn dantzig() -> Sketch {
    let mut sketch = Sketch::default().site("Seattle", Some(350.0)).site("San Diego", Some(600.0));
    for (customer, demand) in [("New York", 325.0), ("Chicago", 300.0), ("Topeka", 275.0)] {
        sketch = sketch.customer(customer, Some(100.0)).demand(customer, demand);
    }
    let distances = [("Seattle", [2.5, 1.7, 1.8]), ("San Diego", [2.5, 1.8, 1.4])];
    for (site, row) in distances {
        for (customer, distance) in ["New York", "Chicago", "Topeka"].into_iter().zip(row) {
            sketch = sketch.lane(site, customer, 0.09 * distance);
        }
    }
    sketch
}

#[test]
fn dantzig_transport() {
    for options in [Options::default(), relaxed(), forbidden()] {
        let plan = dantzig().solve(&options);
        assert_eq!(plan.status, SolveStatus::Optimal);
        near(plan.objective, 153.675);
        near(plan.bound, 153.675);
        let prices: Vec<(String, f64)> = plan
            .prices
            .iter()
            .map(|p| match &p.limit {
                Limit::Demand { customer, .. } => (customer.to_string(), p.price),
                other => panic!("no capacity binds in every optimum: {other:?}"),
            })
            .collect();
        let expected = [("New York", 0.225), ("Chicago", 0.153), ("Topeka", 0.126)];
        assert_eq!(prices.len(), 3);
        for ((name, price), (customer, value)) in prices.iter().zip(expected) {
            assert_eq!(name, customer);
            assert!((price - value).abs() < 1e-6, "{customer}: {price}");
        }
        let reduced = |from: usize| plan.reduced_costs.iter().find(|r| r.lane == from).map(|r| r.cost);
        assert!((reduced(2).unwrap() - 0.036).abs() < 1e-6, "Seattle to Topeka");
        assert!((reduced(4).unwrap() - 0.009).abs() < 1e-6, "San Diego to Chicago");
        assert!(plan.has_alternatives);
        assert!(plan.notes.iter().any(|n| n.en.contains("New York")), "{:?}", plan.notes);
    }
}

#[test]
fn dantzig_reads_in_both_languages() {
    let plan = dantzig().solve(&Options::default());
    let first = &plan.prices[0].sentence;
    assert_eq!(first.en, format!("Customer New York: one more unit in {} costs 0.225", Period::step(1)));
    assert!(first.zh.contains("0.225") && first.zh.contains("客户"));
}

/// min 10 x₁ + 10 x₂, 10 x₁ + 10 x₂ ≥ 105, 0 ≤ x ≤ 100: x is trips of 10 units.
fn worked_example() -> Sketch {
    Sketch::default()
        .site("W1", None)
        .site("W2", None)
        .customer("Customer", Some(1000.0))
        .vehicle("Truck", 10.0, 10.0, Some(100.0))
        .truck_lane("W1", "Customer", 0.0, "Truck")
        .truck_lane("W2", "Customer", 0.0, "Truck")
        .demand("Customer", 105.0)
}

#[test]
fn worked_example_relaxed_is_105_on_a_whole_edge() {
    let plan = worked_example().solve(&relaxed());
    near(plan.objective, 105.0);
    near(plan.trips.iter().map(|t| t.count).sum(), 10.5);
    assert!(plan.has_alternatives);
    assert!(plan.notes.iter().any(|n| n.en.contains("105 units can move from W1 → Customer to W2 → Customer")));
}

#[test]
fn worked_example_with_whole_trips_is_110() {
    let plan = worked_example().solve(&Options::default());
    near(plan.objective, 110.0);
    near(plan.trips.iter().map(|t| t.count).sum(), 11.0);
    assert_eq!(plan.status, SolveStatus::Optimal);
    assert!(plan.has_alternatives);
}

#[test]
fn worked_example_as_it_was_meant_is_1050() {
    let meant = Sketch::default()
        .site("W1", Some(100.0))
        .site("W2", Some(100.0))
        .customer("Customer", Some(1000.0))
        .lane("W1", "Customer", 10.0)
        .lane("W2", "Customer", 10.0)
        .demand("Customer", 105.0);
    let plan = meant.solve(&forbidden());
    near(plan.objective, 1050.0);
    assert!(plan.has_alternatives);
    assert!(plan.shipments.iter().all(|s| s.quantity <= 100.0));
}

#[test]
fn the_articles_own_answer_costs_150() {
    let problem = worked_example().problem();
    let ship = |lane: usize, from: &str, quantity: f64| Shipment {
        lane,
        from: from.into(),
        to: "Customer".into(),
        item: "".into(),
        period: Period::step(1),
        quantity,
        unit_cost: 0.0,
    };
    let trips = |lane, count| Trips { lane, period: Period::step(1), count, trip_cost: 10.0 };
    let shipments = [ship(0, "W1", 50.0), ship(1, "W2", 55.0)];
    for options in [Options::default(), relaxed()] {
        let (cost, faults) = evaluate(&problem, &options, &shipments, &[trips(0, 5.0), trips(1, 10.0)]);
        assert_eq!((cost, faults), (150.0, Vec::new()));
    }
    // one trip fewer than the load needs is named
    let (cost, faults) = evaluate(&problem, &Options::default(), &shipments, &[trips(0, 4.0), trips(1, 10.0)]);
    assert_eq!((cost, faults.len()), (140.0, 1));
    // what isn't shipped is paid for
    let (cost, faults) = evaluate(&problem, &Options::default(), &shipments[..1], &[trips(0, 5.0)]);
    assert_eq!((cost, faults.len()), (50.0 + 55.0 * 1000.0, 0));
    let (_, faults) = evaluate(&problem, &forbidden(), &shipments[..1], &[trips(0, 5.0)]);
    assert_eq!(faults.len(), 1);
}

/// By hand: North is cheaper by 3, 1 and 7 per unit, so its 20 units go to C (15) and A (5), South does the rest:
/// 15·1 + 5·2 + 5·5 + 25·4 = 150, and one more unit in North moves one of A's: 5 − 2 = 3.
#[test]
fn binding_capacities_have_prices() {
    let mut sketch = Sketch::default().site("North", Some(20.0)).site("South", Some(31.0));
    for (customer, demand) in [("A", 10.0), ("B", 25.0), ("C", 15.0)] {
        sketch = sketch.customer(customer, None).demand(customer, demand);
    }
    for (site, row) in [("North", [2.0, 3.0, 1.0]), ("South", [5.0, 4.0, 8.0])] {
        for (customer, cost) in ["A", "B", "C"].into_iter().zip(row) {
            sketch = sketch.lane(site, customer, cost);
        }
    }
    let plan = sketch.solve(&Options::default());
    near(plan.objective, 150.0);
    assert!(!plan.has_alternatives);
    let north = plan.prices.iter().find(|p| p.limit == Limit::Site("North".into())).unwrap();
    near(north.price, 3.0);
    near(north.used, 20.0);
    assert_eq!(north.sentence.en, format!("Site North: one more unit of capacity in {} saves 3.00", Period::step(1)));
    assert!(!plan.prices.iter().any(|p| p.limit == Limit::Site("South".into())));
}

#[test]
fn a_vehicle_pays_its_distance_and_a_site_its_handling() {
    let mut sketch = Sketch::default()
        .site("W", None)
        .customer("C", Some(1000.0))
        .vehicle("Truck", 8.0, 20.0, None)
        .truck_lane("W", "C", 1.0, "Truck")
        .demand("C", 20.0);
    sketch.network.vehicles[0].cost_per_km = 0.5;
    sketch.network.lanes[0].distance_km = Some(30.0);
    sketch.network.sites[0].handling_cost = 0.25;
    let plan = sketch.solve(&Options::default());
    near(plan.objective, 20.0 * 1.25 + 3.0 * 35.0);
    near(plan.trips[0].trip_cost, 35.0);
    near(plan.shipments[0].unit_cost, 1.25);
    near(sketch.solve(&relaxed()).objective, 20.0 * 1.25 + 2.5 * 35.0);
}

#[test]
fn cheap_penalties_leave_the_last_truck_at_home() {
    let sketch = |penalty| {
        Sketch::default()
            .site("W", None)
            .customer("C", Some(penalty))
            .vehicle("Truck", 10.0, 100.0, None)
            .truck_lane("W", "C", 0.0, "Truck")
            .demand("C", 21.0)
    };
    let plan = sketch(50.0).solve(&Options::default());
    near(plan.objective, 250.0);
    near(plan.unmet[0].quantity, 1.0);
    near(sketch(150.0).solve(&Options::default()).objective, 300.0);
    near(sketch(50.0).solve(&forbidden()).objective, 300.0);
}

#[test]
fn periods_and_items_are_told_apart() {
    let sketch = Sketch::default()
        .site("W", Some(10.0))
        .site("X", None)
        .customer("C", Some(1000.0))
        .lane_of("W", "C", 1.0, "", None, "apple")
        .lane("X", "C", 3.0)
        .demand_in(1, "C", "apple", 6.0)
        .demand_in(1, "C", "pear", 6.0)
        .demand_in(1, "C", "plum", 1.0)
        .demand_in(2, "C", "apple", 12.0)
        .demand_in(2, "C", "apple", 1.0);
    let plan = sketch.solve(&Options::default());
    near(plan.objective, 6.0 + 21.0 + 10.0 + 9.0);
    assert!(plan.shipments.iter().all(|s| s.lane == 1 || &*s.item == "apple"));
    let keys: Vec<_> = plan.shipments.iter().map(|s| (s.period, s.lane, s.item.clone())).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(plan.loads.len(), 4);
}

#[test]
fn no_demand_is_a_plan() {
    let plan = Sketch::default().site("W", None).customer("C", None).lane("W", "C", 1.0).solve(&Options::default());
    assert_eq!((plan.status, plan.objective, plan.shipments.len()), (SolveStatus::Optimal, 0.0, 0));
    let plan = Sketch::default().solve(&Options::default());
    assert_eq!(plan.status, SolveStatus::Optimal);
}
