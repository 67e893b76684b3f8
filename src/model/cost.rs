//! Money: ledger lines that sum to every tile.

use super::calendar::Period;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a cost is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CostDriver {
    /// Goods bought.
    Purchase,
    /// Orders placed.
    Ordering,
    /// Stock held.
    Holding,
    /// Demand not served from stock.
    Shortage,
    /// Transport paid by the unit.
    TransportVariable,
    /// Trips.
    TransportFixed,
    /// Units handled at a site on their way out.
    Handling,
    /// Penalty of demand that the dispatch plan leaves unmet.
    UnmetDemand,
}

impl CostDriver {
    /// All drivers, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Purchase,
        Self::Ordering,
        Self::Holding,
        Self::Shortage,
        Self::TransportVariable,
        Self::TransportFixed,
        Self::Handling,
        Self::UnmetDemand,
    ];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Purchase => Text::new("Purchase", "采购"),
            Self::Ordering => Text::new("Ordering", "订货"),
            Self::Holding => Text::new("Holding", "持有"),
            Self::Shortage => Text::new("Shortage", "缺货"),
            Self::TransportVariable => Text::new("Transport, per unit", "运输（按件）"),
            Self::TransportFixed => Text::new("Transport, per trip", "运输（按车次）"),
            Self::Handling => Text::new("Handling", "装卸"),
            Self::UnmetDemand => Text::new("Unmet demand", "未满足需求"),
        }
    }
}

/// One line of the ledger: quantity × rate = amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What the cost is for.
    pub driver: CostDriver,
    /// Item code; empty when the cost belongs to no single item.
    pub item: Arc<str>,
    /// Location, site or `site → customer`; may be empty.
    pub place: Arc<str>,
    /// When; `None` for the whole horizon.
    pub period: Option<Period>,
    /// How much of the driver.
    pub quantity: f64,
    /// Unit of the quantity: units, orders, unit-years, trips.
    pub unit: Text,
    /// Money per unit of the quantity.
    pub rate: f64,
    /// quantity × rate, money.
    pub amount: f64,
    /// Where quantity and rate came from.
    pub source: Text,
}

/// All cost lines of a plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CostLedger {
    /// The lines, by driver, then item, place and period.
    pub lines: Vec<CostLine>,
}

impl CostLedger {
    /// Sum of all lines, money.
    pub fn total(&self) -> f64 {
        // An empty float sum is −0.0.
        self.lines.iter().map(|l| l.amount).sum::<f64>() + 0.0
    }

    /// Sum of one driver's lines, money.
    pub fn of(&self, driver: CostDriver) -> f64 {
        self.lines.iter().filter(|l| l.driver == driver).map(|l| l.amount).sum::<f64>() + 0.0
    }

    /// Sum per driver, money, only the drivers that occur.
    pub fn by_driver(&self) -> BTreeMap<CostDriver, f64> {
        let mut sums = BTreeMap::new();
        for line in &self.lines {
            *sums.entry(line.driver).or_insert(0.0) += line.amount;
        }
        sums
    }
}
