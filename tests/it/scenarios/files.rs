//! Scenarios in project files: the first format's, damaged ones.

use super::{Bench, item_scope};
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use planwright::model::{Change, Lever, Scope, Seen};
use planwright::session::{Command, NoticeKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;

/// Saves the worked example and writes it again with other scenarios under another format's number.
fn with_scenarios(path: &Path, version: u32, scenarios: Value) {
    let mut bench = Bench::worked_example();
    bench.apply(Command::SaveProject(Some(path.to_owned())));
    let bytes = std::fs::read(path).unwrap();
    let lines: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(k, _)| k).take(2).collect();
    let mut text = String::new();
    DeflateDecoder::new(&bytes[lines[1] + 1..]).read_to_string(&mut text).unwrap();
    let mut project: Value = serde_json::from_str(&text).unwrap();
    project["scenarios"] = scenarios;
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(project.to_string().as_bytes()).unwrap();
    let payload = encoder.finish().unwrap();
    let hash = Sha256::digest(&payload).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let file = [format!("PLANWRIGHT {version}\n{hash}\n").as_bytes(), &payload].concat();
    std::fs::write(path, file).unwrap();
}

fn old(name: &str, parent: &str, overrides: &Value) -> Value {
    json!({ "name": name, "note": format!("why {name}"), "parent": parent, "overrides": overrides })
}

#[test]
fn a_file_of_the_first_format_means_what_it_meant() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.planwright");
    // Branches held copies: the child took its parent's lead time over, and lost its service level again.
    let parent = json!([
        { "lever": "LeadTimeDays", "scope": "All", "change": { "Set": 3.0 } },
        { "lever": "ServiceLevel", "scope": "All", "change": { "Set": 0.9 } },
    ]);
    let child = json!([
        { "lever": "LeadTimeDays", "scope": "All", "change": { "Set": 3.0 } },
        { "lever": "Demand", "scope": { "Series": { "item": "A", "location": "" } }, "change": { "Scale": 2.0 } },
        { "lever": "SafetyStock", "scope": "All", "change": "Clear" },
    ]);
    let all = json!([old("Base", "", &json!([])), old("Parent", "Base", &parent), old("Child", "Parent", &child)]);
    with_scenarios(&path, 1, all);
    let mut bench = Bench::new();
    bench.apply(Command::OpenProject(path.clone()));
    let project = bench.session.project();
    let child = project.scenario("Child").unwrap();
    assert_eq!((&*child.parent, &*child.note), ("Base", "why Child"));
    let effect: Vec<_> = child.effective().iter().map(|(_, o)| (o.lever, o.scope.clone(), o.change)).collect();
    let expected = [
        (Lever::LeadTimeDays, Scope::All, Change::Set(3.0)),
        (Lever::Demand, item_scope("A"), Change::Scale(2.0)),
        (Lever::SafetyStock, Scope::All, Change::Clear),
    ];
    assert_eq!(effect, expected, "nothing of the parent's service level");
    assert!(child.overrides.iter().all(|o| o.seen == Seen::Unknown));
    assert!(bench.session.conflicts().is_empty(), "nobody knows what the base was");
    assert!(bench.notices(NoticeKind::Warning).is_empty(), "{:?}", bench.events);
    // Saved in the present format it stays so.
    let before = project.scenarios.clone();
    bench.apply(Command::SaveProject(Some(path.clone())));
    let mut again = Bench::new();
    again.apply(Command::OpenProject(path));
    assert_eq!(again.session.project().scenarios, before);
}

#[test]
fn nested_scenarios_come_back_nested_and_a_damaged_tree_is_mended_with_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree.planwright");
    let own = |days: f64| json!([{ "lever": "LeadTimeDays", "scope": "All", "change": { "Set": days } }]);
    let sound = json!([old("Base", "", &json!([])), old("P", "Base", &own(4.0)), old("C", "P", &json!([]))]);
    with_scenarios(&path, 2, sound);
    let mut bench = Bench::new();
    bench.apply(Command::OpenProject(path.clone()));
    let days =
        |b: &Bench, name: &str| b.session.project().scenario(name).unwrap().change_of(Lever::LeadTimeDays, &Scope::All);
    assert_eq!(days(&bench, "C"), Some(Change::Set(4.0)));
    let damaged = json!([
        old("Base", "", &json!([])),
        old("P", "C", &own(4.0)),
        old("C", "P", &own(5.0)),
        old("Orphan", "Nobody", &own(6.0)),
    ]);
    with_scenarios(&path, 2, damaged);
    bench.apply(Command::OpenProject(path));
    let warnings = bench.notices(NoticeKind::Warning);
    assert!(warnings.iter().any(|w| w.contains("P was its own ancestor")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("Orphan was branched from Nobody")), "{warnings:?}");
    assert_eq!(days(&bench, "C"), Some(Change::Set(5.0)));
    assert_eq!(bench.session.project().scenario("P").unwrap().parent, "Base");
}
