//! Undo and redo: by name, several steps at once, and always exactly back.

#![allow(clippy::float_cmp, reason = "undo brings the same bits back")]

use super::{Bench, any_change, any_lever, item_scope};
use planwright::model::{Lever, ReorderRule, Scope, ShortageRule};
use planwright::session::{Command, ConflictAnswer, Gesture, Project};
use proptest::prelude::*;

fn any_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["Base", "a", "b", "c", "What-if", "nobody", ""]).prop_map(str::to_owned)
}

fn any_command() -> impl Strategy<Value = Command> {
    let scope = || prop_oneof![Just(Scope::All), Just(item_scope("A")), Just(Scope::Site("DC".into()))];
    let gesture = || prop::sample::select(vec![Gesture::Drag, Gesture::Commit]);
    prop_oneof![
        5 => (any_lever(), scope(), any_change(), gesture()).prop_map(|(l, s, c, g)| Command::SetLever(l, s, c, g)),
        2 => (any_lever(), scope()).prop_map(|(l, s)| Command::ClearLever(l, s)),
        1 => Just(Command::EndDrag),
        3 => any_name().prop_map(Command::BranchScenario),
        3 => any_name().prop_map(Command::ActivateScenario),
        2 => (any_name(), any_name()).prop_map(|(a, b)| Command::RenameScenario(a, b)),
        2 => any_name().prop_map(Command::DeleteScenario),
        1 => any_name().prop_map(|a| Command::NoteScenario(a, "why".into())),
        1 => (0usize..200).prop_map(Command::SetHorizon),
        1 => any::<u64>().prop_map(Command::SetSeed),
        1 => Just(Command::SetReorderRule(ReorderRule::MaxLevel)),
        1 => Just(Command::SetShortageRule(ShortageRule::Backorder)),
        1 => (any_name(), any_lever(), scope()).prop_map(|(n, l, s)| Command::AnswerConflicts(vec![(n, l, s)], ConflictAnswer::KeepMine)),
    ]
}

proptest! {
    #[test]
    fn undo_takes_back_exactly_and_redo_does_again(commands in prop::collection::vec(any_command(), 1..40), jump in 1usize..8) {
        let mut bench = Bench::new();
        // The project after each step; steps of one drag are one.
        let mut states: Vec<Project> = vec![bench.session.project().clone()];
        for command in commands {
            bench.apply(command.clone());
            let steps = bench.session.past().count();
            states.truncate(steps);
            states.push(bench.session.project().clone());
            prop_assert_eq!(states.len(), steps + 1, "{:?} is one step or none", command);
        }
        let names: Vec<String> = bench.session.past().map(|t| t.en.clone()).collect();
        prop_assert!(names.iter().all(|n| !n.is_empty()));
        let last = states.len() - 1;
        let back = jump.min(last);
        bench.apply(Command::UndoSteps(jump));
        prop_assert_eq!(bench.session.project(), &states[last - back]);
        let future: Vec<String> = bench.session.future().map(|t| t.en.clone()).collect();
        prop_assert_eq!(future, names[..back].iter().rev().cloned().collect::<Vec<_>>());
        bench.apply(Command::RedoSteps(jump));
        prop_assert_eq!(bench.session.project(), &states[last]);
        for state in states.iter().rev().skip(1) {
            bench.apply(Command::Undo);
            prop_assert_eq!(bench.session.project(), state);
        }
        prop_assert!(bench.session.undo_name().is_none());
        bench.apply(Command::RedoSteps(usize::MAX));
        prop_assert_eq!(bench.session.project(), &states[last]);
    }
}

#[test]
fn several_steps_are_taken_back_at_once_and_the_plan_follows() {
    let mut bench = Bench::worked_example();
    let before = bench.session.plan().unwrap().ledger.total();
    bench.apply(Command::BranchScenario("a".into()));
    let scope = Scope::Series(bench.session.selected().unwrap().clone());
    for value in [60.0, 70.0, 80.0] {
        bench.set(Lever::SafetyStock, scope.clone(), planwright::model::Change::Set(value));
    }
    let names: Vec<String> = bench.session.past().map(|t| t.en.clone()).collect();
    assert_eq!(names, ["Change safety stock", "Change safety stock", "Change safety stock", "Branch scenario"]);
    bench.apply(Command::UndoSteps(4));
    assert_eq!(bench.session.project().scenarios.len(), 1);
    assert_eq!(bench.session.plan().unwrap().ledger.total(), before);
    assert_eq!(bench.session.future().count(), 4);
    bench.apply(Command::RedoSteps(2));
    assert_eq!(bench.session.focus().unwrap().stock.safety_stock, 60.0);
}
