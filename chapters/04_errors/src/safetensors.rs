//! The header of a safetensors file, read by hand. Every byte comes from outside, and is believed only after a check.
//!
//! ```text
//! 8 bytes             N, a number in little-endian order
//! N bytes             JSON: {"fc1.bias": {"dtype": "F16", "shape": [2], "data_offsets": [24, 28]}, …}
//! all that is left    data; offsets count from its first byte
//! ```
//!
//! The format is described at <https://github.com/huggingface/safetensors>. That library also refuses files whose tensors
//! overlap or leave gaps, and knows formats of less than a byte; this reader does neither.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use thiserror::Error;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Header {
    /// Texts that somebody left beside the tensors.
    #[serde(rename = "__metadata__", default)]
    pub metadata: BTreeMap<String, String>,
    /// The tensors by name.
    #[serde(flatten)]
    pub tensors: BTreeMap<String, TensorInfo>,
}

/// What the header says of one tensor.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TensorInfo {
    /// How its numbers are stored.
    pub dtype: Dtype,
    /// Its lengths, outermost first; empty for a single number.
    pub shape: Vec<usize>,
    /// Its first byte in the data, and the first byte behind it.
    pub data_offsets: (usize, usize),
}

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say all there is")]
pub enum Dtype {
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
}

impl Dtype {
    /// The bytes that one number takes.
    pub fn bytes(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::BF16 | Self::I16 => 2,
            Self::I8 | Self::U8 | Self::Bool => 1,
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Why a header cannot be read.
#[derive(Debug, Error)]
pub enum HeaderError {
    /// Not even room for the header's length.
    #[error("it has {found} bytes, and the first 8 should be the header's length: is it whole?")]
    NoLength {
        /// The file's length in bytes.
        found: usize,
    },
    /// The file ends before the header does.
    #[error("its header should have {wanted} bytes, and {found} are left: is it whole?")]
    Truncated {
        /// The header's length as the file says it.
        wanted: u64,
        /// The bytes behind the first 8.
        found: usize,
    },
    /// The header is not JSON, or not of this form.
    #[error("its header is not the JSON of a safetensors file")]
    Json(#[from] serde_json::Error),
    /// The header can be read, and does not fit the data. At least one fault, by name of tensor.
    #[error("what its header says of {} tensors cannot be:\n  {}", .0.len(), listed(.0))]
    Faults(Vec<TensorFault>),
}

/// What is wrong with one tensor.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TensorFault {
    /// The offsets run backwards, or out of the data.
    #[error("{name}: bytes {begin} to {end} do not lie in the {data} bytes of data")]
    Offsets {
        /// The tensor.
        name: String,
        /// Its first byte.
        begin: usize,
        /// The first byte behind it.
        end: usize,
        /// The bytes of data in the file.
        data: usize,
    },
    /// Its bytes are not as many as dtype and shape ask for.
    #[error("{name}: {dtype} in shape {shape:?} does not take {bytes} bytes")]
    Shape {
        /// The tensor.
        name: String,
        /// How its numbers are stored.
        dtype: Dtype,
        /// Its lengths.
        shape: Vec<usize>,
        /// The bytes that the offsets give it.
        bytes: usize,
    },
}

/// One line a fault.
fn listed(faults: &[TensorFault]) -> String {
    let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    texts.join("\n  ")
}

impl TensorInfo {
    /// The bytes that dtype and shape ask for, or `None` if there is no such number in a `usize`.
    pub fn bytes(&self) -> Option<usize> {
        let mut bytes = self.dtype.bytes();
        for length in &self.shape {
            bytes = bytes.checked_mul(*length)?;
        }
        Some(bytes)
    }

    /// Where its bytes lie in the data.
    pub fn range(&self) -> Range<usize> {
        self.data_offsets.0..self.data_offsets.1
    }

    fn fault(&self, name: &str, data: usize) -> Option<TensorFault> {
        let (begin, end) = self.data_offsets;
        if begin > end || end > data {
            return Some(TensorFault::Offsets {
                name: name.to_string(),
                begin,
                end,
                data,
            });
        }
        let bytes = end - begin;
        if self.bytes() == Some(bytes) {
            return None;
        }
        Some(TensorFault::Shape {
            name: name.to_string(),
            dtype: self.dtype,
            shape: self.shape.clone(),
            bytes,
        })
    }
}

/// Reads the header of `file`. Returns it with the data, where that lies in `file`.
///
/// Each tensor's [`range`](TensorInfo::range) lies in the data and has as many bytes as its dtype and shape ask for.
///
/// # Errors
///
/// [`HeaderError`], for whatever else the bytes are. No bytes make it panic, and no length that they claim makes it ask for
/// memory.
pub fn read_header(file: &[u8]) -> Result<(Header, &[u8]), HeaderError> {
    let (json, data) = split(file)?;
    let header: Header = serde_json::from_slice(json)?;
    let mut faults = Vec::new();
    for (name, tensor) in &header.tensors {
        faults.extend(tensor.fault(name, data.len()));
    }
    if !faults.is_empty() {
        return Err(HeaderError::Faults(faults));
    }
    Ok((header, data))
}

/// The header's JSON and the data.
fn split(file: &[u8]) -> Result<(&[u8], &[u8]), HeaderError> {
    let found = file.len();
    let (length, rest) = file
        .split_first_chunk()
        .ok_or(HeaderError::NoLength { found })?;
    let (wanted, found) = (u64::from_le_bytes(*length), rest.len());
    // Compared as the u64 that it is, with what is left: no sum that could overflow, no `as` that could cut off.
    if wanted > found as u64 {
        return Err(HeaderError::Truncated { wanted, found });
    }
    Ok(rest.split_at(wanted as usize))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;

    /// Made by the Python package safetensors 0.8.0:
    ///
    /// ```python
    /// save({"fc1.weight": np.array([[0.5, -1.0, 2.0], [0.25, 0.0, -0.5]], dtype=np.float32),
    ///       "fc1.bias": np.array([0.5, -0.5], dtype=np.float16)}, metadata={"format": "np"})
    /// ```
    pub(crate) const FILE: &[u8] = b"\xa0\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"np\"},\
        \"fc1.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\
        \"fc1.bias\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,28]}} \
        \0\0\0\x3f\0\0\x80\xbf\0\0\0\x40\0\0\x80\x3e\0\0\0\0\0\0\0\xbf\0\x38\0\xb8";

    #[test]
    fn reads_what_safetensors_wrote() {
        let (header, data) = read_header(FILE).expect("a whole file");
        assert_eq!(header.metadata["format"], "np");
        let weight = &header.tensors["fc1.weight"];
        assert_eq!(
            (weight.dtype, weight.shape.as_slice()),
            (Dtype::F32, [2, 3].as_slice())
        );
        let bias = &header.tensors["fc1.bias"];
        assert_eq!(
            (bias.dtype, bias.shape.as_slice()),
            (Dtype::F16, [2].as_slice())
        );
        // 0.5 in half precision is 0x3800, -0.5 is 0xb800.
        assert_eq!(data[bias.range()], [0x00, 0x38, 0x00, 0xb8]);
    }

    #[test]
    fn says_every_fault() {
        let header = str::from_utf8(&FILE[8..168]).expect("JSON");
        let header = header.replace("[0,24]", "[0,99]").replace("[2],", "[3],");
        let file = [&160_u64.to_le_bytes(), header.as_bytes(), &[0; 28]].concat();
        assert_eq!(
            read_header(&file).unwrap_err().to_string(),
            "what its header says of 2 tensors cannot be:\
             \n  fc1.bias: F16 in shape [3] does not take 4 bytes\
             \n  fc1.weight: bytes 0 to 99 do not lie in the 28 bytes of data"
        );
    }

    #[test]
    fn a_huge_length_asks_for_no_memory() {
        let mut file = FILE.to_vec();
        file[..8].fill(0xff);
        let used = measure(|| assert!(read_header(&file).is_err()));
        assert_eq!(used.count_total, 0);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(file in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = read_header(&file);
        }

        #[test]
        fn no_damage_makes_it_panic(places in prop::collection::vec((0_usize..196, any::<u8>()), 1..4), cut in 0_usize..=196) {
            let mut file = FILE.to_vec();
            for (place, byte) in places {
                file[place] = byte;
            }
            if let Ok((header, data)) = read_header(&file[..cut]) {
                for tensor in header.tensors.values() {
                    prop_assert_eq!(data.get(tensor.range()).map(<[u8]>::len), tensor.bytes());
                }
            }
        }
    }
}
