//! Items cut into segments: what came of it.

use super::item::ItemField;
use super::sales::SeriesId;
use super::segment::{DemandClass, Segment};
use super::segmentation::Segmentation;
use crate::words::Text;

/// One item's classes and what they were made from.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemClass {
    /// Item and location.
    pub id: SeriesId,
    /// Its segment.
    pub segment: Segment,
    /// The criterion's value a year, money or units; negative when the item loses money.
    pub value: f64,
    /// Its share of all items' positive value, in `[0, 1]`.
    pub share: f64,
    /// The same summed over all items at least as dear, this one included, in `[0, 1]`.
    pub cumulative: f64,
    /// Place among all items by value, from 1; items of equal value share the first one's.
    pub rank: usize,
    /// Coefficient of variation by the measure; `None` when it isn't known.
    pub variation: Option<f64>,
    /// Pattern of demand.
    pub demand: DemandClass,
    /// Mean interval between periods with demand, periods; 0 without demand.
    pub interval: f64,
    /// Squared coefficient of variation of the sizes of demand; 0 without demand.
    pub size_cv2: f64,
    /// Units a year that the value was made with.
    pub units: f64,
    /// Periods since it first sold.
    pub known: usize,
    /// What the cuts alone would say, where the item keeps its former class.
    pub without_former: Option<Segment>,
    /// What is special about it: new, no price, no sales; may be empty.
    pub note: Text,
}

/// One cell of the matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentCell {
    /// Which.
    pub segment: Segment,
    /// Items in it.
    pub items: usize,
    /// Sum of the criterion's value, money or units.
    pub value: f64,
    /// Share of all items' value, in `[0, 1]`.
    pub share: f64,
    /// Mean simulated stock × unit cost, money.
    pub stock_value: f64,
    /// Simulated fill rate, weighted by forecast demand, in `[0, 1]`; `None` without demand.
    pub fill_rate: Option<f64>,
    /// Items whose own data overrules the segment's rule.
    pub exceptions: usize,
}

/// All items in their segments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segments {
    /// How they were cut.
    pub segmentation: Segmentation,
    /// Every item's classes, in panel order.
    pub items: Vec<ItemClass>,
    /// The nine cells, AX first; empty before there are stock plans.
    pub cells: Vec<SegmentCell>,
}

impl Segments {
    /// The classes of an item; the items are sorted as their panel is.
    pub fn get(&self, id: &SeriesId) -> Option<&ItemClass> {
        self.items.binary_search_by(|class| class.id.cmp(id)).ok().map(|k| &self.items[k])
    }

    /// Every item's segment, to be kept as its former class.
    pub fn to_keep(&self) -> Vec<(SeriesId, Segment)> {
        self.items.iter().map(|class| (class.id.clone(), class.segment)).collect()
    }
}

/// A field in which an item's own data overrules what the engine or its segment says.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentException {
    /// Item and location.
    pub id: SeriesId,
    /// Its segment.
    pub segment: Option<Segment>,
    /// Which field.
    pub field: ItemField,
    /// What the engine or the segment's rule says, for people.
    pub computed: Text,
    /// What the item's own data says.
    pub own: Text,
    /// True when a rule of the segment says the former, else the engine.
    pub by_segment: bool,
    /// Mean stock value with its own word less that without it, money.
    pub stock_difference: f64,
    /// Fill rate with its own word less that without it.
    pub fill_difference: f64,
}
