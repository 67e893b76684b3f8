//! Which numbers of a window are known, or not, together.

use super::super::inputs::Names;
use super::super::windows::{Meaning, View};
use crate::model::InputGroup;
use crate::words::Text;

/// Most groups of lags: what lies further back is one.
const MOST_LAGS: usize = 5;
/// A season of so many periods is cut finer than a quarter of it.
const LONG_SEASON: usize = 24;

/// The groups of a window's numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Players {
    pub(super) groups: Vec<InputGroup>,
    /// The group of every number shown, those of the periods and those of the window as a whole.
    pub(super) of: [Vec<usize>; 2],
}

impl Players {
    /// The groups of what `view` shows; `label` names drivers.
    pub(super) fn new(view: View<'_>, names: &Names, label: impl Fn(&str) -> Text) -> Self {
        let lags = lag_groups(view.window, view.season);
        let mut groups: Vec<InputGroup> = lags.iter().map(|(from, to)| InputGroup::Lags(*from, *to)).collect();
        let meanings = view.meanings();
        let mut place = |group: InputGroup| {
            groups.iter().position(|g| *g == group).unwrap_or_else(|| {
                groups.push(group);
                groups.len() - 1
            })
        };
        let mut group = |meaning: &Meaning| match *meaning {
            Meaning::Value(lag) => lags.iter().position(|(_, to)| lag <= *to).unwrap_or(lags.len() - 1),
            Meaning::Phase => place(InputGroup::Season),
            Meaning::Driver(k) => place(InputGroup::Driver(label(&names.drivers[k]))),
            Meaning::Size => place(InputGroup::Size),
            Meaning::Memory => place(InputGroup::Memory),
            Meaning::Noise => place(InputGroup::Noise),
            Meaning::Slope => place(InputGroup::Slope),
            Meaning::Location => place(InputGroup::Location),
            Meaning::Category => place(InputGroup::Category),
        };
        let of = meanings.map(|numbers| numbers.iter().map(&mut group).collect());
        Self { groups, of }
    }

    /// The groups of which some number differs between the own window and another.
    pub(super) fn differing(&self, own: [&[f32]; 2], other: [&[f32]; 2], into: &mut [bool]) {
        for ((own, other), of) in own.into_iter().zip(other).zip(&self.of) {
            for ((a, b), group) in own.iter().zip(other).zip(of) {
                into[*group] |= a.to_bits() != b.to_bits();
            }
        }
    }
}

/// First and last lags of the groups of a window: the latest quarter of a season, the rest of it, the seasons before.
/// Without a season a group is as long as all later ones together.
pub(super) fn lag_groups(window: usize, season: usize) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = if season > 1 {
        let fine = [season.div_ceil(13), season.div_ceil(4), season / 2];
        let within = if season >= LONG_SEASON { &fine[..] } else { &fine[1..2] };
        within.iter().copied().chain((1..=window / season).map(|k| k * season)).collect()
    } else {
        (0..usize::BITS).map(|k| 1 << k).take_while(|end| *end < window).collect()
    };
    ends.retain(|end| *end < window);
    ends.truncate(MOST_LAGS - 1);
    ends.push(window);
    let mut from = 1;
    let group = |to: usize| {
        let group = (from, to);
        from = to + 1;
        group
    };
    ends.into_iter().map(group).collect()
}
