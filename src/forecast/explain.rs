//! What a forecast looks like, in words: flat, rising, falling, seasonal. The flat line is the commonest question.

use crate::model::Forecast;
use crate::text;
use crate::words::Text;

/// A total change over the horizon smaller than this share of the mean reads as flat.
const FLAT: f64 = 0.005;

/// One sentence on the shape of the mean, with numbers.
pub(crate) fn shape(forecast: &Forecast, season: usize) -> Text {
    let mean = &forecast.mean;
    let (Some(first), Some(last)) = (mean.first(), mean.last()) else { return Text::default() };
    if mean.len() < 2 {
        return Text::default();
    }
    let (low, high) = mean.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let size = mean.iter().map(|v| v.abs()).sum::<f64>() / mean.len() as f64;
    if high - low <= FLAT * size {
        return if *first == 0.0 && *last == 0.0 {
            text!("The forecast is zero.", "预测为零。")
        } else {
            text!(
                "The forecast is flat at {first:.2}: the model found no trend or season that would carry on.",
                "预测水平保持在 {first:.2}：模型未发现可延续的趋势或季节。"
            )
        };
    }
    let turns = mean.windows(3).filter(|w| (w[1] - w[0]) * (w[2] - w[1]) < 0.0).count();
    if turns > 0 && season > 1 {
        return text!(
            "The forecast moves between {low:.2} and {high:.2} with the season.",
            "预测随季节在 {low:.2} 与 {high:.2} 之间变动。"
        );
    }
    if last > first {
        text!("The forecast rises from {first:.2} to {last:.2}.", "预测由 {first:.2} 升至 {last:.2}。")
    } else {
        text!("The forecast falls from {first:.2} to {last:.2}.", "预测由 {first:.2} 降至 {last:.2}。")
    }
}
