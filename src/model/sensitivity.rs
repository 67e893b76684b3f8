//! What matters: levers a little less and a little more, and two against each other.

use super::portfolio::{PortfolioFigure, PortfolioTotals};
use super::scenario::{Change, Lever};

/// A lever moved by a factor (or by a difference, for a share) for everything in a scope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// The lever.
    pub lever: Lever,
    /// What it is multiplied by, lower and upper end; for a service level, what is added to it.
    pub ends: (f64, f64),
}

/// The swings a tornado tries: each lever as far as it usually is off.
pub const SWINGS: [Swing; 9] = [
    Swing { lever: Lever::Demand, ends: (0.9, 1.1) },
    Swing { lever: Lever::LeadTimeDays, ends: (0.8, 1.2) },
    Swing { lever: Lever::LeadTimeSdDays, ends: (0.5, 1.5) },
    Swing { lever: Lever::ReviewPeriodDays, ends: (0.5, 1.5) },
    Swing { lever: Lever::ServiceLevel, ends: (-0.03, 0.015) },
    Swing { lever: Lever::HoldingRate, ends: (0.8, 1.2) },
    Swing { lever: Lever::ShortageCost, ends: (0.8, 1.2) },
    Swing { lever: Lever::OrderCost, ends: (0.8, 1.2) },
    Swing { lever: Lever::UnitCost, ends: (0.95, 1.05) },
];

impl Swing {
    /// The swing that a tornado tries of a lever.
    pub fn of(lever: Lever) -> Option<Self> {
        SWINGS.into_iter().find(|swing| swing.lever == lever)
    }

    /// The change that moves the lever to one end or between.
    pub fn change(&self, by: f64) -> Change {
        if matches!(self.lever, Lever::ServiceLevel | Lever::FillRate) { Change::Add(by) } else { Change::Scale(by) }
    }

    /// The same lever, twice as far: what a sweep looks at. A service level has no room to go up twice as far.
    #[must_use]
    pub fn wider(self) -> Self {
        let (low, high) = self.ends;
        let ends = match self.lever {
            Lever::ServiceLevel => ((2.0 * low).max(-0.2), high),
            _ => ((1.0 + 2.0 * (low - 1.0)).max(0.0), 1.0 + 2.0 * (high - 1.0)),
        };
        Self { ends, ..self }
    }
}

/// One bar of a tornado.
#[derive(Debug, Clone, PartialEq)]
pub struct TornadoBar {
    /// The lever and how far it was moved.
    pub swing: Swing,
    /// Totals at the lower end.
    pub low: PortfolioTotals,
    /// Totals at the upper end.
    pub high: PortfolioTotals,
}

impl TornadoBar {
    /// How far a figure moves between the ends.
    pub fn width(&self, figure: PortfolioFigure) -> f64 {
        let (low, high) = (self.low.get(figure), self.high.get(figure));
        (high - low).abs()
    }
}

/// Two levers against each other, `totals[row][column]`.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoWay {
    /// The lever of the rows.
    pub rows: Lever,
    /// Its steps.
    pub row_steps: Vec<f64>,
    /// The lever of the columns.
    pub columns: Lever,
    /// Its steps.
    pub column_steps: Vec<f64>,
    /// The totals.
    pub totals: Vec<Vec<PortfolioTotals>>,
}
