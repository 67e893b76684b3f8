//! What may go wrong with supply and demand, as values, and what it would do to a plan.

use super::calendar::{Frequency, Period};
use super::item::Item;
use super::network::Lane;
use super::sales::SeriesId;
use super::scenario::{Change, Lever, Scope};
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::text;
use crate::words::{Text, figure};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum DisruptionKind {
    /// Nothing is shipped: orders placed while it lasts leave when it ends, goods under way before it still arrive.
    SupplyStops,
    /// Orders placed while it lasts take this many days longer, ≥ 0.
    Late(f64),
    /// Demand is this many times the forecast while it lasts, ≥ 0.
    DemandTimes(f64),
    /// A site ships nothing, or a lane is not driven.
    Closed,
}

/// Whom it happens to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DisruptionScope {
    /// Every item.
    All,
    /// The items of a supplier.
    Supplier(Arc<str>),
    /// The items of a category.
    Category(Arc<str>),
    /// One item at one location; at every location when the location is empty.
    Item(SeriesId),
    /// A site of the network, by code.
    Site(Arc<str>),
    /// A lane of the network, by the codes of its site and customer.
    Lane(Arc<str>, Arc<str>),
}

/// A disruption card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disruption {
    /// What happens.
    pub kind: DisruptionKind,
    /// Whom it happens to.
    pub scope: DisruptionScope,
    /// The first period of the plan that it touches, from 1.
    pub from: usize,
    /// How many periods it lasts, ≥ 1.
    pub periods: usize,
    /// False while the card is laid aside.
    pub active: bool,
}

impl Disruption {
    /// Longest disruption and latest start, periods.
    pub const MOST_PERIODS: usize = 730;
    /// Longest delay, days.
    pub const MOST_DAYS: f64 = 365.0;
    /// Largest factor of demand.
    pub const MOST_TIMES: f64 = 100.0;

    /// A card that is active from the plan's first period on.
    pub fn new(kind: DisruptionKind, scope: DisruptionScope, periods: usize) -> Self {
        Self { kind, scope, from: 1, periods, active: true }
    }

    /// The same card with every number in its range.
    #[must_use]
    pub fn sound(mut self) -> Self {
        let within = |x: f64, most: f64, least: f64| if x.is_finite() { x.clamp(0.0, most) } else { least };
        self.kind = match self.kind {
            DisruptionKind::Late(days) => DisruptionKind::Late(within(days, Self::MOST_DAYS, 0.0)),
            DisruptionKind::DemandTimes(k) => DisruptionKind::DemandTimes(within(k, Self::MOST_TIMES, 1.0)),
            kind => kind,
        };
        self.from = self.from.clamp(1, Self::MOST_PERIODS);
        self.periods = self.periods.clamp(1, Self::MOST_PERIODS);
        self
    }

    /// The steps of a plan of `horizon` periods that it touches; empty beyond the horizon.
    pub fn steps(&self, horizon: usize) -> Range<usize> {
        let first = self.from.max(1) - 1;
        first.min(horizon)..first.saturating_add(self.periods).min(horizon)
    }

    /// True when it happens to this item's stock; what closes in the network happens to shipments alone.
    pub fn touches(&self, item: &Item) -> bool {
        match &self.scope {
            DisruptionScope::All => self.kind != DisruptionKind::Closed,
            DisruptionScope::Supplier(name) => *name == item.supplier,
            DisruptionScope::Category(name) => *name == item.category,
            DisruptionScope::Item(id) => {
                id.item == item.id.item && (id.location.is_empty() || id.location == item.id.location)
            }
            DisruptionScope::Site(_) | DisruptionScope::Lane(..) => false,
        }
    }

    /// True when it happens to the network rather than to items.
    pub fn is_of_network(&self) -> bool {
        matches!(self.scope, DisruptionScope::Site(_) | DisruptionScope::Lane(..))
    }

