//! Stock simulated over demand paths.
//!
//! # Order of events
//! In every step: goods that are due arrive; then demand is served; with [`ReviewMoment::BeforeDemand`] the review and
//! its order come between the two, with [`ReviewMoment::AfterDemand`] they come last. An order of step `t` with a lead
//! time of `L` steps arrives at the beginning of step `t + L`. So after-demand orders with `L` = 1 arrive "next
//! morning" and those with `L` = 2 "one day later", and the reorder point must cover exactly `L` periods of demand;
//! before-demand orders must cover `L` plus the review period. An order without lead time serves the demand of its own
//! step. Stock below the reorder point at the very start is ordered for at once.
//!
//! # Lead times
//! A lead time that isn't a whole number of steps is rounded up or down by a fixed draw per path and step, with the
//! fraction as the chance, so that its mean is right and a slider moves results smoothly. A lead time that varies is
//! drawn from a gamma distribution, one for an order in each step of each path. The same draws serve every setting (common
//! random numbers), so two settings differ by what was changed and not by luck.
//!
//! # Steps
//! With a lead time shorter than the planning period a policy reacts within the period; such a period is cut into
//! [`Setting::steps_per_period`] steps and its demand spread evenly over them.

use super::inputs::{LARGEST, WHOLE, amount};
use super::lot_size::LotRule;
use crate::model::{SamplePaths, ShortageRule};
use statrs::distribution::{ContinuousCDF, Normal};
use std::sync::LazyLock;

/// The two levels of an (s, S) policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// An order is placed when the inventory position (stock + on order − backlog) is at or below this, units.
    pub reorder_point: f64,
    /// An order fills the inventory position up to this, units.
    pub max_level: f64,
}

impl AsRef<[Levels]> for Levels {
    fn as_ref(&self) -> &[Levels] {
        std::slice::from_ref(self)
    }
}

impl Levels {
    /// At a review with these nothing is ever ordered.
    pub const CLOSED: Self = Self { reorder_point: -f64::INFINITY, max_level: -f64::INFINITY };

    /// Finite, so that it can be computed with; closed ones stay below any position.
    fn bounded(self) -> Self {
        if self == Self::CLOSED {
            return self;
        }
        let bounded = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(-LARGEST, LARGEST) };
        Self { reorder_point: bounded(self.reorder_point), max_level: bounded(self.max_level) }
    }
}

/// The levels of the review in a step, out of one pair for all reviews or one for each: at the start or in the morning of
/// period `t` it is the pair `t`, at the end of period `t` the pair `t + 1`; the last pair holds for later ones.
#[allow(clippy::inline_always, reason = "part of a kernel, see `side_by_side`")]
#[inline(always)]
pub(super) fn level_at(pairs: usize, review_step: usize, steps_per_period: usize) -> usize {
    (review_step / steps_per_period).min(pairs.saturating_sub(1))
}

/// When in a period stock is reviewed and ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewMoment {
    /// After the period's demand: the bucketed form of continuous review.
    AfterDemand,
    /// In the morning of a review period, before its demand: periodic review.
    BeforeDemand,
}

/// Where a simulation starts and by which rules it runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Stock at the start, units; negative when customers already wait for goods.
    pub on_hand: f64,
    /// Units under way at the start; they arrive after one mean lead time, rounded up.
    pub on_order: f64,
    /// Mean lead time, periods, ≥ 0.
    pub lead_periods: f64,
    /// Standard deviation of the lead time, periods, ≥ 0.
    pub lead_sd_periods: f64,
    /// Periods between two reviews, at least 1. With `AfterDemand` and 1, every step is a review.
    pub review_periods: usize,
    /// When in a period stock is reviewed.
    pub moment: ReviewMoment,
    /// What happens to demand that finds no stock.
    pub shortage: ShortageRule,
    /// How orders are rounded.
    pub lot: LotRule,
    /// Steps that a period is cut into, `1..=16`.
    pub steps_per_period: usize,
}

