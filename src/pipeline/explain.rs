//! One forecast explained: its parts and its errors.

use super::PipelineError;
use crate::control::Control;
use crate::forecast;
use crate::model::{Forecast, Series, SeriesExplanation};

/// Takes a series and the forecast that was made of it apart: milliseconds for years of weeks, a tenth of a second for decades
/// of days.
///
/// # Errors
/// [`PipelineError::Cancelled`] when the user asked to stop.
pub fn explain_series(
    history: &Series,
    forecast: &Forecast,
    control: &Control,
) -> Result<SeriesExplanation, PipelineError> {
    Ok(forecast::explain(history, forecast, control)?)
}
