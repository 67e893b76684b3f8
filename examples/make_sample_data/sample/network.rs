//! The wholesaler's delivery network: three warehouses, twenty customers, lanes by the unit and by the truck.

use std::fmt::Write;

/// Code, name, latitude, longitude, capacity in units a week, handling cost per unit, region.
const SITES: [(&str, &str, f64, f64, f64, f64, &str); 3] = [
    ("HAM", "Hamburg", 53.55, 9.99, 2850.0, 0.35, "Central"),
    ("LYS", "Lyon", 45.76, 4.84, 2200.0, 0.38, "West"),
    ("WRO", "Wrocław", 51.11, 17.03, 1650.0, 0.28, "Central"),
];

/// Code, name, latitude, longitude, home warehouse (empty: draws on all), share of its demand, vehicle.
const CUSTOMERS: [(&str, &str, f64, f64, &str, f64, &str); 20] = [
    ("C01", "Nordkaffee, Kiel", 54.32, 10.14, "HAM", 0.11, ""),
    ("C02", "Weser Markt, Bremen", 53.08, 8.80, "HAM", 0.17, ""),
    ("C03", "Leine Großhandel, Hannover", 52.37, 9.73, "HAM", 0.16, ""),
    ("C04", "Øresund Engros, Copenhagen", 55.68, 12.57, "HAM", 0.15, "truck"),
    ("C05", "Malmö Kök & Te", 55.60, 13.00, "HAM", 0.09, ""),
    ("C06", "Amstel Handel, Amsterdam", 52.37, 4.90, "HAM", 0.20, "truck"),
    ("C07", "Schelde Groep, Antwerp", 51.22, 4.40, "HAM", 0.12, ""),
    ("C08", "Seine Distribution, Paris", 48.86, 2.35, "LYS", 0.29, "truck"),
    ("C09", "Phocéa, Marseille", 43.30, 5.37, "LYS", 0.17, ""),
    ("C10", "Léman Provisions, Geneva", 46.20, 6.14, "LYS", 0.14, "van"),
    ("C11", "Po Ingrosso, Turin", 45.07, 7.69, "LYS", 0.15, ""),
    ("C12", "Condal Mayorista, Barcelona", 41.39, 2.17, "LYS", 0.14, "truck"),
    ("C13", "Neckar Kontor, Stuttgart", 48.78, 9.18, "LYS", 0.11, ""),
    ("C14", "Warta Hurt, Poznań", 52.41, 16.93, "WRO", 0.16, ""),
    ("C15", "Vltava Velkoobchod, Prague", 50.08, 14.44, "WRO", 0.18, ""),
    ("C16", "Wisła Hurt, Warsaw", 52.23, 21.01, "WRO", 0.19, ""),
    ("C17", "Spree Großmarkt, Berlin", 52.52, 13.41, "WRO", 0.22, "truck"),
    ("C18", "Donau Handel, Vienna", 48.21, 16.37, "WRO", 0.15, "van"),
    ("C19", "Małopolska Sklepy, Kraków", 50.06, 19.94, "WRO", 0.10, ""),
    ("C20", "Web shop hub, Frankfurt", 50.11, 8.68, "", 0.12, ""),
];

/// Code, units a trip, cost of a trip, cost per kilometre, most trips per lane and week.
const VEHICLES: [(&str, u32, f64, f64, u32); 2] = [("truck", 420, 190.0, 0.92, 5), ("van", 110, 70.0, 0.48, 6)];

/// Lanes are offered up to this distance, and to the two nearest warehouses at least.
const REACH_KM: f64 = 800.0;

pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("company/network/sites.csv", sites().into_bytes()),
        ("company/network/customers.csv", customers().into_bytes()),
        ("company/network/lanes.csv", lanes().into_bytes()),
        ("company/network/vehicles.csv", vehicles().into_bytes()),
    ]
}

fn sites() -> String {
    let mut text = String::from("id,name,latitude,longitude,capacity,handling_cost,region\n");
    for (id, name, latitude, longitude, capacity, handling, region) in SITES {
        let _ = writeln!(text, "{id},{name},{latitude:.2},{longitude:.2},{capacity},{handling:.2},{region}");
    }
    text
}

fn customers() -> String {
    let mut text = String::from("id,name,latitude,longitude,demand,demand_share,location,unmet_cost\n");
    for (id, name, latitude, longitude, home, share, _) in CUSTOMERS {
        let name = if name.contains(',') { format!("\"{name}\"") } else { name.to_owned() };
        let penalty = if share >= 0.19 { "60.00" } else { "" };
        let _ = writeln!(text, "{id},{name},{latitude:.2},{longitude:.2},,{share},{home},{penalty}");
    }
    text
}

fn lanes() -> String {
    let mut text = String::from("from,to,item,unit_cost,capacity,lead_time_days,distance_km,vehicle\n");
    for (id, _, latitude, longitude, home, share, by) in CUSTOMERS {
        let mut nearest: Vec<(f64, &str)> =
            SITES.iter().map(|s| (road_km((s.2, s.3), (latitude, longitude)), s.0)).collect();
        nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (rank, (km, site)) in nearest.into_iter().enumerate() {
            let at_home = site == home;
            if !at_home && rank >= 2 && km > REACH_KM {
                continue;
            }
            let vehicle = if at_home { by } else { "" };
            // By the truck a unit costs its loading only; by the unit the carrier's tariff rises with the distance.
            let unit_cost = if vehicle.is_empty() { 0.55 + 0.0031 * km } else { 0.12 };
            let capacity = if !at_home && share < 0.13 { "150" } else { "" };
            let days = 1 + (km / 550.0) as u32;
            let _ = writeln!(text, "{site},{id},,{unit_cost:.2},{capacity},{days},{km},{vehicle}");
        }
    }
    text
}

fn vehicles() -> String {
    let mut text = String::from("id,capacity,trip_cost,cost_per_km,max_trips\n");
    for (id, capacity, trip, per_km, most) in VEHICLES {
        let _ = writeln!(text, "{id},{capacity},{trip:.2},{per_km:.2},{most}");
    }
    text
}

/// Road kilometres, estimated: the straight line at these latitudes and a quarter more, in tens.
fn road_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    // A degree of latitude is 111.2 km; one of longitude at 50° N is 0.643 of it.
    let (north, east) = ((a.0 - b.0) * 111.2, (a.1 - b.1) * 111.2 * 0.643);
    let straight = (north * north + east * east).sqrt();
    (straight * 1.25 / 10.0).round().max(1.0) * 10.0
}
