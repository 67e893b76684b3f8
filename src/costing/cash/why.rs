//! How the figures of cash were made, and what they take for granted.

use super::CashInputs;
use crate::model::{CashFlow, Opening, ShortageRule, Why, WhyInput};
use crate::text;
use crate::words::Text;

/// Days of a mean Gregorian year.
const YEAR: f64 = 365.2425;

/// The derivations of the figures that the window shows, those that there are.
pub(super) fn derivations(cash: &CashFlow) -> Vec<Why> {
    let (mean, closing, days) = (cash.mean(), cash.closing(), cash.days());
    let a_year = |flow: f64| flow * YEAR / days.max(1.0);
    let cost = input("C", text!("cost of sales per year", "年化销售成本"), a_year(cash.sum(|p| p.cost_of_sales)));
    let sales = input("S", text!("sales per year", "年化销售额"), a_year(cash.sum(|p| p.sales)));
    let inventory = |value| input("I", text!("inventory at cost", "库存（按成本）"), value);
    let receivables = |value| input("A", text!("receivables", "应收账款"), value);
    let payables = |value| input("P", text!("payables", "应付账款"), value);
    let note = text!(
        "Mean balances of the plan's days; flows of the plan, scaled to a year of 365.2425 days",
        "余额取计划期逐日均值；流量按 365.2425 天折算为年"
    );
    let in_days = |quantity: Text, value: Option<f64>, formula: &str, inputs: Vec<WhyInput>| {
        let unit = text!("days", "天");
        Some(Why { quantity, value: value?, unit, formula: formula.to_owned(), inputs, note: note.clone() })
    };
    let span = |symbol: &str, name: Text, value: Option<f64>| {
        let of = text!("derived above", "见上");
        value.map(|value| WhyInput { symbol: symbol.into(), name, value, unit: text!("days", "天"), source: of })
    };
    let (dio, dso, dpo) = (cash.inventory_days(), cash.sales_days(), cash.payables_days());
    let cycle = [
        span("DIO", text!("days inventory outstanding", "库存周转天数"), dio),
        span("DSO", text!("days sales outstanding", "应收账款周转天数"), dso),
        span("DPO", text!("days payables outstanding", "应付账款周转天数"), dpo),
    ];
    let names = [
        text!("Days inventory outstanding (DIO)", "库存周转天数（DIO）"),
        text!("Days sales outstanding (DSO)", "应收账款周转天数（DSO）"),
        text!("Days payables outstanding (DPO)", "应付账款周转天数（DPO）"),
        text!("Cash-conversion cycle (CCC)", "现金周转周期（CCC）"),
    ];
    let [dio_name, dso_name, dpo_name, ccc_name] = names;
    let capital = Why {
        quantity: text!("Working capital", "营运资金"),
        value: closing.total(),
        unit: text!("money", "金额"),
        formula: "I + A − P".into(),
        inputs: vec![inventory(closing.inventory), receivables(closing.receivables), payables(closing.payables)],
        note: text!("On the last day of the plan; payables less what is paid ahead", "计划期末；应付账款已减预付"),
    };
    let lowest = cash.periods.iter().map(|p| p.lowest).fold(0.0, f64::min);
    let need = Why {
        quantity: text!("Largest cash need", "最大资金需求"),
        value: cash.trough.map_or(0.0, |t| t.need),
        unit: text!("money", "金额"),
        formula: "max(0, −m)".into(),
        inputs: vec![input("m", text!("lowest cash since the first day", "自首日起的最低累计现金"), lowest)],
        note: text!("Cash by the end of each day, from nothing on the first", "按日终累计现金，自首日为零起算"),
    };
    let days_of = [
        in_days(dio_name, dio, "365.2425·I/C", vec![inventory(mean.inventory), cost.clone()]),
        in_days(dso_name, dso, "365.2425·A/S", vec![receivables(mean.receivables), sales]),
        in_days(dpo_name, dpo, "365.2425·P/C", vec![payables(mean.payables), cost]),
        in_days(ccc_name, cash.conversion_days(), "DIO + DSO − DPO", cycle.into_iter().flatten().collect()),
    ];
    days_of.into_iter().flatten().chain([capital, need]).collect()
}

fn input(symbol: &str, name: Text, value: f64) -> WhyInput {
    let (unit, source) = (text!("money", "金额"), text!("cash flow of the plan", "计划现金流"));
    WhyInput { symbol: symbol.into(), name, value, unit, source }
}

/// What the figures take for granted, and what is missing.
pub(super) fn notes(cash: &CashFlow, inputs: &CashInputs<'_>) -> Vec<Text> {
    let mut notes = Vec::new();
    let (unpriced, all) = (cash.unpriced, cash.items.len());
    if !cash.has_sales() {
        notes.push(text!(
            "No item has a price: sales can't be valued. Add the column price to the item file",
            "没有商品给出售价：无法计算销售额。请在商品文件中添加 price（售价）列"
        ));
    } else if unpriced > 0 {
        notes.push(text!(
            "{unpriced} of {all} item-locations have no price: their sales bring no cash. Complete the column price",
            "{all} 个商品-地点中有 {unpriced} 个没有售价：其销售不带来现金。请补全 price（售价）列"
        ));
    }
    let costless = cash.items.iter().filter(|i| i.unit_cost <= 0.0 && (i.sold > 0.0 || i.received > 0.0)).count();
    if costless > 0 {
        notes.push(text!(
            "{costless} of {all} item-locations have no unit cost: what is bought of them costs nothing. Complete the column unit_cost",
            "{all} 个商品-地点中有 {costless} 个没有单位成本：其采购不计支出。请补全 unit_cost（单位成本）列"
        ));
    }
    notes.push(match inputs.shortage {
        ShortageRule::LostSales => text!(
            "Sales are the forecast mean, less what stock and the fill rate can't serve",
            "销售额按预测均值，扣除库存与满足率无法满足的部分"
        ),
        ShortageRule::Backorder => {
            text!("Sales are the forecast mean, delivered when stock allows", "销售额按预测均值，在库存允许时交付")
        }
    });
    let percent = 100.0 * inputs.settings.paid_holding_share.clamp(0.0, 1.0);
    notes.push(text!(
        "{percent:.0} % of the holding cost is paid out; the rest is interest on capital tied up",
        "持有成本的 {percent:.0}% 为现金支出；其余为占用资金的利息"
    ));
    notes.push(match inputs.settings.opening {
        Opening::History => text!(
            "Opening receivables and payables follow the sales of the last days, as far as terms reach back",
            "期初应收与应付按账期内的近期销售推算"
        ),
        Opening::Nothing => {
            text!("Nothing is owed on the first day, by customers or to suppliers", "首日无应收也无应付")
        }
    });
    notes
}
