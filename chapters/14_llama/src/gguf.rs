//! The file: a header that says what is in it, then the weights, all in one piece.
//!
//! ```text
//! "GGUF"  version  tensors  pairs     4 bytes, u32, u64, u64; everything is little-endian
//! pairs   key, type, value            "llama.block_count", 4 (u32), 30
//! tensors name, dims, format, offset  "blk.0.attn_q.weight", [576, 576], 3 (Q4_1), 32020992
//! padding to a multiple of 32, then the weights
//! ```
//!
//! Whatever a length in the file says, it is compared with the file's end before anything is read or allocated. The
//! numbers come from somebody else.

use crate::error::{Error, Result, malformed};
use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Lists in lists in lists: nobody needs more, and each level is a call on the stack.
const DEEPEST: usize = 4;

/// What stands beside a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Any of the unsigned types.
    Unsigned(u64),
    /// Any of the signed types.
    Signed(i64),
    /// Either of the floating-point types.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A string; what is not UTF-8 in it was replaced.
    Text(String),
    /// Values of one type.
    List(Vec<Value>),
}

/// How a tensor's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types, reason = "the names that the field uses")]
pub enum Format {
    /// Four bytes a number.
    F32,
    /// Two bytes a number.
    F16,
    /// 32 numbers in 18 bytes: a scale and 4 bits each.
    Q4_0,
    /// 32 numbers in 20 bytes: a scale, the smallest, and 4 bits each.
    Q4_1,
    /// 32 numbers in 34 bytes: a scale and 8 bits each.
    Q8_0,
    /// Another one, known by its number, its block and the block's bytes.
    Other(u32, usize, usize),
}

impl Format {
    fn from_id(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            8 => Self::Q8_0,
            6 => Self::Other(id, 32, 22),
            7 => Self::Other(id, 32, 24),
            10 => Self::Other(id, 256, 84),
            11 => Self::Other(id, 256, 110),
            12 => Self::Other(id, 256, 144),
            13 => Self::Other(id, 256, 176),
            14 => Self::Other(id, 256, 210),
            30 => Self::Other(id, 1, 2),
            _ => return None,
        })
    }

    /// Its number in a file.
    pub fn id(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q8_0 => 8,
            Self::Other(id, ..) => id,
        }
    }

    /// Numbers in a block, and the block's bytes.
    pub fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 => (1, 2),
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q8_0 => (32, 34),
            Self::Other(_, numbers, bytes) => (numbers, bytes),
        }
    }
}

/// Where a tensor is, and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorInfo {
    /// The sizes, the innermost first: a matrix is `[columns, rows]`.
    pub dims: Vec<usize>,
    /// How its numbers are stored.
    pub format: Format,
    /// Its bytes in the file.
    pub bytes: Range<usize>,
}

/// A file's bytes: a map of it, or memory of our own.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// An open GGUF file.
pub struct Gguf {
    /// All of it.
    pub bytes: Bytes,
    /// The pairs of the header.
    pub metadata: HashMap<String, Value>,
    /// The tensors, by name.
    pub tensors: HashMap<String, TensorInfo>,
}

impl Gguf {
    /// Maps a file. Nothing of the weights is read before it is needed, and several processes share one copy of them.
    ///
    /// Nobody may write to the file while it is in use; replacing it by renaming another over it is fine (chapter 2).
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or is no sound GGUF file.
    pub fn open(path: &Path) -> Result<Self> {
        let read = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(read)?;
        if file.metadata().map_err(read)?.is_dir() {
            return Err(read(std::io::ErrorKind::IsADirectory.into()));
        }
        #[allow(unsafe_code, reason = "a map is unsafe by nature: see chapter 2")]
        // SAFETY: the file is opened for reading, and the documentation asks that nobody writes to it meanwhile. A model
        // is installed once and then only read.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(read)?;
        Self::from_bytes(Arc::new(map))
    }

    /// Reads the header of a file that is in memory.
    ///
    /// # Errors
    ///
    /// If it is no sound GGUF file.
    pub fn from_bytes(bytes: Bytes) -> Result<Self> {
        let (metadata, tensors) = read_header((*bytes).as_ref())?;
        Ok(Self {
            bytes,
            metadata,
            tensors,
        })
    }

    /// A count in the header.
    ///
    /// # Errors
    ///
    /// If the key is missing, or is not a whole number.
    pub fn count(&self, key: &str) -> Result<usize> {
        match self.metadata.get(key) {
            Some(Value::Unsigned(n)) => Ok(usize::try_from(*n).unwrap_or(usize::MAX)),
            Some(Value::Signed(n)) if *n >= 0 => Ok(usize::try_from(*n).unwrap_or(usize::MAX)),
            Some(_) => malformed(format!("{key} is not a whole number")),
            None => malformed(format!("{key} is missing")),
        }
    }

