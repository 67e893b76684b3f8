//! How a subcommand talks while it works and how it ends.

use super::Done;
use super::arguments::Common;
use crate::control::{Control, Progress};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::model::AppliedOverride;
use crate::pipeline::PipelineError;
use crate::text;
use crate::words::Text;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::Write;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Done,
    Failed,
    BadData,
    Infeasible,
    Cancelled,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::BadData => 3,
            Self::Infeasible => 4,
            Self::Cancelled => 130,
        }
    }
}

/// Findings printed one by one; the rest are counted.
const MOST_PRINTED: usize = 20;
/// Steps of the progress bar.
const BAR_STEPS: u64 = 1000;

/// A running subcommand.
pub(super) struct Job {
    /// Progress to the bar, cancel from Ctrl-C.
    pub(super) control: Control,
    bar: ProgressBar,
    json: bool,
}

impl Job {
    /// Sets the number of threads, the progress bar (on a terminal) and Ctrl-C.
    pub(super) fn start(common: &Common) -> Self {
        if let Some(threads) = common.threads {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
            if let Err(error) = pool {
                tracing::warn!("--threads: {error}");
            }
        }
        // Standard error, and drawn on terminals only.
        let bar = ProgressBar::with_draw_target(Some(BAR_STEPS), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let shown = bar.clone();
        let control = Control::listening(move |progress: &Progress| {
            shown.set_position((progress.fraction * BAR_STEPS as f64) as u64);
            shown.set_message(progress.stage.en.clone());
        });
        let stop = control.clone();
        if let Err(error) = ctrlc::set_handler(move || stop.cancel()) {
            tracing::warn!("Ctrl-C ends the program at once: {error}");
        }
        Self { control, bar, json: common.json }
    }

    /// Prints the summary and returns the exit code.
    pub(super) fn finish(&self, done: &Done) -> u8 {
        self.bar.finish_and_clear();
        let mut out = std::io::stdout().lock();
        let written = if self.json {
            writeln!(out, "{}", done.summary)
        } else {
            lines(&done.summary).iter().try_for_each(|line| writeln!(out, "{line}"))
        };
        if written.is_err() { Exit::Failed.code() } else { done.exit.code() }
    }

    /// Says what went wrong and returns the exit code.
    pub(super) fn fail(&self, error: &PipelineError) -> u8 {
        self.bar.finish_and_clear();
        let (exit, findings) = match error {
            PipelineError::Cancelled(_) => (Exit::Cancelled, None),
            PipelineError::Unreadable(finding) => {
                let mut findings = Diagnostics::default();
                findings.push((**finding).clone());
                (Exit::BadData, Some(findings))
            }
            PipelineError::BadData(findings) => (Exit::BadData, Some((**findings).clone())),
            PipelineError::Failed(_) => (Exit::Failed, None),
        };
        match &findings {
            Some(findings) => self.print(findings),
            None => say(&format!("planwright: {}", error.message())),
        }
        if self.json {
            let findings = findings.as_ref().map(findings_json);
            let summary = json!({ "error": error.message().en, "exit": exit.code(), "findings": findings });
            if writeln!(std::io::stdout().lock(), "{summary}").is_err() {
                return Exit::Failed.code();
            }
        }
        exit.code()
    }

    /// Findings for people, gravest first, on standard error.
    pub(super) fn print(&self, findings: &Diagnostics) {
        let mut sorted: Vec<&Diagnostic> = findings.entries().iter().collect();
        sorted.sort_by_key(|d| std::cmp::Reverse(d.severity));
        let text: Vec<String> = sorted.iter().take(MOST_PRINTED).map(|d| sentence(d)).collect();
        self.bar.suspend(|| text.iter().for_each(|line| say(line)));
        if sorted.len() > MOST_PRINTED {
            say(&format!("… and {} more; `planwright check` lists them all", sorted.len() - MOST_PRINTED));
        }
    }
}

/// Findings as JSON: how many places per severity, and each finding.
pub(super) fn findings_json(findings: &Diagnostics) -> Value {
    let list: Vec<Value> = findings
        .entries()
        .iter()
        .map(|d| {
            let place = &d.place;
            json!({
                "severity": severity(d.severity), "code": d.code, "message": d.message.en, "hint": d.hint.en,
                "file": place.file, "sheet": place.sheet, "row": place.row, "column": place.column, "count": d.count,
            })
        })
        .collect();
    let counts: serde_json::Map<String, Value> =
        findings.counts().map(|(code, n)| (code.to_owned(), n.into())).collect();
    json!({ "counts": counts, "list": list })
}

/// An argument that names something there is not.
pub(super) fn unknown(argument: &str, given: &str, names: &[&str]) -> PipelineError {
    let names = names.join(", ");
    refused(
        text!("{argument} knows no {given}", "{argument} 没有 {given}"),
        text!("Choose one of: {names}", "可选：{names}"),
    )
}

/// An argument that makes no sense.
pub(super) fn refused(message: Text, hint: Text) -> PipelineError {
    PipelineError::Unreadable(Box::new(Diagnostic::new(Severity::Error, "argument", message, hint, Place::default())))
}

/// Overrides as JSON: what was asked and what it changed.
pub(super) fn overrides_json(overrides: &[AppliedOverride]) -> Value {
    let one = |o: &AppliedOverride| {
        let (scope, key) = o.given.scope.parts();
        json!({
            "scope": scope, "key": key, "first": o.given.first.label(), "last": o.given.last.label(),
            "state": format!("{:?}", o.state), "series": o.series, "periods": o.periods,
            "before": o.before, "after": o.after,
        })
    };
    overrides.iter().map(one).collect()
}

fn sentence(d: &Diagnostic) -> String {
    let place = d.place.to_string();
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    let count = if d.count > 1 { format!(" ({} places)", d.count) } else { String::new() };
    let hint = if d.hint.is_empty() { String::new() } else { format!("\n  → {}", d.hint.en) };
    format!("{}: {place}{}{count}{hint}", severity(d.severity), d.message.en)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The summary's plain members, one a line.
fn lines(summary: &Value) -> Vec<String> {
    let Value::Object(members) = summary else { return vec![summary.to_string()] };
    let plain = |value: &Value| match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    members
        .iter()
        .filter_map(|(name, value)| plain(value).map(|v| format!("{}: {v}", name.replace('_', " "))))
        .collect()
}

/// One line on standard error. Nothing can be done when even that fails.
pub(super) fn say(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}
