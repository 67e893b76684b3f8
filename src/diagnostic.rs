//! What is wrong with the user's data: severity, message, hint and place.
//!
//! Bad data never stops an engine at the first fault. Findings are gathered, work goes on with what is sound, and the
//! caller decides: the command line refuses to write when [`Diagnostics::has_errors`], the window shows the list.

use crate::words::Text;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing; nothing was changed or lost.
    Info,
    /// Something was guessed, corrected or left out; the result is usable.
    Warning,
    /// The data can't be used as it stands.
    Error,
}

/// Where in the user's files a finding is. Fields that don't apply are `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// File name as the user knows it.
    pub file: Option<String>,
    /// Sheet name in a workbook.
    pub sheet: Option<String>,
    /// Row as a spreadsheet or editor numbers it, from 1, header included.
    pub row: Option<u64>,
    /// Column header, or its letter when there is no header.
    pub column: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(name: impl Into<String>) -> Self {
        Self { file: Some(name.into()), ..Self::default() }
    }

    /// The same place, narrowed to a row.
    #[must_use]
    pub fn row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    /// The same place, narrowed to a column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The same place, narrowed to a sheet.
    #[must_use]
    pub fn sheet(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = Some(sheet.into());
        self
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.file.clone());
        parts.extend(self.sheet.as_ref().map(|s| format!("sheet {s}")));
        parts.extend(self.row.map(|r| format!("row {r}")));
        parts.extend(self.column.as_ref().map(|c| format!("column {c}")));
        f.write_str(&parts.join(", "))
    }
}

/// One finding. Several rows with the same fault are one finding with a [`count`](Self::count).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Stable name of the kind of finding, such as `quantity-not-a-number`; equal codes are gathered.
    pub code: String,
    /// What is wrong.
    pub message: Text,
    /// What the user can do about it; may be empty.
    pub hint: Text,
    /// Where it is; the first place when there are several.
    pub place: Place,
    /// How many places have this fault, at least 1.
    pub count: u64,
}

impl Diagnostic {
    /// A finding in one place.
    pub fn new(severity: Severity, code: &str, message: Text, hint: Text, place: Place) -> Self {
        Self { severity, code: code.to_owned(), message, hint, place, count: 1 }
    }

    /// What is wrong and what to do about it, as sentences.
    pub fn sentences(&self) -> Text {
        let Text { en, zh } = &self.message;
        let stop = |said: &str, stop: &str| {
            let is_open =
                said.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '%' | ')' | '）' | '"' | '”'));
            if is_open { stop.to_owned() } else { String::new() }
        };
        Text::new(format!("{en}{}", stop(en, ".")), format!("{zh}{}", stop(zh, "。"))).then(&self.hint)
    }
}

/// How many examples of one code are kept; the rest are only counted.
pub const EXAMPLES_PER_CODE: usize = 100;

/// Findings gathered in order. A file with a million bad rows costs [`EXAMPLES_PER_CODE`] entries and a count.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Diagnostics {
    entries: Vec<Diagnostic>,
    counts: std::collections::BTreeMap<String, u64>,
}

impl Diagnostics {
    /// Adds a finding; past [`EXAMPLES_PER_CODE`] of its code only the count grows.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let seen = self.counts.entry(diagnostic.code.clone()).or_default();
        let examples = self.entries.iter().rev().take(EXAMPLES_PER_CODE * 64).filter(|d| d.code == diagnostic.code);
        let keep = *seen < EXAMPLES_PER_CODE as u64 || examples.count() < EXAMPLES_PER_CODE;
        *seen += diagnostic.count;
        if keep {
            self.entries.push(diagnostic);
        }
    }

    /// Shorthand for an error.
    pub fn error(&mut self, code: &str, message: Text, hint: Text, place: Place) {
        self.push(Diagnostic::new(Severity::Error, code, message, hint, place));
    }

    /// Shorthand for a warning.
    pub fn warning(&mut self, code: &str, message: Text, hint: Text, place: Place) {
        self.push(Diagnostic::new(Severity::Warning, code, message, hint, place));
    }

    /// Shorthand for an information.
    pub fn info(&mut self, code: &str, message: Text, place: Place) {
        self.push(Diagnostic::new(Severity::Info, code, message, Text::default(), place));
    }

    /// Takes over another list.
    pub fn extend(&mut self, other: Diagnostics) {
        let mut left_over = other.counts;
        for diagnostic in other.entries {
            if let Some(n) = left_over.get_mut(&diagnostic.code) {
                *n = n.saturating_sub(diagnostic.count);
            }
            self.push(diagnostic);
        }
        for (code, n) in left_over {
            *self.counts.entry(code).or_default() += n;
        }
    }

    /// The kept findings, in the order they were found.
    pub fn entries(&self) -> &[Diagnostic] {
        &self.entries
    }

    /// How many places have the fault `code`, kept as examples or not.
    pub fn count(&self, code: &str) -> u64 {
        self.counts.get(code).copied().unwrap_or(0)
    }

    /// Number of places per code, sorted by code.
    pub fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(code, n)| (code.as_str(), *n))
    }

    /// True when at least one finding is an error.
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|d| d.severity == Severity::Error)
    }

    /// True when there is no finding at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
