//! Why demand can't be met, from the least cut that the flow ran into.
//!
//! When a demand can't be sent, the nodes that still reach it in the residual graph form a set that no more goods can
//! enter: every way in is full, none leads out (Ford and Fulkerson 1956, "Maximal flow through a network"). The demand
//! inside is more than all ways in together can bring, and that is the sentence.

use super::frame::Bucket;
use super::transport::{Part, Transport};
use crate::text;
use crate::words::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Names listed in a sentence before "and n more".
const NAMES: usize = 5;

/// The sentence for a blocked flow.
pub(super) fn explain(part: &Part<'_>, bucket: &Bucket, flow: &Transport, blocked: &[usize]) -> Text {
    let inside: BTreeSet<usize> = blocked.iter().copied().collect();
    let demands: Vec<usize> = (0..part.commodities.len()).filter(|&k| inside.contains(&flow.sinks[k])).collect();
    let demand: f64 = demands.iter().map(|&k| part.commodities[k].demand).sum();
    let customers: BTreeSet<usize> = demands.iter().map(|&k| part.commodities[k].customer).collect();
    let who = list(customers.iter().map(|&c| part.frame.network.customers[c].id.to_string()).collect());
    let (period, demand) = (bucket.period, amount(demand));
    if demands.iter().all(|&k| part.commodities[k].lanes.is_empty()) {
        let items = demands.iter().flat_map(|&k| &part.commodities[k].items).map(|(item, _)| item.to_string());
        let items: Vec<String> = items.filter(|i| !i.is_empty()).collect();
        let (of_en, of_zh) = if items.is_empty() {
            (String::new(), String::new())
        } else {
            let items = list(items);
            (format!(" of {}", items.en), format!("（商品 {}）", items.zh))
        };
        let (en, zh) = (&who.en, &who.zh);
        return Text::new(
            format!(
                "Customer {en} wants {demand} units{of_en} in {period}, but no lane brings them; add a lane or allow unmet demand"
            ),
            format!("客户 {zh} 在 {period} 需要 {demand} 单位{of_zh}，但没有可用的运输线；请增加运输线或允许缺货"),
        );
    }
    let ways = ways_in(part, flow, &inside);
    let most: f64 = ways.values().sum();
    let (most, en, zh) = (amount(most), &who.en, &who.zh);
    let limits = list(ways.into_iter().map(|(name, units)| format!("{name} {}", amount(units))).collect());
    let (limits_en, limits_zh) = (&limits.en, &limits.zh);
    Text::new(
        format!(
            "Demand of {en} in {period} is {demand} units, but at most {most} can reach them ({limits_en}); raise a \
             capacity, add a lane or allow unmet demand"
        ),
        format!(
            "客户 {zh} 在 {period} 的需求为 {demand} 单位，但最多只能送达 {most}（{limits_zh}）；请提高能力、增加运输线或允许缺货"
        ),
    )
}

/// The full ways into the set, by name: sites inside it, lanes from sites outside it.
fn ways_in(part: &Part<'_>, flow: &Transport, inside: &BTreeSet<usize>) -> BTreeMap<String, f64> {
    let mut ways = BTreeMap::new();
    for (&site, &(node, edge)) in &flow.sites {
        if inside.contains(&node) {
            ways.insert(part.frame.network.sites[site].id.to_string(), flow.graph.edges[edge].capacity);
        }
    }
    for (&lane, &entry) in &flow.entries {
        let edge = &flow.graph.edges[entry];
        if !inside.contains(&edge.from) && inside.contains(&edge.to) {
            *ways.entry(part.frame.lane_name(lane)).or_default() += edge.capacity;
        }
    }
    ways
}

/// "A, B, C and 4 more".
fn list(mut names: Vec<String>) -> Text {
    names.dedup();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let (en, zh) = (names.join(", "), names.join("、"));
    if more == 0 { Text::new(en, zh) } else { text!("{en} and {more} more", "{zh} 等（另有 {more} 个）") }
}

/// A quantity without trailing zeros, at most three decimals.
pub(super) fn amount(units: f64) -> String {
    let text = format!("{units:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
