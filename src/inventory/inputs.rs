//! An item's master data made safe and put into periods.

use super::demand::Demand;
use super::lot_size::LotRule;
use super::simulate::ReviewMoment;
use crate::model::{Frequency, Item, OrderDays, Period, Policy, SERVICE_LEVEL_RANGE, SafetyBasis, ShortageRule};
use jiff::civil::Weekday;

/// No quantity in a plan is larger; it keeps nonsense in a file from becoming infinity in a plan.
pub(super) const LARGEST: f64 = 1e15;
/// No lead time or review period is longer: a century, days.
const LONGEST_DAYS: f64 = 36_525.0;
/// Lengths this close to a whole number of periods are whole; far below a minute, far above rounding.
pub(super) const WHOLE: f64 = 1e-6;

/// What the engine computes with. All fields are finite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inputs {
    /// Mean lead time, periods, ≥ 0.
    pub lead: f64,
    /// Standard deviation of the lead time, periods, ≥ 0.
    pub lead_sd: f64,
    /// Review period, periods, ≥ 0; 0 is continuous review.
    pub review: f64,
    /// Target cycle service level, inside [`SERVICE_LEVEL_RANGE`].
    pub service_level: f64,
    /// Stock on hand now, units; negative when customers already wait.
    pub on_hand: f64,
    /// Units ordered and not yet received, ≥ 0.
    pub on_order: f64,
    /// How orders are rounded.
    pub lot: LotRule,
    /// Mean forecast demand per period over the horizon, units, ≥ 0.
    pub demand: f64,
    /// Forecast demand of the first period, units, ≥ 0.
    pub next_demand: f64,
    /// Mean forecast demand per year, units, ≥ 0.
    pub yearly_demand: f64,
    /// Holding cost of one unit for a year, money, ≥ 0.
    pub holding_cost: f64,
    /// Cost of one order, money, ≥ 0.
    pub order_cost: f64,
    /// Periods planned.
    pub horizon: usize,
    /// How stock is replenished.
    pub policy: Policy,
    /// What safety stock is made for.
    pub basis: SafetyBasis,
    /// Target fill rate, inside [`SERVICE_LEVEL_RANGE`].
    pub fill_rate: f64,
    /// Periods of demand that safety stock lasts, ≥ 0; counts with [`SafetyBasis::Cover`].
    pub cover: f64,
    /// Units per order that the user set, > 0.
    pub order_quantity: Option<f64>,
    /// Shelf life, periods, ≥ 0; 0 for goods that keep.
    pub shelf_life: f64,
    /// Weekdays on which the supplier takes orders.
    pub order_days: OrderDays,
    /// Periods that an order may wait for the next order day.
    pub wait: f64,
    /// Length of a period, days.
    pub period_days: f64,
    /// Holding cost of one unit for a period, money, ≥ 0.
    pub holding_per_period: f64,
    /// Cost of one unit short, money, ≥ 0.
    pub shortage_cost: f64,
    /// Purchase cost of a unit, money, ≥ 0.
    pub unit_cost: f64,
    /// What a unit left over brings, money, ≥ 0.
    pub salvage: f64,
    /// What happens to demand that finds no stock.
    pub shortage: ShortageRule,
}

