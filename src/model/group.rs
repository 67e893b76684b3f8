//! Groups of series and their forecasts: what planners, sales and finance talk about instead of items.

use super::forecast::Forecast;
use super::sales::Series;
use crate::text;
use crate::words::Text;
use std::sync::Arc;

/// Between the two names of a group that is a category at a place; no code holds it.
pub const NAME_SEPARATOR: char = '\u{1f}';

/// What the series of a group have in common, coarsest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupLevel {
    /// Nothing: all series.
    Total,
    /// The item's category.
    Category,
    /// The location's region.
    Region,
    /// The location.
    Location,
    /// Category and region.
    CategoryRegion,
    /// Category and location.
    CategoryLocation,
    /// The item, at all its locations.
    Item,
}

impl GroupLevel {
    /// All levels, coarsest first.
    pub const ALL: [Self; 7] = [
        Self::Total,
        Self::Category,
        Self::Region,
        Self::Location,
        Self::CategoryRegion,
        Self::CategoryLocation,
        Self::Item,
    ];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Category => "category",
            Self::Region => "region",
            Self::Location => "location",
            Self::CategoryRegion => "category-region",
            Self::CategoryLocation => "category-location",
            Self::Item => "item",
        }
    }

    /// The level of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Total => text!("Total", "总计"),
            Self::Category => text!("Category", "类别"),
            Self::Region => text!("Region", "区域"),
            Self::Location => text!("Location", "地点"),
            Self::CategoryRegion => text!("Category by region", "类别×区域"),
            Self::CategoryLocation => text!("Category by location", "类别×地点"),
            Self::Item => text!("Item", "商品"),
        }
    }
}

/// One group's past and future. The future is the sum of its series' final forecasts, path by path.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupForecast {
    /// What its series have in common.
    pub level: GroupLevel,
    /// Which of the level's groups; see [`GroupForecast::label`].
    pub name: Arc<str>,
    /// Number of its series.
    pub series: usize,
    /// Its series' demand added up.
    pub history: Series,
    /// The forecast made of its own history, without paths; `None` where the way to reconcile needs none.
    pub own: Option<Arc<Forecast>>,
    /// Its series' statistical forecasts added up, launch curves included, per step.
    pub bottom: Vec<f64>,
    /// Its series' reconciled forecasts added up, per step; `None` where nothing was reconciled.
    pub reconciled: Option<Vec<f64>>,
    /// Its series' final forecasts added up, overrides and scenario included, with intervals but without paths.
    pub last: Forecast,
    /// Standard deviation of its past one-step errors over what independent errors would have had: above 1 its series
    /// err together, and the interval is that much wider than their paths' sums. `None` where the past is too short to say.
    pub spread: Option<f64>,
    /// How forecasts were made to add up.
    pub how: Text,
}

impl GroupForecast {
    /// The name for people: a category at a place is both.
    pub fn label(&self) -> Text {
        if self.level == GroupLevel::Total {
            return text!("All", "全部");
        }
        let of = |part: &str| match part {
            "" => text!("(none)", "（无）"),
            part => Text::same(part),
        };
        match self.name.split_once(NAME_SEPARATOR) {
            Some((category, place)) => {
                let (a, b) = (of(category), of(place));
                Text::new(format!("{} · {}", a.en, b.en), format!("{} · {}", a.zh, b.zh))
            }
            None => of(&self.name),
        }
    }

    /// What reconciliation added to the sum of the series' own forecasts, per step; zero where nothing was reconciled.
    pub fn moved(&self) -> Vec<f64> {
        match &self.reconciled {
            Some(reconciled) => reconciled.iter().zip(&self.bottom).map(|(r, b)| r - b).collect(),
            None => vec![0.0; self.bottom.len()],
        }
    }
}
