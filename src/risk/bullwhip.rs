//! How much more orders vary than demand.
//!
//! Chen, Drezner, Ryan & Simchi-Levi 2000, *Quantifying the Bullwhip Effect in a Simple Supply Chain: The Impact of
//! Forecasting, Lead Times, and Information*, Management Science 46(3), 436–443. A stage that forecasts by the moving average
//! of the last `p` periods and orders up to lead-time demand, `y_t = L·D̂_t + z·σ̂_t`, orders `q_t = y_t − y_{t−1} + D_{t−1}`. For
//! independent demand `Var(q) / Var(D) ≥ 1 + 2L/p + 2L²/p²`, with equality when the safety stock doesn't move (their
//! equation 5). Here the stage may also order in lots, look at its stock now and then, and never sends goods back.
//!
//! Only the inventory position decides on orders, so neither receipts nor stock-outs need be walked: demand that finds
//! no stock is taken as waiting, as in the paper.

use crate::model::StockPaths;

/// Whether an order may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderSign {
    /// Goods never go back.
    NeverBack,
    /// The paper's assumption: what is too much goes back without cost.
    Either,
}

/// A stage that orders by a reorder point that follows its forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderPolicy {
    /// Periods of demand that the reorder point covers, ≥ 0: lead time, plus review period.
    pub cover: f64,
    /// Periods between two looks at the stock, ≥ 1.
    pub review: usize,
    /// Safety stock, units; constant.
    pub safety: f64,
    /// What an order lifts the position above the reorder point, units, ≥ 0.
    pub lot: f64,
    /// Periods of the moving average that the reorder point follows; `None` when it stays where the first periods put it.
    pub window: Option<usize>,
    /// Whether an order may be negative.
    pub sign: OrderSign,
}

/// Orders of each period after the first `warm`, which only set the stage; an order is placed after its period's demand.
/// `round` makes a quantity an order that the supplier accepts.
pub fn orders(demand: &[f64], warm: usize, policy: &OrderPolicy, round: impl Fn(f64) -> f64) -> Vec<f64> {
    let warm = warm.clamp(1, demand.len().max(1)).min(demand.len());
    let window = policy.window.unwrap_or(warm).max(1);
    let mut sum: f64 = demand[..warm].iter().rev().take(window).sum();
    let mut held = warm.min(window);
    let level = |sum: f64, held: usize| policy.cover * sum / held.max(1) as f64 + policy.safety;
    // The stage starts as its policy would have it.
    let mut position = level(sum, held) + policy.lot;
    let mut placed = Vec::with_capacity(demand.len() - warm);
    for (t, d) in demand.iter().enumerate().skip(warm) {
        position -= d;
        if policy.window.is_some() {
            sum += d;
            if held == window {
                sum -= demand[t - window];
            } else {
                held += 1;
            }
        }
        let reorder = level(sum, held);
        let is_look = (t - warm + 1).is_multiple_of(policy.review.max(1));
        let wish = reorder + policy.lot - position;
        let quantity = match policy.sign {
            OrderSign::Either if is_look => wish,
            OrderSign::NeverBack if is_look && position <= reorder => round(wish).max(0.0),
            _ => 0.0,
        };
        position += quantity;
        placed.push(quantity);
    }
    placed
}

/// `1 + 2L/p + 2L²/p²`: the least ratio of variances for independent demand (equation 5).
pub fn moving_average_bound(lead: f64, window: f64) -> f64 {
    let share = lead / window;
    1.0 + 2.0 * share + 2.0 * share * share
}

/// Sums that a variance over paths and periods is made of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PathVariance {
    count: f64,
    mean: f64,
    squares: f64,
}

impl PathVariance {
    /// Takes in a value (Welford 1962).
    pub fn add(&mut self, x: f64) {
        self.count += 1.0;
        let before = x - self.mean;
        self.mean += before / self.count;
        self.squares += before * (x - self.mean);
    }

    /// Takes in many.
    pub fn add_all(&mut self, values: impl IntoIterator<Item = f64>) {
        values.into_iter().for_each(|x| self.add(x));
    }

    /// Variance, divisor n − 1; 0 of fewer than two.
    pub fn variance(&self) -> f64 {
        if self.count < 2.0 { 0.0 } else { self.squares / (self.count - 1.0) }
    }

    /// Mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

/// Variance of orders ÷ variance of demand; `None` where demand doesn't vary.
pub fn variance_ratio(orders: &PathVariance, demand: &PathVariance) -> Option<f64> {
    let (up, down) = (orders.variance(), demand.variance());
    // Rounding of a constant isn't variation.
    let varies = down > 1e-12 * demand.mean().abs().max(1e-300).powi(2);
    (varies && down > 0.0).then(|| up / down).filter(|r| r.is_finite())
}

impl From<&StockPaths> for PathVariance {
    /// Of the demand of all paths and periods.
    fn from(paths: &StockPaths) -> Self {
        let mut all = Self::default();
        all.add_all(paths.demand.iter().map(|d| f64::from(*d)));
        all
    }
}
