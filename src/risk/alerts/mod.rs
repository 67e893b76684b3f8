//! What needs somebody: one queue, ranked by the money at stake.
//!
//! Money at stake is what is lost over the plan's horizon when nothing is done, so that a shortage and a surplus can stand in
//! one queue: units short × money per unit short; surplus × unit cost × holding rate × the horizon's length, since it can be
//! sold later; goods that expire or that nobody asks for × unit cost less what they bring.

mod data;
mod supply;
mod surplus;

use crate::model::{Alert, AlertKind, AlertSettings, DisruptedItem, Forecast, Item, ItemRisk, Period, StockPlan};
use crate::text;
use crate::words::{Text, figure};

/// What is known of one item.
#[derive(Debug, Clone, Copy)]
pub struct AlertFacts<'a> {
    /// Master data.
    pub item: &'a Item,
    /// Its final forecast.
    pub forecast: &'a Forecast,
    /// Its stock plan.
    pub stock: &'a StockPlan,
    /// What its simulation says.
    pub risk: &'a ItemRisk,
    /// Demand per period up to the plan's start.
    pub history: &'a [f64],
    /// Mean days from order to receipt, as receipts say; `None` where none are known.
    pub learnt_lead_days: Option<f64>,
    /// The dearest active disruption that likely empties its shelf, in words.
    pub exposed: Option<(&'a DisruptedItem, &'a Text)>,
}

/// Every alert of one item, unranked.
pub fn alerts(facts: &AlertFacts<'_>, settings: &AlertSettings) -> Vec<Alert> {
    let settings = settings.sound();
    let runs_out = supply::runs_out(facts, &settings);
    // What runs out serves too little as well: one call is enough.
    let low = if runs_out.is_none() { supply::low_service(facts, &settings) } else { None };
    let dead = surplus::dead(facts, &settings);
    let excess = if dead.is_none() { surplus::excess(facts, &settings) } else { None };
    let found = [
        runs_out,
        supply::order(facts),
        supply::exposed(facts),
        low,
        data::negative_stock(facts),
        data::max_below_reorder(facts),
        data::drift(facts, &settings),
        data::stale_lead_time(facts, &settings),
        data::unknown_lead_time(facts),
        surplus::expires(facts),
        excess,
        dead,
    ];
    found.into_iter().flatten().filter(|a| a.money >= settings.least_money).collect()
}

/// The queue: dearest first, then gravest, then by item.
pub fn ranked(mut alerts: Vec<Alert>) -> Vec<Alert> {
    alerts.sort_by(|a, b| b.money.total_cmp(&a.money).then_with(|| a.kind.cmp(&b.kind)).then_with(|| a.id.cmp(&b.id)));
    alerts
}

impl AlertFacts<'_> {
    /// First period of the plan.
    fn start(&self) -> Period {
        self.forecast.start
    }

    /// Days in periods.
    fn periods(&self, days: f64) -> f64 {
        amount(days) / self.start().frequency().days()
    }

    /// Years of the horizon.
    fn years(&self) -> f64 {
        self.forecast.mean.len() as f64 / self.start().frequency().periods_per_year()
    }

    /// Mean forecast demand per period, units.
    fn rate(&self) -> f64 {
        let mean = &self.forecast.mean;
        mean.iter().map(|d| amount(*d)).sum::<f64>() / mean.len().max(1) as f64
    }

    /// Forecast demand of the next `periods`; beyond the horizon at its mean.
    fn demand_ahead(&self, periods: f64) -> f64 {
        let mean = &self.forecast.mean;
        let whole = (periods.floor() as usize).min(mean.len());
        let known: f64 = mean[..whole].iter().map(|d| amount(*d)).sum();
        known + (periods - whole as f64) * self.rate()
    }

    /// Stock on hand and on order, units.
    fn position(&self) -> f64 {
        self.on_hand() + amount(self.item.on_order)
    }

    /// Stock on hand, units; negative when customers wait.
    fn on_hand(&self) -> f64 {
        if self.item.on_hand.is_finite() { self.item.on_hand.clamp(-LARGEST, LARGEST) } else { 0.0 }
    }

    /// What holding so many units over the horizon costs, money.
    fn holding(&self, units: f64) -> f64 {
        units * self.value() * amount(self.item.holding_rate) * self.years()
    }

    /// Unit cost, money.
    fn value(&self) -> f64 {
        amount(self.item.unit_cost)
    }

    /// What is lost of a unit that can't be sold, money.
    fn written_off(&self) -> f64 {
        (self.value() - amount(self.item.salvage_value)).max(0.0)
    }

    /// An alert at the plan's start that ties nothing up.
    fn alert(&self, kind: AlertKind, money: f64, words: [Text; 3]) -> Alert {
        let [why, action, source] = words;
        let money = if money.is_finite() { money.max(0.0) } else { 0.0 };
        Alert { kind, id: self.item.id.clone(), money, tied_up: 0.0, when: self.start(), why, action, source }
    }

    /// "3 weeks", "3 周".
    fn span(&self, periods: f64) -> Text {
        let (unit, n) = (self.start().frequency().label(), figure(periods));
        let plural = if (periods - 1.0).abs() < 1e-9 { "" } else { "s" };
        Text::new(format!("{n} {}{plural}", unit.en), format!("{n} {}", unit.zh))
    }
}

/// No number of master data counts as more: it keeps nonsense in a file from becoming infinity in an alert.
const LARGEST: f64 = 1e15;

/// A quantity of master data: NaN, infinity and negatives count as 0.
fn amount(x: f64) -> f64 {
    if x > 0.0 && x.is_finite() { x.min(LARGEST) } else { 0.0 }
}

/// What a unit short is counted with, as the end of a source.
fn times_loss(facts: &AlertFacts<'_>) -> Text {
    let (loss, basis) = (figure(facts.risk.unit_loss), facts.risk.basis.label());
    let (en, zh) = (&basis.en, &basis.zh);
    text!("× {loss} per unit short ({en})", "× 每缺一件 {loss}（{zh}）")
}
