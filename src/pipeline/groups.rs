//! Groups' forecasts as people read them: history, own forecast, sum of the series, reconciled, final with intervals.
//!
//! **Where a group's interval comes from.** Its paths are the sums of its series' final paths, path `k` of the group from
//! path `k` of every series, and its interval is read from them. So interval, stock and group tell one story: summing is
//! how a sample of the bottom series becomes a coherent sample of everything (Panagiotelis, Gamakumara, Athanasopoulos &
//! Hyndman 2023, *Probabilistic forecast reconciliation: Properties, evaluation and score optimisation*, Eur. J. Operational
//! Research 306), whatever moved the series before: reconciliation, overrides, a scenario.
//!
//! **What is assumed.** Series' paths are drawn independently of each other. Ben Taieb, Taylor & Hyndman (2017, *Coherent
//! probabilistic forecasts for hierarchical time series*, ICML) reorder them by the ranks of past errors instead; that
//! changes no series' own distribution, only the sums. We don't: whole paths are what stock is simulated on, and reordering
//! whole paths carries dependence between totals but hardly between the periods of noisy series. Instead the interval is
//! stretched around the mean by the group's `spread`: by how much its past errors were wider than independent ones.

use super::hierarchy::hierarchy;
use super::{Inputs, Layered, Settings};
use crate::control::{Cancelled, Control};
use crate::forecast::Reconciliation;
use crate::forecast::hierarchy::{Level, Node, sum_of};
use crate::model::{
    Forecast, GroupForecast, GroupLevel, LayerKind, SalesPanel, SamplePaths, Series, SeriesForecast, SeriesId,
};
use crate::text;
use crate::words::Text;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fewest past periods in which two series erred that say whether they err together.
const FEWEST_ERRORS: usize = 12;
/// Most that an interval is stretched or shrunk by: beyond, the past holds something that errors don't explain.
const MOST_STRETCHED: f64 = 10.0;
/// Most past periods looked at: two years of weeks.
const MOST_ERRORS: usize = 104;

/// All groups of a panel, level by level; none for a panel of one series or with more groups than can be forecast.
/// `finals` are the series' final forecasts, in panel order.
///
/// # Errors
/// [`Cancelled`].
pub fn group_forecasts(
    inputs: &Inputs,
    layered: &Layered,
    finals: &[&Forecast],
    settings: &Settings,
    control: &Control,
) -> Result<Arc<Vec<GroupForecast>>, Cancelled> {
    let panel = &inputs.panel;
    let fits = panel.series().len() > 1 && finals.len() == panel.series().len();
    let all = fits.then(|| hierarchy(panel, (&inputs.items, &inputs.regions)).ok()).flatten();
    let Some(all) = all else { return Ok(Arc::default()) };
    let own = own_forecasts(layered);
    let errors: Vec<Vec<f64>> = layered.statistical.iter().zip(panel.series()).map(|(f, s)| errors(f, s)).collect();
    let how = match &settings.reconciliation {
        Reconciliation::None => text!("sum of its series", "所属序列之和"),
        method => method.label(),
    };
    let work =
        Work { panel, layered, finals, own: &own, errors: &errors, how: &how, reconciled: layered.groups.is_some() };
    let mut shown: Vec<(GroupLevel, &Node)> = Vec::new();
    for level in told(all.levels()) {
        if let Some(kind) = GroupLevel::parse(&level.name) {
            shown.extend(level.nodes.iter().map(|node| (kind, node)));
        }
    }
    let groups =
        shown.par_iter().map(|(level, node)| work.group(*level, node, control)).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(groups.into_iter().flatten().collect()))
}

