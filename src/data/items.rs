//! Item master data: a table → [`ItemTable`].

use super::DataError;
use super::fields::{Field, Range, Records};
use super::load::load;
use super::number::{self, DecimalMark};
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{Item, ItemField, ItemTable, OrderDays, Policy, SafetyBasis, SalesPanel, SeriesId};
use crate::text;
use std::collections::HashSet;
use std::path::Path;

const ITEM: usize = 0;
const LOCATION: usize = 1;
/// First of the fields that are an [`ItemField`], in the order of [`NUMBERS`] after name and category.
const NAME: usize = 2;
const CATEGORY: usize = 3;

/// Numeric fields from column 4 on: the field and what it takes.
const NUMBERS: [(ItemField, Range); 26] = [
    (ItemField::UnitCost, Range::NotNegative),
    (ItemField::Price, Range::NotNegative),
    (ItemField::LeadTimeDays, Range::NotNegative),
    (ItemField::LeadTimeSdDays, Range::NotNegative),
    (ItemField::ReviewPeriodDays, Range::NotNegative),
    (ItemField::Moq, Range::NotNegative),
    (ItemField::Multiple, Range::NotNegative),
    // Stock on hand may be negative: units already promised.
    (ItemField::OnHand, Range::Any),
    (ItemField::OnOrder, Range::NotNegative),
    (ItemField::ServiceLevel, Range::Any),
    (ItemField::SafetyStock, Range::NotNegative),
    (ItemField::MaxLevel, Range::NotNegative),
    (ItemField::HoldingRate, Range::NotNegative),
    (ItemField::ShortageCost, Range::NotNegative),
    (ItemField::OrderCost, Range::NotNegative),
    (ItemField::FillRate, Range::Any),
    (ItemField::CoverDays, Range::NotNegative),
    (ItemField::OrderQuantity, Range::Positive),
    (ItemField::Pallet, Range::NotNegative),
    (ItemField::Container, Range::NotNegative),
    (ItemField::ShelfLifeDays, Range::NotNegative),
    (ItemField::SalvageValue, Range::NotNegative),
    (ItemField::Volume, Range::NotNegative),
    (ItemField::Weight, Range::NotNegative),
    // Negative: the supplier is paid ahead.
    (ItemField::SupplierPaymentDays, Range::Any),
    (ItemField::CustomerPaymentDays, Range::NotNegative),
];
/// Fields in words, after the numbers.
const SUPPLIER: usize = CATEGORY + 1 + NUMBERS.len();
const POLICY: usize = SUPPLIER + 1;
const SAFETY_BASIS: usize = SUPPLIER + 2;
const ORDER_DAYS: usize = SUPPLIER + 3;

