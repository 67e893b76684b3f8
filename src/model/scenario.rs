//! What-if scenarios as values: overrides over the base, master data included.

use super::forecast::Forecast;
use super::item::{Item, ItemField, ItemTable};
use super::network::Network;
use super::override_list::Overrides;
use super::replenishment::{Policy, SafetyBasis};
use super::sales::SeriesId;
use super::scenario_tree::ScenarioLayer;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
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
    /// As in the base, whatever other scenarios that this one inherits from, or earlier overrides, make of it.
    Base,
}

impl Change {
    /// The scenario's value, from the base's.
    pub fn apply(self, base: f64) -> f64 {
        match self {
            Self::Set(v) => v,
            Self::Scale(k) => base * k,
            Self::Add(d) => base + d,
            Self::Policy(_) | Self::Basis(_) | Self::Clear | Self::Base => base,
        }
    }

    /// The scenario's value of something that may be unset; scaling or shifting the unset leaves it unset.
    pub fn apply_optional(self, base: Option<f64>) -> Option<f64> {
        match self {
            Self::Set(v) => Some(v),
            Self::Scale(_) | Self::Add(_) => base.map(|b| self.apply(b)),
            Self::Policy(_) | Self::Basis(_) | Self::Base => base,
            Self::Clear => None,
        }
    }
}

/// What the base was when an override was made, so that a later change of the base is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub enum Seen {
    /// Nobody looked: the override is older than this, or there was nothing to look at.
    #[default]
    Unknown,
    /// The base had no value: safety stock was computed, a capacity unlimited.
    Unset,
    /// The base's value, in the lever's unit; the mean over all that the scope touches.
    Value(f64),
    /// The base's policy, where all items of the scope have the same.
    Policy(Policy),
    /// What the base's safety stock is made for, where it is the same for all items of the scope.
    Basis(SafetyBasis),
    /// The data has nothing that the scope touches, and the user knows.
    Gone,
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
    /// What the base was at that time.
    #[serde(default)]
    pub seen: Seen,
}

/// A named set of overrides over those it inherits. The base is the scenario with none.
///
/// A scenario holds its own overrides only. Those of its ancestors come before them, the base's first, but for those of a
/// lever and scope that a descendant has an override of its own for: what a parent changes shows through wherever no own
/// override stands. All that is asked of a scenario is answered with what it inherits; [`link_scenarios`](super::link_scenarios) keeps that up to
/// date.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Scenario {
    /// Name for people, unique in a project.
    pub name: String,
    /// Why it exists; may be empty.
    pub note: String,
    /// Name of the scenario it inherits from; empty for the base.
    pub parent: String,
    /// Its own overrides, applied in order; a later one sees the effect of an earlier one.
    pub overrides: Arc<Overrides>,
    /// What its ancestors add, the farthest first.
    #[serde(skip)]
    inherited: Arc<[ScenarioLayer]>,
}

