//! What service a reorder point or order-up-to level gives, and the level for a wanted service, under normal demand.
//!
//! With demand d per period, X the demand of the time to cover, n and n² its losses:
//!
//! ```text
//!                     covers   cycle service  fill rate                         waiting, ready
//! reorder point r, Q  L        P(X ≤ r)       1 − [n(r) − n(r+Q)]/Q             mean over positions r..r+Q
//! base stock S        L        P(X ≤ S)       P(X ≤ S)                          at S
//! every R up to S     L + R    P(X ≤ S)       1 − [n_{L+R}(S) − n_L(S)]/(R·d)   mean over the period ends in R
//! ```
//!
//! What is short waits. Demand comes evenly, so a position passes every value between r and r + Q, and with continuous
//! review the ready rate is the fill rate. Costs of holding h and of letting a unit wait p, both per period, are least
//! where the ready rate is the critical ratio p/(h+p): that is the newsvendor for base stock and for R of one period,
//! and the exact best reorder point of an (r, Q).
//!
//! After Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017, chapter 6, and
//! Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed., Wiley 2019, chapters 4 and 5. The fill rates keep the
//! second loss, which the textbook forms `n(r)/Q` and `n(S)/(R·d)` leave out: they count a unit once, not in each cycle
//! that it waits through.

use super::super::inputs::LARGEST;
use super::loss::{FAR_SDS, NormalDemand, positive, turning_point};

/// How stock is replenished.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Replenishment {
    /// (r, Q): an order whenever the position falls to the reorder point.
    ReorderPoint {
        /// Units per order Q, > 0.
        quantity: f64,
    },
    /// Base stock: each unit demanded is ordered at once.
    BaseStock,
    /// (R, S): up to the level every so often.
    Periodic {
        /// Review period R, periods, in `(0, 3660]`.
        review: f64,
    },
}

/// What service depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServiceInputs {
    /// Mean demand d per period, units, ≥ 0.
    pub demand: f64,
    /// Standard deviation of demand per period, units, ≥ 0.
    pub demand_sd: f64,
    /// Mean lead time L, periods, ≥ 0.
    pub lead_time: f64,
    /// Standard deviation of the lead time, periods, ≥ 0.
    pub lead_time_sd: f64,
    /// Cost of holding a unit for a period h, money, > 0.
    pub holding_cost: f64,
    /// How stock is replenished.
    pub replenishment: Replenishment,
}

/// What a planner sets; the others follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ServiceTarget {
    /// Probability that a cycle sees no shortage, in `(0, 1)`.
    CycleService(f64),
    /// Share of demand met from the shelf, in `(0, 1)`.
    FillRate(f64),
    /// Cost of letting a unit's demand wait for a period p, money, > 0.
    ShortageCost(f64),
    /// Periods of mean demand that the safety stock lasts.
    Cover(f64),
    /// The reorder point or order-up-to level itself, units.
    Level(f64),
}

/// Everything that a level gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AchievedService {
    /// Reorder point or order-up-to level, units; below 0 where customers are meant to wait.
    pub level: f64,
    /// What it holds above the mean demand of the time it covers, units.
    pub safety_stock: f64,
    /// Probability that a cycle sees no shortage, in `[0, 1]`.
    pub cycle_service: f64,
    /// Share of demand met from the shelf, in `[0, 1]`.
    pub fill_rate: f64,
    /// Share of time in which nobody waits, in `[0, 1]`.
    pub ready_rate: f64,
    /// Mean units waited for.
    pub expected_backorders: f64,
    /// Mean units on the shelf.
    pub expected_on_hand: f64,
    /// The shortage cost per unit and period for which this level is best, money; `None` when no cost is high or low
    /// enough.
    pub shortage_cost: Option<f64>,
    /// Periods of mean demand that the safety stock lasts; `None` without demand.
    pub cover: Option<f64>,
}

/// Longest review period, periods: ten years of days.
const LONGEST_REVIEW: f64 = 3660.0;

/// Normal demand, a lead time and a way to replenish, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceModel {
    inputs: ServiceInputs,
    /// Demand over the time that a level covers.
    covered: NormalDemand,
    /// Demand over the lead time.
    lead_time: NormalDemand,
    /// Demand between ordering and each moment at which waiting is counted.
    moments: Vec<NormalDemand>,
}

