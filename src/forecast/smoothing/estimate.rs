//! Maximum likelihood for one form: where the search starts, what it found.

use super::form::{Error, Form, Season, Trend};
use super::line::line;
use super::point::{MOST_ESTIMATED_SEASONS, Point, Prior};
use super::search::{FINAL, RANKING, climb};
use super::state::{State, Weights, run};
use crate::control::{Cancelled, Control};
use crate::forecast::decompose::{Indices, Kind};
use crate::model::Parameter;

/// First periods that the starting level and slope are drawn through (HKOS section 2.6.1).
const STARTING_PERIODS: usize = 10;
/// Seasons looked at where those of the whole history don't suit its beginning.
const EARLY_SEASONS: usize = 3;
/// Starts of the final search: the grid's best for slow, moderate and fast seasons.
const LEVELS: [f64; 4] = [0.05, 0.2, 0.5, 0.9];
const SLOPES: [f64; 2] = [0.02, 0.3];
const SEASONS: [f64; 3] = [0.02, 0.3, 0.9];

/// A history in units of its largest value.
#[derive(Debug, Clone)]
pub(crate) struct History {
    x: Vec<f64>,
    scale: f64,
    positive: bool,
}

impl History {
    /// Prepares `y`, finite.
    pub(crate) fn new(y: &[f64]) -> Self {
        let largest = y.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        let scale = if largest > 0.0 { largest } else { 1.0 };
        Self { x: y.iter().map(|v| v / scale).collect(), scale, positive: y.iter().all(|v| *v > 0.0) }
    }

    /// Number of periods.
    pub(crate) fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether every value is above zero.
    pub(crate) fn is_positive(&self) -> bool {
        self.positive
    }
}

/// A form ranked: close to its optimum, not quite at it.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    form: Form,
    initial: State,
    point: Point,
    /// Value of [`run`] in scaled units.
    value: f64,
}

/// A fitted smoothing model.
#[derive(Debug, Clone)]
pub(crate) struct Smoothed {
    /// Its components.
    pub(crate) form: Form,
    /// Its smoothing parameters.
    pub(crate) weights: Weights,
    /// State before the first period.
    pub(super) start: State,
    /// State after the last period.
    pub(crate) end: State,
    /// One-step forecasts of every period.
    pub(crate) fitted: Vec<f64>,
    /// Number of periods.
    pub(super) n: usize,
    /// Estimated smoothing parameters and initial states, indices from the decomposition included.
    estimated: usize,
    /// Sum of squared one-step errors: units², or shares² with multiplicative errors.
    sum: f64,
    /// `L*` over n, exponentiated: with additive errors the same as `sum`.
    value: f64,
}

/// Fits `form` to `y`, smoothing parameters given or not; `None` when it can't start (fewer than two seasons, a value
/// that isn't positive where one has to be).
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn estimate(
    y: &[f64],
    form: Form,
    given: Option<Weights>,
    control: &Control,
) -> Result<Option<Smoothed>, Cancelled> {
    let history = History::new(y);
    let Some(initial) = initial_state(&history, form) else { return Ok(None) };
    let points = starts(&history, form, given, &initial);
    best_of(&history, form, &initial, points, control)
}

/// Brings `form` near its optimum under a prior from one start: the optimum of the same form under another error, or the best of a
/// small grid.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn rank(
    history: &History,
    form: Form,
    prior: Prior,
    sibling: Option<&Ranked>,
    control: &Control,
) -> Result<Option<Ranked>, Cancelled> {
    let Some(initial) = initial_state(history, form) else { return Ok(None) };
    let near = |sibling: &Ranked| Point::new(form, None, [0.5; 3], &initial).with_values_of(&sibling.point);
    let grid = || starts(history, form, None, &initial).into_iter().next();
    for point in sibling.map(near).into_iter().chain(grid()) {
        let mut point = point;
        let value = climb(form, &mut point, &history.x, (prior, RANKING), control)?;
        if value.is_finite() {
            return Ok(Some(Ranked { form, initial, point, value }));
        }
    }
    Ok(None)
}

/// Takes a ranked form to its maximum likelihood, from where it stands and from every start of the grid.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(crate) fn polish(history: &History, ranked: Ranked, control: &Control) -> Result<Option<Smoothed>, Cancelled> {
    let Ranked { form, initial, point, .. } = ranked;
    let mut points = starts(history, form, None, &initial);
    points.insert(0, point);
    best_of(history, form, &initial, points, control)
}

