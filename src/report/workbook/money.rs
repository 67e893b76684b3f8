//! Live formulas of cash and allocation.
//!
//! - cash: totals across a row, balances from the row before;
//! - cash by item: what is owed at the end from what was owed at the start;
//! - shared costs, shares, allocation: an item's part = amount × its weight / the weight of all, summed over what it shares.

use super::super::table::{Cell, Table};
use super::formulas::{Book, agrees, letters};
use crate::model::AllocationKey;

/// Names of the figures that come from the cash sheet.
const CASH: [&str; 10] =
    ["sales", "cash_in", "cash_out", "cash_net", "cash_trough", "working_capital", "dio", "dso", "dpo", "ccc"];

/// Comparisons that a sheet's allocation formulas make together, at most: spreadsheets take a second for so many.
const MOST_COMPARED: usize = 20_000_000;

pub(super) fn is_of_cash(key: &str) -> bool {
    CASH.contains(&key)
}

/// The formula of a figure that comes from the cash sheet.
pub(super) fn summary(book: &Book<'_>, key: &str) -> Option<String> {
    let column = |name| book.column("cash", name);
    let sum = |name| Some(format!("SUM({})", column(name)?));
    let days = |mean, flow| {
        let (mean, days, flow) = (column(mean)?, column("days")?, column(flow)?);
        Some(format!("SUMPRODUCT({mean},{days})/SUM({flow})"))
    };
    match key {
        "sales" => sum("sales"),
        "cash_in" => sum("cash_in"),
        "cash_out" => sum("cash_out"),
        "cash_net" => sum("net"),
        "cash_trough" => Some(format!("MAX(0,-MIN({}))", column("lowest")?)),
        "working_capital" => {
            let (cash, _) = book.find("cash")?;
            book.cell("cash", cash.rows.len().checked_sub(1)?, "working_capital")
        }
        "dio" => days("mean_inventory", "cost_of_sales"),
        "dso" => days("mean_receivables", "sales"),
        "dpo" => days("mean_payables", "cost_of_sales"),
        _ => {
            let (summary, _) = book.find("summary")?;
            let keys = summary.column("key")?;
            let row = |key: &str| summary.rows.iter().position(|r| r[keys] == Cell::code(key));
            let cell = |key: &str| book.cell("summary", row(key)?, "value");
            Some(format!("{}+{}-{}", cell("dio")?, cell("dso")?, cell("dpo")?))
        }
    }
}

/// Where the sheets of allocation are, and whether their formulas are few enough.
pub(super) struct Places {
    /// Cell of a shared cost's amount, and of the weight of all by each key, by number.
    amounts: Vec<Option<String>>,
    sums: Vec<[Option<String>; 6]>,
    weights: Vec<[Option<f64>; 6]>,
    values: Vec<Option<f64>>,
    /// Columns of the shares: number, item, weights, parts.
    numbers: Option<String>,
    items: Option<String>,
    bases: [Option<String>; 6],
    parts: [Option<String>; 7],
    /// Sums of the shares by item code, to be compared with.
    direct: Option<(String, String)>,
    cost_items: Vec<(String, f64)>,
    shares: Vec<(String, [f64; 7])>,
    is_small: bool,
}

const BASES: [&str; 6] =
    ["basis_units", "basis_volume", "basis_weight", "basis_value", "basis_activity", "basis_equal"];
const SUMS: [&str; 6] = ["sum_units", "sum_volume", "sum_weight", "sum_value", "sum_activity", "sum_equal"];

