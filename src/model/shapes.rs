//! Demand shapes: what a series' demand does over a season, whatever its size, and which series do the same.

use super::calendar::Period;
use super::sales::SeriesId;
use crate::words::Text;

/// The shapes of a panel's series.
///
/// A series is cut into windows back from the panel's last period, so that all windows lie alike in the calendar. A window
/// is brought to its own mean and spread and put into a few numbers, from which it can be made again; the mean of these
/// over a series' windows places it among the others.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandShapes {
    /// Periods of a window.
    pub window: usize,
    /// The panel's last period, which is the last one of the latest windows.
    pub end: Period,
    /// Numbers of an embedding, most important first.
    pub dimensions: usize,
    /// Every series, in the panel's order.
    pub series: Vec<SeriesShape>,
    /// Groups of series of a shape, largest first; one when there are none to tell apart.
    pub clusters: Vec<ShapeCluster>,
    /// Mean silhouette of the clusters, in `[−1, 1]` (Rousseeuw 1987); `None` when there is one cluster.
    pub silhouette: Option<f64>,
    /// How well the shapes are described.
    pub fit: ShapeFit,
    /// How the shapes were found and how far they can be trusted.
    pub why: Text,
}

/// How well windows are made again from their few numbers, on series that nothing was learnt from. Errors are the share of
/// a window's variance that is not made again: 0 is perfect, 1 no better than its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeFit {
    /// Windows learnt from.
    pub training: usize,
    /// Windows that said when to stop.
    pub validation: usize,
    /// Windows of the comparison.
    pub test: usize,
    /// Epochs trained, and the one whose weights were kept.
    pub epochs: (usize, usize),
    /// Error of the autoencoder; `None` when none was trained.
    pub network: Option<f64>,
    /// Error of as many principal components.
    pub linear: f64,
    /// True when the autoencoder described the shapes, false when principal components did.
    pub uses_network: bool,
}

/// One series' shape.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesShape {
    /// Whose.
    pub id: SeriesId,
    /// Periods that the shape was read from; fewer than a window for a short history.
    pub known: usize,
    /// Its place among the others; empty when its demand has no shape.
    pub embedding: Vec<f64>,
    /// Its window as made again, in spreads around its mean, oldest period first; empty as the embedding.
    pub profile: Vec<f64>,
    /// The cluster it belongs to.
    pub cluster: Option<usize>,
    /// Share of each whole window's variance that is not made again, oldest window first.
    pub errors: Vec<f64>,
    /// Series with a whole window whose shapes are nearest, nearest first, with their distance in spreads per period. A
    /// short history is compared with the same periods of the others.
    pub nearest: Vec<(SeriesId, f64)>,
    /// Half of all series are farther than this.
    pub usual_distance: f64,
    /// What the rest of its window says for each of the latest periods, units; `None` where that wasn't asked.
    pub expected: Vec<Option<f64>>,
    /// Periods in which demand wasn't what the rest of its window says, oldest first.
    pub anomalies: Vec<ShapeAnomaly>,
    /// Why there is no shape, or no judgement of its periods; empty when there are both.
    pub note: Text,
}

/// A period whose demand doesn't go with the rest of its window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeAnomaly {
    /// When.
    pub period: Period,
    /// What was sold, units.
    pub actual: f64,
    /// What the rest of the window says, units.
    pub expected: f64,
    /// Reconstruction error: actual − expected on the logarithmic scale, in spreads of the window.
    pub error: f64,
    /// The size of error beyond which a period of this series is flagged.
    pub limit: f64,
}

/// Series of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeCluster {
    /// Named by what its members do.
    pub name: Text,
    /// How many there are.
    pub members: usize,
    /// Mean profile, in spreads around the mean, oldest period first.
    pub profile: Vec<f64>,
    /// Mean error of its members' windows.
    pub error: f64,
}

/// An item whose history a new one may borrow.
#[derive(Debug, Clone, PartialEq)]
pub struct LikeItem {
    /// Which.
    pub id: SeriesId,
    /// How far its shape is from the new item's, in spreads per period.
    pub distance: f64,
    /// Why it is proposed.
    pub why: Text,
}

impl DemandShapes {
    /// A series' shape.
    pub fn get(&self, id: &SeriesId) -> Option<&SeriesShape> {
        self.series.binary_search_by(|s| s.id.cmp(id)).ok().map(|k| &self.series[k])
    }

    /// Periods flagged in all series.
    pub fn anomalies(&self) -> usize {
        self.series.iter().map(|s| s.anomalies.len()).sum()
    }
}

impl SeriesShape {
    /// Mean share of its whole windows' variance that is not made again; `None` without one.
    pub fn error(&self) -> Option<f64> {
        (!self.errors.is_empty()).then(|| self.errors.iter().sum::<f64>() / self.errors.len() as f64)
    }
}
