//! Live formulas: where the workbook recomputes what the engines computed.
//!
//! A number becomes a formula only when the formula gives that very number, so that opening the workbook changes
//! nothing, and changing an input in it moves what depends on it:
//!
//! - summary: sums over the sheets with the lines;
//! - costs, balances, dispatch, orders: quantity × price;
//! - cash, allocation: see `money`;
//! - why: each derivation's own formula over its inputs; the normal quantile from the stock sheet's service level;
//! - stock: levels from their derivations.

use super::super::expression::Expression;
use super::super::kpi::driver_key;
use super::super::table::Table;
use super::super::tables::LineKind;
use super::money;
use super::sheet::shown_rows;
use crate::model::{Balance, CostDriver, Item, Plan, StockPlan, Why};
use crate::words::Language;
use statrs::distribution::{ContinuousCDF, Normal};

/// A recomputed number may differ by this share of its size: rounding, nothing else.
const TOLERANCE: f64 = 1e-9;

/// Stock columns and the name of the derivation behind each.
const DERIVED: [(&str, &str); 5] = [
    ("safety_stock", "Safety stock"),
    ("reorder_point", "Reorder point"),
    ("reorder_point_max_rule", "Reorder point, max-level rule"),
    ("max_level", "Max level"),
    ("order_quantity", "Order quantity"),
];

/// All formulas of a workbook.
pub(super) struct Formulas {
    summary: Vec<Option<String>>,
    /// Value column of the derivations, by row.
    why: Vec<Option<String>>,
    /// By stock row, formulas of [`DERIVED`]'s columns.
    stock: Vec<[Option<String>; 5]>,
    /// Where shared costs and their shares stand.
    shared: money::Places,
}

impl Formulas {
    pub(super) fn new(plan: &Plan, tables: &[Table], names: &[String], language: Language) -> Self {
        let book = Book { tables, names };
        let (why, stock) = derivations(plan, &book);
        let shared = money::Places::new(&book);
        Self { summary: summary(&book, language), why, stock, shared }
    }

    /// The formula of a cell, when it has one.
    pub(super) fn at(&self, table: &Table, row: usize, column: usize) -> Option<String> {
        let key = table.columns[column].key;
        match (table.key, key) {
            ("summary", "value") => self.summary.get(row).cloned().flatten(),
            ("why", "value") => self.why.get(row).cloned().flatten(),
            ("costs" | "balances", "amount") => product(table, row, column, "quantity", "rate"),
            ("dispatch", "cost") | ("orders", "value") => product(table, row, column, "quantity", "unit_cost"),
            ("stock", "stock_value") => product(table, row, column, "average_stock", "unit_cost"),
            ("cash_items", "sales") => product(table, row, column, "sold", "price"),
            ("cash_items", "cost_of_sales") => product(table, row, column, "sold", "unit_cost"),
            ("cash_items", "received_value") => product(table, row, column, "received", "unit_cost"),
            ("cash" | "cash_items" | "allocation" | "shared_costs" | "shares", _) => {
                money::formula(&self.shared, table, row, column)
            }
            ("loads", "utilisation") => quotient(table, row, column, "load", "capacity"),
            ("stock", _) => {
                let derived = DERIVED.iter().position(|(k, _)| *k == key)?;
                self.stock.get(row)?[derived].clone()
            }
            _ => None,
        }
    }
}

/// Sheets by table key.
pub(super) struct Book<'a> {
    tables: &'a [Table],
    names: &'a [String],
}

impl Book<'_> {
    pub(super) fn find(&self, table: &str) -> Option<(&Table, &str)> {
        let at = self.tables.iter().position(|t| t.key == table)?;
        Some((&self.tables[at], &self.names[at]))
    }

    /// A cell of another sheet: `'Stock plan'!$Q$5`.
    pub(super) fn cell(&self, table: &str, row: usize, key: &str) -> Option<String> {
        let (table, name) = self.find(table)?;
        let column = letters(table.column(key)?);
        (row < shown_rows(table.rows.len())).then(|| format!("'{name}'!${column}${}", row + 2))
    }

    /// A whole column of another sheet, when it has rows and all of them are there.
    pub(super) fn column(&self, table: &str, key: &str) -> Option<String> {
        let (table, name) = self.find(table)?;
        let (column, rows) = (letters(table.column(key)?), table.rows.len());
        let complete = rows > 0 && shown_rows(rows) == rows;
        complete.then(|| format!("'{name}'!${column}$2:${column}${}", rows + 1))
    }
}

