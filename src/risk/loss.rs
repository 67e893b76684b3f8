//! Expected units short per period, and the chance to run out before an order placed now arrives.

use crate::model::StockPaths;

/// What walked paths say about running out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShortRisk {
    /// Share of paths short in each period, in `[0, 1]`.
    pub stockout: Vec<f64>,
    /// Mean units short in each period.
    pub short: Vec<f64>,
    /// Share of paths short at least once before period `lead`, in `[0, 1]`.
    pub run_out: f64,
    /// The period in which most of these are short for the first time, from 0.
    pub run_out_at: usize,
    /// Mean units short before period `lead`.
    pub short_before: f64,
}

/// Reads paths: an order placed now arrives at the beginning of period `lead`, so that nothing can help before.
pub fn short_risk(paths: &StockPaths, lead: usize) -> ShortRisk {
    let (periods, count) = (paths.periods, paths.len().max(1) as f64);
    let (mut out, mut short, mut first) = (vec![0_u32; periods], vec![0.0; periods], vec![0_u32; periods]);
    for path in paths.shorts() {
        let mut began = None;
        for (t, units) in path.iter().enumerate().filter(|(_, units)| **units > 0.0) {
            out[t] += 1;
            short[t] += f64::from(*units);
            began = began.or(Some(t));
        }
        if let Some(t) = began {
            first[t] += 1;
        }
    }
    let lead = lead.min(periods);
    for units in &mut short {
        *units /= count;
    }
    let begun = &first[..lead];
    // Of equals the earliest: `max_by_key` takes the last.
    let run_out_at = (0..lead).rev().max_by_key(|t| begun[*t]).unwrap_or(0);
    ShortRisk {
        stockout: out.iter().map(|n| f64::from(*n) / count).collect(),
        run_out: f64::from(begun.iter().sum::<u32>()) / count,
        run_out_at,
        short_before: short[..lead].iter().sum::<f64>() + 0.0,
        short,
    }
}
