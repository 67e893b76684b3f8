//! Items without a past of their own, as values: what they are like, or what they replace.

use super::sales::SeriesId;
use serde::{Deserialize, Serialize};

/// Where a new item's history comes from. Several of one new item add up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Succession {
    /// The new item.
    pub new: SeriesId,
    /// The item whose history it borrows.
    pub reference: SeriesId,
    /// Units of the new item for one of the reference, > 0.
    pub multiplier: f64,
    /// Periods until the new item sells in full (and a replaced one no more); 0 is at once.
    pub launch_periods: usize,
    /// What happens to the reference.
    pub kind: SuccessionKind,
}

/// What happens to the item that a new one refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum SuccessionKind {
    /// It sells on: the new item is merely like it.
    #[default]
    Like,
    /// The new item takes its place: its forecast runs out as the new one's grows.
    Replace,
}
