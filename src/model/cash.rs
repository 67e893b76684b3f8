//! Money over time: what is sold, bought and paid when, and what is tied up in between.

use super::calendar::Period;
use super::sales::SeriesId;
use super::why::Why;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign};

/// What the dates of payment can't be read from: how the user wants cash computed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CashSettings {
    /// Share of the holding cost that is paid out (space, insurance, handling), in `[0, 1]`; the rest is interest on the
    /// capital tied up, which no one invoices. Default 0.5: of a usual rate of 20 % a year, capital is about half.
    pub paid_holding_share: f64,
    /// What customers owe and suppliers are owed on the first day.
    pub opening: Opening,
}

impl Default for CashSettings {
    fn default() -> Self {
        Self { paid_holding_share: 0.5, opening: Opening::History }
    }
}

/// What customers owe and suppliers are owed on the first day of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Opening {
    /// The sales of the last days, as far as payment terms reach back: at the sales price from customers, at the unit cost
    /// to suppliers, as if what was sold had been bought then.
    #[default]
    History,
    /// Nothing: only what the plan itself sells and buys is collected and paid.
    Nothing,
}

/// Something that is worth money without being a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Balance {
    /// Stock on hand now.
    StockNow,
    /// Capital tied up in the mean stock of the plan.
    StockMean,
    /// Goods ordered and not yet received.
    OnOrder,
    /// Customers' debts on the first day.
    Receivables,
    /// Debts to suppliers on the first day; negative when they were paid ahead.
    Payables,
}

impl Balance {
    /// All balances, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::StockNow, Self::StockMean, Self::OnOrder, Self::Receivables, Self::Payables];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::StockNow => Text::new("Stock now", "当前库存"),
            Self::StockMean => Text::new("Capital tied up in mean stock", "平均库存占用资金"),
            Self::OnOrder => Text::new("On order", "在途采购"),
            Self::Receivables => Text::new("Receivables at the start", "期初应收账款"),
            Self::Payables => Text::new("Payables at the start", "期初应付账款"),
        }
    }
}

/// One line of the balances: quantity × rate = amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceLine {
    /// What it is.
    pub balance: Balance,
    /// Item and location.
    pub id: SeriesId,
    /// Units.
    pub quantity: f64,
    /// Money per unit.
    pub rate: f64,
    /// quantity × rate, money.
    pub amount: f64,
    /// Where quantity and rate came from.
    pub source: Text,
}

/// Money tied up at one moment, or on average.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct WorkingCapital {
    /// Goods received and not sold, at unit cost, money.
    pub inventory: f64,
    /// Sold and not yet collected, money.
    pub receivables: f64,
    /// Received and not yet paid, money; negative when more is paid ahead than owed.
    pub payables: f64,
}

impl WorkingCapital {
    /// Inventory + receivables − payables, money.
    pub fn total(self) -> f64 {
        self.inventory + self.receivables - self.payables
    }
}

impl Add for WorkingCapital {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            inventory: self.inventory + other.inventory,
            receivables: self.receivables + other.receivables,
            payables: self.payables + other.payables,
        }
    }
}

impl AddAssign for WorkingCapital {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// One period's money.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CashPeriod {
    /// When.
    pub period: Period,
    /// Its days; a period without a calendar counts as one.
    pub days: f64,
    /// Goods delivered to customers, at sales price, money.
    pub sales: f64,
    /// The same goods at unit cost, money.
    pub cost_of_sales: f64,
    /// Goods received from suppliers, at unit cost, money.
    pub received: f64,
    /// Collected from customers, money.
    pub collected: f64,
    /// Paid to suppliers, money.
    pub paid_suppliers: f64,
    /// Paid for placing orders, money.
    pub paid_ordering: f64,
    /// Paid for holding stock, money.
    pub paid_holding: f64,
    /// Paid for transport, handling included, money.
    pub paid_transport: f64,
    /// Cash since the first day, at the period's end, money.
    pub cumulative: f64,
    /// The lowest that cash moves within the period, from its start and by the end of each day, money.
    pub dip: f64,
    /// Cash since the first day at that lowest moment, money.
    pub lowest: f64,
    /// Money tied up at the period's end.
    pub closing: WorkingCapital,
    /// Money tied up on the mean of the period's days.
    pub mean: WorkingCapital,
}

impl CashPeriod {
    /// Cash in, money.
    pub fn cash_in(&self) -> f64 {
        self.collected
    }

    /// Cash out, money, ≥ 0.
    pub fn cash_out(&self) -> f64 {
        self.paid_suppliers + self.paid_ordering + self.paid_holding + self.paid_transport
    }

    /// Cash in − cash out, money.
    pub fn net(&self) -> f64 {
        self.cash_in() - self.cash_out()
    }
}

