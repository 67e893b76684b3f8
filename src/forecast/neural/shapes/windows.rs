//! Windows of all series, each in its own scale.
//!
//! Demand is multiplicative: a promotion sells some times the usual, not some units more. So a window goes through
//! `asinh(y / mean |y|)`, which is a logarithm for large values and has one for 0 and for returns too (Burbidge, Magee &
//! Robb 1988, *Alternative transformations to handle extreme values of the dependent variable*). Taken as it is, one
//! promotion would be nearly all of a window's variance, and the season nothing.

use crate::model::Series;

/// Periods with demand that a shape takes.
const FEWEST_SALES: usize = 3;
/// A window whose transformed values vary less is constant.
const LEAST_SPREAD: f64 = 1e-9;
/// Beyond this many spreads a value is made no farther: it keeps sums and squares of a few thousand values finite.
const FARTHEST: f64 = 1e3;
/// Most whole windows taken of a series, the latest.
const MOST_OF_A_SERIES: usize = 60;
/// Values of all windows together up to which older ones are taken: 64 MB.
const MOST_VALUES: usize = 1 << 24;

/// How a window's values become numbers around 0: `z = (asinh(y / unit) − mean) / spread`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    unit: f64,
    mean: f64,
    spread: f64,
}

impl Scale {
    /// The scale of values; `None` when they have no shape: hardly any sales, or always the same.
    fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let unit = values.iter().map(|v| v.abs() / n).sum::<f64>();
        if values.iter().filter(|v| **v != 0.0).count() < FEWEST_SALES || !unit.is_normal() {
            return None;
        }
        let mean = values.iter().map(|v| (v / unit).asinh()).sum::<f64>() / n;
        let variance = values.iter().map(|v| ((v / unit).asinh() - mean).powi(2)).sum::<f64>() / n;
        let spread = variance.sqrt();
        (spread > LEAST_SPREAD).then_some(Self { unit, mean, spread })
    }

    fn scaled(self, value: f64) -> f32 {
        (((value / self.unit).asinh() - self.mean) / self.spread).clamp(-FARTHEST, FARTHEST) as f32
    }

    /// What a number stands for, units; `None` when that is beyond all numbers.
    pub(super) fn value(self, z: f64) -> Option<f64> {
        let value = (self.mean + self.spread * z).sinh() * self.unit;
        value.is_finite().then_some(value)
    }
}

/// One window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct At {
    /// Position of its series in the panel.
    pub(super) series: usize,
    /// Where it ends in the series, exclusive.
    pub(super) end: usize,
    /// Periods known, its last ones; fewer than a window in a short history.
    pub(super) known: usize,
    /// How it was scaled.
    pub(super) scale: Scale,
    /// True when most of its periods sold nothing.
    pub(super) is_sparse: bool,
}

/// Windows and their values.
#[derive(Debug, Default)]
pub(super) struct Windows {
    /// Periods of a window.
    pub(super) window: usize,
    /// By series, oldest first.
    pub(super) at: Vec<At>,
    /// `[window, period]`; 0 where unknown.
    pub(super) z: Vec<f32>,
}

impl Windows {
    /// All whole windows of the series, back from their ends, as far as memory allows; of a shorter history what there is.
    pub(super) fn cut(series: &[Series], window: usize, fewest_known: usize) -> Self {
        let each = (MOST_VALUES / (window * series.len().max(1))).clamp(1, MOST_OF_A_SERIES);
        let mut windows = Self { window, ..Self::default() };
        for (k, s) in series.iter().enumerate() {
            let n = s.values.len();
            if n < window {
                if n >= fewest_known {
                    windows.push(k, &s.values, n);
                }
                continue;
            }
            for back in (0..(n / window).min(each)).rev() {
                windows.push(k, &s.values, n - back * window);
            }
        }
        windows
    }

    fn push(&mut self, series: usize, values: &[f64], end: usize) {
        let known = self.window.min(end);
        let values = &values[end - known..end];
        let Some(scale) = Scale::of(values) else { return };
        let is_sparse = 2 * values.iter().filter(|v| **v == 0.0).count() > known;
        self.at.push(At { series, end, known, scale, is_sparse });
        self.z.resize(self.z.len() + self.window - known, 0.0);
        self.z.extend(values.iter().map(|v| scale.scaled(*v)));
    }

