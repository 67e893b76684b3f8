//! One level's forecast, split over what is below it.

use super::ReconcileError;
use super::choice::Shares;
use super::structure::{Hierarchy, Level};
use crate::model::Series;
use crate::text;

/// Average historical proportions (Gross & Sohl 1990, method A): the mean over all periods of every series' part of the
/// period's sum. Periods before a series begins count as none of it; periods without any demand are left out. Sums to 1;
/// equal shares when there never was any demand.
pub fn average_shares(histories: &[Series]) -> Vec<f64> {
    let longest = histories.iter().map(|s| s.values.len()).max().unwrap_or(0);
    let mut totals = vec![0.0; longest];
    for series in histories {
        // All histories end in the same period.
        let skipped = longest - series.values.len();
        totals[skipped..].iter_mut().zip(series.values.iter()).for_each(|(t, v)| *t += v.max(0.0));
    }
    let periods = totals.iter().filter(|t| **t > 0.0).count();
    if periods == 0 {
        return vec![1.0 / histories.len().max(1) as f64; histories.len()];
    }
    let share = |series: &Series| {
        let totals = totals[longest - series.values.len()..].iter();
        let parts = totals.zip(series.values.iter()).filter(|(t, _)| **t > 0.0).map(|(t, v)| v.max(0.0) / t);
        parts.sum::<f64>() / periods as f64
    };
    histories.iter().map(share).collect()
}

/// How a level is split.
pub(super) struct Split {
    /// Positions of the level's nodes among all nodes, and their members.
    top: Vec<(usize, Vec<u32>)>,
    below: Below,
}

enum Below {
    /// Fixed shares within the node.
    Fixed(Vec<f64>),
    /// Finer and finer levels, each nested in the one before: per node its position among all nodes, its members, and
    /// the position in the chain's level above of the node that holds it.
    Chain(Vec<Vec<Link>>, Vec<usize>),
}

struct Link {
    node: usize,
    size: usize,
    parent: usize,
}

impl Split {
    /// From the one group that holds every series.
    ///
    /// # Errors
    /// [`ReconcileError::Refused`] when there is none, or no historical shares where they are asked for.
    pub(super) fn from_total(hierarchy: &Hierarchy, shares: Shares, history: &[f64]) -> Result<Self, ReconcileError> {
        let whole = |level: &Level| level.nodes.len() == 1 && level.nodes[0].members().len() == hierarchy.bottom();
        let at = hierarchy.levels().iter().position(whole);
        let at = at.ok_or_else(|| {
            ReconcileError::Refused(text!(
                "Top-down needs a level with one group that holds every series",
                "自上而下需要一个包含全部序列的总计层"
            ))
        })?;
        Self::from(hierarchy, at, shares, history)
    }

    /// From a level by its name.
    ///
    /// # Errors
    /// [`ReconcileError::Refused`] when there is no such level or it doesn't hold every series exactly once, or there are
    /// no historical shares where they are asked for.
    pub(super) fn from_level(
        hierarchy: &Hierarchy,
        name: &str,
        shares: Shares,
        history: &[f64],
    ) -> Result<Self, ReconcileError> {
        let at = hierarchy.levels().iter().position(|l| &*l.name == name);
        let at = at.filter(|at| owners(hierarchy, &hierarchy.levels()[*at]).is_some()).ok_or_else(|| {
            let levels: Vec<&str> = hierarchy.levels().iter().map(|l| &*l.name).collect();
            let levels = levels.join(", ");
            ReconcileError::Refused(text!(
                "Middle-out needs a level that holds every series once, and \"{name}\" is none; there are: {levels}",
                "从中间层协调需要一个恰好包含每个序列一次的层，“{name}”不是；现有：{levels}"
            ))
        })?;
        Self::from(hierarchy, at, shares, history)
    }

