//! Groups of embeddings: k-means (Lloyd 1982) from k-means++ starts (Arthur & Vassilvitskii 2007), the number of groups by
//! the mean silhouette (Rousseeuw 1987).

use super::embedding::distance;
use crate::control::{Cancelled, Control};
use crate::forecast::seed::generator;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// Most groups looked for: more can't be told apart by colour or name.
const MOST: usize = 8;
/// Starts per number of groups, of which the tightest counts.
const STARTS: usize = 8;
/// Most steps of one start.
const STEPS: usize = 100;
/// A smaller mean silhouette is no structure (Kaufman & Rousseeuw 1990, *Finding Groups in Data*, table 4).
const NO_STRUCTURE: f64 = 0.25;
/// Points by which groups are found; the others join the nearest.
const SAMPLE: usize = 1500;

/// Groups of points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Groups {
    /// `[group, number]`.
    centres: Vec<Vec<f64>>,
    /// Mean silhouette; `None` for one group.
    pub(super) silhouette: Option<f64>,
}

impl Groups {
    /// Groups of points `wanted` in number; 0 takes the best number, which is one when none stands out.
    pub(super) fn find(points: &[&[f64]], wanted: usize, seed: u64, control: &Control) -> Result<Self, Cancelled> {
        let step = points.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<&[f64]> = points.iter().step_by(step).copied().collect();
        let mut rng = generator(seed);
        let most = sample.len().saturating_sub(1);
        let counts = if wanted == 0 { 2..=MOST.min(most) } else { wanted.min(most)..=wanted.min(most) };
        let mut best = Self { centres: vec![mean(&sample)], silhouette: None };
        for count in counts.filter(|count| *count > 1) {
            let Some(centres) = tightest(&sample, count, &mut rng, control)? else { continue };
            let silhouette = silhouette(&sample, &centres, control)?;
            let floor = if wanted == 0 { NO_STRUCTURE } else { f64::NEG_INFINITY };
            if silhouette > best.silhouette.unwrap_or(floor) {
                best = Self { centres, silhouette: Some(silhouette) };
            }
        }
        Ok(best)
    }

    /// The nearest group.
    pub(super) fn of(&self, point: &[f64]) -> usize {
        nearest(point, &self.centres).0
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.centres.len()
    }
}

fn mean(points: &[&[f64]]) -> Vec<f64> {
    let mut mean = vec![0.0; points.first().map_or(0, |p| p.len())];
    for point in points {
        mean.iter_mut().zip(*point).for_each(|(m, v)| *m += v / points.len() as f64);
    }
    mean
}

/// The nearest centre and its distance; the first of equals.
fn nearest(point: &[f64], centres: &[Vec<f64>]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (k, centre) in centres.iter().enumerate() {
        let far = distance(point, centre);
        if far < best.1 {
            best = (k, far);
        }
    }
    best
}

/// The centres with the smallest squared distances over all starts; `None` when there are fewer different points.
fn tightest(
    points: &[&[f64]],
    count: usize,
    rng: &mut ChaCha8Rng,
    control: &Control,
) -> Result<Option<Vec<Vec<f64>>>, Cancelled> {
    let mut best: Option<(f64, Vec<Vec<f64>>)> = None;
    for _ in 0..STARTS {
        let Some(mut centres) = start(points, count, rng) else { return Ok(None) };
        let mut last = f64::INFINITY;
        for _ in 0..STEPS {
            control.check()?;
            let found: Vec<(usize, f64)> = points.iter().map(|p| nearest(p, &centres)).collect();
            let sum: f64 = found.iter().map(|(_, far)| far * far).sum();
            if sum >= last {
                break;
            }
            last = sum;
            for (k, centre) in centres.iter_mut().enumerate() {
                let own = points.iter().zip(&found).filter(|(_, (of, _))| *of == k).map(|(p, _)| *p);
                let own: Vec<&[f64]> = own.collect();
                if !own.is_empty() {
                    *centre = mean(&own);
                }
            }
        }
        if best.as_ref().is_none_or(|(least, _)| last < *least) {
            best = Some((last, centres));
        }
    }
    Ok(best.map(|(_, centres)| centres))
}

