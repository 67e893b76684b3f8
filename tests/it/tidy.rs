//! Guards the house: which room may import which, and where the big dependencies live.
//!
//! The tables below are `ROOMS` (reading order, with the rooms each may import) and `HOMES` (crate → its only rooms).
//! The test reads the source tree as text, so it needs no compiler plugin and sees every `cfg`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ENGINE: &[&str] = &["words", "vector", "control", "diagnostic", "model"];

/// Every room of `src/`, and the rooms that it may import besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("vector", &[]),
    ("control", &["words"]),
    ("diagnostic", &["words"]),
    ("model", &["words", "diagnostic"]),
    ("data", ENGINE),
    ("forecast", ENGINE),
    ("inventory", ENGINE),
    ("dispatch", ENGINE),
    ("costing", ENGINE),
    ("risk", ENGINE),
    ("report", &["words", "diagnostic", "model"]),
    (
        "pipeline",
        &[
            "words",
            "control",
            "diagnostic",
            "model",
            "data",
            "forecast",
            "inventory",
            "dispatch",
            "costing",
            "risk",
            "report",
        ],
    ),
    ("session", &["words", "control", "diagnostic", "model", "pipeline"]),
    ("cli", &["words", "control", "diagnostic", "model", "pipeline"]),
    ("gui", &["words", "diagnostic", "model", "report", "session"]),
    ("lib", &[]),
    ("main", &["cli", "gui"]),
];

/// Big dependencies and the only rooms that may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("polars", &["data"]),
    ("polars_arrow", &["data"]),
    ("polars_buffer", &["data"]),
    ("polars_parquet", &["data"]),
    ("zip", &["data"]),
    ("calamine", &["data"]),
    ("csv", &["data", "report"]),
    ("encoding_rs", &["data"]),
    ("chardetng", &["data"]),
    ("candle_core", &["forecast/neural"]),
    ("candle_nn", &["forecast/neural"]),
    ("safetensors", &["forecast/neural"]),
    ("half", &["forecast/neural"]),
    ("good_lp", &["dispatch"]),
    ("rust_xlsxwriter", &["report"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("ctrlc", &["cli"]),
    ("eframe", &["gui"]),
    ("egui", &["gui"]),
    ("egui_plot", &["gui"]),
    ("egui_table", &["gui"]),
    ("winit", &["gui"]),
    ("rfd", &["gui/dialogs"]),
    ("flate2", &["session"]),
    ("directories", &["session"]),
];

/// No file is longer: a file holds one idea.
const MAX_LINES: usize = 600;

/// A source file: its path under `src/` with forward slashes and no ending, and its text without comments.
struct Source {
    path: String,
    lines: usize,
    code: String,
}

#[test]
fn arrows_point_down() {
    assert_eq!(arrow_faults(&sources()), Vec::<String>::new());
}

#[test]
fn big_dependencies_stay_in_their_rooms() {
    assert_eq!(home_faults(&sources()), Vec::<String>::new());
}

#[test]
fn every_folder_is_in_the_table() {
    let faults: Vec<String> =
        sources().iter().filter(|s| allowed(room(&s.path)).is_none()).map(|s| s.path.clone()).collect();
    assert_eq!(faults, Vec::<String>::new(), "add the room to ROOMS and to the table in the architecture");
}

#[test]
fn files_hold_one_idea() {
    let long: Vec<String> =
        sources().iter().filter(|s| s.lines > MAX_LINES).map(|s| format!("{}: {} lines", s.path, s.lines)).collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn planted_faults_are_found() {
    let planted = |path: &str, code: &str| vec![Source { path: path.into(), lines: 1, code: strip_comments(code) }];
    let arrows = [
        ("model/item", "use crate::pipeline::run;"),
        ("forecast/mod", "use crate::{control::Control, inventory::plan};"),
        ("dispatch/solve", "let x = crate::costing::compute(&y);"),
        ("data/mod", "use super::super::forecast::Options;"),
        ("gui/app", "use planwright::pipeline;"),
        ("session/mod", "use crate::{\n    model::{Item, Plan},\n    report::Table,\n};"),
    ];
    for (path, code) in arrows {
        assert_eq!(arrow_faults(&planted(path, code)).len(), 1, "{path}: {code}");
    }
    let homes = [
        ("forecast/arima/mod", "use candle_core::Tensor;"),
        ("session/mod", "fn f(x: egui::Ui) {}"),
        ("model/sales", "use polars::prelude::*;"),
        ("gui/app", "use rfd::FileDialog;"),
    ];
    for (path, code) in homes {
        assert_eq!(home_faults(&planted(path, code)).len(), 1, "{path}: {code}");
    }
    let sound = [
        ("pipeline", "use crate::{data::read_sales, model::{Item, Plan}}; // use crate::gui::run;"),
        ("forecast/neural/lstm", "use candle_core::Tensor; use crate::model::Series;"),
        ("gui/dialogs", "use rfd::FileDialog; use crate::session::Session;"),
    ];
    for (path, code) in sound {
        assert_eq!(arrow_faults(&planted(path, code)), Vec::<String>::new());
        assert_eq!(home_faults(&planted(path, code)), Vec::<String>::new());
    }
}

fn arrow_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| room(&s.path) != "lib") {
        let from = room(&source.path);
        for to in imports(&source.code) {
            if to != from && allowed(&to).is_some() && !allowed(from).is_some_and(|rooms| rooms.contains(&to.as_str()))
            {
                faults.push(format!("{}: {from} may not import {to}", source.path));
            }
        }
    }
    faults
}

fn home_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for (name, homes) in HOMES {
            let at_home = homes.iter().any(|home| source.path == *home || source.path.starts_with(&format!("{home}/")));
            if !at_home && names_crate(&source.code, name) {
                faults.push(format!("{}: {name} lives in {} only", source.path, homes.join(", ")));
            }
        }
    }
    faults
}

/// The rooms that a file names after `crate::`, `planwright::` or `super::super::`, grouped imports included.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for root in ["crate::", "planwright::", "super::super::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            found.extend(heads(&code[at + root.len()..]));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// First path segments of `a::b` or of every branch of `{a::b, c::{d, e}}`.
fn heads(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut expect, mut found) = (0, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expect = true,
            c if expect && depth == 0 && !c.is_whitespace() => {
                found.push(word(&group[at..]));
                expect = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, rooms)| *rooms)
}

fn room(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files);
    assert!(files.len() > 10, "the source tree was found");
    files
        .into_iter()
        .map(|(path, text)| Source { path, lines: text.lines().count(), code: strip_comments(&text) })
        .collect()
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).unwrap().with_extension("");
            let name = name.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Drops `//` comments, documentation included: prose may link to any room.
fn strip_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}
