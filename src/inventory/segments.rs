//! ABC by value, XYZ by variability: items cut into nine segments.
//!
//! # ABC
//! Items stand by value, the dearest first, and each at the sum of the shares of all dearer ones. It is A while that sum
//! is below the first cut, B below the second, C from there on: the item that crosses a cut is still in (Pareto's rule as
//! in Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017, section 2.3).
//! - Items of equal value have the class of the first of them: a code's place in the alphabet decides nothing.
//! - A value of zero or below adds nothing to the sum and is always C.
//!
//! # XYZ
//! X up to the first cut of the coefficient of variation, Y up to the second, Z beyond. An item too new to have one, or
//! without demand, is Z: nothing says that it is steady.
//!
//! # Former classes
//! With a former class given, the cuts that part it from its neighbours stand farther away by a margin: an item near a cut
//! doesn't change its class, and with it its policy, from cycle to cycle.

use crate::model::{
    Abc, DemandClass, Forecast, Item, ItemClass, Segment, SegmentCell, Segmentation, SeriesId, StockPlan, Xyz,
};
use crate::words::Text;

/// What one item is classed by.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassInput {
    /// Item and location.
    pub id: SeriesId,
    /// The criterion's value a year; what isn't a number counts as 0.
    pub value: f64,
    /// Units a year.
    pub units: f64,
    /// Coefficient of variation; `None` when it isn't known.
    pub variation: Option<f64>,
    /// Pattern of demand, the mean interval between demands and the CV² of their sizes.
    pub demand: (DemandClass, f64, f64),
    /// Periods since it first sold.
    pub known: usize,
    /// What is special about it; may be empty.
    pub note: Text,
}

/// Cuts items into segments; the result has the order of `inputs`.
pub fn classify(inputs: Vec<ClassInput>, segmentation: &Segmentation) -> Vec<ItemClass> {
    let value = |input: &ClassInput| if input.value.is_finite() { input.value } else { 0.0 };
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&inputs[*a], &inputs[*b]);
        value(b).total_cmp(&value(a)).then_with(|| a.id.cmp(&b.id))
    });
    let total: f64 = order.iter().map(|k| value(&inputs[*k]).max(0.0)).sum();
    let shares: Vec<f64> = inputs.iter().map(|i| if total > 0.0 { value(i).max(0.0) / total } else { 0.0 }).collect();
    let mut places = vec![Place::default(); inputs.len()];
    let (mut before, mut rank) = (0.0, 1);
    for equals in order.chunk_by(|a, b| value(&inputs[*a]).total_cmp(&value(&inputs[*b])).is_eq()) {
        let after = before + equals.iter().map(|k| shares[*k]).sum::<f64>();
        for (n, k) in equals.iter().enumerate() {
            let cumulative = (before + shares[*k] * (n + 1) as f64).min(1.0);
            places[*k] = Place { before, cumulative, rank };
        }
        (before, rank) = (after, rank + equals.len());
    }
    let class = |(k, input): (usize, ClassInput)| class_of(input, &places[k], shares[k], segmentation);
    inputs.into_iter().enumerate().map(class).collect()
}

/// Where an item stands among the others.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Share of all dearer items.
    before: f64,
    /// The same with this one.
    cumulative: f64,
    rank: usize,
}

/// A sum of shares this near to a cut has reached it: rounding of sums over 100,000 items.
const ROUNDING: f64 = 1e-9;

