//! Scenarios as a tree: what is inherited, what differs, what new data means for them.

mod bridge;
mod conflicts;
mod files;
mod history;
mod tree;

use crate::bench::Bench;
use planwright::model::{Change, Lever, Scenario, Scope, SeriesId};
use planwright::session::{Command, Gesture};
use proptest::prelude::*;

impl Bench {
    fn set(&mut self, lever: Lever, scope: Scope, change: Change) {
        self.apply(Command::SetLever(lever, scope, change, Gesture::Commit));
    }
}

fn item_scope(code: &str) -> Scope {
    Scope::Series(SeriesId::new(code, ""))
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0.0..50.0f64).prop_map(Change::Set),
        (0.0..3.0f64).prop_map(Change::Scale),
        (-5.0..5.0f64).prop_map(Change::Add),
        Just(Change::Clear),
        Just(Change::Base),
    ]
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        2 => Just(Scope::All),
        1 => Just(Scope::Category("tea".into())),
        2 => prop::sample::select(vec!["A", "B"]).prop_map(item_scope),
        1 => Just(Scope::Site("DC".into())),
        1 => Just(Scope::Lane("DC".into(), "Oslo".into())),
    ]
}

fn any_lever() -> impl Strategy<Value = Lever> {
    prop::sample::select(vec![
        Lever::Demand,
        Lever::DemandDelay,
        Lever::LeadTimeDays,
        Lever::SafetyStock,
        Lever::LaneCost,
        Lever::SiteCapacity,
    ])
}

fn any_overrides() -> impl Strategy<Value = Vec<(Lever, Scope, Change)>> {
    prop::collection::vec((any_lever(), any_scope(), any_change()), 0..6)
}

/// A chain of four scenarios, each a branch of the one before.
fn any_chain() -> impl Strategy<Value = Vec<Scenario>> {
    prop::collection::vec(any_overrides(), 3).prop_map(|levels| {
        let mut chain = vec![Scenario::base("Base")];
        for (k, level) in levels.into_iter().enumerate() {
            let mut next = chain[k].branch(format!("level {k}"));
            for (lever, scope, change) in level {
                next.set(lever, scope, change);
            }
            chain.push(next);
        }
        chain
    })
}
