//! (s, S): look once a period, and when the inventory position is at or below the reorder point s, order up to S.
//!
//! Demand is in whole units and independent from period to period; what is short waits. Sets and symbols:
//!
//! ```text
//! K  cost of an order          G(y)  cost of a period whose position after ordering was y, charged lead time later:
//! h  holding, unit and period        h·E[(y − D)⁺] + p·E[(D − y)⁺], D the demand of lead time + 1 periods
//! p  waiting, unit and period  m(j)  expected periods spent j units below S in a cycle, from the demand of one period
//! c(s, S) = [K + Σ m(j)·G(S − j)] / Σ m(j), j = 0..S−s
//! ```
//!
//! After Zheng & Federgruen 1991, "Finding optimal (s, S) policies is about as simple as evaluating a single policy",
//! *Operations Research* 39(4), 654–665; Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., section 4.4.

use super::super::inputs::LARGEST;
use super::demand_pmf::DemandPmf;
use super::loss::NormalDemand;

/// What stock costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StockCosts {
    /// Cost of one order K, money, ≥ 0.
    pub order: f64,
    /// Cost of holding a unit for a period h, money, > 0.
    pub holding: f64,
    /// Cost of letting a unit's demand wait for a period p, money, > 0.
    pub shortage: f64,
}

impl StockCosts {
    /// These costs when each is in its range and none above 1e15.
    pub(super) fn checked(self) -> Option<Self> {
        let rate = |x: f64| x > 0.0 && x <= LARGEST;
        let sane = (0.0..=LARGEST).contains(&self.order) && rate(self.holding) && rate(self.shortage);
        (sane && self.critical_ratio() > 0.0 && self.critical_ratio() < 1.0).then_some(self)
    }

    /// `p/(h+p)`.
    pub(super) fn critical_ratio(self) -> f64 {
        self.shortage / (self.holding + self.shortage)
    }
}

/// A reorder point, an order-up-to level and their cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SsPolicy {
    /// Order when the inventory position is here or below, units.
    pub reorder_point: i64,
    /// Order up to here, units.
    pub order_up_to: i64,
    /// Expected cost per period of ordering, holding and waiting, money.
    pub cost: f64,
}

/// No reorder point lies farther below its order-up-to level, units: evaluating takes the square of it.
const LARGEST_SPAN: i64 = 10_000;

/// The cheapest (s, S), and so the cheapest policy of any kind, for a lead time in whole periods (0: an order is there
/// before the period's demand).
///
/// `None` when a cost is out of range, demand is always 0, demand over lead time + 1 periods is too large for
/// [`DemandPmf::over`], or S − s would be over 10 000; coarser units help then.
///
/// ```
/// use planwright::inventory::{DemandPmf, StockCosts, ss_optimal};
/// let costs = StockCosts { order: 5.0, holding: 1.0, shortage: 4.0 };
/// let best = ss_optimal(costs, &DemandPmf::poisson(6.0).unwrap(), 0).unwrap();
/// assert_eq!((best.reorder_point, best.order_up_to), (4, 10));
/// assert!((best.cost - 8.0341115615).abs() < 1e-10);
/// ```
pub fn ss_optimal(costs: StockCosts, demand: &DemandPmf, lead_time: usize) -> Option<SsPolicy> {
    let mut model = Model::new(costs, demand, lead_time)?;
    let start = model.period.cheapest_level();
    let mut best = model.best_reorder_point(start)?;
    let mut level = start + 1;
    while model.period.at(level) <= best.cost {
        if level - best.reorder_point > LARGEST_SPAN {
            return None;
        }
        let cost = model.cost(best.reorder_point, level);
        if cost < best.cost {
            best = SsPolicy { order_up_to: level, cost, ..best };
            while best.reorder_point + 1 < start && best.cost <= model.period.at(best.reorder_point + 1) {
                best.reorder_point += 1;
                best.cost = model.cost(best.reorder_point, level);
            }
        }
        level += 1;
    }
    best.cost.is_finite().then_some(best)
}

/// Expected cost per period of a given (s, S), money. `None` when s ≥ S or as for [`ss_optimal`].
pub fn ss_cost(costs: StockCosts, demand: &DemandPmf, lead_time: usize, (s, big_s): (i64, i64)) -> Option<f64> {
    let far = |y: i64| y.unsigned_abs() > LARGEST as u64;
    if far(s) || far(big_s) || s >= big_s || big_s - s > LARGEST_SPAN {
        return None;
    }
    Some(Model::new(costs, demand, lead_time)?.cost(s, big_s)).filter(|c| c.is_finite())
}

