//! Exponential smoothing as innovations state space models with additive errors (Hyndman, Koehler, Ord & Snyder 2008,
//! *Forecasting with Exponential Smoothing: The State Space Approach*, Springer: "HKOS").
//!
//! Level `l[t]`, slope `b[t]`, seasons `s[t]`; `m` periods per season; one-step error `e[t] = y[t] − μ[t]`:
//!
//! ```text
//! additive season        μ = l + φb + s      l' = l + φb + αe      b' = φb + βe      s' = s + γe
//! multiplicative season  μ = (l + φb)·s      l' = l + φb + αe/s    b' = φb + βe/s    s' = s + γe/(l + φb)
//! ```
//!
//! (HKOS table 2.2, rows "A".) Without trend `b = 0`, without season `s` drops out; `φ = 1` is Holt's undamped trend.
//! Smoothing parameters and initial states minimise the sum of squared one-step errors, which with Gaussian additive
//! errors is maximum likelihood.

mod decompose;
mod estimate;
mod ets;
mod holt;
mod holt_winters;
mod ses;
mod state;

pub(crate) use ets::Ets;
pub(crate) use holt::Holt;
pub(crate) use holt_winters::HoltWinters;
pub(crate) use ses::Ses;
pub(crate) use state::{Trend as TrendKind, Weights as Given};

use super::method::{Fit, Spread, Task};
use crate::words::Text;
use estimate::Smoothed;
use state::Season;

/// A fitted model as the room's [`Fit`].
fn as_fit(model: &Smoothed, task: &Task<'_>, why: Text) -> Fit {
    let spread = match model.shape.season {
        Season::Multiplicative => model.simulate(task.horizon, task.options.paths.max(1), task.seed),
        Season::None | Season::Additive => Spread::Linear { psi: model.psi(task.horizon), sigma: model.sigma() },
    };
    Fit { mean: model.mean(task.horizon), spread, fitted: model.fitted.clone(), parameters: model.parameters(), why }
}
