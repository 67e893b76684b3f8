//! Scenarios as a tree: who inherits from whom, and what becomes of children.

use super::override_list::Overrides;
use super::scenario::Scenario;
use crate::text;
use crate::words::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most scenarios of a project: more than a screen compares, and a bound on how deep branches go.
pub const MOST_SCENARIOS: usize = 500;

/// What one scenario adds to those branched from it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioLayer {
    /// The scenario's name.
    pub name: Arc<str>,
    /// Its own overrides.
    pub overrides: Arc<Overrides>,
}

/// Lets every scenario see its ancestors as they are now. Costs as much as there are scenarios, whatever they hold.
pub fn link_scenarios(scenarios: &mut [Scenario]) {
    let places = places(scenarios);
    let parent_of: Vec<Option<usize>> = scenarios.iter().map(|s| places.get(&*s.parent).copied()).collect();
    let mut order: Vec<(usize, usize)> = (0..scenarios.len()).map(|k| (depth(k, &parent_of), k)).collect();
    order.sort_unstable();
    for (_, k) in order {
        let parent = parent_of[k].filter(|p| *p != k).map(|p| &scenarios[p]);
        let layers = parent.map_or_else(Vec::new, |p| {
            let own = ScenarioLayer { name: (&*p.name).into(), overrides: p.overrides.clone() };
            p.inherited().iter().cloned().chain([own]).collect()
        });
        let known = scenarios[k].inherited();
        let is_known = known.len() == layers.len()
            && known.iter().zip(&layers).all(|(a, b)| a.name == b.name && Arc::ptr_eq(&a.overrides, &b.overrides));
        if !is_known {
            scenarios[k].inherit(layers.into());
        }
    }
}

/// Steps from a scenario to the one without a parent; a circle is cut off.
fn depth(of: usize, parent_of: &[Option<usize>]) -> usize {
    let chain = std::iter::successors(parent_of[of], |k| parent_of[*k]);
    chain.take(parent_of.len()).count()
}

fn places(scenarios: &[Scenario]) -> BTreeMap<String, usize> {
    // The first of two with the same name counts.
    scenarios.iter().enumerate().rev().map(|(k, s)| (s.name.clone(), k)).collect()
}

/// Makes a list of scenarios one that can be worked with, and says what was wrong with it: the first is the base and has no
/// parent, names differ, every other scenario descends from the base.
pub fn repair_scenarios(scenarios: &mut [Scenario]) -> Vec<Text> {
    let mut said = Vec::new();
    let mut names = BTreeSet::new();
    for k in 0..scenarios.len() {
        let name = scenarios[k].name.clone();
        if !names.insert(name.clone()) {
            let free = free_name(&name, |c| names.contains(c) || scenarios.iter().any(|s| s.name == *c));
            said.push(text!(
                "Two scenarios are named {name}: one is now {free}",
                "有两个名为 {name} 的方案：其一已改名为 {free}"
            ));
            names.insert(free.clone());
            scenarios[k].name = free;
        }
    }
    let Some(base) = scenarios.first_mut() else { return said };
    let root = base.name.clone();
    if !base.parent.is_empty() {
        base.parent.clear();
        said.push(text!("The base {root} had a parent: it has none now", "基准方案 {root} 原有上级，现已去除"));
    }
    for k in 1..scenarios.len() {
        said.extend(rehang(scenarios, k, &root));
    }
    link_scenarios(scenarios);
    said
}

/// `name 2`, `name 3`, … until it isn't taken.
fn free_name(name: &str, is_taken: impl Fn(&String) -> bool) -> String {
    let mut candidates = (2..).map(|n: u64| format!("{name} {n}"));
    candidates.find(|c| !is_taken(c)).expect("finitely many scenarios leave a name free")
}

