//! What one more unit is worth: shadow prices and reduced costs as one-sided derivatives.
//!
//! In the residual graph of a cheapest flow, the cheapest path from the source to a demand is what one more unit of it
//! costs; the cheapest cycle through a full edge is what one more unit of its capacity saves; the cheapest cycle through
//! an unused lane is what forcing a unit onto it costs (Ahuja, Magnanti and Orlin 1993, *Network Flows*, §9.2). Where
//! the optimal dual is unique these are its values; where it isn't, they are the ones that "one more unit" means.

use super::conflict::amount;
use super::frame::Bucket;
use super::graph::{Measure, SOURCE};
use super::transport::{Part, Transport};
use crate::control::{Cancelled, Control};
use crate::model::{Limit, ReducedCost, ShadowPrice};
use crate::text;
use crate::words::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most shadow prices and most reduced costs that a plan lists: the dearest and the cheapest ones.
pub const MOST_PRICES: usize = 10_000;

/// A price below this share of the dearest lane is rounding.
const PRICE_NOISE: f64 = 1e-9;

/// Prices of one period.
#[derive(Debug, Default)]
pub(super) struct Prices {
    pub(super) shadow: Vec<ShadowPrice>,
    pub(super) reduced: Vec<ReducedCost>,
}

/// All prices of a cheapest flow.
pub(super) fn prices(
    part: &Part<'_>,
    bucket: &Bucket,
    flow: &Transport,
    control: &Control,
) -> Result<Prices, Cancelled> {
    let mut prices = Prices { shadow: demand_prices(part, bucket, flow, control)?, reduced: Vec::new() };
    let least = noise(part, flow);
    let to_source = flow.graph.distances(SOURCE, Measure::To, control)?;
    let mut lanes_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &lane in flow.entries.keys() {
        lanes_of.entry(part.frame.ways[lane].site).or_default().push(lane);
    }
    let mut routes_of: BTreeMap<usize, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for &(k, lane, edge) in &flow.routes {
        routes_of.entry(part.frame.ways[lane].site).or_default().push((k, lane, edge));
    }
    for (&site, &(node, edge)) in &flow.sites {
        control.check()?;
        if !flow.graph.has_room(edge) {
            prices.shadow.extend(site_price(part, bucket, flow, site, -to_source[node]));
        }
        let to_site = flow.graph.distances(node, Measure::To, control)?;
        for &lane in &lanes_of[&site] {
            prices.shadow.extend(lane_price(part, bucket, flow, lane, &to_site));
        }
        for &(k, lane, route) in &routes_of[&site] {
            prices.reduced.extend(reduced_cost(part, bucket, flow, (k, lane, route), &to_site, least));
        }
    }
    prices.shadow.retain(|p| p.price > least);
    sort(&mut prices.shadow, &mut prices.reduced);
    Ok(prices)
}

/// Dearest shadow prices and cheapest reduced costs first, and no more than [`MOST_PRICES`] of either.
pub(super) fn sort(shadow: &mut Vec<ShadowPrice>, reduced: &mut Vec<ReducedCost>) {
    shadow.sort_by(|a, b| {
        b.price.total_cmp(&a.price).then_with(|| a.period.cmp(&b.period)).then_with(|| a.limit.cmp(&b.limit))
    });
    shadow.truncate(MOST_PRICES);
    reduced.sort_by(|a, b| {
        let order = a.cost.total_cmp(&b.cost).then_with(|| a.period.cmp(&b.period));
        order.then_with(|| a.lane.cmp(&b.lane)).then_with(|| a.item.cmp(&b.item))
    });
    reduced.truncate(MOST_PRICES);
}

/// Costs nearer than this are the same.
pub(super) fn noise(part: &Part<'_>, flow: &Transport) -> f64 {
    let dearest = flow.entries.values().map(|&e| flow.graph.edges[e].cost).fold(0.0, f64::max);
    let penalty = part.commodities.iter().map(|c| c.penalty).fold(0.0, f64::max);
    // sums of penalties and costs carry the rounding of the larger one
    (PRICE_NOISE * dearest).max(1e-14 * penalty).max(f64::MIN_POSITIVE)
}

