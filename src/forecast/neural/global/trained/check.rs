//! What a file says of networks is held against what networks can be, before a single weight is read.

use super::super::inputs::{Inputs, MOST_CATEGORIES, MOST_COLUMNS, MOST_LOCATIONS};
use super::super::kind::Kind;
use super::super::windows::View;
use super::super::{AT_ONCE, MOST_OF_TEAM};
use super::{Facts, MOST_PANELS, words};
use crate::forecast::neural::network::{Encoder, Shape};
use crate::forecast::neural::{MAX_LAYERS, MAX_UNITS, MAX_WINDOW};
use crate::model::Horizon;
use crate::words::Text;

/// Most units of a dense layer, in those of an LSTM layer.
const WIDEST: usize = 4 * MAX_UNITS;
/// Longest text of a name or a day.
const LONGEST: usize = 1000;

/// The kind that is told of.
pub(super) fn kind(facts: &Facts) -> Result<Kind, Text> {
    Kind::ALL.into_iter().find(|k| k.name() == facts.kind).ok_or_else(|| words::damaged("kind"))
}

/// Everything is within the bounds of what this program trains, the shape is that of what is seen and answered, and the
/// weights of a team, at `earlier` origins besides, may lie in a file of so many `bytes`.
pub(super) fn facts(kind: Kind, facts: &Facts, (members, earlier): (usize, usize), bytes: usize) -> Result<(), Text> {
    let wrong = |what: &str| Err(words::damaged(what));
    super::super::check(&facts.options)?;
    if !(1..=Horizon::MAX).contains(&facts.horizon) {
        return wrong("horizon");
    }
    if !(1..=MOST_OF_TEAM).contains(&members) {
        return wrong("members");
    }
    let names = &facts.names;
    let texts = names.drivers.iter().chain(&names.locations).chain(&names.categories).chain(&facts.saved);
    if names.drivers.len() > MOST_COLUMNS
        || names.locations.len() > MOST_LOCATIONS
        || names.categories.len() > MOST_CATEGORIES
        || texts.map(String::len).any(|l| l > LONGEST)
    {
        return wrong("names");
    }
    let Some(first) = facts.panels.first() else { return wrong("panels") };
    let frequency = first.last.frequency();
    // Adding nothing brings a period beyond the calendar back into it.
    let alike =
        |p: &super::LearntFrom| p.last.frequency() == frequency && p.last.plus(0) == p.last && p.data.len() == 64;
    if facts.panels.len() > MOST_PANELS || !facts.panels.iter().all(alike) {
        return wrong("panels");
    }
    if !(facts.validation_loss.is_finite()) {
        return wrong("validation loss");
    }
    let inputs = Inputs::named(names.clone());
    let season = frequency.season_length();
    let view =
        View { kind, window: facts.shape.window, horizon: facts.horizon, season, at_once: AT_ONCE, inputs: &inputs };
    if !is_sound(kind, &facts.shape, view, &facts.options) {
        return wrong("shape");
    }
    // The file must hold what is made room for, two bytes a weight at least.
    if facts.shape.len().saturating_mul(members).saturating_mul(earlier.saturating_add(1)) > bytes / 2 {
        return wrong("shape");
    }
    Ok(())
}

/// Whether a network of this kind that sees `view` may look like that.
fn is_sound(kind: Kind, shape: &Shape, view: View<'_>, options: &crate::forecast::NetworkOptions) -> bool {
    let units =
        |units: &[usize], most: usize| units.len() <= MAX_LAYERS && units.iter().all(|u| (1..=most).contains(u));
    let expected = kind.shape(view, options);
    let encoder = match (&shape.encoder, &expected.encoder) {
        (Encoder::Flat, Encoder::Flat) => true,
        (Encoder::Lstm { units: own, .. }, Encoder::Lstm { .. }) => !own.is_empty() && units(own, MAX_UNITS),
        (Encoder::Convolution { channels }, Encoder::Convolution { .. }) => (1..=MAX_UNITS).contains(channels),
        _ => false,
    };
    let Shape { window, inputs, extras, encoder: _, hidden, outputs } = shape;
    encoder
        && (1..=MAX_WINDOW).contains(window)
        && units(hidden, WIDEST)
        && (inputs, extras, outputs) == (&expected.inputs, &expected.extras, &expected.outputs)
}
