//! Demand shapes of a panel: embeddings, like items, clusters, and periods that don't fit.
//!
//! All series are cut into windows of a season, each in its own scale ([`windows`]). An autoencoder ([`autoencoder`]) and as
//! many principal components ([`linear`]) learn to make windows from a few numbers, and are compared on series that neither
//! has seen; the autoencoder is used where it is better beyond chance. A series' place is the mean of its windows' numbers,
//! turned so that distances mean something ([`embedding`]); nearest places are like items ([`like`]), groups of places
//! [`clusters`] with [`names`], and a period that the rest of its window didn't expect is flagged ([`anomalies`]).

mod options;

mod windows;

mod eigen;
mod linear;

mod autoencoder;

mod coder;

mod embedding;

mod clusters;
mod names;

mod like;

mod anomalies;

mod words;

pub use like::suggest_like_items;
pub use options::{ShapeCoder, ShapeOptions};

use super::engine::Stop;
use super::training::Failure;
use crate::control::{Cancelled, Control};
use crate::forecast::ForecastError;
use crate::forecast::seed::generator;
use crate::model::{DemandShapes, SalesPanel, SeriesId, SeriesShape, ShapeCluster, ShapeFit};
use crate::text;
use crate::words::Text;
use anomalies::Judged;
use autoencoder::Autoencoder;
use clusters::Groups;
use coder::{Coder, Described, error};
use embedding::Map;
use linear::Linear;
use rand::seq::SliceRandom as _;
use windows::{Shown, Windows};

/// Series with a whole window that it takes: fewer can't be parted into those learnt from and those compared on.
const FEWEST_SERIES: usize = 6;
/// Every so manieth series says when to stop, and as many are compared on.
const PART: usize = 6;
/// A shape takes this share of a window, and at least so many periods.
const LEAST_KNOWN: usize = 6;
const FEWEST_KNOWN: usize = 4;
/// Windows described between two reports.
const AT_ONCE: usize = 1024;

/// Finds the shapes of a panel's series. The result doesn't depend on the number of threads.
///
/// # Errors
/// [`ForecastError::Refused`] when too few series have a whole window or an option is out of range;
/// [`ForecastError::Cancelled`] when the user asked to stop.
pub fn demand_shapes(
    panel: &SalesPanel,
    options: &ShapeOptions,
    control: &Control,
) -> Result<DemandShapes, ForecastError> {
    let window = options.window_for(panel.frequency());
    options.check(window).map_err(ForecastError::Refused)?;
    find(panel, window, options, control).map_err(|failure| match failure {
        NoShapes::Refused(why) => ForecastError::Refused(why),
        NoShapes::Stopped(Stop::Device(reason)) => ForecastError::Refused(Text::same(reason)),
        NoShapes::Stopped(Stop::Cancelled(Cancelled)) => ForecastError::Cancelled,
    })
}

/// Why there are none.
enum NoShapes {
    Refused(Text),
    Stopped(Stop),
}

impl<E: Into<Stop>> From<E> for NoShapes {
    fn from(stop: E) -> Self {
        Self::Stopped(stop.into())
    }
}

fn find(
    panel: &SalesPanel,
    window: usize,
    options: &ShapeOptions,
    control: &Control,
) -> Result<DemandShapes, NoShapes> {
    let series = panel.series();
    let fewest = FEWEST_KNOWN.max(window / LEAST_KNOWN);
    let windows = Windows::cut(series, window, fewest);
    let blocks = Blocks::of(&windows, options.seed);
    if blocks.series < FEWEST_SERIES {
        return Err(NoShapes::Refused(words::too_few(blocks.series, FEWEST_SERIES, window)));
    }
    let Chosen { mut coder, fit, why } = choose(&windows, &blocks, options, &control.part(0.0, 0.6))?;
    let described = describe(&mut coder, &windows, &control.part(0.6, 0.7))?;
    let judged = anomalies::judge(&mut coder, &windows, series, options.sensitivity, &control.part(0.7, 0.95))?;
    let (mut shapes, map) = placed(panel, &windows, &described, options.dimensions, fewest);
    for (shape, Judged { expected, anomalies }) in shapes.iter_mut().zip(judged) {
        (shape.expected, shape.anomalies) = (expected, anomalies);
    }
    like::compare(&mut shapes, (&mut coder, &windows), &map, control)?;
    let whole = shapes.iter().filter(|s| !s.errors.is_empty());
    let points: Vec<&[f64]> = whole.map(|s| &s.embedding[..]).collect();
    let groups = Groups::find(&points, options.clusters, options.seed, control)?;
    let clusters = cluster(&mut shapes, &groups, panel, &windows);
    let why = why.then(&words::clustered(clusters.len(), groups.silhouette));
    control.report(1.0, &text!("Demand shapes found", "需求形态分析完成"))?;
    let (end, dimensions, silhouette) = (panel.end(), options.dimensions, groups.silhouette);
    Ok(DemandShapes { window, end, dimensions, series: shapes, clusters, silhouette, fit, why })
}

