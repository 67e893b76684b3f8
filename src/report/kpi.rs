//! The figures that tell one plan from another.

use super::table::Kind;
use crate::model::{
    Accuracy, Balance, CashPeriod, CostDriver, DispatchPlan, ModelScore, Plan, ScorePool, SeriesForecast, StockPlan,
};
use crate::text;
use crate::words::Text;

/// One figure of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Kpi {
    /// Stable name: `total_cost`.
    pub key: &'static str,
    /// Name for people.
    pub name: Text,
    /// Unit; the currency for money, may be empty.
    pub unit: Text,
    /// How the value reads; a percentage is a [`Kind::Number`] with the unit %.
    pub kind: Kind,
    /// The value; `None` when the plan has nothing to say about it.
    pub value: Option<f64>,
}

/// The figures of a plan, always the same ones in the same order, so that two plans can stand side by side.
///
/// Fill rate is weighted by forecast demand. WAPE is that of the chosen models' backtests, pooled over the series: the
/// sum of all absolute errors over the sum of all absolute actuals. Money is a sum of ledger lines, of balance lines, or of
/// the dated cash flow; what needs sales has no value where nothing has a price.
pub fn kpis(plan: &Plan) -> Vec<Kpi> {
    let mut list = vec![money(plan, "total_cost", text!("Total cost", "总成本"), Some(plan.ledger.total()))];
    list.extend(CostDriver::ALL.map(|driver| {
        let name = driver.label();
        let name = Text::new(format!("Cost: {}", lower(&name.en)), format!("成本：{}", name.zh));
        money(plan, driver_key(driver), name, Some(plan.ledger.of(driver)))
    }));
    list.extend(demand_and_stock(plan));
    list.extend(orders(plan));
    list.extend(cash(plan));
    list.extend(accuracy(plan));
    list.extend(dispatch(plan));
    list
}

/// The key of a driver's figure among the [`kpis`].
pub fn driver_key(driver: CostDriver) -> &'static str {
    match driver {
        CostDriver::Purchase => "cost_purchase",
        CostDriver::Ordering => "cost_ordering",
        CostDriver::Holding => "cost_holding",
        CostDriver::Shortage => "cost_shortage",
        CostDriver::TransportVariable => "cost_transport_variable",
        CostDriver::TransportFixed => "cost_transport_fixed",
        CostDriver::Handling => "cost_handling",
        CostDriver::UnmetDemand => "cost_unmet_demand",
    }
}

fn demand_and_stock(plan: &Plan) -> Vec<Kpi> {
    let demand: Vec<f64> = plan.forecasts.iter().map(|f| f.best().mean.iter().sum()).collect();
    let (now, value) = (plan.cash.balance(Balance::StockNow), plan.cash.balance(Balance::StockMean));
    let risky = plan.stock.iter().filter(|s| s.stockout_probability > 0.5).count();
    let has_stock = !plan.stock.is_empty();
    vec![
        units("series", text!("Item-locations planned", "计划的商品-地点数"), Some(plan.forecasts.len() as f64)),
        units("demand", text!("Demand forecast", "预测需求"), Some(demand.iter().sum())),
        percent("fill_rate", text!("Fill rate", "满足率"), fill_rate(&plan.stock, &demand)),
        units(
            "likely_stockouts",
            text!("Item-locations more likely than not to run out", "缺货概率超过 50% 的商品-地点数"),
            has_stock.then_some(risky as f64),
        ),
        money(plan, "stock_value_now", text!("Stock value now", "当前库存金额"), has_stock.then_some(now)),
        money(
            plan,
            "stock_value",
            text!("Stock value, mean of the plan", "计划期平均库存金额"),
            has_stock.then_some(value),
        ),
    ]
}

fn orders(plan: &Plan) -> Vec<Kpi> {
    let all = || plan.stock.iter().flat_map(|s| &s.orders);
    let ordered = all().map(|o| o.quantity).sum();
    vec![
        units("orders", text!("Orders proposed", "建议订单数"), Some(all().count() as f64)),
        units("ordered", text!("Units ordered", "订货数量"), Some(ordered)),
        money(
            plan,
            "order_value",
            text!("Value of the orders", "订单金额"),
            Some(plan.ledger.of(CostDriver::Purchase)),
        ),
    ]
}

