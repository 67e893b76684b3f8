//! Item master data: what a unit costs, how long it takes, how it may be ordered.

use super::lead_time::LearntFrom;
use super::replenishment::{OrderDays, Policy, SafetyBasis};
use super::sales::SeriesId;
use super::segment::Segment;
use super::segmentation::Stocking;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A settable field of an [`Item`]; the names are the canonical column headers of an item file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the field of `Item` with the same name, documented there")]
pub enum ItemField {
    Name,
    Category,
    UnitCost,
    Price,
    LeadTimeDays,
    LeadTimeSdDays,
    ReviewPeriodDays,
    Moq,
    Multiple,
    OnHand,
    OnOrder,
    ServiceLevel,
    SafetyStock,
    MaxLevel,
    HoldingRate,
    ShortageCost,
    OrderCost,
    Supplier,
    Policy,
    SafetyBasis,
    FillRate,
    CoverDays,
    OrderQuantity,
    Pallet,
    Container,
    ShelfLifeDays,
    OrderDays,
    SalvageValue,
    Volume,
    Weight,
    SupplierPaymentDays,
    CustomerPaymentDays,
}

/// Master data of one item at one location (or of the item everywhere, when the location is empty).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Item and location.
    pub id: SeriesId,
    /// Name for people; empty when not given.
    pub name: Arc<str>,
    /// Category for grouping and hierarchy; empty when not given.
    pub category: Arc<str>,
    /// Purchase cost per unit, money, ≥ 0. Default 0.
    pub unit_cost: f64,
    /// Sales price per unit, money, ≥ 0. Default 0.
    pub price: f64,
    /// Mean supplier lead time, days, ≥ 0. Default 7.
    pub lead_time_days: f64,
    /// Standard deviation of the lead time, days, ≥ 0. Default 0.
    pub lead_time_sd_days: f64,
    /// Days between two looks at the stock, ≥ 0; 0 is continuous review. Default 0, planned per period all the same.
    pub review_period_days: f64,
    /// Smallest order, units, ≥ 0. Default 0.
    pub moq: f64,
    /// Orders are whole multiples of this, units, ≥ 0; 0 means any quantity. Default 0.
    pub multiple: f64,
    /// Stock on hand now, units. Default 0.
    pub on_hand: f64,
    /// Units ordered and not yet received, ≥ 0; arrive after one lead time. Default 0.
    pub on_order: f64,
    /// Target cycle service level, in `(0, 1)`. Default 0.95.
    pub service_level: f64,
    /// Safety stock set by the user, units; `None` lets the engine compute it.
    pub safety_stock: Option<f64>,
    /// Max level (order-up-to level) set by the user, units; `None` lets the engine compute it.
    pub max_level: Option<f64>,
    /// Holding cost per year as a share of unit cost, ≥ 0. Default 0.20.
    pub holding_rate: f64,
    /// Cost of one unit short, money, ≥ 0. Default: price − unit cost when both are given, else 0.
    pub shortage_cost: f64,
    /// Cost of placing one order, money, ≥ 0. Default 0.
    pub order_cost: f64,
    /// Who delivers it; empty when not given.
    pub supplier: Arc<str>,
    /// How stock is replenished. Default automatic.
    pub policy: Policy,
    /// What safety stock is made for, unless the user set it. Default cycle service; fill rate or cover where only that
    /// target is stated.
    pub safety_basis: SafetyBasis,
    /// Target fill rate, in `(0, 1)`; counts with [`SafetyBasis::FillRate`]. Default 0.98.
    pub fill_rate: f64,
    /// Days of mean demand that safety stock lasts, ≥ 0; counts with [`SafetyBasis::Cover`]. Default 14.
    pub cover_days: f64,
    /// Units per order set by the user, > 0, for (s, Q) and as the lot between s and S; `None` lets the engine compute it.
    pub order_quantity: Option<f64>,
    /// Units on a pallet, ≥ 0: orders are whole pallets; 0 when loose units are accepted. Default 0.
    pub pallet: f64,
    /// Units in a container, ≥ 0: an order that nearly fills one is raised to fill it; 0 for none. Default 0.
    pub container: f64,
    /// Days that a unit can be sold after it arrived, ≥ 0; 0 when it keeps. Default 0.
    pub shelf_life_days: f64,
    /// Weekdays on which the supplier takes orders. Default every day.
    pub order_days: OrderDays,
    /// What a unit left over brings, money, ≥ 0; counts for a newsvendor. Default 0.
    pub salvage_value: f64,
    /// Volume of a unit, cubic metres, ≥ 0. Default 0: not known.
    pub volume: f64,
    /// Weight of a unit, kilograms, ≥ 0. Default 0: not known.
    pub weight: f64,
    /// Days from receipt until the supplier is paid; negative when paid ahead. Default 0.
    pub supplier_payment_days: f64,
    /// Days from sale until the customer pays, ≥ 0. Default 0.
    pub customer_payment_days: f64,
    /// From what the lead time was learnt, when it isn't the item list's.
    pub learnt_lead_time: Option<LearntFrom>,
    /// The fields that the user's file stated; all others hold their default.
    pub stated: BTreeSet<ItemField>,
    /// Its segment, where a rule of that segment applies to it.
    pub segment: Option<Segment>,
    /// The fields that hold what the segment's rule says.
    pub by_segment: BTreeSet<ItemField>,
    /// Whether it is held in stock. Default held.
    pub stocking: Stocking,
}

