//! The arithmetic of the fused network: two matrix products, the gates, Adam.
//!
//! Activations lie as `[row, lane]` with [`LANES`] samples side by side, so a product multiplies whole rows by single
//! weights and never transposes a sample. Sums run in one fixed order, whatever the thread.

#![allow(clippy::inline_always, reason = "a kernel must be inlined into the function compiled for its instruction set")]

use super::simd::{LANES, sigmoid, tanh};
use pulp::{Simd, WithSimd};

/// Rows of one register tile. With two columns of vectors it fills ten of AVX2's sixteen registers with sums, enough
/// to hide the latency of a multiply-add, and divides the usual widths (4·50, 50) without waste.
const TILE: usize = 5;

/// A weight matrix `[row, depth]` cut into tiles of [`TILE`] rows, `[tile, depth, row in tile]`, the last one filled
/// up with zeros: the order in which [`Multiply`] reads it.
#[derive(Debug)]
pub(super) struct Panels {
    rows: usize,
    depth: usize,
    values: Vec<f32>,
}

impl Panels {
    /// Panels of a matrix that is still all zeros.
    pub(super) fn new(rows: usize, depth: usize) -> Self {
        Self { rows, depth, values: vec![0.0; rows.div_ceil(TILE) * TILE * depth] }
    }

    /// Takes the matrix whose element `(row, k)` is `a[row·depth + k]`.
    pub(super) fn fill(&mut self, a: &[f32]) {
        let depth = self.depth;
        for (panel, rows) in self.values.chunks_exact_mut(depth * TILE).zip(a.chunks(depth * TILE)) {
            for (r, row) in rows.chunks_exact(depth).enumerate() {
                panel[r..].iter_mut().step_by(TILE).zip(row).for_each(|(cell, v)| *cell = *v);
            }
        }
    }

    /// Takes the transpose of a matrix: element `(row, k)` is `a[k·rows + row]`.
    pub(super) fn fill_transposed(&mut self, a: &[f32]) {
        for (tile, panel) in self.values.chunks_exact_mut(self.depth * TILE).enumerate() {
            let from = tile * TILE;
            for (cells, row) in panel.chunks_exact_mut(TILE).zip(a.chunks_exact(self.rows)) {
                match row[from..].first_chunk::<TILE>() {
                    Some(whole) => cells.copy_from_slice(whole),
                    None => cells[..self.rows - from].copy_from_slice(&row[from..]),
                }
            }
        }
    }
}

/// Most of a sum's terms that are added in one go, so that their `b` stays in the first-level cache.
const DEPTH: usize = 128;

/// `c[row, lane] += Σ_k a[row, k]·b[k, lane]`.
pub(super) struct Multiply<'a> {
    pub(super) a: &'a Panels,
    pub(super) b: &'a [f32],
    pub(super) c: &'a mut [f32],
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = LANES / S::F32_LANES;
        let depth = self.a.depth;
        let b = S::as_simd_f32s(&self.b[..depth * LANES]).0;
        let c = S::as_mut_simd_f32s(self.c).0;
        for from in (0..depth).step_by(DEPTH) {
            let to = depth.min(from + DEPTH);
            let b = &b[from * width..to * width];
            for (panel, c) in self.a.values.chunks_exact(depth * TILE).zip(c.chunks_mut(TILE * width)) {
                let panel = &panel[from * TILE..to * TILE];
                for column in (0..width).step_by(2) {
                    multiply_tile(simd, panel, b, c, width, column);
                }
            }
        }
    }
}

/// One tile of rows times two columns of vectors.
#[inline(always)]
fn multiply_tile<S: Simd>(simd: S, panel: &[f32], b: &[S::f32s], c: &mut [S::f32s], width: usize, column: usize) {
    let mut left = [simd.splat_f32s(0.0); TILE];
    let mut right = left;
    for (weights, row) in panel.chunks_exact(TILE).zip(b.chunks_exact(width)) {
        let (b0, b1) = (row[column], row[column + 1]);
        for r in 0..TILE {
            let w = simd.splat_f32s(weights[r]);
            left[r] = simd.mul_add_e_f32s(w, b0, left[r]);
            right[r] = simd.mul_add_e_f32s(w, b1, right[r]);
        }
    }
    for r in 0..TILE {
        if let Some(out) = c.get_mut(r * width + column..r * width + column + 2) {
            out[0] = simd.add_f32s(out[0], left[r]);
            out[1] = simd.add_f32s(out[1], right[r]);
        }
    }
}

/// Rows of one tile of [`Correlate`]; with three columns it fills twelve of sixteen registers with sums.
const ROWS: usize = 4;
/// Time steps that one tile takes in one go: with those of [`ROWS`] rows the first-level cache is half full.
const STEPS_AT_ONCE: usize = 32;

/// `grad[row, column] += Σ_t Σ_lane dz[t, row, lane]·x[t, column, lane]`: what a weight owes to all steps of a block.
pub(super) struct Correlate<'a> {
    /// `[t, rows, lane]`.
    pub(super) dz: &'a [f32],
    pub(super) rows: usize,
    /// `[t, columns, lane]`.
    pub(super) x: &'a [f32],
    pub(super) columns: usize,
    /// `[rows, columns]`.
    pub(super) grad: &'a mut [f32],
}

