//! The projects that come with the program: `sample_data/`, carried inside the binary.

use super::command::Sample;
use super::project::{Project, Sales};
use crate::control::Control;
use crate::pipeline::{self, PipelineError, ReadOptions};
use crate::text;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of a sample: its path in the sample's folder and its content.
type SampleFile = (&'static str, &'static [u8]);

const COMPANY: &[SampleFile] = &[
    ("sales.csv", include_bytes!("../../sample_data/company/sales.csv")),
    ("items.csv", include_bytes!("../../sample_data/company/items.csv")),
    ("receipts.csv", include_bytes!("../../sample_data/company/receipts.csv")),
    ("network/sites.csv", include_bytes!("../../sample_data/company/network/sites.csv")),
    ("network/customers.csv", include_bytes!("../../sample_data/company/network/customers.csv")),
    ("network/lanes.csv", include_bytes!("../../sample_data/company/network/lanes.csv")),
    ("network/vehicles.csv", include_bytes!("../../sample_data/company/network/vehicles.csv")),
];

const WORKED_EXAMPLE: &[SampleFile] = &[
    ("sales.csv", include_bytes!("../../sample_data/worked_example/sales.csv")),
    ("items.csv", include_bytes!("../../sample_data/worked_example/items.csv")),
    ("network/sites.csv", include_bytes!("../../sample_data/worked_example/network/sites.csv")),
    ("network/customers.csv", include_bytes!("../../sample_data/worked_example/network/customers.csv")),
    ("network/lanes.csv", include_bytes!("../../sample_data/worked_example/network/lanes.csv")),
];

/// Marks the source of sales that came with the program.
const SCHEME: &str = "sample:";

/// Reads a sample project through the same code as a user's files.
///
/// # Errors
/// [`PipelineError`] when the temporary folder can't be written, and on cancel.
pub(super) fn open(sample: Sample, control: &Control) -> Result<Project, PipelineError> {
    let name = match sample {
        Sample::Company => "Sample company",
        Sample::WorkedExample => "Worked example",
    };
    let mut project = Project { name: name.to_owned(), ..Project::default() };
    let folder = unpack(sample)?;
    let sales = Path::new("sales.csv");
    project.sales = Some(Arc::new(Sales {
        source: source(sample),
        ..read_sales(&folder.path().join(sales), &project.read, &control.part(0.0, 0.8))?
    }));
    project.items = Arc::new(pipeline::load_items(&folder.path().join("items.csv"), None, control)?.0);
    project.network = Arc::new(pipeline::load_network(&folder.path().join("network"), control)?.0);
    let receipts = folder.path().join("receipts.csv");
    if receipts.exists() {
        let (receipts, findings) = pipeline::load_receipts(&receipts, &project.items, control)?;
        (project.receipts, project.receipt_findings) = (Arc::new(receipts), Arc::new(findings));
    }
    if sample == Sample::Company {
        "EUR".clone_into(&mut project.currency);
    }
    Ok(project)
}

/// Reads a sales file, or the sample's when `path` is a sample's source.
///
/// # Errors
/// As [`pipeline::load_sales`].
pub(super) fn read_source(path: &Path, options: &ReadOptions, control: &Control) -> Result<Sales, PipelineError> {
    let sample = [Sample::Company, Sample::WorkedExample].into_iter().find(|s| source(*s) == path);
    let Some(sample) = sample else { return read_sales(path, options, control) };
    let folder = unpack(sample)?;
    Ok(Sales { source: source(sample), ..read_sales(&folder.path().join("sales.csv"), options, control)? })
}

fn read_sales(path: &Path, options: &ReadOptions, control: &Control) -> Result<Sales, PipelineError> {
    Ok(Sales::new(path.to_owned(), pipeline::load_sales(path, options, control)?))
}

/// True for the source of sales that came with the program.
pub(super) fn is_sample(source_of_sales: &Path) -> bool {
    [Sample::Company, Sample::WorkedExample].into_iter().any(|s| source(s) == source_of_sales)
}

fn source(sample: Sample) -> PathBuf {
    PathBuf::from(format!("{SCHEME}{sample:?}"))
}

fn unpack(sample: Sample) -> Result<tempfile::TempDir, PipelineError> {
    let failed = |e: std::io::Error| {
        PipelineError::Failed(text!("The temporary folder can't be written: {e}", "无法写入临时文件夹：{e}"))
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    std::fs::create_dir(folder.path().join("network")).map_err(failed)?;
    let files = match sample {
        Sample::Company => COMPANY,
        Sample::WorkedExample => WORKED_EXAMPLE,
    };
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).map_err(failed)?;
    }
    Ok(folder)
}
