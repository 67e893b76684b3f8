//! Drivers and events from files.

use super::Written;
use planwright::control::Control;
use planwright::data::{ReadOptions, Role, read_drivers, read_events, read_sales};
use planwright::diagnostic::{Diagnostics, Severity};
use planwright::model::{DriverValues, Drivers, Frequency, Period, SeriesId};
use std::fmt::Write;

fn read(name: &str, content: &str, sales: &[(Role, &str)]) -> (Drivers, Diagnostics) {
    let file = Written::new(name, content);
    let sales: Vec<(Role, String)> = sales.iter().map(|(r, h)| (*r, (*h).to_owned())).collect();
    read_drivers(&file.path(), &sales, &Control::silent()).unwrap()
}

fn of<'a>(drivers: &'a Drivers, name: &str, item: &str, location: &str) -> &'a DriverValues {
    let scope = SeriesId::new(item, location);
    drivers.values.iter().find(|v| &*v.name == name && v.scope == scope).unwrap_or_else(|| panic!("{name} {scope}"))
}

fn at(values: &DriverValues, period: &str) -> Option<f64> {
    values.get(Period::parse(period).unwrap())
}

#[test]
fn wide_and_long_say_the_same() {
    let wide = "date,item,store,price,promo\n\
        2024-01-01,007,N,2.5,0\n2024-01-08,007,N,2.4,1\n2024-01-15,007,N,,0\n\
        2024-01-01,008,N,9,0\n2024-01-08,008,N,9,yes\n";
    let long = "date,item,store,name,value\n\
        2024-01-01,007,N,price,2.5\n2024-01-08,007,N,price,2.4\n\
        2024-01-01,007,N,promo,0\n2024-01-08,007,N,promo,1\n2024-01-15,007,N,promo,0\n\
        2024-01-01,008,N,price,9\n2024-01-08,008,N,price,9\n2024-01-01,008,N,promo,no\n2024-01-08,008,N,promo,1\n";
    let ((wide, a), (long, b)) = (read("d.csv", wide, &[]), read("d.csv", long, &[]));
    assert_eq!(wide.values, long.values);
    assert!(!a.has_errors() && !b.has_errors(), "{a:?} {b:?}");
    assert_eq!(wide.names().iter().map(|n| &***n).collect::<Vec<_>>(), ["price", "promo"]);
    let price = of(&wide, "price", "007", "N");
    assert_eq!(
        [at(price, "2024-01-01"), at(price, "2024-01-08"), at(price, "2024-01-15")],
        [Some(2.5), Some(2.4), None]
    );
    assert_eq!(at(of(&wide, "promo", "008", "N"), "2024-01-08"), Some(1.0));
    assert_eq!(wide.values[0].start.frequency(), Frequency::Day);
}

#[test]
fn columns_mean_what_they_mean_in_the_sales() {
    let table = "week,brand,store,y,deal,feat,price\n40,1,2,9000,0,0.5,3.87\n41,1,2,,1,0,3.5\n";
    let sales = [(Role::Date, "week"), (Role::Item, "brand"), (Role::Location, "store"), (Role::Quantity, "y")];
    let (drivers, findings) = read("oj.csv", table, &sales);
    assert_eq!(drivers.names().iter().map(|n| &***n).collect::<Vec<_>>(), ["deal", "feat", "price"], "{findings:?}");
    let price = of(&drivers, "price", "1", "2");
    assert_eq!((at(price, "40"), at(price, "41")), (Some(3.87), Some(3.5)));
    // Without an item column the rows speak of all.
    let (drivers, _) = read("d.csv", "month,temperature\n2024-01,-3.5\n2024-02,1\n", &[]);
    assert_eq!(at(of(&drivers, "temperature", "", ""), "2024-01"), Some(-3.5));
    let (drivers, _) = read("d.csv", "日期,物料编码,单价,促销\n2024-01-01,A,12,是\n2024-01-02,A,11,否\n", &[]);
    assert_eq!(at(of(&drivers, "促销", "A", ""), "2024-01-01"), Some(1.0));
}

