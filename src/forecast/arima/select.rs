//! Which regressors enter: a calendar offers dozens of feasts, and a history carries few of them.
//!
//! Forward selection by AICc in the differenced regression (Hurvich & Tsai 1989): the column that explains most of what is
//! left comes next, until the criterion stops falling. It is done anew in every backtest fold.

use super::order::{Constant, Order};
use super::series::{Differenced, History};
use super::{kpss, season};
use crate::control::{Cancelled, Control};

/// Observations per regressor that enters: fewer, and the search over orders has nothing left to judge by.
const PER_REGRESSOR: usize = 8;
/// Squared length, relative to what it was, below which a column is a combination of those already in.
const COLLINEAR: f64 = 1e-6;

/// Indices of the regressors that enter, in their own order.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn select(history: &History, period: usize, control: &Control) -> Result<Vec<usize>, Cancelled> {
    let most = (history.len() / PER_REGRESSOR).min(super::MOST_REGRESSORS);
    let strong = period > 1 && season::strength(&history.y, period) >= season::STRONG;
    let seasonal = usize::from(strong && history.len() > 3 * period);
    let base = Order::new(0, 0, 0).seasonal(0, seasonal, 0, period);
    let base = Order { differences: kpss::differences(&history.y, base).differences, ..base };
    let design = Differenced::of(history, &base).design(Constant::Estimated);
    let gaps = design.gaps;
    let mut columns = design.columns;
    // The constant stands last, missing values first: both are in from the beginning.
    let last = columns.len() - 1;
    let n = columns[0].len() as f64;
    let first_sizes: Vec<f64> = columns.iter().map(|c| square(c)).collect();
    for k in (1..=gaps).chain([last]) {
        take_out(&mut columns, k);
    }
    let mut chosen = Vec::new();
    let mut criterion = aicc(square(&columns[0]), n, gaps + 2);
    while chosen.len() < most {
        control.check()?;
        let gain = |k: usize| {
            let own = square(&columns[k]);
            let product: f64 = columns[k].iter().zip(&columns[0]).map(|(a, b)| a * b).sum();
            if own > COLLINEAR * first_sizes[k] { product * product / own } else { 0.0 }
        };
        let best =
            (gaps + 1..last).filter(|k| !chosen.contains(k)).map(|k| (k, gain(k))).max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((k, gain)) = best.filter(|(_, gain)| *gain > 0.0) else { break };
        let with = aicc(square(&columns[0]) - gain, n, gaps + 2 + chosen.len() + 1);
        if with.is_nan() || with >= criterion {
            break;
        }
        criterion = with;
        take_out(&mut columns, k);
        chosen.push(k);
    }
    let mut indices: Vec<usize> = chosen.into_iter().map(|k| k - gaps - 1).collect();
    indices.sort_unstable();
    Ok(indices)
}

/// Projects column k out of all others.
fn take_out(columns: &mut [Vec<f64>], k: usize) {
    let own = square(&columns[k]);
    if own <= 0.0 {
        return;
    }
    let direction = columns[k].clone();
    let (before, after) = columns.split_at_mut(k);
    for column in before.iter_mut().chain(&mut after[1..]) {
        let share = column.iter().zip(&direction).map(|(a, b)| a * b).sum::<f64>() / own;
        column.iter_mut().zip(&direction).for_each(|(c, d)| *c -= share * d);
    }
}

fn square(column: &[f64]) -> f64 {
    column.iter().map(|v| v * v).sum()
}

fn aicc(squares: f64, n: f64, k: usize) -> f64 {
    let k = k as f64;
    if n - k - 1.0 <= 0.0 {
        return f64::INFINITY;
    }
    n * squares.max(f64::MIN_POSITIVE).ln() + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
}
