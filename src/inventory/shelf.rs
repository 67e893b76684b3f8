//! How one item's stock answers to its safety stock, in the closed form that the exchange curve adds up; the formulas stand in
//! `exchange`.

use super::covered::Covered;
use super::demand::{Demand, interval_demand};
use super::exchange::PlannedItem;
use super::inputs::{Inputs, amount};
use super::simulate::ReviewMoment;
use crate::model::{Forecast, Item, Policy, ShortageRule, Stocking};

/// What a safety stock gives, units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShelfFigures {
    /// Mean stock on the shelf, units.
    pub on_hand: f64,
    /// Half a mean order, units.
    pub cycle: f64,
    /// Share of demand not served from stock, in `[0, 1]`.
    pub short: f64,
}

/// How one item's stock answers to its safety stock, in closed form.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    /// Mean demand of the protection interval, units.
    need: f64,
    /// Deviation that a safety factor multiplies, units.
    pub(super) spread: f64,
    /// Mean demand of the time between an order and its goods, units.
    until: f64,
    until_sd: f64,
    /// Mean demand of a whole lead time less `until`, units: by so much a level's own demand is moved when it is fitted.
    moved: f64,
    /// Demand between two looks, units.
    between: f64,
    between_sd: f64,
    lot: LotAbove,
    inputs: Inputs,
    shortage: ShortageRule,
    /// Mean demand a year, units.
    pub(super) yearly: f64,
}

/// Where an order fills the position up to.
#[derive(Debug, Clone, Copy)]
enum LotAbove {
    /// So much above the reorder point.
    Reorder(f64),
    /// A level that the user set.
    Level(f64),
}

/// Most rounds of the search for a shortage that leads to itself; a handful is enough.
const FIXED_POINT: usize = 30;
/// Shares of demand this near are the same.
const SAME_SHARE: f64 = 1e-10;

/// Demand between two looks is never more than so many deviations above its mean.
const MOST_SDS: f64 = 6.0;

/// Looks within a period, where the plan reacts within it.
const LOOKS: f64 = 8.0;

impl Shelf {
    /// `None` for an item that the curve can't count: no demand, no unit cost, bought to order, or ordered once.
    pub(super) fn new(planned: &PlannedItem<'_>, shortage: ShortageRule) -> Option<Self> {
        let (item, stock) = (planned.item, planned.stock);
        let is_counted = item.stocking == Stocking::Stocked && item.policy != Policy::Newsvendor;
        let inputs = Inputs::new(&Demand::of(planned.forecast), item, shortage);
        let is_worth = amount(item.unit_cost) > 0.0 && inputs.yearly_demand > 0.0;
        if !is_counted || !is_worth {
            return None;
        }
        let lot = match item.max_level.filter(|level| level.is_finite()) {
            Some(level) => LotAbove::Level(amount(level)),
            None => LotAbove::Reorder((stock.max_level - stock.reorder_point).max(0.0)),
        };
        Some(Self::of(planned.forecast, inputs, lot, shortage))
    }

    fn of(forecast: &Forecast, inputs: Inputs, lot: LotAbove, shortage: ShortageRule) -> Self {
        let over = |periods: f64| interval_demand(forecast, periods);
        let need = over(inputs.protection());
        let per_period = if need.per_period > 0.0 { need.per_period } else { inputs.demand };
        let (looks, until) = match inputs.moment() {
            ReviewMoment::BeforeDemand => (inputs.review_periods() as f64, inputs.lead),
            ReviewMoment::AfterDemand if inputs.lead < 1.0 => (1.0 / LOOKS, inputs.lead - 1.0 / LOOKS),
            ReviewMoment::AfterDemand => (inputs.review_periods() as f64, inputs.lead - 1.0),
        };
        let steps = if looks < 1.0 { LOOKS } else { 1.0 };
        let lead_sd = per_period * (inputs.lead_sd.powi(2) + rounding(&inputs, steps)).sqrt();
        let (mean, sd) = if until > 0.0 { (over(until).mean, over(until).sd) } else { (until * per_period, 0.0) };
        let between_sd = if looks < 1.0 { over(1.0).sd * looks } else { over(looks).sd };
        Self {
            need: need.mean,
            spread: need.sd.hypot(per_period * inputs.lead_sd),
            until: mean,
            until_sd: sd.hypot(lead_sd),
            moved: if inputs.moment() == ReviewMoment::AfterDemand { per_period * looks } else { 0.0 },
            between: per_period * looks,
            between_sd,
            lot,
            shortage,
            yearly: inputs.yearly_demand,
            inputs,
        }
    }

    /// Stock and shortage at a safety stock, units.
    pub(super) fn at(&self, safety: f64) -> ShelfFigures {
        let reorder = self.need + safety;
        let (level, is_every_look) = match self.lot {
            LotAbove::Reorder(lot) => (reorder + lot, lot <= 0.0),
            LotAbove::Level(level) => (level, level <= reorder),
        };
        if is_every_look { self.every_look(level) } else { self.lots(reorder, level) }
    }

    /// Demand of some mean above a moved level.
    fn covered(&self, mean: f64, sd: f64) -> Option<Covered> {
        let mean = mean + self.moved;
        if self.inputs.lead_sd > 0.0 { Covered::skewed(mean, sd) } else { Covered::new(mean, sd) }
    }

