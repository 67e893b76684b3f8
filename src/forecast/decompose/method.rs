//! Forecasting the parts instead of the whole.

use super::loess::{Degree, Loess};
use super::{Components, components};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::forecast::registry::build;
use crate::forecast::seed::generator;
use crate::forecast::shocks::Shocks;
use crate::model::{Parameter, SamplePaths};
use crate::text;
use crate::words::Text;

/// Days in a week and in a year.
const WEEK: usize = 7;
const YEAR: usize = 365;
/// Days that the season of a year is smoothed over: two or three years can't tell one day's part from its noise, but a
/// month's.
const MONTH: usize = 31;
/// Forecasts on the log scale stay within this factor of the smallest and largest demand so far.
const FARTHEST: f64 = 1000.0;
/// Variance on the log scale up to which the mean is corrected for it; beyond, the correction says more than the history.
const MOST_CORRECTED: f64 = 1.0;
/// Remainder, relative to the size of the history, below which a decomposition is exact.
const EXACT: f64 = 1e-12;

/// Seasons taken out by MSTL, the rest forecast by automatic ETS without season, the seasons' last cycles put back
/// (Bandara, Hyndman & Bergmeir 2021, section 5). Intervals are those of the seasonally adjusted series: the seasons are
/// taken as known.
///
/// Days have a season of 7 and, with two years of history, one of 365, smoothed over a month (a departure from MSTL);
/// other periods have their one. A positive history
/// is decomposed on the log scale when that makes the remainder steadier: by the larger Gaussian likelihood of the
/// remainder, the Jacobian of the logarithm included (Box & Cox 1964, *An analysis of transformations*, section 3).
pub(crate) struct Mstl;

/// The scale on which a history is the sum of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    Units,
    Logs,
}

impl Method for Mstl {
    fn name(&self) -> String {
        "mstl".to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let (n, m) = (task.y.len(), task.season);
        if m < 2 {
            return Err(FitError::Refused(text!(
                "MSTL needs a season, and periods of this length have none",
                "MSTL 需要季节周期，而该期间长度没有季节"
            )));
        }
        if n < 2 * m {
            let needed = 2 * m;
            return Err(FitError::Refused(text!(
                "MSTL needs two whole seasons of {m} periods ({needed}); there are {n}",
                "MSTL 需要两个完整季节（各 {m} 期，共 {needed} 期）；现有 {n} 期"
            )));
        }
        let seasons: &[usize] = if m == WEEK { &[WEEK, YEAR] } else { &[m] };
        let (scale, parts) = decompose(task.y, seasons, control)?;
        let season = |t: usize| -> f64 { parts.seasonal.iter().map(|s| s.values[t]).sum() };
        let mut adjusted: Vec<f64> = parts.trend.iter().zip(&parts.remainder).map(|(t, r)| t + r).collect();
        // A logarithm's size says only in which unit demand was counted: without it, nothing can multiply it.
        let centre = match scale {
            Scale::Units => 0.0,
            Scale::Logs => adjusted.iter().sum::<f64>() / n as f64,
        };
        for v in &mut adjusted {
            *v -= centre;
        }
        let inner = Task { y: &adjusted, season: 1, ..*task };
        let ets = build("ets").ok_or_else(|| FitError::Refused(text!("There is no ETS", "缺少 ETS")))?;
        let rest = ets.fit(&inner, control)?;
        let ahead: Vec<f64> = (0..task.horizon).map(|h| repeated(&parts, h) + centre).collect();
        let first = n - rest.fitted.len().min(n);
        let fitted: Vec<f64> = rest.fitted.iter().enumerate().map(|(k, v)| v + season(first + k) + centre).collect();
        let mean: Vec<f64> = rest.mean.iter().zip(&ahead).map(|(v, s)| v + s).collect();
        let why = why(&parts, scale).then(&rest.why);
        let mut parameters = strengths(&parts);
        parameters.extend(rest.parameters);
        let whole = match scale {
            Scale::Units => Fit { spread: shifted(rest.spread, &ahead), mean, fitted, parameters, why },
            Scale::Logs => exponentiated(Fit { spread: rest.spread, mean, fitted, parameters, why }, &ahead, task),
        };
        Ok(whole)
    }
}

/// The parts on the steadier scale.
fn decompose(y: &[f64], seasons: &[usize], control: &Control) -> Result<(Scale, Components), FitError> {
    let plain = calmed(components(y, seasons, control)?);
    if y.iter().any(|v| *v <= 0.0) {
        return Ok((Scale::Units, plain));
    }
    let logs: Vec<f64> = y.iter().map(|v| v.ln()).collect();
    let logged = calmed(components(&logs, seasons, control)?);
    let n = y.len() as f64;
    let size = y.iter().sum::<f64>() / n;
    let deviation = |parts: &Components, size: f64| {
        let square = parts.remainder.iter().map(|r| (r / size).powi(2)).sum::<f64>() / n;
        square.sqrt().max(EXACT)
    };
    // Both per period: −ln σ of the remainder, and −Σ ln y / n for the change of scale.
    let in_units = -(deviation(&plain, size).ln() + size.ln());
    let in_logs = -deviation(&logged, 1.0).ln() - logs.iter().sum::<f64>() / n;
    Ok(if in_logs > in_units { (Scale::Logs, logged) } else { (Scale::Units, plain) })
}

