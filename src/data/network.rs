//! The delivery network: a workbook with four sheets, or a folder with four files → [`Network`].

use super::DataError;
use super::fields::{Field, Range, Records};
use super::findings::unreadable;
use super::load::load;
use super::source::{self, FileKind};
use super::table::Table;
use super::workbook::Workbook;
use crate::control::Control;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Coordinates, Customer, Lane, Network, Regions, Site, Vehicle};
use crate::text;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// One of the four tables: canonical name first.
const PARTS: [(&str, &[&str]); 4] = [
    ("sites", &["sites", "site", "warehouses", "warehouse", "plants", "仓库", "站点", "发货点", "工厂"]),
    ("customers", &["customers", "customer", "clients", "客户", "收货方", "需求点"]),
    ("lanes", &["lanes", "lane", "routes", "links", "线路", "运输线路", "路线", "运线"]),
    ("vehicles", &["vehicles", "vehicle", "trucks", "车辆", "车型", "车队"]),
];
const VEHICLES: usize = 3;

const ID: &[&str] = &["code", "no", "key", "编码", "代码", "编号"];
const NAME: &[&str] = &["label", "description", "名称", "名字", "描述"];
const LATITUDE: &[&str] = &["lat", "y", "纬度"];
const LONGITUDE: &[&str] = &["lon", "lng", "long", "x", "经度"];
const CAPACITY: &[&str] = &["cap", "maxquantity", "容量", "能力", "产能", "发货能力", "载量", "载重", "上限"];

const SITES: &[Field] = &[
    Field {
        name: "id",
        synonyms: &[
            "code",
            "site",
            "siteid",
            "sitecode",
            "warehouse",
            "warehousecode",
            "no",
            "编码",
            "代码",
            "编号",
            "仓库",
            "仓库编码",
            "站点",
        ],
    },
    Field { name: "name", synonyms: NAME },
    Field { name: "latitude", synonyms: LATITUDE },
    Field { name: "longitude", synonyms: LONGITUDE },
    Field { name: "capacity", synonyms: CAPACITY },
    Field {
        name: "handling_cost",
        synonyms: &["handling", "unithandlingcost", "操作费", "处理成本", "出库成本", "装卸费", "处理费"],
    },
    Field { name: "region", synonyms: super::header::REGION },
];
const SITE_REGION: usize = 6;

const CUSTOMERS: &[Field] = &[
    Field {
        name: "id",
        synonyms: &["code", "customer", "customerid", "customercode", "no", "编码", "代码", "编号", "客户", "客户编码"],
    },
    Field { name: "name", synonyms: NAME },
    Field { name: "latitude", synonyms: LATITUDE },
    Field { name: "longitude", synonyms: LONGITUDE },
    Field { name: "demand", synonyms: &["quantity", "需求", "需求量", "每期需求"] },
    Field { name: "demand_share", synonyms: &["share", "weight", "需求占比", "占比", "份额", "需求份额"] },
    Field { name: "location", synonyms: &["forecastlocation", "地点", "区域", "预测地点", "门店", "仓库"] },
    Field {
        name: "unmet_cost",
        synonyms: &["penalty", "shortagecost", "缺货成本", "未满足成本", "未满足惩罚", "缺货惩罚"],
    },
    Field { name: "region", synonyms: super::header::REGION },
];
const CUSTOMER_REGION: usize = 8;

const LANES: &[Field] = &[
    Field {
        name: "from",
        synonyms: &["origin", "source", "site", "fromsite", "起点", "发货点", "发货仓", "仓库", "出发地", "始发地"],
    },
    Field {
        name: "to",
        synonyms: &["destination", "target", "customer", "tocustomer", "终点", "收货点", "客户", "目的地", "到达地"],
    },
    Field { name: "item", synonyms: super::header::ITEM },
    Field {
        name: "unit_cost", synonyms: &["cost", "rate", "freight", "单位成本", "单位运费", "运费", "成本", "费率"]
    },
    Field { name: "capacity", synonyms: CAPACITY },
    Field {
        name: "lead_time_days",
        synonyms: &[
            "leadtime",
            "transittime",
            "transitdays",
            "days",
            "提前期",
            "运输时间",
            "在途天数",
            "运输天数",
            "时效",
        ],
    },
    Field { name: "distance_km", synonyms: &["distance", "km", "距离", "里程", "公里", "距离公里"] },
    Field { name: "vehicle", synonyms: &["vehicleid", "truck", "车辆", "车型"] },
];

