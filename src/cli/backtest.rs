//! `planwright backtest`: how models do over rolling origins.

use super::Done;
use super::arguments::Backtest;
use super::forecast::{forecast, summary};
use super::outcome::{Exit, Job};
use crate::pipeline::{self, Output, PipelineError};

pub(super) fn run(arguments: &Backtest, job: &Job) -> Result<Done, PipelineError> {
    let mut settings = arguments.method.settings()?;
    settings.folds = arguments.folds.max(1);
    let (import, forecasts) = forecast(&arguments.method, &settings, job)?;
    pipeline::write_output(&Output::Backtest(&forecasts), &arguments.out)?;
    let out = arguments.out.display().to_string();
    Ok(Done { summary: summary((&import.summary, &import.diagnostics), &forecasts, &out), exit: Exit::Done })
}
