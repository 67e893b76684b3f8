//! Reconciliation: reference rows, dense algebra, brute force, and what must always hold.

use super::close;
use planwright::control::Control;
use planwright::forecast::hierarchy::{
    Base, Coherent, Level, Node, ReconcileError, Shares, Sign, Weights, average_shares, sum_of,
};
use planwright::forecast::{Hierarchy, Reconciliation, fit, reconcile};
use planwright::model::{Period, Series, SeriesId};
use proptest::prelude::*;

const OLS: Reconciliation = Reconciliation::LeastSquares(Weights::Equal, Sign::Any);
const STRUCTURAL: Reconciliation = Reconciliation::LeastSquares(Weights::Structural, Sign::Any);

/// Total, two categories of three and two series, three locations across.
fn crossed() -> Hierarchy {
    let levels = vec![
        Level::by_label("total", ["all"; 5]),
        Level::by_label("category", ["tea", "tea", "tea", "tools", "tools"]),
        Level::by_label("location", ["HAM", "LYS", "WRO", "HAM", "LYS"]),
    ];
    Hierarchy::new(5, levels).unwrap()
}

/// One step's means as rows.
fn rows(values: &[f64]) -> Vec<Vec<f64>> {
    values.iter().map(|v| vec![*v]).collect()
}

fn run(h: &Hierarchy, method: &Reconciliation, values: &[f64], variances: &[f64], shares: &[f64]) -> Vec<f64> {
    let (a, b) = values.split_at(h.nodes().count());
    let base = Base { aggregates: &rows(a), bottom: &rows(b), variances, shares };
    let Coherent { aggregates, bottom } = reconcile(h, &base, method, &Control::silent()).unwrap();
    aggregates.into_iter().chain(bottom).map(|row| row[0]).collect()
}

#[track_caller]
fn check(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(f, e)| close(*f, *e, tolerance));
}

#[test]
fn the_reference_row() {
    let h = Hierarchy::new(2, vec![Level::by_label("total", ["all", "all"])]).unwrap();
    check(&run(&h, &OLS, &[10.0, 4.0, 4.0], &[], &[]), &[28.0 / 3.0, 14.0 / 3.0, 14.0 / 3.0], 1e-12);
    check(&run(&h, &STRUCTURAL, &[10.0, 4.0, 4.0], &[], &[]), &[9.0, 4.5, 4.5], 1e-12);
    check(&run(&h, &Reconciliation::BottomUp, &[10.0, 4.0, 4.0], &[], &[]), &[8.0, 4.0, 4.0], 0.0);
}

/// On paper: two categories by two regions, series 10 20 30 40, all groups agree but the total, which says 110. Of its 10
/// more, λ = 50/9 at the total and −20/9 at each group: every series gets 50/9 − 40/9 = 10/9.
#[test]
fn categories_and_regions_cross() {
    let levels = vec![
        Level::by_label("total", [""; 4]),
        Level::by_label("category", ["tea", "tea", "tools", "tools"]),
        Level::by_label("region", ["north", "south", "north", "south"]),
    ];
    let h = Hierarchy::new(4, levels).unwrap();
    let base = [110.0, 30.0, 70.0, 40.0, 60.0, 10.0, 20.0, 30.0, 40.0];
    let up = 10.0 / 9.0;
    let series = [10.0 + up, 20.0 + up, 30.0 + up, 40.0 + up];
    check(&run(&h, &OLS, &base, &[], &[])[5..], &series, 1e-12);
    // From the regions, 44 in the north split 10 : 30, 60 in the south 20 : 40; the total follows.
    let from_regions = [110.0, 30.0, 70.0, 44.0, 60.0, 10.0, 20.0, 30.0, 40.0];
    let found = run(&h, &Reconciliation::parse("middle-out:region").unwrap(), &from_regions, &[], &[]);
    check(&found, &[104.0, 31.0, 73.0, 44.0, 60.0, 11.0, 20.0, 33.0, 40.0], 1e-12);
    // Categories are not nested in regions: a split from the regions doesn't look at them.
    assert_eq!(h.chain(2).levels().iter().map(|l| &*l.name).collect::<Vec<_>>(), ["region"]);
    assert_eq!(h.chain(0).levels().iter().map(|l| &*l.name).collect::<Vec<_>>(), ["total", "category"]);
}

