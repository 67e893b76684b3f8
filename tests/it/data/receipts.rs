//! Goods receipts: columns in both languages, and every way in which a row can be wrong.

use super::{Written, bilingual, findings};
use jiff::civil::date;
use planwright::control::Control;
use planwright::data::{are_receipts, check_receipts, read_receipts};
use planwright::diagnostic::Diagnostics;
use planwright::model::{Item, ItemTable, Receipt, Receipts, SeriesId};
use proptest::prelude::*;
use std::fmt::Write;

fn receipts(text: &str) -> (Receipts, Diagnostics) {
    let written = Written::new("receipts.csv", text);
    let (receipts, diagnostics) = read_receipts(&written.path(), &Control::silent()).unwrap();
    bilingual(&diagnostics);
    (receipts, diagnostics)
}

const HEADER: &str = "item,order_date,receipt_date,received\n";

#[test]
fn columns_have_english_and_chinese_names() {
    let english = "item,location,supplier,order,order_date,promised_date,receipt_date,ordered,received";
    let spoken = "SKU,Warehouse,Vendor,PO Number,PO date,Due date,Goods receipt date,Order qty,Received qty";
    let chinese = "物料编码,仓库,供应商,采购订单号,下单日期,承诺日期,到货日期,订货数量,收货数量";
    let expected = Receipt {
        id: SeriesId::new("007", "HAM"),
        supplier: "Nord".into(),
        order: "4711".into(),
        ordered: date(2026, 1, 30),
        promised: Some(date(2026, 2, 27)),
        received: date(2026, 3, 2),
        quantity_ordered: Some(1200.0),
        quantity_received: Some(1150.5),
    };
    for headers in [english, spoken, chinese] {
        let row = "007,HAM,Nord,4711,2026-01-30,2026-02-27,2026-03-02,1200,1150.5";
        let (found, diagnostics) = receipts(&format!("{headers}\n{row}\n"));
        assert_eq!(findings(&diagnostics), "", "{headers}");
        assert_eq!(found.rows(), std::slice::from_ref(&expected));
        assert!(are_receipts(headers.split(',')), "{headers}");
        assert!((found.rows()[0].days() - 31.0).abs() < 1e-12);
    }
    assert!(!are_receipts(["order date", "sku", "qty"].into_iter()), "those are sales");
    assert!(!are_receipts(["item", "lead_time_days"].into_iter()), "those are items");
}

#[test]
fn a_faulty_row_does_not_count_and_says_where() {
    let rows = "\
A,2026-01-05,2026-01-20,10
A,2026-02-05,2026-01-20,10
A,,2026-02-20,10
A,soon,2026-02-20,10
A,2026-03-05,,
,2026-03-05,2026-03-20,10
A,2026-04-05,2026-04-20,-3
A,2026-04-06,2026-04-20,many
A,2026-04-07,2062-04-20,10
A,2026-01-05,2026-01-20,10
A,1999-01-05,2026-01-20,10
B,2026-05-05,2026-05-20,
";
    let (found, diagnostics) = receipts(&format!("{HEADER}{rows}"));
    assert_eq!(found.rows().len(), 2, "{:?}", found.rows());
    assert_eq!(found.rows()[1].quantity_received, None);
    assert_eq!(
        findings(&diagnostics),
        "date-empty date-in-the-future date-not-readable duplicate-receipt item-empty lead-time-implausible \
         not-received-yet quantity-not-a-number quantity-not-positive receipt-before-order"
    );
    let of = |code: &str| diagnostics.entries().iter().find(|d| d.code == code).unwrap();
    assert_eq!((of("receipt-before-order").place.row, of("duplicate-receipt").place.row), (Some(3), Some(11)));
    assert_eq!(of("date-in-the-future").place.column.as_deref(), Some("receipt_date"));
    assert!(!diagnostics.has_errors(), "a log is never clean");
    let warned = diagnostics.entries().iter().filter(|d| d.code != "not-received-yet");
    assert!(warned.into_iter().all(|d| !d.hint.is_empty() && d.message.en.starts_with("Row ")));
}

