//! `planwright check`: what is wrong with a sales file.

use super::Done;
use super::arguments::Check;
use super::outcome::{Exit, Job, findings_json};
use crate::pipeline::{self, Output, PipelineError, ReadOptions};
use serde_json::json;

pub(super) fn run(arguments: &Check, job: &Job) -> Result<Done, PipelineError> {
    let import = pipeline::check_sales(&arguments.sales, &ReadOptions::default(), &job.control)?;
    job.print(&import.diagnostics);
    if let Some(out) = &arguments.out {
        pipeline::write_output(&Output::Findings(&import.diagnostics), out)?;
    }
    let summary = json!({
        "file": import.summary.file,
        "rows": import.summary.rows,
        "rows_used": import.summary.rows_used,
        "quantity_in_file": import.summary.quantity_in_file,
        "quantity_used": import.summary.quantity_used,
        "series": import.panel.as_ref().map(|p| p.series().len()),
        "findings": findings_json(&import.diagnostics),
    });
    let sound = import.panel.is_some() && !import.diagnostics.has_errors();
    Ok(Done { summary, exit: if sound { Exit::Done } else { Exit::BadData } })
}