impl Inputs {
    pub(super) fn new(of: &Demand<'_>, item: &Item, shortage: ShortageRule) -> Self {
        let frequency = of.start.frequency();
        let periods = |days: f64| amount(days).min(LONGEST_DAYS) / frequency.days();
        let horizon = of.mean.len();
        let demand = of.mean.iter().map(|&d| amount(d)).sum::<f64>() / horizon.max(1) as f64;
        let (low, high) = SERVICE_LEVEL_RANGE;
        let share = |x: f64, default: f64| if x.is_nan() { default } else { x.clamp(low, high) };
        let holding_cost = amount(item.holding_rate) * amount(item.unit_cost);
        let review = periods(item.review_period_days);
        let review = match item.policy {
            Policy::Automatic => review,
            // Stock is looked at once a period at least.
            Policy::PeriodicUpTo | Policy::PeriodicReorderUpTo => review.max(1.0),
            Policy::ReorderLot | Policy::ReorderUpTo | Policy::BaseStock | Policy::Newsvendor => 0.0,
        };
        let (delay, wait) = order_day_waits(frequency, item.order_days);
        Self {
            lead: periods(item.lead_time_days) + delay,
            lead_sd: periods(item.lead_time_sd_days),
            review,
            service_level: share(item.service_level, 0.95),
            on_hand: if item.on_hand.is_finite() { item.on_hand.clamp(-LARGEST, LARGEST) } else { 0.0 },
            on_order: amount(item.on_order),
            lot: LotRule::of(item),
            demand,
            next_demand: of.mean.first().map_or(0.0, |&d| amount(d)),
            yearly_demand: demand * frequency.periods_per_year(),
            holding_cost,
            order_cost: amount(item.order_cost),
            horizon,
            policy: item.policy,
            basis: item.safety_basis,
            fill_rate: share(item.fill_rate, 0.98),
            cover: amount(item.cover_days).min(LONGEST_DAYS) / frequency.days(),
            order_quantity: item.order_quantity.filter(|q| q.is_finite() && *q > 0.0).map(amount),
            shelf_life: periods(item.shelf_life_days),
            order_days: item.order_days,
            wait,
            period_days: frequency.days(),
            holding_per_period: holding_cost / frequency.periods_per_year(),
            shortage_cost: amount(item.shortage_cost),
            unit_cost: amount(item.unit_cost),
            salvage: amount(item.salvage_value),
            shortage,
        }
    }

    /// The time a reorder point must cover, periods: lead time plus review period, and the wait for an order day; the
    /// whole horizon for what is ordered once.
    pub(super) fn protection(&self) -> f64 {
        if self.policy == Policy::Newsvendor { self.horizon as f64 } else { self.lead + self.review.max(self.wait) }
    }

    /// True when orders go out at review `t`: at the start for 0, else in the morning of period `t` or at the end of
    /// period `t − 1`. Only days are closed; in longer periods an order waits for its day.
    pub(super) fn is_open(&self, start: Period, t: usize) -> bool {
        if start.frequency() != Frequency::Day || self.order_days.is_every_day() {
            return true;
        }
        let ends_before = t > 0 && self.moment() == ReviewMoment::AfterDemand;
        let day = start.plus(t as i64 - i64::from(ends_before));
        day.first_day().is_none_or(|day| self.order_days.contains(day.weekday()))
    }

    /// When stock is looked at: a review period shorter than a planning period is as good as continuous.
    pub(super) fn moment(&self) -> ReviewMoment {
        if self.review < 1.0 - WHOLE { ReviewMoment::AfterDemand } else { ReviewMoment::BeforeDemand }
    }

    /// Whole periods between two reviews, at least 1.
    pub(super) fn review_periods(&self) -> usize {
        whole_periods(self.review).max(1)
    }
}

/// A length in whole periods, rounded up.
pub(super) fn whole_periods(periods: f64) -> usize {
    (periods - WHOLE).ceil().max(0.0) as usize
}

/// A quantity that can be computed with: NaN and negatives are 0, infinity is [`LARGEST`].
pub(super) fn amount(x: f64) -> f64 {
    if x > 0.0 { x.min(LARGEST) } else { 0.0 }
}

/// Periods that every order waits for its day, and periods that one may wait longer.
///
/// In days, stock may fall below the reorder point right after an order day. Weeks are reviewed when they end, and what is
/// due then goes out on the first order day of the next one; so do longer periods, half a gap later on the mean.
fn order_day_waits(frequency: Frequency, days: OrderDays) -> (f64, f64) {
    let gap = f64::from(days.longest_gap_days()) - 1.0;
    match frequency {
        _ if days.is_every_day() => (0.0, 0.0),
        Frequency::Step => (0.0, 0.0),
        Frequency::Day => (0.0, gap),
        Frequency::Week => {
            let first = days.days().next().map_or(0, Weekday::to_monday_zero_offset);
            (f64::from(first) / 7.0, 0.0)
        }
        Frequency::Month | Frequency::Quarter | Frequency::Year => (gap / 2.0 / frequency.days(), 0.0),
    }
}