    /// True when it closes this lane.
    pub fn closes(&self, lane: &Lane) -> bool {
        match &self.scope {
            DisruptionScope::Site(site) => *site == lane.from,
            DisruptionScope::Lane(from, to) => *from == lane.from && *to == lane.to,
            _ => false,
        }
    }

    /// What a scenario says that has the same for the whole horizon, where a lever does: demand and lead time. Scopes that a
    /// scenario doesn't know, a supplier or an item at all locations, are told item by item.
    pub fn overrides(&self, items: &[Item]) -> Vec<(Lever, Scope, Change)> {
        let (lever, change) = match self.kind {
            DisruptionKind::Late(days) => (Lever::LeadTimeDays, Change::Add(days)),
            DisruptionKind::DemandTimes(k) => (Lever::Demand, Change::Scale(k)),
            DisruptionKind::SupplyStops | DisruptionKind::Closed => return Vec::new(),
        };
        let scopes = match &self.scope {
            DisruptionScope::All => vec![Scope::All],
            DisruptionScope::Category(name) => vec![Scope::Category(name.clone())],
            _ => items.iter().filter(|item| self.touches(item)).map(|item| Scope::Series(item.id.clone())).collect(),
        };
        scopes.into_iter().map(|scope| (lever, scope, change)).collect()
    }

    /// True when [`overrides`](Self::overrides) has something to say.
    pub fn has_overrides(&self, items: &[Item]) -> bool {
        matches!(self.kind, DisruptionKind::Late(_) | DisruptionKind::DemandTimes(_))
            && items.iter().any(|item| self.touches(item))
    }

    /// Whom it happens to and what: "Supplier ACME: 14 days late".
    pub fn name(&self) -> Text {
        let (whom, what) = (self.scope.label(), self.what());
        Text::new(format!("{}: {}", whom.en, what.en), format!("{}：{}", whom.zh, what.zh))
    }

    fn what(&self) -> Text {
        match self.kind {
            DisruptionKind::SupplyStops => Text::new("supply stops", "断供"),
            DisruptionKind::Late(days) => {
                let days = figure(days);
                text!("{days} days late", "晚到 {days} 天")
            }
            DisruptionKind::DemandTimes(k) => {
                let k = figure(k);
                text!("demand × {k}", "需求 × {k}")
            }
            DisruptionKind::Closed => Text::new("closed", "关闭"),
        }
    }

    /// The card in words: "Supplier ACME ships nothing, 4 periods from 2026-W10".
    pub fn label(&self, start: Period) -> Text {
        let (whom, what, n) = (self.scope.label(), self.what(), self.periods);
        let from = start.plus(self.from.max(1) as i64 - 1).label();
        let unit = start.frequency().label();
        let plural = if n == 1 { "" } else { "s" };
        Text::new(
            format!("{}: {}, {n} {}{plural} from {from}", whom.en, what.en, unit.en),
            format!("{}：{}，自 {from} 起 {n} {}", whom.zh, what.zh, unit.zh),
        )
    }

