//! What tells two scenarios apart.

use super::scenario::{Change, Lever, Scenario, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A difference between two scenarios: the overrides that one has for a lever and scope and the other hasn't.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioDifference {
    /// What is changed.
    pub lever: Lever,
    /// Where.
    pub scope: Scope,
    /// The first scenario's changes, in order.
    pub left: Vec<Change>,
    /// The second scenario's changes, in order.
    pub right: Vec<Change>,
    /// True when both make the same changes, but one before and the other after a change of wider scope.
    pub is_order: bool,
}

/// What differs between the effects of two scenarios, inherited or own, by lever and scope; empty for a scenario and itself.
pub fn difference(left: &Scenario, right: &Scenario) -> Vec<ScenarioDifference> {
    let (a, b) = (changes(left), changes(right));
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).copied().collect();
    let found = |(lever, scope): (Lever, &Scope), is_order| ScenarioDifference {
        lever,
        scope: scope.clone(),
        left: a.get(&(lever, scope)).cloned().unwrap_or_default(),
        right: b.get(&(lever, scope)).cloned().unwrap_or_default(),
        is_order,
    };
    let mut list: Vec<ScenarioDifference> =
        keys.iter().filter(|key| a.get(key) != b.get(key)).map(|key| found(*key, false)).collect();
    // Only where a lever's changes are the same can their order be all that differs.
    let levers: BTreeSet<Lever> = list.iter().map(|d| d.lever).collect();
    let (a_order, b_order) = (orders(left), orders(right));
    let reordered = keys.iter().filter(|key| !levers.contains(&key.0) && a_order.get(key) != b_order.get(key));
    list.extend(reordered.map(|key| found(*key, true)));
    list.sort_by(|x, y| (x.lever, &x.scope).cmp(&(y.lever, &y.scope)));
    list
}

type Key<'a> = (Lever, &'a Scope);

fn changes(scenario: &Scenario) -> BTreeMap<Key<'_>, Vec<Change>> {
    let mut of: BTreeMap<Key<'_>, Vec<Change>> = BTreeMap::new();
    for (_, o) in scenario.effective() {
        of.entry((o.lever, &o.scope)).or_default().push(o.change);
    }
    of
}

/// The changes of wider scope that come before one: how many of everything, which ones of categories, how many of the same site.
type Before = (usize, u64, usize);

/// For each of a scenario's changes, the wider ones of its lever that come before it. Which category an item has is not a
/// scenario's business: any may hold it.
fn orders(scenario: &Scenario) -> BTreeMap<Key<'_>, Vec<Before>> {
    #[derive(Default)]
    struct Wide<'a> {
        all: usize,
        categories: u64,
        sites: BTreeMap<&'a str, usize>,
    }
    let mut wide: BTreeMap<Lever, Wide<'_>> = BTreeMap::new();
    let mut of: BTreeMap<Key<'_>, Vec<Before>> = BTreeMap::new();
    for (_, o) in scenario.effective() {
        let before = wide.entry(o.lever).or_default();
        let wider = match &o.scope {
            Scope::All => (0, 0, 0),
            Scope::Category(_) | Scope::Site(_) => (before.all, 0, 0),
            Scope::Series(_) => (before.all, before.categories, 0),
            Scope::Lane(from, _) => (before.all, 0, before.sites.get(&**from).copied().unwrap_or(0)),
        };
        of.entry((o.lever, &o.scope)).or_default().push(wider);
        match &o.scope {
            Scope::All => before.all += 1,
            // A sum of fingerprints tells which were there, whatever their order: it doesn't count among themselves.
            Scope::Category(name) => before.categories = before.categories.wrapping_add(fingerprint(name)),
            Scope::Site(site) => *before.sites.entry(site).or_default() += 1,
            Scope::Series(_) | Scope::Lane(..) => {}
        }
    }
    of
}

fn fingerprint(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}
