//! What would be forecast were an input another: the data are changed and the same weights forecast anew.

use super::super::TrainedNetwork;
use super::case::Case;
use super::words;
use crate::control::Control;
use crate::forecast::events::{DriverColumn, Measure};
use crate::forecast::{ForecastError, Options};
use crate::model::{ChangedInput, InputChange, Period, SalesPanel, SeriesId, WhatIf};

/// Inputs that are changed at once, at most.
const MOST_CHANGES: usize = 1000;
/// Largest value that may be asked about.
const LARGEST: f64 = 1e15;
/// What demand is called among the inputs.
const DEMAND: &str = "demand";

/// The forecast that `network` makes of one series of a panel, and the one that it would make with `changes` in the data.
/// Level, season and the drivers' sizes are measured anew on the changed data, as in any forecast; nothing is trained.
///
/// # Errors
/// [`ForecastError::Refused`] when the network can't forecast the series or there is no such input,
/// [`ForecastError::Cancelled`].
pub fn what_if(
    network: &TrainedNetwork,
    (panel, id): (&SalesPanel, &SeriesId),
    changes: &[InputChange],
    options: &Options,
    control: &Control,
) -> Result<WhatIf, ForecastError> {
    if changes.len() > MOST_CHANGES {
        return Err(ForecastError::Refused(words::too_many(MOST_CHANGES)));
    }
    let case = Case::new((panel, id), network, options, control)?;
    let before = case.forecast(network, control)?;
    let own = &case.series[0];
    let (start, mut values) = (own.start, own.values.to_vec());
    let mut columns: Vec<DriverColumn> = case.columns(network).into_iter().cloned().collect();
    for InputChange { of, period, value } in changes {
        let name = if let ChangedInput::Driver(name) = of { name } else { DEMAND };
        if value.is_nan() || value.abs() > LARGEST {
            return Err(ForecastError::Refused(words::no_number(name)));
        }
        match of {
            ChangedInput::Demand => {
                let at = row((start, values.len()), DEMAND, *period)?;
                values[at] = *value;
            }
            ChangedInput::Driver(name) => {
                let Some(column) = columns.iter_mut().find(|c| c.name.en == **name) else {
                    let known: Vec<String> = columns.iter().map(|c| c.name.en.clone()).collect();
                    return Err(ForecastError::Refused(words::unknown_input(name, &known)));
                };
                if column.measure == Measure::Share && !(0.0..=1.0).contains(value) {
                    return Err(ForecastError::Refused(words::no_share(name, *value)));
                }
                *column = column.with(row((start, column.values().len()), name, *period)?, *value);
            }
        }
    }
    let after = case.with((values.into(), columns), network, control)?.forecast(network, control)?;
    Ok(WhatIf { start: panel.end().plus(1), before, after })
}

/// Where a period lies among `rows` that begin with `start`.
fn row((start, rows): (Period, usize), name: &str, period: Period) -> Result<usize, ForecastError> {
    let alike = period.frequency() == start.frequency();
    let at = if alike { usize::try_from(period.since(start)).ok() } else { None };
    at.filter(|at| *at < rows).ok_or_else(|| {
        let last = start.plus(rows as i64 - 1);
        ForecastError::Refused(words::outside(name, (start, last), period))
    })
}
