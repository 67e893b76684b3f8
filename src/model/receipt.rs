//! Goods receipts: when an order was placed, when it was promised, when it came and how much.

use super::sales::SeriesId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// One delivery of one item. An order that came in parts has a receipt for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Item and location.
    pub id: SeriesId,
    /// Who delivered; empty when the file doesn't say.
    pub supplier: Arc<str>,
    /// Number of the order; empty when the file doesn't say: what was ordered on one day is then one order.
    pub order: Arc<str>,
    /// When it was ordered.
    pub ordered: Date,
    /// When it was to come, when somebody promised that; never before the order.
    pub promised: Option<Date>,
    /// When it came; never before the order.
    pub received: Date,
    /// Units ordered on the order's line, > 0.
    pub quantity_ordered: Option<f64>,
    /// Units that came with this receipt, > 0.
    pub quantity_received: Option<f64>,
}

impl Receipt {
    /// Days from order to receipt, ≥ 0.
    pub fn days(&self) -> f64 {
        days_between(self.ordered, self.received)
    }
}

/// Whole days from one date to another; negative when the other is earlier.
pub fn days_between(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

/// Receipts, sorted by item, location, order date and receipt date, and the fingerprint of them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Receipt>", into = "Vec<Receipt>")]
pub struct Receipts {
    rows: Vec<Receipt>,
    fingerprint: String,
}

impl Receipts {
    /// Receipts in any order. What can't be is left out: no item, received before ordered, a quantity that isn't above 0.
    pub fn new(rows: impl IntoIterator<Item = Receipt>) -> Self {
        let is_amount = |x: Option<f64>| x.is_none_or(|x| x.is_finite() && x > 0.0);
        let can_be = |r: &Receipt| {
            let amounts = is_amount(r.quantity_ordered) && is_amount(r.quantity_received);
            !r.id.item.is_empty() && r.received >= r.ordered && amounts
        };
        let mut rows: Vec<Receipt> = rows.into_iter().filter(can_be).collect();
        rows.sort_by(|a, b| {
            let key = |r: &Receipt| (r.ordered, r.received);
            let quantity = |r: &Receipt| r.quantity_received.unwrap_or(0.0);
            a.id.cmp(&b.id)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| (&a.supplier, &a.order).cmp(&(&b.supplier, &b.order)))
                .then_with(|| quantity(a).total_cmp(&quantity(b)))
        });
        let fingerprint = fingerprint(&rows);
        Self { rows, fingerprint }
    }

    /// The receipts.
    pub fn rows(&self) -> &[Receipt] {
        &self.rows
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// SHA-256 of the receipts, hexadecimal; empty without any.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The receipts of each item and location, in order.
    pub fn by_item(&self) -> impl Iterator<Item = &[Receipt]> {
        self.rows.chunk_by(|a, b| a.id == b.id)
    }
}

impl Default for Receipts {
    fn default() -> Self {
        Self::new([])
    }
}

impl From<Vec<Receipt>> for Receipts {
    fn from(rows: Vec<Receipt>) -> Self {
        Self::new(rows)
    }
}

impl From<Receipts> for Vec<Receipt> {
    fn from(receipts: Receipts) -> Self {
        receipts.rows
    }
}

fn fingerprint(rows: &[Receipt]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut hash = Sha256::new();
    for r in rows {
        let quantity = |x: Option<f64>| x.map(f64::to_bits);
        let names = (&r.id.item, &r.id.location, &r.supplier, &r.order);
        let dates = (r.ordered, r.promised, r.received);
        hash.update(format!(
            "{names:?}{dates:?}{:?}{:?}\n",
            quantity(r.quantity_ordered),
            quantity(r.quantity_received)
        ));
    }
    super::hex(&hash.finalize())
}
