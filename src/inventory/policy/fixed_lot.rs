//! (r, Q): look all the time, and order Q when the inventory position falls to the reorder point r.
//!
//! What is short waits. With K per order, h and p per unit and period, demand λ per period and lead-time demand D:
//!
//! ```text
//! G(y)    = h·E[(y − D)⁺] + p·E[(D − y)⁺]
//! g(r, Q) = [K·λ + ∫ G(y) dy, y = r..r+Q] / Q        normal demand
//! g(r, Q) = [K·λ + Σ G(y), y = r+1..=r+Q] / Q        Poisson demand
//! ```
//!
//! After Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., Wiley 2019, chapter 5; Zheng 1992, "On
//! properties of stochastic inventory systems", *Management Science* 38(1), 87–103.

use super::super::inputs::LARGEST;
use super::loss::{FAR_SDS, LARGEST_POISSON_MEAN, NormalDemand, poisson_loss, positive, turning_point};
use super::order_up_to::StockCosts;
use statrs::distribution::{Discrete, DiscreteCDF, Poisson};

/// A reorder point, a lot and their cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RqPolicy {
    /// Order when the inventory position is here, units.
    pub reorder_point: f64,
    /// Units per order.
    pub quantity: f64,
    /// Expected cost per period of ordering, holding and waiting, money.
    pub cost: f64,
}

/// Expected cost per period g(r, Q) under normal lead-time demand, money. `demand` is λ per period, `policy` is (r, Q).
///
/// `None` when a cost is out of range, demand or Q isn't positive, or r isn't a number up to 1e15.
pub fn rq_cost(costs: StockCosts, demand: f64, lead_time: NormalDemand, (r, q): (f64, f64)) -> Option<f64> {
    let costs = costs.checked()?;
    let sane = positive(demand).is_some() && positive(q).is_some() && r.abs() <= LARGEST;
    // The mean over the window of G(y) = h·(y − μ) + (h + p)·n(y).
    let short = (lead_time.second_loss(r) - lead_time.second_loss(r + q)) / q;
    let over = r + q / 2.0 - lead_time.mean();
    let cost = costs.order * demand / q + costs.holding * over + (costs.holding + costs.shortage) * short;
    (sane && cost.is_finite()).then_some(cost)
}

/// The cheapest reorder point for a lot, units: `G(r) = G(r + Q)`. `None` when a cost is out of range or Q isn't
/// positive.
pub fn best_reorder_point(costs: StockCosts, lead_time: NormalDemand, quantity: f64) -> Option<f64> {
    let costs = costs.checked()?;
    positive(quantity).map(|q| reorder_point(costs, lead_time, q))
}

/// The cheapest (r, Q) under normal lead-time demand: where `Q·G(r(Q)) − ∫ G = K·λ` (Zheng 1992, theorem 1).
///
/// `None` when a cost is out of range, K is 0 or demand isn't positive.
pub fn rq_optimal(costs: StockCosts, demand: f64, lead_time: NormalDemand) -> Option<RqPolicy> {
    let costs = costs.checked().filter(|c| c.order > 0.0)?;
    let paid = positive(costs.order * positive(demand)?)?;
    let enough = |q: f64| {
        let r = reorder_point(costs, lead_time, q);
        let short = lead_time.second_loss(r) - lead_time.second_loss(r + q);
        let window = costs.holding * (r + q / 2.0 - lead_time.mean()) * q + (costs.holding + costs.shortage) * short;
        q * period_cost(costs, lead_time, r) - window >= paid
    };
    // The lot grows with uncertainty, so the one without is a lower bound; Q² grows slower than the bound doubles.
    let low = backorder_lot(costs, demand);
    let high = (0..64).map(|n| low * 2f64.powi(n)).find(|&q| enough(q))?;
    let quantity = if high > low { turning_point(high / 2.0, high, enough) } else { low };
    priced(costs, demand, lead_time, (reorder_point(costs, lead_time, quantity), quantity))
}

/// (r, Q) with the lot of a certain demand with backorders, `Q = √(2Kλ(h+p)/(hp))`, and the best reorder point for it
/// (section 5.2.2); costs at most an eighth more than the optimum (Zheng 1992).
pub fn rq_eoqb(costs: StockCosts, demand: f64, lead_time: NormalDemand) -> Option<RqPolicy> {
    let costs = costs.checked()?;
    let quantity = positive(backorder_lot(costs, positive(demand)?))?;
    priced(costs, demand, lead_time, (reorder_point(costs, lead_time, quantity), quantity))
}