const FIELDS: &[Field] = &[
    Field { name: "item", synonyms: super::header::ITEM },
    Field { name: "location", synonyms: super::header::LOCATION },
    Field {
        name: "name",
        synonyms: &[
            "itemname",
            "productname",
            "description",
            "名称",
            "物料名称",
            "商品名称",
            "产品名称",
            "品名",
            "描述",
        ],
    },
    Field {
        name: "category",
        synonyms: &[
            "itemcategory",
            "productcategory",
            "group",
            "family",
            "类别",
            "分类",
            "品类",
            "物料组",
            "产品类别",
            "大类",
        ],
    },
    Field {
        name: "unit_cost",
        synonyms: &[
            "cost",
            "purchaseprice",
            "purchasecost",
            "costprice",
            "standardcost",
            "单位成本",
            "成本",
            "采购价",
            "进价",
            "采购单价",
            "成本价",
            "标准成本",
        ],
    },
    Field { name: "price", synonyms: super::header::PRICE },
    Field {
        name: "lead_time_days",
        synonyms: &[
            "leadtime",
            "leaddays",
            "supplierleadtime",
            "提前期",
            "采购提前期",
            "交货期",
            "交期",
            "供货周期",
            "提前期天数",
            "到货周期",
        ],
    },
    Field {
        name: "lead_time_sd_days",
        synonyms: &[
            "leadtimesd",
            "leadtimestd",
            "leadtimestddays",
            "leadtimestdev",
            "leadtimedeviation",
            "提前期标准差",
            "交期标准差",
            "提前期波动",
            "提前期偏差",
        ],
    },
    Field {
        name: "review_period_days",
        synonyms: &[
            "reviewperiod",
            "reviewdays",
            "reviewinterval",
            "盘点周期",
            "检查周期",
            "订货周期",
            "补货周期",
            "审查周期",
        ],
    },
    Field {
        name: "moq",
        synonyms: &[
            "minimumorderquantity",
            "minorderqty",
            "minimumorder",
            "minqty",
            "起订量",
            "最小起订量",
            "最小订货量",
            "最小订购量",
            "最低订购量",
        ],
    },
    Field {
        name: "multiple",
        synonyms: &[
            "ordermultiple",
            "lotsize",
            "packsize",
            "roundingvalue",
            "包装量",
            "订货倍数",
            "包装数",
            "整包数",
            "批量",
            "最小包装",
            "箱规",
            "倍数",
        ],
    },
    Field {
        name: "on_hand",
        synonyms: &[
            "stock",
            "stockonhand",
            "inventory",
            "onhandqty",
            "currentstock",
            "现有库存",
            "库存",
            "当前库存",
            "现有量",
            "库存数量",
            "在库",
            "在手库存",
        ],
    },
    Field {
        name: "on_order",
        synonyms: &[
            "ordered",
            "openorders",
            "intransit",
            "onorderqty",
            "在途",
            "在途库存",
            "在途数量",
            "在订",
            "已订未到",
            "采购在途",
            "在途量",
        ],
    },
    Field {
        name: "service_level",
        synonyms: &["service", "targetservicelevel", "csl", "服务水平", "服务率", "目标服务水平", "现货率"],
    },
    Field { name: "safety_stock", synonyms: &["ss", "safety", "安全库存", "安全库存量"] },
    Field {
        name: "max_level",
        synonyms: &[
            "max",
            "maxstock",
            "maximumstock",
            "orderuptolevel",
            "最高库存",
            "最大库存",
            "库存上限",
            "目标库存",
            "最高水位",
        ],
    },
    Field {
        name: "holding_rate",
        synonyms: &[
            "holdingcostrate",
            "carryingrate",
            "carryingcost",
            "holdingcost",
            "持有成本率",
            "库存持有率",
            "持有费率",
            "持有率",
            "仓储费率",
            "年持有成本率",
        ],
    },
    Field {
        name: "shortage_cost",
        synonyms: &[
            "stockoutcost",
            "penalty",
            "penaltycost",
            "backordercost",
            "缺货成本",
            "缺货损失",
            "单位缺货成本",
            "缺货惩罚",
        ],
    },
    Field {
        name: "order_cost",
        synonyms: &[
            "orderingcost",
            "setupcost",
            "fixedordercost",
            "订货成本",
            "订购成本",
            "下单成本",
            "每次订货成本",
            "单次订货成本",
        ],
    },
    Field {
        name: "fill_rate", synonyms: &["targetfillrate", "fillratetarget", "满足率", "目标满足率", "订单满足率"]
    },
    Field {
        name: "cover_days",
        synonyms: &[
            "cover",
            "daysofcover",
            "coverage",
            "safetydays",
            "safetytime",
            "覆盖天数",
            "安全天数",
            "库存覆盖天数",
        ],
    },
    Field {
        name: "order_quantity",
        synonyms: &["orderqty", "fixedlot", "eoq", "订货批量", "订货量", "固定批量", "经济批量"],
    },
    Field {
        name: "pallet",
        synonyms: &["unitsperpallet", "palletquantity", "palletsize", "palletqty", "托盘数量", "每托盘数量", "托盘"],
    },
    Field {
        name: "container",
        synonyms: &[
            "unitspercontainer",
            "containerquantity",
            "containersize",
            "containerqty",
            "每柜数量",
            "整柜数量",
            "集装箱数量",
        ],
    },
    Field {
        name: "shelf_life_days",
        synonyms: &["shelflife", "expirydays", "保质期", "保质期天数", "有效期", "货架期"],
    },
    Field { name: "salvage_value", synonyms: &["salvage", "residualvalue", "残值", "处理价", "清仓价"] },
    Field { name: "volume", synonyms: &["unitvolume", "cbm", "volumem3", "体积", "单位体积"] },
    Field { name: "weight", synonyms: &["unitweight", "weightkg", "重量", "单位重量"] },
    Field {
        name: "supplier_payment_days",
        synonyms: &[
            "paymentterms",
            "paymentdays",
            "supplierterms",
            "payabledays",
            "dpo",
            "付款账期",
            "供应商账期",
            "付款天数",
            "应付天数",
        ],
    },
    Field {
        name: "customer_payment_days",
        synonyms: &["customerterms", "receivabledays", "dso", "客户账期", "收款天数", "应收天数"],
    },
    Field {
        name: "supplier", synonyms: &["vendor", "suppliername", "suppliercode", "供应商", "供货商", "厂商"]
    },
    Field {
        name: "policy", synonyms: &["replenishmentpolicy", "stockpolicy", "补货策略", "库存策略", "订货策略"]
    },
    Field { name: "safety_basis", synonyms: &["safetystockbasis", "safetyfor", "安全库存依据"] },
    Field { name: "order_days", synonyms: &["orderweekdays", "orderingdays", "orderday", "订货日", "下单日"] },
];

