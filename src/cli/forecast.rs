//! `planwright forecast`: every series' future.

use super::Done;
use super::arguments::Forecast;
use super::outcome::{Exit, Job, findings_json, overrides_json};
use crate::diagnostic::Diagnostics;
use crate::model::{ImportSummary, ModelScore, SeriesForecast};
use crate::pipeline::{self, Challenge, Forecasts, Output, PipelineError, Sources};
use serde_json::{Value, json};

pub(super) fn run(arguments: &Forecast, job: &Job) -> Result<Done, PipelineError> {
    let mut settings = arguments.method.settings()?;
    settings.levels.clone_from(&arguments.levels);
    settings.reconciliation = arguments.judged.reconciliation()?;
    arguments.method.weights.load(&mut settings)?;
    let sources = Sources {
        items: arguments.items.as_deref(),
        network: arguments.network.as_deref(),
        overrides: arguments.judged.overrides.as_deref(),
        successions: arguments.judged.successions.as_deref(),
        ..Sources::sales(&arguments.method.sales)
    };
    let (control, read) = (&job.control, arguments.method.frequency.read_options());
    let mut inputs = pipeline::load(&sources, &read, &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
    for findings in arguments.method.drivers.load(&mut settings, &inputs.panel, &columns, job)? {
        inputs.diagnostics.extend(findings);
    }
    let fitted = pipeline::new_items(&inputs, &settings).fitted;
    let layered = pipeline::forecast_inputs(&mut inputs, &settings, &control.part(0.1, 1.0))?;
    let forecasts = layered.final_forecasts();
    let output = if settings.models.is_automatic() {
        Output::Forecasts(&forecasts, &layered.layers)
    } else {
        Output::AllForecasts(&forecasts)
    };
    let groups = match &arguments.groups {
        Some(path) => {
            let finals: Vec<_> = forecasts.iter().map(SeriesForecast::best).collect();
            Some((path, pipeline::group_forecasts(&inputs, &layered, &finals, &settings, &control.part(1.0, 1.0))?))
        }
        None => None,
    };
    pipeline::write_output(&output, &arguments.out)?;
    let saved = arguments.method.weights.save(&layered.networks)?;
    if let Some((path, groups)) = &groups {
        pipeline::write_output(&Output::Groups(groups), path)?;
    }
    let out = arguments.out.display().to_string();
    let import = inputs.import.as_deref().cloned().unwrap_or_default();
    let mut summary = summary((&import, &inputs.diagnostics), &forecasts, &out);
    if let Some((path, groups)) = &groups {
        summary["groups"] = json!({ "out": path.display().to_string(), "groups": groups.len() });
    }
    arguments.method.weights.note(&forecasts, &layered.networks, &mut summary);
    if let Some(saved) = saved {
        summary["weights"] = saved;
    }
    add_challenges(&mut summary, &pipeline::challenges(&fitted, &layered.statistical, &settings));
    summary["reconciliation"] = settings.reconciliation.name().into();
    summary["overrides"] = overrides_json(&layered.overrides);
    Ok(Done { summary, exit: Exit::Done })
}

/// How models named beside the automatic ones did: figures for programs, the sentences for people.
pub(super) fn add_challenges(summary: &mut Value, challenges: &[Challenge]) {
    if challenges.is_empty() {
        return;
    }
    let one = |c: &Challenge| {
        json!({
            "model": &*c.model, "items": c.items, "used": c.used, "error": c.error, "p": c.p, "is_better": c.is_better,
            "rival": c.rival.as_ref().map(|(name, _)| &**name), "rival_error": c.rival.as_ref().map(|(_, error)| *error),
            "sentence": { "en": c.sentence.en, "zh": c.sentence.zh },
        })
    };
    summary["challenges"] = challenges.iter().map(one).collect();
    let said: Vec<&str> = challenges.iter().map(|c| c.sentence.en.as_str()).collect();
    summary["verdict"] = said.join(" ").into();
}

/// Counts, findings, errors pooled per model, and the engine's seconds per model.
pub(super) fn summary((import, findings): (&ImportSummary, &Diagnostics), forecasts: &Forecasts, out: &str) -> Value {
    let models = pipeline::accuracy_by_model(forecasts);
    let model = |s: &ModelScore| {
        let a = s.accuracy;
        json!({
            "model": &*s.model,
            "seconds": s.seconds,
            "mae": a.and_then(|a| a.mae), "rmse": a.and_then(|a| a.rmse), "smape": a.and_then(|a| a.smape),
            "wape": a.and_then(|a| a.wape), "mase": a.and_then(|a| a.mase), "bias": a.and_then(|a| a.bias),
        })
    };
    json!({
        "out": out,
        "rows": import.rows,
        "rows_used": import.rows_used,
        "series": forecasts.len(),
        "models": models.iter().map(model).collect::<Vec<_>>(),
        "findings": findings_json(findings),
    })
}
