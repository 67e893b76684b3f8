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