impl Setting {
    /// Steps that a period is cut into, within bounds.
    pub(super) fn steps(&self) -> usize {
        self.steps_per_period.clamp(1, MOST_STEPS)
    }

    /// Steps between two reviews.
    pub(super) fn review_steps(&self) -> usize {
        let every_step = self.moment == ReviewMoment::AfterDemand && self.review_periods <= 1;
        if every_step { 1 } else { self.review_periods.max(1).saturating_mul(self.steps()) }
    }
}

/// What happened over all paths. Stock per period is net: a backlog counts as negative.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SimulationResult {
    /// Share of all demand served from stock, in `[0, 1]`; 1 when there was no demand.
    pub fill_rate: f64,
    /// Share of paths with at least one stock-out, in `[0, 1]`.
    pub stockout_probability: f64,
    /// Share of paths with a stock-out in each period, in `[0, 1]`.
    pub stockout_by_period: Vec<f64>,
    /// 10 % quantile of stock at the end of each period, units.
    pub low: Vec<f64>,
    /// 90 % quantile of stock at the end of each period, units.
    pub high: Vec<f64>,
    /// Mean stock on hand over time and paths, units.
    pub average_stock: f64,
    /// Mean number of orders per path.
    pub average_orders: f64,
    /// Mean units ordered per path.
    pub average_ordered: f64,
    /// Mean units short per path.
    pub average_shortage: f64,
}

/// Runs an (s, S) policy over every demand path `[path, period]`. Demand that isn't a positive number counts as 0.
///
/// `levels` are one pair for all reviews, or one for each: the pair `t` counts at the start or in the morning of period
/// `t`, and at the end of period `t − 1`, since what is ordered then serves the periods from `t` on.
pub fn simulate(paths: &SamplePaths, levels: &(impl AsRef<[Levels]> + ?Sized), setting: &Setting) -> SimulationResult {
    let mut tally = Tally::new(paths.steps(), paths.len());
    let mut walk = Walk::new(levels.as_ref(), setting, paths.steps());
    let draws = LeadDraws::in_steps(setting, walk.arrivals.len());
    for (k, path) in paths.iter().enumerate() {
        tally.path = k;
        walk.run(path.iter().map(|&d| f64::from(d)), |step| draws.whole(k, step), &mut tally);
        tally.end_path();
    }
    tally.result()
}

/// Sees a walk's events.
pub(super) trait Watch {
    /// An order at `step` for the beginning of step `arrival`; `position` is the inventory position that triggered it.
    fn order(&mut self, step: usize, arrival: usize, position: f64, quantity: f64);
    /// The end of a period.
    fn period(&mut self, period: usize, end: &PeriodEnd);
}

/// A period as a walk leaves it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PeriodEnd {
    /// Stock at its end, units; a backlog is negative.
    pub net: f64,
    /// Its demand, units.
    pub demand: f64,
    /// Its demand that found no stock, units.
    pub short: f64,
    /// Mean stock on hand during it, units.
    pub stock: f64,
}

/// One path through time.
pub(super) struct Walk {
    levels: Vec<Levels>,
    /// How the orders of each review are rounded, where that isn't the same for all.
    lots: Vec<LotRule>,
    setting: Setting,
    steps: usize,
    review_steps: usize,
    /// Units arriving at the beginning of each step, on one path.
    arrivals: Vec<f64>,
    net: f64,
    due: f64,
}

/// A period is never cut finer.
const MOST_STEPS: usize = 16;

impl Walk {
    pub(super) fn new(levels: &[Levels], setting: &Setting, periods: usize) -> Self {
        let (steps, review_steps) = (setting.steps(), setting.review_steps());
        let mut levels: Vec<Levels> = levels.iter().map(|pair| pair.bounded()).collect();
        if levels.is_empty() {
            levels.push(Levels::CLOSED);
        }
        let (net, due, arrivals) = (0.0, 0.0, vec![0.0; periods * steps]);
        Self { levels, lots: Vec::new(), setting: *setting, steps, review_steps, arrivals, net, due }
    }

