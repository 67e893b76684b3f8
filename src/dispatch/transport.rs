//! The model with trips relaxed or fixed: a least-cost flow source → site → lane → customer.
//!
//! Relaxed, a unit pays its share t/Q of a trip, so `y = Σ x / Q` and the trip rows become lane capacities. Fixed,
//! the trips are paid and a lane carries up to `Q·y`. Either way only flow rows are left, and the LP is a network flow.

use super::UnmetRule;
use super::frame::{Commodity, Frame};
use super::graph::{Graph, SOURCE, Sent};
use crate::control::{Cancelled, Control};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// What a lane offers the flow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// Most units.
    pub(super) capacity: f64,
    /// Money per unit.
    pub(super) cost: f64,
    /// True when the lane's own capacity is the limit, and not its trips.
    pub(super) is_own_limit: bool,
}

/// Commodities that are shipped together, and the sites whose capacity counts.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) commodities: Vec<&'a Commodity>,
    /// Capacity by site; infinite where it is left out of account.
    pub(super) site_capacity: Vec<f64>,
    pub(super) unmet: UnmetRule,
}

/// A cheapest flow.
#[derive(Debug)]
pub(super) struct Transport {
    pub(super) graph: Graph,
    /// Node of every commodity of the part.
    pub(super) sinks: Vec<usize>,
    /// Node and source edge of every site in use.
    pub(super) sites: BTreeMap<usize, (usize, usize)>,
    /// First edge of a lane, by lane.
    pub(super) entries: BTreeMap<usize, usize>,
    /// Lanes whose own capacity limits them, and not their trips.
    pub(super) own_limits: BTreeSet<usize>,
    /// (commodity, lane, edge) of every way into a customer.
    pub(super) routes: Vec<(usize, usize, usize)>,
    /// Edge that leaves a commodity unmet, where that is allowed.
    pub(super) shortages: Vec<Option<usize>>,
    pub(super) end: End,
}

/// How the flow ended.
#[derive(Debug, PartialEq)]
pub(super) enum End {
    /// No flow is cheaper.
    Cheapest,
    /// Time ran out; commodities not sent yet are missing.
    Late,
    /// Demand must be met and can't be: the nodes behind a least cut.
    Blocked(Vec<usize>),
}

impl Part<'_> {
    /// Lanes open to the part with the positions of the commodities they may carry, ascending.
    pub(super) fn lanes(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut lanes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (k, commodity) in self.commodities.iter().enumerate() {
            for &lane in &commodity.lanes {
                lanes.entry(lane).or_default().push(k);
            }
        }
        lanes
    }

    /// The LP relaxation's terms: every unit pays its share of a trip.
    pub(super) fn relaxed(&self, lane: usize) -> Terms {
        let way = &self.frame.ways[lane];
        let share = way.truck.as_ref().map_or(0.0, |t| t.trip_cost / t.capacity);
        Terms { capacity: way.most(), cost: way.unit_cost + share, is_own_limit: way.capacity < way.trips_carry() }
    }

    /// Terms with the trips held at `trips`; a lane whose vehicle stays at home is closed. `loads` may fill a vehicle
    /// beyond its capacity by the noise that [`Truck::trips_for`](super::frame::Truck::trips_for) forgives.
    pub(super) fn fixed(
        &self,
        lane: usize,
        trips: &BTreeMap<usize, f64>,
        loads: &BTreeMap<usize, f64>,
    ) -> Option<Terms> {
        let way = &self.frame.ways[lane];
        let of = |values: &BTreeMap<usize, f64>| values.get(&lane).copied().unwrap_or(0.0);
        let carried = way.truck.as_ref().map_or(f64::INFINITY, |t| (t.capacity * of(trips)).max(of(loads)));
        (carried > 0.0).then(|| Terms {
            capacity: way.capacity.min(carried),
            cost: way.unit_cost,
            is_own_limit: way.capacity < carried,
        })
    }

    /// Cheapest flow under `terms`; `None` closes a lane.
    pub(super) fn ship(
        &self,
        terms: impl Fn(usize) -> Option<Terms>,
        deadline: Option<Instant>,
        control: &Control,
    ) -> Result<Transport, Cancelled> {
        let mut transport = self.network(terms);
        for (k, commodity) in self.commodities.iter().enumerate() {
            control.check()?;
            if deadline.is_some_and(|end| Instant::now() >= end) {
                transport.end = End::Late;
                break;
            }
            if let Sent::Blocked(nodes) = transport.graph.send(transport.sinks[k], commodity.demand, control)? {
                transport.end = End::Blocked(nodes);
                break;
            }
        }
        Ok(transport)
    }

    fn network(&self, terms: impl Fn(usize) -> Option<Terms>) -> Transport {
        let largest = self.commodities.iter().map(|c| c.demand).fold(0.0, f64::max);
        let mut graph = Graph::new(largest);
        let sinks: Vec<usize> = self.commodities.iter().map(|_| graph.add_node()).collect();
        let mut sites: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let (mut entries, mut routes, mut own_limits) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        for (lane, carried) in self.lanes() {
            let Some(Terms { capacity, cost, is_own_limit }) = terms(lane) else { continue };
            own_limits.extend(is_own_limit.then_some(lane));
            let site = self.frame.ways[lane].site;
            let (site, _) = *sites.entry(site).or_insert_with(|| {
                let node = graph.add_node();
                (node, graph.add_edge(SOURCE, node, self.site_capacity[site], 0.0))
            });
            if carried.len() == 1 || capacity.is_infinite() {
                for k in carried {
                    let edge = graph.add_edge(site, sinks[k], capacity, cost);
                    entries.entry(lane).or_insert(edge);
                    routes.push((k, lane, edge));
                }
            } else {
                let middle = graph.add_node();
                entries.insert(lane, graph.add_edge(site, middle, capacity, cost));
                for k in carried {
                    routes.push((k, lane, graph.add_edge(middle, sinks[k], f64::INFINITY, 0.0)));
                }
            }
        }
        let mut shortage = |(k, c): (usize, &&Commodity)| match self.unmet {
            UnmetRule::AtPenalty => Some(graph.add_edge(SOURCE, sinks[k], f64::INFINITY, c.penalty)),
            UnmetRule::Forbidden => None,
        };
        let shortages = self.commodities.iter().enumerate().map(&mut shortage).collect();
        Transport { graph, sinks, sites, entries, own_limits, routes, shortages, end: End::Cheapest }
    }
}

impl Transport {
    /// Units by lane, where there are any.
    pub(super) fn lane_loads(&self) -> BTreeMap<usize, f64> {
        let mut loads = BTreeMap::new();
        for &(_, lane, edge) in &self.routes {
            let flow = self.graph.edges[edge].flow;
            if flow > 0.0 {
                *loads.entry(lane).or_default() += flow;
            }
        }
        loads
    }

    /// Lower bound of the cost under the terms of this flow.
    pub(super) fn bound(&self, part: &Part<'_>) -> f64 {
        self.graph.bound(self.sinks.iter().copied().zip(part.commodities.iter().map(|c| c.demand)))
    }

    /// Penalty of what is unmet or was not sent any more, under `part`.
    pub(super) fn shortage_cost(&self, part: &Part<'_>) -> f64 {
        let mut delivered = vec![0.0; part.commodities.len()];
        for &(k, _, edge) in &self.routes {
            delivered[k] += self.graph.edges[edge].flow;
        }
        let missing = |(c, got): (&&Commodity, f64)| (c.demand - got).max(0.0) * c.penalty;
        part.commodities.iter().zip(delivered).map(missing).sum()
    }
}
