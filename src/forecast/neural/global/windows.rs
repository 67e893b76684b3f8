//! Windows over all series, cut when they are needed.

use super::scale::Scaled;
use std::f64::consts::TAU;

/// What the network is shown: values, and where in the season each period lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    /// Periods seen.
    pub(super) window: usize,
    /// Periods answered.
    pub(super) horizon: usize,
    /// Periods of a season, 1 without.
    pub(super) season: usize,
}

/// A window: the series, and its last period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) series: usize,
    pub(super) t: usize,
}

impl View {
    /// Numbers shown per period: the value, and with a season its phase as a point of the circle.
    pub(super) fn inputs(&self) -> usize {
        if self.season > 1 { 3 } else { 1 }
    }

    /// Fewest real values of a window; what is missing at its start is filled with the first.
    pub(super) fn least(&self) -> usize {
        (self.window / 4).max(3)
    }

    /// Appends a window, `[time, feature]`.
    pub(super) fn show(&self, series: &Scaled, t: usize, x: &mut Vec<f32>) {
        let first = t as isize + 1 - self.window as isize;
        for tau in first..=t as isize {
            x.push(series.seen(tau, t));
            if self.season > 1 {
                let angle = TAU * tau.rem_euclid(self.season as isize) as f64 / self.season as f64;
                x.extend([angle.cos() as f32, angle.sin() as f32]);
            }
        }
    }

    /// Appends a window's targets; those from period `end` on are unknown.
    pub(super) fn targets(&self, series: &Scaled, t: usize, end: usize, y: &mut Vec<f32>) {
        y.extend((1..=self.horizon).map(|h| if t + h < end { series.target(t, h) } else { f32::NAN }));
    }

    /// The windows of all series of which at least `known` targets lie before the last `held` periods.
    pub(super) fn windows(&self, series: &[Option<Scaled>], held: usize, known: usize) -> Vec<At> {
        let mut all = Vec::new();
        for (k, scaled) in series.iter().enumerate() {
            let Some(scaled) = scaled else { continue };
            let end = scaled.len().saturating_sub(held);
            all.extend((self.least() - 1..end.saturating_sub(known)).map(|t| At { series: k, t }));
        }
        all
    }
}
