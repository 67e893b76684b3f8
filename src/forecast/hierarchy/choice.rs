//! The ways to reconcile, by name.

use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::model::GroupLevel;
use crate::text;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How forecasts are made to add up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Reconciliation {
    /// Not at all: only the series themselves are forecast.
    #[default]
    None,
    /// Groups are the sums of their series' forecasts.
    BottomUp,
    /// The total's forecast is split over the series.
    TopDown(Shares),
    /// The forecasts of one level, by its name, are split below it and summed above it.
    MiddleOut(Arc<str>, Shares),
    /// All levels' forecasts are moved as little as possible, measured by these weights.
    LeastSquares(Weights, Sign),
}

/// Shares by which a forecast is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shares {
    /// Average historical proportions (Gross & Sohl 1990, *Disaggregation methods to expedite product line
    /// forecasting*, J. Forecasting 9, method A).
    History,
    /// Proportions of the forecasts, level by level (Athanasopoulos, Ahmed & Hyndman 2009, *Hierarchical forecasts for
    /// Australian domestic tourism*, Int. J. Forecasting 25).
    #[default]
    Forecasts,
}

/// What a move of one unit costs at a node: the inverse of its entry in `W`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Weights {
    /// The same everywhere: ordinary least squares.
    Equal,
    /// One over the number of series below: structural scaling (Athanasopoulos et al. 2017).
    Structural,
    /// One over the variance of the one-step errors: series scaling (Hyndman, Lee & Wang 2016).
    Variance,
}

/// Whether reconciled forecasts may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Sign {
    /// They may.
    #[default]
    Any,
    /// They may not.
    NotNegative,
}

/// Names on the command line; `middle-out:LEVEL` is read besides.
const NAMES: [(&str, Reconciliation); 11] = [
    ("none", Reconciliation::None),
    ("bottom-up", Reconciliation::BottomUp),
    ("top-down", Reconciliation::TopDown(Shares::Forecasts)),
    ("top-down-history", Reconciliation::TopDown(Shares::History)),
    ("top-down-forecast", Reconciliation::TopDown(Shares::Forecasts)),
    ("ols", Reconciliation::LeastSquares(Weights::Equal, Sign::Any)),
    ("wls-structural", Reconciliation::LeastSquares(Weights::Structural, Sign::Any)),
    ("wls-variance", Reconciliation::LeastSquares(Weights::Variance, Sign::Any)),
    ("ols-non-negative", Reconciliation::LeastSquares(Weights::Equal, Sign::NotNegative)),
    ("wls-structural-non-negative", Reconciliation::LeastSquares(Weights::Structural, Sign::NotNegative)),
    ("wls-variance-non-negative", Reconciliation::LeastSquares(Weights::Variance, Sign::NotNegative)),
];
/// The level that middle-out starts from when none is named.
const MIDDLE: &str = "category";

impl Reconciliation {
    /// Reads a name: `none`, `bottom-up`, `top-down`, `top-down-history`, `middle-out`, `middle-out:region`, `ols`,
    /// `wls-structural`, `wls-variance`, and the last three with `-non-negative` behind them.
    ///
    /// # Errors
    /// A diagnostic that lists the names there are.
    pub fn parse(name: &str) -> Result<Self, Box<Diagnostic>> {
        let name = name.trim().to_lowercase().replace('_', "-");
        if let Some((_, method)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Ok(method.clone());
        }
        match name.split_once(':').unwrap_or((&name, MIDDLE)) {
            ("middle-out", level) => Ok(Self::MiddleOut(level.trim().into(), Shares::Forecasts)),
            _ => Err(unknown(&name)),
        }
    }

    /// The name that [`parse`](Self::parse) reads.
    pub fn name(&self) -> String {
        match self {
            Self::MiddleOut(level, _) => format!("middle-out:{level}"),
            other => {
                NAMES.iter().find(|(_, method)| method == other).map_or_else(String::new, |(n, _)| (*n).to_owned())
            }
        }
    }

    /// The name for people.
    pub fn label(&self) -> Text {
        match self {
            Self::None => text!("none", "不协调"),
            Self::BottomUp => text!("bottom-up", "自下而上"),
            Self::TopDown(Shares::History) => text!("top-down by historical shares", "自上而下（历史占比）"),
            Self::TopDown(Shares::Forecasts) => text!("top-down by forecast shares", "自上而下（预测占比）"),
            Self::MiddleOut(level, _) => {
                let label = GroupLevel::parse(level).map_or_else(|| Text::same(&**level), GroupLevel::label);
                Text::new(format!("middle-out from {level}"), format!("从 {} 层向两端", label.zh))
            }
            Self::LeastSquares(weights, sign) => {
                let name = match weights {
                    Weights::Equal => text!("ordinary least squares", "普通最小二乘"),
                    Weights::Structural => text!("least squares, structural weights", "结构加权最小二乘"),
                    Weights::Variance => text!("least squares, variance weights", "方差加权最小二乘"),
                };
                match sign {
                    Sign::Any => name,
                    Sign::NotNegative => {
                        Text::new(format!("{}, not negative", name.en), format!("{}（非负）", name.zh))
                    }
                }
            }
        }
    }
}

fn unknown(name: &str) -> Box<Diagnostic> {
    let name: String = name.chars().take(80).collect();
    let known: Vec<&str> = NAMES.iter().map(|(known, _)| *known).chain(["middle-out", "middle-out:LEVEL"]).collect();
    let known = known.join(", ");
    Box::new(Diagnostic::new(
        Severity::Error,
        "unknown-reconciliation",
        text!("There is no reconciliation called \"{name}\"", "没有名为“{name}”的协调方法"),
        text!("Use one of: {known}", "请使用以下之一：{known}"),
        Place::default(),
    ))
}
