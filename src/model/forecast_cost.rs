//! What forecasts cost: a series' candidates, each walked through the item's own policy over the demand that came.

use super::calendar::Period;
use super::sales::SeriesId;
use crate::text;
use crate::words::{Text, figure};
use std::sync::Arc;

/// By what the candidates of an item are ranked: cost alone would reward empty shelves where a shortage costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostBasis {
    /// Holding, ordering and shortage under the item's own policy: shortage and holding both have a cost.
    Total,
    /// Holding and ordering at the same fill rate: a shortage has no cost.
    SameService,
    /// Stock at the same fill rate, units: holding has no cost.
    StockAtSameService,
}

impl CostBasis {
    /// The basis in words.
    pub fn label(self) -> Text {
        match self {
            Self::Total => text!("total cost", "总成本"),
            Self::SameService => text!("cost at the same fill rate", "相同满足率下的成本"),
            Self::StockAtSameService => text!("stock at the same fill rate", "相同满足率下的库存"),
        }
    }

    /// True where what is compared is money.
    pub fn is_money(self) -> bool {
        self != Self::StockAtSameService
    }
}

/// What a walk over demand came to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WalkedStock {
    /// Demand, units.
    pub demand: f64,
    /// Demand that found no stock in its period, units.
    pub short: f64,
    /// Mean stock on hand, units.
    pub average_stock: f64,
    /// Number of orders.
    pub orders: usize,
    /// Holding cost, money.
    pub holding: f64,
    /// Ordering cost, money.
    pub ordering: f64,
    /// Shortage cost, money.
    pub shortage: f64,
}

impl WalkedStock {
    /// Demand served from stock, units.
    pub fn served(&self) -> f64 {
        (self.demand - self.short).max(0.0)
    }

    /// Share of demand served from stock, in `[0, 1]`; 1 when there was none.
    pub fn fill_rate(&self) -> f64 {
        if self.demand > 0.0 { (self.served() / self.demand).clamp(0.0, 1.0) } else { 1.0 }
    }

    /// Holding, ordering and shortage together, money.
    pub fn total(&self) -> f64 {
        self.holding + self.ordering + self.shortage
    }
}

/// What one candidate's forecasts led to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CandidateCost {
    /// Under the item's own policy.
    pub own: WalkedStock,
    /// Units on top of all levels, or below them, with which the walk just reaches the fill rate of the model in use; `None`
    /// when no number of units does.
    pub buffer: Option<f64>,
    /// With that many.
    pub same_service: Option<WalkedStock>,
    /// What candidates are ranked by, money or units; `None` when it can't be reached.
    pub compared: Option<f64>,
}

/// A model of a series: how good it was and what it led to.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCost {
    /// Name of the model.
    pub model: Arc<str>,
    /// Place by what is compared, from 1; alike ones share it. `None` when nothing can be compared.
    pub rank: Option<usize>,
    /// Place by the backtest's error among these models, from 1.
    pub error_rank: usize,
    /// Mean absolute scaled error.
    pub mase: Option<f64>,
    /// Root mean squared scaled error: by it models are ranked where demand has pauses.
    pub rmsse: Option<f64>,
    /// Mean of forecast − actual, units.
    pub bias: Option<f64>,
    /// What it led to.
    pub cost: CandidateCost,
}

/// The candidates of a series, cheapest first.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesCost {
    /// Whose demand it is.
    pub id: SeriesId,
    /// First period walked over.
    pub start: Period,
    /// Periods walked over.
    pub periods: usize,
    /// Periods left out, because their demand isn't known.
    pub unknown: usize,
    /// Stock that every candidate began with, nothing being under way: the max level of [`SeriesCost::reference`], units.
    pub opening: f64,
    /// The model in use.
    pub in_use: Arc<str>,
    /// The model in use where it is comparable, else the comparable one with the smallest error: its fill rate is the same
    /// service, and the others' difference is to it.
    pub reference: Arc<str>,
    /// By what they are ranked.
    pub basis: CostBasis,
    /// Purchase cost of a unit, money.
    pub unit_cost: f64,
    /// What a unit of demand counts in a fill rate over several items: its price, else its cost, money.
    pub unit_value: f64,
    /// Models with a forecast at every origin: cheapest first, of alike ones the one with the smaller error. Never empty.
    pub models: Vec<ModelCost>,
    /// The others and why they can't be compared.
    pub left_out: Vec<(Arc<str>, Text)>,
}

/// Costs closer than this, as a share, are the same.
const SAME: f64 = 1e-9;

impl SeriesCost {
    /// The model of a name.
    pub fn of(&self, model: &str) -> Option<&ModelCost> {
        self.models.iter().find(|m| *m.model == *model)
    }

    /// The model that others differ from.
    pub fn reference(&self) -> &ModelCost {
        self.of(&self.reference).unwrap_or(&self.models[0])
    }