impl WithSimd for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let whole = self.rows - self.rows % ROWS;
        let mut together = Together([0.0; ROWS * LANES * STEPS_AT_ONCE]);
        for row in (0..whole).step_by(ROWS) {
            self.correlate_rows::<S, ROWS>(simd, row, &mut together);
        }
        for row in whole..self.rows {
            self.correlate_rows::<S, 1>(simd, row, &mut together);
        }
    }
}

/// The `dz` of a tile's rows, `[t, row in tile, lane]`.
#[repr(align(64))]
struct Together([f32; ROWS * LANES * STEPS_AT_ONCE]);

impl Correlate<'_> {
    /// `R` rows of the gradient. Their `dz` are brought together first: the steps of a wide layer lie a power of two apart,
    /// and would drive each other out of the cache.
    #[inline(always)]
    fn correlate_rows<S: Simd, const R: usize>(&mut self, simd: S, row: usize, together: &mut Together) {
        let (rows, columns, width) = (self.rows, self.columns, LANES / S::F32_LANES);
        let x = S::as_simd_f32s(self.x).0;
        let grad = &mut self.grad[row * columns..(row + R) * columns];
        let steps = S::as_simd_f32s(self.dz).0.chunks(rows * width * STEPS_AT_ONCE);
        for (dz, x) in steps.zip(x.chunks(columns * width * STEPS_AT_ONCE)) {
            let tile = &mut S::as_mut_simd_f32s(&mut together.0).0[..dz.len() / rows * R];
            for (to, dz) in tile.chunks_exact_mut(R * width).zip(dz.chunks_exact(rows * width)) {
                let dz = &dz[row * width..(row + R) * width];
                (0..R * width).for_each(|v| to[v] = dz[v]);
            }
            for column in (0..columns).step_by(3) {
                match columns - column {
                    1 => correlate_tile::<S, R, 1>(simd, tile, x, grad, [columns, column]),
                    2 => correlate_tile::<S, R, 2>(simd, tile, x, grad, [columns, column]),
                    _ => correlate_tile::<S, R, 3>(simd, tile, x, grad, [columns, column]),
                }
            }
        }
    }
}

/// `R` rows by `N` columns of the gradient, from `dz[t, R, lane]`.
#[inline(always)]
fn correlate_tile<S: Simd, const R: usize, const N: usize>(
    simd: S,
    dz: &[S::f32s],
    x: &[S::f32s],
    grad: &mut [f32],
    [columns, column]: [usize; 2],
) {
    let width = LANES / S::F32_LANES;
    let mut sums = [[simd.splat_f32s(0.0); N]; R];
    for (dz, x) in dz.chunks_exact(R * width).zip(x.chunks_exact(columns * width)) {
        let x = &x[column * width..(column + N) * width];
        for v in 0..width {
            for r in 0..R {
                for n in 0..N {
                    sums[r][n] = simd.mul_add_e_f32s(dz[r * width + v], x[n * width + v], sums[r][n]);
                }
            }
        }
    }
    for r in 0..R {
        for n in 0..N {
            grad[r * columns + column + n] += simd.reduce_sum_f32s(sums[r][n]);
        }
    }
}

/// `grad[row] += Σ_t Σ_lane dz[t, row, lane]`.
pub(super) struct SumRows<'a> {
    pub(super) dz: &'a [f32],
    pub(super) grad: &'a mut [f32],
}

impl WithSimd for SumRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = LANES / S::F32_LANES;
        for step in S::as_simd_f32s(self.dz).0.chunks_exact(self.grad.len() * width) {
            for (grad, row) in self.grad.iter_mut().zip(step.chunks_exact(width)) {
                let sum = row.iter().fold(simd.splat_f32s(0.0), |sum, &v| simd.add_f32s(sum, v));
                *grad += simd.reduce_sum_f32s(sum);
            }
        }
    }
}

/// One step of an LSTM layer after its products: gates, new cell, new state.
pub(super) struct Forward<'a> {
    /// `[4·units, lane]`, gates i, f, g, o: in, their sums; out, their activations.
    pub(super) gates: &'a mut [f32],
    /// The cell before, `[units, lane]`, as the three that follow.
    pub(super) cell_before: &'a [f32],
    pub(super) cell: &'a mut [f32],
    pub(super) tanh_cell: &'a mut [f32],
    pub(super) state: &'a mut [f32],
}

impl WithSimd for Forward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let before = S::as_simd_f32s(self.cell_before).0;
        let n = before.len();
        let [i, f, g, o] = gates_apart(S::as_mut_simd_f32s(self.gates).0, n);
        let cell = &mut S::as_mut_simd_f32s(self.cell).0[..n];
        let tanh_cell = &mut S::as_mut_simd_f32s(self.tanh_cell).0[..n];
        let state = &mut S::as_mut_simd_f32s(self.state).0[..n];
        // One activation at a time: the constants of two, and what they are put together from, don't fit the registers.
        for gate in [&mut *i, &mut *f, &mut o[..n]] {
            for v in gate {
                *v = sigmoid(simd, *v);
            }
        }
        for v in &mut *g {
            *v = tanh(simd, *v);
        }
        for j in 0..n {
            cell[j] = simd.mul_add_e_f32s(f[j], before[j], simd.mul_f32s(i[j], g[j]));
            tanh_cell[j] = tanh(simd, cell[j]);
            state[j] = simd.mul_f32s(o[j], tanh_cell[j]);
        }
    }
}

