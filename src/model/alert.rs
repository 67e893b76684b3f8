//! Alerts: what needs somebody, with the money at stake, and what people said to them.

use super::calendar::Period;
use super::sales::SeriesId;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertKind {
    /// Stock may be gone before an order placed now arrives.
    RunsOut,
    /// Stock is so far below the reorder point that the order should have been placed before.
    OrderOverdue,
    /// An order is due in the first period.
    OrderDue,
    /// An active disruption card would empty the shelf before things are as usual again.
    Exposed,
    /// The plan serves less than what is wanted.
    LowService,
    /// Stock is negative: customers wait, or the count is wrong.
    NegativeStock,
    /// The max level is below the reorder point: every order is too small.
    MaxBelowReorder,
    /// The forecast has been wrong in one direction.
    ForecastDrift,
    /// Goods take longer, or less long, than the master data says.
    StaleLeadTime,
    /// Nobody said how long goods take.
    UnknownLeadTime,
    /// More stock than can be sold while it keeps.
    ShelfLife,
    /// More stock than needed.
    Excess,
    /// Stock that nobody asks for.
    Dead,
}

impl AlertKind {
    /// All kinds, gravest first.
    pub const ALL: [Self; 13] = [
        Self::RunsOut,
        Self::OrderOverdue,
        Self::OrderDue,
        Self::Exposed,
        Self::LowService,
        Self::NegativeStock,
        Self::MaxBelowReorder,
        Self::ForecastDrift,
        Self::StaleLeadTime,
        Self::UnknownLeadTime,
        Self::ShelfLife,
        Self::Excess,
        Self::Dead,
    ];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::RunsOut => Text::new("Runs out", "将缺货"),
            Self::OrderOverdue => Text::new("Order overdue", "订货逾期"),
            Self::OrderDue => Text::new("Order due", "应订货"),
            Self::Exposed => Text::new("Exposed to disruption", "受中断影响"),
            Self::LowService => Text::new("Low service", "服务偏低"),
            Self::NegativeStock => Text::new("Negative stock", "库存为负"),
            Self::MaxBelowReorder => Text::new("Max below reorder point", "最高库存过低"),
            Self::ForecastDrift => Text::new("Forecast drifts", "预测偏移"),
            Self::StaleLeadTime => Text::new("Lead time stale", "提前期过时"),
            Self::UnknownLeadTime => Text::new("Lead time unknown", "提前期未知"),
            Self::ShelfLife => Text::new("Expires", "将过期"),
            Self::Excess => Text::new("Excess stock", "库存过剩"),
            Self::Dead => Text::new("Dead stock", "呆滞库存"),
        }
    }

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::RunsOut => "runs-out",
            Self::OrderOverdue => "order-overdue",
            Self::OrderDue => "order-due",
            Self::Exposed => "exposed",
            Self::LowService => "low-service",
            Self::NegativeStock => "negative-stock",
            Self::MaxBelowReorder => "max-below-reorder",
            Self::ForecastDrift => "forecast-drift",
            Self::StaleLeadTime => "stale-lead-time",
            Self::UnknownLeadTime => "unknown-lead-time",
            Self::ShelfLife => "expires",
            Self::Excess => "excess",
            Self::Dead => "dead",
        }
    }
}

/// Something that needs somebody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// Whom it is about.
    pub id: SeriesId,
    /// Money at stake over the horizon: what is lost when nothing is done. Alerts are ranked by it.
    pub money: f64,
    /// Money tied up in stock that isn't needed; 0 for other alerts.
    pub tied_up: f64,
    /// When it happens.
    pub when: Period,
    /// Why it was raised.
    pub why: Text,
    /// What to do.
    pub action: Text,
    /// The number it comes from, and how.
    pub source: Text,
}

/// When alerts are raised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertSettings {
    /// Probability of running out before an order placed now arrives, from which it is told, in `(0, 1)`.
    pub run_out: f64,
    /// Days of forecast demand beyond which stock, on hand and on order, is excess.
    pub excess_days: f64,
    /// Days without demand after which stock is dead.
    pub dead_days: f64,
    /// Smoothed tracking signal beyond which a forecast has drifted, in `(0, 1)`.
    pub drift: f64,
    /// Fill rate below which service is low, in `(0, 1)`, for items that state no target of their own.
    pub fill_rate: f64,
    /// Share by which a learnt lead time may differ from the stated one.
    pub lead_time: f64,
    /// Money at stake below which nobody is told, ≥ 0.
    pub least_money: f64,
}

