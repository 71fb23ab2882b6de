//! Loading weights that somebody else has saved, without being lenient.
//!
//! `VarStore::load` asks for every name that the network has, and for nothing else: a file with more names is taken, a
//! weight that can be broadcast to the wanted shape is, and a weight of another kind turns the network's into that kind.
//! For an exchange between two programs each of these is a mistake.

use safetensors::{Dtype, SafeTensorError, SafeTensors};
use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs, io};
use tch::{TchError, nn::VarStore};

/// Why a file of weights was refused.
#[derive(Debug)]
pub enum LoadError {
    /// The file cannot be read.
    Io(io::Error),
    /// It is not a safetensors file.
    Format(SafeTensorError),
    /// It is not the file of this network: every name that is missing, unknown, or of another shape or type.
    Differs(Vec<String>),
    /// LibTorch refused it.
    Torch(TchError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Format(error) => error.fmt(f),
            Self::Differs(how) => {
                write!(f, "the weights are not this network's: {}", how.join("; "))
            }
            Self::Torch(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// Loads a safetensors file into `vs` if it holds exactly the network's weights: all names, no more, each of `f32` and of
/// its shape.
///
/// # Errors
///
/// If it does not, with every difference; `vs` is then as it was.
pub fn load_exact(vs: &mut VarStore, path: &Path) -> Result<(), LoadError> {
    let bytes = fs::read(path).map_err(LoadError::Io)?;
    let file = SafeTensors::deserialize(&bytes).map_err(LoadError::Format)?;
    let wanted: BTreeMap<_, _> = vs
        .variables()
        .into_iter()
        .map(|(name, weight)| (name, weight.size()))
        .collect();
    let mut differences = Vec::new();
    for (name, shape) in &wanted {
        match file.tensor(name) {
            Err(_) => differences.push(format!("{name} is missing")),
            Ok(found) => {
                let same = found
                    .shape()
                    .iter()
                    .map(|&size| size as i64)
                    .eq(shape.iter().copied());
                if !same {
                    differences.push(format!("{name} is {:?}, not {shape:?}", found.shape()));
                }
                if found.dtype() != Dtype::F32 {
                    differences.push(format!("{name} is of {:?}, not of F32", found.dtype()));
                }
            }
        }
    }
    let mut unknown: Vec<_> = file
        .names()
        .into_iter()
        .filter(|name| !wanted.contains_key(*name))
        .collect();
    unknown.sort_unstable();
    differences.extend(unknown.into_iter().map(|name| format!("{name} is unknown")));
    if !differences.is_empty() {
        return Err(LoadError::Differs(differences));
    }
    vs.load(path).map_err(LoadError::Torch)
}
