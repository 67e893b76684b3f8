//! Planwright: supply planning on the planner's own desk.
//!
//! The library is the product; the window (`gui`, over [`session`]) and the command line ([`cli`]) are two thin doors
//! into it. Both walk the same way:
//!
//! ```text
//! sales file ─ data ─▶ SalesPanel ─ forecast ─▶ Forecast with paths ─ inventory ─▶ StockPlan
//!                                                     │                              │    risk: alerts, disruptions
//!                       network ─ data ─▶ Network ─ dispatch ─▶ DispatchPlan ─ costing ─▶ CostLedger ─ report ─▶ workbook
//! ```
//!
//! # Code map
//! The `mod` lines below stand in reading order; a room imports only rooms above it, and `tests/it/tidy.rs` holds the
//! table and fails when an arrow points up or a big dependency leaves its room.
//!
//! # Invariants
//! 1. The library builds and passes its tests with `--no-default-features`: no window, no egui.
//! 2. Engines (`data`, `forecast`, `inventory`, `dispatch`, `costing`, `risk`) don't know each other. They meet in [`model`]
//!    and are joined in [`pipeline`].
//! 3. Engines hold no globals, start no threads beyond rayon's pool, read no clock to decide (a solver's time limit
//!    excepted), and do no file IO outside `data` and `report`. Cancel, progress and randomness are arguments.
//! 4. Every big dependency has one room. No polars, candle, `good_lp` or egui type stands in another room's signature.
//! 5. `gui` reads `&Session`, pushes `Command`s, and computes nothing beyond layout. A frame never waits for an engine.
//! 6. `Project` is what the user decided: saved, undoable. Results are derived and keyed by a fingerprint of their
//!    inputs, so undo shows the old results at once and a reopened project the same digits.
//! 7. A scenario is a value: overrides over the base, master data included. `difference(a, a)` is empty.
//! 8. Raw data is never overwritten. Corrections and overrides are layers.
//! 9. Screen, workbook and command line show the same `report::Table`.
//! 10. A dispatch plan reaches the user only after `dispatch::verify` has checked it without the solver.
//! 11. One set of demand sample paths serves the interval on the chart, the reorder point, the stock simulation and
//!     the dispatch what-ifs.
//! 12. Every number can say why: the formula, its inputs and where they came from ([`model::Why`]).
//!
//! # Where this house departs from its first plan
//! - `gui::App` is public besides `gui::run`: the integration tests walk it by label without a screen.
//! - Parquet is read with polars' own crates instead of all of polars: the build is minutes shorter.
//! - [`words`] stands below [`diagnostic`]: engines explain themselves, and a sentence is born in both languages. A
//!   registry of keys in the window would have left the command line and the workbook without Chinese.
//! - `vector` stands below the engines: networks and the stock simulation ask one place for the processor's instructions.
//! - A forecast is a stack of layers ([`model::ForecastLayers`]): statistical, launch, reconciled, override. `forecast` makes
//!   them, `pipeline` stacks them, and stock and dispatch see the top one. Groups (category, region, location, their
//!   crosses, items, total) are forecast in `pipeline`, since only there items and history meet.
//! - Drivers (prices, promotions, events, feasts) live in the settings rather than among the inputs: saved, undone and
//!   fingerprinted with what else decides a forecast.
//! - A project file holds, beside what the user decided, the weights of networks over all items with the key of their
//!   forecasts. They are results, but dear ones: without them a reopened project would train for minutes before it shows
//!   the same digits.

pub mod words;

mod vector;

pub mod control;
pub mod diagnostic;

pub mod model;

pub mod data;

pub mod forecast;

pub mod inventory;

pub mod dispatch;

pub mod costing;

pub mod risk;

pub mod report;

pub mod pipeline;

pub mod session;

pub mod cli;

#[cfg(feature = "gui")]
pub mod gui;
