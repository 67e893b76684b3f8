//! The way from one scenario's cost to another's, step by step.

use super::cost::CostDriver;
use super::scenario::{Lever, Scope};
use crate::text;
use crate::words::Text;

/// Money per [`CostDriver`], in the order of [`CostDriver::ALL`].
pub type DriverCosts = [f64; CostDriver::ALL.len()];

/// Why cost differs.
#[derive(Debug, Clone, PartialEq)]
pub enum BridgeCause {
    /// The changes of one lever: at one scope, or at many items.
    Changes(Lever, Vec<Scope>),
    /// What is paid for no single item: transport, unmet demand; from the two plans.
    Network,
    /// What no single change explains: both make the same changes in another order, or costs are shared.
    Rest,
}

impl BridgeCause {
    /// The name for people.
    pub fn label(&self) -> Text {
        match self {
            Self::Changes(lever, scopes) => {
                let (name, places) = (lever.label(), scopes.len());
                let place = match &scopes[..] {
                    [one] => one.label(),
                    _ => text!("{places} items", "{places} 个商品"),
                };
                Text::new(format!("{}: {}", name.en, place.en), format!("{}：{}", name.zh, place.zh))
            }
            Self::Network => text!("Transport and unmet demand", "运输与未满足需求"),
            Self::Rest => text!("Order of the changes", "更改的先后次序"),
        }
    }
}

/// One step of the way.
#[derive(Debug, Clone, PartialEq)]
pub struct BridgePart {
    /// What was changed.
    pub cause: BridgeCause,
    /// What that changed, by driver, money.
    pub by_driver: DriverCosts,
    /// What that changed, money.
    pub change: f64,
}

/// From one scenario's total cost to another's. Parts and drivers sum to the change of the total exactly, bit by bit: all
/// amounts are rounded to one binary grid that is finer than a millionth of a millionth of the larger total.
#[derive(Debug, Clone, PartialEq)]
pub struct CostBridge {
    /// Cost of the first scenario by driver, money.
    pub before: DriverCosts,
    /// Cost of the second scenario by driver, money.
    pub after: DriverCosts,
    /// The steps, in the order in which they were taken: as the second scenario applies its changes, then what only the
    /// first one changes is taken back; what is paid for no single item stands last.
    pub parts: Vec<BridgePart>,
}

impl CostBridge {
    /// The change of the total, money.
    pub fn change(&self) -> f64 {
        self.after.iter().sum::<f64>() - self.before.iter().sum::<f64>()
    }
}
