//! Dispatch at the sizes that planners have: `cargo bench --bench dispatch`.

use divan::Bencher;
use planwright::control::Control;
use planwright::dispatch::{Options, Problem, TripRule, solve};
use planwright::model::{Customer, DemandLine, Lane, Network, Period, Site, Vehicle};
use std::sync::Arc;
use std::time::Duration;

fn main() {
    divan::main();
}

/// How a drawn problem is made.
#[derive(Clone, Copy)]
struct Size {
    sites: usize,
    customers: usize,
    items: usize,
    periods: i32,
    /// Capacity of all sites together over demand; infinite leaves them unlimited.
    slack: f64,
    with_trucks: bool,
}

/// Sites and customers on a plan of 100 × 100, lanes at their distance, demand of 10 to 100 units.
fn drawn(size: Size) -> Problem {
    let mut state = 7_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(u32::MAX >> 1)
    };
    let mut places = |count: usize| (0..count).map(|_| (100.0 * draw(), 100.0 * draw())).collect::<Vec<_>>();
    let (sites, customers) = (places(size.sites), places(size.customers));
    let demand: Vec<f64> = (0..size.customers).map(|_| 10.0 + (90.0 * draw()).round()).collect();
    let capacity = demand.iter().sum::<f64>() * size.slack / size.sites as f64;
    let id = |letter: char, at: usize| Arc::<str>::from(format!("{letter}{at}"));
    let mut network = Network::default();
    for at in 0..size.sites {
        network.sites.push(Site {
            id: id('S', at),
            name: id('S', at),
            coordinates: None,
            capacity: capacity.is_finite().then_some(capacity),
            handling_cost: 0.1,
        });
    }
    for (at, to) in customers.iter().enumerate() {
        network.customers.push(Customer {
            id: id('C', at),
            name: id('C', at),
            coordinates: None,
            demand: None,
            demand_share: None,
            location: "".into(),
            unmet_cost: Some(1000.0),
        });
        for (site, from) in sites.iter().enumerate() {
            let distance = (from.0 - to.0).hypot(from.1 - to.1);
            network.lanes.push(Lane {
                from: id('S', site),
                to: id('C', at),
                item: "".into(),
                unit_cost: if size.with_trucks { 0.0 } else { distance / 20.0 },
                capacity: None,
                lead_time_days: 0.0,
                distance_km: Some(distance),
                vehicle: if size.with_trucks { "Truck".into() } else { "".into() },
            });
        }
    }
    network.vehicles.push(Vehicle {
        id: "Truck".into(),
        capacity: 33.0,
        trip_cost: 20.0,
        cost_per_km: 1.0,
        max_trips: None,
    });
    let mut lines = Vec::new();
    for period in 0..size.periods {
        for (at, quantity) in demand.iter().enumerate() {
            for item in 0..size.items {
                let quantity = quantity / size.items as f64 * (1.0 + 0.2 * f64::from(period % 3));
                lines.push(DemandLine {
                    customer: id('C', at),
                    item: id('I', item),
                    period: Period::step(period),
                    quantity,
                });
            }
        }
    }
    Problem { network: Arc::new(network), demand: lines }
}

fn run(bencher: Bencher, size: Size, options: Options) {
    let problem = drawn(size);
    let plan = solve(&problem, &options, &Control::silent()).expect("a drawn problem has a plan");
    eprintln!("{:?}, cost {:.2}, gap {:.5}", plan.status, plan.objective, plan.gap());
    bencher.bench_local(|| solve(&problem, &options, &Control::silent()));
}

const TRANSPORT: Size = Size { sites: 20, customers: 500, items: 1, periods: 1, slack: 1.1, with_trucks: false };

#[divan::bench(sample_count = 10)]
fn transport_20x500(bencher: Bencher) {
    run(bencher, TRANSPORT, Options::default());
}

#[divan::bench(sample_count = 3)]
fn transport_50x2000(bencher: Bencher) {
    run(bencher, Size { sites: 50, customers: 2000, ..TRANSPORT }, Options::default());
}

/// The sample company: 150 items, 20 customers, 13 periods, 3 sites.
#[divan::bench(sample_count = 5)]
fn company(bencher: Bencher) {
    let size = Size { sites: 3, customers: 20, items: 150, periods: 13, slack: 1.5, with_trucks: false };
    run(bencher, size, Options::default());
}

#[divan::bench(sample_count = 3)]
fn company_with_trucks(bencher: Bencher) {
    let size = Size { sites: 3, customers: 20, items: 150, periods: 13, slack: 1.5, with_trucks: true };
    run(bencher, size, Options::default());
}

#[divan::bench(sample_count = 3)]
fn trucks_10x100(bencher: Bencher) {
    run(
        bencher,
        Size { sites: 10, customers: 100, slack: f64::INFINITY, with_trucks: true, ..TRANSPORT },
        Options::default(),
    );
}

/// Tight sites join all customers in one integer problem: five seconds, and the gap that is left.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn trucks_10x100_tight(bencher: Bencher) {
    let options = Options { time_limit: Duration::from_secs(5), trips: TripRule::Whole, ..Options::default() };
    run(bencher, Size { sites: 10, customers: 100, slack: 1.2, with_trucks: true, ..TRANSPORT }, options);
}
