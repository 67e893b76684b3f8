//! Demand per period in whole units, as the probability of each quantity.

use statrs::distribution::{ContinuousCDF, Discrete, Normal, Poisson};

/// Largest demand with a probability of its own, units: convolution takes the square of it.
const LARGEST_DEMAND: usize = 10_000;
/// Demands beyond are rarer than this and left out; far below any cost's last digit.
const RARE: f64 = 1e-20;

/// Probability of each whole demand: `pmf[d]`, `d = 0..=n`, summing to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandPmf {
    pmf: Vec<f64>,
}

impl DemandPmf {
    /// From probabilities or counts of demand 0, 1, 2, …; scaled to sum to 1. `None` when one is negative or not a
    /// number, all are 0, or there are more than 10 001.
    pub fn new(weights: &[f64]) -> Option<Self> {
        let sum: f64 = weights.iter().sum();
        let sane = weights.len() <= LARGEST_DEMAND + 1 && weights.iter().all(|&w| w >= 0.0);
        (sane && sum > 0.0 && sum.is_finite()).then(|| Self::scaled(weights.to_vec(), sum))
    }

    /// Poisson demand. `None` unless the mean is in `(0, 8000]`.
    pub fn poisson(mean: f64) -> Option<Self> {
        let demand = (mean <= 8e3).then(|| Poisson::new(mean).ok()).flatten()?;
        let last = mean + 12.0 * mean.sqrt() + 30.0;
        Self::new(&(0..=last as u64).map(|d| demand.pmf(d)).collect::<Vec<_>>())
    }

    /// Normal demand rounded to the nearest whole unit, halves up, what falls below 0 counted as 0:
    /// `P(D = d) = Φ((d + ½ − μ)/σ) − Φ((d − ½ − μ)/σ)`. `None` when mean or deviation is negative or not a number,
    /// or demands above 10 000 aren't rare.
    pub fn normal(mean: f64, sd: f64) -> Option<Self> {
        let last = mean + 9.5 * sd + 1.0;
        if !(mean >= 0.0 && sd >= 0.0 && last <= LARGEST_DEMAND as f64) {
            return None;
        }
        if sd == 0.0 {
            let only = (mean + 0.5).floor() as usize;
            return Self::new(&(0..=only).map(|d| f64::from(d == only)).collect::<Vec<_>>());
        }
        let normal = Normal::standard();
        let between = |low: f64, high: f64| {
            // Above the mean, upper tails keep the digits that 1 − tiny loses.
            if low > 0.0 { normal.sf(low) - normal.sf(high) } else { normal.cdf(high) - normal.cdf(low) }
        };
        let edge = |d: f64| (d - mean) / sd;
        let probability = |d: usize| {
            let low = if d == 0 { f64::NEG_INFINITY } else { edge(d as f64 - 0.5) };
            between(low, edge(d as f64 + 0.5)).max(0.0)
        };
        Self::new(&(0..=last as usize).map(probability).collect::<Vec<_>>())
    }

    /// Demand of several independent periods together. `None` when demands above 10 000 aren't rare.
    pub fn over(&self, periods: usize) -> Option<Self> {
        let (mut sum, mut power) = (Self { pmf: vec![1.0] }, self.clone());
        let mut left = periods;
        while left > 0 {
            if left % 2 == 1 {
                sum = sum.plus(&power)?;
            }
            left /= 2;
            if left > 0 {
                power = power.plus(&power)?;
            }
        }
        Some(sum)
    }

    /// `pmf[d]`, `d = 0..=n`.
    pub fn probabilities(&self) -> &[f64] {
        &self.pmf
    }

    /// Mean demand, units.
    pub fn mean(&self) -> f64 {
        self.pmf.iter().enumerate().map(|(d, p)| d as f64 * p).sum()
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        let mut pmf = vec![0.0; self.pmf.len() + other.pmf.len() - 1];
        for (i, p) in self.pmf.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            for (sum, q) in pmf[i..].iter_mut().zip(&other.pmf) {
                *sum += p * q;
            }
        }
        let sum = pmf.iter().sum();
        let both = Self::scaled(pmf, sum);
        (both.pmf.len() <= LARGEST_DEMAND + 1).then_some(both)
    }

    fn scaled(mut pmf: Vec<f64>, sum: f64) -> Self {
        let mut tail = 0.0;
        while pmf.len() > 1 {
            tail += pmf.last().map_or(0.0, |last| last / sum);
            if tail > RARE {
                break;
            }
            pmf.pop();
        }
        for p in &mut pmf {
            *p /= sum;
        }
        Self { pmf }
    }
}
