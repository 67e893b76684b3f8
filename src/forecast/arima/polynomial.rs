//! Lag polynomials: stationary by construction, multiplied out, differenced, inverted.

use super::order::Order;

/// Largest partial autocorrelation of an autoregression: the process variance grows as `Π 1/(1−r²)`, and beyond this
/// the likelihood drowns in rounding.
const AR_LIMIT: f64 = 0.9999;
/// The same for a moving average, whose likelihood stays finite on the unit circle.
const MA_LIMIT: f64 = 1.0 - 1e-7;

/// The coefficients of a seasonal ARMA, factor by factor.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Coefficients {
    /// `φ₁…φ_p`.
    pub(super) ar: Vec<f64>,
    /// `θ₁…θ_q`, with the sign of `1 + θ₁B + …`.
    pub(super) ma: Vec<f64>,
    /// `Φ₁…Φ_P`.
    pub(super) seasonal_ar: Vec<f64>,
    /// `Θ₁…Θ_Q`.
    pub(super) seasonal_ma: Vec<f64>,
}

impl Coefficients {
    /// Coefficients from an unbounded vector `x` (p + q + P + Q long): `tanh x` are partial autocorrelations, so every
    /// `x` gives a stationary and invertible model (Jones 1980; Monahan 1984).
    pub(super) fn from_unbounded(order: &Order, x: &[f64]) -> Self {
        let (ar, rest) = x.split_at(order.ar);
        let (ma, rest) = rest.split_at(order.ma);
        let (seasonal_ar, seasonal_ma) = rest.split_at(order.seasonal_ar);
        let stationary = |x: &[f64]| from_partial(&x.iter().map(|x| AR_LIMIT * x.tanh()).collect::<Vec<_>>());
        let invertible = |x: &[f64]| {
            let r: Vec<f64> = x.iter().map(|x| -MA_LIMIT * x.tanh()).collect();
            from_partial(&r).iter().map(|c| -c).collect()
        };
        Self {
            ar: stationary(ar),
            ma: invertible(ma),
            seasonal_ar: stationary(seasonal_ar),
            seasonal_ma: invertible(seasonal_ma),
        }
    }

    /// The smallest modulus of any root of φ, θ, Φ(Bᵐ), Θ(Bᵐ) exceeds `modulus`.
    pub(super) fn roots_exceed(&self, modulus: f64, period: usize) -> bool {
        let minus = |ma: &[f64]| ma.iter().map(|c| -c).collect::<Vec<_>>();
        let seasonal = modulus.powi(period as i32);
        clear(&self.ar, modulus)
            && clear(&minus(&self.ma), modulus)
            && clear(&self.seasonal_ar, seasonal)
            && clear(&minus(&self.seasonal_ma), seasonal)
    }
}

/// An ARMA multiplied out: `x[t] = Σ phi[i]·x[t−1−i] + e[t] + Σ theta[j]·e[t−1−j]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arma {
    /// φ(B)Φ(Bᵐ) as a recursion.
    pub(super) phi: Vec<f64>,
    /// θ(B)Θ(Bᵐ) without its leading 1.
    pub(super) theta: Vec<f64>,
}

impl Arma {
    /// Multiplies the seasonal and the ordinary factors.
    pub(super) fn expand(coefficients: &Coefficients, period: usize) -> Self {
        let minus = |c: &[f64]| c.iter().map(|c| -c).collect::<Vec<_>>();
        let ar = multiply(&spread(&minus(&coefficients.ar), 1), &spread(&minus(&coefficients.seasonal_ar), period));
        let ma = multiply(&spread(&coefficients.ma, 1), &spread(&coefficients.seasonal_ma, period));
        Self { phi: minus(&ar[1..]), theta: ma[1..].to_vec() }
    }
}

/// Durbin–Levinson: the autoregression whose partial autocorrelations are `r` (Durbin 1960).
pub(super) fn from_partial(r: &[f64]) -> Vec<f64> {
    let mut phi: Vec<f64> = Vec::with_capacity(r.len());
    for &r in r {
        add_mirror(&mut phi, -r);
        phi.push(r);
    }
    phi
}

/// `c[i] += r·c[k−1−i]` for all i at once.
pub(super) fn add_mirror(c: &mut [f64], r: f64) {
    let k = c.len();
    for i in 0..k / 2 {
        let (low, high) = (c[i], c[k - 1 - i]);
        c[i] = low + r * high;
        c[k - 1 - i] = high + r * low;
    }
    if k % 2 == 1 {
        c[k / 2] += r * c[k / 2];
    }
}

/// The partial autocorrelations of an autoregression, by stepping down; `None` when it isn't stationary.
pub(super) fn to_partial(phi: &[f64]) -> Option<Vec<f64>> {
    let mut phi = phi.to_vec();
    let mut partial = vec![0.0; phi.len()];
    while let Some(r) = phi.pop() {
        let rest = 1.0 - r * r;
        if rest.is_nan() || rest <= 0.0 {
            return None;
        }
        partial[phi.len()] = r;
        add_mirror(&mut phi, r);
        for value in &mut phi {
            *value /= rest;
        }
    }
    Some(partial)
}

/// The product of two polynomials, lowest power first.
pub(super) fn multiply(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut product = vec![0.0; a.len() + b.len() - 1];
    for (i, a) in a.iter().enumerate() {
        for (j, b) in b.iter().enumerate() {
            product[i + j] += a * b;
        }
    }
    product
}

/// `(1−B)ᵈ(1−Bᵐ)ᴰ`, lowest power first.
pub(super) fn differencing(order: &Order) -> Vec<f64> {
    let mut product = vec![1.0];
    for _ in 0..order.differences {
        product = multiply(&product, &[1.0, -1.0]);
    }
    for _ in 0..order.seasonal_differences {
        product = multiply(&product, &spread_at(&[-1.0], order.period));
    }
    product
}

/// The first `count` weights ψ of `θ(B)/(φ(B)·δ(B))`, δ the differencing polynomial; `psi[0] = 1` (Box & Jenkins 1970).
pub(super) fn psi_weights(arma: &Arma, delta: &[f64], count: usize) -> Vec<f64> {
    let ar: Vec<f64> = std::iter::once(1.0).chain(arma.phi.iter().map(|c| -c)).collect();
    let full = multiply(&ar, delta);
    let mut psi: Vec<f64> = Vec::with_capacity(count);
    for k in 0..count {
        let shock = if k == 0 { 1.0 } else { arma.theta.get(k - 1).copied().unwrap_or(0.0) };
        let past: f64 = full.iter().skip(1).zip(psi.iter().rev()).map(|(c, psi)| c * psi).sum();
        psi.push(shock - past);
    }
    psi
}

/// Every root of `1 − Σ phi[i]·zⁱ⁺¹` lies outside the circle of this radius: then scaling z keeps it stationary.
fn clear(phi: &[f64], radius: f64) -> bool {
    let scaled: Vec<f64> = phi.iter().enumerate().map(|(i, c)| c * radius.powi(i as i32 + 1)).collect();
    to_partial(&scaled).is_some()
}

/// `1 + Σ c[i]·B^{step·(i+1)}`; without coefficients just 1.
fn spread(c: &[f64], step: usize) -> Vec<f64> {
    if c.is_empty() { vec![1.0] } else { spread_at(c, step) }
}

fn spread_at(c: &[f64], step: usize) -> Vec<f64> {
    let mut polynomial = vec![0.0; c.len() * step + 1];
    polynomial[0] = 1.0;
    for (i, c) in c.iter().enumerate() {
        polynomial[(i + 1) * step] = *c;
    }
    polynomial
}
