//! Attention pooling: an average of all states whose weights the network makes, beside the last state.

use crate::forecast::neural::simd::LANES;
use std::ops::Range;

/// A block's attention.
#[derive(Debug)]
pub(super) struct Attention {
    at: Range<usize>,
    query: Vec<f32>,
    /// `a[time, lane]`.
    pub(super) weights: Vec<f32>,
}

impl Attention {
    /// Room for a block of windows of `window` steps.
    pub(super) fn new(at: Range<usize>, window: usize) -> Self {
        Self { query: vec![0.0; at.len()], at, weights: vec![0.0; window * LANES] }
    }

    /// The average of `states[time, unit, lane]`, into `pooled[unit, lane]`; `query[unit]` is the parameter.
    pub(super) fn forward(&mut self, query: &[f32], states: &[f32], pooled: &mut [f32]) {
        let scale = 1.0 / (query.len() as f32).sqrt();
        self.query.clear();
        self.query.extend(query.iter().map(|q| q * scale));
        let row = query.len() * LANES;
        self.weights.fill(0.0);
        for (scores, state) in self.weights.chunks_exact_mut(LANES).zip(states.chunks_exact(row)) {
            for (q, h) in self.query.iter().zip(state.chunks_exact(LANES)) {
                scores.iter_mut().zip(h).for_each(|(s, h)| *s += q * h);
            }
        }
        let (mut largest, mut sum) = ([f32::MIN; LANES], [0.0_f32; LANES]);
        for scores in self.weights.chunks_exact(LANES) {
            largest.iter_mut().zip(scores).for_each(|(m, s)| *m = m.max(*s));
        }
        for scores in self.weights.chunks_exact_mut(LANES) {
            for ((s, m), sum) in scores.iter_mut().zip(&largest).zip(&mut sum) {
                *s = (*s - m).exp();
                *sum += *s;
            }
        }
        pooled.fill(0.0);
        for (weights, state) in self.weights.chunks_exact_mut(LANES).zip(states.chunks_exact(row)) {
            weights.iter_mut().zip(&sum).for_each(|(w, sum)| *w /= sum);
            for (pooled, h) in pooled.chunks_exact_mut(LANES).zip(state.chunks_exact(LANES)) {
                pooled.iter_mut().zip(h).zip(&*weights).for_each(|((p, h), w)| *p += w * h);
            }
        }
    }

    /// Adds to `d_states` and to the query's gradient, from the average's.
    pub(super) fn backward(&self, states: &[f32], d_pooled: &[f32], d_states: &mut [f32], gradient: &mut [f32]) {
        let row = self.query.len() * LANES;
        let scale = 1.0 / (self.query.len() as f32).sqrt();
        // d_scores = a·(d_a − Σ a·d_a), d_a[t] = d_pooled·h[t].
        let mut d_weights = vec![0.0_f32; self.weights.len()];
        let mut mean = [0.0_f32; LANES];
        for ((d, weights), state) in
            d_weights.chunks_exact_mut(LANES).zip(self.weights.chunks_exact(LANES)).zip(states.chunks_exact(row))
        {
            for (dp, h) in d_pooled.chunks_exact(LANES).zip(state.chunks_exact(LANES)) {
                d.iter_mut().zip(h).zip(dp).for_each(|((d, h), dp)| *d += h * dp);
            }
            mean.iter_mut().zip(&*d).zip(weights).for_each(|((m, d), w)| *m += d * w);
        }
        let gradient = &mut gradient[self.at.clone()];
        let steps = d_weights.chunks_exact(LANES).zip(self.weights.chunks_exact(LANES));
        for ((d, weights), (state, d_state)) in steps.zip(states.chunks_exact(row).zip(d_states.chunks_exact_mut(row)))
        {
            let mut d_score = [0.0_f32; LANES];
            d_score.iter_mut().zip(d).zip(weights).zip(&mean).for_each(|(((s, d), w), m)| *s = w * (d - m));
            for (u, (h, dh)) in state.chunks_exact(LANES).zip(d_state.chunks_exact_mut(LANES)).enumerate() {
                let (q, dp) = (self.query[u], &d_pooled[u * LANES..(u + 1) * LANES]);
                for lane in 0..LANES {
                    dh[lane] += weights[lane] * dp[lane] + d_score[lane] * q;
                }
                gradient[u] += scale * h.iter().zip(&d_score).map(|(h, s)| h * s).sum::<f32>();
            }
        }
    }
}
