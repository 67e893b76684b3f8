//! The overrides of one scenario, found by what they touch.

use super::scenario::{Lever, Override, Scope};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::OnceLock;

/// Lists up to this length are looked through; longer ones have an index.
const LOOKED_THROUGH: usize = 24;

/// Overrides in the order in which they apply. A list is shared between snapshots and branches and never copied until it
/// changes; what is found of it once (where each scope stands, its fingerprint) is kept with it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Override>", into = "Vec<Override>")]
pub struct Overrides {
    list: Vec<Override>,
    index: OnceLock<HashMap<Scope, Vec<usize>>>,
    fingerprint: OnceLock<String>,
}

impl Overrides {
    /// Puts an override last, in place of the earlier one of its lever and scope.
    pub fn set(&mut self, new: Override) {
        self.remove(new.lever, &new.scope);
        self.list.push(new);
    }

    /// Removes the override of exactly this lever and scope.
    pub fn remove(&mut self, lever: Lever, scope: &Scope) {
        self.list.retain(|o| !(o.lever == lever && o.scope == *scope));
        self.forget();
    }

    /// Each override as `of` would have it, in their order; those without an answer go.
    pub fn revise(&mut self, of: impl FnMut(Override) -> Option<Override>) {
        self.list = std::mem::take(&mut self.list).into_iter().filter_map(of).collect();
        self.forget();
    }

    /// The last override of exactly this lever and scope.
    pub fn get(&self, lever: Lever, scope: &Scope) -> Option<&Override> {
        if self.list.len() <= LOOKED_THROUGH {
            return self.list.iter().rev().find(|o| o.lever == lever && o.scope == *scope);
        }
        let places = self.index().get(scope)?;
        places.iter().rev().map(|k| &self.list[*k]).find(|o| o.lever == lever)
    }

    /// The overrides of these scopes, in order.
    pub(super) fn of(&self, scopes: &[Scope]) -> Vec<&Override> {
        if self.list.len() <= LOOKED_THROUGH {
            return self.list.iter().filter(|o| scopes.contains(&o.scope)).collect();
        }
        let mut places: Vec<usize> = scopes.iter().filter_map(|s| self.index().get(s)).flatten().copied().collect();
        places.sort_unstable();
        places.into_iter().map(|k| &self.list[k]).collect()
    }

    /// What tells this list from others, made by `make` when it is asked for the first time.
    pub(crate) fn fingerprint(&self, make: impl FnOnce(&[Override]) -> String) -> &str {
        self.fingerprint.get_or_init(|| make(&self.list))
    }

    fn index(&self) -> &HashMap<Scope, Vec<usize>> {
        self.index.get_or_init(|| {
            let mut index: HashMap<Scope, Vec<usize>> = HashMap::with_capacity(self.list.len());
            for (k, o) in self.list.iter().enumerate() {
                index.entry(o.scope.clone()).or_default().push(k);
            }
            index
        })
    }

    fn forget(&mut self) {
        self.index = OnceLock::new();
        self.fingerprint = OnceLock::new();
    }
}

/// A copy is about to be changed: nothing that was found of the list is copied.
impl Clone for Overrides {
    fn clone(&self) -> Self {
        Self { list: self.list.clone(), ..Self::default() }
    }
}

impl PartialEq for Overrides {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Deref for Overrides {
    type Target = [Override];

    fn deref(&self) -> &[Override] {
        &self.list
    }
}

impl From<Vec<Override>> for Overrides {
    fn from(list: Vec<Override>) -> Self {
        Self { list, ..Self::default() }
    }
}

impl From<Overrides> for Vec<Override> {
    fn from(overrides: Overrides) -> Self {
        overrides.list
    }
}
