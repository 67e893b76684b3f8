//! Classical decomposition: fixed seasonal indices around a centred moving average.

/// Whether a season is a number of units or a share of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Deviations, averaging 0.
    Additive,
    /// Ratios, averaging 1.
    Multiplicative,
}

/// Seasonal indices of the periods `t mod m`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Indices {
    /// Deviations or ratios.
    pub(crate) kind: Kind,
    /// One per period of the season.
    pub(crate) values: Vec<f64>,
    /// How many deviations each is the mean of.
    pub(crate) counts: Vec<usize>,
}

impl Indices {
    /// The mean deviation from, or ratio to, a centred moving average over one season (Kendall & Stuart 1983, *The
    /// advanced theory of statistics* 3, §46). `None` with fewer than two seasons, or when a ratio isn't positive.
    pub(crate) fn of(y: &[f64], m: usize, kind: Kind) -> Option<Self> {
        if m < 2 || y.len() < 2 * m {
            return None;
        }
        let (half, share) = (m / 2, 1.0 / m as f64);
        let (mut values, mut counts) = (vec![0.0; m], vec![0_usize; m]);
        for t in half..y.len() - half {
            let window = &y[t - half..=t + half];
            let mut sum: f64 = window.iter().sum();
            if m.is_multiple_of(2) {
                sum -= f64::midpoint(window[0], window[m]);
            }
            let average = sum * share;
            values[t % m] += match kind {
                Kind::Additive => y[t] - average,
                Kind::Multiplicative if average > 0.0 => y[t] / average,
                Kind::Multiplicative => return None,
            };
            counts[t % m] += 1;
        }
        if counts.contains(&0) {
            return None;
        }
        values.iter_mut().zip(&counts).for_each(|(v, c)| *v /= *c as f64);
        let mean = values.iter().sum::<f64>() * share;
        for v in &mut values {
            *v = if kind == Kind::Additive { *v - mean } else { *v / mean };
        }
        let sound = values.iter().all(|v| v.is_finite() && (kind == Kind::Additive || *v > 0.0));
        sound.then_some(Self { kind, values, counts })
    }

    /// `y[t]` without its season.
    pub(crate) fn remove(&self, t: usize, y: f64) -> f64 {
        let index = self.values[t % self.values.len()];
        match self.kind {
            Kind::Additive => y - index,
            Kind::Multiplicative => y / index,
        }
    }

    /// The season of period `t` put back.
    pub(crate) fn restore(&self, t: usize, x: f64) -> f64 {
        let index = self.values[t % self.values.len()];
        match self.kind {
            Kind::Additive => x + index,
            Kind::Multiplicative => x * index,
        }
    }
}