    fn lots(&self, reorder: f64, level: f64) -> ShelfFigures {
        let (below, below_sd) = self.below();
        let quantity = self.inputs.lot.round_up(level - reorder + below).max(f64::MIN_POSITIVE);
        let Some(covered) = self.covered(self.until + below, self.until_sd.hypot(below_sd)) else {
            return ShelfFigures { on_hand: 0.0, cycle: 0.0, short: 0.0 };
        };
        let low = reorder + self.moved;
        let short = (covered.loss(low) - covered.loss(low + quantity)).max(0.0);
        let waiting = (covered.second_loss(low) - covered.second_loss(low + quantity)) / quantity;
        let net = reorder - below + quantity / 2.0 - self.until;
        ShelfFigures {
            on_hand: self.on_hand(net, waiting, short),
            cycle: quantity / 2.0,
            short: self.share(short, quantity),
        }
    }

    /// Every look orders up to `level`. What is lost is never ordered again, so less is under way by its share: the shortage
    /// is the one that it leads to itself.
    fn every_look(&self, level: f64) -> ShelfFigures {
        let first = self.look(level, 1.0);
        match self.shortage {
            ShortageRule::Backorder => first,
            ShortageRule::LostSales => self.self_made(level, first),
        }
    }

    /// The shortage that leads to itself: more of it leaves less under way, and so less of it. False position, with the
    /// weight of an end that stays halved (Dowell & Jarratt 1971, the Illinois algorithm).
    fn self_made(&self, level: f64, first: ShelfFigures) -> ShelfFigures {
        let excess = |short: f64| self.look(level, 1.0 - short).short - short;
        let (mut low, mut high) = ((0.0, first.short), (first.short, excess(first.short)));
        let mut at = high.0;
        for _ in 0..FIXED_POINT {
            if low.1 <= high.1 {
                break;
            }
            at = (low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1)).clamp(low.0, high.0);
            let found = excess(at);
            if found.abs() <= SAME_SHARE {
                break;
            }
            if found > 0.0 {
                low = (at, found);
                high.1 /= 2.0;
            } else {
                high = (at, found);
                low.1 /= 2.0;
            }
        }
        self.look(level, 1.0 - at)
    }

    /// The same with a share of the demand until goods arrive really under way.
    fn look(&self, level: f64, under_way: f64) -> ShelfFigures {
        let level = level + amount(self.inputs.lot.multiple) / 2.0;
        let until = if self.until > 0.0 { self.until * under_way } else { self.until };
        let end = self.covered(until + self.between, self.until_sd.hypot(self.between_sd));
        let (Some(end), Some(start)) = (end, self.covered(until, self.until_sd)) else {
            return ShelfFigures { on_hand: 0.0, cycle: 0.0, short: 0.0 };
        };
        let high = level + self.moved;
        let short = (end.loss(high) - start.loss(high)).max(0.0);
        let waiting = f64::midpoint(end.loss(high), start.loss(high));
        let net = level - until - self.between / 2.0;
        let cycle = self.between / 2.0;
        ShelfFigures { on_hand: self.on_hand(net, waiting, short), cycle, short: self.share(short, self.between) }
    }

    /// Mean stock on the shelf from net stock, what waits, and what a cycle is short of.
    fn on_hand(&self, net: f64, waiting: f64, short: f64) -> f64 {
        match self.shortage {
            ShortageRule::Backorder => net + waiting,
            // What is lost isn't taken from the next delivery: it stays on the shelf.
            ShortageRule::LostSales => net + waiting.max(short),
        }
        .max(0.0)
    }

    fn share(&self, short: f64, ordered: f64) -> f64 {
        let of = match self.shortage {
            ShortageRule::Backorder => ordered,
            ShortageRule::LostSales => ordered + short,
        };
        if of > 0.0 { (short / of).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Mean and deviation of the units by which a look finds the position below the reorder point. Demand between looks
    /// counts as gamma: it is never negative.
    fn below(&self) -> (f64, f64) {
        let mean = self.between;
        if mean <= 0.0 {
            return (0.0, 0.0);
        }
        let cv2 = (self.between_sd / mean).powi(2);
        // Demand that has died out leaves a deviation and hardly a mean; no look finds more missing than was ever wanted.
        let most = mean + MOST_SDS * self.between_sd;
        let first = (mean * (1.0 + cv2) / 2.0).min(most / 2.0);
        let second = (mean * mean * (1.0 + cv2) * (1.0 + 2.0 * cv2) / 3.0).min(most * most / 3.0);
        (first, (second - first * first).max(0.0).sqrt())
    }
}

/// Variance, periods², of a lead time that is rounded up or down to whole steps by chance, so that its mean stays: of a fixed
/// one by its fraction, of a varying one over all fractions.
fn rounding(inputs: &Inputs, steps: f64) -> f64 {
    let fraction = (inputs.lead * steps).fract();
    let variance = if inputs.lead_sd > 0.0 { 1.0 / 6.0 } else { fraction * (1.0 - fraction) };
    variance / (steps * steps)
}

/// What a safety stock gives one item whose orders fill the position up to `lot` above the reorder point, in the closed
/// form of the curve; `None` without demand.
pub fn shelf_figures(
    forecast: &Forecast,
    item: &Item,
    lot: f64,
    safety_stock: f64,
    shortage: ShortageRule,
) -> Option<ShelfFigures> {
    let inputs = Inputs::new(&Demand::of(forecast), item, shortage);
    if inputs.yearly_demand <= 0.0 {
        return None;
    }
    Some(Shelf::of(forecast, inputs, LotAbove::Reorder(amount(lot)), shortage).at(safety_stock))
}
