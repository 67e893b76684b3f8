//! The value-added ladder: naive → chosen model → override, what each step was worth and whether that can be chance.

use super::group::GroupLevel;
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Errors of the ladder's steps over the same cases, a case being one series in one period as forecast once.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// Cases.
    pub cases: usize,
    /// Series among them.
    pub series: usize,
    /// Periods among them.
    pub periods: usize,
    /// Mean absolute error of the naive forecast, units.
    pub naive: f64,
    /// Mean absolute error of the chosen model, launch curve and reconciliation included, units.
    pub chosen: f64,
    /// Mean absolute error of the final forecast, units; `None` where nothing was overridden.
    pub last: Option<f64>,
    /// Whether chosen and naive differ beyond chance; `None` with too few cases to say.
    pub chosen_evidence: Option<Evidence>,
    /// Whether final and chosen differ beyond chance.
    pub last_evidence: Option<Evidence>,
}

/// How sure it is that two forecasts differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Two-sided p-value: the chance of so large a difference between equally good forecasts.
    pub p: f64,
    /// What was tested.
    pub test: EvidenceTest,
    /// Whether the test's own measure favours the later step. The gain weighs cases, a test weighs periods or series alike:
    /// where they disagree, neither has won.
    pub is_better: bool,
}

/// Tests of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceTest {
    /// Diebold–Mariano on the mean losses of the periods, in time order.
    DieboldMariano,
    /// The sign test on the series' mean losses.
    Sign,
}

/// p below which a difference counts as more than chance.
pub const BEYOND_CHANCE: f64 = 0.05;

/// Where a ladder's forecasts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LadderSource {
    /// The backtest's cut-offs; the model was chosen knowing them.
    Backtest,
    /// Past overrides put on the backtest's cut-offs that were made when the override was known.
    Replayed,
    /// Forecasts that were kept, against what was sold since.
    Kept,
}

/// What a ladder is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LadderOf {
    /// Everything.
    All,
    /// One group of series.
    Group(GroupLevel, Arc<str>),
    /// Overrides of one level, by the name of their scope in files.
    Scope(&'static str),
    /// Overrides of one author; empty when unknown.
    Author(String),
}

/// A ladder and what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderRow {
    /// Where its forecasts come from.
    pub source: LadderSource,
    /// What it is about.
    pub of: LadderOf,
    /// The errors.
    pub ladder: Ladder,
}

impl Ladder {
    /// What the chosen model took off the naive forecast's error, a share; negative when it added.
    pub fn chosen_gain(&self) -> Option<f64> {
        gain(self.naive, self.chosen)
    }

    /// What overriding took off the chosen model's error, a share; negative when it added.
    pub fn last_gain(&self) -> Option<f64> {
        gain(self.chosen, self.last?)
    }
}

fn gain(before: f64, after: f64) -> Option<f64> {
    (before > 0.0).then(|| 1.0 - after / before)
}

impl EvidenceTest {
    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::DieboldMariano => text!("Diebold–Mariano", "Diebold–Mariano 检验"),
            Self::Sign => text!("sign test", "符号检验"),
        }
    }
}

impl LadderSource {
    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Backtest => text!("backtest", "回测"),
            Self::Replayed => text!("overrides replayed in the backtest", "回测中重放的调整"),
            Self::Kept => text!("kept forecasts", "留存的预测"),
        }
    }
}
