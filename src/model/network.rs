//! The delivery network: sites, customers, lanes, vehicles.

use super::regions::Regions;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A point on the earth or on a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// Latitude in degrees, `-90..=90`, or y on a plan.
    pub latitude: f64,
    /// Longitude in degrees, `-180..=180`, or x on a plan.
    pub longitude: f64,
}

/// A warehouse or plant that ships.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// Code, unique among sites.
    pub id: Arc<str>,
    /// Name for people; the code when not given.
    pub name: Arc<str>,
    /// Where it is, for the map.
    pub coordinates: Option<Coordinates>,
    /// Most units it can ship in one period, all items together; `None` is unlimited.
    pub capacity: Option<f64>,
    /// Cost of handling one unit out, money, ≥ 0. Default 0.
    pub handling_cost: f64,
}

/// Somebody who receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// Code, unique among customers.
    pub id: Arc<str>,
    /// Name for people; the code when not given.
    pub name: Arc<str>,
    /// Where it is, for the map.
    pub coordinates: Option<Coordinates>,
    /// Demand per period, units of any item, when no forecast and no demand file speaks; `None` is not given.
    pub demand: Option<f64>,
    /// The customer's share of the forecast of its location, ≥ 0; shares are normalised. `None` is not given.
    pub demand_share: Option<f64>,
    /// Location code of the forecasts it draws on; empty when it draws on all.
    pub location: Arc<str>,
    /// Penalty for one unit of demand not met, money, ≥ 0. Default: ten times the dearest lane's unit cost, at least 1.
    pub unmet_cost: Option<f64>,
}

/// A way goods may take from a site to a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Code of the shipping [`Site`].
    pub from: Arc<str>,
    /// Code of the receiving [`Customer`].
    pub to: Arc<str>,
    /// The only item this lane carries; empty when it carries all.
    pub item: Arc<str>,
    /// Cost per unit, money, ≥ 0.
    pub unit_cost: f64,
    /// Most units in one period, all items together; `None` is unlimited.
    pub capacity: Option<f64>,
    /// Days under way, ≥ 0. Default 0.
    pub lead_time_days: f64,
    /// Length in kilometres, ≥ 0, when known; prices a vehicle's distance cost.
    pub distance_km: Option<f64>,
    /// Code of the [`Vehicle`] it is served by in whole trips; empty when it pays by the unit only.
    pub vehicle: Arc<str>,
}

/// A kind of truck: lanes that name it are served in whole trips.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vehicle {
    /// Code, unique among vehicles.
    pub id: Arc<str>,
    /// Units one trip carries, > 0.
    pub capacity: f64,
    /// Cost of one trip, money, ≥ 0. Default 0.
    pub trip_cost: f64,
    /// Cost per kilometre, money, ≥ 0; counted when the lane's distance is known. Default 0.
    pub cost_per_km: f64,
    /// Most trips per lane and period; `None` is unlimited.
    pub max_trips: Option<f64>,
}

/// The whole network; references between its parts were checked by whoever read it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Network {
    /// Shipping sites, in file order.
    pub sites: Vec<Site>,
    /// Customers, in file order.
    pub customers: Vec<Customer>,
    /// Lanes, in file order.
    pub lanes: Vec<Lane>,
    /// Vehicle types, in file order.
    pub vehicles: Vec<Vehicle>,
    /// Regions of sites and customers, by their codes: those of the locations that sales name by these codes.
    #[serde(default)]
    pub regions: Regions,
}

impl Network {
    /// The site with this code.
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|s| &*s.id == id)
    }

    /// The customer with this code.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|c| &*c.id == id)
    }

    /// The vehicle with this code.
    pub fn vehicle(&self, id: &str) -> Option<&Vehicle> {
        self.vehicles.iter().find(|v| &*v.id == id)
    }

    /// True when there is nothing to dispatch over.
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Penalty for one unit of `customer`'s demand not met: as stated, else ten times the dearest lane, at least 1.
    pub fn unmet_cost(&self, customer: &Customer) -> f64 {
        customer.unmet_cost.unwrap_or_else(|| {
            let dearest = self.lanes.iter().map(|l| l.unit_cost).fold(0.0, f64::max);
            (10.0 * dearest).max(1.0)
        })
    }
}
