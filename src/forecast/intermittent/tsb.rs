//! Teunter, Syntetos & Babai: the chance of demand fades while there is none.

use super::smooth::{FEW, USUAL_ALPHA, best_pair, ladder, smooth};
use super::urn::Urn;
use super::{check, events, sizes};
use crate::control::Control;
use crate::forecast::method::{Fit, FitError, Method, Task};
use crate::model::Parameter;
use crate::text;

/// Rate = smoothed size · smoothed chance of demand; the chance is updated every period, so items that die out are
/// noticed (Teunter, Syntetos & Babai 2011, *Intermittent demand: linking forecasting to inventory obsolescence*,
/// European J. Operational Research 214).
///
/// Start: the first size, and a chance of 1 or 0 as the first period had demand or not. Without given parameters size
/// and chance get the pair with the smallest squared one-step error of the rate, as in [`super::Croston`].
pub(crate) struct Tsb {
    /// Smoothing parameters of size and chance, each in `(0, 1]`; `None` estimates them.
    pub(crate) alphas: Option<(f64, f64)>,
}

impl Method for Tsb {
    fn name(&self) -> String {
        self.alphas.map_or_else(|| "tsb".to_owned(), |(a, b)| format!("tsb({a},{b})"))
    }

    fn fit(&self, task: &Task<'_>, _control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        let (sizes, events) = (sizes(task.y), events(task.y));
        let (alpha_size, alpha_chance) = self.alphas.unwrap_or_else(|| estimate(task.y, &sizes, &events));
        let (size_levels, chances) = (smooth(&sizes, alpha_size), smooth(&events, alpha_chance));
        let (size, chance) = (size_levels[sizes.len() - 1], chances[events.len() - 1]);
        let seen = seen(&events);
        let rates = seen.iter().zip(&chances).filter(|(k, _)| **k > 0).map(|(k, chance)| size_levels[k - 1] * chance);
        let mut fitted: Vec<f64> = rates.collect();
        fitted.pop();
        let rate = size * chance;
        let percent = 100.0 * chance;
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted,
            spread: Urn::smoothed(sizes, alpha_size, chance).spread(task, rate),
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

/// Demands up to and with each period.
fn seen(events: &[f64]) -> Vec<usize> {
    let mut count = 0;
    let step = |e: &f64| {
        count += usize::from(*e > 0.0);
        count
    };
    events.iter().map(step).collect()
}

fn estimate(y: &[f64], sizes: &[f64], events: &[f64]) -> (f64, f64) {
    if sizes.len() < FEW {
        return (USUAL_ALPHA, USUAL_ALPHA);
    }
    let seen = seen(events);
    let first = seen.iter().position(|k| *k > 0).unwrap_or(0);
    best_pair(&ladder(sizes), &ladder(events), |(_, size), (_, chance)| {
        let rates = seen[first..].iter().zip(&chance[first..]).map(|(k, p)| size[k - 1] * p);
        rates.zip(&y[first + 1..]).map(|(rate, next)| (next - rate) * (next - rate)).sum()
    })
}
