//! Why a network over all series forecasts what it does for one of them: values for bars, strips and sentences.

use super::calendar::Period;
use super::sales::SeriesId;
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// One forecast of a network taken apart.
///
/// Over every step, `level + theta + usual + Σ contributions = forecast`: what the level and season alone would give, what
/// Theta's forecast moves that by where the network is averaged with it, what the network's answers to other windows of the
/// panel would make of it on average, and what each group of this window's inputs adds to that.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkExplanation {
    /// Whose forecast.
    pub id: SeriesId,
    /// The network's name on the command line.
    pub network: Arc<str>,
    /// The first period forecast.
    pub start: Period,
    /// The network's forecast, units per step: the mean that it is shown with.
    pub forecast: Vec<f64>,
    /// The level with its season when the network answers nothing, units per step.
    pub level: Vec<f64>,
    /// By how much Theta's forecast moves that, units per step; zeros where it isn't asked.
    pub theta: Vec<f64>,
    /// What the answers to the reference windows add to that on average, units per step.
    pub usual: Vec<f64>,
    /// What each group of inputs adds, the recent past first.
    pub contributions: Vec<Contribution>,
    /// Windows of the panel that stand for "this input is not known".
    pub references: usize,
    /// Set where there were too many groups to try all their subsets.
    pub sampling: Option<Sampling>,
    /// What the network's attention looked at; `None` without attention.
    pub attention: Option<AttentionStrip>,
    /// Inputs that may be asked about, over the window and the horizon.
    pub inputs: Vec<NetworkInput>,
}

/// What one group of inputs adds to the forecast: its Shapley value.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The group.
    pub of: InputGroup,
    /// Units per step.
    pub by_step: Vec<f64>,
}

/// Inputs of a network that are known, or not, together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputGroup {
    /// Demand of the periods from the first to the last of these lags, beside its level; lag 1 is the latest period.
    Lags(usize, usize),
    /// Where in the season the window lies, and how smoothing's season goes on.
    Season,
    /// How nervous demand is, and how long it has been known.
    Noise,
    /// Where level and slope of smoothing lead.
    Slope,
    /// A driver, past and future together, by its name.
    Driver(Text),
    /// How large counts are.
    Size,
    /// How much and how often was demanded of late and before, and how long that has been known, of counts.
    Memory,
    /// Where it is sold.
    Location,
    /// What kind of item it is.
    Category,
}

/// How Shapley values were sampled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Orders in which groups became known.
    pub orders: usize,
    /// Largest standard error of a contribution to the sum over the horizon, units.
    pub error: f64,
}

/// What a network's attention looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct AttentionStrip {
    /// The first period of the window.
    pub start: Period,
    /// Weight per period, oldest first: none negative, their sum 1; the mean over the team.
    pub weights: Vec<f64>,
}

/// An input with its values, as far as the network looks.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkInput {
    /// Which.
    pub of: ChangedInput,
    /// The period of the first value.
    pub start: Period,
    /// Values, units of the input.
    pub values: Vec<f64>,
    /// True where it is a share or a flag, in `[0, 1]`.
    pub is_share: bool,
}

/// An input that might have been another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangedInput {
    /// The series' own demand.
    Demand,
    /// A driver by its English name.
    Driver(Arc<str>),
}

/// One input in one period as it might have been.
#[derive(Debug, Clone, PartialEq)]
pub struct InputChange {
    /// Which.
    pub of: ChangedInput,
    /// When.
    pub period: Period,
    /// What it might have been.
    pub value: f64,
}

/// A network's forecast before and after inputs were changed; nothing is trained anew.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// The first period forecast.
    pub start: Period,
    /// Units per step as things are.
    pub before: Vec<f64>,
    /// Units per step as they might have been.
    pub after: Vec<f64>,
}

impl NetworkExplanation {
    /// Forecast steps.
    pub fn steps(&self) -> usize {
        self.forecast.len()
    }

    /// True where the network is averaged with Theta's forecast.
    pub fn asks_theta(&self) -> bool {
        self.theta.iter().any(|v| *v != 0.0)
    }

    /// What the parts add up to, units per step.
    pub fn sum(&self, step: usize) -> f64 {
        let known = self.level[step] + self.theta[step] + self.usual[step];
        known + self.contributions.iter().map(|c| c.by_step[step]).sum::<f64>()
    }

    /// By how much the sum over the horizon misses the forecast, units: the additivity check.
    pub fn residual(&self) -> f64 {
        (0..self.steps()).map(|h| self.forecast[h] - self.sum(h)).sum()
    }
}

impl InputGroup {
    /// The name for people.
    pub fn label(&self) -> Text {
        match self {
            Self::Lags(1, 1) => text!("Demand of the last period", "最近 1 期需求"),
            Self::Lags(1, last) => text!("Demand of the last {last} periods", "最近 {last} 期需求"),
            Self::Lags(first, last) if first == last => text!("Demand {first} periods ago", "{first} 期前的需求"),
            Self::Lags(first, last) => text!("Demand {first}–{last} periods ago", "{first}–{last} 期前的需求"),
            Self::Season => text!("Place in the season", "所处季节位置"),
            Self::Driver(name) => name.clone(),
            Self::Size => text!("Size of its demand", "需求规模"),
            Self::Memory => text!("Demand of late and before", "近期与以往的需求"),
            Self::Noise => text!("How nervous its demand is", "需求波动程度"),
            Self::Slope => text!("Where level and slope lead", "水平与趋势的走向"),
            Self::Location => text!("Location", "地点"),
            Self::Category => text!("Category", "类别"),
        }
    }
}
