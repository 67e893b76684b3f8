//! The methods every other one has to beat (Hyndman & Athanasopoulos 2021, *Forecasting: Principles and Practice*,
//! 3rd ed., sections 5.2 and 5.5).

mod drift;
mod moving_average;
mod naive;
mod seasonal_naive;

pub(crate) use drift::Drift;
pub(crate) use moving_average::MovingAverage;
pub(crate) use naive::Naive;
pub(crate) use seasonal_naive::SeasonalNaive;

/// Root mean square of the differences `y[t] − y[t − lag]`; `None` when there is none.
fn root_mean_square_change(y: &[f64], lag: usize) -> Option<f64> {
    if y.len() <= lag {
        return None;
    }
    let sum: f64 = y[lag..].iter().zip(y).map(|(b, a)| (b - a).powi(2)).sum();
    Some((sum / (y.len() - lag) as f64).sqrt())
}
