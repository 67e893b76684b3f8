//! Shared costs spread over items.
//!
//! What is shared: trips of a vehicle, by everything on the lane; the cost of placing orders with a supplier, by the items
//! that it delivers; any other line without an item, by all. Each is spread over its own users by every key, so that the keys
//! can stand side by side.

use super::shapley::{AirportGame, TripGame, TripOccasion};
use super::spread::{Pool, Rates, Spread, User, join};
use crate::model::{
    AllocatedCost, Allocation, AllocationKey, CostDriver, CostLedger, CostLine, DispatchPlan, Item, Network, SeriesId,
    SharedCost, StockPlan,
};
use crate::words::Text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is allocated. Items and stock plans are aligned.
#[derive(Debug, Clone, Copy)]
pub struct AllocationInputs<'a> {
    /// All costs.
    pub ledger: &'a CostLedger,
    /// Master data per series.
    pub items: &'a [Item],
    /// Stock plan per series.
    pub stock: &'a [StockPlan],
    /// The network the dispatch plan runs over.
    pub network: &'a Network,
    /// The dispatch plan, when there is one.
    pub dispatch: Option<&'a DispatchPlan>,
    /// Seed of the orders that Shapley values are sampled over.
    pub seed: u64,
}

/// Loads walked over for Shapley values of costs with too many items for all subsets: some tenths of a second of a core.
const MOST_STEPS: usize = 8_000_000;
/// Orders sampled, at least and at most.
const ORDERS: (usize, usize) = (40, 2000);

/// Spreads what items share by every key. By each of them the items' direct and shared costs sum to the ledger's total.
///
/// One entry per item code, sorted, of `items` and of the ledger. Items share alike when a key weighs none of them, which
/// their note says; a ledger without any item is one entry without code.
pub fn allocate(inputs: &AllocationInputs<'_>) -> Allocation {
    let pooled = suppliers(inputs);
    let is_shared = |l: &CostLine| l.item.is_empty() || supplier_of(&pooled, l).is_some();
    let mut direct: BTreeMap<Arc<str>, f64> = inputs.items.iter().map(|i| (i.id.item.clone(), 0.0)).collect();
    for line in inputs.ledger.lines.iter().filter(|l| !l.item.is_empty()) {
        let own = if is_shared(line) { 0.0 } else { line.amount };
        *direct.entry(line.item.clone()).or_default() += own;
    }
    if direct.is_empty() && !inputs.ledger.lines.is_empty() {
        direct.insert("".into(), 0.0);
    }
    let codes: Vec<Arc<str>> = direct.keys().cloned().collect();
    let shared = shared_costs(inputs, &pooled, &codes);
    Allocation { items: rows(direct, &shared), shared }
}

fn shared_costs(inputs: &AllocationInputs<'_>, pooled: &Suppliers, codes: &[Arc<str>]) -> Vec<SharedCost> {
    let mut amounts: BTreeMap<(CostDriver, Arc<str>), f64> = BTreeMap::new();
    for line in &inputs.ledger.lines {
        let place = match supplier_of(pooled, line) {
            Some(supplier) => supplier.clone(),
            None if line.item.is_empty() => line.place.clone(),
            None => continue,
        };
        *amounts.entry((line.driver, place)).or_default() += line.amount;
    }
    let lanes = lanes(inputs);
    let pools: Vec<Pool> = amounts
        .into_iter()
        .map(|((driver, place), amount)| {
            let users = match driver {
                CostDriver::Ordering => supplier_pool(inputs, pooled, &place),
                CostDriver::TransportFixed => lanes.get(&place).and_then(|of| lane_pool(inputs, of)),
                _ => None,
            };
            let (users, spread) = users.unwrap_or_else(|| (everyone(inputs.ledger, codes), Spread::ByUnits));
            Pool { driver, place, amount, users, spread }
        })
        .collect();
    let steps: usize = pools.iter().map(Pool::steps).sum();
    let orders = (MOST_STEPS / steps.max(1)).clamp(ORDERS.0, ORDERS.1);
    let rates = Rates::new(inputs.items);
    pools.into_par_iter().map(|pool| pool.spread(&rates, orders, inputs.seed)).collect()
}

