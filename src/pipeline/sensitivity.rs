//! What matters: each lever a little less and a little more (tornado), and two levers against each other (two-way sweep).

use super::portfolio::{Portfolio, PortfolioFigures};
use crate::control::{Cancelled, Control};
use crate::model::{Change, Item, Lever, PortfolioFigure, PortfolioTotals, Scenario, StockPolicy};
use crate::words::Text;

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
    /// The change that moves the lever to one end or between.
    pub fn change(&self, by: f64) -> Change {
        if matches!(self.lever, Lever::ServiceLevel | Lever::FillRate) { Change::Add(by) } else { Change::Scale(by) }
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

/// All swings, tried one at a time, the widest for `figure` first; and the totals that they start from.
///
/// # Errors
/// [`Cancelled`].
pub fn tornado(
    portfolio: &Portfolio,
    scenario: &Scenario,
    policy: StockPolicy,
    figure: PortfolioFigure,
    control: &Control,
) -> Result<(PortfolioTotals, Vec<TornadoBar>), Cancelled> {
    let stage = Text::new("Moving each lever", "逐个调整参数");
    let now = portfolio.evaluate(scenario, policy, None, control)?;
    let mut bars = Vec::with_capacity(SWINGS.len());
    for (k, swing) in SWINGS.into_iter().enumerate() {
        control.report(k as f64 / SWINGS.len() as f64, &stage)?;
        let at = |by: f64| totals_with(portfolio, (scenario, policy), &[(swing, by)], Some(&now), control);
        bars.push(TornadoBar { swing, low: at(swing.ends.0)?, high: at(swing.ends.1)? });
    }
    bars.sort_by(|a, b| b.width(figure).total_cmp(&a.width(figure)));
    Ok((now.totals, bars))
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

/// Most steps of a sweep's side.
const MOST_STEPS: usize = 15;

/// Moves two levers against each other between their ends, in `steps` steps each (3 to 15).
///
/// # Errors
/// [`Cancelled`].
pub fn two_way(
    portfolio: &Portfolio,
    (scenario, policy): (&Scenario, StockPolicy),
    (rows, columns): (Swing, Swing),
    steps: usize,
    control: &Control,
) -> Result<TwoWay, Cancelled> {
    let stage = Text::new("Sweeping two levers", "双参数扫描");
    let steps = steps.clamp(3, MOST_STEPS);
    let between = |ends: (f64, f64)| -> Vec<f64> {
        (0..steps).map(|k| ends.0 + (ends.1 - ends.0) * k as f64 / (steps - 1) as f64).collect()
    };
    let (row_steps, column_steps) = (between(rows.ends), between(columns.ends));
    let mut totals = Vec::with_capacity(steps);
    for (k, row) in row_steps.iter().enumerate() {
        let mut line = Vec::with_capacity(steps);
        for (j, column) in column_steps.iter().enumerate() {
            control.report((k * steps + j) as f64 / (steps * steps) as f64, &stage)?;
            let moved = [(rows, *row), (columns, *column)];
            line.push(totals_with(portfolio, (scenario, policy), &moved, None, control)?);
        }
        totals.push(line);
    }
    Ok(TwoWay { rows: rows.lever, row_steps, columns: columns.lever, column_steps, totals })
}

/// Totals with levers moved on top of what the scenario says: each item from where it stands.
fn totals_with(
    portfolio: &Portfolio,
    from: (&Scenario, StockPolicy),
    moved: &[(Swing, f64)],
    now: Option<&PortfolioFigures>,
    control: &Control,
) -> Result<PortfolioTotals, Cancelled> {
    let adjust = |_: usize, item: &mut Item, demand: &mut f64| {
        for (swing, by) in moved {
            match swing.lever {
                Lever::Demand => *demand *= by,
                lever => *item = item.with_change(lever, swing.change(*by)),
            }
        }
    };
    Ok(portfolio.evaluate_adjusted(from, &adjust, now, control)?.totals)
}
