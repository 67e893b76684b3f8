//! Goods receipts: a table with order and receipt dates → [`Receipts`].
//!
//! A log of deliveries is long and never clean, so a faulty row doesn't count and is a warning; errors are for tables that
//! can't be receipts. No clock is read: a date far in the future is one that lies years after all the others.

use super::DataError;
use super::calendar::{self, Dates, MISSING};
use super::dates::date_of;
use super::fields::{Field, Records};
use super::findings::{Gathered, quote};
use super::header;
use super::limits::MOST_RECEIPTS;
use super::load::load;
use super::number::NumberFault;
use super::rows::{cell_number, decimal_mark};
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::{Frequency, ItemTable, Receipt, Receipts, SeriesId};
use crate::text;
use crate::words::Text;
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

const ITEM: usize = 0;
const LOCATION: usize = 1;
const SUPPLIER: usize = 2;
const ORDER: usize = 3;
const ORDER_DATE: usize = 4;
const PROMISED_DATE: usize = 5;
const RECEIPT_DATE: usize = 6;
const ORDERED: usize = 7;
const RECEIVED: usize = 8;

const FIELDS: &[Field] = &[
    Field { name: "item", synonyms: header::ITEM },
    Field { name: "location", synonyms: header::LOCATION },
    Field {
        name: "supplier",
        synonyms: &["vendor", "suppliername", "suppliercode", "供应商", "供货商", "厂商", "供应商编码"],
    },
    Field {
        name: "order",
        synonyms: &[
            "ordernumber",
            "orderno",
            "ponumber",
            "pono",
            "po",
            "purchaseorder",
            "orderid",
            "订单",
            "订单号",
            "采购订单",
            "采购订单号",
            "采购单号",
            "单号",
        ],
    },
    Field {
        name: "order_date",
        synonyms: &[
            "orderdate",
            "ordereddate",
            "podate",
            "purchasedate",
            "下单日期",
            "订货日期",
            "订单日期",
            "采购日期",
        ],
    },
    Field {
        name: "promised_date",
        synonyms: &[
            "promised",
            "promisedate",
            "confirmeddate",
            "duedate",
            "expecteddate",
            "requesteddate",
            "承诺日期",
            "约定日期",
            "承诺交期",
            "计划到货日期",
            "要求到货日期",
        ],
    },
    Field {
        name: "receipt_date",
        synonyms: &[
            "receipt",
            "receiveddate",
            "receivingdate",
            "goodsreceiptdate",
            "grdate",
            "arrivaldate",
            "deliverydate",
            "到货日期",
            "收货日期",
            "入库日期",
            "实际到货日期",
        ],
    },
    Field {
        name: "ordered",
        synonyms: &[
            "orderedquantity",
            "orderedqty",
            "quantityordered",
            "orderquantity",
            "orderqty",
            "订货数量",
            "订购数量",
            "采购数量",
            "订单数量",
        ],
    },
    Field {
        name: "received",
        synonyms: &[
            "receivedquantity",
            "receivedqty",
            "quantityreceived",
            "receiptquantity",
            "receiptqty",
            "quantity",
            "qty",
            "收货数量",
            "到货数量",
            "入库数量",
            "实收数量",
            "数量",
        ],
    },
];

/// Longest time from order to receipt, days: ten years. Longer ones are typing errors.
const LONGEST_DAYS: i32 = 3653;
/// Dates after a gap this long, days, lie in the future of all others.
const FUTURE_GAP: i32 = 730;

/// True when headers are those of receipts: an item, when it was ordered and when it came.
pub(super) fn are_receipts<'a>(headers: impl Iterator<Item = &'a str>) -> bool {
    let names: BTreeSet<String> = headers.map(header::normalise).collect();
    let has = |field: usize| {
        let field = &FIELDS[field];
        names.contains(&header::normalise(field.name)) || field.synonyms.iter().any(|s| names.contains(*s))
    };
    has(ITEM) && has(ORDER_DATE) && has(RECEIPT_DATE)
}

