//! Items that nobody sells: level, slope, season and noise without a random number, a quarter of them with gaps.

use planwright::model::{Period, SalesPanel, Series, SeriesId};
use std::f64::consts::TAU;

/// So many items with a history of so many periods each, the last one named `end`.
pub(crate) fn panel(items: usize, periods: usize, end: &str) -> SalesPanel {
    let end = Period::parse(end).expect("a period");
    let length = end.frequency().season_length() as f64;
    let one = |k: usize| {
        let value = |t: usize| {
            let noise = ((t * 7919 + k * 104_729) % 101) as f64 / 101.0;
            let season = 1.0 + 0.3 * (t as f64 * TAU / length + k as f64).sin();
            let level = 20.0 + (k % 400) as f64 + t as f64 * (k % 7) as f64 / 10.0;
            if k.is_multiple_of(4) && noise < 0.6 { 0.0 } else { (level * season * (0.8 + 0.4 * noise)).round() }
        };
        let start = end.plus(1 - periods as i64);
        Series { id: SeriesId::new(format!("{k:05}"), ""), start, values: (0..periods).map(value).collect() }
    };
    SalesPanel::new(end, (0..items).map(one).collect()).expect("a sound panel")
}
