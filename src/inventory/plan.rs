//! The stock plan of one item: levels, proposed orders, projection, simulation.

use super::explain;
use super::inputs::{Inputs, LARGEST, WHOLE, amount};
use super::lot_size::economic_order_quantity;
use super::reorder_point::{max_level_rule, quantile_of_paths};
use super::safety_stock::{IntervalDemand, from_variance, interval_demand};
use super::side_by_side::{DemandRows, Workspace, simulate_with_lines};
use super::simulate::{Levels, PeriodEnd, ReviewMoment, Setting, Walk, Watch, whole_steps};
use super::warnings;
use crate::model::{Forecast, Item, PlannedOrder, ReorderRule, SamplePaths, StockPlan, StockPolicy};

/// Plans one item at one location over the forecast's horizon. Pure; one item with 1,000 paths takes under 2 ms.
///
/// - *Safety stock*: the item's own when set, else `z·√(σ_P² + d²·σ_L²)`, at least 0, with `σ_P` the deviation of
///   demand over the protection interval on the sample paths. For independent demands that is the classical formula.
/// - *Reorder point*: mean demand over the protection interval (lead time + review period) + safety stock.
/// - *Max level*: the item's own when set, else reorder point + lot. The lot is the economic order quantity when order
///   and holding cost are known, else one period's demand, and at least the smallest order. Under periodic review a
///   lot that wouldn't outlast a review period isn't added: the reorder point is then the order-up-to level of the
///   (R, S) policy (Silver, Pyke & Thomas 2017, chapter 6).
/// - *Orders* and `projected` follow the forecast mean; a lead time is rounded up to whole periods there.
/// - *Fill rate, stock-outs, averages, 10 and 90 % lines* come from [`simulate_with_lines`] over the forecast's sample paths.
///   `projected` and both lines are net stock: a backlog counts as negative.
///
/// Without sample paths of the forecast's length the mean itself is the only path. Master data that makes no sense
/// (NaN, negative times or quantities) counts as 0, a service level outside the range as the range's end.
pub fn plan(forecast: &Forecast, item: &Item, policy: &StockPolicy) -> StockPlan {
    let inputs = Inputs::new(forecast, item);
    let numbers = Numbers::new(forecast, item, &inputs);
    let active = match policy.rule {
        ReorderRule::Standard => numbers.reorder_point,
        ReorderRule::MaxLevel => numbers.reorder_point_max_rule,
    };
    let levels = Levels { reorder_point: active, max_level: numbers.max_level };
    let setting = setting(&inputs, *policy);
    let proposal = propose(forecast, &levels, &setting);
    let rows = DemandRows::new(&paths(forecast));
    let result = simulate_with_lines(&rows, &levels, &setting, &mut Workspace::default());
    let orders = planned_orders(forecast, &levels, &setting, &proposal);
    let warnings = warnings::gather(forecast, item, *policy, &inputs, &numbers, &proposal.short);
    StockPlan {
        id: forecast.id.clone(),
        start: forecast.start,
        safety_stock: numbers.safety_stock,
        reorder_point: numbers.reorder_point,
        reorder_point_max_rule: numbers.reorder_point_max_rule,
        rule: policy.rule,
        max_level: numbers.max_level,
        why: explain::derivations(forecast, item, &inputs, &numbers, proposal.orders.first()),
        orders,
        projected: proposal.projected,
        projected_low: result.low,
        projected_high: result.high,
        stockout_by_period: result.stockout_by_period,
        fill_rate: result.fill_rate,
        stockout_probability: result.stockout_probability,
        average_stock: result.average_stock,
        average_orders: result.average_orders,
        average_shortage: result.average_shortage,
        average_ordered: result.average_ordered,
        warnings,
    }
}

/// The levels and what they were made from.
pub(super) struct Numbers {
    /// Demand over the protection interval.
    pub need: IntervalDemand,
    /// Safety stock by the formula, not floored, units.
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
}

/// Where the lot that makes the max level came from, units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum LotSource {
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
            Self::Economic(q) | Self::OnePeriod(q) | Self::Smallest(q) => q,
            Self::EveryReview => 0.0,
        }
    }
}