/// Whole windows by what they are for; all of a series are for the same.
struct Blocks {
    /// Series with a whole window.
    series: usize,
    training: Vec<usize>,
    validation: Vec<usize>,
    test: Vec<usize>,
}

impl Blocks {
    fn of(windows: &Windows, seed: u64) -> Self {
        let whole: Vec<usize> = (0..windows.len()).filter(|k| windows.is_whole(*k)).collect();
        let mut series: Vec<&[usize]> = whole.chunk_by(|a, b| windows.at[*a].series == windows.at[*b].series).collect();
        series.shuffle(&mut generator(seed));
        let mut blocks = Self { series: series.len(), training: vec![], validation: vec![], test: vec![] };
        for (k, own) in series.iter().enumerate() {
            let block = match k % PART {
                0 => &mut blocks.test,
                1 => &mut blocks.validation,
                _ => &mut blocks.training,
            };
            block.extend_from_slice(own);
        }
        blocks
    }
}

/// What describes the windows, and why that.
struct Chosen {
    coder: Coder,
    fit: ShapeFit,
    why: Text,
}

/// Fits both ways to describe windows and takes the one that does better on the test block.
fn choose(windows: &Windows, blocks: &Blocks, options: &ShapeOptions, control: &Control) -> Result<Chosen, NoShapes> {
    let Blocks { training, validation, test, .. } = blocks;
    // Components have nothing to stop: they learn from both blocks.
    let learnt: Vec<usize> = training.iter().chain(validation).copied().collect();
    let linear = Linear::fit(windows, &learnt, options.dimensions, options.seed, &control.part(0.0, 0.05))?;
    let mut linear = Coder::Linear(linear);
    let linear_errors = linear.errors(windows, test, control)?;
    let mut fit = ShapeFit {
        training: training.len(),
        validation: validation.len(),
        test: test.len(),
        epochs: (0, 0),
        network: None,
        linear: mean(&linear_errors),
        uses_network: false,
    };
    if options.coder == ShapeCoder::Linear {
        return Ok(Chosen { coder: linear, fit, why: words::found(&fit, options.dimensions, None) });
    }
    let trained = Autoencoder::train(windows, (training, validation), options, &control.part(0.05, 1.0));
    let network = match trained {
        Ok(network) => network,
        Err(Failure::Stopped(stop)) => return Err(stop.into()),
        Err(Failure::Diverged { epoch }) => {
            let why = words::diverged(epoch).then(&words::found(&fit, options.dimensions, None));
            return Ok(Chosen { coder: linear, fit, why });
        }
    };
    fit.epochs = network.epochs;
    let mut network = Coder::Network(Box::new(network));
    let network_errors = network.errors(windows, test, control)?;
    fit.network = Some(mean(&network_errors));
    let difference = difference(windows, test, &network_errors, &linear_errors);
    let helps = difference.0 < -words::BEYOND_CHANCE * difference.1;
    fit.uses_network = helps || options.coder == ShapeCoder::Autoencoder;
    let why = words::found(&fit, options.dimensions, Some(difference));
    Ok(Chosen { coder: if fit.uses_network { network } else { linear }, fit, why })
}

