//! Overrides that no longer fit the data: their item is gone, or the base isn't what it was when they were made.

use super::item::{Item, ItemTable};
use super::network::Network;
use super::sales::{SalesPanel, SeriesId};
use super::scenario::{Change, Lever, Override, Scenario, Scope, Seen, touches_item, touches_lane, touches_site};
use std::collections::BTreeMap;

/// The data that scenarios deviate from.
#[derive(Debug, Clone, Copy)]
pub struct BaseData<'a> {
    /// What is sold; `None` before sales were read.
    pub panel: Option<&'a SalesPanel>,
    /// Items that were never sold and are planned all the same.
    pub new: &'a [SeriesId],
    /// Item master data.
    pub items: &'a ItemTable,
    /// The delivery network.
    pub network: &'a Network,
}

/// An override that the user should look at again.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioConflict {
    /// The scenario whose own override it is.
    pub scenario: String,
    /// What is changed.
    pub lever: Lever,
    /// Where.
    pub scope: Scope,
    /// What the override says.
    pub change: Change,
    /// What the base was when it was made.
    pub seen: Seen,
    /// What the base is now; [`Seen::Gone`] when the data has nothing that the scope touches.
    pub now: Seen,
}

impl ScenarioConflict {
    /// The change that is to the new base what the override's value was to the old one; `None` where there is no such.
    pub fn relative(&self) -> Option<Change> {
        match (self.change, self.seen, self.now) {
            (Change::Set(to), Seen::Value(from), Seen::Value(_)) => {
                let k = to / from;
                (from.abs() > f64::EPSILON && k.is_finite() && k >= 0.0).then_some(Change::Scale(k))
            }
            _ => None,
        }
    }
}

/// Master data that differs by less than this share is the same: it was written and read again.
const SAME: f64 = 1e-9;
/// Mean demand moves with every period; only a move beyond this share makes a demand set by hand doubtful.
const DEMAND_MOVED: f64 = 0.10;

/// The own overrides of every scenario that no longer fit the data, by scenario and in their order.
pub fn conflicts(scenarios: &[Scenario], data: &BaseData<'_>) -> Vec<ScenarioConflict> {
    let mut known: BTreeMap<(Lever, &Scope), Seen> = BTreeMap::new();
    let mut found = Vec::new();
    for scenario in scenarios {
        for o in scenario.overrides.iter() {
            let now = *known.entry((o.lever, &o.scope)).or_insert_with(|| base_value(o.lever, &o.scope, data));
            if is_doubtful(o, now) {
                let Override { lever, ref scope, change, seen } = *o;
                let (scenario, scope) = (scenario.name.clone(), scope.clone());
                found.push(ScenarioConflict { scenario, lever, scope, change, seen, now });
            }
        }
    }
    found
}

fn is_doubtful(o: &Override, now: Seen) -> bool {
    if (now == Seen::Gone) != (o.seen == Seen::Gone) {
        return true;
    }
    if !matches!(o.change, Change::Set(_) | Change::Policy(_) | Change::Basis(_)) {
        return false;
    }
    match (o.seen, now) {
        (Seen::Unknown, _) | (_, Seen::Unknown) => false,
        (Seen::Value(a), Seen::Value(b)) => {
            let least = if o.lever == Lever::Demand { DEMAND_MOVED } else { SAME };
            (a - b).abs() > least * a.abs().max(b.abs())
        }
        (a, b) => a != b,
    }
}

/// What the base says about a lever and scope: the mean over all that the scope touches.
pub fn base_value(lever: Lever, scope: &Scope, data: &BaseData<'_>) -> Seen {
    match lever {
        Lever::LaneCost => {
            let lanes = data.network.lanes.iter().filter(|l| touches_lane(scope, &l.from, &l.to));
            summary(lanes.map(|l| value(l.unit_cost)))
        }
        Lever::SiteCapacity => {
            let sites = data.network.sites.iter().filter(|s| touches_site(scope, &s.id));
            summary(sites.map(|s| optional(s.capacity)))
        }
        _ => summary(of_items(lever, scope, data)),
    }
}

