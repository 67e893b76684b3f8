//! The arguments, as users type them. Names here are a contract.

use super::cash::Cash;
use super::drivers::DriverArguments;
use super::explore::{GoalArguments, Sensitivity};
use super::receipts::{LeadTimes, ReceiptArguments};
use super::risk::RiskArguments;
use super::segments::Segments;
use super::weights::WeightArguments;
use crate::diagnostic::Diagnostic;
use crate::model::{Frequency, Horizon};
use crate::pipeline::{
    Device, Models, NetworkOptions, NetworkPreset, PipelineError, ReadOptions, Reconciliation, Settings, parse_models,
};
use clap::{Args, Parser, ValueEnum};
use std::path::PathBuf;

/// Supply planning on your own desk. Without a subcommand the window opens.
#[derive(Debug, Parser)]
#[command(name = "planwright", version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    /// Project, sales file or network to open in the window
    pub(super) project: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Option<Subcommand>,
}

/// What to do without a window.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Subcommand {
    /// Plan everything and write the workbook
    Run(Run),
    /// Say what is wrong with a sales file
    Check(Check),
    /// Forecast every series
    Forecast(Forecast),
    /// Compare models over rolling origins
    Backtest(Backtest),
    /// Plan stock and orders
    Stock(Stock),
    /// Rank what needs somebody by the money at stake, and play through disruptions
    Risk(RiskArguments),
    /// Plan shipments over a network
    Dispatch(Dispatch),
    /// Find kinds of demand, like items, and periods that don't fit
    Shapes(Shapes),
    /// Learn lead times from goods receipts, list stale ones by money, and score suppliers
    Leadtimes(LeadTimes),
    /// List what a network can be trained on
    Devices(Common),
    /// Make saved networks smaller, and measure what that costs and brings
    Weights(Weights),
    /// Say why a network over all items forecasts what it does for one, and what it would were an input another
    Explain(Explain),
    /// Compare two scenarios down to the item, and say which changes cost how much
    Compare(super::compare::Compare),
    /// Date what is paid and collected, and spread what items share
    Cash(Cash),
    /// Cut items into ABC–XYZ segments; stock against service; what to buy under a budget
    Segments(Segments),
    /// Say what to set on each item so that a goal is reached: less stock at the same service, least cost
    Goal(GoalArguments),
    /// Say which lever moves a figure most, and play two levers against each other
    Sensitivity(Sensitivity),
}

impl Subcommand {
    /// The arguments that every subcommand takes.
    pub(super) fn common(&self) -> &Common {
        match self {
            Self::Run(a) => &a.common,
            Self::Check(a) => &a.common,
            Self::Forecast(a) => &a.common,
            Self::Backtest(a) => &a.common,
            Self::Stock(a) => &a.common,
            Self::Risk(a) => &a.common,
            Self::Dispatch(a) => &a.common,
            Self::Shapes(a) => &a.common,
            Self::Leadtimes(a) => &a.common,
            Self::Devices(common) => common,
            Self::Weights(a) => &a.common,
            Self::Explain(a) => &a.common,
            Self::Compare(a) => &a.common,
            Self::Cash(a) => &a.common,
            Self::Segments(a) => &a.common,
            Self::Goal(a) => &a.common,
            Self::Sensitivity(a) => &a.common,
        }
    }
}

