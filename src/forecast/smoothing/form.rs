//! Which components a model has, and how its name is written.

/// How a shock enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Error {
    /// Adds units: `y = μ + e`.
    Additive,
    /// Adds a share of what was expected: `y = μ·(1 + e)`.
    Multiplicative,
}

/// The slope's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trend {
    /// No slope.
    None,
    /// Holt's: the slope goes on for ever.
    Additive,
    /// Gardner's and `McKenzie`'s: the slope fades by φ each period.
    Damped,
    /// Pegels': growth by the same factor each period.
    Multiplicative,
    /// Taylor's: growth by a factor that fades towards 1.
    DampedMultiplicative,
}

/// The season's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    /// No season.
    None,
    /// Adds the same number of units each year.
    Additive,
    /// Multiplies by the same factor each year.
    Multiplicative,
}

/// Error, trend, season (HKOS table 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    /// How a shock enters.
    pub(crate) error: Error,
    /// The slope's kind.
    pub(crate) trend: Trend,
    /// The season's kind.
    pub(crate) season: Season,
    /// Periods per season; 1 without a season.
    pub(crate) period: usize,
}

/// Every kind of error, simplest first.
pub(crate) const ERRORS: [Error; 2] = [Error::Additive, Error::Multiplicative];
/// Every kind of trend, simplest first.
pub(crate) const TRENDS: [Trend; 5] =
    [Trend::None, Trend::Additive, Trend::Damped, Trend::Multiplicative, Trend::DampedMultiplicative];
/// Every kind of season, simplest first.
pub(crate) const SEASONS: [Season; 3] = [Season::None, Season::Additive, Season::Multiplicative];

impl Trend {
    /// Whether the slope fades by φ.
    pub(crate) fn is_damped(self) -> bool {
        matches!(self, Self::Damped | Self::DampedMultiplicative)
    }

    /// Whether the slope is a factor.
    pub(crate) fn is_multiplicative(self) -> bool {
        matches!(self, Self::Multiplicative | Self::DampedMultiplicative)
    }

    fn letters(self) -> &'static str {
        match self {
            Self::None => "N",
            Self::Additive => "A",
            Self::Damped => "Ad",
            Self::Multiplicative => "M",
            Self::DampedMultiplicative => "Md",
        }
    }
}

impl Error {
    fn letters(self) -> &'static str {
        match self {
            Self::Additive => "A",
            Self::Multiplicative => "M",
        }
    }
}

impl Season {
    fn letters(self) -> &'static str {
        match self {
            Self::None => "N",
            Self::Additive => "A",
            Self::Multiplicative => "M",
        }
    }
}

impl Form {
    /// A form; `period` counts only with a season.
    pub(crate) fn new(error: Error, trend: Trend, season: Season, period: usize) -> Self {
        Self { error, trend, season, period: if season == Season::None { 1 } else { period } }
    }

    /// Additive errors: what least squares fits.
    pub(crate) fn additive(trend: Trend, season: Season, period: usize) -> Self {
        Self::new(Error::Additive, trend, season, period)
    }

    /// `M,Ad,M`.
    pub(crate) fn letters(self) -> String {
        format!("{},{},{}", self.error.letters(), self.trend.letters(), self.season.letters())
    }

    /// `ETS(M,Ad,M)`.
    pub(crate) fn code(self) -> String {
        format!("ETS({})", self.letters())
    }

    /// Whether errors add up linearly, so that intervals have a formula (HKOS section 6.1, class 1).
    pub(crate) fn is_linear(self) -> bool {
        self.error == Error::Additive && !self.trend.is_multiplicative() && self.season != Season::Multiplicative
    }

    /// Whether the history has to be positive.
    pub(crate) fn needs_positive(self) -> bool {
        self.error == Error::Multiplicative || self.trend.is_multiplicative() || self.season == Season::Multiplicative
    }

    /// Whether forecasts and their variance stay finite at every horizon without special care: additive errors don't go
    /// with anything multiplicative, and an additive season not with a multiplicative trend (HKOS section 2.5.2,
    /// chapter 15).
    pub(crate) fn is_stable(self) -> bool {
        let multiplicative = self.trend.is_multiplicative() || self.season == Season::Multiplicative;
        let clash = self.trend.is_multiplicative() && self.season == Season::Additive;
        !(self.error == Error::Additive && multiplicative || clash)
    }

    /// Parameters of the form: weights, initial states and σ.
    pub(crate) fn parameters(self) -> usize {
        let trend = match self.trend {
            Trend::None => 0,
            Trend::Additive | Trend::Multiplicative => 2,
            Trend::Damped | Trend::DampedMultiplicative => 3,
        };
        // γ and one season less than there are, since they average 0 or 1.
        let season = if self.season == Season::None { 0 } else { self.period };
        3 + trend + season
    }
}

/// A wish for a form: a letter, or `Z` for "the best".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Wish {
    /// The error, when it is given.
    pub(crate) error: Option<Error>,
    /// The trend, when it is given.
    pub(crate) trend: Option<Trend>,
    /// The season, when it is given.
    pub(crate) season: Option<Season>,
}

impl Wish {
    /// Reads `m,ad,m`, in any case; `z` stands for "the best". `None` when it is something else.
    pub(crate) fn parse(letters: &str) -> Option<Self> {
        let words: Vec<&str> = letters.split(',').map(str::trim).collect();
        let [error, trend, season] = words[..] else { return None };
        let is = |word: &str, letters: &str| word.eq_ignore_ascii_case(letters);
        let error = if is(error, "z") { None } else { Some(ERRORS.into_iter().find(|e| is(error, e.letters()))?) };
        let trend = if is(trend, "z") { None } else { Some(TRENDS.into_iter().find(|t| is(trend, t.letters()))?) };
        let season = if is(season, "z") { None } else { Some(SEASONS.into_iter().find(|s| is(season, s.letters()))?) };
        Some(Self { error, trend, season })
    }

    /// `m,ad,m` with `z` for what is open.
    pub(crate) fn letters(self) -> String {
        let or_any = |letters: Option<&'static str>| letters.unwrap_or("Z");
        let (error, trend, season) =
            (self.error.map(Error::letters), self.trend.map(Trend::letters), self.season.map(Season::letters));
        format!("{},{},{}", or_any(error), or_any(trend), or_any(season)).to_lowercase()
    }

    /// The forms that fulfil it, simplest first: given parts as they are; where a part is open, stable forms with an
    /// additive trend only, as usual, because growth by a factor seldom lasts.
    pub(crate) fn forms(self, period: usize) -> Vec<Form> {
        let mut forms = Vec::new();
        for season in SEASONS.into_iter().filter(|s| self.season.is_none_or(|wanted| *s == wanted)) {
            for trend in TRENDS.into_iter().filter(|t| self.trend.map_or(!t.is_multiplicative(), |wanted| *t == wanted))
            {
                for error in ERRORS.into_iter().filter(|e| self.error.is_none_or(|wanted| *e == wanted)) {
                    let form = Form::new(error, trend, season, period);
                    if form.is_stable() || self.is_whole() {
                        forms.push(form);
                    }
                }
            }
        }
        forms
    }

    fn is_whole(self) -> bool {
        self.error.is_some() && self.trend.is_some() && self.season.is_some()
    }
}
