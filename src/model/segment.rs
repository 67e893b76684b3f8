//! Segments of a range of items: by what they are worth (ABC) and by how steadily they sell (XYZ).

use crate::text;
use crate::words::Text;
use serde::{Deserialize, Serialize};

/// By what an item is worth to the business, the dearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Abc {
    /// The few that make most of the value.
    A,
    /// The next.
    B,
    /// The many that make little of it, and those that make none.
    C,
}

/// By how steadily an item sells, the steadiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Xyz {
    /// Steady.
    X,
    /// Varying.
    Y,
    /// Erratic, or not known yet.
    Z,
}

impl Abc {
    /// All classes, the dearest first.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The class's letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

impl Xyz {
    /// All classes, the steadiest first.
    pub const ALL: [Self; 3] = [Self::X, Self::Y, Self::Z];

    /// The class's letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Y => "Y",
            Self::Z => "Z",
        }
    }
}

/// A cell of the matrix ABC × XYZ. In files it is its name: `AX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Segment {
    /// By value.
    pub abc: Abc,
    /// By variability.
    pub xyz: Xyz,
}

impl Segment {
    /// The segment of two classes.
    pub const fn new(abc: Abc, xyz: Xyz) -> Self {
        Self { abc, xyz }
    }

    /// All nine, row by row: AX, AY, AZ, BX, …
    pub fn all() -> impl Iterator<Item = Self> {
        Abc::ALL.into_iter().flat_map(|abc| Xyz::ALL.into_iter().map(move |xyz| Self { abc, xyz }))
    }

    /// Its place among [`Self::all`], in `0..9`.
    pub fn index(self) -> usize {
        self.abc as usize * 3 + self.xyz as usize
    }

    /// The segment by its name, case aside.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_uppercase();
        Self::all().find(|segment| segment.to_string() == name)
    }
}

impl std::fmt::Display for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.abc.name(), self.xyz.name())
    }
}

impl From<Segment> for String {
    fn from(segment: Segment) -> Self {
        segment.to_string()
    }
}

impl TryFrom<String> for Segment {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("{name} is no segment"))
    }
}

/// The pattern of demand by how often and how unevenly it comes (Syntetos, Boylan & Croston 2005: mean interval between
/// demands 1.32 periods, CV² of their sizes 0.49).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DemandClass {
    /// No period has demand.
    None,
    /// Regular in time and size.
    Smooth,
    /// Regular in time, irregular in size.
    Erratic,
    /// Irregular in time, regular in size.
    Intermittent,
    /// Irregular in time and size.
    Lumpy,
}

impl DemandClass {
    /// True when many periods have no demand.
    pub fn has_pauses(self) -> bool {
        matches!(self, Self::Intermittent | Self::Lumpy)
    }

    /// The name for people.
    pub fn label(self) -> Text {
        match self {
            Self::None => text!("no demand", "无需求"),
            Self::Smooth => text!("smooth", "平稳"),
            Self::Erratic => text!("erratic", "波动"),
            Self::Intermittent => text!("intermittent", "间断"),
            Self::Lumpy => text!("lumpy", "块状"),
        }
    }
}
