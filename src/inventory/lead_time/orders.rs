//! Receipts of one item → how long each of its orders took.

use crate::model::{OrderLead, Receipt, Standing};
use std::collections::BTreeMap;

/// Days per order of one item and location, by order date.
///
/// Receipts with one order number, supplier and order date are one order; without a number, all that was ordered from a
/// supplier on one day. An order that came in parts took the mean of its parts' days, weighted by quantity: units on order ×
/// time is then what it was, so that lead-time demand is neither under- nor overstated by a late rest of an order. When a
/// part's quantity isn't known, parts count alike.
pub fn order_leads(rows: &[Receipt]) -> Vec<OrderLead> {
    let mut orders: BTreeMap<_, Vec<&Receipt>> = BTreeMap::new();
    for row in rows {
        orders.entry((row.ordered, &row.supplier, &row.order)).or_default().push(row);
    }
    let one = |((ordered, ..), parts): ((jiff::civil::Date, _, _), Vec<&Receipt>)| {
        let all_known = parts.iter().all(|r| r.quantity_received.is_some());
        let weight = |r: &Receipt| if all_known { r.quantity_received.unwrap_or(1.0) } else { 1.0 };
        let total: f64 = parts.iter().map(|r| weight(r)).sum();
        let days = parts.iter().map(|r| weight(r) / total * r.days()).sum();
        OrderLead { ordered, days, receipts: parts.len(), standing: Standing::Used }
    };
    orders.into_iter().map(one).collect()
}
