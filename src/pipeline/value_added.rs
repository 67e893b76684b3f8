//! Which steps of the ladder naive → chosen → override were worth taking: by group, by level of override, by author.

use super::layers::holds;
use super::{Forecasts, Inputs};
use crate::control::{Cancelled, Control};
use crate::forecast::{self, LadderCase};
use crate::model::{
    ForecastOverride, ForecastScope, GroupLevel, KeptForecast, LadderOf, LadderRow, LadderSource, OverrideState,
    Period, SeriesId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Levels whose groups have a row of their own.
const LEVELS: [GroupLevel; 3] = [GroupLevel::Category, GroupLevel::Region, GroupLevel::Location];

/// A case, and the level and author of every override that had a say in it.
struct Judged {
    case: LadderCase,
    by: Vec<(&'static str, String)>,
}

/// The ladders of a panel: of the backtest's cut-offs, all together and by group; of past overrides as they would have
/// changed them; and of kept forecasts that were overridden. Empty where no cut-off and no forecast was kept.
///
/// A past override is put on a cut-off when it was `created` before it, or, when that isn't known, when its first period
/// isn't before it. Naive is the last value before the cut-off, for every step.
///
/// # Errors
/// [`Cancelled`].
pub fn ladders(
    inputs: &Inputs,
    forecasts: &Forecasts,
    kept: &[KeptForecast],
    control: &Control,
) -> Result<Vec<LadderRow>, Cancelled> {
    let mut rows = Vec::new();
    let cases = backtested(inputs, forecasts, control)?;
    let all: Vec<&LadderCase> = cases.iter().collect();
    push(&mut rows, LadderSource::Backtest, LadderOf::All, &all);
    for level in LEVELS {
        let groups = grouped(&all, |case| group(inputs, level, &case.id));
        // One group alone is everything again.
        if groups.len() > 1 {
            for (name, cases) in groups {
                push(&mut rows, LadderSource::Backtest, LadderOf::Group(level, name), &cases);
            }
        }
    }
    judged(&mut rows, LadderSource::Replayed, &replayed(inputs, forecasts, control)?);
    judged(&mut rows, LadderSource::Kept, &sold(inputs, kept));
    Ok(rows)
}

fn push(rows: &mut Vec<LadderRow>, source: LadderSource, of: LadderOf, cases: &[&LadderCase]) {
    rows.extend(forecast::ladder(cases).map(|ladder| LadderRow { source, of, ladder }));
}

/// Overridden cases all together, by level of override, by author.
fn judged(rows: &mut Vec<LadderRow>, source: LadderSource, cases: &[Judged]) {
    let all: Vec<&LadderCase> = cases.iter().map(|j| &j.case).collect();
    push(rows, source, LadderOf::All, &all);
    let mut scopes: BTreeMap<&'static str, Vec<&LadderCase>> = BTreeMap::new();
    let mut authors: BTreeMap<&str, Vec<&LadderCase>> = BTreeMap::new();
    for Judged { case, by } in cases {
        // Several overrides of one author on one case are one judgement.
        let (levels, people): (BTreeSet<&'static str>, BTreeSet<&str>) =
            by.iter().map(|(scope, author)| (*scope, author.as_str())).unzip();
        for scope in levels {
            scopes.entry(scope).or_default().push(case);
        }
        for author in people {
            authors.entry(author).or_default().push(case);
        }
    }
    for (scope, cases) in scopes {
        push(rows, source, LadderOf::Scope(scope), &cases);
    }
    for (author, cases) in authors {
        push(rows, source, LadderOf::Author(author.to_owned()), &cases);
    }
}

fn grouped<'a>(
    cases: &[&'a LadderCase],
    name: impl Fn(&LadderCase) -> Arc<str>,
) -> BTreeMap<Arc<str>, Vec<&'a LadderCase>> {
    let mut groups: BTreeMap<Arc<str>, Vec<&LadderCase>> = BTreeMap::new();
    for case in cases {
        groups.entry(name(case)).or_default().push(case);
    }
    groups
}

fn group(inputs: &Inputs, level: GroupLevel, id: &SeriesId) -> Arc<str> {
    match level {
        GroupLevel::Category => inputs.items.lookup(id).category,
        GroupLevel::Region => inputs.regions.of_series(id),
        _ => id.location.clone(),
    }
}

/// What the chosen model had said at a cut-off of a series, and what naive would have.
struct Origin {
    id: SeriesId,
    naive: f64,
    chosen: Vec<f64>,
    actual: Vec<f64>,
}

/// The cut-offs of all series by their first period.
fn origins(inputs: &Inputs, forecasts: &Forecasts) -> BTreeMap<Period, Vec<Origin>> {
    let mut origins: BTreeMap<Period, Vec<Origin>> = BTreeMap::new();
    for forecast in forecasts.iter() {
        let (Some(series), model) = (inputs.panel.get(&forecast.id), &forecast.best().model) else { continue };
        for cutoff in &forecast.cutoffs {
            let before = usize::try_from(cutoff.start.since(series.start) - 1).ok().and_then(|t| series.values.get(t));
            let chosen = cutoff.of(model).map(|f| f.mean.clone());
            if let Some((naive, chosen)) = before.copied().zip(chosen) {
                let (id, actual) = (forecast.id.clone(), cutoff.actual.clone());
                origins.entry(cutoff.start).or_default().push(Origin { id, naive, chosen, actual });
            }
        }
    }
    origins
}

fn backtested(inputs: &Inputs, forecasts: &Forecasts, control: &Control) -> Result<Vec<LadderCase>, Cancelled> {
    let mut cases = Vec::new();
    for (start, origins) in origins(inputs, forecasts) {
        control.check()?;
        for origin in origins {
            for (h, (chosen, actual)) in origin.chosen.iter().zip(&origin.actual).enumerate() {
                cases.push(case(&origin, (start, h), (*actual, *chosen), None));
            }
        }
    }
    Ok(cases)
}

fn case(origin: &Origin, (start, h): (Period, usize), (actual, chosen): (f64, f64), last: Option<f64>) -> LadderCase {
    let (id, naive, period) = (origin.id.clone(), origin.naive, start.plus(h as i64));
    LadderCase { id, period, lead: h + 1, actual, naive, chosen, last }
}

/// Cut-offs with the overrides that were known then, where those changed anything.
fn replayed(inputs: &Inputs, forecasts: &Forecasts, control: &Control) -> Result<Vec<Judged>, Cancelled> {
    let mut cases = Vec::new();
    if inputs.judgement.overrides.is_empty() {
        return Ok(cases);
    }
    for (start, origins) in origins(inputs, forecasts) {
        control.check()?;
        let known: Vec<ForecastOverride> =
            inputs.judgement.overrides.iter().filter(|o| was_known(o, start)).cloned().collect();
        let mut means: Vec<Vec<f64>> = origins.iter().map(|o| o.chosen.clone()).collect();
        let members = |scope: &ForecastScope| {
            (0..origins.len()).filter(|k| holds(inputs, scope, &origins[*k].id)).collect::<Vec<usize>>()
        };
        let applied = forecast::apply_overrides(&known, &members, &mut means, (start, start.plus(-1)));
        for (origin, means) in origins.iter().zip(&means) {
            for (h, ((chosen, actual), last)) in origin.chosen.iter().zip(&origin.actual).zip(means).enumerate() {
                if chosen.to_bits() == last.to_bits() {
                    continue;
                }
                let touches = |o: &&ForecastOverride| {
                    o.steps(start, means.len()).contains(&h) && holds(inputs, &o.scope, &origin.id)
                };
                let by = applied.iter().filter(|a| a.state == OverrideState::Applied).map(|a| &a.given);
                let by = by.filter(touches).map(|o| (o.scope.parts().0, o.author.clone())).collect();
                cases.push(Judged { case: case(origin, (start, h), (*actual, *chosen), Some(*last)), by });
            }
        }
    }
    Ok(cases)
}

/// Whether an override could have been made before the cut-off.
fn was_known(given: &ForecastOverride, start: Period) -> bool {
    let created = Period::parse(&given.created).and_then(Period::first_day);
    match created.zip(start.first_day()) {
        Some((created, start)) => created < start,
        None => given.first >= start,
    }
}

/// Kept forecasts against what was sold since, where overriding changed them.
fn sold(inputs: &Inputs, kept: &[KeptForecast]) -> Vec<Judged> {
    let mut cases = Vec::new();
    for forecast in kept {
        let Some(series) = inputs.panel.get(&forecast.id) else { continue };
        if forecast.start.frequency() != inputs.panel.frequency() {
            continue;
        }
        for (h, (chosen, last)) in forecast.statistical.iter().zip(&forecast.last).enumerate() {
            let at = forecast.start.plus(h as i64).since(series.start);
            let actual = usize::try_from(at).ok().and_then(|at| series.values.get(at));
            if let Some(actual) = actual.filter(|_| chosen.to_bits() != last.to_bits()) {
                let (id, period) = (forecast.id.clone(), forecast.start.plus(h as i64));
                let touches = forecast.touched.iter().filter(|t| (t.first..=t.last).contains(&h));
                let by = touches.map(|t| (t.scope.parts().0, t.author.clone())).collect();
                let (naive, chosen) = (forecast.naive, *chosen);
                let case = LadderCase { id, period, lead: h + 1, actual: *actual, naive, chosen, last: Some(*last) };
                cases.push(Judged { case, by });
            }
        }
    }
    cases
}
