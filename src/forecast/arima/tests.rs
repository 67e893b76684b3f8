//! The engine against closed forms: brute-force likelihoods, simulated responses, refusals, nasty series.

use super::*;
use crate::forecast::Options;
use crate::model::Horizon;
use filter::{Filter, Shortcut};
use likelihood::{Design, Value};
use polynomial::{Arma, Coefficients};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn fit(method: &Arima, y: &[f64], season: usize, horizon: usize) -> Result<Fit, FitError> {
    let options = Options::new(Horizon::new(horizon).unwrap());
    let task = Task { id: None, y, season, horizon, options: &options, seed: 1, drivers: None };
    method.fit(&task, &Control::silent())
}

fn value(fit: &Fit, name: &str) -> f64 {
    fit.parameters.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

fn likelihood_of(arma: &Arma, columns: Vec<Vec<f64>>) -> Value {
    likelihood::value(&mut Filter::default(), arma, &Design { columns, gaps: 0 }).unwrap()
}

fn random_order(rng: &mut ChaCha8Rng) -> Order {
    let order = Order::new(rng.random_range(0..4), 0, rng.random_range(0..4));
    if rng.random_range(0..2) == 0 {
        return order;
    }
    order.seasonal(rng.random_range(0..3), 0, rng.random_range(0..3), rng.random_range(2..7))
}

fn random_coefficients(order: &Order, rng: &mut ChaCha8Rng) -> Coefficients {
    let x: Vec<f64> = (0..order.coefficients()).map(|_| rng.random_range(-1.5..1.5)).collect();
    Coefficients::from_unbounded(order, &x)
}

/// Autocovariances from a long moving-average representation: slow, obvious.
fn brute_covariances(arma: &Arma, lags: usize) -> Vec<f64> {
    let psi = polynomial::psi_weights(arma, &[1.0], 20_000);
    (0..lags).map(|h| psi[h..].iter().zip(&psi).map(|(a, b)| a * b).sum()).collect()
}

/// `(x'Σ⁻¹x, ln det Σ)` and the factor, by dense Cholesky.
fn brute_normal(gamma: &[f64], x: &[f64]) -> (f64, f64) {
    let n = x.len();
    let mut l = vec![vec![0.0; n]; n];
    let mut z = vec![0.0; n];
    let (mut square, mut log) = (0.0, 0.0);
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = gamma[i - j] - sum;
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
        z[i] = (x[i] - (0..i).map(|k| l[i][k] * z[k]).sum::<f64>()) / l[i][i];
        square += z[i] * z[i];
        log += 2.0 * l[i][i].ln();
    }
    (square, log)
}

#[test]
fn likelihood_is_that_of_the_multivariate_normal() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut checked = 0;
    for _ in 0..60 {
        let order = random_order(&mut rng);
        let arma = Arma::expand(&random_coefficients(&order, &mut rng), order.period);
        let n: usize = rng.random_range(2..45);
        let x: Vec<f64> = (0..n).map(|_| rng.random_range(-3.0..3.0)).collect();
        let gamma = brute_covariances(&arma, n);
        let (square, log_det) = brute_normal(&gamma, &x);
        let sigma2 = square / n as f64;
        let expected = -0.5 * (n as f64 * ((2.0 * std::f64::consts::PI * sigma2).ln() + 1.0) + log_det);
        let found = likelihood_of(&arma, vec![x.clone()]);
        assert!((found.log - expected).abs() <= 1e-8 * expected.abs().max(1.0), "{order}: {} {expected}", found.log);
        assert!((found.sigma2 / sigma2 - 1.0).abs() < 1e-8, "{order}");
        checked += 1;
    }
    assert_eq!(checked, 60);
}

#[test]
fn predictions_are_conditional_means_of_the_multivariate_normal() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    for _ in 0..40 {
        let order = random_order(&mut rng);
        let arma = Arma::expand(&random_coefficients(&order, &mut rng), order.period);
        let n: usize = rng.random_range(2..30);
        let x: Vec<f64> = (0..n).map(|_| rng.random_range(-3.0..3.0)).collect();
        let gamma = brute_covariances(&arma, n + 4);
        let mut filter = Filter::default();
        filter.run(&arma, std::slice::from_ref(&x), Shortcut::Never).unwrap();
        let found = filter.ahead(0, 4);
        // Adding the conditional mean to the data adds nothing to the quadratic form, and any other value does.
        let mut longer = x.clone();
        for (h, mean) in found.iter().enumerate() {
            let (before, _) = brute_normal(&gamma, &longer);
            longer.push(*mean);
            let (with, _) = brute_normal(&gamma, &longer);
            assert!((with - before).abs() < 1e-9 * before.max(1.0), "{order} step {h}: {before} {with}");
        }
    }
}

