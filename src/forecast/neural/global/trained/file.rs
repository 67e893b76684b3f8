//! Trained networks as the bytes of a safetensors file.
//!
//! A file holds all kinds: a tensor per matrix and network (`hybrid.0.lstm.0.input`), a tensor of what the validation block
//! taught (`hybrid.errors`), and under the key `planwright` of its metadata a JSON text with the format's version, what is known of
//! the networks, and a checksum over that and all numbers. Weights at a backtest's origins may stand beside the others
//! (`hybrid.earlier.1.0.lstm.0.input`, the latest origin first). Any program that reads safetensors can open it.

use super::super::kind::Kind;
use super::super::predict::{Checked, Kept};
use super::{Facts, TrainedNetwork, TrainedNetworks, check, words};
use crate::forecast::neural::network::Matrix;
use crate::model::hex;
use crate::words::Text;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Largest file: sixty-four million weights.
const MOST_BYTES: usize = 256 << 20;
/// The format's version.
const VERSION: u32 = 2;
/// Our key in the metadata.
const KEY: &str = "planwright";
/// Most networks of a file: every kind once.
const MOST_KINDS: usize = Kind::ALL.len();

/// How many bits a weight takes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32: the same forecasts, byte for byte.
    Full,
    /// 16 (IEEE 754 binary16): half the size, three significant digits.
    Half,
}

/// The JSON text in the metadata.
#[derive(Serialize, Deserialize)]
struct About {
    version: u32,
    /// SHA-256 over the networks' JSON and all numbers.
    sha256: String,
    networks: Vec<OneKind>,
}

/// One kind of network.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OneKind {
    facts: Facts,
    members: usize,
    /// Origins of a backtest whose weights are kept besides.
    #[serde(default, skip_serializing_if = "is_zero")]
    earlier: usize,
    /// Trajectories of errors.
    errors: usize,
    lean: f64,
    weight: f64,
    covered: f64,
}

/// A tensor to be written.
struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl TrainedNetworks {
    /// The file's bytes; the same networks give the same bytes.
    ///
    /// # Errors
    /// The reason in words when there is nothing to save, it would be too large, or a weight is beyond what 16 bits hold.
    pub fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>, Text> {
        if self.networks.is_empty() {
            return Err(words::nothing_to_save());
        }
        let numbers: usize = self
            .networks
            .iter()
            .map(|n| 4 * (1 + n.earlier.len()) * n.parameters() + 8 * n.checked.kept().trajectories.len())
            .sum();
        if numbers > MOST_BYTES {
            return Err(words::file_too_large(MOST_BYTES));
        }
        let mut tensors = Vec::new();
        let mut networks = Vec::new();
        for network in &self.networks {
            networks.push(network.tensors(precision, &mut tensors)?);
        }
        let about = About { version: VERSION, sha256: checksum(&networks, &mut tensors)?, networks };
        let views = tensors.iter().map(|t| {
            let view = TensorView::new(t.dtype, t.shape.clone(), &t.bytes);
            view.map(|view| (t.name.as_str(), view))
        });
        let views: Vec<_> = views.collect::<Result<_, _>>().map_err(|e| words::unwritable(&e.to_string()))?;
        let about = serde_json::to_string(&about).map_err(|e| words::unwritable(&e.to_string()))?;
        // One key alone, so that no hash order shows.
        let metadata = HashMap::from([(KEY.to_owned(), about)]);
        serialize(views, Some(metadata)).map_err(|e| words::unwritable(&e.to_string()))
    }

    /// Reads a file's bytes. Nothing in them is trusted: sizes are bounded before anything is allocated, shapes must be
    /// those of the networks they tell of, numbers finite, and the checksum right.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Text> {
        if bytes.len() > MOST_BYTES {
            return Err(words::file_too_large(MOST_BYTES));
        }
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| words::no_safetensors(&e.to_string()))?;
        let about = header.metadata().as_ref().and_then(|m| m.get(KEY)).ok_or_else(words::foreign_weights)?;
        let version = serde_json::from_str::<Version>(about).map_err(|e| words::damaged(&e.to_string()))?.version;
        if version != VERSION {
            return Err(words::other_version(version, VERSION));
        }
        let about: About = serde_json::from_str(about).map_err(|e| words::damaged(&e.to_string()))?;
        if about.networks.is_empty() || about.networks.len() > MOST_KINDS {
            return Err(words::damaged("networks"));
        }
        let file = SafeTensors::deserialize(bytes).map_err(|e| words::no_safetensors(&e.to_string()))?;
        let mut found = Self::default();
        let mut count = 0;
        for one in &about.networks {
            let network = read(one, &file, bytes.len())?;
            let weights = network.members.len() * network.facts.shape.matrices().len();
            count += 1 + (1 + network.earlier.len()) * weights;
            if found.get(network.name()).is_some() {
                return Err(words::damaged(network.name()));
            }
            found.put(network);
        }
        if count != file.len() {
            return Err(words::damaged("tensors"));
        }
        // Last, since it reads everything once more.
        let mut tensors: Vec<Tensor> = Vec::new();
        for (name, view) in file.iter() {
            let shape = view.shape().to_vec();
            tensors.push(Tensor { name: name.to_owned(), dtype: view.dtype(), shape, bytes: view.data().to_vec() });
        }
        if checksum(&about.networks, &mut tensors)? != about.sha256 {
            return Err(words::damaged("SHA-256"));
        }
        Ok(found)
    }
}

