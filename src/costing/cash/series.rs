//! One item at one location: its goods turned into money, dated by payment terms.

use super::days::{Days, Grid, LONGEST_TERMS};
use super::goods::units;
use crate::model::{Item, ItemCash, Opening, Series, StockPlan, WorkingCapital};

/// Money per day over all items. Goods arrive, and suppliers are paid, in the morning; sales and collections go on all day.
pub(super) struct Grids {
    pub(super) sales: Grid,
    pub(super) cost_of_sales: Grid,
    pub(super) received: Grid,
    pub(super) collected: Grid,
    pub(super) paid: Grid,
}

impl Grids {
    pub(super) fn new(days: &Days) -> Self {
        let grid = || Grid::new(days);
        Self { sales: grid(), cost_of_sales: grid(), received: grid(), collected: grid(), paid: grid() }
    }
}

/// What is known of one series.
pub(super) struct SeriesInputs<'a> {
    pub(super) item: &'a Item,
    /// Master data that what came before the plan was agreed by.
    pub(super) agreed: &'a Item,
    pub(super) stock: &'a StockPlan,
    /// Units delivered per period.
    pub(super) sold: &'a [f64],
    /// Period in which goods on order arrive.
    pub(super) under_way: i64,
    /// What was sold before the plan, up to the day before it.
    pub(super) history: Option<&'a Series>,
    pub(super) opening: Opening,
}

/// A sum of money, and the same weighted by how many days of the plan are left when it moves.
#[derive(Default, Clone, Copy)]
struct Moved {
    sum: f64,
    left: f64,
}

/// Rates are at most so large, so that their products stay finite.
const LARGEST_RATE: f64 = 1e12;

/// Lays the series' money on the grids and sums it up.
pub(super) fn book(inputs: &SeriesInputs<'_>, days: &Days, grids: &mut Grids) -> ItemCash {
    let item = inputs.item;
    let (price, cost) = (rate(item.price), rate(item.unit_cost));
    let (terms, agreed) = (Terms::of(item), Terms::of(inputs.agreed));
    let mut book =
        Book { days, grids, moved: [Moved::default(); 5], opening: WorkingCapital::default(), terms, agreed };
    book.opening.inventory = units(item.on_hand) * cost;
    for (h, sold) in inputs.sold.iter().enumerate() {
        book.sell(h as i64, sold * price, sold * cost);
    }
    let mut received = 0.0;
    for order in &inputs.stock.orders {
        let at = |period: crate::model::Period| period.since(inputs.stock.start);
        let (ordered, arrives) = (at(order.order_period), at(order.receipt_period));
        if book.buy(Some(ordered), arrives, units(order.quantity) * cost) {
            received += units(order.quantity);
        }
    }
    if book.buy(None, inputs.under_way, units(item.on_order) * cost) {
        received += units(item.on_order);
    }
    if let (Some(history), Opening::History) = (inputs.history, inputs.opening) {
        book.open(history, rate(inputs.agreed.price), rate(inputs.agreed.unit_cost));
    }
    let [sales, cost_of_sales, arrived, collected, paid] = book.moved;
    let opening = book.opening;
    let length = days.len() as f64;
    let mean = |opening: f64, more: f64, less: f64| opening + (more - less) / length.max(1.0);
    let mut cash = ItemCash {
        id: item.id.clone(),
        sold: inputs.sold.iter().sum::<f64>() + 0.0,
        price,
        received,
        unit_cost: cost,
        collected: collected.sum,
        paid: paid.sum,
        customer_days: terms.customer as f64,
        supplier_days: terms.supplier as f64,
        opening,
        closing: opening,
        mean: WorkingCapital {
            inventory: mean(opening.inventory, arrived.left, cost_of_sales.left),
            receivables: mean(opening.receivables, sales.left, collected.left),
            payables: mean(opening.payables, arrived.left, paid.left),
        },
    };
    // As a reader of the table would reckon it.
    cash.closing = WorkingCapital {
        inventory: opening.inventory + cash.received_value() - cash.cost_of_sales(),
        receivables: opening.receivables + cash.sales() - cash.collected,
        payables: opening.payables + cash.received_value() - cash.paid,
    };
    cash
}

/// Whole days between goods and money.
#[derive(Clone, Copy)]
struct Terms {
    customer: i64,
    supplier: i64,
}