#[test]
fn the_mean_is_generalised_least_squares() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    for _ in 0..20 {
        let order = random_order(&mut rng);
        let arma = Arma::expand(&random_coefficients(&order, &mut rng), order.period);
        let x: Vec<f64> = (0..30).map(|_| rng.random_range(2.0..9.0)).collect();
        let ones = vec![1.0; 30];
        let found = likelihood_of(&arma, vec![x.clone(), ones]);
        let at = |mean: f64| {
            let x: Vec<f64> = x.iter().map(|x| x - mean).collect();
            likelihood_of(&arma, vec![x.clone()]).log
        };
        assert!((at(found.coefficients[0]) - found.log).abs() < 1e-9);
        assert!(
            at(found.coefficients[0] + 0.01) < found.log && at(found.coefficients[0] - 0.01) < found.log,
            "{order}"
        );
    }
}

#[test]
fn partial_autocorrelations_come_back_and_keep_the_roots_outside() {
    let mut rng = ChaCha8Rng::seed_from_u64(10);
    for k in 1..8 {
        let r: Vec<f64> = (0..k).map(|_| rng.random_range(-0.95..0.95)).collect();
        let back = polynomial::to_partial(&polynomial::from_partial(&r)).unwrap();
        for (a, b) in r.iter().zip(&back) {
            assert!((a - b).abs() < 1e-9, "{r:?} {back:?}");
        }
    }
    assert_eq!(polynomial::to_partial(&[0.5, 0.6]), None, "a root inside the circle");
    let near = Coefficients { ar: vec![0.9], ma: vec![], seasonal_ar: vec![0.9], seasonal_ma: vec![] };
    assert!(near.roots_exceed(1.008, 12), "0.9^(1/12) is 1/1.0088");
    assert!(!near.roots_exceed(1.009, 12));
}

#[test]
fn psi_weights_are_the_response_to_one_shock() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for _ in 0..30 {
        let order = random_order(&mut rng);
        let period = order.period.max(4);
        let order = Order { differences: rng.random_range(0..3), seasonal_differences: 1, period, ..order };
        let coefficients = random_coefficients(&order, &mut rng);
        let arma = Arma::expand(&coefficients, order.period);
        let psi = polynomial::psi_weights(&arma, &polynomial::differencing(&order), 40);
        // Simulate the differenced series after a unit shock, then undo the differences one after the other.
        let mut w = vec![0.0; 40];
        for t in 0..40 {
            let shock = if t == 0 { 1.0 } else { arma.theta.get(t - 1).copied().unwrap_or(0.0) };
            w[t] = shock + (1..=t.min(arma.phi.len())).map(|i| arma.phi[i - 1] * w[t - i]).sum::<f64>();
        }
        for _ in 0..order.differences {
            (1..40).for_each(|t| w[t] += w[t - 1]);
        }
        (order.period..40).for_each(|t| w[t] += w[t - order.period]);
        for (a, b) in psi.iter().zip(&w) {
            assert!((a - b).abs() < 1e-8 * b.abs().max(1.0), "{order}");
        }
    }
}

#[test]
fn shifting_and_scaling_change_only_level_and_unit() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut level = 50.0;
    let y: Vec<f64> = (0..60)
        .map(|t| {
            level += rng.random_range(-2.0..2.0);
            level + 5.0 * f64::from(t % 4)
        })
        .collect();
    for name in ["arima(1,0,1)", "arima(0,1,1)(0,1,1)[4]", "arima(2,1,0)", "arima"] {
        let method = Arima::parse(name).unwrap();
        let plain = fit(&method, &y, 4, 6).unwrap();
        let moved: Vec<f64> = y.iter().map(|y| 3e6 * y - 4e7).collect();
        let moved = fit(&method, &moved, 4, 6).unwrap();
        for (a, b) in plain.mean.iter().zip(&moved.mean) {
            assert!((3e6 * a - 4e7 - b).abs() < 3e6 * 1e-3, "{name}: {a} {b}");
        }
        let shift = value(&plain, "loglik") - value(&moved, "loglik");
        let lost = y.len() - plain.fitted.len();
        assert!((shift - (y.len() - lost) as f64 * 3e6_f64.ln()).abs() < 1e-5, "{name}: {shift}");
        assert_eq!(plain.parameters.len(), moved.parameters.len());
    }
}

