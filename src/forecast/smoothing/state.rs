//! The recursion: one error per period, in the order of the module's table.

use super::form::{Error, Form, Season, Trend};

/// Smoothing parameters: `0 < α < 1`, `0 < β < α`, `0 < γ < 1 − α`, `0.8 ≤ φ ≤ 0.98` (HKOS section 2.7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Weights {
    /// Of the level.
    pub(crate) alpha: f64,
    /// Of the slope.
    pub(crate) beta: f64,
    /// Of the season.
    pub(crate) gamma: f64,
    /// Damping of the slope; 1 without damping.
    pub(crate) phi: f64,
}

/// Level, slope and the last `m` seasons.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Level.
    pub(crate) level: f64,
    /// Slope: units, or a factor in a multiplicative trend; 0 without trend.
    pub(crate) slope: f64,
    /// Season of period `t` at `seasons[t mod m]`; empty without season.
    pub(crate) seasons: Vec<f64>,
}

/// Expectations below this share of the largest value count as "sunk to nothing": ratios to them mean nothing.
const NOTHING: f64 = 1e-12;
/// Periods whose expectations are multiplied before a logarithm is taken; 8 factors of at least [`NOTHING`] stay normal.
const PER_LOGARITHM: usize = 8;

impl State {
    /// Level and slope combined, one period on.
    #[inline]
    pub(crate) fn base(&self, form: Form, phi: f64) -> f64 {
        match form.trend {
            Trend::None => self.level,
            Trend::Additive => self.level + self.slope,
            Trend::Damped => self.level + phi * self.slope,
            Trend::Multiplicative => self.level * self.slope,
            Trend::DampedMultiplicative => self.level * self.slope.powf(phi),
        }
    }

    /// The expected value `μ` of the period at position `place` (`t mod m`) of the season.
    #[inline]
    pub(crate) fn expected(&self, form: Form, phi: f64, place: usize) -> f64 {
        let base = self.base(form, phi);
        match form.season {
            Season::None => base,
            Season::Additive => base + self.seasons[place],
            Season::Multiplicative => base * self.seasons[place],
        }
    }

    /// Moves on by one period in which `y` came.
    #[inline]
    pub(crate) fn update(&mut self, form: Form, w: Weights, place: usize, y: f64) {
        let base = self.base(form, w.phi);
        let seen = match form.season {
            Season::None => y,
            Season::Additive => y - self.seasons[place],
            Season::Multiplicative => y / self.seasons[place],
        };
        let shock = seen - base;
        match form.season {
            Season::None => {}
            Season::Additive => self.seasons[place] += w.gamma * shock,
            Season::Multiplicative => self.seasons[place] += w.gamma * (y / base - self.seasons[place]),
        }
        match form.trend {
            Trend::None => {}
            Trend::Additive => self.slope += w.beta * shock,
            Trend::Damped => self.slope = w.phi * self.slope + w.beta * shock,
            Trend::Multiplicative => self.slope += w.beta * shock / self.level,
            Trend::DampedMultiplicative => self.slope = self.slope.powf(w.phi) + w.beta * shock / self.level,
        }
        self.level = base + w.alpha * shock;
    }

    /// Moves on as [`update`](Self::update) does, unless that leads to a state that `is_lost`: then all stays.
    pub(crate) fn update_unless(
        &mut self,
        (form, w): (Form, Weights),
        place: usize,
        y: f64,
        is_lost: impl FnOnce(&Self) -> bool,
    ) {
        let before = (self.level, self.slope, self.seasons.get(place).copied());
        self.update(form, w, place, y);
        if is_lost(self) {
            (self.level, self.slope) = (before.0, before.1);
            if let (Some(slot), Some(season)) = (self.seasons.get_mut(place), before.2) {
                *slot = season;
            }
        }
    }

    /// The state of a history that was divided by `scale`, in the history's own units.
    pub(crate) fn in_units(&self, form: Form, scale: f64) -> Self {
        let slope = if form.trend.is_multiplicative() { self.slope } else { self.slope * scale };
        let unit = if form.season == Season::Additive { scale } else { 1.0 };
        Self { level: self.level * scale, slope, seasons: self.seasons.iter().map(|s| s * unit).collect() }
    }

    /// Whether the model may stand here: what is divided by, or taken to a power, is positive.
    #[inline]
    pub(crate) fn is_sound(&self, form: Form, expected: f64) -> bool {
        let positive = !form.needs_positive() || expected > NOTHING;
        let level = !(form.trend.is_multiplicative() || form.season == Season::Multiplicative)
            || self.level > NOTHING && (!form.trend.is_multiplicative() || self.slope > 0.0);
        positive && level && expected.is_finite()
    }
}

/// Runs through `y`, fills `expectations` when there is room for them, and returns `Σe²·exp(2/n·Σ ln|μ|)` (the second factor with multiplicative errors only), whose logarithm times n is `L*`,
/// −2 times the log-likelihood up to a constant (HKOS equation 5.3). Infinite where the model can't go; `state` ends
/// after the last period.
pub(crate) fn run(form: Form, w: Weights, state: &mut State, y: &[f64], expectations: &mut [f64]) -> f64 {
    let (mut sum, mut logs, mut product) = (0.0, 0.0, 1.0);
    let (mut place, mut waiting) = (0, 0);
    let keep = !expectations.is_empty();
    for (t, value) in y.iter().enumerate() {
        let expected = state.expected(form, w.phi, place);
        if !state.is_sound(form, expected) {
            return f64::INFINITY;
        }
        let mut e = value - expected;
        if form.error == Error::Multiplicative {
            e /= expected;
            product *= expected;
            waiting += 1;
            if waiting == PER_LOGARITHM {
                logs += product.ln();
                (product, waiting) = (1.0, 0);
            }
        }
        state.update(form, w, place, *value);
        if keep {
            expectations[t] = expected;
        }
        sum += e * e;
        place += 1;
        if place == form.period {
            place = 0;
        }
    }
    let value = sum * (2.0 * (logs + product.ln()) / y.len() as f64).exp();
    if value.is_finite() { value } else { f64::INFINITY }
}
