//! Items, networks and demand.

#![expect(clippy::float_cmp, reason = "these numbers are exact: read, not computed")]

use super::{Written, bilingual, findings, import};
use planwright::control::Control;
use planwright::data::{ReadOptions, check_demand, check_items, check_regions, read_demand, read_items, read_network};
use planwright::diagnostic::Diagnostics;
use planwright::model::{DemandLine, Frequency, Item, ItemField, ItemTable, Network, Regions, SeriesId};

fn items(text: &str) -> (ItemTable, Diagnostics) {
    let written = Written::new("items.csv", text);
    let (items, diagnostics) = read_items(&written.path(), &Control::silent()).unwrap();
    bilingual(&diagnostics);
    (items, diagnostics)
}

fn one(items: &ItemTable, code: &str) -> Item {
    items.lookup(&SeriesId::new(code, ""))
}

/// A network from four texts, an empty one being no file.
fn network(parts: [&str; 4]) -> (Network, Diagnostics) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in ["sites", "customers", "lanes", "vehicles"].iter().zip(parts) {
        if !text.is_empty() {
            std::fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
        }
    }
    let (network, diagnostics) = read_network(folder.path(), &Control::silent()).unwrap();
    bilingual(&diagnostics);
    (network, diagnostics)
}

const SITES: &str =
    "id,name,latitude,longitude,capacity,handling_cost\nHAM,Hamburg,53.55,9.99,2850,0.35\nLYS,Lyon,,,,\n";
const CUSTOMERS: &str = "id,name,demand,demand_share,location,unmet_cost\nC1,Kiel,10,0.5,HAM,7\nC2,,,,,\n";
const LANES: &str = "from,to,item,unit_cost,capacity,lead_time_days,distance_km,vehicle\nHAM,C1,,0.89,150,1,110,truck\nLYS,C2,A,2,,,,\n";
const VEHICLES: &str = "id,capacity,trip_cost,cost_per_km,max_trips\ntruck,420,190,0.92,5\n";

#[test]
fn every_item_field_is_read_in_both_languages() {
    let values = "A,W,Tea,Hot,2.5,4,14,3,7,20,5,100,30,97%,40,200,25%,9,50";
    let english = "item,location,name,category,unit_cost,price,lead_time_days,lead_time_sd_days,review_period_days,moq,\
                   multiple,on_hand,on_order,service_level,safety_stock,max_level,holding_rate,shortage_cost,order_cost";
    let spoken = "SKU,Warehouse,Description,Group,Cost,Unit Price,Lead time (days),Lead time SD,Review period,MOQ,\
                  Pack size,Stock,In transit,Service level,Safety stock,Max stock,Holding rate,Shortage cost,Order cost";
    let chinese = "物料编码,仓库,名称,类别,单位成本,单价,提前期（天）,提前期标准差,盘点周期,最小起订量,包装量,现有库存,在途,服务水平,安全库存,最高库存,持有成本率,缺货成本,订货成本";
    for headers in [english, spoken, chinese] {
        let (items, diagnostics) = items(&format!("{headers}\n{values}\n"));
        assert_eq!(findings(&diagnostics), "", "{headers}");
        let item = items.lookup(&SeriesId::new("A", "W"));
        let numbers = [
            item.unit_cost,
            item.price,
            item.lead_time_days,
            item.lead_time_sd_days,
            item.review_period_days,
            item.moq,
            item.multiple,
            item.on_hand,
            item.on_order,
            item.service_level,
            item.holding_rate,
            item.shortage_cost,
            item.order_cost,
        ];
        assert_eq!(numbers, [2.5, 4.0, 14.0, 3.0, 7.0, 20.0, 5.0, 100.0, 30.0, 0.97, 0.25, 9.0, 50.0], "{headers}");
        assert_eq!((item.safety_stock, item.max_level), (Some(40.0), Some(200.0)));
        assert_eq!((&*item.name, &*item.category), ("Tea", "Hot"));
        assert_eq!(item.stated.len(), 17);
    }
}

#[test]
fn defaults_stay_where_nothing_is_stated() {
    let (items, diagnostics) = items("item,price,unit_cost,service_level\n0001,10,4,\n0002,,,\n");
    assert_eq!(findings(&diagnostics), "");
    let first = one(&items, "0001");
    assert_eq!((first.shortage_cost, first.service_level, first.lead_time_days), (6.0, 0.95, 7.0));
    assert_eq!(first.stated, [ItemField::UnitCost, ItemField::Price].into());
    assert_eq!(one(&items, "0002"), Item::with_defaults(SeriesId::new("0002", "")));
}