const VEHICLE_FIELDS: &[Field] = &[
    Field { name: "id", synonyms: ID },
    Field { name: "capacity", synonyms: CAPACITY },
    Field {
        name: "trip_cost",
        synonyms: &["cost", "costpertrip", "fixedcost", "车次成本", "每趟成本", "单趟费用", "每车次费用"],
    },
    Field {
        name: "cost_per_km", synonyms: &["kmcost", "distancecost", "每公里成本", "公里成本", "每公里费用"]
    },
    Field { name: "max_trips", synonyms: &["maxtrips", "trips", "最大车次", "车次上限", "最多车次"] },
];

/// See [`super::read_network`].
pub(super) fn read(path: &Path, control: &Control) -> Result<(Network, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let tables =
        if path.is_dir() { from_folder(path, &mut diagnostics, control)? } else { from_workbook(path, control)? };
    let mut network = Network::default();
    for (k, table) in tables.iter().enumerate() {
        control.check()?;
        let Some(table) = table else {
            report_missing(k, path, &mut diagnostics);
            continue;
        };
        match k {
            0 => network.sites = sites(table, &mut diagnostics),
            1 => network.customers = customers(table, &mut diagnostics),
            VEHICLES => network.vehicles = vehicles(table, &mut diagnostics),
            _ => {}
        }
    }
    network.regions = regions(&tables, &mut diagnostics);
    if let Some(table) = &tables[2] {
        network.lanes = lanes(table, &network, &mut diagnostics);
    }
    Ok((network, diagnostics))
}

type Tables = [Option<Table>; 4];

fn from_folder(folder: &Path, diagnostics: &mut Diagnostics, control: &Control) -> Result<Tables, DataError> {
    let name = source::file_name(folder);
    let entries = std::fs::read_dir(folder).map_err(|e| {
        unreadable(
            "file-unreadable",
            text!("The folder {name} can't be read: {e}", "无法读取文件夹 {name}：{e}"),
            text!("Check its permissions", "请检查权限"),
            Place::file(&name),
        )
    })?;
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect();
    files.sort();
    let mut tables = Tables::default();
    for (k, (_, names)) in PARTS.iter().enumerate() {
        let is_part =
            |p: &&PathBuf| p.file_stem().is_some_and(|s| names.contains(&s.to_string_lossy().to_lowercase().as_str()));
        if let Some(file) = files.iter().find(is_part) {
            tables[k] = load(file, None, |_| true, diagnostics, control)?.table;
        }
    }
    Ok(tables)
}

fn from_workbook(path: &Path, control: &Control) -> Result<Tables, DataError> {
    let mut source = source::open(path)?;
    if !matches!(source.kind, FileKind::ZippedWorkbook | FileKind::OldWorkbook) {
        let name = &source.name;
        return Err(unreadable(
            "network-not-a-workbook",
            text!("{name} is one table; a network has several", "{name} 只有一张表，网络需要多张表"),
            text!(
                "Choose a workbook with the sheets sites, customers, lanes, vehicles, or a folder of CSV files with these names",
                "请选择包含 sites、customers、lanes、vehicles 工作表的工作簿，或含同名 CSV 文件的文件夹"
            ),
            source.place.clone(),
        ));
    }
    let mut workbook = Workbook::open(&mut source, control)?;
    let mut tables = Tables::default();
    for (k, (_, names)) in PARTS.iter().enumerate() {
        let found = names.iter().find_map(|n| workbook.find(n).cloned());
        if let Some(sheet) = found {
            tables[k] = workbook.table(&sheet, control)?;
        }
    }
    Ok(tables)
}

