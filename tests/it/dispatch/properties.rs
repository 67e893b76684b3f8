//! Properties, and tiny problems against counting out every plan.

use super::{Sketch, forbidden, near, relaxed};
use good_lp::{Expression, ProblemVariables, Solution, SolverModel, variable};
use planwright::control::Control;
use planwright::dispatch::{Options, solve};
use planwright::model::{Limit, SolveStatus};
use proptest::prelude::*;

const SITES: [&str; 2] = ["N", "S"];
const CUSTOMERS: [&str; 2] = ["A", "B"];

/// A problem of two sites and two customers in whole numbers.
#[derive(Debug, Clone)]
struct Tiny {
    site: [u32; 2],
    demand: [u32; 2],
    penalty: [u32; 2],
    /// By site, then customer: unit cost, capacity, has a truck.
    lanes: Vec<(u32, u32, bool)>,
    truck: (u32, u32, u32),
}

fn tiny() -> impl Strategy<Value = Tiny> {
    let lanes = prop::collection::vec((0..6_u32, 1..8_u32, any::<bool>()), 4);
    ([2..9_u32, 2..9_u32], [0..7_u32, 0..7_u32], [1..40_u32, 1..40_u32], lanes, (1..5_u32, 0..20_u32, 1..4_u32))
        .prop_map(|(site, demand, penalty, lanes, truck)| Tiny { site, demand, penalty, lanes, truck })
}

impl Tiny {
    fn sketch(&self) -> Sketch {
        let (capacity, cost, most) = self.truck;
        let mut sketch = Sketch::default().vehicle("T", f64::from(capacity), f64::from(cost), Some(f64::from(most)));
        for (id, limit) in SITES.into_iter().zip(self.site) {
            sketch = sketch.site(id, Some(f64::from(limit)));
        }
        for ((id, demand), penalty) in CUSTOMERS.into_iter().zip(self.demand).zip(self.penalty) {
            sketch = sketch.customer(id, Some(f64::from(penalty))).demand(id, f64::from(demand));
        }
        for (at, &(cost, limit, by_truck)) in self.lanes.iter().enumerate() {
            let vehicle = if by_truck { "T" } else { "" };
            let (from, to) = (SITES[at / 2], CUSTOMERS[at % 2]);
            sketch = sketch.lane_of(from, to, f64::from(cost), vehicle, Some(f64::from(limit)), "");
        }
        sketch
    }

