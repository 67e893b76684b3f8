//! What one item's safety stock buys: service against stock, from no safety stock to a lot.

use super::replenishment::SafetyBasis;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// Which service a curve shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ServiceMeasure {
    /// Simulated share of demand served from stock.
    FillRate,
    /// Probability that an order cycle sees no shortage, by formula.
    CycleService,
}

impl ServiceMeasure {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::FillRate, Self::CycleService];

    /// The measure that safety stock of this basis is made for; the fill rate where it is made for neither.
    pub fn of(basis: SafetyBasis) -> Self {
        match basis {
            SafetyBasis::CycleService => Self::CycleService,
            SafetyBasis::FillRate | SafetyBasis::ShortageCost | SafetyBasis::Cover => Self::FillRate,
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::FillRate => Text::new("Fill rate", "满足率"),
            Self::CycleService => Text::new("Cycle service", "周期服务水平"),
        }
    }
}

/// What one safety stock gives over the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ServicePoint {
    /// Safety stock, units.
    pub safety_stock: f64,
    /// Simulated mean stock on hand, units.
    pub average_stock: f64,
    /// The same × unit cost, money.
    pub stock_value: f64,
    /// Simulated share of demand served from stock, in `[0, 1]`.
    pub fill_rate: f64,
    /// Probability that an order cycle sees no shortage, by formula, in `[0, 1]`; `None` without demand or spread.
    pub cycle_service: Option<f64>,
}

impl ServicePoint {
    /// The service, in `[0, 1]`.
    pub fn service(&self, measure: ServiceMeasure) -> Option<f64> {
        match measure {
            ServiceMeasure::FillRate => Some(self.fill_rate),
            ServiceMeasure::CycleService => self.cycle_service,
        }
    }
}

/// Less service than this between two points is none: what rounding makes of a curve that has become flat.
const FLAT: f64 = 1e-6;
const ONE_PER_CENT: f64 = 0.01;

/// Service against stock of one item at one location as its safety stock grows, everything else as it is. The same demand
/// paths are walked for every point, so that points differ by the safety stock alone. Service grows along it; stock does too,
/// but for the lots that happen to arrive before the horizon's end.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ServiceCurve {
    /// From no safety stock to a lot.
    pub points: Vec<ServicePoint>,
}

impl ServiceCurve {
    /// Money that one more per cent of service binds in stock, from a safety stock on; `None` where more stock brings no more
    /// service, and beyond the curve.
    ///
    /// It is told by the first point that is a per cent better, else by the last: with large lots and a short horizon, one
    /// order more or less before its end makes the stock of neighbours leap.
    pub fn money_per_point(&self, measure: ServiceMeasure, safety_stock: f64) -> Option<f64> {
        let above = self.points.partition_point(|p| p.safety_stock <= safety_stock).max(1);
        let from = self.points.get(above - 1)?;
        let service = from.service(measure)?;
        let later = self.points.get(above..)?;
        let to = later.iter().find(|p| p.service(measure) >= Some(service + ONE_PER_CENT)).or(later.last())?;
        let more = to.service(measure)? - service;
        (more > FLAT).then(|| (to.stock_value - from.stock_value).max(0.0) * ONE_PER_CENT / more)
    }
}
