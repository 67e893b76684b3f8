//! Scenarios: a branch costs the same whatever its ancestors hold, and what they hold is found at once.

use planwright::model::{
    BaseData, Change, Item, ItemTable, Lever, Network, Override, Scenario, Scope, Seen, SeriesId, conflicts, difference,
};
use planwright::session::{Command, Gesture, Session};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

fn main() {
    divan::main();
}

/// One change for each of this many items.
fn parent(overrides: usize) -> Scenario {
    let one = |k| Override {
        lever: Lever::SafetyStock,
        scope: Scope::Series(SeriesId::new(format!("item {k}"), "")),
        change: Change::Set(k as f64),
        seen: Seen::Unknown,
    };
    Scenario::with_overrides("parent", (0..overrides).map(one).collect())
}

/// A branch of a branch of a branch.
#[divan::bench(args = [0, 100, 10_000])]
fn three_branches(bencher: divan::Bencher, overrides: usize) {
    let parent = parent(overrides);
    bencher.bench(|| parent.branch("a").branch("b").branch("c"));
}

/// Master data of 10,000 items under a scenario that inherits 10,000 changes.
#[divan::bench]
fn ten_thousand_items_under_inherited_changes(bencher: divan::Bencher) {
    let scenario = parent(10_000).branch("child");
    let items: Vec<Item> = (0..10_000).map(|k| Item::with_defaults(SeriesId::new(format!("item {k}"), ""))).collect();
    bencher.bench(|| items.iter().filter_map(|item| scenario.item(item).safety_stock).sum::<f64>());
}

/// Two scenarios with 10,000 changes each, a few of them other ones.
#[divan::bench]
fn difference_of_ten_thousand_changes(bencher: divan::Bencher) {
    let parent = parent(10_000);
    let mut child = parent.branch("child");
    child.set(Lever::SafetyStock, Scope::Series(SeriesId::new("item 7", "")), Change::Set(1.0));
    bencher.bench(|| difference(&parent, &child).len());
}

/// 10,000 changes against data that is another one since.
#[divan::bench]
fn conflicts_of_ten_thousand_changes(bencher: divan::Bencher) {
    let items: ItemTable = ItemTable::new(
        (0..10_000)
            .map(|k| Item { safety_stock: Some(2.0), ..Item::with_defaults(SeriesId::new(format!("item {k}"), "")) }),
    );
    let mut scenario = parent(10_000);
    Arc::make_mut(&mut scenario.overrides).revise(|o| Some(Override { seen: Seen::Value(1.0), ..o }));
    let (list, network) = ([Scenario::base("Base"), scenario], Network::default());
    let data = BaseData { panel: None, new: &[], items: &items, network: &network };
    bencher.bench(|| assert_eq!(conflicts(&list, &data).len(), 10_000));
}

/// The command in a project with 10,000 items, from a scenario with 10,000 changes: the undo step, the branch, what is on
/// screen. Must stay far under 50 ms.
#[divan::bench(sample_count = 50, sample_size = 1)]
fn branch_in_a_large_project(bencher: divan::Bencher) {
    let mut session = large_session();
    bencher.bench_local(|| {
        session.apply(Command::BranchScenario("branch".into()));
        session.poll();
    });
}

fn large_session() -> Session {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("items.csv");
    let mut table = String::from("item,unit_cost,lead_time_days\n");
    for k in 0..10_000 {
        writeln!(table, "item {k},{},{}", 1 + k % 50, 7 + k % 30).expect("strings grow");
    }
    std::fs::write(&path, table).expect("the folder can be written");
    let mut session = Session::new(Arc::new(|| {}));
    session.apply(Command::ImportItems(path));
    while !session.is_idle() {
        session.poll();
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(session.project().items.len(), 10_000);
    for k in 0..10_000 {
        let scope = Scope::Series(SeriesId::new(format!("item {k}"), ""));
        session.apply(Command::SetLever(Lever::SafetyStock, scope, Change::Set(f64::from(k)), Gesture::Commit));
    }
    assert_eq!(session.project().active_scenario().overrides.len(), 10_000);
    session
}
