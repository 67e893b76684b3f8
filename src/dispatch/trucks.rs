//! Whole trips: how many on which lane.
//!
//! Two exact reductions keep the integer problems small. Site capacities are left out at first, which splits a period
//! into one problem per customer; capacities that the joint plan breaks are put back, joining the customers behind them,
//! until none is broken (a relaxation whose optimum is feasible is the optimum). And every problem starts with a plan
//! from slope scaling (Kim and Pardalos 1999, "A solution approach to the fixed charge network flow problem using a
//! dynamic slope scaling procedure", *Oper. Res. Lett.* 24): the solver runs only when the flow's bound leaves a doubt.

use super::clock::Clock;
use super::cycle::Sets;
use super::frame::{Bucket, Commodity, Frame};
use super::milp;
use super::transport::{End, Part, Terms, Transport};
use super::{DispatchError, PROOF_TOLERANCE, ROW_TOLERANCE, UnmetRule};
use crate::control::Control;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Rounds of slope scaling; the cost rarely falls after five.
const SCALING_ROUNDS: usize = 12;

/// The solver's rows hold to 1e-7, and a penalty makes that a cost: how far its proven optimum may lie from the plan
/// priced exactly, relative to the cost.
const SOLVER_TOLERANCE: f64 = 1e-5;

/// Trips of a period and what is known about their cost.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    /// Trips by lane, > 0.
    pub(super) trips: BTreeMap<usize, f64>,
    /// Proven lower bound of the period's cost.
    pub(super) bound: f64,
    /// True when no trips are cheaper.
    pub(super) proven: bool,
    /// Units by lane, in the same plan.
    pub(super) loads: BTreeMap<usize, f64>,
}

/// The cheapest whole trips of a period whose relaxed flow exists.
pub(super) fn schedule(
    frame: &Frame<'_>,
    bucket: &Bucket,
    unmet: UnmetRule,
    clock: &Clock,
    control: &Control,
) -> Result<Schedule, DispatchError> {
    let end = clock.share();
    let limited = |site: usize| frame.site_capacity[site].is_finite();
    let mut active: BTreeSet<usize> = BTreeSet::new();
    let mut solved: BTreeMap<(Vec<usize>, Vec<usize>), Schedule> = BTreeMap::new();
    loop {
        if Instant::now() >= end {
            active = (0..frame.site_capacity.len()).filter(|&s| limited(s)).collect();
        }
        let mut joint = Schedule { trips: BTreeMap::new(), bound: 0.0, proven: true, loads: BTreeMap::new() };
        for members in groups(frame, bucket, &active) {
            let customers = members.iter().map(|c| c.customer).collect::<Vec<_>>();
            let touched = sites_of(frame, &members).into_iter().filter(|s| active.contains(s)).collect::<Vec<_>>();
            let key = (customers, touched);
            if !solved.contains_key(&key) {
                let part = part(frame, members, &active, unmet);
                solved.insert(key.clone(), solve_part(&part, end, clock, control)?);
            }
            let found = &solved[&key];
            joint.trips.extend(&found.trips);
            joint.loads.extend(&found.loads);
            joint.bound += found.bound;
            joint.proven &= found.proven;
        }
        let broken = broken_sites(frame, &joint.loads);
        let before = active.len();
        active.extend(broken);
        if active.len() == before {
            return Ok(joint);
        }
    }
}

fn part<'a>(
    frame: &'a Frame<'a>,
    commodities: Vec<&'a Commodity>,
    active: &BTreeSet<usize>,
    unmet: UnmetRule,
) -> Part<'a> {
    let capacity = |(site, &limit): (usize, &f64)| if active.contains(&site) { limit } else { f64::INFINITY };
    let site_capacity = frame.site_capacity.iter().enumerate().map(capacity).collect();
    Part { frame, commodities, site_capacity, unmet }
}

fn sites_of(frame: &Frame<'_>, commodities: &[&Commodity]) -> BTreeSet<usize> {
    commodities.iter().flat_map(|c| &c.lanes).map(|&l| frame.ways[l].site).collect()
}

