//! Linear systems of the least-squares kind.

/// Solves a symmetric positive definite system `n × n`, row-major, in place by Cholesky's factorisation; false when it isn't
/// one. Reads the lower triangle only.
pub(crate) fn cholesky(a: &mut [f64], b: &mut [f64], n: usize) -> bool {
    for i in 0..n {
        for j in 0..=i {
            let (upper, lower) = a.split_at_mut(i * n);
            let (row, other) = (&mut lower[..n], if i == j { None } else { Some(&upper[j * n..j * n + n]) });
            let rest = row[j] - dot(&row[..j], other.map_or(&row[..j], |other| &other[..j]));
            match other {
                Some(other) => row[j] = rest / other[j],
                None if rest > 0.0 => row[j] = rest.sqrt(),
                None => return false,
            }
        }
        b[i] = (b[i] - dot(&a[i * n..i * n + i], &b[..i])) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let below: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - below) / a[i * n + i];
    }
    b.iter().all(|v| v.is_finite())
}

/// Scalar product, in order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
