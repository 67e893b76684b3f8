//! Derivations' formulas (`d·L + z·√(L·σ_d² + d²·σ_L²)`) evaluated, and turned into spreadsheet formulas.
//!
//! ```text
//! sum     = product {("+" | "−" | "-") product}
//! product = power {("·" | "×" | "*" | "/") power}
//! power   = atom {"²"}
//! atom    = number | symbol | "(" sum ")" | "√" atom | "⌈" sum "⌉" | ("max" | "min") "(" sum "," sum ")" | "−" power
//! ```
//! Whatever isn't of this language, `F⁻¹(α)` for one, gives no expression: the workbook then holds the number alone.

/// Formulas of derivations are short; deeper nesting is refused, so that no input can exhaust the stack.
const MAX_DEPTH: usize = 32;

/// A formula in the inputs' symbols.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    /// A symbol that stands for an input.
    Symbol(String),
    Add(Box<Self>, Box<Self>),
    Subtract(Box<Self>, Box<Self>),
    Multiply(Box<Self>, Box<Self>),
    Divide(Box<Self>, Box<Self>),
    Negate(Box<Self>),
    Square(Box<Self>),
    Root(Box<Self>),
    Ceiling(Box<Self>),
    Max(Box<Self>, Box<Self>),
    Min(Box<Self>, Box<Self>),
}

impl Expression {
    /// Reads a formula; `None` when it is not of the language above.
    pub(super) fn parse(formula: &str) -> Option<Self> {
        let mut parser = Parser { chars: formula.chars().filter(|c| !c.is_whitespace()).collect(), at: 0, depth: 0 };
        let expression = parser.sum()?;
        (parser.at == parser.chars.len()).then_some(expression)
    }

    /// Its value; `None` when a symbol has none or the result isn't finite.
    pub(super) fn value(&self, of: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let value = match self {
            Self::Number(x) => *x,
            Self::Symbol(s) => of(s)?,
            Self::Add(a, b) => a.value(of)? + b.value(of)?,
            Self::Subtract(a, b) => a.value(of)? - b.value(of)?,
            Self::Multiply(a, b) => a.value(of)? * b.value(of)?,
            Self::Divide(a, b) => a.value(of)? / b.value(of)?,
            Self::Negate(a) => -a.value(of)?,
            Self::Square(a) => a.value(of)?.powi(2),
            Self::Root(a) => a.value(of)?.sqrt(),
            Self::Ceiling(a) => a.value(of)?.ceil(),
            Self::Max(a, b) => a.value(of)?.max(b.value(of)?),
            Self::Min(a, b) => a.value(of)?.min(b.value(of)?),
        };
        value.is_finite().then_some(value)
    }

    /// The spreadsheet formula, each symbol replaced by its cell; `None` when a symbol has no cell.
    pub(super) fn spreadsheet(&self, of: &impl Fn(&str) -> Option<String>) -> Option<String> {
        let pair =
            |a: &Self, sign: &str, b: &Self| Some(format!("({}{sign}{})", a.spreadsheet(of)?, b.spreadsheet(of)?));
        Some(match self {
            Self::Number(x) => x.to_string(),
            Self::Symbol(s) => of(s)?,
            Self::Add(a, b) => pair(a, "+", b)?,
            Self::Subtract(a, b) => pair(a, "-", b)?,
            Self::Multiply(a, b) => pair(a, "*", b)?,
            Self::Divide(a, b) => pair(a, "/", b)?,
            Self::Negate(a) => format!("(-{})", a.spreadsheet(of)?),
            Self::Square(a) => format!("({}^2)", a.spreadsheet(of)?),
            Self::Root(a) => format!("SQRT({})", a.spreadsheet(of)?),
            // Unlike CEILING, INT is the same for negative numbers in every spreadsheet.
            Self::Ceiling(a) => format!("(-INT(-{}))", a.spreadsheet(of)?),
            Self::Max(a, b) => format!("MAX({},{})", a.spreadsheet(of)?, b.spreadsheet(of)?),
            Self::Min(a, b) => format!("MIN({},{})", a.spreadsheet(of)?, b.spreadsheet(of)?),
        })
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> Option<()> {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found.then_some(())
    }

    fn sum(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.product()?;
        while let Some(sign @ ('+' | '−' | '-')) = self.peek() {
            self.at += 1;
            let right = Box::new(self.product()?);
            left = match sign {
                '+' => Expression::Add(Box::new(left), right),
                _ => Expression::Subtract(Box::new(left), right),
            };
        }
        self.depth -= 1;
        Some(left)
    }

    fn product(&mut self) -> Option<Expression> {
        let mut left = self.power()?;
        while let Some(sign @ ('·' | '×' | '*' | '/')) = self.peek() {
            self.at += 1;
            let right = Box::new(self.power()?);
            left = match sign {
                '/' => Expression::Divide(Box::new(left), right),
                _ => Expression::Multiply(Box::new(left), right),
            };
        }
        Some(left)
    }

    fn power(&mut self) -> Option<Expression> {
        let mut base = self.atom()?;
        while self.take('²').is_some() {
            base = Expression::Square(Box::new(base));
        }
        Some(base)
    }

    fn atom(&mut self) -> Option<Expression> {
        match self.peek()? {
            '(' => self.enclosed('(', ')'),
            '⌈' => self.enclosed('⌈', '⌉').map(|e| Expression::Ceiling(Box::new(e))),
            '√' => self.prefixed(Expression::Root, Self::atom),
            '−' | '-' => self.prefixed(Expression::Negate, Self::power),
            c if c.is_ascii_digit() => self.number(),
            _ => self.word(),
        }
    }

    fn enclosed(&mut self, open: char, close: char) -> Option<Expression> {
        self.take(open)?;
        let inside = self.sum()?;
        self.take(close)?;
        Some(inside)
    }

    fn prefixed(
        &mut self,
        wrap: fn(Box<Expression>) -> Expression,
        rest: fn(&mut Self) -> Option<Expression>,
    ) -> Option<Expression> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let inside = rest(self)?;
        self.depth -= 1;
        Some(wrap(Box::new(inside)))
    }