/// (r, Q) with the economic order quantity and the critical ratio's quantile of lead-time demand (section 5.2.3).
pub fn rq_eoq_safety_stock(costs: StockCosts, demand: f64, lead_time: NormalDemand) -> Option<RqPolicy> {
    let costs = costs.checked()?;
    let quantity = positive((2.0 * costs.order * positive(demand)? / costs.holding).sqrt())?;
    priced(costs, demand, lead_time, (lead_time.quantile(costs.critical_ratio())?, quantity))
}

/// (r, Q) by the expected-inventory-level approximation (Whitin 1953; Hadley & Whitin 1963; section 5.2.1), in which
/// `shortage` is paid once per unit short, however long it waits:
///
/// ```text
/// r = F⁻¹(1 − Q·h/(p·λ)), Q = √(2λ·[K + p·n(r)]/h), cost = h·(r − μ + Q/2) + [K·λ + p·λ·n(r)]/Q
/// ```
///
/// solved in turn from Q = EOQ. The cost is that approximation's. `None` when a cost is out of range, demand isn't
/// positive, or shortage is so cheap that it would never pay to hold stock (Q·h ≥ p·λ).
pub fn rq_eil(costs: StockCosts, demand: f64, lead_time: NormalDemand) -> Option<RqPolicy> {
    let StockCosts { order: k, holding: h, shortage: p } = costs.checked()?;
    let demand = positive(demand)?;
    let r_of = |q: f64| lead_time.quantile(1.0 - q * h / (p * demand));
    let q_of = |r: f64| (2.0 * demand * (k + p * lead_time.loss(r)) / h).sqrt();
    let (r, quantity) = in_turn((2.0 * k * demand / h).sqrt(), r_of, q_of)?;
    let cost = h * (r - lead_time.mean() + quantity / 2.0) + demand * (k + p * lead_time.loss(r)) / quantity;
    cost.is_finite().then_some(RqPolicy { reorder_point: r, quantity, cost })
}

/// (r, Q) by the loss-function approximation, which takes nothing to be short at r + Q (Hadley & Whitin 1963; section
/// 5.2.4): `n(r) = h·Q/(h+p)`, `Q = √(2·[K·λ + (h+p)·n²(r)]/h)`, solved in turn from Q = EOQ.
pub fn rq_loss_function(costs: StockCosts, demand: f64, lead_time: NormalDemand) -> Option<RqPolicy> {
    let costs = costs.checked()?;
    let (demand, both) = (positive(demand)?, costs.holding + costs.shortage);
    let r_of = |q: f64| {
        let short = costs.holding * q / both;
        let (low, high) = (lead_time.mean() - short, lead_time.mean() + FAR_SDS * lead_time.sd());
        // n(μ − x) ≥ x, so the level sought is not lower.
        Some(turning_point(low, high, |r| lead_time.loss(r) <= short))
    };
    let q_of = |r: f64| (2.0 * (costs.order * demand + both * lead_time.second_loss(r)) / costs.holding).sqrt();
    let policy = in_turn((2.0 * costs.order * demand / costs.holding).sqrt(), r_of, q_of)?;
    priced(costs, demand, lead_time, policy)
}

/// Largest Poisson lot, units.
const LARGEST_LOT: usize = 1_000_000;

/// Expected cost per period g(r, Q) under Poisson demand, λ per period over `lead_time` periods, money.
///
/// `None` when a cost is out of range, λ isn't positive, λ·lead time isn't in `[0, 1e6]` or Q is 0 or over 1e6.
pub fn rq_poisson_cost(costs: StockCosts, demand: f64, lead_time: f64, (r, q): (i64, usize)) -> Option<f64> {
    let costs = costs.checked()?;
    let mean = poisson_mean(demand, lead_time)?;
    if q == 0 || q > LARGEST_LOT || r.unsigned_abs() > LARGEST as u64 {
        return None;
    }
    // Away from the mode probabilities only fall; towards it they would rise from an underflow.
    let (first, last) = (r + 1, r + q as i64);
    let mut above = PoissonLevel::new(costs, mean, (mean as i64).clamp(first, last))?;
    let (mut below, mut sum) = (above, above.cost);
    while above.level < last {
        above.up();
        sum += above.cost;
    }
    while below.level > first {
        below.down();
        sum += below.cost;
    }
    Some((costs.order * demand + sum) / q as f64).filter(|c| c.is_finite())
}

