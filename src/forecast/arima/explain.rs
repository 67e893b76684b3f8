//! ARIMA in words: what was chosen, why it looks as it does, why a history is refused.

use super::estimate::Estimate;
use super::kpss;
use super::order::{Constant, Order};
use super::search::{CLEAR, Chosen, MAX_PERIOD, MIN_SEASONS, Season};
use super::season::STRONG;
use crate::text;
use crate::words::Text;

/// Steps of a forecast that differ by less than this share of its size look flat on any chart.
const FLAT: f64 = 1e-3;

/// A history too short for the order.
pub(super) fn too_short(y: &[f64], order: &Order, kind: Constant, used: usize, noise: Option<f64>) -> Text {
    let (k, n, need) = (order.parameters(kind), y.len(), order.differences_needed(kind));
    let periods = need + order.lost();
    let first = if order.all_differences() == 0 {
        text!(
            "ARIMA{order} has {k} parameters to estimate from {used} observations; it takes at least \
             {need} before the estimates mean anything.",
            "ARIMA{order} 要用 {used} 个观测值估计 {k} 个参数，至少需要 {need} 个观测值，估计才有意义。"
        )
    } else {
        text!(
            "ARIMA{order} has {k} parameters to estimate from {used} differences ({n} periods of history); it takes at \
             least {need} differences ({periods} periods) before the estimates mean anything.",
            "ARIMA{order} 要用 {used} 个差分（{n} 期历史）估计 {k} 个参数，至少需要 {need} 个差分（{periods} 期历史），\
             估计才有意义。"
        )
    };
    let walk = match noise {
        Some(noise) if order.differences == 1 && order.seasonal_differences == 0 => text!(
            "A random walk, which estimates no coefficient at all, already reaches log-likelihood {noise:.2}.",
            "完全不估计系数的随机游走，对数似然就已达到 {noise:.2}。"
        ),
        _ => Text::default(),
    };
    first.then(&walk).then(&instead(y))
}

/// A history too short to choose an order on.
pub(super) fn too_short_to_choose(y: &[f64], least: usize) -> Text {
    let n = y.len();
    text!(
        "Choosing an ARIMA order takes at least {least} periods of history; there are {n}.",
        "自动选择 ARIMA 阶数至少需要 {least} 期历史，目前只有 {n} 期。"
    )
    .then(&instead(y))
}

/// Nothing varies, before or after differencing.
pub(super) fn nothing_varies(y: &[f64], order: &Order) -> Text {
    let last = figure(y.last().copied().unwrap_or(0.0));
    match (order.differences, order.seasonal_differences) {
        (0, 0) => text!(
            "Every period of the history is {last}, so there is nothing to estimate. Use the naive method, which \
             forecasts {last}.",
            "历史各期都是 {last}，没有可以估计的内容。请改用朴素法，其预测值就是 {last}。"
        ),
        (_, 0) => text!(
            "After differencing nothing varies: the history is a perfect line or constant, so there is no random part \
             to estimate. Use the drift method, which continues it exactly.",
            "差分后各期没有变化：历史是一条完美的直线或常数，没有可估计的随机部分。请改用漂移法，它会原样延续。"
        ),
        _ => text!(
            "After seasonal differencing nothing varies: every season repeats the last one exactly. Use the seasonal \
             naive method, which continues it.",
            "季节差分后各期没有变化：每一季都与上一季完全相同。请改用季节朴素法，它会原样延续。"
        ),
    }
}

/// Values whose squares overflow, or that aren't numbers.
pub(super) fn unworkable_size() -> Text {
    text!(
        "The values are too large or too small to compute a variance with. Choose another unit for the quantities.",
        "数值过大或过小，无法计算方差。请为数量换一个单位。"
    )
}

/// Why a forecast on another scale has no mean in units.
pub(super) fn beyond_reach() -> Text {
    text!(
        "On the transformed scale the history swings so far that the mean in units is beyond every number; use ARIMA \
         without a transformation.",
        "在变换后的尺度上历史波动过大，换算回数量的均值已超出可表示的范围。请改用不做变换的 ARIMA。"
    )
}

/// A scale that the history has no value on.
pub(super) fn no_transform(low: f64) -> Text {
    let low = figure(low);
    text!(
        "Logarithms and Box–Cox transformations take positive quantities; the smallest of the history is {low}. Use ARIMA \
         without a transformation.",
        "对数与 Box–Cox 变换要求数量为正；历史中的最小值是 {low}。请改用不做变换的 ARIMA。"
    )
}

