//! What to do about one item: its levels, review by review, and what they were made from.
//!
//! ```text
//! policy        reviewed        orders                             reorder point covers          max level
//! (s, Q)        continuously    Q, or n·Q to get above s           L                             s + Q
//! (s, S)        continuously    up to S                            L                             s + lot
//! (R, S)        every R         up to S                            L + R                         s
//! (R, s, S)     every R         up to S at or below s              L + R                         s + lot
//! base stock    every period    what was sold                      L                             s
//! newsvendor    once            up to S                            the horizon, at (p−c)/(p−v)   s
//! ```
//!
//! Demand that isn't stationary has levels of its own for each review: the reorder point of period t covers the forecast
//! of the interval that starts there, and computed safety stock keeps its ratio to that demand (the forecast's *relative*
//! error is what stays; Brown 1959, *Statistical Forecasting for Inventory Control*). What the user set stays as it is.

use super::demand::Demand;
use super::inputs::{Inputs, LARGEST, WHOLE, amount};
use super::lot_size::{LotRule, economic_order_quantity};
use super::reorder_point::{max_level_rule, quantile_of_paths};
use super::safety_basis::{achieved, safety_for};
use super::safety_stock::IntervalDemand;
use super::shelf_life::{ShelfLife, shelf_life};
use super::simulate::{Levels, ReviewMoment, Setting};
use crate::model::{Forecast, Item, Policy, ReorderRule, ServiceAchieved, StockPolicy};

/// How one item is replenished: levels, and the setting of the walk that follows them.
#[derive(Debug, Clone)]
pub struct Decision {
    pub(super) inputs: Inputs,
    pub(super) numbers: Numbers,
    /// Reorder points that steer and max levels: one pair for all reviews, or one for each as in
    /// [`simulate`](super::simulate()).
    pub levels: Vec<Levels>,
    /// Where a simulation starts and by which rules it runs.
    pub setting: Setting,
}

impl Decision {
    /// Safety stock in force, units.
    pub fn safety_stock(&self) -> f64 {
        self.numbers.safety_stock
    }

    /// The reorder point that steers now, units.
    pub fn steering_point(&self) -> f64 {
        self.numbers.active
    }
}

/// Decides for one item. Pure; most of the time goes into reading the paths.
pub fn decide(forecast: &Forecast, item: &Item, policy: &StockPolicy) -> Decision {
    decide_for(&Demand::of(forecast), item, *policy, Depth::All)
}

/// What is worked out of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What is compared with it, too: the quantile where it doesn't steer, and what service the level gives.
    All,
    /// What steers.
    Levels,
}

/// As [`decide`], of demand.
pub(super) fn decide_for(of: &Demand<'_>, item: &Item, policy: StockPolicy, depth: Depth) -> Decision {
    let inputs = Inputs::new(of, item, policy.shortage);
    let numbers = Numbers::new(of, item, &inputs, (policy, depth));
    let levels = levels(of, item, &inputs, &numbers, policy.rule);
    let setting = setting(&inputs, &numbers, policy);
    Decision { inputs, numbers, levels, setting }
}

/// The levels of the first review and what they were made from.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// Demand over the protection interval.
    pub need: IntervalDemand,
    /// Safety stock by its basis, not floored, units.
    pub safety_computed: f64,
    /// Safety stock in force, units.
    pub safety_stock: f64,
    /// Standard reorder point, units.
    pub reorder_point: f64,
    /// Reorder point by the max-level rule, units.
    pub reorder_point_max_rule: f64,
    /// What the max level adds to the reorder point.
    pub lot: LotSource,
    /// Max level in force, units.
    pub max_level: f64,
    /// The service level's quantile of simulated demand over the protection interval, units.
    pub quantile: Option<f64>,
    /// The reorder point that steers, units.
    pub active: f64,
    /// The service that it gives, whatever it was made for.
    pub achieved: Option<ServiceAchieved>,
    /// Where goods that don't keep lower the levels.
    pub shelf_life: Option<ShelfLife>,
}

/// Where the lot that makes the max level came from, units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LotSource {
    /// Set by the user.
    Set(f64),
    /// Economic order quantity.
    Economic(f64),
    /// Demand of one period.
    OnePeriod(f64),
    /// The smallest order accepted.
    Smallest(f64),
    /// Nothing: every review orders.
    EveryReview,
}

impl LotSource {
    pub(super) fn quantity(self) -> f64 {
        match self {
            Self::Set(q) | Self::Economic(q) | Self::OnePeriod(q) | Self::Smallest(q) => q,
            Self::EveryReview => 0.0,
        }
    }
}

