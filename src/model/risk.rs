//! What may go wrong with a plan, item by item, and what the user decided about it.

use super::alert::{Alert, AlertMark, AlertReplay, AlertSettings, AlertState, mark_of};
use super::calendar::Period;
use super::disruption::{Disruption, DisruptionResult};
use super::item::{Item, ItemField};
use super::sales::SeriesId;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a unit short is counted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LossBasis {
    /// The item's shortage cost.
    ShortageCost,
    /// Its margin, price − unit cost.
    Margin,
    /// Neither is known: a unit short counts nothing.
    Unknown,
}

/// No money counts as more.
const LARGEST: f64 = 1e15;

impl LossBasis {
    /// Money lost per unit short, ≥ 0, and what it is.
    pub fn of(item: &Item) -> (f64, Self) {
        let money = |x: f64| if x > 0.0 && x.is_finite() { x.min(LARGEST) } else { 0.0 };
        let (cost, margin) = (money(item.shortage_cost), money(item.price - money(item.unit_cost)));
        // A file without shortage costs has the margin in their place.
        if cost > 0.0 && (item.stated.contains(&ItemField::ShortageCost) || cost.to_bits() != margin.to_bits()) {
            (cost, Self::ShortageCost)
        } else if margin > 0.0 {
            (margin, Self::Margin)
        } else {
            (0.0, Self::Unknown)
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::ShortageCost => Text::new("shortage cost", "缺货成本"),
            Self::Margin => Text::new("margin", "毛利"),
            Self::Unknown => Text::new("not known", "未知"),
        }
    }
}

/// The risk of one item over the horizon, by its plan's simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemRisk {
    /// Item and location.
    pub id: SeriesId,
    /// Money lost per unit short.
    pub unit_loss: f64,
    /// What that money is.
    pub basis: LossBasis,
    /// Probability of running out in each period, in `[0, 1]`.
    pub stockout: Vec<f64>,
    /// Expected units short in each period.
    pub short: Vec<f64>,
    /// Periods until an order placed now arrives, rounded up, at least 1.
    pub lead: usize,
    /// Probability of running out before an order placed now arrives, in `[0, 1]`.
    pub run_out: f64,
    /// The period in which that is likeliest to begin, from 0.
    pub run_out_at: usize,
    /// Expected units short before an order placed now arrives.
    pub short_before: f64,
    /// Expected units short beyond those short anyway when the first period's order waits for one period.
    pub waiting: f64,
    /// Variance of orders against demand.
    pub bullwhip: Bullwhip,
}

impl ItemRisk {
    /// Expected loss in a period: stock-out probability × money lost when stock runs out, which is the expected units
    /// short × money per unit.
    pub fn loss(&self, period: usize) -> f64 {
        self.short.get(period).map_or(0.0, |short| short * self.unit_loss)
    }

    /// Expected loss over the horizon, money.
    pub fn total_loss(&self) -> f64 {
        self.short.iter().sum::<f64>() * self.unit_loss + 0.0
    }
}

/// What makes orders vary more than demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BullwhipCause {
    /// Levels that follow a forecast that follows demand.
    Updating,
    /// Lots: the economic lot, smallest orders, multiples.
    Lots,
    /// Looking at stock only now and then.
    Review,
    /// The lead time, over which a forecast's change is ordered at once.
    LeadTime,
}

impl BullwhipCause {
    /// All causes.
    pub const ALL: [Self; 4] = [Self::Updating, Self::Lots, Self::Review, Self::LeadTime];

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Updating => Text::new("Forecast updating", "预测更新"),
            Self::Lots => Text::new("Lot sizes", "订货批量"),
            Self::Review => Text::new("Review period", "盘点周期"),
            Self::LeadTime => Text::new("Lead time", "提前期"),
        }
    }

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Updating => "updating",
            Self::Lots => "lots",
            Self::Review => "review",
            Self::LeadTime => "lead_time",
        }
    }
}

