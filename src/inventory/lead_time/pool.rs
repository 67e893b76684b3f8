//! Items with few orders borrow from their supplier: empirical Bayes for means and variances.
//!
//! Model of a supplier's items i with orders j: `x_ij ~ N(μ_i, σ_i²)`, `μ_i ~ N(m, τ²)`, and `σ_i²` around a common `s₀²` as if that
//! were known from `d₀` orders more.
//!
//! - *Variances*: `s̃² = (d₀s₀² + d·s²)/(d₀ + d)`, `d = n − 1`; d₀ and s₀² by the moments of `ln s²`. Smyth, G. K. (2004) Linear models
//!   and empirical Bayes methods for assessing differential expression, *Stat. Appl. Genet. Mol. Biol.* 3(1), section 6.2.
//! - *τ²*: analysis of variance with unequal n, `τ² = (MSB − MSW)/n₀`, `n₀ = (N − Σn²/N)/(k − 1)`, at least 0. Searle, Casella and
//!   others (1992) *Variance Components*, section 3.6.
//! - *Means*: `(1 − B)·x̄ + B·m`, `B = (k − 3)/(k − 1) · V/(V + τ²)`, `V = s̃²/n`, m the mean of the x̄ with weights `1/(V + τ²)`.
//!   Morris, C. N. (1983) Parametric empirical Bayes inference, *JASA* 78(381), 47–55: the factor keeps a handful of items from
//!   being trusted to know τ². Below four items nothing is borrowed.

use super::statistics::{mean, squares};
use statrs::function::gamma::digamma;

/// Days are whole: a deviation that looks like 0 may be rounding's (Sheppard's 1/12).
const ROUNDING: f64 = 1.0 / 12.0;
/// d₀ where the variances of too few items can't tell it: as much as one item's first orders.
const PRIOR_ORDERS: f64 = 4.0;
/// Most that d₀ counts; beyond it, variances are one.
const LARGEST_PRIOR: f64 = 1e4;

/// One item's orders in three numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    n: f64,
    mean: f64,
    /// Sum of squares around the mean.
    squares: f64,
}

impl Own {
    pub(super) fn of(days: &[f64]) -> Self {
        Self { n: days.len() as f64, mean: mean(days), squares: squares(days) }
    }

    /// Degrees of freedom of its variance.
    fn freedom(self) -> f64 {
        (self.n - 1.0).max(0.0)
    }
}

/// What an item has after borrowing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Borrowed {
    pub(super) mean: f64,
    pub(super) sd: f64,
    /// 1 − B.
    pub(super) own_weight: f64,
    /// d/(d₀ + d).
    pub(super) own_sd_weight: f64,
    /// Standard error of the mean, √((1 − B)·V).
    pub(super) mean_error: f64,
}

/// A supplier and its items.
#[derive(Debug)]
pub(super) struct Pooled {
    pub(super) mean: f64,
    /// √MSW.
    pub(super) sd: Option<f64>,
    /// τ.
    pub(super) between_sd: Option<f64>,
    pub(super) items: Vec<Borrowed>,
}

/// Items that borrow nothing.
pub(super) fn apart(items: &[Own]) -> Pooled {
    let one = |own: &Own| {
        let variance = if own.freedom() > 0.0 { own.squares / own.freedom() } else { 0.0 };
        Borrowed {
            mean: own.mean,
            sd: variance.sqrt(),
            own_weight: 1.0,
            own_sd_weight: 1.0,
            mean_error: (variance / own.n.max(1.0)).sqrt(),
        }
    };
    let n: f64 = items.iter().map(|i| i.n).sum();
    let all = items.iter().map(|i| i.n * i.mean).sum::<f64>() / n.max(1.0);
    Pooled { mean: all, sd: within(items).map(f64::sqrt), between_sd: None, items: items.iter().map(one).collect() }
}