#[test]
fn top_down_splits_by_history_or_by_forecasts() {
    let h = crossed();
    let base = [100.0, 30.0, 50.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 1.0, 3.0];
    let shares = [0.1, 0.2, 0.3, 0.15, 0.25];
    let history = run(&h, &Reconciliation::TopDown(Shares::History), &base, &[], &shares);
    check(&history[6..], &[10.0, 20.0, 30.0, 15.0, 25.0], 1e-12);
    // Total 100 goes to categories 30 : 50, then to series; locations cross and take no part.
    let forecasts = run(&h, &Reconciliation::TopDown(Shares::Forecasts), &base, &[], &[]);
    check(&forecasts[..3], &[100.0, 37.5, 62.5], 1e-12);
    check(&forecasts[6..], &[6.25, 12.5, 18.75, 15.625, 46.875], 1e-12);
}

#[test]
fn middle_out_keeps_its_level() {
    let h = crossed();
    let base = [100.0, 30.0, 50.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 1.0, 3.0];
    let method = Reconciliation::parse("middle-out").unwrap();
    let found = run(&h, &method, &base, &[], &[]);
    check(&found[..3], &[80.0, 30.0, 50.0], 1e-12);
    check(&found[6..], &[5.0, 10.0, 15.0, 12.5, 37.5], 1e-12);
    let across = run(&h, &Reconciliation::parse("middle-out:location").unwrap(), &base, &[], &[]);
    check(&across[3..6], &[1.0, 1.0, 1.0], 1e-12);
    // Without a positive forecast below, the series share alike.
    let flat = [100.0, 30.0, 50.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    check(&run(&h, &method, &flat, &[], &[])[6..], &[10.0, 10.0, 10.0, 25.0, 25.0], 1e-12);
}

#[test]
fn historical_shares_are_means_of_the_periods_shares() {
    let end = Period::parse("2024-04").unwrap();
    let series = |item: &str, values: &[f64]| Series {
        id: SeriesId::new(item, ""),
        start: end.plus(1 - values.len() as i64),
        values: values.into(),
    };
    // Shares of a: 1, 0.5, 0.25; the period without demand doesn't count.
    let shares = average_shares(&[series("a", &[4.0, 0.0, 3.0, 1.0]), series("b", &[0.0, 3.0, 3.0])]);
    check(&shares, &[(1.0 + 0.5 + 0.25) / 3.0, (0.5 + 0.75) / 3.0], 1e-12);
    check(&average_shares(&[series("a", &[0.0, 0.0]), series("b", &[0.0])]), &[0.5, 0.5], 0.0);
}

/// A hierarchy of up to six series, base forecasts and error variances of its nodes.
fn small() -> impl Strategy<Value = (Hierarchy, Vec<f64>, Vec<f64>)> {
    let groups = |n: usize| prop::collection::vec(prop::collection::vec(0..n as u32, 1..=n), 1..5);
    (1_usize..=6).prop_flat_map(move |n| (Just(n), groups(n))).prop_flat_map(|(n, groups)| {
        let count = n + groups.len();
        let nodes = groups.into_iter().enumerate().map(|(k, members)| Node::new(k.to_string(), members)).collect();
        let h = Hierarchy::new(n, vec![Level { name: "groups".into(), nodes }]).unwrap();
        let values = prop::collection::vec(-20.0..60.0, count);
        (Just(h), values, prop::collection::vec(0.05..20.0, count))
    })
}

/// Gaussian elimination with pivots.
fn solve(mut m: Vec<Vec<f64>>, mut r: Vec<f64>) -> Vec<f64> {
    let n = r.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|a, b| m[*a][k].abs().total_cmp(&m[*b][k].abs())).unwrap();
        m.swap(k, pivot);
        r.swap(k, pivot);
        for i in k + 1..n {
            let f = m[i][k] / m[k][k];
            let row = m[k].clone();
            m[i].iter_mut().zip(&row).for_each(|(a, b)| *a -= f * b);
            r[i] -= f * r[k];
        }
    }
    for k in (0..n).rev() {
        r[k] = (r[k] - (k + 1..n).map(|j| m[k][j] * r[j]).sum::<f64>()) / m[k][k];
    }
    r
}

