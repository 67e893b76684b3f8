//! `planwright explain`: why a network over all items forecasts what it does for one of them, and *what if*.

use super::Done;
use super::arguments::Explain;
use super::outcome::{Exit, Job, findings_json};
use super::weights::missing_items;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::model::{ChangedInput, Horizon, InputChange, NetworkExplanation, Period, SeriesId, WhatIf};
use crate::pipeline::{self, Output, PipelineError, Settings, Sources, TrainedNetwork, TrainedNetworks};
use crate::text;
use crate::words::Text;
use serde_json::{Map, Value, json};

/// What the series' own demand is called in `--set`.
const DEMAND: &str = "demand";

pub(super) fn run(arguments: &Explain, job: &Job) -> Result<Done, PipelineError> {
    let changes = arguments.set.iter().map(|typed| change(typed)).collect::<Result<Vec<_>, _>>()?;
    let networks = pipeline::load_weights(&arguments.load_weights)?;
    let network = chosen(&networks, arguments.model.as_deref())?;
    let (control, read) = (&job.control, arguments.frequency.read_options());
    let sources = Sources { items: arguments.items.as_deref(), ..Sources::sales(&arguments.sales) };
    let inputs = pipeline::load(&sources, &read, &control.part(0.0, 0.1))?;
    job.print(&inputs.diagnostics);
    let horizon = Horizon::new(network.horizon()).map_err(PipelineError::Unreadable)?;
    let mut settings = Settings { horizon, seed: arguments.seed, items: inputs.items.clone(), ..Settings::default() };
    let columns = inputs.import.as_deref().map(pipeline::columns_of).unwrap_or_default();
    let mut findings = inputs.diagnostics.clone();
    findings.extend(missing_items(std::slice::from_ref(network), arguments.items.as_deref(), job));
    for more in arguments.drivers.load(&mut settings, &inputs.panel, &columns, job)? {
        findings.extend(more);
    }
    let id = SeriesId::new(arguments.item.as_str(), arguments.location.as_str());
    let at = (&*inputs.panel, &id);
    let explanation = pipeline::explain_network(network, at, &settings, &control.part(0.1, 0.9))?;
    let changed = match &changes[..] {
        [] => None,
        changes => Some(pipeline::what_if(network, at, changes, &settings, &control.part(0.9, 1.0))?),
    };
    if let Some(path) = &arguments.out {
        pipeline::write_output(&Output::NetworkExplanation(&explanation, changed.as_ref()), path)?;
    }
    if let Some(path) = &arguments.attention {
        if explanation.attention.is_none() {
            return Err(PipelineError::Failed(no_attention(network.name())));
        }
        pipeline::write_output(&Output::Attention(&explanation), path)?;
    }
    let mut summary = summary(&explanation, changed.as_ref());
    summary.insert("findings".into(), findings_json(&findings));
    Ok(Done { summary: Value::Object(summary), exit: Exit::Done })
}

/// The network named, or the only one, or the last one: that is the headline where all are there.
fn chosen<'a>(networks: &'a TrainedNetworks, name: Option<&str>) -> Result<&'a TrainedNetwork, PipelineError> {
    let found = match name {
        Some(name) => networks.get(name),
        None => networks.networks().last(),
    };
    found.ok_or_else(|| {
        let (name, known) = (name.unwrap_or_default(), names(networks).join(", "));
        refused(
            text!("The loaded weights hold no {name}", "载入的权重中没有 {name}"),
            text!("Choose one of: {known}", "请选择：{known}"),
        )
    })
}

fn names(networks: &TrainedNetworks) -> Vec<&str> {
    networks.networks().iter().map(TrainedNetwork::name).collect()
}

/// `price@2024-03=9.9`.
fn change(typed: &str) -> Result<InputChange, PipelineError> {
    let parts = typed.rsplit_once('=').and_then(|(left, value)| Some((left.rsplit_once('@')?, value)));
    let read = parts.and_then(|((name, period), value)| {
        let value: f64 = value.trim().parse().ok().filter(|v: &f64| v.is_finite())?;
        Some((name.trim(), Period::parse(period)?, value)).filter(|(name, ..)| !name.is_empty())
    });
    let Some((name, period, value)) = read else {
        return Err(refused(
            text!("\"{typed}\" doesn't say which input, when and how much", "“{typed}”未说明输入、期间和数值"),
            text!(
                "Write NAME@PERIOD=VALUE, such as price@2024-03=9.9 or demand@2023-12=40",
                "请写成 名称@期间=数值，例如 price@2024-03=9.9 或 demand@2023-12=40"
            ),
        ));
    };
    let of = if name == DEMAND { ChangedInput::Demand } else { ChangedInput::Driver(name.into()) };
    Ok(InputChange { of, period, value })
}

