//! Why a number is what it is: the formula, its inputs and where they came from.

use crate::words::Text;
use serde::{Deserialize, Serialize};

/// The derivation of one number, ready to be read aloud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// What the number is, for example "Reorder point".
    pub quantity: Text,
    /// The number.
    pub value: f64,
    /// Its unit, for example "units"; may be empty.
    pub unit: Text,
    /// The formula in the inputs' symbols, for example `d·L + z·√(L·σ_d² + d²·σ_L²)`.
    pub formula: String,
    /// The inputs in the order of the formula.
    pub inputs: Vec<WhyInput>,
    /// The method's source or a remark; may be empty.
    pub note: Text,
}

/// One input of a derivation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhyInput {
    /// Symbol in the formula.
    pub symbol: String,
    /// What it is.
    pub name: Text,
    /// Its value.
    pub value: f64,
    /// Its unit; may be empty.
    pub unit: Text,
    /// Where it came from: the item file, a default, the forecast, a slider.
    pub source: Text,
}
