//! How an ARIMA is asked for: `arima`, `arima(full)`, `arima(0,1,1)(0,1,1)[12]`, each with `+` and what else is wanted.

use super::order::{Constant, Order};
use super::search::Breadth;
use super::transform::Scale;
use std::fmt;

/// Where the order comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Searched for.
    Search(Breadth),
    /// Given, with or without a constant.
    Given(Order, Constant),
}

/// Everything a name says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    /// Where the order comes from.
    pub(super) choice: Choice,
    /// The scale that the history is brought to; `None` leaves it as it is.
    pub(super) scale: Option<Scale>,
}

impl Wish {
    /// An order with the constant that goes with it: a mean when nothing is differenced, nothing otherwise.
    pub(super) fn given(order: Order) -> Self {
        Self { choice: Choice::Given(order, usual(&order)), scale: None }
    }

    /// Reads a name in any case and with any spaces. `+mean` (nothing is differenced), `+drift` (once) or `+zero` set the
    /// constant of a given order; `+log`, `+boxcox=0.5` or `+boxcox` (λ by Guerrero's method) set the scale. `None` when it
    /// is something else, says a thing twice, or p or q is above 9, P or Q above 3, d or D above 2, m below 2 or above 60.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let mut words = name.strip_prefix("arima")?.split('+');
        let mut choice = match words.next()? {
            "" => Choice::Search(Breadth::Stepwise),
            "(full)" => Choice::Search(Breadth::Full),
            order => Self::given(Order::parse(order)?).choice,
        };
        let (mut scale, mut is_set) = (None, false);
        for word in words {
            if let Some(found) = Scale::parse(word) {
                if scale.replace(found).is_some() {
                    return None;
                }
                continue;
            }
            let Choice::Given(order, constant) = &mut choice else { return None };
            if std::mem::replace(&mut is_set, true) {
                return None;
            }
            *constant = match (word, order.all_differences()) {
                ("zero", _) => Constant::Zero,
                ("mean", 0) | ("drift", 1) => Constant::Estimated,
                _ => return None,
            };
        }
        Some(Self { choice, scale })
    }
}

fn usual(order: &Order) -> Constant {
    if order.all_differences() == 0 { Constant::Estimated } else { Constant::Zero }
}

impl fmt::Display for Wish {
    /// The name as [`Wish::parse`] reads it; a usual constant is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("arima")?;
        match self.choice {
            Choice::Search(Breadth::Stepwise) => {}
            Choice::Search(Breadth::Full) => f.write_str("(full)")?,
            Choice::Given(order, constant) => {
                write!(f, "{order}")?;
                match constant {
                    _ if constant == usual(&order) => {}
                    Constant::Estimated => f.write_str("+drift")?,
                    Constant::Zero => f.write_str("+zero")?,
                }
            }
        }
        self.scale.map_or(Ok(()), |scale| write!(f, "+{scale}"))
    }
}
