//! Demand + network → dispatch plan. `good_lp` lives here only.
//!
//! # The model
//! Periods share nothing (no stock is carried over, goods leave in the period that needs them), so each is a model of
//! its own. In one period:
//!
//! ```text
//! sets        s ∈ sites, l ∈ lanes (site s(l) → customer c(l)), k ∈ demands (customer, item), L(k) the lanes open to k:
//!             those to its customer that carry all items or just this one
//! parameters  d_k demand, p_k penalty per unit unmet, c_l unit cost of the lane + handling at its site,
//!             C_s site capacity, K_l lane capacity (both for all items together), and for a lane with a vehicle
//!             Q_l units per trip, t_l cost of a trip = trip cost + cost per km · distance, N_l most trips
//! variables   x_lk ≥ 0 units, y_l ≥ 0 trips (whole under TripRule::Whole), u_k ≥ 0 unmet (0 under UnmetRule::Forbidden)
//! objective   min  Σ c_l x_lk + Σ t_l y_l + Σ p_k u_k
//! demand      Σ_{l ∈ L(k)} x_lk + u_k = d_k        for every k
//! site        Σ_{l from s} Σ_k x_lk ≤ C_s          for every s with a capacity
//! lane        Σ_k x_lk ≤ K_l                       for every l with a capacity
//! trips       Σ_k x_lk ≤ Q_l y_l,  y_l ≤ N_l       for every l with a vehicle
//! ```
//!
//! # How it is solved
//! - Items of a customer that may use the same lanes are summed and divided again afterwards, which is exact
//!   (`frame`).
//! - With trips relaxed or fixed only flow rows are left (`transport`), and the LP is solved as a least-cost flow
//!   (`graph`): it can be stopped at any moment, ends at exact quantities, and its residual graph gives the one-sided
//!   derivatives that "one more unit" means (`prices`), ties (`cycle`) and the least cut behind an infeasible demand
//!   (`conflict`). A simplex or interior-point dual would be any point between the two one-sided ones.
//! - Whole trips are a MIP (`trucks`, `milp`), solved through `good_lp`; shadow prices are then those of the LP with
//!   the trips held fixed.
//! - `verify` checks the plan without any of this before it leaves.

mod assemble;
mod audit;
mod clock;
mod conflict;
mod cycle;
mod frame;
mod graph;
mod milp;
mod period;
mod prices;
mod ties;
mod transport;
mod trucks;

use crate::control::{Cancelled, Control};
use crate::model::{DemandLine, DispatchPlan, Network, Shipment, SolveStatus, Trips};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub use frame::MOST_VARIABLES;
pub use prices::MOST_PRICES;

/// How far a row may be broken, relative to its limit: eight digits are more than any quantity is known to.
pub const ROW_TOLERANCE: f64 = 1e-8;

/// A plan this near to its bound, relative to its cost, is the cheapest: the rest is rounding.
pub const PROOF_TOLERANCE: f64 = 1e-8;

/// What to ship over what.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Sites, customers, lanes, vehicles.
    pub network: Arc<Network>,
    /// Demand by customer, item, period; lines for the same three are summed.
    pub demand: Vec<DemandLine>,
}

/// Whether trips are whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TripRule {
    /// Whole trips: a MIP.
    #[default]
    Whole,
    /// Trips may be fractions: the LP relaxation.
    Relaxed,
}

/// What happens to demand that can't be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnmetRule {
    /// It stays unmet at the customer's penalty.
    #[default]
    AtPenalty,
    /// It must be met; otherwise the plan is infeasible.
    Forbidden,
}

/// How to solve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Wall-clock limit for all periods together.
    pub time_limit: Duration,
    /// Whether trips are whole.
    pub trips: TripRule,
    /// What happens to demand that can't be met.
    pub unmet: UnmetRule,
}

impl Default for Options {
    fn default() -> Self {
        Self { time_limit: Duration::from_secs(30), trips: TripRule::Whole, unmet: UnmetRule::AtPenalty }
    }
}

