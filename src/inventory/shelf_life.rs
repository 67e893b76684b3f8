//! Goods that don't keep: how far levels may go, and what is thrown away.
//!
//! What is ordered up to S arrives after the lead time and must be sold within its shelf life, so S may not exceed the
//! mean demand of lead time + shelf life. With first in, first out, of an order up to S the units beyond the demand X of
//! that time expire: `E[(S − X)⁺]`, with X normal (after Nahmias 1982, *Perishable Inventory Theory: A Review*, Operations
//! Research 30(4), for a fixed life).

use super::demand::Demand;
use super::inputs::{Inputs, WHOLE};
use super::policy::NormalDemand;

/// What a shelf life does to an item's levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ShelfLife {
    /// Shelf life, periods, > 0.
    pub periods: f64,
    /// Highest level whose goods are sold in time on the mean, units.
    pub cap: f64,
    /// Units expected to expire of an order up to the level in force.
    pub waste: f64,
}

/// The shelf life's limit and waste at a max level; `None` for goods that keep.
pub(super) fn shelf_life(of: &Demand<'_>, inputs: &Inputs, max_level: f64) -> Option<ShelfLife> {
    let periods = inputs.shelf_life;
    if periods <= WHOLE {
        return None;
    }
    let sold = of.interval(inputs.lead + periods);
    let cap = sold.mean;
    let level = max_level.min(cap);
    let waste = NormalDemand::new(sold.mean, sold.sd).map_or(0.0, |x| (level - sold.mean + x.loss(level)).max(0.0));
    Some(ShelfLife { periods, cap, waste })
}