    fn number(&mut self) -> Option<Expression> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.') {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect::<String>().parse().ok().map(Expression::Number)
    }

    fn word(&mut self) -> Option<Expression> {
        let from = self.at;
        while self.peek().is_some_and(|c| (c.is_alphanumeric() && c != '²') || c == '_') {
            self.at += 1;
        }
        let word: String = self.chars[from..self.at].iter().collect();
        match word.as_str() {
            "" => None,
            "max" => self.two().map(|(a, b)| Expression::Max(a, b)),
            "min" => self.two().map(|(a, b)| Expression::Min(a, b)),
            _ if self.peek() == Some('(') => None,
            _ => Some(Expression::Symbol(word)),
        }
    }

    fn two(&mut self) -> Option<(Box<Expression>, Box<Expression>)> {
        self.take('(')?;
        let first = self.sum()?;
        self.take(',')?;
        let second = self.sum()?;
        self.take(')')?;
        Some((Box::new(first), Box::new(second)))
    }
}

#[cfg(test)]
mod tests {
    use super::Expression;

    fn symbols(name: &str) -> Option<f64> {
        [("d", 50.0), ("L", 4.0), ("z", 1.5), ("σ_d", 8.0), ("σ_L", 1.0), ("K", 2.0)]
            .into_iter()
            .find_map(|(n, v)| (n == name).then_some(v))
    }

    fn check(formula: &str, value: Option<f64>, spreadsheet: Option<&str>) {
        let parsed = Expression::parse(formula);
        assert_eq!(parsed.as_ref().and_then(|e| e.value(&symbols)), value, "{formula}");
        let cell = |s: &str| symbols(s).map(|_| format!("c_{}", s.replace(['σ', '_'], "")));
        assert_eq!(parsed.and_then(|e| e.spreadsheet(&cell)).as_deref(), spreadsheet, "{formula}");
    }

    #[test]
    fn formulas_are_evaluated_and_translated() {
        check("d·L + K", Some(202.0), Some("((c_d*c_L)+c_K)"));
        check("d − L − K", Some(44.0), Some("((c_d-c_L)-c_K)"));
        check(
            "√(L·σ_d² + d²·σ_L²)",
            Some((4.0 * 64.0 + 2500.0_f64).sqrt()),
            Some("SQRT(((c_L*(c_d^2))+((c_d^2)*(c_L^2))))"),
        );
        check("⌈max(d − L, K)/σ_d⌉·σ_d", Some(48.0), Some("((-INT(-(MAX((c_d-c_L),c_K)/c_d)))*c_d)"));
        check("−K²", Some(-4.0), Some("(-(c_K^2))"));
        check("0.5·d", Some(25.0), Some("(0.5*c_d)"));
    }

    #[test]
    fn what_is_not_of_the_language_is_left_alone() {
        for formula in ["", "F⁻¹(α)", "d +", "(d", "d L)", "unknown(d)", "d^2", "1..2", "max(d)"] {
            check(formula, None, None);
        }
        check("q + d", None, None);
        assert_eq!(Expression::parse(&"(".repeat(100_000)), None);
        assert_eq!(Expression::parse(&"√".repeat(100_000)), None);
        assert_eq!(Expression::parse("d/(L−L)").and_then(|e| e.value(&symbols)), None);
    }
}
