//! What ships from where to whom, and what it is worth.

use super::calendar::Period;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Units that a customer wants of an item in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandLine {
    /// Customer code.
    pub customer: Arc<str>,
    /// Item code; empty when items are not told apart.
    pub item: Arc<str>,
    /// When.
    pub period: Period,
    /// How much, units, ≥ 0.
    pub quantity: f64,
}

/// Goods sent over one lane in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shipment {
    /// Index of the lane in the network.
    pub lane: usize,
    /// Code of the shipping site.
    pub from: Arc<str>,
    /// Code of the customer.
    pub to: Arc<str>,
    /// Item code; empty when items are not told apart.
    pub item: Arc<str>,
    /// When it is needed.
    pub period: Period,
    /// Units, > 0.
    pub quantity: f64,
    /// Cost per unit over this lane incl. handling at the site, money.
    pub unit_cost: f64,
}

/// Whole trips of a vehicle on one lane in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trips {
    /// Index of the lane in the network.
    pub lane: usize,
    /// When.
    pub period: Period,
    /// Number of trips; whole unless the plan was asked for the relaxation.
    pub count: f64,
    /// Cost of one trip, money.
    pub trip_cost: f64,
}

/// Demand that the plan leaves unmet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmet {
    /// Customer code.
    pub customer: Arc<str>,
    /// Item code.
    pub item: Arc<str>,
    /// When.
    pub period: Period,
    /// Units, > 0.
    pub quantity: f64,
    /// Penalty per unit, money.
    pub unit_cost: f64,
}

/// How the solver ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SolveStatus {
    /// No plan is cheaper.
    Optimal,
    /// The best plan found when time ran out; see the gap.
    TimeLimit,
    /// No plan satisfies the limits; the conflicts say which.
    Infeasible,
}

/// What one more unit of a limit is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShadowPrice {
    /// The limit.
    pub limit: Limit,
    /// When.
    pub period: Period,
    /// Money saved by one more unit (of capacity), or spent for one more unit (of demand); ≥ 0.
    pub price: f64,
    /// Units of the limit in use.
    pub used: f64,
    /// The limit itself, units.
    pub available: f64,
    /// The sentence for people.
    pub sentence: Text,
}

/// A limit of the dispatch model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// Capacity of a site, by code.
    Site(Arc<str>),
    /// Capacity of a lane, by index in the network.
    Lane(usize),
    /// Demand of a customer for an item.
    Demand {
        /// Customer code.
        customer: Arc<str>,
        /// Item code.
        item: Arc<str>,
    },
}

/// A lane that the plan doesn't use and what forcing one unit onto it would cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReducedCost {
    /// Index of the lane in the network.
    pub lane: usize,
    /// Item code.
    pub item: Arc<str>,
    /// When.
    pub period: Period,
    /// Money per unit forced onto the lane, ≥ 0; 0 on an unused lane means that another plan costs the same.
    pub cost: f64,
}

/// Load of a site against its capacity in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteLoad {
    /// Site code.
    pub site: Arc<str>,
    /// When.
    pub period: Period,
    /// Units shipped.
    pub load: f64,
    /// Most units; `None` is unlimited.
    pub capacity: Option<f64>,
}

/// A verified dispatch plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DispatchPlan {
    /// How the solver ended.
    pub status: SolveStatus,
    /// Total cost incl. the penalty of unmet demand, money.
    pub objective: f64,
    /// Proven lower bound of the cost, money; equals the objective when optimal.
    pub bound: f64,
    /// Shipments by period, site, customer, item.
    pub shipments: Vec<Shipment>,
    /// Whole trips, on lanes that name a vehicle.
    pub trips: Vec<Trips>,
    /// Demand left unmet.
    pub unmet: Vec<Unmet>,
    /// Load of every site in every period.
    pub loads: Vec<SiteLoad>,
    /// Shadow prices of binding limits, dearest first. Of a plan with whole trips: with the trips held fixed.
    pub prices: Vec<ShadowPrice>,
    /// Reduced costs of unused lanes, cheapest first.
    pub reduced_costs: Vec<ReducedCost>,
    /// True when another plan costs the same.
    pub has_alternatives: bool,
    /// Why no plan is possible, in words, when infeasible.
    pub conflicts: Vec<Text>,
    /// What a reader should know: assumptions, alternatives, rounding.
    pub notes: Vec<Text>,
}

impl DispatchPlan {
    /// Demand left unmet, units.
    pub fn unmet_quantity(&self) -> f64 {
        // An empty float sum is −0.0.
        self.unmet.iter().map(|u| u.quantity).sum::<f64>() + 0.0
    }

    /// Relative gap between cost and bound, in `[0, 1]`; 0 when optimal.
    pub fn gap(&self) -> f64 {
        if self.objective.abs() < f64::EPSILON {
            0.0
        } else {
            ((self.objective - self.bound) / self.objective.abs()).clamp(0.0, 1.0)
        }
    }
}