/// (s, S) for normal demand per period in closed form, `(s, S)` in units, by the revised power approximation:
///
/// ```text
/// Q = 1.30·μ^0.494·(K/h)^0.506·(1 + σ_L²/μ²)^0.116, z = √(Q·h/(σ_L·p))
/// s = 0.973·μ_L + σ_L·(0.183/z + 1.063 − 2.192·z), S = s + Q
/// ```
///
/// with `μ_L` and `σ_L` over lead time + 1 periods. `demand` is `(μ, σ)` per period, `lead_time` in periods. `None` when a
/// cost is out of range, K is 0, the mean isn't positive or another number is negative.
///
/// Source: Ehrhardt & Mosier 1984, "A revision of the power approximation for computing (s, S) policies", *Management
/// Science* 30(5), 618–622. Where Q/μ ≤ 1.5 they cap s and S at the base-stock level; Snyder & Shen, and we, don't.
pub fn ss_power_approximation(costs: StockCosts, demand: (f64, f64), lead_time: f64) -> Option<(f64, f64)> {
    let StockCosts { order: k, holding: h, shortage: p } = costs.checked().filter(|c| c.order > 0.0)?;
    let over = (lead_time >= 0.0).then(|| NormalDemand::over(demand, (lead_time + 1.0, 0.0))).flatten()?;
    let (mean, spread) = ((demand.0 > 0.0).then_some(demand.0)?, over.sd());
    let q = 1.30 * mean.powf(0.494) * (k / h).powf(0.506) * (1.0 + (spread / mean).powi(2)).powf(0.116);
    // σ·z and σ/z, written so that they are 0 without spread.
    let times_z = (q * spread * h / p).sqrt();
    let by_z = spread.powf(1.5) / (q * h / p).sqrt();
    let s = 0.973 * over.mean() + 0.183 * by_z + 1.063 * spread - 2.192 * times_z;
    (s.is_finite() && q.is_finite()).then_some((s, s + q))
}

struct Model<'a> {
    order_cost: f64,
    period: PeriodCost,
    demand: &'a [f64],
    /// m(j), grown as needed.
    visits: Vec<f64>,
}

impl<'a> Model<'a> {
    fn new(costs: StockCosts, demand: &'a DemandPmf, lead_time: usize) -> Option<Self> {
        let costs = costs.checked()?;
        let pmf = demand.probabilities();
        let moving = 1.0 - pmf[0];
        if moving <= 0.0 {
            return None;
        }
        let period = PeriodCost::new(costs, &demand.over(lead_time.checked_add(1)?)?);
        Some(Self { order_cost: costs.order, period, demand: pmf, visits: vec![1.0 / moving] })
    }

    /// c(s, S) for s < S.
    fn cost(&mut self, s: i64, big_s: i64) -> f64 {
        let (mut money, mut periods) = (self.order_cost, 0.0);
        for j in 0..(big_s - s) as usize {
            let m = self.visits(j);
            money += m * self.period.at(big_s - j as i64);
            periods += m;
        }
        money / periods
    }

    /// The best reorder point for the level that is cheapest for a single period: the first s, coming down, where going
    /// on costs at least the average.
    fn best_reorder_point(&mut self, big_s: i64) -> Option<SsPolicy> {
        let (mut money, mut periods) = (self.order_cost, 0.0);
        for j in 0..LARGEST_SPAN {
            let m = self.visits(j as usize);
            money += m * self.period.at(big_s - j);
            periods += m;
            let (s, cost) = (big_s - j - 1, money / periods);
            if cost <= self.period.at(s) {
                return Some(SsPolicy { reorder_point: s, order_up_to: big_s, cost });
            }
        }
        None
    }

    /// `m(j) = m(0)·Σ f(d)·m(j − d)`, d = 1..=j, with `m(0) = 1/(1 − f(0))`.
    fn visits(&mut self, j: usize) -> f64 {
        while self.visits.len() <= j {
            let chances = self.demand.iter().skip(1);
            let sum: f64 = chances.zip(self.visits.iter().rev()).map(|(f, m)| f * m).sum();
            self.visits.push(self.visits[0] * sum);
        }
        self.visits[j]
    }
}

/// G(y).
struct PeriodCost {
    costs: StockCosts,
    mean: f64,
    /// Expected units short at level y, `y = 0..=n`.
    short: Vec<f64>,
}

impl PeriodCost {
    fn new(costs: StockCosts, demand: &DemandPmf) -> Self {
        let pmf = demand.probabilities();
        let mut short = vec![0.0; pmf.len()];
        let mut exceeded = 0.0;
        for y in (0..pmf.len() - 1).rev() {
            exceeded += pmf[y + 1];
            short[y] = short[y + 1] + exceeded;
        }
        Self { costs, mean: short[0], short }
    }

    fn at(&self, y: i64) -> f64 {
        let over = y as f64 - self.mean;
        let short = if y < 0 { -over } else { self.short.get(y as usize).copied().unwrap_or(0.0) };
        self.costs.holding * (over + short) + self.costs.shortage * short
    }

    /// Smallest y at which one more unit isn't cheaper.
    fn cheapest_level(&self) -> i64 {
        (0..self.short.len() as i64).find(|&y| self.at(y) <= self.at(y + 1)).unwrap_or(self.short.len() as i64)
    }
}
