//! `planwright weights`: saved networks made smaller, with what that costs and brings.

use super::Done;
use super::arguments::Weights;
use super::outcome::{Exit, Job, findings_json};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::{Horizon, ModelScore, SalesPanel, SeriesForecast};
use crate::pipeline::{
    self, NetworkMeasure, PipelineError, Precision, Pretrained, Reuse, Settings, TrainedNetwork, TrainedNetworks,
};
use crate::text;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::Arc;

/// Arguments that say where weights come from and go to; `forecast` and `backtest` share them.
#[derive(Debug, clap::Args)]
pub(super) struct WeightArguments {
    /// Forecast with these saved weights of networks over all items instead of training
    #[arg(long, value_name = "FILE")]
    load_weights: Option<std::path::PathBuf>,
    /// Go on learning from the sales, starting from the loaded weights
    #[arg(long, requires = "load_weights")]
    fine_tune: bool,
    /// Save the weights of the networks over all items, all in one file
    #[arg(long, value_name = "FILE")]
    save_weights: Option<std::path::PathBuf>,
}

impl WeightArguments {
    /// Reads the weights into the settings.
    ///
    /// # Errors
    /// [`PipelineError::Unreadable`] when the file isn't a sound one, or no model could use it.
    pub(super) fn load(&self, settings: &mut Settings) -> Result<(), PipelineError> {
        let used = [&self.load_weights, &self.save_weights].into_iter().flatten().next();
        if let Some(path) = used.filter(|_| !settings.models.train_over_all()) {
            return Err(unused(path));
        }
        if let Some(path) = &self.load_weights {
            let reuse = if self.fine_tune { Reuse::FineTuned } else { Reuse::AsTheyAre };
            settings.pretrained = Some(Arc::new(Pretrained { networks: pipeline::load_weights(path)?, reuse }));
        }
        Ok(())
    }

    /// Adds to the summary why loaded weights have no score, where they have none.
    pub(super) fn note(&self, forecasts: &[SeriesForecast], networks: &TrainedNetworks, summary: &mut Value) {
        let is_ours = |s: &&ModelScore| networks.get(&s.model).is_some() && s.accuracy.is_none();
        let withheld = forecasts.iter().flat_map(|f| &f.scores).find(is_ours);
        if let Some(score) = withheld.filter(|_| self.load_weights.is_some()) {
            summary["withheld"] = score.note.en.clone().into();
        }
    }

    /// Saves the networks where that is asked for; what is said of it in the summary.
    ///
    /// # Errors
    /// [`PipelineError::Failed`] when none was trained, or the file can't be written.
    pub(super) fn save(&self, networks: &TrainedNetworks) -> Result<Option<Value>, PipelineError> {
        let Some(path) = &self.save_weights else { return Ok(None) };
        let bytes = pipeline::save_weights(path, networks, Precision::Full)?;
        let names: Vec<&str> = networks.networks().iter().map(TrainedNetwork::name).collect();
        Ok(Some(json!({ "out": path.display().to_string(), "bytes": bytes, "networks": names })))
    }
}

/// Says where networks were told categories of items and nothing tells them now.
pub(super) fn missing_items(networks: &[TrainedNetwork], items: Option<&Path>, job: &Job) -> Diagnostics {
    let mut findings = Diagnostics::default();
    for network in networks.iter().filter(|n| items.is_none() && n.is_told_categories()) {
        let name = network.name();
        findings.push(Diagnostic::new(
            Severity::Warning,
            "categories-missing",
            text!(
                "{name} was told the items' categories when it was trained, and no item file tells them now",
                "{name} 训练时获知了商品类别，而现在没有商品文件提供类别"
            ),
            text!("Give the item file with --items", "请用 --items 指定商品文件"),
            Place::default(),
        ));
    }
    job.print(&findings);
    findings
}

fn unused(path: &Path) -> PipelineError {
    let finding = Diagnostic::new(
        Severity::Error,
        "weights-unused",
        text!("No model named uses weights of networks over all items", "所选模型均不使用全序列网络的权重"),
        text!("Name one with --models, such as hybrid", "请用 --models 指定，例如 hybrid"),
        Place::file(path.display().to_string()),
    );
    PipelineError::Unreadable(Box::new(finding))
}