    /// The model of the smallest error.
    pub fn least_error(&self) -> &ModelCost {
        self.models.iter().min_by_key(|m| m.error_rank).unwrap_or(&self.models[0])
    }

    /// The cheapest model.
    pub fn cheapest(&self) -> &ModelCost {
        &self.models[0]
    }

    /// What a model costs more than the reference, money or units by the basis; negative when less.
    pub fn difference(&self, model: &ModelCost) -> Option<f64> {
        model.cost.compared.zip(self.reference().cost.compared).map(|(x, reference)| x - reference)
    }

    /// The same as a share of the reference's; `None` where that is 0.
    pub fn share(&self, model: &ModelCost) -> Option<f64> {
        let reference = self.reference().cost.compared.filter(|x| *x > 0.0)?;
        self.difference(model).map(|x| x / reference)
    }

    /// Whether the model of the smallest error costs the least, and why not, in a sentence; `label` names a model.
    pub fn verdict(&self, label: &dyn Fn(&str) -> Text) -> Text {
        let (best, cheapest) = (self.least_error(), self.cheapest());
        let [best_name, cheap_name] = [best, cheapest].map(|m| label(&m.model));
        let by = self.basis.label();
        if self.models.len() == 1 {
            return Text::new(
                format!("{} is the only model with a forecast at every origin.", best_name.en),
                format!("只有{}在每个回测时点都有预测。", best_name.zh),
            );
        }
        let (Some(most), Some(least)) = (best.cost.compared, cheapest.cost.compared) else {
            return text!("No model reaches the service of the model in use.", "没有模型能达到所用模型的服务水平。");
        };
        if most - least <= SAME * most.abs() {
            return Text::new(
                format!("{} has the smallest error and costs the least ({}).", best_name.en, by.en),
                format!("{}的误差最小，成本也最低（{}）。", best_name.zh, by.zh),
            );
        }
        let percent = 100.0 * (most - least) / most;
        let share = format!("{percent:.*}", usize::from(percent < 10.0));
        Text::new(
            format!("{} has the smallest error, {} the least {}: {share} % less.", best_name.en, cheap_name.en, by.en),
            format!("{}的误差最小，{}的{}最低：少 {share}%。", best_name.zh, cheap_name.zh, by.zh),
        )
        .then(&why(self.basis, cheapest, best))
    }

    /// What makes a model differ from the reference, in a sentence; empty for the reference itself and its like.
    pub fn why(&self, model: &ModelCost) -> Text {
        let reference = self.reference();
        let differs = self.difference(model).is_some_and(|x| x.abs() > SAME * reference.cost.compared.unwrap_or(0.0));
        if differs { why(self.basis, model, reference) } else { Text::default() }
    }
}

/// What makes `model` differ from `other`: the parts of cost that do, and the biases behind them.
fn why(basis: CostBasis, model: &ModelCost, other: &ModelCost) -> Text {
    let walked = |m: &ModelCost| match basis {
        CostBasis::Total => Some(m.cost.own),
        _ => m.cost.same_service,
    };
    let (Some(a), Some(b)) = (walked(model), walked(other)) else {
        return text!("It can't reach that fill rate.", "它无法达到该满足率。");
    };
    let parts = match basis {
        CostBasis::StockAtSameService => vec![(a.average_stock - b.average_stock, "stock", "库存")],
        _ => vec![
            (a.holding - b.holding, "holding", "持有"),
            (a.ordering - b.ordering, "ordering", "订货"),
            (a.shortage - b.shortage, "shortage", "缺货"),
        ],
    };
    let size = parts.iter().fold(0.0_f64, |most, (x, ..)| most.max(x.abs()));
    let mut parts: Vec<_> = parts.into_iter().filter(|(x, ..)| x.abs() > 0.005 * size && size > 0.0).collect();
    parts.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()));
    let en: Vec<String> = parts.iter().map(|(x, en, _)| format!("{} {} {en}", figure(x.abs()), than(*x).en)).collect();
    let zh: Vec<String> = parts.iter().map(|(x, _, zh)| format!("{zh}{} {}", than(*x).zh, figure(x.abs()))).collect();
    let mut text = Text::default();
    if !parts.is_empty() {
        text = Text::new(capital(&format!("{}.", en.join(", "))), format!("{}。", zh.join("，")));
    }
    if let Some((own, others)) =
        model.bias.zip(other.bias).filter(|(a, b)| (a - b).abs() > 0.005 * a.abs().max(b.abs()))
    {
        let (own, others) = (signed(own), signed(others));
        text = text.then(&text!(
            "Its forecasts were off by {own} units a period on the mean, the other's by {others}.",
            "其预测平均每期偏差 {own} 件，对方为 {others} 件。"
        ));
    }
    text
}

