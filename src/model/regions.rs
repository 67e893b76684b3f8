//! Which region every location lies in.

use super::sales::SeriesId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Location code → region. A location lies in one region, or in none that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Regions {
    of: BTreeMap<Arc<str>, Arc<str>>,
}

impl Regions {
    /// From pairs of location and region; of two for one location the last one stays, empty regions are none.
    pub fn new(pairs: impl IntoIterator<Item = (Arc<str>, Arc<str>)>) -> Self {
        Self { of: pairs.into_iter().filter(|(_, region)| !region.is_empty()).collect() }
    }

    /// The region of a location; empty when it isn't known.
    pub fn of(&self, location: &str) -> Arc<str> {
        self.of.get(location).cloned().unwrap_or_default()
    }

    /// The region that a series' location lies in; empty when it isn't known.
    pub fn of_series(&self, id: &SeriesId) -> Arc<str> {
        self.of(&id.location)
    }

    /// Locations with their regions, by location.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.of.iter()
    }

    /// True when no location's region is known.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// These and those of `other`; where both know a location, `other` has the say.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let mut of = self.of.clone();
        of.extend(other.of.iter().map(|(location, region)| (location.clone(), region.clone())));
        Self { of }
    }

    /// Locations that `other` puts elsewhere: location, region here, region there.
    pub fn contradictions<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Arc<str>, &'a Arc<str>)> {
        let both = self.of.iter().filter_map(|(location, here)| Some((location, here, other.of.get(location)?)));
        both.filter(|(_, here, there)| here != there)
    }
}
