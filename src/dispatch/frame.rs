//! The problem proved sound and laid out by index: the sets and parameters of the model.

use super::{DispatchError, Options, Problem, TripRule};
use crate::model::{Network, Period};
use crate::text;
use crate::words::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most variables of one problem, all periods together; about 1 GB at the worst.
pub const MOST_VARIABLES: usize = 2_000_000;

/// Quantities, costs and capacities above this are typing errors, and their sums would lose whole units.
const LARGEST_NUMBER: f64 = 1e12;

/// Most trips a lane may need in one period; above it a vehicle's capacity is surely in the wrong unit.
const MOST_TRIPS: f64 = 1e6;

/// Relative noise forgiven where a quantity fills whole vehicles: 30.000000001 units fill three vehicles of 10.
const TRIP_NOISE: f64 = 1e-9;

/// A vehicle as one lane sees it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Truck {
    /// Q: units per trip.
    pub(super) capacity: f64,
    /// t: money per trip, distance included.
    pub(super) trip_cost: f64,
    /// Most trips per period, whole under [`TripRule::Whole`]; infinite when unlimited.
    pub(super) max_trips: f64,
}

impl Truck {
    /// Whole trips that carry `units`; a single unit takes a trip.
    pub(super) fn trips_for(&self, units: f64) -> f64 {
        let exact = units / self.capacity;
        if units > 0.0 { (exact - TRIP_NOISE * exact).ceil().max(1.0) } else { 0.0 }
    }
}

/// A lane by index.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) site: usize,
    pub(super) customer: usize,
    /// c: money per unit, handling at the site included.
    pub(super) unit_cost: f64,
    /// The lane's own limit, units; infinite when unlimited.
    pub(super) capacity: f64,
    pub(super) truck: Option<Truck>,
}

impl Way {
    /// Most units in a period: the lane's own limit and all trips together.
    pub(super) fn most(&self) -> f64 {
        self.capacity.min(self.trips_carry())
    }

    /// Q N: what all its trips together carry; infinite without a vehicle.
    pub(super) fn trips_carry(&self) -> f64 {
        self.truck.as_ref().map_or(f64::INFINITY, |t| t.capacity * t.max_trips)
    }
}

/// The items of one customer in one period that may use the same lanes. Nothing in the model tells them apart (costs
/// and capacities don't depend on the item), so their demand is summed and the flow is divided again afterwards: exact.
#[derive(Debug)]
pub(super) struct Commodity {
    pub(super) customer: usize,
    /// Item code and units > 0, by code.
    pub(super) items: Vec<(Arc<str>, f64)>,
    /// d: units of all its items.
    pub(super) demand: f64,
    /// Indices of the lanes it may use, ascending.
    pub(super) lanes: Vec<usize>,
    /// Money per unit left unmet.
    pub(super) penalty: f64,
}

/// One period: it shares nothing with the others, so it is solved by itself.
#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) period: Period,
    pub(super) commodities: Vec<Commodity>,
}

/// The whole problem by index.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) network: &'a Network,
    pub(super) ways: Vec<Way>,
    /// Capacity by site; infinite when unlimited.
    pub(super) site_capacity: Vec<f64>,
    pub(super) buckets: Vec<Bucket>,
}

impl<'a> Frame<'a> {
    /// Checks every number and reference, and groups the demand.
    pub(super) fn new(problem: &'a Problem, options: &Options) -> Result<Self, DispatchError> {
        let network = &*problem.network;
        let sites = index(network.sites.iter().map(|s| &*s.id), &text!("site", "仓库"))?;
        let customers = index(network.customers.iter().map(|c| &*c.id), &text!("customer", "客户"))?;
        let vehicles = index(network.vehicles.iter().map(|v| &*v.id), &text!("vehicle", "车型"))?;
        check_numbers(network)?;
        let find = |codes: &BTreeMap<&str, usize>, code: &str, place: &Text| {
            codes.get(code).copied().ok_or_else(|| unknown(place, code))
        };
        let mut ways = Vec::with_capacity(network.lanes.len());
        for lane in &network.lanes {
            let site = find(&sites, &lane.from, &text!("A lane starts at site", "有运输线的起点仓库"))?;
            let customer = find(&customers, &lane.to, &text!("A lane ends at customer", "有运输线的终点客户"))?;
            let truck = if lane.vehicle.is_empty() {
                None
            } else {
                let vehicle = find(&vehicles, &lane.vehicle, &text!("A lane names vehicle", "有运输线使用的车型"))?;
                let vehicle = &network.vehicles[vehicle];
                let max_trips = vehicle.max_trips.unwrap_or(f64::INFINITY);
                Some(Truck {
                    capacity: vehicle.capacity,
                    trip_cost: vehicle.trip_cost + vehicle.cost_per_km * lane.distance_km.unwrap_or(0.0),
                    max_trips: if options.trips == TripRule::Whole { max_trips.floor() } else { max_trips },
                })
            };
            ways.push(Way {
                site,
                customer,
                unit_cost: lane.unit_cost + network.sites[site].handling_cost,
                capacity: lane.capacity.unwrap_or(f64::INFINITY),
                truck,
            });
        }
        let site_capacity = network.sites.iter().map(|s| s.capacity.unwrap_or(f64::INFINITY)).collect();
        let buckets = buckets(problem, &customers, &ways)?;
        check_size(&buckets, &ways)?;
        Ok(Self { network, ways, site_capacity, buckets })
    }