fn class_of(input: ClassInput, place: &Place, share: f64, segmentation: &Segmentation) -> ItemClass {
    let former = segmentation.former_of(&input.id);
    let variation = input.variation.filter(|v| v.is_finite() && *v >= 0.0);
    let abc = |former: Option<Abc>| {
        let (a, b) = segmentation.abc_cuts;
        let cuts = [(a, segmentation.margin), (b, segmentation.margin)];
        let worth = input.value.is_finite() && input.value > 0.0;
        if worth { Abc::ALL[cut(place.before + ROUNDING, cuts, former.map(|f| f as usize))] } else { Abc::C }
    };
    let xyz = |former: Option<Xyz>| {
        let (x, y) = segmentation.xyz_cuts;
        let cuts = [(x, segmentation.margin * x), (y, segmentation.margin * y)];
        // At the cut itself an item is still in.
        variation.map_or(Xyz::Z, |v| Xyz::ALL[cut(v - ROUNDING, cuts, former.map(|f| f as usize))])
    };
    let bare = Segment::new(abc(None), xyz(None));
    let segment = Segment::new(abc(former.map(|f| f.abc)), xyz(former.map(|f| f.xyz)));
    ItemClass {
        id: input.id,
        segment,
        value: if input.value.is_finite() { input.value } else { 0.0 },
        share,
        cumulative: place.cumulative,
        rank: place.rank,
        variation,
        demand: input.demand.0,
        interval: input.demand.1,
        size_cv2: input.demand.2,
        units: input.units,
        known: input.known,
        without_former: (bare != segment).then_some(bare),
        note: input.note,
    }
}

/// How many of two rising cuts a figure has reached. The cuts that bound the former class stand farther from it by their
/// margins.
fn cut(figure: f64, cuts: [(f64, f64); 2], former: Option<usize>) -> usize {
    let moved = |(k, (cut, margin)): (usize, (f64, f64))| match former {
        Some(former) if former <= k => cut + margin,
        Some(_) => cut - margin,
        None => cut,
    };
    cuts.into_iter().enumerate().map(moved).filter(|cut| figure >= *cut).count()
}

/// Fewer periods say nothing of variability.
const FEWEST_KNOWN: usize = 6;

/// Coefficient of variation of demand per period: sample deviation over mean. `None` for fewer than 6 periods and where
/// the mean isn't positive.
pub fn variation(values: &[f64]) -> Option<f64> {
    over_mean(deviation(values)?, values)
}

/// The same of what the season doesn't explain: the deviation of changes from a season ago over √2, since a change is made
/// of two periods' noise. A steady trend drops out too. `None` with fewer than 6 such changes.
pub fn variation_without_season(values: &[f64], season: usize) -> Option<f64> {
    let changes: Vec<f64> = values.iter().skip(season).zip(values).map(|(now, then)| now - then).collect();
    over_mean(deviation(&changes)? / std::f64::consts::SQRT_2, values)
}

fn deviation(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if n < FEWEST_KNOWN {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    Some((values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt())
}

fn over_mean(deviation: f64, values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Some(deviation / mean).filter(|v| mean > 0.0 && v.is_finite())
}

/// The matrix: what each segment holds. The slices are aligned; the exceptions are counted by `is_exception`.
pub fn segment_matrix(
    classes: &[ItemClass],
    (stock, items): (&[StockPlan], &[Item]),
    forecasts: &[&Forecast],
    is_exception: impl Fn(&ItemClass, &Item) -> bool,
) -> Vec<SegmentCell> {
    let empty = |segment| SegmentCell {
        segment,
        items: 0,
        value: 0.0,
        share: 0.0,
        stock_value: 0.0,
        fill_rate: None,
        exceptions: 0,
    };
    let mut cells: Vec<SegmentCell> = Segment::all().map(empty).collect();
    let mut demands = [(0.0, 0.0); 9];
    for (k, class) in classes.iter().enumerate() {
        let at = class.segment.index();
        let cell = &mut cells[at];
        cell.items += 1;
        cell.value += class.value;
        cell.share += class.share;
        let (Some(plan), Some(item)) = (stock.get(k), items.get(k)) else { continue };
        cell.stock_value += plan.average_stock * item.unit_cost;
        cell.exceptions += usize::from(is_exception(class, item));
        let demand: f64 = forecasts.get(k).map_or(0.0, |f| f.mean.iter().map(|d| d.max(0.0)).sum());
        demands[at].0 += demand;
        demands[at].1 += demand * plan.fill_rate;
    }
    for (cell, (demand, filled)) in cells.iter_mut().zip(demands) {
        cell.fill_rate = (demand > 0.0).then(|| filled / demand);
    }
    cells
}
