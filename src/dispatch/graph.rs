//! Least-cost flow by successive shortest paths, and what its residual graph tells.
//!
//! Demand is sent node by node; each parcel takes the cheapest residual path from the source, found by Dijkstra's
//! algorithm on reduced costs backwards from the demand (Edmonds and Karp 1972, "Theoretical improvements in
//! algorithmic efficiency for network flow problems"; Ahuja, Magnanti and Orlin 1993, *Network Flows*, §9.7). After
//! every parcel the flow is the cheapest one for the demand sent so far, so a stopped run still holds a plan, and
//! the potentials are a dual solution whose Lagrangian value bounds the cost from below.

use crate::control::{Cancelled, Control};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A residual capacity below this share of the largest quantity counts as none: it is rounding noise.
const QUANTITY_NOISE: f64 = 1e-12;

/// How many heap pops pass between two looks at the cancel flag, well under 50 ms.
const POPS_PER_CHECK: usize = 4096;

/// Node 0: where all goods come from.
pub(super) const SOURCE: usize = 0;

/// A way from one node to another.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Most units; may be infinite.
    pub(super) capacity: f64,
    /// Money per unit, ≥ 0.
    pub(super) cost: f64,
    /// Units now on it.
    pub(super) flow: f64,
}

/// What became of a parcel.
#[derive(Debug)]
pub(super) enum Sent {
    /// All of it arrived.
    All,
    /// The nodes from which the demand can still be reached; no goods can come into this set any more (a least cut).
    Blocked(Vec<usize>),
}

/// Which way distances are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// From the given node to every other.
    From,
    /// From every node to the given one.
    To,
}

/// A flow network with costs ≥ 0.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) edges: Vec<Edge>,
    incident: Vec<Vec<usize>>,
    potential: Vec<f64>,
    noise: f64,
    scratch: Search,
}

impl Graph {
    /// A network of the source alone; `largest` is the largest quantity that may flow.
    pub(super) fn new(largest: f64) -> Self {
        let noise = (QUANTITY_NOISE * largest).max(f64::MIN_POSITIVE);
        Self { edges: Vec::new(), incident: vec![Vec::new()], potential: vec![0.0], noise, scratch: Search::default() }
    }

    pub(super) fn add_node(&mut self) -> usize {
        self.incident.push(Vec::new());
        self.potential.push(0.0);
        self.incident.len() - 1
    }

    pub(super) fn add_edge(&mut self, from: usize, to: usize, capacity: f64, cost: f64) -> usize {
        self.edges.push(Edge { from, to, capacity, cost, flow: 0.0 });
        let edge = self.edges.len() - 1;
        self.incident[from].push(edge);
        self.incident[to].push(edge);
        edge
    }

    /// Sends `amount` units from the source to `sink` at least cost.
    pub(super) fn send(&mut self, sink: usize, amount: f64, control: &Control) -> Result<Sent, Cancelled> {
        let mut left = amount;
        let mut search = std::mem::take(&mut self.scratch);
        while left > self.noise {
            self.search(&mut search, sink, Measure::To, Some(SOURCE), control)?;
            let far = search.distance[SOURCE];
            if !far.is_finite() {
                return Ok(Sent::Blocked(search.settled));
            }
            for &node in &search.settled {
                self.potential[node] += (far - search.distance[node]).max(0.0);
            }
            left -= self.augment(sink, &search, left);
        }
        self.scratch = search;
        Ok(Sent::All)
    }

    /// Money per unit along the cheapest residual path between `node` and every other; infinite where there is none.
    pub(super) fn distances(&self, node: usize, measure: Measure, control: &Control) -> Result<Vec<f64>, Cancelled> {
        let mut search = Search::default();
        self.search(&mut search, node, measure, None, control)?;
        let real = |(other, reduced): (usize, &f64)| match measure {
            Measure::To => reduced - self.potential[other] + self.potential[node],
            Measure::From => reduced - self.potential[node] + self.potential[other],
        };
        Ok(search.distance.iter().enumerate().map(real).collect())
    }

    /// A lower bound of the cost of sending `demand` (node, units), from the potentials: weak duality.
    pub(super) fn bound(&self, demand: impl Iterator<Item = (usize, f64)>) -> f64 {
        let value: f64 = demand.map(|(node, units)| units * (self.potential[node] - self.potential[SOURCE])).sum();
        let relief = |e: &Edge| {
            let reduced = self.reduced_cost(e).min(0.0);
            if reduced < 0.0 && e.capacity.is_finite() { e.capacity * reduced } else { 0.0 }
        };
        value + self.edges.iter().map(relief).sum::<f64>()
    }

    /// Steps of a residual cycle that costs nothing, so that another flow is as cheap: (edge, more or less of it).
    pub(super) fn free_cycle(&self, tolerance: f64) -> Option<Vec<(usize, Step)>> {
        super::cycle::find(self, tolerance)
    }

