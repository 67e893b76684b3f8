//! Forecasts judged by what they lead to: an item's own policy walked over the demand that came.
//!
//! At each origin of a backtest a candidate decides levels as a plan would, for every review until the next origin, from
//! what it said then: its mean, and its spread of the demand of several periods together. The walk is the simulation's own,
//! with one path, the actual demand, and orders that take the mean lead time. All candidates begin alike, with the max level of
//! one of them on the shelf and nothing under way; what is left at the end is worth nothing and costs nothing, purchases are the
//! same for all in the long run and aren't counted. Not walked: units that expire, whose levels are lowered all the same. A
//! reorder point by the quantile of sample paths needs paths, which a backtest doesn't keep: the standard one stands for it.
//!
//! # Costs at the same service
//! What a forecast is worth is a matter of stock *and* service (Kourentzes, Trapero & Barrow 2020, *Optimising forecasting
//! models for inventory planning*, International Journal of Production Economics 225; Syntetos, Nikolopoulos & Boylan 2010,
//! *Judging the judges through accuracy-implication metrics*, International Journal of Forecasting 26). Where a shortage has a
//! cost, the total weighs both. Where it has none, the cheapest forecast is the one that leaves the shelf empty. So every
//! candidate is walked again with one number of units on top of all its levels, the smallest with which it serves as
//! large a share of demand as the reference did by its own levels; the reference, too, gives back what it didn't need.
//! Units rather than a factor of safety stock: a forecast that claims to be certain has none to scale.

use super::decide::{Depth, decide_for};
use super::demand::Demand;
use super::inputs::amount;
use super::lot_size::LotRule;
use super::simulate::{LeadDraws, Levels, PeriodEnd, Setting, Walk, Watch};
use crate::model::{CandidateCost, CostBasis, Item, Period, StockPolicy, WalkedStock};

/// What a candidate had said at an origin.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// Expected demand per period, units.
    pub mean: &'a [f64],
    /// Standard deviation of the demand of the first `n` periods together, `n = 1..`, units; empty for a certain one.
    pub spread: &'a [f64],
}

/// An origin and the demand that came until the next one.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The first period forecast.
    pub start: Period,
    /// Demand per period, units. What isn't finite isn't known.
    pub actual: &'a [f64],
}

/// What candidates led to.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldoutCosts {
    /// Stock that all began with, units.
    pub opening: f64,
    /// Periods walked over.
    pub periods: usize,
    /// Periods left out: nobody knows their demand, and no demand would reward whoever forecast too little. Time stands
    /// still in them, for all candidates alike.
    pub unknown: usize,
    /// By what candidates are ranked.
    pub basis: CostBasis,
    /// What each led to.
    pub candidates: Vec<CandidateCost>,
}

