//! Whole panels: order, determinism, progress, cancel, pooled scores.

use super::{AIR_PASSENGERS, options};
use planwright::control::Control;
use planwright::forecast::{Models, Options, forecast, forecast_series, parse_models, summarise};
use planwright::model::{Accuracy, ModelScore, Period, SalesPanel, Series, SeriesForecast, SeriesId};
use planwright::words::Text;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

fn panel(count: usize) -> SalesPanel {
    let end = Period::parse("2023-12").unwrap();
    let one = |k: usize| {
        let values: Vec<f64> = (0..24 + k).map(|t| ((t * t + 7 * k) % 13) as f64).collect();
        let start = end.plus(1 - values.len() as i64);
        Series { id: SeriesId::new(format!("item{k:02}"), "A"), start, values: values.into() }
    };
    SalesPanel::new(end, (0..count).map(one).collect()).unwrap()
}

fn small(models: &str) -> Options {
    let mut options = options(4);
    options.models = parse_models(models).unwrap();
    options.paths = 100;
    options
}

/// The bytes of everything but the seconds, which are measured.
fn bytes(mut found: Vec<SeriesForecast>) -> String {
    found.iter_mut().flat_map(|f| &mut f.scores).for_each(|s| s.seconds = 0.0);
    serde_json::to_string(&found).unwrap()
}

#[test]
fn same_seed_same_bytes_and_panel_order() {
    let (panel, options) = (panel(6), small("auto"));
    let first = forecast(&panel, &options, &Control::silent()).unwrap();
    let ids: Vec<_> = first.iter().map(|f| f.id.clone()).collect();
    assert_eq!(ids, panel.series().iter().map(|s| s.id.clone()).collect::<Vec<_>>());
    let again = forecast(&panel, &options, &Control::silent()).unwrap();
    let other = forecast(&panel, &Options { seed: 2, ..options }, &Control::silent()).unwrap();
    let first = bytes(first);
    assert_eq!(first, bytes(again));
    assert_ne!(first, bytes(other));
}

#[test]
fn a_series_alone_is_forecast_as_in_its_panel() {
    let (panel, options) = (panel(4), small("naive,ses,croston,holt-winters"));
    let all = forecast(&panel, &options, &Control::silent()).unwrap();
    let alone = forecast_series(&panel.series()[2], &options, &Control::silent()).unwrap();
    assert_eq!(bytes(vec![alone]), bytes(vec![all[2].clone()]));
}

#[test]
fn progress_reaches_the_end() {
    let highest = Arc::new(Mutex::new(0.0_f64));
    let seen = Arc::clone(&highest);
    let control = Control::listening(move |p| {
        let mut seen = seen.lock().unwrap();
        *seen = seen.max(p.fraction);
        assert!((0.0..=1.0).contains(&p.fraction));
    });
    forecast(&panel(3), &small("naive,ses"), &control).unwrap();
    assert!((*highest.lock().unwrap() - 1.0).abs() < 1e-12);
}

#[test]
fn cancel_is_obeyed() {
    let stopped = Control::silent();
    stopped.cancel();
    assert!(forecast(&panel(3), &small("auto"), &stopped).is_err());
    // Cancelled from within: the listener asks for the stop at the third report, and nothing is reported after it but
    // what other threads had begun.
    let reports = Arc::new(AtomicUsize::new(0));
    let handle: Arc<Mutex<Option<Control>>> = Arc::default();
    let (count, inner) = (Arc::clone(&reports), Arc::clone(&handle));
    let control = Control::listening(move |_| {
        if count.fetch_add(1, Ordering::Relaxed) == 2
            && let Some(control) = inner.lock().unwrap().as_ref()
        {
            control.cancel();
        }
    });
    *handle.lock().unwrap() = Some(control.clone());
    assert!(forecast(&panel(40), &small("auto"), &control).is_err());
    assert!(reports.load(Ordering::Relaxed) < 40);
    *handle.lock().unwrap() = None;
}

#[test]
fn big_panels_keep_the_winners_paths_only() {
    let mut options = small("naive,drift");
    options.paths = 1 << 22;
    let found = forecast(&panel(2), &options, &Control::silent()).unwrap();
    for one in found {
        let with: Vec<bool> = one.candidates.iter().map(|c| !c.paths.is_empty()).collect();
        assert_eq!(with.iter().filter(|w| **w).count(), 1, "{with:?}");
        assert!(!one.best().paths.is_empty());
    }
}

#[test]
fn pooling_weighs_as_documented() {
    let scored = |mae: f64, wape: f64, mase: f64, count: usize| {
        let accuracy = Accuracy {
            count,
            folds: 2,
            mae: Some(mae),
            mse: Some(mae * mae),
            wape: Some(wape),
            mase: Some(mase),
            ..Accuracy::default()
        };
        ModelScore::new("ses", Some(accuracy), Text::default(), 0.5)
    };
    let of = |scores: Vec<ModelScore>| SeriesForecast {
        id: SeriesId::new("x", ""),
        chosen: 0,
        candidates: Vec::new(),
        scores,
        cutoffs: Vec::new(),
        automatic: None,
        why: Text::default(),
    };
    let refused = ModelScore::new("arima", None, Text::same("short"), 0.25);
    let pooled = summarise(&[of(vec![scored(1.0, 10.0, 0.5, 10), refused]), of(vec![scored(4.0, 50.0, 1.5, 30)])]);
    assert_eq!(pooled.iter().map(|s| &*s.model).collect::<Vec<_>>(), ["ses", "arima"]);
    let a = pooled[0].accuracy.unwrap();
    assert_eq!((a.count, a.folds, pooled[0].seconds), (40, 2, 1.0));
    // Σ|e| = 10 + 120; Σ|y| = 100 + 240.
    assert!((a.mae.unwrap() - 3.25).abs() < 1e-12);
    assert!((a.rmse.unwrap() - (490.0_f64 / 40.0).sqrt()).abs() < 1e-12);
    assert!((a.wape.unwrap() - 13000.0 / 340.0).abs() < 1e-9);
    assert!((a.mase.unwrap() - 1.0).abs() < 1e-12);
    assert!(pooled[1].accuracy.is_none() && pooled[1].note.en.contains("every series"));
    assert!(summarise(&[]).is_empty());
}

#[test]
fn real_numbers_through_the_whole_panel() {
    let start = Period::parse("1949-01").unwrap();
    let one = Series { id: SeriesId::new("air", ""), start, values: AIR_PASSENGERS[..].into() };
    let panel = SalesPanel::new(start.plus(143), vec![one]).unwrap();
    let found = forecast(&panel, &small("seasonal-naive,naive"), &Control::silent()).unwrap();
    assert!(matches!(parse_models("auto"), Ok(Models::Auto)));
    assert_eq!(found[0].best().start.label(), "1961-01");
    assert_eq!(&*found[0].best().model, "seasonal-naive");
    assert_eq!(summarise(&found)[0].model, found[0].best().model);
}
