//! Joint replenishment: items that share the cost of an order.
//!
//! An order goes out every T; item i is in every m_i-th. With `K₀` per order, `k_i` for item i in it, `h_i` per unit and
//! period and demand `D_i` per period, a period costs
//!
//! ```text
//! g(T, m) = (K₀ + Σ k_i/m_i)/T + T/2·Σ h_i·m_i·D_i, lowest at T*(m) = √(2·(K₀ + Σ k_i/m_i)/Σ h_i·m_i·D_i)
//! ```

use super::super::inputs::LARGEST;
use super::loss::positive;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// An item that shares orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointItem {
    /// Cost of having the item in an order k, money, ≥ 0.
    pub order_cost: f64,
    /// Cost of holding a unit for a period h, money, > 0.
    pub holding_cost: f64,
    /// Units per period D, > 0.
    pub demand: f64,
}

/// When to order what.
#[derive(Debug, Clone, PartialEq)]
pub struct JointPlan {
    /// Time between orders T, periods.
    pub interval: f64,
    /// Item i is in every `multiples[i]`-th order.
    pub multiples: Vec<u32>,
    /// Units of item i in an order that it is in.
    pub quantities: Vec<f64>,
    /// Cost per period of ordering and holding, money.
    pub cost: f64,
    /// No plan of this kind is cheaper.
    pub proven: bool,
}

/// Silver's rule: the item with the least `k/(hD)` is in every order, the others in every m-th,
/// `m_i = √(k_i/(h_i·D_i)·h_1·D_1/(K₀ + k_1))` rounded, at least 1.
///
/// `None` without items, when a number is out of range or over 1e15, or when no order costs anything.
///
/// Source: Silver 1976, "A simple method of determining order quantities in joint replenishments under deterministic
/// demand", *Management Science* 22(12), 1351–1361.
pub fn joint_replenishment_silver(shared_cost: f64, items: &[JointItem]) -> Option<JointPlan> {
    checked(shared_cost, items)?;
    let ratio = |i: &JointItem| i.order_cost / (i.holding_cost * i.demand);
    let (first, base) = items.iter().enumerate().min_by(|a, b| ratio(a.1).total_cmp(&ratio(b.1)))?;
    let scale = base.holding_cost * base.demand / (shared_cost + base.order_cost);
    let multiple = |(i, item): (usize, &JointItem)| {
        let m = (ratio(item) * scale).sqrt().round();
        if i == first || m.is_nan() { 1 } else { m.clamp(1.0, f64::from(u32::MAX)) as u32 }
    };
    plan(shared_cost, items, items.iter().enumerate().map(multiple).collect())
}

/// Breakpoints looked at before the search gives up proving; more than any sensible costs have.
const MOST_BREAKPOINTS: usize = 200_000;

/// The cheapest plan. For a given T item i's best multiple is the smallest m with `m(m+1) ≥ 2k_i/(h_i·D_i·T²)`, so the
/// multiples change only where T passes `√(2k_i/(h_i·D_i·m(m+1)))`. From large T down, every set of multiples met is
/// priced at its own T*; below `T = K₀/(best − Σ √(2·k_i·h_i·D_i))` nothing can be cheaper, since each item alone
/// costs at least its share of that sum (after Goyal 1974 and Wildeman, Frenk & Dekker 1997, "An efficient optimal
/// solution method for the joint replenishment problem", *EJOR* 99(2), 433–444).
///
/// Never dearer than [`joint_replenishment_silver`]. After 200 000 breakpoints, as when `K₀` is next to nothing, the
/// best so far is returned, not `proven`. `None` as there.
pub fn joint_replenishment(shared_cost: f64, items: &[JointItem]) -> Option<JointPlan> {
    let mut best = joint_replenishment_silver(shared_cost, items)?;
    let alone: f64 = items.iter().map(|i| (2.0 * i.order_cost * i.holding_cost * i.demand).sqrt()).sum();
    let mut multiples = vec![1u32; items.len()];
    let mut sums = Sums::new(shared_cost, items, &multiples);
    let mut next: BinaryHeap<Breakpoint> = (0..items.len()).map(|i| Breakpoint::new(items, i, 1)).collect();
    let mut cheapest = None;
    let mut known = best.cost;
    for _ in 0..MOST_BREAKPOINTS {
        let cost = sums.cost();
        if cost < known {
            (known, cheapest) = (cost, Some(multiples.clone()));
        }
        let Some(Breakpoint { interval, item }) = next.pop() else { break };
        if interval <= 0.0 || interval * (known - alone) <= shared_cost {
            best.proven = true;
            break;
        }
        sums.step(&items[item], multiples[item]);
        multiples[item] += 1;
        next.push(Breakpoint::new(items, item, multiples[item]));
    }
    let proven = best.proven;
    let found = cheapest.and_then(|m| plan(shared_cost, items, m)).filter(|p| p.cost < best.cost);
    Some(JointPlan { proven, ..found.unwrap_or(best) })
}

