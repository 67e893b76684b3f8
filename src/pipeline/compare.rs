//! Two plans against each other.

use crate::model::Plan;
use crate::report::{Table, difference_table, periods_table};

/// What tells two plans apart, as tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Every figure that differs, item by item, the most money first.
    pub items: Table,
    /// Stock value, items out of stock and orders, period by period.
    pub periods: Table,
}

/// Compares two plans of the same data.
pub fn compare_plans(first: &Plan, second: &Plan) -> Comparison {
    Comparison { items: difference_table(first, second), periods: periods_table(first, second) }
}