impl Scenario {
    /// The scenario without overrides.
    pub fn base(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A scenario that inherits nothing, with these overrides in their order.
    pub fn with_overrides(name: impl Into<String>, overrides: Vec<Override>) -> Self {
        Self { name: name.into(), overrides: Arc::new(overrides.into()), ..Self::default() }
    }

    /// A new scenario that inherits from this one; costs the same whatever this one holds.
    #[must_use]
    pub fn branch(&self, name: impl Into<String>) -> Self {
        let own = ScenarioLayer { name: (&*self.name).into(), overrides: self.overrides.clone() };
        let inherited = self.inherited.iter().cloned().chain([own]).collect();
        Self { name: name.into(), parent: self.name.clone(), inherited, ..Self::default() }
    }

    /// Sets a lever for a scope in place of the earlier override of exactly this lever and scope. It is applied last:
    /// what was moved last has the last word.
    pub fn set(&mut self, lever: Lever, scope: Scope, change: Change) {
        self.set_seeing(lever, scope, change, Seen::Unknown);
    }

    /// As [`set`](Self::set), with what the base is at this time.
    pub fn set_seeing(&mut self, lever: Lever, scope: Scope, change: Change, seen: Seen) {
        Arc::make_mut(&mut self.overrides).set(Override { lever, scope, change, seen });
    }

    /// Sets many levers as [`Self::set`] does one after the other, in one pass.
    pub fn set_all(&mut self, moves: impl IntoIterator<Item = (Lever, Scope, Change)>) {
        let moves: Vec<(Lever, Scope, Change)> = moves.into_iter().collect();
        let keys: BTreeSet<(Lever, &Scope)> = moves.iter().map(|(lever, scope, _)| (*lever, scope)).collect();
        let kept = self.overrides.iter().filter(|o| !keys.contains(&(o.lever, &o.scope))).cloned();
        let mut list: Vec<Override> = kept.collect();
        // Of two moves of one lever the last stands.
        let mut taken = BTreeSet::new();
        let last = moves.iter().rev().filter(|(lever, scope, _)| taken.insert((*lever, scope)));
        let made = |(lever, scope, change): &(Lever, Scope, Change)| Override {
            lever: *lever,
            scope: scope.clone(),
            change: *change,
            seen: Seen::Unknown,
        };
        let mut last: Vec<Override> = last.map(made).collect();
        last.reverse();
        list.append(&mut last);
        self.overrides = Arc::new(list.into());
    }

    /// Removes the own override of exactly this lever and scope: it is as in the parent again.
    pub fn clear(&mut self, lever: Lever, scope: &Scope) {
        if self.overrides.get(lever, scope).is_some() {
            Arc::make_mut(&mut self.overrides).remove(lever, scope);
        }
    }

    /// The change of exactly this lever and scope that counts here, inherited or own.
    pub fn change_of(&self, lever: Lever, scope: &Scope) -> Option<Change> {
        self.layers().rev().find_map(|overrides| overrides.get(lever, scope)).map(|o| o.change)
    }

    /// What its ancestors add, the farthest first.
    pub fn inherited(&self) -> &[ScenarioLayer] {
        &self.inherited
    }

    pub(super) fn inherit(&mut self, layers: Arc<[ScenarioLayer]>) {
        self.inherited = layers;
    }

    /// True when the other changes the same in the same way, whatever they are called and wherever the changes come from.
    pub fn has_changes_of(&self, other: &Self) -> bool {
        let lists = |s: &Self| s.layers().filter(|list| !list.is_empty()).cloned().collect::<Vec<_>>();
        let (a, b) = (lists(self), lists(other));
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
    }

    /// False when everything is as in the base.
    pub fn changes_anything(&self) -> bool {
        self.layers().any(|list| !list.is_empty())
    }

    /// All overrides that count, in the order in which they apply, each with the name of the scenario it comes from.
    pub fn effective(&self) -> Vec<(&str, &Override)> {
        let names = self.inherited.iter().map(|l| &*l.name).chain([&*self.name]);
        let layers: Vec<_> = names.zip(self.layers()).filter(|(_, overrides)| !overrides.is_empty()).collect();
        let mut later: HashSet<(Lever, &Scope)> = HashSet::new();
        let mut kept: Vec<Vec<(&str, &Override)>> = Vec::with_capacity(layers.len());
        for (name, overrides) in layers.into_iter().rev() {
            let counts = |o: &&Override| !later.contains(&(o.lever, &o.scope));
            kept.push(overrides.iter().filter(counts).map(|o| (name, o)).collect());
            later.extend(overrides.iter().map(|o| (o.lever, &o.scope)));
        }
        kept.into_iter().rev().flatten().collect()
    }

    /// The same scenario with all that it inherits as its own.
    #[must_use]
    pub fn flattened(&self) -> Self {
        let list: Vec<Override> = self.effective().into_iter().map(|(_, o)| o.clone()).collect();
        Self { overrides: Arc::new(list.into()), inherited: Arc::default(), ..self.clone() }
    }

    /// The lists of overrides from the farthest ancestor's to its own.
    pub(crate) fn layers(&self) -> impl DoubleEndedIterator<Item = &Arc<Overrides>> {
        self.inherited.iter().map(|l| &l.overrides).chain([&self.overrides])
    }

    /// The overrides that count for an item, in order: without those that a later "as in the base" takes back.
    fn of_item(&self, item: &Item) -> Vec<&Override> {
        let scopes = [Scope::All, Scope::Category(item.category.clone()), Scope::Series(item.id.clone())];
        let mut found: Vec<&Override> = Vec::new();
        for overrides in self.layers().filter(|overrides| !overrides.is_empty()) {
            let own = overrides.of(&scopes);
            found.retain(|o| !own.iter().any(|later| later.lever == o.lever && later.scope == o.scope));
            found.extend(own);
        }
        let taken_back = |(k, o): (usize, &&Override)| (o.change == Change::Base).then_some((o.lever, k));
        let ends: Vec<(Lever, usize)> = found.iter().enumerate().filter_map(taken_back).collect();
        if !ends.is_empty() {
            let mut places = 0..;
            found.retain(|o| {
                let place = places.next().unwrap_or(0);
                !ends.iter().any(|(lever, end)| *lever == o.lever && place <= *end)
            });
        }
        found
    }

    /// One item's master data under this scenario.
    pub fn item(&self, base: &Item) -> Item {
        let mut item = base.clone();
        for o in self.of_item(base) {
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
        self.of_item(item).into_iter().filter(|o| o.lever == Lever::Demand).map(|o| o.change).collect()
    }

    /// Whole periods by which one item's demand comes later under the scenario.
    pub fn demand_delay(&self, item: &Item) -> i64 {
        let mine = self.of_item(item).into_iter().filter(|o| o.lever == Lever::DemandDelay);
        mine.fold(0.0, |delay, o| o.change.apply(delay)).round().clamp(-1000.0, 1000.0) as i64
    }

    /// One item's forecast under the scenario.
    pub fn forecast(&self, forecast: &Forecast, item: &Item) -> Forecast {
        forecast.delayed(self.demand_delay(item)).with_demand(&self.demand_changes(item))
    }

    /// The network under this scenario.
    pub fn network(&self, base: &Network) -> Network {
        let mut network = base.clone();
        for (_, o) in self.effective() {
            match o.lever {
                Lever::LaneCost => {
                    let lanes = network.lanes.iter_mut().zip(&base.lanes);
                    for (lane, of_base) in lanes.filter(|(l, _)| touches_lane(&o.scope, &l.from, &l.to)) {
                        let before = if o.change == Change::Base { of_base.unit_cost } else { lane.unit_cost };
                        lane.unit_cost = o.change.apply(before).max(0.0);
                    }
                }
                Lever::SiteCapacity => {
                    let sites = network.sites.iter_mut().zip(&base.sites);
                    for (site, of_base) in sites.filter(|(s, _)| touches_site(&o.scope, &s.id)) {
                        let before = if o.change == Change::Base { of_base.capacity } else { site.capacity };
                        site.capacity = o.change.apply_optional(before).map(|c| c.max(0.0));
                    }
                }
                _ => {}
            }
        }
        network
    }
}

pub(super) fn touches_item(scope: &Scope, item: &Item) -> bool {
    match scope {
        Scope::All => true,
        Scope::Series(id) => *id == item.id,
        Scope::Category(category) => *category == item.category,
        Scope::Site(_) | Scope::Lane(..) => false,
    }
}

pub(super) fn touches_site(scope: &Scope, id: &str) -> bool {
    match scope {
        Scope::All => true,
        Scope::Site(site) => &**site == id,
        Scope::Series(_) | Scope::Category(_) | Scope::Lane(..) => false,
    }
}

pub(super) fn touches_lane(scope: &Scope, from: &str, to: &str) -> bool {
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

impl Item {
    /// The same item with a lever changed; levers of other things leave it alone.
    #[must_use]
    pub fn with_change(&self, lever: Lever, change: Change) -> Self {
        let mut item = self.clone();
        override_item(&mut item, lever, change);
        item
    }
}

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