fn summary(book: &Book<'_>, language: Language) -> Vec<Option<String>> {
    let Some((table, _)) = book.find("summary") else { return Vec::new() };
    let keys = table.column("key").expect("the summary has a key column");
    let formula = |row: &Vec<super::super::table::Cell>| {
        let super::super::table::Cell::Code(key) = &row[keys] else { return None };
        summary_formula(book, key, language)
    };
    table.rows.iter().map(formula).collect()
}

fn summary_formula(book: &Book<'_>, key: &str, language: Language) -> Option<String> {
    let sum = |table, column| Some(format!("SUM({})", book.column(table, column)?));
    let dispatched = |kind: LineKind| {
        let (quantity, kinds) = (book.column("dispatch", "quantity")?, book.column("dispatch", "kind")?);
        let kind = kind.label();
        Some(format!("SUMIFS({quantity},{kinds},\"{}\")", kind.get(language)))
    };
    let balance = |of: Balance| {
        let (amount, balances) = (book.column("balances", "amount")?, book.column("balances", "balance")?);
        Some(format!("SUMIFS({amount},{balances},\"{}\")", of.label().get(language)))
    };
    match key {
        "total_cost" => sum("costs", "amount"),
        "stock_value" => balance(Balance::StockMean),
        "stock_value_now" => balance(Balance::StockNow),
        "orders" => Some(format!("COUNT({})", book.column("orders", "quantity")?)),
        "ordered" => sum("orders", "quantity"),
        "order_value" => sum("orders", "value"),
        "demand" => sum("forecast", "mean"),
        "shipped" => dispatched(LineKind::Shipment),
        "trips" => dispatched(LineKind::Trip),
        "unmet" => dispatched(LineKind::Unmet),
        _ if money::is_of_cash(key) => money::summary(book, key),
        _ => {
            let driver = CostDriver::ALL.into_iter().find(|d| driver_key(*d) == key)?;
            let (amount, drivers) = (book.column("costs", "amount")?, book.column("costs", "driver")?);
            Some(format!("SUMIFS({amount},{drivers},\"{}\")", driver.label().get(language)))
        }
    }
}

/// `=E5*G5`, when the two cells' product is the cell's number.
fn product(table: &Table, row: usize, column: usize, a: &str, b: &str) -> Option<String> {
    let (a, b) = (table.column(a)?, table.column(b)?);
    let cells = &table.rows[row];
    let recomputed = cells[a].as_number()? * cells[b].as_number()?;
    agrees(recomputed, cells[column].as_number()?)
        .then(|| format!("{}{}*{}{}", letters(a), row + 2, letters(b), row + 2))
}

/// `=C5/D5`, when the two cells' quotient is the cell's number.
fn quotient(table: &Table, row: usize, column: usize, a: &str, b: &str) -> Option<String> {
    let (a, b) = (table.column(a)?, table.column(b)?);
    let cells = &table.rows[row];
    let recomputed = cells[a].as_number()? / cells[b].as_number()?;
    agrees(recomputed, cells[column].as_number()?)
        .then(|| format!("{}{}/{}{}", letters(a), row + 2, letters(b), row + 2))
}

/// Formulas of the derivations' value column and of the stock columns that hang on them.
fn derivations(plan: &Plan, book: &Book<'_>) -> (Vec<Option<String>>, Vec<[Option<String>; 5]>) {
    let (mut why, mut stock) = (Vec::new(), Vec::new());
    for (k, stock_plan) in plan.stock.iter().enumerate() {
        let derivation = Derivation { plan: stock_plan, item: plan.items.get(k), row: why.len(), stock_row: k, book };
        stock.push(DERIVED.map(|(key, name)| derivation.stock_cell(key, name)));
        why.extend(derivation.column());
    }
    (why, stock)
}