impl Ranked {
    /// The model where it stands.
    pub(crate) fn model(&self, history: &History) -> Smoothed {
        finish(&self.point, self.form, &self.initial, history)
    }

    /// Its form.
    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Its corrected Akaike criterion, so far.
    pub(crate) fn aicc(&self, history: &History) -> f64 {
        let held = held_seasons(self.form);
        aicc(history, self.value, self.point.estimated() + held)
    }
}

/// From every start to where two starts can be told apart, the best one on to its optimum.
fn best_of(
    history: &History,
    form: Form,
    initial: &State,
    points: Vec<Point>,
    control: &Control,
) -> Result<Option<Smoothed>, Cancelled> {
    let mut best: Option<(f64, Point)> = None;
    for mut point in points {
        let value = climb(form, &mut point, &history.x, (Prior::Flat, RANKING), control)?;
        if value.is_finite() && best.as_ref().is_none_or(|(lowest, _)| value < *lowest) {
            best = Some((value, point));
        }
    }
    let Some((_, mut point)) = best else { return Ok(None) };
    climb(form, &mut point, &history.x, (Prior::Flat, FINAL), control)?;
    Ok(Some(finish(&point, form, initial, history)))
}

fn finish(point: &Point, form: Form, initial: &State, history: &History) -> Smoothed {
    let (x, scale) = (&history.x, history.scale);
    let weights = point.weights(form);
    let mut state = initial.clone();
    point.write_state(form, &mut state);
    let mut fitted = vec![0.0; x.len()];
    let start = state.in_units(form, scale);
    let value = run(form, weights, &mut state, x, &mut fitted) * scale * scale;
    let end = state.in_units(form, scale);
    let pairs = x.iter().zip(&fitted);
    let sum = match form.error {
        Error::Additive => pairs.map(|(v, mu)| (v - mu).powi(2)).sum::<f64>() * scale * scale,
        Error::Multiplicative => pairs.map(|(v, mu)| ((v - mu) / mu).powi(2)).sum(),
    };
    for mu in &mut fitted {
        *mu *= scale;
    }
    let estimated = point.estimated() + held_seasons(form);
    Smoothed { form, weights, start, end, fitted, n: x.len(), estimated, sum, value }
}

/// Seasons that the decomposition gave and the likelihood doesn't move.
fn held_seasons(form: Form) -> usize {
    if form.season != Season::None && form.period > MOST_ESTIMATED_SEASONS { form.period - 1 } else { 0 }
}

/// Level, slope and seasons to start from (HKOS section 2.6.1).
fn initial_state(history: &History, form: Form) -> Option<State> {
    let x = &history.x;
    if form.needs_positive() && !history.positive || x.is_empty() {
        return None;
    }
    let seasons = match form.season {
        Season::None => Vec::new(),
        Season::Additive => Indices::of(x, form.period, Kind::Additive)?.values,
        Season::Multiplicative => Indices::of(x, form.period, Kind::Multiplicative)?.values,
    };
    let state = beside(x, form, seasons);
    if form.season != Season::Additive || !form.needs_positive() || starts_positive(&state, form) {
        return Some(state);
    }
    // Seasons that grew with the level take more from the first periods than there is: those of the beginning serve.
    let early = &x[..x.len().min(EARLY_SEASONS * form.period)];
    let state = beside(x, form, Indices::of(early, form.period, Kind::Additive)?.values);
    if starts_positive(&state, form) {
        return Some(state);
    }
    let level = early.iter().sum::<f64>() / early.len() as f64;
    let deepest = state.seasons.iter().fold(0.0_f64, |low, s| low.min(*s));
    let shallow = state.seasons.iter().map(|s| s * (0.5 * level / -deepest).min(1.0)).collect();
    Some(beside(x, form, shallow))
}

/// Whether every period of the first season is expected above zero.
fn starts_positive(state: &State, form: Form) -> bool {
    let base = state.base(form, 1.0);
    state.seasons.iter().all(|s| base + s > 0.0)
}