impl Numbers {
    fn new(of: &Demand<'_>, item: &Item, inputs: &Inputs, (policy, depth): (StockPolicy, Depth)) -> Self {
        let need = of.interval(inputs.protection());
        let lot = lot(inputs);
        let safety_computed = safety_for(inputs, &need, lot.quantity());
        let set_safety = set(item.safety_stock);
        let mut safety_stock = set_safety.unwrap_or(safety_computed.max(0.0));
        let mut reorder_point = (need.mean + safety_stock).min(LARGEST);
        let mut max_level = set(item.max_level).unwrap_or((reorder_point + lot.quantity()).min(LARGEST));
        let shelf_life = shelf_life(of, inputs, max_level);
        if let Some(life) = shelf_life.filter(|life| life.cap < max_level) {
            if set(item.max_level).is_none() {
                max_level = life.cap;
            }
            if set_safety.is_none() && life.cap < reorder_point {
                reorder_point = life.cap;
                safety_stock = (reorder_point - need.mean).max(0.0);
            }
        }
        let reorder_point_max_rule = max_level_rule(max_level, safety_stock, inputs.next_demand);
        let is_whole = depth == Depth::All;
        let wants_quantile = is_whole || policy.rule == ReorderRule::Quantile;
        let quantile = wants_quantile.then(|| quantile_of_paths(of, inputs, lot.quantity())).flatten();
        let active = match policy.rule {
            ReorderRule::Standard => reorder_point,
            ReorderRule::MaxLevel => reorder_point_max_rule,
            ReorderRule::Quantile => quantile.unwrap_or(reorder_point),
        };
        let achieved = is_whole.then(|| achieved(inputs, &need, lot.quantity(), active)).flatten();
        Self {
            need,
            safety_computed,
            safety_stock,
            reorder_point,
            reorder_point_max_rule,
            lot,
            max_level,
            quantile,
            active,
            achieved,
            shelf_life,
        }
    }
}

/// A level that the user set; NaN and infinity are no levels, and no level is below 0.
pub(super) fn set(level: Option<f64>) -> Option<f64> {
    level.filter(|x| x.is_finite()).map(amount)
}

fn lot(inputs: &Inputs) -> LotSource {
    if inputs.demand <= 0.0 {
        return LotSource::EveryReview;
    }
    if matches!(inputs.policy, Policy::PeriodicUpTo | Policy::BaseStock | Policy::Newsvendor) {
        return LotSource::EveryReview;
    }
    let wish = wished_lot(inputs);
    let smallest = inputs.lot.round_up(inputs.lot.moq);
    let lot = if smallest > wish.quantity() { LotSource::Smallest(smallest) } else { wish };
    let between_reviews = inputs.demand * inputs.review;
    let is_periodic = inputs.moment() == ReviewMoment::BeforeDemand;
    let may_order_always = inputs.policy == Policy::Automatic && is_periodic;
    if may_order_always && lot.quantity() <= between_reviews { LotSource::EveryReview } else { lot }
}

fn wished_lot(inputs: &Inputs) -> LotSource {
    if let Some(quantity) = inputs.order_quantity {
        return LotSource::Set(quantity);
    }
    let economic = economic_order_quantity(inputs.order_cost, inputs.holding_cost, inputs.yearly_demand);
    let economic = economic.map(|lot| LotSource::Economic(lot.quantity.min(LARGEST)));
    match (inputs.policy, inputs.moment()) {
        (Policy::Automatic, ReviewMoment::BeforeDemand) => economic.unwrap_or(LotSource::EveryReview),
        _ => economic.unwrap_or(LotSource::OnePeriod(inputs.demand)),
    }
}

/// Steps per period when a policy reacts within the period: fine enough that a lead time of a day in a week counts.
const STEPS_WITHIN_PERIOD: usize = 8;

fn setting(inputs: &Inputs, numbers: &Numbers, policy: StockPolicy) -> Setting {
    let is_once = inputs.policy == Policy::Newsvendor;
    let within = inputs.moment() == ReviewMoment::AfterDemand && inputs.lead < 1.0 - WHOLE;
    // A supplier's days are whole, and a newsvendor looks once.
    let within = within && !is_once && inputs.order_days.is_every_day();
    Setting {
        on_hand: inputs.on_hand,
        on_order: inputs.on_order,
        lead_periods: inputs.lead,
        lead_sd_periods: inputs.lead_sd,
        review_periods: inputs.review_periods(),
        moment: inputs.moment(),
        shortage: policy.shortage,
        lot: order_rule(inputs, numbers),
        steps_per_period: if within { STEPS_WITHIN_PERIOD } else { 1 },
    }
}

/// How an order is sized: by (s, Q) in whole lots, otherwise as the supplier asks.
fn order_rule(inputs: &Inputs, numbers: &Numbers) -> LotRule {
    if inputs.policy != Policy::ReorderLot {
        return inputs.lot;
    }
    let lot = inputs.lot.round_up(numbers.lot.quantity());
    LotRule { moq: lot, multiple: lot, container: 0.0 }
}

