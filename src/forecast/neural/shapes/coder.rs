//! What describes windows, and how well.

use super::super::engine::Stop;
use super::autoencoder::Autoencoder;
use super::linear::Linear;
use super::windows::{Shown, Windows};
use crate::control::Control;
use rayon::prelude::*;

/// Windows described at a time.
const AT_ONCE: usize = 256;

/// One of the two ways to describe a window.
#[derive(Debug)]
pub(super) enum Coder {
    Network(Box<Autoencoder>),
    Linear(Linear),
}

/// Descriptions of windows.
#[derive(Debug, Default)]
pub(super) struct Described {
    /// `[window, number]`.
    pub(super) codes: Vec<f64>,
    /// `[window, period]`, made again from the codes, in spreads.
    pub(super) made: Vec<f32>,
}

impl Coder {
    /// Codes of windows and the windows made again from them.
    pub(super) fn describe(&mut self, shown: &[Shown<'_>], control: &Control) -> Result<Described, Stop> {
        match self {
            Self::Network(network) => {
                let codes = network.codes(shown, control)?.into_iter().map(f64::from).collect();
                Ok(Described { codes, made: network.made(shown, control)? })
            }
            Self::Linear(linear) => {
                let parts: Result<Vec<Described>, Stop> = shown
                    .par_chunks(AT_ONCE)
                    .map(|shown| {
                        control.check()?;
                        Ok(describe_part(linear, shown))
                    })
                    .collect();
                let mut all = Described::default();
                for part in parts? {
                    all.codes.extend(part.codes);
                    all.made.extend(part.made);
                }
                Ok(all)
            }
        }
    }

    /// Windows made again, without their codes.
    pub(super) fn made(&mut self, shown: &[Shown<'_>], control: &Control) -> Result<Vec<f32>, Stop> {
        match self {
            Self::Network(network) => network.made(shown, control),
            Self::Linear(_) => Ok(self.describe(shown, control)?.made),
        }
    }

    /// Of each window, the share of its variance that isn't made again.
    pub(super) fn errors(&mut self, windows: &Windows, rows: &[usize], control: &Control) -> Result<Vec<f64>, Stop> {
        let mut errors = Vec::with_capacity(rows.len());
        for rows in rows.chunks(AT_ONCE) {
            let shown: Vec<Shown<'_>> = rows.iter().map(|k| windows.shown(*k)).collect();
            let made = self.made(&shown, control)?;
            errors.extend(made.chunks_exact(windows.window).zip(rows).map(|(made, k)| error(made, windows.row(*k))));
        }
        Ok(errors)
    }
}

/// Mean square of the difference; a window's variance is 1.
pub(super) fn error(made: &[f32], z: &[f32]) -> f64 {
    let squares = made.iter().zip(z).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2));
    squares.sum::<f64>() / z.len().max(1) as f64
}

fn describe_part(linear: &Linear, shown: &[Shown<'_>]) -> Described {
    let mut part = Described::default();
    let mut made = vec![0.0; shown.first().map_or(0, |s| s.z.len())];
    for shown in shown {
        part.codes.extend(linear.code(shown, &mut made));
        part.made.extend(made.iter().map(|m| *m as f32));
    }
    part
}
