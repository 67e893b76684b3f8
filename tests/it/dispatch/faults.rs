//! Bad input, infeasible demand, tampered plans, cancel and time.

use super::{Sketch, forbidden, near};
use planwright::control::Control;
use planwright::dispatch::{DispatchError, Options, solve, verify};
use planwright::model::{DispatchPlan, SolveStatus};
use std::time::Duration;

fn small() -> Sketch {
    Sketch::default()
        .site("North", Some(60.0))
        .site("South", Some(50.0))
        .customer("A", Some(90.0))
        .customer("B", Some(80.0))
        .vehicle("Truck", 10.0, 12.0, Some(4.0))
        .truck_lane("North", "A", 1.0, "Truck")
        .lane_of("North", "B", 4.0, "", Some(30.0), "")
        .lane("South", "A", 5.0)
        .truck_lane("South", "B", 2.0, "Truck")
        .demand_in(1, "A", "apple", 47.0)
        .demand_in(1, "B", "pear", 50.0)
        .demand_in(2, "A", "apple", 100.0)
        .demand_in(2, "B", "pear", 40.0)
}

#[test]
fn tampered_plans_are_rejected() {
    type Tamper = (&'static str, fn(&mut DispatchPlan));
    let plan = small().solve(&Options::default());
    let tampers: [Tamper; 17] = [
        ("site or lane or trips", |p| p.shipments[0].quantity += 40.0),
        ("a shipment is dropped", |p| drop(p.shipments.pop())),
        ("less than zero", |p| p.shipments[0].quantity = -1.0),
        ("not a number", |p| p.shipments[0].quantity = f64::NAN),
        ("half a trip", |p| p.trips[0].count -= 0.5),
        ("a trip fewer", |p| p.trips[0].count -= 1.0),
        ("a trip more", |p| p.trips[0].count += 1.0),
        ("beyond the most trips", |p| p.trips[0].count = 5.0),
        ("cheaper than it is", |p| p.objective -= 1.0),
        ("a bound above the cost", |p| p.bound += 1.0),
        ("unmet demand hidden", |p| p.unmet.clear()),
        ("unmet demand invented", |p| p.unmet[0].quantity += 1.0),
        ("a penalty forgiven", |p| p.unmet[0].unit_cost = 0.0),
        ("a unit cost changed", |p| p.shipments[0].unit_cost = 0.0),
        ("a load changed", |p| p.loads[0].load += 1.0),
        ("another customer", |p| p.shipments[0].to = "B".into()),
        ("a lane that isn't there", |p| p.shipments[0].lane = 99),
    ];
    for (what, tamper) in tampers {
        let mut tampered = plan.clone();
        tamper(&mut tampered);
        assert_ne!(verify(&small().problem(), &Options::default(), &tampered), Vec::new(), "{what}");
    }
}

#[test]
fn every_capacity_row_is_checked() {
    let plan = small().solve(&Options::default());
    let faults_with = |change: fn(&mut Sketch)| {
        let mut other = small();
        change(&mut other);
        verify(&other.problem(), &Options::default(), &plan).iter().map(|t| t.en.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(faults_with(|s| s.network.sites[0].capacity = Some(10.0)).contains("Site North"));
    assert!(faults_with(|s| s.network.lanes[2].capacity = Some(1.0)).contains("Lane South → A"));
    assert!(faults_with(|s| s.network.vehicles[0].capacity = 5.0).contains("trips carry"));
    assert!(faults_with(|s| s.network.vehicles[0].max_trips = Some(1.0)).contains("allowed"));
    assert!(faults_with(|s| s.network.lanes[0].item = "pear".into()).contains("doesn't carry item apple"));
    assert!(faults_with(|s| s.demand[0].quantity = 1.0).contains("more than the 1 wanted"));
    assert!(faults_with(|s| drop(s.demand.remove(0))).contains("without wanting any"));
}

#[test]
fn unmet_demand_stands_at_its_penalty_or_names_its_conflict() {
    let sketch = Sketch::default()
        .site("North", Some(60.0))
        .site("South", Some(50.0))
        .site("East", None)
        .customer("A", Some(90.0))
        .customer("B", Some(80.0))
        .customer("C", None)
        .lane("North", "A", 1.0)
        .lane("South", "A", 2.0)
        .lane("South", "B", 2.0)
        .lane_of("East", "B", 2.0, "", Some(5.0), "")
        .lane("East", "C", 2.0)
        .demand_in(1, "C", "", 1e6)
        .demand_in(1, "A", "", 80.0)
        .demand_in(1, "B", "", 40.0);
    let plan = sketch.solve(&Options::default());
    near(plan.unmet.iter().map(|u| u.quantity).sum(), 5.0);
    assert_eq!(&*plan.unmet[0].customer, "B", "the cheaper penalty");
    let plan = sketch.solve(&forbidden());
    assert_eq!(plan.status, SolveStatus::Infeasible);
    assert!(plan.shipments.is_empty());
    let words = &plan.conflicts[0];
    for part in ["A, B", "120 units", "at most 115", "North 60", "South 50", "East → B 5"] {
        assert!(words.en.contains(part), "{part} in {}", words.en);
    }
    assert!(!words.en.contains('C'), "C has nothing to do with it: {}", words.en);
    assert!(words.zh.contains("120") && words.zh.contains("115"));
}

#[test]
fn a_customer_without_a_lane_is_named() {
    let sketch = Sketch::default()
        .site("W", None)
        .customer("A", Some(7.0))
        .customer("B", None)
        .lane_of("W", "A", 1.0, "", None, "pear")
        .lane("W", "B", 1.0)
        .demand_in(3, "A", "apple", 2.0);
    near(sketch.solve(&Options::default()).objective, 14.0);
    let plan = sketch.solve(&forbidden());
    assert_eq!(plan.status, SolveStatus::Infeasible);
    assert!(plan.conflicts[0].en.starts_with("Customer A wants 2 units of apple"), "{}", plan.conflicts[0]);
}

#[test]
fn whole_trips_can_be_what_is_missing() {
    let sketch = |most| {
        Sketch::default()
            .site("W", None)
            .customer("A", None)
            .vehicle("Truck", 10.0, 1.0, Some(most))
            .truck_lane("W", "A", 1.0, "Truck")
            .demand("A", 25.0)
    };
    assert_eq!(sketch(3.0).solve(&forbidden()).status, SolveStatus::Optimal);
    let plan = sketch(2.9).solve(&forbidden());
    assert_eq!(plan.status, SolveStatus::Infeasible);
    assert!(plan.conflicts[0].en.contains("at most 20"), "{}", plan.conflicts[0]);
}

#[test]
fn bad_input_says_what_where_and_what_to_do() {
    type Spoil = (&'static str, fn(&mut Sketch));
    let cases: [Spoil; 16] = [
        ("Demand of A", |s| s.demand[0].quantity = -1.0),
        ("Demand of A", |s| s.demand[0].quantity = f64::NAN),
        ("Demand of A", |s| s.demand[0].quantity = f64::INFINITY),
        ("customer Z", |s| s.demand[0].customer = "Z".into()),
        ("site Z", |s| s.network.lanes[0].from = "Z".into()),
        ("customer Z", |s| s.network.lanes[0].to = "Z".into()),
        ("vehicle Z", |s| s.network.lanes[0].vehicle = "Z".into()),
        ("Unit cost of lane North → A", |s| s.network.lanes[0].unit_cost = -0.1),
        ("Capacity of lane North → B", |s| s.network.lanes[1].capacity = Some(f64::NAN)),
        ("Capacity of site North", |s| s.network.sites[0].capacity = Some(-5.0)),
        ("Handling cost of site South", |s| s.network.sites[1].handling_cost = f64::NAN),
        ("Capacity of vehicle Truck is 0", |s| s.network.vehicles[0].capacity = 0.0),
        ("Trip cost of vehicle Truck", |s| s.network.vehicles[0].trip_cost = -1.0),
        ("Most trips of vehicle Truck", |s| s.network.vehicles[0].max_trips = Some(f64::NAN)),
        ("Unmet cost of customer B", |s| s.network.customers[1].unmet_cost = Some(-1.0)),
        ("Two rows describe customer A", |s| s.network.customers[1].id = "A".into()),
    ];
    for (expected, spoil) in cases {
        let mut sketch = small();
        spoil(&mut sketch);
        match solve(&sketch.problem(), &Options::default(), &Control::silent()) {
            Err(DispatchError::Invalid(text)) => {
                assert!(text.en.contains(expected), "{expected} in {}", text.en);
                assert!(!text.zh.is_empty());
            }
            other => panic!("{expected}: {other:?}"),
        }
        assert_eq!(verify(&sketch.problem(), &Options::default(), &small().solve(&Options::default())).len(), 1);
    }
}

#[test]
fn too_large_a_problem_is_refused_before_it_eats_the_memory() {
    let mut sketch = Sketch::default().customer("C", None);
    for site in 0..1000 {
        let id = format!("S{site}");
        sketch = sketch.site(&id, None).lane(&id, "C", 1.0);
    }
    for period in 0..1100 {
        sketch = sketch.demand_in(period, "C", "", 1.0);
    }
    let error = solve(&sketch.problem(), &Options::default(), &Control::silent()).unwrap_err();
    assert!(error.to_string().contains("variables"), "{error}");
}

#[test]
fn a_cancelled_solve_says_so() {
    let control = Control::silent();
    control.cancel();
    let error = solve(&small().problem(), &Options::default(), &control).unwrap_err();
    assert!(matches!(error, DispatchError::Cancelled(_)));
}

#[test]
fn without_time_the_plan_still_holds_and_says_how_far_it_may_be_off() {
    let options = Options { time_limit: Duration::ZERO, ..Options::default() };
    let plan = small().solve(&options);
    assert_eq!(plan.status, SolveStatus::TimeLimit);
    let best = small().solve(&Options::default());
    assert!(plan.bound <= best.objective + 1e-9 && best.objective <= plan.objective + 1e-9);
    let hurried = Options { time_limit: Duration::ZERO, ..forbidden() };
    assert!(matches!(solve(&small().problem(), &hurried, &Control::silent()), Err(DispatchError::Solver(_))));
}