    /// Number of windows.
    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The values of one window.
    pub(super) fn row(&self, k: usize) -> &[f32] {
        &self.z[k * self.window..(k + 1) * self.window]
    }

    /// Whether all periods of a window are known.
    pub(super) fn is_whole(&self, k: usize) -> bool {
        self.at[k].known == self.window
    }

    /// The window as it is, with what is unknown of it left open.
    pub(super) fn shown(&self, k: usize) -> Shown<'_> {
        Shown { z: self.row(k), from: self.window - self.at[k].known, without: None }
    }
}

/// A window of which some periods are kept from a coder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    /// Its values.
    pub(super) z: &'a [f32],
    /// The first period shown.
    pub(super) from: usize,
    /// One more period that isn't shown.
    pub(super) without: Option<usize>,
}

impl Shown<'_> {
    /// Whether a period is shown.
    pub(super) fn shows(&self, t: usize) -> bool {
        t >= self.from && self.without != Some(t)
    }

    /// Mean and spread of what is shown: a coder sees it in these, since it can't know those of the whole.
    pub(super) fn level(&self) -> (f64, f64) {
        let shown = || (self.from..self.z.len()).filter(|t| self.shows(*t)).map(|t| f64::from(self.z[t]));
        let n = shown().count().max(1) as f64;
        let mean = shown().sum::<f64>() / n;
        let spread = (shown().map(|z| (z - mean).powi(2)).sum::<f64>() / n).sqrt();
        // What is left of a lone peak is flat.
        (mean, if spread > LEAST_LEFT { spread } else { 1.0 })
    }
}

/// A part of a window that varies less, in spreads of the whole, is flat.
const LEAST_LEFT: f64 = 0.02;

#[cfg(test)]
mod tests {
    use super::{Scale, Shown, Windows};
    use crate::model::{Period, Series, SeriesId};

    fn series(values: Vec<f64>) -> Series {
        Series { id: SeriesId::new("x", ""), start: Period::step(1), values: values.into() }
    }

    #[test]
    fn a_scale_is_undone() {
        let values = [0.0, 3.0, -2.0, 40.0, 7.0];
        let scale = Scale::of(&values).expect("they vary");
        let z: Vec<f64> = values.iter().map(|v| f64::from(scale.scaled(*v))).collect();
        let mean = z.iter().sum::<f64>() / 5.0;
        let variance = z.iter().map(|z| z * z).sum::<f64>() / 5.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{mean} {variance}");
        for (z, v) in z.iter().zip(values) {
            assert!((scale.value(*z).expect("finite") - v).abs() < 1e-4, "{v}");
        }
        // Size makes no shape.
        let large: Vec<f64> = values.iter().map(|v| v * 1e9).collect();
        let other = Scale::of(&large).expect("they vary");
        assert!(values.iter().zip(&large).all(|(a, b)| (scale.scaled(*a) - other.scaled(*b)).abs() < 1e-6));
    }

    #[test]
    fn windows_go_back_from_the_end_and_shapeless_ones_are_left_out() {
        let rising: Vec<f64> = (0..11).map(|t| 1.0 + f64::from(t)).collect();
        let short = rising[..3].to_vec();
        let all = [series(rising), series(vec![5.0; 9]), series(short), series(vec![1.0])];
        let windows = Windows::cut(&all, 4, 3);
        let found: Vec<_> = windows.at.iter().map(|a| (a.series, a.end, a.known)).collect();
        assert_eq!(found, [(0, 7, 4), (0, 11, 4), (2, 3, 3)]);
        assert_eq!(windows.z.len(), 12);
        assert!(windows.row(2)[0].abs() < 1e-9 && windows.shown(2).from == 1);
    }

    #[test]
    fn what_is_hidden_has_no_part_in_the_level() {
        let z = [9.0, 1.0, 50.0, 3.0];
        let (mean, spread) = Shown { z: &z, from: 1, without: Some(2) }.level();
        assert!((mean - 2.0).abs() < 1e-9 && (spread - 1.0).abs() < 1e-9);
    }
}
