//! Shared costs spread over items.

use super::cost::CostDriver;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// By what shared costs are spread over items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AllocationKey {
    /// Units shipped or ordered.
    Units,
    /// Cubic metres: units × volume of one.
    Volume,
    /// Kilograms: units × weight of one.
    Weight,
    /// Money: units × unit cost.
    Value,
    /// Orders, or shipments: activity-based costing.
    Activity,
    /// Every item alike.
    Equal,
    /// The Shapley value: what an item adds to the cost, on the mean of all orders in which items might come.
    Shapley,
}

impl AllocationKey {
    /// All keys, in the order they are shown.
    pub const ALL: [Self; 7] =
        [Self::Units, Self::Volume, Self::Weight, Self::Value, Self::Activity, Self::Equal, Self::Shapley];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Volume => "volume",
            Self::Weight => "weight",
            Self::Value => "value",
            Self::Activity => "activity",
            Self::Equal => "equal",
            Self::Shapley => "shapley",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Units => Text::new("Units", "件数"),
            Self::Volume => Text::new("Volume", "体积"),
            Self::Weight => Text::new("Weight", "重量"),
            Self::Value => Text::new("Value", "金额"),
            Self::Activity => Text::new("Activity", "作业量"),
            Self::Equal => Text::new("Equal", "均摊"),
            Self::Shapley => Text::new("Shapley", "沙普利值"),
        }
    }

    /// Its place in [`AllocationKey::ALL`].
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|k| *k == self).unwrap_or(0)
    }
}

/// A cost that several items share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SharedCost {
    /// What it is for.
    pub driver: CostDriver,
    /// Where: a lane, or a supplier; may be empty.
    pub place: Arc<str>,
    /// Money, the sum of the ledger's lines.
    pub amount: f64,
    /// How its Shapley values were found.
    pub method: ShapleyMethod,
    /// The cost function that Shapley values are of, and what was missing.
    pub note: Text,
    /// Its items.
    pub shares: Vec<CostShare>,
}

/// How Shapley values were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShapleyMethod {
    /// Over all subsets.
    Exact,
    /// Over so many orders of joining, drawn at random.
    Sampled(usize),
}

/// One item's share of a shared cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostShare {
    /// Item code.
    pub item: Arc<str>,
    /// What each key but Shapley weighs it by, in the order of [`AllocationKey::ALL`].
    pub basis: [f64; 6],
    /// Its part by each key, money, in the order of [`AllocationKey::ALL`]; the parts of all items sum to the amount.
    pub parts: [f64; 7],
    /// Standard error of the sampled Shapley value, money; 0 when exact.
    pub standard_error: f64,
    /// What was missing and what was taken instead; may be empty.
    pub note: Text,
}

/// One item's cost with its part of what is shared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllocatedCost {
    /// Item code; empty when the ledger knows none.
    pub item: Arc<str>,
    /// Its own lines, money.
    pub direct: f64,
    /// Its part of the shared costs by each key, money, in the order of [`AllocationKey::ALL`].
    pub shared: [f64; 7],
    /// Standard error of the part by Shapley, money; 0 when exact.
    pub standard_error: f64,
    /// What was missing and what was taken instead; may be empty.
    pub note: Text,
}

impl AllocatedCost {
    /// Direct and shared cost together, money.
    pub fn total(&self, key: AllocationKey) -> f64 {
        self.direct + self.shared[key.index()]
    }
}

/// All costs by item: its own, and its part of what is shared. By every key the items sum to the ledger's total.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Allocation {
    /// By item code.
    pub items: Vec<AllocatedCost>,
    /// What is shared, by driver and place.
    pub shared: Vec<SharedCost>,
}