fn of_items<'a>(lever: Lever, scope: &'a Scope, data: &'a BaseData<'_>) -> Box<dyn Iterator<Item = Seen> + 'a> {
    let of = move |id: &SeriesId| {
        let default;
        let item = if let Some(item) = data.items.get(id) {
            item
        } else {
            default = Item::with_defaults(id.clone());
            &default
        };
        if lever == Lever::Demand { recent_demand(id, data) } else { item_value(item, lever) }
    };
    if let Scope::Series(id) = scope {
        let is_known = data.panel.is_some_and(|p| p.get(id).is_some())
            || data.new.contains(id)
            || data.items.get(id).is_some()
            || (data.panel.is_none() && data.items.is_empty());
        return Box::new(is_known.then(|| of(id)).into_iter());
    }
    let touches = move |id: &SeriesId| match data.items.get(id) {
        Some(item) => touches_item(scope, item),
        None => touches_item(scope, &Item::with_defaults(id.clone())),
    };
    match data.panel {
        Some(panel) => {
            let sold = panel.series().iter().map(|s| &s.id).chain(data.new);
            Box::new(sold.filter(move |id| touches(id)).map(of))
        }
        None if data.items.is_empty() => Box::new(std::iter::once(Seen::Unknown)),
        None => Box::new(data.items.iter().map(|i| &i.id).filter(move |id| touches(id)).map(of)),
    }
}

/// Mean sales per period over the last year, or as much of it as there is.
fn recent_demand(id: &SeriesId, data: &BaseData<'_>) -> Seen {
    let Some(series) = data.panel.and_then(|p| p.get(id)) else { return Seen::Unknown };
    let year = series.start.frequency().periods_per_year().round().max(1.0) as usize;
    let recent = &series.values[series.values.len().saturating_sub(year)..];
    if recent.is_empty() { Seen::Unknown } else { value(recent.iter().sum::<f64>() / recent.len() as f64) }
}

fn item_value(item: &Item, lever: Lever) -> Seen {
    match lever {
        Lever::LeadTimeDays => value(item.lead_time_days),
        Lever::LeadTimeSdDays => value(item.lead_time_sd_days),
        Lever::ReviewPeriodDays => value(item.review_period_days),
        Lever::ServiceLevel => value(item.service_level),
        Lever::SafetyStock => optional(item.safety_stock),
        Lever::MaxLevel => optional(item.max_level),
        Lever::Moq => value(item.moq),
        Lever::UnitCost => value(item.unit_cost),
        Lever::HoldingRate => value(item.holding_rate),
        Lever::ShortageCost => value(item.shortage_cost),
        Lever::OrderCost => value(item.order_cost),
        Lever::Price => value(item.price),
        Lever::Policy => Seen::Policy(item.policy),
        Lever::SafetyBasis => Seen::Basis(item.safety_basis),
        Lever::FillRate => value(item.fill_rate),
        Lever::CoverDays => value(item.cover_days),
        Lever::OrderQuantity => optional(item.order_quantity),
        Lever::Multiple => value(item.multiple),
        Lever::ShelfLifeDays => value(item.shelf_life_days),
        Lever::OnHand => value(item.on_hand),
        Lever::SupplierPaymentDays => value(item.supplier_payment_days),
        Lever::CustomerPaymentDays => value(item.customer_payment_days),
        // The base delays nothing.
        Lever::DemandDelay => Seen::Value(0.0),
        Lever::Demand | Lever::LaneCost | Lever::SiteCapacity => Seen::Unknown,
    }
}

fn value(x: f64) -> Seen {
    if x.is_finite() { Seen::Value(x) } else { Seen::Unknown }
}

fn optional(x: Option<f64>) -> Seen {
    x.map_or(Seen::Unset, value)
}

/// One value for many: their mean, what all of them have, or nothing that can be said.
fn summary(all: impl Iterator<Item = Seen>) -> Seen {
    let (mut sum, mut count, mut others) = (0.0, 0_u64, None);
    for seen in all {
        match seen {
            Seen::Value(x) => (sum, count) = (sum + x, count + 1),
            other => match others {
                None => others = Some(other),
                Some(known) if known == other => {}
                Some(_) => others = Some(Seen::Unknown),
            },
        }
    }
    match (count, others) {
        (0, None) => Seen::Gone,
        (0, Some(other)) => other,
        _ => value(sum / count as f64),
    }
}
