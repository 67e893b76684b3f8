//! Overrides on top of forecasts: what people know, spread exactly over the series it is about.

use crate::model::{AppliedOverride, ForecastOverride, ForecastScope, OverrideState, Period};

/// Means beyond this aren't demand; an override that asks for more gets this.
const LARGEST: f64 = 1e30;
/// Rounds of handing out what rounding left over; one is enough but for pathological sizes.
const MOST_ROUNDS: usize = 4;

/// Applies overrides, in order, to the means of a panel's forecasts, `[series, step]`, all from `start` on.
///
/// In each of its periods an override changes the demand of its scope *taken together*; the members share the result by
/// their means before it, and alike when none of those is positive. Their sum is what was asked for, up to the
/// last bit of rounding.
/// Demand that would fall below 0 becomes 0, unless a member's mean is negative already. One that expired before
/// `today`, the last history period, changes nothing.
pub fn apply_overrides(
    overrides: &[ForecastOverride],
    members: &dyn Fn(&ForecastScope) -> Vec<usize>,
    means: &mut [Vec<f64>],
    (start, today): (Period, Period),
) -> Vec<AppliedOverride> {
    overrides.iter().map(|given| apply(given, members, means, (start, today))).collect()
}

fn apply(
    given: &ForecastOverride,
    members: &dyn Fn(&ForecastScope) -> Vec<usize>,
    means: &mut [Vec<f64>],
    (start, today): (Period, Period),
) -> AppliedOverride {
    let nothing =
        |state| AppliedOverride { given: given.clone(), state, series: 0, periods: 0, before: 0.0, after: 0.0 };
    if !given.is_alive(today) {
        return nothing(OverrideState::Expired);
    }
    let members = members(&given.scope);
    let horizon = members.first().map_or(0, |k| means[*k].len());
    if members.is_empty() {
        return nothing(OverrideState::NoSeries);
    }
    let steps = given.steps(start, horizon);
    if steps.is_empty() || !given.kind.number().is_finite() {
        return nothing(OverrideState::Outside);
    }
    let (mut before, mut after) = (0.0, 0.0);
    let periods = steps.len();
    let mut values = vec![0.0; members.len()];
    for h in steps {
        values.iter_mut().zip(&members).for_each(|(v, k)| *v = means[*k][h]);
        let sum: f64 = values.iter().sum();
        before += sum;
        spread(&mut values, given.kind.apply(sum).clamp(-LARGEST, LARGEST));
        after += values.iter().sum::<f64>();
        values.iter().zip(&members).for_each(|(v, k)| means[*k][h] = *v);
    }
    AppliedOverride {
        given: given.clone(),
        state: OverrideState::Applied,
        series: members.len(),
        periods,
        before,
        after,
    }
}

/// Replaces `values` by parts of `target` in the same proportions.
fn spread(values: &mut [f64], target: f64) {
    let target = if values.iter().all(|v| *v >= 0.0) { target.max(0.0) } else { target };
    let total: f64 = values.iter().map(|v| v.max(0.0)).sum();
    let (mut largest, count) = (0, values.len() as f64);
    for k in 0..values.len() {
        let share = if total > 0.0 { values[k].max(0.0) / total } else { 1.0 / count };
        if values[k] > values[largest] {
            largest = k;
        }
        values[k] = target * share;
    }
    for _ in 0..MOST_ROUNDS {
        let left = target - values.iter().sum::<f64>();
        if left == 0.0 {
            break;
        }
        values[largest] += left;
    }
}