/// The season of a year of days smoothed over a month; what that takes away is remainder.
fn calmed(mut parts: Components) -> Components {
    for season in parts.seasonal.iter_mut().filter(|s| s.period == YEAR) {
        let rough = season.values.clone();
        Loess::new(MONTH, Degree::Line).smooth(&rough, None, &mut season.values);
        let moved = rough.iter().zip(&season.values).map(|(old, new)| old - new);
        parts.remainder.iter_mut().zip(moved).for_each(|(r, m)| *r += m);
    }
    parts
}

/// What the seasons add at step `h`: what they added in the same period of their last cycle.
fn repeated(parts: &Components, h: usize) -> f64 {
    let n = parts.trend.len();
    parts.seasonal.iter().map(|s| s.values[n - s.period + h % s.period]).sum()
}

/// The same distribution around a mean that moved by `by`.
fn shifted(spread: Spread, by: &[f64]) -> Spread {
    match spread {
        linear @ Spread::Linear { .. } => linear,
        Spread::Paths(paths) => {
            let values = paths.iter().flat_map(|path| path.iter().zip(by).map(|(v, s)| (f64::from(*v) + s) as f32));
            Spread::Paths(SamplePaths::new(paths.steps(), values.collect()))
        }
    }
}

/// A fit on the log scale as one in units: paths one by one, the mean as that of a log-normal, fitted values as medians.
fn exponentiated(fit: Fit, season: &[f64], task: &Task<'_>) -> Fit {
    let (low, high) = task.y.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
    let low = (low / FARTHEST).max(f64::MIN_POSITIVE).ln();
    let high = (high.ln() + FARTHEST.ln()).max(low);
    let units = |v: f64| v.clamp(low, high).exp();
    let (variance, paths) = match fit.spread {
        Spread::Linear { psi, sigma } => {
            let mut sum = 0.0;
            let square = |p: &f64| {
                sum += p * p;
                sigma * sigma * sum
            };
            let variance: Vec<f64> = psi.iter().map(square).collect();
            let (law, mut rng) = (Shocks::new(&variance), generator(task.seed));
            let mut shocks = vec![0.0; fit.mean.len()];
            let mut values = Vec::with_capacity(task.options.paths.max(1) * shocks.len());
            for _ in 0..task.options.paths.max(1) {
                law.draw(&mut rng, &mut shocks);
                values.extend(fit.mean.iter().zip(&shocks).map(|(mu, e)| units(mu + e) as f32));
            }
            (variance, SamplePaths::new(fit.mean.len(), values))
        }
        Spread::Paths(paths) => {
            let variance = column_variances(&paths);
            let value = |(v, s): (&f32, &f64)| units(f64::from(*v) + s) as f32;
            let values = paths.iter().flat_map(|path| path.iter().zip(season).map(value)).collect();
            (variance, SamplePaths::new(paths.steps(), values))
        }
    };
    let mean = fit.mean.iter().zip(&variance).map(|(mu, v)| units(mu + v.min(MOST_CORRECTED) / 2.0)).collect();
    Fit { mean, spread: Spread::Paths(paths), fitted: fit.fitted.iter().map(|v| units(*v)).collect(), ..fit }
}

fn column_variances(paths: &SamplePaths) -> Vec<f64> {
    let count = paths.len().max(1) as f64;
    let moments = |h: usize| {
        let mean = paths.iter().map(|p| f64::from(p[h])).sum::<f64>() / count;
        paths.iter().map(|p| (f64::from(p[h]) - mean).powi(2)).sum::<f64>() / count
    };
    (0..paths.steps()).map(moments).collect()
}

fn strengths(parts: &Components) -> Vec<Parameter> {
    let mut list = vec![Parameter::new("trend-strength", parts.trend_strength())];
    list.extend(
        parts
            .seasonal
            .iter()
            .enumerate()
            .map(|(k, season)| Parameter::new(format!("season-strength-{}", season.period), parts.season_strength(k))),
    );
    list
}

fn why(parts: &Components, scale: Scale) -> Text {
    let list: Vec<String> = (0..parts.seasonal.len())
        .map(|k| format!("{}: {:.2}", parts.seasonal[k].period, parts.season_strength(k)))
        .collect();
    let (trend, en, zh) = (parts.trend_strength(), list.join(", "), list.join("，"));
    let scale = match scale {
        Scale::Units => text!("in units", "按数量"),
        Scale::Logs => text!("on the log scale, where the remainder is steadier", "在对数尺度上（余项更稳定）"),
    };
    let (scale_en, scale_zh) = (scale.en, scale.zh);
    text!(
        "Trend (strength {trend:.2}) and seasons (length: strength {en}) were separated {scale_en}; the seasons repeat their last cycle.",
        "{scale_zh}分解出趋势（强度 {trend:.2}）和季节（周期：强度 {zh}）；季节沿用最近一个周期。"
    )
}
