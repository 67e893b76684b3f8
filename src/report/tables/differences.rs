//! Two plans against each other down to the item, and several plans side by side.

use super::super::kpi::{Kpi, driver_key, kpis};
use super::super::table::{Cell, Column, Kind, Table};
use super::{money_unit, units};
use crate::model::{CostBridge, CostDriver, Item, Plan, SeriesId, StockPlan, scenario_label};
use crate::text;
use crate::words::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Figures that differ by less than this share are the same.
const SAME: f64 = 1e-9;

/// One figure of one item (or place) in both plans.
struct Row {
    item: Arc<str>,
    place: Arc<str>,
    measure: Text,
    unit: Text,
    first: Cell,
    second: Cell,
    change: Option<f64>,
    relative: Option<f64>,
    /// The change in money; what rows are sorted by.
    money: f64,
}

/// What differs between two plans, item by item and figure by figure, the most money first.
///
/// The money of a change is: for stock and order figures, the units × the second plan's unit cost; for service figures, the
/// units short more or less × the sales price (the unit cost where no price is known); for costs, the change itself; for a next
/// order that moved, its value.
pub fn difference_table(first: &Plan, second: &Plan) -> Table {
    let mut rows = Vec::new();
    let (a, b) = (series(first), series(second));
    let ids: BTreeSet<&SeriesId> = a.keys().chain(b.keys()).copied().collect();
    let (a_costs, b_costs) = (costs(first), costs(second));
    for id in ids {
        series_rows(id, (a.get(id), b.get(id)), second, &mut rows);
    }
    let keys: BTreeSet<_> = a_costs.keys().chain(b_costs.keys()).cloned().collect();
    for key in keys {
        let of = |costs: &BTreeMap<_, f64>| costs.get(&key).copied().unwrap_or(0.0);
        let (x, y) = (of(&a_costs), of(&b_costs));
        let (driver, item, place) = key;
        let name = driver.label();
        let measure = Text::new(format!("Cost: {}", name.en.to_lowercase()), format!("成本：{}", name.zh));
        let head = (item, place, measure, money_unit(&second.currency));
        rows.extend(figure(head, Some(x), Some(y), |change| change));
    }
    rows.sort_by(|a, b| {
        let order = b.money.abs().total_cmp(&a.money.abs());
        order.then_with(|| (&a.item, &a.place).cmp(&(&b.item, &b.place)))
    });
    let mut table = Table::new("differences", "Differences", "方案差异", difference_columns(first, second));
    for row in rows {
        table.push(vec![
            (&row.item).into(),
            (&row.place).into(),
            Cell::words(row.measure),
            row.first,
            row.second,
            row.change.into(),
            row.money.into(),
            Cell::words(row.unit),
            row.relative.into(),
        ]);
    }
    table
}

fn difference_columns(first: &Plan, second: &Plan) -> Vec<Column> {
    vec![
        Column::new("item", "Item", "商品", Kind::Text),
        Column::new("location", "Location or lane", "地点或线路", Kind::Text),
        Column::new("measure", "Measure", "指标", Kind::Text),
        named("first", &first.scenario),
        named("second", &second.scenario),
        Column::new("difference", "Change", "变化", Kind::Number(2)),
        Column::new("money", "In money", "折合金额", Kind::Money).unit(money_unit(&second.currency)),
        Column::new("unit", "Unit", "单位", Kind::Text),
        Column::new("relative", "Relative", "相对变化", Kind::Percent),
    ]
}

fn named(key: &'static str, name: &str) -> Column {
    Column { key, header: scenario_label(name), unit: Text::default(), kind: Kind::Number(2) }
}

/// One item at one location.
struct Planned<'a> {
    item: &'a Item,
    stock: &'a StockPlan,
}

fn series(plan: &Plan) -> BTreeMap<&SeriesId, Planned<'_>> {
    plan.items.iter().zip(&plan.stock).map(|(item, stock)| (&stock.id, Planned { item, stock })).collect()
}

/// Sums of the ledger by driver, item and place.
fn costs(plan: &Plan) -> BTreeMap<(CostDriver, Arc<str>, Arc<str>), f64> {
    let mut sums = BTreeMap::new();
    for line in &plan.ledger.lines {
        *sums.entry((line.driver, line.item.clone(), line.place.clone())).or_insert(0.0) += line.amount;
    }
    sums
}

