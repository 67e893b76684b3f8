//! Plans and history → what may go wrong and what it costs.

mod scorecard;

pub use scorecard::{PartnerInputs, scorecard, weigh};