/// See [`super::read_items`].
pub(super) fn read(path: &Path, control: &Control) -> Result<(ItemTable, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| t.columns.iter().any(|c| super::header::rank(&c.header, super::header::ITEM).is_some());
    let loaded = load(path, None, fits, &mut diagnostics, control)?;
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        diagnostics.error(
            "no-usable-row",
            text!("The item file has no row", "物料文件没有数据行"),
            text!("It needs a header and a row per item", "需要表头，每个物料一行"),
            loaded.source.place.clone(),
        );
        return Ok((ItemTable::default(), diagnostics));
    };
    let mut records = Records::new(&table, FIELDS, &mut diagnostics);
    if !records.require(ITEM, &mut diagnostics) {
        return Ok((ItemTable::default(), diagnostics));
    }
    let mut seen = HashSet::new();
    let mut items = Vec::with_capacity(records.rows());
    for row in 0..records.rows() {
        if row % 1024 == 0 {
            control.check()?;
        }
        let id = SeriesId { item: records.code(row, ITEM), location: records.code(row, LOCATION) };
        if id.item.is_empty() {
            records.fault(row, ITEM, "item-empty", |_, _| text!("the item code is empty", "物料编码为空"));
            continue;
        }
        if !seen.insert(id.clone()) {
            let (line, name) = (table.lines[row], id.to_string());
            diagnostics.warning(
                "duplicate-item",
                text!(
                    "Row {line}: {name} occurs again; the last row counts",
                    "第 {line} 行：{name} 重复出现，以最后一行为准"
                ),
                text!("Keep one row per item and location", "每个物料和地点只保留一行"),
                table.at(row),
            );
        }
        items.push(read_item(&mut records, row, id));
    }
    records.finish(&mut diagnostics);
    Ok((ItemTable::new(items), diagnostics))
}