fn rows(direct: BTreeMap<Arc<str>, f64>, shared: &[SharedCost]) -> Vec<AllocatedCost> {
    let row = |item: &Arc<str>, direct: f64| {
        let shared = [0.0; AllocationKey::ALL.len()];
        let row = AllocatedCost { item: item.clone(), direct, shared, standard_error: 0.0, note: Text::default() };
        (row, Vec::new())
    };
    let mut rows: BTreeMap<Arc<str>, (AllocatedCost, Vec<Text>)> =
        direct.into_iter().map(|(item, direct)| (item.clone(), row(&item, direct))).collect();
    for share in shared.iter().flat_map(|cost| &cost.shares) {
        let (row, notes) = rows.entry(share.item.clone()).or_insert_with(|| row(&share.item, 0.0));
        row.shared.iter_mut().zip(share.parts).for_each(|(sum, part)| *sum += part);
        // Errors of costs sampled apart are independent: their squares add.
        row.standard_error = row.standard_error.hypot(share.standard_error);
        if !share.note.is_empty() && !notes.contains(&share.note) {
            notes.push(share.note.clone());
        }
    }
    let said = |(row, notes): (AllocatedCost, Vec<Text>)| AllocatedCost {
        note: notes.iter().fold(Text::default(), |all, note| join(&all, note)),
        ..row
    };
    rows.into_values().map(said).collect()
}

/// The supplier of every series whose supplier delivers other items too.
type Suppliers = BTreeMap<SeriesId, Arc<str>>;

fn suppliers(inputs: &AllocationInputs<'_>) -> Suppliers {
    let mut items: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for item in inputs.items.iter().filter(|i| !i.supplier.is_empty()) {
        items.entry(&item.supplier).or_default().insert(&item.id.item);
    }
    let is_shared = |i: &&Item| items.get(&*i.supplier).is_some_and(|codes| codes.len() > 1);
    inputs.items.iter().filter(is_shared).map(|i| (i.id.clone(), i.supplier.clone())).collect()
}

fn supplier_of<'a>(suppliers: &'a Suppliers, line: &CostLine) -> Option<&'a Arc<str>> {
    if line.driver != CostDriver::Ordering || line.item.is_empty() {
        return None;
    }
    suppliers.get(&SeriesId { item: line.item.clone(), location: line.place.clone() })
}

/// The items that a supplier delivers, and their orders: those of one place and period could be one order, which costs what
/// the dearest of them does.
fn supplier_pool(inputs: &AllocationInputs<'_>, pooled: &Suppliers, supplier: &str) -> Option<(Vec<User>, Spread)> {
    let mut users: BTreeMap<Arc<str>, User> = BTreeMap::new();
    let mut occasions = BTreeMap::new();
    let mut needs: BTreeMap<Arc<str>, Vec<(usize, f64)>> = BTreeMap::new();
    let series = inputs.items.iter().zip(inputs.stock);
    for (item, stock) in series.filter(|(i, _)| pooled.get(&i.id).is_some_and(|s| **s == *supplier)) {
        let code = &item.id.item;
        let user = users.entry(code.clone()).or_insert_with(|| User::new(code));
        for order in &stock.orders {
            user.add(order.quantity);
            let next = occasions.len();
            let at = *occasions.entry((item.id.location.clone(), order.order_period)).or_insert(next);
            let cost = if item.order_cost > 0.0 && item.order_cost.is_finite() { item.order_cost } else { 0.0 };
            needs.entry(code.clone()).or_default().push((at, cost));
        }
    }
    let needs = users.keys().map(|code| needs.remove(code).unwrap_or_default()).collect();
    let game = AirportGame { occasions: occasions.len(), needs };
    (!users.is_empty()).then(|| (users.into_values().collect(), Spread::Orders(game)))
}