    /// Reads a card as typed on the command line: what it is about, then `key=value`s between commas.
    ///
    /// `supplier:ACME`, `supply`, `late`, `demand`, `site:HAM`, `lane:HAM>C1`; keys `from` (first period of the plan touched, 1
    /// when left out), `weeks` or `periods` (how long, 1 when left out), `days` (how late), `times` (demand's factor),
    /// and for `supply`, `late` and `demand` whom: `item`, `location`, `category`, `supplier`; everything when left out.
    ///
    /// ```
    /// use planwright::model::{Disruption, DisruptionKind, Frequency};
    /// let card = Disruption::parse("supplier:ACME,from=2,weeks=4", Frequency::Week).unwrap();
    /// assert_eq!((card.kind, card.from, card.periods), (DisruptionKind::SupplyStops, 2, 4));
    /// assert!(Disruption::parse("demand,times=lots", Frequency::Week).is_err());
    /// ```
    ///
    /// # Errors
    /// A diagnostic that names the part that makes no sense.
    pub fn parse(typed: &str, frequency: Frequency) -> Result<Self, Box<Diagnostic>> {
        let mut parts = typed.split([',', '，']).map(str::trim);
        let head = parts.next().unwrap_or_default();
        let (word, name) = head.split_once([':', '：']).map_or((head, ""), |(a, b)| (a.trim(), b.trim()));
        let mut card = Self::new(DisruptionKind::SupplyStops, DisruptionScope::All, 1);
        match (word, name.is_empty()) {
            ("supplier", false) => card.scope = DisruptionScope::Supplier(name.into()),
            ("supply", true) => {}
            ("late", true) => card.kind = DisruptionKind::Late(0.0),
            ("demand", true) => card.kind = DisruptionKind::DemandTimes(1.0),
            ("site", false) => {
                (card.kind, card.scope) = (DisruptionKind::Closed, DisruptionScope::Site(name.into()));
            }
            ("lane", false) => {
                let ends = name.split_once(['>', '→']).ok_or_else(|| unclear(typed, name))?;
                let (from, to) = (ends.0.trim(), ends.1.trim());
                (card.kind, card.scope) = (DisruptionKind::Closed, DisruptionScope::Lane(from.into(), to.into()));
            }
            _ => return Err(unclear(typed, head)),
        }
        for part in parts.filter(|p| !p.is_empty()) {
            card.set(part, frequency).ok_or_else(|| unclear(typed, part))?;
        }
        match card.kind {
            DisruptionKind::Late(days) if days <= 0.0 => Err(unclear(typed, "days")),
            _ => Ok(card.sound()),
        }
    }

    fn set(&mut self, part: &str, frequency: Frequency) -> Option<()> {
        let (key, value) = part.split_once('=').map(|(k, v)| (k.trim(), v.trim()))?;
        let number = || value.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0);
        let count = || number().filter(|x| *x >= 1.0 && *x <= Self::MOST_PERIODS as f64);
        match (key, self.kind) {
            ("from", _) => self.from = count()? as usize,
            ("periods", _) => self.periods = count()?.ceil() as usize,
            ("weeks", _) => self.periods = (7.0 * count()? / frequency.days() - 1e-9).ceil().max(1.0) as usize,
            ("days", DisruptionKind::Late(_)) => self.kind = DisruptionKind::Late(number()?),
            ("times", DisruptionKind::DemandTimes(_)) => self.kind = DisruptionKind::DemandTimes(number()?),
            _ => self.scope = self.narrowed(key, value)?,
        }
        Some(())
    }

    fn narrowed(&self, key: &str, value: &str) -> Option<DisruptionScope> {
        if value.is_empty() || self.kind == DisruptionKind::Closed {
            return None;
        }
        Some(match (key, &self.scope) {
            ("item", DisruptionScope::All) => DisruptionScope::Item(SeriesId::new(value, "")),
            ("location", DisruptionScope::Item(id)) => DisruptionScope::Item(SeriesId::new(id.item.clone(), value)),
            ("category", DisruptionScope::All) => DisruptionScope::Category(value.into()),
            ("supplier", DisruptionScope::All) => DisruptionScope::Supplier(value.into()),
            _ => return None,
        })
    }
}

impl DisruptionScope {
    /// Whom it happens to, for people.
    pub fn label(&self) -> Text {
        match self {
            Self::All => Text::new("All items", "全部商品"),
            Self::Supplier(name) => text!("Supplier {name}", "供应商 {name}"),
            Self::Category(name) => text!("Category {name}", "类别 {name}"),
            Self::Item(id) => Text::same(id.to_string()),
            Self::Site(id) => text!("Site {id}", "仓库 {id}"),
            Self::Lane(from, to) => text!("Lane {from} → {to}", "线路 {from} → {to}"),
        }
    }
}

