//! A history taken apart into trend, seasons and remainder.

mod classical;

pub(crate) use classical::{Indices, Kind};