    /// The same walk with orders rounded review by review; a rule for each pair of levels.
    pub(super) fn with_lots(self, lots: Vec<LotRule>) -> Self {
        Self { lots, ..self }
    }

    /// Walks over one demand path; `lead` gives the whole steps of the lead time of an order in a step.
    pub(super) fn run(
        &mut self,
        demand: impl Iterator<Item = f64>,
        lead: impl Fn(usize) -> usize,
        watch: &mut impl Watch,
    ) {
        self.start();
        let share = 1.0 / self.steps as f64;
        for (t, d) in demand.enumerate() {
            let (d, mut end) = (amount(d), PeriodEnd::default());
            for step in t * self.steps..(t + 1) * self.steps {
                self.step(step, d * share, &lead, &mut end, watch);
            }
            (end.net, end.demand, end.stock) = (self.net, d, end.stock * share);
            watch.period(t, &end);
        }
    }

    fn start(&mut self) {
        let (on_hand, on_order) = (self.setting.on_hand, amount(self.setting.on_order));
        self.net = if on_hand.is_finite() { on_hand.clamp(-LARGEST, LARGEST) } else { 0.0 };
        self.due = on_order;
        self.arrivals.fill(0.0);
        let arrival = whole_steps(self.setting.lead_periods * self.steps as f64);
        if let Some(slot) = self.arrivals.get_mut(arrival) {
            *slot += on_order;
        }
    }

    fn step(
        &mut self,
        step: usize,
        d: f64,
        lead: &impl Fn(usize) -> usize,
        end: &mut PeriodEnd,
        watch: &mut impl Watch,
    ) {
        let arrived = self.arrivals[step];
        self.net += arrived;
        self.due -= arrived;
        if step == 0 || (self.setting.moment == ReviewMoment::BeforeDemand && self.is_review(step)) {
            self.review(step, lead(step), (self.net + self.due, self.pair_at(step)), watch);
        }
        // Lost sales only lift the position, so a position above the level here is above it after them.
        let lowest = self.net - d + self.due;
        let pair = self.pair_at(step + 1);
        let after = self.setting.moment == ReviewMoment::AfterDemand
            && lowest <= self.levels[pair].reorder_point
            && self.is_review(step + 1);
        let next_lead = if after { lead(step) } else { usize::MAX };
        if next_lead == 0 {
            self.review(step, 0, (lowest, pair), watch);
        }
        self.serve(d, end);
        if after && next_lead > 0 {
            self.review(step, next_lead, (self.net + self.due, pair), watch);
        }
    }

    fn serve(&mut self, d: f64, end: &mut PeriodEnd) {
        if d <= self.net {
            end.stock += self.net - d / 2.0;
            self.net -= d;
            return;
        }
        let served = self.net.max(0.0);
        end.short += d - served;
        if served > 0.0 {
            // Stock falls evenly to nothing within the step.
            end.stock += served * served / (2.0 * d);
        }
        self.net -= match self.setting.shortage {
            ShortageRule::LostSales => served,
            ShortageRule::Backorder => d,
        };
    }

    fn is_review(&self, step: usize) -> bool {
        self.review_steps == 1 || step.is_multiple_of(self.review_steps)
    }

    fn pair_at(&self, review_step: usize) -> usize {
        level_at(self.levels.len(), review_step, self.steps)
    }

    fn review(&mut self, step: usize, lead: usize, (position, pair): (f64, usize), watch: &mut impl Watch) {
        let levels = self.levels[pair];
        if position > levels.reorder_point {
            return;
        }
        let lot = self.lots.get(pair).copied().unwrap_or(self.setting.lot);
        let quantity = lot.round_up(levels.max_level - position);
        if quantity <= 0.0 {
            return;
        }
        let arrival = step.saturating_add(lead);
        watch.order(step, arrival, position, quantity);
        if lead == 0 {
            self.net += quantity;
            return;
        }
        self.due += quantity;
        if let Some(slot) = self.arrivals.get_mut(arrival) {
            *slot += quantity;
        }
    }
}