#[test]
fn names_are_read_and_written() {
    for (name, canonical) in [
        ("arima", "arima"),
        ("ARIMA(1, 1, 1)", "arima(1,1,1)"),
        ("arima(0,1,1)(0,1,1)[12]", "arima(0,1,1)(0,1,1)[12]"),
        ("arima(2,0,0)(0,0,0)[12]", "arima(2,0,0)"),
        ("arima( full ) + Log", "arima(full)+log"),
        ("arima+boxcox", "arima+boxcox"),
        ("arima(1,1,0)+boxcox=-0.5+drift", "arima(1,1,0)+drift+boxcox=-0.5"),
        ("arima(1,0,0)+mean+boxcox=0", "arima(1,0,0)+log"),
        ("arima(1,0,0)+zero", "arima(1,0,0)+zero"),
    ] {
        assert_eq!(Arima::parse(name).unwrap().name(), canonical);
    }
    let wrong = [
        "arma",
        "arima(1,1)",
        "arima(1,1,1,1)",
        "arima(1,1,1",
        "arima(-1,0,0)",
        "arima(10,0,0)",
        "arima(0,3,0)",
        "arima(0,1,1)(0,1,1)",
        "arima(0,1,1)(0,1,1)[1]",
        "arima(0,1,1)(0,1,1)[61]",
        "arima(0,1,1)(0,1,1)[12]x",
        "arima(0,1,1)(4,1,1)[12]",
        "arima()",
        "arima+",
        "arima+mean",
        "arima(full)+zero",
        "arima(1,1,0)+mean",
        "arima(1,0,0)+drift",
        "arima(0,1,1)(0,1,1)[12]+drift",
        "arima(1,0,0)+zero+mean",
        "arima+log+log",
        "arima+log+boxcox",
        "arima+boxcox=2.1",
        "arima+boxcox=nan",
        "arima(1,1,1)[12]",
        "arima(99999999999999999999,0,0)",
    ];
    for name in wrong {
        assert_eq!(Arima::parse(name), None, "{name}");
    }
}

#[test]
fn five_points_are_refused_with_the_reason() {
    let y = [100.0, 120.0, 90.0, 130.0, 110.0];
    let Err(FitError::Refused(reason)) = fit(&Arima::parse("arima(1,1,1)").unwrap(), &y, 1, 3) else {
        panic!("refused");
    };
    for part in
        ["3 parameters", "4 differences", "5 periods", "-19.11", "mean (110)", "naive forecast (110)", "smoothing"]
    {
        assert!(reason.en.contains(part), "{part} in {reason}");
    }
    assert!(reason.zh.contains("-19.11") && reason.zh.contains("朴素法（110）"), "{}", reason.zh);
    let Err(FitError::Refused(reason)) = fit(&Arima::parse("arima").unwrap(), &y, 1, 3) else { panic!("refused") };
    assert!(reason.en.contains("at least 10 periods") && reason.en.contains("mean (110)"), "{reason}");
    let article = arima_fixed_loglik(&y, &[0.11], 1, &[0.11], 0.0).unwrap();
    let walk = arima_fixed_loglik(&y, &[], 1, &[], 0.0).unwrap();
    assert!((article - -19.82).abs() < 0.005 && (walk - -19.11).abs() < 0.005, "{article} {walk}");
}

#[test]
fn histories_without_variation_are_refused() {
    let seasonal: Vec<f64> = (0..40).map(|t| [3.0, 8.0, 1.0, 5.0][t % 4]).collect();
    let line: Vec<f64> = (0..40).map(|t| 0.1 + 0.3 * f64::from(t)).collect();
    let cases: [(&str, Vec<f64>, &str); 5] = [
        ("arima", vec![7.0; 40], "Every period of the history is 7"),
        ("arima(1,0,0)", vec![0.0; 40], "Every period of the history is 0"),
        ("arima(1,1,0)", line.clone(), "drift method"),
        ("arima", line, "drift method"),
        ("arima(0,0,1)(0,1,0)[4]", seasonal, "seasonal naive"),
    ];
    for (name, y, part) in cases {
        let Err(FitError::Refused(reason)) = fit(&Arima::parse(name).unwrap(), &y, 4, 3) else { panic!("{name}") };
        assert!(reason.en.contains(part) && !reason.zh.is_empty(), "{name}: {reason}");
    }
}

