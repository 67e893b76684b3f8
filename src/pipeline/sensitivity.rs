//! What matters: each lever a little less and a little more (tornado), and two levers against each other (two-way sweep).

use super::portfolio::{Portfolio, PortfolioFigures};
use crate::control::{Cancelled, Control};
use crate::model::{
    Item, Lever, PortfolioFigure, PortfolioTotals, SWINGS, Scenario, StockPolicy, Swing, TornadoBar, TwoWay,
};
use crate::words::Text;

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
