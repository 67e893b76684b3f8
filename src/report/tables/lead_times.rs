//! Lead times: the item list's beside the learnt ones, the dearest to keep first, and the orders behind them.

use super::super::table::{Cell, Column, Kind, Table};
use super::{days, money_unit, units};
use crate::model::{LeadTimeCheck, LeadTimeMoney, LeadTimeReport, LeadTimeUse, LeadTimes, Standing};
use crate::text;
use crate::words::Text;

/// One item a row: what the item list says, what receipts say, whether that contradicts, and what it means in money.
pub fn lead_times_table(report: &LeadTimeReport, currency: &str) -> Table {
    let mut table = Table::new("lead_times", "Lead times", "提前期", columns(currency));
    for check in &report.checks {
        let l = &check.learnt;
        let change = l.change.as_ref();
        let money = |of: fn(&LeadTimeMoney) -> f64| -> Cell { check.money.as_ref().map(of).into() };
        table.push(vec![
            (&check.id.item).into(),
            (&check.id.location).into(),
            (&check.name).into(),
            (&l.supplier).into(),
            Cell::words(verdict(check)),
            Cell::words(used(check.used)),
            check.master_days.into(),
            check.master_sd_days.into(),
            l.mean_days.into(),
            l.sd_days.into(),
            money(LeadTimeMoney::cost_of_keeping),
            money(|m| m.capital),
            money(|m| m.holding_per_year),
            money(|m| m.shortage_kept),
            money(|m| m.shortage_learnt),
            money(|m| m.safety_stock_master),
            money(|m| m.safety_stock_learnt),
            l.receipts.into(),
            l.used.into(),
            Cell::code(l.span.0.to_string()),
            Cell::code(l.span.1.to_string()),
            l.quantiles.p10.into(),
            l.quantiles.median.into(),
            l.quantiles.p90.into(),
            l.quantiles.p95.into(),
            l.skewness.into(),
            l.own_weight.into(),
            Cell::code(change.map(|c| c.since.to_string()).unwrap_or_default()),
            change.map(|c| c.before_days).into(),
            change.map(|c| c.after_days).into(),
            change.map(|c| c.p).into(),
            Cell::words(check.why.clone()),
            Cell::words(l.note.clone()),
        ]);
    }
    table
}

fn columns(currency: &str) -> Vec<Column> {
    let time = |key, en, zh| Column::new(key, en, zh, Kind::Number(1)).unit(days());
    let money = |key, en, zh| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let yearly = |key, en, zh| {
        let unit = money_unit(currency);
        let unit = Text::new(format!("{} a year", unit.en), format!("{}/年", unit.zh));
        Column::new(key, en, zh, Kind::Money).unit(unit)
    };
    let words = |key, en, zh| Column::new(key, en, zh, Kind::Text);
    vec![
        words("item", "Item", "商品"),
        words("location", "Location", "地点"),
        words("name", "Name", "名称"),
        words("supplier", "Supplier", "供应商"),
        words("stale", "Stale", "是否过时"),
        words("used", "Planned with", "计划采用"),
        time("master_days", "Item list", "商品清单"),
        time("master_sd_days", "Item list, deviation", "商品清单标准差"),
        time("learnt_days", "Learnt", "实测"),
        time("learnt_sd_days", "Learnt, deviation", "实测标准差"),
        yearly("cost_of_keeping", "Cost of keeping it", "沿用的代价"),
        money("capital", "Capital needed", "所需资金"),
        yearly("holding", "Holding cost of it", "其持有成本"),
        yearly("shortage_kept", "Shortages when kept", "沿用时缺货成本"),
        yearly("shortage_learnt", "Shortages when learnt", "改用时缺货成本"),
        Column::new("safety_stock_master", "Safety stock, item list", "安全库存（清单）", Kind::Number(1))
            .unit(units()),
        Column::new("safety_stock_learnt", "Safety stock, learnt", "安全库存（实测）", Kind::Number(1)).unit(units()),
        Column::new("receipts", "Receipts", "收货次数", Kind::Integer),
        Column::new("orders", "Orders", "订单数", Kind::Integer),
        words("first", "First order", "首个订单"),
        words("last", "Last order", "末个订单"),
        time("p10", "10 % within", "10% 分位"),
        time("median", "Median", "中位数"),
        time("p90", "90 % within", "90% 分位"),
        time("p95", "95 % within", "95% 分位"),
        Column::new("skewness", "Skewness", "偏度", Kind::Number(2)),
        Column::new("own_weight", "Its own share", "自身占比", Kind::Percent),
        words("changed", "Changed since", "变化起始"),
        time("before", "Before", "变化前"),
        time("after", "Since", "变化后"),
        Column::new("p_value", "p", "p 值", Kind::Chance),
        words("why", "Why", "说明"),
        words("note", "Note", "备注"),
    ]
}

/// In what the receipts contradict the item list.
fn verdict(check: &LeadTimeCheck) -> Text {
    match (check.mean_is_stale, check.sd_is_stale) {
        _ if !check.learnt.is_known => text!("too few", "次数过少"),
        (true, true) => text!("mean and deviation", "均值与标准差"),
        (true, false) => text!("mean", "均值"),
        (false, true) => text!("deviation", "标准差"),
        (false, false) => text!("no", "否"),
    }
}

fn used(used: LeadTimeUse) -> Text {
    match used {
        LeadTimeUse::Master => text!("item list", "商品清单"),
        LeadTimeUse::Learnt => text!("learnt", "实测"),
    }
}

/// One order a row: how long it took, and what became of it.
pub fn lead_time_orders_table(learnt: &LeadTimes) -> Table {
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("supplier", "Supplier", "供应商", Kind::Text),
        Column::new("ordered", "Ordered", "下单日期", Kind::Text),
        Column::new("days", "Took", "历时", Kind::Number(1)).unit(days()),
        Column::new("receipts", "Receipts", "收货次数", Kind::Integer),
        Column::new("standing", "Counts", "是否计入", Kind::Text),
    ];
    let mut table = Table::new("lead_time_orders", "Orders received", "已收订单", columns);
    for item in &learnt.items {
        for order in &item.orders {
            table.push(vec![
                (&item.id.item).into(),
                (&item.id.location).into(),
                (&item.supplier).into(),
                Cell::code(order.ordered.to_string()),
                order.days.into(),
                order.receipts.into(),
                Cell::words(standing(order.standing)),
            ]);
        }
    }
    table
}

fn standing(standing: Standing) -> Text {
    match standing {
        Standing::Used => text!("yes", "计入"),
        Standing::BeforeChange => text!("no: before the change", "否：变化之前"),
        Standing::SetAside => text!("no: not comparable", "否：明显异常"),
    }
}
