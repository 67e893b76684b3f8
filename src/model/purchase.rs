//! Which orders to place when there isn't money for all.

use super::calendar::Period;
use super::sales::SeriesId;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// What may be spent, and on the orders of which periods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PurchaseBudget {
    /// Orders of the first so many periods compete, ≥ 1.
    pub periods: usize,
    /// Money; `None` without a limit.
    pub money: Option<f64>,
    /// Cubic metres, where items state their volume; `None` without a limit.
    pub volume: Option<f64>,
}

impl Default for PurchaseBudget {
    fn default() -> Self {
        Self { periods: 4, money: None, volume: None }
    }
}

/// What is bought of one item, and what that avoids.
#[derive(Debug, Clone, PartialEq)]
pub struct PurchaseRow {
    /// Item and location.
    pub id: SeriesId,
    /// Period of the first order proposed.
    pub order_period: Period,
    /// Units proposed.
    pub proposed: f64,
    /// Units to buy within the budget, ≤ proposed.
    pub quantity: f64,
    /// Money for them, the order itself included.
    pub money: f64,
    /// Their volume, cubic metres.
    pub volume: f64,
    /// Expected loss that they avoid, money.
    pub avoided: f64,
    /// Units that are expected to find no stock for want of the rest.
    pub short: f64,
    /// What those cost, money.
    pub risk: f64,
    /// Money of this row and all before it.
    pub cumulative: f64,
    /// Why it stands here, in a sentence.
    pub why: Text,
}

impl PurchaseRow {
    /// Avoided loss per money; infinite for what costs nothing.
    pub fn worth(&self) -> f64 {
        if self.money > 0.0 { self.avoided / self.money } else { f64::INFINITY }
    }
}

/// The list, the best use of money first, what is left out last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PurchaseList {
    /// The budget.
    pub budget: PurchaseBudget,
    /// One row an item that has an order within the periods.
    pub rows: Vec<PurchaseRow>,
    /// Money of all that is bought.
    pub money: f64,
    /// Volume of all that is bought, cubic metres.
    pub volume: f64,
    /// Money that everything proposed would take.
    pub needed: f64,
    /// Volume that everything proposed would take, cubic metres.
    pub needed_volume: f64,
    /// Expected loss avoided, money.
    pub avoided: f64,
    /// No choice within the budget can avoid more, money.
    pub bound: f64,
    /// Expected loss for want of what is left out, money.
    pub risk: f64,
    /// Items whose shortage cost isn't known: a unit short was counted at its margin or cost.
    pub assumed: usize,
}

impl PurchaseList {
    /// How far the list may be from the best choice: a share of the bound, in `[0, 1]`.
    pub fn gap(&self) -> f64 {
        if self.bound > 0.0 { ((self.bound - self.avoided) / self.bound).clamp(0.0, 1.0) } else { 0.0 }
    }
}