impl Places {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let rows = |key| book.find(key).map_or(0, |(t, _)| t.rows.len());
        let shared = rows("shared_costs");
        let number = |key: &str, row: usize, column: &str| {
            let (table, _) = book.find(key)?;
            table.rows.get(row)?[table.column(column)?].as_number()
        };
        let lines = |key: &str, name: &str| -> Vec<(String, f64)> {
            let Some((table, _)) = book.find(key) else { return Vec::new() };
            let (Some(item), Some(at)) = (table.column("item"), table.column(name)) else { return Vec::new() };
            table.rows.iter().map(|r| (code(&r[item]), r[at].as_number().unwrap_or(0.0))).collect()
        };
        let shares = book.find("shares").map_or(Vec::new(), |(table, _)| {
            let item = table.column("item").unwrap_or(0);
            let at = AllocationKey::ALL.map(|k| table.column(k.name()).unwrap_or(0));
            table.rows.iter().map(|r| (code(&r[item]), at.map(|c| r[c].as_number().unwrap_or(0.0)))).collect()
        });
        let compared = rows("allocation") * (rows("shares") * AllocationKey::ALL.len() + rows("costs"))
            + shared * rows("shares") * SUMS.len();
        Self {
            amounts: (0..shared).map(|k| book.cell("shared_costs", k, "amount")).collect(),
            sums: (0..shared).map(|k| SUMS.map(|s| book.cell("shared_costs", k, s))).collect(),
            weights: (0..shared).map(|k| SUMS.map(|s| number("shared_costs", k, s))).collect(),
            values: (0..shared).map(|k| number("shared_costs", k, "amount")).collect(),
            numbers: book.column("shares", "number"),
            items: book.column("shares", "item"),
            bases: BASES.map(|b| book.column("shares", b)),
            parts: AllocationKey::ALL.map(|k| book.column("shares", k.name())),
            direct: book.column("costs", "item").zip(book.column("costs", "amount")),
            cost_items: lines("costs", "amount"),
            shares,
            is_small: compared <= MOST_COMPARED,
        }
    }

    /// Parts of an item's shares, or its own cost lines, summed as a spreadsheet would: by the code as it is written.
    fn shared(&self, item: &str, key: usize) -> f64 {
        self.shares.iter().filter(|(code, _)| code == item).map(|(_, parts)| parts[key]).sum()
    }

    fn own(&self, item: &str) -> f64 {
        self.cost_items.iter().filter(|(code, _)| code == item).map(|(_, amount)| amount).sum()
    }
}

fn code(cell: &Cell) -> String {
    match cell {
        Cell::Code(code) => code.clone(),
        _ => String::new(),
    }
}

/// The formula of a cell of the sheets of cash and allocation, when it gives the cell's number.
pub(super) fn formula(places: &Places, table: &Table, row: usize, column: usize) -> Option<String> {
    let shown = table.rows[row][column].as_number()?;
    let key = table.columns[column].key;
    let (formula, value) = match table.key {
        "cash" if row > 0 => cash(table, row, key)?,
        "cash_items" => owed(table, row, key)?,
        "shares" => part(places, table, row, key)?,
        "shared_costs" if places.is_small => {
            let k = SUMS.iter().position(|s| *s == key)?;
            let (numbers, basis) = (places.numbers.as_ref()?, places.bases[k].as_ref()?);
            let number = letters(table.column("number")?);
            (format!("SUMIFS({basis},{numbers},{number}{})", row + 2), shown)
        }
        "allocation" => item(places, table, row, key)?,
        _ => return None,
    };
    agrees(value, shown).then_some(formula)
}

/// `+A−B` over cells of a table, some of them in the row before.
struct Terms<'a> {
    table: &'a Table,
    formula: String,
    value: f64,
}

impl<'a> Terms<'a> {
    fn new(table: &'a Table) -> Self {
        Self { table, formula: String::new(), value: 0.0 }
    }

    /// Adds a cell, or takes it away with `sign` −1.
    fn with(mut self, sign: f64, row: usize, key: &str) -> Option<Self> {
        let column = self.table.column(key)?;
        let number = self.table.rows.get(row)?[column].as_number()?;
        let mark = if sign < 0.0 { "-" } else { "+" };
        let mark = if self.formula.is_empty() && sign > 0.0 { "" } else { mark };
        self.formula = format!("{}{mark}{}{}", self.formula, letters(column), row + 2);
        self.value += sign * number;
        Some(self)
    }