/// How serde leaves a number out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// What every version begins with.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Over what is known of the networks and all numbers; sorts the tensors by name.
fn checksum(networks: &[OneKind], tensors: &mut [Tensor]) -> Result<String, Text> {
    let mut hash = Sha256::new();
    let json = serde_json::to_vec(networks).map_err(|e| words::unwritable(&e.to_string()))?;
    hash.update((json.len() as u64).to_le_bytes());
    hash.update(json);
    tensors.sort_by(|a, b| a.name.cmp(&b.name));
    for tensor in tensors {
        hash.update(&tensor.name);
        hash.update([0xff]);
        hash.update(&tensor.bytes);
    }
    Ok(hex(&hash.finalize()))
}

impl TrainedNetwork {
    /// As a file of this precision holds it.
    ///
    /// # Errors
    /// As [`TrainedNetworks::to_bytes`].
    pub fn rounded(&self, precision: Precision) -> Result<Self, Text> {
        if precision == Precision::Full {
            return Ok(self.clone());
        }
        let mut alone = TrainedNetworks::default();
        alone.put(self.clone());
        let mut read = TrainedNetworks::from_bytes(&alone.to_bytes(precision)?)?;
        read.networks.pop().ok_or_else(words::nothing_to_save)
    }

    /// Appends its tensors.
    fn tensors(&self, precision: Precision, out: &mut Vec<Tensor>) -> Result<OneKind, Text> {
        let kind = self.name();
        let matrices = self.facts.shape.matrices();
        for fold in 0..=self.earlier.len() {
            for (k, member) in self.at(fold).iter().enumerate() {
                for matrix in &matrices {
                    let values = &member[matrix.at.clone()];
                    let (dtype, bytes) = match precision {
                        Precision::Full => (Dtype::F32, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
                        Precision::Half => {
                            if values.iter().any(|v| !f16::from_f32(*v).is_finite()) {
                                return Err(words::beyond_half(kind));
                            }
                            let bytes = values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect();
                            (Dtype::F16, bytes)
                        }
                    };
                    out.push(Tensor { name: name(kind, (fold, k), matrix), dtype, shape: size(matrix), bytes });
                }
            }
        }
        let Kept { trajectories, horizon, lean, weight, covered } = self.checked.kept();
        let errors = trajectories.len() / horizon.max(1);
        let (dtype, bytes) = match precision {
            Precision::Full => (Dtype::F64, trajectories.iter().flat_map(|v| v.to_le_bytes()).collect()),
            Precision::Half => {
                (Dtype::F16, trajectories.iter().flat_map(|v| f16::from_f64(*v).to_le_bytes()).collect())
            }
        };
        out.push(Tensor { name: errors_name(kind), dtype, shape: vec![errors, horizon], bytes });
        let (members, earlier) = (self.members.len(), self.earlier.len());
        Ok(OneKind { facts: self.facts.clone(), members, earlier, errors, lean, weight, covered })
    }
}

/// One kind of network from a file.
fn read(about: &OneKind, file: &SafeTensors<'_>, bytes: usize) -> Result<TrainedNetwork, Text> {
    let facts = &about.facts;
    let kind = check::kind(facts)?;
    check::facts(kind, facts, (about.members, about.earlier), bytes)?;
    let matrices = facts.shape.matrices();
    let mut origins = Vec::with_capacity(1 + about.earlier);
    for fold in 0..=about.earlier {
        let mut members = Vec::with_capacity(about.members);
        for k in 0..about.members {
            let mut parameters = vec![0.0; facts.shape.len()];
            for matrix in &matrices {
                let tensor = name(kind.name(), (fold, k), matrix);
                let values = numbers(file, &tensor, &size(matrix))?;
                for (to, from) in parameters[matrix.at.clone()].iter_mut().zip(values) {
                    *to = from as f32;
                }
            }
            members.push(parameters);
        }
        origins.push(members);
    }
    let earlier = origins.split_off(1);
    let members = origins.pop().unwrap_or_default();
    let errors = errors_name(kind.name());
    let trajectories = numbers(file, &errors, &[about.errors, facts.horizon])?;
    let (lean, weight, covered) = (about.lean, about.weight, about.covered);
    let kept = Kept { trajectories, horizon: facts.horizon, lean, weight, covered };
    let checked = Checked::restored(kind, kept).ok_or_else(|| words::damaged(&errors))?;
    Ok(TrainedNetwork { kind, facts: facts.clone(), members, earlier, checked })
}

/// The finite numbers of a tensor that must have this shape. The bytes are there already, so the shape is bounded by them.
fn numbers(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f64>, Text> {
    let wrong = || words::damaged(name);
    let tensor = file.tensor(name).map_err(|e| words::damaged(&e.to_string()))?;
    if tensor.shape() != shape {
        return Err(wrong());
    }
    let bytes = tensor.data();
    let values: Vec<f64> = match tensor.dtype() {
        Dtype::F64 => bytes.as_chunks().0.iter().map(|b| f64::from_le_bytes(*b)).collect(),
        Dtype::F32 => bytes.as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b))).collect(),
        Dtype::F16 => bytes.as_chunks().0.iter().map(|b| f64::from(f16::from_le_bytes(*b))).collect(),
        _ => return Err(wrong()),
    };
    // A 64-bit weight may be finite and yet no finite 32-bit one.
    if values.iter().all(|v| (*v as f32).is_finite()) { Ok(values) } else { Err(wrong()) }
}

fn name(kind: &str, (fold, member): (usize, usize), matrix: &Matrix) -> String {
    let origin = if fold == 0 { String::new() } else { format!("earlier.{fold}.") };
    format!("{kind}.{origin}{member}.{}", matrix.name)
}

fn errors_name(kind: &str) -> String {
    format!("{kind}.errors")
}

/// A bias is a vector.
fn size(matrix: &Matrix) -> Vec<usize> {
    if matrix.rows == 1 && !matrix.decays() { vec![matrix.columns] } else { vec![matrix.rows, matrix.columns] }
}
