//! New data under scenarios: what no longer fits is listed, and nothing goes by itself.

use super::Bench;
use planwright::model::{Change, Lever, Policy, Scope, Seen, SeriesId};
use planwright::session::{Command, ConflictAnswer, NoticeKind};
use std::fmt::Write;
use std::path::{Path, PathBuf};

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    fn sales(&self, items: &[(&str, f64)]) -> PathBuf {
        let mut table = String::from("date,item,quantity\n");
        for day in 1..=28 {
            for (item, level) in items {
                writeln!(table, "2024-02-{day:02},{item},{}", level + f64::from(day % 3)).unwrap();
            }
        }
        self.write("sales.csv", &table)
    }

    fn items(&self, rows: &str) -> PathBuf {
        self.write("items.csv", &format!("item,category,lead_time_days,safety_stock,policy\n{rows}"))
    }
}

fn opened(files: &Files) -> Bench {
    let mut bench = Bench::new();
    bench.apply(Command::ImportSales(files.sales(&[("tea", 20.0), ("coffee", 30.0)])));
    bench.apply(Command::ImportItems(files.items("tea,hot,10,,sS\ncoffee,hot,20,5,sS\n")));
    bench
}

fn of(item: &str) -> Scope {
    Scope::Series(SeriesId::new(item, ""))
}

#[test]
fn only_what_no_longer_fits_is_a_conflict_and_each_answer_settles_it() {
    let files = Files::new();
    let mut bench = opened(&files);
    bench.set(Lever::LeadTimeDays, of("tea"), Change::Set(15.0));
    bench.set(Lever::LeadTimeDays, Scope::Category("hot".into()), Change::Scale(2.0));
    bench.set(Lever::SafetyStock, of("tea"), Change::Set(8.0));
    bench.set(Lever::Policy, of("coffee"), Change::Policy(Policy::BaseStock));
    bench.set(Lever::Demand, Scope::All, Change::Set(50.0));
    assert!(bench.session.conflicts().is_empty());
    let seen = |b: &Bench, lever, scope: Scope| {
        b.session.project().active_scenario().overrides.get(lever, &scope).unwrap().seen
    };
    assert_eq!(seen(&bench, Lever::LeadTimeDays, of("tea")), Seen::Value(10.0));
    assert_eq!(seen(&bench, Lever::LeadTimeDays, Scope::Category("hot".into())), Seen::Value(15.0));
    assert_eq!(seen(&bench, Lever::SafetyStock, of("tea")), Seen::Unset);

    // The same file again is no conflict.
    bench.apply(Command::ImportItems(files.items("tea,hot,10,,sS\ncoffee,hot,20,5,sS\n")));
    assert!(bench.session.conflicts().is_empty());

    bench.apply(Command::ImportItems(files.items("tea,hot,20,4,sS\ncoffee,hot,25,5,RS\n")));
    let found: Vec<_> = bench.session.conflicts().iter().map(|c| (c.lever, c.seen, c.now)).collect();
    let expected = [
        (Lever::LeadTimeDays, Seen::Value(10.0), Seen::Value(20.0)),
        (Lever::SafetyStock, Seen::Unset, Seen::Value(4.0)),
        (Lever::Policy, Seen::Policy(Policy::ReorderUpTo), Seen::Policy(Policy::PeriodicUpTo)),
    ];
    assert_eq!(found, expected, "the scaled category follows its base");
    assert!(bench.notices(NoticeKind::Warning).iter().any(|n| n.contains("no longer fit the data: 3.")));
    let keys: Vec<_> =
        bench.session.conflicts().iter().map(|c| (c.scenario.clone(), c.lever, c.scope.clone())).collect();
    let before = bench.session.project().clone();

    bench.apply(Command::AnswerConflicts(keys.clone(), ConflictAnswer::Relative));
    assert_eq!(bench.session.conflicts().len(), 2, "an unset value and a policy have no relative change");
    let change = bench.session.project().active_scenario().change_of(Lever::LeadTimeDays, &of("tea"));
    assert_eq!(change, Some(Change::Scale(1.5)), "15 was to 10 what 30 is to 20");
    bench.apply(Command::AnswerConflicts(vec![keys[1].clone()], ConflictAnswer::TakeBase));
    assert_eq!(bench.session.project().active_scenario().change_of(Lever::SafetyStock, &of("tea")), None);
    bench.apply(Command::AnswerConflicts(vec![keys[2].clone()], ConflictAnswer::KeepMine));
    assert!(bench.session.conflicts().is_empty());
    let policy = bench.session.project().active_scenario().change_of(Lever::Policy, &of("coffee"));
    assert_eq!(policy, Some(Change::Policy(Policy::BaseStock)));
    assert_eq!(bench.session.undo_name().unwrap().en, "Keep own value");
    bench.apply(Command::UndoSteps(3));
    assert_eq!(*bench.session.project(), before);
    assert_eq!(bench.session.conflicts().len(), 3, "they are questions again");
}

#[test]
fn an_item_that_left_the_data_is_told_and_its_override_stays() {
    let files = Files::new();
    let mut bench = opened(&files);
    bench.set(Lever::Demand, of("coffee"), Change::Scale(1.3));
    bench.set(Lever::Moq, Scope::Category("hot".into()), Change::Set(6.0));
    bench.apply(Command::ImportItems(files.items("tea,cold,10,,sS\n")));
    assert_eq!(bench.session.conflicts().len(), 1, "coffee is sold still; the category is gone");
    bench.apply(Command::ImportSales(files.sales(&[("tea", 20.0)])));
    let gone: Vec<_> = bench.session.conflicts().iter().map(|c| (c.lever, c.now)).collect();
    assert_eq!(gone, [(Lever::Demand, Seen::Gone), (Lever::Moq, Seen::Gone)]);
    assert_eq!(bench.session.project().active_scenario().overrides.len(), 2, "nothing is lost silently");
    let keys: Vec<_> =
        bench.session.conflicts().iter().map(|c| (c.scenario.clone(), c.lever, c.scope.clone())).collect();
    bench.apply(Command::AnswerConflicts(keys, ConflictAnswer::KeepMine));
    assert!(bench.session.conflicts().is_empty());
    // It comes back: the user is told that the override counts again.
    bench.apply(Command::ImportSales(files.sales(&[("tea", 20.0), ("coffee", 30.0)])));
    assert_eq!(bench.session.conflicts().len(), 1);
}

#[test]
fn demand_set_by_hand_is_doubtful_only_when_sales_moved_a_good_deal() {
    let files = Files::new();
    let mut bench = opened(&files);
    bench.set(Lever::Demand, of("tea"), Change::Set(25.0));
    bench.apply(Command::ImportSales(files.sales(&[("tea", 21.0), ("coffee", 30.0)])));
    assert!(bench.session.conflicts().is_empty());
    bench.apply(Command::ImportSales(files.sales(&[("tea", 40.0), ("coffee", 30.0)])));
    assert_eq!(bench.session.conflicts().len(), 1);
    assert_eq!(
        bench.session.conflicts()[0]
            .relative()
            .map(|c| matches!(c, Change::Scale(k) if (k - 25.0 / 21.0).abs() < 0.01)),
        Some(true)
    );
}
