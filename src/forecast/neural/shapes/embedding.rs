//! From codes to places whose distances mean something.
//!
//! A network's code has no scale of its own: what matters is how much the window made again moves with it. With the codes
//! `C[series, unit]` and the profiles made from them `D[series, period]`, both centred, `D ≈ C·A` by least squares, and
//!
//! ```text
//! ‖(c − c')·A‖² / window = (c − c')·M·(c − c')ᵀ            M = A·Aᵀ / window
//! ```
//!
//! is the mean squared difference of two profiles per period. The embedding is `c·T` with `T·Tᵀ = M`, turned so that its
//! numbers are uncorrelated, the one with the largest variance first: distances are spreads per period, and its first two
//! numbers are the map on which the series lie farthest apart.

use super::eigen::eigen;
use crate::forecast::least_squares::{cholesky, dot};

/// What keeps codes that say the same from being told apart by rounding, relative to their variance.
const RIDGE: f64 = 1e-9;

/// The way from codes to places.
#[derive(Debug)]
pub(super) struct Map {
    mean: Vec<f64>,
    /// The columns of `T`, as rows.
    turn: Vec<f64>,
}

impl Map {
    /// The place of a code.
    pub(super) fn place(&self, code: &[f64]) -> Vec<f64> {
        let centred: Vec<f64> = code.iter().zip(&self.mean).map(|(c, m)| c - m).collect();
        self.turn.chunks_exact(centred.len()).map(|column| dot(&centred, column)).collect()
    }
}

/// The map for codes `[series, number]` and profiles `[series, period]`; it is found from the series of which `counts` is
/// true.
pub(super) fn map(codes: &[f64], profiles: &[f64], counts: &[bool], (d, w): (usize, usize)) -> Map {
    let used = || counts.iter().enumerate().filter(|(_, counts)| **counts).map(|(k, _)| k);
    let n = used().count().max(1) as f64;
    let mean = |of: &[f64], width: usize| {
        let mut mean = vec![0.0; width];
        for k in used() {
            mean.iter_mut().zip(&of[k * width..]).for_each(|(m, v)| *m += v / n);
        }
        mean
    };
    let (code_mean, profile_mean) = (mean(codes, d), mean(profiles, w));
    let centred: Vec<f64> = codes.iter().enumerate().map(|(i, c)| c - code_mean[i % d]).collect();
    let (mut inner, mut cross) = (vec![0.0; d * d], vec![0.0; w * d]);
    for k in used() {
        let c = &centred[k * d..(k + 1) * d];
        for (row, x) in inner.chunks_exact_mut(d).zip(c) {
            row.iter_mut().zip(c).for_each(|(sum, y)| *sum += x * y / n);
        }
        for (row, (p, m)) in cross.chunks_exact_mut(d).zip(profiles[k * w..].iter().zip(&profile_mean)) {
            row.iter_mut().zip(c).for_each(|(sum, y)| *sum += (p - m) * y / n);
        }
    }
    Map { mean: code_mean, turn: turn(&inner, cross, d) }
}

/// The columns of `T`, as rows, from `CᵀC/n` and, by period, `CᵀD/n`.
fn turn(inner: &[f64], mut cross: Vec<f64>, d: usize) -> Vec<f64> {
    let w = cross.len() / d;
    let mut metric = vec![0.0; d * d];
    for column in cross.chunks_exact_mut(d) {
        let mut a = inner.to_vec();
        (0..d).for_each(|k| a[k * d + k] = a[k * d + k] * (1.0 + RIDGE) + f64::MIN_POSITIVE);
        if !cholesky(&mut a, column, d) {
            column.fill(0.0);
        }
        for (row, x) in metric.chunks_exact_mut(d).zip(&*column) {
            row.iter_mut().zip(&*column).for_each(|(sum, y)| *sum += x * y / w as f64);
        }
    }
    let (values, vectors) = eigen(&metric, d);
    let root: Vec<f64> =
        vectors.chunks_exact(d).zip(&values).flat_map(|(v, l)| v.iter().map(|v| v * l.max(0.0).sqrt())).collect();
    // The codes' covariance as the metric sees it; its axes come first.
    let seen: Vec<f64> = root
        .chunks_exact(d)
        .flat_map(|a| {
            let image: Vec<f64> = inner.chunks_exact(d).map(|row| dot(row, a)).collect();
            root.chunks_exact(d).map(move |b| dot(&image, b)).collect::<Vec<_>>()
        })
        .collect();
    let (_, axes) = eigen(&seen, d);
    let mut turn = vec![0.0; d * d];
    for (column, axis) in turn.chunks_exact_mut(d).zip(axes.chunks_exact(d)) {
        for (share, root) in axis.iter().zip(root.chunks_exact(d)) {
            column.iter_mut().zip(root).for_each(|(t, r)| *t += share * r);
        }
        // Either sign would do; this one doesn't depend on how the axis was found.
        let largest = column.iter().fold(0.0_f64, |m, v| if v.abs() > m.abs() { *v } else { m });
        if largest < 0.0 {
            for v in column.iter_mut() {
                *v = -*v;
            }
        }
    }
    turn
}

/// Distance of two embeddings.
pub(super) fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::{distance, map};

    #[test]
    fn distances_are_those_of_the_profiles() {
        // Codes of any scale, and profiles linear in them.
        let codes = [1.0, 0.001, -2.0, 0.003, 0.5, -0.004, 3.0, 0.0];
        let a = [[0.5, -1.0, 2.0], [300.0, 100.0, -50.0]];
        let profiles: Vec<f64> =
            codes.chunks_exact(2).flat_map(|c| (0..3).map(move |t| 7.0 + c[0] * a[0][t] + c[1] * a[1][t])).collect();
        let map = map(&codes, &profiles, &[true; 4], (2, 3));
        let found: Vec<f64> = codes.chunks_exact(2).flat_map(|code| map.place(code)).collect();
        for i in 0..4 {
            for j in 0..4 {
                let truth = distance(&profiles[i * 3..i * 3 + 3], &profiles[j * 3..j * 3 + 3]) / 3.0_f64.sqrt();
                let here = distance(&found[i * 2..i * 2 + 2], &found[j * 2..j * 2 + 2]);
                assert!((truth - here).abs() < 1e-6, "{i} {j}: {here}, not {truth}");
            }
        }
        let product: f64 = found.chunks_exact(2).map(|e| e[0] * e[1]).sum();
        let variance = |k: usize| found.chunks_exact(2).map(|e| e[k] * e[k]).sum::<f64>();
        assert!(product.abs() < 1e-6 && variance(0) > variance(1));
    }
}
