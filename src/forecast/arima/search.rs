//! The automatic order: stepwise search by AICc (Hyndman & Khandakar 2008, *Automatic time series forecasting: the
//! forecast package for R*, J. Statistical Software 27, §3.2), written from the article; on wish followed by a look at
//! every order up to a total.

use super::estimate::{Effort, Estimate, estimate};
use super::order::{Constant, Order};
use super::series::{Differenced, History};
use super::{kpss, season};
use crate::control::{Cancelled, Control};

/// Highest p and q tried.
const MAX_ORDER: usize = 5;
/// Highest P and Q tried.
const MAX_SEASONAL: usize = 2;
/// Longest season modelled; a longer one needs Fourier terms or the seasonal naive method.
pub(super) const MAX_PERIOD: usize = 24;
/// Whole seasons needed: with two, half of pure noise passes for a season.
pub(super) const MIN_SEASONS: usize = 3;
/// Whole seasons needed for Fourier terms.
pub(super) const MIN_LONG_SEASONS: usize = 2;
/// Orders whose AICc is this close to the lowest are taken to their optimum before one is chosen.
const CLOSE: f64 = 1.0;
/// Most orders taken to their optimum.
const FINALISTS: usize = 3;
/// Models fitted at most by steps.
const MAX_MODELS: usize = 94;
/// Highest p + q + P + Q of the full search.
const MAX_TOTAL: usize = 5;
/// Orders of the full search taken to their optimum, and how close to the lowest: their ranking errs more, each having
/// been started on its own.
const FULL_FINALISTS: usize = 8;
const FULL_CLOSE: f64 = 3.0;
/// Roots nearer to the unit circle than this aren't trusted (Hyndman & Khandakar 2008, §3.2).
pub(super) const CLEAR: f64 = 1.001;

/// How many orders are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// The neighbours of the best so far, until none is better.
    Stepwise,
    /// After that every other order with p, q ≤ 5, P, Q ≤ 2 and p + q + P + Q ≤ 5.
    Full,
}

/// Whether a seasonal part was considered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Season {
    /// The data have no season.
    None,
    /// The season is longer than [`MAX_PERIOD`].
    TooLong,
    /// Fewer than [`MIN_SEASONS`] seasons of history.
    TooFew,
    /// Considered; its strength in `[0, 1]`.
    Considered(f64),
    /// Longer than [`MAX_PERIOD`], modelled by this many pairs of Fourier terms.
    Fourier(usize),
}

/// What the search chose and why.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// The final fit; `None` when no order could be fitted.
    pub(super) fit: Option<Estimate>,
    /// d and D as found.
    pub(super) base: Order,
    /// About the season.
    pub(super) season: Season,
    /// About the differences.
    pub(super) findings: kpss::Findings,
    /// Models fitted.
    pub(super) tried: usize,
    /// Fits near their optimum, smallest criterion first.
    pub(super) found: Vec<Estimate>,
}

/// Chooses and fits an order for a history whose last regressors are `pairs` pairs of Fourier terms.
///
/// # Errors
/// [`Cancelled`] when the user asked to stop.
pub(super) fn automatic(
    history: &History,
    (period, pairs): (usize, usize),
    breadth: Breadth,
    control: &Control,
) -> Result<Chosen, Cancelled> {
    let plain = without_regressors(history);
    let (season, base) = seasonal_part(&plain, period, pairs);
    let findings = kpss::differences(&plain, base);
    let base = Order { differences: findings.differences, ..base };
    let series = Differenced::of(history, &base);
    let mut chosen = Chosen { fit: None, base, season, findings, tried: 0, found: Vec::new() };
    if !series.varies() || !series.is_of_workable_size() {
        return Ok(chosen);
    }
    let mut search = Search { series: &series, tried: Vec::new(), found: Vec::new(), control };
    search.run(base)?;
    chosen.settle(&mut search, FINALISTS, CLOSE)?;
    if breadth == Breadth::Full {
        search.run_all(base)?;
        chosen.settle(&mut search, FULL_FINALISTS, FULL_CLOSE)?;
    }
    chosen.tried = search.tried.len();
    if chosen.fit.is_none() {
        chosen.fit = search.found.first().cloned();
    }
    chosen.found = search.found;
    Ok(chosen)
}

