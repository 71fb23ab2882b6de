//! # A header reader for people
//!
//! Which tensors are in a file, of which type and shape, and where do their bytes lie? This reader knows the answer for
//! every good file. For a bad one it panics, or stops at the first fault, or says 'bad offsets'; and the bad ones
//! are those that people ask about: downloads that broke off, files written by somebody's script, files made to do harm.
//!
//! Nothing new is needed. Four places to work, from the top: an error's conversion, two texts, arithmetic with numbers
//! from outside, and a function that gives up too early. serde's `Deserialize` is derived: it writes the code that
//! fills a struct from JSON, and returns an error for a field that is missing or not of its type.

use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// The header of a safetensors file. What is in its JSON beside the tensors stands under `__metadata__`.
#[derive(Debug, Deserialize)]
struct Header {
    #[serde(rename = "__metadata__", default)]
    _metadata: BTreeMap<String, String>,
    /// By name, in the order of the alphabet.
    #[serde(flatten)]
    tensors: BTreeMap<String, Tensor>,
}

/// What the header says of one tensor: its bytes are `data_offsets.0..data_offsets.1` of what follows the header.
#[derive(Debug, PartialEq, Deserialize)]
struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
enum Dtype {
    F32,
    F16,
    BF16,
    I8,
}

/// Why a file cannot be read.
#[derive(Debug, Error)]
enum HeaderError {
    #[error("a safetensors file begins with 8 bytes, this one has {found}: download it again")]
    NoLength { found: usize },
    #[error("the header should have {wanted} bytes, {found} are left: download it again")]
    Truncated { wanted: u64, found: usize },
    // TODO: `read` should be able to hand serde's error up with `?`.
    // [starter]
    // #[error("the header is not the JSON of a safetensors file")]
    // Json(serde_json::Error),
    // [solution]
    #[error("the header is not the JSON of a safetensors file")]
    Json(#[from] serde_json::Error),
    // [end]
    #[error("{} tensors are not what the header says", .0.len())]
    Faults(Vec<Fault>),
}

/// What is wrong with one tensor.
#[derive(Debug, PartialEq, Error)]
enum Fault {
    // TODO: Tell people which tensor and which numbers: each text names every field of its variant.
    // [starter]
    // #[error("bad offsets")]
    // Offsets {
    //     name: String,
    //     begin: usize,
    //     end: usize,
    //     data: usize,
    // },
    // #[error("bad shape")]
    // Shape {
    //     name: String,
    //     shape: Vec<usize>,
    //     bytes: usize,
    // },
    // [solution]
    #[error("{name}: bytes {begin} to {end} do not lie in the {data} bytes of data")]
    Offsets {
        name: String,
        begin: usize,
        end: usize,
        data: usize,
    },
    #[error("{name}: shape {shape:?} does not take the {bytes} bytes that the tensor has")]
    Shape {
        name: String,
        shape: Vec<usize>,
        bytes: usize,
    },
    // [end]
}

impl Tensor {
    /// The bytes that dtype and shape ask for, or `None` if the number is too large for a `usize`.
    fn bytes(&self) -> Option<usize> {
        // TODO: A shape from outside can be [4294967296, 4294967296]. Multiply so that too much is `None`.
        // [starter]
        // let mut bytes = self.dtype.bytes();
        // for length in &self.shape {
        //     bytes *= *length;
        // }
        // Some(bytes)
        // [solution]
        let mut bytes = self.dtype.bytes();
        for length in &self.shape {
            bytes = bytes.checked_mul(*length)?;
        }
        Some(bytes)
        // [end]
    }

    /// What is wrong with this tensor in a file with so many bytes of data.
    fn fault(&self, name: &str, data: usize) -> Option<Fault> {
        let (begin, end) = self.data_offsets;
        if begin > end || end > data {
            return Some(Fault::Offsets {
                name: name.to_string(),
                begin,
                end,
                data,
            });
        }
        let bytes = end - begin;
        if self.bytes() != Some(bytes) {
            return Some(Fault::Shape {
                name: name.to_string(),
                shape: self.shape.clone(),
                bytes,
            });
        }
        None
    }
}

impl Dtype {
    /// The bytes that one number takes.
    fn bytes(self) -> usize {
        match self {
            Dtype::F32 => 4,
            Dtype::F16 | Dtype::BF16 => 2,
            Dtype::I8 => 1,
        }
    }
}

/// The header and the data, from the exercise before this one.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), HeaderError> {
    let found = file.len();
    let (length, rest) = file
        .split_first_chunk::<8>()
        .ok_or(HeaderError::NoLength { found })?;
    let (wanted, found) = (u64::from_le_bytes(*length), rest.len());
    if wanted > found as u64 {
        return Err(HeaderError::Truncated { wanted, found });
    }
    Ok(rest.split_at(wanted as usize))
}

/// The tensors of a file, by name. An error has the faults of all tensors.
fn read(file: &[u8]) -> Result<BTreeMap<String, Tensor>, HeaderError> {
    let (header, data) = split(file)?;
    // TODO: JSON from outside may be anything. And whoever mends a file wants all its faults.
    // [starter]
    // let header: Header = serde_json::from_slice(header).expect("a header in JSON");
    // for (name, tensor) in &header.tensors {
    //     if let Some(fault) = tensor.fault(name, data.len()) {
    //         return Err(HeaderError::Faults(vec![fault]));
    //     }
    // }
    // [solution]
    let header: Header = serde_json::from_slice(header)?;
    let mut faults = Vec::new();
    for (name, tensor) in &header.tensors {
        if let Some(fault) = tensor.fault(name, data.len()) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(HeaderError::Faults(faults));
    }
    // [end]
    Ok(header.tensors)
}

#[path = "../../chapters/04_errors/checks/safetensors_header.rs"]
mod checks;
