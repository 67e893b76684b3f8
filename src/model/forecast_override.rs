//! What people know that history doesn't: overrides of forecasts, as values.

use super::calendar::Period;
use super::sales::SeriesId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One judgement: these periods of these series will be different.
///
/// The statistical forecast stays as it is; the final forecast is it with all overrides applied in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastOverride {
    /// Which series, taken together.
    pub scope: ForecastScope,
    /// First period.
    pub first: Period,
    /// Last period, not before the first.
    pub last: Period,
    /// What the scope's demand becomes in each of the periods.
    pub kind: OverrideKind,
    /// Why, in the author's words.
    pub reason: String,
    /// Who said so.
    pub author: String,
    /// Day it was said, `2026-11-24`; empty when unknown.
    pub created: String,
    /// Last history period under which it still holds; `None` never expires.
    pub expires: Option<Period>,
}

/// Series that are overridden together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ForecastScope {
    /// Everything.
    All,
    /// One item at one location.
    Series(SeriesId),
    /// One item at all its locations.
    Item(Arc<str>),
    /// All items of a category.
    Category(Arc<str>),
    /// All items at a location.
    Location(Arc<str>),
    /// All items at all locations of a region.
    Region(Arc<str>),
}

/// How an override changes the demand of its scope in a period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum OverrideKind {
    /// It becomes this many units, all series of the scope together.
    Value(f64),
    /// It grows by this many percent; negative shrinks it.
    Percent(f64),
    /// It grows by this many units, all series of the scope together; negative shrinks it.
    Increment(f64),
}

impl OverrideKind {
    /// The scope's demand after the override, from its demand before.
    pub fn apply(self, before: f64) -> f64 {
        match self {
            Self::Value(value) => value,
            Self::Percent(percent) => before * (1.0 + percent / 100.0),
            Self::Increment(units) => before + units,
        }
    }

    /// The number that was typed.
    pub fn number(self) -> f64 {
        match self {
            Self::Value(v) | Self::Percent(v) | Self::Increment(v) => v,
        }
    }
}

impl ForecastScope {
    /// True when the series is a member; category and region are asked only when they matter.
    pub fn holds(
        &self,
        series: &SeriesId,
        category: &dyn Fn(&SeriesId) -> Arc<str>,
        region: &dyn Fn(&SeriesId) -> Arc<str>,
    ) -> bool {
        match self {
            Self::All => true,
            Self::Series(id) => id == series,
            Self::Item(code) => *code == series.item,
            Self::Category(name) => *name == category(series),
            Self::Location(code) => *code == series.location,
            Self::Region(name) => *name == region(series),
        }
    }

    /// The scope as a file writes it: its kind, and the key.
    pub fn parts(&self) -> (&'static str, String) {
        match self {
            Self::All => ("all", String::new()),
            Self::Series(id) if id.location.is_empty() => ("series", id.item.to_string()),
            Self::Series(id) => ("series", format!("{}@{}", id.item, id.location)),
            Self::Item(code) => ("item", code.to_string()),
            Self::Category(name) => ("category", name.to_string()),
            Self::Location(code) => ("location", code.to_string()),
            Self::Region(name) => ("region", name.to_string()),
        }
    }
}

impl ForecastOverride {
    /// True while it counts: `today` is the last history period.
    pub fn is_alive(&self, today: Period) -> bool {
        self.expires.is_none_or(|expires| expires >= today)
    }

    /// Its steps within a forecast of `horizon` periods from `start`; empty when it lies outside, or its periods are of
    /// another length than the forecast's.
    pub fn steps(&self, start: Period, horizon: usize) -> std::ops::Range<usize> {
        if self.first.frequency() != start.frequency() || self.last.frequency() != start.frequency() {
            return 0..0;
        }
        let clip = |steps: i64| steps.clamp(0, horizon as i64) as usize;
        let (from, to) = (clip(self.first.since(start)), clip(self.last.since(start).saturating_add(1)));
        from..to.max(from)
    }
}

/// What became of an override.
#[derive(Debug, Clone, PartialEq)]
pub struct AppliedOverride {
    /// The override.
    pub given: ForecastOverride,
    /// Whether it changed the forecast.
    pub state: OverrideState,
    /// Series that it was spread over.
    pub series: usize,
    /// Periods of the forecast that it touched.
    pub periods: usize,
    /// Demand of its series in its periods before it, units.
    pub before: f64,
    /// The same after it, units.
    pub after: f64,
}

/// Whether an override changed the forecast, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverrideState {
    /// It did.
    Applied,
    /// It expired before the last history period.
    Expired,
    /// None of its periods is forecast.
    Outside,
    /// No series is in its scope.
    NoSeries,
}

/// A forecast as it was when it was kept: what overrides are judged by once the actuals are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptForecast {
    /// Whose demand it is.
    pub id: SeriesId,
    /// First period forecast.
    pub start: Period,
    /// The naive forecast: the last value before it, for every step.
    pub naive: f64,
    /// The statistical forecast per step, launch curve and reconciliation included.
    pub statistical: Vec<f64>,
    /// The final forecast per step.
    pub last: Vec<f64>,
    /// The overrides that had a say; none in what an older version kept.
    #[serde(default)]
    pub touched: Vec<Touch>,
}

/// An override that had a say in a kept forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Touch {
    /// First step that it changed, from 0.
    pub first: usize,
    /// Last step that it changed.
    pub last: usize,
    /// Which series it was about.
    pub scope: ForecastScope,
    /// Who said so.
    pub author: String,
}
