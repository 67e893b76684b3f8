//! Guaranteed-service safety stock: where in a network to hold it, when every stage promises a time.
//!
//! ```text
//! Sets        stages k, a tree; arcs (j, k): j supplies k
//! Parameters  T_k processing time; SI_k⁰ time that outside supply takes; s_k longest time customers outside accept
//!             h_k holding; z_k safety factor; σ_k pooled deviation per period, σ_k² = own² + Σ σ² of its customers
//! Variables   S_k outbound time promised, SI_k inbound time waited, whole periods
//! Minimise    Σ h_k·z_k·σ_k·√(SI_k + T_k − S_k)
//! Subject to  SI_k ≥ S_j for every arc (j, k); SI_k ≥ SI_k⁰; S_k ≤ s_k; 0 ≤ S_k ≤ SI_k + T_k
//! ```
//!
//! Each stage bounds demand over τ periods by its mean + `z·σ·√τ`; what goes beyond is met by other means.
//!
//! After Graves & Willems 2000, "Optimizing strategic safety stock placement in supply chains", *Manufacturing & Service
//! Operations Management* 2(1), 68–83, and erratum 5(2), 176–177; Snyder & Shen, *Fundamentals of Supply Chain Theory*,
//! 2nd ed., section 6.3.

use super::super::inputs::LARGEST;

/// A place that works on goods and may hold stock of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Time from having all inputs to having the goods T, periods.
    pub processing_time: u32,
    /// Time that supply from outside the network takes SI⁰, periods.
    pub inbound_time: u32,
    /// Longest time that customers outside the network accept s, periods; `None` when nobody outside asks.
    pub outbound_limit: Option<u32>,
    /// Cost of holding a unit for a period h, money, ≥ 0.
    pub holding_cost: f64,
    /// Safety factor z, ≥ 0: 1.645 bounds 95 % of normal demand.
    pub safety_factor: f64,
    /// Standard deviation per period of what customers outside the network ask of this stage, units, ≥ 0.
    pub demand_sd: f64,
}

/// Promised times and the safety stock that keeps them; every vector is by stage.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceTimes {
    /// Outbound time promised S, periods.
    pub outbound: Vec<u32>,
    /// Inbound time waited SI, periods.
    pub inbound: Vec<u32>,
    /// Safety stock, units.
    pub safety_stock: Vec<f64>,
    /// Cost of holding all safety stock for a period, money.
    pub cost: f64,
}

/// Why a network can't be planned; stages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// There are no stages.
    #[error("The network has no stages")]
    Empty,
    /// An arc names a stage that there isn't.
    #[error("Arc {} names a stage that isn't in the network", .arc + 1)]
    UnknownStage {
        /// Index of the arc.
        arc: usize,
    },
    /// An arc closes a ring, whichever way its arcs point.
    #[error("Arc {} closes a ring; leave out one of the ring's arcs", .arc + 1)]
    Ring {
        /// Index of the arc.
        arc: usize,
    },
    /// A stage can't be reached from the first.
    #[error("Stage {} isn't connected to stage 1; plan it by itself", .stage + 1)]
    Apart {
        /// Index of the stage.
        stage: usize,
    },
    /// A cost, factor or deviation is negative, too large or not a number.
    #[error("Stage {}: costs, safety factor and deviation must be numbers from 0 up", .stage + 1)]
    BadNumber {
        /// Index of the stage.
        stage: usize,
    },
    /// Stages × longest time² is over 20 million.
    #[error("Times are too long for this many stages; count them in longer periods")]
    TooLarge,
}

/// The cheapest promised times in a network that is a tree, by dynamic programming from its leaves inwards. `arcs` are
/// `(supplier, customer)`, indices into `stages`.
///
/// # Errors
///
/// No stages, an arc to none, arcs that form a ring or leave a stage apart, a bad number, or more work than 20 million
/// steps.
pub fn guaranteed_service(stages: &[Stage], arcs: &[(usize, usize)]) -> Result<ServiceTimes, NetworkError> {
    check_numbers(stages)?;
    let tree = Tree::new(stages.len(), arcs)?;
    let deviation = pooled_deviation(stages, &tree);
    let longest = longest_times(stages, &tree)?;
    let rate = |k: usize| stages[k].holding_cost * stages[k].safety_factor * deviation[k];
    let mut tables: Vec<Table> = vec![Table::default(); stages.len()];
    for &k in tree.inwards() {
        tables[k] = Table::new(&Node { k, stage: &stages[k], rate: rate(k), longest: &longest }, &tree, &tables);
    }
    let (outbound, inbound) = chosen_times(&tree, &tables);
    let net = |k: usize| f64::from(inbound[k] + stages[k].processing_time - outbound[k]).sqrt();
    let safety_stock = (0..stages.len()).map(|k| stages[k].safety_factor * deviation[k] * net(k)).collect();
    let cost = (0..stages.len()).map(|k| rate(k) * net(k)).sum();
    Ok(ServiceTimes { outbound, inbound, safety_stock, cost })
}

