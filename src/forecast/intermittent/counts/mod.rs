//! Distributions of whole numbers with a mean that follows demand.
//!
//! [`Family`] lists them. A family is one sequence (demand itself), or behind a hurdle two: whether a period has demand,
//! and how much more than one unit it then is. `stream` fits and draws a sequence.

mod simplex;
mod stream;

use super::{check, events};
use crate::control::{Cancelled, Control};
use crate::forecast::method::{Fit, FitError, Method, Spread, Task};
use crate::forecast::seed::generator;
use crate::model::{Parameter, SamplePaths};
use crate::text;
use crate::words::Text;
use stream::{Law, Stream};

/// Largest demand of a period; counts in the billions aren't pieces any more, and floating point stops counting later.
const LARGEST_COUNT: f64 = 1e9;
/// Only so many periods at the end are used: parameters hardly move beyond, and an exponential mean has forgotten.
const LONGEST: usize = 2000;

/// Which distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Poisson.
    Poisson,
    /// Negative binomial.
    NegativeBinomial,
    /// Zero-inflated Poisson.
    ZeroInflatedPoisson,
    /// Demand or none, and then 1 + Poisson units ("hurdle-shifted Poisson").
    HurdlePoisson,
    /// Demand or none, and then 1 + negative binomial units.
    HurdleNegativeBinomial,
}

impl Family {
    /// All of them, fewest parameters first.
    const ALL: [Self; 5] = [
        Self::Poisson,
        Self::NegativeBinomial,
        Self::ZeroInflatedPoisson,
        Self::HurdlePoisson,
        Self::HurdleNegativeBinomial,
    ];

    /// The name on the command line and in files.
    fn name(self) -> &'static str {
        match self {
            Self::Poisson => "poisson",
            Self::NegativeBinomial => "negative-binomial",
            Self::ZeroInflatedPoisson => "zero-inflated-poisson",
            Self::HurdlePoisson => "hurdle-poisson",
            Self::HurdleNegativeBinomial => "hurdle-negative-binomial",
        }
    }

    /// The name for people.
    fn label(self) -> Text {
        match self {
            Self::Poisson => text!("Poisson", "泊松"),
            Self::NegativeBinomial => text!("negative binomial", "负二项"),
            Self::ZeroInflatedPoisson => text!("zero-inflated Poisson", "零膨胀泊松"),
            Self::HurdlePoisson => text!("hurdle-shifted Poisson", "门槛移位泊松"),
            Self::HurdleNegativeBinomial => text!("hurdle-shifted negative binomial", "门槛移位负二项"),
        }
    }
}

/// A count model; parameters by maximum likelihood (Snyder, Ord & Beaumont 2012). Needs whole numbers.
pub(crate) struct Count {
    /// Which distribution; `None` takes the one with the smallest AICc.
    pub(crate) family: Option<Family>,
}

impl Method for Count {
    fn name(&self) -> String {
        self.family.map_or("count", Family::name).to_owned()
    }

    fn fit(&self, task: &Task<'_>, control: &Control) -> Result<Fit, FitError> {
        check(task.y)?;
        if let Some(value) = task.y.iter().find(|v| v.fract() != 0.0 || **v > LARGEST_COUNT) {
            return Err(FitError::Refused(text!(
                "Count models need whole numbers of units up to a billion; {value} isn't one",
                "计数模型要求不超过十亿的整数需求；{value} 不符合"
            )));
        }
        let y = &task.y[task.y.len().saturating_sub(LONGEST)..];
        if y.iter().all(|v| *v == 0.0) {
            return Err(FitError::Refused(text!(
                "Count models look at the last {LONGEST} periods, and none of them has demand",
                "计数模型只看最近 {LONGEST} 期，其中没有需求"
            )));
        }
        let model = match self.family {
            Some(family) => Model::fit(family, y, control)?,
            None => Model::choose(y, control)?,
        };
        let rate = model.mean();
        let Text { en, zh } = model.family.label();
        let aicc = model.aicc();
        let mut why = text!(
            "{en} demand with a mean of {rate:.3} a period, which follows recent demand.",
            "需求服从{zh}分布，均值为每期 {rate:.3}，随近期需求变动。"
        );
        if self.family.is_none() && aicc.is_finite() {
            why = why.then(&text!(
                "Of the count distributions it has the smallest AICc, {aicc:.1}.",
                "在各计数分布中其 AICc 最小（{aicc:.1}）。"
            ));
        }
        Ok(Fit {
            mean: vec![rate; task.horizon],
            fitted: model.fitted(),
            spread: model.simulate(task),
            parameters: model.parameters(),
            why,
        })
    }
}

/// A fitted family.
struct Model {
    family: Family,
    /// Demand, or behind a hurdle the units beyond the first of the periods that have some.
    units: Stream,
    /// Whether a period has demand, where that has its own sequence.
    hurdle: Option<Stream>,
    /// Demand per period.
    events: Vec<f64>,
}

