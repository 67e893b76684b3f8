//! Against statsmodels 0.15.0 (`STL` and `MSTL` of `statsmodels.tsa.seasonal`, `inner_iter=2`, `outer_iter` as given), and
//! by what a decomposition is.

use super::components::{Components, components, several, strength};
use super::loess::Degree;
use super::stl::Stl;
use crate::control::Control;
use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

/// The two programs do the same sums in another order.
const SAME: f64 = 1e-9;

/// A trend, seasons of 12 and 60, something like noise, and an outlier now and then.
fn made(n: usize) -> Vec<f64> {
    let value = |t: usize| {
        let x = t as f64;
        let seasons = 10.0 * (TAU * x / 12.0).sin() + 4.0 * (TAU * x / 60.0).cos();
        let outlier = if t % 41 == 17 { 30.0 } else { 0.0 };
        50.0 + 0.3 * x + seasons + ((t * 7919) % 23) as f64 / 2.0 + outlier
    };
    (0..n).map(value).collect()
}

/// A classic series, when the shared data is there.
fn classic(name: &str) -> Option<Vec<f64>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../shared/data/classic/{name}.csv"));
    let text = fs::read_to_string(path).ok()?;
    text.lines().skip(1).map(|l| l.rsplit(',').next()?.trim().parse().ok()).collect()
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= SAME * expected.abs().max(1.0), "found {found}, expected {expected}");
}

fn plan(period: usize, span: usize, degree: Degree, robust_rounds: usize) -> Stl {
    Stl { seasonal_degree: degree, robust_rounds, ..Stl::new(period, span) }
}

#[track_caller]
fn check(y: &[f64], plan: Stl, expected: &[(usize, f64, f64)]) {
    let split = plan.split(y, &Control::silent()).unwrap();
    for (t, trend, season) in expected {
        close(split.trend[*t], *trend);
        close(split.season[*t], *season);
    }
}

#[test]
fn stl_agrees_with_statsmodels() {
    let y = made(123);
    let level = [
        (0, 58.126457650313434, -0.311084994991389),
        (17, 62.485787959587576, 9.02848086374383),
        (60, 79.9508777998591, 0.5832051742303063),
        (122, 96.50825777704657, 7.886881329415363),
    ];
    check(&y, plan(12, 11, Degree::Level, 0), &level);
    let line = [
        (0, 57.28621426423134, -1.3398704710127913),
        (17, 62.46041960885063, 12.661231073552),
        (60, 79.96466067814455, 0.4340204435249762),
        (122, 97.18188613852027, 6.520775763447969),
    ];
    check(&y, plan(12, 13, Degree::Line, 0), &line);
}

#[test]
fn robust_stl_agrees_with_statsmodels() {
    let y = made(123);
    let line = [
        (0, 58.164579262890335, -2.7050043053489636),
        (17, 60.37293149306592, 6.757683025150107),
        (60, 76.89639567363582, 1.7251636874751572),
        (122, 96.38676278331133, 6.293480744758869),
    ];
    check(&y, plan(12, 7, Degree::Line, 5), &line);
    let level = [
        (0, 58.154833412817034, 0.19674364929774787),
        (17, 60.283000981945285, 5.836402574857364),
        (60, 77.02980412858842, 1.557613442520855),
        (122, 96.18660841912215, 8.267361663493041),
    ];
    check(&y, plan(12, 9, Degree::Level, 5), &level);
}

#[test]
fn mstl_agrees_with_statsmodels() {
    let y = made(300);
    let found = components(&y, &[60, 12, 12, 151], &Control::silent()).unwrap();
    assert_eq!(found.seasonal.iter().map(|s| s.period).collect::<Vec<_>>(), [12, 60]);
    let level = [
        (0, 56.724267250785616, [0.06305825323274708, 0.8318836682836096]),
        (17, 61.62577825822601, [7.963684456812282, 4.8330475923604865]),
        (150, 101.22782688009977, [-0.7210305498911231, -6.072074089173382]),
        (299, 144.42808356574483, [-2.1944949883748324, 3.287184213648749]),
    ];
    check_several(&found, &level);
    let plans = [plan(12, 11, Degree::Line, 0), plan(60, 15, Degree::Line, 0)];
    let line = [
        (0, 56.72453436782343, [-1.5297036249622014, 0.05988543692170034]),
        (17, 61.6635468347523, [12.278833628819001, 11.0819532534164]),
        (150, 101.22242187271756, [-0.8431257796294884, -5.599987815810409]),
        (299, 145.7951822369748, [-2.2993585513531816, -1.9628422005433859]),
    ];
    check_several(&several(&y, &plans, &Control::silent()).unwrap(), &line);
}

