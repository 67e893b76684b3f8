//! Forecasts that add up: items to categories, locations to the total.
//!
//! Every level is forecast on its own and knows something the others don't: a category shows a season that its items
//! hide in noise, an item knows that it is new. [`reconcile`] makes them one story: children sum to parents, at every
//! step. With the base forecasts `ŷ` of all nodes and `S` the summing matrix, the answer is `S·x`, where `x`, the bottom
//! series, come from
//! - bottom-up: `x = ŷ_bottom`;
//! - top-down and middle-out: a level's forecast, split by shares (Gross & Sohl 1990; Athanasopoulos, Ahmed & Hyndman
//!   2009);
//! - least squares: `min (ŷ − S·x)ᵀ W⁻¹ (ŷ − S·x)` with a diagonal `W` (Hyndman, Ahmed, Athanasopoulos & Shang 2011;
//!   Wickramasuriya, Athanasopoulos & Hyndman 2019), optionally with `x ≥ 0` (Wickramasuriya, Turlach & Hyndman 2020).
//!
//! `S` is never written out: a node is the list of its members.
//!
//! Reading order: `structure` (what adds up to what), `choice` (the methods by name), this file, `least_squares`,
//! `non_negative`, `top_down`, `coherent` (intervals and paths).

mod structure;

mod choice;

mod least_squares;
mod non_negative;
mod top_down;

mod coherent;

pub use choice::{Reconciliation, Shares, Sign, Weights};
pub use coherent::sum_of;
pub use structure::{Hierarchy, HierarchyError, Level, Node};
pub use top_down::average_shares;

use crate::control::{Cancelled, Control};
use crate::text;
use crate::words::Text;
use least_squares::Projection;
use rayon::prelude::*;

/// Forecasts of every node, made one by one: they don't add up yet.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// Means of the aggregates, `[node, step]`, in the hierarchy's order.
    pub aggregates: &'a [Vec<f64>],
    /// Means of the bottom series, `[series, step]`.
    pub bottom: &'a [Vec<f64>],
    /// Variance of the one-step error of every node, aggregates first, units²; only [`Weights::Variance`] reads it.
    pub variances: &'a [f64],
    /// Every bottom series' share of the history, see [`average_shares`]; only [`Shares::History`] reads it.
    pub shares: &'a [f64],
}

/// Means that add up.
#[derive(Debug, Clone, PartialEq)]
pub struct Coherent {
    /// Means of the aggregates, `[node, step]`: the sums of their members.
    pub aggregates: Vec<Vec<f64>>,
    /// Means of the bottom series, `[series, step]`.
    pub bottom: Vec<Vec<f64>>,
}

/// Why nothing was reconciled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReconcileError {
    /// The method doesn't fit the hierarchy or the base forecasts; the reason in words.
    #[error("{0}")]
    Refused(Text),
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// One step: means of the aggregates and of the bottom series → the reconciled bottom series.
type Solve<'a> = dyn Fn(&[f64], &[f64]) -> Result<Vec<f64>, ReconcileError> + Sync + 'a;

/// Makes the base forecasts add up.
///
/// [`Reconciliation::None`] and [`Reconciliation::BottomUp`] both keep the bottom series as they are.
///
/// # Errors
/// [`ReconcileError::Refused`] when shapes don't fit the hierarchy, a number isn't finite, or the method needs a level,
/// shares or variances that aren't there; [`ReconcileError::Cancelled`].
pub fn reconcile(
    hierarchy: &Hierarchy,
    base: &Base<'_>,
    method: &Reconciliation,
    control: &Control,
) -> Result<Coherent, ReconcileError> {
    check(hierarchy, base)?;
    let steps = base.bottom.first().map_or(0, Vec::len);
    let column = |rows: &[Vec<f64>], h: usize| rows.iter().map(|row| row[h]).collect::<Vec<f64>>();
    let each = |solve: &Solve<'_>| {
        let one = |h: usize| solve(&column(base.aggregates, h), &column(base.bottom, h));
        (0..steps).into_par_iter().map(one).collect::<Result<Vec<_>, _>>()
    };
    let columns = match method {
        Reconciliation::None | Reconciliation::BottomUp => each(&|_, bottom| Ok(bottom.to_vec()))?,
        Reconciliation::TopDown(shares) => {
            let split = top_down::Split::from_total(hierarchy, *shares, base.shares)?;
            each(&|aggregates, bottom| Ok(split.apply(aggregates, bottom)))?
        }
        Reconciliation::MiddleOut(level, shares) => {
            let split = top_down::Split::from_level(hierarchy, level, *shares, base.shares)?;
            each(&|aggregates, bottom| Ok(split.apply(aggregates, bottom)))?
        }
        Reconciliation::LeastSquares(weights, sign) => {
            let projection = Projection::new(hierarchy, *weights, base.variances)?;
            match sign {
                Sign::Any => each(&|aggregates, bottom| Ok(projection.solve(aggregates, bottom, control)?))?,
                Sign::NotNegative => {
                    each(&|aggregates, bottom| Ok(non_negative::solve(&projection, aggregates, bottom, control)?))?
                }
            }
        }
    };
    let row = |k: usize| columns.iter().map(|column| column[k]).collect::<Vec<f64>>();
    let bottom: Vec<Vec<f64>> = (0..hierarchy.bottom()).map(row).collect();
    Ok(Coherent { aggregates: sums(hierarchy, &bottom, steps), bottom })
}

/// Sums of the members' rows per node, in member order.
fn sums(hierarchy: &Hierarchy, bottom: &[Vec<f64>], steps: usize) -> Vec<Vec<f64>> {
    let sum = |node: &Node| {
        let mut total = vec![0.0; steps];
        for &k in node.members() {
            total.iter_mut().zip(&bottom[k as usize]).for_each(|(t, v)| *t += v);
        }
        total
    };
    hierarchy.nodes().map(sum).collect()
}

/// Shapes as promised, every number finite.
fn check(hierarchy: &Hierarchy, base: &Base<'_>) -> Result<(), ReconcileError> {
    let (nodes, bottom) = (hierarchy.nodes().count(), hierarchy.bottom());
    let steps = base.bottom.first().map_or(0, Vec::len);
    let rows = || base.aggregates.iter().chain(base.bottom);
    if base.aggregates.len() != nodes || base.bottom.len() != bottom || rows().any(|row| row.len() != steps) {
        return Err(ReconcileError::Refused(text!(
            "The forecasts don't fit the hierarchy of {nodes} groups and {bottom} series",
            "预测与包含 {nodes} 个分组、{bottom} 个序列的层级不符"
        )));
    }
    if rows().flatten().any(|v| !v.is_finite()) {
        return Err(ReconcileError::Refused(text!(
            "A forecast holds a value that is not a finite number",
            "预测中含有非有限数值"
        )));
    }
    Ok(())
}
