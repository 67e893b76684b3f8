//! Demand of a stretch of time by its first two moments, and how far a level falls short of it.

use super::inputs::LARGEST;
use super::policy::NormalDemand;
use statrs::function::gamma::gamma_ur;

/// Demand that a level has to cover.
#[derive(Debug, Clone, Copy)]
pub(super) enum Covered {
    Normal(NormalDemand),
    /// Shape and scale.
    Gamma(f64, f64),
}

/// Beyond this coefficient of variation a normal demand would often be negative.
const MOST_NORMAL: f64 = 0.5;

/// Below this one a gamma is as good as normal, and its tails lose their digits.
const LEAST_SKEWED: f64 = 0.01;

impl Covered {
    /// Normal up to a coefficient of variation of a half, gamma beyond. `None` when one isn't a number or too large, or the
    /// deviation is negative.
    pub(super) fn new(mean: f64, sd: f64) -> Option<Self> {
        if sd > MOST_NORMAL * mean { Self::skewed(mean, sd) } else { NormalDemand::new(mean, sd).map(Self::Normal) }
    }

    /// Gamma wherever it can be: demand of a lead time that varies. `None` as for [`Self::new`].
    pub(super) fn skewed(mean: f64, sd: f64) -> Option<Self> {
        let normal = NormalDemand::new(mean, sd)?;
        if mean <= 0.0 || sd <= LEAST_SKEWED * mean {
            return Some(Self::Normal(normal));
        }
        let (shape, scale) = ((mean / sd).powi(2), sd * (sd / mean));
        let is_sane = shape > LEAST_SHAPE && scale < LARGEST;
        Some(if is_sane { Self::Gamma(shape, scale) } else { Self::Normal(normal) })
    }

    /// Expected units short of `level`: `n(y) = E[(X − y)⁺]`.
    pub(super) fn loss(self, level: f64) -> f64 {
        match self {
            Self::Normal(demand) => demand.loss(level),
            Self::Gamma(shape, scale) if level <= 0.0 => shape * scale - level,
            Self::Gamma(shape, scale) => {
                let tails = tails(shape, level / scale);
                (shape * scale * tails[1] - level * tails[0]).max(0.0)
            }
        }
    }

    /// `½·E[((X − y)⁺)²]`, units².
    pub(super) fn second_loss(self, level: f64) -> f64 {
        match self {
            Self::Normal(demand) => demand.second_loss(level),
            Self::Gamma(shape, scale) => {
                let square = shape * (shape + 1.0) * scale * scale;
                let tails = if level > 0.0 { tails(shape, level / scale) } else { [1.0; 3] };
                let whole = square * tails[2] - 2.0 * level * shape * scale * tails[1] + level * level * tails[0];
                (0.5 * whole).max(0.0)
            }
        }
    }
}

/// A smaller shape is a demand that hardly ever comes; its gamma has no digits left.
const LEAST_SHAPE: f64 = 1e-6;

/// Upper tails at `x` of gamma distributions of scale 1 and shapes a, a + 1 and a + 2: from the first, each next one adds
/// `x^a·e^{−x}/Γ(a + 1)`.
fn tails(shape: f64, x: f64) -> [f64; 3] {
    let first = gamma_ur(shape, x);
    let step = (shape * x.ln() - x - statrs::function::gamma::ln_gamma(shape + 1.0)).exp();
    let second = (first + step).min(1.0);
    [first, second, (second + step * x / (shape + 1.0)).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::Covered;

    /// scipy.integrate.quad over the gamma density: mean 100, deviation 80; levels 50, 150 and 400.
    #[test]
    fn losses_of_a_gamma_demand() {
        let demand = Covered::new(100.0, 80.0).unwrap();
        assert!(matches!(demand, Covered::Gamma(..)));
        for (level, first, second) in GAMMA {
            let close = |x: f64, y: f64| (x - y).abs() <= 1e-8 * y.abs().max(1e-3);
            assert!(close(demand.loss(level), first), "{level}: {}", demand.loss(level));
            assert!(close(demand.second_loss(level), second), "{level}: {}", demand.second_loss(level));
        }
        assert!((demand.loss(-10.0) - 110.0).abs() < 1e-9);
        assert!(Covered::new(f64::NAN, 1.0).is_none() && Covered::new(1.0, -1.0).is_none());
        assert!(matches!(Covered::new(100.0, 40.0), Some(Covered::Normal(_))));
    }

    const GAMMA: [(f64, f64, f64); 3] = [
        (50.0, 5.688490646933e+01, 4.346270611198e+03),
        (150.0, 1.558533417209e+01, 1.120433512472e+03),
        (400.0, 4.535052798139e-01, 3.093186810315e+01),
    ];
}
