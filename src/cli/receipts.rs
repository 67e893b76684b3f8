//! Arguments about goods receipts, as users type them.

use super::arguments::{Bucket, Common};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments about goods receipts.
#[derive(Debug, Args)]
pub(super) struct ReceiptArguments {
    /// Goods receipts: item, location, supplier, order, `order_date`, `promised_date`, `receipt_date`, ordered, received
    #[arg(long)]
    pub(super) receipts: Option<PathBuf>,
    /// Which lead times to plan with
    #[arg(long, value_enum, default_value_t, requires_if("stale", "receipts"), requires_if("learnt", "receipts"))]
    pub(super) lead_times: Wanted,
}

/// Which lead times are planned with, as typed.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Wanted {
    /// The item list's, as they are
    #[default]
    Master,
    /// The learnt ones where the item list's are stale
    Stale,
    /// The learnt ones wherever there are enough receipts
    Learnt,
}

/// Arguments of `leadtimes`.
#[derive(Debug, Args)]
pub(super) struct LeadTimes {
    /// Goods receipts: item, location, supplier, order, `order_date`, `promised_date`, `receipt_date`, ordered, received
    #[arg(long)]
    pub(super) receipts: PathBuf,
    /// Item master data
    #[arg(long)]
    pub(super) items: PathBuf,
    /// Sales file; with it, differences are told in money
    #[arg(long)]
    pub(super) sales: Option<PathBuf>,
    /// Length of a period
    #[arg(long, value_enum, default_value_t)]
    pub(super) frequency: Bucket,
    /// CSV file to write: an item a row, the dearest to leave as it is first
    #[arg(long)]
    pub(super) out: PathBuf,
    /// CSV file to write the suppliers' scores to
    #[arg(long)]
    pub(super) scorecard: Option<PathBuf>,
    /// CSV file to write the orders to, and which of them were set aside
    #[arg(long)]
    pub(super) orders: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}
