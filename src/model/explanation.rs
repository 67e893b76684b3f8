//! What a forecast is made of, and what the model left unexplained: values for charts and sentences.

use super::calendar::Period;
use super::forecast_layers::{ForecastLayers, LayerKind};
use crate::text;
use crate::words::{Text, figure};

/// One series taken apart: its history and the forecast that was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesExplanation {
    /// The first period taken apart; a very long history is taken apart from a later one on.
    pub start: Period,
    /// Periods of history; those after them are forecast.
    pub history: usize,
    /// The smooth course over history and forecast, units.
    pub trend: Vec<f64>,
    /// Shortest season first; empty when the history holds no two seasons.
    pub seasons: Vec<SeasonPart>,
    /// What is left, so that trend, seasons and it add up to demand, units.
    pub remainder: Vec<f64>,
    /// Where the forecast's smooth course starts from: its first value less its average step, units.
    pub level: f64,
    /// Strength of the history's trend, in `[0, 1]`.
    pub trend_strength: f64,
    /// The model's one-step errors; `None` when it has no fitted values.
    pub residuals: Option<Residuals>,
}

/// One season over history and forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonPart {
    /// Its length in periods.
    pub period: usize,
    /// Its part in each period, units.
    pub values: Vec<f64>,
    /// Its strength in the history, in `[0, 1]`.
    pub strength: f64,
}

/// History minus the model's one-step-ahead values, and whether there is a pattern in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Residuals {
    /// Period of the first one.
    pub start: Period,
    /// Actual − fitted per period, units.
    pub values: Vec<f64>,
    /// Their mean, units.
    pub mean: f64,
    /// Their standard deviation around the mean, units.
    pub deviation: f64,
    /// Autocorrelations at lags 1, 2, …
    pub acf: Vec<f64>,
    /// Half the width of the band that holds 95 % of the autocorrelations of white noise.
    pub band: f64,
    /// How often they are how large.
    pub bins: Vec<Bin>,
    /// Test of no autocorrelation; `None` for too few or constant residuals.
    pub ljung_box: Option<LjungBox>,
}

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower end, units.
    pub from: f64,
    /// Upper end, units.
    pub to: f64,
    /// Values from the lower to below the upper end; the last bar holds its upper end too.
    pub count: usize,
}

/// A Ljung–Box test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LjungBox {
    /// Lags taken together.
    pub lags: usize,
    /// The statistic Q.
    pub statistic: f64,
    /// Chance of so large a Q when there is no autocorrelation, in `[0, 1]`.
    pub p_value: f64,
}

/// What a part of a forecast period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Where the forecast's smooth course starts from.
    Level,
    /// How far the smooth course goes from there.
    Trend,
    /// The season of this length.
    Season(usize),
    /// Events, drivers and whatever else the model knows.
    Rest,
    /// What a later layer changed.
    Layer(LayerKind),
}

impl SeriesExplanation {
    /// The parts of forecast step `h`, from 0, which add up to the final mean; empty beyond what was taken apart.
    pub fn parts(&self, h: usize, layers: &ForecastLayers) -> Vec<(PartKind, f64)> {
        let at = self.history + h;
        let Some((trend, rest)) = self.trend.get(at).zip(self.remainder.get(at)) else { return Vec::new() };
        let mut parts = vec![(PartKind::Level, self.level), (PartKind::Trend, trend - self.level)];
        parts.extend(self.seasons.iter().map(|s| (PartKind::Season(s.period), s.values[at])));
        parts.push((PartKind::Rest, *rest));
        let steps = layers.layers().windows(2).filter_map(|pair| {
            let (before, after) = (pair[0].mean.get(h)?, pair[1].mean.get(h)?);
            Some((PartKind::Layer(pair[1].kind), after - before))
        });
        parts.extend(steps);
        parts
    }

    /// Forecast periods taken apart.
    pub fn steps(&self) -> usize {
        self.trend.len().saturating_sub(self.history)
    }
}

impl PartKind {
    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Level => text!("Level the forecast starts from", "预测起点水平"),
            Self::Trend => text!("Trend since then", "此后的趋势"),
            Self::Season(m) => text!("Season of {m} periods", "{m} 期季节"),
            Self::Rest => text!("Events and the rest", "事件及其他"),
            Self::Layer(LayerKind::Statistical) => text!("Statistical forecast", "统计预测"),
            Self::Layer(LayerKind::Launch) => text!("Launch curve", "上市曲线"),
            Self::Layer(LayerKind::Reconciled) => text!("Reconciliation", "协调"),
            Self::Layer(LayerKind::Override) => text!("Overrides", "人工调整"),
        }
    }
}