/// See [`super::read_receipts`].
pub(super) fn read(path: &Path, control: &Control) -> Result<(Receipts, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| are_receipts(t.columns.iter().map(|c| c.header.as_str()));
    let loaded = load(path, None, fits, &mut diagnostics, control)?;
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        diagnostics.error(
            "no-usable-row",
            text!("The receipt file has no row", "收货文件没有数据行"),
            text!(
                "It needs the columns item, order_date and receipt_date",
                "需要 item、order_date 和 receipt_date 三列"
            ),
            loaded.source.place.clone(),
        );
        return Ok((Receipts::default(), diagnostics));
    };
    let records = Records::new(&table, FIELDS, &mut diagnostics);
    let required = [ITEM, ORDER_DATE, RECEIPT_DATE].into_iter().filter(|f| records.require(*f, &mut diagnostics));
    if required.count() < 3 {
        return Ok((Receipts::default(), diagnostics));
    }
    if table.rows() > MOST_RECEIPTS {
        diagnostics.error(
            "too-many-receipts",
            text!("There are more than {MOST_RECEIPTS} receipts", "收货记录超过 {MOST_RECEIPTS} 条"),
            text!("Keep those of the last years", "请只保留最近几年的记录"),
            table.place.clone(),
        );
        return Ok((Receipts::default(), diagnostics));
    }
    let Some(days) = Days::read(&records, &mut diagnostics, control)? else {
        return Ok((Receipts::default(), diagnostics));
    };
    let mut reader = Reader::new(&records, days);
    let mut receipts = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        if row % 1024 == 0 {
            control.check()?;
        }
        match reader.receipt(row) {
            Ok(receipt) => receipts.push(receipt),
            Err(fault) => reader.leave_out(row, fault),
        }
    }
    reader.finish(receipts.len(), &mut diagnostics);
    Ok((Receipts::new(receipts), diagnostics))
}

/// The three date columns as day numbers.
struct Days {
    ordered: Dates,
    promised: Option<Dates>,
    received: Dates,
    /// Days beyond this lie years after all the others.
    last: i32,
}

impl Days {
    /// `None` with an error when dates aren't days.
    fn read(
        records: &Records<'_>,
        diagnostics: &mut Diagnostics,
        control: &Control,
    ) -> Result<Option<Self>, DataError> {
        let table = records.table();
        let mut column = |field: usize| -> Result<Option<Dates>, DataError> {
            let Some(column) = records.column(field) else { return Ok(None) };
            let dates = calendar::read(table, column, diagnostics, control)?;
            let has_any = dates.days.iter().any(|d| *d != MISSING);
            if has_any && dates.natural != Frequency::Day {
                let header = &table.columns[column].header;
                diagnostics.error(
                    "dates-not-days",
                    text!("Column {header} holds no days", "列 {header} 不是具体日期"),
                    text!(
                        "A lead time is counted in days: write dates as year-month-day (2024-03-05)",
                        "提前期按天计算：请将日期写成年-月-日（2024-03-05）"
                    ),
                    table.place.clone().column(header.clone()),
                );
                return Ok(None);
            }
            Ok(Some(dates))
        };
        let (ordered, promised, received) = (column(ORDER_DATE)?, column(PROMISED_DATE)?, column(RECEIPT_DATE)?);
        let (Some(ordered), Some(received)) = (ordered, received) else { return Ok(None) };
        let last = last_plausible(ordered.days.iter().chain(&received.days).copied());
        Ok(Some(Self { ordered, promised, received, last }))
    }
}

/// The last day before a gap of years behind which only a handful of dates lie: at most one in a hundred.
fn last_plausible(days: impl Iterator<Item = i32>) -> i32 {
    let mut days: Vec<i32> = days.filter(|d| *d != MISSING).collect();
    days.sort_unstable();
    let handful = (days.len() / 100).max(1);
    let from = days.len().saturating_sub(handful).max(1);
    let gap = (from..days.len()).find(|k| i64::from(days[*k]) - i64::from(days[k - 1]) > i64::from(FUTURE_GAP));
    // Three dates have no majority.
    gap.filter(|_| days.len() > 3).map_or(i32::MAX, |k| days[k - 1])
}

/// Why a row doesn't count: the field, a code, what is wrong, what to do.
struct Fault {
    field: usize,
    code: &'static str,
    message: Text,
    hint: Text,
}

struct Reader<'r, 't> {
    records: &'r Records<'t>,
    days: Days,
    quantities: [Option<(usize, super::number::DecimalMark)>; 2],
    /// Codes seen, each kept once.
    codes: HashSet<Arc<str>>,
    seen: HashSet<Same>,
    faults: Gathered,
    open: u64,
    backwards: u64,
}

/// What makes two rows the same receipt.
type Same = (SeriesId, Arc<str>, Arc<str>, i32, i32, [Option<u64>; 2]);

impl<'r, 't> Reader<'r, 't> {
    fn new(records: &'r Records<'t>, days: Days) -> Self {
        let mark = |field: usize| {
            let column = records.column(field)?;
            Some((column, decimal_mark(records.table(), column, &mut Diagnostics::default())))
        };
        Self {
            records,
            days,
            quantities: [mark(ORDERED), mark(RECEIVED)],
            codes: HashSet::new(),
            seen: HashSet::new(),
            faults: Gathered::default(),
            open: 0,
            backwards: 0,
        }
    }

