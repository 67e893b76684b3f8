//! What receipts say about lead times, where master data say otherwise, and which of the two is planned with.

use super::explanation::Bin;
use super::sales::SeriesId;
use super::scorecard::Scorecard;
use crate::words::Text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which lead times items are planned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum LeadTimeSource {
    /// The item list's, as they are.
    #[default]
    Master,
    /// Those learnt from receipts where the item list's are stale, else the item list's.
    Stale,
    /// Those learnt from receipts wherever there are enough.
    Learnt,
}

impl LeadTimeSource {
    /// All sources, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Master, Self::Stale, Self::Learnt];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Master => Text::new("Item list as it is", "沿用商品清单"),
            Self::Stale => Text::new("Learnt where stale", "仅过时的用实测值"),
            Self::Learnt => Text::new("Learnt where known", "有实测值的都用"),
        }
    }
}

/// What the user decided about one item against the source that holds for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LeadTimeUse {
    /// The item list's lead time.
    Master,
    /// The learnt one.
    Learnt,
}

/// Which lead times are planned with: for all items, and otherwise for some.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "ChoiceParts", into = "ChoiceParts")]
pub struct LeadTimeChoice {
    /// For every item that is not in `items`.
    pub source: LeadTimeSource,
    /// Items decided on their own.
    pub items: BTreeMap<SeriesId, LeadTimeUse>,
}

/// As it is saved: a file's maps have plain words for keys.
#[derive(Serialize, Deserialize)]
struct ChoiceParts {
    source: LeadTimeSource,
    items: Vec<(SeriesId, LeadTimeUse)>,
}

impl From<ChoiceParts> for LeadTimeChoice {
    fn from(parts: ChoiceParts) -> Self {
        Self { source: parts.source, items: parts.items.into_iter().collect() }
    }
}

impl From<LeadTimeChoice> for ChoiceParts {
    fn from(choice: LeadTimeChoice) -> Self {
        Self { source: choice.source, items: choice.items.into_iter().collect() }
    }
}

impl LeadTimeChoice {
    /// One source for all items.
    pub fn of(source: LeadTimeSource) -> Self {
        Self { source, items: BTreeMap::new() }
    }

    /// What an item is planned with, given whether its master data are stale.
    pub fn of_item(&self, id: &SeriesId, is_stale: bool) -> LeadTimeUse {
        let general = match self.source {
            LeadTimeSource::Stale if is_stale => LeadTimeUse::Learnt,
            LeadTimeSource::Learnt => LeadTimeUse::Learnt,
            LeadTimeSource::Master | LeadTimeSource::Stale => LeadTimeUse::Master,
        };
        self.items.get(id).copied().unwrap_or(general)
    }

    /// True when no item can be planned with a learnt lead time.
    pub fn is_master(&self) -> bool {
        self.source == LeadTimeSource::Master && self.items.values().all(|u| *u == LeadTimeUse::Master)
    }
}

/// That an item's lead time was learnt, and from what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearntFrom {
    /// Receipts behind it.
    pub receipts: usize,
    /// Order date of the first of them.
    pub since: Date,
    /// Mean taken over, days.
    pub mean_days: f64,
    /// Standard deviation taken over, days.
    pub sd_days: f64,
}

/// Lead times learnt from receipts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LeadTimes {
    /// By item and location, sorted.
    pub items: Vec<LearntLeadTime>,
    /// By supplier, sorted by name; receipts without supplier are in none.
    pub suppliers: Vec<SupplierLeadTime>,
}

impl LeadTimes {
    /// What was learnt of an item: at its location, else of the item without location.
    pub fn get(&self, id: &SeriesId) -> Option<&LearntLeadTime> {
        let find = |id: &SeriesId| self.items.binary_search_by(|l| l.id.cmp(id)).ok().map(|k| &self.items[k]);
        find(id).or_else(|| find(&SeriesId { item: id.item.clone(), location: "".into() }))
    }