/// Arguments of every subcommand.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// Threads to compute with; all cores when left out
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Print one summary object on standard output and nothing else there
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Sales file: CSV, TSV, XLSX, XLS, ODS, Parquet
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Item master data
    #[arg(long)]
    pub(super) items: Option<PathBuf>,
    /// Delivery network: a workbook, or a folder of CSV files
    #[arg(long)]
    pub(super) network: Option<PathBuf>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// Periods ahead
    #[arg(long)]
    pub(super) horizon: Option<usize>,
    /// Scenario table: lever, scope, change, value
    #[arg(long)]
    pub(super) scenario: Option<PathBuf>,
    #[command(flatten)]
    pub(super) drivers: DriverArguments,
    #[command(flatten)]
    pub(super) judged: Judged,
    #[command(flatten)]
    pub(super) receipts: ReceiptArguments,
    /// Workbook to write
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Sales file
    pub(super) sales: PathBuf,
    /// CSV file to write the findings to
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments that say how to forecast.
#[derive(Debug, Args)]
pub(super) struct Method {
    /// Sales file: CSV, TSV, XLSX, XLS, ODS, Parquet
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Periods ahead
    #[arg(long)]
    pub(super) horizon: usize,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// `auto`, or model names separated by commas; names beside `auto` are taken only where they are better beyond chance
    #[arg(long, default_value = "auto")]
    pub(super) models: String,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Where a network is trained
    #[arg(long, value_enum, default_value_t)]
    pub(super) device: On,
    /// Size and training of networks over all items
    #[arg(long, value_enum, default_value_t)]
    pub(super) preset: Preset,
    /// Units of each layer of a network
    #[arg(long, alias = "lstm-units", value_delimiter = ',')]
    pub(super) units: Option<Vec<usize>>,
    /// Past values that a network sees
    #[arg(long)]
    pub(super) window: Option<usize>,
    /// Most passes over the training windows
    #[arg(long)]
    pub(super) epochs: Option<usize>,
    /// Windows per training step
    #[arg(long)]
    pub(super) batch: Option<usize>,
    /// Adam's step size
    #[arg(long)]
    pub(super) learning_rate: Option<f64>,
    /// Let an LSTM over all items look back at its whole window with weights of its own; `explain` shows them
    #[arg(long)]
    pub(super) attention: bool,
    /// Share of the numbers between a network's layers that a training step leaves out, from 0 to below 1
    #[arg(long)]
    pub(super) dropout: Option<f64>,
    /// Share of a network's weights that training takes off per unit of step size, from 0 to below 1
    #[arg(long)]
    pub(super) weight_decay: Option<f64>,
    /// Train on the histories alone, not on ones that might have been as well
    #[arg(long)]
    pub(super) no_augment: bool,
    #[command(flatten)]
    pub(super) drivers: DriverArguments,
    #[command(flatten)]
    pub(super) weights: WeightArguments,
}

/// Arguments that say what is made of the statistical forecasts.
#[derive(Debug, Args)]
pub(super) struct Judged {
    /// Make forecasts of series, categories, regions and locations add up: none, bottom-up, top-down, top-down-history,
    /// middle-out, middle-out:region, ols, wls-structural, wls-variance; the last three also with -non-negative
    #[arg(long, value_name = "METHOD", default_value = "none")]
    pub(super) reconcile: String,
    /// Overrides: scope, key, first, last, kind, value, reason, author, expires
    #[arg(long)]
    pub(super) overrides: Option<PathBuf>,
    /// New items' histories: `new_item`, `new_location`, `like_item`, `like_location`, `multiplier`, `launch_periods`, kind
    #[arg(long)]
    pub(super) successions: Option<PathBuf>,
}

impl Judged {
    /// How forecasts are made to add up.
    ///
    /// # Errors
    /// [`PipelineError::Unreadable`] when there is no such way.
    pub(super) fn reconciliation(&self) -> Result<Reconciliation, PipelineError> {
        Reconciliation::parse(&self.reconcile).map_err(PipelineError::Unreadable)
    }
}

