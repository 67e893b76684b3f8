//! What adds up to what: levels of groups over bottom series.

use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most groups of a hierarchy: every one is forecast.
const MOST_NODES: usize = 50_000;
/// Most memberships, all groups together: 256 MiB.
const MOST_MEMBERS: usize = 64 << 20;

/// Levels of groups over bottom series `0..bottom`, from the coarsest to the finest. Levels may cross: categories
/// beside locations are fine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    bottom: usize,
    levels: Vec<Level>,
}

/// Groups of one kind, such as all categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Name in files: `total`, `category`, `location`, …
    pub name: Arc<str>,
    /// The groups.
    pub nodes: Vec<Node>,
}

/// One group: a sum of bottom series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Name of the group within its level.
    pub name: Arc<str>,
    members: Vec<u32>,
}

/// Why groups are not a hierarchy, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HierarchyError(pub Text);

impl Node {
    /// A group of bottom series, by their positions; each counts once.
    pub fn new(name: impl Into<Arc<str>>, mut members: Vec<u32>) -> Self {
        members.sort_unstable();
        members.dedup();
        Self { name: name.into(), members }
    }

    /// Positions of its bottom series, ascending.
    pub fn members(&self) -> &[u32] {
        &self.members
    }
}

impl Level {
    /// A level from one label per bottom series: series of the same label are a group; groups in the labels' order.
    pub fn by_label<L: AsRef<str>>(name: impl Into<Arc<str>>, labels: impl IntoIterator<Item = L>) -> Self {
        let mut groups: BTreeMap<Arc<str>, Vec<u32>> = BTreeMap::new();
        for (k, label) in labels.into_iter().enumerate() {
            match groups.get_mut(label.as_ref()) {
                Some(members) => members.push(k as u32),
                None => _ = groups.insert(label.as_ref().into(), vec![k as u32]),
            }
        }
        Self { name: name.into(), nodes: groups.into_iter().map(|(name, members)| Node { name, members }).collect() }
    }
}

impl Hierarchy {
    /// A hierarchy over `bottom` series.
    ///
    /// # Errors
    /// [`HierarchyError`] when there is no series, a group is empty or has a member outside `0..bottom`, or there are
    /// more than 50,000 groups or 2²⁶ memberships.
    pub fn new(bottom: usize, levels: Vec<Level>) -> Result<Self, HierarchyError> {
        let nodes = || levels.iter().flat_map(|l| &l.nodes);
        if bottom == 0 {
            return Err(HierarchyError(text!("A hierarchy needs at least one series", "层级至少需要一个序列")));
        }
        if let Some(node) = nodes().find(|n| n.members.is_empty() || n.members.iter().any(|k| *k as usize >= bottom)) {
            let name = &node.name;
            return Err(HierarchyError(text!(
                "Group {name} is empty or has a member that isn't there",
                "分组 {name} 为空，或包含不存在的成员"
            )));
        }
        let (count, members) = (nodes().count(), nodes().map(|n| n.members.len()).sum::<usize>());
        if count > MOST_NODES || members > MOST_MEMBERS {
            return Err(HierarchyError(text!(
                "{count} groups with {members} members are too many: group less finely",
                "{count} 个分组、{members} 个成员过多：请减少分组层次"
            )));
        }
        Ok(Self { bottom, levels })
    }

    /// Number of bottom series.
    pub fn bottom(&self) -> usize {
        self.bottom
    }

    /// The levels, coarsest first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// All groups, level by level.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.levels.iter().flat_map(|l| &l.nodes)
    }

    /// The same hierarchy without groups of one series and without groups that repeat an earlier one: both say nothing
    /// new, and least squares would count them twice.
    #[must_use]
    pub fn without_repeats(&self) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        let mut keep = |node: &&Node| node.members.len() > 1 && seen.insert(node.members.clone());
        let levels = self.levels.iter().map(|level| Level {
            name: level.name.clone(),
            nodes: level.nodes.iter().filter(|n| keep(n)).cloned().collect(),
        });
        Self { bottom: self.bottom, levels: levels.filter(|l| !l.nodes.is_empty()).collect() }
    }

    /// Some of the levels over the same series.
    pub(super) fn with_levels(&self, levels: Vec<Level>) -> Self {
        Self { bottom: self.bottom, levels }
    }

    /// Sums of `x` over the members of every group: `A·x`.
    pub(super) fn gather(&self, x: &[f64], out: &mut [f64]) {
        for (sum, node) in out.iter_mut().zip(self.nodes()) {
            *sum = node.members.iter().map(|k| x[*k as usize]).sum();
        }
    }

    /// Every group's value handed to all its members, added up: `Aᵀ·v`.
    pub(super) fn scatter(&self, v: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for (value, node) in v.iter().zip(self.nodes()) {
            node.members.iter().for_each(|k| out[*k as usize] += value);
        }
    }
}