/// The summing matrix, written out.
fn summing(h: &Hierarchy) -> Vec<Vec<f64>> {
    let row = |members: &[u32]| (0..h.bottom() as u32).map(|j| f64::from(u8::from(members.contains(&j)))).collect();
    let unit = |k: usize| row(&[k as u32]);
    h.nodes().map(|n| row(n.members())).chain((0..h.bottom()).map(unit)).collect()
}

/// `min (ŷ − S·x)ᵀ W⁻¹ (ŷ − S·x)` over the series that are `free`, the others 0, by the normal equations.
fn normal_equations(s: &[Vec<f64>], w: &[f64], y: &[f64], free: &[usize]) -> Vec<f64> {
    let product = |i: usize, j: usize| s.iter().zip(w).map(|(row, w)| row[i] * row[j] / w).sum::<f64>();
    let m = free.iter().map(|i| free.iter().map(|j| product(*i, *j)).collect()).collect();
    let r = free.iter().map(|i| s.iter().zip(w).zip(y).map(|((row, w), y)| row[*i] * y / w).sum()).collect();
    let mut x = vec![0.0; s[0].len()];
    solve(m, r).into_iter().zip(free).for_each(|(v, k)| x[*k] = v);
    x
}

fn objective(s: &[Vec<f64>], w: &[f64], y: &[f64], x: &[f64]) -> f64 {
    let fitted = s.iter().map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>());
    fitted.zip(y).zip(w).map(|((f, y), w)| (y - f) * (y - f) / w).sum()
}