fn read_item(records: &mut Records<'_>, row: usize, id: SeriesId) -> Item {
    let mut item = Item::with_defaults(id);
    for (column, field) in [(NAME, ItemField::Name), (CATEGORY, ItemField::Category)] {
        let text = records.code(row, column);
        if !text.is_empty() {
            item.stated.insert(field);
            if column == NAME { item.name = text } else { item.category = text }
        }
    }
    for (k, (field, range)) in NUMBERS.into_iter().enumerate() {
        let column = CATEGORY + 1 + k;
        let value = match field {
            ItemField::ServiceLevel | ItemField::FillRate => share(records, row, column, field),
            ItemField::HoldingRate => percent(records, row, column).or_else(|| records.number(row, column, range)),
            _ => records.number(row, column, range),
        };
        if let Some(value) = value {
            set(&mut item, field, value);
            item.stated.insert(field);
        }
    }
    read_words(records, row, &mut item);
    let (price, cost) = (ItemField::Price, ItemField::UnitCost);
    if !item.stated.contains(&ItemField::ShortageCost) && item.stated.contains(&price) && item.stated.contains(&cost) {
        // A unit short loses its margin, unless the file says otherwise.
        item.shortage_cost = (item.price - item.unit_cost).max(0.0);
    }
    item
}

/// Fields that are words rather than numbers.
fn read_words(records: &mut Records<'_>, row: usize, item: &mut Item) {
    let supplier = records.code(row, SUPPLIER);
    if !supplier.is_empty() {
        item.supplier = supplier;
        item.stated.insert(ItemField::Supplier);
    }
    if let Some(policy) = word(records, row, POLICY, Policy::parse, "auto, sQ, sS, RS, RsS, base-stock, newsvendor") {
        item.policy = policy;
        item.stated.insert(ItemField::Policy);
    }
    let bases = "cycle-service, fill-rate, shortage-cost, cover";
    if let Some(basis) = word(records, row, SAFETY_BASIS, SafetyBasis::parse, bases) {
        item.safety_basis = basis;
        item.stated.insert(ItemField::SafetyBasis);
    } else if !item.stated.contains(&ItemField::ServiceLevel) {
        // Whoever states only one target means that one.
        if item.stated.contains(&ItemField::FillRate) {
            item.safety_basis = SafetyBasis::FillRate;
        } else if item.stated.contains(&ItemField::CoverDays) {
            item.safety_basis = SafetyBasis::Cover;
        }
    }
    if let Some(days) = word(records, row, ORDER_DAYS, OrderDays::parse, "Mon, Thu; 1, 4; 周一、周四") {
        item.order_days = days;
        item.stated.insert(ItemField::OrderDays);
    }
}

/// A cell that holds one of some words; an error tells what it may be.
fn word<T>(
    records: &mut Records<'_>,
    row: usize,
    column: usize,
    parse: impl Fn(&str) -> Option<T>,
    known: &str,
) -> Option<T> {
    let cell = records.text(row, column).trim();
    if cell.is_empty() {
        return None;
    }
    let parsed = parse(cell);
    if parsed.is_none() {
        records.fault(row, column, "unknown-word", |field, cell| {
            text!("{field} \"{cell}\" is none of: {known}", "{field}“{cell}”不在可选范围：{known}")
        });
    }
    parsed
}

fn set(item: &mut Item, field: ItemField, value: f64) {
    match field {
        ItemField::Name
        | ItemField::Category
        | ItemField::Supplier
        | ItemField::Policy
        | ItemField::SafetyBasis
        | ItemField::OrderDays => {}
        ItemField::UnitCost => item.unit_cost = value,
        ItemField::Price => item.price = value,
        ItemField::LeadTimeDays => item.lead_time_days = value,
        ItemField::LeadTimeSdDays => item.lead_time_sd_days = value,
        ItemField::ReviewPeriodDays => item.review_period_days = value,
        ItemField::Moq => item.moq = value,
        ItemField::Multiple => item.multiple = value,
        ItemField::OnHand => item.on_hand = value,
        ItemField::OnOrder => item.on_order = value,
        ItemField::ServiceLevel => item.service_level = value,
        ItemField::SafetyStock => item.safety_stock = Some(value),
        ItemField::MaxLevel => item.max_level = Some(value),
        ItemField::HoldingRate => item.holding_rate = value,
        ItemField::ShortageCost => item.shortage_cost = value,
        ItemField::OrderCost => item.order_cost = value,
        ItemField::FillRate => item.fill_rate = value,
        ItemField::CoverDays => item.cover_days = value,
        ItemField::OrderQuantity => item.order_quantity = Some(value),
        ItemField::Pallet => item.pallet = value,
        ItemField::Container => item.container = value,
        ItemField::ShelfLifeDays => item.shelf_life_days = value,
        ItemField::SalvageValue => item.salvage_value = value,
        ItemField::Volume => item.volume = value,
        ItemField::Weight => item.weight = value,
        ItemField::SupplierPaymentDays => item.supplier_payment_days = value,
        ItemField::CustomerPaymentDays => item.customer_payment_days = value,
    }
}

