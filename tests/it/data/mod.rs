//! Tests at the face of `data`.

mod bad;
mod drivers;
mod master;
mod real;
mod receipts;
mod sales;
mod workbooks;

use planwright::control::Control;
use planwright::data::{DataError, ReadOptions, SalesImport, read_sales};
use planwright::diagnostic::{Diagnostics, Severity};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A file of `tests/files`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

/// A file of the shared real data; `None` where it isn't installed.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

/// A temporary folder with one file in it.
struct Written {
    folder: tempfile::TempDir,
    name: String,
}

impl Written {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), content).unwrap();
        Self { folder, name: name.to_owned() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(&self.name)
    }
}

fn import(path: &Path, options: &ReadOptions) -> SalesImport {
    let import = read_sales(path, options, &Control::silent()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    conserve(&import);
    import
}

/// Rows used and left out add up to the file; so do the quantities, and the panel's total is the quantity used.
fn conserve(import: &SalesImport) {
    let s = &import.summary;
    let left: u64 = s.left_out.iter().map(|l| l.rows).sum();
    let left_quantity: f64 = s.left_out.iter().map(|l| l.quantity).sum();
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs() + b.abs());
    if let Some(panel) = &import.panel {
        assert_eq!(s.rows_used + left, s.rows, "{s:?}");
        assert!(near(s.quantity_used + left_quantity, s.quantity_in_file), "{s:?}");
        assert!(near(panel.total(), s.quantity_used), "{} {s:?}", panel.total());
    }
    assert_eq!(import.panel.is_none(), import.diagnostics.has_errors(), "{}", findings(&import.diagnostics));
    bilingual(&import.diagnostics);
}

/// Every finding speaks both languages, and every problem has a hint.
fn bilingual(diagnostics: &Diagnostics) {
    for d in diagnostics.entries() {
        assert!(!d.message.en.is_empty() && !d.message.zh.is_empty(), "{d:?}");
        assert!(d.message.zh.chars().any(|c| c > '\u{2E7F}'), "{d:?}");
        assert!(d.place.file.as_ref().is_none_or(|f| !f.contains('/')), "{d:?}");
    }
}

/// Codes with their counts, errors marked: `!no-date-column duplicate-rows:3`.
fn findings(diagnostics: &Diagnostics) -> String {
    let mut words: Vec<String> = Vec::new();
    for (code, n) in diagnostics.counts() {
        let error = diagnostics.entries().iter().any(|d| d.code == code && d.severity == Severity::Error);
        words.push(format!(
            "{}{code}{}",
            if error { "!" } else { "" },
            if n > 1 { format!(":{n}") } else { String::new() }
        ));
    }
    words.join(" ")
}

/// The panel in one line per series: `day; A @ W 2024-01-01: 1 2 3`.
fn render(import: &SalesImport) -> String {
    let Some(panel) = &import.panel else { return findings(&import.diagnostics) };
    let mut out = panel.frequency().name().to_owned();
    for s in panel.series() {
        let values: Vec<String> = s.values.iter().map(f64::to_string).collect();
        write!(out, "; {} {}: {}", s.id, s.start, values.join(" ")).unwrap();
    }
    out
}

/// The code of the error that ends the reading.
fn unreadable(path: &Path) -> String {
    match read_sales(path, &ReadOptions::default(), &Control::silent()) {
        Err(DataError::Unreadable(d)) => {
            assert!(!d.hint.is_empty() && !d.message.zh.is_empty(), "{d:?}");
            d.code
        }
        Err(e) => panic!("{e}"),
        Ok(import) => panic!("it could be read: {}", render(&import)),
    }
}
