//! What follows from a fitted model: means, weights of shocks, simulated futures.

use super::estimate::Smoothed;
use super::form::{Error, Season};
use super::state::State;
use crate::forecast::method::Spread;
use crate::forecast::seed::generator;
use crate::model::SamplePaths;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// A multiplicative shock leaves at least this share of what was expected: demand can vanish, a factor can't turn negative.
const LEAST_SHARE: f64 = 0.01;
/// Paths leave as `f32`; anything larger is cut here, far beyond any demand.
const LARGEST: f64 = 1e38;

impl Smoothed {
    /// Point forecasts: expected values, for anything multiplicative the forecast with all shocks zero (HKOS section
    /// 6.3), which is what is quoted of these models.
    pub(crate) fn mean(&self, horizon: usize) -> Vec<f64> {
        let mut state = self.end.clone();
        let step = |h: usize| {
            let place = (self.n + h) % self.form.period;
            let value = state.expected(self.form, self.weights.phi, place);
            state.update(self.form, self.weights, place, value);
            value
        };
        (0..horizon).map(step).collect()
    }

    /// What a shock does `j` periods later: `ψ[j] = α + β·(φ + … + φ^j) + γ·[m divides j]` (HKOS table 6.1).
    pub(crate) fn psi(&self, horizon: usize) -> Vec<f64> {
        let w = self.weights;
        let (mut power, mut sum) = (1.0, 0.0);
        let mut psi = vec![1.0; horizon];
        for (j, weight) in psi.iter_mut().enumerate().skip(1) {
            power *= w.phi;
            sum += power;
            let season = self.form.season != Season::None && j % self.form.period == 0;
            *weight = w.alpha + w.beta * sum + if season { w.gamma } else { 0.0 };
        }
        psi
    }

    /// How uncertain the mean is: by formula where there is one, else simulated.
    pub(crate) fn spread(&self, horizon: usize, paths: usize, seed: u64) -> Spread {
        if self.form.is_linear() {
            return Spread::Linear { psi: self.psi(horizon), sigma: self.sigma() };
        }
        let mut rng = generator(seed);
        let mut walk = Walk::new(self);
        let mut values = Vec::with_capacity(paths * horizon);
        for _ in 0..paths {
            walk.path(horizon, &mut rng, &mut values);
        }
        Spread::Paths(SamplePaths::new(horizon, values))
    }
}

/// Paths through a model's own recursion.
pub(super) struct Walk<'a> {
    model: &'a Smoothed,
    sigma: f64,
    state: State,
}

impl<'a> Walk<'a> {
    /// Starts at the end of the model's history.
    pub(super) fn new(model: &'a Smoothed) -> Self {
        Self { model, sigma: model.sigma(), state: model.end.clone() }
    }

    /// Adds one path of `horizon` steps to `values`.
    pub(super) fn path(&mut self, horizon: usize, rng: &mut ChaCha8Rng, values: &mut Vec<f32>) {
        let (form, w, end) = (self.model.form, self.model.weights, &self.model.end);
        self.state.level = end.level;
        self.state.slope = end.slope;
        self.state.seasons.copy_from_slice(&end.seasons);
        for h in 0..horizon {
            let shock: f64 = self.sigma * Distribution::<f64>::sample(&StandardNormal, rng);
            let place = (self.model.n + h) % form.period;
            let expected = self.state.expected(form, w.phi, place);
            let value = match form.error {
                Error::Additive => expected + shock,
                Error::Multiplicative => expected * (1.0 + shock).max(LEAST_SHARE),
            };
            values.push(value.clamp(-LARGEST, LARGEST) as f32);
            move_on(self.model, &mut self.state, place, value);
        }
    }
}

/// A path that has sunk to nothing has no ratio to divide by: it stays where it is.
fn move_on(model: &Smoothed, state: &mut State, place: usize, value: f64) {
    let (form, phi) = (model.form, model.weights.phi);
    state.update_unless((form, model.weights), place, value, |state| {
        let base = state.base(form, phi);
        let season = state.seasons.get(place).copied().unwrap_or(1.0);
        let dead = form.needs_positive()
            && !(base > 0.0 && season > 0.0 && state.level > 0.0)
            && form.season != Season::Additive;
        dead || !base.is_finite() || !season.is_finite()
    });
}