fn unclear(typed: &str, part: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(
        Severity::Error,
        "disruption-unclear",
        text!("Disruption \"{typed}\": \"{part}\" is not understood", "中断“{typed}”中的“{part}”无法识别"),
        text!(
            "Write for example supplier:ACME,from=2,weeks=4 or demand,times=1.5,category=Tea,weeks=3 or late,days=10,item=A-1 or lane:HAM>C1,weeks=2",
            "例如：supplier:ACME,from=2,weeks=4 或 demand,times=1.5,category=茶叶,weeks=3 或 late,days=10,item=A-1 或 lane:HAM>C1,weeks=2"
        ),
        Place::default(),
    ))
}

/// A number of periods over sample paths: `None` where it lies beyond the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodsQuantiles {
    /// Half of the paths have no more.
    pub median: Option<usize>,
    /// The careful tenth: 10 % of the paths have less to live on, or 10 % take longer to come back.
    pub careful: Option<usize>,
}

/// How likely stock is gone before things are as usual again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Exposure {
    /// Nine paths of ten live through it.
    None,
    /// More than one path of ten runs out before things are as usual again.
    Possible,
    /// More than half of the paths run out before things are as usual again.
    Likely,
}

/// What a disruption does to one item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisruptedItem {
    /// Item and location.
    pub id: SeriesId,
    /// Units short over the horizon without it, mean over paths.
    pub short_before: f64,
    /// Units short over the horizon with it, mean over paths.
    pub short_after: f64,
    /// Share of demand served without it, in `[0, 1]`.
    pub fill_before: f64,
    /// Share of demand served with it, in `[0, 1]`.
    pub fill_after: f64,
    /// Units asked for over the horizon with it, mean over paths.
    pub demand: f64,
    /// Money that it costs: further units short × money lost per unit short.
    pub money: f64,
    /// Periods from its beginning that demand is served were it never to end.
    pub survive: PeriodsQuantiles,
    /// Periods after its end until stock and service are back where they would have been.
    pub recover: PeriodsQuantiles,
    /// Periods from its beginning until supply and demand are as usual again.
    pub gap: usize,
    /// How likely stock is gone before.
    pub exposure: Exposure,
}

/// What a disruption does to shipments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisruptedShipments {
    /// Transport and penalties of the periods touched without it, money.
    pub cost_before: f64,
    /// The same with it, money.
    pub cost_after: f64,
    /// Units that reach nobody in these periods without it.
    pub unmet_before: f64,
    /// The same with it.
    pub unmet_after: f64,
    /// True when the cheapest way round was proven.
    pub proven: bool,
}

/// What a card, or all active cards together, would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisruptionResult {
    /// The cards.
    pub cards: Vec<Disruption>,
    /// In words.
    pub label: Text,
    /// Items touched, dearest first.
    pub items: Vec<DisruptedItem>,
    /// What it does to shipments, when it touches the network.
    pub shipments: Option<DisruptedShipments>,
    /// Units short over the horizon beyond those short anyway, mean over paths.
    pub units: f64,
    /// Money lost beyond what is lost anyway.
    pub money: f64,
    /// Share of the touched items' demand served without it, in `[0, 1]`.
    pub fill_before: f64,
    /// Share of the touched items' demand served with it, in `[0, 1]`.
    pub fill_after: f64,
    /// What a reader should know.
    pub notes: Vec<Text>,
}

impl DisruptionResult {
    /// Items that likely run out before things are as usual again.
    pub fn exposed(&self) -> usize {
        self.items.iter().filter(|i| i.exposure == Exposure::Likely).count()
    }

    /// The shortest median time to survive of all items touched, periods; `None` when all outlast the horizon.
    pub fn shortest_survival(&self) -> Option<usize> {
        self.items.iter().filter_map(|i| i.survive.median).min()
    }

    /// The longest median time to recover, periods; `None` when nothing had to, or beyond the horizon.
    pub fn longest_recovery(&self) -> Option<usize> {
        self.items.iter().filter_map(|i| i.recover.median).max()
    }
}