/// A lead time in whole steps, rounded up.
pub(super) fn whole_steps(steps: f64) -> usize {
    (amount(steps) - WHOLE).ceil().max(0.0) as usize
}

/// Number of lead times drawn; paths and orders share them.
const DRAWS: usize = 1024;
/// Steps of the sequence that fills the unit square evenly: a draw's place among lead times, and whether it is rounded up
/// (Roberts 2018, *The unreasonable effectiveness of quasirandom sequences*; powers of the plastic number).
const PLACE: f64 = 0.754_877_666_246_692_7;
const CHANCE: f64 = 0.569_840_290_998_053_2;

/// The standard normal numbers that lead times come from, the same for every plan: no `const fn` can make them.
static NORMALS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let place = |k: usize| (0.5 + k as f64 * PLACE).fract();
    (0..DRAWS).map(|k| Normal::standard().inverse_cdf(place(k))).collect()
});

/// Lead times of orders, the same for every setting of the same lead time.
pub(super) struct LeadDraws {
    /// Lead times in steps (or periods) without rounding; one when the lead time doesn't vary.
    lengths: Vec<f64>,
    /// The same, rounded to whole steps.
    whole: Vec<u32>,
}

/// Lead times of orders in whole steps, one when all are alike; none is longer than `last`.
pub(super) fn whole_leads(setting: &Setting, last: usize, whole: &mut Vec<u32>) {
    let steps = setting.steps() as f64;
    let (mean, sd) = (amount(setting.lead_periods * steps), amount(setting.lead_sd_periods * steps));
    let chance = |k: usize| (0.5 + k as f64 * CHANCE).fract();
    let round = |k: usize, x: f64| ((x + WHOLE + chance(k) * (1.0 - 2.0 * WHOLE)).floor() as usize).min(last) as u32;
    whole.clear();
    if sd > WHOLE {
        whole.extend(NORMALS.iter().enumerate().map(|(k, z)| round(k, gamma(mean, sd, *z))));
    } else if (mean - mean.round()).abs() > WHOLE {
        whole.extend((0..DRAWS).map(|k| round(k, mean)));
    } else {
        whole.push(round(0, mean));
    }
}

impl LeadDraws {
    /// Lead times in fractional periods.
    pub(super) fn in_periods(mean: f64, sd: f64) -> Self {
        let (mean, sd) = (amount(mean), amount(sd));
        if sd <= WHOLE {
            return Self { lengths: vec![mean], whole: Vec::new() };
        }
        Self { lengths: NORMALS.iter().map(|z| gamma(mean, sd, *z)).collect(), whole: Vec::new() }
    }

    pub(super) fn in_steps(setting: &Setting, last: usize) -> Self {
        let mut whole = Vec::new();
        whole_leads(setting, last, &mut whole);
        Self { lengths: Vec::new(), whole }
    }

    /// The lead time of an order at the start of path `path`, not rounded.
    pub(super) fn length(&self, path: usize) -> f64 {
        self.lengths[draw_of(path, 0) % self.lengths.len()]
    }

    pub(super) fn whole(&self, path: usize, step: usize) -> usize {
        self.whole[draw_of(path, step) % self.whole.len()] as usize
    }
}

/// The quantile of a gamma distribution.
pub(super) fn gamma_quantile(mean: f64, sd: f64, probability: f64) -> f64 {
    gamma(mean, sd, Normal::standard().inverse_cdf(probability))
}

/// A gamma variate from a standard normal one: Wilson & Hilferty 1931, the cube root of a gamma is nearly normal.
/// Gamma keeps mean and deviation, is never negative, and is the usual lead-time model (Burgin 1975).
fn gamma(mean: f64, sd: f64, z: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    let ninth = (sd / mean).powi(2) / 9.0;
    mean * (1.0 - ninth + z * ninth.sqrt()).max(0.0).powi(3)
}