    fn from(hierarchy: &Hierarchy, at: usize, shares: Shares, history: &[f64]) -> Result<Self, ReconcileError> {
        let levels = hierarchy.levels();
        let offset = |level: usize| levels[..level].iter().map(|l| l.nodes.len()).sum::<usize>();
        let top =
            levels[at].nodes.iter().enumerate().map(|(k, node)| (offset(at) + k, node.members().to_vec())).collect();
        if shares == Shares::History {
            if history.len() != hierarchy.bottom() || history.iter().any(|s| !s.is_finite() || *s < 0.0) {
                return Err(ReconcileError::Refused(text!(
                    "Historical shares are needed for every series",
                    "需要每个序列的历史占比"
                )));
            }
            return Ok(Self { top, below: Below::Fixed(history.to_vec()) });
        }
        let mut owner = owners(hierarchy, &levels[at]).unwrap_or_default();
        let mut chain = Vec::new();
        for (k, finer) in nested(hierarchy, at) {
            let link = |(j, node): (usize, &super::structure::Node)| Link {
                node: offset(k) + j,
                size: node.members().len(),
                parent: owner[node.members()[0] as usize],
            };
            chain.push(levels[k].nodes.iter().enumerate().map(link).collect());
            owner = finer;
        }
        Ok(Self { top, below: Below::Chain(chain, owner) })
    }

    /// The bottom series of one step.
    pub(super) fn apply(&self, aggregates: &[f64], bottom: &[f64]) -> Vec<f64> {
        match &self.below {
            Below::Fixed(shares) => {
                let mut x = vec![0.0; bottom.len()];
                for (node, members) in &self.top {
                    let all: f64 = members.iter().map(|m| shares[*m as usize]).sum();
                    for &m in members {
                        let share = if all > 0.0 { shares[m as usize] / all } else { 1.0 / members.len() as f64 };
                        x[m as usize] = aggregates[*node] * share;
                    }
                }
                x
            }
            Below::Chain(chain, owner) => {
                let mut above: Vec<f64> = self.top.iter().map(|(node, _)| aggregates[*node]).collect();
                for links in chain {
                    let parts = links.iter().map(|l| (l.parent, aggregates[l.node], l.size));
                    above = divide(&above, &parts.collect::<Vec<_>>());
                }
                let parts = owner.iter().zip(bottom).map(|(parent, y)| (*parent, *y, 1));
                divide(&above, &parts.collect::<Vec<_>>())
            }
        }
    }
}

/// Every parent's value over its parts `(parent, forecast, series)`, by forecast; by the number of series where no
/// forecast is positive.
fn divide(parents: &[f64], parts: &[(usize, f64, usize)]) -> Vec<f64> {
    let (mut sums, mut sizes) = (vec![0.0; parents.len()], vec![0; parents.len()]);
    for (parent, y, size) in parts {
        sums[*parent] += y.max(0.0);
        sizes[*parent] += size;
    }
    let part = |(parent, y, size): &(usize, f64, usize)| {
        let share = if sums[*parent] > 0.0 { y.max(0.0) / sums[*parent] } else { *size as f64 / sizes[*parent] as f64 };
        parents[*parent] * share
    };
    parts.iter().map(part).collect()
}

impl Hierarchy {
    /// The levels that a split of the level `at` by forecast shares looks at: it, and of the finer ones each that is
    /// nested in the one before.
    #[must_use]
    pub fn chain(&self, at: usize) -> Self {
        let below = nested(self, at).into_iter().map(|(k, _)| k);
        let kept = std::iter::once(at).chain(below).filter_map(|k| self.levels().get(k).cloned());
        self.with_levels(kept.collect())
    }
}

/// Levels below `at`, each nested in the one before, with the node that holds each bottom series; levels that cross are
/// passed over.
fn nested(hierarchy: &Hierarchy, at: usize) -> Vec<(usize, Vec<usize>)> {
    let levels = hierarchy.levels();
    let Some(mut owner) = levels.get(at).and_then(|level| owners(hierarchy, level)) else { return Vec::new() };
    let mut chain = Vec::new();
    for (k, level) in levels.iter().enumerate().skip(at + 1) {
        let Some(finer) = owners(hierarchy, level) else { continue };
        let is_nested = level.nodes.iter().all(|n| {
            let above = owner[n.members()[0] as usize];
            n.members().iter().all(|m| owner[*m as usize] == above)
        });
        if is_nested {
            owner.clone_from(&finer);
            chain.push((k, finer));
        }
    }
    chain
}

/// The node of a level that holds each bottom series; `None` unless each is held exactly once.
fn owners(hierarchy: &Hierarchy, level: &Level) -> Option<Vec<usize>> {
    let mut owner = vec![usize::MAX; hierarchy.bottom()];
    for (k, node) in level.nodes.iter().enumerate() {
        for &m in node.members() {
            if owner[m as usize] != usize::MAX {
                return None;
            }
            owner[m as usize] = k;
        }
    }
    owner.iter().all(|k| *k != usize::MAX).then_some(owner)
}
