//! What forecasts would have cost: every model of an item, and every model over the items.

use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{CostSums, ForecastCosts, ModelCost, ModelTotal, SeriesCost};
use crate::text;
use crate::words::Text;

/// Every model of every series, the cheapest of a series first, those that can't be compared behind with the reason.
pub fn forecast_cost_table(series: &[SeriesCost], currency: &str) -> Table {
    let money = |key, en: &str, zh: &str| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let quantity = |key, en: &str, zh: &str| Column::new(key, en, zh, Kind::Number(1)).unit(units());
    let columns = vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location", "地点", Kind::Text),
        Column::new("rank", "Rank", "名次", Kind::Integer),
        Column::new("model", "Model", "模型", Kind::Text),
        Column::new("in_use", "In use", "选用", Kind::Text),
        Column::new("error_rank", "Rank by error", "误差名次", Kind::Integer),
        Column::new("mase", "MASE", "MASE", Kind::Number(3)),
        Column::new("rmsse", "RMSSE", "RMSSE", Kind::Number(3)),
        Column::new("fill_rate", "Fill rate", "满足率", Kind::Percent),
        quantity("stock", "Average stock", "平均库存"),
        money("stock_value", "Average stock value", "平均库存金额"),
        Column::new("orders", "Orders", "订单数", Kind::Integer),
        money("holding", "Holding", "持有成本"),
        money("ordering", "Ordering", "订货成本"),
        money("shortage", "Shortage", "缺货成本"),
        money("total", "Total cost", "总成本"),
        quantity("buffer", "Buffer for the same fill rate", "达到相同满足率的缓冲"),
        quantity("same_stock", "Stock at the same fill rate", "相同满足率下的库存"),
        money("same_cost", "Cost at the same fill rate", "相同满足率下的成本"),
        Column::new("basis", "Ranked by", "排名依据", Kind::Text),
        Column::new("difference", "Against the model in use", "与所用模型之差", Kind::Number(2))
            .unit(text!("as ranked", "按排名依据")),
        Column::new("share", "Against the model in use", "与所用模型相比", Kind::Percent),
        Column::new("why", "Why", "原因", Kind::Text),
    ];
    let mut table = Table::new("forecast_cost", "Cost of forecasts", "预测成本", columns);
    for item in series {
        item.models.iter().for_each(|model| table.push(row(item, model)));
        for (model, why) in &item.left_out {
            let mut row = vec![(&item.id.item).into(), (&item.id.location).into(), Cell::Empty, model.into()];
            row.push(mark(*model == item.in_use));
            row.resize(table.columns.len() - 1, Cell::Empty);
            row.push(Cell::words(why.clone()));
            table.push(row);
        }
    }
    table
}

fn mark(is_so: bool) -> Cell {
    Cell::words(if is_so { text!("yes", "是") } else { Text::default() })
}

fn row(item: &SeriesCost, model: &ModelCost) -> Vec<Cell> {
    let (own, same) = (&model.cost.own, model.cost.same_service);
    vec![
        (&item.id.item).into(),
        (&item.id.location).into(),
        model.rank.map_or(Cell::Empty, Cell::from),
        (&model.model).into(),
        mark(model.model == item.in_use),
        model.error_rank.into(),
        model.mase.into(),
        model.rmsse.into(),
        own.fill_rate().into(),
        own.average_stock.into(),
        (own.average_stock * item.unit_cost).into(),
        own.orders.into(),
        own.holding.into(),
        own.ordering.into(),
        own.shortage.into(),
        own.total().into(),
        model.cost.buffer.into(),
        same.map(|s| s.average_stock).into(),
        same.map(|s| s.holding + s.ordering).into(),
        Cell::words(item.basis.label()),
        item.difference(model).into(),
        item.share(model).into(),
        Cell::words(item.why(model)),
    ]
}

