//! Items like another one, by the shape of their demand.

use super::super::engine::Stop;
use super::coder::Coder;
use super::embedding::{Map, distance};
use super::windows::{Shown, Windows};
use super::words;
use crate::control::{Cancelled, Control};
use crate::forecast::least_squares::dot;
use crate::model::{DemandShapes, LikeItem, SalesPanel, SeriesId, SeriesShape};
use crate::words::Text;
use rayon::prelude::*;

/// Nearest series kept of each.
const KEPT: usize = 10;
/// Series that are looked through for each, and for short histories, whose others are described anew; of larger panels
/// every so manieth.
const LOOKED_THROUGH: usize = 20_000;
const DESCRIBED_ANEW: usize = 2_000;

/// Gives every shape the series that are nearest to it. A short history's code is drawn towards the middle, as what isn't
/// known of it is made up; so it is compared with what the others' codes would be, had no more been seen of them.
pub(super) fn compare(
    shapes: &mut [SeriesShape],
    (coder, windows): (&mut Coder, &Windows),
    map: &Map,
    control: &Control,
) -> Result<(), Stop> {
    let whole: Vec<usize> = (0..shapes.len()).filter(|k| !shapes[*k].errors.is_empty()).collect();
    let some = |most: usize| whole.iter().copied().step_by(whole.len().div_ceil(most).max(1)).collect::<Vec<_>>();
    let ids: Vec<SeriesId> = shapes.iter().map(|s| s.id.clone()).collect();
    let candidates = some(LOOKED_THROUGH);
    let places: Vec<Vec<f64>> = candidates.iter().map(|k| shapes[*k].embedding.clone()).collect();
    let own = shapes.par_iter_mut().filter(|s| !s.errors.is_empty());
    own.try_for_each(|shape| {
        control.check()?;
        take_nearest(shape, (&candidates, &places), &ids);
        Ok::<(), Cancelled>(())
    })?;
    let mut latest = vec![None; shapes.len()];
    windows.at.iter().enumerate().for_each(|(row, at)| latest[at.series] = Some(row));
    let candidates: Vec<usize> = some(DESCRIBED_ANEW);
    let rows: Vec<usize> = candidates.iter().filter_map(|k| latest[*k]).collect();
    let mut short: Vec<usize> =
        (0..shapes.len()).filter(|k| shapes[*k].errors.is_empty() && !shapes[*k].embedding.is_empty()).collect();
    short.sort_by_key(|k| (shapes[*k].known, *k));
    let known: Vec<usize> = shapes.iter().map(|s| s.known).collect();
    for alike in short.chunk_by(|a, b| known[*a] == known[*b]) {
        let from = windows.window - known[alike[0]];
        let shown: Vec<Shown<'_>> =
            rows.iter().map(|row| Shown { z: windows.row(*row), from, without: None }).collect();
        let described = coder.describe(&shown, control)?;
        let width = described.codes.len() / rows.len().max(1);
        let places: Vec<Vec<f64>> = described.codes.chunks_exact(width.max(1)).map(|code| map.place(code)).collect();
        for k in alike {
            take_nearest(&mut shapes[*k], (&candidates, &places), &ids);
        }
    }
    Ok(())
}

/// Keeps the nearest of `candidates`, which lie at `places`.
fn take_nearest(shape: &mut SeriesShape, (candidates, places): (&[usize], &[Vec<f64>]), ids: &[SeriesId]) {
    let others = candidates.iter().zip(places).filter(|(k, _)| ids[**k] != shape.id);
    let mut far: Vec<(usize, f64)> = others.map(|(k, place)| (*k, distance(&shape.embedding, place))).collect();
    if far.is_empty() {
        return;
    }
    let order = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
    let middle = far.len() / 2;
    shape.usual_distance = far.select_nth_unstable_by(middle, order).1.1;
    if far.len() > KEPT {
        far.select_nth_unstable_by(KEPT - 1, order);
        far.truncate(KEPT);
    }
    far.sort_by(order);
    shape.nearest = far.into_iter().map(|(k, far)| (ids[k].clone(), far)).collect();
}

/// Items whose history `id` may borrow: those whose shapes are nearest to what there is of its own, with the distance and
/// the reason in words.
///
/// # Errors
/// Why there are none, in words: without sales nothing can be read from demand.
pub fn suggest_like_items(
    panel: &SalesPanel,
    shapes: &DemandShapes,
    id: &SeriesId,
    count: usize,
) -> Result<Vec<LikeItem>, Text> {
    let (Some(series), Some(own)) = (panel.get(id), shapes.get(id)) else { return Err(words::never_sold(id)) };
    if own.embedding.is_empty() {
        return Err(words::shapeless(&own.note));
    }
    let of = |(other, far): &(SeriesId, f64)| {
        let theirs = panel.get(other)?;
        let together = series.values.len().min(theirs.values.len()).min(shapes.window);
        let last = |values: &[f64]| values[values.len() - together..].to_vec();
        let r = correlation(&last(&series.values), &last(&theirs.values));
        let why = words::alike((*far, own.usual_distance), (together, r), own.known < shapes.window);
        Some(LikeItem { id: other.clone(), distance: *far, why })
    };
    Ok(own.nearest.iter().filter_map(of).take(count).collect())
}

/// Correlation of two histories on the scale of shapes; `None` when one of them doesn't vary.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let centred = |values: &[f64]| {
        let n = values.len() as f64;
        let unit = values.iter().map(|v| v.abs() / n).sum::<f64>();
        let bent: Vec<f64> = values.iter().map(|v| if unit > 0.0 { (v / unit).asinh() } else { 0.0 }).collect();
        let mean = bent.iter().sum::<f64>() / n;
        bent.into_iter().map(|v| v - mean).collect::<Vec<_>>()
    };
    let (a, b) = (centred(a), centred(b));
    let both = (dot(&a, &a) * dot(&b, &b)).sqrt();
    (both > 1e-12).then(|| dot(&a, &b) / both)
}
