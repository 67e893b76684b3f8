//! Speed of the forecasting engine: one series per model, and a panel of short weekly series.

use divan::Bencher;
use planwright::control::Control;
use planwright::forecast::{Options, fit, forecast};
use planwright::model::{Horizon, Period, SalesPanel, Series, SeriesId};

fn main() {
    divan::main();
}

fn options(horizon: usize) -> Options {
    Options::new(Horizon::new(horizon).expect("a horizon within range"))
}

/// Trend, season and a little deterministic noise.
fn monthly(n: usize) -> Series {
    let value = |t: usize| {
        let angle = t as f64 * std::f64::consts::TAU / 12.0;
        (100.0 + t as f64) * (1.0 + 0.3 * angle.sin()) + ((t * 7919) % 23) as f64
    };
    let start = Period::parse("2010-01").expect("a month");
    Series { id: SeriesId::new("m", ""), start, values: (0..n).map(value).collect() }
}

#[divan::bench(args = ["naive", "ses", "holt", "holt-damped", "theta", "holt-winters", "ets", "croston"])]
fn one_monthly_series(bencher: Bencher, model: &str) {
    let (series, options) = (monthly(144), options(12));
    bencher.bench(|| fit(model, &series, &options, &Control::silent()));
}

/// Sixty items with three years of weeks through the default `auto`: what the sample company asks for at the start.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn three_years_of_weeks(bencher: Bencher) {
    let end = Period::parse("2024-W52").expect("a week");
    let one = |k: usize| {
        let value = |t: usize| {
            let season = 1.0 + 0.3 * (t as f64 * std::f64::consts::TAU / 52.0 + k as f64).sin();
            (100.0 * season + ((t * 7919 + k * 31) % 41) as f64).round()
        };
        Series {
            id: SeriesId::new(format!("{k:05}"), ""),
            start: end.plus(-155),
            values: (0..156).map(value).collect(),
        }
    };
    let panel = SalesPanel::new(end, (0..60).map(one).collect()).expect("a sound panel");
    let options = options(13);
    bencher.bench(|| forecast(&panel, &options, &Control::silent()));
}

/// A million points in 10,000 monthly series through the default `auto`; run it alone under `time -v` for its memory.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn a_million_points(bencher: Bencher) {
    let end = Period::parse("2024-12").expect("a month");
    let one = |k: usize| {
        let value = |t: usize| {
            let noise = ((t * 7919 + k * 104_729) % 101) as f64 / 101.0;
            let season = 1.0 + 0.3 * (t as f64 * std::f64::consts::TAU / 12.0 + k as f64).sin();
            let level = 20.0 + (k % 400) as f64 + t as f64 * (k % 7) as f64 / 10.0;
            if k.is_multiple_of(4) && noise < 0.6 { 0.0 } else { (level * season * (0.8 + 0.4 * noise)).round() }
        };
        Series { id: SeriesId::new(format!("{k:05}"), ""), start: end.plus(-99), values: (0..100).map(value).collect() }
    };
    let panel = SalesPanel::new(end, (0..10_000).map(one).collect()).expect("a sound panel");
    let options = options(12);
    bencher.bench(|| forecast(&panel, &options, &Control::silent()));
}

#[divan::bench(args = [400, 4000], sample_count = 3, sample_size = 1)]
fn panel_of_53_weeks(bencher: Bencher, series: usize) {
    let end = Period::parse("2024-W52").expect("a week");
    let one = |k: usize| {
        let value =
            |t: usize| if k.is_multiple_of(3) && !t.is_multiple_of(4) { 0.0 } else { ((t * 31 + k * 17) % 29) as f64 };
        Series { id: SeriesId::new(format!("{k:05}"), ""), start: end.plus(-52), values: (0..53).map(value).collect() }
    };
    let panel = SalesPanel::new(end, (0..series).map(one).collect()).expect("a sound panel");
    let options = options(13);
    bencher.bench(|| forecast(&panel, &options, &Control::silent()));
}
