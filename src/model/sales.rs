//! Sales history as the engines see it.

use super::calendar::{Frequency, Period};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a series is about: an item at a location.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesId {
    /// Item code exactly as in the file, leading zeros kept.
    pub item: Arc<str>,
    /// Location code; empty when the file has no location column.
    pub location: Arc<str>,
}

impl SeriesId {
    /// An item at a location (empty for "everywhere").
    pub fn new(item: impl Into<Arc<str>>, location: impl Into<Arc<str>>) -> Self {
        Self { item: item.into(), location: location.into() }
    }
}

impl std::fmt::Display for SeriesId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.location.is_empty() { f.write_str(&self.item) } else { write!(f, "{} @ {}", self.item, self.location) }
    }
}

/// One regular demand history: a value for every period from [`start`](Self::start) to the panel's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Whose demand it is.
    pub id: SeriesId,
    /// Period of the first value.
    pub start: Period,
    /// Quantity per period, `y[t]`, `t = 0..n`, in the item's unit; finite.
    pub values: Arc<[f64]>,
}

/// Regular, finite, sorted demand histories that all end in the same period. The constructor proves it once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "PanelParts", into = "PanelParts")]
pub struct SalesPanel {
    end: Period,
    series: Vec<Series>,
}

/// Why a set of histories is not a panel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    /// There is no series, or a series has no value.
    #[error("{0} has no values")]
    Empty(String),
    /// A value is NaN or infinite.
    #[error("{id}: the value of period {period} is not a finite number")]
    NotFinite {
        /// The series.
        id: String,
        /// Label of the period.
        period: String,
    },
    /// A series doesn't end in the panel's last period, or has another frequency.
    #[error("{0} does not end in the panel's last period")]
    UnevenEnd(String),
    /// A series occurs twice.
    #[error("{0} occurs twice")]
    Duplicate(String),
}

impl SalesPanel {
    /// A panel from histories in any order; sorts them by item and location.
    ///
    /// # Errors
    /// [`PanelError`] when there is no series, one is empty, holds a value that isn't finite, occurs twice, or doesn't
    /// end in `end`.
    pub fn new(end: Period, mut series: Vec<Series>) -> Result<Self, PanelError> {
        if series.is_empty() {
            return Err(PanelError::Empty("the panel".to_owned()));
        }
        series.sort_by(|a, b| a.id.cmp(&b.id));
        for s in &series {
            check_series(s, end)?;
        }
        if let Some(w) = series.windows(2).find(|w| w[0].id == w[1].id) {
            return Err(PanelError::Duplicate(w[0].id.to_string()));
        }
        Ok(Self { end, series })
    }

    /// The length of a period.
    pub fn frequency(&self) -> Frequency {
        self.end.frequency()
    }

    /// The last period with data, the same for every series.
    pub fn end(&self) -> Period {
        self.end
    }

    /// The first period of any series.
    pub fn start(&self) -> Period {
        self.series.iter().map(|s| s.start).min().unwrap_or(self.end)
    }

    /// The histories, sorted by item and location.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The history of one item at one location.
    pub fn get(&self, id: &SeriesId) -> Option<&Series> {
        self.series.binary_search_by(|s| s.id.cmp(id)).ok().map(|k| &self.series[k])
    }

    /// Sum of all values, in series order.
    pub fn total(&self) -> f64 {
        self.series.iter().map(|s| s.values.iter().sum::<f64>()).sum()
    }
}

fn check_series(s: &Series, end: Period) -> Result<(), PanelError> {
    if s.values.is_empty() {
        return Err(PanelError::Empty(s.id.to_string()));
    }
    if s.start.frequency() != end.frequency() || end.since(s.start) + 1 != s.values.len() as i64 {
        return Err(PanelError::UnevenEnd(s.id.to_string()));
    }
    match s.values.iter().position(|v| !v.is_finite()) {
        Some(t) => Err(PanelError::NotFinite { id: s.id.to_string(), period: s.start.plus(t as i64).label() }),
        None => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
struct PanelParts {
    end: Period,
    series: Vec<Series>,
}

impl TryFrom<PanelParts> for SalesPanel {
    type Error = PanelError;
    fn try_from(parts: PanelParts) -> Result<Self, PanelError> {
        Self::new(parts.end, parts.series)
    }
}

impl From<SalesPanel> for PanelParts {
    fn from(panel: SalesPanel) -> Self {
        Self { end: panel.end, series: panel.series }
    }
}

/// What an import took from a file and what it left out; the two add up to the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ImportSummary {
    /// File name as the user knows it.
    pub file: String,
    /// SHA-256 of the file's bytes, hexadecimal.
    pub sha256: String,
    /// Data rows in the file, header excluded.
    pub rows: u64,
    /// Rows that went into the panel.
    pub rows_used: u64,
    /// Sum of the quantity over all rows where it is a number.
    pub quantity_in_file: f64,
    /// Sum of the quantity over the rows used; equals the panel's total.
    pub quantity_used: f64,
    /// Rows left out, by reason.
    pub left_out: Vec<LeftOut>,
    /// Which column was read as what: (role, header).
    pub mapping: Vec<(String, String)>,
}

/// Rows that an import left out for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The reason.
    pub reason: crate::words::Text,
    /// How many rows.
    pub rows: u64,
    /// Sum of their quantities, where those are numbers.
    pub quantity: f64,
}