fn series_rows(id: &SeriesId, pair: (Option<&Planned<'_>>, Option<&Planned<'_>>), to: &Plan, rows: &mut Vec<Row>) {
    let head = |measure: Text, unit: Text| (id.item.clone(), id.location.clone(), measure, unit);
    let (first, second) = pair;
    let Some(item) = second.or(first).map(|p| p.item) else { return };
    let unit_cost = item.unit_cost.max(0.0);
    let at_stake = if item.price > 0.0 { item.price } else { unit_cost };
    let of = |value: fn(&Planned<'_>) -> f64| (first.map(value), second.map(value));
    let mut add = |measure: Text, unit: Text, (a, b): (Option<f64>, Option<f64>), money: &dyn Fn(f64) -> f64| {
        rows.extend(figure(head(measure, unit), a, b, money));
    };
    let in_stock = |change: f64| change * unit_cost;
    let short = of(|p| p.stock.average_shortage);
    let lost = (short.1.unwrap_or(0.0) - short.0.unwrap_or(0.0)) * at_stake;
    let value = of(|p| p.stock.average_stock * p.item.unit_cost);
    add(text!("Stock value, mean", "平均库存金额"), money_unit(&to.currency), value, &|change| change);
    add(text!("Safety stock", "安全库存"), units(), of(|p| p.stock.safety_stock), &in_stock);
    let reorder = of(|p| p.stock.active_reorder_point());
    add(text!("Reorder point", "再订货点"), units(), reorder, &in_stock);
    add(text!("Max level", "最高库存"), units(), of(|p| p.stock.max_level), &in_stock);
    let next = of(|p| p.stock.next_order().map_or(0.0, |o| o.quantity));
    add(text!("Next order", "下次订货量"), units(), next, &in_stock);
    let percent = || Text::same("%");
    add(text!("Fill rate", "满足率"), percent(), of(|p| 100.0 * p.stock.fill_rate), &|_| -lost);
    let out = of(|p| 100.0 * p.stock.stockout_probability);
    add(text!("Stock-out probability", "缺货概率"), percent(), out, &|_| lost);
    add(text!("Units short", "缺货量"), units(), short, &|change| change * at_stake);
    rows.extend(moved_order(head(text!("Next order in", "下次订货期间"), text!("periods", "期")), pair));
}

type Head = (Arc<str>, Arc<str>, Text, Text);

/// A row when the figures differ. One that is there in one plan only is compared with nothing.
fn figure(
    (item, place, measure, unit): Head,
    first: Option<f64>,
    second: Option<f64>,
    money: impl Fn(f64) -> f64,
) -> Option<Row> {
    let (a, b) = (first.unwrap_or(0.0), second.unwrap_or(0.0));
    let change = b - a;
    let is_other = first.is_some() != second.is_some() || change.abs() > SAME * a.abs().max(b.abs());
    let is_sound = change.is_finite() && is_other;
    let relative = (a.abs() > f64::EPSILON).then(|| change / a.abs());
    let (first, second) = (first.into(), second.into());
    let money = money(change) + 0.0;
    is_sound.then_some(Row { item, place, measure, unit, first, second, change: Some(change), relative, money })
}

/// A row when the next order moved to another period, or there is one in one plan only.
fn moved_order((item, place, measure, unit): Head, pair: (Option<&Planned<'_>>, Option<&Planned<'_>>)) -> Option<Row> {
    let order = |p: Option<&Planned<'_>>| p.and_then(|p| Some((p.stock.next_order()?.clone(), p.item.unit_cost)));
    let (a, b) = (order(pair.0), order(pair.1));
    let period = |o: &Option<(crate::model::PlannedOrder, f64)>| o.as_ref().map(|(o, _)| o.order_period);
    if period(&a) == period(&b) {
        return None;
    }
    let cell = |p: Option<crate::model::Period>| p.map_or(Cell::Empty, Cell::from);
    let change = period(&a).zip(period(&b)).map(|(x, y)| y.since(x) as f64);
    let money = b.as_ref().or(a.as_ref()).map_or(0.0, |(o, cost)| o.quantity * cost);
    let (first, second) = (cell(period(&a)), cell(period(&b)));
    Some(Row { item, place, measure, unit, first, second, change, relative: None, money })
}

/// Stock value, items out of stock and orders of two plans, period by period.
pub fn periods_table(first: &Plan, second: &Plan) -> Table {
    let value = |key, en, zh, plan: &Plan, unit: Text| {
        let name = scenario_label(&plan.scenario);
        let header = Text::new(format!("{en}, {}", name.en), format!("{zh}，{}", name.zh));
        Column { key, header, unit, kind: Kind::Number(2) }
    };
    let money = || money_unit(&second.currency);
    let columns = vec![
        Column::new("period", "Period", "期间", Kind::Text),
        value("stock_value_first", "Stock value", "库存金额", first, money()),
        value("stock_value_second", "Stock value", "库存金额", second, money()),
        value("out_first", "Item-locations out of stock", "缺货的商品-地点数", first, Text::default()),
        value("out_second", "Item-locations out of stock", "缺货的商品-地点数", second, Text::default()),
        value("orders_first", "Orders", "订单金额", first, money()),
        value("orders_second", "Orders", "订单金额", second, money()),
    ];
    let mut table = Table::new("periods", "By period", "按期间", columns);
    let (a, b) = (by_period(first), by_period(second));
    for h in 0..a.len().max(b.len()) {
        let at = |list: &[[f64; 3]], k: usize| -> Cell { list.get(h).map(|v| v[k]).into() };
        let mut row: Vec<Cell> = vec![first.start().plus(h as i64).into()];
        row.extend((0..3).flat_map(|k| [at(&a, k), at(&b, k)]));
        table.push(row);
    }
    table
}

/// Per period: value of the projected stock, expected number of items out of stock, value of the orders.
fn by_period(plan: &Plan) -> Vec<[f64; 3]> {
    let periods = plan.stock.iter().map(|s| s.projected.len()).max().unwrap_or(0);
    let mut sums = vec![[0.0; 3]; periods];
    for (stock, item) in plan.stock.iter().zip(&plan.items) {
        for (sum, units) in sums.iter_mut().zip(&stock.projected) {
            sum[0] += units.max(0.0) * item.unit_cost;
        }
        for (sum, probability) in sums.iter_mut().zip(&stock.stockout_by_period) {
            sum[1] += probability;
        }
        for order in &stock.orders {
            let at = usize::try_from(order.order_period.since(stock.start)).ok().and_then(|h| sums.get_mut(h));
            if let Some(sum) = at {
                sum[2] += order.quantity * item.unit_cost;
            }
        }
    }
    sums
}

/// Keys of the columns of [`figures_table`], one per scenario; as many stand side by side.
pub const FIGURE_COLUMNS: [&str; 16] = [
    "scenario_1",
    "scenario_2",
    "scenario_3",
    "scenario_4",
    "scenario_5",
    "scenario_6",
    "scenario_7",
    "scenario_8",
    "scenario_9",
    "scenario_10",
    "scenario_11",
    "scenario_12",
    "scenario_13",
    "scenario_14",
    "scenario_15",
    "scenario_16",
];

/// The figures of several plans side by side, one column a plan under its name; those beyond [`FIGURE_COLUMNS`] are left out.
pub fn figures_table(plans: &[(Text, &Plan)]) -> Table {
    let heads = FIGURE_COLUMNS.iter().zip(plans);
    let heads = heads.map(|(key, (name, _))| Column {
        key,
        header: name.clone(),
        unit: Text::default(),
        kind: Kind::Number(2),
    });
    let first =
        [Column::new("measure", "Measure", "指标", Kind::Text), Column::new("unit", "Unit", "单位", Kind::Text)];
    let mut table = Table::new("figures", "Figures", "指标", first.into_iter().chain(heads).collect());
    let all: Vec<Vec<Kpi>> = plans.iter().take(FIGURE_COLUMNS.len()).map(|(_, plan)| kpis(plan)).collect();
    for (k, kpi) in all.first().into_iter().flatten().enumerate() {
        let mut row = vec![Cell::words(kpi.name.clone()), Cell::words(kpi.unit.clone())];
        row.extend(all.iter().map(|figures| Cell::from(figures.get(k).and_then(|f| f.value))));
        table.push(row);
    }
    table
}

/// The steps from one plan's cost to another's: what each changed, by driver and in total, and the total after it.
pub fn bridge_table(bridge: &CostBridge, currency: &str) -> Table {
    let money = || money_unit(currency);
    let occurs = |d: &usize| bridge.before[*d] != 0.0 || bridge.after[*d] != 0.0;
    let drivers: Vec<usize> = (0..CostDriver::ALL.len()).filter(occurs).collect();
    let mut columns = vec![
        Column::new("cause", "Cause", "原因", Kind::Text),
        Column::new("change", "Change of cost", "成本变化", Kind::Money).unit(money()),
        Column::new("total", "Cost after it", "累计成本", Kind::Money).unit(money()),
    ];
    columns.extend(drivers.iter().map(|d| {
        let driver = CostDriver::ALL[*d];
        Column { key: driver_key(driver), header: driver.label(), unit: money(), kind: Kind::Money }
    }));
    let mut table = Table::new("bridge", "Cost bridge", "成本桥", columns);
    let mut row = |cause: Text, change: f64, total: f64, by: &dyn Fn(usize) -> f64| {
        let mut row = vec![Cell::words(cause), change.into(), total.into()];
        row.extend(drivers.iter().map(|d| Cell::from(by(*d))));
        table.push(row);
    };
    let mut total = bridge.before.iter().sum::<f64>();
    for part in &bridge.parts {
        total += part.change;
        row(part.cause.label(), part.change, total, &|d| part.by_driver[d]);
    }
    let all = text!("Total", "合计");
    row(all, bridge.change(), bridge.after.iter().sum::<f64>(), &|d| bridge.after[d] - bridge.before[d]);
    table
}
