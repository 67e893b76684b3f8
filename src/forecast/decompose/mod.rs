//! A history taken apart into trend, seasons and remainder.

mod classical;
mod components;
mod loess;
mod method;
mod stl;
#[cfg(test)]
mod tests;

pub(crate) use classical::{Indices, Kind};
pub(crate) use components::{Components, components, strength, variance};
pub(crate) use method::Mstl;
pub(crate) use stl::Stl;