#[test]
fn service_levels_in_three_spellings() {
    for (cell, expected) in
        [("0.95", 0.95), ("95", 0.95), ("95%", 0.95), ("99.5", 0.995), ("99.5 %", 0.995), ("1%", 0.01)]
    {
        let (items, diagnostics) = items(&format!("item,service_level\nA,{cell}\n"));
        assert_eq!(findings(&diagnostics), "", "{cell}");
        assert!((one(&items, "A").service_level - expected).abs() < 1e-12, "{cell}");
    }
    for cell in ["0", "1", "100", "100%", "-5", "250"] {
        let (_, diagnostics) = items(&format!("item,service_level\nA,{cell}\n"));
        assert_eq!(findings(&diagnostics), "!service-level-out-of-range", "{cell}");
    }
}

#[test]
fn faulty_items_are_errors_with_their_place() {
    let (items, diagnostics) = items("item,lead_time_days,moq,colour\nA,soon,1,red\nB,3,-1,\nA,5,2,\n,1,1,\n");
    assert_eq!(findings(&diagnostics), "duplicate-item !item-empty !negative !not-a-number unknown-column");
    let place = |code: &str| diagnostics.entries().iter().find(|d| d.code == code).unwrap().place.clone();
    assert_eq!((place("not-a-number").row, place("not-a-number").column.as_deref()), (Some(2), Some("lead_time_days")));
    assert_eq!(place("negative").row, Some(3));
    assert_eq!(place("unknown-column").column.as_deref(), Some("colour"));
    assert_eq!(one(&items, "A").lead_time_days, 5.0);
    assert_eq!(findings(&super::master::items("code2,price\nA,1\n").1), "!column-missing unknown-column");
}

#[test]
fn items_and_sales_are_compared() {
    let written =
        Written::new("f.csv", "date,item,location,qty\n2024-01-01,A,W,1\n2024-01-02,B,W,2\n2024-01-03,A,W,2\n");
    let panel = import(&written.path(), &ReadOptions::default()).panel.unwrap();
    let (table, _) = items("item,location,price\nA,W,1\nA,X,1\nC,,1\n");
    let found = check_items(&panel, &table);
    bilingual(&found);
    assert_eq!(findings(&found), "item-without-master-data unknown-item:2");
    assert!(check_items(&panel, &ItemTable::default()).is_empty());
}

#[test]
fn a_network_folder_is_read() {
    let (network, diagnostics) = network([SITES, CUSTOMERS, LANES, VEHICLES]);
    assert_eq!(findings(&diagnostics), "");
    let hamburg = network.site("HAM").unwrap();
    assert_eq!((hamburg.capacity, hamburg.handling_cost), (Some(2850.0), 0.35));
    assert_eq!(hamburg.coordinates.unwrap().latitude, 53.55);
    let lyon = network.site("LYS").unwrap();
    assert_eq!((lyon.capacity, lyon.coordinates), (None, None));
    let kiel = network.customer("C1").unwrap();
    assert_eq!(
        (kiel.demand, kiel.demand_share, &*kiel.location, kiel.unmet_cost),
        (Some(10.0), Some(0.5), "HAM", Some(7.0))
    );
    assert_eq!(&*network.customer("C2").unwrap().name, "C2");
    let lane = &network.lanes[0];
    assert_eq!(
        (lane.unit_cost, lane.capacity, lane.lead_time_days, lane.distance_km),
        (0.89, Some(150.0), 1.0, Some(110.0))
    );
    assert_eq!((&*lane.vehicle, &*network.lanes[1].item), ("truck", "A"));
    assert_eq!(network.vehicles[0].max_trips, Some(5.0));
}

#[test]
fn a_network_workbook_is_read_in_chinese() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [
        ("仓库", vec![vec!["编码", "名称", "能力"], vec!["上海", "上海仓", "100"]]),
        ("客户", vec![vec!["编码", "需求量"], vec!["甲", "30"]]),
        ("线路", vec![vec!["起点", "终点", "单位运费"], vec!["上海", "甲", "2.5"]]),
    ] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                match cell.parse::<f64>() {
                    Ok(x) => sheet.write(r as u32, c as u16, x).unwrap(),
                    Err(_) => sheet.write(r as u32, c as u16, *cell).unwrap(),
                };
            }
        }
    }
    let written = Written::new("network.xlsx", workbook.save_to_buffer().unwrap());
    let (network, diagnostics) = read_network(&written.path(), &Control::silent()).unwrap();
    assert_eq!(findings(&diagnostics), "");
    assert_eq!((network.sites[0].capacity, network.lanes[0].unit_cost), (Some(100.0), 2.5));
}

