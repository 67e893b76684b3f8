//! The worked example and the small Chinese project.

use super::dice::Dice;
use jiff::civil::{Date, date};
use std::fmt::Write;

pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    let zh_items = format!("\u{feff}{ZH_ITEMS}");
    let zh_sales = zh_sales();
    let (zh_sales, _, _) = encoding_rs::GB18030.encode(&zh_sales);
    vec![
        ("worked_example/sales.csv", worked_sales().into_bytes()),
        ("worked_example/items.csv", WORKED_ITEMS.into()),
        ("worked_example/demand.csv", "customer,item,period,quantity\nstore,,2026-11-14,105\n".into()),
        ("worked_example/network/sites.csv", "id,name,capacity\nx1,Warehouse 1,100\nx2,Warehouse 2,100\n".into()),
        ("worked_example/network/customers.csv", "id,name,demand\nstore,Store,105\n".into()),
        ("worked_example/network/lanes.csv", "from,to,unit_cost\nx1,store,10\nx2,store,10\n".into()),
        ("worked_example/network_as_printed/sites.csv", "id,name\nx1,Warehouse 1\nx2,Warehouse 2\n".into()),
        ("worked_example/network_as_printed/customers.csv", "id,name,demand\nstore,Store,105\n".into()),
        ("worked_example/network_as_printed/lanes.csv", PRINTED_LANES.into()),
        ("worked_example/network_as_printed/vehicles.csv", "id,capacity,trip_cost,max_trips\nbox,10,10,100\n".into()),
        ("company_zh/sales.csv", zh_sales.into_owned()),
        ("company_zh/items.csv", zh_items.into_bytes()),
    ]
}

const WORKED_ITEMS: &str = "item,lead_time_days,on_hand,safety_stock,max_level\nA,1,150,50,150\n";

/// 10·x₁ + 10·x₂ ≥ 105 at 10 each: x counts boxes of ten units, and a box costs 10.
const PRINTED_LANES: &str = "from,to,unit_cost,vehicle\nx1,store,0,box\nx2,store,0,box\n";

fn worked_sales() -> String {
    let mut text = String::from("date,item,quantity\n");
    for (day, quantity) in [100, 120, 90, 130, 110].into_iter().enumerate() {
        let _ = writeln!(text, "{},A,{quantity}", date(2026, 11, 9).saturating_add(jiff::Span::new().days(day as i64)));
    }
    text
}

const ZH_SEED: u64 = 888;
const ZH_FIRST_MONDAY: Date = date(2024, 11, 18);
const ZH_WEEKS: usize = 104;
/// Mondays of the weeks before Spring Festival (29 January 2025, 17 February 2026), when gifts are bought.
const FESTIVAL: [Date; 4] = [date(2025, 1, 13), date(2025, 1, 20), date(2026, 2, 2), date(2026, 2, 9)];
/// Mondays of the weeks of the shopping days 618 and 11.11.
const SHOPPING: [Date; 4] = [date(2025, 6, 16), date(2025, 11, 10), date(2026, 6, 15), date(2026, 11, 9)];

/// Code, price in CNY, units a week, factor before Spring Festival.
const ZH_CATALOGUE: [(&str, f64, f64, f64); 5] = [
    ("0001", 128.0, 90.0, 2.6),
    ("0002", 168.0, 55.0, 2.2),
    ("0003", 98.0, 120.0, 1.8),
    ("0004", 268.0, 14.0, 1.9),
    ("0005", 39.0, 160.0, 1.2),
];

const ZH_ITEMS: &str = "\
商品,名称,类别,单位成本,单价,提前期,起订量,包装量,现有库存,安全库存
0001,明前龙井 250 克,茶叶,72,128,10,60,12,420,
0002,陈年普洱饼 357 克,茶叶,95,168,14,48,12,150,
0003,铁观音 250 克,茶叶,52,98,10,60,12,260,80
0004,紫砂壶,茶具,140,268,30,12,4,90,
0005,青瓷茶杯,茶具,15,39,21,120,24,900,
";

fn zh_sales() -> String {
    let mut dice = Dice::new(ZH_SEED);
    let mut text = String::from("日期,商品,仓库,大区,销量,单价\n");
    for week in 0..ZH_WEEKS {
        let monday = ZH_FIRST_MONDAY.saturating_add(jiff::Span::new().days(7 * week as i64));
        for (code, price, level, festival) in ZH_CATALOGUE {
            for (warehouse, region, share) in [("上海", "华东", 0.58), ("广州", "华南", 0.42)] {
                let gifts = if FESTIVAL.contains(&monday) { festival } else { 1.0 };
                let sale = if SHOPPING.contains(&monday) { 1.7 } else { 1.0 };
                let mean = level * share * gifts * sale * (1.0 + 0.08 * week as f64 / 52.0);
                let units = (mean + dice.bell() * (0.1 * mean + 0.7 * mean.sqrt())).round().max(1.0);
                let (y, m, d) = (monday.year(), monday.month(), monday.day());
                let _ = writeln!(text, "{y}/{m}/{d},{code},{warehouse},{region},{units},{price}");
            }
        }
    }
    text
}
