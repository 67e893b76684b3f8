//! The straight line that a starting level and slope are read from.

/// Least-squares line through `(1, x[0]), (2, x[1]), …`: its value at 0 and its slope.
pub(crate) fn line(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let (mean_t, mean_x) = (f64::midpoint(n, 1.0), x.iter().sum::<f64>() / n);
    let (mut cross, mut square) = (0.0, 0.0);
    for (t, v) in x.iter().enumerate() {
        let d = (t + 1) as f64 - mean_t;
        cross += d * (v - mean_x);
        square += d * d;
    }
    let slope = if square > 0.0 { cross / square } else { 0.0 };
    (mean_x - slope * mean_t, slope)
}
