//! Three years of goods receipts that fit the items' lead times, except where suppliers got slower, late, short or better.

use super::dice::Dice;
use super::items;
use super::sales::{Company, Line, WEEKS, monday};
use jiff::civil::Date;
use std::fmt::Write;

/// A stream of its own: receipts leave every other figure as it is.
const SEED: u64 = 530_221;
/// What is on its way on this day has no receipt yet.
const LAST_DAY: Date = jiff::civil::date(2026, 11, 13);
/// Weeks between two orders of a supplier for a warehouse.
const ORDER_EVERY: usize = 2;
/// Share of a supplier's orders that an item is on.
const ON_ORDER: f64 = 0.36;

/// Share of lines that went astray: found months later, or typed wrongly.
const LOST: f64 = 0.004;

/// How a supplier delivers.
struct Supplier {
    name: &'static str,
    /// Mean lead time as a share of the item list's.
    pace: f64,
    /// Spread of an order's lead time as a share of its mean.
    spread: f64,
    /// Days that lead times grew by, and the week from which on.
    growth: Option<(f64, usize)>,
    /// Share of orders that come a third or more later than the others.
    stragglers: f64,
    /// Share of lines that come in two parts.
    split: f64,
    /// Share of lines of which some never comes.
    short: f64,
    /// What is promised, as a share of the item list's lead time; 0 promises nothing.
    promise: f64,
}

const STEADY: Supplier = Supplier {
    name: "",
    pace: 1.0,
    spread: 0.19,
    growth: None,
    stragglers: 0.03,
    split: 0.03,
    short: 0.02,
    promise: 1.1,
};

/// Per category the suppliers of its items with odd and with even numbers.
static SUPPLIERS: [(&str, Supplier, Supplier); 6] = [
    (
        "Coffee",
        Supplier { name: "Alster Kaffee", spread: 0.15, stragglers: 0.0, ..STEADY },
        // The ships go round the Cape.
        Supplier { name: "Santos Trading", growth: Some((12.0, 84)), stragglers: 0.06, ..STEADY },
    ),
    (
        "Tea",
        Supplier { name: "Assam Direct", pace: 1.28, stragglers: 0.10, ..STEADY },
        Supplier { name: "Teekontor", ..STEADY },
    ),
    (
        "Kitchen",
        Supplier { name: "Porcelana Sul", growth: Some((15.0, 101)), split: 0.25, promise: 1.0, ..STEADY },
        Supplier { name: "Porcelana Sul", growth: Some((15.0, 101)), split: 0.25, promise: 1.0, ..STEADY },
    ),
    (
        "Cleaning",
        Supplier { name: "Saubermann", pace: 0.72, spread: 0.17, stragglers: 0.0, ..STEADY },
        Supplier { name: "Saubermann", pace: 0.72, spread: 0.17, stragglers: 0.0, ..STEADY },
    ),
    (
        "Garden",
        Supplier { name: "Gartenbedarf Mitte", spread: 0.30, stragglers: 0.08, split: 0.15, promise: 0.0, ..STEADY },
        Supplier { name: "Gartenbedarf Mitte", spread: 0.30, stragglers: 0.08, split: 0.15, promise: 0.0, ..STEADY },
    ),
    (
        "Stationery",
        Supplier { name: "Papeterie du Rhone", stragglers: 0.0, ..STEADY },
        Supplier { name: "Office Supply East", short: 0.22, promise: 0.9, ..STEADY },
    ),
];

/// The supplier of a line, by its category and the number in its code.
fn supplier(line: &Line) -> &'static Supplier {
    let of = SUPPLIERS.iter().find(|s| s.0 == line.category.name).expect("every category has suppliers");
    let number: usize = line.code[4..].parse().expect("codes end with a number");
    if number.is_multiple_of(2) { &of.2 } else { &of.1 }
}

/// The name of a line's supplier.
pub(crate) fn supplier_name(line: &Line) -> &'static str {
    supplier(line).name
}

/// A row of the file, sorted as it is.
type Row = (Date, String, String, String);

