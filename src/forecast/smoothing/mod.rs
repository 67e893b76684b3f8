//! Exponential smoothing as innovations state space models (Hyndman, Koehler, Ord & Snyder 2008,
//! *Forecasting with Exponential Smoothing: The State Space Approach*, Springer: "HKOS").
//!
//! Level `l[t]`, slope `b[t]`, seasons `s[t]`; `m` periods per season. Level and slope combine to a base `q`, base and season
//! to the expectation `μ`; `d` is what was seen, its season taken out, less the base:
//!
//! ```text
//! trend    N   q = l             season  N   μ = q        d = y − q          l' = q + αd
//!          A   q = l + b                 A   μ = q + s    d = y − s − q      s' = s + γ(y − μ)
//!          Ad  q = l + φb                M   μ = q·s      d = y/s − q        s' = s + γ(y/q − s)
//!          M   q = l·b
//!          Md  q = l·b^φ                 slope  A, Ad   b' = φb + βd     M, Md   b' = b^φ + βd/l
//! ```
//!
//! (HKOS tables 2.2 and 2.3, both errors alike: with additive errors `y = μ + e`, with multiplicative ones
//! `y = μ(1 + e)`.) Smoothing parameters and initial states maximise the likelihood (equation 5.3).

mod average;
mod estimate;
mod ets;
mod form;
mod holt;
mod holt_winters;
mod line;
mod point;
mod predict;
mod search;
mod ses;
mod state;
mod tangent;
mod trail;

pub(crate) use ets::Ets;
pub(crate) use form::Trend as TrendKind;
pub(crate) use holt::Holt;
pub(crate) use holt_winters::HoltWinters;
pub(crate) use ses::Ses;
pub(crate) use state::Weights as Given;
pub(crate) use trail::{Smoother, Trail};

use super::method::{Fit, FitError, Task};
use crate::text;
use crate::words::Text;
use estimate::Smoothed;

/// A mean this many times the largest value has run away: a growth factor, fitted to a spike, that goes on for ever.
const RUNAWAY: f64 = 1e9;

/// A fitted model as the room's [`Fit`], unless its growth runs away.
fn as_fit(model: &Smoothed, task: &Task<'_>, why: Text) -> Result<Fit, FitError> {
    let mean = model.mean(task.horizon);
    let largest = task.y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if model.form.trend.is_multiplicative() && mean.iter().any(|v| v.abs() > RUNAWAY * largest) {
        let code = model.form.code();
        return Err(FitError::Refused(text!(
            "{code} grows beyond a billion times the largest value of this history; take an additive or damped trend",
            "{code} 的预测会超过历史最大值的十亿倍；请改用加法或阻尼趋势"
        )));
    }
    let spread = model.spread(task.horizon, task.options.paths.max(1), task.seed);
    Ok(Fit { mean, spread, fitted: model.fitted.clone(), parameters: model.parameters(), why })
}
