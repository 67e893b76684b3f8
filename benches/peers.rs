//! Accuracy and speed on shared data sets with official hold-outs, to stand beside the peers' script.
//!
//! `cargo bench --bench peers -- SET MODEL[;MODEL…] [--ids FILE] [--series N] [--paths N] [--data FOLDER] [--out FILE]
//! [--neural JSON]`
//!
//! SET is `m3_monthly`, `m3_quarterly`, `m3_yearly`, `carparts` or `retail_weekly` (the items of a web shop with demand in at
//! least 30 of its first 45 weeks, the last 8 held out); MODEL a model's name (they are separated by `;`
//! because names have commas) or `auto`. FILE lists the series to take, one a line, as the peers' script prints with
//! `--list`. One thread. Definitions as in that script: sMAPE = mean 200|a−f|/(|a|+|f|), MASE over the in-sample MAE of
//! the seasonal naive of the set's season, series with zero scale left out. OWA is the mean of sMAPE and MASE, each
//! divided by that of Naive2 on the same series. With more than one path per forecast the coverage of the 80 % interval
//! and the pinball loss of its upper end are printed as well. The seconds are those of one fit to the whole history (for
//! `auto`, of the whole competition): the processor's, which other work on the machine doesn't stretch, and the wall
//! clock's. A network over all series trains on the whole set, on all cores, with the options of JSON where given; its
//! seconds are the wall clock's for everything.

mod carparts;

use planwright::control::Control;
use planwright::data::{ReadOptions, read_sales};
use planwright::forecast::{ForecastError, Models, NetworkOptions, Options, fit, forecast, forecast_series};
use planwright::model::{Forecast, Frequency, Horizon, Period, SalesPanel, Series, SeriesId};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A set: its file's word for the period, horizon, season of the scores.
const SETS: &[(&str, &str, usize, usize)] = &[
    ("m3_monthly", "MONTHLY", 18, 12),
    ("m3_quarterly", "QUARTERLY", 8, 4),
    ("m3_yearly", "YEARLY", 6, 1),
    ("carparts", "", 6, 1),
    ("retail_weekly", "WEEKLY", 8, 1),
];
/// Fewest weeks with demand of a shop's item.
const WEEKS: usize = 30;

/// Shortest time that is measured.
const SHORTEST: Duration = Duration::from_secs(1);

struct Arguments {
    set: usize,
    models: Vec<String>,
    ids: Option<PathBuf>,
    series: usize,
    paths: usize,
    data: PathBuf,
    out: Option<PathBuf>,
    neural: NetworkOptions,
}

fn main() -> Result<(), String> {
    let Some(arguments) = parse(std::env::args().skip(1).filter(|a| a != "--bench"))? else {
        say("peers: no set named, nothing measured (see the head of benches/peers.rs)");
        return Ok(());
    };
    let (name, _, horizon, season) = SETS[arguments.set];
    let all = load(&arguments)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|e| e.to_string())?;
    let mut out = match &arguments.out {
        Some(path) => Some(std::fs::File::create(path).map_err(|e| format!("{}: {e}", path.display()))?),
        None => None,
    };
    for model in &arguments.models {
        let sizes = (horizon, season, arguments.paths);
        let measured = if Models::Named(vec![model.as_str().into()]).train_over_all() {
            measure_panel(model, &all, sizes, (&arguments.neural, &mut out))?
        } else {
            pool.install(|| measure(model, &all, sizes, &mut out))?
        };
        say(&format!("{name} {model}: {measured}"));
    }
    Ok(())
}

/// One model over the set: its scores and seconds as a line. Quick models run over the set again until the scheduler's
/// clock, which moves in milliseconds, can tell.
fn measure(
    model: &str,
    all: &[One],
    (horizon, season, paths): (usize, usize, usize),
    out: &mut Option<std::fs::File>,
) -> Result<String, String> {
    let (started, used) = (Instant::now(), processor_seconds());
    let mut score = Score::default();
    let (mut refused, mut passes) = (0, 0);
    while passes == 0 || started.elapsed() < SHORTEST {
        for one in all {
            match forecast_one(model, one, horizon, paths) {
                Ok(found) if passes == 0 => {
                    score.add(one, &found, season);
                    if let Some(file) = out {
                        file.write_all(row(model, one, &found).as_bytes()).map_err(|e| e.to_string())?;
                    }
                }
                Ok(found) => drop(std::hint::black_box(found)),
                Err(_) => refused += usize::from(passes == 0),
            }
        }
        passes += 1;
    }
    let each = |seconds: f64| seconds / (all.len() * passes) as f64;
    let processor = match (used, processor_seconds()) {
        (Some(before), Some(after)) => format!("{:.6} s of processor per series", each(after - before)),
        _ => "processor seconds unknown here".to_owned(),
    };
    let wall = each(started.elapsed().as_secs_f64());
    let series = all.len();
    Ok(format!("{}, {processor}, {wall:.6} s of wall, {series} series, {refused} refused", score.line()))
}

