//! Teunter, Syntetos & Babai: the chance of demand fades while there is none.

use super::{best_alpha, refusal, simulate, smooth};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::model::Parameter;
use crate::text;

/// Rate = smoothed size · smoothed chance of demand; the chance is updated every period, so items that die out are
/// noticed (Teunter, Syntetos & Babai 2011, *Intermittent demand: linking forecasting to inventory obsolescence*,
/// European J. Operational Research 214).
///
/// Start: the first size, and a chance of 1 or 0 as the first period had demand or not. Without given parameters each
/// gets the one with the smallest squared one-step error of its own sequence.
pub(crate) struct Tsb {
    /// Smoothing parameters of size and chance, each in `(0, 1]`; `None` estimates them.
    pub(crate) alphas: Option<(f64, f64)>,
}

impl Method for Tsb {
    fn name(&self) -> String {
        self.alphas.map_or_else(|| "tsb".to_owned(), |(a, b)| format!("tsb({a},{b})"))
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        if let Some(reason) = refusal(task.y) {
            return Err(FitError::Refused(reason));
        }
        let sizes: Vec<f64> = task.y.iter().copied().filter(|v| *v > 0.0).collect();
        let events: Vec<f64> = task.y.iter().map(|v| f64::from(u8::from(*v > 0.0))).collect();
        let (alpha_size, alpha_chance) = self.alphas.unwrap_or_else(|| (best_alpha(&sizes), best_alpha(&events)));
        let (size_levels, chances) = (smooth(&sizes, alpha_size), smooth(&events, alpha_chance));
        let (size, chance) = (size_levels[sizes.len() - 1], chances[events.len() - 1]);
        let first = events.iter().position(|e| *e > 0.0).unwrap_or(0);
        let mut seen = 0;
        let mut fitted = Vec::with_capacity(events.len());
        for t in first..events.len() - 1 {
            seen += usize::from(events[t] > 0.0);
            fitted.push(size_levels[seen - 1] * chances[t]);
        }
        let rate = size * chance;
        let percent = 100.0 * chance;
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted,
            spread: simulate(task, &sizes, alpha_size, chance),
            parameters: vec![
                Parameter::new("alpha", alpha_size),
                Parameter::new("alpha_probability", alpha_chance),
                Parameter::new("size", size),
                Parameter::new("probability", chance),
            ],
            why: text!(
                "A period has demand with a chance of {percent:.1} %, about {size:.2} each time: {rate:.3} on average.",
                "每期有需求的概率为 {percent:.1}%，每次约 {size:.2}，即平均每期 {rate:.3}。"
            ),
        })
    }
}