impl Item {
    /// An item of which nothing is known: every field at its default.
    pub fn with_defaults(id: SeriesId) -> Self {
        Self {
            id,
            name: "".into(),
            category: "".into(),
            unit_cost: 0.0,
            price: 0.0,
            lead_time_days: 7.0,
            lead_time_sd_days: 0.0,
            review_period_days: 0.0,
            moq: 0.0,
            multiple: 0.0,
            on_hand: 0.0,
            on_order: 0.0,
            service_level: 0.95,
            safety_stock: None,
            max_level: None,
            holding_rate: 0.20,
            shortage_cost: 0.0,
            order_cost: 0.0,
            supplier: "".into(),
            policy: Policy::Automatic,
            safety_basis: SafetyBasis::CycleService,
            fill_rate: 0.98,
            cover_days: 14.0,
            order_quantity: None,
            pallet: 0.0,
            container: 0.0,
            shelf_life_days: 0.0,
            order_days: OrderDays::EVERY,
            salvage_value: 0.0,
            volume: 0.0,
            weight: 0.0,
            supplier_payment_days: 0.0,
            customer_payment_days: 0.0,
            learnt_lead_time: None,
            stated: BTreeSet::new(),
            segment: None,
            by_segment: BTreeSet::new(),
            stocking: Stocking::Stocked,
        }
    }
}

impl Default for Item {
    fn default() -> Self {
        Self::with_defaults(SeriesId::new("", ""))
    }
}

/// All items, found by item and location, with the item's general row as the fallback.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Item>", into = "Vec<Item>")]
pub struct ItemTable {
    items: BTreeMap<SeriesId, Item>,
}

impl ItemTable {
    /// A table; of two rows for the same item and location the last one stays.
    pub fn new(items: impl IntoIterator<Item = Item>) -> Self {
        Self { items: items.into_iter().map(|i| (i.id.clone(), i)).collect() }
    }

    /// The row for `id`: the exact one, else the item's row without location, else all defaults.
    pub fn lookup(&self, id: &SeriesId) -> Item {
        self.get(id).map_or_else(|| Item::with_defaults(id.clone()), |item| Item { id: id.clone(), ..item.clone() })
    }

    /// The row that holds for `id`, when there is one: its own, else the item's without location.
    pub fn get(&self, id: &SeriesId) -> Option<&Item> {
        let general = || SeriesId { item: id.item.clone(), location: "".into() };
        self.items.get(id).or_else(|| self.items.get(&general()))
    }

    /// True when the table has a row for `id` or for its item in general.
    pub fn knows(&self, id: &SeriesId) -> bool {
        !self.lookup(id).stated.is_empty() || self.items.contains_key(id)
    }

    /// All rows, sorted by item and location.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// Replaces or adds a row.
    pub fn insert(&mut self, item: Item) {
        self.items.insert(item.id.clone(), item);
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl From<Vec<Item>> for ItemTable {
    fn from(items: Vec<Item>) -> Self {
        Self::new(items)
    }
}

impl From<ItemTable> for Vec<Item> {
    fn from(table: ItemTable) -> Self {
        table.items.into_values().collect()
    }
}
