//! What the attention of a network looked at.

use super::super::TrainedNetwork;
use super::super::windows::Gathered;
use super::case::{Case, stopped};
use crate::control::Control;
use crate::forecast::ForecastError;
use crate::forecast::neural::fused::Fused;
use crate::model::AttentionStrip;

/// The attention's weights over the window that the forecast is made from, the mean over the team; `None` without
/// attention.
pub(super) fn strip(
    case: &Case,
    network: &TrainedNetwork,
    control: &Control,
) -> Result<Option<AttentionStrip>, ForecastError> {
    let shape = &network.facts.shape;
    if shape.attention().is_none() {
        return Ok(None);
    }
    let panel = case.panel(network);
    let view = panel.view();
    case.own(view)?;
    let (mut gathered, last) = (Gathered::default(), case.last());
    view.gather(&case.scaled, &[last], &mut gathered);
    let mut sums = vec![0.0; shape.window];
    for weights in &network.members {
        let mut engine = Fused::new(shape, weights, network.kind.recipe(&network.facts.options, 0));
        let mut own = vec![0.0; shape.window];
        let read = |pass: &crate::forecast::neural::pass::Pass, out: &mut [f32]| pass.attention(out);
        engine.visit((gathered.shown(), shape.window), &mut own, &read, control).map_err(|s| stopped(s.into()))?;
        sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += f64::from(own));
    }
    let total: f64 = sums.iter().sum();
    // A window that begins before the history repeats its first value there: what looks at those looks at it.
    let missing = shape.window.saturating_sub(last.t + 1);
    let mut weights: Vec<f64> = sums[missing..].iter().map(|sum| sum / total).collect();
    if let Some(first) = weights.first_mut() {
        *first += sums[..missing].iter().sum::<f64>() / total;
    }
    let start = case.series[0].start.plus((last.t + 1 + missing) as i64 - shape.window as i64);
    Ok(Some(AttentionStrip { start, weights }))
}
