//! Nasty histories: what demand looks like on its worst days, and what no demand looks like at all.

/// Where a value stands: position, length of the history, season, and noise in `[0, 1)`.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) t: usize,
    pub(crate) n: usize,
    pub(crate) m: usize,
    pub(crate) u: f64,
}

impl At {
    fn last(self, k: usize) -> bool {
        self.t + k >= self.n
    }

    fn late(self) -> bool {
        2 * self.t >= self.n
    }
}

/// A kind of history: its name, and its value at a position.
pub(crate) type Kind = (&'static str, fn(At) -> f64);

/// Whole-number demand with pauses.
fn lumpy(at: At) -> f64 {
    if at.u > 0.7 { (40.0 * (at.u - 0.7)).round() } else { 0.0 }
}

/// A season that is the same every time.
pub(crate) fn shape(at: At) -> f64 {
    [3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0][at.t % at.m.max(2) % 7]
}

/// Every kind.
pub(crate) const KINDS: &[Kind] = &[
    ("plain", |at| 50.0 + 10.0 * at.u + 0.2 * at.t as f64),
    ("constant", |_| 7.25),
    ("zero", |_| 0.0),
    ("negative zero", |_| -0.0),
    ("zeros of both signs", |at| if at.t % 2 == 0 { 0.0 } else { -0.0 }),
    ("negative constant", |_| -3.5),
    ("huge", |at| 1e12 * (1.0 + at.u)),
    ("tiny", |at| 1e-12 * (1.0 + at.u)),
    ("negative", |at| -100.0 * at.u),
    ("about zero", |at| at.u - 0.5),
    ("fading by half", |at| 100.0 * 0.5_f64.powi(at.t as i32) * (0.5 + at.u)),
    ("down a line to zero", |at| (50.0 - 4.0 * at.t as f64).max(0.0)),
    ("down a line through zero", |at| 50.0 - 4.0 * at.t as f64 + at.u),
    ("gaps", |at| if at.t % 7 == 3 { f64::NAN } else { 10.0 + at.u }),
    ("gaps at both ends", |at| if at.t < 2 || at.last(2) { f64::NAN } else { 10.0 + at.u }),
    ("mostly gaps", |at| if at.t % 4 == 1 { 10.0 + at.u } else { f64::NAN }),
    ("one value, else gaps", |at| if at.t == at.n / 2 { 5.0 } else { f64::NAN }),
    ("nothing but gaps", |_| f64::NAN),
    ("constant with gaps", |at| if at.t % 5 == 2 { f64::NAN } else { 4.0 }),
    ("lumpy", lumpy),
    ("lumpy fractions", |at| if at.u > 0.6 { at.u } else { 0.0 }),
    ("sold once, at the start", |at| if at.t == 0 { 9.0 } else { 0.0 }),
    ("sold once, at the end", |at| if at.last(1) { 9.0 } else { 0.0 }),
    ("sold twice", |at| if at.t == 1 || at.last(1) { 3.0 } else { 0.0 }),
    ("died out", |at| if at.late() { 0.0 } else { 20.0 + 5.0 * at.u }),
    ("came up", |at| if at.late() { 20.0 + 5.0 * at.u } else { 0.0 }),
    ("spike in zeros", |at| if at.t == at.n / 2 { 1e12 } else { 0.0 }),
    ("spike in noise", |at| if at.t == at.n / 2 { 1e12 } else { at.u }),
    ("spike at the end", |at| if at.last(1) { 1e12 } else { 1.0 + at.u }),
    ("spike at the start", |at| if at.t == 0 { 1e12 } else { 1.0 + at.u }),
    ("negative spike", |at| if at.t == at.n / 2 { -1e12 } else { 10.0 + at.u }),
    ("exponential growth", |at| (0.4 * at.t as f64 + at.u).exp()),
    ("eightfold every period", |at| 8.0_f64.powi(at.t as i32)),
    ("an eighth every period", |at| 0.125_f64.powi(at.t as i32)),
    ("alternating sign", |at| if at.t % 2 == 0 { 5.0 + at.u } else { -5.0 - at.u }),
    ("exactly alternating", |at| if at.t % 2 == 0 { 5.0 } else { -5.0 }),
    ("alternating with zero", |at| if at.t % 2 == 0 { 1e9 } else { 0.0 }),
    ("huge level, tiny noise", |at| 1e12 + 1e-3 * at.u),
    ("level, noise below rounding", |at| 1e9 + 1e-6 * at.u),
    ("steps", |at| (at.t / 5) as f64 * 100.0),
    ("step at the end", |at| if at.last(2) { 1000.0 } else { 10.0 }),
    ("line", |at| 3.0 + 2.0 * at.t as f64),
    ("parabola", |at| (at.t * at.t) as f64),
    ("random signs", |at| if at.u > 0.5 { 1.0 } else { -1.0 }),
    ("season, exact", shape),
    ("season with empty places", |at| if at.t % at.m.max(2) == 0 { 0.0 } else { shape(at) + at.u }),
    ("season of one place", |at| if at.t % at.m.max(2) == 1 { 30.0 + at.u } else { 0.0 }),
    ("growing season", |at| (1.0 + at.t as f64) * shape(at)),
    ("season of both signs", |at| shape(at) - 4.0),
    ("subnormal", |at| f64::from_bits(1 + (1000.0 * at.u) as u64)),
    ("smallest of all", |_| f64::from_bits(1)),
    ("smallest of all, lumpy", |at| if at.u > 0.6 { f64::from_bits(1) } else { 0.0 }),
    ("demand, then next to nothing", |at| if at.late() { f64::from_bits(3) } else { 50.0 + at.u }),
    ("subnormal constant", |_| f64::from_bits(7)),
    ("smallest normal", |at| f64::MIN_POSITIVE * (1.0 + at.u)),
    ("squares vanish", |at| 1e-200 * (1.0 + at.u)),
    ("just workable", |at| 5e29 * (1.0 + at.u)),
    ("just workable, both signs", |at| 1.9e30 * (at.u - 0.5)),
    ("one too large", |at| if at.t == 1 { 1e31 } else { at.u }),
    ("half of the largest", |at| f64::MAX / 2.0 * (0.5 + 0.5 * at.u)),
    ("half of the largest, both signs", |at| if at.t % 2 == 0 { f64::MAX / 2.0 } else { -f64::MAX / 2.0 }),
    ("largest", |_| f64::MAX),
    ("every size", |at| 10.0_f64.powi((40.0 * (at.u - 0.5)) as i32)),
    ("every size, both signs", |at| (at.u - 0.5).signum() * 10.0_f64.powi((at.u * 1e4) as i32 % 25)),
];

/// A history of a kind; `noise` gives its length.
pub(crate) fn history((_, value): Kind, season: usize, noise: &[f64]) -> Vec<f64> {
    let n = noise.len();
    noise.iter().enumerate().map(|(t, u)| value(At { t, n, m: season, u: *u })).collect()
}

/// Even noise in `[0, 1)`, the same each time (Weyl's sequence).
pub(crate) fn noise(n: usize) -> Vec<f64> {
    (1..=n).map(|k| (0.618_033_988_75 * k as f64).fract()).collect()
}

#[test]
fn kinds_are_what_they_say() {
    let of = |name: &str, season: usize| {
        let kind = KINDS.iter().find(|(known, _)| *known == name).unwrap();
        history(*kind, season, &noise(24))
    };
    assert!(of("negative zero", 4).iter().all(|v| *v == 0.0 && v.is_sign_negative()));
    assert!(of("subnormal", 4).iter().all(|v| v.is_subnormal()));
    assert!(of("season with empty places", 4).iter().step_by(4).all(|v| *v == 0.0));
    assert_eq!(of("gaps at both ends", 4).iter().filter(|v| v.is_nan()).count(), 4);
    assert_eq!(of("spike in zeros", 4).iter().filter(|v| **v == 0.0).count(), 23);
    assert!(of("huge level, tiny noise", 4).windows(2).any(|w| w[0].to_bits() != w[1].to_bits()));
    let count = KINDS.len();
    let mut names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
