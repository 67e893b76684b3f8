//! Loss functions against stockpyl's `loss_functions` and against sums and integrals.

use super::{check, nasty};
use planwright::inventory::{NormalDemand, poisson_loss, standard_normal_loss, standard_normal_second_loss};
use proptest::prelude::*;

/// `(z, L(z), L²(z))` by stockpyl's `standard_normal_loss` and `standard_normal_second_loss`.
const STANDARD: [(f64, f64, f64); 7] = [
    (-2.0, 2.0084907026168297, 2.49711563664274),
    (-0.5, 0.6977965574013061, 0.5201803699873331),
    (0.0, 0.3989422804014327, 0.25),
    (0.3, 0.26676124211720986, 0.15103010258794225),
    (1.0, 0.08331547058768629, 0.03766989167188539),
    (2.5, 0.002004137179128139, 0.0005996611889779041),
    (4.0, 7.1452584324054535e-06, 1.5451040517490823e-06),
];

/// `(z, L(z), L²(z))` by mpmath with 60 digits from `φ(z) − z·erfc(z/√2)/2` and `[(z²+1)·erfc(z/√2)/2 − z·φ(z)]/2`.
const TAILS: [(f64, f64, f64); 7] = [
    (6.0, 1.563569795970966e-10, 2.422288372755914e-11),
    (10.0, 7.474560254589328e-25, 7.264638478559901e-26),
    (20.0, 1.37001249472958e-90, 6.799564573536904e-92),
    (24.5, 3.00461248661997e-134, 1.220313463524059e-135),
    (26.0, 9.49535108904007e-151, 3.636016176485588e-152),
    (35.0, 3.208804482602477e-270, 9.145687807696884e-272),
    (-6.0, 6.000000000156357, 18.49999999997578),
];

#[test]
fn standard_normal_losses() {
    for (z, first, second) in STANDARD {
        check(standard_normal_loss(z) / first, 1.0, 1e-11);
        check(standard_normal_second_loss(z) / second, 1.0, 1e-9);
    }
    assert!(standard_normal_loss(f64::NAN).is_nan());
    check(standard_normal_loss(-1e300), 1e300, 1e-12);
    check(standard_normal_loss(f64::INFINITY), 0.0, 0.0);
    check(standard_normal_second_loss(f64::INFINITY), 0.0, 0.0);
}

#[test]
fn tails_keep_their_digits() {
    for (z, first, second) in TAILS {
        check(standard_normal_loss(z) / first, 1.0, 1e-13);
        check(standard_normal_second_loss(z) / second, 1.0, 1e-13);
    }
}

#[test]
fn normal_and_poisson_losses() {
    let demand = NormalDemand::new(50.0, 8.0).unwrap();
    check(demand.loss(55.0), 1.2953601031594975, 1e-12);
    check(demand.second_loss(55.0), 5.273136671659673, 1e-12);

    // stockpyl's `poisson_loss`.
    for (mean, level, loss) in [
        (6.0, 8, 0.31402138915418754),
        (20.0, 10, 10.008208942100374),
        (0.5, 0, 0.5),
        (100.0, 130, 0.006320057266507785),
    ] {
        check(poisson_loss(mean, level).unwrap(), loss, 1e-12);
    }
    check(poisson_loss(6.0, -2).unwrap(), 8.0, 1e-12);
    check(poisson_loss(0.0, 3).unwrap(), 0.0, 0.0);
    for mean in [f64::NAN, -1.0, f64::INFINITY, 1e7] {
        assert_eq!(poisson_loss(mean, 3), None);
        assert_eq!(poisson_loss(mean, -3), None);
    }
}

#[test]
fn demand_without_spread_is_certain() {
    let demand = NormalDemand::new(50.0, 0.0).unwrap();
    check(demand.loss(40.0), 10.0, 0.0);
    check(demand.loss(60.0), 0.0, 0.0);
    check(demand.second_loss(40.0), 50.0, 0.0);
    check(demand.loss(50.0), 0.0, 1e-12);
    check(demand.cdf(50.0), 1.0, 0.0);
    check(demand.sf(49.0), 1.0, 0.0);
    check(demand.quantile(0.3).unwrap(), 50.0, 0.0);
}

#[test]
fn lead_times_add_their_own_spread() {
    let demand = NormalDemand::over((50.0, 8.0), (4.0, 1.0)).unwrap();
    check(demand.mean(), 200.0, 1e-12);
    check(demand.sd().powi(2), 4.0 * 64.0 + 2500.0, 1e-12);
    assert_eq!(NormalDemand::over((50.0, 8.0), (-4.0, 1.0)), None);
    assert_eq!(NormalDemand::new(50.0, f64::NAN), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_second_loss_is_the_area_under_the_first(y in -3.0..3.0f64, width in 0.1..2.0f64) {
        let steps = 200;
        let at = |n: i32| standard_normal_loss(y + width * f64::from(n) / f64::from(steps));
        let weight = |n: i32| if n == 0 || n == steps { 1.0 } else if n % 2 == 1 { 4.0 } else { 2.0 };
        let area = (0..=steps).map(|n| weight(n) * at(n)).sum::<f64>() * width / f64::from(steps) / 3.0;
        check(standard_normal_second_loss(y) - standard_normal_second_loss(y + width), area, 1e-9);
    }

    #[test]
    fn poisson_loss_is_its_sum(mean in 0.1..60.0f64, level in -5i64..90) {
        let (mut f, mut sum) = ((-mean).exp(), 0.0);
        for d in 0..400i64 {
            sum += f * ((d - level) as f64).max(0.0);
            f *= mean / (d + 1) as f64;
        }
        check(poisson_loss(mean, level).unwrap(), sum, 1e-10);
    }

    #[test]
    fn losses_fall(a in -60.0..60.0f64, step in 0.0..5.0f64) {
        prop_assert!(standard_normal_loss(a + step) <= standard_normal_loss(a) * (1.0 + 1e-9));
        prop_assert!(standard_normal_second_loss(a + step) <= standard_normal_second_loss(a) * (1.0 + 1e-9));
    }

    #[test]
    fn nonsense_stays_harmless(mean in nasty(), sd in nasty(), level in nasty()) {
        if let Some(demand) = NormalDemand::new(mean, sd)
            && !level.is_nan()
        {
            prop_assert!(demand.loss(level) >= 0.0);
            prop_assert!(demand.second_loss(level) >= 0.0);
            prop_assert!((0.0..=1.0).contains(&demand.cdf(level)));
        }
        let _ = poisson_loss(mean, level as i64);
    }
}