/// Cost per period of given multiples at their best interval, money. `None` as for [`joint_replenishment_silver`], or
/// when there aren't as many multiples as items or one is 0.
pub fn joint_replenishment_cost(shared_cost: f64, items: &[JointItem], multiples: &[u32]) -> Option<f64> {
    checked(shared_cost, items)?;
    let sane = multiples.len() == items.len() && multiples.iter().all(|&m| m > 0);
    sane.then(|| Sums::new(shared_cost, items, multiples).cost()).filter(|c| c.is_finite())
}

/// `ordering = K₀ + Σ k/m` and `holding = Σ h·m·D`.
struct Sums {
    ordering: f64,
    holding: f64,
}

impl Sums {
    fn new(shared_cost: f64, items: &[JointItem], multiples: &[u32]) -> Self {
        let pairs = || items.iter().zip(multiples.iter().map(|&m| f64::from(m)));
        Self {
            ordering: shared_cost + pairs().map(|(i, m)| i.order_cost / m).sum::<f64>(),
            holding: pairs().map(|(i, m)| i.holding_cost * i.demand * m).sum(),
        }
    }

    /// One item's multiple goes from m to m + 1.
    fn step(&mut self, item: &JointItem, m: u32) {
        self.ordering -= item.order_cost / (f64::from(m) * (f64::from(m) + 1.0));
        self.holding += item.holding_cost * item.demand;
    }

    fn cost(&self) -> f64 {
        (2.0 * self.ordering.max(0.0) * self.holding).sqrt()
    }
}

/// Where an item's best multiple goes up by one as T falls.
struct Breakpoint {
    interval: f64,
    item: usize,
}

impl Breakpoint {
    fn new(items: &[JointItem], item: usize, m: u32) -> Self {
        let (i, m) = (&items[item], f64::from(m));
        Self { interval: (2.0 * i.order_cost / (i.holding_cost * i.demand * m * (m + 1.0))).sqrt(), item }
    }
}

impl Ord for Breakpoint {
    fn cmp(&self, other: &Self) -> Ordering {
        self.interval.total_cmp(&other.interval).then(other.item.cmp(&self.item))
    }
}

impl PartialOrd for Breakpoint {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Breakpoint {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Breakpoint {}

fn plan(shared_cost: f64, items: &[JointItem], multiples: Vec<u32>) -> Option<JointPlan> {
    let sums = Sums::new(shared_cost, items, &multiples);
    let interval = (2.0 * sums.ordering / sums.holding).sqrt();
    let quantities = items.iter().zip(&multiples).map(|(i, &m)| i.demand * interval * f64::from(m)).collect();
    let sane = interval > 0.0 && interval.is_finite() && sums.cost().is_finite();
    sane.then_some(JointPlan { interval, multiples, quantities, cost: sums.cost(), proven: false })
}

fn checked(shared_cost: f64, items: &[JointItem]) -> Option<()> {
    let cost = |x: f64| (0.0..=LARGEST).contains(&x);
    let sane = items.iter().all(|i| {
        cost(i.order_cost)
            && positive(i.holding_cost).is_some()
            && positive(i.demand).is_some()
            && i.holding_cost * i.demand > 0.0
    });
    let paid = shared_cost > 0.0 || items.iter().any(|i| i.order_cost > 0.0);
    (!items.is_empty() && cost(shared_cost) && sane && paid).then_some(())
}