    fn receipt(&mut self, row: usize) -> Result<Receipt, Fault> {
        let id = SeriesId { item: self.code(row, ITEM), location: self.code(row, LOCATION) };
        if id.item.is_empty() {
            let hint = text!("Fill in the item code", "请填写物料编码");
            return Err(Fault {
                field: ITEM,
                code: "item-empty",
                message: text!("the item code is empty", "物料编码为空"),
                hint,
            });
        }
        let ordered = self.day(row, ORDER_DATE, self.days.ordered.days[row])?;
        let received = self.day(row, RECEIPT_DATE, self.days.received.days[row])?;
        self.check_order(ordered, received)?;
        let promised = self.promised(row, ordered);
        let (quantity_ordered, quantity_received) = (self.quantity(row, 0)?, self.quantity(row, 1)?);
        let (supplier, order) = (self.code(row, SUPPLIER), self.code(row, ORDER));
        let bits = [quantity_ordered.map(f64::to_bits), quantity_received.map(f64::to_bits)];
        if !self.seen.insert((id.clone(), supplier.clone(), order.clone(), ordered, received, bits)) {
            let message = text!("the same receipt stands above", "与前面的收货记录相同");
            let hint = text!("It counts once; delete the repeated row", "只计一次；请删除重复行");
            return Err(Fault { field: RECEIPT_DATE, code: "duplicate-receipt", message, hint });
        }
        let date = |day| date_of(day).unwrap_or_default();
        Ok(Receipt {
            id,
            supplier,
            order,
            ordered: date(ordered),
            promised: promised.map(date),
            received: date(received),
            quantity_ordered,
            quantity_received,
        })
    }

    /// The cell's text, shared with all cells that say the same.
    fn code(&mut self, row: usize, field: usize) -> Arc<str> {
        let text = self.records.text(row, field).trim();
        if let Some(known) = self.codes.get(text) {
            return known.clone();
        }
        let code: Arc<str> = text.into();
        self.codes.insert(code.clone());
        code
    }

    fn day(&mut self, row: usize, field: usize, day: i32) -> Result<i32, Fault> {
        let cell = self.records.text(row, field).trim();
        let fault = |code, message| {
            let hint = text!("Write the date as year-month-day (2024-03-05)", "请将日期写成年-月-日（2024-03-05）");
            Err(Fault { field, code, message, hint })
        };
        if cell.is_empty() && field == RECEIPT_DATE {
            self.open += 1;
            return fault("not-received-yet", Text::default());
        }
        if cell.is_empty() {
            return fault("date-empty", text!("the order date is empty", "下单日期为空"));
        }
        if day == MISSING || date_of(day).is_none() {
            let cell = quote(cell);
            return fault("date-not-readable", text!("\"{cell}\" is not a date", "“{cell}”不是日期"));
        }
        if day > self.days.last {
            let (cell, last) = (quote(cell), date_of(self.days.last).unwrap_or_default());
            return fault(
                "date-in-the-future",
                text!(
                    "{cell} lies years after the other dates, which end on {last}",
                    "{cell} 比其他日期晚数年（其余止于 {last}）"
                ),
            );
        }
        Ok(day)
    }

    fn check_order(&mut self, ordered: i32, received: i32) -> Result<(), Fault> {
        let date = |day| date_of(day).unwrap_or_default();
        let (first, last) = (date(ordered), date(received));
        if received < ordered {
            self.backwards += 1;
            return Err(Fault {
                field: RECEIPT_DATE,
                code: "receipt-before-order",
                message: text!(
                    "received on {last}, before it was ordered on {first}",
                    "收货日期 {last} 早于下单日期 {first}"
                ),
                hint: text!("Check both dates, and which column is which", "请核对两个日期，以及列是否对应正确"),
            });
        }
        let days = received - ordered;
        if days > LONGEST_DAYS {
            return Err(Fault {
                field: RECEIPT_DATE,
                code: "lead-time-implausible",
                message: text!("{days} days from order to receipt", "从下单到收货历时 {days} 天"),
                hint: text!("Check the years of both dates", "请核对两个日期的年份"),
            });
        }
        Ok(())
    }