pub(crate) fn receipts_csv(company: &Company) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for (s, (_, odd, even)) in SUPPLIERS.iter().enumerate() {
        let both = if odd.name == even.name { &[odd][..] } else { &[odd, even][..] };
        for (k, supplier) in both.iter().enumerate() {
            for warehouse in ["HAM", "LYS", "WRO"] {
                let lines: Vec<&Line> = company.lines.iter().filter(|l| l.warehouse == warehouse).collect();
                let own = lines.into_iter().filter(|l| supplier_name(l) == supplier.name).collect::<Vec<_>>();
                let name = format!("{}@{warehouse}", supplier.name);
                orders(supplier, &own, 100 * (2 * s + k + 1), &mut Dice::named(SEED, &name), &mut rows);
            }
        }
    }
    rows.sort();
    let mut text =
        String::from("order,supplier,item,location,order_date,promised_date,receipt_date,ordered,received\n");
    for (_, order, line, rest) in rows {
        let _ = writeln!(text, "{order},{line},{rest}");
    }
    text
}

/// All orders of a supplier for a warehouse.
fn orders(supplier: &'static Supplier, lines: &[&Line], first_number: usize, dice: &mut Dice, rows: &mut Vec<Row>) {
    let start = (dice.uniform() * ORDER_EVERY as f64) as usize;
    for (k, week) in (start..WEEKS).step_by(ORDER_EVERY).enumerate() {
        let ordered = after(monday(week), dice.between(0.0, 5.0));
        // What travels together is late together.
        let mut factor = 1.0 + supplier.spread * 0.8 * dice.bell();
        if dice.uniform() < supplier.stragglers {
            factor *= dice.between(1.35, 1.9);
        }
        let number = format!("PO{:05}", first_number * 10 + k);
        for line in lines {
            let (joins, amount) = (dice.uniform() < ON_ORDER, dice.between(4.0, 7.0));
            let quantity = wanted(line, week, amount);
            if joins && quantity > 0.0 {
                let number = format!("{number}-{}", &line.warehouse[..1]);
                deliver(&Order { supplier, line, number, ordered, week, factor, quantity }, dice, rows);
            }
        }
    }
}

/// One line of an order.
struct Order<'a> {
    supplier: &'static Supplier,
    line: &'a Line,
    number: String,
    ordered: Date,
    week: usize,
    factor: f64,
    quantity: f64,
}

/// What sells in the weeks after an order, in cartons.
fn wanted(line: &Line, week: usize, weeks: f64) -> f64 {
    let until = (week + weeks as usize).min(WEEKS);
    let sold: u32 = line.units[week..until].iter().sum();
    (f64::from(sold) / line.carton).ceil() * line.carton
}

fn deliver(order: &Order<'_>, dice: &mut Dice, rows: &mut Vec<Row>) {
    let (supplier, line) = (order.supplier, order.line);
    let listed = items::lead_time(line);
    let growth = supplier.growth.filter(|(_, from)| order.week >= *from).map_or(0.0, |(days, _)| days);
    let mut days = ((listed * supplier.pace + growth) * (order.factor + supplier.spread * 0.6 * dice.bell())).max(1.0);
    if dice.uniform() < LOST {
        days *= dice.between(2.6, 4.0);
    }
    let promised = (supplier.promise > 0.0).then(|| after(order.ordered, (listed * supplier.promise).ceil()));
    let mut total = order.quantity;
    if dice.uniform() < supplier.short {
        total = (total * dice.between(0.70, 0.95) / line.carton).floor().max(1.0) * line.carton;
    }
    let mut parts = vec![(days, total)];
    if dice.uniform() < supplier.split && total >= 2.0 * line.carton {
        let now = (total * dice.between(0.5, 0.85) / line.carton).floor().max(1.0) * line.carton;
        parts = vec![(days, now), (days + dice.between(4.0, 15.0), total - now)];
    }
    for (days, quantity) in parts.into_iter().filter(|(_, quantity)| *quantity > 0.0) {
        let received = after(order.ordered, days.round());
        if received <= LAST_DAY {
            let promised = promised.map(|d| d.to_string()).unwrap_or_default();
            let place = format!("{},{},{}", supplier.name, line.code, line.warehouse);
            let rest = format!("{},{promised},{received},{},{quantity}", order.ordered, order.quantity);
            rows.push((order.ordered, order.number.clone(), place, rest));
        }
    }
}

fn after(date: Date, days: f64) -> Date {
    date.saturating_add(jiff::Span::new().days(days as i64))
}
