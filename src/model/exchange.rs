//! Stock value against service: what the same money could give.

use super::sales::SeriesId;
use super::segment::Segment;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// What a unit short counts when money is spread over items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ShortWeight {
    /// Its unit cost: the most demand is served for the money, by value.
    #[default]
    Value,
    /// Its shortage cost: the least is lost.
    ShortageCost,
}

impl ShortWeight {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Value, Self::ShortageCost];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Value => Text::new("Value served", "满足金额"),
            Self::ShortageCost => Text::new("Shortage cost", "缺货成本"),
        }
    }
}

/// Stock and service of many items together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CurvePoint {
    /// Mean stock on the shelf × unit cost, money.
    pub stock_value: f64,
    /// What of it comes from ordering in lots, money.
    pub cycle_value: f64,
    /// What of it is safety stock, money.
    pub safety_value: f64,
    /// Share of demand served from stock, by value at unit cost, in `[0, 1]`.
    pub fill_rate: f64,
    /// The same by units, in `[0, 1]`.
    pub fill_by_units: f64,
    /// Units short a year × shortage cost, money.
    pub shortage_cost: f64,
    /// The one service level of all items, where they have one.
    pub service_level: Option<f64>,
    /// Shortage, at its weight and a year, that one more unit of money takes off: alike for all items on an efficient point.
    pub price: f64,
}

/// How service levels may be given to one item: the corners of its own best curve, the cheapest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemLevels {
    /// Whose.
    pub id: SeriesId,
    /// Service level and what the step to it takes off per money; the first corner's is infinite.
    pub corners: Vec<(f64, f64)>,
}

/// Stock value against service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExchangeCurve {
    /// The segment; `None` for all items.
    pub segment: Option<Segment>,
    /// What a unit short counts.
    pub weight: ShortWeight,
    /// Items counted.
    pub counted: usize,
    /// Items left out: without demand, without a unit cost, bought to order, or one order for the whole horizon.
    pub left_out: usize,
    /// The best that money can buy, the cheapest first.
    pub efficient: Vec<CurvePoint>,
    /// The same service level for all items, the lowest first.
    pub common: Vec<CurvePoint>,
    /// Where the levels in force stand on the same formulas.
    pub present: CurvePoint,
    /// The same from the simulation, which starts with today's stock.
    pub simulated: CurvePoint,
    /// The efficient point that costs what the present one does.
    pub same_money: Option<CurvePoint>,
    /// The efficient point that serves as the present one does.
    pub same_service: Option<CurvePoint>,
    /// Each counted item's levels.
    pub levels: Vec<ItemLevels>,
}

impl ExchangeCurve {
    /// The service level of every counted item on an efficient point or a common one.
    pub fn levels_at(&self, point: &CurvePoint) -> Vec<(&SeriesId, f64)> {
        let level = |item: &ItemLevels| match point.service_level {
            Some(level) => level,
            None => item.corners.iter().rev().find(|(_, worth)| *worth >= point.price).map_or(0.5, |(level, _)| *level),
        };
        self.levels.iter().map(|item| (&item.id, level(item))).collect()
    }
}
