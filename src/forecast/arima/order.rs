//! The order of a seasonal ARIMA model: how it is written, what it counts, how much history it needs.

use std::fmt;

/// Highest non-seasonal order that can be asked for.
const MAX_ORDER: usize = 9;
/// Highest seasonal order that can be asked for.
const MAX_SEASONAL: usize = 3;
/// Highest number of differences of one kind; two of each turn any trend into noise.
const MAX_DIFFERENCES: usize = 2;
/// Longest season, periods: one likelihood costs about `n·m²/2` operations.
const MAX_PERIOD: usize = 60;
/// Differences wanted per estimated parameter, and beside them, before estimates mean anything.
const PER_PARAMETER: usize = 2;
const BESIDE: usize = 3;

/// (p,d,q)(P,D,Q)[m] in the notation of Box & Jenkins (1970).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    /// p, autoregressive terms.
    pub(crate) ar: usize,
    /// d, differences.
    pub(crate) differences: usize,
    /// q, moving-average terms.
    pub(crate) ma: usize,
    /// P, seasonal autoregressive terms.
    pub(crate) seasonal_ar: usize,
    /// D, seasonal differences.
    pub(crate) seasonal_differences: usize,
    /// Q, seasonal moving-average terms.
    pub(crate) seasonal_ma: usize,
    /// m, periods per season; 1 without a seasonal part.
    pub(crate) period: usize,
}

impl Order {
    /// (p,d,q) without a season.
    pub(crate) fn new(ar: usize, differences: usize, ma: usize) -> Self {
        Self { ar, differences, ma, seasonal_ar: 0, seasonal_differences: 0, seasonal_ma: 0, period: 1 }
    }

    /// This order with a seasonal part (P,D,Q)[m].
    pub(crate) fn seasonal(self, ar: usize, differences: usize, ma: usize, period: usize) -> Self {
        let period = if ar + differences + ma == 0 { 1 } else { period };
        Self { seasonal_ar: ar, seasonal_differences: differences, seasonal_ma: ma, period, ..self }
    }

    /// Reads `(1,1,1)` or `(0,1,1)(0,1,1)[12]`; `None` when it isn't an order or is beyond the limits above.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, rest) = triple(text)?;
        let order = Self::new(first[0], first[1], first[2]);
        let order = if rest.is_empty() {
            order
        } else {
            let (second, rest) = triple(rest)?;
            let period = rest.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
            if period < 2 {
                return None;
            }
            order.seasonal(second[0], second[1], second[2], period)
        };
        order.is_within_limits().then_some(order)
    }

    fn is_within_limits(&self) -> bool {
        self.ar.max(self.ma) <= MAX_ORDER
            && self.seasonal_ar.max(self.seasonal_ma) <= MAX_SEASONAL
            && self.differences.max(self.seasonal_differences) <= MAX_DIFFERENCES
            && self.period <= MAX_PERIOD
    }

    /// True when P, D or Q is above zero; the search keeps m even where none is.
    pub(super) fn has_season(&self) -> bool {
        self.seasonal_ar + self.seasonal_differences + self.seasonal_ma > 0
    }

    /// d + D.
    pub(super) fn all_differences(&self) -> usize {
        self.differences + self.seasonal_differences
    }

    /// Observations that differencing uses up: d + m·D.
    pub(super) fn lost(&self) -> usize {
        self.differences + self.period * self.seasonal_differences
    }

    /// Coefficients φ, θ, Φ and Θ.
    pub(super) fn coefficients(&self) -> usize {
        self.ar + self.ma + self.seasonal_ar + self.seasonal_ma
    }

    /// Everything that is estimated: coefficients, the constant if there is one, and σ².
    pub(super) fn parameters(&self, constant: Constant) -> usize {
        self.coefficients() + usize::from(constant == Constant::Estimated) + 1
    }

    /// Differences (`n − d − mD`) needed before the estimates mean anything: two per parameter and three beside them,
    /// and a season more for each lag of m that is estimated.
    pub(super) fn differences_needed(&self, constant: Constant) -> usize {
        PER_PARAMETER * self.parameters(constant) + BESIDE + self.period * self.seasonal_ar.max(self.seasonal_ma)
    }
}

impl fmt::Display for Order {
    /// `(1,1,1)` or `(0,1,1)(0,1,1)[12]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({},{},{})", self.ar, self.differences, self.ma)?;
        if self.has_season() {
            let Self { seasonal_ar, seasonal_differences, seasonal_ma, period, .. } = self;
            write!(f, "({seasonal_ar},{seasonal_differences},{seasonal_ma})[{period}]")?;
        }
        Ok(())
    }
}

/// Whether the differenced series has a mean of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constant {
    /// Mean zero.
    Zero,
    /// Estimated: the mean of the series when nothing is differenced, the drift otherwise.
    Estimated,
}

fn triple(text: &str) -> Option<([usize; 3], &str)> {
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let mut numbers = inside.split(',').map(|word| word.parse::<usize>().ok());
    let order = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some((order, rest))
}
