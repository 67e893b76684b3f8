//! Money that stands for what is no cost: line by line, quantity × rate = amount.

use super::CashInputs;
use super::goods::units;
use super::series::rate;
use crate::model::{Balance, BalanceLine, ItemCash};
use crate::text;
use crate::words::Text;

/// The balances of every series: stock now and on the mean of the plan, goods on order, opening debts. Lines of nothing are
/// left out.
pub(super) fn balances(inputs: &CashInputs<'_>, cash: &[ItemCash]) -> Vec<BalanceLine> {
    let (items, stock) = (inputs.items, inputs.stock);
    let mut lines = Vec::new();
    for (k, item) in items.iter().enumerate() {
        let mut add = |balance, quantity: f64, rate: f64, source: Text| {
            if quantity != 0.0 && rate != 0.0 {
                lines.push(BalanceLine {
                    balance,
                    id: item.id.clone(),
                    quantity,
                    rate,
                    amount: quantity * rate,
                    source,
                });
            }
        };
        let cost = rate(item.unit_cost);
        let now = text!("stock on hand × unit cost", "现有库存 × 单位成本");
        add(Balance::StockNow, units(item.on_hand), cost, now);
        if let Some(plan) = stock.get(k) {
            let source = text!("simulated mean stock of the plan × unit cost", "计划期模拟平均库存 × 单位成本");
            add(Balance::StockMean, units(plan.average_stock), cost, source);
        }
        add(Balance::OnOrder, units(item.on_order), cost, text!("units on order × unit cost", "在途数量 × 单位成本"));
        let Some(cash) = cash.get(k) else { continue };
        let agreed = inputs.agreed.get(k).unwrap_or(item);
        let bought_at = Some(rate(agreed.unit_cost)).filter(|c| *c > 0.0).unwrap_or(cost);
        let owed = text!("units sold and not yet paid by customers × price", "已售未收款数量 × 售价");
        let owing =
            text!("units bought and not yet paid, less paid ahead × unit cost", "已购未付款（减预付）数量 × 单位成本");
        for (balance, amount, each, source) in [
            (Balance::Receivables, cash.opening.receivables, rate(agreed.price), owed),
            (Balance::Payables, cash.opening.payables, bought_at, owing),
        ] {
            if each > 0.0 {
                add(balance, amount / each, each, source);
            }
        }
    }
    lines.sort_by_key(|line| line.balance);
    lines
}
