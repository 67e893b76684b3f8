//! Dated cash: period by period, item by item, and what money stands for what is no cost.

use super::super::table::{Cell, Column, Kind, Table};
use super::{days, money_unit, per_unit, units};
use crate::model::{CashFlow, CashPeriod, Plan, WorkingCapital};
use crate::text;

/// Cash per period: what comes in and goes out, what it adds up to, and what is tied up. The first row is the first day.
pub fn cash_table(plan: &Plan) -> Table {
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(&plan.currency));
    let columns = vec![
        Column::new("period", "Period", "期间", Kind::Text),
        money("cash_in", "Collected", "收款"),
        money("paid_suppliers", "Paid to suppliers", "付供应商"),
        money("paid_ordering", "Paid for ordering", "付订货费"),
        money("paid_holding", "Paid for holding", "付持有费"),
        money("paid_transport", "Paid for transport", "付运费"),
        money("cash_out", "Cash out", "现金流出"),
        money("net", "Net", "净额"),
        money("cumulative", "Cumulative", "累计"),
        money("lowest", "Lowest within", "期内最低"),
        money("sales", "Sales", "销售额"),
        money("cost_of_sales", "Cost of sales", "销售成本"),
        money("received", "Goods received", "到货金额"),
        money("inventory", "Inventory", "库存"),
        money("receivables", "Receivables", "应收账款"),
        money("payables", "Payables", "应付账款"),
        money("working_capital", "Working capital", "营运资金"),
        money("mean_inventory", "Mean inventory", "平均库存"),
        money("mean_receivables", "Mean receivables", "平均应收"),
        money("mean_payables", "Mean payables", "平均应付"),
        Column::new("days", "Days", "天数", Kind::Integer),
        money("dip", "Lowest move within", "期内最低变动"),
    ];
    let mut table = Table::new("cash", "Cash", "现金流", columns);
    if plan.cash.periods.is_empty() {
        return table;
    }
    table.push(opening_row(&plan.cash));
    for period in &plan.cash.periods {
        table.push(period_row(period));
    }
    table
}

fn opening_row(cash: &CashFlow) -> Vec<Cell> {
    let mut row = vec![Cell::words(text!("first day", "首日"))];
    row.extend(std::iter::repeat_n(Cell::Empty, 7));
    row.push(0.0.into());
    row.extend(std::iter::repeat_n(Cell::Empty, 4));
    row.extend(tied_up(cash.opening));
    row.extend(std::iter::repeat_n(Cell::Empty, 5));
    row
}

fn period_row(p: &CashPeriod) -> Vec<Cell> {
    let mut row = vec![p.period.into()];
    let paid = [p.paid_suppliers, p.paid_ordering, p.paid_holding, p.paid_transport];
    row.push(p.cash_in().into());
    row.extend(paid.map(Cell::from));
    row.extend([p.cash_out(), p.net(), p.cumulative, p.lowest].map(Cell::from));
    row.extend([p.sales, p.cost_of_sales, p.received].map(Cell::from));
    row.extend(tied_up(p.closing));
    row.extend([p.mean.inventory, p.mean.receivables, p.mean.payables, p.days, p.dip].map(Cell::from));
    row
}

/// Inventory, receivables, payables and what they come to.
fn tied_up(of: WorkingCapital) -> [Cell; 4] {
    [of.inventory, of.receivables, of.payables, of.total()].map(Cell::from)
}

/// Cash per item and location over the horizon: what is sold, bought, collected and paid, and what is owed at both ends.
pub fn cash_items_table(plan: &Plan) -> Table {
    let currency = &plan.currency;
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let rate = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(per_unit(currency));
    let quantity = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    let terms = |key, en, zh| Column::new(key, en, zh, Kind::Number(0)).unit(days());
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        quantity("sold", "Expected sales", "预期销量"),
        rate("price", "Price", "售价"),
        money("sales", "Sales", "销售额"),
        quantity("received", "Received", "到货"),
        rate("unit_cost", "Unit cost", "单位成本"),
        money("cost_of_sales", "Cost of sales", "销售成本"),
        money("received_value", "Goods received", "到货金额"),
        terms("customer_days", "Customer pays after", "客户账期"),
        terms("supplier_days", "Supplier paid after", "供应商账期"),
        money("collected", "Collected", "收款"),
        money("paid", "Paid to supplier", "付供应商"),
        money("opening_inventory", "Inventory, first day", "期初库存"),
        money("opening_receivables", "Receivables, first day", "期初应收"),
        money("opening_payables", "Payables, first day", "期初应付"),
        money("inventory", "Inventory, last day", "期末库存"),
        money("receivables", "Receivables, last day", "期末应收"),
        money("payables", "Payables, last day", "期末应付"),
        money("mean_inventory", "Mean inventory", "平均库存"),
        money("mean_receivables", "Mean receivables", "平均应收"),
        money("mean_payables", "Mean payables", "平均应付"),
    ];
    let mut table = Table::new("cash_items", "Cash by item", "商品现金流", columns);
    let three = |of: WorkingCapital| [of.inventory, of.receivables, of.payables].map(Cell::from);
    for item in &plan.cash.items {
        let mut row: Vec<Cell> = vec![(&item.id.item).into(), (&item.id.location).into()];
        row.extend([item.sold, item.price, item.sales(), item.received, item.unit_cost].map(Cell::from));
        row.extend([item.cost_of_sales(), item.received_value()].map(Cell::from));
        row.extend([item.customer_days, item.supplier_days, item.collected, item.paid].map(Cell::from));
        row.extend([item.opening, item.closing, item.mean].into_iter().flat_map(three));
        table.push(row);
    }
    table
}

/// What money stands for what is no cost: stock now, capital tied up in mean stock, goods on order, opening debts.
pub fn balances_table(plan: &Plan) -> Table {
    let columns = vec![
        Column::new("balance", "Balance", "余额项", Kind::Text),
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("quantity", "Quantity", "数量", Kind::Number(3)).unit(units()),
        Column::new("rate", "Rate", "单价", Kind::Number(4)).unit(per_unit(&plan.currency)),
        Column::new("amount", "Amount", "金额", Kind::Money).unit(money_unit(&plan.currency)),
        Column::new("source", "Source", "来源", Kind::Text),
    ];
    let mut table = Table::new("balances", "Balances", "余额", columns);
    for line in &plan.cash.balances {
        table.push(vec![
            Cell::words(line.balance.label()),
            (&line.id.item).into(),
            (&line.id.location).into(),
            line.quantity.into(),
            line.rate.into(),
            line.amount.into(),
            Cell::words(line.source.clone()),
        ]);
    }
    table
}
