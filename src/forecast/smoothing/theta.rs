//! The Theta method.

use super::decompose::{indices, line};
use super::estimate::estimate;
use super::form::{Form, Season, Trend};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::model::Parameter;
use crate::text;

/// Half the fitted line's slope on top of SES (Assimakopoulos & Nikolopoulos 2000, *The theta model*, Int. J. Forecasting
/// 16; as SES with drift: Hyndman & Billah 2003, *Unmasking the Theta method*, same journal 19, equation 4):
/// `y[n+h] = l[n] + ½b·(h − 1 + (1 − (1−α)^n)/α)`.
///
/// The season is divided out first (subtracted when a value isn't positive) when the autocorrelation at lag `m` is
/// significant at 90 %, as in the original. Shocks count on the deseasonalised scale, `ψ[j] = α`. Needs 5 periods.
pub(crate) struct Theta;

impl Method for Theta {
    fn name(&self) -> String {
        "theta".to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        let (y, n) = (task.y, task.y.len());
        if n < 5 {
            return Err(FitError::Refused(text!(
                "Theta needs at least 5 periods; there are {n}",
                "Theta 至少需要 5 期；现有 {n} 期"
            )));
        }
        let (season, factors) = season_of(y, task.season);
        let apply = |t: usize, v: f64| match season {
            Season::None => v,
            Season::Additive => v + factors[t % factors.len()],
            Season::Multiplicative => v * factors[t % factors.len()],
        };
        let adjusted: Vec<f64> = (0..n)
            .map(|t| match season {
                Season::None => y[t],
                Season::Additive => y[t] - factors[t % factors.len()],
                Season::Multiplicative => y[t] / factors[t % factors.len()],
            })
            .collect();
        let half_slope = line(&adjusted).1 / 2.0;
        let form = Form::additive(Trend::None, Season::None, 1);
        let ses = estimate(&adjusted, form, None, control)?.ok_or_else(super::holt::unstable)?;
        let alpha = ses.weights.alpha;
        let lead = |seen: usize| (1.0 - (1.0 - alpha).powf(seen as f64)) / alpha;
        let fitted: Vec<f64> = (0..n).map(|t| apply(t, ses.fitted[t] + half_slope * lead(t))).collect();
        let ahead = |h: usize| apply(n + h, ses.end.level + half_slope * (h as f64 + lead(n)));
        let sse: f64 = y.iter().zip(&fitted).map(|(a, f)| (a - f).powi(2)).sum();
        let sigma2 = sse / (n - 3) as f64;
        let mut psi = vec![alpha; task.horizon];
        psi[0] = 1.0;
        let kind = match season {
            Season::None => text!("no season was found", "未发现季节"),
            Season::Additive | Season::Multiplicative => {
                text!("the season was taken out and put back", "先剔除后还原季节")
            }
        };
        let (en, zh) = (kind.en, kind.zh);
        Ok(Fit {
            mean: (0..task.horizon).map(ahead).collect(),
            spread: Spread::Linear { psi, sigma: sigma2.sqrt() },
            fitted,
            parameters: vec![
                Parameter::new("alpha", alpha),
                Parameter::new("drift", half_slope),
                Parameter::new("level", ses.end.level),
                Parameter::new("sigma2", sigma2),
            ],
            why: crate::words::Text::new(
                format!("A level with α = {alpha:.2} and half of the history's slope, {half_slope:.4} a period; {en}."),
                format!("以 α = {alpha:.2} 平滑的水平，加历史斜率的一半（每期 {half_slope:.4}）；{zh}。"),
            ),
        })
    }
}

/// The season to take out, if any: significant at lag `m`, and with at least two seasons of data.
fn season_of(y: &[f64], m: usize) -> (Season, Vec<f64>) {
    let none = (Season::None, Vec::new());
    if m < 2 || y.len() < 2 * m || !is_seasonal(y, m) {
        return none;
    }
    let positive = y.iter().all(|v| *v > 0.0);
    let season = if positive { Season::Multiplicative } else { Season::Additive };
    indices(y, m, season).map_or(none, |factors| (season, factors))
}

/// `|r[m]| > 1.645·√((1 + 2·Σ_{k<m} r[k]²)/n)`, the 90 % test of the M competitions' Theta.
fn is_seasonal(y: &[f64], m: usize) -> bool {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let centred: Vec<f64> = y.iter().map(|v| v - mean).collect();
    let variance: f64 = centred.iter().map(|v| v * v).sum();
    if variance <= 0.0 {
        return false;
    }
    let r = |lag: usize| centred[lag..].iter().zip(&centred).map(|(a, b)| a * b).sum::<f64>() / variance;
    let spread: f64 = (1..m).map(|k| r(k).powi(2)).sum();
    r(m).abs() > 1.645 * ((1.0 + 2.0 * spread) / n).sqrt()
}