fn than(x: f64) -> Text {
    if x < 0.0 { text!("less", "少") } else { text!("more", "多") }
}

fn signed(x: f64) -> String {
    if x > 0.0 { format!("+{}", figure(x)) } else { figure(x) }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Sums over items of what walks came to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CostSums {
    /// Items.
    pub items: usize,
    /// What was compared, money.
    pub compared: f64,
    /// Holding cost under the items' own policies, money.
    pub holding: f64,
    /// Ordering cost, money.
    pub ordering: f64,
    /// Shortage cost, money.
    pub shortage: f64,
    /// Mean stock at purchase cost, money.
    pub stock_value: f64,
    /// Demand at the items' values, money.
    pub demand_value: f64,
    /// Demand served from stock at the items' values, money.
    pub served_value: f64,
}

impl CostSums {
    /// Adds what a model of an item led to.
    pub fn add(&mut self, item: &SeriesCost, model: &ModelCost) {
        let own = &model.cost.own;
        self.items += 1;
        self.compared += model.cost.compared.unwrap_or(0.0);
        self.holding += own.holding;
        self.ordering += own.ordering;
        self.shortage += own.shortage;
        self.stock_value += own.average_stock * item.unit_cost;
        self.demand_value += own.demand * item.unit_value;
        self.served_value += own.served() * item.unit_value;
    }

    /// Holding, ordering and shortage together, money.
    pub fn total(&self) -> f64 {
        self.holding + self.ordering + self.shortage
    }

    /// Share of demand served, each item's at its value, in `[0, 1]`; 1 without demand.
    pub fn fill_rate(&self) -> f64 {
        if self.demand_value > 0.0 { (self.served_value / self.demand_value).clamp(0.0, 1.0) } else { 1.0 }
    }
}

/// A model over the panel.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelTotal {
    /// Name of the model.
    pub model: Arc<str>,
    /// Items at which it had a forecast at every origin.
    pub stood: usize,
    /// Items at which it costs the least.
    pub cheapest: usize,
    /// Items at which it has the smallest error.
    pub least_error: usize,
    /// Mean over the common items of its MASE; `None` where none is known.
    pub mase: Option<f64>,
    /// Sums over the common items; `None` when it isn't among the models compared.
    pub sums: Option<CostSums>,
}

/// The candidates of all items, and what choosing by cost would be worth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ForecastCosts {
    /// Items with models to compare, in panel order.
    pub series: Vec<SeriesCost>,
    /// Items without: no backtest was kept.
    pub left_out: usize,
    /// Items at which every model compared stood and what is compared is money: the sums are over them.
    pub common: usize,
    /// Every model: those compared by what they cost, the cheapest first; then the others by the items that they stood at.
    pub models: Vec<ModelTotal>,
    /// The models in use over the common items; the reference where one isn't comparable.
    pub in_use: CostSums,
    /// The models of each item's smallest error, over the common items.
    pub by_error: CostSums,
    /// The cheapest model of each item, over the common items: hindsight, the choice knows the demand that it is judged by.
    pub by_cost: CostSums,
    /// The same three over every item where what is compared is money: in use, by error, by cost.
    pub all: [CostSums; 3],
}

impl ForecastCosts {
    /// What choosing each item's model by cost would have saved against choosing by error, money and its share, over every
    /// item where money is compared. Hindsight: an upper bound of what it will save.
    pub fn saved(&self) -> (f64, Option<f64>) {
        let [_, error, cost] = &self.all;
        let saved = error.compared - cost.compared;
        (saved, (error.compared > 0.0).then(|| saved / error.compared))
    }

    /// Items at which the model of the smallest error isn't the cheapest.
    pub fn disagree(&self) -> usize {
        let differs = |s: &&SeriesCost| s.least_error().rank.is_none_or(|rank| rank > 1);
        self.series.iter().filter(differs).count()
    }

    /// What the panel says, in a sentence or two.
    pub fn verdict(&self) -> Text {
        let (n, other) = (self.series.len(), self.disagree());
        if n == 0 {
            return text!(
                "No item has a backtest to walk over: the histories are too short, or the panel is so large that only the errors are kept.",
                "没有可用的回测：历史太短，或商品过多而只保留了误差。"
            );
        }
        let text = text!(
            "At {other} of {n} items the model of the smallest error isn't the one that costs least.",
            "{n} 个商品中有 {other} 个误差最小的模型并不是成本最低的。"
        );
        let (saved, Some(share)) = self.saved() else { return text };
        let (money, percent) = (figure(saved), format!("{:.1}", 100.0 * share));
        text.then(&text!(
            "Choosing by cost would have saved {money} ({percent} %) against choosing by error; that is hindsight, on the very demand that it is judged by.",
            "若按成本选择，可比按误差选择节省 {money}（{percent}%）；这是事后之见，选择与评价用的是同一段需求。"
        ))
    }
}