    /// What was learnt of a supplier.
    pub fn supplier(&self, name: &str) -> Option<&SupplierLeadTime> {
        self.suppliers.binary_search_by(|s| (*s.supplier).cmp(name)).ok().map(|k| &self.suppliers[k])
    }
}

/// What became of an order when its item's lead time was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Used,
    /// It was before the lead time changed.
    BeforeChange,
    /// It took so much longer or shorter than the others that it says nothing about the next one.
    SetAside,
}

/// How long one order took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrderLead {
    /// When it was ordered.
    pub ordered: Date,
    /// Days until it came: the mean over its receipts, weighted by quantity.
    pub days: f64,
    /// Receipts that it came in.
    pub receipts: usize,
    /// What became of it.
    pub standing: Standing,
}

/// A change of a lead time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeadChange {
    /// Order date of the first order after it.
    pub since: Date,
    /// Median of the orders before it, days; of a supplier the difference to each item's own median.
    pub before_days: f64,
    /// Median of the orders since, days; likewise.
    pub after_days: f64,
    /// Probability of such a break without a change, by Pettitt's test.
    pub p: f64,
}

/// An item's lead time as its receipts say.
#[derive(Debug, Clone, PartialEq)]
pub struct LearntLeadTime {
    /// Item and location of the receipts.
    pub id: SeriesId,
    /// The supplier of most orders used, else the item list's; empty when nobody says.
    pub supplier: Arc<str>,
    /// All orders, by order date.
    pub orders: Vec<OrderLead>,
    /// Orders used.
    pub used: usize,
    /// Receipts behind the orders used.
    pub receipts: usize,
    /// Order dates of the first and the last order used.
    pub span: (Date, Date),
    /// Mean of the orders used alone, days.
    pub own_mean_days: f64,
    /// Standard deviation of the orders used alone, days; `None` for a single order.
    pub own_sd_days: Option<f64>,
    /// Learnt mean: the own one, drawn towards the supplier's, days.
    pub mean_days: f64,
    /// Learnt standard deviation: the own one, drawn towards the supplier's, days.
    pub sd_days: f64,
    /// Share of the own mean in the learnt one, in `[0, 1]`; the rest is the supplier's.
    pub own_weight: f64,
    /// Share of the own variance in the learnt one, in `[0, 1]`; the rest is the supplier's.
    pub own_sd_weight: f64,
    /// Standard error of the learnt mean, days.
    pub mean_error_days: f64,
    /// 10 %, 50 %, 90 % and 95 % quantile, days: of the orders used, of all the supplier's when those are too few.
    pub quantiles: LeadQuantiles,
    /// Skewness of the orders used (adjusted Fisher–Pearson); `None` below three orders or without spread.
    pub skewness: Option<f64>,
    /// The last change, when there was one.
    pub change: Option<LeadChange>,
    /// True when there is enough to plan with.
    pub is_known: bool,
    /// What to know about it: orders set aside, what was borrowed, why it isn't enough.
    pub note: Text,
}

/// Most bars of a histogram.
const MOST_BINS: f64 = 24.0;

impl LearntLeadTime {
    /// How many of the orders used took how long, in bins of whole days; empty without orders.
    pub fn histogram(&self) -> Vec<Bin> {
        let used = || self.orders.iter().filter(|o| o.standing == Standing::Used).map(|o| o.days);
        let (low, high) = used().fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
        if !(low.is_finite() && high.is_finite()) {
            return Vec::new();
        }
        let low = low.round();
        let width = ((high.round() - low + 1.0) / MOST_BINS).ceil().max(1.0);
        let bins = ((high.round() - low) / width).floor() as usize + 1;
        let mut counts = vec![0; bins];
        for days in used() {
            counts[(((days.round() - low) / width) as usize).min(bins - 1)] += 1;
        }
        let from = |k: usize| low + width * k as f64 - 0.5;
        counts.into_iter().enumerate().map(|(k, count)| Bin { from: from(k), to: from(k + 1), count }).collect()
    }
}

