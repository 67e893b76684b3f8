//! What exponential smoothing knew after each period of a history: for methods that build on it.

use super::average::Average;
use super::ets::average_of;
use super::form::{Form, Season, Trend};
use super::state::{State, Weights};
use crate::control::{Cancelled, Control};

/// Smoothing fitted to a history, the mean over its forms by Akaike weights: what `ets` forecasts with.
#[derive(Debug, Clone)]
pub(crate) struct Smoother {
    members: Vec<Member>,
    /// Periods of a season, 1 when no form has one.
    period: usize,
}

#[derive(Debug, Clone)]
struct Member {
    weight: f64,
    form: Form,
    weights: Weights,
    /// Before the first period.
    start: State,
}

/// What was known of a history `y[t]` after each of its periods, averaged over the forms.
#[derive(Debug, Clone)]
pub(crate) struct Trail {
    /// Level after period `t`.
    pub(crate) levels: Vec<f64>,
    /// The season of period `t` as it was known before it: a level `l` stands for `l·factor + term`. One season longer than
    /// the history: the last ones lie ahead.
    pub(crate) factors: Vec<f64>,
    /// See `factors`.
    pub(crate) terms: Vec<f64>,
    /// `[t, step]`, level and slope so many periods after `t`, without season.
    pub(crate) ahead: Vec<f64>,
}

impl Smoother {
    /// Fits to a history with seasons of `season` periods; `None` when it is too short or has no likelihood.
    ///
    /// # Errors
    /// [`Cancelled`] when the user asked to stop.
    pub(crate) fn fit(y: &[f64], season: usize, control: &Control) -> Result<Option<Self>, Cancelled> {
        let average = average_of(y, season, control)?;
        let lean = |average: Average| {
            let member = |(weight, m): &(f64, super::estimate::Smoothed)| Member {
                weight: *weight,
                form: m.form,
                weights: m.weights,
                start: m.start.clone(),
            };
            let members: Vec<Member> = average.members().iter().map(member).collect();
            let period = members.iter().map(|m| m.form.period).max().unwrap_or(1);
            Self { members, period }
        };
        Ok(average.map(lean))
    }

    /// Periods of a season, 1 when no form has one.
    pub(crate) fn period(&self) -> usize {
        self.period
    }

    /// Runs through a history that begins where the fitted one did; it may be longer or another one.
    pub(crate) fn trail(&self, y: &[f64], steps: &[usize]) -> Trail {
        let (n, m) = (y.len(), self.period);
        let mut trail = Trail {
            levels: vec![0.0; n],
            factors: vec![0.0; n + m],
            terms: vec![0.0; n + m],
            ahead: vec![0.0; n * steps.len()],
        };
        for member in &self.members {
            member.add_to(&mut trail, y, (steps, m));
        }
        trail
    }
}

impl Member {
    fn add_to(&self, trail: &mut Trail, y: &[f64], (steps, m): (&[usize], usize)) {
        let (form, phi, weight) = (self.form, self.weights.phi, self.weight);
        let mut state = self.start.clone();
        for place in 0..m {
            trail.add_season(place, weight, form, &state);
        }
        for (t, value) in y.iter().enumerate() {
            let place = t % form.period;
            if state.is_sound(form, state.expected(form, phi, place)) {
                // A value out of all proportion is passed over.
                state.update_unless((form, self.weights), place, *value, |state| {
                    let season = state.seasons.get(place).copied().unwrap_or(0.0);
                    !(state.level.is_finite() && state.slope.is_finite() && season.is_finite())
                });
            }
            trail.levels[t] += weight * state.level;
            trail.add_season(t + m, weight, form, &state);
            let ahead = &mut trail.ahead[t * steps.len()..][..steps.len()];
            ahead.iter_mut().zip(steps).for_each(|(sum, h)| *sum += weight * state.ahead(form, phi, *h));
        }
    }
}

impl Trail {
    fn add_season(&mut self, k: usize, weight: f64, form: Form, state: &State) {
        let season = state.seasons.get(k % form.period).copied().unwrap_or(0.0);
        let (factor, term) = match form.season {
            Season::None => (1.0, 0.0),
            Season::Additive => (1.0, season),
            Season::Multiplicative => (season, 0.0),
        };
        self.factors[k] += weight * factor;
        self.terms[k] += weight * term;
    }
}

impl State {
    /// Level and slope `h` periods on, without shocks and season.
    fn ahead(&self, form: Form, phi: f64, h: usize) -> f64 {
        let periods = if form.trend.is_damped() {
            // φ + φ² + … + φ^h
            phi * (1.0 - phi.powi(h as i32)) / (1.0 - phi)
        } else {
            h as f64
        };
        match form.trend {
            Trend::None => self.level,
            Trend::Additive | Trend::Damped => self.level + periods * self.slope,
            Trend::Multiplicative | Trend::DampedMultiplicative => self.level * self.slope.powf(periods),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ets;
    use super::*;
    use crate::forecast::Options;
    use crate::forecast::method::{Method, Task};
    use crate::model::Horizon;

    fn history(n: usize) -> Vec<f64> {
        (0..n)
            .map(|t| {
                (50.0 + 0.7 * t as f64) * (1.0 + 0.3 * (t as f64 * std::f64::consts::TAU / 12.0).sin())
                    + (t * 7919 % 13) as f64
            })
            .collect()
    }

    /// At the last period, level, slope and season together are what `ets` forecasts.
    #[test]
    fn the_end_of_the_trail_is_the_forecast() {
        let y = history(72);
        let options = Options::new(Horizon::new(18).unwrap());
        let task = Task { id: None, y: &y, season: 12, horizon: 18, options: &options, seed: 1, drivers: None };
        let fit = Ets::default().fit(&task, &Control::silent()).unwrap();
        let smoother = Smoother::fit(&y, 12, &Control::silent()).unwrap().unwrap();
        let steps: Vec<usize> = (1..=12).collect();
        let trail = smoother.trail(&y, &steps);
        assert_eq!(smoother.period(), 12);
        for h in 1..=12 {
            let base = trail.ahead[71 * 12 + h - 1];
            let (factor, term) = (trail.factors[71 + h], trail.terms[71 + h]);
            // Averages of products and products of averages differ a little where forms disagree.
            let found = base * factor + term;
            assert!((found / fit.mean[h - 1] - 1.0).abs() < 5e-3, "{h}: {found} {}", fit.mean[h - 1]);
        }
    }

    /// Nothing of the trail depends on what comes later.
    #[test]
    fn the_trail_never_looks_ahead() {
        let y = history(72);
        let smoother = Smoother::fit(&y[..60], 12, &Control::silent()).unwrap().unwrap();
        let mut other = y.clone();
        other[60..].iter_mut().for_each(|v| *v *= 1e9);
        let (a, b) = (smoother.trail(&y, &[1, 5]), smoother.trail(&other, &[1, 5]));
        assert_eq!(a.levels[..60], b.levels[..60]);
        assert_eq!(a.ahead[..120], b.ahead[..120]);
        assert_eq!((&a.factors[..72], &a.terms[..72]), (&b.factors[..72], &b.terms[..72]));
        assert!(b.levels[60] > 100.0 * a.levels[60] || smoother.members.iter().all(|m| m.weights.alpha < 1e-3));
    }
}