/// Walks every candidate over the demand of `origins`, oldest first; `candidates[k][i]` is what the `k`-th had said at the
/// `i`-th origin, and the `reference`-th is the one whose opening stock and fill rate are everybody's. `None` when no demand is
/// known, or there is no such candidate.
///
/// # Panics
/// When a candidate hasn't one statement for each origin: a bug of the caller.
pub fn walk_holdout(
    origins: &[Origin<'_>],
    candidates: &[Vec<Stated<'_>>],
    reference: usize,
    (item, policy): (&Item, StockPolicy),
) -> Option<HoldoutCosts> {
    let demand: Vec<f64> = origins.iter().flat_map(|o| o.actual).copied().filter(|d| d.is_finite()).collect();
    let unknown = origins.iter().map(|o| o.actual.len()).sum::<usize>() - demand.len();
    if demand.is_empty() {
        return None;
    }
    let steered: Vec<Steered> = candidates.iter().map(|said| Steered::new(origins, said, item, policy)).collect();
    let first = steered.get(reference)?;
    let rates = first.rates;
    let setting = Setting { on_hand: first.max_level, on_order: 0.0, lead_sd_periods: 0.0, ..first.setting };
    let leads = LeadDraws::in_steps(&setting, demand.len() * setting.steps());
    let ground = Ground { demand, setting, leads, rates };
    let own: Vec<WalkedStock> = steered.iter().map(|s| ground.walk(s, 0.0)).collect();
    let service = own[reference].fill_rate();
    let basis = match rates {
        Rates { holding, shortage, .. } if holding > 0.0 && shortage > 0.0 => CostBasis::Total,
        Rates { holding, .. } if holding > 0.0 => CostBasis::SameService,
        _ => CostBasis::StockAtSameService,
    };
    let candidate = |(steered, own): (&Steered, WalkedStock)| {
        let found = ground.least_buffer(steered, &own, service);
        let compared = match basis {
            CostBasis::Total => Some(own.total()),
            CostBasis::SameService => found.map(|(_, walked)| walked.total()),
            CostBasis::StockAtSameService => found.map(|(_, walked)| walked.average_stock),
        };
        CandidateCost { own, buffer: found.map(|f| f.0), same_service: found.map(|f| f.1), compared }
    };
    let candidates = steered.iter().zip(own).map(candidate).collect();
    let (opening, periods) = (ground.setting.on_hand, ground.demand.len());
    Some(HoldoutCosts { opening, periods, unknown, basis, candidates })
}

/// What things cost, money.
#[derive(Debug, Clone, Copy)]
struct Rates {
    /// A unit for a period.
    holding: f64,
    /// An order.
    order: f64,
    /// A unit short.
    shortage: f64,
}

/// A candidate's levels and lots, review by review over all known periods.
struct Steered {
    levels: Vec<Levels>,
    lots: Vec<LotRule>,
    /// Of the first origin: none of it but the lot is the forecast's.
    setting: Setting,
    max_level: f64,
    rates: Rates,
}

impl Steered {
    fn new(origins: &[Origin<'_>], said: &[Stated<'_>], item: &Item, policy: StockPolicy) -> Self {
        assert_eq!(origins.len(), said.len(), "a statement for each origin");
        let (mut levels, mut lots) = (Vec::new(), Vec::new());
        let (mut first, mut last) = (None, None);
        for (origin, said) in origins.iter().zip(said) {
            let of = Demand::stated(origin.start, said.mean, said.spread);
            let decision = decide_for(&of, item, policy, Depth::Levels);
            let at = |t: usize| decision.levels[t.min(decision.levels.len() - 1)];
            let known = (0..origin.actual.len()).filter(|t| origin.actual[*t].is_finite());
            levels.extend(known.map(at));
            lots.resize(levels.len(), decision.setting.lot);
            let inputs = &decision.inputs;
            last = Some((at(origin.actual.len()), decision.setting.lot));
            first.get_or_insert_with(|| {
                let rates = Rates {
                    holding: inputs.holding_per_period,
                    order: inputs.order_cost,
                    shortage: inputs.shortage_cost,
                };
                (decision.setting, amount(decision.numbers.max_level), rates)
            });
        }
        let (setting, max_level, rates) = first.expect("demand is known, so there is an origin");
        // The review at the very end orders for what nobody walks over.
        levels.extend(last.map(|(pair, _)| pair));
        lots.extend(last.map(|(_, lot)| lot));
        Self { levels, lots, setting, max_level, rates }
    }

    fn above(&self, units: f64) -> Vec<Levels> {
        let above = |l: &Levels| Levels { reorder_point: l.reorder_point + units, max_level: l.max_level + units };
        self.levels.iter().map(above).collect()
    }
}

/// What all candidates walk over.
struct Ground {
    demand: Vec<f64>,
    setting: Setting,
    leads: LeadDraws,
    rates: Rates,
}

/// Halvings of a range of units until the smallest number is known: to a billionth of it.
const HALVINGS: usize = 30;
/// Fill rates this close are the same.
const SAME_SERVICE: f64 = 1e-9;

impl Ground {
    /// Walks with so many units on top of all levels.
    fn walk(&self, steered: &Steered, units: f64) -> WalkedStock {
        let levels = steered.above(units);
        let mut walk = Walk::new(&levels, &self.setting, self.demand.len()).with_lots(steered.lots.clone());
        let mut seen = Seen::default();
        walk.run(self.demand.iter().copied(), |step| self.leads.whole(0, step), &mut seen);
        let Seen { demand, short, stock, orders } = seen;
        WalkedStock {
            demand,
            short,
            average_stock: stock / self.demand.len() as f64,
            orders,
            holding: stock * self.rates.holding,
            ordering: orders as f64 * self.rates.order,
            shortage: short * self.rates.shortage,
        }
    }

    /// The smallest number of units on top of all levels that serves this share of demand, and the walk with it; where whole
    /// lots make service jump back and forth, one of those that do.
    fn least_buffer(&self, steered: &Steered, own: &WalkedStock, service: f64) -> Option<(f64, WalkedStock)> {
        let serves = |walked: &WalkedStock| walked.fill_rate() >= service - SAME_SERVICE;
        let largest = steered.levels.iter().map(|l| l.max_level).filter(|x| x.is_finite()).fold(0.0, f64::max);
        // With levels below nothing no order is placed; with all demand on top the first one lasts.
        let (lowest, highest) = (-largest - own.demand - 1.0, own.demand + self.setting.on_hand + 1.0);
        let (mut low, mut high, mut found) = if serves(own) {
            let nothing = self.walk(steered, lowest);
            if serves(&nothing) {
                return Some((lowest, nothing));
            }
            (lowest, 0.0, *own)
        } else {
            let most = self.walk(steered, highest);
            if !serves(&most) {
                return None;
            }
            (0.0, highest, most)
        };
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            let walked = self.walk(steered, middle);
            if serves(&walked) {
                (high, found) = (middle, walked);
            } else {
                low = middle;
            }
        }
        Some((high, found))
    }
}

/// Sums over a walk.
#[derive(Debug, Default)]
struct Seen {
    demand: f64,
    short: f64,
    stock: f64,
    orders: usize,
}

impl Watch for Seen {
    fn order(&mut self, _step: usize, _arrival: usize, _position: f64, _quantity: f64) {
        self.orders += 1;
    }

    fn period(&mut self, _period: usize, end: &PeriodEnd) {
        self.demand += end.demand;
        self.short += end.short;
        self.stock += end.stock;
    }
}
