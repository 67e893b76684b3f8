//! Where a table's header is, and what headers mean: English and Chinese names of the same thing.

use super::dates;
use super::number::{self, DecimalMark};
use super::table::Kind;

/// What the first rows of a table said.
#[derive(Debug)]
pub(super) struct Found {
    /// Headers; column letters when there is no header row.
    pub(super) headers: Vec<String>,
    /// Index of the header row among the rows given.
    pub(super) row: Option<usize>,
    /// Index of the first data row among the rows given.
    pub(super) first_data_row: usize,
}

/// At most this many title lines are skipped above a header.
const MAX_TITLES: usize = 5;

/// Finds the header in the first rows, none of which is empty. A title line is a row with one filled cell above a row
/// with several. The header is the first row after the titles, unless it looks like data: a cell is a number or a date
/// and none is a known name.
pub(super) fn find(rows: &[Vec<(&str, Kind)>]) -> Found {
    let filled = |row: &[(&str, Kind)]| row.iter().filter(|(t, _)| !t.is_empty()).count();
    let mut start = 0;
    while start < MAX_TITLES && start + 1 < rows.len() && filled(&rows[start]) == 1 && filled(&rows[start + 1]) > 1 {
        start += 1;
    }
    let Some(first) = rows.get(start) else { return Found { headers: Vec::new(), row: None, first_data_row: 0 } };
    let known = first.iter().any(|(text, _)| is_known(text));
    let data = first.iter().any(|(text, kind)| !text.is_empty() && (*kind != Kind::Text || looks_like_data(text)));
    if known || !data {
        let headers = first.iter().map(|(text, _)| (*text).to_owned()).collect();
        return Found { headers, row: Some(start), first_data_row: start + 1 };
    }
    let width = rows[start..].iter().map(Vec::len).max().unwrap_or(0);
    Found { headers: vec![String::new(); width], row: None, first_data_row: start }
}

fn looks_like_data(text: &str) -> bool {
    number::parse(text, DecimalMark::Point).is_ok()
        || number::parse(text, DecimalMark::Comma).is_ok()
        || dates::looks_like_date(text)
}

/// Gives nameless columns their letter and tells equal headers apart.
pub(super) fn unique(headers: Vec<String>) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    let mut out = Vec::with_capacity(headers.len());
    for (k, header) in headers.into_iter().enumerate() {
        let base = if header.is_empty() { letter(k) } else { super::findings::quote(&header) };
        let mut name = base.clone();
        let mut n = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base} ({n})");
            n += 1;
        }
        out.push(name);
    }
    out
}

/// A spreadsheet's name for column `k`, from 0: A, B, … Z, AA.
pub(super) fn letter(mut k: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (k % 26) as u8));
        if k < 26 {
            break;
        }
        k = k / 26 - 1;
    }
    letters.iter().rev().collect()
}

