//! What every forecasting method looks like to the rest of the room.
//!
//! A method sees one history and either fits it or refuses it with a reason in words. What it returns is enough to
//! draw intervals and sample paths without asking it again.

use super::Options;
use super::events::DriverMatrix;
use crate::control::{Cancelled, Control};
use crate::model::{Parameter, SamplePaths, SeriesId};
use crate::words::Text;

/// One history to be forecast.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// Whose history it is; `None` for one that belongs to nobody.
    pub(crate) id: Option<&'a SeriesId>,
    /// Demand `y[t]`, `t = 0..n`, finite.
    pub(crate) y: &'a [f64],
    /// Periods per season; 1 when there is none.
    pub(crate) season: usize,
    /// Steps ahead.
    pub(crate) horizon: usize,
    /// The user's options; a method reads its own part.
    pub(crate) options: &'a Options,
    /// Seed of this series and fold.
    pub(crate) seed: u64,
    /// Regressors whose row `t` belongs to `y[t]`, at least `n + horizon` rows (in a fold there are more: those after
    /// `n + horizon` must not be looked at); `None` when the series has none. A method that can't use them ignores them.
    pub(crate) drivers: Option<&'a DriverMatrix>,
}

/// A fitted method and its forecast.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    /// Expected value per step, `mean[h]`, `h = 0..horizon`.
    pub(crate) mean: Vec<f64>,
    /// How uncertain it is.
    pub(crate) spread: Spread,
    /// One-step-ahead fitted values aligned with the history's end; may be shorter than it.
    pub(crate) fitted: Vec<f64>,
    /// Estimates and fit statistics.
    pub(crate) parameters: Vec<Parameter>,
    /// How the fit came about, in one or two sentences.
    pub(crate) why: Text,
}

/// The distribution around the mean.
#[derive(Debug, Clone)]
pub(crate) enum Spread {
    /// Errors are a moving average of independent normal shocks:
    /// `y[n+h] = mean[h] + Σ_{j=0..=h} psi[j]·e[h−j]`, `e ~ N(0, sigma²)`, `psi[0] = 1`, `psi.len() == horizon`.
    Linear {
        /// Weights of past shocks.
        psi: Vec<f64>,
        /// Standard deviation of a shock, units.
        sigma: f64,
    },
    /// Simulated by the method itself, `options.paths` paths of `horizon` steps, centred on the mean.
    Paths(SamplePaths),
}

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FitError {
    /// The history doesn't carry this method; the reason in words.
    #[error("{0}")]
    Refused(Text),
    /// The user asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A way to forecast one series.
pub(crate) trait Method: Send + Sync {
    /// The name on the command line and in files; with its order when one was given.
    fn name(&self) -> String;

    /// Fits the history and forecasts `task.horizon` steps.
    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError>;

    /// Whether the history may hold NaN where a period has no value.
    fn takes_gaps(&self) -> bool {
        false
    }

    /// Names of the methods that this one is made of; empty for all but combinations.
    fn parts(&self, _task: &Task<'_>) -> Vec<String> {
        Vec::new()
    }

    /// What [`fit`](Self::fit) gives when the parts have been fitted to the same task before.
    fn combine(&self, task: &Task<'_>, _parts: &[(&str, &Fit)], control: &Control) -> Result<Fit, FitError> {
        self.fit(task, control)
    }
}