/// The scale that the model lives on.
pub(super) fn transformed(lambda: f64) -> Text {
    if lambda == 0.0 {
        return text!(
            "It is a model of the logarithms; the forecast is the mean, corrected for the bias of taking them back.",
            "模型建立在对数上；预测值为均值，已修正反变换的偏差。"
        );
    }
    text!(
        "It is a model of the Box–Cox transformed history (λ = {lambda:.2}); the forecast is the mean, corrected for the \
         bias of taking it back.",
        "模型建立在 Box–Cox 变换（λ = {lambda:.2}）后的历史上；预测值为均值，已修正反变换的偏差。"
    )
}

/// More missing values than the likelihood takes.
pub(super) fn too_many_gaps(gaps: usize, most: usize) -> Text {
    text!(
        "{gaps} periods of the history have no value, more than the {most} that ARIMA can fill in. Fill them first.",
        "历史中有 {gaps} 期缺值，超过 ARIMA 可处理的 {most} 期。请先补齐数据。"
    )
}

/// No start led to a likelihood.
pub(super) fn no_likelihood(name: &str) -> Text {
    text!(
        "No coefficients of {name} give this history a likelihood. Choose a lower order, or let ARIMA choose its own.",
        "找不到能为这段历史算出似然值的 {name} 系数。请降低阶数，或让 ARIMA 自动定阶。"
    )
}

/// How a given order came out.
pub(super) fn given(fit: &Estimate, mean: &[f64]) -> Text {
    let order = fit.order;
    let aicc = fit.aicc();
    text!(
        "ARIMA{order} as asked for, by exact maximum likelihood: AICc {aicc:.2}.",
        "按指定的阶数 ARIMA{order}，以精确极大似然估计：AICc {aicc:.2}。"
    )
    .then(&edge(fit))
    .then(&flat(fit, mean))
}

/// How the order was chosen.
pub(super) fn chosen(chosen: &Chosen, fit: &Estimate, mean: &[f64]) -> Text {
    let (order, tried, aicc) = (fit.order, chosen.tried, fit.aicc());
    let constant = match (fit.kind, order.all_differences()) {
        (Constant::Zero, _) => Text::default(),
        (Constant::Estimated, 0) => text!(" with a mean", "（含均值）"),
        (Constant::Estimated, _) => text!(" with drift", "（含漂移项）"),
    };
    let (en, zh) = (&constant.en, &constant.zh);
    let first = Text::new(
        format!("ARIMA{order}{en} has the lowest AICc ({aicc:.2}) of {tried} orders tried."),
        format!("在试过的 {tried} 个阶数中，ARIMA{order}{zh} 的 AICc 最低（{aicc:.2}）。"),
    );
    first.then(&season(chosen)).then(&differences(chosen)).then(&flat(fit, mean))
}

/// Which drivers entered, of how many.
pub(super) fn drivers(names: &[Text], offered: usize) -> Text {
    if offered == 0 {
        return Text::default();
    }
    let count = names.len();
    if count == 0 {
        return text!("None of {offered} drivers explains enough to enter.", "{offered} 个驱动因素都不足以进入模型。");
    }
    let en = names.iter().map(|n| n.en.as_str()).collect::<Vec<_>>().join(", ");
    let zh = names.iter().map(|n| n.zh.as_str()).collect::<Vec<_>>().join("、");
    text!("{count} of {offered} drivers entered: {en}.", "{offered} 个驱动因素中有 {count} 个进入模型：{zh}。")
}

/// That drivers multiply demand instead of adding to it.
pub(super) fn shares(gain: f64) -> Text {
    text!(
        "The drivers move demand by shares: the log-likelihood is {gain:.1} larger on logarithms than in units.",
        "驱动因素按比例影响需求：对数尺度下的对数似然比原单位高 {gain:.1}。"
    )
}

/// That the forecast is an average.
pub(super) fn averaged(orders: usize, share: f64) -> Text {
    let percent = 100.0 * share;
    text!(
        "The forecast weighs the {orders} best orders by their AICc; this one has {percent:.0} % of the weight.",
        "预测按 AICc 对最好的 {orders} 个阶数加权，其中该阶数占 {percent:.0}%。"
    )
}