/// First centres: each next one a point drawn by its squared distance from those there are.
fn start(points: &[&[f64]], count: usize, rng: &mut ChaCha8Rng) -> Option<Vec<Vec<f64>>> {
    let mut centres = vec![points[rng.random_range(0..points.len())].to_vec()];
    while centres.len() < count {
        let weights: Vec<f64> = points.iter().map(|p| nearest(p, &centres).1.powi(2)).collect();
        let total: f64 = weights.iter().sum();
        if !total.is_normal() {
            return None;
        }
        let mut left = rng.random::<f64>() * total;
        let drawn = weights.iter().position(|w| {
            left -= w;
            left < 0.0
        });
        centres.push(points[drawn.unwrap_or(points.len() - 1)].to_vec());
    }
    Some(centres)
}

/// Mean over points of `(b − a) / max(a, b)`: `a` the mean distance to its own group, `b` to the nearest other one; 0 for a
/// point alone.
fn silhouette(points: &[&[f64]], centres: &[Vec<f64>], control: &Control) -> Result<f64, Cancelled> {
    let of: Vec<usize> = points.iter().map(|p| nearest(p, centres).0).collect();
    let mut sum = 0.0;
    for (i, point) in points.iter().enumerate() {
        if i % 64 == 0 {
            control.check()?;
        }
        let mut groups = vec![(0.0, 0usize); centres.len()];
        for (j, other) in points.iter().enumerate().filter(|(j, _)| *j != i) {
            let (far, count) = &mut groups[of[j]];
            *far += distance(point, other);
            *count += 1;
        }
        let mean = |(far, count): (f64, usize)| if count == 0 { f64::INFINITY } else { far / count as f64 };
        if groups[of[i]].1 == 0 {
            continue;
        }
        let own = mean(groups[of[i]]);
        let other = groups.iter().enumerate().filter(|(k, _)| *k != of[i]).map(|(_, g)| mean(*g));
        let other = other.fold(f64::INFINITY, f64::min);
        let largest = own.max(other);
        if other.is_finite() && largest > 0.0 {
            sum += (other - own) / largest;
        }
    }
    Ok(sum / points.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::{Groups, silhouette};
    use crate::control::Control;
    use crate::forecast::seed::generator;
    use rand_distr::{Distribution as _, StandardNormal};

    #[test]
    fn a_silhouette_is_what_its_definition_says() {
        let points: [&[f64]; 4] = [&[0.0], &[1.0], &[10.0], &[12.0]];
        let found = silhouette(&points, &[vec![0.5], vec![11.0]], &Control::silent()).expect("nobody cancels");
        // (11−1)/11, (10−1)/10, (9.5−2)/9.5, (11.5−2)/11.5.
        let truth = (10.0 / 11.0 + 9.0 / 10.0 + 7.5 / 9.5 + 9.5 / 11.5) / 4.0;
        assert!((found - truth).abs() < 1e-12, "{found}");
    }

    #[test]
    fn as_many_groups_are_found_as_there_are() {
        let mut rng = generator(3);
        let mut around = |x: f64, y: f64| -> Vec<f64> {
            let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
            vec![x + draw(), y + draw()]
        };
        let three: Vec<Vec<f64>> =
            (0..90).map(|k| if k < 30 { around(0.0, 0.0) } else { around(20.0, [0.0, 20.0][k % 2]) }).collect();
        let one: Vec<Vec<f64>> = (0..90).map(|_| around(0.0, 0.0)).collect();
        let find = |points: &[Vec<f64>], wanted| {
            let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
            Groups::find(&points, wanted, 1, &Control::silent()).expect("nobody cancels")
        };
        let found = find(&three, 0);
        assert_eq!(found.len(), 3);
        let of: Vec<usize> = three.iter().map(|p| found.of(p)).collect();
        assert!(of[..30].iter().all(|g| *g == of[0]) && of[30..].chunks(2).all(|p| p == &of[30..32]));
        assert!(found.silhouette.is_some_and(|s| s > 0.7));
        assert_eq!(find(&one, 5).len(), 5);
        // Points that are all the same have one group whatever is wanted.
        assert_eq!(find(&vec![vec![1.0, 1.0]; 20], 4).len(), 1);
    }
}
