//! How items are cut into segments, and what holds for each: what the user decided.

use super::item::ItemField;
use super::replenishment::{Policy, SafetyBasis};
use super::sales::SeriesId;
use super::segment::{Abc, Segment, Xyz};
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What makes an item dear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum AbcCriterion {
    /// Units a year × sales price; × unit cost for an item without a price.
    #[default]
    Revenue,
    /// Units a year × unit cost.
    Cost,
    /// Units a year × (sales price − unit cost).
    Margin,
    /// Units a year.
    Units,
    /// Periods a year in which it sells: how often somebody has to touch it.
    PeriodsSold,
}

impl AbcCriterion {
    /// All criteria, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::Revenue, Self::Cost, Self::Margin, Self::Units, Self::PeriodsSold];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Revenue => "revenue",
            Self::Cost => "cost",
            Self::Margin => "margin",
            Self::Units => "units",
            Self::PeriodsSold => "periods-sold",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Revenue => Text::new("Revenue a year", "年销售额"),
            Self::Cost => Text::new("Cost value a year", "年成本金额"),
            Self::Margin => Text::new("Margin a year", "年毛利"),
            Self::Units => Text::new("Units a year", "年销量"),
            Self::PeriodsSold => Text::new("Periods sold a year", "年动销期数"),
        }
    }

    /// The criterion by its name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|criterion| criterion.name() == name)
    }

    /// True when it is counted in money.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Revenue | Self::Cost | Self::Margin)
    }
}

/// Which demand counts as a year's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum YearlyDemand {
    /// What was sold in the last twelve months.
    #[default]
    Sold,
    /// The forecast, as a year's.
    Forecast,
}

/// What makes an item erratic. Each is a coefficient of variation: a deviation over the mean of demand per period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum XyzMeasure {
    /// The deviation of demand.
    #[default]
    Demand,
    /// The deviation of what the season doesn't explain: of the change from a season ago, over √2.
    WithoutSeason,
    /// The forecast's root mean squared error in the backtest.
    ForecastError,
}

impl XyzMeasure {
    /// All measures, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Demand, Self::WithoutSeason, Self::ForecastError];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::WithoutSeason => "without-season",
            Self::ForecastError => "forecast-error",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Demand => Text::new("Demand", "需求"),
            Self::WithoutSeason => Text::new("Demand without season", "剔除季节的需求"),
            Self::ForecastError => Text::new("Forecast error", "预测误差"),
        }
    }

    /// The measure by its name.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }
}

/// Whether a segment's items are held in stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Stocking {
    /// Held in stock.
    #[default]
    Stocked,
    /// Bought or made once a customer has ordered: no stock, and the customer waits for the lead time.
    ToOrder,
}

/// What holds for a segment's items where their own data doesn't say otherwise; `None` leaves a field as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SegmentRule {
    /// Replenishment policy.
    pub policy: Option<Policy>,
    /// What safety stock is made for.
    pub safety_basis: Option<SafetyBasis>,
    /// Target cycle service level, in `(0, 1)`.
    pub service_level: Option<f64>,
    /// Target fill rate, in `(0, 1)`.
    pub fill_rate: Option<f64>,
    /// Days of mean demand that safety stock lasts, ≥ 0.
    pub cover_days: Option<f64>,
    /// Days between two looks at the stock, ≥ 0.
    pub review_period_days: Option<f64>,
    /// Whether they are held in stock.
    pub stocking: Stocking,
}

impl SegmentRule {
    /// The item fields that rules may state.
    pub const FIELDS: [ItemField; 6] = [
        ItemField::Policy,
        ItemField::SafetyBasis,
        ItemField::ServiceLevel,
        ItemField::FillRate,
        ItemField::CoverDays,
        ItemField::ReviewPeriodDays,
    ];

    /// True when it states nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How items are cut into segments, and the rules of those that have one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Segmentation {
    /// What makes an item dear.
    pub criterion: AbcCriterion,
    /// Which demand counts as a year's.
    pub yearly: YearlyDemand,
    /// Cumulative shares of the value at which A and B end, rising, in `[0, 1]`.
    pub abc_cuts: (f64, f64),
    /// What makes an item erratic.
    pub measure: XyzMeasure,
    /// Coefficients of variation at which X and Y end, rising, ≥ 0.
    pub xyz_cuts: (f64, f64),
    /// How far an item must pass a cut to leave its former class: a share of the value for ABC, a share of the cut for XYZ.
    pub margin: f64,
    /// The former classes, by item and location, sorted; empty when none were kept.
    pub former: Arc<Vec<(SeriesId, Segment)>>,
    /// What holds for each segment.
    pub rules: BTreeMap<Segment, SegmentRule>,
}

