//! The recursion: one error per period, in the order of the module's table.

/// The slope's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trend {
    /// No slope.
    None,
    /// Holt's: the slope goes on for ever.
    Additive,
    /// Gardner's and `McKenzie`'s: the slope fades by φ each period.
    Damped,
}

/// The season's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    /// No season.
    None,
    /// Adds the same number of units each year.
    Additive,
    /// Multiplies by the same factor each year.
    Multiplicative,
}

/// Which components a model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The slope's kind.
    pub(crate) trend: Trend,
    /// The season's kind.
    pub(crate) season: Season,
    /// Periods per season, ≥ 1; read only with a season.
    pub(crate) period: usize,
}

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
    /// Slope; 0 without trend.
    pub(crate) slope: f64,
    /// Season of period `t` at `seasons[t mod m]`; empty without season.
    pub(crate) seasons: Vec<f64>,
}

impl State {
    /// The expected value of period `t` and what a shock then does: `μ`.
    pub(crate) fn expected(&self, shape: Shape, phi: f64, t: usize) -> f64 {
        let base = self.level + phi * self.slope;
        match shape.season {
            Season::None => base,
            Season::Additive => base + self.seasons[t % shape.period],
            Season::Multiplicative => base * self.seasons[t % shape.period],
        }
    }

    /// Moves on by one period with the error `e` of period `t`.
    pub(crate) fn update(&mut self, shape: Shape, w: Weights, t: usize, e: f64) {
        let base = self.level + w.phi * self.slope;
        let mut shock = e;
        match shape.season {
            Season::None => {}
            Season::Additive => self.seasons[t % shape.period] += w.gamma * e,
            Season::Multiplicative => {
                let season = &mut self.seasons[t % shape.period];
                shock = e / *season;
                *season += w.gamma * e / base;
            }
        }
        self.level = base + w.alpha * shock;
        self.slope = w.phi * self.slope + w.beta * shock;
    }
}

/// Runs through `y`, fills `errors` and returns their sum of squares; `state` ends after the last period.
pub(crate) fn run(shape: Shape, w: Weights, state: &mut State, y: &[f64], errors: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for (t, (value, error)) in y.iter().zip(errors.iter_mut()).enumerate() {
        let e = value - state.expected(shape, w.phi, t);
        state.update(shape, w, t, e);
        *error = e;
        sum += e * e;
    }
    if sum.is_finite() { sum } else { f64::INFINITY }
}