/// Arguments of `forecast`.
#[derive(Debug, Args)]
pub(super) struct Forecast {
    #[command(flatten)]
    pub(super) method: Method,
    /// Item master data: categories for groups and overrides
    #[arg(long)]
    pub(super) items: Option<PathBuf>,
    /// Delivery network: regions of its sites and customers
    #[arg(long)]
    pub(super) network: Option<PathBuf>,
    #[command(flatten)]
    pub(super) judged: Judged,
    /// Nominal coverages of the intervals, percent
    #[arg(long, value_delimiter = ',', default_value = "80,95")]
    pub(super) levels: Vec<f64>,
    /// CSV file to write
    #[arg(long)]
    pub(super) out: PathBuf,
    /// CSV file to write the groups to: total, categories, regions, locations, items
    #[arg(long)]
    pub(super) groups: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `backtest`.
#[derive(Debug, Args)]
pub(super) struct Backtest {
    #[command(flatten)]
    pub(super) method: Method,
    /// Rolling-origin folds
    #[arg(long)]
    pub(super) folds: usize,
    /// Item master data: costs, lead times and policies for the cost of forecasts, categories for the value added
    #[arg(long)]
    pub(super) items: Option<PathBuf>,
    /// Delivery network: regions for the value added
    #[arg(long)]
    pub(super) network: Option<PathBuf>,
    /// Past overrides, to be judged by the value they added
    #[arg(long)]
    pub(super) overrides: Option<PathBuf>,
    /// CSV file to write the value added to: naive, chosen, override, by group, level and author
    #[arg(long)]
    pub(super) value_added: Option<PathBuf>,
    /// CSV file to write the cost of forecasts to: what each model would have led to under each item's policy
    #[arg(long, requires = "items")]
    pub(super) cost: Option<PathBuf>,
    /// CSV file to write the same by model to, over the items
    #[arg(long, requires = "items")]
    pub(super) cost_by_model: Option<PathBuf>,
    /// CSV file to write
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `stock`.
#[derive(Debug, Args)]
pub(super) struct Stock {
    /// Sales file
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Item master data
    #[arg(long)]
    pub(super) items: PathBuf,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// Periods ahead
    #[arg(long)]
    pub(super) horizon: Option<usize>,
    #[command(flatten)]
    pub(super) receipts: ReceiptArguments,
    /// CSV file to write
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `dispatch`.
#[derive(Debug, Args)]
pub(super) struct Dispatch {
    /// Delivery network: a workbook, or a folder of CSV files
    #[arg(long)]
    pub(super) network: PathBuf,
    /// Demand table; without it the customers' own demand counts
    #[arg(long)]
    pub(super) demand: Option<PathBuf>,
    /// Answer "infeasible" instead of leaving demand unmet at its penalty
    #[arg(long)]
    pub(super) must_meet: bool,
    /// Wall-clock limit in seconds
    #[arg(long, default_value_t = 30.0)]
    pub(super) time_limit: f64,
    /// CSV file to write
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `shapes`.
#[derive(Debug, Args)]
pub(super) struct Shapes {
    /// Sales file
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// Periods of a window; 0 takes a season, or as many seasons as make 12 periods
    #[arg(long, default_value_t = 0)]
    pub(super) window: usize,
    /// What describes a window
    #[arg(long, value_enum, default_value_t)]
    pub(super) coder: Coder,
    /// Number of clusters; 0 takes the one with the largest silhouette
    #[arg(long, default_value_t = 0)]
    pub(super) groups: usize,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// CSV file to write: item, location, cluster, embedding, reconstruction error, nearest items
    #[arg(long)]
    pub(super) out: PathBuf,
    /// CSV file to write periods to that don't go with the rest of their window
    #[arg(long)]
    pub(super) anomalies: Option<PathBuf>,
    /// CSV file to write the clusters' mean profiles to
    #[arg(long)]
    pub(super) clusters: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// What describes a window, as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Coder {
    /// The autoencoder where it is better than principal components, beyond chance
    #[default]
    Auto,
    Autoencoder,
    /// Principal components
    Linear,
}

/// Arguments of `weights`.
#[derive(Debug, Args)]
pub(super) struct Weights {
    /// Saved weights
    #[arg(long)]
    pub(super) load: PathBuf,
    /// Sales file whose last periods the error is measured on
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Item master data, whose categories networks may have been told
    #[arg(long)]
    pub(super) items: Option<PathBuf>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// Share of the weights, the smallest ones, to set to zero
    #[arg(long, default_value_t = 0.0)]
    pub(super) prune: f64,
    /// Share of every hidden layer's units, the weakest ones, to leave out
    #[arg(long, default_value_t = 0.0)]
    pub(super) prune_units: f64,
    /// Save 16 bits of each weight
    #[arg(long)]
    pub(super) half: bool,
    /// Go on learning from the sales, but for their last periods, after leaving out units
    #[arg(long, conflicts_with = "prune")]
    pub(super) fine_tune: bool,
    /// How much going on learning may take
    #[arg(long, value_enum, default_value_t)]
    pub(super) preset: Preset,
    /// File to write the smaller weights to
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// Sales file
    #[arg(long)]
    pub(super) sales: PathBuf,
    /// Item master data, whose categories networks may have been told
    #[arg(long)]
    pub(super) items: Option<PathBuf>,
    /// Saved weights of networks over all items
    #[arg(long, value_name = "FILE")]
    pub(super) load_weights: PathBuf,
    /// Item whose forecast is taken apart
    #[arg(long)]
    pub(super) item: String,
    /// Its location, where sales tell locations
    #[arg(long, default_value = "")]
    pub(super) location: String,
    /// Network, by its model name; the last one of the file when left out
    #[arg(long)]
    pub(super) model: Option<String>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// What if an input had been another: `NAME@PERIOD=VALUE`, a driver's name or `demand`; may be given many times
    #[arg(long, value_name = "CHANGE")]
    pub(super) set: Vec<String>,
    /// Seed of the reference windows and, with many inputs, of the orders tried
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) drivers: DriverArguments,
    /// CSV file to write the parts of every period to
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
    /// CSV file to write the attention over the window to
    #[arg(long)]
    pub(super) attention: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// Length of a period, as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Bucket {
    /// From the data
    #[default]
    Auto,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Bucket {
    /// How a sales file is read with this period length.
    pub(super) fn read_options(self) -> ReadOptions {
        let frequency = match self {
            Self::Auto => None,
            Self::Day => Some(Frequency::Day),
            Self::Week => Some(Frequency::Week),
            Self::Month => Some(Frequency::Month),
            Self::Quarter => Some(Frequency::Quarter),
            Self::Year => Some(Frequency::Year),
        };
        ReadOptions { frequency, ..ReadOptions::default() }
    }
}

/// Where a network is trained, as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum On {
    /// A GPU when one is built in and present
    #[default]
    Auto,
    Cpu,
    Cuda,
    Metal,
}

/// How much is spent on networks over all items.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Preset {
    /// A look at whether a network helps
    Quick,
    #[default]
    Balanced,
    /// A larger team of larger networks
    Thorough,
}

impl Preset {
    pub(super) fn options(self) -> NetworkOptions {
        match self {
            Self::Quick => NetworkPreset::Quick,
            Self::Balanced => NetworkPreset::Balanced,
            Self::Thorough => NetworkPreset::Thorough,
        }
        .options()
    }
}

impl Method {
    /// The settings that the arguments ask for.
    ///
    /// # Errors
    /// [`PipelineError::Unreadable`] naming the argument that makes no sense.
    pub(super) fn settings(&self) -> Result<Settings, PipelineError> {
        let mut settings = Settings { horizon: horizon(self.horizon)?, seed: self.seed, ..Settings::default() };
        settings.models = models(&self.models)?;
        settings.device = match self.device {
            On::Auto => Device::Auto,
            On::Cpu => Device::Cpu,
            On::Cuda => Device::Cuda,
            On::Metal => Device::Metal,
        };
        settings.neural = self.preset.options();
        let Settings { lstm, neural, .. } = &mut settings;
        let set = |to: [&mut usize; 2], given: Option<usize>| {
            if let Some(given) = given {
                for to in to {
                    *to = given;
                }
            }
        };
        if let Some(units) = &self.units {
            lstm.units.clone_from(units);
            neural.units.clone_from(units);
        }
        set([&mut lstm.window, &mut neural.window], self.window);
        set([&mut lstm.epochs, &mut neural.epochs], self.epochs);
        set([&mut lstm.batch, &mut neural.batch], self.batch);
        neural.attention = self.attention;
        neural.augment &= !self.no_augment;
        neural.dropout = self.dropout.unwrap_or(neural.dropout);
        neural.weight_decay = self.weight_decay.unwrap_or(neural.weight_decay);
        if let Some(rate) = self.learning_rate {
            (lstm.learning_rate, neural.learning_rate) = (rate, rate);
        }
        Ok(settings)
    }
}

/// A horizon in range.
///
/// # Errors
/// [`PipelineError::Unreadable`] when it isn't.
pub(super) fn horizon(periods: usize) -> Result<Horizon, PipelineError> {
    Horizon::new(periods).map_err(PipelineError::Unreadable)
}

fn models(list: &str) -> Result<Models, PipelineError> {
    parse_models(list).map_err(|finding: Box<Diagnostic>| PipelineError::Unreadable(finding))
}