/// The derivations of one stock plan and where they stand.
struct Derivation<'a> {
    plan: &'a StockPlan,
    item: Option<&'a Item>,
    /// Row of the first derivation in the why table.
    row: usize,
    /// Row of the plan in the stock table.
    stock_row: usize,
    book: &'a Book<'a>,
}

impl Derivation<'_> {
    /// Formulas of the value column, in the order of the why table's rows.
    fn column(&self) -> Vec<Option<String>> {
        let mut formulas = Vec::new();
        for (k, why) in self.plan.why.iter().enumerate() {
            formulas.push(self.result(k));
            formulas.extend(why.inputs.iter().enumerate().map(|(i, _)| self.input(k, i)));
        }
        formulas
    }

    /// Row of derivation `k` in the why table.
    fn row_of(&self, k: usize) -> usize {
        self.row + self.plan.why[..k].iter().map(|w| 1 + w.inputs.len()).sum::<usize>()
    }

    /// Derivation `k`'s own formula over the cells of its inputs, when it gives the derived number.
    fn result(&self, k: usize) -> Option<String> {
        let why = &self.plan.why[k];
        let expression = Expression::parse(&why.formula)?;
        let input = |symbol: &str| why.inputs.iter().position(|i| i.symbol == symbol);
        let value = expression.value(&|symbol| input(symbol).map(|i| why.inputs[i].value))?;
        if !agrees(value, why.value) {
            return None;
        }
        let row = self.row_of(k);
        expression.spreadsheet(&|symbol| self.book.cell("why", row + 1 + input(symbol)?, "value"))
    }

    /// Where an input comes from, when that is another cell with the same number.
    fn input(&self, k: usize, i: usize) -> Option<String> {
        let input = &self.plan.why[k].inputs[i];
        if let Some(other) = self.named(&input.name.en).filter(|o| *o != k && !self.depends(*o, k, 0)) {
            let same = agrees(self.plan.why[other].value, input.value);
            return same.then(|| self.book.cell("why", self.row_of(other), "value")).flatten();
        }
        let item = self.item?;
        match input.symbol.as_str() {
            "z" => {
                let level = Some(item.service_level).filter(|l| *l > 0.0 && *l < 1.0)?;
                let cell = self.book.cell("stock", self.stock_row, "service_level")?;
                agrees(Normal::standard().inverse_cdf(level), input.value).then(|| format!("NORM.S.INV({cell})"))
            }
            "σ_L" => {
                let days = self.plan.start.frequency().days();
                let cell = self.book.cell("stock", self.stock_row, "lead_time_sd_days")?;
                agrees(item.lead_time_sd_days / days, input.value).then(|| format!("{cell}/{days}"))
            }
            _ => None,
        }
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.plan.why.iter().position(|w: &Why| w.quantity.en == name)
    }

    /// True when derivation `from` takes an input, directly or not, from derivation `to`: no circle may be closed.
    fn depends(&self, from: usize, to: usize, depth: usize) -> bool {
        depth > self.plan.why.len()
            || self.plan.why[from]
                .inputs
                .iter()
                .filter_map(|i| self.named(&i.name.en))
                .any(|next| next == to || (next != from && self.depends(next, to, depth + 1)))
    }

    /// A stock column's cell: its derivation's value, when that is live and the same number.
    fn stock_cell(&self, key: &str, name: &str) -> Option<String> {
        let k = self.named(name)?;
        let (table, _) = self.book.find("stock")?;
        let shown = table.rows.get(self.stock_row)?[table.column(key)?].as_number()?;
        self.result(k)?;
        agrees(self.plan.why[k].value, shown).then(|| self.book.cell("why", self.row_of(k), "value")).flatten()
    }
}

pub(super) fn agrees(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1e-6)
}

/// A column's letters: 0 is A, 26 is AA.
pub(super) fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push((b'A' + (column % 26) as u8) as char);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_letters() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(super::letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
