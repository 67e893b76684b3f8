//! Croston's family against its reference row.

use super::{close, fitted, parameter};

const DEMAND: [f64; 12] = [0., 0., 3., 0., 0., 0., 5., 0., 2., 0., 0., 4.];

#[test]
fn reference_row() {
    // Computed from the published recursions: Croston (1972), Syntetos & Boylan (2005), Teunter et al. (2011).
    for (model, expected) in
        [("croston(0.1)", 1.0605148780), ("sba(0.1)", 1.0074891341), ("tsb(0.1,0.1)", 0.8586320071)]
    {
        let forecast = fitted(model, &DEMAND, 1, 4);
        for mean in &forecast.mean {
            close(*mean, expected, 1e-9);
        }
    }
}

#[test]
fn paths_average_to_the_forecast_and_hold_sizes_that_occurred() {
    for model in ["croston", "sba", "tsb", "croston(0.3)", "tsb(0.2,0.1)"] {
        let forecast = fitted(model, &DEMAND, 1, 20);
        let values = forecast.paths.values();
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
        // 20,000 draws of a demand with standard deviation below 2: four standard errors are 0.06.
        assert!((mean - forecast.mean[0]).abs() < 0.06, "{model}: {mean} against {}", forecast.mean[0]);
        assert!(values.iter().all(|v| DEMAND.contains(&f64::from(*v))), "{model}");
    }
}

#[test]
fn tsb_fades_and_croston_does_not() {
    let mut y = DEMAND.to_vec();
    y.extend([0.0; 24]);
    let before = fitted("tsb(0.1,0.1)", &DEMAND, 1, 1).mean[0];
    close(fitted("tsb(0.1,0.1)", &y, 1, 1).mean[0], before * 0.9_f64.powi(24), 1e-9);
    close(fitted("croston(0.1)", &y, 1, 1).mean[0], 1.0605148780, 1e-9);
}

#[test]
fn regular_demand_gives_its_rate() {
    let y: Vec<f64> = (0..40).map(|t| if t % 4 == 3 { 8.0 } else { 0.0 }).collect();
    let forecast = fitted("croston", &y, 1, 2);
    close(forecast.mean[0], 2.0, 1e-12);
    close(parameter(&forecast, "interval"), 4.0, 1e-12);
    close(parameter(&forecast, "size"), 8.0, 1e-12);
}
