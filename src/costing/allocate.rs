//! Shared costs spread over items.

use crate::model::{CostDriver, CostLedger, CostLine, Item};
use std::collections::BTreeMap;
use std::sync::Arc;

/// By what shared costs are spread over items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationKey {
    /// Units shipped; units bought where the ledger tells no shipped items apart.
    Volume,
    /// The same units × unit cost.
    Value,
    /// Every item alike.
    Equal,
}

/// One item's cost after allocation.
#[derive(Debug, Clone, PartialEq)]
pub struct AllocatedCost {
    /// Item code.
    pub item: Arc<str>,
    /// Its own lines, money.
    pub direct: f64,
    /// Its part of the shared lines, money.
    pub allocated: f64,
}

/// Spreads shared lines (those without an item) over items; the parts sum to the ledger's total.
///
/// One entry per item code, sorted, of `items` and of the ledger. When the key weighs nothing (no units, no unit
/// cost), items share alike; a ledger without any item is one entry without code.
pub fn allocate(ledger: &CostLedger, items: &[Item], key: AllocationKey) -> Vec<AllocatedCost> {
    let mut direct: BTreeMap<Arc<str>, f64> = items.iter().map(|i| (i.id.item.clone(), 0.0)).collect();
    let mut shared = 0.0;
    for line in &ledger.lines {
        if line.item.is_empty() {
            shared += line.amount;
        } else {
            *direct.entry(line.item.clone()).or_default() += line.amount;
        }
    }
    if direct.is_empty() && !ledger.lines.is_empty() {
        direct.insert("".into(), 0.0);
    }
    let weights = weights(ledger, items, key, &direct);
    let sum: f64 = weights.iter().sum();
    let share = |weight: f64| if sum > 0.0 { weight / sum } else { 1.0 / weights.len() as f64 };
    let cost = |((item, direct), weight): ((Arc<str>, f64), &f64)| AllocatedCost {
        item,
        direct,
        allocated: shared * share(*weight),
    };
    direct.into_iter().zip(&weights).map(cost).collect()
}

fn weights(ledger: &CostLedger, items: &[Item], key: AllocationKey, codes: &BTreeMap<Arc<str>, f64>) -> Vec<f64> {
    let shipped = units(ledger, CostDriver::TransportVariable);
    let units = if shipped.is_empty() { units(ledger, CostDriver::Purchase) } else { shipped };
    let unit_costs = mean_unit_costs(items);
    let volume = |code: &Arc<str>| units.get(code).copied().unwrap_or(0.0);
    let weight = |code: &Arc<str>| match key {
        AllocationKey::Volume => volume(code),
        AllocationKey::Value => volume(code) * unit_costs.get(code).copied().unwrap_or(0.0),
        AllocationKey::Equal => 1.0,
    };
    codes.keys().map(weight).map(|w| if w > 0.0 && w.is_finite() { w } else { 0.0 }).collect()
}

fn units(ledger: &CostLedger, driver: CostDriver) -> BTreeMap<Arc<str>, f64> {
    let mut sums = BTreeMap::new();
    let own = |l: &&CostLine| l.driver == driver && !l.item.is_empty();
    for line in ledger.lines.iter().filter(own) {
        *sums.entry(line.item.clone()).or_insert(0.0) += line.quantity;
    }
    sums
}

/// Mean unit cost over an item's locations, money.
fn mean_unit_costs(items: &[Item]) -> BTreeMap<Arc<str>, f64> {
    let mut sums: BTreeMap<Arc<str>, (f64, f64)> = BTreeMap::new();
    for item in items {
        let (cost, count) = sums.entry(item.id.item.clone()).or_default();
        (*cost, *count) = (*cost + item.unit_cost, *count + 1.0);
    }
    sums.into_iter().map(|(code, (cost, count))| (code, cost / count)).collect()
}
