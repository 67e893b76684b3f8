//! What a scenario inherits, and what becomes of the tree.

#![allow(clippy::float_cmp, reason = "these numbers are exact: small whole numbers, or equal by construction")]

use super::{Bench, any_chain, any_overrides, item_scope};
use planwright::model::{
    Change, Item, Lane, Lever, Network, Scenario, Scope, SeriesId, Site, difference, link_scenarios, remove_scenario,
    rename_scenario, repair_scenarios, scenario_tree,
};
use planwright::session::{Command, NoticeKind};
use proptest::prelude::*;

fn items() -> Vec<Item> {
    let item = |code: &str, category: &str| Item {
        category: category.into(),
        safety_stock: Some(7.0),
        ..Item::with_defaults(SeriesId::new(code, ""))
    };
    vec![item("A", "tea"), item("B", "coffee"), item("C", "tea")]
}

fn network() -> Network {
    let site =
        |id: &str, capacity| Site { id: id.into(), name: id.into(), coordinates: None, capacity, handling_cost: 0.0 };
    let lane = |from: &str, to: &str, unit_cost| Lane {
        from: from.into(),
        to: to.into(),
        item: "".into(),
        unit_cost,
        capacity: None,
        lead_time_days: 0.0,
        distance_km: None,
        vehicle: "".into(),
    };
    let sites = vec![site("DC", Some(50.0)), site("Port", None)];
    let lanes = vec![lane("DC", "Oslo", 3.0), lane("DC", "Rome", 4.0), lane("Port", "Oslo", 5.0)];
    Network { sites, lanes, ..Network::default() }
}

/// Everything a scenario does to a small world.
fn effect(scenario: &Scenario) -> (Vec<Item>, Vec<Vec<Change>>, Vec<i64>, Network) {
    let items = items();
    (
        items.iter().map(|i| scenario.item(i)).collect(),
        items.iter().map(|i| scenario.demand_changes(i)).collect(),
        items.iter().map(|i| scenario.demand_delay(i)).collect(),
        scenario.network(&network()),
    )
}