/// Levels that say something: not those with a series a group, nor a single group that is the total again, nor
/// categories at places that are the places or the categories again.
fn told(levels: &[Level]) -> Vec<&Level> {
    let sets = |level: &Level| {
        let mut sets: Vec<Vec<u32>> = level.nodes.iter().map(|n| n.members().to_vec()).collect();
        sets.sort_unstable();
        sets
    };
    let mut kept: Vec<&Level> = Vec::new();
    for level in levels {
        let is_total = &*level.name == GroupLevel::Total.name();
        let crosses =
            [GroupLevel::CategoryRegion, GroupLevel::CategoryLocation].iter().any(|l| l.name() == &*level.name);
        let merges = level.nodes.iter().any(|n| n.members().len() > 1);
        let repeats = || crosses && kept.iter().any(|k| sets(k) == sets(level));
        if merges && (is_total || level.nodes.len() > 1) && !repeats() {
            kept.push(level);
        }
    }
    kept
}

/// The groups' own forecasts by their members: a group that repeats another has the same.
fn own_forecasts(layered: &Layered) -> BTreeMap<Vec<u32>, Arc<Forecast>> {
    let Some(groups) = &layered.groups else { return BTreeMap::new() };
    let nodes = groups.hierarchy.nodes().zip(&groups.forecasts);
    nodes.map(|(node, f)| (node.members().to_vec(), Arc::new(without_paths(f.best())))).collect()
}

fn without_paths(forecast: &Forecast) -> Forecast {
    Forecast { paths: Arc::new(SamplePaths::default()), fitted: Vec::new(), ..forecast.clone() }
}

/// One-step errors of the chosen model, aligned with the history's end, less their mean; empty when it kept no fit.
fn errors(forecast: &SeriesForecast, history: &Series) -> Vec<f64> {
    let fitted = &forecast.best().fitted;
    // Fitted to more than was sold: a like item's history, or a predecessor's. What it missed there says nothing here.
    if fitted.len() > history.values.len() {
        return Vec::new();
    }
    let n = fitted.len().min(MOST_ERRORS);
    let tail = |values: &[f64]| values[values.len() - n..].to_vec();
    let mut errors: Vec<f64> = tail(&history.values).iter().zip(tail(fitted)).map(|(y, f)| y - f).collect();
    let mean = errors.iter().sum::<f64>() / n.max(1) as f64;
    for error in &mut errors {
        *error -= mean;
    }
    errors
}

/// What every group is made from.
struct Work<'a> {
    panel: &'a SalesPanel,
    layered: &'a Layered,
    finals: &'a [&'a Forecast],
    own: &'a BTreeMap<Vec<u32>, Arc<Forecast>>,
    errors: &'a [Vec<f64>],
    how: &'a Text,
    reconciled: bool,
}

impl Work<'_> {
    fn group(&self, level: GroupLevel, node: &Node, control: &Control) -> Result<Option<GroupForecast>, Cancelled> {
        let id = SeriesId { item: level.name().into(), location: node.name.clone() };
        let members = || node.members().iter().map(|k| *k as usize);
        let finals: Vec<&Forecast> = members().map(|k| self.finals[k]).collect();
        let Some(last) = sum_of(id.clone(), &finals, control)? else { return Ok(None) };
        let layer = |kind: LayerKind| {
            let mut sum = vec![0.0; last.mean.len()];
            for k in members() {
                let mean = match self.layered.layers.get(k) {
                    Some(layers) => layers.up_to(kind),
                    None => &self.layered.statistical[k].best().mean,
                };
                sum.iter_mut().zip(mean).for_each(|(s, v)| *s += v);
            }
            sum
        };
        let alone = || match node.members() {
            [k] if self.reconciled => Some(Arc::new(without_paths(self.layered.statistical[*k as usize].best()))),
            _ => None,
        };
        let spread = spread(&members().map(|k| &*self.errors[k]).collect::<Vec<_>>())
            .map(|times| times.clamp(1.0 / MOST_STRETCHED, MOST_STRETCHED));
        let history = super::hierarchy::history(id, node, self.panel);
        Ok(Some(GroupForecast {
            level,
            name: node.name.clone(),
            series: node.members().len(),
            last: stretched(&last, spread.unwrap_or(1.0), &history),
            history,
            own: self.own.get(node.members()).cloned().or_else(alone),
            bottom: layer(LayerKind::Launch),
            reconciled: self.reconciled.then(|| layer(LayerKind::Reconciled)),
            spread,
            how: self.how.clone(),
        }))
    }
}