/// Steps that the dynamic programme may take.
const MOST_STEPS: u64 = 20_000_000;

fn check_numbers(stages: &[Stage]) -> Result<(), NetworkError> {
    let sane = |s: &Stage| [s.holding_cost, s.safety_factor, s.demand_sd].iter().all(|x| (0.0..=LARGEST).contains(x));
    match stages.iter().position(|s| !sane(s)) {
        Some(stage) => Err(NetworkError::BadNumber { stage }),
        None => Ok(()),
    }
}

/// The network as neighbours, rooted at stage 0.
struct Tree {
    suppliers: Vec<Vec<usize>>,
    customers: Vec<Vec<usize>>,
    /// The next stage on the way to stage 0, which has none.
    parent: Vec<Option<usize>>,
    /// From stage 0 outwards.
    outwards: Vec<usize>,
}

impl Tree {
    fn new(n: usize, arcs: &[(usize, usize)]) -> Result<Self, NetworkError> {
        if n == 0 {
            return Err(NetworkError::Empty);
        }
        let (mut suppliers, mut customers) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        let mut group: Vec<usize> = (0..n).collect();
        for (arc, &(from, to)) in arcs.iter().enumerate() {
            if from >= n || to >= n {
                return Err(NetworkError::UnknownStage { arc });
            }
            let (a, b) = (group_of(&mut group, from), group_of(&mut group, to));
            if a == b {
                return Err(NetworkError::Ring { arc });
            }
            group[a] = b;
            customers[from].push(to);
            suppliers[to].push(from);
        }
        let first = group_of(&mut group, 0);
        if let Some(stage) = (0..n).find(|&k| group_of(&mut group, k) != first) {
            return Err(NetworkError::Apart { stage });
        }
        let (mut parent, mut outwards) = (vec![None; n], vec![0]);
        for at in 0..n {
            let k = outwards[at];
            for &next in suppliers[k].iter().chain(&customers[k]) {
                if parent[k] != Some(next) {
                    parent[next] = Some(k);
                    outwards.push(next);
                }
            }
        }
        Ok(Self { suppliers, customers, parent, outwards })
    }

    fn inwards(&self) -> impl Iterator<Item = &usize> {
        self.outwards.iter().rev()
    }

    /// Stages in which every supplier comes before its customers.
    fn downstream(&self) -> Vec<usize> {
        let mut waiting: Vec<usize> = self.suppliers.iter().map(Vec::len).collect();
        let mut order: Vec<usize> = (0..waiting.len()).filter(|&k| waiting[k] == 0).collect();
        let mut at = 0;
        while at < order.len() {
            for &to in &self.customers[order[at]] {
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    order.push(to);
                }
            }
            at += 1;
        }
        order
    }
}

/// The root of a stage's group, halving the path on the way.
fn group_of(group: &mut [usize], mut k: usize) -> usize {
    while group[k] != k {
        group[k] = group[group[k]];
        k = group[k];
    }
    k
}

fn pooled_deviation(stages: &[Stage], tree: &Tree) -> Vec<f64> {
    let mut variance: Vec<f64> = stages.iter().map(|s| s.demand_sd.powi(2)).collect();
    for &k in tree.downstream().iter().rev() {
        variance[k] += tree.customers[k].iter().map(|&to| variance[to]).sum::<f64>();
    }
    variance.into_iter().map(f64::sqrt).collect()
}

