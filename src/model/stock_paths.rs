//! Stock walked over demand paths, period by period.

/// One item's stock on every sample path, `[path, period]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StockPaths {
    /// Periods of a path.
    pub periods: usize,
    /// Stock at the end of each period, units; a backlog is negative.
    pub net: Vec<f32>,
    /// Demand of each period, units.
    pub demand: Vec<f32>,
    /// Demand of each period that found no stock, units; rounding is 0.
    pub short: Vec<f32>,
    /// Orders per path, mean.
    pub orders: f64,
}

impl StockPaths {
    /// Number of paths.
    pub fn len(&self) -> usize {
        self.net.len().checked_div(self.periods).unwrap_or(0)
    }

    /// True when there is no path.
    pub fn is_empty(&self) -> bool {
        self.net.is_empty()
    }

    /// Units short per period, one path after the other.
    pub fn shorts(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.short.chunks_exact(self.periods.max(1))
    }

    /// Stock at the ends of periods, one path after the other.
    pub fn nets(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.net.chunks_exact(self.periods.max(1))
    }

    /// Mean units short per path.
    pub fn mean_short(&self) -> f64 {
        mean(&self.short, self.len())
    }

    /// Mean units asked for per path.
    pub fn mean_demand(&self) -> f64 {
        mean(&self.demand, self.len())
    }

    /// Share of demand served from stock, in `[0, 1]`; 1 when there was none.
    pub fn fill_rate(&self) -> f64 {
        let demand = self.mean_demand();
        if demand > 0.0 { (1.0 - self.mean_short() / demand).clamp(0.0, 1.0) } else { 1.0 }
    }
}

fn mean(values: &[f32], paths: usize) -> f64 {
    values.iter().map(|x| f64::from(*x)).sum::<f64>() / paths.max(1) as f64
}