impl Terms {
    fn of(item: &Item) -> Self {
        let (customer, supplier) = (whole(item.customer_payment_days).max(0), whole(item.supplier_payment_days));
        Self { customer, supplier }
    }
}

struct Book<'a> {
    days: &'a Days,
    grids: &'a mut Grids,
    /// Sales, their cost, goods received, collected, paid.
    moved: [Moved; 5],
    opening: WorkingCapital,
    terms: Terms,
    /// Of what was sold and ordered before the plan.
    agreed: Terms,
}

impl Book<'_> {
    /// Delivers in a period, evenly over its days; collects as many days later as the customer takes.
    fn sell(&mut self, period: i64, sales: f64, cost: f64) {
        let span = (self.days.first_of(period), self.days.first_of(period + 1));
        let length = self.days.len() as f64;
        let [sold, cost_of_sales, _, collected, _] = &mut self.moved;
        self.grids.sales.spread(span, sales, all_day(sold, length));
        self.grids.cost_of_sales.spread(span, cost, all_day(cost_of_sales, length));
        let later = (span.0 + self.terms.customer, span.1 + self.terms.customer);
        self.grids.collected.spread(later, sales, all_day(collected, length));
    }

    /// Receives goods on the first day of a period and pays for them; true when they arrive within the plan. What is paid
    /// ahead is paid when it is ordered, at the earliest; what was ordered before the plan may be paid already.
    fn buy(&mut self, ordered: Option<i64>, arrives: i64, value: f64) -> bool {
        let arrival = self.days.first_of(arrives);
        let terms = if ordered.is_some() { self.terms } else { self.agreed };
        let due = arrival + terms.supplier;
        let length = self.days.len() as f64;
        let [_, _, received, _, paid] = &mut self.moved;
        let within = arrives < self.days.periods() as i64;
        if within {
            self.grids.received.put(arrival, value, morning(received, length));
        }
        match ordered {
            Some(period) => self.grids.paid.put(due.max(self.days.first_of(period)), value, morning(paid, length)),
            None if due < 0 => self.opening.payables -= value,
            None => self.grids.paid.put(due, value, morning(paid, length)),
        }
        within
    }

    /// What was sold and bought before the plan and is collected and paid in it.
    fn open(&mut self, history: &Series, price: f64, cost: f64) {
        let length = self.days.len() as f64;
        for (k, value) in history.values.iter().rev().enumerate() {
            let period = -(k as i64) - 1;
            let (from, to) = (self.days.first_of(period), self.days.first_of(period + 1));
            let open = |terms: i64| ((to + terms).min(to - from).max(0)) as f64 / (to - from).max(1) as f64;
            let (owed, owing) = (open(self.agreed.customer), open(self.agreed.supplier));
            if owed <= 0.0 && owing <= 0.0 {
                break;
            }
            let [_, _, _, collected, paid] = &mut self.moved;
            let (sales, bought) = (units(*value) * price, units(*value) * cost);
            let shifted = |terms: i64| (from + terms, to + terms);
            self.opening.receivables += owed * sales;
            self.grids.collected.spread(shifted(self.agreed.customer), sales, all_day(collected, length));
            self.opening.payables += owing * bought;
            self.grids.paid.spread(shifted(self.agreed.supplier), bought, morning(paid, length));
        }
    }
}

/// Sums up money that moves in the morning of a day.
fn morning(moved: &mut Moved, length: f64) -> impl FnMut(i64, f64) {
    move |day, money| {
        moved.sum += money;
        moved.left += money * (length - day as f64);
    }
}

/// Sums up money that moves all day long.
fn all_day(moved: &mut Moved, length: f64) -> impl FnMut(i64, f64) {
    move |day, money| {
        moved.sum += money;
        moved.left += money * (length - day as f64 - 0.5);
    }
}

/// Terms in whole days: banks know no others.
fn whole(days: f64) -> i64 {
    if days.is_nan() { 0 } else { days.clamp(-LONGEST_TERMS, LONGEST_TERMS).round() as i64 }
}

/// Money per unit that can be computed with.
pub(super) fn rate(x: f64) -> f64 {
    if x > 0.0 { x.min(LARGEST_RATE) } else { 0.0 }
}