proptest! {
    #[test]
    fn least_squares_are_the_normal_equations((h, y, w) in small()) {
        let s = summing(&h);
        let all: Vec<usize> = (0..h.bottom()).collect();
        let nodes = h.nodes().count();
        let ones = vec![1.0; y.len()];
        let sizes: Vec<f64> = s.iter().map(|row| row.iter().sum()).collect();
        let variance = Reconciliation::LeastSquares(Weights::Variance, Sign::Any);
        for (method, weights) in [(OLS, &ones), (STRUCTURAL, &sizes), (variance, &w)] {
            let found = run(&h, &method, &y, &w, &[]);
            let expected = normal_equations(&s, weights, &y, &all);
            for (f, e) in found[nodes..].iter().zip(&expected) {
                prop_assert!((f - e).abs() < 1e-8, "{} {f} {e}", method.name());
            }
            for (node, sum) in h.nodes().zip(&found) {
                let members: f64 = node.members().iter().map(|k| found[nodes + *k as usize]).sum();
                prop_assert!((members - sum).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn what_adds_up_already_stays((h, y, w) in small()) {
        let nodes = h.nodes().count();
        let bottom = &y[nodes..];
        let s = summing(&h);
        let coherent: Vec<f64> = s.iter().map(|row| row.iter().zip(bottom).map(|(a, b)| a * b).sum()).collect();
        for weights in [Weights::Equal, Weights::Structural, Weights::Variance] {
            let found = run(&h, &Reconciliation::LeastSquares(weights, Sign::Any), &coherent, &w, &[]);
            for (f, e) in found.iter().zip(&coherent) {
                prop_assert!((f - e).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn not_negative_is_the_best_of_all_active_sets((h, y, w) in small()) {
        let (s, nodes, n) = (summing(&h), h.nodes().count(), h.bottom());
        let sets = (0..1_usize << n).map(|set| (0..n).filter(|k| (set >> k) & 1 == 1).collect::<Vec<_>>());
        let candidates = sets.map(|free| normal_equations(&s, &w, &y, &free));
        let feasible = candidates.filter(|x| x.iter().all(|v| *v >= -1e-12));
        let best = feasible.min_by(|a, b| objective(&s, &w, &y, a).total_cmp(&objective(&s, &w, &y, b))).unwrap();
        let method = Reconciliation::LeastSquares(Weights::Variance, Sign::NotNegative);
        let found = run(&h, &method, &y, &w, &[]);
        for (f, e) in found[nodes..].iter().zip(&best) {
            prop_assert!(*f >= 0.0);
            prop_assert!((f - e).abs() < 1e-6, "{f} {e}");
        }
    }

    #[test]
    fn any_finite_forecasts_give_finite_sums(
        (h, y, w) in small(),
        scale in prop::sample::select(vec![0.0, 1e-12, 1.0, 1e12, 1e30]),
        spread in prop::sample::select(vec![0.0, 1e-12, 1.0, 1e12]),
    ) {
        let y: Vec<f64> = y.iter().map(|v| v * scale).collect();
        let w: Vec<f64> = w.iter().enumerate().map(|(k, v)| if k % 2 == 0 { *v } else { v * spread }).collect();
        let shares = vec![1.0 / h.bottom() as f64; h.bottom()];
        for weights in [Weights::Equal, Weights::Structural, Weights::Variance] {
            for sign in [Sign::Any, Sign::NotNegative] {
                let found = run(&h, &Reconciliation::LeastSquares(weights, sign), &y, &w, &shares);
                prop_assert!(found.iter().all(|v| v.is_finite()));
                prop_assert!(sign == Sign::Any || found.iter().all(|v| *v >= 0.0));
            }
        }
    }
}

#[test]
fn twenty_thousand_series_in_two_hundred_groups() {
    let n = 20_000_u32;
    let label = |of: fn(u32) -> u32| (0..n).map(move |k| format!("{:03}", of(k)));
    let levels = vec![
        Level::by_label("total", label(|_| 0)),
        Level::by_label("category", label(|k| k % 40)),
        Level::by_label("location", label(|k| k / 1250)),
        Level::by_label("both", label(|k| k % 11 * 13 + k / 1600)),
    ];
    let h = Hierarchy::new(n as usize, levels).unwrap().without_repeats();
    let nodes: Vec<&Node> = h.nodes().collect();
    assert!(nodes.len() >= 190, "{}", nodes.len());
    // Groups think there is a tenth less than their series say; some series are negative.
    let bottom: Vec<f64> = (0..n).map(|k| f64::from(k * 7919 % 101) - 3.0).collect();
    let sum = |x: &[f64], node: &Node| node.members().iter().map(|k| x[*k as usize]).sum::<f64>();
    let aggregates: Vec<f64> = nodes.iter().map(|node| 0.9 * sum(&bottom, node)).collect();
    let y: Vec<f64> = aggregates.iter().chain(&bottom).copied().collect();
    let found = run(&h, &STRUCTURAL, &y, &[], &[]);
    let x = &found[nodes.len()..];
    for (node, total) in nodes.iter().zip(&found) {
        close(sum(x, node), *total, 1e-12);
    }
    // At the optimum every series' gradient is zero: (ŷ_j − x_j) + Σ over its groups of (ŷ_i − Σx)/size = 0.
    let mut gradient: Vec<f64> = bottom.iter().zip(x).map(|(y, x)| y - x).collect();
    for ((node, total), y) in nodes.iter().zip(&found).zip(&aggregates) {
        let pull = (y - total) / node.members().len() as f64;
        node.members().iter().for_each(|k| gradient[*k as usize] += pull);
    }
    assert!(gradient.iter().all(|g| g.abs() < 1e-8));
    let method = Reconciliation::LeastSquares(Weights::Structural, Sign::NotNegative);
    let found = run(&h, &method, &y, &[], &[]);
    assert!(found.iter().all(|v| *v >= 0.0) && found[nodes.len()..].contains(&0.0));
}

#[test]
fn what_cannot_be_reconciled_is_refused_in_words() {
    let pair = Hierarchy::new(2, vec![Level::by_label("pair", ["a", "b"])]).unwrap();
    let refused = |h: &Hierarchy, method: &Reconciliation, a: &[f64], b: &[f64]| {
        let base = Base { aggregates: &rows(a), bottom: &rows(b), variances: &[], shares: &[] };
        match reconcile(h, &base, method, &Control::silent()) {
            Err(ReconcileError::Refused(why)) => !why.en.is_empty() && !why.zh.is_empty(),
            _ => false,
        }
    };
    let variance = Reconciliation::LeastSquares(Weights::Variance, Sign::Any);
    for method in [Reconciliation::TopDown(Shares::Forecasts), Reconciliation::parse("middle-out").unwrap(), variance] {
        assert!(refused(&pair, &method, &[1.0, 1.0], &[1.0, 1.0]), "{}", method.name());
    }
    assert!(refused(&pair, &OLS, &[1.0], &[1.0, 1.0]));
    assert!(refused(&pair, &OLS, &[1.0, f64::NAN], &[1.0, 1.0]));
    assert!(Hierarchy::new(0, Vec::new()).is_err());
    let outside = Level { name: "x".into(), nodes: vec![Node::new("x", vec![2])] };
    assert!(Hierarchy::new(2, vec![outside]).is_err());
    let control = Control::silent();
    control.cancel();
    let base = Base { aggregates: &rows(&[3.0, 1.0]), bottom: &rows(&[1.0, 1.0]), variances: &[], shares: &[] };
    assert!(matches!(reconcile(&pair, &base, &OLS, &control), Err(ReconcileError::Cancelled(_))));
}

#[test]
fn names_are_read_as_they_are_written() {
    for name in ["none", "bottom-up", "ols", "wls-variance", "wls-structural-non-negative", "middle-out:location"] {
        assert_eq!(Reconciliation::parse(name).unwrap().name(), name);
    }
    let error = Reconciliation::parse("mint").unwrap_err();
    assert!(error.message.en.contains("mint") && error.hint.zh.contains("wls-structural"));
}

#[test]
fn groups_repeat_nothing() {
    let levels = vec![
        Level::by_label("total", ["all"; 3]),
        Level::by_label("category", ["x"; 3]),
        Level::by_label("location", ["a", "a", "b"]),
    ];
    let h = Hierarchy::new(3, levels).unwrap().without_repeats();
    assert_eq!(h.nodes().map(|n| n.members().to_vec()).collect::<Vec<_>>(), [vec![0, 1, 2], vec![0, 1]]);
}

#[test]
fn a_forecast_moves_as_a_whole_and_groups_are_sums_of_paths() {
    let options = super::options(3);
    let history = |shift: usize| (0..40).map(|t| ((t * 7 + shift) % 11) as f64 + 5.0).collect::<Vec<f64>>();
    let one = |shift| fit("ses", &super::series(&history(shift), 1), &options, &Control::silent()).unwrap();
    let (a, b) = (one(0), one(5));
    let mean_of = |f: &planwright::model::Forecast, h: usize| {
        f.paths.iter().map(|p| f64::from(p[h])).sum::<f64>() / f.paths.len() as f64
    };
    let moved = a.with_mean(&[2.0 * a.mean[0], 0.0, a.mean[2]]);
    close(moved.intervals[0].upper[0], 2.0 * a.intervals[0].upper[0], 1e-12);
    close(mean_of(&moved, 0), 2.0 * mean_of(&a, 0), 1e-5);
    assert!(moved.paths.iter().all(|p| p[1] == 0.0));
    assert!(moved.paths.iter().zip(a.paths.iter()).all(|(m, a)| m[2].to_bits() == a[2].to_bits()));
    let sum = sum_of(SeriesId::new("both", ""), &[&moved, &b], &Control::silent()).unwrap().unwrap();
    close(sum.mean[0], moved.mean[0] + b.mean[0], 1e-12);
    for ((s, m), b) in sum.paths.iter().zip(moved.paths.iter()).zip(b.paths.iter()) {
        close(f64::from(s[0]), f64::from(m[0]) + f64::from(b[0]), 1e-6);
    }
    let wide = sum.interval(95.0).unwrap();
    assert!(wide.upper[0] - wide.lower[0] < moved.intervals[1].upper[0] + b.intervals[1].upper[0]);
    // Growth beyond tenfold is a shift: the distribution isn't blown up.
    let grown = a.with_mean(&[1000.0 * a.mean[0]]);
    close(grown.mean[0], 1000.0 * a.mean[0], 0.0);
    close(mean_of(&grown, 0) - grown.mean[0], 10.0 * (mean_of(&a, 0) - a.mean[0]), 1e-3);
    assert!(sum_of(SeriesId::new("none", ""), &[], &Control::silent()).unwrap().is_none());
}