impl Chosen {
    /// Sorts what was found, smallest criterion first, takes the best to their optimum and keeps the best of all.
    fn settle(&mut self, search: &mut Search<'_>, finalists: usize, close: f64) -> Result<(), Cancelled> {
        search.found.sort_by(|a, b| a.aicc().total_cmp(&b.aicc()));
        let lowest = search.found.first().map_or(f64::INFINITY, Estimate::aicc);
        for near in search.found.iter().take(finalists).filter(|fit| fit.aicc() <= lowest + close) {
            let effort = Effort::Polish(near);
            let Some(fit) = estimate(search.series, near.order, near.kind, effort, search.control)? else { continue };
            let clear = fit.coefficients.roots_exceed(CLEAR, fit.order.period);
            if clear && self.fit.as_ref().is_none_or(|best| fit.aicc() < best.aicc()) {
                self.fit = Some(fit);
            }
        }
        Ok(())
    }
}

/// The history with the regressors' effect, by ordinary least squares on their levels, taken out: what the tests for
/// differences look at.
fn without_regressors(history: &History) -> Vec<f64> {
    let mut y = history.y.clone();
    if history.regressors.is_empty() {
        return y;
    }
    let level = Order::new(0, 0, 0);
    let design = Differenced::of(history, &level).design(Constant::Estimated);
    let mut columns = design.columns;
    let unit = y.iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(f64::MIN_POSITIVE);
    columns[0] = y.iter().map(|v| v / unit).collect();
    let mean = columns[0].iter().sum::<f64>() / y.len() as f64;
    super::likelihood::project_out(&mut columns);
    y.iter_mut().zip(&columns[0]).for_each(|(y, rest)| *y = (rest + mean) * unit);
    y
}

/// D, and with which period; P and Q are still zero.
fn seasonal_part(y: &[f64], period: usize, pairs: usize) -> (Season, Order) {
    let plain = Order::new(0, 0, 0);
    if period < 2 {
        return (Season::None, plain);
    }
    if pairs > 0 {
        return (Season::Fourier(pairs), plain);
    }
    if period > MAX_PERIOD {
        return (Season::TooLong, plain);
    }
    if y.len() < MIN_SEASONS * period {
        return (Season::TooFew, plain);
    }
    let strength = season::strength(y, period);
    let differences = usize::from(strength >= season::STRONG);
    (Season::Considered(strength), Order { seasonal_differences: differences, period, ..plain })
}

struct Search<'a> {
    series: &'a Differenced,
    tried: Vec<(Order, Constant)>,
    /// Fits with clear roots; the best one is the last.
    found: Vec<Estimate>,
    control: &'a Control,
}