#[test]
fn nasty_series_never_panic_and_never_leave_the_finite() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    for round in 0..60 {
        let n: usize = rng.random_range(0..48);
        let scale = 10.0_f64.powi(rng.random_range(-300..300));
        let mut level = 0.0;
        let y: Vec<f64> = (0..n)
            .map(|t| match round % 6 {
                0 => scale * rng.random_range(-1.0..1.0),
                1 => f64::from(u8::from(rng.random_range(0..6) == 0)) * 5.0,
                2 => {
                    level += rng.random_range(-1.0..1.0);
                    1e9 + level
                }
                3 => [1.0, -1.0][t % 2] * scale,
                4 => (1.3_f64).powi(t as i32),
                _ => {
                    if t == n / 2 {
                        1e12
                    } else {
                        rng.random_range(0.0..1.0)
                    }
                }
            })
            .collect();
        for name in ["arima", "arima(2,1,2)", "arima(3,0,1)", "arima(0,2,1)", "arima(1,0,1)(1,1,1)[4]"] {
            match fit(&Arima::parse(name).unwrap(), &y, 4, 5) {
                Ok(fit) => {
                    assert!(crate::forecast::intervals::is_sound(&fit, 5), "{name} {y:?}");
                    assert!(fit.parameters.iter().all(|p| p.value.is_finite()), "{name} {y:?}");
                }
                Err(FitError::Refused(reason)) => assert!(!reason.en.is_empty() && !reason.zh.is_empty()),
                Err(FitError::Cancelled(_)) => panic!("nobody cancelled"),
            }
        }
    }
}

#[test]
fn a_flat_forecast_is_explained() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let y: Vec<f64> = (0..60).map(|_| rng.random_range(90.0..110.0)).collect();
    let fit = fit(&Arima::parse("arima").unwrap(), &y, 1, 6).unwrap();
    assert!(fit.why.en.contains("flat because no trend or season was found"), "{}", fit.why);
    assert!(fit.why.zh.contains("水平线"), "{}", fit.why.zh);
}

#[test]
fn long_seasons_and_short_histories_say_so() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let y: Vec<f64> = (0..70).map(|_| rng.random_range(90.0..110.0)).collect();
    assert!(fit(&Arima::parse("arima").unwrap(), &y, 52, 4).unwrap().why.en.contains("beyond 24 periods"));
    assert!(fit(&Arima::parse("arima").unwrap(), &y[..30], 12, 4).unwrap().why.en.contains("3 whole seasons"));
}

#[test]
fn a_cancel_is_obeyed() {
    let y: Vec<f64> = (0..60).map(|t| f64::from(t % 7) + 0.1 * f64::from(t)).collect();
    let options = Options::new(Horizon::new(3).unwrap());
    let task = Task { id: None, y: &y, season: 1, horizon: 3, options: &options, seed: 1, drivers: None };
    let control = Control::silent();
    control.cancel();
    for name in ["arima", "arima(1,1,1)"] {
        let found = Arima::parse(name).unwrap().fit(&task, &control);
        assert!(matches!(found, Err(FitError::Cancelled(_))), "{name}");
    }
}

#[test]
#[expect(clippy::float_cmp, reason = "a history without variation has no season at all: exactly 0")]
fn the_season_and_the_level_are_measured() {
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let noise: Vec<f64> = (0..72).map(|_| rng.random_range(-1.0..1.0)).collect();
    let wave: Vec<f64> =
        noise.iter().enumerate().map(|(t, e)| e + 6.0 * (t as f64 * std::f64::consts::TAU / 12.0).sin()).collect();
    assert!(season::strength(&noise, 12) < season::STRONG);
    assert!(season::strength(&wave, 12) > 0.9);
    assert_eq!(season::strength(&[0.0; 40], 12), 0.0);
    assert!(kpss::statistic(&noise) < kpss::CRITICAL);
    let trend: Vec<f64> = noise.iter().enumerate().map(|(t, e)| e + t as f64).collect();
    assert!(kpss::statistic(&trend) > kpss::CRITICAL);
    assert_eq!(kpss::differences(&trend, Order::new(0, 0, 0)).differences, 1);
}

