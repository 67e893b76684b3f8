//! One forecast explained: its parts and its errors, and what a network made it of.

use super::{PipelineError, Settings};
use crate::control::Control;
use crate::forecast::{self, TrainedNetwork};
use crate::model::{
    Forecast, InputChange, NetworkExplanation, SalesPanel, Series, SeriesExplanation, SeriesId, WhatIf,
};

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

/// Takes the forecast that a network over all series makes of one of them apart: seconds at most, milliseconds mostly.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when the network can't forecast the series, [`PipelineError::Cancelled`].
pub fn explain_network(
    network: &TrainedNetwork,
    (panel, id): (&SalesPanel, &SeriesId),
    settings: &Settings,
    control: &Control,
) -> Result<NetworkExplanation, PipelineError> {
    let options = settings.forecast_options(panel.series().len());
    Ok(forecast::explain_network(network, (panel, id), &options, control)?)
}

/// The forecast that a network over all series makes of one of them, before and after inputs are changed.
///
/// # Errors
/// [`PipelineError::Failed`] with the reason when there is no such input or the network can't forecast the series,
/// [`PipelineError::Cancelled`].
pub fn what_if(
    network: &TrainedNetwork,
    (panel, id): (&SalesPanel, &SeriesId),
    changes: &[InputChange],
    settings: &Settings,
    control: &Control,
) -> Result<WhatIf, PipelineError> {
    let options = settings.forecast_options(panel.series().len());
    Ok(forecast::what_if(network, (panel, id), changes, &options, control)?)
}