proptest! {
    #[test]
    fn what_is_inherited_does_what_a_copy_would(chain in any_chain()) {
        for scenario in &chain {
            let flat = scenario.flattened();
            prop_assert!(flat.inherited().is_empty());
            prop_assert_eq!(effect(&flat), effect(scenario));
            prop_assert!(difference(&flat, scenario).is_empty());
            prop_assert!(difference(scenario, scenario).is_empty());
        }
    }

    #[test]
    fn scenarios_without_a_difference_do_the_same(mut a in any_chain(), mut b in any_chain()) {
        let (a, b) = (a.pop().unwrap(), b.pop().unwrap());
        prop_assert_eq!(difference(&a, &b).len(), difference(&b, &a).len());
        if difference(&a, &b).is_empty() {
            prop_assert_eq!(effect(&a), effect(&b));
        }
    }

    #[test]
    fn an_order_that_counts_is_a_difference(own in any_overrides()) {
        let (mut a, mut b) = (Scenario::base("a"), Scenario::base("b"));
        own.iter().cloned().for_each(|(lever, scope, change)| a.set(lever, scope, change));
        own.iter().rev().cloned().for_each(|(lever, scope, change)| b.set(lever, scope, change));
        if difference(&a, &b).is_empty() {
            prop_assert_eq!(effect(&a), effect(&b));
        }
    }

    #[test]
    fn children_of_a_deleted_scenario_keep_what_they_saw(mut chain in any_chain(), at in 1usize..3) {
        let before: Vec<_> = chain.iter().map(effect).collect();
        let name = chain[at].name.clone();
        remove_scenario(&mut chain, &name);
        prop_assert!(chain.iter().all(|s| s.parent != name));
        let expected: Vec<_> = before.into_iter().enumerate().filter(|(k, _)| *k != at).map(|(_, e)| e).collect();
        prop_assert_eq!(chain.iter().map(effect).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_own_as_in_the_base_undoes_what_is_inherited(chain in any_chain(), base in any_overrides()) {
        let mut scenario = chain.last().unwrap().branch("own");
        for (lever, _, _) in base {
            scenario.set(lever, Scope::All, Change::Base);
            let plain = |item: &Item| match lever {
                Lever::LeadTimeDays => scenario.item(item).lead_time_days == item.lead_time_days,
                Lever::SafetyStock => scenario.item(item).safety_stock == item.safety_stock,
                Lever::Demand => scenario.demand_changes(item).is_empty(),
                Lever::DemandDelay => scenario.demand_delay(item) == 0,
                Lever::LaneCost => scenario.network(&network()).lanes == network().lanes,
                _ => scenario.network(&network()).sites == network().sites,
            };
            prop_assert!(items().iter().all(plain), "{lever:?}");
        }
    }

    #[test]
    fn a_damaged_tree_is_mended(parents in prop::collection::vec(0usize..7, 1..6), twice in any::<bool>()) {
        let names = ["Base", "a", "b", "c", "d", "e", "gone"];
        let mut list: Vec<Scenario> =
            parents.iter().enumerate().map(|(k, p)| orphan(names[k], names[*p])).collect();
        if twice && list.len() > 2 {
            list[2].name = list[1].name.clone();
        }
        let said = repair_scenarios(&mut list);
        prop_assert_eq!(scenario_tree(&list).len(), list.len(), "all hang on the base");
        prop_assert!(repair_scenarios(&mut list.clone()).is_empty(), "once is enough");
        if said.is_empty() {
            prop_assert!(parents.iter().skip(1).zip(&list[1..]).all(|(p, s)| names[*p] == s.parent));
        }
        let distinct: std::collections::BTreeSet<_> = list.iter().map(|s| &s.name).collect();
        prop_assert_eq!(distinct.len(), list.len());
    }
}

/// A scenario that says whose branch it is and was never linked.
fn orphan(name: &str, parent: &str) -> Scenario {
    let mut scenario = Scenario::base(name);
    parent.clone_into(&mut scenario.parent);
    scenario
}

#[test]
fn long_lists_are_found_as_short_ones_are() {
    let mut scenario = Scenario::base("many");
    for k in 0..200 {
        scenario.set(Lever::LeadTimeDays, item_scope(&format!("item {k}")), Change::Set(f64::from(k)));
        scenario.set(Lever::LeadTimeDays, Scope::Category(format!("category {k}").into()), Change::Add(0.5));
    }
    scenario.set(Lever::LeadTimeDays, Scope::All, Change::Scale(2.0));
    let of =
        |code: &str, category: &str| Item { category: category.into(), ..Item::with_defaults(SeriesId::new(code, "")) };
    assert_eq!(scenario.item(&of("item 150", "category 3")).lead_time_days, 150.0 * 2.0);
    assert_eq!(scenario.item(&of("item 3", "category 150")).lead_time_days, (3.0 + 0.5) * 2.0);
    assert_eq!(scenario.item(&of("other", "other")).lead_time_days, 14.0);
    assert_eq!(scenario.change_of(Lever::LeadTimeDays, &item_scope("item 7")), Some(Change::Set(7.0)));
}

#[test]
fn categories_in_another_order_around_an_item_are_a_difference() {
    let (tea, coffee, item) = (Scope::Category("tea".into()), Scope::Category("coffee".into()), item_scope("A"));
    let scaled = |scope: &Scope| (scope.clone(), Change::Scale(2.0));
    let set = (item, Change::Set(3.0));
    let build = |order: [(Scope, Change); 3]| {
        let mut scenario = Scenario::base("any");
        for (scope, change) in order {
            scenario.set(Lever::LeadTimeDays, scope, change);
        }
        scenario
    };
    let (a, b) = (build([scaled(&tea), set.clone(), scaled(&coffee)]), build([scaled(&coffee), set, scaled(&tea)]));
    assert_eq!(difference(&a, &b).len(), 1);
    assert!(difference(&a, &b)[0].is_order, "A is tea: it is scaled before or after it is set");
    assert_ne!(effect(&a), effect(&b));
}

#[test]
fn an_own_override_stands_in_place_of_the_inherited_one() {
    let mut parent = Scenario::base("Base").branch("parent");
    parent.set(Lever::Demand, Scope::All, Change::Scale(1.2));
    let mut child = parent.branch("child");
    let item = &items()[0];
    assert_eq!(child.demand_changes(item), [Change::Scale(1.2)]);
    child.set(Lever::Demand, Scope::All, Change::Scale(1.1));
    assert_eq!(child.demand_changes(item), [Change::Scale(1.1)], "not 1.32");
    child.clear(Lever::Demand, &Scope::All);
    assert_eq!(child.demand_changes(item), [Change::Scale(1.2)], "back to the parent's");
    assert_eq!(child.effective()[0].0, "parent", "where it comes from");
}

#[test]
fn a_parent_s_change_shows_through() {
    let mut list = vec![Scenario::base("Base")];
    list.push(list[0].branch("parent"));
    list.push(list[1].branch("child"));
    list.push(list[2].branch("grandchild"));
    list[1].set(Lever::LeadTimeDays, Scope::All, Change::Set(30.0));
    link_scenarios(&mut list);
    assert!(list[1..].iter().all(|s| s.item(&items()[0]).lead_time_days == 30.0));
    list[2].set(Lever::LeadTimeDays, Scope::All, Change::Set(3.0));
    link_scenarios(&mut list);
    list[1].set(Lever::LeadTimeDays, Scope::All, Change::Set(60.0));
    list[1].set(Lever::SafetyStock, Scope::All, Change::Set(1.0));
    link_scenarios(&mut list);
    let days: Vec<f64> = list.iter().map(|s| s.item(&items()[0]).lead_time_days).collect();
    assert_eq!(days, [7.0, 60.0, 3.0, 3.0]);
    assert_eq!(list[3].item(&items()[0]).safety_stock, Some(1.0));
    rename_scenario(&mut list, "parent", "other");
    assert_eq!(list[3].effective()[0].0, "other");
    let depths: Vec<usize> = scenario_tree(&list).iter().map(|(depth, _)| *depth).collect();
    assert_eq!(depths, [0, 1, 2, 3]);
}

#[test]
fn a_fresh_branch_has_its_parent_s_plan_and_a_reset_shows_the_parent_s_value() {
    let mut bench = Bench::worked_example();
    let id = bench.session.selected().unwrap().clone();
    let days = |b: &Bench| b.session.focus().unwrap().item.lead_time_days;
    let scope = Scope::Series(id);
    bench.set(Lever::LeadTimeDays, scope.clone(), Change::Set(3.0));
    bench.apply(Command::RenameScenario("What-if".into(), "Slow".into()));
    bench.session.apply(Command::BranchScenario("Slower".into()));
    assert!(bench.session.plan_of("Slower").is_some(), "nothing has to be planned");
    bench.set(Lever::LeadTimeDays, scope.clone(), Change::Set(9.0));
    assert_eq!(days(&bench), 9.0);
    bench.apply(Command::ClearLever(Lever::LeadTimeDays, scope.clone()));
    assert_eq!(days(&bench), 3.0);
    let before = bench.session.project().clone();
    bench.apply(Command::ClearLever(Lever::LeadTimeDays, scope.clone()));
    assert_eq!(*bench.session.project(), before);
    assert!(bench.notices(NoticeKind::Warning).iter().any(|n| n.contains("comes from scenario Slow")));
    bench.set(Lever::LeadTimeDays, scope.clone(), Change::Base);
    assert_eq!(days(&bench), bench.session.focus().unwrap().base_item.lead_time_days);
    bench.apply(Command::ActivateScenario("Slow".into()));
    bench.set(Lever::LeadTimeDays, scope.clone(), Change::Set(4.0));
    bench.apply(Command::ActivateScenario("Slower".into()));
    bench.apply(Command::ClearLever(Lever::LeadTimeDays, scope));
    assert_eq!(days(&bench), 4.0, "the parent's change shows through");
    bench.apply(Command::DeleteScenario("Slow".into()));
    assert_eq!(days(&bench), 4.0, "it moved into the child");
    assert_eq!(bench.session.undo_name().unwrap().en, "Delete scenario Slow; its changes move into Slower");
    assert_eq!(bench.session.project().scenario("Slower").unwrap().parent, "Base");
}
