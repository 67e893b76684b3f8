//! What a forecast looks like, in words: flat, rising, falling, seasonal. The flat line is the commonest question.

use crate::model::Forecast;
use crate::text;
use crate::words::{Text, figure};

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
            let first = figure(*first);
            text!(
                "The forecast is flat at {first}: the model found no trend or season that would carry on.",
                "预测水平保持在 {first}：模型未发现可延续的趋势或季节。"
            )
        };
    }
    let turns = mean.windows(3).filter(|w| (w[1] - w[0]) * (w[2] - w[1]) < 0.0).count();
    if turns > 0 && season > 1 {
        let (low, high) = (figure(low), figure(high));
        return text!(
            "The forecast moves between {low} and {high} with the season.",
            "预测随季节在 {low} 与 {high} 之间变动。"
        );
    }
    let is_rising = last > first;
    let (first, last) = (figure(*first), figure(*last));
    if is_rising {
        text!("The forecast rises from {first} to {last}.", "预测由 {first} 升至 {last}。")
    } else {
        text!("The forecast falls from {first} to {last}.", "预测由 {first} 降至 {last}。")
    }
}