fn report_missing(part: usize, path: &Path, diagnostics: &mut Diagnostics) {
    if part == VEHICLES {
        return;
    }
    let name = PARTS[part].0;
    diagnostics.error(
        "sheet-missing",
        text!("The network has no table {name}, or it is empty", "网络缺少表 {name}，或该表为空"),
        text!("Add a sheet or a file {name}.csv", "请添加工作表或文件 {name}.csv"),
        Place::file(source::file_name(path)),
    );
}

/// Regions by the codes of sites and customers: the sales' locations are either.
fn regions(tables: &Tables, diagnostics: &mut Diagnostics) -> Regions {
    let of = |part: usize, fields: &'static [Field], region: usize| {
        let Some(table) = &tables[part] else { return Regions::default() };
        let records = Records::new(table, fields, &mut Diagnostics::default());
        Regions::new((0..records.rows()).map(|row| (records.code(row, 0), records.code(row, region))))
    };
    let (sites, customers) = (of(0, SITES, SITE_REGION), of(1, CUSTOMERS, CUSTOMER_REGION));
    for (code, of_site, of_customer) in sites.contradictions(&customers) {
        diagnostics.warning(
            "region-contradiction",
            text!(
                "{code} lies in {of_site} as a site and in {of_customer} as a customer; {of_site} is used",
                "{code} 作为站点属于 {of_site}，作为客户属于 {of_customer}；采用 {of_site}"
            ),
            text!("Give every location one region", "请为每个地点只填写一个区域"),
            Place::default().column("region"),
        );
    }
    customers.with(&sites)
}

/// Checks that a code is there and new; faults are errors.
fn fresh_code<'t>(records: &mut Records<'t>, row: usize, seen: &mut HashSet<&'t str>) -> bool {
    let code = records.text(row, 0);
    if code.is_empty() {
        records.fault(row, 0, "code-empty", |field, _| text!("{field} is empty", "{field} 为空"));
        return false;
    }
    if !seen.insert(code) {
        records.fault(row, 0, "duplicate-code", |_, cell| text!("{cell} occurs twice", "{cell} 重复出现"));
        return false;
    }
    true
}

fn name_or_code(records: &Records<'_>, row: usize) -> std::sync::Arc<str> {
    let name = records.text(row, 1);
    if name.is_empty() { records.code(row, 0) } else { name.into() }
}

fn coordinates(records: &mut Records<'_>, row: usize) -> Option<Coordinates> {
    let latitude = records.number(row, 2, Range::Any);
    let longitude = records.number(row, 3, Range::Any);
    Some(Coordinates { latitude: latitude?, longitude: longitude? })
}