/// A supplier's items, each drawn towards the supplier as far as its own orders leave it open.
pub(super) fn pool(items: &[Own]) -> Pooled {
    let known: Vec<Own> = items.iter().copied().filter(|i| i.n > 0.0).collect();
    let (k, Some(within)) = (known.len() as f64, within(items)) else { return apart(items) };
    let between = if k > 1.0 { Some(between(&known, within)) } else { None };
    let (prior, common) = prior_of_variances(items, within);
    let variance = |own: &Own| (prior * common + own.squares) / (prior + own.freedom());
    let tau = between.unwrap_or(0.0);
    let error = |own: &Own| variance(own) / own.n;
    let (mut sum, mut weights) = (0.0, 0.0);
    for own in &known {
        // Orders that all took the same days would weigh infinitely much.
        let weight = 1.0 / (error(own) + tau).max(ROUNDING / own.n);
        sum += weight * own.mean;
        weights += weight;
    }
    let centre = sum / weights;
    let trust = if k > 3.0 { (k - 3.0) / (k - 1.0) } else { 0.0 };
    let one = |own: &Own| {
        let error = if own.n > 0.0 { error(own) } else { f64::INFINITY };
        let ratio = if error.is_infinite() { 1.0 } else { error / (error + tau).max(f64::MIN_POSITIVE) };
        let own_weight = 1.0 - trust * ratio;
        Borrowed {
            mean: own_weight * own.mean + (1.0 - own_weight) * centre,
            sd: variance(own).sqrt(),
            own_weight,
            own_sd_weight: own.freedom() / (prior + own.freedom()),
            mean_error: if error.is_finite() { (own_weight * error).sqrt() } else { tau.sqrt() },
        }
    };
    let items = items.iter().map(one).collect();
    Pooled { mean: centre, sd: Some(within.sqrt()), between_sd: between.map(f64::sqrt), items }
}

/// MSW; `None` when no item has two orders.
fn within(items: &[Own]) -> Option<f64> {
    let freedom: f64 = items.iter().map(|i| i.freedom()).sum();
    (freedom > 0.0).then(|| items.iter().map(|i| i.squares).sum::<f64>() / freedom)
}

/// τ² of at least two items.
fn between(items: &[Own], within: f64) -> f64 {
    let (k, n) = (items.len() as f64, items.iter().map(|i| i.n).sum::<f64>());
    let all = items.iter().map(|i| i.n * i.mean).sum::<f64>() / n;
    let between = items.iter().map(|i| i.n * (i.mean - all).powi(2)).sum::<f64>() / (k - 1.0);
    let n0 = (n - items.iter().map(|i| i.n * i.n).sum::<f64>() / n) / (k - 1.0);
    ((between - within) / n0).max(0.0)
}

/// d₀ and s₀².
fn prior_of_variances(items: &[Own], within: f64) -> (f64, f64) {
    let with_spread: Vec<&Own> = items.iter().filter(|i| i.freedom() > 0.0).collect();
    let k = with_spread.len() as f64;
    if items.len() < 2 {
        return (0.0, within);
    }
    if k < 3.0 {
        return (PRIOR_ORDERS, within);
    }
    let e: Vec<f64> = with_spread
        .iter()
        .map(|i| {
            let half = i.freedom() / 2.0;
            (i.squares / i.freedom()).max(ROUNDING).ln() - digamma(half) + half.ln()
        })
        .collect();
    let centre = mean(&e);
    let noise = with_spread.iter().map(|i| trigamma(i.freedom() / 2.0)).sum::<f64>() / k;
    let spread = squares(&e) / (k - 1.0) - noise;
    if spread <= 0.0 {
        return (LARGEST_PRIOR, within);
    }
    let prior = (2.0 * inverse_trigamma(spread)).min(LARGEST_PRIOR);
    (prior, (centre + digamma(prior / 2.0) - (prior / 2.0).ln()).exp())
}

/// ψ′(x), x > 0: recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 1964, 6.4.6 and 6.4.12).
fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 10.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * 5.0 / 66.0))));
    sum + 1.0 / x + y / 2.0 + series / x
}

/// The x with ψ′(x) = y, y > 0: bisection on the logarithm, since ψ′ falls throughout.
fn inverse_trigamma(y: f64) -> f64 {
    let (mut low, mut high) = (1e-8_f64.ln(), 1e8_f64.ln());
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if trigamma(middle.exp()) > y { low = middle } else { high = middle }
    }
    f64::midpoint(low, high).exp()
}