/// Paths that lie beside each other when they are simulated, and have neighbouring draws.
pub(super) const LANES: usize = 32;

/// The draw of an order by its path and step: one of a row of [`LANES`].
fn draw_of(path: usize, step: usize) -> usize {
    row_of(path / LANES, step) * LANES + path % LANES
}

/// Which row of draws a block of paths has in a step. In each step the blocks have all rows in turn; from step to step they
/// jump (Knuth's multiplicative hash).
pub(super) fn row_of(block: usize, step: usize) -> usize {
    let jump = ((step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize;
    block.wrapping_add(jump) % (DRAWS / LANES)
}

/// Sums over paths.
struct Tally {
    periods: usize,
    paths: usize,
    path: usize,
    /// Stock at the end, `[period, path]`.
    ends: Vec<f32>,
    out_by_period: Vec<u32>,
    paths_out: u32,
    is_out: bool,
    demand: f64,
    short: f64,
    stock: f64,
    orders: f64,
    ordered: f64,
}

/// A shortage below this share of the period's demand is rounding, not a stock-out.
pub(super) const SHORT_SHARE: f64 = 1e-6;

/// Share of demand that wasn't short, in `[0, 1]`; 1 when there was none.
pub(super) fn fill_rate(demand: f64, short: f64) -> f64 {
    if demand > 0.0 { (1.0 - short / demand).clamp(0.0, 1.0) } else { 1.0 }
}

/// The 10 and 90 % quantiles, 0 of nothing; puts the values out of order.
pub(super) fn tenths(values: &mut [f32]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let rank = |share: f64| (share * (values.len() - 1) as f64).round() as usize;
    let (tenth, ninetieth) = (rank(0.1), rank(0.9));
    let (_, &mut high, _) = values.select_nth_unstable_by(ninetieth, f32::total_cmp);
    let (_, &mut low, _) = values[..=ninetieth].select_nth_unstable_by(tenth, f32::total_cmp);
    (f64::from(low), f64::from(high))
}

impl Tally {
    fn new(periods: usize, paths: usize) -> Self {
        Self {
            periods,
            paths,
            path: 0,
            ends: vec![0.0; periods * paths],
            out_by_period: vec![0; periods],
            paths_out: 0,
            is_out: false,
            demand: 0.0,
            short: 0.0,
            stock: 0.0,
            orders: 0.0,
            ordered: 0.0,
        }
    }

    fn end_path(&mut self) {
        self.paths_out += u32::from(self.is_out);
        self.is_out = false;
    }

    fn result(mut self) -> SimulationResult {
        let paths = self.paths.max(1) as f64;
        let (mut low, mut high) = (Vec::with_capacity(self.periods), Vec::with_capacity(self.periods));
        for ends in self.ends.chunks_exact_mut(self.paths.max(1)) {
            let (tenth, ninetieth) = tenths(ends);
            low.push(tenth);
            high.push(ninetieth);
        }
        SimulationResult {
            fill_rate: fill_rate(self.demand, self.short),
            stockout_probability: f64::from(self.paths_out) / paths,
            stockout_by_period: self.out_by_period.iter().map(|&n| f64::from(n) / paths).collect(),
            low,
            high,
            average_stock: self.stock / paths / self.periods.max(1) as f64,
            average_orders: self.orders / paths,
            average_ordered: self.ordered / paths,
            average_shortage: self.short / paths,
        }
    }
}

impl Watch for Tally {
    fn order(&mut self, _step: usize, _arrival: usize, _position: f64, quantity: f64) {
        self.orders += 1.0;
        self.ordered += quantity;
    }

    fn period(&mut self, period: usize, end: &PeriodEnd) {
        self.ends[period * self.paths + self.path] = end.net as f32;
        self.demand += end.demand;
        self.short += end.short;
        self.stock += end.stock;
        if end.short > SHORT_SHARE * end.demand {
            self.out_by_period[period] += 1;
            self.is_out = true;
        }
    }
}
