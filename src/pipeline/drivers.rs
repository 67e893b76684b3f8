//! Files of drivers → what the forecast settings carry.

use super::{PipelineError, Role, Settings};
use crate::control::{Cancelled, Control};
use crate::data;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::forecast;
use crate::model::{Drivers, FutureRule, HolidaySet, ImportSummary, NamedEvent, SalesPanel};
use crate::text;
use std::collections::BTreeSet;
use std::path::Path;

/// Where drivers come from.
#[derive(Debug, Clone, Default)]
pub struct DriverSources<'a> {
    /// Values over time: price, promotion, any number.
    pub values: Option<&'a Path>,
    /// Named one-off events.
    pub events: Option<&'a Path>,
    /// Which feasts count.
    pub holidays: BTreeSet<HolidaySet>,
    /// What happens to a driver whose future is not stated.
    pub future: FutureRule,
}

/// Reads everything that drives demand. `sales` are the sales file's columns: the same headers mean the same here.
///
/// # Errors
/// As [`super::load`].
pub fn load_drivers(
    sources: &DriverSources<'_>,
    sales: &[(Role, String)],
    control: &Control,
) -> Result<(Drivers, Diagnostics), PipelineError> {
    let (mut drivers, mut findings) = match sources.values {
        Some(path) => data::read_drivers(path, sales, &control.part(0.0, 0.9))?,
        None => (Drivers::default(), Diagnostics::default()),
    };
    if let Some(path) = sources.events {
        let (events, more) = load_events(path, &control.part(0.9, 1.0))?;
        drivers.events = events;
        findings.extend(more);
    }
    drivers.holidays.clone_from(&sources.holidays);
    drivers.future = sources.future;
    if findings.has_errors() { Err(PipelineError::BadData(Box::new(findings))) } else { Ok((drivers, findings)) }
}

/// The columns of a sales file as its summary names them.
pub fn columns_of(summary: &ImportSummary) -> Vec<(Role, String)> {
    let role = |name: &str| match name {
        "date" => Some(Role::Date),
        "item" => Some(Role::Item),
        "location" => Some(Role::Location),
        "region" => Some(Role::Region),
        "quantity" => Some(Role::Quantity),
        "price" => Some(Role::Price),
        _ => None,
    };
    summary.mapping.iter().filter_map(|(name, header)| Some((role(name)?, header.clone()))).collect()
}

/// Reads a file of named events.
///
/// # Errors
/// As [`super::load`].
pub fn load_events(path: &Path, control: &Control) -> Result<(Vec<NamedEvent>, Diagnostics), PipelineError> {
    let (events, findings) = data::read_events(path, control)?;
    if findings.has_errors() { Err(PipelineError::BadData(Box::new(findings))) } else { Ok((events, findings)) }
}

/// What becomes of the settings' drivers in a panel: which lack a future, have gaps, or say nothing new.
///
/// # Errors
/// [`Cancelled`].
pub fn check_drivers(panel: &SalesPanel, settings: &Settings, control: &Control) -> Result<Diagnostics, Cancelled> {
    forecast::check_drivers(panel, &settings.forecast_options(panel.series().len()), control)
}

/// Reads a list such as `cn,us`; `none` and nothing are no feasts.
///
/// # Errors
/// [`PipelineError::Unreadable`] naming what is unknown and listing the sets there are.
pub fn parse_holidays(list: &str) -> Result<BTreeSet<HolidaySet>, PipelineError> {
    let mut sets = BTreeSet::new();
    for name in list.split([',', '，', ';', ' ']).map(str::trim).filter(|n| !n.is_empty()) {
        if name.eq_ignore_ascii_case("none") {
            continue;
        }
        let set = HolidaySet::parse(name).ok_or_else(|| {
            let known: Vec<&str> = HolidaySet::ALL.iter().map(|s| s.name()).collect();
            let known = known.join(", ");
            PipelineError::Unreadable(Box::new(Diagnostic::new(
                Severity::Error,
                "unknown-holidays",
                text!("There is no set of holidays called \"{name}\"", "没有名为“{name}”的节日集"),
                text!("Use none, or one or more of: {known}", "请使用 none，或以下一个或多个：{known}"),
                Place::default(),
            )))
        })?;
        sets.insert(set);
    }
    Ok(sets)
}
