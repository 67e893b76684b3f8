//! Drivers and calendars → regressors.
//!
//! The user states values ([`Drivers`]: prices, promotions, any number), named events and which feasts count; every series
//! gets a matrix over its history and horizon. Reading order: `moving` (when a feast falls) with `lunar`, `feasts` (which
//! there are), `share` (days → periods), `stated` (values → periods), `build` (one series), `matrix` (what a method
//! sees), `notes` (what is said of drivers that were left out).

mod moving;

mod lunar;

mod feasts;
mod share;
mod stated;

mod build;
mod matrix;
mod notes;

#[cfg(test)]
mod tests;

pub use matrix::Matrices;
pub(crate) use matrix::{DriverColumn, DriverMatrix, Measure};

use crate::control::{Cancelled, Control};
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Drivers, SalesPanel, Series, SeriesId};
use crate::text;
use build::Feasts;
use notes::Note;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The matrices of all series, each over its history and `horizon` more periods.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn matrices(
    series: &[Series],
    drivers: &Drivers,
    horizon: usize,
    control: &Control,
) -> Result<Matrices, Cancelled> {
    let found = build_all(series, drivers, horizon, control)?;
    Ok(Matrices::new(found.into_iter().map(|(id, matrix, _)| (id.clone(), matrix))))
}

/// What is to say about the drivers of a panel; see [`crate::forecast::check_drivers`].
pub(crate) fn check(
    panel: &SalesPanel,
    drivers: &Drivers,
    horizon: usize,
    control: &Control,
) -> Result<Diagnostics, Cancelled> {
    let mut diagnostics = Diagnostics::default();
    let found = build_all(panel.series(), drivers, horizon, control)?;
    let notes = found.iter().flat_map(|(id, _, notes)| notes.iter().map(move |note| (*id, note)));
    notes::gather(notes, &mut diagnostics);
    unknown_scopes(panel, drivers, &mut diagnostics);
    Ok(diagnostics)
}

type Built<'a> = (&'a SeriesId, DriverMatrix, Vec<Note>);

fn build_all<'a>(
    series: &'a [Series],
    drivers: &Drivers,
    horizon: usize,
    control: &Control,
) -> Result<Vec<Built<'a>>, Cancelled> {
    let Some(first) = series.iter().map(|s| s.start).min().filter(|_| !drivers.is_empty()) else {
        return Ok(Vec::new());
    };
    let last = series[0].start.since(first) as usize + series[0].values.len();
    let feasts = Feasts::new(drivers, first, last + horizon);
    let one = |s: &'a Series| {
        control.check()?;
        let (matrix, notes) = build::build(s, drivers, &feasts, horizon);
        Ok((&s.id, matrix, notes))
    };
    series.par_iter().map(one).collect()
}

/// Rows for items or locations that have no sales.
fn unknown_scopes(panel: &SalesPanel, drivers: &Drivers, diagnostics: &mut Diagnostics) {
    let items: BTreeSet<&str> = panel.series().iter().map(|s| &*s.id.item).collect();
    let locations: BTreeSet<&str> = panel.series().iter().map(|s| &*s.id.location).collect();
    let known = |scope: &SeriesId| match (scope.item.is_empty(), scope.location.is_empty()) {
        (false, false) => panel.get(scope).is_some(),
        (false, true) => items.contains(&*scope.item),
        (true, false) => locations.contains(&*scope.location),
        (true, true) => true,
    };
    let scopes = drivers.values.iter().map(|v| &v.scope).chain(drivers.events.iter().map(|e| &e.scope));
    let mut scopes: Vec<&SeriesId> = scopes.collect();
    scopes.sort();
    scopes.dedup();
    let unknown: Vec<&SeriesId> = scopes.into_iter().filter(|scope| !known(scope)).collect();
    let Some(example) = unknown.first() else { return };
    let count = unknown.len();
    diagnostics.warning(
        "driver-without-sales",
        text!(
            "{count} items or locations with drivers have no sales, first: {example}",
            "{count} 个有驱动因素的物料或地点没有销售数据，首个：{example}"
        ),
        text!("Check that the codes are written as in the sales file", "请核对编码是否与销售文件一致"),
        Place::default(),
    );
}