/// Why D.
fn season(chosen: &Chosen) -> Text {
    let m = chosen.base.period;
    match chosen.season {
        Season::None => Text::default(),
        Season::TooLong => text!(
            "No seasonal part was considered: seasons beyond {MAX_PERIOD} periods are left to the seasonal naive method.",
            "未考虑季节部分：超过 {MAX_PERIOD} 期的季节交由季节朴素法处理。"
        ),
        Season::Fourier(pairs) => text!(
            "The season is modelled by {pairs} pairs of sines and cosines, because it is longer than {MAX_PERIOD} periods.",
            "季节长度超过 {MAX_PERIOD} 期，因此用 {pairs} 对正弦与余弦项来描述。"
        ),
        Season::TooFew => text!(
            "No seasonal part was considered: that takes {MIN_SEASONS} whole seasons of history.",
            "未考虑季节部分：至少需要 {MIN_SEASONS} 个完整季节的历史。"
        ),
        Season::Considered(strength) if chosen.base.seasonal_differences > 0 => text!(
            "A season of {m} periods is differenced out (D = 1) because its strength is {strength:.2}, above {STRONG}.",
            "季节强度为 {strength:.2}，高于 {STRONG}，因此按 {m} 期做一次季节差分（D = 1）。"
        ),
        Season::Considered(strength) => text!(
            "No seasonal difference (D = 0): the season's strength is {strength:.2}, below {STRONG}.",
            "不做季节差分（D = 0）：季节强度为 {strength:.2}，低于 {STRONG}。"
        ),
    }
}

/// Why d.
fn differences(chosen: &Chosen) -> Text {
    let d = chosen.findings.differences;
    let critical = kpss::CRITICAL;
    let first = chosen.findings.statistics.first().copied().unwrap_or(0.0);
    if d == 0 {
        return text!(
            "The level is stable (d = 0): KPSS statistic {first:.2}, critical value {critical}.",
            "水平稳定（d = 0）：KPSS 统计量 {first:.2}，临界值 {critical}。"
        );
    }
    let after = match chosen.findings.statistics.get(d) {
        Some(after) => text!(", {after:.2} after it", "，差分后为 {after:.2}"),
        None => Text::default(),
    };
    let (en, zh) = (&after.en, &after.zh);
    Text::new(
        format!(
            "The level wanders, so d = {d}: KPSS statistic {first:.2} before differencing{en}, critical value {critical}."
        ),
        format!("水平不稳定，因此 d = {d}：差分前 KPSS 统计量 {first:.2}{zh}，临界值 {critical}。"),
    )
}

/// Why a forecast is a level line, the question asked most often about ARIMA.
fn flat(fit: &Estimate, mean: &[f64]) -> Text {
    let size = mean.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let (low, high) = mean.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let is_flat = mean.len() > 1 && high - low <= FLAT * size;
    let settles = fit.order.all_differences() == 0 || (fit.order.differences == 1 && !fit.order.has_season());
    if is_flat {
        text!(
            "The forecast is flat because no trend or season was found: the same level is the best guess for every \
             period, and the interval shows how far demand may stray from it.",
            "预测是一条水平线，因为没有发现趋势或季节：同一水平就是各期的最佳估计，需求可能偏离多远由预测区间表示。"
        )
    } else if settles && !fit.order.has_season() && (fit.kind == Constant::Zero || fit.order.differences == 0) {
        text!(
            "The forecast levels off because no trend or season was found.",
            "预测会逐渐走平，因为没有发现趋势或季节。"
        )
    } else {
        Text::default()
    }
}

/// A warning when a given order fits on the edge of what it can.
fn edge(fit: &Estimate) -> Text {
    if fit.coefficients.roots_exceed(CLEAR, fit.order.period) {
        return Text::default();
    }
    text!(
        "A root lies on the unit circle, so the order doesn't suit the history: change d or D by one, or drop a term.",
        "有特征根落在单位圆上，说明该阶数不适合这段历史：请把 d 或 D 增减一，或去掉一项。"
    )
}

/// What to use instead on a few points.
fn instead(y: &[f64]) -> Text {
    let Some(last) = y.last() else { return Text::default() };
    let n = y.len() as f64;
    let (mean, last) = (figure(y.iter().map(|y| y / n).sum()), figure(*last));
    text!(
        "Use the mean ({mean}), the naive forecast ({last}) or simple exponential smoothing instead, or add history.",
        "请改用均值（{mean}）、朴素法（{last}）或简单指数平滑，或补充历史数据。"
    )
}

/// A number to at most two decimals, without trailing zeros.
fn figure(value: f64) -> String {
    let text = if value.abs() < 1e12 { format!("{value:.2}") } else { format!("{value:.3e}") };
    if text.contains('e') { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() }
}