pub(super) fn run(arguments: &Weights, job: &Job) -> Result<Done, PipelineError> {
    let control = &job.control;
    let loaded = pipeline::load_weights(&arguments.load)?;
    let import = pipeline::load_sales(&arguments.sales, &arguments.frequency.read_options(), &control.part(0.0, 0.1))?;
    job.print(&import.diagnostics);
    let Some(panel) = import.panel else { return Err(PipelineError::BadData(Box::new(import.diagnostics))) };
    let precision = if arguments.half { Precision::Half } else { Precision::Full };
    let mut slim = loaded.changed(|n| n.units_pruned(arguments.prune_units).pruned(arguments.prune));
    let mut settings = Settings { neural: arguments.preset.options(), ..Settings::default() };
    let mut findings = import.diagnostics;
    findings.extend(missing_items(loaded.networks(), arguments.items.as_deref(), job));
    if let Some(path) = &arguments.items {
        let (items, found) = pipeline::load_items(path, Some(&panel), &control.part(0.1, 0.1))?;
        job.print(&found);
        findings.extend(found);
        settings.items = Arc::new(items);
    }
    if arguments.fine_tune {
        slim = fine_tuned(&slim, &panel, &mut settings, job)?;
    }
    let mut summary = Map::new();
    let mut rows = Vec::new();
    let mut had_seen = false;
    for before in loaded.networks() {
        let Some(after) = slim.get(before.name()) else { continue };
        // What is saved is what is measured: half precision rounds.
        let after = pipeline::rounded(after, precision)?;
        let variants = [("loaded", before, Precision::Full), ("smaller", &after, precision)];
        let mut measures = Vec::new();
        for (variant, network, precision) in variants {
            let m = pipeline::measure_weights(network, precision, &panel, &settings, control)?;
            had_seen |= m.had_seen;
            summary.insert(format!("{} {variant}", before.name()), sentence(&m).into());
            measures.push(m);
        }
        summary.insert(format!("{} change", before.name()), change(&measures[0], &measures[1]).into());
        rows.push(json!({ "network": before.name(), "loaded": row(&measures[0]), "smaller": row(&measures[1]) }));
    }
    if let Some(out) = &arguments.out {
        let bytes = pipeline::save_weights(out, &slim, precision)?;
        summary.insert("out".into(), out.display().to_string().into());
        summary.insert("bytes".into(), bytes.into());
    }
    if had_seen {
        let note = "the loaded weights had seen some of the periods that errors are measured on; give newer sales for an honest error";
        summary.insert("note".into(), note.into());
    }
    summary.insert("networks".into(), rows.into());
    summary.insert("findings".into(), findings_json(&findings));
    Ok(Done { summary: Value::Object(summary), exit: Exit::Done })
}

/// The networks after going on learning from all but the last horizon of the panel, on which they are measured.
fn fine_tuned(
    networks: &TrainedNetworks,
    panel: &SalesPanel,
    settings: &mut Settings,
    job: &Job,
) -> Result<TrainedNetworks, PipelineError> {
    let mut found = networks.clone();
    for network in networks.networks() {
        let horizon = Horizon::new(network.horizon()).map_err(PipelineError::Unreadable)?;
        let mut own = Settings { horizon, folds: 1, ..settings.clone() };
        own.models = pipeline::parse_models(network.name()).map_err(PipelineError::Unreadable)?;
        own.pretrained = Some(Arc::new(Pretrained { networks: networks.clone(), reuse: Reuse::FineTuned }));
        let known = pipeline::without_last(panel, horizon.get())?;
        let tuned = pipeline::train_over_all(&known, &own, &job.control.part(0.1, 0.8))?;
        found = found.changed(|n| tuned.get(n.name()).filter(|_| n.name() == network.name()).unwrap_or(n).clone());
    }
    Ok(found)
}

fn row(m: &NetworkMeasure) -> Value {
    json!({
        "parameters": m.parameters, "zeros": m.zeros, "bytes": m.bytes, "windows_per_second": m.windows_per_second,
        "mase": m.mase, "pinball": m.pinball, "series": m.series, "had_seen": m.had_seen,
    })
}

fn sentence(m: &NetworkMeasure) -> String {
    let NetworkMeasure { parameters, zeros, bytes, windows_per_second: speed, series, .. } = m;
    let [mase, pinball] = [m.mase, m.pinball].map(|v| v.map_or_else(|| "none".into(), crate::words::figure));
    let speed = crate::words::figure(*speed);
    format!(
        "{parameters} weights, {zeros} of them 0; {bytes} bytes; {speed} windows a second; MASE {mase}, pinball {pinball} on {series} series"
    )
}

/// What became of size, speed and error, as shares.
fn change(before: &NetworkMeasure, after: &NetworkMeasure) -> String {
    let percent = |from: Option<f64>, to: Option<f64>| match (from, to) {
        (Some(from), Some(to)) if from != 0.0 => format!("{:+.1} %", 100.0 * (to / from - 1.0)),
        _ => "unknown".into(),
    };
    let size = percent(Some(before.bytes as f64), Some(after.bytes as f64));
    let speed = after.windows_per_second / before.windows_per_second;
    let (mase, pinball) = (percent(before.mase, after.mase), percent(before.pinball, after.pinball));
    format!("size {size}, speed × {speed:.2}, MASE {mase}, pinball {pinball}")
}
