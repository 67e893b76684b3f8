//! The straight line under a theta model: one for the whole history, or one that moves with every value.

/// Which line a model follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The least-squares line of the whole history.
    Fixed,
    /// The least-squares line of what was known at the time.
    Moving,
}

/// A least-squares line through `(1, u[0]), (2, u[1]), …, (t, u[t−1])`, kept up to date value by value (Fiorucci et al.
/// 2016, section 4, the recursions of `A[t]`, `B[t]` and the mean).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tip {
    /// Values behind it, `t`.
    count: f64,
    mean: f64,
    /// `B[t]`, per period.
    pub(super) slope: f64,
    /// `A[t]`, the line at period 0.
    pub(super) intercept: f64,
}

impl Tip {
    /// Takes in the next value.
    pub(super) fn push(&mut self, value: f64) {
        self.count += 1.0;
        let t = self.count;
        if t >= 2.0 {
            self.slope = ((t - 2.0) * self.slope + 6.0 / t * (value - self.mean)) / (t + 1.0);
        }
        self.mean += (value - self.mean) / t;
        self.intercept = self.mean - f64::midpoint(t, 1.0) * self.slope;
    }

    /// What one unit more in the last of `count` values does to the line.
    fn response(count: f64) -> Self {
        let (mean, slope) = (1.0 / count, 6.0 / (count * (count + 1.0)));
        Self { count, mean, slope, intercept: mean - f64::midpoint(count, 1.0) * slope }
    }
}

/// The line that each value of a history is predicted from.
#[derive(Debug)]
pub(super) struct Line {
    /// Fixed or moving.
    pub(super) kind: Kind,
    /// `A` known before value `t`, `t = 0..n`.
    pub(super) intercepts: Vec<f64>,
    /// `B` known before value `t`, `t = 0..n`.
    pub(super) slopes: Vec<f64>,
    /// The line at the end of the history.
    pub(super) tip: Tip,
}

impl Line {
    /// The line of `kind` under `u`.
    pub(super) fn under(u: &[f64], kind: Kind) -> Self {
        let mut tip = Tip::default();
        let (mut intercepts, mut slopes) = (Vec::with_capacity(u.len()), Vec::with_capacity(u.len()));
        for value in u {
            intercepts.push(tip.intercept);
            slopes.push(tip.slope);
            tip.push(*value);
        }
        if kind == Kind::Fixed {
            intercepts.fill(tip.intercept);
            slopes.fill(tip.slope);
        }
        Self { kind, intercepts, slopes, tip }
    }

    /// The line's own answer to one unit more in the first value after the history: none from a fixed one.
    pub(super) fn response(&self) -> Tip {
        match self.kind {
            Kind::Fixed => Tip::default(),
            Kind::Moving => Tip::response(self.tip.count + 1.0),
        }
    }
}