/// `95%` as 0.95; `None` without a percent sign.
fn percent(records: &Records<'_>, row: usize, column: usize) -> Option<f64> {
    let figure = records.text(row, column).trim_end().strip_suffix(['%', '％'])?.trim_end();
    let mark = if figure.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
    number::parse(figure, mark).ok().filter(|v| *v >= 0.0).map(|v| v / 100.0)
}

/// A service level or fill rate may be written 0.95, 95 or 95%; whatever it is, it must lie inside (0, 1).
fn share(records: &mut Records<'_>, row: usize, column: usize, field: ItemField) -> Option<f64> {
    let code = if field == ItemField::FillRate { "fill-rate-out-of-range" } else { "service-level-out-of-range" };
    let value = match percent(records, row, column) {
        Some(share) => share,
        None => match records.number(row, column, Range::Any)? {
            v if v > 1.0 => v / 100.0,
            v => v,
        },
    };
    if value > 0.0 && value < 1.0 {
        return Some(value);
    }
    records.fault(row, column, code, |field, cell| {
        text!("{field} {cell} is not between 0 and 1 (0 % and 100 %)", "{field} {cell} 不在 0 和 1（0% 和 100%）之间")
    });
    None
}

/// See [`super::check_items`].
pub(super) fn check(panel: &SalesPanel, items: &ItemTable) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let sold: HashSet<&str> = panel.series().iter().map(|s| &*s.id.item).collect();
    let exact = |item: &Item| item.id.location.is_empty() || panel.get(&item.id).is_some();
    for item in items.iter() {
        let name = item.id.to_string();
        if !sold.contains(&*item.id.item) {
            diagnostics.warning(
                "unknown-item",
                text!("Item {name} is in the item file but has no sales", "物料 {name} 在物料文件中，但没有销售记录"),
                text!(
                    "Check its code, leading zeros included; it is not planned",
                    "请检查编码（包括前导零）；该物料不参与规划"
                ),
                Place::default().column("item"),
            );
        } else if !exact(item) {
            diagnostics.warning(
                "unknown-item",
                text!("{name} is in the item file but is not sold there", "{name} 在物料文件中，但该地点没有销售记录"),
                text!("Check the location code; the row is not used", "请检查地点编码；此行未使用"),
                Place::default().column("location"),
            );
        }
    }
    let bare: Vec<&SeriesId> = panel.series().iter().map(|s| &s.id).filter(|id| !items.knows(id)).collect();
    if let (Some(first), false) = (bare.first(), items.is_empty()) {
        let (n, first) = (bare.len(), first.to_string());
        diagnostics.warning(
            "item-without-master-data",
            text!(
                "{n} sold items have no row in the item file, first {first}; defaults are used",
                "{n} 个有销售的物料不在物料文件中，首个为 {first}；使用默认值"
            ),
            text!(
                "Add a row for each, with at least lead time and stock on hand",
                "请为其添加行，至少填写提前期和现有库存"
            ),
            Place::default().column("item"),
        );
    }
    diagnostics
}
