//! The table that screen, workbook and command line share.

use crate::words::Text;
use std::sync::Arc;

/// How a column's numbers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words and codes, left-aligned.
    Text,
    /// A number with this many decimals, right-aligned with thousands marks.
    Number(u8),
    /// A whole number.
    Integer,
    /// A share in `[0, 1]`, shown as percent with one decimal.
    Percent,
    /// A p-value, with three decimals; one that they can't show is told to be less.
    Chance,
    /// Money with two decimals.
    Money,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in CSV files: `safety_stock`.
    pub key: &'static str,
    /// Header for people, without the unit.
    pub header: Text,
    /// Unit shown in the header; may be empty.
    pub unit: Text,
    /// How its cells read.
    pub kind: Kind,
}

impl Column {
    /// A column without a unit.
    pub fn new(key: &'static str, en: &str, zh: &str, kind: Kind) -> Self {
        Self { key, header: Text::new(en, zh), unit: Text::default(), kind }
    }

    /// The same column with a unit.
    #[must_use]
    pub fn unit(mut self, unit: Text) -> Self {
        self.unit = unit;
        self
    }

    /// The header with its unit: `Safety stock (units)`.
    pub fn title(&self) -> Text {
        if self.unit.is_empty() {
            return self.header.clone();
        }
        Text::new(format!("{} ({})", self.header.en, self.unit.en), format!("{}（{}）", self.header.zh, self.unit.zh))
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing known.
    Empty,
    /// A code, a label, a period.
    Code(String),
    /// A sentence.
    Words(Text),
    /// A number; not finite is written as empty.
    Number(f64),
}

impl Cell {
    /// A code; the empty code is an empty cell.
    pub fn code(code: impl Into<String>) -> Self {
        let code = code.into();
        if code.is_empty() { Self::Empty } else { Self::Code(code) }
    }

    /// A sentence; the empty one is an empty cell.
    pub fn words(text: Text) -> Self {
        if text.is_empty() && text.zh.is_empty() { Self::Empty } else { Self::Words(text) }
    }

    /// The number that a cell holds, when it holds a finite one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(x) if x.is_finite() => Some(*x),
            _ => None,
        }
    }
}

impl From<f64> for Cell {
    fn from(x: f64) -> Self {
        if x.is_finite() { Self::Number(x) } else { Self::Empty }
    }
}

impl From<usize> for Cell {
    fn from(n: usize) -> Self {
        Self::Number(n as f64)
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Self {
        Self::Number(n as f64)
    }
}

impl From<Option<f64>> for Cell {
    fn from(x: Option<f64>) -> Self {
        x.map_or(Self::Empty, Self::from)
    }
}

impl From<&Arc<str>> for Cell {
    fn from(code: &Arc<str>) -> Self {
        Self::code(&**code)
    }
}

impl From<crate::model::Period> for Cell {
    fn from(period: crate::model::Period) -> Self {
        Self::Code(period.label())
    }
}

/// A table as screen, workbook and command line show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name in files: `stock`.
    pub key: &'static str,
    /// Title for people; the sheet's name.
    pub title: Text,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(key: &'static str, en: &str, zh: &str, columns: Vec<Column>) -> Self {
        Self { key, title: Text::new(en, zh), columns, rows: Vec::new() }
    }

    /// Position of a column by its key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.key == key)
    }

    /// The same table without the columns of these keys: what a screen says elsewhere.
    #[must_use]
    pub fn without(mut self, keys: &[&str]) -> Self {
        let kept: Vec<bool> = self.columns.iter().map(|c| !keys.contains(&c.key)).collect();
        let keep = |k: &mut usize| {
            *k += 1;
            kept[*k - 1]
        };
        let mut k = 0;
        self.columns.retain(|_| keep(&mut k));
        for row in &mut self.rows {
            let mut k = 0;
            row.retain(|_| keep(&mut k));
        }
        self
    }

    /// The same table with the columns of these keys only, in this order; keys without a column are passed over.
    #[must_use]
    pub fn arranged(mut self, keys: &[&str]) -> Self {
        let order: Vec<usize> = keys.iter().filter_map(|key| self.column(key)).collect();
        self.columns = order.iter().map(|k| self.columns[*k].clone()).collect();
        for row in &mut self.rows {
            *row = order.iter().map(|k| row[*k].clone()).collect();
        }
        self
    }

    /// Adds a row, which must be as long as the columns.
    pub(super) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "a row of {} has a cell per column", self.key);
        self.rows.push(row);
    }
}
