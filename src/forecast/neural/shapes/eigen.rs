//! Eigenvectors of symmetric matrices.

use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::dot;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};

/// Sweeps over all pairs; a dozen brings any matrix of this size to rounding error.
const SWEEPS: usize = 30;
/// Vectors carried beside the wanted ones, which makes close eigenvalues part sooner.
const SPARE: usize = 4;
/// Most steps of the subspace iteration.
const STEPS: usize = 300;
/// Relative gain of the captured variance at which it ends.
const SETTLED: f64 = 1e-12;

/// All eigenvalues of a symmetric `n × n` matrix, largest first, and their vectors as rows: Jacobi's rotations (Golub & Van
/// Loan, *Matrix Computations*, algorithm 8.5.2).
pub(super) fn eigen(a: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = a.to_vec();
    let mut v = vec![0.0; n * n];
    (0..n).for_each(|i| v[i * n + i] = 1.0);
    for _ in 0..SWEEPS {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i * n + j].powi(2)).sum();
        let on: f64 = (0..n).map(|i| a[i * n + i].powi(2)).sum();
        if off <= f64::EPSILON * f64::EPSILON * on {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, (p, q), n);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|i, j| a[j * n + j].total_cmp(&a[i * n + i]));
    let values = order.iter().map(|i| a[i * n + i]).collect();
    let vectors = order.iter().flat_map(|i| v[i * n..(i + 1) * n].to_vec()).collect();
    (values, vectors)
}

/// Makes `a[p, q]` 0 and keeps the vectors in the rows of `v`.
fn rotate(a: &mut [f64], v: &mut [f64], (p, q): (usize, usize), n: usize) {
    let (app, aqq, apq) = (a[p * n + p], a[q * n + q], a[p * n + q]);
    if apq == 0.0 {
        return;
    }
    let tau = (aqq - app) / (2.0 * apq);
    let t = tau.signum() / (tau.abs() + tau.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (v[p * n + k], v[q * n + k]);
        (v[p * n + k], v[q * n + k]) = (c * x - s * y, s * x + c * y);
    }
}

/// The largest `count` eigenvalues of a positive semidefinite `n × n` matrix and their vectors as rows: subspace iteration
/// with Rayleigh–Ritz steps (Golub & Van Loan, section 8.2.4).
pub(super) fn leading(
    a: &[f64],
    n: usize,
    count: usize,
    rng: &mut ChaCha8Rng,
    control: &Control,
) -> Result<(Vec<f64>, Vec<f64>), Cancelled> {
    let carried = (count + SPARE).min(n);
    let mut rows: Vec<f64> = (0..carried * n).map(|_| StandardNormal.sample(rng)).collect();
    let mut captured = 0.0;
    let mut values = vec![0.0; carried];
    for _ in 0..STEPS {
        control.check()?;
        orthonormalise(&mut rows, n);
        let images: Vec<f64> = rows.chunks_exact(n).flat_map(|x| a.chunks_exact(n).map(|row| dot(row, x))).collect();
        let small: Vec<f64> =
            rows.chunks_exact(n).flat_map(|x| images.chunks_exact(n).map(|image| dot(x, image))).collect();
        let (found, turn) = eigen(&small, carried);
        for (row, turn) in rows.chunks_exact_mut(n).zip(turn.chunks_exact(carried)) {
            row.fill(0.0);
            for (image, share) in images.chunks_exact(n).zip(turn) {
                row.iter_mut().zip(image).for_each(|(r, i)| *r += share * i);
            }
        }
        values = found;
        let now: f64 = values[..count.min(carried)].iter().sum();
        if now <= captured * (1.0 + SETTLED) {
            break;
        }
        captured = now;
    }
    orthonormalise(&mut rows, n);
    values.truncate(count);
    rows.truncate(count * n);
    Ok((values, rows))
}

/// Gram–Schmidt, twice for the digits; a row that depends on those before becomes 0.
fn orthonormalise(rows: &mut [f64], n: usize) {
    for k in 0..rows.len() / n {
        let (done, rest) = rows.split_at_mut(k * n);
        let row = &mut rest[..n];
        let before = dot(row, row).sqrt();
        for _ in 0..2 {
            for other in done.chunks_exact(n) {
                let along = dot(row, other);
                row.iter_mut().zip(other).for_each(|(r, o)| *r -= along * o);
            }
        }
        let norm = dot(row, row).sqrt();
        let factor = if norm > 1e-10 * before && norm.is_normal() { 1.0 / norm } else { 0.0 };
        for r in row.iter_mut() {
            *r *= factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{eigen, leading};
    use crate::control::Control;
    use crate::forecast::seed::generator;

    /// The second difference's matrix, 2 on the diagonal and −1 beside it: eigenvalues `2 − 2·cos(kπ/(n+1))`.
    fn second_difference(n: usize) -> Vec<f64> {
        let at = |i: usize, j: usize| match i.abs_diff(j) {
            0 => 2.0,
            1 => -1.0,
            _ => 0.0,
        };
        (0..n * n).map(|k| at(k / n, k % n)).collect()
    }

    #[test]
    fn eigenvalues_of_the_second_difference_are_known() {
        let n = 9;
        let truth = |k: usize| 2.0 - 2.0 * ((n - k) as f64 * std::f64::consts::PI / (n + 1) as f64).cos();
        let a = second_difference(n);
        let (values, vectors) = eigen(&a, n);
        for k in 0..n {
            assert!((values[k] - truth(k)).abs() < 1e-12, "{k}: {}", values[k]);
            let v = &vectors[k * n..(k + 1) * n];
            for (i, row) in a.chunks_exact(n).enumerate() {
                let image: f64 = row.iter().zip(v).map(|(a, v)| a * v).sum();
                assert!((image - values[k] * v[i]).abs() < 1e-12);
            }
        }
        let (first, rows) = leading(&a, n, 2, &mut generator(1), &Control::silent()).expect("nobody cancels");
        for k in 0..2 {
            assert!((first[k] - truth(k)).abs() < 1e-9, "{k}: {}", first[k]);
            let along: f64 = rows[k * n..(k + 1) * n].iter().zip(&vectors[k * n..]).map(|(a, b)| a * b).sum();
            assert!((along.abs() - 1.0).abs() < 1e-4, "{k}: {along}");
        }
    }

    #[test]
    fn a_matrix_of_low_rank_has_no_more_vectors() {
        let a: Vec<f64> = (0..16).map(|k| f64::from((k / 4 + 1) * (k % 4 + 1))).collect();
        let (values, rows) = leading(&a, 4, 3, &mut generator(1), &Control::silent()).expect("nobody cancels");
        assert!((values[0] - 30.0).abs() < 1e-9 && values[1].abs() < 1e-9);
        assert!(rows.iter().all(|v| v.is_finite()));
    }
}
