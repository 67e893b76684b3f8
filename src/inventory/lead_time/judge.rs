//! Do the receipts contradict the item list?

use crate::model::LearntLeadTime;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A contradiction is believed beyond this many standard errors: 95 %, both sides.
const STANDARD_ERRORS: f64 = 1.96;
/// The same for a deviation, as a tail of the χ² distribution.
const TAIL: f64 = 0.025;
/// Differences below a day, or below a tenth of a mean or a quarter of a deviation, change no plan.
const SMALLEST_DAYS: f64 = 1.0;
const SMALLEST_SHARE_OF_MEAN: f64 = 0.1;
const SMALLEST_SHARE_OF_SD: f64 = 0.25;

/// True when the mean of the item list is none that the receipts could have: more than 1.96 standard errors from the learnt
/// one, at least a day and at least a tenth.
pub fn is_mean_stale(learnt: &LearntLeadTime, master_days: f64) -> bool {
    let difference = (learnt.mean_days - master_days).abs();
    learnt.is_known
        && difference >= SMALLEST_DAYS.max(SMALLEST_SHARE_OF_MEAN * master_days)
        && difference > STANDARD_ERRORS * learnt.mean_error_days
}

/// True when the deviation of the item list is none that the receipts could have: outside the 95 % limits of
/// `(n − 1)s²/σ²`, at least a day and at least a quarter from the learnt one. One of 0 is stale as soon as receipts vary by a day.
pub fn is_deviation_stale(learnt: &LearntLeadTime, master_sd_days: f64) -> bool {
    let difference = (learnt.sd_days - master_sd_days).abs();
    if !learnt.is_known || difference < SMALLEST_DAYS.max(SMALLEST_SHARE_OF_SD * master_sd_days) {
        return false;
    }
    let Some(own) = learnt.own_sd_days.filter(|_| master_sd_days > 0.0) else { return true };
    let freedom = (learnt.used - 1) as f64;
    let Ok(distribution) = ChiSquared::new(freedom) else { return true };
    let below = distribution.cdf(freedom * (own / master_sd_days).powi(2));
    !(TAIL..=1.0 - TAIL).contains(&below)
}