impl Model {
    fn fit(family: Family, y: &[f64], control: &Control) -> Result<Self, Cancelled> {
        let events = events(y);
        let behind = |law: Law| -> Result<(Stream, Option<Stream>), Cancelled> {
            let beyond: Vec<f64> = y.iter().filter(|v| **v > 0.0).map(|v| v - 1.0).collect();
            let hurdle = Stream::fit(Law::Bernoulli, &events, control)?;
            Ok((Stream::fit(law, &beyond, control)?, Some(hurdle)))
        };
        let (units, hurdle) = match family {
            Family::Poisson => (Stream::fit(Law::Poisson, y, control)?, None),
            Family::NegativeBinomial => (Stream::fit(Law::NegativeBinomial, y, control)?, None),
            Family::ZeroInflatedPoisson => (Stream::fit(Law::ZeroInflatedPoisson, y, control)?, None),
            Family::HurdlePoisson => behind(Law::Poisson)?,
            Family::HurdleNegativeBinomial => behind(Law::NegativeBinomial)?,
        };
        Ok(Self { family, units, hurdle, events })
    }

    /// The family with the smallest AICc; Poisson when the history is too short for any.
    fn choose(y: &[f64], control: &Control) -> Result<Self, Cancelled> {
        let mut best = Self::fit(Family::ALL[0], y, control)?;
        for family in &Family::ALL[1..] {
            let model = Self::fit(*family, y, control)?;
            if model.aicc() < best.aicc() {
                best = model;
            }
        }
        Ok(best)
    }

    fn log_likelihood(&self) -> f64 {
        self.units.log_likelihood + self.hurdle.as_ref().map_or(0.0, |h| h.log_likelihood)
    }

    /// AIC corrected for short histories (Hurvich & Tsai 1989); infinite when there are as many parameters as periods.
    fn aicc(&self) -> f64 {
        let k = (self.units.parameters + self.hurdle.as_ref().map_or(0, |h| h.parameters)) as f64;
        let left = self.events.len() as f64 - k - 1.0;
        if left <= 0.0 {
            return f64::INFINITY;
        }
        2.0 * k - 2.0 * self.log_likelihood() + 2.0 * k * (k + 1.0) / left
    }

    /// Expected demand of a period after the last: both means are martingales, so it is the same for all of them.
    fn mean(&self) -> f64 {
        self.hurdle.as_ref().map_or(self.units.mean, |h| h.mean * (1.0 + self.units.mean))
    }

    fn fitted(&self) -> Vec<f64> {
        let Some(hurdle) = &self.hurdle else { return self.units.means.clone() };
        let mut seen = 0;
        let step = |(chance, event): (&f64, &f64)| {
            let beyond = self.units.means.get(seen).copied().unwrap_or(self.units.mean);
            seen += usize::from(*event > 0.0);
            chance * (1.0 + beyond)
        };
        hurdle.means.iter().zip(&self.events).map(step).collect()
    }

    /// Paths whose means follow their own draws.
    fn simulate(&self, task: &Task<'_>) -> Spread {
        let mut rng = generator(task.seed);
        let count = task.options.paths.max(1);
        let mut values = Vec::with_capacity(count * task.horizon);
        for _ in 0..count {
            let mut units = self.units.mean;
            let mut chance = self.hurdle.as_ref().map_or(0.0, |h| h.mean);
            for _ in 0..task.horizon {
                let value = match &self.hurdle {
                    None => self.units.draw(&mut units, &mut rng),
                    Some(hurdle) if hurdle.draw(&mut chance, &mut rng) > 0.0 => {
                        1.0 + self.units.draw(&mut units, &mut rng)
                    }
                    Some(_) => 0.0,
                };
                values.push(value as f32);
            }
        }
        Spread::Paths(SamplePaths::new(task.horizon, values))
    }

    fn parameters(&self) -> Vec<Parameter> {
        let mut found = vec![Parameter::new("alpha", self.units.alpha)];
        let mut add = |name: &str, value: f64| found.push(Parameter::new(name, value));
        match self.family {
            Family::NegativeBinomial | Family::HurdleNegativeBinomial => {
                add("variance_ratio", 1.0 + 1.0 / self.units.shape);
            }
            Family::ZeroInflatedPoisson => add("extra_zeros", self.units.shape),
            Family::Poisson | Family::HurdlePoisson => {}
        }
        if let Some(hurdle) = &self.hurdle {
            add("alpha_probability", hurdle.alpha);
            add("probability", hurdle.mean);
            add("size", 1.0 + self.units.mean);
        }
        add("mean", self.mean());
        add("loglik", self.log_likelihood());
        if self.aicc().is_finite() {
            add("aicc", self.aicc());
        }
        found
    }
}