    /// A number in the header.
    ///
    /// # Errors
    ///
    /// If the key is missing, or is not a number.
    pub fn float(&self, key: &str) -> Result<f32> {
        match self.metadata.get(key) {
            Some(Value::Float(x)) => Ok(*x as f32),
            Some(_) => malformed(format!("{key} is not a number")),
            None => malformed(format!("{key} is missing")),
        }
    }

    /// A string in the header.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.metadata.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A list in the header.
    ///
    /// # Errors
    ///
    /// If the key is missing, or is not a list.
    pub fn list(&self, key: &str) -> Result<&[Value]> {
        match self.metadata.get(key) {
            Some(Value::List(list)) => Ok(list),
            _ => malformed(format!("{key} is missing or not a list")),
        }
    }

    /// A tensor of the given sizes, the innermost first.
    ///
    /// # Errors
    ///
    /// If it is missing, or of another shape.
    pub fn tensor(&self, name: &str, dims: &[usize]) -> Result<&TensorInfo> {
        let Some(info) = self.tensors.get(name) else {
            return malformed(format!("tensor {name} is missing"));
        };
        if info.dims != dims {
            return malformed(format!(
                "tensor {name} has shape {:?} instead of {dims:?}",
                info.dims
            ));
        }
        Ok(info)
    }

    /// A tensor's bytes.
    pub fn data(&self, info: &TensorInfo) -> &[u8] {
        &(*self.bytes).as_ref()[info.bytes.clone()]
    }
}

type Header = (HashMap<String, Value>, HashMap<String, TensorInfo>);

/// Reads everything before the weights.
fn read_header(file: &[u8]) -> Result<Header> {
    let mut at = Reader { file, at: 0 };
    let magic = &file[..file.len().min(4)];
    if magic != b"GGUF" {
        return Err(Error::NotGguf(String::from_utf8_lossy(magic).into_owned()));
    }
    at.at = 4;
    let version = at.u32("the version")?;
    if !(2..=3).contains(&version) {
        return Err(Error::Version(version));
    }
    let tensors = at.u64("the number of tensors")?;
    let pairs = at.u64("the number of pairs")?;

    let mut metadata = HashMap::new();
    for _ in 0..pairs {
        let key = at.text("a key")?;
        let kind = at.u32(&key)?;
        let value = at.value(&key, kind, 0)?;
        if metadata.insert(key.clone(), value).is_some() {
            return malformed(format!("{key} is there twice"));
        }
    }

    let mut found = Vec::new();
    for _ in 0..tensors {
        found.push(at.tensor()?);
    }
    let alignment = match metadata.get("general.alignment") {
        None => 32,
        Some(Value::Unsigned(n)) if n.is_power_of_two() && (8..=1 << 16).contains(n) => *n as usize,
        Some(other) => return malformed(format!("general.alignment is {other:?}")),
    };
    let start = at.at.next_multiple_of(alignment) as u64;

    let mut placed = HashMap::new();
    for (name, dims, format, offset) in found {
        let bytes = tensor_bytes(&name, &dims, format)?;
        if !offset.is_multiple_of(alignment as u64) {
            return malformed(format!(
                "tensor {name} begins between two multiples of {alignment}"
            ));
        }
        let begin = start.saturating_add(offset);
        let range = match begin.checked_add(bytes) {
            Some(end) if end <= file.len() as u64 => begin as usize..end as usize,
            _ => {
                return Err(Error::Cut {
                    what: format!("tensor {name}"),
                    at: usize::try_from(begin).unwrap_or(usize::MAX),
                    need: bytes,
                    size: file.len(),
                });
            }
        };
        let info = TensorInfo {
            dims,
            format,
            bytes: range,
        };
        if placed.insert(name.clone(), info).is_some() {
            return malformed(format!("tensor {name} is there twice"));
        }
    }
    Ok((metadata, placed))
}

/// How long a tensor is.
fn tensor_bytes(name: &str, dims: &[usize], format: Format) -> Result<u64> {
    let (numbers, bytes) = format.block();
    if dims
        .first()
        .is_some_and(|inner| !inner.is_multiple_of(numbers))
    {
        return malformed(format!(
            "tensor {name}: {dims:?} is not whole blocks of {numbers}"
        ));
    }
    let elements = dims
        .iter()
        .try_fold(1_u64, |all, &dim| all.checked_mul(dim as u64));
    match elements.and_then(|all| (all / numbers as u64).checked_mul(bytes as u64)) {
        Some(bytes) => Ok(bytes),
        None => malformed(format!(
            "tensor {name}: {dims:?} is more than any memory holds"
        )),
    }
}

