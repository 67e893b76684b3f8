//! Tests at the face of `dispatch`.

mod faults;
mod known;
mod properties;

use planwright::control::Control;
use planwright::dispatch::{Options, Problem, TripRule, UnmetRule, solve, verify};
use planwright::model::{Customer, DemandLine, DispatchPlan, Lane, Network, Period, Site, Vehicle};
use std::sync::Arc;

/// A network written in a few lines.
#[derive(Default, Clone)]
pub(crate) struct Sketch {
    pub(crate) network: Network,
    pub(crate) demand: Vec<DemandLine>,
}

impl Sketch {
    pub(crate) fn site(mut self, id: &str, capacity: Option<f64>) -> Self {
        self.network.sites.push(Site {
            id: id.into(),
            name: id.into(),
            coordinates: None,
            capacity,
            handling_cost: 0.0,
        });
        self
    }

    pub(crate) fn customer(mut self, id: &str, unmet_cost: Option<f64>) -> Self {
        self.network.customers.push(Customer {
            id: id.into(),
            name: id.into(),
            coordinates: None,
            demand: None,
            demand_share: None,
            location: "".into(),
            unmet_cost,
        });
        self
    }

    pub(crate) fn vehicle(mut self, id: &str, capacity: f64, trip_cost: f64, max_trips: Option<f64>) -> Self {
        self.network.vehicles.push(Vehicle { id: id.into(), capacity, trip_cost, cost_per_km: 0.0, max_trips });
        self
    }

    pub(crate) fn lane(self, from: &str, to: &str, unit_cost: f64) -> Self {
        self.lane_of(from, to, unit_cost, "", None, "")
    }

    pub(crate) fn truck_lane(self, from: &str, to: &str, unit_cost: f64, vehicle: &str) -> Self {
        self.lane_of(from, to, unit_cost, vehicle, None, "")
    }

    pub(crate) fn lane_of(
        mut self,
        from: &str,
        to: &str,
        unit_cost: f64,
        vehicle: &str,
        capacity: Option<f64>,
        item: &str,
    ) -> Self {
        self.network.lanes.push(Lane {
            from: from.into(),
            to: to.into(),
            item: item.into(),
            unit_cost,
            capacity,
            lead_time_days: 0.0,
            distance_km: None,
            vehicle: vehicle.into(),
        });
        self
    }

    pub(crate) fn demand(self, customer: &str, quantity: f64) -> Self {
        self.demand_in(1, customer, "", quantity)
    }

    pub(crate) fn demand_in(mut self, period: i32, customer: &str, item: &str, quantity: f64) -> Self {
        let period = Period::step(period);
        self.demand.push(DemandLine { customer: customer.into(), item: item.into(), period, quantity });
        self
    }

    pub(crate) fn problem(&self) -> Problem {
        Problem { network: Arc::new(self.network.clone()), demand: self.demand.clone() }
    }

    /// Solves and verifies.
    pub(crate) fn solve(&self, options: &Options) -> DispatchPlan {
        let plan = solve(&self.problem(), options, &Control::silent()).unwrap();
        assert_eq!(verify(&self.problem(), options, &plan), Vec::new());
        plan
    }
}

pub(crate) fn relaxed() -> Options {
    Options { trips: TripRule::Relaxed, ..Options::default() }
}

pub(crate) fn forbidden() -> Options {
    Options { unmet: UnmetRule::Forbidden, ..Options::default() }
}

#[track_caller]
pub(crate) fn near(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-6 * (1.0 + b.abs()), "{a} is not {b}");
}