fn demand_prices(
    part: &Part<'_>,
    bucket: &Bucket,
    flow: &Transport,
    control: &Control,
) -> Result<Vec<ShadowPrice>, Cancelled> {
    let from_source = flow.graph.distances(SOURCE, Measure::From, control)?;
    let mut met = vec![0.0; part.commodities.len()];
    for &(k, _, edge) in &flow.routes {
        met[k] += flow.graph.edges[edge].flow;
    }
    let price = |(k, used): (usize, f64)| {
        let commodity = part.commodities[k];
        let price = from_source[flow.sinks[k]];
        let customer = &part.frame.network.customers[commodity.customer];
        let (name, item, period, cost) = (&customer.name, shared_item(&commodity.items), bucket.period, money(price));
        let sentence = if item.is_empty() {
            text!(
                "Customer {name}: one more unit in {period} costs {cost}",
                "客户 {name}：{period} 每增加 1 单位需求增加成本 {cost}"
            )
        } else {
            text!(
                "Customer {name}: one more unit of {item} in {period} costs {cost}",
                "客户 {name}：{period} 商品 {item} 每增加 1 单位需求增加成本 {cost}"
            )
        };
        let limit = Limit::Demand { customer: customer.id.clone(), item };
        // without a residual path one more unit couldn't be met at any price
        price.is_finite().then(|| entry(limit, bucket, price, used, commodity.demand, sentence))
    };
    Ok(met.into_iter().enumerate().filter_map(price).collect())
}

fn site_price(part: &Part<'_>, bucket: &Bucket, flow: &Transport, site: usize, saving: f64) -> Option<ShadowPrice> {
    let edge = &flow.graph.edges[flow.sites[&site].1];
    let (site, period, saved) = (&part.frame.network.sites[site], bucket.period, money(saving));
    let name = &site.name;
    let sentence = text!(
        "Site {name}: one more unit of capacity in {period} saves {saved}",
        "仓库 {name}：{period} 每增加 1 单位能力可节省 {saved}"
    );
    let limit = Limit::Site(site.id.clone());
    saving.is_finite().then(|| entry(limit, bucket, saving, edge.flow, edge.capacity, sentence))
}

/// A lane's price is its own capacity's; a lane that is full because its trips are has none.
fn lane_price(part: &Part<'_>, bucket: &Bucket, flow: &Transport, lane: usize, to_site: &[f64]) -> Option<ShadowPrice> {
    let capacity = part.frame.ways[lane].capacity;
    let edge = flow.entries[&lane];
    if !flow.own_limits.contains(&lane) || flow.graph.has_room(edge) {
        return None;
    }
    let edge = &flow.graph.edges[edge];
    let saving = -(edge.cost + to_site[edge.to]);
    let (name, period, saved) = (part.frame.lane_name(lane), bucket.period, money(saving));
    let sentence = text!(
        "Lane {name}: one more unit of capacity in {period} saves {saved}",
        "运输线 {name}：{period} 每增加 1 单位能力可节省 {saved}"
    );
    saving.is_finite().then(|| entry(Limit::Lane(lane), bucket, saving, edge.flow, capacity, sentence))
}

fn reduced_cost(
    part: &Part<'_>,
    bucket: &Bucket,
    flow: &Transport,
    (k, lane, route): (usize, usize, usize),
    to_site: &[f64],
    least: f64,
) -> Option<ReducedCost> {
    let entry = &flow.graph.edges[flow.entries[&lane]];
    let edge = &flow.graph.edges[route];
    if flow.graph.is_used(route) || edge.capacity <= 0.0 || entry.capacity <= 0.0 {
        return None;
    }
    // a lane node stands between its entry and its customers: their edges cost nothing, the entry has the price
    let cost = edge.cost.max(entry.cost) + to_site[flow.sinks[k]];
    let item = shared_item(&part.commodities[k].items);
    let cost = if cost <= least { 0.0 } else { cost };
    cost.is_finite().then_some(ReducedCost { lane, item, period: bucket.period, cost })
}

fn entry(limit: Limit, bucket: &Bucket, price: f64, used: f64, available: f64, sentence: Text) -> ShadowPrice {
    ShadowPrice { limit, period: bucket.period, price: price.max(0.0), used, available, sentence }
}

/// The item's code, or nothing where the line stands for several items that the model doesn't tell apart.
fn shared_item(items: &[(Arc<str>, f64)]) -> Arc<str> {
    match items {
        [(only, _)] => only.clone(),
        _ => "".into(),
    }
}

/// Money in words: two decimals, more for small amounts.
fn money(value: f64) -> String {
    if value >= 1.0 {
        return format!("{value:.2}");
    }
    let exact = amount(value);
    if exact.len() >= "0.00".len() { exact } else { format!("{value:.2}") }
}