/// One item's money over the horizon, at one location. Costs other than goods aren't in it: see the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemCash {
    /// Item and location.
    pub id: SeriesId,
    /// Units expected to be delivered.
    pub sold: f64,
    /// Money per unit sold.
    pub price: f64,
    /// Units received.
    pub received: f64,
    /// Money per unit bought.
    pub unit_cost: f64,
    /// Collected from customers, money.
    pub collected: f64,
    /// Paid to suppliers, money.
    pub paid: f64,
    /// Days from sale to cash.
    pub customer_days: f64,
    /// Days from receipt to payment; negative when paid ahead.
    pub supplier_days: f64,
    /// Money tied up on the first day.
    pub opening: WorkingCapital,
    /// Money tied up on the last day.
    pub closing: WorkingCapital,
    /// Money tied up on the mean of all days.
    pub mean: WorkingCapital,
}

impl ItemCash {
    /// Goods delivered, at sales price, money.
    pub fn sales(&self) -> f64 {
        self.sold * self.price
    }

    /// Goods delivered, at unit cost, money.
    pub fn cost_of_sales(&self) -> f64 {
        self.sold * self.unit_cost
    }

    /// Goods received, at unit cost, money.
    pub fn received_value(&self) -> f64 {
        self.received * self.unit_cost
    }
}

/// The largest need of cash.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CashTrough {
    /// Money needed at that moment, > 0.
    pub need: f64,
    /// The day at whose end it is needed; the period where there is no calendar.
    pub day: Period,
    /// The period that the day lies in, counted from 0.
    pub index: usize,
}

/// The dated cash flow of a plan, and what it ties up.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CashFlow {
    /// Money tied up on the first day.
    pub opening: WorkingCapital,
    /// Period by period; empty when nothing is planned.
    pub periods: Vec<CashPeriod>,
    /// Item by item, in panel order.
    pub items: Vec<ItemCash>,
    /// What money stands for what is no cost, by balance, then in panel order.
    pub balances: Vec<BalanceLine>,
    /// The largest need of cash; `None` when cash never falls below where it began.
    pub trough: Option<CashTrough>,
    /// Item-locations that are sold and have no price: their sales bring no cash.
    pub unpriced: usize,
    /// How the figures that the window shows were made.
    pub why: Vec<Why>,
    /// What the figures take for granted.
    pub notes: Vec<Text>,
}

impl CashFlow {
    /// The balances of one kind, summed, money.
    pub fn balance(&self, balance: Balance) -> f64 {
        // An empty float sum is −0.0.
        self.balances.iter().filter(|l| l.balance == balance).map(|l| l.amount).sum::<f64>() + 0.0
    }

    /// One figure over all periods, money.
    pub fn sum(&self, of: impl Fn(&CashPeriod) -> f64) -> f64 {
        self.periods.iter().map(of).sum::<f64>() + 0.0
    }

    /// Days planned.
    pub fn days(&self) -> f64 {
        self.sum(|p| p.days)
    }

    /// Money tied up on the last day; on the first when nothing is planned.
    pub fn closing(&self) -> WorkingCapital {
        self.periods.last().map_or(self.opening, |p| p.closing)
    }

    /// Money tied up on the mean of all days.
    pub fn mean(&self) -> WorkingCapital {
        let days = self.days();
        let of = |part: fn(&WorkingCapital) -> f64| {
            if days > 0.0 { self.sum(|p| part(&p.mean) * p.days) / days } else { part(&self.opening) }
        };
        WorkingCapital {
            inventory: of(|w| w.inventory),
            receivables: of(|w| w.receivables),
            payables: of(|w| w.payables),
        }
    }

    /// True when sales can be valued: something is sold at a price.
    pub fn has_sales(&self) -> bool {
        self.items.iter().any(|i| i.price > 0.0)
    }

    /// Days inventory outstanding: mean inventory over the cost of sales of a day; `None` when nothing of cost is sold.
    pub fn inventory_days(&self) -> Option<f64> {
        self.outstanding(self.mean().inventory, self.sum(|p| p.cost_of_sales))
    }

    /// Days sales outstanding: mean receivables over the sales of a day; `None` without sales.
    pub fn sales_days(&self) -> Option<f64> {
        self.outstanding(self.mean().receivables, self.sum(|p| p.sales))
    }

    /// Days payables outstanding: mean payables over the cost of sales of a day; `None` when nothing of cost is sold.
    pub fn payables_days(&self) -> Option<f64> {
        self.outstanding(self.mean().payables, self.sum(|p| p.cost_of_sales))
    }

    /// Cash-conversion cycle: inventory days + sales days − payables days; `None` when one of them is.
    pub fn conversion_days(&self) -> Option<f64> {
        Some(self.inventory_days()? + self.sales_days()? - self.payables_days()?)
    }

    /// Sales − their cost − what ordering, holding and transport cost in cash, money.
    pub fn result(&self) -> f64 {
        self.sum(|p| p.sales - p.cost_of_sales - p.paid_ordering - p.paid_holding - p.paid_transport)
    }

    fn outstanding(&self, mean: f64, flow: f64) -> Option<f64> {
        (flow > 0.0).then(|| mean * self.days() / flow)
    }
}
