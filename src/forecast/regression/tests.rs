//! The regression against what generated the data, and against its own objective by brute force.

use super::*;
use crate::forecast::Options;
use crate::forecast::events::{DriverMatrix, Measure};
use crate::model::Horizon;
use crate::words::Text;

fn noise(t: usize) -> f64 {
    // A fixed sequence without pattern, in −1..1.
    let x = (t as f64 * 12.9898).sin() * 43_758.545_3;
    2.0 * (x - x.floor()) - 1.0
}

fn column(name: &str, measure: Measure, rows: usize, value: impl Fn(usize) -> f64) -> DriverColumn {
    DriverColumn::new(Text::same(name), measure, (0..rows).map(value).collect())
}

fn run(y: &[f64], season: usize, horizon: usize, columns: Vec<DriverColumn>) -> Result<Fit, FitError> {
    let options = Options::new(Horizon::new(horizon).unwrap());
    let matrix = DriverMatrix::new(columns);
    let task = Task { id: None, y, season, horizon, options: &options, seed: 1, drivers: Some(&matrix) };
    Regression.fit(&task, &Control::silent())
}

fn parameter(fit: &Fit, name: &str) -> f64 {
    fit.parameters.iter().find(|p| p.name == name).unwrap().value
}

fn promo(t: usize) -> f64 {
    f64::from(u8::from(t % 11 == 3 || t % 7 == 5))
}

#[test]
fn an_elasticity_and_an_uplift_are_found() {
    let price = |t: usize| 2.0 + 0.3 * noise(t + 500);
    let truth = |t: usize| (5.0 + 0.002 * t as f64 - 2.0 * price(t).ln() + 1.35_f64.ln() * promo(t)).exp();
    let mut error = 0.0;
    let y: Vec<f64> = (0..200)
        .map(|t| {
            error = 0.5 * error + 0.03 * noise(t);
            truth(t) * f64::exp(error)
        })
        .collect();
    let columns = vec![
        column("price", Measure::Amount, 208, price),
        column("promotion", Measure::Share, 208, promo),
        column("noise", Measure::Amount, 208, |t| noise(t + 900)),
    ];
    let fit = run(&y, 1, 8, columns).unwrap();
    assert!(parameter(&fit, "log") > 0.5);
    assert!((parameter(&fit, "price") + 2.0).abs() < 0.05, "{}", parameter(&fit, "price"));
    assert!((parameter(&fit, "promotion") - 1.35_f64.ln()).abs() < 0.01, "{}", parameter(&fit, "promotion"));
    assert!((parameter(&fit, "phi") - 0.5).abs() < 0.15, "{}", parameter(&fit, "phi"));
    for (h, mean) in fit.mean.iter().enumerate() {
        assert!((mean / truth(200 + h) - 1.0).abs() < 0.06, "{h}: {mean} for {}", truth(200 + h));
    }
    assert!(fit.why.en.contains("promotion adds 35 %"), "{}", fit.why.en);
    // A tenth off at elasticity −2: 0.9⁻² − 1 = 23 %.
    assert!(fit.why.en.contains("price a tenth lower adds 23 %"), "{}", fit.why.en);
    assert!(fit.why.zh.contains("promotion使需求增加 35%") && !fit.why.en.contains("noise"), "{}", fit.why.zh);
}

#[test]
fn drivers_beat_their_absence() {
    let truth = |t: usize| 40.0 + 30.0 * promo(t) + 5.0 * (t as f64 * std::f64::consts::TAU / 12.0).sin();
    let y: Vec<f64> = (0..96).map(|t| truth(t) + 3.0 * noise(t)).collect();
    let error = |columns| {
        let fit = run(&y, 12, 12, columns).unwrap();
        fit.mean.iter().enumerate().map(|(h, m)| (m - truth(96 + h)).abs()).sum::<f64>()
    };
    let with = error(vec![column("promo", Measure::Share, 108, promo)]);
    let shifted = error(vec![column("promo", Measure::Share, 108, |t| promo(t + 1))]);
    let without = error(vec![column("noise", Measure::Amount, 108, |t| noise(t + 77))]);
    assert!(with < 0.3 * without, "{with} against {without}");
    assert!(with < 0.3 * shifted, "{with} against {shifted} one period off");
}