/// Lower case without blanks, dots, dashes, underscores and a unit in brackets: `Order Date (UTC)` → `orderdate`.
pub(super) fn normalise(header: &str) -> String {
    let cut = header.find(['(', '（', '[', '【']).filter(|at| *at > 0).unwrap_or(header.len());
    header[..cut].chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names of the date column, the most telling first.
pub(super) const DATE: &[&str] = &[
    "orderdate",
    "订单日期",
    "下单日期",
    "销售日期",
    "invoicedate",
    "saledate",
    "salesdate",
    "transactiondate",
    "demanddate",
    "date",
    "日期",
    "业务日期",
    "单据日期",
    "交易日期",
    "出库日期",
    "开票日期",
    "ds",
    "datetime",
    "timestamp",
    "订单时间",
    "下单时间",
    "时间",
    "time",
    "period",
    "期间",
    "周期",
    "期",
    "期数",
    "shipdate",
    "发货日期",
    "deliverydate",
    "交货日期",
    "day",
    "日",
    "week",
    "周",
    "周次",
    "month",
    "月",
    "月份",
    "年月",
    "yearmonth",
    "quarter",
    "季度",
    "year",
    "年",
    "年份",
    "step",
    "t",
];
/// Names of the item column.
pub(super) const ITEM: &[&str] = &[
    "itemcode",
    "itemid",
    "itemno",
    "itemnumber",
    "item",
    "sku",
    "skuid",
    "skucode",
    "物料编码",
    "物料编号",
    "物料号",
    "物料代码",
    "商品编码",
    "商品编号",
    "商品代码",
    "产品编码",
    "产品编号",
    "产品代码",
    "存货编码",
    "stockcode",
    "productid",
    "productcode",
    "productno",
    "productnumber",
    "material",
    "materialno",
    "materialcode",
    "materialnumber",
    "partno",
    "partnumber",
    "part",
    "article",
    "articleno",
    "货号",
    "品号",
    "料号",
    "物料",
    "商品",
    "产品",
    "存货",
    "品项",
    "product",
    "uniqueid",
    "itemname",
    "productname",
    "物料名称",
    "商品名称",
    "产品名称",
    "品名",
    "seriesid",
    "series",
    "编码",
    "code",
    "id",
    "name",
    "名称",
    "description",
];
/// Names of the location column.
pub(super) const LOCATION: &[&str] = &[
    "location",
    "locationcode",
    "locationid",
    "warehouse",
    "warehousecode",
    "warehouseid",
    "wh",
    "仓库",
    "仓库编码",
    "仓库代码",
    "仓库名称",
    "仓",
    "库房",
    "store",
    "storeid",
    "storecode",
    "storename",
    "门店",
    "门店编码",
    "门店名称",
    "店铺",
    "地点",
    "位置",
    "site",
    "siteid",
    "plant",
    "plantcode",
    "plantid",
    "工厂",
    "dc",
    "distributioncenter",
    "branch",
    "depot",
    "shop",
    "outlet",
    "网点",
    "分仓",
    "库存地点",
];
/// Names of the column with a location's region.
pub(super) const REGION: &[&str] = &[
    "region",
    "regionname",
    "regioncode",
    "regionid",
    "salesregion",
    "territory",
    "大区",
    "区域",
    "地区",
    "片区",
    "销售区域",
    "销售大区",
    "所属区域",
    "所属大区",
];
/// Names of the quantity column.
pub(super) const QUANTITY: &[&str] = &[
    "quantity",
    "qty",
    "数量",
    "销量",
    "销售数量",
    "销售量",
    "unitssold",
    "orderquantity",
    "orderqty",
    "unitquantity",
    "salesquantity",
    "salesqty",
    "soldquantity",
    "qtysold",
    "订单数量",
    "订货数量",
    "出库数量",
    "发货数量",
    "需求",
    "需求量",
    "需求数量",
    "demand",
    "units",
    "件数",
    "volume",
    "sales",
    "销售",
    "y",
    "value",
    "values",
    "值",
    "数值",
    "x",
    "count",
];
/// Names of the price column.
pub(super) const PRICE: &[&str] = &[
    "price",
    "unitprice",
    "单价",
    "售价",
    "销售单价",
    "价格",
    "sellprice",
    "saleprice",
    "salesprice",
    "listprice",
    "含税单价",
];
/// Names of the customer column.
pub(super) const CUSTOMER: &[&str] = &[
    "customer",
    "customerid",
    "customercode",
    "customerno",
    "client",
    "shipto",
    "客户",
    "客户编码",
    "客户编号",
    "客户代码",
    "收货方",
];
/// Names of a column that only numbers the rows.
pub(super) const ROW_NUMBER: &[&str] =
    &["rownames", "rowid", "index", "no", "nr", "序号", "行号", "unnamed0", "lineno", ""];

/// How well a header fits a list of names: smaller is better, `None` is not at all.
pub(super) fn rank(header: &str, names: &[&str]) -> Option<usize> {
    let name = normalise(header);
    names.iter().position(|n| *n == name)
}

fn is_known(text: &str) -> bool {
    !text.is_empty()
        && [DATE, ITEM, LOCATION, REGION, QUANTITY, PRICE, CUSTOMER].iter().any(|names| rank(text, names).is_some())
}