    /// Cost of the cheapest plan by counting out every division of the demand. With whole numbers everywhere an optimum
    /// in whole numbers exists (the rows with fixed trips are totally unimodular).
    fn count_out(&self, whole: bool, may_lack: bool) -> Option<f64> {
        let (size, trip, most) = self.truck;
        let lane = |at: usize, units: u32| -> Option<f64> {
            let (cost, limit, by_truck) = self.lanes[at];
            let trips = if whole { f64::from(units.div_ceil(size)) } else { f64::from(units) / f64::from(size) };
            let fits = units <= limit && (!by_truck || trips <= f64::from(most));
            let truck = if by_truck { trips * f64::from(trip) } else { 0.0 };
            fits.then(|| f64::from(units * cost) + truck)
        };
        let splits = |customer: usize| {
            let demand = self.demand[customer];
            let mut found = Vec::new();
            for a in 0..=demand {
                for b in 0..=demand - a {
                    let short = demand - a - b;
                    if let (Some(x), Some(y), true) = (lane(customer, a), lane(2 + customer, b), may_lack || short == 0)
                    {
                        found.push((a, b, x + y + f64::from(short * self.penalty[customer])));
                    }
                }
            }
            found
        };
        let second = splits(1);
        let mut best: Option<f64> = None;
        for (a, b, cost) in splits(0) {
            for (c, d, other) in &second {
                if a + c <= self.site[0] && b + d <= self.site[1] && best.is_none_or(|x| cost + other < x) {
                    best = Some(cost + other);
                }
            }
        }
        best
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tiny_plans_equal_counting_out(tiny in tiny()) {
        let sketch = tiny.sketch();
        for (options, whole) in [(Options::default(), true), (relaxed(), false)] {
            let plan = sketch.solve(&options);
            prop_assert_eq!(plan.status, SolveStatus::Optimal);
            near(plan.objective, tiny.count_out(whole, true).unwrap());
        }
        let plan = sketch.solve(&forbidden());
        if let Some(cost) = tiny.count_out(true, false) {
            near(plan.objective, cost);
        } else {
            prop_assert_eq!(plan.status, SolveStatus::Infeasible);
            prop_assert!(!plan.conflicts.is_empty());
        }
    }

    #[test]
    fn relaxing_trips_and_adding_capacity_never_cost_more(tiny in tiny()) {
        let cost = tiny.sketch().solve(&Options::default()).objective;
        prop_assert!(tiny.sketch().solve(&relaxed()).objective <= cost + 1e-9);
        let mut wider = tiny.clone();
        wider.site[0] += 2;
        wider.lanes[3].1 += 1;
        prop_assert!(wider.sketch().solve(&Options::default()).objective <= cost + 1e-9);
    }

    /// With whole numbers the optimal cost is linear between whole right-hand sides, so half a unit more shows the
    /// price exactly (trips relaxed to multiples of whole vehicles, so that their limits are whole too).
    #[test]
    fn shadow_prices_are_what_one_more_unit_changes(tiny in tiny()) {
        let sketch = tiny.sketch();
        let plan = sketch.solve(&relaxed());
        let price = |limit: &Limit| plan.prices.iter().find(|p| p.limit == *limit).map_or(0.0, |p| p.price);
        for at in 0..2 {
            let mut more = sketch.clone();
            more.network.sites[at].capacity = more.network.sites[at].capacity.map(|c| c + 0.5);
            near(plan.objective - more.solve(&relaxed()).objective, 0.5 * price(&Limit::Site(SITES[at].into())));
            if tiny.demand[at] == 0 {
                continue;
            }
            let mut more = sketch.clone();
            more.demand[at].quantity += 0.5;
            let limit = Limit::Demand { customer: CUSTOMERS[at].into(), item: "".into() };
            near(more.solve(&relaxed()).objective - plan.objective, 0.5 * price(&limit));
        }
        for at in 0..4 {
            let mut more = sketch.clone();
            more.network.lanes[at].capacity = more.network.lanes[at].capacity.map(|c| c + 0.5);
            near(plan.objective - more.solve(&relaxed()).objective, 0.5 * price(&Limit::Lane(at)));
        }
    }
}

/// Numbers from a small fixed generator (Knuth's MMIX constants).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit) as f64
    }
}

fn drawn(seed: u64, with_trucks: bool) -> Sketch {
    let mut draw = Draw(seed);
    let mut sketch = Sketch::default().vehicle("T", 24.0, 35.0, None).vehicle("L", 50.0, 60.0, None);
    for s in 0..4 {
        sketch = sketch.site(&format!("S{s}"), Some(60.0 + draw.below(90)));
    }
    for c in 0..7 {
        let id = format!("C{c}");
        sketch = sketch.customer(&id, Some(40.0 + draw.below(60)));
        for item in ["apple", "pear", "plum"] {
            sketch = sketch.demand_in(1, &id, item, draw.below(30) + 0.5);
        }
        for s in 0..4 {
            let limit = (draw.below(3) == 0.0).then(|| 10.0 + draw.below(30));
            let item = if draw.below(4) == 0.0 { "pear" } else { "" };
            let vehicle = if with_trucks && draw.below(2) == 0.0 { ["T", "L"][draw.below(2) as usize] } else { "" };
            let cost = 1.0 + draw.below(200) / 10.0;
            sketch = sketch.lane_of(&format!("S{s}"), &id, cost, vehicle, limit, item);
        }
    }
    sketch
}