    /// True when `edge` can take more.
    pub(super) fn has_room(&self, edge: usize) -> bool {
        self.edges[edge].capacity - self.edges[edge].flow > self.noise
    }

    /// True when `edge` carries something.
    pub(super) fn is_used(&self, edge: usize) -> bool {
        self.edges[edge].flow > self.noise
    }

    /// Reduced cost of `edge` under the potentials; 0 on edges in partial use.
    pub(super) fn reduced_cost(&self, e: &Edge) -> f64 {
        e.cost + self.potential[e.from] - self.potential[e.to]
    }

    pub(super) fn node_count(&self) -> usize {
        self.incident.len()
    }

    fn augment(&mut self, sink: usize, search: &Search, left: f64) -> f64 {
        let mut path = Vec::new();
        let mut node = SOURCE;
        while node != sink {
            let edge = search.via[node].expect("a settled node knows its way to the sink");
            let forward = self.edges[edge].from == node;
            path.push((edge, forward));
            node = if forward { self.edges[edge].to } else { self.edges[edge].from };
        }
        let room = |&(edge, forward): &(usize, bool)| {
            let e = &self.edges[edge];
            if forward { e.capacity - e.flow } else { e.flow }
        };
        let amount = path.iter().map(room).fold(left, f64::min);
        for (edge, forward) in path {
            let e = &mut self.edges[edge];
            e.flow = if forward { e.flow + amount } else { (e.flow - amount).max(0.0) };
            if e.capacity - e.flow <= self.noise {
                e.flow = e.capacity;
            } else if e.flow <= self.noise {
                e.flow = 0.0;
            }
        }
        amount
    }

    /// Dijkstra's algorithm on reduced costs; stops once `stop` is settled. Ties go to the lower node number.
    fn search(
        &self,
        search: &mut Search,
        start: usize,
        measure: Measure,
        stop: Option<usize>,
        control: &Control,
    ) -> Result<(), Cancelled> {
        search.clear(self.node_count());
        let mut heap = BinaryHeap::from([Reached { distance: 0.0, node: start }]);
        search.reach(start, 0.0, None);
        let mut pops = 0_usize;
        while let Some(Reached { distance, node }) = heap.pop() {
            pops += 1;
            if pops % POPS_PER_CHECK == 1 {
                control.check()?;
            }
            if distance > search.distance[node] || search.done[node] {
                continue;
            }
            search.done[node] = true;
            search.settled.push(node);
            if Some(node) == stop {
                break;
            }
            for &edge in &self.incident[node] {
                let Some((other, cost)) = self.neighbour(edge, node, measure) else { continue };
                let further = distance + cost.max(0.0);
                if !search.done[other] && further < search.distance[other] {
                    search.reach(other, further, Some(edge));
                    heap.push(Reached { distance: further, node: other });
                }
            }
        }
        Ok(())
    }

    /// The node at the other end of a residual arc that leaves (`From`) or enters (`To`) `node`, and its reduced cost.
    fn neighbour(&self, edge: usize, node: usize, measure: Measure) -> Option<(usize, f64)> {
        let e = &self.edges[edge];
        let forward = (e.from == node) == (measure == Measure::From);
        let open = if forward { self.has_room(edge) } else { self.is_used(edge) };
        let other = if e.from == node { e.to } else { e.from };
        let reduced = self.reduced_cost(e);
        open.then_some((other, if forward { reduced } else { -reduced }))
    }
}

/// A direction along an edge of a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Put more on the edge.
    More,
    /// Take some off it.
    Less,
}

/// The state of one search, kept between searches: clearing costs only the nodes that the last one touched.
#[derive(Debug, Default)]
struct Search {
    distance: Vec<f64>,
    via: Vec<Option<usize>>,
    done: Vec<bool>,
    settled: Vec<usize>,
    touched: Vec<usize>,
}

impl Search {
    fn clear(&mut self, nodes: usize) {
        for node in self.touched.drain(..) {
            self.distance[node] = f64::INFINITY;
            self.via[node] = None;
            self.done[node] = false;
        }
        self.settled.clear();
        self.distance.resize(nodes, f64::INFINITY);
        self.via.resize(nodes, None);
        self.done.resize(nodes, false);
    }

    fn reach(&mut self, node: usize, distance: f64, via: Option<usize>) {
        if self.distance[node].is_infinite() {
            self.touched.push(node);
        }
        self.distance[node] = distance;
        self.via[node] = via;
    }
}

#[derive(PartialEq)]
struct Reached {
    distance: f64,
    node: usize,
}

impl Eq for Reached {}

impl Ord for Reached {
    /// The heap pops its greatest: the nearest node, then the lowest number.
    fn cmp(&self, other: &Self) -> Ordering {
        other.distance.total_cmp(&self.distance).then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