fn refused(message: Text, hint: Text) -> PipelineError {
    let finding = Diagnostic::new(Severity::Error, "explain-arguments", message, hint, Place::default());
    PipelineError::Unreadable(Box::new(finding))
}

fn no_attention(name: &str) -> Text {
    text!(
        "{name} has no attention; train it with --attention and save it again.",
        "{name} 没有注意力机制；请用 --attention 训练并重新保存。"
    )
}

fn summary(explanation: &NetworkExplanation, changed: Option<&WhatIf>) -> Map<String, Value> {
    let total = |values: &[f64]| values.iter().sum::<f64>();
    let mut summary = Map::new();
    let mut say = |name: &str, value: Value| _ = summary.insert(name.to_owned(), value);
    say("item", explanation.id.to_string().into());
    say("network", (&*explanation.network).into());
    let periods = explanation.steps() as i64;
    let (first, last) = (explanation.start.label(), explanation.start.plus(periods - 1).label());
    say("periods", format!("{first} to {last}").into());
    say("level_and_season", total(&explanation.level).into());
    if explanation.asks_theta() {
        say("theta_adds", total(&explanation.theta).into());
    }
    say("usual_answer", total(&explanation.usual).into());
    for contribution in &explanation.contributions {
        say(&contribution.of.label().en, total(&contribution.by_step).into());
    }
    say("forecast", total(&explanation.forecast).into());
    say("residual", explanation.residual().into());
    say("reference_windows", explanation.references.into());
    if let Some(sampling) = explanation.sampling {
        say("sampled_orders", sampling.orders.into());
        say("sampling_error", sampling.error.into());
    }
    if let Some(changed) = changed {
        say("what_if", total(&changed.after).into());
        say("what_if_change", (total(&changed.after) - total(&changed.before)).into());
        say("what_if_by_period", changed.after.clone().into());
    }
    let by_period = |values: &[f64]| json!(values);
    let parts = explanation.contributions.iter();
    let parts = parts.map(|c| json!({ "part": c.of.label().en, "by_period": by_period(&c.by_step) }));
    say("contributions", parts.collect());
    say("forecast_by_period", by_period(&explanation.forecast));
    say("level_by_period", by_period(&explanation.level));
    if explanation.asks_theta() {
        say("theta_by_period", by_period(&explanation.theta));
    }
    say("usual_by_period", by_period(&explanation.usual));
    if let Some(strip) = &explanation.attention {
        say("attention", json!({ "start": strip.start.label(), "weights": strip.weights }));
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::{ChangedInput, Period, PipelineError, change};

    #[test]
    fn a_change_is_read_as_it_is_typed() {
        let read = |typed: &str| change(typed).ok().map(|c| (c.of, c.period, c.value));
        let month = |label: &str| Period::parse(label).unwrap();
        let price = ChangedInput::Driver("price".into());
        assert_eq!(read("price@2024-03=9.9"), Some((price, month("2024-03"), 9.9)));
        assert_eq!(read("demand@2023-W50 = -4"), Some((ChangedInput::Demand, month("2023-W50"), -4.0)));
        // Names may hold both signs.
        let odd = ChangedInput::Driver("a=b@c".into());
        assert_eq!(read("a=b@c@7=0"), Some((odd, Period::step(7), 0.0)));
        for wrong in
            ["price", "price=9", "price@2024-03", "@2024-03=9", "price@soon=9", "price@2024-03=much", "p@1=inf"]
        {
            let Err(PipelineError::Unreadable(finding)) = change(wrong) else { panic!("{wrong}") };
            assert!(finding.message.en.contains(wrong) && finding.hint.zh.contains("price@2024-03=9.9"));
        }
    }
}
