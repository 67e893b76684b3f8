//! From stated drivers to forecasts.

use super::{fitted, options, series};
use planwright::control::Control;
use planwright::data::{ReadOptions, read_drivers, read_sales};
use planwright::forecast::{ForecastError, Options, check_drivers, fit, forecast, parse_models, summarise};
use planwright::model::{DriverValues, Drivers, HolidaySet, Period, SalesPanel, Series, SeriesId};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::path::Path;
use std::sync::Arc;

fn values(name: &str, item: &str, start: Period, values: impl Iterator<Item = f64>) -> DriverValues {
    let values: Vec<Option<f64>> = values.map(Some).collect();
    DriverValues { name: name.into(), scope: SeriesId::new(item, ""), start, values: values.into() }
}

fn promo(t: usize) -> f64 {
    f64::from(u8::from(t % 9 == 2 || t % 13 == 5))
}

fn with(drivers: Drivers, horizon: usize) -> Options {
    let mut options = options(horizon);
    options.drivers = Arc::new(drivers);
    options
}

fn among(models: &str, mut options: Options) -> Options {
    options.models = parse_models(models).unwrap();
    options
}

/// Weekly demand that doubles with a promotion, in `n` weeks.
fn promoted(n: usize) -> Series {
    let y: Vec<f64> = (0..n).map(|t| 50.0 * (1.0 + promo(t)) + 3.0 * (t as f64 * 1.7).sin()).collect();
    series(&y, 52)
}

#[test]
fn a_promotion_to_come_is_in_the_forecast_and_in_every_fold() {
    let sales = promoted(90);
    let table = Drivers { values: vec![values("promo", "", sales.start, (0..98).map(promo))], ..Drivers::default() };
    let options = among("naive,ses,regression", with(table, 8));
    let panel = SalesPanel::new(sales.start.plus(89), vec![sales]).unwrap();
    let found = &forecast(&panel, &options, &Control::silent()).unwrap()[0];
    assert_eq!(&*found.best().model, "regression");
    for (h, mean) in found.best().mean.iter().enumerate() {
        let expected = 50.0 * (1.0 + promo(90 + h));
        assert!((mean - expected).abs() < 8.0, "{h}: {mean} for {expected}");
    }
    let error = |model: &str| found.scores.iter().find(|s| &*s.model == model).unwrap().accuracy.unwrap().mae.unwrap();
    assert!(error("regression") < 0.3 * error("ses"), "{} {}", error("regression"), error("ses"));
    assert!(check_drivers(&panel, &options, &Control::silent()).unwrap().is_empty());
    // Automatic choice takes the methods that know the drivers when there are some, and only then.
    let auto = among("auto", options);
    let found = forecast(&panel, &auto, &Control::silent()).unwrap();
    assert_eq!(&*found[0].best().model, "combination-mean(arima,regression)");
    let plain = super::options(8);
    let found = &forecast(&panel, &plain, &Control::silent()).unwrap()[0];
    assert!(found.scores.iter().all(|s| &*s.model != "regression"));
    let refused = fit("regression", &panel.series()[0], &plain, &Control::silent());
    assert!(matches!(refused, Err(ForecastError::Refused(_))));
}

#[test]
fn a_missing_future_is_named_with_series_periods_and_remedy() {
    let sales = promoted(40);
    let (start, end) = (sales.start, sales.start.plus(39));
    let other = Series { id: SeriesId::new("y", ""), ..sales.clone() };
    let panel = SalesPanel::new(end, vec![sales, other]).unwrap();
    let table = Drivers {
        values: vec![
            values("price", "x", start, (0..42).map(|t| f64::from(t % 5))),
            values("price", "y", start, (0..48).map(|t| f64::from(t % 5))),
            values("promo", "", start, (0..40).map(promo)),
            values("promo", "ghost", start, (0..40).map(promo)),
        ],
        ..Drivers::default()
    };
    let options = with(table, 8);
    let findings = check_drivers(&panel, &options, &Control::silent()).unwrap();
    assert_eq!(findings.count("driver-future-missing"), 1 + 2);
    assert_eq!(findings.count("driver-without-sales"), 1);
    let price = &findings.entries()[0];
    let (first, last) = (start.plus(42), start.plus(47));
    assert!(price.message.en.starts_with("x: price has no value in 6 periods"), "{}", price.message.en);
    assert!(price.message.en.contains(&format!("({first} to {last})")) && price.message.zh.contains(&first.label()));
    assert!(price.hint.en.contains("--hold-drivers") && price.hint.zh.contains("--hold-drivers"));
    assert!(findings.entries()[1].message.en.contains("1 more series"), "{:?}", findings.entries()[1]);
    // What is left out is not used: x has no driver at all, y has its price.
    let x = fit("regression", &panel.series()[0], &options, &Control::silent());
    assert!(matches!(x, Err(ForecastError::Refused(_))), "{x:?}");
    assert!(fit("regression", &panel.series()[1], &options, &Control::silent()).is_ok());
}

