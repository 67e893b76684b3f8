//! `planwright shapes`: what kinds of demand there are, which items are alike, and which periods don't fit.

use super::Done;
use super::arguments::{Coder, Shapes};
use super::outcome::{Exit, Job, findings_json};
use crate::model::DemandShapes;
use crate::pipeline::{self, Output, PipelineError, ShapeCoder, ShapeOptions, Sources};
use serde_json::{Value, json};

pub(super) fn run(arguments: &Shapes, job: &Job) -> Result<Done, PipelineError> {
    let (control, read) = (&job.control, arguments.frequency.read_options());
    let inputs = pipeline::load(&Sources::sales(&arguments.sales), &read, &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let coder = match arguments.coder {
        Coder::Auto => ShapeCoder::Auto,
        Coder::Autoencoder => ShapeCoder::Autoencoder,
        Coder::Linear => ShapeCoder::Linear,
    };
    let (window, clusters, seed) = (arguments.window, arguments.groups, arguments.seed);
    let options = ShapeOptions { window, coder, clusters, seed, ..ShapeOptions::default() };
    let shapes = pipeline::shapes(&inputs.panel, &options, &control.part(0.1, 1.0))?;
    pipeline::write_output(&Output::Shapes(&shapes), &arguments.out)?;
    if let Some(path) = &arguments.anomalies {
        pipeline::write_output(&Output::ShapeAnomalies(&shapes), path)?;
    }
    if let Some(path) = &arguments.clusters {
        pipeline::write_output(&Output::ShapeClusters(&shapes), path)?;
    }
    let mut summary = summary(&shapes);
    summary["out"] = arguments.out.display().to_string().into();
    summary["findings"] = findings_json(&inputs.diagnostics);
    Ok(Done { summary, exit: Exit::Done })
}

fn summary(shapes: &DemandShapes) -> Value {
    let cluster = |c: &crate::model::ShapeCluster| json!({ "name": c.name.en, "items": c.members, "error": c.error });
    let fit = shapes.fit;
    json!({
        "series": shapes.series.len(),
        "with_shape": shapes.series.iter().filter(|s| !s.embedding.is_empty()).count(),
        "window": shapes.window,
        "clusters": shapes.clusters.iter().map(cluster).collect::<Vec<_>>(),
        "silhouette": shapes.silhouette,
        "anomalies": shapes.anomalies(),
        "windows": json!({ "training": fit.training, "validation": fit.validation, "test": fit.test }),
        "epochs": fit.epochs.0,
        "best_epoch": fit.epochs.1,
        "autoencoder_error": fit.network,
        "linear_error": fit.linear,
        "uses_autoencoder": fit.uses_network,
        "why": shapes.why.en,
    })
}