    fn done(self) -> (String, f64) {
        (self.formula, self.value)
    }
}

fn cash(table: &Table, row: usize, key: &str) -> Option<(String, f64)> {
    let sum = |terms: &[(f64, usize, &str)]| {
        let terms = terms.iter().try_fold(Terms::new(table), |all, (sign, row, key)| all.with(*sign, *row, key));
        terms.map(Terms::done)
    };
    let before = row - 1;
    match key {
        "cash_out" => sum(&[
            (1.0, row, "paid_suppliers"),
            (1.0, row, "paid_ordering"),
            (1.0, row, "paid_holding"),
            (1.0, row, "paid_transport"),
        ]),
        "net" => sum(&[(1.0, row, "cash_in"), (-1.0, row, "cash_out")]),
        "cumulative" => sum(&[(1.0, before, "cumulative"), (1.0, row, "net")]),
        "lowest" => sum(&[(1.0, before, "cumulative"), (1.0, row, "dip")]),
        "inventory" => sum(&[(1.0, before, "inventory"), (1.0, row, "received"), (-1.0, row, "cost_of_sales")]),
        "receivables" => sum(&[(1.0, before, "receivables"), (1.0, row, "sales"), (-1.0, row, "cash_in")]),
        "payables" => sum(&[(1.0, before, "payables"), (1.0, row, "received"), (-1.0, row, "paid_suppliers")]),
        "working_capital" => sum(&[(1.0, row, "inventory"), (1.0, row, "receivables"), (-1.0, row, "payables")]),
        _ => None,
    }
}

fn owed(table: &Table, row: usize, key: &str) -> Option<(String, f64)> {
    let end = |start: &str, more: &str, less: &str| {
        Some(Terms::new(table).with(1.0, row, start)?.with(1.0, row, more)?.with(-1.0, row, less)?.done())
    };
    match key {
        "inventory" => end("opening_inventory", "received_value", "cost_of_sales"),
        "receivables" => end("opening_receivables", "sales", "collected"),
        "payables" => end("opening_payables", "received_value", "paid"),
        _ => None,
    }
}

/// amount × weight / weight of all.
fn part(places: &Places, table: &Table, row: usize, key: &str) -> Option<(String, f64)> {
    let k = AllocationKey::ALL.iter().position(|a| a.name() == key).filter(|k| *k < BASES.len())?;
    let cells = &table.rows[row];
    let number = cells[table.column("number")?].as_number()? as usize - 1;
    let basis = table.column(BASES[k])?;
    let (amount, sum) = (places.amounts.get(number)?.as_ref()?, places.sums.get(number)?[k].as_ref()?);
    let value = places.values[number]? * cells[basis].as_number()? / places.weights[number][k]?;
    Some((format!("{amount}*{}{}/{sum}", letters(basis), row + 2), value))
}

fn item(places: &Places, table: &Table, row: usize, key: &str) -> Option<(String, f64)> {
    let at = table.column("item")?;
    let cell = format!("{}{}", letters(at), row + 2);
    if key == "total" {
        return Some(Terms::new(table).with(1.0, row, "direct")?.with(1.0, row, "shapley")?.done());
    }
    let Cell::Code(code) = &table.rows[row][at] else { return None };
    if !places.is_small {
        return None;
    }
    if key == "direct" {
        let (items, amounts) = places.direct.as_ref()?;
        return Some((format!("SUMPRODUCT(--EXACT({items},{cell}),{amounts})"), places.own(code)));
    }
    let k = AllocationKey::ALL.iter().position(|a| a.name() == key)?;
    let (items, parts) = (places.items.as_ref()?, places.parts[k].as_ref()?);
    Some((format!("SUMPRODUCT(--EXACT({items},{cell}),{parts})"), places.shared(code, k)))
}