impl Default for AlertSettings {
    /// One in five to run out is worth a call; half a year of stock or without sales is the usual cut of stock reviews; the
    /// signal of an unbiased forecast passes 0.6 about once in forty periods.
    fn default() -> Self {
        Self {
            run_out: 0.2,
            excess_days: 180.0,
            dead_days: 180.0,
            drift: 0.6,
            fill_rate: 0.95,
            lead_time: 0.25,
            least_money: 0.0,
        }
    }
}

impl AlertSettings {
    /// The same settings with every number in its range; what is no number goes back to its default.
    #[must_use]
    pub fn sound(self) -> Self {
        let usual = Self::default();
        let within =
            |x: f64, usual: f64, (low, high): (f64, f64)| if x.is_finite() { x.clamp(low, high) } else { usual };
        Self {
            run_out: within(self.run_out, usual.run_out, (0.01, 0.99)),
            excess_days: within(self.excess_days, usual.excess_days, (1.0, 3650.0)),
            dead_days: within(self.dead_days, usual.dead_days, (1.0, 3650.0)),
            drift: within(self.drift, usual.drift, (0.05, 0.99)),
            fill_rate: within(self.fill_rate, usual.fill_rate, (0.01, 0.999)),
            lead_time: within(self.lead_time, usual.lead_time, (0.01, 10.0)),
            least_money: within(self.least_money, usual.least_money, (0.0, 1e12)),
        }
    }
}

/// What became of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlertState {
    /// It needs somebody.
    Open,
    /// Somebody dealt with it; it comes back when newer data raise it again.
    Done,
    /// It waits until this period.
    Snoozed(Period),
}

/// What somebody said to an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertMark {
    /// What the alert is about.
    pub kind: AlertKind,
    /// Whom it is about.
    pub id: SeriesId,
    /// What became of it.
    pub state: AlertState,
    /// First period of the plan that raised it.
    pub start: Period,
    /// Who said so; may be empty.
    pub author: String,
    /// The day on which it was said, `2026-11-30`; may be empty.
    pub created: String,
    /// Why; may be empty.
    pub reason: String,
}

impl AlertMark {
    /// What becomes of the alert in a plan that begins with `start`.
    pub fn state_at(&self, start: Period) -> AlertState {
        let same = start.frequency() == self.start.frequency();
        match self.state {
            AlertState::Done if same && start <= self.start => AlertState::Done,
            AlertState::Snoozed(until) if start.frequency() == until.frequency() && start < until => {
                AlertState::Snoozed(until)
            }
            _ => AlertState::Open,
        }
    }
}

/// What somebody said to each alert, by kind and item.
pub(crate) fn mark_of<'a>(marks: &'a [AlertMark], alert: &Alert) -> Option<&'a AlertMark> {
    let order = |m: &AlertMark| (m.kind, &m.id).cmp(&(alert.kind, &alert.id));
    marks.binary_search_by(order).ok().map(|k| &marks[k])
}

/// How warnings of stock-outs at one threshold would have done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AlertScore {
    /// Probability from which one is raised.
    pub threshold: f64,
    /// Raised, and stock ran out.
    pub hits: usize,
    /// Raised, and stock lasted.
    pub false_alarms: usize,
    /// Not raised, and stock ran out.
    pub misses: usize,
    /// Not raised, and stock lasted.
    pub quiet: usize,
}

impl AlertScore {
    /// Share of warnings that came true; `None` when none was raised.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.hits, self.hits + self.false_alarms)
    }

    /// Share of stock-outs that were told; `None` when there was none.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.hits, self.hits + self.misses)
    }

    /// Harmonic mean of both, `2·hits / (2·hits + false alarms + misses)`; `None` when there was neither.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)
    }
}

fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How warnings of stock-outs would have done, replayed over the latest history.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AlertReplay {
    /// Scores by threshold, lowest first.
    pub scores: Vec<AlertScore>,
    /// Items replayed.
    pub items: usize,
    /// Origins of each item, at most.
    pub origins: usize,
    /// Origins of all items: warnings that might have been raised.
    pub cases: usize,
    /// Of these, those after which stock ran out before an order would have come.
    pub stockouts: usize,
}

impl AlertReplay {
    /// The threshold with the largest F1; the higher one of equals, since it calls less often.
    pub fn best(&self) -> Option<&AlertScore> {
        let known = self.scores.iter().filter(|s| s.f1().is_some_and(|f| f > 0.0));
        known.max_by(|a, b| a.f1().unwrap_or(0.0).total_cmp(&b.f1().unwrap_or(0.0)))
    }

    /// The score nearest to a threshold.
    pub fn at(&self, threshold: f64) -> Option<&AlertScore> {
        let far = |s: &AlertScore| (s.threshold - threshold).abs();
        self.scores.iter().min_by(|a, b| far(a).total_cmp(&far(b)))
    }
}
