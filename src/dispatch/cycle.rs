//! Is the cheapest flow the only one? A residual cycle of cost 0 is another flow at the same price.
//!
//! Every residual arc of an optimal flow has a reduced cost ≥ 0, so a cycle costs nothing only when all its arcs have
//! reduced cost 0. Edges in partial use can be walked both ways; going forth and back on one edge is no cycle. So the
//! edges open both ways are contracted first: one that closes a ring is a cycle already. Then any directed cycle of the
//! one-way arcs between the contracted sets is one.

use super::graph::{Graph, Step};
use std::collections::VecDeque;

/// An arc of reduced cost 0 in the residual graph.
#[derive(Clone, Copy)]
struct Arc {
    edge: usize,
    from: usize,
    to: usize,
    step: Step,
}

/// The steps of a cycle of cost 0, when there is one.
pub(super) fn find(graph: &Graph, tolerance: f64) -> Option<Vec<(usize, Step)>> {
    let mut sets = Sets::new(graph.node_count());
    let (mut arcs, mut one_way, mut witness) = (Vec::new(), Vec::new(), None);
    for (edge, e) in graph.edges.iter().enumerate() {
        if graph.reduced_cost(e).abs() > tolerance {
            continue;
        }
        let more = graph.has_room(edge).then_some(Arc { edge, from: e.from, to: e.to, step: Step::More });
        let less = graph.is_used(edge).then_some(Arc { edge, from: e.to, to: e.from, step: Step::Less });
        match (more, less) {
            (Some(a), Some(b)) => {
                if !sets.join(e.from, e.to) {
                    witness = witness.or(Some(a));
                }
                arcs.extend([a, b]);
            }
            (Some(a), None) | (None, Some(a)) => {
                one_way.push(a);
                arcs.push(a);
            }
            (None, None) => {}
        }
    }
    let witness = witness.or_else(|| closing_arc(&mut sets, &one_way, graph.node_count()))?;
    way_back(graph.node_count(), &arcs, witness)
}

/// An arc that lies on a directed cycle of the contracted graph: the last arc of a depth-first walk's ring.
fn closing_arc(sets: &mut Sets, arcs: &[Arc], nodes: usize) -> Option<Arc> {
    let mut leaving = vec![Vec::new(); nodes];
    for &arc in arcs {
        let (from, to) = (sets.root(arc.from), sets.root(arc.to));
        if from == to {
            return Some(arc);
        }
        leaving[from].push((to, arc));
    }
    let mut state = vec![State::New; nodes];
    for start in 0..nodes {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        let mut walk = vec![(start, 0)];
        while let Some((node, next)) = walk.pop() {
            let Some(&(to, arc)) = leaving[node].get(next) else {
                state[node] = State::Closed;
                continue;
            };
            walk.push((node, next + 1));
            match state[to] {
                State::Open => return Some(arc),
                State::New => {
                    state[to] = State::Open;
                    walk.push((to, 0));
                }
                State::Closed => {}
            }
        }
    }
    None
}

/// The shortest way from the end of `witness` back to its start without its own edge, with `witness` in front.
fn way_back(nodes: usize, arcs: &[Arc], witness: Arc) -> Option<Vec<(usize, Step)>> {
    let mut leaving = vec![Vec::new(); nodes];
    for arc in arcs.iter().filter(|a| a.edge != witness.edge) {
        leaving[arc.from].push(*arc);
    }
    let mut via: Vec<Option<Arc>> = vec![None; nodes];
    let mut queue = VecDeque::from([witness.to]);
    while let Some(node) = queue.pop_front() {
        if node == witness.from {
            break;
        }
        for &arc in &leaving[node] {
            if arc.to != witness.to && via[arc.to].is_none() {
                via[arc.to] = Some(arc);
                queue.push_back(arc.to);
            }
        }
    }
    let mut steps = vec![(witness.edge, witness.step)];
    let mut node = witness.from;
    while node != witness.to {
        let arc = via[node]?;
        steps.push((arc.edge, arc.step));
        node = arc.from;
    }
    Some(steps)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Closed,
}

/// Disjoint sets of small numbers.
pub(super) struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    pub(super) fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    pub(super) fn root(&mut self, mut member: usize) -> usize {
        while self.parent[member] != member {
            self.parent[member] = self.parent[self.parent[member]];
            member = self.parent[member];
        }
        member
    }

    /// Joins two sets; false when they were one already.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
        a != b
    }
}
