//! An item's master data made safe and put into periods.

use super::lot_size::LotRule;
use super::simulate::ReviewMoment;
use crate::model::{Forecast, Item, SERVICE_LEVEL_RANGE};

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
}

impl Inputs {
    pub(super) fn new(forecast: &Forecast, item: &Item) -> Self {
        let frequency = forecast.start.frequency();
        let periods = |days: f64| amount(days).min(LONGEST_DAYS) / frequency.days();
        let horizon = forecast.mean.len();
        let demand = forecast.mean.iter().map(|&d| amount(d)).sum::<f64>() / horizon.max(1) as f64;
        let (low, high) = SERVICE_LEVEL_RANGE;
        let service_level = if item.service_level.is_nan() { 0.95 } else { item.service_level.clamp(low, high) };
        Self {
            lead: periods(item.lead_time_days),
            lead_sd: periods(item.lead_time_sd_days),
            review: periods(item.review_period_days),
            service_level,
            on_hand: if item.on_hand.is_finite() { item.on_hand.clamp(-LARGEST, LARGEST) } else { 0.0 },
            on_order: amount(item.on_order),
            lot: LotRule { moq: amount(item.moq), multiple: amount(item.multiple) },
            demand,
            next_demand: forecast.mean.first().map_or(0.0, |&d| amount(d)),
            yearly_demand: demand * frequency.periods_per_year(),
            holding_cost: amount(item.holding_rate) * amount(item.unit_cost),
            order_cost: amount(item.order_cost),
            horizon,
        }
    }

    /// The time a reorder point must cover, periods: lead time plus review period.
    pub(super) fn protection(&self) -> f64 {
        self.lead + self.review
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
