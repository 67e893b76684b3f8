//! One period, from its flow to its plan.

use super::clock::Clock;
use super::frame::{Bucket, Frame};
use super::prices::{self, Prices};
use super::transport::{End, Part, Transport};
use super::trucks::{self, Candidate};
use super::{DispatchError, Options, TripRule, UnmetRule, conflict, solver_fault, ties};
use crate::control::Control;
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;

/// The plan of one period.
#[derive(Debug)]
pub(super) struct PeriodPlan {
    /// Units > 0 by (commodity, lane), in that order.
    pub(super) units: Vec<(usize, usize, f64)>,
    /// Trips > 0 by lane.
    pub(super) trips: BTreeMap<usize, f64>,
    /// Proven lower bound of the period's cost.
    pub(super) bound: f64,
    /// True when no plan is cheaper.
    pub(super) proven: bool,
    pub(super) prices: Prices,
    /// Another plan of the same cost, named.
    pub(super) tie: Option<Text>,
    /// Why the period has no plan.
    pub(super) conflict: Option<Text>,
}

/// The cheapest plan of `bucket`.
pub(super) fn plan(
    frame: &Frame<'_>,
    bucket: &Bucket,
    options: &Options,
    clock: &Clock,
    control: &Control,
) -> Result<PeriodPlan, DispatchError> {
    control.check()?;
    let commodities = bucket.commodities.iter().collect();
    let part = Part { frame, commodities, site_capacity: frame.site_capacity.clone(), unmet: options.unmet };
    let relaxed = part.ship(|lane| Some(part.relaxed(lane)), Some(clock.end()), control)?;
    let bound = relaxed.bound(&part);
    match &relaxed.end {
        End::Blocked(nodes) => {
            let conflict = Some(conflict::explain(&part, bucket, &relaxed, nodes));
            return Ok(PeriodPlan { conflict, ..without_prices(&part, &relaxed, BTreeMap::new(), bound) });
        }
        End::Late if options.unmet == UnmetRule::Forbidden => {
            let period = bucket.period;
            return Err(solver_fault(&text!(
                "Time ran out before all demand of {period} was placed",
                "在安排完 {period} 的全部需求之前时间已用尽"
            )));
        }
        End::Late => {
            let trips = trips_of(&part, &relaxed, options.trips);
            return Ok(without_prices(&part, &relaxed, trips, bound));
        }
        End::Cheapest => {}
    }
    let is_whole = options.trips == TripRule::Whole && part.lanes().keys().any(|&l| frame.ways[l].truck.is_some());
    if !is_whole {
        let trips = trips_of(&part, &relaxed, options.trips);
        return priced(&part, bucket, &relaxed, (trips, bound, true), control);
    }
    let schedule = trucks::schedule(frame, bucket, options.unmet, clock, control)?;
    let flow = part.ship(|lane| part.fixed(lane, &schedule.trips, &schedule.loads), None, control)?;
    if flow.end != End::Cheapest {
        let period = bucket.period;
        return Err(solver_fault(&text!("The trips of {period} don't carry its units", "{period} 的车次装不下货量")));
    }
    let trips = trips_of(&part, &flow, TripRule::Whole);
    priced(&part, bucket, &flow, (trips, schedule.bound.max(bound), schedule.proven), control)
}

fn without_prices(part: &Part<'_>, flow: &Transport, trips: BTreeMap<usize, f64>, bound: f64) -> PeriodPlan {
    let units = units(part, flow);
    PeriodPlan { units, trips, bound, proven: false, prices: Prices::default(), tie: None, conflict: None }
}

fn priced(
    part: &Part<'_>,
    bucket: &Bucket,
    flow: &Transport,
    (trips, bound, proven): (BTreeMap<usize, f64>, f64, bool),
    control: &Control,
) -> Result<PeriodPlan, DispatchError> {
    let prices = prices::prices(part, bucket, flow, control)?;
    let tie = if proven { ties::find(part, bucket, flow, &trips) } else { None };
    Ok(PeriodPlan { proven, prices, tie, ..without_prices(part, flow, trips, bound) })
}

/// The fewest trips that carry the flow; fractions when they are relaxed.
fn trips_of(part: &Part<'_>, flow: &Transport, rule: TripRule) -> BTreeMap<usize, f64> {
    if rule == TripRule::Whole {
        return Candidate::new(part, flow).trips;
    }
    let share = |(lane, load): (usize, f64)| part.frame.ways[lane].truck.as_ref().map(|t| (lane, load / t.capacity));
    flow.lane_loads().into_iter().filter_map(share).collect()
}

fn units(part: &Part<'_>, flow: &Transport) -> Vec<(usize, usize, f64)> {
    let used = |&&(_, _, edge): &&(usize, usize, usize)| flow.graph.is_used(edge);
    let mut units: Vec<(usize, usize, f64)> =
        flow.routes.iter().filter(used).map(|&(k, lane, edge)| (k, lane, flow.graph.edges[edge].flow)).collect();
    units.sort_by_key(|&(k, lane, _)| (k, lane));
    debug_assert!(units.iter().all(|&(k, _, _)| k < part.commodities.len()), "routes lead to commodities");
    units
}