#[test]
fn every_bad_row_is_reported_and_the_rest_counts() {
    let table = "date,item,price,comment\n2024-01-01,A,1.5,fine\nsoon,A,2,x?\n2024-01-03,A,cheap,\n2024-01-04,A,1.75,\n\
        2024-01-04,A,1.25,\n";
    let (drivers, findings) = read("d.csv", table, &[]);
    assert_eq!(findings.count("date-not-readable"), 1);
    assert_eq!(findings.count("driver-not-a-number"), 1);
    assert_eq!(findings.count("driver-column-text"), 1);
    assert_eq!(findings.count("driver-stated-twice"), 1);
    assert!(!findings.has_errors());
    let bad = findings.entries().iter().find(|d| d.code == "driver-not-a-number").unwrap();
    assert_eq!((bad.severity, bad.place.row, bad.place.column.as_deref()), (Severity::Warning, Some(4), Some("price")));
    let price = of(&drivers, "price", "A", "");
    assert_eq!(
        (at(price, "2024-01-01"), at(price, "2024-01-03"), at(price, "2024-01-04")),
        (Some(1.5), None, Some(1.5))
    );
    for hopeless in ["a,b\n1,2\n", "date,item\n2024-01-01,A\n", "date,price\n"] {
        assert!(read("d.csv", hopeless, &[]).1.has_errors(), "{hopeless}");
    }
    let header: String = (0..70).fold("date".to_owned(), |h, k| h + &format!(",d{k}"));
    let row: String = (0..70).fold("2024-01-01".to_owned(), |h, k| h + &format!(",{k}"));
    assert_eq!(read("d.csv", &format!("{header}\n{row}\n"), &[]).1.count("too-many-drivers"), 1);
    let far = "date,price\n0001-01-01,1\n9999-01-01,2\n";
    assert_eq!(read("d.csv", far, &[]).1.count("driver-span-too-long"), 1);
}

#[test]
fn a_sales_file_is_read_as_drivers_too() {
    let mut table = "date,item,quantity,price\n".to_owned();
    for day in 1..=20 {
        writeln!(
            table,
            "2024-01-{day:02},A,{},{}",
            if day > 15 { String::new() } else { day.to_string() },
            10 - day % 3
        )
        .unwrap();
    }
    let file = Written::new("sales.csv", &table);
    let import = read_sales(&file.path(), &ReadOptions::default(), &Control::silent()).unwrap();
    assert_eq!(import.panel.unwrap().end(), Period::parse("2024-01-15").unwrap());
    let (drivers, findings) = read_drivers(&file.path(), &import.columns, &Control::silent()).unwrap();
    assert_eq!(drivers.names().iter().map(|n| &***n).collect::<Vec<_>>(), ["price"], "{findings:?}");
    assert_eq!(at(of(&drivers, "price", "A", ""), "2024-01-20"), Some(8.0));
}

#[test]
fn events_have_spans_and_scopes() {
    let table = "name,first,last,scope\nFair,2024-05-02,2024-05-05,all\nFair,2025-05-01,,\nStrike,2024-03-01,2024-03-09,location:North\n\
        Launch,2024-06-01,2024-06-30,item:A@North\n,2024-01-01,,\nBack,2024-02-02,2024-02-01,\nOdd,2024-02-02,,region:X\nNever,?,,\n";
    let file = Written::new("events.csv", table);
    let (events, findings) = read_events(&file.path(), &Control::silent()).unwrap();
    let list: Vec<_> =
        events.iter().map(|e| (&*e.name, &*e.scope.item, &*e.scope.location, e.occurrences.len())).collect();
    assert_eq!(list, [("Fair", "", "", 2), ("Strike", "", "North", 1), ("Launch", "A", "North", 1)]);
    let day = |s: &str| Period::parse(s).unwrap();
    assert_eq!(events[0].occurrences, [(day("2024-05-02"), day("2024-05-05")), (day("2025-05-01"), day("2025-05-01"))]);
    for code in ["event-name-empty", "event-ends-before-it-begins", "event-scope", "date-not-readable"] {
        assert_eq!(findings.count(code), 1, "{code}");
    }
    let file = Written::new("events.csv", "活动,开始日期,结束日期,物料编码\n展会,2024-05-02,2024-05-05,A\n");
    let (events, _) = read_events(&file.path(), &Control::silent()).unwrap();
    assert_eq!((&*events[0].name, &*events[0].scope.item), ("展会", "A"));
}
