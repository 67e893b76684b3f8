//! Regions of locations: gathered from the rows of a table, one region a location.

use super::mapping::Mapping;
use super::table::Table;
use crate::diagnostic::{Diagnostics, Place};
use crate::model::Regions;
use crate::text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most contradictions spelled out; a file that mixes its columns up has one a location.
const MOST_FINDINGS: usize = 10;

/// What the rows of a table say about locations, counted.
#[derive(Debug, Default)]
pub(super) struct Gathering<'t> {
    /// Rows per location and region, and the first of them.
    said: BTreeMap<&'t str, Vec<Said<'t>>>,
}

#[derive(Debug)]
struct Said<'t> {
    region: &'t str,
    rows: u64,
}

impl<'t> Gathering<'t> {
    /// A row puts a location into a region; an empty region says nothing.
    pub(super) fn add(&mut self, location: &'t str, region: &'t str) {
        if region.is_empty() {
            return;
        }
        let said = self.said.entry(location).or_default();
        match said.iter().position(|s| s.region == region) {
            Some(known) => said[known].rows += 1,
            // A region column that holds something else has a value a row: a few tell as much.
            None if said.len() < MOST_FINDINGS => said.push(Said { region, rows: 1 }),
            None => {}
        }
    }

    /// The region of most rows for every location, the first one among equals; contradictions are warnings.
    pub(super) fn finish(self, place: &Place, diagnostics: &mut Diagnostics) -> Regions {
        let mut found = Vec::with_capacity(self.said.len());
        let mut contradictions = 0;
        for (location, said) in self.said {
            let Some(most) = said.iter().map(|s| s.rows).max() else { continue };
            let Some(chosen) = said.iter().find(|s| s.rows == most) else { continue };
            found.push((Arc::<str>::from(location), Arc::<str>::from(chosen.region)));
            if said.len() < 2 {
                continue;
            }
            contradictions += 1;
            if contradictions <= MOST_FINDINGS {
                let all: Vec<&str> = said.iter().map(|s| s.region).collect();
                let (en, zh, region) = (all.join(", "), all.join("、"), chosen.region);
                diagnostics.warning(
                    "region-contradiction",
                    text!(
                        "Location {location} lies in several regions ({en}); {region} is used",
                        "地点 {location} 属于多个区域（{zh}），采用 {region}"
                    ),
                    text!("Give every location one region", "请为每个地点只填写一个区域"),
                    place.clone(),
                );
            }
        }
        Regions::new(found)
    }
}

/// Regions from the region column of a sales table; none without one.
pub(super) fn of_sales(table: &Table, mapping: &Mapping, diagnostics: &mut Diagnostics) -> Regions {
    let Some(region) = mapping.region else { return Regions::default() };
    let place = table.place.clone().column(table.columns[region].header.clone());
    let Some(location) = mapping.location else {
        diagnostics.warning(
            "region-without-location",
            text!("A region needs a location column to belong to; it was not read", "区域需要对应的地点列，未读取"),
            text!(
                "Choose the region as the location under Import, or add a location column",
                "请在导入设置中将区域选作地点，或添加地点列"
            ),
            place,
        );
        return Regions::default();
    };
    let mut gathering = Gathering::default();
    for row in 0..table.rows() {
        gathering.add(table.columns[location].get(row), table.columns[region].get(row));
    }
    gathering.finish(&place, diagnostics)
}

/// See [`super::check_regions`].
pub(super) fn check(sales: &Regions, network: &Regions) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for (location, of_sales, of_network) in sales.contradictions(network).take(MOST_FINDINGS) {
        diagnostics.warning(
            "region-contradiction",
            text!(
                "Location {location} lies in {of_sales} by the sales and in {of_network} by the network; the network counts",
                "地点 {location} 在销售数据中属于 {of_sales}，在网络中属于 {of_network}；以网络为准"
            ),
            text!("Give every location one region", "请为每个地点只填写一个区域"),
            Place::default().column("region"),
        );
    }
    diagnostics
}