/// Every model over the items at which all models compared stood, the cheapest first; behind them the models in use, those
/// of the smallest error and the cheapest ones item by item, then the models that stood at too few items to be compared.
pub fn forecast_cost_models_table(costs: &ForecastCosts, currency: &str) -> Table {
    let money = |key, en: &str, zh: &str| Column::new(key, en, zh, Kind::Money).unit(money_unit(currency));
    let columns = vec![
        Column::new("rank", "Rank", "名次", Kind::Integer),
        Column::new("model", "Model", "模型", Kind::Text),
        Column::new("items", "Items", "商品数", Kind::Integer),
        Column::new("mase", "MASE", "MASE", Kind::Number(3)),
        Column::new("fill_rate", "Fill rate by value", "按金额的满足率", Kind::Percent),
        money("stock_value", "Average stock value", "平均库存金额"),
        money("holding", "Holding", "持有成本"),
        money("ordering", "Ordering", "订货成本"),
        money("shortage", "Shortage", "缺货成本"),
        money("total", "Total cost", "总成本"),
        money("compared", "Cost compared", "比较用成本"),
        money("difference", "Against the models in use", "与所用模型之差"),
        Column::new("share", "Against the models in use", "与所用模型相比", Kind::Percent),
        Column::new("stood", "Items with this model", "有该模型的商品数", Kind::Integer),
        Column::new("cheapest", "Cheapest of", "成本最低的商品数", Kind::Integer),
        Column::new("least_error", "Smallest error of", "误差最小的商品数", Kind::Integer),
        Column::new("note", "Note", "说明", Kind::Text),
    ];
    let mut table = Table::new("forecast_cost_models", "Cost of forecasts by model", "各模型预测成本", columns);
    let sums = |sums: &CostSums| -> Vec<Cell> {
        let difference = sums.compared - costs.in_use.compared;
        let share = (costs.in_use.compared > 0.0).then(|| difference / costs.in_use.compared);
        vec![
            sums.fill_rate().into(),
            sums.stock_value.into(),
            sums.holding.into(),
            sums.ordering.into(),
            sums.shortage.into(),
            sums.total().into(),
            sums.compared.into(),
            difference.into(),
            share.into(),
        ]
    };
    let counts = |m: &ModelTotal| [m.stood.into(), m.cheapest.into(), m.least_error.into()];
    let compared = costs.models.iter().filter_map(|m| m.sums.as_ref().map(|s| (m, s)));
    for (k, (model, of)) in compared.enumerate() {
        let mut row = vec![(k + 1).into(), (&model.model).into(), of.items.into(), model.mase.into()];
        row.extend(sums(of));
        row.extend(counts(model));
        row.push(Cell::Empty);
        table.push(row);
    }
    let choices = [
        (text!("Models in use", "所用模型"), &costs.in_use, Text::default()),
        (text!("Smallest error, item by item", "各商品误差最小的模型"), &costs.by_error, Text::default()),
        (
            text!("Least cost, item by item", "各商品成本最低的模型"),
            &costs.by_cost,
            text!("Hindsight: chosen by the very demand that it is judged by", "事后之见：选择与评价用的是同一段需求"),
        ),
    ];
    for (name, of, note) in choices.into_iter().filter(|(_, of, _)| of.items > 0) {
        let mut row = vec![Cell::Empty, Cell::words(name), of.items.into(), Cell::Empty];
        row.extend(sums(of));
        row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::words(note)]);
        table.push(row);
    }
    for model in costs.models.iter().filter(|m| m.sums.is_none()) {
        let (stood, all) = (model.stood, costs.series.len());
        let mut row = vec![Cell::Empty, (&model.model).into()];
        row.resize(table.columns.len() - 4, Cell::Empty);
        row.extend(counts(model));
        row.push(Cell::words(text!(
            "At {stood} of {all} items only: not summed",
            "仅 {stood}/{all} 个商品有该模型，未汇总"
        )));
        table.push(row);
    }
    table
}