/// A place in the file, moving forwards.
struct Reader<'a> {
    file: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, what: &str, bytes: u64) -> Result<&'a [u8]> {
        let rest = &self.file[self.at..];
        if bytes > rest.len() as u64 {
            return Err(Error::Cut {
                what: what.to_owned(),
                at: self.at,
                need: bytes,
                size: self.file.len(),
            });
        }
        self.at += bytes as usize;
        Ok(&rest[..bytes as usize])
    }

    fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N]> {
        let bytes = self.take(what, N as u64)?;
        Ok(bytes.try_into().expect("as many as were asked for"))
    }

    fn u32(&mut self, what: &str) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn u64(&mut self, what: &str) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    fn text(&mut self, what: &str) -> Result<String> {
        let length = self.u64(what)?;
        let bytes = self.take(what, length)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn value(&mut self, key: &str, kind: u32, depth: usize) -> Result<Value> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(u8::from_le_bytes(self.array(key)?))),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array(key)?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array(key)?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.array(key)?))),
            4 => Value::Unsigned(u64::from(self.u32(key)?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.array(key)?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array(key)?))),
            7 => Value::Bool(self.array::<1>(key)? != [0]),
            8 => Value::Text(self.text(key)?),
            9 if depth < DEEPEST => {
                let kind = self.u32(key)?;
                let length = self.u64(key)?;
                let mut list = Vec::new(); // grows with what is there, not with what is promised
                for _ in 0..length {
                    list.push(self.value(key, kind, depth + 1)?);
                }
                Value::List(list)
            }
            9 => {
                return malformed(format!(
                    "{key} is a list in a list in a list in a list in a list"
                ));
            }
            10 => Value::Unsigned(self.u64(key)?),
            11 => Value::Signed(i64::from_le_bytes(self.array(key)?)),
            12 => Value::Float(f64::from_le_bytes(self.array(key)?)),
            _ => return malformed(format!("{key} is of type {kind}, which there is not")),
        })
    }

    fn tensor(&mut self) -> Result<(String, Vec<usize>, Format, u64)> {
        let name = self.text("a tensor's name")?;
        let count = self.u32(&name)?;
        if !(1..=4).contains(&count) {
            return malformed(format!("tensor {name} has {count} dimensions"));
        }
        let mut dims = Vec::new();
        for _ in 0..count {
            match usize::try_from(self.u64(&name)?) {
                Ok(dim) if dim > 0 => dims.push(dim),
                _ => {
                    return malformed(format!(
                        "tensor {name} has a dimension of no or too many numbers"
                    ));
                }
            }
        }
        let id = self.u32(&name)?;
        let Some(format) = Format::from_id(id) else {
            return Err(Error::Unsupported(format!(
                "tensor {name} is stored in format {id}, which is not known here"
            )));
        };
        let offset = self.u64(&name)?;
        Ok((name, dims, format, offset))
    }
}

/// Writes a GGUF file: the counterpart of the reader, for tests and for small models made by hand.
///
/// Each tensor is its name, its sizes (the innermost first), its format and its bytes.
pub fn write(
    metadata: &[(&str, Value)],
    tensors: &[(String, Vec<usize>, Format, Vec<u8>)],
) -> Vec<u8> {
    let mut file = b"GGUF".to_vec();
    file.extend(3_u32.to_le_bytes());
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend((metadata.len() as u64).to_le_bytes());
    for (key, value) in metadata {
        put_text(&mut file, key);
        file.extend(kind(value).to_le_bytes());
        put(&mut file, value);
    }
    let mut offset = 0_usize;
    for (name, dims, format, bytes) in tensors {
        put_text(&mut file, name);
        file.extend((dims.len() as u32).to_le_bytes());
        for &dim in dims {
            file.extend((dim as u64).to_le_bytes());
        }
        file.extend(format.id().to_le_bytes());
        file.extend((offset as u64).to_le_bytes());
        offset = (offset + bytes.len()).next_multiple_of(32);
    }
    for (.., bytes) in tensors {
        file.resize(file.len().next_multiple_of(32), 0);
        file.extend(bytes);
    }
    file
}

fn kind(value: &Value) -> u32 {
    match value {
        Value::Unsigned(_) => 10,
        Value::Signed(_) => 11,
        Value::Float(_) => 12,
        Value::Bool(_) => 7,
        Value::Text(_) => 8,
        Value::List(_) => 9,
    }
}

fn put(file: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Unsigned(n) => file.extend(n.to_le_bytes()),
        Value::Signed(n) => file.extend(n.to_le_bytes()),
        Value::Float(x) => file.extend(x.to_le_bytes()),
        Value::Bool(yes) => file.push(u8::from(*yes)),
        Value::Text(text) => put_text(file, text),
        Value::List(list) => {
            file.extend(list.first().map_or(4, kind).to_le_bytes());
            file.extend((list.len() as u64).to_le_bytes());
            for value in list {
                put(file, value);
            }
        }
    }
}

fn put_text(file: &mut Vec<u8>, text: &str) {
    file.extend((text.len() as u64).to_le_bytes());
    file.extend(text.as_bytes());
}