#[test]
fn a_promise_that_cant_be_is_none() {
    let header = "item,order_date,promised_date,receipt_date\n";
    let (found, diagnostics) = receipts(&format!(
        "{header}A,2026-01-05,2026-01-04,2026-01-20\nA,2026-02-05,maybe,2026-02-20\nA,2026-03-05,2026-03-18,2026-03-20\n"
    ));
    let promised: Vec<_> = found.rows().iter().map(|r| r.promised).collect();
    assert_eq!(promised, [None, None, Some(date(2026, 3, 18))]);
    assert_eq!(findings(&diagnostics), "promise-not-used:2");
}

#[test]
fn tables_that_cant_be_receipts_are_errors() {
    for (text, expected) in [
        ("item,order_date\nA,2026-01-05\n", "!column-missing"),
        ("item,order_date,receipt_date\nA,2026-01,2026-02\n", "!dates-not-days:2"),
        ("item,order_date,receipt_date\nA,1,2\nB,2,5\n", "!dates-not-days:2"),
        ("item,order_date,receipt_date\n", "!no-usable-row"),
        ("item,order_date,receipt_date\nA,2026-01-05,\n", "!no-usable-row not-received-yet"),
        (
            "item,order_date,receipt_date\nA,2026-02-05,2026-01-05\nA,2026-03-05,2026-02-05\nA,2026-01-05,2026-02-05\n",
            "!dates-contradict receipt-before-order:2",
        ),
    ] {
        let (_, diagnostics) = receipts(text);
        assert_eq!(findings(&diagnostics), expected, "{text}");
    }
}

#[test]
fn receipts_of_items_that_nobody_knows_are_a_warning() {
    let (found, _) = receipts(&format!("{HEADER}A,2026-01-05,2026-01-20,1\nZ,2026-01-05,2026-01-20,1\n"));
    let items = ItemTable::new([Item::with_defaults(SeriesId::new("A", ""))]);
    let diagnostics = check_receipts(&found, &items);
    bilingual(&diagnostics);
    assert_eq!(findings(&diagnostics), "receipts-of-unknown-items");
    assert!(check_receipts(&found, &ItemTable::default()).is_empty(), "without an item list nothing is unknown");
}

#[test]
fn the_fingerprint_is_of_the_content_whatever_the_order_of_rows() {
    let rows = ["A,2026-01-05,2026-01-20,1", "A,2026-02-05,2026-02-20,2", "B,2026-01-05,2026-01-20,3"];
    let of = |order: [usize; 3]| {
        let text = order.iter().fold(HEADER.to_owned(), |mut text, k| {
            let _ = writeln!(text, "{}", rows[*k]);
            text
        });
        receipts(&text).0.fingerprint().to_owned()
    };
    assert_eq!(of([0, 1, 2]), of([2, 0, 1]));
    assert_ne!(of([0, 1, 2]), receipts(&format!("{HEADER}{}\n", rows[0])).0.fingerprint());
    let (found, _) = receipts(&format!("{HEADER}{}\n{}\n", rows[0], rows[2]));
    let json = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Receipts>(&json).unwrap(), found);
}

proptest! {
    #[test]
    fn no_table_crashes_it(cells in prop::collection::vec("[a-zA-Z0-9/.,;:\"\\- \u{4e00}-\u{4e05}]{0,12}", 0..60)) {
        let mut text = String::from("item,supplier,order_date,promised_date,receipt_date,ordered,received\n");
        for row in cells.chunks(7) {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        let written = Written::new("receipts.csv", &text);
        if let Ok((found, diagnostics)) = read_receipts(&written.path(), &Control::silent()) {
            bilingual(&diagnostics);
            prop_assert!(found.rows().iter().all(|r| r.received >= r.ordered && !r.id.item.is_empty()));
        }
    }
}