/// Seconds that this thread has run, from Linux's scheduler; `None` elsewhere.
fn processor_seconds() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(line.split(' ').next()?.parse::<f64>().ok()? * 1e-9)
}

/// What `--out` keeps of a forecast.
fn row(model: &str, one: &One, found: &Forecast) -> String {
    let mean: Vec<String> = found.mean.iter().map(|v| format!("{v:.6}")).collect();
    let aicc = found.parameters.iter().find(|p| p.name == "aicc").map_or(f64::NAN, |p| p.value);
    let (item, why) = (&one.series.id.item, &found.why.en);
    format!("{model}\t{item}\t{}\t{aicc:.6}\t{why}\t{}\n", found.model, mean.join(","))
}

#[allow(clippy::print_stdout, reason = "a bench reports on standard output")]
fn say(line: &str) {
    println!("{line}");
}

fn forecast_one(model: &str, one: &One, horizon: usize, paths: usize) -> Result<Forecast, ForecastError> {
    let mut options = Options::new(Horizon::new(horizon).expect("a horizon within range"));
    options.paths = paths;
    let control = Control::silent();
    if model == "auto" {
        options.models = Models::Auto;
        let found = forecast_series(&one.series, &options, &control).map_err(|_cancelled| ForecastError::Cancelled)?;
        return Ok(found.best().clone());
    }
    fit(model, &one.series, &options, &control)
}

/// The histories as one panel, moved to a common end.
fn measure_panel(
    model: &str,
    all: &[One],
    (horizon, season, paths): (usize, usize, usize),
    (neural, out): (&NetworkOptions, &mut Option<std::fs::File>),
) -> Result<String, String> {
    let started = Instant::now();
    let mut options = Options::new(Horizon::new(horizon).expect("a horizon within range"));
    (options.paths, options.folds) = (paths, 1);
    options.models = Models::Named(vec![model.into()]);
    options.neural = neural.clone();
    let ends = all.iter().map(|one| one.series.start.plus(one.series.values.len() as i64 - 1));
    let end = ends.max().ok_or("no series")?;
    let moved = |one: &One| Series { start: end.plus(1 - one.series.values.len() as i64), ..one.series.clone() };
    let panel = SalesPanel::new(end, all.iter().map(moved).collect()).map_err(|e| format!("{e:?}"))?;
    let found = forecast(&panel, &options, &Control::silent()).map_err(|e| e.to_string())?;
    let mut score = Score::default();
    for one in all {
        let best = found.iter().find(|f| f.id == one.series.id).ok_or("a series is lost")?.best();
        if &*best.model == model {
            score.add(one, best, season);
            if let Some(file) = out {
                file.write_all(row(model, one, best).as_bytes()).map_err(|e| e.to_string())?;
            }
        }
    }
    let (seconds, series, scored) = (started.elapsed().as_secs_f64(), all.len(), score.rmse.len());
    Ok(format!("{}, {seconds:.1} s of wall on all cores, {scored} of {series} series", score.line()))
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Arguments>, String> {
    let Some(set) = words.next() else { return Ok(None) };
    let set = SETS.iter().position(|s| s.0 == set).ok_or_else(|| format!("no set {set}"))?;
    let models = words.next().ok_or("name a model")?.split(';').map(str::to_owned).collect();
    let mut found = Arguments {
        set,
        models,
        ids: None,
        series: usize::MAX,
        paths: 1,
        data: PathBuf::from("../shared/data"),
        out: None,
        neural: NetworkOptions::default(),
    };
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("{word} wants a value"))?;
        let number = || value.parse::<usize>().map_err(|e| format!("{word} {value}: {e}"));
        match word.as_str() {
            "--ids" => found.ids = Some(PathBuf::from(value)),
            "--series" => found.series = number()?,
            "--paths" => found.paths = number()?,
            "--data" => found.data = PathBuf::from(value),
            "--neural" => found.neural = serde_json::from_str(&value).map_err(|e| format!("{word}: {e}"))?,
            "--out" => found.out = Some(PathBuf::from(value)),
            _ => return Err(format!("no option {word}")),
        }
    }
    Ok(Some(found))
}