    /// A promise that can't be is none; the receipt counts all the same.
    fn promised(&mut self, row: usize, ordered: i32) -> Option<i32> {
        let cell = self.records.text(row, PROMISED_DATE).trim();
        let day = self.days.promised.as_ref()?.days[row];
        if cell.is_empty() {
            return None;
        }
        if day != MISSING && day >= ordered && day <= self.days.last.saturating_add(FUTURE_GAP) {
            return Some(day);
        }
        let cell = quote(cell);
        self.leave_out(
            row,
            Fault {
                field: PROMISED_DATE,
                code: "promise-not-used",
                message: text!(
                    "the promised date \"{cell}\" is no date after the order",
                    "承诺日期“{cell}”不是下单之后的日期"
                ),
                hint: text!("Correct it; the receipt counts without a promise", "请更正；该收货仍计入，但视为无承诺"),
            },
        );
        None
    }

    fn quantity(&mut self, row: usize, which: usize) -> Result<Option<f64>, Fault> {
        let Some((column, mark)) = self.quantities[which] else { return Ok(None) };
        let field = [ORDERED, RECEIVED][which];
        let table = self.records.table();
        let cell = quote(table.columns[column].get(row));
        let name = FIELDS[field].name;
        match cell_number(table, row, column, mark) {
            Ok(x) if x > 0.0 => Ok(Some(x)),
            Err(NumberFault::Empty) => Ok(None),
            Ok(_) => Err(Fault {
                field,
                code: "quantity-not-positive",
                message: text!("{name} is {cell}: nothing came", "{name} 为 {cell}：没有到货"),
                hint: text!("Leave returns and cancelled orders out", "请去掉退货和已取消的订单"),
            }),
            Err(_) => Err(Fault {
                field,
                code: "quantity-not-a-number",
                message: text!("{name} \"{cell}\" is not a number", "{name}“{cell}”不是数字"),
                hint: text!("Correct the cell", "请更正该单元格"),
            }),
        }
    }

    fn leave_out(&mut self, row: usize, fault: Fault) {
        if fault.code == "not-received-yet" {
            return;
        }
        let (records, table) = (self.records, self.records.table());
        self.faults.add(fault.code, || {
            let place = records.column(fault.field).map_or_else(|| table.at(row), |c| table.cell(row, c));
            let line = table.lines[row];
            let message = text!("Row {line}:", "第 {line} 行：").then(&fault.message);
            Diagnostic::new(Severity::Warning, fault.code, message, fault.hint, place)
        });
    }

    fn finish(self, used: usize, diagnostics: &mut Diagnostics) {
        let table = self.records.table();
        let (rows, place) = (table.rows(), table.place.clone());
        if self.open > 0 {
            let n = self.open;
            diagnostics.info(
                "not-received-yet",
                text!("{n} rows have no receipt date yet and teach nothing", "{n} 行尚无收货日期，未计入"),
                place.clone(),
            );
        }
        self.faults.finish(diagnostics);
        if used == 0 {
            diagnostics.error(
                "no-usable-row",
                text!("None of the {rows} rows is a receipt", "{rows} 行中没有可用的收货记录"),
                text!(
                    "Correct the findings above; a row needs an item, an order date and a later receipt date",
                    "请按上述提示更正；每行需要物料、下单日期和其后的收货日期"
                ),
                place,
            );
        } else if self.backwards as usize * 2 > rows {
            diagnostics.error(
                "dates-contradict",
                text!("Most rows were received before they were ordered", "多数行的收货日期早于下单日期"),
                text!(
                    "Swap the headers order_date and receipt_date, or write all dates as year-month-day (2024-03-05)",
                    "请对调 order_date 与 receipt_date 的表头，或将所有日期写成年-月-日（2024-03-05）"
                ),
                place,
            );
        }
    }
}

/// See [`super::check_receipts`].
pub(super) fn check(receipts: &Receipts, items: &ItemTable) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let codes: HashSet<&str> = items.iter().map(|i| &*i.id.item).collect();
    let strangers: Vec<String> =
        receipts.by_item().map(|r| &r[0].id).filter(|id| !codes.contains(&*id.item)).map(ToString::to_string).collect();
    if let (Some(first), false) = (strangers.first(), items.is_empty()) {
        let n = strangers.len();
        diagnostics.warning(
            "receipts-of-unknown-items",
            text!(
                "Receipts name {n} items that the item list doesn't know, first {first}",
                "收货记录中有 {n} 个商品不在商品清单中，首个为 {first}"
            ),
            text!(
                "Check their codes, leading zeros included; they change no plan",
                "请核对编码（包括前导零）；它们不影响计划"
            ),
            crate::diagnostic::Place::default().column("item"),
        );
    }
    diagnostics
}
