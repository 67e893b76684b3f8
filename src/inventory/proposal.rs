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
    /// Units under way at the end of each period.
    pub(super) in_transit: Vec<f64>,
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
    let mut proposal = Proposal { steps, levels, orders, projected, in_transit: Vec::new(), short };
    let lead = whole_steps(setting.lead_periods * steps as f64);
    Walk::new(levels, setting, mean.len()).run(mean.iter().copied(), |_| lead, &mut proposal);
    let opening = lead / steps;
    let in_transit = |t: usize| {
        let open = if t < opening { setting.on_order.max(0.0) } else { 0.0 };
        let under_way = proposal.orders.iter().filter(|o| o.period <= t && o.receipt > t);
        open + under_way.map(|o| o.quantity).sum::<f64>()
    };
    proposal.in_transit = (0..mean.len()).map(in_transit).collect();
    proposal
}

/// The orders as they are proposed: dated, with supplier and reason.
pub(super) fn planned_orders(
    forecast: &Forecast,
    item: &Item,
    decision: &Decision,
    proposal: &Proposal<'_>,
) -> Vec<PlannedOrder> {
    let lead_days = (decision.inputs.lead * decision.inputs.period_days).round();
    let order = |k: usize| {
        let o = &proposal.orders[k];
        let order_period = forecast.start.plus(o.period as i64);
        let order_date = order_day(order_period, o.opening, item.order_days);
        let receipt_date = order_date.and_then(|day| day.checked_add((lead_days as i64).days()).ok());
        let breach = breach(forecast, decision, proposal, k).map(|t| forecast.start.plus(t as i64));
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
    (0..proposal.orders.len()).map(order).collect()
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

/// The first period in which demand finds no stock on the forecast mean when order `k` and those after it never come.
fn breach(forecast: &Forecast, decision: &Decision, proposal: &Proposal<'_>, k: usize) -> Option<usize> {
    let setting = &decision.setting;
    let opening = whole_steps(setting.lead_periods * setting.steps_per_period as f64) / setting.steps_per_period;
    let mut stock = setting.on_hand;
    forecast.mean.iter().enumerate().find_map(|(t, d)| {
        let d = d.max(0.0);
        if t == opening {
            stock += setting.on_order.max(0.0);
        }
        stock += proposal.orders[..k].iter().filter(|o| o.receipt == t).map(|o| o.quantity).sum::<f64>();
        stock -= d;
        (stock < -SHORT_SHARE * d.max(1.0)).then_some(t)
    })
}