    /// "North → Shop 3", by code.
    pub(super) fn lane_name(&self, lane: usize) -> String {
        let lane = &self.network.lanes[lane];
        format!("{} → {}", lane.from, lane.to)
    }
}

fn index<'a>(codes: impl Iterator<Item = &'a str>, kind: &Text) -> Result<BTreeMap<&'a str, usize>, DispatchError> {
    let mut found = BTreeMap::new();
    for (at, code) in codes.enumerate() {
        if found.insert(code, at).is_some() {
            let (en, zh) = (&kind.en, &kind.zh);
            return Err(DispatchError::Invalid(Text::new(
                format!("Two rows describe {en} {code}; keep one of them"),
                format!("{zh} {code} 出现了两行，请只保留一行"),
            )));
        }
    }
    Ok(found)
}

fn unknown(place: &Text, code: &str) -> DispatchError {
    let (en, zh) = (&place.en, &place.zh);
    DispatchError::Invalid(Text::new(
        format!("{en} {code}, which the network doesn't have; add it or correct the code"),
        format!("{zh} {code} 不在网络中，请补充或更正编码"),
    ))
}

/// Demand summed by period, customer and item, then grouped into commodities.
fn buckets(problem: &Problem, customers: &BTreeMap<&str, usize>, ways: &[Way]) -> Result<Vec<Bucket>, DispatchError> {
    let network = &*problem.network;
    let mut sums: BTreeMap<Period, BTreeMap<(usize, Arc<str>), f64>> = BTreeMap::new();
    for line in &problem.demand {
        let customer = customers
            .get(&*line.customer)
            .ok_or_else(|| unknown(&text!("The demand names customer", "需求中的客户"), &line.customer))?;
        let (en, zh) = (
            format!("Demand of {} in {}", line.customer, line.period),
            format!("{} 在 {} 的需求", line.customer, line.period),
        );
        check(line.quantity, &Text::new(en, zh), Sign::NotNegative)?;
        let period = sums.entry(line.period).or_default();
        *period.entry((*customer, line.item.clone())).or_default() += line.quantity;
    }
    let mut lanes_to = vec![Vec::new(); network.customers.len()];
    for (lane, way) in ways.iter().enumerate() {
        lanes_to[way.customer].push(lane);
    }
    let penalty: Vec<f64> = network.customers.iter().map(|c| network.unmet_cost(c)).collect();
    let lanes_of = |customer: usize, item: &str| -> Vec<usize> {
        let open = |&&lane: &&usize| {
            let only = &*network.lanes[lane].item;
            only.is_empty() || only == item
        };
        lanes_to[customer].iter().filter(open).copied().collect()
    };
    let own_lanes: BTreeSet<(usize, &str)> = network
        .lanes
        .iter()
        .zip(ways)
        .filter(|(l, _)| !l.item.is_empty())
        .map(|(l, w)| (w.customer, &*l.item))
        .collect();
    let group = |(period, demand): (Period, BTreeMap<(usize, Arc<str>), f64>)| {
        let mut commodities: Vec<Commodity> = Vec::new();
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for ((customer, item), units) in demand {
            if units <= 0.0 {
                continue;
            }
            let is_own = own_lanes.contains(&(customer, &*item));
            if let (false, Some(&at)) = (is_own, shared.get(&customer)) {
                commodities[at].items.push((item, units));
                commodities[at].demand += units;
                continue;
            }
            if !is_own {
                shared.insert(customer, commodities.len());
            }
            let lanes = lanes_of(customer, &item);
            let penalty = penalty[customer];
            commodities.push(Commodity { customer, items: vec![(item, units)], demand: units, lanes, penalty });
        }
        Bucket { period, commodities }
    };
    Ok(sums.into_iter().map(group).collect())
}