#[test]
fn faulty_networks_are_errors_with_their_row() {
    let check = |parts: [&str; 4], expected: &str, row: u64| {
        let (_, diagnostics) = network(parts);
        assert_eq!(findings(&diagnostics), expected);
        assert_eq!(diagnostics.entries()[0].place.row, Some(row), "{expected}");
    };
    let lane = |line: &str| format!("from,to,unit_cost,vehicle\nHAM,C1,1,\n{line}\n");
    check([SITES, CUSTOMERS, &lane("XXX,C1,1,"), VEHICLES], "!unknown-site", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C9,1,"), VEHICLES], "!unknown-customer", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C2,1,ship"), VEHICLES], "!unknown-vehicle", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C2,-1,"), VEHICLES], "!negative", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C2,free,"), VEHICLES], "!not-a-number", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C2,,"), VEHICLES], "lane-without-cost", 3);
    check([SITES, CUSTOMERS, &lane("HAM,C1,2,"), VEHICLES], "duplicate-lane", 3);
    check([SITES, CUSTOMERS, LANES, "id,capacity\ntruck,1\nvan,0\n"], "!not-positive", 3);
    check(["id\nHAM\nLYS\nHAM\n", CUSTOMERS, LANES, VEHICLES], "!duplicate-code", 4);
    let (_, missing) = network([SITES, "", LANES, VEHICLES]);
    assert_eq!(findings(&missing), "!sheet-missing !unknown-customer:2");
    let single = Written::new("network.csv", LANES);
    assert_eq!(
        read_network(&single.path(), &Control::silent()).unwrap_err().to_string(),
        "network.csv is one table; a network has several"
    );
}

fn demand(text: &str, frequency: Option<Frequency>) -> (Vec<DemandLine>, Diagnostics) {
    let written = Written::new("demand.csv", text);
    let (lines, diagnostics) = read_demand(&written.path(), frequency, &Control::silent()).unwrap();
    bilingual(&diagnostics);
    (lines, diagnostics)
}

fn lines(demand: &[DemandLine]) -> String {
    let line = |d: &DemandLine| format!("{} {} {} {}", d.customer, d.item, d.period, d.quantity);
    demand.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[test]
fn demand_is_summed_by_customer_item_and_period() {
    let (plain, found) = demand("customer,quantity\nB,5\nA,2\nB,1\n", None);
    assert_eq!((lines(&plain).as_str(), findings(&found).as_str()), ("A  1 2; B  1 6", ""));
    let text = "客户,商品,日期,数量\nA,X,2024-03-05,1\nA,X,2024-03-06,2\nA,X,2024-03-12,4\n";
    assert_eq!(lines(&demand(text, Some(Frequency::Week)).0), "A X 2024-W10 3; A X 2024-W11 4");
    assert_eq!(lines(&demand("customer,period,quantity\nA,2026-11-14,105\n", None).0), "A  2026-11-14 105");
    assert_eq!(
        lines(&demand("customer,period,quantity\nA,2024-W05,1\nA,2024-W06,2\n", None).0),
        "A  2024-W05 1; A  2024-W06 2"
    );
    assert_eq!(lines(&demand("customer,period,quantity\nA,1,1\nA,2,2\n", None).0), "A  1 1; A  2 2");
}

#[test]
fn faulty_demand_is_an_error_with_its_row() {
    for (text, expected) in [
        ("customer,quantity\nA,-1\n", "!negative"),
        ("customer,quantity\nA,x\n", "!not-a-number"),
        ("customer,quantity\n,1\n", "!code-empty"),
        ("customer,period,quantity\nA,2024-01-01,1\nA,2024-01-02,1\nA,soon,1\n", "!date-not-readable"),
        ("quantity\n1\n", "!column-missing"),
    ] {
        assert_eq!(findings(&demand(text, None).1), expected, "{text}");
    }
    let (network, _) = network([SITES, CUSTOMERS, LANES, VEHICLES]);
    let (known, _) = demand("customer,quantity\nC1,1\n", None);
    let (unknown, _) = demand("customer,quantity\nC1,1\nC7,1\nC7,2\n", None);
    assert!(check_demand(&known, &network).is_empty());
    assert_eq!(findings(&check_demand(&unknown, &network)), "!unknown-customer");
}

#[test]
fn sites_and_customers_lie_in_regions() {
    let (network, diagnostics) =
        network(["id,region\nHAM,North\nLYS,\nBER,East\n", "id,区域,大区\nC1,HAM,West\nBER,,North\n", LANES_TO_C1, ""]);
    let list: Vec<String> = network.regions.iter().map(|(code, region)| format!("{code} {region}")).collect();
    assert_eq!(list.join(", "), "BER East, C1 West, HAM North");
    assert_eq!(
        findings(&diagnostics),
        "region-contradiction",
        "BER is in the east as a site, in the north as a customer"
    );
    assert_eq!(&*network.customers[0].location, "HAM", "区域 beside 大区 is the location it always was");
    let sales = Regions::new([("HAM".into(), "Coast".into()), ("WRO".into(), "East".into())]);
    let found = check_regions(&sales, &network.regions);
    bilingual(&found);
    assert_eq!((found.count("region-contradiction"), found.entries().len()), (1, 1));
    assert_eq!((&*sales.with(&network.regions).of("HAM"), &*sales.with(&network.regions).of("WRO")), ("North", "East"));
}

const LANES_TO_C1: &str = "from,to,unit_cost\nHAM,C1,1\n";
