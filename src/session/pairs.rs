//! Maps by item and location as they are saved: a list of pairs, since a file's maps have plain words for keys.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Writes a map as a list of its pairs.
///
/// # Errors
/// The serializer's.
pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
    map: &BTreeMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map)
}

/// As it is saved now, and as projects were saved before, which could hold an empty map only.
#[derive(Deserialize)]
#[serde(untagged)]
enum Saved<K, V> {
    Pairs(Vec<(K, V)>),
    Empty {},
}

/// Reads a list of pairs as a map.
///
/// # Errors
/// The deserializer's.
pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(match Saved::<K, V>::deserialize(deserializer)? {
        Saved::Pairs(pairs) => pairs.into_iter().collect(),
        Saved::Empty {} => BTreeMap::new(),
    })
}