/// Hangs a scenario onto the base whose parent is missing, or who is its own ancestor.
fn rehang(scenarios: &mut [Scenario], k: usize, root: &str) -> Option<Text> {
    let Scenario { name, parent, .. } = scenarios[k].clone();
    if parent == *root {
        return None;
    }
    if parent.is_empty() {
        root.clone_into(&mut scenarios[k].parent);
        return None;
    }
    let places = places(scenarios);
    let why = if places.contains_key(&parent) {
        let ancestor = |k: &usize| places.get(&*scenarios[*k].parent).copied();
        if std::iter::successors(Some(k), ancestor).take(scenarios.len() + 1).any(|a| a == 0) {
            return None;
        }
        let is_own_ancestor = std::iter::successors(ancestor(&k), ancestor).take(scenarios.len()).any(|a| a == k);
        if !is_own_ancestor {
            // The circle or the gap is further up, where it is mended.
            return None;
        }
        text!(
            "Scenario {name} was its own ancestor: it is now a branch of {root}",
            "方案 {name} 成为了自己的上级：现改为 {root} 的分支"
        )
    } else {
        text!(
            "Scenario {name} was branched from {parent}, which is not in the project: it is now a branch of {root}, without what it took over from there",
            "方案 {name} 分支自 {parent}，但项目中没有后者：现改为 {root} 的分支，不含其继承的更改"
        )
    };
    root.clone_into(&mut scenarios[k].parent);
    Some(why)
}

/// Scenarios of a project file of the first format, whose branches held copies of all they had taken over: each becomes a
/// branch of the base with those as its own, which means the same.
pub fn unfold_copies(scenarios: &mut [Scenario]) {
    let Some((base, others)) = scenarios.split_first_mut() else { return };
    base.parent.clear();
    for scenario in others {
        base.name.clone_into(&mut scenario.parent);
    }
    link_scenarios(scenarios);
}

/// Scenarios as a tree is read: each with its depth, children after their parent in the list's order.
pub fn scenario_tree(scenarios: &[Scenario]) -> Vec<(usize, &Scenario)> {
    let places = places(scenarios);
    let parent_of: Vec<Option<usize>> = scenarios.iter().map(|s| places.get(&*s.parent).copied()).collect();
    let mut found = Vec::with_capacity(scenarios.len());
    let mut stack: Vec<(usize, usize)> =
        (0..scenarios.len()).rev().filter(|k| parent_of[*k].is_none()).map(|k| (0, k)).collect();
    while let Some((depth, k)) = stack.pop() {
        found.push((depth, &scenarios[k]));
        let children = (0..scenarios.len()).rev().filter(|c| parent_of[*c] == Some(k));
        stack.extend(children.map(|c| (depth + 1, c)));
    }
    found
}

/// Names of the scenarios branched from this one.
pub fn scenario_children<'a>(scenarios: &'a [Scenario], name: &str) -> Vec<&'a str> {
    scenarios.iter().filter(|s| s.parent == name && s.name != name).map(|s| &*s.name).collect()
}

/// Removes a scenario. Its children become its parent's and keep what they saw: its overrides move into them.
pub fn remove_scenario(scenarios: &mut Vec<Scenario>, name: &str) {
    let Some(at) = scenarios.iter().position(|s| s.name == name) else { return };
    let gone = scenarios.remove(at);
    for child in scenarios.iter_mut().filter(|s| s.parent == name) {
        child.parent.clone_from(&gone.parent);
        if gone.overrides.is_empty() {
            continue;
        }
        let own = &child.overrides;
        let moved = gone.overrides.iter().filter(|o| own.get(o.lever, &o.scope).is_none());
        let all: Vec<_> = moved.chain(own.iter()).cloned().collect();
        child.overrides = Arc::new(all.into());
    }
    link_scenarios(scenarios);
}

/// Gives a scenario another name, its children another parent's.
pub fn rename_scenario(scenarios: &mut [Scenario], from: &str, to: &str) {
    for scenario in scenarios.iter_mut() {
        for name in [&mut scenario.name, &mut scenario.parent] {
            if name == from {
                to.clone_into(name);
            }
        }
    }
    link_scenarios(scenarios);
}
