//! Local regression on evenly spaced values (Cleveland 1979, *Robust locally weighted regression and smoothing
//! scatterplots*, J. American Statistical Association 74), in the form that STL uses it.
//!
//! Away from the ends every window is the same, so that with equally important values the fit is one fixed weighted mean:
//! a local line through symmetric weights passes through it.

/// What is fitted locally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Degree {
    /// A weighted mean.
    Level,
    /// A weighted line.
    Line,
}

/// Closer than this share of the window's reach a value counts in full, beyond 1 minus it not at all (Cleveland et al.
/// 1990, netlib's `stl`).
const EDGE: f64 = 0.001;
/// A line needs its points spread, by their weighted deviation, over at least this share of the history.
const SPREAD: f64 = 0.001;

/// A smoother.
#[derive(Debug)]
pub(super) struct Loess {
    span: usize,
    degree: Degree,
    /// Tricube weights of a whole window around its centre.
    tricube: Vec<f64>,
    /// The same, summing to 1.
    kernel: Vec<f64>,
}

impl Loess {
    /// Fits `degree` to the `span` nearest values; `span` is odd.
    pub(super) fn new(span: usize, degree: Degree) -> Self {
        let half = span / 2;
        let tricube: Vec<f64> = (0..span).map(|j| weight(j.abs_diff(half) as f64, half.max(1) as f64)).collect();
        let total: f64 = tricube.iter().sum();
        let kernel = tricube.iter().map(|w| w / total).collect();
        Self { span, degree, tricube, kernel }
    }

    /// The fit at each of the values at 0, 1, …, written to `out`; `importance` multiplies the weights.
    pub(super) fn smooth(&self, values: &[f64], importance: Option<&[f64]>, out: &mut [f64]) {
        let (n, half) = (values.len(), self.span / 2);
        let inner = half.min(n)..n.saturating_sub(half).max(half.min(n));
        for (t, fit) in out.iter_mut().enumerate().take(n) {
            *fit = match importance {
                None if self.span <= n && inner.contains(&t) => dot(&values[t - half..=t + half], &self.kernel),
                _ => self.at(values, importance, t as f64).unwrap_or(values[t]),
            };
        }
    }

    /// The fit at `x`, also beyond the ends; `None` when nothing near has any importance.
    pub(super) fn at(&self, values: &[f64], importance: Option<&[f64]>, x: f64) -> Option<f64> {
        let n = values.len();
        let width = self.span.min(n);
        let first = (x - (self.span as f64 - 1.0) / 2.0).round().clamp(0.0, (n - width) as f64) as usize;
        let last = first + width - 1;
        let mut reach = (x - first as f64).max(last as f64 - x);
        if self.span > n {
            reach += ((self.span - n) / 2) as f64;
        }
        let centred = self.span <= n && (x - first as f64 - (self.span / 2) as f64).abs() < f64::EPSILON;
        let weight = |t: usize| {
            let near = if centred { self.tricube[t - first] } else { weight((t as f64 - x).abs(), reach) };
            importance.map_or(near, |importance| near * importance[t])
        };
        // Sums around x: what lies there is then the line's intercept.
        let (mut sum, mut x1, mut x2, mut y0, mut y1) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (t, y) in values.iter().enumerate().skip(first).take(width) {
            let (w, d) = (weight(t), t as f64 - x);
            let wd = w * d;
            sum += w;
            x1 += wd;
            x2 += wd * d;
            y0 += w * y;
            y1 += wd * y;
        }
        if sum <= 0.0 {
            return None;
        }
        let (mean_x, mean_y) = (x1 / sum, y0 / sum);
        let square = x2 / sum - mean_x * mean_x;
        let range = SPREAD * (n as f64 - 1.0);
        if self.degree == Degree::Level || square <= range * range {
            return Some(mean_y);
        }
        Some(mean_y - (y1 / sum - mean_x * mean_y) / square * mean_x)
    }

    /// Mean squared error of predicting each value from its neighbours only (the fit is linear in the values, so that
    /// leaving one out divides its residual by 1 minus its own weight).
    pub(super) fn error_left_out(&self, values: &[f64], fit: &[f64]) -> f64 {
        let n = values.len();
        let mut unit = vec![0.0; n];
        let mut sum = 0.0;
        for t in 0..n {
            unit[t] = 1.0;
            let own = self.at(&unit, None, t as f64).unwrap_or(1.0);
            unit[t] = 0.0;
            sum += ((values[t] - fit[t]) / (1.0 - own).max(EDGE)).powi(2);
        }
        sum / n as f64
    }
}

/// `(1 − (d/reach)³)³`.
fn weight(distance: f64, reach: f64) -> f64 {
    if distance <= EDGE * reach {
        return 1.0;
    }
    if distance > (1.0 - EDGE) * reach {
        return 0.0;
    }
    let share = distance / reach;
    let cube = 1.0 - share * share * share;
    cube * cube * cube
}

/// In four chains, so that one addition needn't wait for the other.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (mut sums, mut rest) = ([0.0; 4], 0.0);
    let (left, right) = (a.chunks_exact(4), b.chunks_exact(4));
    for (x, y) in left.remainder().iter().zip(right.remainder()) {
        rest += x * y;
    }
    for (x, y) in left.zip(right) {
        for k in 0..4 {
            sums[k] += x[k] * y[k];
        }
    }
    rest + (sums[0] + sums[1]) + (sums[2] + sums[3])
}