/// The same step backwards: from the state's and the cell's gradient to the gates' sums.
pub(super) struct Backward<'a> {
    /// In, the activations that [`Forward`] left; out, the gradient of their sums.
    pub(super) gates: &'a mut [f32],
    pub(super) cell_before: &'a [f32],
    pub(super) tanh_cell: &'a [f32],
    /// Gradient of the state, `[units, lane]`.
    pub(super) d_state: &'a [f32],
    /// Gradient of the cell: in, from the step after; out, for the step before.
    pub(super) d_cell: &'a mut [f32],
}

impl WithSimd for Backward<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let before = S::as_simd_f32s(self.cell_before).0;
        let n = before.len();
        let [i, f, g, o] = gates_apart(S::as_mut_simd_f32s(self.gates).0, n);
        let tanh_cell = &S::as_simd_f32s(self.tanh_cell).0[..n];
        let d_state = &S::as_simd_f32s(self.d_state).0[..n];
        let d_cell = &mut S::as_mut_simd_f32s(self.d_cell).0[..n];
        let one = simd.splat_f32s(1.0);
        let mul = |a, b| simd.mul_f32s(a, b);
        // Derivatives in terms of the activation: s·(1 − s) and 1 − t².
        let of_sigmoid = |s| mul(s, simd.sub_f32s(one, s));
        let of_tanh = |t| simd.sub_f32s(one, mul(t, t));
        for j in 0..n {
            let d_out = mul(d_state[j], tanh_cell[j]);
            let dc = simd.mul_add_e_f32s(mul(d_state[j], o[j]), of_tanh(tanh_cell[j]), d_cell[j]);
            d_cell[j] = mul(dc, f[j]);
            let (di, df, dg) = (mul(dc, g[j]), mul(dc, before[j]), mul(dc, i[j]));
            i[j] = mul(di, of_sigmoid(i[j]));
            f[j] = mul(df, of_sigmoid(f[j]));
            g[j] = mul(dg, of_tanh(g[j]));
            o[j] = mul(d_out, of_sigmoid(o[j]));
        }
    }
}

/// The gates i, f, g, o, each `n` vectors long but for the last, which takes what is left.
#[inline(always)]
fn gates_apart<V>(gates: &mut [V], n: usize) -> [&mut [V]; 4] {
    let (i, rest) = gates.split_at_mut(n);
    let (f, rest) = rest.split_at_mut(n);
    let (g, o) = rest.split_at_mut(n);
    [i, f, g, o]
}

/// One Adam step over all parameters at once (Kingma & Ba 2015, Adam: a method for stochastic optimization, with the
/// bias correction folded into the step size as at the end of its section 2).
pub(super) struct Adam<'a> {
    pub(super) parameters: &'a mut [f32],
    pub(super) gradient: &'a [f32],
    pub(super) first: &'a mut [f32],
    pub(super) second: &'a mut [f32],
    /// Step size `α/(1 − β₁ᵗ)`.
    pub(super) rate: f32,
    /// `1/√(1 − β₂ᵗ)`.
    pub(super) unbias: f32,
}

/// Decay of the gradient's mean.
pub(super) const BETA1: f64 = 0.9;
/// Decay of the gradient's mean square.
pub(super) const BETA2: f64 = 0.999;
/// Keeps the division away from zero; Keras' default.
pub(super) const EPSILON: f64 = 1e-7;

impl WithSimd for Adam<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let gradient = S::as_simd_f32s(self.gradient).0;
        let n = gradient.len();
        let parameters = &mut S::as_mut_simd_f32s(self.parameters).0[..n];
        let first = &mut S::as_mut_simd_f32s(self.first).0[..n];
        let second = &mut S::as_mut_simd_f32s(self.second).0[..n];
        let [b1, b2] = [BETA1, BETA2].map(|b| simd.splat_f32s(b as f32));
        let [a1, a2] = [BETA1, BETA2].map(|b| simd.splat_f32s((1.0 - b) as f32));
        let (rate, unbias) = (simd.splat_f32s(-self.rate), simd.splat_f32s(self.unbias));
        let epsilon = simd.splat_f32s(EPSILON as f32);
        for j in 0..n {
            let g = gradient[j];
            first[j] = simd.mul_add_e_f32s(b1, first[j], simd.mul_f32s(a1, g));
            second[j] = simd.mul_add_e_f32s(b2, second[j], simd.mul_f32s(a2, simd.mul_f32s(g, g)));
            let root = simd.mul_add_e_f32s(simd.sqrt_f32s(second[j]), unbias, epsilon);
            parameters[j] = simd.mul_add_e_f32s(rate, simd.div_f32s(first[j], root), parameters[j]);
        }
    }
}