/// Why there is no answer, not even "infeasible".
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The solver broke down or its plan failed verification.
    #[error("{0}")]
    Solver(Text),
    /// The problem names something the network doesn't have, or holds a number that makes no sense.
    #[error("{0}")]
    Invalid(Text),
}

/// The cheapest plan, verified without the solver. An infeasible problem is an answer: a plan with that status, no
/// shipments, and the conflicts in words.
///
/// # Errors
/// [`DispatchError::Cancelled`] when the user asked to stop; [`DispatchError::Invalid`] for an unknown code, a code that
/// occurs twice, a number that is negative, not finite or beyond 1e12, a vehicle of capacity 0, or more than
/// [`MOST_VARIABLES`] variables; [`DispatchError::Solver`] when the solver broke down, time ran out before all demand
/// that must be met was placed, or the plan failed [`verify`].
pub fn solve(problem: &Problem, options: &Options, control: &Control) -> Result<DispatchPlan, DispatchError> {
    let frame = frame::Frame::new(problem, options)?;
    let clock = clock::Clock::start(options.time_limit, frame.buckets.len());
    let (done, count) = (AtomicUsize::new(0), frame.buckets.len());
    let stage = |n: usize| text!("Planning dispatch, period {n} of {count}", "正在规划调拨，第 {n} 期，共 {count} 期");
    control.report(0.0, &stage(0))?;
    let periods = frame
        .buckets
        .par_iter()
        .map(|bucket| {
            let plan = period::plan(&frame, bucket, options, &clock, control)?;
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            control.report(n as f64 / count as f64, &stage(n))?;
            Ok(plan)
        })
        .collect::<Result<Vec<_>, DispatchError>>()?;
    let plan = assemble::assemble(&frame, options, periods);
    match audit::faults_of(&frame, options, &plan).first() {
        None => Ok(plan),
        Some(fault) => {
            let (en, zh) = (&fault.en, &fault.zh);
            Err(solver_fault(&text!("The plan failed its check: {en}", "计划未通过核验：{zh}")))
        }
    }
}

/// Checks every limit, the flows and the objective without the solver; empty when the plan holds.
pub fn verify(problem: &Problem, options: &Options, plan: &DispatchPlan) -> Vec<Text> {
    match frame::Frame::new(problem, options) {
        Ok(frame) => audit::faults_of(&frame, options, plan),
        Err(error) => vec![wording(&error)],
    }
}

/// Prices the user's own shipments and trips: (cost incl. unmet penalty, violations in words).
pub fn evaluate(problem: &Problem, options: &Options, shipments: &[Shipment], trips: &[Trips]) -> (f64, Vec<Text>) {
    match frame::Frame::new(problem, options) {
        Ok(frame) => {
            let audit = audit::Audit::new(&frame, options, shipments, trips);
            (audit.cost(), audit.faults)
        }
        Err(error) => (0.0, vec![wording(&error)]),
    }
}

/// How a status reads.
pub fn status_text(status: SolveStatus) -> Text {
    match status {
        SolveStatus::Optimal => text!("Optimal: no plan is cheaper", "最优：没有更便宜的计划"),
        SolveStatus::TimeLimit => text!("Best plan found in the time given", "时限内找到的最佳计划"),
        SolveStatus::Infeasible => text!("No plan satisfies all limits", "没有满足全部限制的计划"),
    }
}

fn wording(error: &DispatchError) -> Text {
    match error {
        DispatchError::Cancelled(_) => text!("Cancelled", "已取消"),
        DispatchError::Solver(text) | DispatchError::Invalid(text) => text.clone(),
    }
}

fn solver_fault(what: &Text) -> DispatchError {
    let then = text!(
        "Try again with a longer time limit, and keep the project file: this is worth a report",
        "请延长时限后重试，并保留项目文件以便反馈"
    );
    let (en, zh) = (&what.en, &what.zh);
    DispatchError::Solver(Text::new(format!("{en}. {}", then.en), format!("{zh}。{}", then.zh)))
}
