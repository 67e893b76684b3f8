//! An item's stock walked path by path while supply or demand is disturbed.
//!
//! The walk, the policy and the random numbers are those of the plan's own simulation, so that a difference is the
//! disturbance's and not luck's. Supply that stops holds orders back: placed meanwhile, they leave when it is over and are on
//! order until then; what was under way before still arrives. Orders placed while supply is late take longer. Demand is
//! multiplied on every path.

use super::decide::{Decision, decide};
use super::inputs::amount;
use super::plan::paths;
use super::simulate::{LeadDraws, PeriodEnd, SHORT_SHARE, Setting, Walk, Watch};
use crate::model::{Forecast, Item, StockPaths, StockPolicy};
use std::ops::Range;

/// What befalls one item, in steps of its forecast from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Disturbance {
    /// Periods in which nothing is shipped to it. An end beyond the horizon means that supply doesn't come back.
    pub supply_stops: Vec<Range<usize>>,
    /// Periods in which orders placed take so many days longer.
    pub late: Vec<(Range<usize>, f64)>,
    /// Periods in which demand is so many times the forecast's.
    pub demand: Vec<(Range<usize>, f64)>,
}

/// Walks the item's stock over its forecast's paths as its plan would run it, disturbed.
pub fn walk_disturbed(forecast: &Forecast, item: &Item, policy: &StockPolicy, disturbance: &Disturbance) -> StockPaths {
    let Decision { levels, setting, .. } = decide(forecast, item, policy);
    let demand = paths(forecast);
    let periods = demand.steps();
    let mut walk = Walk::new(&levels, &setting, periods);
    let leads = Leads::new(&setting, disturbance, periods, forecast.start.frequency().days());
    let times: Vec<f64> = (0..periods).map(|t| factor(disturbance, t)).collect();
    let mut kept = Kept(StockPaths { periods, ..StockPaths::default() });
    for values in [&mut kept.0.net, &mut kept.0.demand, &mut kept.0.short] {
        values.reserve_exact(demand.values().len());
    }
    for (k, path) in demand.iter().enumerate() {
        let disturbed = path.iter().zip(&times).map(|(d, times)| f64::from(*d) * times);
        walk.run(disturbed, |step| leads.whole(k, step), &mut kept);
    }
    kept.0.orders /= demand.len().max(1) as f64;
    kept.0
}

fn factor(disturbance: &Disturbance, period: usize) -> f64 {
    disturbance.demand.iter().filter(|(when, _)| when.contains(&period)).map(|(_, times)| amount(*times)).product()
}

/// Lead times of orders in whole steps, by the step in which they are placed.
struct Leads {
    usual: LeadDraws,
    /// By the step in which an order is placed: the step in which it leaves, and its own lead times where they differ.
    placed: Vec<(usize, Option<usize>)>,
    longer: Vec<LeadDraws>,
}

impl Leads {
    fn new(setting: &Setting, disturbance: &Disturbance, periods: usize, days: f64) -> Self {
        let steps = setting.steps();
        let last = periods * steps;
        let mut longer: Vec<LeadDraws> = Vec::new();
        let mut known: Vec<f64> = Vec::new();
        let mut placed = Vec::with_capacity(last);
        for step in 0..last {
            let leaves = left(&disturbance.supply_stops, step / steps).map_or(step, |p| p.saturating_mul(steps));
            let late = disturbance.late.iter().filter(|(when, _)| when.contains(&(step / steps)));
            let extra = late.map(|(_, days)| amount(*days)).sum::<f64>() / days;
            let which = (extra > 0.0).then(|| {
                known.iter().position(|e| e.to_bits() == extra.to_bits()).unwrap_or_else(|| {
                    let slower = Setting { lead_periods: setting.lead_periods + extra, ..*setting };
                    longer.push(LeadDraws::in_steps(&slower, last));
                    known.push(extra);
                    known.len() - 1
                })
            });
            placed.push((leaves, which));
        }
        Self { usual: LeadDraws::in_steps(setting, last), placed, longer }
    }

    fn whole(&self, path: usize, step: usize) -> usize {
        let (leaves, which) = self.placed[step];
        let lead = which.map_or(&self.usual, |k| &self.longer[k]).whole(path, step);
        (leaves - step).saturating_add(lead)
    }
}

/// The period in which an order of `period` leaves, when supply stops then: the end of the stop, or of the one that follows at
/// once.
fn left(stops: &[Range<usize>], period: usize) -> Option<usize> {
    let end = |at: usize| stops.iter().filter(|stop| stop.contains(&at)).map(|stop| stop.end).max();
    let mut leaves = end(period)?;
    while let Some(later) = end(leaves) {
        leaves = later;
    }
    Some(leaves)
}

struct Kept(StockPaths);

impl Watch for Kept {
    fn order(&mut self, _step: usize, _arrival: usize, _position: f64, _quantity: f64) {
        self.0.orders += 1.0;
    }

    fn period(&mut self, _period: usize, end: &PeriodEnd) {
        self.0.net.push(end.net as f32);
        self.0.demand.push(end.demand as f32);
        self.0.short.push(if end.short > SHORT_SHARE * end.demand { end.short as f32 } else { 0.0 });
    }
}
