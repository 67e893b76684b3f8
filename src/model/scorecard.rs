//! How well suppliers deliver, as figures and as a score whose parts are seen.

use super::lead_time::LeadChange;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A part of a supplier's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ScorePart {
    /// Orders that were whole on the day they were due.
    OnTime,
    /// Orders that came in full.
    InFull,
    /// How late orders are, against how long they take.
    Lateness,
    /// How steady the lead time is.
    Steadiness,
    /// Whether the lead time has grown.
    Trend,
    /// How near what came is to what was ordered.
    Quantity,
}

impl ScorePart {
    /// All parts, in the order they are shown.
    pub const ALL: [Self; 6] =
        [Self::OnTime, Self::InFull, Self::Lateness, Self::Steadiness, Self::Trend, Self::Quantity];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::OnTime => Text::new("On time", "准时"),
            Self::InFull => Text::new("In full", "足量"),
            Self::Lateness => Text::new("Little delay", "延误轻"),
            Self::Steadiness => Text::new("Steady lead time", "交期稳定"),
            Self::Trend => Text::new("No longer than before", "交期未变长"),
            Self::Quantity => Text::new("Exact quantity", "数量准确"),
        }
    }

    /// How the part is made of the figures.
    pub fn formula(self) -> Text {
        match self {
            Self::OnTime => Text::new("100 × on-time share", "100 × 准时率"),
            Self::InFull => Text::new("100 × in-full share", "100 × 足量率"),
            Self::Lateness => Text::new(
                "100 × (1 − mean days late ÷ mean lead time), at least 0",
                "100 × (1 − 平均延误天数 ÷ 平均提前期)，不低于 0",
            ),
            Self::Steadiness => Text::new(
                "100 × (1 − lead-time deviation ÷ mean), at least 0",
                "100 × (1 − 提前期标准差 ÷ 均值)，不低于 0",
            ),
            Self::Trend => Text::new(
                "100, or 100 × (1 − growth ÷ mean lead time before) once it has grown, at least 0",
                "100；变长后为 100 × (1 − 增量 ÷ 变化前均值)，不低于 0",
            ),
            Self::Quantity => Text::new(
                "100 × (1 − mean |received − ordered| ÷ ordered), at least 0",
                "100 × (1 − 平均 |收货 − 订货| ÷ 订货)，不低于 0",
            ),
        }
    }
}

/// How much each part counts, ≥ 0; only their ratio matters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreWeights([f64; ScorePart::ALL.len()]);

impl Default for ScoreWeights {
    /// Time and quantity as promised make half of it; that is what production and shelves feel.
    fn default() -> Self {
        Self([30.0, 20.0, 15.0, 20.0, 10.0, 5.0])
    }
}

impl ScoreWeights {
    /// The weight of a part.
    pub fn get(&self, part: ScorePart) -> f64 {
        let weight = self.0[part as usize];
        if weight.is_finite() { weight.max(0.0) } else { 0.0 }
    }

    /// The same weights but for one part.
    #[must_use]
    pub fn with(mut self, part: ScorePart, weight: f64) -> Self {
        self.0[part as usize] = if weight.is_finite() { weight.clamp(0.0, 100.0) } else { 0.0 };
        self
    }

    /// The share of a part in the score, in `[0, 1]`, when all parts are known.
    pub fn share(&self, part: ScorePart) -> f64 {
        let all: f64 = ScorePart::ALL.into_iter().map(|p| self.get(p)).sum();
        if all > 0.0 { self.get(part) / all } else { 0.0 }
    }
}

/// One supplier's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplierFigures {
    /// The supplier.
    pub supplier: Arc<str>,
    /// Order lines: one item of one order.
    pub lines: usize,
    /// Receipts.
    pub receipts: usize,
    /// Items and locations delivered.
    pub items: usize,
    /// Lines with a due date.
    pub due: usize,
    /// Due dates that somebody promised; the others are the item list's lead time with a tolerance.
    pub promised: usize,
    /// Share of lines that were whole when due, in `[0, 1]`; `None` without due dates.
    pub on_time: Option<f64>,
    /// Share of lines of which all came, in `[0, 1]`; `None` without ordered quantities.
    pub in_full: Option<f64>,
    /// Share of lines of which all had come when due, in `[0, 1]`; `None` without due dates or quantities.
    pub on_time_in_full: Option<f64>,
    /// Mean days late, a line that is early counting 0; `None` without due dates.
    pub days_late: Option<f64>,
    /// Mean lead time, days; `None` when nothing was learnt.
    pub lead_time_days: Option<f64>,
    /// Deviation of the lead time around each item's mean, days; `None` when no item has two orders.
    pub lead_time_sd_days: Option<f64>,
    /// The last change of its lead times.
    pub change: Option<LeadChange>,
    /// Mean of |received − ordered| as a share of ordered; `None` without ordered quantities.
    pub quantity_error: Option<f64>,
    /// Received quantity at unit cost, money.
    pub spend: f64,
    /// Share in all suppliers' spend, in `[0, 1]`.
    pub spend_share: f64,
    /// Safety stock that the deviation of its lead times calls for, at unit cost, money.
    pub safety_capital: f64,
    /// Holding cost of that a year, money.
    pub safety_cost: f64,
}

/// One supplier's score.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplierScore {
    /// The figures behind it.
    pub figures: SupplierFigures,
    /// Each part from 0 to 100, in the order of [`ScorePart::ALL`]; `None` where the figures lack.
    pub parts: [Option<f64>; ScorePart::ALL.len()],
    /// What each part brings to the score, in the same order: weight × part over the weights of the parts known.
    pub points: [Option<f64>; ScorePart::ALL.len()],
    /// From 0 to 100; `None` when no part is known.
    pub score: Option<f64>,
    /// Place, from 1; equal scores share one.
    pub rank: usize,
    /// What to know about it.
    pub note: Text,
}

/// All suppliers, best first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scorecard {
    /// How much each part counts.
    pub weights: ScoreWeights,
    /// The suppliers, best first.
    pub suppliers: Vec<SupplierScore>,
}