impl Search<'_> {
    fn run(&mut self, base: Order) -> Result<(), Cancelled> {
        let seasonal = usize::from(base.period > 1);
        // A constant under two differences would be a quadratic trend.
        let constant = if base.all_differences() <= 1 { Constant::Estimated } else { Constant::Zero };
        let with = |ar, ma, seasonal_ar, seasonal_ma| Order { ar, ma, seasonal_ar, seasonal_ma, ..base };
        for order in [with(2, 2, seasonal, seasonal), base, with(1, 0, seasonal, 0), with(0, 1, 0, seasonal)] {
            self.improve(order, constant)?;
        }
        self.improve(base, Constant::Zero)?;
        while let Some((order, kind)) = self.found.last().map(|best| (best.order, best.kind)) {
            let mut better = false;
            for (order, kind) in neighbours(order, kind) {
                if self.improve(order, kind)? {
                    better = true;
                    break;
                }
            }
            if !better || self.tried.len() >= MAX_MODELS {
                break;
            }
        }
        Ok(())
    }

    /// Fits every order up to [`MAX_TOTAL`] that wasn't yet, each from its own conditional estimate.
    fn run_all(&mut self, base: Order) -> Result<(), Cancelled> {
        let seasonal = if base.period > 1 { MAX_SEASONAL } else { 0 };
        let kinds: &[Constant] =
            if base.all_differences() <= 1 { &[Constant::Zero, Constant::Estimated] } else { &[Constant::Zero] };
        for seasonal_ar in 0..=seasonal {
            for seasonal_ma in 0..=seasonal {
                let rest = MAX_TOTAL - seasonal_ar - seasonal_ma;
                for (ar, ma) in (0..=rest).flat_map(|ar| (0..=rest - ar).map(move |ma| (ar, ma))) {
                    for kind in kinds {
                        let order = Order { ar, ma, seasonal_ar, seasonal_ma, ..base };
                        self.add(order, *kind)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Fits an order not tried before and keeps it wherever it ranks.
    fn add(&mut self, order: Order, kind: Constant) -> Result<(), Cancelled> {
        let needed = order.differences_needed(kind) + 2 * self.series.regressors();
        if self.tried.contains(&(order, kind)) || self.series.observed() < needed {
            return Ok(());
        }
        self.tried.push((order, kind));
        let fit = estimate(self.series, order, kind, Effort::Ranking, self.control)?;
        self.found.extend(fit.filter(|fit| fit.coefficients.roots_exceed(CLEAR, order.period)));
        Ok(())
    }

    /// Fits an order not tried before and keeps it when its AICc is lower.
    fn improve(&mut self, order: Order, kind: Constant) -> Result<bool, Cancelled> {
        let known = self.tried.contains(&(order, kind));
        let needed = order.differences_needed(kind) + 2 * self.series.regressors();
        if known || self.tried.len() >= MAX_MODELS || self.series.observed() < needed {
            return Ok(false);
        }
        self.tried.push((order, kind));
        let Some(fit) = self.fit_beside_the_best(order, kind)? else { return Ok(false) };
        if !fit.coefficients.roots_exceed(CLEAR, order.period) {
            return Ok(false);
        }
        let better = self.found.last().is_none_or(|best| fit.aicc() < best.aicc());
        let at = if better { self.found.len() } else { self.found.len() - 1 };
        self.found.insert(at, fit);
        Ok(better)
    }
}

impl Search<'_> {
    /// From the best order's coefficients. An autoregressive and a moving-average term that are new together can cancel
    /// each other there, where the likelihood is level: those start from the conditional estimate as well.
    fn fit_beside_the_best(&self, order: Order, kind: Constant) -> Result<Option<Estimate>, Cancelled> {
        let fit = |effort| estimate(self.series, order, kind, effort, self.control);
        let Some(best) = self.found.last() else { return fit(Effort::Ranking) };
        let near = fit(Effort::Neighbour(best))?;
        let grew = |now: (usize, usize), before: (usize, usize)| now.0 > before.0 && now.1 > before.1;
        let (was, is) = (&best.order, &order);
        let both = grew((is.ar, is.ma), (was.ar, was.ma))
            || grew((is.seasonal_ar, is.seasonal_ma), (was.seasonal_ar, was.seasonal_ma));
        if !both {
            return Ok(near);
        }
        let own = fit(Effort::Ranking)?;
        let likelihood = |fit: &Option<Estimate>| fit.as_ref().map_or(f64::NEG_INFINITY, |fit| fit.loglik);
        Ok(if likelihood(&own) > likelihood(&near) { own } else { near })
    }
}

/// The variations of an order: one of p, q, P, Q by one, p and q together, P and Q together, the constant in or out.
fn neighbours(order: Order, kind: Constant) -> Vec<(Order, Constant)> {
    const SEASONAL: [(isize, isize); 8] = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
    let moved = |value: usize, by: isize, most: usize| value.checked_add_signed(by).filter(|v| *v <= most);
    let mut around = Vec::with_capacity(17);
    if order.period > 1 {
        for (ar, ma) in SEASONAL {
            let changed = moved(order.seasonal_ar, ar, MAX_SEASONAL).zip(moved(order.seasonal_ma, ma, MAX_SEASONAL));
            around
                .extend(changed.map(|(seasonal_ar, seasonal_ma)| (Order { seasonal_ar, seasonal_ma, ..order }, kind)));
        }
    }
    for (ar, ma) in SEASONAL {
        let changed = moved(order.ar, ar, MAX_ORDER).zip(moved(order.ma, ma, MAX_ORDER));
        around.extend(changed.map(|(ar, ma)| (Order { ar, ma, ..order }, kind)));
    }
    if order.all_differences() <= 1 {
        let other = if kind == Constant::Zero { Constant::Estimated } else { Constant::Zero };
        around.push((order, other));
    }
    around
}
