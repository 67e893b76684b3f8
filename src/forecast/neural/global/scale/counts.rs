//! Counts, how they came of late and before, and the sizes that they usually come in.

use super::super::windows::Meaning;
use super::length_told;

/// Smallest demand that is a piece when it is rounded.
const SMALLEST_COUNT: f64 = 0.5;
/// Largest mean of a history of counts: beyond, one more or less is nothing to a 32-bit float.
const LARGEST_COUNT: f64 = 1e7;
/// Weights of the latest period in the means that are told: a long, a usual and a short memory.
const MEMORIES: [f64; 3] = [0.03, 0.1, 0.25];
/// Numbers told of each period: mean and chance of demand in each memory, and how long it has been known.
const TOLD: usize = 2 * MEMORIES.len() + 1;
/// Smallest mean that a logarithm is taken of, a piece in a hundred periods.
const SMALLEST_MEAN: f64 = 0.01;
/// Largest logarithm told.
const LARGEST: f64 = 5.0;
/// Weight of the latest demand among the sizes seen, and how many of them count: what is older weighs less than a thousandth.
const LATEST: f64 = 0.1;
const MOST_SIZES: usize = 66;

/// Counts: shown as `ln(1 + y[τ]/l[t])`, answered as a distribution of the counts themselves; `l` is the mean of the window
/// and of all that came before it, so that a window without demand has a level too.
///
/// Beside the window the network is told discounted means of demand and of whether there is any, over more than the window:
/// the latter is how Teunter, Syntetos & Babai 2011 (*Intermittent demand: linking forecasting to inventory obsolescence*,
/// European J. Operational Research 214) smooth the chance of demand.
#[derive(Debug, Clone)]
pub(in super::super) struct Counts {
    pub(super) values: Vec<f64>,
    pub(super) levels: Vec<f64>,
    /// `[t, TOLD]`.
    told: Vec<f32>,
    /// Demands, rounded, oldest first.
    sizes: Vec<f64>,
    /// Demands up to and with each period.
    until: Vec<u32>,
}

/// The sizes of a history's demands so far, the latest first, each with its share of the weight: the sum of shares is 1.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Sizes<'a>(&'a [f64]);

impl<'a> Sizes<'a> {
    /// Sizes and shares.
    pub(in super::super) fn iter(self) -> impl Iterator<Item = (f64, f64)> + use<'a> {
        let sum = (1.0 - (1.0 - LATEST).powi(self.0.len() as i32)) / LATEST;
        let mut share = 1.0 / (sum * (1.0 - LATEST));
        self.0.iter().rev().map(move |size| {
            share *= 1.0 - LATEST;
            (*size, share)
        })
    }

    /// Share of the demands of this size; both are whole numbers.
    pub(in super::super) fn share(self, size: f64) -> f64 {
        self.iter().filter(|(own, _)| (own - size).abs() < 0.5).map(|(_, share)| share).sum()
    }

    /// Mean size.
    pub(in super::super) fn mean(self) -> f64 {
        self.iter().map(|(size, share)| size * share).sum()
    }
}

impl Counts {
    pub(super) fn new(y: &[f64], size: f64, window: usize) -> Option<Self> {
        let values: Vec<f64> = y.iter().map(|v| v.max(0.0)).collect();
        let levels = count_levels(&values, window);
        let is_sound = values.iter().any(|v| *v >= SMALLEST_COUNT) && size < LARGEST_COUNT;
        if !(is_sound && levels.iter().all(|l| l.is_finite())) {
            return None;
        }
        // As targets are rounded.
        let rounded = || values.iter().map(|v| f64::from((*v as f32).round()));
        let mut count = 0;
        let seen = |v: f64| {
            count += u32::from(v > 0.0);
            count
        };
        let until = rounded().map(seen).collect();
        let sizes = rounded().filter(|v| *v > 0.0).collect();
        let told = told(&values, &levels);
        Some(Self { values, levels, told, sizes, until })
    }

    pub(super) fn meanings() -> Vec<Meaning> {
        std::iter::once(Meaning::Size).chain(std::iter::repeat_n(Meaning::Memory, TOLD)).collect()
    }

    pub(super) fn tell(&self, t: usize, out: &mut Vec<f32>) {
        out.push(0.3 * self.levels[t].ln() as f32);
        out.extend_from_slice(&self.told[t * TOLD..][..TOLD]);
    }

    /// The sizes of the demands until `t`; `None` before the first.
    pub(super) fn sizes(&self, t: usize) -> Option<Sizes<'_>> {
        let until = self.until[t] as usize;
        (until > 0).then(|| Sizes(&self.sizes[until.saturating_sub(MOST_SIZES)..until]))
    }
}

/// Mean of the last `window` counts and, as one value more, of all before; half a count over all before when there was none.
fn count_levels(y: &[f64], window: usize) -> Vec<f64> {
    let (mut all, mut last) = (0.0, 0.0);
    let level = |t: usize| {
        all += y[t];
        last += y[t];
        if t >= window {
            last -= y[t - window];
        }
        let before = f64::max(all, 0.5) / (t + 1) as f64;
        (f64::max(last, 0.0) + before) / ((t + 1).min(window) + 1) as f64
    };
    (0..y.len()).map(level).collect()
}

/// `[t, TOLD]`: each memory's mean beside the level, as a logarithm; its chance of demand; the length known.
fn told(y: &[f64], levels: &[f64]) -> Vec<f32> {
    let mut out = Vec::with_capacity(y.len() * TOLD);
    let (mut means, mut chances, mut weights) = ([0.0; MEMORIES.len()], [0.0; MEMORIES.len()], [0.0; MEMORIES.len()]);
    for (t, (v, level)) in y.iter().zip(levels).enumerate() {
        for (k, latest) in MEMORIES.into_iter().enumerate() {
            let kept = 1.0 - latest;
            means[k] = kept * means[k] + v;
            chances[k] = kept * chances[k] + f64::from(u8::from(v.round() > 0.0));
            weights[k] = kept * weights[k] + 1.0;
            let beside = ((means[k] / weights[k] + SMALLEST_MEAN) / level).ln();
            out.push(beside.clamp(-LARGEST, LARGEST) as f32);
        }
        out.extend(chances.iter().zip(&weights).map(|(chance, weight)| (chance / weight) as f32));
        out.push(length_told(t));
    }
    out
}
