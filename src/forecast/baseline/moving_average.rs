//! The mean of the last few values.

use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::model::Parameter;
use crate::text;

/// Windows tried: a few periods, quarters and halves of the usual seasons.
const WINDOWS: [usize; 9] = [2, 3, 4, 6, 8, 12, 13, 24, 26];

/// `y[n+h] = mean(y[n−k+1..=n])`. Without a given `k` the window with the smallest squared one-step error is taken,
/// all windows judged on the same periods. A new shock moves the mean of the last `k` values by `1/k` of itself, so
/// `ψ[j] = 1/k`; σ is the root mean square of the one-step errors. Needs four periods, or one more than a given `k`.
pub(crate) struct MovingAverage {
    /// Window, periods; `None` chooses it.
    pub(crate) window: Option<usize>,
}

impl Method for MovingAverage {
    fn name(&self) -> String {
        self.window.map_or_else(|| "moving-average".to_owned(), |k| format!("moving-average({k})"))
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        let (y, n) = (task.y, task.y.len());
        let needed = self.window.map_or(4, |k| k + 1);
        if n < needed {
            return Err(FitError::Refused(text!(
                "The moving average needs at least {needed} periods; there are {n}",
                "移动平均至少需要 {needed} 期；现有 {n} 期"
            )));
        }
        let window = self.window.unwrap_or_else(|| best_window(y));
        let fitted = means(y, window);
        let errors = fitted.iter().zip(&y[window..]).map(|(f, a)| (a - f).powi(2));
        let sigma2 = errors.sum::<f64>() / (n - window) as f64;
        let level = y[n - window..].iter().sum::<f64>() / window as f64;
        let mut psi = vec![1.0 / window as f64; task.horizon];
        psi[0] = 1.0;
        Ok(Fit {
            mean: vec![level; task.horizon],
            spread: Spread::Linear { psi, sigma: sigma2.sqrt() },
            fitted,
            parameters: vec![Parameter::new("window", window as f64), Parameter::new("sigma2", sigma2)],
            why: text!(
                "Mean of the last {window} periods; flat, because a moving average knows neither trend nor season.",
                "最近 {window} 期的平均值；预测是水平的，因为移动平均不含趋势和季节。"
            ),
        })
    }
}

/// The window with the smallest one-step squared error over the periods that every window can forecast.
fn best_window(y: &[f64]) -> usize {
    let fitting: Vec<usize> = WINDOWS.into_iter().filter(|k| 2 * k <= y.len()).collect();
    let from = fitting.last().copied().unwrap_or(2);
    let error = |k: usize| -> f64 {
        let fitted = means(y, k);
        y[from..].iter().zip(&fitted[from - k..]).map(|(a, f)| (a - f).powi(2)).sum()
    };
    let mut best = (f64::INFINITY, 2);
    for k in fitting {
        let e = error(k);
        if e < best.0 {
            best = (e, k);
        }
    }
    best.1
}

/// Mean of `y[t−k..t]` for every `t = k..n`.
fn means(y: &[f64], k: usize) -> Vec<f64> {
    y.windows(k).take(y.len() - k).map(|w| w.iter().sum::<f64>() / k as f64).collect()
}
