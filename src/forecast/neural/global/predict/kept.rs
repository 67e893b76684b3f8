//! What a validation block taught, as a file keeps it.

use super::super::kind::Kind;
use super::Checked;
use super::counts::Ranks;
use super::quantiles::{LARGEST, Misses};

/// What a validation block taught, as plain numbers.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Kept {
    /// `[window, step]`: misses in sides of the 80 % interval, or ranks.
    pub(in super::super) trajectories: Vec<f64>,
    /// Steps of a trajectory.
    pub(in super::super) horizon: usize,
    /// Share of the way from median to expectation; 0 where counts are answered.
    pub(in super::super) lean: f64,
    /// Weight of the network beside Theta's forecast; 1 where Theta isn't asked.
    pub(in super::super) weight: f64,
    /// Share of the targets within the 80 % interval as answered.
    pub(in super::super) covered: f64,
}

impl Checked {
    /// As plain numbers.
    pub(in super::super) fn kept(&self) -> Kept {
        match self {
            Self::Quantiles(Misses { horizon, values, lean, weight, covered }) => {
                let (trajectories, horizon) = (values.clone(), *horizon);
                Kept { trajectories, horizon, lean: *lean, weight: *weight, covered: *covered }
            }
            Self::Counts(Ranks { horizon, values, covered }) => {
                let (trajectories, horizon) = (values.clone(), *horizon);
                Kept { trajectories, horizon, lean: 0.0, weight: 1.0, covered: *covered }
            }
        }
    }

    /// From plain numbers; `None` where they can't have come from a validation block.
    pub(in super::super) fn restored(kind: Kind, kept: Kept) -> Option<Self> {
        let Kept { trajectories: values, horizon, lean, weight, covered } = kept;
        let share = |v: &f64| (0.0..=1.0).contains(v);
        let sound = |v: &f64| if kind == Kind::Counts { share(v) } else { v.abs() <= LARGEST };
        let whole = horizon > 0 && !values.is_empty() && values.len().is_multiple_of(horizon);
        if !(whole && [lean, weight, covered].iter().all(share) && values.iter().all(sound)) {
            return None;
        }
        Some(match kind {
            Kind::Counts => Self::Counts(Ranks { horizon, values, covered }),
            _ => Self::Quantiles(Misses { horizon, values, lean, weight, covered }),
        })
    }
}
