//! The sample projects as bytes: a made-up wholesaler, the worked example, and a small Chinese one.
//!
//! Nothing here uses a logarithm, a sine or another function that two machines round differently: sums, products and
//! square roots only. So the files are the same everywhere, and a test compares them with the committed ones.

mod catalogue;
mod dice;
mod items;
mod network;
mod receipts;
mod sales;
mod small;

/// Every file: path below `sample_data/` with forward slashes, and its bytes.
pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    let company = sales::Company::new();
    let mut files = vec![
        ("company/sales.csv", company.sales_csv().into_bytes()),
        ("company/items.csv", items::items_csv(&company).into_bytes()),
        ("company/receipts.csv", receipts::receipts_csv(&company).into_bytes()),
    ];
    files.extend(network::files());
    files.extend(small::files());
    files
}
