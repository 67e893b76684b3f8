//! How well and how fast intermittent demand is forecast: monthly spare parts, the last six months held out.
//!
//! Reads `carparts/wide.csv` under the folder of shared data beside the repository (or under `PLANWRIGHT_DATA`), keeps
//! the parts without gaps and with at least two demands before the hold-out, and prints one line per method: WAPE of the
//! six-month totals, pinball loss of the 0.9 quantile of totals and of single months (percent of demand), both from the
//! sample paths, share of totals at or below their quantile, RMSE of totals (scaled as RMSSE), seconds per part.
//! Arguments: method names, and numbers as origins (months known; 45 is the default, and the others check that a method
//! isn't tuned to one hold-out).

mod carparts;

use planwright::control::Control;
use planwright::forecast::{Options, fit, pinball};
use planwright::model::{Forecast, Horizon, Period, Series, SeriesId};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

const HORIZON: usize = 6;
const METHODS: [&str; 14] = [
    "ses",
    "croston",
    "sba",
    "tsb",
    "discounted-mean",
    "adida",
    "imapa",
    "poisson",
    "negative-binomial",
    "zero-inflated-poisson",
    "hurdle-poisson",
    "count",
    "willemain",
    "intermittent-combination",
];

fn main() {
    let mut out = std::io::stdout();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let origins: Vec<usize> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    let named: Vec<&str> = arguments.iter().map(String::as_str).filter(|a| a.parse::<usize>().is_err()).collect();
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("PLANWRIGHT_DATA").map_or(beside, PathBuf::from);
    let parts = match carparts::complete(&folder) {
        Ok(parts) => parts,
        Err(fault) => {
            let _ = writeln!(out, "nothing to measure: {fault}");
            return;
        }
    };
    for origin in if origins.is_empty() { vec![45] } else { origins } {
        for model in if named.is_empty() { &METHODS[..] } else { &named[..] } {
            let _ = writeln!(out, "{}", line(model, &parts, origin));
        }
    }
}

fn line(model: &str, parts: &[(String, Vec<f64>)], origin: usize) -> String {
    let options = Options::new(Horizon::new(HORIZON).expect("a horizon within range"));
    let start = Period::parse("1998-01").expect("a month");
    let known = |(_, part): &&(String, Vec<f64>)| {
        part.len() >= origin + HORIZON && part[..origin].iter().filter(|v| **v > 0.0).count() > 1
    };
    let (mut absolute, mut of_totals, mut of_months, mut demand) = (0.0, 0.0, 0.0, 0.0);
    let (mut inside, mut squared, mut scaled, mut count, mut refused) = (0.0, 0.0, 0.0, 0.0, 0_usize);
    let mut seconds = 0.0;
    for (code, part) in parts.iter().filter(known) {
        let actual = &part[origin..origin + HORIZON];
        let series = Series { id: SeriesId::new(code.as_str(), ""), start, values: part[..origin].into() };
        let started = Instant::now();
        let Ok(forecast) = fit(model, &series, &options, &Control::silent()) else {
            refused += 1;
            continue;
        };
        seconds += started.elapsed().as_secs_f64();
        let total: f64 = actual.iter().sum();
        let error = forecast.mean.iter().sum::<f64>() - total;
        let upper = quantile(forecast.paths.iter().map(|p| p.iter().map(|v| f64::from(*v)).sum()).collect());
        count += 1.0;
        demand += total;
        absolute += error.abs();
        of_totals += pinball(0.9, total, upper);
        inside += f64::from(u8::from(total <= upper));
        of_months += months(&forecast, actual);
        let changes = part[..origin].windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() / (origin - 1) as f64;
        if changes > 0.0 {
            squared += error * error / changes;
            scaled += 1.0;
        }
    }
    let percent = |v: f64| 100.0 * v / demand;
    format!(
        "{model:25} origin {origin}: WAPE {:6.2}  pinball total {:5.2}  months {:5.2}  below q90 {:.3}  RMSSE {:.4}  \
         {:.6} s per part, {count} parts, {refused} refused",
        percent(absolute),
        percent(of_totals),
        percent(of_months),
        inside / count,
        (squared / scaled).sqrt() / HORIZON as f64,
        seconds / count,
    )
}

fn months(forecast: &Forecast, actual: &[f64]) -> f64 {
    let loss =
        |(h, a): (usize, &f64)| pinball(0.9, *a, quantile(forecast.paths.iter().map(|p| f64::from(p[h])).collect()));
    actual.iter().enumerate().map(loss).sum()
}

/// The 0.9 quantile, linear between order statistics.
fn quantile(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let position = 0.9 * (values.len() - 1) as f64;
    let below = position as usize;
    let above = (below + 1).min(values.len() - 1);
    values[below] + (position - below as f64) * (values[above] - values[below])
}
