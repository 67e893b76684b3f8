//! From a network's answers to a forecast with its distribution.
//!
//! On a validation block the targets are compared with the answers, window by window; each gives a trajectory over the
//! steps of the horizon. Sample paths are drawn from whole trajectories, so they keep how errors hang together.
//!
//! A network that answers beside smoothing is averaged with Theta's forecast, with the weight that would have served best
//! there: averages of forecasts that err in different ways are rarely worse than either (Bates & Granger 1969, *The
//! combination of forecasts*, Operational Research Quarterly 20; Makridakis, Spiliotis & Assimakopoulos 2020, *The M4
//! competition*, Int. J. Forecasting 36).

mod counts;
mod kept;
mod quantiles;

use super::kind::Kind;
use super::scale::Scaled;
use super::training::answer;
use super::windows::{At, View};
use crate::control::{Cancelled, Control};
use crate::forecast::method::{Fit, Spread};
use crate::forecast::neural::engine::{Engine, Stop};
use crate::forecast::neural::objective::Count;
use crate::words::Text;
use counts::Ranks;
pub(super) use kept::Kept;
use quantiles::Misses;
use rayon::prelude::*;

/// Windows that trajectories are wanted from; a small panel gives several of each series.
const WANTED: usize = 400;
/// Most of one series.
const MOST_OF_ONE: usize = 12;

/// Where a forecast is made: a history, the last of its periods that was seen, and what Theta makes of it (answers of every
/// step; empty where it isn't asked).
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) scaled: &'a Scaled,
    pub(super) t: usize,
    pub(super) line: &'a [f64],
}

/// What a validation block taught about the answers' errors.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Checked {
    /// Of quantiles.
    Quantiles(Misses),
    /// Of distributions of counts.
    Counts(Ranks),
}

impl Checked {
    /// From the windows whose targets reach into the last `held` periods.
    pub(super) fn of(
        engine: &mut dyn Engine,
        view: View<'_>,
        series: &[Option<Scaled>],
        held: usize,
        control: &Control,
    ) -> Result<Self, Stop> {
        let each = WANTED.div_ceil(series.len().max(1)).min(MOST_OF_ONE).min(held.max(1));
        let mut windows = Vec::new();
        for (k, scaled) in series.iter().enumerate() {
            let Some(scaled) = scaled else { continue };
            let last = (scaled.len()).checked_sub(held + 1);
            let ts = last.into_iter().flat_map(|last| (0..each).filter_map(move |j| last.checked_sub(j)));
            windows.extend(ts.filter(|t| t + 1 >= view.least()).map(|t| At { series: k, t }));
        }
        let answers = answer(engine, view, series, &windows, control)?;
        let width = view.horizon * view.kind.objective().parts();
        // Theta knows no drivers: beside a network that does, it would take half of a promotion away.
        let is_asked = view.inputs.names().drivers.is_empty();
        let lines = lines(is_asked, (series, &windows), control)?;
        let cases = windows.iter().zip(&lines).zip(answers.chunks_exact(width));
        let cases = cases.filter_map(|((at, line), answers)| {
            let origin = Origin { scaled: series[at.series].as_ref()?, t: at.t, line };
            Some((origin, answers))
        });
        let cases: Vec<(Origin<'_>, &[f32])> = cases.collect();
        Ok(match view.kind {
            Kind::Counts => Self::Counts(Ranks::of(view.horizon, &cases)),
            _ => Self::Quantiles(Misses::of((view.horizon, held), &cases)),
        })
    }

    /// Trajectories.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Quantiles(misses) => misses.len(),
            Self::Counts(ranks) => ranks.len(),
        }
    }

    /// Share of the targets within the 80 % interval as answered.
    pub(super) fn covered(&self) -> f64 {
        match self {
            Self::Quantiles(misses) => misses.covered,
            Self::Counts(ranks) => ranks.covered,
        }
    }

    /// The means alone of what [`fit`](Self::fit) gives.
    pub(super) fn mean(&self, origin: Origin<'_>, answer: &[f32], steps: usize) -> Vec<f64> {
        match self {
            Self::Quantiles(misses) => misses.mean(origin, answer, steps),
            Self::Counts(_) => Ranks::mean(origin, answer, steps),
        }
    }

    /// The forecast of one series from the network's `answer` at its last period.
    pub(super) fn fit(&self, origin: Origin<'_>, answer: &[f32], (steps, paths): (usize, usize), seed: u64) -> Fit {
        let (mean, paths) = match self {
            Self::Quantiles(misses) => misses.simulate(origin, answer, (steps, paths), seed),
            Self::Counts(ranks) => ranks.simulate(origin, answer, (steps, paths), seed),
        };
        Fit { mean, spread: Spread::Paths(paths), fitted: Vec::new(), parameters: Vec::new(), why: Text::default() }
    }

    /// What Theta makes of windows where the network is averaged with it: see [`Origin`].
    ///
    /// # Errors
    /// [`Stop::Cancelled`] when the user asked to stop.
    pub(super) fn lines(
        &self,
        series: &[Option<Scaled>],
        windows: &[At],
        control: &Control,
    ) -> Result<Vec<Vec<f64>>, Stop> {
        lines(self.weight() < 1.0, (series, windows), control)
    }

    /// Weight of the network beside Theta's forecast, in `[0, 1]`.
    pub(super) fn weight(&self) -> f64 {
        match self {
            Self::Quantiles(misses) => misses.weight,
            Self::Counts(_) => 1.0,
        }
    }

    /// The same with another weight, where the network answers beside Theta.
    pub(super) fn with_weight(self, weight: f64) -> Self {
        match self {
            Self::Quantiles(misses) => Self::Quantiles(Misses { weight, ..misses }),
            counts @ Self::Counts(_) => counts,
        }
    }

    /// So many answers that change nothing: those of the level alone.
    pub(super) fn nothing(&self, outputs: usize) -> Vec<f32> {
        match self {
            Self::Quantiles(_) => vec![0.0; outputs],
            Self::Counts(_) => Count::NEUTRAL.repeat(outputs / Count::PARTS),
        }
    }
}

/// What Theta makes of windows, in their order; empty where it isn't asked.
fn lines(
    is_asked: bool,
    (series, windows): (&[Option<Scaled>], &[At]),
    control: &Control,
) -> Result<Vec<Vec<f64>>, Stop> {
    if !is_asked {
        return Ok(vec![Vec::new(); windows.len()]);
    }
    let of = |at: &At| -> Result<Vec<f64>, Cancelled> {
        let Some(scaled) = &series[at.series] else { return Ok(Vec::new()) };
        Ok(scaled.line(at.t, control)?.unwrap_or_default())
    };
    Ok(windows.par_iter().map(of).collect::<Result<_, _>>()?)
}
