//! What-if scenarios as values: overrides over the base, master data included.

use super::forecast::Forecast;
use super::item::{Item, ItemField, ItemTable};
use super::network::Network;
use super::replenishment::{Policy, SafetyBasis};
use super::sales::SeriesId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What an override changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lever {
    /// Forecast demand, units per period; scales or shifts mean, intervals and paths alike.
    Demand,
    /// Mean lead time, days.
    LeadTimeDays,
    /// Standard deviation of the lead time, days.
    LeadTimeSdDays,
    /// Review period, days.
    ReviewPeriodDays,
    /// Target cycle service level, in `(0, 1)`.
    ServiceLevel,
    /// Safety stock, units.
    SafetyStock,
    /// Max level, units.
    MaxLevel,
    /// Minimum order quantity, units.
    Moq,
    /// Purchase cost per unit, money.
    UnitCost,
    /// Holding cost per year as a share of unit cost.
    HoldingRate,
    /// Cost of one unit short, money.
    ShortageCost,
    /// Cost per order, money.
    OrderCost,
    /// Sales price per unit, money.
    Price,
    /// Replenishment policy, a [`Change::Policy`].
    Policy,
    /// What safety stock is made for, a [`Change::Basis`].
    SafetyBasis,
    /// Target fill rate, in `(0, 1)`.
    FillRate,
    /// Days of demand that safety stock lasts.
    CoverDays,
    /// Units per order.
    OrderQuantity,
    /// Orders are whole multiples of this, units.
    Multiple,
    /// Days that a unit keeps.
    ShelfLifeDays,
    /// Stock on hand now, units.
    OnHand,
    /// Days from receipt until the supplier is paid.
    SupplierPaymentDays,
    /// Days from sale until the customer pays.
    CustomerPaymentDays,
    /// Whole periods by which forecast demand comes later; earlier when negative.
    DemandDelay,
    /// Cost per unit on a lane, money.
    LaneCost,
    /// Capacity of a site, units per period.
    SiteCapacity,
}

/// Which part of the plan an override touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Everything that has the lever.
    All,
    /// One item at one location.
    Series(SeriesId),
    /// All items of a category.
    Category(Arc<str>),
    /// One site, by code.
    Site(Arc<str>),
    /// One lane, by site and customer code.
    Lane(Arc<str>, Arc<str>),
}

/// How the base value becomes the scenario's value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// Replaces it.
    Set(f64),
    /// Multiplies it.
    Scale(f64),
    /// Adds to it.
    Add(f64),
    /// Another replenishment policy.
    Policy(Policy),
    /// Safety stock made for something else.
    Basis(SafetyBasis),
    /// Back to "not set": safety stock and max level are computed again, a capacity is unlimited.
    Clear,
}

impl Change {
    /// The scenario's value, from the base's.
    pub fn apply(self, base: f64) -> f64 {
        match self {
            Self::Set(v) => v,
            Self::Scale(k) => base * k,
            Self::Add(d) => base + d,
            Self::Policy(_) | Self::Basis(_) | Self::Clear => base,
        }
    }

    /// The scenario's value of something that may be unset; scaling or shifting the unset leaves it unset.
    pub fn apply_optional(self, base: Option<f64>) -> Option<f64> {
        match self {
            Self::Set(v) => Some(v),
            Self::Scale(_) | Self::Add(_) => base.map(|b| self.apply(b)),
            Self::Policy(_) | Self::Basis(_) => base,
            Self::Clear => None,
        }
    }
}

/// One deviation from the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// What is changed.
    pub lever: Lever,
    /// Where.
    pub scope: Scope,
    /// How.
    pub change: Change,
}

/// A named set of overrides. The base is the scenario with none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scenario {
    /// Name for people, unique in a project.
    pub name: String,
    /// Why it exists; may be empty.
    pub note: String,
    /// Name of the scenario it was branched from; empty for the base. Its overrides were copied at that time.
    pub parent: String,
    /// Applied in order; a later one sees the effect of an earlier one.
    pub overrides: Vec<Override>,
}

/// A difference between two scenarios: the overrides that one has for a lever and scope and the other hasn't.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioDifference {
    /// What is changed.
    pub lever: Lever,
    /// Where.
    pub scope: Scope,
    /// The first scenario's changes, in order.
    pub left: Vec<Change>,
    /// The second scenario's changes, in order.
    pub right: Vec<Change>,
}