/// An (s, Q) order lifts the position above s: the least that it must be lifted, as a share of Q.
const ABOVE: f64 = 1e-4;

/// Reorder points that steer and max levels, review by review; one pair where all are alike.
fn levels(of: &Demand<'_>, item: &Item, inputs: &Inputs, numbers: &Numbers, rule: ReorderRule) -> Vec<Levels> {
    let first = Levels { reorder_point: numbers.active, max_level: numbers.max_level };
    if inputs.policy == Policy::Newsvendor {
        return vec![first, Levels::CLOSED];
    }
    let windows = Windows::new(&of.mean, inputs.protection());
    let at = |t: usize| levels_at(t, &windows, (item, inputs, numbers), rule);
    let is_open = |t: usize| inputs.is_open(of.start, t);
    let reviews = of.mean.len() + 1;
    let mut pairs: Vec<Levels> = (0..reviews).map(|t| if is_open(t) { at(t) } else { Levels::CLOSED }).collect();
    if let Some(start) = pairs.first_mut()
        && is_open(0)
    {
        // To the last digit what is shown.
        *start = as_ordered(first, inputs, numbers);
    }
    let close = |x: f64, y: f64| (x - y).abs() <= 1e-9 * x.abs().max(y.abs());
    let is_same = |a: &Levels, b: &Levels| {
        let is_closed = *a == Levels::CLOSED || *b == Levels::CLOSED;
        a == b || (!is_closed && close(a.reorder_point, b.reorder_point) && close(a.max_level, b.max_level))
    };
    if pairs.iter().all(|pair| is_same(pair, &pairs[0])) {
        pairs.truncate(1);
    }
    pairs
}

/// Demand of the protection interval by the period it starts with.
struct Windows<'a> {
    mean: &'a [f64],
    /// Demand before each period.
    before: Vec<f64>,
    length: f64,
    average: f64,
}

impl<'a> Windows<'a> {
    fn new(mean: &'a [f64], length: f64) -> Self {
        let mut before = Vec::with_capacity(mean.len() + 1);
        let mut sum = 0.0;
        before.push(0.0);
        for d in mean {
            sum += amount(*d);
            before.push(sum);
        }
        Self { mean, before, length, average: sum / mean.len().max(1) as f64 }
    }

    fn demand_of(&self, period: usize) -> f64 {
        self.mean.get(period).map_or(self.average, |d| amount(*d))
    }

    /// Demand before `at` periods; beyond the horizon it goes on at its average.
    fn until(&self, at: f64) -> f64 {
        let periods = self.mean.len();
        if at >= periods as f64 {
            return self.before[periods] + (at - periods as f64) * self.average;
        }
        let whole = at.floor() as usize;
        self.before[whole] + (at - at.floor()) * self.demand_of(whole)
    }

    fn demand(&self, start: usize) -> f64 {
        self.until(start as f64 + self.length) - self.until(start as f64)
    }
}

fn levels_at(
    t: usize,
    windows: &Windows<'_>,
    (item, inputs, numbers): (&Item, &Inputs, &Numbers),
    rule: ReorderRule,
) -> Levels {
    let (now, first) = (windows.demand(t), windows.demand(0));
    let ratio = if first > 0.0 { now / first } else { 1.0 };
    let safety = if set(item.safety_stock).is_some() { numbers.safety_stock } else { numbers.safety_stock * ratio };
    let standard = (numbers.reorder_point - numbers.safety_stock) * ratio + safety;
    let lot = match numbers.lot {
        LotSource::OnePeriod(_) if first > 0.0 => numbers.lot.quantity() * ratio,
        _ => numbers.lot.quantity(),
    };
    let shelf = numbers.shelf_life.map_or(LARGEST, |life| life.cap * ratio);
    let max_level = set(item.max_level).unwrap_or_else(|| (standard + lot).min(shelf.max(standard)).min(LARGEST));
    let reorder_point = match rule {
        ReorderRule::Standard => standard,
        ReorderRule::MaxLevel => max_level_rule(max_level, safety, windows.demand_of(t)),
        ReorderRule::Quantile => numbers.quantile.map_or(standard, |quantile| quantile * ratio),
    };
    as_ordered(Levels { reorder_point, max_level }, inputs, numbers)
}

/// The pair by which orders are sized: by (s, Q) just above the reorder point, in whole lots.
fn as_ordered(pair: Levels, inputs: &Inputs, numbers: &Numbers) -> Levels {
    if inputs.policy != Policy::ReorderLot {
        return pair;
    }
    Levels { max_level: pair.reorder_point + ABOVE * numbers.lot.quantity(), ..pair }
}