/// Level and slope beside given seasons.
fn beside(x: &[f64], form: Form, seasons: Vec<f64>) -> State {
    let first = x.len().min(STARTING_PERIODS.max(2 * seasons.len().min(MOST_ESTIMATED_SEASONS)));
    let adjusted: Vec<f64> = (0..first)
        .map(|t| match form.season {
            Season::None => x[t],
            Season::Additive => x[t] - seasons[t % form.period],
            Season::Multiplicative => x[t] / seasons[t % form.period],
        })
        .collect();
    let mean = adjusted.iter().sum::<f64>() / adjusted.len() as f64;
    let (level, slope) = match form.trend {
        Trend::None => (mean, 0.0),
        Trend::Additive | Trend::Damped => match line(&adjusted) {
            (level, _) if form.needs_positive() && level <= 0.0 => (mean, 0.0),
            fit => fit,
        },
        Trend::Multiplicative | Trend::DampedMultiplicative => match line(&adjusted) {
            (level, slope) if level > 0.0 && level + slope > 0.0 => (level, 1.0 + slope / level),
            _ => (mean, 1.0),
        },
    };
    State { level, slope, seasons }
}

/// Starting points from a small grid of smoothing parameters, best first: the two best of a seasonless form, the best for
/// each γ of a seasonal one, whose likelihood has a hill for slow and one for fast seasons.
fn starts(history: &History, form: Form, given: Option<Weights>, initial: &State) -> Vec<Point> {
    let slopes: &[f64] = if form.trend == Trend::None { &[0.0] } else { &SLOPES };
    let seasons: &[f64] = if form.season == Season::None { &[0.0] } else { &SEASONS };
    let levels: &[f64] = if given.is_some() { &[0.5] } else { &LEVELS };
    let mut state = initial.clone();
    let mut found = Vec::new();
    for &gamma in if given.is_some() { &seasons[..1] } else { seasons } {
        let mut scored = Vec::new();
        for &alpha in levels {
            for &beta in slopes {
                let point = Point::new(form, given, [alpha, beta, gamma], initial);
                point.write_state(form, &mut state);
                scored.push((run(form, point.weights(form), &mut state, &history.x, &mut []), point));
            }
        }
        scored.sort_by(|a, b| a.0.total_cmp(&b.0));
        let keep = if form.season == Season::None && given.is_none() { 2 } else { 1 };
        found.extend(scored.into_iter().take(keep));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, point)| point).collect()
}

/// `L* + 2k + 2k(k + 1)/(n − k − 1)`, σ counted among the k; infinite when the history is too short for it.
fn aicc(history: &History, value: f64, estimated: usize) -> f64 {
    corrected(history.len(), criterion(history.len(), value * history.scale * history.scale), estimated)
}

fn criterion(n: usize, value: f64) -> f64 {
    n as f64 * value.max(f64::MIN_POSITIVE).ln()
}

fn corrected(n: usize, criterion: f64, estimated: usize) -> f64 {
    let (n, k) = (n as f64, (estimated + 1) as f64);
    if n > k + 1.0 { criterion + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) } else { f64::INFINITY }
}

impl Smoothed {
    /// Standard deviation of a shock, with the degrees of freedom of what was estimated: units, or a share with
    /// multiplicative errors.
    pub(crate) fn sigma(&self) -> f64 {
        (self.sum / self.n.saturating_sub(self.estimated).max(1) as f64).sqrt()
    }

    /// `−L*/2`: the Gaussian log-likelihood at its maximum over σ without its constant `−n/2·(ln(2π/n) + 1)`, as HKOS
    /// (equation 5.3) and R's `ets` count it.
    fn log_likelihood(&self) -> f64 {
        -0.5 * criterion(self.n, self.value)
    }

    /// Akaike's criterion, corrected for short histories (Hurvich & Tsai 1989); σ counts as a parameter.
    pub(crate) fn aicc(&self) -> f64 {
        corrected(self.n, criterion(self.n, self.value), self.estimated)
    }

    /// Estimates and fit statistics by their symbols.
    pub(crate) fn parameters(&self) -> Vec<Parameter> {
        let mut found = vec![Parameter::new("alpha", self.weights.alpha)];
        let mut add = |name: &str, value: f64| found.push(Parameter::new(name, value));
        if self.form.trend != Trend::None {
            add("beta", self.weights.beta);
        }
        if self.form.season != Season::None {
            add("gamma", self.weights.gamma);
        }
        if self.form.trend.is_damped() {
            add("phi", self.weights.phi);
        }
        add("level", self.end.level);
        if self.form.trend != Trend::None {
            add("slope", self.end.slope);
        }
        add("sigma2", self.sigma().powi(2));
        add("sse", self.sum);
        let (loglik, k) = (self.log_likelihood(), (self.estimated + 1) as f64);
        add("loglik", loglik);
        add("aic", 2.0 * k - 2.0 * loglik);
        if self.aicc().is_finite() {
            add("aicc", self.aicc());
        }
        add("bic", (self.n as f64).ln() * k - 2.0 * loglik);
        found
    }
}