/// The forecast without its paths, its intervals as much wider as errors were, not below zero where demand never was. They
/// are stretched around the paths' own mean and moved to the forecast's: paths that end at zero average more than it, and
/// in a sum of hundreds that would outgrow the interval.
fn stretched(forecast: &Forecast, times: f64, history: &Series) -> Forecast {
    let mut found = without_paths(forecast);
    let floor = if history.values.iter().all(|v| *v >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
    let count = forecast.paths.len().max(1) as f64;
    for (h, mean) in forecast.mean.iter().enumerate() {
        let centre = forecast.paths.iter().map(|path| f64::from(path[h]) / count).sum::<f64>();
        for interval in &mut found.intervals {
            for bound in [&mut interval.lower[h], &mut interval.upper[h]] {
                *bound = (mean + times * (*bound - centre)).max(floor);
            }
        }
    }
    found
}

/// Standard deviation of the series' errors taken together, over what it would be were they independent:
/// `√(Σₜ(Σᵢ eᵢₜ)² / Σₜ Σᵢ eᵢₜ²)` over the periods in which at least two series have one. Errors end in the same period.
/// `None` with fewer than 12 such periods, or without any error.
fn spread(errors: &[&[f64]]) -> Option<f64> {
    let longest = errors.iter().map(|e| e.len()).max().unwrap_or(0);
    let (mut together, mut apart, mut periods) = (0.0, 0.0, 0);
    for back in 1..=longest {
        let at = errors.iter().filter_map(|e| e.len().checked_sub(back).map(|t| e[t]));
        let (n, sum, squares) = at.fold((0, 0.0, 0.0), |(n, sum, squares), e| (n + 1, sum + e, squares + e * e));
        if n > 1 {
            together += sum * sum;
            apart += squares;
            periods += 1;
        }
    }
    let ratio = (together / apart).sqrt();
    (periods >= FEWEST_ERRORS && apart > 0.0 && ratio.is_finite()).then_some(ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_one_apart_and_root_n_together() {
        let a: Vec<f64> = (0..16).map(|t| if t % 2 == 0 { 1.0 } else { -1.0 }).collect();
        // Orthogonal to it: ++−−.
        let b: Vec<f64> = (0..16).map(|t| if t % 4 < 2 { 1.0 } else { -1.0 }).collect();
        let minus: Vec<f64> = a.iter().map(|e| -e).collect();
        assert!((spread(&[&a, &b]).unwrap() - 1.0).abs() < 1e-12);
        assert!((spread(&[&a, &a]).unwrap() - 2.0_f64.sqrt()).abs() < 1e-12);
        assert!((spread(&[&a, &a, &a]).unwrap() - 3.0_f64.sqrt()).abs() < 1e-12);
        assert!(spread(&[&a, &minus]).unwrap() < 1e-12);
        // Paths around 12 and 6, means of 10 and 5: twice as wide around the means, at zero where demand ends.
        let start = crate::model::Period::parse("2026-01").unwrap();
        let id = SeriesId::new("x", "");
        let interval = crate::model::Interval { level: 80.0, lower: vec![8.0, 1.0], upper: vec![18.0, 13.0] };
        let forecast = Forecast {
            id: id.clone(),
            model: "naive".into(),
            start,
            mean: vec![10.0, 5.0],
            intervals: vec![interval],
            paths: Arc::new(SamplePaths::new(2, vec![8.0, 2.0, 16.0, 10.0])),
            fitted: Vec::new(),
            parameters: Vec::new(),
            why: Text::default(),
        };
        let history = Series { id, start, values: [3.0, 4.0].into() };
        let wide = stretched(&forecast, 2.0, &history);
        assert_eq!(wide.intervals[0].lower, [2.0, 0.0]);
        assert_eq!(wide.intervals[0].upper, [22.0, 19.0]);
        assert!(wide.paths.is_empty());
        // Too short, alone, or without errors: nothing is said.
        assert_eq!(spread(&[&a[..11], &b]), None);
        assert_eq!(spread(&[&a]), None);
        assert_eq!(spread(&[&[0.0; 20], &[0.0; 20]]), None);
    }
}
