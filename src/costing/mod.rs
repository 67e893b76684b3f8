//! Plans → cost ledger.
//!
//! # What is planned and what is expected
//! *Purchase* and *ordering* price the order list of the stock plan, so that the ledger agrees with the orders that the
//! user is about to place; that list follows the forecast mean. *Holding* and *shortage* price what the simulation over
//! the forecast's sample paths expects, because uncertainty is what they cost. *Transport* and *unmet demand* price the
//! dispatch plan. [`cash_flow`] dates what of it is paid, and [`allocate`] spreads what items share. Each line says so in
//! its source, and is quantity × rate = amount. Lines of nothing (no quantity, or no rate) are left out.

mod allocate;
mod cash;
mod compute;
mod shapley;
mod spread;

pub use allocate::{AllocationInputs, allocate};
pub use cash::{CashInputs, cash_flow};
pub(crate) use compute::money;
pub use compute::{CostInputs, compute, compute_series};
pub use shapley::{
    AirportGame, EXACT_PLAYERS, Game, Shapley, TripGame, TripOccasion, shapley, shapley_exact, shapley_sampled,
};
