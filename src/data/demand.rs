//! Customers' demand for the dispatch plan: a table → [`DemandLine`]s.

use super::DataError;
use super::calendar::{self, Dates, MISSING};
use super::dates::date_of;
use super::fields::{Field, Range, Records};
use super::frequency::rhythm;
use super::header;
use super::load::load;
use super::table::Table;
use crate::control::Control;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::{DemandLine, Frequency, Network, Period};
use crate::text;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

const CUSTOMER: usize = 0;
const ITEM: usize = 1;
const PERIOD: usize = 2;
const QUANTITY: usize = 3;

const FIELDS: &[Field] = &[
    Field { name: "customer", synonyms: header::CUSTOMER },
    Field { name: "item", synonyms: header::ITEM },
    Field { name: "period", synonyms: header::DATE },
    Field { name: "quantity", synonyms: header::QUANTITY },
];

/// See [`super::read_demand`].
pub(super) fn read(
    path: &Path,
    frequency: Option<Frequency>,
    control: &Control,
) -> Result<(Vec<DemandLine>, Diagnostics), DataError> {
    let mut diagnostics = Diagnostics::default();
    let fits = |t: &Table| t.columns.iter().any(|c| header::rank(&c.header, header::CUSTOMER).is_some());
    let loaded = load(path, None, fits, &mut diagnostics, control)?;
    let Some(table) = loaded.table.filter(|t| t.rows() > 0) else {
        diagnostics.error(
            "no-usable-row",
            text!("The demand file has no row", "需求文件没有数据行"),
            text!("It needs the columns customer and quantity", "需要 customer 和 quantity 两列"),
            loaded.source.place.clone(),
        );
        return Ok((Vec::new(), diagnostics));
    };
    let mut records = Records::new(&table, FIELDS, &mut diagnostics);
    let complete = [CUSTOMER, QUANTITY].into_iter().filter(|f| records.require(*f, &mut diagnostics)).count() == 2;
    if !complete {
        return Ok((Vec::new(), diagnostics));
    }
    let periods = periods(&records, frequency, &mut diagnostics, control)?;
    // Lines of one customer, item and period are summed; the map puts them in order.
    let mut sums: BTreeMap<(Arc<str>, Arc<str>, Period), f64> = BTreeMap::new();
    for (row, period) in periods.into_iter().enumerate() {
        if row % 1024 == 0 {
            control.check()?;
        }
        let quantity = records.number(row, QUANTITY, Range::NotNegative);
        if records.text(row, CUSTOMER).is_empty() {
            records.fault(row, CUSTOMER, "code-empty", |field, _| text!("{field} is empty", "{field} 为空"));
            continue;
        }
        let Some(period) = period else {
            records.fault(row, PERIOD, "date-not-readable", |_, c| text!("\"{c}\" is not a period", "“{c}”不是期间"));
            continue;
        };
        let key = (records.code(row, CUSTOMER), records.code(row, ITEM), period);
        *sums.entry(key).or_insert(0.0) += quantity.unwrap_or(0.0);
    }
    records.finish(&mut diagnostics);
    let lines = sums.into_iter().filter(|(_, q)| *q > 0.0);
    let lines = lines.map(|((customer, item, period), quantity)| DemandLine { customer, item, period, quantity });
    Ok((lines.collect(), diagnostics))
}

/// The period of every row; without a period column all rows are the one period 1.
fn periods(
    records: &Records<'_>,
    asked: Option<Frequency>,
    diagnostics: &mut Diagnostics,
    control: &Control,
) -> Result<Vec<Option<Period>>, DataError> {
    let table = records.table();
    let Some(column) = records.column(PERIOD) else { return Ok(vec![Some(Period::step(1)); table.rows()]) };
    let Dates { days, natural, .. } = calendar::read(table, column, diagnostics, control)?;
    let mut distinct: Vec<i32> = days.iter().copied().filter(|d| *d != MISSING).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let pairs: Vec<(u32, i32)> = distinct.iter().map(|d| (0, *d)).collect();
    let shortest = rhythm(natural, &distinct, &pairs).shortest;
    let fits = |f: &Frequency| (*f == Frequency::Step) == (natural == Frequency::Step) && *f >= natural;
    if let Some(f) = asked.filter(|f| !fits(f)) {
        let (asked, has) = (f.label(), natural.label());
        diagnostics.error(
            "frequency-too-fine",
            crate::words::Text::new(
                format!("The demand comes by {} and can't be planned by {}", has.en, asked.en),
                format!("需求以{}为单位，无法按{}规划", has.zh, asked.zh),
            ),
            text!("Use the same periods as the sales", "请使用与销售数据相同的期间"),
            table.place.clone().column(table.columns[column].header.clone()),
        );
    }
    let frequency = asked.filter(fits).unwrap_or(shortest);
    let period = |day: i32| match frequency {
        Frequency::Step => Some(Period::step(day)),
        _ => Some(Period::containing(date_of(day)?, frequency)),
    };
    Ok(days.into_iter().map(|d| if d == MISSING { None } else { period(d) }).collect())
}

/// See [`super::check_demand`].
pub(super) fn check(demand: &[DemandLine], network: &Network) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let known: HashSet<&str> = network.customers.iter().map(|c| &*c.id).collect();
    let mut reported = HashSet::new();
    for line in demand {
        if !known.contains(&*line.customer) && reported.insert(line.customer.clone()) {
            let customer = &line.customer;
            diagnostics.error(
                "unknown-customer",
                text!(
                    "Customer {customer} has demand but is not in the network",
                    "客户 {customer} 有需求，但不在网络中"
                ),
                text!("Add the customer to the network, or correct its code", "请在网络中添加该客户，或更正编码"),
                Place::default().column("customer"),
            );
        }
    }
    diagnostics
}
