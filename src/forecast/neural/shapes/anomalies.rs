//! Periods whose demand doesn't go with the rest of their window.
//!
//! Each period of a whole window is hidden in turn, and the others say what it should have been: a spike has no part in its
//! own expectation, nor in the spread that its error is measured in. A series' errors `r[t]` have a robust size, and
//!
//! ```text
//! |r[t] − median(r)| > sensitivity · 1.4826 · MAD(r)
//! ```
//!
//! is flagged (Leys et al. 2013, *Detecting outliers: Do not use standard deviation around the mean, use absolute deviation
//! around the median*). What comes back each year is no anomaly but a part of the shape that wasn't learnt: where there are
//! other years, the error has to be as far from theirs. Nothing is corrected: what happened there is for people to say.

use super::super::engine::Stop;
use super::coder::Coder;
use super::windows::{At, Shown, Windows};
use crate::control::Control;
use crate::model::{Series, ShapeAnomaly};
use crate::text;

/// The standard deviation of normal errors is this many of their median absolute deviations.
const NORMAL: f64 = 1.4826;
/// A series' own size of error counts, but not below this share of the panel's: a series made again almost to rounding
/// error would have its every crumb flagged.
const LEAST_SHARE: f64 = 0.5;
/// Most periods asked for in a panel; of large panels only the latest windows are judged.
const MOST_ASKED: usize = 4_000_000;
/// Windows asked for at a time.
const AT_ONCE: usize = 16;

/// What the rest of a series' windows says, and where demand was something else.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Judged {
    /// For the latest periods, to the end; `None` in windows that weren't judged.
    pub(super) expected: Vec<Option<f64>>,
    pub(super) anomalies: Vec<ShapeAnomaly>,
}

/// One period asked for.
struct Answer {
    series: usize,
    /// Its position in the series.
    t: usize,
    /// Error on the transformed scale, in spreads of the rest of the window.
    error: f64,
    expected: Option<f64>,
}

/// Judges the whole windows of every series, by position; sparse windows aren't judged: there every sale is news.
pub(super) fn judge(
    coder: &mut Coder,
    windows: &Windows,
    series: &[Series],
    sensitivity: f64,
    control: &Control,
) -> Result<Vec<Judged>, Stop> {
    let rows = judged_rows(windows);
    let mut answers = Vec::with_capacity(rows.len() * windows.window);
    let stage = text!("Comparing each period with the rest of its window", "正在将各期与其窗口其余部分比较");
    for (k, part) in rows.chunks(AT_ONCE).enumerate() {
        control.report((k * AT_ONCE) as f64 / rows.len() as f64, &stage)?;
        ask(coder, windows, part, &mut answers, control)?;
    }
    let size = |errors: &mut Vec<f64>| {
        let middle = median(errors);
        for e in errors.iter_mut() {
            *e = (*e - middle).abs();
        }
        (middle, NORMAL * median(errors))
    };
    let panel = size(&mut answers.iter().map(|a| a.error).collect()).1;
    let mut judged = vec![Judged::default(); series.len()];
    for own in answers.chunk_by(|a, b| a.series == b.series) {
        let (k, first) = (own[0].series, own[0].t);
        let s = &series[k];
        let (middle, spread) = size(&mut own.iter().map(|a| a.error).collect());
        let limit = sensitivity * spread.max(LEAST_SHARE * panel);
        judged[k].expected = vec![None; s.values.len() - first];
        for answer in own {
            let Some(expected) = answer.expected else { continue };
            judged[k].expected[answer.t - first] = Some(expected);
            let error = answer.error - middle;
            if error.abs() > limit && !comes_back(own, answer, windows.window, limit) {
                let (period, actual) = (s.start.plus(answer.t as i64), s.values[answer.t]);
                judged[k].anomalies.push(ShapeAnomaly { period, actual, expected, error, limit });
            }
        }
    }
    Ok(judged)
}

/// Whether the errors of the same period in the series' other windows, if there are at least two, are much the same.
fn comes_back(own: &[Answer], answer: &Answer, window: usize, limit: f64) -> bool {
    let others = own.iter().filter(|a| a.t != answer.t && a.t % window == answer.t % window);
    let mut others: Vec<f64> = others.map(|a| a.error).collect();
    others.len() >= 2 && (answer.error - median(&mut others)).abs() <= limit
}

/// The windows judged, the latest of each series.
fn judged_rows(windows: &Windows) -> Vec<usize> {
    let judgeable: Vec<usize> =
        (0..windows.len()).filter(|k| windows.is_whole(*k) && !windows.at[*k].is_sparse).collect();
    let series = judgeable.chunk_by(|a, b| windows.at[*a].series == windows.at[*b].series);
    let each = (MOST_ASKED / windows.window / series.clone().count().max(1)).max(1);
    series.flat_map(|own| own[own.len().saturating_sub(each)..].to_vec()).collect()
}

/// Hides each period of some windows in turn.
fn ask(
    coder: &mut Coder,
    windows: &Windows,
    rows: &[usize],
    answers: &mut Vec<Answer>,
    control: &Control,
) -> Result<(), Stop> {
    let w = windows.window;
    let without = |k: &usize| {
        let z = windows.row(*k);
        (0..w).map(move |t| Shown { z, from: 0, without: Some(t) })
    };
    let shown: Vec<Shown<'_>> = rows.iter().flat_map(without).collect();
    let made = coder.made(&shown, control)?;
    for (i, (shown, made)) in shown.iter().zip(made.chunks_exact(w)).enumerate() {
        let (t, At { series, end, scale, .. }) = (i % w, windows.at[rows[i / w]]);
        let (level, spread) = shown.level();
        let (z, expected) = (f64::from(shown.z[t]), level + spread * f64::from(made[t]));
        let error = (z - expected) / spread;
        answers.push(Answer { series, t: end - w + t, error, expected: scale.value(expected) });
    }
    Ok(())
}

/// The median; of an even number of values the upper one of the two in the middle.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}