#[track_caller]
fn check_several(found: &Components, expected: &[(usize, f64, [f64; 2])]) {
    for (t, trend, seasons) in expected {
        close(found.trend[*t], *trend);
        close(found.seasonal[0].values[*t], seasons[0]);
        close(found.seasonal[1].values[*t], seasons[1]);
    }
}

#[test]
fn classic_series_agree_with_statsmodels() {
    if let Some(y) = classic("nottem") {
        let level = [
            (0, 49.04294407749995, -8.281596945814217),
            (5, 49.117529589368345, 8.487648704873319),
            (120, 49.435096459930584, -9.728220475072595),
            (239, 48.97652708223962, -10.333848932789381),
        ];
        check(&y, plan(12, 11, Degree::Level, 0), &level);
    }
    if let Some(y) = classic("taylor") {
        // Half-hours: a season of a day and one of a week.
        let level = [
            (0, 30213.74145630623, [-5819.792216166068, -1774.5950995434048]),
            (1000, 29744.87846937716, [668.5615691790232, -2941.8183231094613]),
            (2016, 29798.446481900042, [-5554.571203329519, -1664.5616521196148]),
            (4031, 29905.230941178976, [-3977.4754571473004, -1911.3467591996043]),
        ];
        check_several(&components(&y, &[48, 336], &Control::silent()).unwrap(), &level);
    }
}

#[test]
fn parts_add_up() {
    for (n, seasons) in [(300, &[12, 60][..]), (30, &[12]), (24, &[12]), (23, &[12]), (40, &[]), (4, &[2]), (1, &[7])] {
        let y = made(n);
        let found = components(&y, seasons, &Control::silent()).unwrap();
        for (t, y) in y.iter().enumerate() {
            let sum: f64 = found.seasonal.iter().map(|s| s.values[t]).sum();
            close(found.trend[t] + sum + found.remainder[t], *y);
        }
    }
}

#[test]
fn a_pure_season_and_a_pure_line_are_found() {
    let control = Control::silent();
    let y: Vec<f64> =
        (0..84).map(|t| 3.0 + 0.5 * f64::from(t) + [2.0, -1.0, 0.0, -1.0, 5.0, -5.0, 0.0][t as usize % 7]).collect();
    // Positions smoothed by lines carry the trend through exactly; by means they need more passes than there are.
    let found = several(&y, &[plan(7, 11, Degree::Line, 0)], &control).unwrap();
    assert!(found.remainder.iter().all(|r| r.abs() < 1e-9), "{:?}", found.remainder);
    assert!(found.trend_strength() > 1.0 - 1e-12 && found.season_strength(0) > 1.0 - 1e-12);
    let found = components(&y, &[7], &control).unwrap();
    assert!(found.remainder.iter().all(|r| r.abs() < 0.06), "{:?}", found.remainder);
    let line: Vec<f64> = (0..50).map(|t| 7.0 - 0.25 * f64::from(t)).collect();
    let found = components(&line, &[], &control).unwrap();
    assert!(found.remainder.iter().all(|r| r.abs() < 1e-9));
    assert!(found.season_strength(0).abs() < f64::EPSILON);
}

#[test]
fn strengths_by_hand() {
    // var(part + remainder) = var(1, −1, 3, −3) = 5, var(remainder) = var(−1, 1, 1, −1) = 1.
    assert!((strength(&[2.0, -2.0, 2.0, -2.0], &[-1.0, 1.0, 1.0, -1.0]) - 0.8).abs() < 1e-12);
    assert!(strength(&[0.0; 4], &[0.0; 4]).abs() < f64::EPSILON);
    // A part that only undoes the remainder has no strength.
    assert!(strength(&[1.0, -1.0], &[-2.0, 2.0]).abs() < f64::EPSILON);
}

#[test]
fn outliers_stay_in_a_robust_remainder() {
    let mut y: Vec<f64> = (0..96).map(|t| 20.0 + 5.0 * (TAU * f64::from(t) / 12.0).cos()).collect();
    y[50] += 100.0;
    let remainder = |rounds: usize| {
        let split = plan(12, 11, Degree::Level, rounds).split(&y, &Control::silent()).unwrap();
        y[50] - split.trend[50] - split.season[50]
    };
    assert!(remainder(0) < 90.0, "{}", remainder(0));
    assert!((remainder(5) - 100.0).abs() < 1e-6, "{}", remainder(5));
}
