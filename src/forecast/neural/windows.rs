//! A history as scaled training windows.
//!
//! Window `i` is `z[i .. i+w]` and its answer `z[i+w]`. The first 80 % of the windows train, the rest is the
//! validation block; both lie inside the history that the method was shown, so a backtest's held-out block is never
//! touched. Mean and deviation come from the training windows' part only.

use crate::text;
use crate::words::Text;

/// Windows that a history must give: sixteen to train and four to validate.
pub(super) const FEWEST: usize = 20;
/// Share of the windows that train.
const TRAINING_SHARE: f64 = 0.8;
/// A part whose deviation is below this share of its size is constant to 32-bit floats.
const FLAT: f64 = 1e-7;

/// The scaled history.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Windows {
    /// `z[t] = (y[t] − mean) / deviation`.
    pub(super) z: Vec<f32>,
    /// Values per window.
    pub(super) window: usize,
    /// Windows that train; the rest validates.
    pub(super) training: usize,
    mean: f64,
    deviation: f64,
}

impl Windows {
    /// Cuts and scales a history.
    ///
    /// # Errors
    /// The reason in words when the history is too short, constant or not representable.
    pub(super) fn new(y: &[f64], window: usize) -> Result<Self, Text> {
        let (n, need) = (y.len(), window + FEWEST);
        if n < need {
            return Err(text!(
                "The network needs {need} periods of history (windows of {window} and {FEWEST} more); there are {n}. Use a shorter window or a statistical model.",
                "神经网络需要 {need} 期历史数据（窗口 {window} 期，另加 {FEWEST} 期），目前只有 {n} 期。请缩短窗口或改用统计模型。"
            ));
        }
        let largest = y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if y.iter().any(|v| !v.is_finite()) || largest > f64::from(f32::MAX) / 1e6 {
            return Err(text!(
                "The history holds values that a network can't work with (not finite, or above 1e32). Correct them in the sales data.",
                "历史数据中含有神经网络无法处理的数值（非有限值或超过 1e32）。请在销售数据中更正。"
            ));
        }
        let training = ((n - window) as f64 * TRAINING_SHARE) as usize;
        let part = &y[..window + training];
        let mean = part.iter().sum::<f64>() / part.len() as f64;
        let deviation = (part.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / part.len() as f64).sqrt();
        if deviation <= largest * FLAT {
            let periods = part.len();
            return Err(text!(
                "The first {periods} periods hardly vary, so there is nothing for a network to learn. The naive forecast is as good.",
                "前 {periods} 期数据几乎没有变化，神经网络无从学习，朴素预测同样有效。"
            ));
        }
        let z = y.iter().map(|v| ((v - mean) / deviation) as f32).collect();
        Ok(Self { z, window, training, mean, deviation })
    }

    /// Number of windows.
    pub(super) fn len(&self) -> usize {
        self.z.len() - self.window
    }

    /// Window `i`.
    pub(super) fn input(&self, i: usize) -> &[f32] {
        &self.z[i..i + self.window]
    }

    /// What came after window `i`.
    pub(super) fn answer(&self, i: usize) -> f32 {
        self.z[i + self.window]
    }

    /// A scaled value in the history's units.
    pub(super) fn unscale(&self, z: f64) -> f64 {
        self.mean + self.deviation * z
    }

    /// The deviation that a scaled 1 stands for, units.
    pub(super) fn deviation(&self) -> f64 {
        self.deviation
    }
}