/// Commodities that share a customer, or a site whose capacity counts.
fn groups<'a>(frame: &Frame<'_>, bucket: &'a Bucket, active: &BTreeSet<usize>) -> Vec<Vec<&'a Commodity>> {
    let customers = frame.network.customers.len();
    let mut sets = Sets::new(customers + frame.site_capacity.len());
    for commodity in &bucket.commodities {
        for site in sites_of(frame, &[commodity]).intersection(active) {
            sets.join(commodity.customer, customers + site);
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Commodity>> = BTreeMap::new();
    for commodity in &bucket.commodities {
        groups.entry(sets.root(commodity.customer)).or_default().push(commodity);
    }
    groups.into_values().collect()
}

fn broken_sites(frame: &Frame<'_>, loads: &BTreeMap<usize, f64>) -> Vec<usize> {
    let mut sums = vec![0.0; frame.site_capacity.len()];
    for (&lane, load) in loads {
        sums[frame.ways[lane].site] += load;
    }
    let over = |&(site, &sum): &(usize, &f64)| sum > frame.site_capacity[site] * (1.0 + ROW_TOLERANCE);
    sums.iter().enumerate().filter(over).map(|(site, _)| site).collect()
}

fn solve_part(part: &Part<'_>, end: Instant, clock: &Clock, control: &Control) -> Result<Schedule, DispatchError> {
    let relaxed = part.ship(|lane| Some(part.relaxed(lane)), None, control)?;
    let bound = relaxed.bound(part);
    let mut best = scale_slopes(part, &relaxed, end, control)?;
    let is_close = |cost: f64, tolerance: f64, bound: f64| cost - bound <= tolerance * cost.abs();
    let proven = is_close(best.cost, PROOF_TOLERANCE, bound);
    if proven || Instant::now() >= end {
        return Ok(Schedule { trips: best.trips, bound, proven, loads: best.loads });
    }
    let answer = milp::solve(part, end, clock, control)?;
    if let Some(trips) = &answer.trips {
        let flow = part.ship(|lane| part.fixed(lane, trips, &BTreeMap::new()), None, control)?;
        let found = Candidate::new(part, &flow);
        if flow.end == End::Cheapest && found.cost < best.cost {
            best = found;
        }
    }
    let bound = answer.bound.map_or(bound, |b| b.max(bound)).min(best.cost);
    let tolerance = if answer.proven { SOLVER_TOLERANCE } else { PROOF_TOLERANCE };
    let proven = is_close(best.cost, tolerance, bound);
    Ok(Schedule { trips: best.trips, bound, proven, loads: best.loads })
}

/// A plan with whole trips: the fewest that carry the loads.
pub(super) struct Candidate {
    pub(super) trips: BTreeMap<usize, f64>,
    loads: BTreeMap<usize, f64>,
    cost: f64,
}

impl Candidate {
    pub(super) fn new(part: &Part<'_>, flow: &Transport) -> Self {
        let loads = flow.lane_loads();
        let mut cost = flow.shortage_cost(part);
        let mut trips = BTreeMap::new();
        for (&lane, &load) in &loads {
            let way = &part.frame.ways[lane];
            cost += way.unit_cost * load;
            if let Some(truck) = &way.truck {
                let count = truck.trips_for(load);
                cost += truck.trip_cost * count;
                trips.insert(lane, count);
            }
        }
        Self { trips, loads, cost }
    }
}

/// Repeats the flow with every used lane priced at what its whole trips cost per unit the last time.
fn scale_slopes(
    part: &Part<'_>,
    relaxed: &Transport,
    end: Instant,
    control: &Control,
) -> Result<Candidate, DispatchError> {
    let mut best = Candidate::new(part, relaxed);
    let mut slopes: BTreeMap<usize, f64> = BTreeMap::new();
    let (mut loads, mut trips) = (best.loads.clone(), best.trips.clone());
    for _ in 0..SCALING_ROUNDS {
        for (lane, count) in &trips {
            let cost = part.frame.ways[*lane].truck.as_ref().map_or(0.0, |t| t.trip_cost);
            slopes.insert(*lane, cost * count / loads[lane]);
        }
        let terms = |lane: usize| {
            let terms = part.relaxed(lane);
            let steep = slopes.get(&lane).map(|slope| part.frame.ways[lane].unit_cost + slope);
            Some(Terms { cost: steep.unwrap_or(terms.cost), ..terms })
        };
        let next = Candidate::new(part, &part.ship(terms, None, control)?);
        if next.loads == loads || Instant::now() >= end {
            break;
        }
        (loads, trips) = (next.loads.clone(), next.trips.clone());
        if next.cost < best.cost {
            best = next;
        }
    }
    Ok(best)
}