fn cash(plan: &Plan) -> Vec<Kpi> {
    let cash = &plan.cash;
    let planned = !cash.periods.is_empty();
    let (sold, any) = (planned && cash.has_sales(), |x: f64| planned.then_some(x));
    let of_sales = |x: f64| sold.then_some(x);
    let need = cash.trough.map_or(0.0, |t| t.need);
    let span = |key, name, value| Kpi { key, name, unit: text!("days", "天"), kind: Kind::Number(1), value };
    let (dio, dpo) = (cash.inventory_days(), cash.payables_days());
    vec![
        money(plan, "sales", text!("Sales expected", "预期销售额"), of_sales(cash.sum(|p| p.sales))),
        money(plan, "cash_in", text!("Cash in", "现金流入"), of_sales(cash.sum(CashPeriod::cash_in))),
        money(plan, "cash_out", text!("Cash out", "现金流出"), any(cash.sum(CashPeriod::cash_out))),
        money(plan, "cash_net", text!("Cash, net", "净现金流"), of_sales(cash.sum(CashPeriod::net))),
        money(plan, "cash_trough", text!("Largest cash need", "最大资金需求"), of_sales(need)),
        money(
            plan,
            "working_capital",
            text!("Working capital at the end", "期末营运资金"),
            of_sales(cash.closing().total()),
        ),
        span("dio", text!("Days inventory outstanding", "库存周转天数"), dio),
        span("dso", text!("Days sales outstanding", "应收账款周转天数"), cash.sales_days()),
        span("dpo", text!("Days payables outstanding", "应付账款周转天数"), dpo),
        span("ccc", text!("Cash-conversion cycle", "现金周转周期"), cash.conversion_days()),
    ]
}

fn accuracy(plan: &Plan) -> Vec<Kpi> {
    let errors = pooled(plan.forecasts.iter().filter_map(SeriesForecast::best_score));
    vec![
        percent(
            "wape",
            text!("Forecast error (WAPE, backtest)", "预测误差（WAPE，回测）"),
            errors.wape.map(|w| w / 100.0),
        ),
        units("bias", text!("Forecast bias, mean per period", "预测偏差（每期平均）"), errors.bias),
    ]
}

fn dispatch(plan: &Plan) -> Vec<Kpi> {
    let plan = plan.dispatch.as_deref();
    vec![
        units(
            "shipped",
            text!("Units shipped", "发运数量"),
            plan.map(|d| d.shipments.iter().map(|s| s.quantity).sum()),
        ),
        units("trips", text!("Trips", "车次"), plan.map(|d| d.trips.iter().map(|t| t.count).sum())),
        units("unmet", text!("Demand unmet", "未满足需求"), plan.map(DispatchPlan::unmet_quantity)),
    ]
}

/// Fill rate over several series, each weighted by its demand; `None` without demand.
pub(super) fn fill_rate(stock: &[StockPlan], demand: &[f64]) -> Option<f64> {
    let total: f64 = demand.iter().zip(stock).map(|(d, _)| d.max(0.0)).sum();
    let filled: f64 = stock.iter().zip(demand).map(|(s, d)| s.fill_rate * d.max(0.0)).sum();
    (total > 0.0).then(|| filled / total)
}

/// Backtests of several series as one; no measure at all when there are none.
pub(super) fn pooled<'a>(scores: impl IntoIterator<Item = &'a ModelScore>) -> Accuracy {
    let mut pool = ScorePool::default();
    scores.into_iter().for_each(|score| pool.add(score));
    pool.accuracy().unwrap_or_default()
}

fn money(plan: &Plan, key: &'static str, name: Text, value: Option<f64>) -> Kpi {
    Kpi { key, name, unit: super::tables::money_unit(&plan.currency), kind: Kind::Money, value }
}

fn units(key: &'static str, name: Text, value: Option<f64>) -> Kpi {
    let (kind, unit) = match key {
        "demand" | "ordered" | "shipped" | "unmet" => (Kind::Number(1), text!("units", "件")),
        "bias" => (Kind::Number(2), text!("units", "件")),
        _ => (Kind::Integer, Text::default()),
    };
    Kpi { key, name, unit, kind, value }
}

/// `share` in `[0, 1]` becomes a figure in percent.
fn percent(key: &'static str, name: Text, share: Option<f64>) -> Kpi {
    Kpi { key, name, unit: Text::same("%"), kind: Kind::Number(1), value: share.map(|s| 100.0 * s) }
}

fn lower(name: &str) -> String {
    name.to_lowercase()
}