/// Lanes with trips, by the place that their ledger lines name.
fn lanes(inputs: &AllocationInputs<'_>) -> BTreeMap<Arc<str>, BTreeSet<usize>> {
    let mut lanes: BTreeMap<Arc<str>, BTreeSet<usize>> = BTreeMap::new();
    for trips in inputs.dispatch.iter().flat_map(|d| &d.trips) {
        if let Some(lane) = inputs.network.lanes.get(trips.lane) {
            lanes.entry(format!("{} → {}", lane.from, lane.to).into()).or_default().insert(trips.lane);
        }
    }
    lanes
}

/// The items on lanes with trips, and what their loads make the vehicles do.
fn lane_pool(inputs: &AllocationInputs<'_>, lanes: &BTreeSet<usize>) -> Option<(Vec<User>, Spread)> {
    let dispatch = inputs.dispatch?;
    let shipped = || dispatch.shipments.iter().filter(|s| lanes.contains(&s.lane) && !s.item.is_empty());
    let mut users: BTreeMap<Arc<str>, User> = BTreeMap::new();
    for shipment in shipped() {
        users.entry(shipment.item.clone()).or_insert_with(|| User::new(&shipment.item)).add(shipment.quantity);
    }
    if users.is_empty() {
        return None;
    }
    let capacity = |lane: usize| {
        let vehicle = inputs.network.vehicle(&inputs.network.lanes.get(lane)?.vehicle)?;
        Some(vehicle.capacity).filter(|c| *c > 0.0 && c.is_finite())
    };
    let mut slots = BTreeMap::new();
    for trips in dispatch.trips.iter().filter(|t| lanes.contains(&t.lane)) {
        *slots.entry((trips.lane, trips.period)).or_insert(0.0) += trips.count * trips.trip_cost;
    }
    let place: BTreeMap<_, usize> = slots.keys().enumerate().map(|(k, slot)| (*slot, k)).collect();
    let mut loads: BTreeMap<&Arc<str>, Vec<(usize, f64)>> = users.keys().map(|code| (code, Vec::new())).collect();
    let mut total = vec![0.0; slots.len()];
    for shipment in shipped() {
        if let (Some(at), Some(of)) = (place.get(&(shipment.lane, shipment.period)), loads.get_mut(&shipment.item)) {
            of.push((*at, shipment.quantity));
            total[*at] += shipment.quantity;
        }
    }
    let occasions = slots.iter().zip(&total).map(|(((lane, _), amount), load)| {
        let occasion = TripOccasion { capacity: capacity(*lane)?, trip_cost: 1.0 };
        // The plan's own trips, were they more than the load needs.
        Some(TripOccasion { trip_cost: amount / occasion.trips(*load).max(1.0), ..occasion })
    });
    let occasions: Option<Vec<TripOccasion>> = occasions.collect();
    let loads = loads.into_values().collect();
    let spread = occasions.map_or(Spread::ByUnits, |occasions| Spread::Trips(TripGame { occasions, loads }));
    Some((users.into_values().collect(), spread))
}

/// All items, by what is shipped of them; by what is bought where the ledger tells no shipped items apart.
fn everyone(ledger: &CostLedger, codes: &[Arc<str>]) -> Vec<User> {
    let used = |driver: CostDriver| {
        let mut users: BTreeMap<&Arc<str>, User> = codes.iter().map(|code| (code, User::new(code))).collect();
        let mut found = false;
        for line in ledger.lines.iter().filter(|l| l.driver == driver && !l.item.is_empty()) {
            if let Some(user) = users.get_mut(&line.item) {
                user.add(line.quantity);
                found = true;
            }
        }
        (users.into_values().collect::<Vec<User>>(), found)
    };
    let (shipped, found) = used(CostDriver::TransportVariable);
    if found { shipped } else { used(CostDriver::Purchase).0 }
}