/// Longest inbound time that a stage could have to wait.
fn longest_times(stages: &[Stage], tree: &Tree) -> Result<Vec<u32>, NetworkError> {
    let mut inbound = vec![0u64; stages.len()];
    for k in tree.downstream() {
        let supplied = tree.suppliers[k].iter().map(|&j| inbound[j] + u64::from(stages[j].processing_time)).max();
        inbound[k] = u64::from(stages[k].inbound_time).max(supplied.unwrap_or(0));
    }
    let steps = |k: usize| {
        let (inbound, outbound) = (inbound[k] + 1, inbound[k] + u64::from(stages[k].processing_time) + 1);
        let (suppliers, customers) = (tree.suppliers[k].len() as u64, tree.customers[k].len() as u64);
        inbound.saturating_mul(outbound).saturating_add(inbound * suppliers + outbound * customers)
    };
    let work = (0..stages.len()).map(steps).fold(0, u64::saturating_add);
    if work > MOST_STEPS {
        return Err(NetworkError::TooLarge);
    }
    Ok(inbound.into_iter().map(|si| si as u32).collect())
}

struct Node<'a> {
    k: usize,
    stage: &'a Stage,
    /// h·z·σ.
    rate: f64,
    /// Longest inbound time by stage.
    longest: &'a [u32],
}

/// Least cost of a stage and all behind it, seen from its parent, by the time between them: its outbound time when it
/// supplies the parent, else its inbound time.
#[derive(Default, Clone)]
struct Table {
    /// `best[t]` = cost and (outbound, inbound) time.
    best: Vec<(f64, (u32, u32))>,
}

impl Table {
    fn new(node: &Node<'_>, tree: &Tree, tables: &[Table]) -> Self {
        let Node { k, stage, rate, longest } = *node;
        let supplies_parent = tree.parent[k].is_some_and(|p| tree.customers[k].contains(&p));
        let (longest_in, time) = (longest[k], stage.processing_time);
        let longest_out = (longest_in + time).min(stage.outbound_limit.unwrap_or(u32::MAX));
        let behind = |of: &[usize]| of.iter().copied().filter(|&j| tree.parent[j] == Some(k)).collect::<Vec<_>>();
        let (suppliers, customers) = (behind(&tree.suppliers[k]), behind(&tree.customers[k]));
        let supply = |si: u32| suppliers.iter().map(|&j| tables[j].at(si).0).sum::<f64>();
        let serve = |s: u32| customers.iter().map(|&j| tables[j].at(s).0).sum::<f64>();
        let supplied: Vec<f64> = (0..=longest_in).map(supply).collect();
        let served: Vec<f64> = (0..=longest_out).map(serve).collect();
        let size = if supplies_parent { longest_out } else { longest_in };
        let mut best = vec![(f64::INFINITY, (0, 0)); size as usize + 1];
        for si in stage.inbound_time..=longest_in {
            for s in 0..=(si + time).min(longest_out) {
                let cost = rate * f64::from(si + time - s).sqrt() + supplied[si as usize] + served[s as usize];
                let entry = &mut best[if supplies_parent { s } else { si } as usize];
                if cost < entry.0 {
                    *entry = (cost, (s, si));
                }
            }
        }
        Self::cumulated(best, supplies_parent)
    }

    /// A promise may be kept early and a wait may be longer than needed: the best up to each time, or from it on.
    fn cumulated(mut best: Vec<(f64, (u32, u32))>, supplies_parent: bool) -> Self {
        for t in 1..best.len() {
            if supplies_parent && best[t - 1].0 <= best[t].0 {
                best[t] = best[t - 1];
            }
        }
        for t in (1..best.len()).rev() {
            if !supplies_parent && best[t].0 < best[t - 1].0 {
                best[t - 1] = best[t];
            }
        }
        Self { best }
    }

    fn at(&self, time: u32) -> (f64, (u32, u32)) {
        self.best[(time as usize).min(self.best.len() - 1)]
    }
}

/// Outbound and inbound times by stage, from the root outwards.
fn chosen_times(tree: &Tree, tables: &[Table]) -> (Vec<u32>, Vec<u32>) {
    let n = tables.len();
    let (mut outbound, mut inbound) = (vec![0; n], vec![0; n]);
    for &k in &tree.outwards {
        let time = match tree.parent[k] {
            None => 0,
            Some(p) if tree.customers[k].contains(&p) => inbound[p],
            Some(p) => outbound[p],
        };
        (outbound[k], inbound[k]) = tables[k].at(time).1;
    }
    (outbound, inbound)
}
