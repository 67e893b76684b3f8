//! Gathering findings row by row without drowning in them, and the sentences that several readers share.

use super::DataError;
use super::limits::EXAMPLES;
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;

/// One kind of fault: the first [`EXAMPLES`] places are spelled out, the rest are counted.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    kinds: BTreeMap<&'static str, Kind>,
}

#[derive(Debug)]
struct Kind {
    examples: Vec<Diagnostic>,
    total: u64,
    rest: Option<Diagnostic>,
}

impl Gathered {
    /// Adds a place with the fault `code`; `describe` is only called for the places that are spelled out.
    pub(super) fn add(&mut self, code: &'static str, describe: impl FnOnce() -> Diagnostic) {
        let kind = self.kinds.entry(code).or_insert_with(|| Kind { examples: Vec::new(), total: 0, rest: None });
        kind.total += 1;
        if kind.total <= EXAMPLES {
            kind.examples.push(describe());
        } else if kind.rest.is_none() {
            kind.rest = Some(describe());
        }
    }

    /// Hands the findings over, sorted by code.
    pub(super) fn finish(self, into: &mut Diagnostics) {
        for kind in self.kinds.into_values() {
            for example in kind.examples {
                into.push(example);
            }
            if let Some(mut rest) = kind.rest {
                let n = kind.total - EXAMPLES;
                rest.count = n;
                let more = text!("({n} more rows like this)", "（还有 {n} 行类似）");
                rest.message = rest.message.then(&more);
                into.push(rest);
            }
        }
    }
}

/// An error that ends the reading.
pub(super) fn unreadable(code: &str, message: Text, hint: Text, place: Place) -> DataError {
    DataError::Unreadable(Box::new(Diagnostic::new(Severity::Error, code, message, hint, place)))
}

/// A cell's text, short enough for a sentence.
pub(super) fn quote(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// Headers as a readable list, cut after a dozen.
pub(super) fn header_list<'a>(headers: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let all: Vec<&str> = headers.collect();
    let mut list = all.iter().take(MOST).map(|h| quote(h)).collect::<Vec<_>>().join(", ");
    if all.len() > MOST {
        list.push_str(", …");
    }
    list
}
