//! Periods → one plan: units divided among items, costs added up, notes written.

use super::audit::Audit;
use super::frame::{Bucket, Commodity, Frame};
use super::period::PeriodPlan;
use super::{Options, TripRule, prices};
use crate::model::{DispatchPlan, Shipment, SiteLoad, SolveStatus, Trips, Unmet};
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Ties and conflicts named in a plan; the rest are counted.
const NAMED: usize = 20;

/// A unit's fraction that bookkeeping can't see, relative to the demand it belongs to.
const CRUMB: f64 = 1e-9;

/// The plan of all periods.
pub(super) fn assemble(frame: &Frame<'_>, options: &Options, periods: Vec<PeriodPlan>) -> DispatchPlan {
    let conflicts = named(periods.iter().filter_map(|p| p.conflict.clone()).collect());
    if !conflicts.is_empty() {
        return infeasible(conflicts);
    }
    let (mut shipments, mut trips) = (Vec::new(), Vec::new());
    let (mut shadow, mut reduced, mut ties) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bound, mut is_proven) = (0.0, true);
    for (bucket, plan) in frame.buckets.iter().zip(periods) {
        shipments.extend(divide(frame, bucket, &plan.units));
        trips.extend(plan.trips.iter().map(|(&lane, &count)| {
            let trip_cost = frame.ways[lane].truck.as_ref().map_or(0.0, |t| t.trip_cost);
            Trips { lane, period: bucket.period, count, trip_cost }
        }));
        shadow.extend(plan.prices.shadow);
        reduced.extend(plan.prices.reduced);
        ties.extend(plan.tie);
        bound += plan.bound;
        is_proven &= plan.proven;
    }
    prices::sort(&mut shadow, &mut reduced);
    let audit = Audit::new(frame, options, &shipments, &trips);
    let objective = audit.cost();
    let has_alternatives = is_proven && !ties.is_empty();
    DispatchPlan {
        status: if is_proven { SolveStatus::Optimal } else { SolveStatus::TimeLimit },
        objective,
        bound: if is_proven { objective } else { bound.min(objective) },
        unmet: unmet(frame, &audit),
        loads: loads(frame, &audit),
        notes: notes(options, &trips, if has_alternatives { ties } else { Vec::new() }, &audit),
        shipments,
        trips,
        prices: shadow,
        reduced_costs: reduced,
        has_alternatives,
        conflicts: Vec::new(),
    }
}

fn infeasible(conflicts: Vec<Text>) -> DispatchPlan {
    DispatchPlan {
        status: SolveStatus::Infeasible,
        objective: 0.0,
        bound: 0.0,
        shipments: Vec::new(),
        trips: Vec::new(),
        unmet: Vec::new(),
        loads: Vec::new(),
        prices: Vec::new(),
        reduced_costs: Vec::new(),
        has_alternatives: false,
        conflicts,
        notes: Vec::new(),
    }
}

/// Divides each commodity's units among its items, lanes and items in order, and sorts by site, customer, item, lane.
fn divide(frame: &Frame<'_>, bucket: &Bucket, units: &[(usize, usize, f64)]) -> Vec<Shipment> {
    let mut shipments = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let k = units[at].0;
        let end = at + units[at..].iter().take_while(|u| u.0 == k).count();
        for (lane, item, quantity) in portions(&bucket.commodities[k], &units[at..end]) {
            let (from, to) = (&frame.network.lanes[lane].from, &frame.network.lanes[lane].to);
            shipments.push(Shipment {
                lane,
                from: from.clone(),
                to: to.clone(),
                item,
                period: bucket.period,
                quantity,
                unit_cost: frame.ways[lane].unit_cost,
            });
        }
        at = end;
    }
    let key = |s: &Shipment| (frame.ways[s.lane].site, frame.ways[s.lane].customer, s.item.clone(), s.lane);
    shipments.sort_by_cached_key(key);
    shipments
}

/// The north-west corner rule: at most lanes + items − 1 portions.
fn portions(commodity: &Commodity, units: &[(usize, usize, f64)]) -> Vec<(usize, Arc<str>, f64)> {
    let crumb = CRUMB * commodity.demand;
    let mut portions = Vec::new();
    let mut items = commodity.items.iter();
    let mut item = items.next().map(|(code, want)| (code, *want));
    for &(_, lane, sent) in units {
        let mut left = sent;
        while let Some((code, want)) = item {
            if left <= crumb {
                break;
            }
            // a difference in the last digit would leave a crumb as a shipment or as unmet demand
            let portion = if (want - left).abs() <= crumb { want } else { left.min(want) };
            portions.push((lane, code.clone(), portion));
            left -= portion;
            item = if want - portion <= 0.0 {
                items.next().map(|(code, want)| (code, *want))
            } else {
                Some((code, want - portion))
            };
        }
    }
    portions
}

fn unmet(frame: &Frame<'_>, audit: &Audit) -> Vec<Unmet> {
    let line = |(key, &quantity): (&(crate::model::Period, usize, Arc<str>), &f64)| {
        let customer = &frame.network.customers[key.1];
        let unit_cost = frame.network.unmet_cost(customer);
        Unmet { customer: customer.id.clone(), item: key.2.clone(), period: key.0, quantity, unit_cost }
    };
    audit.unmet.iter().map(line).collect()
}

fn loads(frame: &Frame<'_>, audit: &Audit) -> Vec<SiteLoad> {
    let line = |bucket: &Bucket| {
        let period = bucket.period;
        let load = move |(at, site): (usize, &crate::model::Site)| SiteLoad {
            site: site.id.clone(),
            period,
            load: audit.site_loads.get(&(period, at)).copied().unwrap_or(0.0),
            capacity: site.capacity,
        };
        frame.network.sites.iter().enumerate().map(load).collect::<Vec<_>>()
    };
    frame.buckets.iter().flat_map(line).collect()
}

fn notes(options: &Options, trips: &[Trips], ties: Vec<Text>, audit: &Audit) -> Vec<Text> {
    let mut notes = named(ties);
    if options.trips == TripRule::Whole && !trips.is_empty() {
        notes.push(text!(
            "Trips are whole; shadow prices hold with the trips as planned",
            "车次取整；影子价格以计划车次不变为前提"
        ));
    }
    if !audit.unmet.is_empty() {
        let (units, cost) = (audit.unmet.values().sum::<f64>(), audit.penalty);
        notes.push(text!(
            "{units:.2} units stay unmet at a penalty of {cost:.2}",
            "有 {units:.2} 单位未满足，缺货成本 {cost:.2}"
        ));
    }
    notes
}

fn named(mut sentences: Vec<Text>) -> Vec<Text> {
    let more = sentences.len().saturating_sub(NAMED);
    sentences.truncate(NAMED);
    if more > 0 {
        sentences.push(text!("The same in {more} more periods", "另有 {more} 期情况相同"));
    }
    sentences
}
