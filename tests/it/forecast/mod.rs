//! Tests at the face of `forecast`.

mod baselines;
mod challenge;
mod choice;
mod drivers;
mod explain;
mod global;
mod golden;
mod golden_arima;
mod golden_auto;
mod golden_ets;
mod golden_others;
mod hierarchy;
mod histories;
mod intermittent;
mod m3;
mod mstl;
mod names;
mod nasty;
mod nasty_models;
mod nasty_networks;
mod network_explained;
mod new_items;
mod overrides;
mod panel;
mod shapes;
mod smoothing;
mod theta;
mod uncertainty;
mod value_added;
mod weights;

use planwright::control::Control;
use planwright::forecast::{Options, fit, networks};
use planwright::model::{Forecast, Frequency, Horizon, Period, Series, SeriesId};

/// Monthly airline passengers, thousands, January 1949 to December 1960 (Box & Jenkins 1970, series G).
pub(crate) const AIR_PASSENGERS: [f64; 144] = [
    112., 118., 132., 129., 121., 135., 148., 148., 136., 119., 104., 118., 115., 126., 141., 135., 125., 149., 170.,
    170., 158., 133., 114., 140., 145., 150., 178., 163., 172., 178., 199., 199., 184., 162., 146., 166., 171., 180.,
    193., 181., 183., 218., 230., 242., 209., 191., 172., 194., 196., 196., 236., 235., 229., 243., 264., 272., 237.,
    211., 180., 201., 204., 188., 235., 227., 234., 264., 302., 293., 259., 229., 203., 229., 242., 233., 267., 269.,
    270., 315., 364., 347., 312., 274., 237., 278., 284., 277., 317., 313., 318., 374., 413., 405., 355., 306., 271.,
    306., 315., 301., 356., 348., 355., 422., 465., 467., 404., 347., 305., 336., 340., 318., 362., 348., 363., 435.,
    491., 505., 404., 359., 310., 337., 360., 342., 406., 396., 420., 472., 548., 559., 463., 407., 362., 405., 417.,
    391., 419., 461., 472., 535., 622., 606., 508., 461., 390., 432.,
];

/// A series named `x` whose season is 12 (monthly), 4 (quarterly), 7 (daily), 52 (weekly) or 1 (numbered).
pub(crate) fn series(values: &[f64], season: usize) -> Series {
    let start = match season {
        12 => Period::parse("1949-01"),
        4 => Period::parse("1960-Q1"),
        7 => Period::parse("2024-01-01"),
        52 => Period::parse("2022-W01"),
        _ => Some(Period::step(1)),
    };
    Series { id: SeriesId::new("x", ""), start: start.unwrap(), values: values.into() }
}

/// Options with the defaults for a horizon.
pub(crate) fn options(horizon: usize) -> Options {
    Options::new(Horizon::new(horizon).unwrap())
}

/// Whether a model is a network over all series.
pub(crate) fn of_all_series(model: &str) -> bool {
    networks().iter().any(|m| m.name == model)
}

/// The forecast of one named model that must fit.
pub(crate) fn fitted(model: &str, values: &[f64], season: usize, horizon: usize) -> Forecast {
    fit(model, &series(values, season), &options(horizon), &Control::silent()).unwrap()
}

/// A parameter by name.
pub(crate) fn parameter(forecast: &Forecast, name: &str) -> f64 {
    forecast.parameters.iter().find(|p| p.name == name).unwrap().value
}

/// Asserts that two numbers agree to a relative tolerance (absolute below 1).
#[track_caller]
pub(crate) fn close(found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "found {found}, expected {expected}, relative error {error:e}");
}

#[test]
fn helper_series_have_the_seasons_they_promise() {
    for (season, frequency) in [
        (12, Frequency::Month),
        (4, Frequency::Quarter),
        (7, Frequency::Day),
        (52, Frequency::Week),
        (1, Frequency::Step),
    ] {
        assert_eq!(series(&[1.0], season).start.frequency(), frequency);
        assert_eq!(frequency.season_length(), season);
    }
}