/// Variance of orders ÷ variance of demand (Chen, Drezner, Ryan & Simchi-Levi 2000, *Management Science* 46(3), 436–443).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Bullwhip {
    /// On the sample paths, with levels that follow the forecast; `None` where demand doesn't vary.
    pub ratio: Option<f64>,
    /// Of the plan's proposed orders over the same demand.
    pub proposal: Option<f64>,
    /// The ratio with each cause taken away.
    pub without: Vec<(BullwhipCause, f64)>,
    /// Periods of the moving average that reacts to demand as the forecast does.
    pub window: usize,
}

impl Bullwhip {
    /// The cause without which the ratio falls most, and to what; `None` where taking any away helps little.
    pub fn main_cause(&self) -> Option<(BullwhipCause, f64)> {
        let ratio = self.ratio?;
        let least = self.without.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1))?;
        (least.1 < 0.95 * ratio).then_some(least)
    }
}

/// The bullwhip of a group of items, whose orders and demand are added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupBullwhip {
    /// Category; empty for all items.
    pub category: Arc<str>,
    /// Items.
    pub items: usize,
    /// Of the sums.
    pub bullwhip: Bullwhip,
}

/// What a plan's simulation says about risk: dear to make, and independent of cards and thresholds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RiskBase {
    /// Every item, in panel order.
    pub items: Vec<ItemRisk>,
    /// All items together, then every category.
    pub groups: Vec<GroupBullwhip>,
    /// How warnings of stock-outs would have done.
    pub replay: AlertReplay,
}

/// Everything known about what may go wrong with a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// First period of the plan.
    pub start: Period,
    /// What the simulation says.
    pub base: Arc<RiskBase>,
    /// What each active card would do, in the order of the cards.
    pub disruptions: Vec<Arc<DisruptionResult>>,
    /// What all active cards together would do, when there are several.
    pub together: Option<Arc<DisruptionResult>>,
    /// Every alert, by money at stake.
    pub alerts: Arc<Vec<Alert>>,
    /// What people said to them.
    pub marks: Arc<Vec<AlertMark>>,
}

impl Risk {
    /// Expected loss over all items and periods, money.
    pub fn total_loss(&self) -> f64 {
        self.base.items.iter().map(ItemRisk::total_loss).sum::<f64>() + 0.0
    }
}

/// What the user decided about risk: thresholds, cards, what became of alerts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RiskBook {
    /// When alerts are raised.
    pub alerts: AlertSettings,
    /// The disruption cards.
    pub disruptions: Vec<Disruption>,
    /// What became of alerts, by kind and item.
    pub marks: Arc<Vec<AlertMark>>,
}

impl RiskBook {
    /// Most cards.
    pub const MOST_DISRUPTIONS: usize = 50;
    /// Most alerts that something was said to; a portfolio has fewer.
    pub const MOST_MARKS: usize = 200_000;

    /// Says something to an alert in place of what was said before; an open one needs no mark.
    pub fn mark(&mut self, mark: AlertMark) {
        let marks = Arc::make_mut(&mut self.marks);
        let place = marks.binary_search_by(|m| (m.kind, &m.id).cmp(&(mark.kind, &mark.id)));
        match (place, mark.state) {
            (Ok(at), AlertState::Open) => _ = marks.remove(at),
            (Err(_), AlertState::Open) => {}
            (Ok(at), _) => marks[at] = mark,
            (Err(at), _) if marks.len() < Self::MOST_MARKS => marks.insert(at, mark),
            (Err(_), _) => {}
        }
    }
}

/// What became of an alert in a plan that begins with `start`.
pub fn alert_state(marks: &[AlertMark], alert: &Alert, start: Period) -> AlertState {
    mark_of(marks, alert).map_or(AlertState::Open, |mark| mark.state_at(start))
}

/// What somebody said to an alert.
pub fn alert_mark<'a>(marks: &'a [AlertMark], alert: &Alert) -> Option<&'a AlertMark> {
    mark_of(marks, alert)
}
