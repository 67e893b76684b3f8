//! Weights of trained networks from and to files, and what they are worth.

use super::{PipelineError, Settings, write_file};
use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::forecast::{self, NetworkMeasure, Precision, TrainedNetwork, TrainedNetworks};
use crate::model::{SalesPanel, Series};
use crate::text;
use crate::words::Text;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Bytes read of a file at most; the engine says what is too large for it.
const MOST_BYTES: u64 = (256 << 20) + 1;

/// Reads trained networks.
///
/// # Errors
/// [`PipelineError::Unreadable`] when there is no such file, or it isn't one of ours, whole and unchanged.
pub fn load_weights(path: &Path) -> Result<TrainedNetworks, PipelineError> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let refused = |message: Text| {
        let place = Place::file(name.clone());
        let finding = Diagnostic::new(Severity::Error, "weights-unreadable", message, Text::default(), place);
        PipelineError::Unreadable(Box::new(finding))
    };
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
    read.map_err(|e| refused(text!("The file can't be read ({e}).", "无法读取该文件（{e}）。")))?;
    TrainedNetworks::from_bytes(&bytes).map_err(refused)
}

/// Writes trained networks with today's date.
///
/// # Errors
/// [`PipelineError::Failed`] when there are none, or the file can't be written.
pub fn save_weights(path: &Path, networks: &TrainedNetworks, precision: Precision) -> Result<usize, PipelineError> {
    let day: String = jiff::Timestamp::now().to_string().chars().take("2026-11-24".len()).collect();
    let bytes = networks.for_use().saved(&day).to_bytes(precision).map_err(PipelineError::Failed)?;
    write_file(path, &bytes)?;
    Ok(bytes.len())
}

/// Error, size and speed of trained networks on the last periods of a panel.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn measure_weights(
    network: &TrainedNetwork,
    precision: Precision,
    panel: &SalesPanel,
    settings: &Settings,
    control: &Control,
) -> Result<NetworkMeasure, Cancelled> {
    let series = panel.series();
    network.measure(series, precision, &settings.forecast_options(series.len()), control)
}

/// A network as its file of this precision holds it.
///
/// # Errors
/// [`PipelineError::Failed`] when that can't be saved.
pub fn rounded(network: &TrainedNetwork, precision: Precision) -> Result<TrainedNetwork, PipelineError> {
    network.rounded(precision).map_err(PipelineError::Failed)
}

/// Trains the networks over all series that the settings name, or goes on with those loaded, and forecasts nothing.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub fn train_over_all(
    panel: &SalesPanel,
    settings: &Settings,
    control: &Control,
) -> Result<TrainedNetworks, Cancelled> {
    let options = settings.forecast_options(panel.series().len());
    forecast::forecast_each(panel, &options, forecast::Each::none(), control)
}

/// The panel without its last `periods`; series that begin later are left out.
///
/// # Errors
/// [`PipelineError::Failed`] when nothing is left.
pub fn without_last(panel: &SalesPanel, periods: usize) -> Result<SalesPanel, PipelineError> {
    let series = panel.series().iter().filter(|s| s.values.len() > periods);
    let cut = |s: &Series| Series { values: s.values[..s.values.len() - periods].into(), ..s.clone() };
    SalesPanel::new(panel.end().plus(-(periods as i64)), series.map(cut).collect()).map_err(|e| {
        PipelineError::Failed(text!(
            "No history is longer than {periods} periods: {e}",
            "没有长于 {periods} 期的历史：{e}"
        ))
    })
}
