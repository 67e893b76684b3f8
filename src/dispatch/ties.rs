//! Other plans at the same cost, named.

use super::conflict::amount;
use super::frame::{Bucket, Way};
use super::graph::Step;
use super::prices::noise;
use super::transport::{Part, Transport};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;

/// A sentence that names another plan of the same cost, when one is found. With relaxed trips the search is complete; of
/// whole trips it tries every move of one trip from a lane to another of the same customer.
pub(super) fn find(part: &Part<'_>, bucket: &Bucket, flow: &Transport, trips: &BTreeMap<usize, f64>) -> Option<Text> {
    let tolerance = noise(part, flow);
    let by_flow = flow.graph.free_cycle(tolerance).map(|steps| name_cycle(part, bucket, flow, &steps));
    by_flow.or_else(|| moved_trip(part, bucket, flow, trips, tolerance)).or_else(|| swapped_items(part, bucket, flow))
}

fn name_cycle(part: &Part<'_>, bucket: &Bucket, flow: &Transport, steps: &[(usize, Step)]) -> Text {
    let room = |&(edge, step): &(usize, Step)| {
        let e = &flow.graph.edges[edge];
        if step == Step::More { e.capacity - e.flow } else { e.flow }
    };
    let units = amount(steps.iter().map(room).fold(f64::INFINITY, f64::min));
    let lane_of: BTreeMap<usize, usize> = flow.routes.iter().map(|&(_, lane, edge)| (edge, lane)).collect();
    let first = |wanted: Step| {
        let on = |&&(_, step): &&(usize, Step)| step == wanted;
        steps.iter().filter(on).find_map(|(edge, _)| lane_of.get(edge)).map(|&lane| part.frame.lane_name(lane))
    };
    let period = bucket.period;
    match (first(Step::Less), first(Step::More)) {
        (Some(from), Some(to)) => text!(
            "Another plan costs the same: in {period} up to {units} units can move from {from} to {to}",
            "另有同样成本的计划：{period} 最多 {units} 单位可从 {from} 改走 {to}"
        ),
        (Some(lane), None) | (None, Some(lane)) => text!(
            "Another plan costs the same: in {period} meeting up to {units} units over {lane} costs as much as leaving \
             them unmet",
            "另有同样成本的计划：{period} 经 {lane} 满足最多 {units} 单位与不满足的成本相同"
        ),
        (None, None) => {
            text!("Another plan of {period} costs the same", "{period} 另有同样成本的计划")
        }
    }
}

/// Moves the last trip of a lane to another lane of its customer.
fn moved_trip(
    part: &Part<'_>,
    bucket: &Bucket,
    flow: &Transport,
    trips: &BTreeMap<usize, f64>,
    tolerance: f64,
) -> Option<Text> {
    let loads = flow.lane_loads();
    let mut site_loads: BTreeMap<usize, f64> = BTreeMap::new();
    for (&lane, load) in &loads {
        *site_loads.entry(part.frame.ways[lane].site).or_default() += load;
    }
    let mut lanes_to: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (lane, _) in part.lanes() {
        lanes_to.entry(part.frame.ways[lane].customer).or_default().push(lane);
    }
    let load = |lane: usize| loads.get(&lane).copied().unwrap_or(0.0);
    for (&from, &count) in trips {
        let (way, item) = (&part.frame.ways[from], &part.frame.network.lanes[from].item);
        let Some(truck) = &way.truck else { continue };
        let moved = load(from) - (count - 1.0) * truck.capacity;
        if moved <= 0.0 {
            continue;
        }
        for &to in lanes_to[&way.customer].iter().filter(|&&to| to != from) {
            let (other, only) = (&part.frame.ways[to], &part.frame.network.lanes[to].item);
            let site_room = part.site_capacity[other.site] - site_loads.get(&other.site).copied().unwrap_or(0.0);
            let fits = load(to) + moved <= other.most() && (other.site == way.site || moved <= site_room);
            let carries = only.is_empty() || only == item;
            let change = trip_cost(other, load(to) + moved) - trip_cost(other, load(to)) - truck.trip_cost
                + moved * (other.unit_cost - way.unit_cost);
            if fits && carries && change.abs() <= tolerance.max(1e-9 * truck.trip_cost) {
                let (period, units) = (bucket.period, amount(moved));
                let (from, to) = (part.frame.lane_name(from), part.frame.lane_name(to));
                return Some(text!(
                    "Another plan costs the same: in {period} a trip with {units} units can move from {from} to {to}",
                    "另有同样成本的计划：{period} 一趟 {units} 单位可从 {from} 改走 {to}"
                ));
            }
        }
    }
    None
}

fn trip_cost(way: &Way, units: f64) -> f64 {
    way.truck.as_ref().map_or(0.0, |t| t.trip_cost * t.trips_for(units))
}

/// A customer who gets several items over several ways can have them swapped.
fn swapped_items(part: &Part<'_>, bucket: &Bucket, flow: &Transport) -> Option<Text> {
    let mut ways = vec![0_usize; part.commodities.len()];
    for &(k, _, edge) in &flow.routes {
        ways[k] += usize::from(flow.graph.is_used(edge));
    }
    for (k, shortage) in flow.shortages.iter().enumerate() {
        ways[k] += usize::from(shortage.is_some_and(|edge| flow.graph.is_used(edge)));
    }
    let found = (0..ways.len()).find(|&k| ways[k] > 1 && part.commodities[k].items.len() > 1)?;
    let (customer, period) = (&part.frame.network.customers[part.commodities[found].customer].id, bucket.period);
    Some(text!(
        "Another plan costs the same: in {period} the items of {customer} can be divided among its lanes differently",
        "另有同样成本的计划：{period} 客户 {customer} 的各商品可在其运输线间另行分配"
    ))
}