#[test]
fn the_solution_minimises_the_penalised_squares() {
    let rows = 40;
    let x: Vec<Vec<f64>> =
        vec![vec![1.0; rows], (0..rows).map(noise).collect(), (0..rows).map(|t| noise(t + 60)).collect()];
    let y: Vec<f64> = (0..rows).map(|t| 0.7 * noise(t) + noise(t + 200)).collect();
    let found = fit::estimate(&x, &y, usize::MAX, &Control::silent()).unwrap();
    let Errors::Autoregressive(phi) = found.errors else { panic!("{:?}", found.errors) };
    let root = (1.0 - phi * phi).sqrt();
    let objective = |beta: &[f64]| {
        let e: Vec<f64> = (0..rows).map(|t| y[t] - (0..3).map(|k| beta[k] * x[k][t]).sum::<f64>()).collect();
        let tail: f64 = (1..rows).map(|t| (e[t] - phi * e[t - 1]).powi(2)).sum();
        let penalty: f64 = beta[1..].iter().map(|b| b * b).sum::<f64>() * found.ridge * rows as f64;
        ((root * e[0]).powi(2) + tail, penalty)
    };
    let (rss, penalty) = objective(&found.beta);
    let loglik = -0.5 * rows as f64 * (rss / rows as f64).ln() + root.ln();
    assert!((loglik - found.loglik).abs() < 1e-9, "{loglik} {}", found.loglik);
    for k in 0..3 {
        for step in [-0.01, 0.01] {
            let mut moved = found.beta.clone();
            moved[k] += step;
            let (a, b) = objective(&moved);
            assert!(a + b > rss + penalty, "coefficient {k} moved by {step}");
        }
    }
}

#[test]
fn refuses_what_it_cannot_do_and_survives_the_rest() {
    let options = Options::new(Horizon::new(3).unwrap());
    let task = Task { id: None, y: &[1.0; 30], season: 1, horizon: 3, options: &options, seed: 1, drivers: None };
    let reason = Regression.fit(&task, &Control::silent()).unwrap_err().to_string();
    assert!(reason.contains("needs drivers"), "{reason}");
    let flags = |n: usize| vec![column("promo", Measure::Share, n + 6, promo)];
    assert!(run(&[1.0; 9], 1, 6, flags(9)).is_err());
    let spike = |t: usize| if t == 17 { 1e12 } else { 1.0 };
    let shapes: [&dyn Fn(usize) -> f64; 8] = [
        &|_| 5.0,
        &|_| 0.0,
        &|t| 1e12 * (1.0 + noise(t)),
        &|t| 1e-12 * (1.5 + noise(t)),
        &|t| -3.0 * noise(t),
        &|t| 1.0 / (1.0 + t as f64).powi(4),
        &spike,
        &|t| (t as f64 * 0.5).exp().min(1e30),
    ];
    for (k, shape) in shapes.iter().enumerate() {
        for n in [10, 60, 400] {
            let y: Vec<f64> = (0..n).map(shape).collect();
            for season in [1, 7, 12, 52] {
                let fit = run(&y, season, 6, flags(n)).unwrap();
                assert!(crate::forecast::intervals::is_sound(&fit, 6), "shape {k}, {n} periods, season {season}");
            }
        }
    }
}

#[test]
fn a_daily_year_is_seen() {
    let y: Vec<f64> =
        (0..800).map(|t| 50.0 + 20.0 * (t as f64 * std::f64::consts::TAU / 365.25).cos() + noise(t)).collect();
    let fit = run(&y, 7, 60, vec![column("noise", Measure::Amount, 860, |t| noise(t + 3))]).unwrap();
    let truth = |t: usize| 50.0 + 20.0 * (t as f64 * std::f64::consts::TAU / 365.25).cos();
    assert!((fit.mean[59] - truth(859)).abs() < 2.0, "{} for {}", fit.mean[59], truth(859));
}

#[test]
fn a_level_that_moved_is_followed() {
    // The level wanders by up to 2 a period; a promotion adds 30 throughout.
    let mut level = 200.0;
    let steps = (0..300).map(|t| {
        level += 2.0 * noise(t + 1000);
        level + 30.0 * promo(t) + 4.0 * noise(t)
    });
    let y: Vec<f64> = steps.collect();
    let fit = run(&y, 1, 10, vec![column("promo", Measure::Share, 310, promo)]).unwrap();
    assert!(parameter(&fit, "alpha") > 0.0);
    assert!((parameter(&fit, "promo") - 30.0).abs() < 2.0, "{}", parameter(&fit, "promo"));
    for (h, mean) in fit.mean.iter().enumerate() {
        let expected = level + 30.0 * promo(300 + h);
        assert!((mean - expected).abs() < 6.0, "{h}: {mean} for {expected}");
    }
}

#[test]
fn smoothed_errors_are_those_of_exponential_smoothing() {
    // Level and one-step errors by hand: α = ½ from 0 over 4, 2, 8.
    let errors = Errors::Level(0.5);
    assert_eq!(errors.expected(&[4.0, 2.0, 8.0]), [0.0, 2.0, 2.0, 5.0]);
    assert_eq!(errors.shocks(&[4.0, 2.0, 8.0]), [4.0, 0.0, 6.0]);
    assert_eq!(errors.psi(3), [1.0, 0.5, 0.5]);
    let errors = Errors::Autoregressive(0.5);
    assert_eq!(errors.expected(&[4.0, 2.0]), [0.0, 2.0, 1.0]);
    assert_eq!((errors.ahead(1.0, 3), errors.psi(3)), (vec![1.0, 0.5, 0.25], vec![1.0, 0.5, 0.25]));
}