/// The cheapest (r, Q) under Poisson demand, λ per period over `lead_time` periods (Federgruen & Zheng 1992, "An
/// efficient algorithm for computing an optimal (r, Q) policy in continuous review stochastic inventory systems",
/// *Operations Research* 40(4), 808–813): the window r+1..=r+Q grows to its cheaper side while that is below average.
///
/// `None` as for [`rq_poisson_cost`].
pub fn rq_poisson(costs: StockCosts, demand: f64, lead_time: f64) -> Option<RqPolicy> {
    let costs = costs.checked()?;
    let mean = poisson_mean(demand, lead_time)?;
    let cheapest = Poisson::new(mean).map_or(0, |d| d.inverse_cdf(costs.critical_ratio()) as i64);
    let mut below = PoissonLevel::new(costs, mean, cheapest)?;
    let mut above = below;
    let (mut quantity, mut sum) = (1, costs.order * demand + below.cost);
    below.down();
    above.up();
    while below.cost.min(above.cost) < sum / quantity as f64 {
        sum += below.cost.min(above.cost);
        if below.cost <= above.cost {
            below.down();
        } else {
            above.up();
        }
        quantity += 1;
        if quantity > LARGEST_LOT {
            return None;
        }
    }
    let policy = RqPolicy { reorder_point: below.level as f64, quantity: quantity as f64, cost: sum / quantity as f64 };
    policy.cost.is_finite().then_some(policy)
}

fn poisson_mean(demand: f64, lead_time: f64) -> Option<f64> {
    let mean = positive(demand)? * lead_time;
    (0.0..=LARGEST_POISSON_MEAN).contains(&mean).then_some(mean)
}

/// G(y) at one level, which moves by a unit at a time: `G(y + 1) − G(y) = (h + p)·F(y) − p`.
#[derive(Clone, Copy)]
struct PoissonLevel {
    costs: StockCosts,
    mean: f64,
    level: i64,
    cost: f64,
    /// f(y) and F(y).
    pmf: f64,
    cdf: f64,
}

impl PoissonLevel {
    fn new(costs: StockCosts, mean: f64, level: i64) -> Option<Self> {
        let short = poisson_loss(mean, level)?;
        let over = level as f64 - mean;
        let (pmf, cdf) = match (u64::try_from(level), Poisson::new(mean)) {
            (Err(_), _) => (0.0, 0.0),
            (Ok(y), Err(_)) => (f64::from(y == 0), 1.0),
            (Ok(y), Ok(demand)) => (demand.pmf(y), demand.cdf(y)),
        };
        let cost = costs.holding * (over + short) + costs.shortage * short;
        Some(Self { costs, mean, level, cost, pmf, cdf })
    }

    fn up(&mut self) {
        self.cost += (self.costs.holding + self.costs.shortage) * self.cdf - self.costs.shortage;
        self.level += 1;
        self.pmf = match self.level {
            ..0 => 0.0,
            0 => (-self.mean).exp(),
            y => self.pmf * self.mean / y as f64,
        };
        self.cdf = (self.cdf + self.pmf).min(1.0);
    }

    fn down(&mut self) {
        self.cdf = (self.cdf - self.pmf).max(0.0);
        self.pmf = match self.level {
            ..1 => 0.0,
            y => self.pmf * y as f64 / self.mean,
        };
        self.level -= 1;
        self.cost -= (self.costs.holding + self.costs.shortage) * self.cdf - self.costs.shortage;
    }
}

fn reorder_point(costs: StockCosts, lead_time: NormalDemand, q: f64) -> f64 {
    // G is convex, so its minimum lies between r and r + Q.
    let far = FAR_SDS * lead_time.sd();
    let (low, high) = (lead_time.mean() - far - q, lead_time.mean() + far);
    turning_point(low, high, |r| period_cost(costs, lead_time, r) <= period_cost(costs, lead_time, r + q))
}

fn period_cost(costs: StockCosts, lead_time: NormalDemand, y: f64) -> f64 {
    costs.holding * (y - lead_time.mean()) + (costs.holding + costs.shortage) * lead_time.loss(y)
}

fn backorder_lot(costs: StockCosts, demand: f64) -> f64 {
    let StockCosts { order: k, holding: h, shortage: p } = costs;
    (2.0 * k * demand * (h + p) / (h * p)).sqrt()
}

fn priced(costs: StockCosts, demand: f64, lead_time: NormalDemand, (r, q): (f64, f64)) -> Option<RqPolicy> {
    let cost = rq_cost(costs, demand, lead_time, (r, q))?;
    Some(RqPolicy { reorder_point: r, quantity: q, cost })
}

/// Rounds of solving for r and Q in turn.
const MOST_ROUNDS: usize = 10_000;
/// r and Q have settled when neither moves by more than this share of Q; a few digits above rounding.
const SETTLED: f64 = 1e-13;

fn in_turn(mut q: f64, r_of: impl Fn(f64) -> Option<f64>, q_of: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
    let mut r = r_of(positive(q)?)?;
    for _ in 0..MOST_ROUNDS {
        let next_q = positive(q_of(r))?;
        let next_r = r_of(next_q)?;
        let moved = (next_q - q).abs().max((next_r - r).abs());
        (q, r) = (next_q, next_r);
        if moved <= SETTLED * q.max(r.abs()) {
            return Some((r, q));
        }
    }
    None
}
