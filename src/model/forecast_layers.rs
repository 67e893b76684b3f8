//! A forecast in layers: what the model said, and what was made of it.

use crate::text;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// What changed a forecast, in the order in which changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayerKind {
    /// The chosen model's own forecast.
    Statistical,
    /// A new item's launch curve, or an old one's way out.
    Launch,
    /// Made to add up with groups' forecasts.
    Reconciled,
    /// People's overrides.
    Override,
}

/// Means after one kind of change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What changed the forecast.
    pub kind: LayerKind,
    /// Mean per step after it.
    pub mean: Vec<f64>,
}

/// One series' layers, the statistical one first; the last one is final.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ForecastLayers {
    layers: Vec<Layer>,
}

impl ForecastLayers {
    /// The statistical forecast alone.
    pub fn new(mean: Vec<f64>) -> Self {
        Self { layers: vec![Layer { kind: LayerKind::Statistical, mean }] }
    }

    /// Puts a layer on top; one that changes nothing is left out.
    pub fn push(&mut self, kind: LayerKind, mean: Vec<f64>) {
        if self.last() != mean {
            self.layers.push(Layer { kind, mean });
        }
    }

    /// All layers, the statistical one first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Means of the layer of this kind, when it changed anything.
    pub fn get(&self, kind: LayerKind) -> Option<&[f64]> {
        self.layers.iter().find(|l| l.kind == kind).map(|l| &*l.mean)
    }

    /// Means after the changes of this kind and those before it.
    pub fn up_to(&self, kind: LayerKind) -> &[f64] {
        self.layers.iter().rev().find(|l| l.kind <= kind).map_or(&[], |l| &l.mean)
    }

    /// The model's own means.
    pub fn statistical(&self) -> &[f64] {
        self.layers.first().map_or(&[], |l| &l.mean)
    }

    /// The final means.
    pub fn last(&self) -> &[f64] {
        self.layers.last().map_or(&[], |l| &l.mean)
    }

    /// True when the final forecast is the model's own.
    pub fn is_plain(&self) -> bool {
        self.layers.len() < 2
    }
}

impl LayerKind {
    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::Statistical => text!("Statistical forecast", "统计预测"),
            Self::Launch => text!("After launch curve", "上市曲线后"),
            Self::Reconciled => text!("Reconciled", "协调后"),
            Self::Override => text!("With overrides", "人工调整后"),
        }
    }
}
