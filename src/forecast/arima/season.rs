//! How strong the season is.

use crate::control::Control;
use crate::forecast::decompose::{Stl, strength as strength_of};

/// Strength from which a seasonal difference is taken (Hyndman & Athanasopoulos 2021, *Forecasting: principles and
/// practice*, §9.1).
pub(super) const STRONG: f64 = 0.64;
/// Seasons spanned by the smoother of each calendar position.
const SEASONAL_SPAN: usize = 13;

/// Strength of the season (Wang, Smith & Hyndman 2006) by STL without its robustness loop, in `[0, 1]`. Wants two whole
/// seasons; 0 with fewer.
pub(super) fn strength(y: &[f64], period: usize) -> f64 {
    if period < 2 || y.len() < 2 * period {
        return 0.0;
    }
    let scale = y.iter().fold(0.0_f64, |m, y| m.max(y.abs()));
    if scale == 0.0 {
        return 0.0;
    }
    let y: Vec<f64> = y.iter().map(|y| y / scale).collect();
    // Milliseconds even for the longest history: nobody needs to stop it.
    let Ok(split) = Stl::new(period, SEASONAL_SPAN).split(&y, &Control::silent()) else { return 0.0 };
    let parts = y.iter().zip(&split.trend).zip(&split.season);
    let remainder: Vec<f64> = parts.map(|((y, t), s)| y - t - s).collect();
    strength_of(&split.season, &remainder)
}
