//! Goods: what is expected to arrive and to be delivered, period by period.

use crate::model::{DispatchPlan, Forecast, Item, Network, SeriesId, ShortageRule, StockPlan};
use std::collections::BTreeMap;

/// No quantity is larger, so that nonsense in a file doesn't become infinity in a plan.
const LARGEST: f64 = 1e15;
/// Lengths this close to a whole number of periods are whole, as in the stock plan.
const WHOLE: f64 = 1e-6;

/// Units that arrive in each period, orders on their way included; and the period in which those arrive.
pub(super) fn receipts(item: &Item, stock: &StockPlan, periods: usize) -> (Vec<f64>, i64) {
    let mut arriving = vec![0.0; periods];
    let mut put = |period: i64, quantity: f64| {
        if let Some(sum) = usize::try_from(period).ok().and_then(|h| arriving.get_mut(h)) {
            *sum += units(quantity);
        }
    };
    for order in &stock.orders {
        put(order.receipt_period.since(stock.start), order.quantity);
    }
    let under_way = arrival(item, stock);
    put(under_way, item.on_order);
    (arriving, under_way)
}

/// The period in which what is on order arrives: after one mean lead time, rounded up to whole periods. A lead time
/// shorter than a period ends within it under continuous review.
fn arrival(item: &Item, stock: &StockPlan) -> i64 {
    let period = stock.start.frequency().days();
    let (lead, review) = (units(item.lead_time_days) / period, units(item.review_period_days) / period);
    if lead < 1.0 - WHOLE && review < 1.0 - WHOLE {
        return 0;
    }
    (lead - WHOLE).ceil().clamp(0.0, 1e6) as i64
}

/// Units expected to be delivered in each period.
///
/// Demand at the forecast mean takes what is there: the periods in which the plan itself runs out sell less. Uncertainty
/// takes the rest: where shortages are lost, all periods alike are scaled so that the horizon delivers the simulated fill
/// rate's share of demand. Where they wait, they are delivered when goods arrive. What arrives within a period is there in
/// its morning.
pub(super) fn deliveries(
    forecast: &Forecast,
    item: &Item,
    stock: &StockPlan,
    receipts: &[f64],
    shortage: ShortageRule,
) -> Vec<f64> {
    let demand: Vec<f64> = forecast.mean.iter().map(|d| units(*d)).collect();
    let mut on_hand = units(item.on_hand);
    let mut waiting = if shortage == ShortageRule::Backorder { units(-item.on_hand) } else { 0.0 };
    let deliver = |(wanted, arriving): (&f64, &f64)| {
        on_hand += arriving;
        let wanted = wanted + waiting;
        let delivered = wanted.min(on_hand);
        on_hand -= delivered;
        if shortage == ShortageRule::Backorder {
            waiting = wanted - delivered;
        }
        delivered
    };
    let mut sold: Vec<f64> = demand.iter().zip(receipts).map(deliver).collect();
    let (total, planned) = (demand.iter().sum::<f64>(), sold.iter().sum::<f64>());
    if shortage == ShortageRule::LostSales && planned > 0.0 && stock.fill_rate.is_finite() {
        let share = (total * stock.fill_rate.clamp(0.0, 1.0) / planned).min(1.0);
        for units in &mut sold {
            *units *= share;
        }
    }
    sold
}

/// Takes what the dispatch plan can't ship off what is delivered: a customer that gets nothing pays nothing.
pub(super) fn withhold(
    sold: &mut [Vec<f64>],
    ids: &[&SeriesId],
    starts: &[&Forecast],
    plan: &DispatchPlan,
    network: &Network,
) {
    let mut by_item: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (k, id) in ids.iter().enumerate() {
        by_item.entry(&id.item).or_default().push(k);
    }
    let all: Vec<usize> = (0..ids.len()).collect();
    for unmet in &plan.unmet {
        let of_item = if unmet.item.is_empty() { Some(&all) } else { by_item.get(&*unmet.item) };
        let Some(of_item) = of_item else { continue };
        let place = network.customer(&unmet.customer).map_or("", |c| &*c.location);
        let there: Vec<usize> = of_item.iter().copied().filter(|k| *ids[*k].location == *place).collect();
        let among = if there.is_empty() { of_item } else { &there };
        let step = |k: usize| {
            let start = starts[k].start;
            let same = start.frequency() == unmet.period.frequency();
            same.then(|| usize::try_from(unmet.period.since(start)).ok()).flatten().filter(|h| *h < sold[k].len())
        };
        let places: Vec<(usize, usize)> = among.iter().filter_map(|k| Some((*k, step(*k)?))).collect();
        let available: f64 = places.iter().map(|(k, h)| sold[*k][*h]).sum();
        if available > 0.0 {
            let left = 1.0 - (units(unmet.quantity) / available).min(1.0);
            for (k, h) in places {
                sold[k][h] *= left;
            }
        }
    }
}

/// A quantity that can be computed with.
pub(super) fn units(x: f64) -> f64 {
    if x > 0.0 { x.min(LARGEST) } else { 0.0 }
}