#[test]
fn methods_that_cannot_use_drivers_ignore_them() {
    let sales = promoted(60);
    let table = Drivers { values: vec![values("promo", "", sales.start, (0..70).map(promo))], ..Drivers::default() };
    let options = with(table, 8);
    for model in ["naive", "ses", "theta", "croston"] {
        let plain = fitted(model, &sales.values, 52, 8);
        assert_eq!(fit(model, &sales, &options, &Control::silent()).unwrap().mean, plain.mean, "{model}");
    }
}

#[test]
fn spring_festival_is_learnt_from_past_ones() {
    // Ten weeks around each Spring Festival 2018 to 2025 sell nothing but half in the festival's week.
    let start = Period::parse("2018-W01").unwrap();
    let festivals = ["2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10"];
    let next = Period::containing("2025-01-29".parse().unwrap(), start.frequency());
    let weeks: Vec<i64> =
        festivals.iter().map(|d| Period::containing(d.parse().unwrap(), start.frequency()).since(start)).collect();
    let n = next.since(start) as usize - 4;
    let y: Vec<f64> =
        (0..n).map(|t| if weeks.contains(&(t as i64)) { 40.0 } else { 100.0 + (t as f64).sin() }).collect();
    let sales = Series { id: SeriesId::new("x", ""), start, values: y.into() };
    let mut table = Drivers::default();
    table.holidays.insert(HolidaySet::China);
    let found = fit("regression", &sales, &with(table, 8), &Control::silent()).unwrap();
    let lowest = (0..8).min_by(|a, b| found.mean[*a].total_cmp(&found.mean[*b])).unwrap();
    assert_eq!(found.start.plus(lowest as i64), next, "{:?}", found.mean);
    assert!(found.mean[lowest] < 75.0, "{:?}", found.mean);
}

/// Eight Walmart items by day with price and event flags (M5 competition), where the file is installed.
#[test]
fn prices_and_events_pay_on_walmart_days() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/m5_small/m5_sales_exog_small.csv");
    if !path.exists() {
        return;
    }
    let import = read_sales(&path, &ReadOptions::default(), &Control::silent()).unwrap();
    let (mut drivers, findings) = read_drivers(&path, &import.columns, &Control::silent()).unwrap();
    assert!(!findings.has_errors(), "{findings:?}");
    assert_eq!(drivers.names().len(), 5, "{:?}", drivers.names());
    let panel = import.panel.unwrap();
    let id = &panel.series()[0].id;
    let end = panel.end();
    assert!(drivers.lookup("sell_price", id).unwrap().get(end).is_some(), "{id} {end}");
    drivers.future = planwright::model::FutureRule::HoldLast;
    drivers.holidays.insert(HolidaySet::UnitedStates);
    // The same regression with a driver that knows nothing.
    let start = panel.start();
    let length = end.since(start) as usize + 1 + 28;
    let blind = Drivers {
        values: vec![values("noise", "", start, (0..length).map(|t| (t as f64 * 12.9898).sin()))],
        ..Drivers::default()
    };
    let errors = |drivers: Drivers| {
        let mut options = among("ses,regression", with(drivers, 28));
        options.folds = 2;
        let pooled = summarise(&forecast(&panel, &options, &Control::silent()).unwrap());
        let accuracy = |model: &str| pooled.iter().find(|s| &*s.model == model).unwrap().accuracy.unwrap();

        ["regression", "ses"].map(|model| accuracy(model).rmse.unwrap())
    };
    let ([with_drivers, ses], [without, _]) = (errors(drivers), errors(blind));
    assert!(with_drivers < without && with_drivers < ses, "{with_drivers}; without {without}; SES {ses}");
}

