//! What drives demand besides its own past: prices, promotions, feasts and one-off events, as the user stated them.

use super::calendar::{Frequency, Period};
use super::sales::SeriesId;
use crate::text;
use crate::words::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything the user stated about drivers. What becomes of it for one series is the forecast engine's business.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Drivers {
    /// Stated values, sorted by name and scope, each pair once.
    pub values: Vec<DriverValues>,
    /// Named one-off events, in file order.
    pub events: Vec<NamedEvent>,
    /// Which feasts count.
    pub holidays: BTreeSet<HolidaySet>,
    /// What happens to a driver whose future is not stated.
    pub future: FutureRule,
    /// Distinguishes one table from another without comparing all values; empty for drivers made in memory.
    pub fingerprint: String,
}

impl Drivers {
    /// True when nothing was stated and no feast counts.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.events.is_empty() && self.holidays.is_empty()
    }

    /// The names of stated values, sorted, each once.
    pub fn names(&self) -> Vec<&Arc<str>> {
        let mut names: Vec<&Arc<str>> = self.values.iter().map(|v| &v.name).collect();
        names.dedup();
        names
    }

    /// The values of `name` that speak of `id`: of several the most telling one, the series itself before its item,
    /// its item before its location, its location before everything.
    pub fn lookup(&self, name: &str, id: &SeriesId) -> Option<&DriverValues> {
        let everywhere: Arc<str> = "".into();
        let scopes = [
            id.clone(),
            SeriesId { item: id.item.clone(), location: everywhere.clone() },
            SeriesId { item: everywhere.clone(), location: id.location.clone() },
            SeriesId { item: everywhere.clone(), location: everywhere },
        ];
        scopes.iter().find_map(|scope| {
            let at = self.values.binary_search_by(|v| (&*v.name, &v.scope).cmp(&(name, scope)));
            at.ok().map(|k| &self.values[k])
        })
    }
}

/// One driver's values over time, for one series or for many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriverValues {
    /// Name, as in the file.
    pub name: Arc<str>,
    /// Whose driver it is; an empty item is every item, an empty location every location.
    pub scope: SeriesId,
    /// Period of the first value, in the length that the file states values for.
    pub start: Period,
    /// Values per period from `start` on; `None` where nothing is stated. Finite.
    pub values: Arc<[Option<f64>]>,
}

impl DriverValues {
    /// The value stated for a period of the same length.
    pub fn get(&self, period: Period) -> Option<f64> {
        if period.frequency() != self.start.frequency() {
            return None;
        }
        let at = usize::try_from(period.since(self.start)).ok()?;
        self.values.get(at).copied().flatten()
    }
}

/// Something that happened, or will happen, at a time of its own: a strike, a launch, a fair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedEvent {
    /// Name, as in the file; occurrences of one name have one effect.
    pub name: Arc<str>,
    /// Whom it concerns; an empty item is every item, an empty location every location.
    pub scope: SeriesId,
    /// First and last period of each occurrence, past and future.
    pub occurrences: Vec<(Period, Period)>,
}

/// Whether a scope with its wildcards covers a series.
pub fn covers(scope: &SeriesId, id: &SeriesId) -> bool {
    (scope.item.is_empty() || scope.item == id.item) && (scope.location.is_empty() || scope.location == id.location)
}

/// What happens to a driver whose future is not stated over the whole horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FutureRule {
    /// It is left out, and said: a forecast that invents a price is no forecast.
    #[default]
    Stated,
    /// Its last stated value holds on, because the user said so.
    HoldLast,
}

/// A country's or a culture's feasts and shopping days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HolidaySet {
    /// China: Spring Festival, Qingming, Dragon Boat, Mid-Autumn, National Day, 618, 11.11, 12.12.
    China,
    /// United States: Easter, Independence Day, Thanksgiving, Black Friday, Christmas and more.
    UnitedStates,
    /// United Kingdom: Easter, bank holidays, Black Friday, Christmas.
    UnitedKingdom,
    /// Germany: Easter, Ascension, Whitsun, Unity Day, Black Friday, Christmas.
    Germany,
    /// Ramadan, Eid al-Fitr, Eid al-Adha by the tabular calendar.
    Islamic,
    /// India: Diwali.
    India,
}

impl HolidaySet {
    /// Every set.
    pub const ALL: [Self; 6] =
        [Self::China, Self::UnitedStates, Self::UnitedKingdom, Self::Germany, Self::Islamic, Self::India];

    /// The name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::China => "cn",
            Self::UnitedStates => "us",
            Self::UnitedKingdom => "uk",
            Self::Germany => "de",
            Self::Islamic => "islamic",
            Self::India => "in",
        }
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::China => text!("China", "中国"),
            Self::UnitedStates => text!("United States", "美国"),
            Self::UnitedKingdom => text!("United Kingdom", "英国"),
            Self::Germany => text!("Germany", "德国"),
            Self::Islamic => text!("Islamic feasts", "伊斯兰节日"),
            Self::India => text!("India", "印度"),
        }
    }

    /// The set of a name as typed; `None` when there is none.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        match name.as_str() {
            "gb" | "en-gb" => Some(Self::UnitedKingdom),
            "china" | "中国" => Some(Self::China),
            "usa" => Some(Self::UnitedStates),
            _ => Self::ALL.into_iter().find(|set| set.name() == name),
        }
    }
}

/// True when values stated by `stated` can be brought to periods of `wanted`: both have a calendar, or neither.
pub(crate) fn share_a_calendar(stated: Frequency, wanted: Frequency) -> bool {
    (stated == Frequency::Step) == (wanted == Frequency::Step)
}