fn check_size(buckets: &[Bucket], ways: &[Way]) -> Result<(), DispatchError> {
    let variables: usize = buckets.iter().flat_map(|b| &b.commodities).map(|c| 2 * c.lanes.len() + 1).sum();
    if variables > MOST_VARIABLES {
        return Err(DispatchError::Invalid(text!(
            "The dispatch problem has {variables} variables, more than {MOST_VARIABLES}; plan fewer periods or drop \
             lanes that are never used",
            "调拨问题有 {variables} 个变量，超过上限 {MOST_VARIABLES}；请减少期数或删去用不到的运输线"
        )));
    }
    for commodity in buckets.iter().flat_map(|b| &b.commodities) {
        for truck in commodity.lanes.iter().filter_map(|&l| ways[l].truck.as_ref()) {
            let (trips, capacity) = (commodity.demand / truck.capacity, truck.capacity);
            if trips.min(truck.max_trips) > MOST_TRIPS {
                return Err(DispatchError::Invalid(text!(
                    "A vehicle of capacity {capacity} would need {trips:.0} trips for one customer and period; check \
                     the unit of its capacity",
                    "容量为 {capacity} 的车辆单个客户单期就需要 {trips:.0} 趟，请检查容量的单位"
                )));
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    NotNegative,
    Positive,
}

fn check(value: f64, what: &Text, sign: Sign) -> Result<(), DispatchError> {
    let low = if sign == Sign::Positive { value > 0.0 } else { value >= 0.0 };
    if low && value <= LARGEST_NUMBER {
        return Ok(());
    }
    let (en, zh) = (&what.en, &what.zh);
    let (need_en, need_zh) = match sign {
        Sign::Positive => ("above 0", "大于 0"),
        Sign::NotNegative => ("0 or more", "不小于 0"),
    };
    Err(DispatchError::Invalid(Text::new(
        format!("{en} is {value}; enter a number {need_en} and at most {LARGEST_NUMBER:e}"),
        format!("{zh}为 {value}，请输入{need_zh}且不超过 {LARGEST_NUMBER:e} 的数"),
    )))
}

fn check_numbers(network: &Network) -> Result<(), DispatchError> {
    use Sign::{NotNegative, Positive};
    for site in &network.sites {
        let id = &site.id;
        check(site.handling_cost, &text!("Handling cost of site {id}", "仓库 {id} 的操作费"), NotNegative)?;
        check(site.capacity.unwrap_or(0.0), &text!("Capacity of site {id}", "仓库 {id} 的能力"), NotNegative)?;
    }
    for customer in &network.customers {
        let id = &customer.id;
        let what = text!("Unmet cost of customer {id}", "客户 {id} 的缺货成本");
        check(customer.unmet_cost.unwrap_or(0.0), &what, NotNegative)?;
    }
    for lane in &network.lanes {
        let (from, to) = (&lane.from, &lane.to);
        check(
            lane.unit_cost,
            &text!("Unit cost of lane {from} → {to}", "运输线 {from} → {to} 的单位成本"),
            NotNegative,
        )?;
        let capacity = lane.capacity.unwrap_or(0.0);
        check(capacity, &text!("Capacity of lane {from} → {to}", "运输线 {from} → {to} 的能力"), NotNegative)?;
        let distance = lane.distance_km.unwrap_or(0.0);
        check(distance, &text!("Distance of lane {from} → {to}", "运输线 {from} → {to} 的里程"), NotNegative)?;
    }
    for vehicle in &network.vehicles {
        let id = &vehicle.id;
        check(vehicle.capacity, &text!("Capacity of vehicle {id}", "车型 {id} 的容量"), Positive)?;
        check(vehicle.trip_cost, &text!("Trip cost of vehicle {id}", "车型 {id} 的单趟成本"), NotNegative)?;
        check(vehicle.cost_per_km, &text!("Cost per km of vehicle {id}", "车型 {id} 的每公里成本"), NotNegative)?;
        let trips = vehicle.max_trips.unwrap_or(0.0);
        check(trips, &text!("Most trips of vehicle {id}", "车型 {id} 的最多趟数"), NotNegative)?;
    }
    Ok(())
}
