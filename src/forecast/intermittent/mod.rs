//! Methods for demand that comes now and then.
//!
//! Reading order: `class` (which pattern, and who competes for it), `smooth` (exponential smoothing of a sequence),
//! `urn` (sample paths from the demands seen), `croston`, `tsb` (size and frequency apart), `aggregate` (longer periods
//! have fewer zeros), `discounted` (the recent mean), `counts` (distributions of whole numbers), `willemain` (bootstrap
//! of the lead time), `combination`.

mod class;
mod smooth;

mod urn;

mod croston;
mod tsb;

mod aggregate;
mod discounted;

mod counts;

mod willemain;

mod combination;

pub(crate) use aggregate::{Aggregate, Levels};
pub use class::classify;
pub(crate) use class::shortlist;
pub(crate) use combination::Combination;
pub(crate) use counts::{Count, Family};
pub(crate) use croston::{Croston, Variant};
pub(crate) use discounted::Discounted;
pub(crate) use tsb::Tsb;
pub(crate) use willemain::Willemain;

use super::method::FitError;
use crate::text;

/// Fewer periods with demand than this carry neither a frequency nor a size.
const FEWEST_DEMANDS: usize = 2;

/// Refuses a history that can't be split into demands and pauses.
fn check(y: &[f64]) -> Result<(), FitError> {
    if y.iter().any(|v| *v < 0.0) {
        return Err(FitError::Refused(text!(
            "Methods for intermittent demand need demand without negative values (net returns)",
            "间断需求方法要求需求没有负值（净退货）"
        )));
    }
    let count = y.iter().filter(|v| **v > 0.0).count();
    if count < FEWEST_DEMANDS {
        return Err(FitError::Refused(text!(
            "Methods for intermittent demand need at least {FEWEST_DEMANDS} periods with demand; there are {count}",
            "间断需求方法至少需要 {FEWEST_DEMANDS} 个有需求的期间；现有 {count} 个"
        )));
    }
    Ok(())
}

/// Sizes of the periods with demand, oldest first.
fn sizes(y: &[f64]) -> Vec<f64> {
    y.iter().copied().filter(|v| *v > 0.0).collect()
}

/// `1` where a period has demand, `0` where it has none.
fn events(y: &[f64]) -> Vec<f64> {
    y.iter().map(|v| f64::from(u8::from(*v > 0.0))).collect()
}
