//! One forecast explained: its parts and its errors.

use super::PipelineError;
use crate::control::Control;
use crate::forecast;
use crate::model::{Forecast, Series, SeriesExplanation};

/// Takes a series and the forecast that was made of it apart. Cheap: a few milliseconds at most, whatever the length.
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