impl Scenario {
    /// The scenario without overrides.
    pub fn base(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A new scenario that starts with this one's overrides.
    #[must_use]
    pub fn branch(&self, name: impl Into<String>) -> Self {
        Self { name: name.into(), note: String::new(), parent: self.name.clone(), overrides: self.overrides.clone() }
    }

    /// Sets a lever for a scope in place of the earlier override of exactly this lever and scope. It is applied last:
    /// what was moved last has the last word.
    pub fn set(&mut self, lever: Lever, scope: Scope, change: Change) {
        self.clear(lever, &scope);
        self.overrides.push(Override { lever, scope, change });
    }

    /// Sets many levers as [`Self::set`] does one after the other, in one pass.
    pub fn set_all(&mut self, moves: impl IntoIterator<Item = (Lever, Scope, Change)>) {
        let moves: Vec<(Lever, Scope, Change)> = moves.into_iter().collect();
        let keys: BTreeSet<(Lever, &Scope)> = moves.iter().map(|(lever, scope, _)| (*lever, scope)).collect();
        self.overrides.retain(|o| !keys.contains(&(o.lever, &o.scope)));
        // Of two moves of one lever the last stands.
        let mut seen = BTreeSet::new();
        let mut last: Vec<Override> = Vec::with_capacity(moves.len());
        for (lever, scope, change) in moves.iter().rev() {
            if seen.insert((*lever, scope)) {
                last.push(Override { lever: *lever, scope: scope.clone(), change: *change });
            }
        }
        self.overrides.extend(last.into_iter().rev());
    }

    /// Removes the override of exactly this lever and scope.
    pub fn clear(&mut self, lever: Lever, scope: &Scope) {
        self.overrides.retain(|o| !(o.lever == lever && o.scope == *scope));
    }

    /// One item's master data under this scenario.
    pub fn item(&self, base: &Item) -> Item {
        let mut item = base.clone();
        for o in self.overrides.iter().filter(|o| touches_item(&o.scope, base)) {
            override_item(&mut item, o.lever, o.change);
        }
        item
    }

    /// All master data rows under this scenario.
    pub fn items(&self, base: &ItemTable) -> ItemTable {
        ItemTable::new(base.iter().map(|item| self.item(item)))
    }

    /// The demand changes for one item, in order, to be applied to its forecast.
    pub fn demand_changes(&self, item: &Item) -> Vec<Change> {
        let mine = |o: &&Override| o.lever == Lever::Demand && touches_item(&o.scope, item);
        self.overrides.iter().filter(mine).map(|o| o.change).collect()
    }

    /// Whole periods by which one item's demand comes later under the scenario.
    pub fn demand_delay(&self, item: &Item) -> i64 {
        let mine = self.overrides.iter().filter(|o| o.lever == Lever::DemandDelay && touches_item(&o.scope, item));
        mine.fold(0.0, |delay, o| o.change.apply(delay)).round().clamp(-1000.0, 1000.0) as i64
    }

    /// One item's forecast under the scenario.
    pub fn forecast(&self, forecast: &Forecast, item: &Item) -> Forecast {
        forecast.delayed(self.demand_delay(item)).with_demand(&self.demand_changes(item))
    }

    /// The network under this scenario.
    pub fn network(&self, base: &Network) -> Network {
        let mut network = base.clone();
        for o in &self.overrides {
            match o.lever {
                Lever::LaneCost => {
                    for lane in network.lanes.iter_mut().filter(|l| touches_lane(&o.scope, &l.from, &l.to)) {
                        lane.unit_cost = o.change.apply(lane.unit_cost).max(0.0);
                    }
                }
                Lever::SiteCapacity => {
                    let scoped = |id: &Arc<str>| matches!(&o.scope, Scope::All) || o.scope == Scope::Site(id.clone());
                    for site in network.sites.iter_mut().filter(|s| scoped(&s.id)) {
                        site.capacity = o.change.apply_optional(site.capacity).map(|c| c.max(0.0));
                    }
                }
                _ => {}
            }
        }
        network
    }
}

/// What differs between two scenarios, by lever and scope; empty for a scenario and itself.
pub fn difference(left: &Scenario, right: &Scenario) -> Vec<ScenarioDifference> {
    let mut keys: Vec<_> = left.overrides.iter().chain(&right.overrides).map(|o| (o.lever, o.scope.clone())).collect();
    keys.sort();
    keys.dedup();
    let changes = |s: &Scenario, lever, scope: &Scope| -> Vec<Change> {
        s.overrides.iter().filter(|o| o.lever == lever && o.scope == *scope).map(|o| o.change).collect()
    };
    keys.into_iter()
        .map(|(lever, scope)| {
            let (a, b) = (changes(left, lever, &scope), changes(right, lever, &scope));
            ScenarioDifference { lever, scope, left: a, right: b }
        })
        .filter(|d| d.left != d.right)
        .collect()
}

fn touches_item(scope: &Scope, item: &Item) -> bool {
    match scope {
        Scope::All => true,
        Scope::Series(id) => *id == item.id,
        Scope::Category(category) => *category == item.category,
        Scope::Site(_) | Scope::Lane(..) => false,
    }
}

fn touches_lane(scope: &Scope, from: &str, to: &str) -> bool {
    match scope {
        Scope::All => true,
        Scope::Lane(a, b) => &**a == from && &**b == to,
        Scope::Site(site) => &**site == from,
        Scope::Series(_) | Scope::Category(_) => false,
    }
}

/// The field of an item that a lever moves.
fn field(lever: Lever) -> Option<ItemField> {
    Some(match lever {
        Lever::ReviewPeriodDays => ItemField::ReviewPeriodDays,
        Lever::ServiceLevel => ItemField::ServiceLevel,
        Lever::SafetyStock => ItemField::SafetyStock,
        Lever::MaxLevel => ItemField::MaxLevel,
        Lever::ShortageCost => ItemField::ShortageCost,
        Lever::Policy => ItemField::Policy,
        Lever::SafetyBasis => ItemField::SafetyBasis,
        Lever::FillRate => ItemField::FillRate,
        Lever::CoverDays => ItemField::CoverDays,
        _ => return None,
    })
}

/// Service levels stay strictly between these, so that a normal quantile is finite.
pub const SERVICE_LEVEL_RANGE: (f64, f64) = (0.001, 0.9999);

fn override_item(item: &mut Item, lever: Lever, change: Change) {
    let at_least_zero = |x: f64| change.apply(x).max(0.0);
    if let Some(field) = field(lever) {
        // It is the scenario's word now, no longer the segment's.
        item.by_segment.remove(&field);
    }
    match lever {
        Lever::LeadTimeDays => item.lead_time_days = at_least_zero(item.lead_time_days),
        Lever::LeadTimeSdDays => item.lead_time_sd_days = at_least_zero(item.lead_time_sd_days),
        Lever::ReviewPeriodDays => item.review_period_days = at_least_zero(item.review_period_days),
        Lever::ServiceLevel => {
            item.service_level = change.apply(item.service_level).clamp(SERVICE_LEVEL_RANGE.0, SERVICE_LEVEL_RANGE.1);
        }
        Lever::SafetyStock => item.safety_stock = change.apply_optional(item.safety_stock),
        Lever::MaxLevel => item.max_level = change.apply_optional(item.max_level),
        Lever::Moq => item.moq = at_least_zero(item.moq),
        Lever::UnitCost => item.unit_cost = at_least_zero(item.unit_cost),
        Lever::HoldingRate => item.holding_rate = at_least_zero(item.holding_rate),
        Lever::ShortageCost => item.shortage_cost = at_least_zero(item.shortage_cost),
        Lever::OrderCost => item.order_cost = at_least_zero(item.order_cost),
        Lever::Price => item.price = at_least_zero(item.price),
        Lever::Policy => {
            if let Change::Policy(policy) = change {
                item.policy = policy;
            }
        }
        Lever::SafetyBasis => {
            if let Change::Basis(basis) = change {
                item.safety_basis = basis;
            }
        }
        Lever::FillRate => {
            item.fill_rate = change.apply(item.fill_rate).clamp(SERVICE_LEVEL_RANGE.0, SERVICE_LEVEL_RANGE.1);
        }
        Lever::CoverDays => item.cover_days = at_least_zero(item.cover_days),
        Lever::OrderQuantity => item.order_quantity = change.apply_optional(item.order_quantity).filter(|q| *q > 0.0),
        Lever::Multiple => item.multiple = at_least_zero(item.multiple),
        Lever::ShelfLifeDays => item.shelf_life_days = at_least_zero(item.shelf_life_days),
        Lever::OnHand => item.on_hand = change.apply(item.on_hand),
        Lever::SupplierPaymentDays => item.supplier_payment_days = change.apply(item.supplier_payment_days),
        Lever::CustomerPaymentDays => item.customer_payment_days = at_least_zero(item.customer_payment_days),
        Lever::DemandDelay | Lever::Demand | Lever::LaneCost | Lever::SiteCapacity => {}
    }
}
