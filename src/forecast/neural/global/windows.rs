//! Windows over all series, cut when they are needed.

use super::inputs::Inputs;
use super::kind::{Kind, Scaling};
use super::scale::{Scaled, Spans};
use crate::forecast::neural::engine::{Batch, Shown};

/// What the network is shown: values, where in the season they lie, and what else is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) kind: Kind,
    /// Periods seen.
    pub(super) window: usize,
    /// Periods answered.
    pub(super) horizon: usize,
    /// Periods of a season, 1 without.
    pub(super) season: usize,
    /// Most windows given to an engine at once.
    pub(super) at_once: usize,
    pub(super) inputs: &'a Inputs,
}

/// A window: the series, and its last period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At {
    pub(super) series: usize,
    pub(super) t: usize,
}

/// Windows as the network is shown them.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    pub(super) x: Vec<f32>,
    pub(super) extras: Vec<f32>,
    pub(super) sizes: Vec<f32>,
}

/// What came after windows.
#[derive(Debug, Clone, Default)]
pub(super) struct Targets {
    pub(super) y: Vec<f32>,
    pub(super) own: Vec<f32>,
}

/// What a number shown stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Demand of the period so many periods back, from 1.
    Value(usize),
    /// The place in the season.
    Phase,
    /// The driver at this place among the names.
    Driver(usize),
    /// The size of counts.
    Size,
    /// How much and how often was demanded of late and before, and how long it has been known.
    Memory,
    /// How nervous demand is, and how long it has been known.
    Noise,
    /// Where level and slope of smoothing lead.
    Slope,
    /// Where it is sold.
    Location,
    /// What kind of item it is.
    Category,
}

impl Gathered {
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown { x: &self.x, extras: &self.extras }
    }
}

impl View<'_> {
    /// Periods of a season, of a window, and of the answers.
    pub(super) fn spans(&self) -> Spans {
        Spans { season: self.season, window: self.window, horizon: self.horizon }
    }

    fn phase(&self) -> usize {
        if self.inputs.names().season { 2 } else { 0 }
    }

    /// Numbers shown per period: the value, its place in the season, drivers.
    pub(super) fn inputs(&self) -> usize {
        1 + if self.kind.tells_phase_by_step() { self.phase() } else { 0 } + self.inputs.per_step()
    }

    /// Numbers shown per window: what scaling tells, the place in the season, the window itself, drivers of the horizon, the
    /// location, the category.
    pub(super) fn extras(&self) -> usize {
        Scaled::meanings(self.kind.scaling(), self.spans()).len()
            + if self.kind.tells_phase_by_step() { 0 } else { self.phase() }
            + if self.kind.passes_by() { self.window } else { 0 }
            + self.inputs.per_window(self.horizon)
    }

    /// Fewest real values of a window; what is missing at its start is filled with the first.
    pub(super) fn least(&self) -> usize {
        let least = if self.kind.scaling() == Scaling::Smoothed { 4 } else { 3 };
        (self.window / 4).max(least)
    }

    /// Gathers windows.
    pub(super) fn gather(&self, series: &[Option<Scaled>], windows: &[At], out: &mut Gathered) {
        out.x.clear();
        out.extras.clear();
        out.sizes.clear();
        for at in windows {
            if let Some(scaled) = &series[at.series] {
                self.show(scaled, *at, out);
            }
        }
    }

    fn show(&self, scaled: &Scaled, At { series, t }: At, out: &mut Gathered) {
        let first = t as isize + 1 - self.window as isize;
        let by_step = self.kind.tells_phase_by_step();
        for tau in first..=t as isize {
            out.x.push(scaled.seen(tau, t));
            if by_step {
                self.tell_phase(series, tau, &mut out.x);
            }
            self.inputs.step(series, tau, &mut out.x);
        }
        out.sizes.push(scaled.size(t));
        scaled.tell(t, &mut out.extras);
        if !by_step {
            self.tell_phase(series, t as isize, &mut out.extras);
        }
        if self.kind.passes_by() {
            out.extras.extend((first..=t as isize).map(|tau| scaled.seen(tau, t)));
        }
        self.inputs.window(series, t, self.horizon, &mut out.extras);
    }

    /// Windows and what came after them, for an engine.
    pub(super) fn batch<'b>(&self, gathered: &'b Gathered, Targets { y, own }: &'b Targets) -> Batch<'b> {
        Batch { shown: gathered.shown(), y, targets: self.horizon, sizes: &gathered.sizes, own }
    }

    /// What the numbers of a window stand for, as [`gather`](Self::gather) puts them: those of its periods, then those of
    /// the window as a whole.
    pub(super) fn meanings(&self) -> [Vec<Meaning>; 2] {
        let phase = |told: bool| std::iter::repeat_n(Meaning::Phase, if told { self.phase() } else { 0 });
        let drivers = || (0..self.inputs.per_step()).map(Meaning::Driver);
        let by_step = self.kind.tells_phase_by_step();
        let step = |k: usize| std::iter::once(Meaning::Value(self.window - k)).chain(phase(by_step)).chain(drivers());
        let ahead = (0..self.horizon).flat_map(|_| drivers());
        let told = Scaled::meanings(self.kind.scaling(), self.spans()).into_iter();
        let by = (0..if self.kind.passes_by() { self.window } else { 0 }).map(|k| Meaning::Value(self.window - k));
        let extras = told.chain(phase(!by_step)).chain(by).chain(ahead);
        let names = self.inputs.names();
        let locations = names.locations.iter().map(|_| Meaning::Location);
        let own = locations.chain(names.categories.iter().map(|_| Meaning::Category));
        [(0..self.window).flat_map(step).collect(), extras.chain(own).collect()]
    }

    /// Appends a period's place in the season as a point of the circle.
    fn tell_phase(&self, series: usize, tau: isize, out: &mut Vec<f32>) {
        if self.inputs.names().season {
            out.extend(self.inputs.phase(series, tau));
        }
    }

    /// Appends a window's targets; those from period `end` on are unknown. Where counts are answered, the share that each
    /// had among the sizes of demand until `t`, NaN where it has none or there was none.
    pub(super) fn targets(&self, scaled: &Scaled, t: usize, end: usize, out: &mut Targets) {
        let from = out.y.len();
        out.y.extend((1..=self.horizon).map(|h| if t + h < end { scaled.target(t, h) } else { f32::NAN }));
        if self.kind.scaling() == Scaling::Counts {
            let sizes = scaled.sizes(t);
            // What rounds to nothing has no size.
            let share = |y: &f32| match sizes {
                Some(sizes) if y.round() > 0.0 => sizes.share(f64::from(y.round())) as f32,
                _ => f32::NAN,
            };
            out.own.extend(out.y[from..].iter().map(share));
        }
    }

    /// The windows of all series of which at least `known` targets lie before the last `held` periods.
    pub(super) fn windows(&self, series: &[Option<Scaled>], held: usize, known: usize) -> Vec<At> {
        let mut all = Vec::new();
        for (k, scaled) in series.iter().enumerate() {
            let Some(scaled) = scaled else { continue };
            let end = scaled.len().saturating_sub(held);
            all.extend((self.least() - 1..end.saturating_sub(known)).map(|t| At { series: k, t }));
        }
        all
    }
}