impl Residuals {
    /// Lags whose autocorrelation lies outside the band.
    pub fn outside(&self) -> usize {
        self.acf.iter().filter(|r| r.abs() > self.band).count()
    }

    /// True when their mean lies beyond chance from 0: further than 1.96 of its standard errors.
    pub fn is_biased(&self) -> bool {
        let error = self.deviation / (self.values.len().max(1) as f64).sqrt();
        self.values.len() >= FEWEST_FOR_BIAS && self.deviation > 0.0 && self.mean.abs() > NORMAL_975 * error
    }

    /// Residuals that a bar of the histogram around `x` would hold if they were normal with their mean and deviation;
    /// `None` when they don't vary.
    pub fn expected(&self, x: f64) -> Option<f64> {
        let width = self.bins.first().map(|bin| bin.to - bin.from).filter(|w| *w > 0.0 && self.deviation > 0.0)?;
        let z = (x - self.mean) / self.deviation;
        let share = width / self.deviation * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
        Some(share * self.values.len() as f64)
    }

    /// What the residuals say about the model, in a sentence or two.
    pub fn verdict(&self) -> Text {
        let Some(test) = self.ljung_box else {
            return text!("Too few or constant residuals: there is nothing to test.", "残差过少或为常数，无法检验。");
        };
        let LjungBox { lags, statistic, p_value } = test;
        let found = if p_value < SIGNIFICANT {
            text!(
                "The residuals still hold a pattern: the model leaves something on the table.",
                "残差中仍有规律：模型尚未充分利用历史信息。"
            )
        } else {
            text!("No pattern is left in the residuals: they look like noise.", "残差中没有剩余规律，近似白噪声。")
        };
        let found = if self.is_biased() { found.then(&self.bias()) } else { found };
        let (p, q) = (p_text(p_value), format!("{statistic:.1}"));
        let numbers =
            text!("Ljung–Box over {lags} lags: Q = {q}, p {p}.", "Ljung–Box 检验（{lags} 阶）：Q = {q}，p {p}。");
        found.then(&numbers)
    }

    /// Which way the model errs, and by how much.
    fn bias(&self) -> Text {
        let size = figure(self.mean.abs());
        if self.mean > 0.0 {
            text!("On average it was {size} units too low.", "平均偏低 {size} 件。")
        } else {
            text!("On average it was {size} units too high.", "平均偏高 {size} 件。")
        }
    }
}

/// Fewest residuals whose mean is judged.
const FEWEST_FOR_BIAS: usize = 8;
/// 97.5 % quantile of the standard normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Level of the residuals' test.
const SIGNIFICANT: f64 = 0.05;

/// A p-value for a sentence: "= 0.012", "< 0.001".
pub(crate) fn p_text(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("= {p:.3}") }
}

#[cfg(test)]
mod tests {
    use super::{Bin, Residuals};
    use crate::model::Period;

    fn residuals(values: Vec<f64>, mean: f64, deviation: f64) -> Residuals {
        let start = Period::parse("2024-01").expect("a month");
        let bins = (-40..40).map(|k| Bin { from: f64::from(k) / 2.0, to: f64::from(k + 1) / 2.0, count: 0 }).collect();
        Residuals { start, values, mean, deviation, acf: Vec::new(), band: 0.0, bins, ljung_box: None }
    }

    #[test]
    fn a_mean_beyond_chance_is_a_bias() {
        // 1.96·2/√100 = 0.392.
        assert!(residuals(vec![0.0; 100], 0.40, 2.0).is_biased());
        assert!(!residuals(vec![0.0; 100], -0.38, 2.0).is_biased());
        assert!(!residuals(vec![0.0; 4], 9.0, 2.0).is_biased(), "too few");
        assert!(residuals(vec![0.0; 100], 0.40, 2.0).bias().en.contains("0.4 units too low"));
        assert!(residuals(vec![0.0; 100], -0.40, 2.0).bias().en.contains("0.4 units too high"));
    }

    #[test]
    fn the_normal_curve_holds_all_residuals() {
        let found = residuals(vec![0.0; 100], 1.0, 2.0);
        let sum: f64 = found.bins.iter().filter_map(|b| found.expected(f64::midpoint(b.from, b.to))).sum();
        assert!((sum - 100.0).abs() < 0.01, "{sum}");
        // 100 · 0.5 · φ(0)/2.
        assert!((found.expected(1.0).unwrap_or(0.0) - 9.973_557).abs() < 1e-5);
        assert_eq!(residuals(vec![0.0; 100], 1.0, 0.0).expected(1.0), None);
    }
}