struct One {
    series: Series,
    actual: Vec<f64>,
}

fn load(arguments: &Arguments) -> Result<Vec<One>, String> {
    let (_, word, horizon, _) = SETS[arguments.set];
    let mut all = match word {
        "" => parts(&arguments.data, horizon)?,
        "WEEKLY" => shop(&arguments.data, horizon)?,
        _ => m3(&arguments.data, word)?,
    };
    if let Some(path) = &arguments.ids {
        let wanted: Vec<String> = read(path)?.lines().map(|l| l.trim().to_owned()).collect();
        all.retain(|one| wanted.iter().any(|w| **w == *one.series.id.item));
    }
    all.truncate(arguments.series);
    Ok(all)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn m3(data: &Path, word: &str) -> Result<Vec<One>, String> {
    let table = |file: &str| -> Result<Vec<Vec<String>>, String> {
        Ok(read(&data.join("m3").join(file))?
            .lines()
            .skip(1)
            .map(|l| l.split(',').map(|w| w.trim_matches('"').to_owned()).collect())
            .collect())
    };
    let header = read(&data.join("m3/meta.csv"))?;
    let columns: Vec<&str> = header.lines().next().unwrap_or("").split(',').map(|w| w.trim_matches('"')).collect();
    let at = |name: &str| columns.iter().position(|c| *c == name).ok_or_else(|| format!("meta.csv has no {name}"));
    let (id, period) = (at("id")?, at("period")?);
    let keep: Vec<String> =
        table("meta.csv")?.into_iter().filter(|row| row[period] == word).map(|row| row[id].clone()).collect();
    let values = |file: &str| -> Result<BTreeMap<String, Vec<f64>>, String> {
        let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for row in table(file)? {
            let value = row.last().and_then(|v| v.parse().ok()).ok_or("a value that is no number")?;
            found.entry(row[0].clone()).or_default().push(value);
        }
        Ok(found)
    };
    let (train, test) = (values("train.csv")?, values("test.csv")?);
    let start = match word {
        "MONTHLY" => "1990-01",
        "QUARTERLY" => "1990-Q1",
        _ => "1950",
    };
    let mut all = Vec::new();
    for id in train.keys().filter(|id| keep.contains(id)) {
        let actual = test.get(id).cloned().unwrap_or_default();
        all.push(One { series: series(id, start, &train[id])?, actual });
    }
    Ok(all)
}

fn parts(data: &Path, horizon: usize) -> Result<Vec<One>, String> {
    let mut all = Vec::new();
    for (code, demand) in carparts::complete(data)? {
        let (train, test) = demand.split_at(demand.len() - horizon);
        if train.iter().filter(|v| **v > 0.0).count() >= 2 {
            all.push(One { series: series(&code, "1998-01", train)?, actual: test.to_vec() });
        }
    }
    Ok(all)
}

/// The shop's items by week.
fn shop(data: &Path, horizon: usize) -> Result<Vec<One>, String> {
    let options = ReadOptions { frequency: Some(Frequency::Week), ..ReadOptions::default() };
    let path = data.join("online_retail/online_retail.csv");
    let read = read_sales(&path, &options, &Control::silent()).map_err(|e| e.to_string())?;
    let mut all = Vec::new();
    for one in read.panel.as_ref().ok_or("the shop's file has errors")?.series() {
        let Some(known) = one.values.len().checked_sub(horizon) else { continue };
        let (train, test) = one.values.split_at(known);
        if train.iter().filter(|v| **v > 0.0).count() >= WEEKS {
            all.push(One { series: Series { values: train.into(), ..one.clone() }, actual: test.to_vec() });
        }
    }
    Ok(all)
}

fn series(id: &str, start: &str, values: &[f64]) -> Result<Series, String> {
    let start = Period::parse(start).ok_or("no period")?;
    Ok(Series { id: SeriesId::new(id, ""), start, values: values.into() })
}

#[derive(Default)]
struct Score {
    smape: Vec<f64>,
    mase: Vec<f64>,
    rmse: Vec<f64>,
    rmsse: Vec<f64>,
    /// sMAPE and MASE of Naive2.
    naive: [Vec<f64>; 2],
    inside: usize,
    bounds: usize,
    pinball: f64,
    total_error: f64,
    total: f64,
}

impl Score {
    fn add(&mut self, one: &One, found: &Forecast, season: usize) {
        let (y, a, f) = (&one.series.values, &one.actual, &found.mean);
        let n = a.len() as f64;
        let error: Vec<f64> = a.iter().zip(f).map(|(a, f)| (a - f).abs()).collect();
        self.smape.push(smape(a, f));
        let naive = naive2(y, season, a.len());
        self.naive[0].push(smape(a, &naive));
        let lag = if y.len() > season { season } else { 1 };
        let scale = y.iter().skip(lag).zip(y.iter()).map(|(b, a)| (b - a).abs()).sum::<f64>() / (y.len() - lag) as f64;
        let squares = y.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() / (y.len() - 1) as f64;
        if scale > 0.0 {
            self.mase.push(error.iter().sum::<f64>() / n / scale);
            self.naive[1].push(a.iter().zip(&naive).map(|(a, f)| (a - f).abs()).sum::<f64>() / n / scale);
        }
        let rmse = (error.iter().map(|e| e * e).sum::<f64>() / n).sqrt();
        self.rmse.push(rmse);
        if squares > 0.0 {
            self.rmsse.push(rmse / squares.sqrt());
        }
        if let Some(interval) = found.interval(80.0) {
            let within = a.iter().zip(interval.lower.iter().zip(&interval.upper));
            self.inside += within.filter(|(a, (low, high))| *low <= *a && *a <= *high).count();
            self.bounds += a.len();
            let loss = |(a, q): (&f64, &f64)| if a > q { 0.9 * (a - q) } else { 0.1 * (q - a) };
            self.pinball += a.iter().zip(&interval.upper).map(loss).sum::<f64>();
        }
        self.total_error += (a.iter().sum::<f64>() - f.iter().sum::<f64>()).abs();
        self.total += a.iter().sum::<f64>();
    }

    fn line(&self) -> String {
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
        format!(
            "sMAPE {:.4} MASE {:.5} OWA {:.4} RMSE {:.5} RMSSE {:.5} WAPE of totals {:.2} % coverage80 {:.1} % pinball90 {:.2} %",
            mean(&self.smape),
            mean(&self.mase),
            0.5 * (mean(&self.smape) / mean(&self.naive[0]) + mean(&self.mase) / mean(&self.naive[1])),
            mean(&self.rmse),
            mean(&self.rmsse),
            100.0 * self.total_error / self.total,
            100.0 * self.inside as f64 / self.bounds.max(1) as f64,
            100.0 * self.pinball / self.total
        )
    }
}

fn smape(a: &[f64], f: &[f64]) -> f64 {
    let size = |(a, f): (&f64, &f64)| {
        if a.abs() + f.abs() == 0.0 { 0.0 } else { 200.0 * (a - f).abs() / (a.abs() + f.abs()) }
    };
    a.iter().zip(f).map(size).sum::<f64>() / a.len() as f64
}

/// The last value without its season, and that of each period ahead: multiplicative indices around a centred moving average
/// where the autocorrelation at the season passes the 90 % test (Makridakis & Hibon 2000, *The M3-Competition*, Int. J.
/// Forecasting 16).
fn naive2(y: &[f64], m: usize, horizon: usize) -> Vec<f64> {
    let n = y.len();
    let flat = vec![y[n - 1]; horizon];
    if m < 2 || n < 3 * m || y.iter().any(|v| *v <= 0.0) {
        return flat;
    }
    let mean = y.iter().sum::<f64>() / n as f64;
    let variance = y.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
    let r = |lag: usize| (lag..n).map(|t| (y[t] - mean) * (y[t - lag] - mean)).sum::<f64>() / variance;
    let spread = (1..m).map(|k| r(k).powi(2)).sum::<f64>();
    if variance <= 0.0 || r(m).abs() <= 1.645 * ((1.0 + 2.0 * spread) / n as f64).sqrt() {
        return flat;
    }
    let half = m / 2;
    let (mut sums, mut counts) = (vec![0.0; m], vec![0.0; m]);
    for t in half..n - half {
        let average = if m.is_multiple_of(2) {
            (0.5 * (y[t - half] + y[t + half]) + y[t + 1 - half..t + half].iter().sum::<f64>()) / m as f64
        } else {
            y[t - half..=t + half].iter().sum::<f64>() / m as f64
        };
        sums[t % m] += y[t] / average;
        counts[t % m] += 1.0;
    }
    let indices: Vec<f64> = sums.iter().zip(&counts).map(|(s, c)| s / c).collect();
    (0..horizon).map(|h| y[n - 1] / indices[(n - 1) % m] * indices[(n + h) % m]).collect()
}
