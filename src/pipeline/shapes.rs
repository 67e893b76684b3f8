//! The demand shapes of a panel.

use super::PipelineError;
use crate::control::Control;
use crate::forecast::{self, ForecastError, ShapeOptions};
use crate::model::{DemandShapes, SalesPanel};

/// Finds the demand shapes of all series: seconds for a thousand items of weeks.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when the panel carries none, [`PipelineError::Cancelled`].
pub fn shapes(panel: &SalesPanel, options: &ShapeOptions, control: &Control) -> Result<DemandShapes, PipelineError> {
    forecast::demand_shapes(panel, options, control).map_err(|error| match error {
        ForecastError::Cancelled => PipelineError::Cancelled(crate::control::Cancelled),
        ForecastError::Refused(why) => PipelineError::Failed(why),
        ForecastError::Unknown(finding) => PipelineError::Unreadable(finding),
    })
}
