//! Warnings of stock-outs replayed over history and held against what happened.
//!
//! Nobody keeps what stock was, only what was sold. So the item's policy is walked over the real demand of its latest
//! periods, with levels made at each origin from the demand before it alone. At each origin the question is the one that
//! an alert asks: will stock run out before an order placed now arrives? What is on hand and under way then, and demand
//! drawn anew from the periods before (bootstrap), give the probability; what the real demand did gives the answer.

use crate::model::{AlertReplay, AlertScore};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use statrs::distribution::{ContinuousCDF, Normal};

/// How the item is replenished.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayPolicy {
    /// Whole periods until an order arrives, ≥ 1.
    pub lead: usize,
    /// Periods of demand that the reorder point covers: lead time plus review period.
    pub cover: f64,
    /// Periods between two looks at the stock, ≥ 1.
    pub review: usize,
    /// Target cycle service level, in `(0, 1)`.
    pub service_level: f64,
    /// Safety stock set by the user, units.
    pub safety: Option<f64>,
    /// What an order lifts the position above the reorder point, units, ≥ 0.
    pub lot: f64,
}

/// How much is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayOptions {
    /// Latest periods whose demand is taken as what happened.
    pub origins: usize,
    /// Periods before an origin that its levels and its odds are made of.
    pub window: usize,
    /// Bootstrap draws per origin.
    pub draws: usize,
    /// Seed of the draws.
    pub seed: u64,
}

impl Default for ReplayOptions {
    /// Half a year of weeks as what happened, half a year before each; 200 draws tell 5 % apart.
    fn default() -> Self {
        Self { origins: 26, window: 26, draws: 200, seed: 1 }
    }
}

/// Fewest periods before an origin.
const FEWEST: usize = 8;

/// One origin of one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayCase {
    /// Period of the history, from 0, before whose demand the question is asked.
    pub origin: usize,
    /// Stock on hand then, units.
    pub net: f64,
    /// Probability of running out before an order placed then would arrive, in `[0, 1]`.
    pub probability: f64,
    /// Whether it did.
    pub happened: bool,
}

/// Replays one item; empty when its history is too short to learn from and to be held against. `round` makes a quantity an
/// order that the supplier accepts.
pub fn replay(
    history: &[f64],
    policy: &ReplayPolicy,
    options: &ReplayOptions,
    round: impl Fn(f64) -> f64,
) -> Vec<ReplayCase> {
    let (n, lead) = (history.len(), policy.lead.max(1));
    let first = n.saturating_sub(options.origins).max(FEWEST);
    // The walk settles from its start at the max level before it is asked.
    let settled = first.saturating_sub(options.window.min(first - FEWEST));
    if n < first + lead {
        return Vec::new();
    }
    let level = service_quantile(policy.service_level);
    let mut walk = RealWalk { net: f64::NAN, due: vec![0.0; n + lead + 1], short: vec![false; n], asked: Vec::new() };
    for t in settled..n {
        let known = &history[t.saturating_sub(options.window)..t];
        let (mean, sd) = mean_and_sd(known);
        let safety = policy.safety.unwrap_or((level * sd * policy.cover.sqrt()).max(0.0));
        let reorder = policy.cover * mean + safety;
        if walk.net.is_nan() {
            walk.net = reorder + policy.lot;
        }
        walk.net += walk.due[t];
        if t >= first && t + lead <= n {
            walk.asked.push((t, walk.net));
        }
        walk.serve(t, history[t].max(0.0));
        if (t + 1).is_multiple_of(policy.review.max(1)) {
            let position = walk.net + walk.due[t + 1..].iter().sum::<f64>();
            if position <= reorder {
                walk.due[t + lead] += round(reorder + policy.lot - position).max(0.0);
            }
        }
    }
    walk.cases(history, lead, options)
}

struct RealWalk {
    net: f64,
    /// Units arriving at the beginning of each period.
    due: Vec<f64>,
    short: Vec<bool>,
    /// Origins and what was on hand.
    asked: Vec<(usize, f64)>,
}

/// A shortage below this share of demand is rounding.
const SHORT_SHARE: f64 = 1e-9;

impl RealWalk {
    /// Demand that finds no stock is lost.
    fn serve(&mut self, t: usize, demand: f64) {
        self.short[t] = demand - self.net > SHORT_SHARE * demand;
        self.net = (self.net - demand).max(0.0);
    }

    fn cases(&self, history: &[f64], lead: usize, options: &ReplayOptions) -> Vec<ReplayCase> {
        let mut random = ChaCha8Rng::seed_from_u64(options.seed);
        let case = |(t, net): &(usize, f64)| {
            let known = &history[t.saturating_sub(options.window)..*t];
            // What orders placed before bring in: all that comes before an order placed now would.
            let arriving = &self.arrivals(*t)[..lead];
            let out = (0..options.draws.max(1)).filter(|_| runs_out(*net, arriving, known, &mut random)).count();
            ReplayCase {
                origin: *t,
                net: *net,
                probability: out as f64 / options.draws.max(1) as f64,
                happened: self.short[*t..t + lead].iter().any(|short| *short),
            }
        };
        self.asked.iter().map(case).collect()
    }

    /// Units arriving in the periods from `t` on; those of `t` itself are on hand already.
    fn arrivals(&self, t: usize) -> Vec<f64> {
        let mut due = self.due[t..].to_vec();
        due[0] = 0.0;
        due
    }
}

/// Whether a draw of demand empties the stock.
fn runs_out(net: f64, arriving: &[f64], known: &[f64], random: &mut ChaCha8Rng) -> bool {
    let mut net = net;
    for more in arriving {
        let demand = known[random.random_range(0..known.len())].max(0.0);
        net += more - demand;
        if net < -SHORT_SHARE * demand {
            return true;
        }
    }
    false
}

fn service_quantile(level: f64) -> f64 {
    let level = if level.is_finite() { level.clamp(0.001, 0.9999) } else { 0.95 };
    Normal::standard().inverse_cdf(level)
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().map(|v| v.max(0.0)).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v.max(0.0) - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0)).sqrt())
}

/// Thresholds of the curve, percent.
const THRESHOLDS: [usize; 21] = [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99];

/// Scores warnings at every threshold; `items` are the cases of one item each.
pub fn score(items: &[Vec<ReplayCase>]) -> AlertReplay {
    let cases: Vec<&ReplayCase> = items.iter().flatten().collect();
    let at = |percent: &usize| {
        let threshold = *percent as f64 / 100.0;
        let count = |raised: bool, happened: bool| {
            cases.iter().filter(|c| (c.probability >= threshold) == raised && c.happened == happened).count()
        };
        AlertScore {
            threshold,
            hits: count(true, true),
            false_alarms: count(true, false),
            misses: count(false, true),
            quiet: count(false, false),
        }
    };
    AlertReplay {
        scores: if cases.is_empty() { Vec::new() } else { THRESHOLDS.iter().map(at).collect() },
        items: items.iter().filter(|i| !i.is_empty()).count(),
        origins: items.iter().map(Vec::len).max().unwrap_or(0),
        cases: cases.len(),
        stockouts: cases.iter().filter(|c| c.happened).count(),
    }
}
