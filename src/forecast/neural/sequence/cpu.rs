//! The passes of an LSTM layer in plain loops, line by line what `lstm.cu` does.

use super::{KEPT, Sizes};
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// A float of either width.
pub(super) trait Real:
    Copy + Add<Output = Self> + AddAssign + Mul<Output = Self> + Sub<Output = Self> + Neg<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
    fn tanh(self) -> Self;
    fn logistic(self) -> Self;
}

macro_rules! real {
    ($($float:ty),*) => {$(
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            fn tanh(self) -> Self {
                self.tanh()
            }

            fn logistic(self) -> Self {
                1.0 / (1.0 + (-self).exp())
            }
        }
    )*};
}

real!(f32, f64);

/// What is kept of every step, `[time, KEPT, window, unit]`.
pub(super) fn forward<R: Real>(sizes: Sizes, z: &[R], u: &[R]) -> Vec<R> {
    let Sizes { steps, units, .. } = sizes;
    let size = sizes.states();
    let mut out = vec![R::ZERO; steps * KEPT * size];
    for t in 0..steps {
        let (past, now) = out.split_at_mut(t * KEPT * size);
        // State and cell of the step before.
        let past = t.checked_sub(1).map(|t| past[t * KEPT * size..].split_at(size));
        for (k, sums) in z[t * 4 * size..][..4 * size].chunks_exact(4 * units).enumerate() {
            for unit in 0..units {
                let gate = |g: usize| {
                    let own = sums[g * units + unit];
                    past.map_or(own, |(h, _)| own + dot(&u[(g * units + unit) * units..][..units], &h[k * units..]))
                };
                let (i, f) = (gate(0).logistic(), gate(1).logistic());
                let (g, o) = (gate(2).tanh(), gate(3).logistic());
                let at = k * units + unit;
                let c = past.map_or(i * g, |(_, c)| i * g + f * c[at]);
                for (block, value) in [o * c.tanh(), c, i, f, g, o].into_iter().enumerate() {
                    now[block * size + at] = value;
                }
            }
        }
    }
    out
}

/// The gradient of the sums, `[time, window, 4·unit]`.
pub(super) fn backward<R: Real>(sizes: Sizes, u: &[R], kept: &[R], grad: &[R]) -> Vec<R> {
    let Sizes { steps, windows, units } = sizes;
    let size = sizes.states();
    let mut dz = vec![R::ZERO; steps * 4 * size];
    let mut by_cell = vec![R::ZERO; size];
    for t in (0..steps).rev() {
        let (own, later) = dz[t * 4 * size..].split_at_mut(4 * size);
        let now = &kept[t * KEPT * size..][..KEPT * size];
        for k in 0..windows {
            for unit in 0..units {
                let at = k * units + unit;
                let [c, i, f, g, o] = std::array::from_fn(|b| now[(b + 1) * size + at]);
                let before = t.checked_sub(1).map_or(R::ZERO, |t| kept[t * KEPT * size + size + at]);
                let mut dh = grad[t * KEPT * size + at];
                if t + 1 < steps {
                    for (row, d) in later[k * 4 * units..][..4 * units].iter().enumerate() {
                        dh += *d * u[row * units + unit];
                    }
                }
                let bent = c.tanh();
                let cell = by_cell[at] + dh * o * (R::ONE - bent * bent);
                let sums = [
                    cell * g * i * (R::ONE - i),
                    cell * before * f * (R::ONE - f),
                    cell * i * (R::ONE - g * g),
                    dh * bent * o * (R::ONE - o),
                ];
                for (gate, value) in sums.into_iter().enumerate() {
                    own[(k * 4 + gate) * units + unit] = value;
                }
                by_cell[at] = cell * f;
            }
        }
    }
    dz
}

fn dot<R: Real>(a: &[R], b: &[R]) -> R {
    a.iter().zip(b).fold(R::ZERO, |sum, (a, b)| sum + *a * *b)
}
