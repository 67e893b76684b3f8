//! Plans + history → what may go wrong, with its money.
//!
//! ```text
//! StockPaths ─ loss ──────▶ expected loss per period, chance to run out before help arrives
//! StockPaths ─ disrupted ─▶ time to survive, time to recover, exposure
//! demand ──── bullwhip ───▶ variance of orders ÷ variance of demand, and what causes it
//! history ─── replay ─────▶ warnings against what happened: precision, recall
//! receipts ── scorecard ──▶ how well suppliers deliver, and what it costs that they don't
//! all of it ─ alerts ─────▶ one queue, ranked by money
//! ```
//!
//! Stock is walked elsewhere: `pipeline` hands over what the walk left.

mod alerts;
mod bullwhip;
mod disrupted;
mod loss;
mod replay;
mod scorecard;
mod tracking;

pub use alerts::{AlertFacts, alerts, ranked};
pub use bullwhip::{OrderPolicy, OrderSign, PathVariance, moving_average_bound, orders, variance_ratio};
pub use disrupted::{RECOVERED_SHARE, Walks, disrupted_item, survival};
pub use loss::{ShortRisk, short_risk};
pub use replay::{ReplayCase, ReplayOptions, ReplayPolicy, replay, score};
pub use scorecard::{PartnerInputs, scorecard, weigh};
pub use tracking::{TRACKED, Tracking, tracking};