/// The model as `super` writes it, given to a simplex code without any of our reductions.
fn simplex(sketch: &Sketch, whole: bool) -> f64 {
    let mut variables = ProblemVariables::new();
    let (mut objective, mut rows) = (Expression::default(), Vec::new());
    let network = &sketch.network;
    let mut by_site = vec![Expression::default(); network.sites.len()];
    let mut by_lane = vec![Expression::default(); network.lanes.len()];
    for line in &sketch.demand {
        let u = variables.add(variable().min(0.0));
        objective.add_mul(network.customer(&line.customer).unwrap().unmet_cost.unwrap(), u);
        let mut sum = Expression::from(u);
        for (at, lane) in network.lanes.iter().enumerate() {
            if lane.to == line.customer && (lane.item.is_empty() || lane.item == line.item) {
                let x = variables.add(variable().min(0.0));
                objective.add_mul(lane.unit_cost, x);
                sum.add_mul(1.0, x);
                by_lane[at].add_mul(1.0, x);
                by_site[network.sites.iter().position(|s| s.id == lane.from).unwrap()].add_mul(1.0, x);
            }
        }
        rows.push(sum.eq(line.quantity));
    }
    for (site, sum) in network.sites.iter().zip(by_site) {
        rows.extend(site.capacity.map(|limit| sum.leq(limit)));
    }
    for (lane, sum) in network.lanes.iter().zip(by_lane) {
        rows.extend(lane.capacity.map(|limit| sum.clone().leq(limit)));
        if let Some(vehicle) = network.vehicle(&lane.vehicle) {
            let y = variables.add(if whole { variable().integer().min(0).max(50) } else { variable().min(0.0) });
            objective.add_mul(vehicle.trip_cost, y);
            rows.push((sum - vehicle.capacity * y).leq(0.0));
        }
    }
    let mut model = variables.minimise(objective.clone()).using(good_lp::microlp);
    for row in rows {
        model.add_constraint(row);
    }
    model.solve().unwrap().eval(objective)
}

#[test]
fn flows_equal_the_simplex_method() {
    for seed in 0..40 {
        let sketch = drawn(seed, seed % 2 == 0);
        let plan = sketch.solve(&relaxed());
        near(plan.objective, simplex(&sketch, false));
        assert!(plan.shipments.iter().all(|s| s.quantity > 1e-6), "no crumbs");
    }
}

#[test]
fn whole_trips_equal_the_plain_model() {
    for seed in [2, 4, 6] {
        let mut sketch = drawn(seed, true);
        sketch.demand.retain(|d| ["C0", "C1", "C2"].contains(&&*d.customer));
        for site in &mut sketch.network.sites {
            site.capacity = site.capacity.map(|c| c * 0.4);
        }
        let plan = sketch.solve(&Options::default());
        assert_eq!(plan.status, SolveStatus::Optimal);
        near(plan.objective, simplex(&sketch, true));
    }
}

#[test]
fn the_same_problem_gives_the_same_plan() {
    let mut sketch = drawn(8, true);
    for period in 2..5 {
        let copies: Vec<_> = sketch.demand.iter().take(21).cloned().collect();
        for line in copies {
            sketch = sketch.demand_in(period, &line.customer, &line.item, line.quantity + f64::from(period));
        }
    }
    let options = Options { time_limit: std::time::Duration::ZERO, ..Options::default() };
    for options in [relaxed(), options] {
        let first = solve(&sketch.problem(), &options, &Control::silent()).unwrap();
        assert_eq!(first, solve(&sketch.problem(), &options, &Control::silent()).unwrap());
        let mut shuffled = sketch.problem();
        shuffled.demand.reverse();
        assert_eq!(first, solve(&shuffled, &options, &Control::silent()).unwrap());
    }
}
