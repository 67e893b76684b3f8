//! Every formula of the workbook, computed again from the cells it names: the numbers are the engine's.

use super::fixture::plan;
use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use planwright::report::write_workbook;
use planwright::words::Language;
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;

/// Values of a workbook's sheets, by name.
type Book = BTreeMap<String, Range<Data>>;

/// What a part of a formula comes to: one value, or a column of them.
#[derive(Debug, Clone)]
enum Value {
    One(f64),
    Text(String),
    Cells(Vec<Data>),
    /// Numbers cell by cell, as an array formula makes them.
    Array(Vec<f64>),
}

impl Value {
    fn number(&self) -> f64 {
        match self {
            Self::One(x) => *x,
            other => panic!("{other:?} is no number"),
        }
    }

    fn numbers(&self) -> Vec<f64> {
        match self {
            Self::One(x) => vec![*x],
            Self::Array(all) => all.clone(),
            // What isn't a number doesn't count, as in SUM and MIN.
            Self::Cells(cells) => {
                cells.iter().filter_map(|c| if let Data::Float(x) = c { Some(*x) } else { None }).collect()
            }
            Self::Text(_) => Vec::new(),
        }
    }

    /// Cell by cell; what isn't a number is 0, as in SUMPRODUCT.
    fn dense(&self) -> Vec<f64> {
        match self {
            Self::Cells(cells) => cells.iter().map(|c| if let Data::Float(x) = c { *x } else { 0.0 }).collect(),
            other => other.numbers(),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    book: &'a Book,
    sheet: &'a str,
}

impl Parser<'_> {
    fn take(&mut self, mark: &str) -> bool {
        let found = self.rest.strip_prefix(mark);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product();
        loop {
            if self.take("+") {
                left = Value::One(left.number() + self.product().number());
            } else if self.take("-") {
                left = Value::One(left.number() - self.product().number());
            } else {
                return left;
            }
        }
    }

    fn product(&mut self) -> Value {
        let mut left = self.power();
        loop {
            if self.take("*") {
                left = Value::One(left.number() * self.power().number());
            } else if self.take("/") {
                left = Value::One(left.number() / self.power().number());
            } else {
                return left;
            }
        }
    }

    fn power(&mut self) -> Value {
        let base = self.atom();
        if self.take("^") { Value::One(base.number().powf(self.atom().number())) } else { base }
    }

    fn atom(&mut self) -> Value {
        if self.take("-") {
            return match self.atom() {
                Value::Array(all) => Value::Array(all.into_iter().map(|x| -x).collect()),
                value => Value::One(-value.number()),
            };
        }
        if self.take("(") {
            let inside = self.sum();
            assert!(self.take(")"), "{}", self.rest);
            return inside;
        }
        if self.take("\"") {
            let (text, rest) = self.rest.split_once('"').unwrap();
            self.rest = rest;
            return Value::Text(text.to_owned());
        }
        if self.take("'") {
            let (sheet, rest) = self.rest.split_once("'!").unwrap();
            self.rest = rest;
            return self.reference(sheet);
        }
        let length = self.rest.find(|c: char| !c.is_alphanumeric() && !"._$".contains(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        if let Some(arguments) = rest.strip_prefix('(') {
            self.rest = arguments;
            return self.function(word);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            self.rest = rest;
            return Value::One(word.parse().unwrap());
        }
        self.reference(self.sheet)
    }

    fn function(&mut self, name: &str) -> Value {
        let mut given = vec![self.sum()];
        while self.take(",") {
            given.push(self.sum());
        }
        assert!(self.take(")"), "{name}: {}", self.rest);
        let all = || given.iter().flat_map(Value::numbers);
        match name {
            "SUM" => Value::One(all().sum()),
            "MIN" => Value::One(all().fold(f64::INFINITY, f64::min)),
            "MAX" => Value::One(all().fold(f64::NEG_INFINITY, f64::max)),
            "COUNT" => Value::One(all().count() as f64),
            "SQRT" => Value::One(given[0].number().sqrt()),
            "INT" => Value::One(given[0].number().floor()),
            "_xlfn.NORM.S.INV" => Value::One(Normal::standard().inverse_cdf(given[0].number())),
            "SUMPRODUCT" => {
                let (a, b) = (given[0].dense(), given[1].dense());
                assert_eq!(a.len(), b.len());
                Value::One(a.iter().zip(b).map(|(a, b)| a * b).sum())
            }
            "EXACT" => {
                let (Value::Cells(cells), Value::Text(code)) = (&given[0], &given[1]) else { panic!("{given:?}") };
                Value::Array(cells.iter().map(|c| f64::from(u8::from(*c == Data::String(code.clone())))).collect())
            }
            "SUMIFS" => {
                let (Value::Cells(wanted), numbers) = (&given[1], given[0].dense()) else { panic!("{given:?}") };
                let is_met = |cell: &Data| match (&given[2], cell) {
                    (Value::Text(text), Data::String(cell)) => text == cell,
                    (Value::One(x), Data::Float(cell)) => x == cell,
                    _ => false,
                };
                assert_eq!(wanted.len(), numbers.len());
                Value::One(wanted.iter().zip(numbers).filter(|(cell, _)| is_met(cell)).map(|(_, x)| x).sum())
            }
            other => panic!("{other} isn't known"),
        }
    }

    /// `$A$2`, `A2` or `$A$2:$A$9`.
    fn reference(&mut self, sheet: &str) -> Value {
        let range = &self.book[sheet];
        let (row, column) = self.place();
        if !self.take(":") {
            return match range.get_value((row, column)) {
                Some(Data::Float(x)) => Value::One(*x),
                Some(Data::String(s)) => Value::Text(s.clone()),
                other => panic!("{sheet} {row} {column}: {other:?}"),
            };
        }
        let (last, same) = self.place();
        assert_eq!(column, same);
        Value::Cells((row..=last).map(|r| range.get_value((r, column)).cloned().unwrap_or(Data::Empty)).collect())
    }

    fn place(&mut self) -> (u32, u32) {
        let length = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '$').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        let plain = word.replace('$', "");
        let letters = plain.trim_end_matches(|c: char| c.is_ascii_digit());
        let column = letters.bytes().fold(0, |n, b| n * 26 + u32::from(b - b'A' + 1)) - 1;
        (plain[letters.len()..].parse::<u32>().unwrap() - 1, column)
    }
}

#[test]
fn every_formula_gives_the_number_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    for language in [Language::English, Language::Chinese] {
        let path = folder.path().join("plan.xlsx");
        write_workbook(&plan(), language, &path).unwrap();
        let mut file: Xlsx<_> = open_workbook(&path).unwrap();
        let names = file.sheet_names();
        let book: Book = names.iter().map(|n| (n.clone(), file.worksheet_range(n).unwrap())).collect();
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for sheet in &names {
            let formulas = file.worksheet_formula(sheet).unwrap();
            let (top, left) = formulas.start().unwrap_or_default();
            for (row, column, formula) in formulas.used_cells().filter(|(.., f)| !f.is_empty()) {
                let at = (top + row as u32, left + column as u32);
                let Some(Data::Float(shown)) = book[sheet].get_value(at) else {
                    panic!("{sheet} {at:?} has no number")
                };
                let mut parser = Parser { rest: formula, book: &book, sheet };
                let value = parser.sum().number();
                assert!(parser.rest.is_empty(), "{formula}: {} is left", parser.rest);
                let near = (value - shown).abs() <= 1e-9 * shown.abs().max(1.0);
                assert!(near, "{sheet} {at:?}: {formula} gives {value}, not {shown}");
                *found.entry(sheet.clone()).or_default() += 1;
            }
        }
        let of = |en: &str, zh: &str| found.get(if language == Language::English { en } else { zh }).copied();
        // Four periods with eight totals each; three items with six figures; what is shared by key.
        assert_eq!(of("Cash", "现金流"), Some(4 * 8));
        assert_eq!(of("Cash by item", "商品现金流"), Some(3 * 6));
        assert_eq!(of("Balances", "余额"), Some(plan().cash.balances.len()));
        assert!(of("Allocation", "成本分摊") >= Some(2 * 9) && of("Shares", "分摊明细") >= Some(6));
        assert!(of("Shared costs", "共享成本") >= Some(6) && of("Summary", "概览") >= Some(22), "{found:?}");
    }
}
