//! Speed of the forecasting engine: one series per model, panels through `auto`, and what a second thread brings.
//!
//! `cargo bench --bench forecast -- scaling` prints that last one as a ratio instead.

mod made_up;

use divan::Bencher;
use planwright::control::Control;
use planwright::forecast::{Options, fit, forecast};
use planwright::model::{Horizon, Period, SalesPanel, Series, SeriesId};

fn main() {
    if std::env::args().any(|word| word == "scaling") {
        scaling();
    } else {
        divan::main();
    }
}

/// Series whose forecasts are timed on one and two threads.
const SCALED: usize = 64;
/// Turns of each.
const ROUNDS: usize = 5;

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
    let panel = made_up::panel(10_000, 100, "2024-12");
    let options = options(12);
    bencher.bench(|| forecast(&panel, &options, &Control::silent()));
}

/// The same panel on one thread and on two, turn about: the quickest of each, since other work only ever adds time.
#[allow(clippy::print_stdout, reason = "a bench reports on standard output")]
fn scaling() {
    let end = Period::parse("2024-12").expect("a month");
    let one = |k: usize| Series { id: SeriesId::new(format!("{k:03}"), ""), start: end.plus(-95), ..monthly(96) };
    let panel = SalesPanel::new(end, (0..SCALED).map(one).collect()).expect("a sound panel");
    let options = options(12);
    let pools = [1, 2].map(|threads| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of one or two threads")
    });
    let mut quickest = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (pool, seconds) in pools.iter().zip(&mut quickest) {
            let started = std::time::Instant::now();
            let done = pool.install(|| forecast(&panel, &options, &Control::silent()));
            *seconds = seconds.min(started.elapsed().as_secs_f64());
            assert!(done.is_ok(), "nobody cancels");
        }
    }
    let [one, two] = quickest;
    println!("{SCALED} series, auto: one thread {one:.3} s, two threads {two:.3} s, {:.2} times as fast", one / two);
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