/// Mean difference of two errors and its standard error; a series' windows, which are much alike, count once.
fn difference(windows: &Windows, rows: &[usize], a: &[f64], b: &[f64]) -> (f64, f64) {
    let pairs: Vec<(usize, f64)> =
        rows.iter().zip(a.iter().zip(b)).map(|(k, (a, b))| (windows.at[*k].series, a - b)).collect();
    let series: Vec<f64> = pairs
        .chunk_by(|a, b| a.0 == b.0)
        .map(|own| own.iter().map(|(_, d)| d).sum::<f64>() / own.len() as f64)
        .collect();
    let (n, middle) = (series.len() as f64, mean(&series));
    if series.len() < 2 {
        return (middle, f64::INFINITY);
    }
    let variance = series.iter().map(|d| (d - middle).powi(2)).sum::<f64>() / (n - 1.0);
    (middle, (variance / n).sqrt())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// All windows described.
fn describe(coder: &mut Coder, windows: &Windows, control: &Control) -> Result<Described, Stop> {
    let stage = text!("Reading shapes", "正在读取形态");
    let mut all = Described::default();
    for from in (0..windows.len()).step_by(AT_ONCE) {
        control.report(from as f64 / windows.len() as f64, &stage)?;
        let shown: Vec<Shown<'_>> = (from..windows.len().min(from + AT_ONCE)).map(|k| windows.shown(k)).collect();
        let part = coder.describe(&shown, control)?;
        all.codes.extend(part.codes);
        all.made.extend(part.made);
    }
    Ok(all)
}

/// Every series with its embedding, profile and errors, where it has a shape; and the way from codes to embeddings.
fn placed(
    panel: &SalesPanel,
    windows: &Windows,
    described: &Described,
    d: usize,
    fewest: usize,
) -> (Vec<SeriesShape>, Map) {
    let w = windows.window;
    let rows: Vec<usize> = (0..windows.len()).collect();
    let own: Vec<&[usize]> = rows.chunk_by(|a, b| windows.at[*a].series == windows.at[*b].series).collect();
    let (mut codes, mut profiles) = (vec![0.0; own.len() * d], vec![0.0; own.len() * w]);
    for (i, rows) in own.iter().enumerate() {
        let share = 1.0 / rows.len() as f64;
        for k in *rows {
            let code = &described.codes[k * d..(k + 1) * d];
            codes[i * d..(i + 1) * d].iter_mut().zip(code).for_each(|(sum, c)| *sum += share * c);
            let made = &described.made[k * w..(k + 1) * w];
            profiles[i * w..(i + 1) * w].iter_mut().zip(made).for_each(|(sum, m)| *sum += share * f64::from(*m));
        }
    }
    let counts: Vec<bool> = own.iter().map(|rows| windows.is_whole(rows[0])).collect();
    let map = embedding::map(&codes, &profiles, &counts, (d, w));
    let mut shapes: Vec<SeriesShape> = panel.series().iter().map(|s| without(&s.id, s.values.len(), fewest)).collect();
    for (i, rows) in own.iter().enumerate() {
        let latest = windows.at[rows[rows.len() - 1]];
        let shape = &mut shapes[latest.series];
        shape.known = latest.known;
        shape.embedding = map.place(&codes[i * d..(i + 1) * d]);
        shape.profile = profiles[i * w..(i + 1) * w].to_vec();
        shape.note = Text::default();
        if !counts[i] {
            shape.note = words::part_of_a_window(latest.known, w);
            continue;
        }
        let of = |k: &usize| error(&described.made[k * w..(k + 1) * w], windows.row(*k));
        shape.errors = rows.iter().map(of).collect();
        if rows.iter().all(|k| windows.at[*k].is_sparse) {
            shape.note = words::sparse();
        }
    }
    (shapes, map)
}

/// A series without a shape, and why it has none.
fn without(id: &SeriesId, periods: usize, fewest: usize) -> SeriesShape {
    SeriesShape {
        id: id.clone(),
        known: 0,
        embedding: Vec::new(),
        profile: Vec::new(),
        cluster: None,
        errors: Vec::new(),
        nearest: Vec::new(),
        usual_distance: 0.0,
        expected: Vec::new(),
        anomalies: Vec::new(),
        note: if periods < fewest { words::too_short(periods, fewest) } else { words::flat() },
    }
}

/// Puts every shape into its cluster; the clusters, largest first, named.
fn cluster(shapes: &mut [SeriesShape], groups: &Groups, panel: &SalesPanel, windows: &Windows) -> Vec<ShapeCluster> {
    let mut sparse = vec![false; shapes.len()];
    windows.at.iter().for_each(|at| sparse[at.series] = at.is_sparse);
    let mut members = vec![Vec::new(); groups.len()];
    for (k, shape) in shapes.iter().enumerate().filter(|(_, s)| !s.embedding.is_empty()) {
        members[groups.of(&shape.embedding)].push(k);
    }
    members.retain(|own| !own.is_empty());
    members.sort_by_key(|own| (std::cmp::Reverse(own.len()), own[0]));
    let mut clusters: Vec<ShapeCluster> = Vec::with_capacity(members.len());
    for own in &members {
        let mut profile = vec![0.0; windows.window];
        for k in own {
            let share = 1.0 / own.len() as f64;
            profile.iter_mut().zip(&shapes[*k].profile).for_each(|(p, v)| *p += share * v);
            shapes[*k].cluster = Some(clusters.len());
        }
        let is_sparse = 2 * own.iter().filter(|k| sparse[**k]).count() > own.len();
        let name = names::name(&profile, panel.end(), is_sparse);
        let errors: Vec<f64> = own.iter().filter_map(|k| shapes[*k].error()).collect();
        clusters.push(ShapeCluster { name, members: own.len(), profile, error: mean(&errors) });
    }
    number(&mut clusters);
    clusters
}

/// Tells clusters of the same name apart.
fn number(clusters: &mut [ShapeCluster]) {
    for k in (1..clusters.len()).rev() {
        let before = clusters[..k].iter().filter(|c| c.name == clusters[k].name).count();
        if before > 0 {
            let (Text { en, zh }, number) = (&clusters[k].name, before + 1);
            clusters[k].name = text!("{en} ({number})", "{zh}（{number}）");
        }
    }
}