/// Quantiles of a lead time, days.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "each is the quantile of its name")]
pub struct LeadQuantiles {
    pub p10: f64,
    pub median: f64,
    pub p90: f64,
    pub p95: f64,
}

/// A supplier's lead times over its items.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplierLeadTime {
    /// The supplier.
    pub supplier: Arc<str>,
    /// Items and locations that it delivers.
    pub items: usize,
    /// Orders used.
    pub orders: usize,
    /// Mean over its items, weighted by what is known of each, days.
    pub mean_days: f64,
    /// Standard deviation of an item's orders around the item's mean, pooled, days; `None` when no item has two orders.
    pub sd_days: Option<f64>,
    /// Standard deviation of the items' true means around the supplier's, days; `None` for fewer than two items.
    pub between_sd_days: Option<f64>,
    /// The last change over all its items, as differences to each item's median.
    pub change: Option<LeadChange>,
}

/// One item's master data against what was learnt.
#[allow(clippy::struct_excessive_bools, reason = "what is stated and what is stale are four answers of one kind")]
#[derive(Debug, Clone, PartialEq)]
pub struct LeadTimeCheck {
    /// Item and location planned.
    pub id: SeriesId,
    /// Name for people; may be empty.
    pub name: Arc<str>,
    /// Mean lead time of the item list, days.
    pub master_days: f64,
    /// Its standard deviation there, days.
    pub master_sd_days: f64,
    /// True when the item list states the mean; else it is a default.
    pub mean_is_stated: bool,
    /// True when the item list states the standard deviation; else it is a default.
    pub sd_is_stated: bool,
    /// What was learnt.
    pub learnt: LearntLeadTime,
    /// True when the receipts contradict the mean.
    pub mean_is_stale: bool,
    /// True when the receipts contradict the standard deviation.
    pub sd_is_stale: bool,
    /// What the plan was made with.
    pub used: LeadTimeUse,
    /// What the difference means in money; `None` without a forecast.
    pub money: Option<LeadTimeMoney>,
    /// All of it as a sentence.
    pub why: Text,
}

impl LeadTimeCheck {
    /// True when the receipts contradict the item list.
    pub fn is_stale(&self) -> bool {
        self.mean_is_stale || self.sd_is_stale
    }

    /// What 95 % of orders stay within by the item list, as a normal distribution, days.
    pub fn master_95_days(&self) -> f64 {
        const Z95: f64 = 1.644_853_626_951_472_7;
        self.master_days + Z95 * self.master_sd_days
    }

    /// What it costs a year to keep the item list's lead time, money, ≥ 0; 0 without a forecast.
    pub fn cost_of_keeping(&self) -> f64 {
        self.money.map_or(0.0, |m| m.cost_of_keeping())
    }
}

/// What planning with the learnt lead time instead of the item list's changes, in money.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeadTimeMoney {
    /// Safety stock by the item list's lead time, units.
    pub safety_stock_master: f64,
    /// Safety stock by the learnt one, units.
    pub safety_stock_learnt: f64,
    /// Capital that taking it over ties up in safety stock; negative where it frees some.
    pub capital: f64,
    /// Holding cost of that capital a year; negative where it is saved.
    pub holding_per_year: f64,
    /// Expected cost of shortages a year when the item list's lead time is kept and goods take the learnt one.
    pub shortage_kept: f64,
    /// The same when planned with the learnt one.
    pub shortage_learnt: f64,
}

impl LeadTimeMoney {
    /// What it costs a year to keep the item list's lead time: shortages that planning with the learnt one would avoid, or
    /// holding cost that it would save; never below 0.
    pub fn cost_of_keeping(&self) -> f64 {
        (self.shortage_kept - self.shortage_learnt).max(0.0) + (-self.holding_per_year).max(0.0)
    }
}

/// Everything that receipts say about a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadTimeReport {
    /// What was learnt.
    pub learnt: Arc<LeadTimes>,
    /// The plan's items with receipts, the dearest to leave as they are first.
    pub checks: Vec<LeadTimeCheck>,
    /// The suppliers, scored.
    pub scorecard: Scorecard,
}