impl Numbers {
    fn new(forecast: &Forecast, item: &Item, inputs: &Inputs) -> Self {
        let need = interval_demand(forecast, inputs.protection());
        let variance = need.sd * need.sd;
        let safety_computed = from_variance(variance, need.per_period, inputs.lead_sd, inputs.service_level);
        let safety_stock = set(item.safety_stock).unwrap_or(safety_computed.max(0.0));
        let reorder_point = (need.mean + safety_stock).min(LARGEST);
        let lot = lot(inputs);
        let max_level = set(item.max_level).unwrap_or((reorder_point + lot.quantity()).min(LARGEST));
        Self {
            need,
            safety_computed,
            safety_stock,
            reorder_point,
            reorder_point_max_rule: max_level_rule(max_level, safety_stock, inputs.next_demand),
            lot,
            max_level,
            quantile: quantile_of_paths(forecast, inputs),
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
    let economic = economic_order_quantity(inputs.order_cost, inputs.holding_cost, inputs.yearly_demand);
    let economic = economic.map(|lot| LotSource::Economic(lot.quantity.min(LARGEST)));
    let wish = match inputs.moment() {
        ReviewMoment::AfterDemand => economic.unwrap_or(LotSource::OnePeriod(inputs.demand)),
        ReviewMoment::BeforeDemand => economic.unwrap_or(LotSource::EveryReview),
    };
    let smallest = inputs.lot.round_up(inputs.lot.moq);
    let lot = if smallest > wish.quantity() { LotSource::Smallest(smallest) } else { wish };
    let between_reviews = inputs.demand * inputs.review;
    match inputs.moment() {
        ReviewMoment::BeforeDemand if lot.quantity() <= between_reviews => LotSource::EveryReview,
        _ => lot,
    }
}

/// Steps per period when a policy reacts within the period: fine enough that a lead time of a day in a week counts.
const STEPS_WITHIN_PERIOD: usize = 8;

pub(super) fn setting(inputs: &Inputs, policy: StockPolicy) -> Setting {
    let within = inputs.moment() == ReviewMoment::AfterDemand && inputs.lead < 1.0 - WHOLE;
    Setting {
        on_hand: inputs.on_hand,
        on_order: inputs.on_order,
        lead_periods: inputs.lead,
        lead_sd_periods: inputs.lead_sd,
        review_periods: inputs.review_periods(),
        moment: inputs.moment(),
        shortage: policy.shortage,
        lot: inputs.lot,
        steps_per_period: if within { STEPS_WITHIN_PERIOD } else { 1 },
    }
}

/// The forecast's paths, or its mean as the only path.
pub(super) fn paths(forecast: &Forecast) -> std::borrow::Cow<'_, SamplePaths> {
    use std::borrow::Cow;
    let steps = forecast.mean.len();
    if steps == 0 {
        return Cow::Owned(SamplePaths::default());
    }
    if !forecast.paths.is_empty() && forecast.paths.steps() == steps {
        return Cow::Borrowed(&forecast.paths);
    }
    Cow::Owned(SamplePaths::new(steps, forecast.mean.iter().map(|&d| d as f32).collect()))
}

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
}

/// What happens when demand is the forecast mean.
struct Proposal {
    steps: usize,
    orders: Vec<Proposed>,
    projected: Vec<f64>,
    /// Units short per period.
    short: Vec<f64>,
}

impl Watch for Proposal {
    fn order(&mut self, step: usize, arrival: usize, position: f64, quantity: f64) {
        let opening = step == 0 && self.orders.is_empty();
        let (period, receipt) = (step / self.steps, arrival / self.steps);
        self.orders.push(Proposed { period, receipt, opening, position, quantity });
    }

    fn period(&mut self, _period: usize, end: &PeriodEnd) {
        self.projected.push(end.net);
        self.short.push(end.short);
    }
}

fn propose(forecast: &Forecast, levels: &Levels, setting: &Setting) -> Proposal {
    let steps = setting.steps_per_period;
    let mut proposal = Proposal { steps, orders: Vec::new(), projected: Vec::new(), short: Vec::new() };
    let lead = whole_steps(setting.lead_periods * steps as f64);
    Walk::new(levels, setting, forecast.mean.len()).run(forecast.mean.iter().copied(), |_| lead, &mut proposal);
    proposal
}

fn planned_orders(forecast: &Forecast, levels: &Levels, setting: &Setting, proposal: &Proposal) -> Vec<PlannedOrder> {
    let order = |o: &Proposed| {
        let order_period = forecast.start.plus(o.period as i64);
        PlannedOrder {
            order_period,
            receipt_period: forecast.start.plus(o.receipt as i64),
            quantity: o.quantity,
            why: explain::order(o, order_period, levels, setting),
        }
    };
    proposal.orders.iter().map(order).collect()
}