impl ServiceModel {
    /// `None` when an input is out of range, over 1e15 or not a number.
    ///
    /// ```
    /// use planwright::inventory::{Replenishment, ServiceInputs, ServiceModel, ServiceTarget};
    /// let inputs = ServiceInputs {
    ///     demand: 2500.0,
    ///     demand_sd: 500.0,
    ///     lead_time: 2.0,
    ///     lead_time_sd: 0.0,
    ///     holding_cost: 1.0,
    ///     replenishment: Replenishment::ReorderPoint { quantity: 10_000.0 },
    /// };
    /// let service = ServiceModel::new(inputs).unwrap().service(ServiceTarget::FillRate(0.975)).unwrap();
    /// assert_eq!(service.safety_stock.round(), 67.0); // Chopra & Meindl, Supply Chain Management, chapter 12
    /// ```
    pub fn new(inputs: ServiceInputs) -> Option<Self> {
        let after = |time: f64| {
            NormalDemand::over((inputs.demand, inputs.demand_sd), (inputs.lead_time + time, inputs.lead_time_sd))
        };
        let lead_time = positive(inputs.holding_cost).and_then(|_| after(0.0))?;
        let (covered, moments) = match inputs.replenishment {
            Replenishment::ReorderPoint { quantity } if positive(quantity).is_some() => (lead_time, vec![lead_time]),
            Replenishment::BaseStock => (lead_time, vec![lead_time]),
            Replenishment::Periodic { review } if review > 0.0 && review <= LONGEST_REVIEW => {
                // Period ends, counted back from the next review; a review within a period sees its own end.
                let ends = review.ceil();
                let moments: Option<_> = (1..=ends as usize).map(|n| after(review * n as f64 / ends)).collect();
                (after(review)?, moments?)
            }
            _ => return None,
        };
        Some(Self { inputs, covered, lead_time, moments })
    }

    /// Everything that the level for a target gives. `None` when the target is out of its range or not a number.
    pub fn service(&self, target: ServiceTarget) -> Option<AchievedService> {
        let level = self.level(target)?;
        let safety_stock = level - self.covered.mean();
        let ready = 1.0 - self.waiting_rate(level);
        let (h, demand) = (self.inputs.holding_cost, self.inputs.demand);
        let shortage_cost = h * ready / self.waiting_rate(level);
        Some(AchievedService {
            level,
            safety_stock,
            cycle_service: self.covered.cdf(level),
            fill_rate: 1.0 - self.short_rate(level),
            ready_rate: ready,
            expected_backorders: self.backorders(level),
            expected_on_hand: self.net_stock(level) + self.backorders(level),
            shortage_cost: (shortage_cost > 0.0 && shortage_cost.is_finite()).then_some(shortage_cost),
            cover: (demand > 0.0).then(|| safety_stock / demand).filter(|c| c.is_finite()),
        })
    }

    /// The reorder point or order-up-to level for a target, units; the lowest that reaches it. `None` as for
    /// [`Self::service`].
    pub fn level(&self, target: ServiceTarget) -> Option<f64> {
        let share = |x: f64| (x > 0.0 && x < 1.0).then_some(x);
        let level = match target {
            ServiceTarget::CycleService(wanted) => self.covered.quantile(share(wanted)?)?,
            ServiceTarget::FillRate(wanted) => {
                let short = 1.0 - share(wanted)?;
                self.lowest(|level| self.short_rate(level) <= short)
            }
            ServiceTarget::ShortageCost(cost) => {
                let h = self.inputs.holding_cost;
                let waiting = share(h / (h + (cost > 0.0).then_some(cost)?))?;
                self.lowest(|level| self.waiting_rate(level) <= waiting)
            }
            ServiceTarget::Cover(periods) => self.covered.mean() + periods * self.inputs.demand,
            ServiceTarget::Level(level) => level,
        };
        (level.abs() <= LARGEST).then_some(level)
    }

    fn lowest(&self, reached: impl Fn(f64) -> bool) -> f64 {
        let far = FAR_SDS * self.covered.sd();
        let below = self.lead_time.mean() - far - self.lot();
        turning_point(below, self.covered.mean() + far, reached)
    }

    fn lot(&self) -> f64 {
        if let Replenishment::ReorderPoint { quantity } = self.inputs.replenishment { quantity } else { 0.0 }
    }

    /// Share of demand that isn't met from the shelf.
    fn short_rate(&self, level: f64) -> f64 {
        let rate = match self.inputs.replenishment {
            Replenishment::ReorderPoint { .. } | Replenishment::BaseStock => self.waiting_rate(level),
            Replenishment::Periodic { review } => {
                let new = self.covered.loss(level) - self.lead_time.loss(level);
                let demand = review * self.inputs.demand;
                if demand > 0.0 { new / demand } else { 0.0 }
            }
        };
        rate.clamp(0.0, 1.0)
    }

    /// Share of time in which customers wait.
    fn waiting_rate(&self, level: f64) -> f64 {
        let rate = match self.inputs.replenishment {
            Replenishment::ReorderPoint { quantity } => {
                (self.covered.loss(level) - self.covered.loss(level + quantity)) / quantity
            }
            _ => self.mean_over_moments(|x| x.sf(level)),
        };
        rate.clamp(0.0, 1.0)
    }

    fn backorders(&self, level: f64) -> f64 {
        match self.inputs.replenishment {
            Replenishment::ReorderPoint { quantity } => {
                (self.covered.second_loss(level) - self.covered.second_loss(level + quantity)) / quantity
            }
            _ => self.mean_over_moments(|x| x.loss(level)),
        }
    }

    /// Mean of stock less what is waited for.
    fn net_stock(&self, level: f64) -> f64 {
        level + self.lot() / 2.0 - self.mean_over_moments(NormalDemand::mean)
    }

    fn mean_over_moments(&self, f: impl Fn(NormalDemand) -> f64) -> f64 {
        self.moments.iter().map(|&x| f(x)).sum::<f64>() / self.moments.len() as f64
    }
}