/// The forecast and parameters of every row of `tests/golden/arima.csv`; sources in its README.
#[test]
fn published_estimates_are_reproduced() {
    let all_series = include_str!("../../../tests/golden/arima-series.csv");
    let golden = include_str!("../../../tests/golden/arima.csv");
    let mut fitted: Option<(String, Fit)> = None;
    let mut faults = Vec::new();
    for row in golden.lines().skip(1) {
        let fields: Vec<&str> = row.split(';').collect();
        let [series, transform, model, quantity, expected, tolerance] = fields[..] else { panic!("{row}") };
        let case = format!("{series} {transform} {model}");
        if fitted.as_ref().is_none_or(|(known, _)| *known != case) {
            let prefix = format!("{series},");
            let line = all_series.lines().find_map(|line| line.strip_prefix(prefix.as_str())).unwrap();
            let y: Vec<f64> = line
                .split(',')
                .map(|v| v.parse::<f64>().unwrap())
                .map(|v| if transform == "log" { v.ln() } else { v })
                .collect();
            fitted = Some((case.clone(), fit(&Arima::parse(model).unwrap(), &y, 1, 6).unwrap()));
        }
        let found = &fitted.as_ref().unwrap().1;
        let found = match quantity.strip_prefix("forecast") {
            Some(step) => found.mean[step.parse::<usize>().unwrap() - 1],
            None => value(found, quantity),
        };
        let (expected, tolerance): (f64, f64) = (expected.parse().unwrap(), tolerance.parse().unwrap());
        if (found - expected).abs() > tolerance {
            faults.push(format!("{case} {quantity}: {found}, expected {expected}"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

/// R's windows for the season are a little shorter than ours (11 seasons for 13), which moves its strength by up to this.
const STRENGTH: f64 = 0.05;

/// The KPSS statistic, the strength of the season and the differences they ask for, as R has them
/// (`tests/golden/README.md`).
#[test]
fn tests_for_differences_agree_with_r() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/golden/series-tests.json")).unwrap();
    let (mut compared, mut faults) = (0, Vec::new());
    for case in golden["cases"].as_array().unwrap() {
        let prefix = format!("{},", case["series"].as_str().unwrap());
        let mut lines = include_str!("../../../tests/golden/arima-series.csv").lines();
        let Some(line) = lines.find_map(|line| line.strip_prefix(prefix.as_str())) else { continue };
        let y: Vec<f64> = line.split(',').map(|v| v.parse().unwrap()).collect();
        let changes: Vec<f64> = y.windows(2).map(|w| w[1] - w[0]).collect();
        let number = |key: &str| case[key].as_f64().unwrap_or(0.0);
        let mut check = |what: &str, found: f64, tolerance: f64| {
            if (found - number(what)).abs() > tolerance {
                faults.push(format!("{prefix} {what}: {found}, R {}", number(what)));
            }
        };
        check("kpss_level", kpss::statistic(&y), 1e-6);
        check("kpss_level_of_differences", kpss::statistic(&changes), 1e-6);
        let period = number("season") as usize;
        let strength = season::strength(&y, period);
        check("seasonal_strength", strength, STRENGTH);
        let seasonal = usize::from(strength > season::STRONG);
        check("nsdiffs", seasonal as f64, 0.0);
        let base = Order { seasonal_differences: seasonal, period, ..Order::new(0, 0, 0) };
        check("ndiffs_after_season", kpss::differences(&y, base).differences as f64, 0.0);
        compared += 1;
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(compared >= 8, "{compared}");
}

#[test]
fn the_worked_example_comes_out() {
    let mean = arima_fixed(&[100.0, 120.0, 90.0, 130.0, 110.0], &[0.11], 1, &[0.11], 0.0, 1);
    assert!((mean[0] - 104.5492118).abs() < 1e-7, "{mean:?}");
    assert_eq!(arima_fixed(&[], &[0.5], 1, &[], 0.0, 2), [0.0, 0.0]);
    assert_eq!(arima_fixed(&[4.0, 6.0], &[0.5], 1, &[], 0.0, 2), [6.0, 6.0]);
}
