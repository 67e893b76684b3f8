//! The orders that the plan proposes: what happens when demand is the forecast mean.

use super::decide::Decision;
use super::explain_order;
use super::simulate::{Levels, PeriodEnd, Setting, Walk, Watch, level_at, whole_steps};
use crate::model::{Forecast, Frequency, Item, OrderDays, Period, PlannedOrder};
use jiff::ToSpan;
use jiff::civil::Date;

/// An order as the walk along the forecast mean met it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proposed {
    /// Period of the order, from 0.
    pub period: usize,
    /// Period of the receipt, from 0; may lie beyond the horizon.
    pub receipt: usize,
    /// True when stock was at or below the reorder point from the start.
    pub opening: bool,
    /// Inventory position that triggered it, units.
    pub position: f64,
    /// Units.
    pub quantity: f64,
    /// The levels by which it was ordered.
    pub levels: Levels,
}

/// What happens when demand is the forecast mean.
pub(super) struct Proposal<'a> {
    steps: usize,
    levels: &'a [Levels],
    pub(super) orders: Vec<Proposed>,
    /// Stock at the end of each period, units.
    pub(super) projected: Vec<f64>,
    /// Units short per period.
    pub(super) short: Vec<f64>,
}

impl Watch for Proposal<'_> {
    fn order(&mut self, step: usize, arrival: usize, position: f64, quantity: f64) {
        let opening = step == 0 && self.orders.is_empty();
        let (period, receipt) = (step / self.steps, arrival / self.steps);
        // The opening review comes before the first period, any other is told by its own levels.
        let at = level_at(self.levels.len(), if opening { 0 } else { step + 1 }, self.steps);
        let levels = self.levels.get(at).copied().unwrap_or(Levels::CLOSED);
        self.orders.push(Proposed { period, receipt, opening, position, quantity, levels });
    }

    fn period(&mut self, _period: usize, end: &PeriodEnd) {
        self.projected.push(end.net);
        self.short.push(end.short);
    }
}

/// Walks along the forecast mean.
pub(super) fn propose<'a>(forecast: &Forecast, levels: &'a [Levels], setting: &Setting) -> Proposal<'a> {
    propose_along(&forecast.mean, levels, setting)
}

/// As [`propose`], along any demand.
pub(super) fn propose_along<'a>(mean: &[f64], levels: &'a [Levels], setting: &Setting) -> Proposal<'a> {
    let steps = setting.steps_per_period;
    let (orders, projected, short) = (Vec::new(), Vec::new(), Vec::new());
    let mut proposal = Proposal { steps, levels, orders, projected, short };
    let lead = whole_steps(setting.lead_periods * steps as f64);
    Walk::new(levels, setting, mean.len()).run(mean.iter().copied(), |_| lead, &mut proposal);
    proposal
}

/// The period in which the units under way at the start arrive.
fn opening_arrival(setting: &Setting) -> usize {
    whole_steps(setting.lead_periods * setting.steps_per_period as f64) / setting.steps_per_period
}

impl Proposal<'_> {
    /// Units under way at the end of each period.
    pub(super) fn in_transit(&self, setting: &Setting) -> Vec<f64> {
        let arrival = opening_arrival(setting);
        // Orders stand in the order of their receipts, too: along the mean all lead times are one.
        let (mut placed, mut received, mut units) = (0, 0, 0.0);
        let under_way = |t: usize| {
            while let Some(order) = self.orders.get(placed).filter(|o| o.period <= t) {
                units += order.quantity;
                placed += 1;
            }
            while let Some(order) = self.orders.get(received).filter(|o| o.receipt <= t && received < placed) {
                units -= order.quantity;
                received += 1;
            }
            // What came and went leaves rounding behind.
            let own = if placed == received { 0.0 } else { units.max(0.0) };
            own + if t < arrival { setting.on_order.max(0.0) } else { 0.0 }
        };
        (0..self.projected.len()).map(under_way).collect()
    }

    /// For each order the first period in which demand finds no stock on the forecast mean when that order and those after
    /// it never come. A later order has a later one, so one pass finds all.
    fn breaches(&self, forecast: &Forecast, setting: &Setting) -> Vec<Option<usize>> {
        let arrival = opening_arrival(setting);
        let mut bare = setting.on_hand;
        let alone = forecast.mean.iter().enumerate().map(|(t, d)| {
            let d = d.max(0.0);
            let arrived = if t == arrival { setting.on_order.max(0.0) } else { 0.0 };
            bare += arrived - d;
            (bare, -SHORT_SHARE * d.max(1.0))
        });
        let alone: Vec<(f64, f64)> = alone.collect();
        let mut before = vec![0.0];
        before.extend(self.orders.iter().scan(0.0, |sum, order| {
            *sum += order.quantity;
            Some(*sum)
        }));
        let (mut t, mut received) = (0, 0);
        let first = |k: usize| {
            while let Some((stock, least)) = alone.get(t) {
                received += self.orders[received..].iter().take_while(|o| o.receipt <= t).count();
                if stock + before[received.min(k)] < *least {
                    break;
                }
                t += 1;
            }
            (t < alone.len()).then_some(t)
        };
        (0..self.orders.len()).map(first).collect()
    }
}

/// The orders as they are proposed: dated, with supplier and reason.
pub(super) fn planned_orders(
    forecast: &Forecast,
    item: &Item,
    decision: &Decision,
    proposal: &Proposal<'_>,
) -> Vec<PlannedOrder> {
    let lead_days = (decision.inputs.lead * decision.inputs.period_days).round();
    let order = |(o, breach): (&Proposed, Option<usize>)| {
        let order_period = forecast.start.plus(o.period as i64);
        let order_date = order_day(order_period, o.opening, item.order_days);
        let receipt_date = order_date.and_then(|day| day.checked_add((lead_days as i64).days()).ok());
        let breach = breach.map(|t| forecast.start.plus(t as i64));
        PlannedOrder {
            order_period,
            receipt_period: forecast.start.plus(o.receipt as i64),
            quantity: o.quantity,
            order_date,
            receipt_date,
            supplier: item.supplier.clone(),
            breach,
            why: explain_order::why(
                forecast,
                item,
                decision,
                &explain_order::Reason { order: o, order_period, breach },
            ),
        }
    };
    let breaches = proposal.breaches(forecast, &decision.setting);
    proposal.orders.iter().zip(breaches).map(order).collect()
}

/// The first order day of the period; what opens the plan goes out on the first from its start on.
fn order_day(period: Period, opening: bool, days: OrderDays) -> Option<Date> {
    let first = period.first_day()?;
    if period.frequency() == Frequency::Day && !opening {
        return Some(first);
    }
    (0..7).filter_map(|k: i64| first.checked_add(k.days()).ok()).find(|day| days.contains(day.weekday()))
}

/// A shortage below this share of the period's demand is rounding.
const SHORT_SHARE: f64 = 1e-6;