/// One value for every row with a new code; none at all when a required column is missing.
fn coded<'t, T>(
    table: &'t Table,
    fields: &'static [Field],
    required: &[usize],
    diagnostics: &mut Diagnostics,
    read: impl Fn(&mut Records<'t>, usize) -> Option<T>,
) -> Vec<T> {
    let mut records = Records::new(table, fields, diagnostics);
    if !required.iter().all(|field| records.require(*field, diagnostics)) {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut out = Vec::with_capacity(records.rows());
    for row in 0..records.rows() {
        if fresh_code(&mut records, row, &mut seen) {
            out.extend(read(&mut records, row));
        }
    }
    records.finish(diagnostics);
    out
}

fn sites(table: &Table, diagnostics: &mut Diagnostics) -> Vec<Site> {
    coded(table, SITES, &[0], diagnostics, |records, row| {
        Some(Site {
            id: records.code(row, 0),
            name: name_or_code(records, row),
            coordinates: coordinates(records, row),
            capacity: records.number(row, 4, Range::NotNegative),
            handling_cost: records.number(row, 5, Range::NotNegative).unwrap_or(0.0),
        })
    })
}

fn customers(table: &Table, diagnostics: &mut Diagnostics) -> Vec<Customer> {
    coded(table, CUSTOMERS, &[0], diagnostics, |records, row| {
        Some(Customer {
            id: records.code(row, 0),
            name: name_or_code(records, row),
            coordinates: coordinates(records, row),
            demand: records.number(row, 4, Range::NotNegative),
            demand_share: records.number(row, 5, Range::NotNegative),
            location: records.code(row, 6),
            unmet_cost: records.number(row, 7, Range::NotNegative),
        })
    })
}

fn vehicles(table: &Table, diagnostics: &mut Diagnostics) -> Vec<Vehicle> {
    coded(table, VEHICLE_FIELDS, &[0, 1], diagnostics, |records, row| {
        if records.text(row, 1).is_empty() {
            records.fault(row, 1, "not-positive", |field, _| text!("{field} is empty", "{field} 为空"));
        }
        let capacity = records.number(row, 1, Range::Positive);
        let trip_cost = records.number(row, 2, Range::NotNegative).unwrap_or(0.0);
        let cost_per_km = records.number(row, 3, Range::NotNegative).unwrap_or(0.0);
        let max_trips = records.number(row, 4, Range::NotNegative);
        Some(Vehicle { id: records.code(row, 0), capacity: capacity?, trip_cost, cost_per_km, max_trips })
    })
}

/// Lanes, each checked against the sites, customers and vehicles it names.
fn lanes(table: &Table, network: &Network, diagnostics: &mut Diagnostics) -> Vec<Lane> {
    let mut records = Records::new(table, LANES, diagnostics);
    let complete = [0, 1, 3].into_iter().filter(|f| records.require(*f, diagnostics)).count() == 3;
    if !complete {
        return Vec::new();
    }
    let sites: HashSet<&str> = network.sites.iter().map(|s| &*s.id).collect();
    let customers: HashSet<&str> = network.customers.iter().map(|c| &*c.id).collect();
    let vehicles: HashSet<&str> = network.vehicles.iter().map(|v| &*v.id).collect();
    let mut out = Vec::with_capacity(records.rows());
    let mut seen = HashSet::new();
    for row in 0..records.rows() {
        let (from, to, vehicle) = (records.text(row, 0), records.text(row, 1), records.text(row, 7));
        if !sites.contains(from) {
            records
                .fault(row, 0, "unknown-site", |_, c| text!("site \"{c}\" is not in sites", "起点“{c}”不在 sites 中"));
        }
        if !customers.contains(to) {
            records.fault(row, 1, "unknown-customer", |_, c| {
                text!("customer \"{c}\" is not in customers", "终点“{c}”不在 customers 中")
            });
        }
        if !vehicle.is_empty() && !vehicles.contains(vehicle) {
            records.fault(row, 7, "unknown-vehicle", |_, c| {
                text!("vehicle \"{c}\" is not in vehicles", "车辆“{c}”不在 vehicles 中")
            });
        }
        let line = table.lines[row];
        if !seen.insert((from, to, records.text(row, 2), vehicle)) {
            diagnostics.warning(
                "duplicate-lane",
                text!("Row {line}: the lane {from} → {to} occurs again", "第 {line} 行：线路 {from} → {to} 重复出现"),
                text!(
                    "Keep one row per lane, item and vehicle, unless both are meant",
                    "如非有意，请每条线路、物料和车辆只保留一行"
                ),
                table.at(row),
            );
        }
        if records.text(row, 3).is_empty() {
            diagnostics.warning(
                "lane-without-cost",
                text!(
                    "Row {line}: the lane {from} → {to} has no unit cost; 0 is used",
                    "第 {line} 行：线路 {from} → {to} 没有单位成本，按 0 计"
                ),
                text!("Fill in unit_cost", "请填写 unit_cost"),
                table.cell(row, 0),
            );
        }
        out.push(Lane {
            from: from.into(),
            to: to.into(),
            item: records.code(row, 2),
            unit_cost: records.number(row, 3, Range::NotNegative).unwrap_or(0.0),
            capacity: records.number(row, 4, Range::NotNegative),
            lead_time_days: records.number(row, 5, Range::NotNegative).unwrap_or(0.0),
            distance_km: records.number(row, 6, Range::NotNegative),
            vehicle: vehicle.into(),
        });
    }
    records.finish(diagnostics);
    out
}