impl Default for Segmentation {
    fn default() -> Self {
        Self {
            criterion: AbcCriterion::Revenue,
            yearly: YearlyDemand::Sold,
            abc_cuts: (0.80, 0.95),
            measure: XyzMeasure::Demand,
            xyz_cuts: (0.5, 1.0),
            margin: 0.02,
            former: Arc::default(),
            rules: BTreeMap::new(),
        }
    }
}

impl Segmentation {
    /// True when a rule is in force: then the cuts decide plans.
    pub fn is_in_force(&self) -> bool {
        self.rules.values().any(|rule| !rule.is_empty())
    }

    /// The rule of a segment, when it states something.
    pub fn rule(&self, segment: Segment) -> Option<&SegmentRule> {
        self.rules.get(&segment).filter(|rule| !rule.is_empty())
    }

    /// The former class of an item.
    pub fn former_of(&self, id: &SeriesId) -> Option<Segment> {
        self.former.binary_search_by(|(other, _)| other.cmp(id)).ok().map(|k| self.former[k].1)
    }

    /// The same with numbers that make sense: cuts in range and rising, rules' figures in their ranges.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let share = |x: f64, default: f64| if x.is_finite() { x.clamp(0.0, 1.0) } else { default };
        let size = |x: f64, default: f64| if x.is_finite() { x.clamp(0.0, MOST_VARIATION) } else { default };
        let (a, b) = (share(self.abc_cuts.0, 0.80), share(self.abc_cuts.1, 0.95));
        self.abc_cuts = (a.min(b), b.max(a));
        let (x, y) = (size(self.xyz_cuts.0, 0.5), size(self.xyz_cuts.1, 1.0));
        self.xyz_cuts = (x.min(y), y.max(x));
        self.margin = if self.margin.is_finite() { self.margin.clamp(0.0, 0.5) } else { 0.0 };
        for rule in self.rules.values_mut() {
            let (low, high) = super::scenario::SERVICE_LEVEL_RANGE;
            let level = |x: Option<f64>| x.filter(|x| x.is_finite()).map(|x| x.clamp(low, high));
            let days = |x: Option<f64>| x.filter(|x| x.is_finite()).map(|x| x.clamp(0.0, MOST_DAYS));
            (rule.service_level, rule.fill_rate) = (level(rule.service_level), level(rule.fill_rate));
            (rule.cover_days, rule.review_period_days) = (days(rule.cover_days), days(rule.review_period_days));
        }
        self.rules.retain(|_, rule| !rule.is_empty());
        self
    }

    /// Rules to start from, none of which is in force until the user says so.
    ///
    /// Service falls with value and with what it costs to be sure of it; C items are looked at once in four weeks. That A
    /// items earn a closer watch and C items the simplest rule is Silver, Pyke & Thomas 2017, *Inventory and Production
    /// Management in Supply Chains*, chapters 7 and 8, and Stojanović & Regodić 2017, *Acta Polytechnica Hungarica* 14(5);
    /// the figures are a common starting point, not theirs.
    pub fn suggested_rules() -> BTreeMap<Segment, SegmentRule> {
        let level = |segment: Segment| match (segment.abc, segment.xyz) {
            (Abc::A, Xyz::X) => 0.99,
            (Abc::A, Xyz::Y) | (Abc::B, Xyz::X) => 0.98,
            (Abc::B, Xyz::Y) => 0.96,
            (Abc::A, Xyz::Z) | (Abc::C, Xyz::X) => 0.95,
            (Abc::B, Xyz::Z) | (Abc::C, Xyz::Y) => 0.93,
            (Abc::C, Xyz::Z) => 0.90,
        };
        let rule = |segment: Segment| SegmentRule {
            service_level: Some(level(segment)),
            review_period_days: (segment.abc == Abc::C).then_some(28.0),
            ..SegmentRule::default()
        };
        Segment::all().map(|segment| (segment, rule(segment))).collect()
    }
}

/// No coefficient of variation is cut higher.
const MOST_VARIATION: f64 = 100.0;
/// No cover or review period is longer: ten years.
const MOST_DAYS: f64 = 3660.0;