/// A shop's weekly sales that follow price, deal and feature by shares, their plan known ahead: what retail sets look like.
#[test]
fn price_deal_and_feature_halve_arimas_error() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut wins = 0;
    for shop in 0..4 {
        let (known, ahead) = (110, 16);
        let deal: Vec<f64> = (0..known + ahead).map(|_| f64::from(u8::from(rng.random_bool(0.25)))).collect();
        let feature: Vec<f64> = (0..known + ahead).map(|_| f64::from(u8::from(rng.random_bool(0.15)))).collect();
        let price: Vec<f64> =
            (0..known + ahead).map(|t| 3.0 - 0.5 * deal[t] + 0.2 * rng.random_range(-1.0..1.0)).collect();
        let y: Vec<f64> = (0..known + ahead)
            .map(|t| {
                let noise: f64 = StandardNormal.sample(&mut rng);
                (5.0 + f64::from(shop) - 0.8 * price[t] + 0.5 * deal[t] + 0.7 * feature[t] + 0.08 * noise).exp()
            })
            .collect();
        // Weeks of a year would be a season; a plain series says more about the drivers.
        let sales = series(&y[..known], 1);
        let start = sales.start;
        let table = Drivers {
            values: [("deal", &deal), ("feature", &feature), ("price", &price)]
                .map(|(name, x)| values(name, "", start, x.iter().copied()))
                .to_vec(),
            ..Drivers::default()
        };
        let error = |options: &Options| {
            let found = fit("arima", &sales, options, &Control::silent()).unwrap();
            let error: f64 = found.mean.iter().zip(&y[known..]).map(|(f, a)| (f - a).abs()).sum();
            (error, found.why)
        };
        let ((with_drivers, why), (without, _)) = (error(&with(table, ahead)), error(&options(ahead)));
        assert!(why.en.contains("3 of 3 drivers entered") && why.en.contains("by shares"), "{why}");
        wins += usize::from(with_drivers <= 0.5 * without);
    }
    assert_eq!(wins, 4);
}

/// Demand of constant elasticity −2: a price never seen before is extrapolated along the curve, not along a line.
#[test]
fn a_price_acts_by_its_elasticity() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let (known, ahead) = (90, 4);
    let price: Vec<f64> =
        (0..known + ahead).map(|t| if t < known { 2.0 + rng.random_range(0.0..1.0) } else { 1.0 }).collect();
    let noise: Vec<f64> = (0..known).map(|_| StandardNormal.sample(&mut rng)).collect();
    let y: Vec<f64> = (0..known).map(|t| 800.0 * price[t].powi(-2) * (0.05 * noise[t]).exp()).collect();
    let sales = series(&y, 1);
    let start = sales.start;
    let table = Drivers { values: vec![values("price", "", start, price.into_iter())], ..Drivers::default() };
    for model in ["arima", "regression"] {
        let found = fit(model, &sales, &with(table.clone(), ahead), &Control::silent()).unwrap();
        let off = found.mean[0] / 800.0 - 1.0;
        assert!(off.abs() < 0.1, "{model}: {:?}", found.mean);
    }
}

/// With drivers there are two defaults; the one that knows more has to show it.
#[test]
fn drivers_that_say_nothing_leave_the_combination() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let mut level = 100.0;
    let y: Vec<f64> = (0..80)
        .map(|_| {
            level += 4.0 * rng.random_range(-1.0..1.0);
            level + rng.random_range(-1.0..1.0)
        })
        .collect();
    let sales = series(&y, 1);
    let noise: Vec<f64> = (0..88).map(|_| rng.random_range(-1.0..1.0)).collect();
    let table = Drivers { values: vec![values("noise", "", sales.start, noise.into_iter())], ..Drivers::default() };
    let panel = SalesPanel::new(sales.start.plus(79), vec![sales]).unwrap();
    let found = &forecast(&panel, &among("auto", with(table, 8)), &Control::silent()).unwrap()[0];
    let error = |model: &str| found.scores.iter().find(|s| &*s.model == model).unwrap().accuracy.unwrap().mae.unwrap();
    assert!(error("combination") < error("combination-mean(arima,regression)"));

    assert_eq!(&*found.best().model, "combination");
}
