//! The tokenizer inside a GGUF file: the header that stands before the weights, read by hand.
//!
//! A GGUF file begins with `GGUF`, its version, how many tensors and how many entries there are, and then the entries: a
//! name, a type, a value. Texts and lists have their length before them. Whoever reads lengths from a file must not believe
//! them: here memory grows with what was read, never with what was promised.

use crate::hub::{fill, pairs_of};
use crate::split::Split;
use crate::vocabulary::Vocabulary;
use crate::{Tokenizer, TokenizerError};
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::iter::repeat;
use std::path::Path;

/// A value in a GGUF header. Numbers of any width are one of three kinds here.
#[derive(Clone, Debug, PartialEq)]
pub enum GgufValue {
    /// `u8` to `u64`
    Unsigned(u64),
    /// `i8` to `i64`
    Signed(i64),
    /// `f32` or `f64`
    Float(f64),
    /// true or false
    Bool(bool),
    /// A text
    Text(String),
    /// Values of one type
    List(Vec<GgufValue>),
}

impl GgufValue {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }

    fn number(&self) -> Option<i64> {
        match *self {
            Self::Unsigned(number) => i64::try_from(number).ok(),
            Self::Signed(number) => Some(number),
            _ => None,
        }
    }
}

/// Lists in lists, and no deeper: nobody writes them, and each level takes stack.
const DEEPEST: usize = 4;

/// Reads the entries of a GGUF file's header, and nothing behind them.
///
/// # Errors
///
/// `Malformed` for what is no GGUF of version 2 or 3, breaks off, or contradicts itself.
pub fn read_gguf_metadata(source: impl Read) -> Result<HashMap<String, GgufValue>, TokenizerError> {
    let mut header = Header { source };
    if header.bytes::<4>()? != *b"GGUF" {
        return Err(TokenizerError::malformed(
            "no GGUF file: it does not begin with 'GGUF'",
        ));
    }
    let version = header.u32()?;
    if !matches!(version, 2 | 3) {
        return Err(TokenizerError::Unsupported(format!(
            "GGUF version {version}"
        )));
    }
    let _tensors = header.u64()?;
    let count = header.u64()?;
    let mut entries = HashMap::new();
    for _ in 0..count {
        let name = header.text()?;
        let kind = header.u32()?;
        let value = header.value(kind, 0)?;
        entries.insert(name, value);
    }
    Ok(entries)
}

/// What is left of the header. All numbers are little-endian.
struct Header<R> {
    source: R,
}

impl<R: Read> Header<R> {
    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], TokenizerError> {
        let mut bytes = [0; N];
        match self.source.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(TokenizerError::malformed(format!(
                "the header breaks off: {error}"
            ))),
        }
    }

    fn u32(&mut self) -> Result<u32, TokenizerError> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, TokenizerError> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Result<String, TokenizerError> {
        let length = self.u64()?;
        let mut bytes = Vec::new();
        // `take` ends where the text ends; the vector grows with what comes, whatever `length` says.
        let read = self.source.by_ref().take(length).read_to_end(&mut bytes);
        match read {
            Ok(read) if read as u64 == length => String::from_utf8(bytes)
                .map_err(|_| TokenizerError::malformed("a text in the header is not UTF-8")),
            Ok(read) => Err(TokenizerError::malformed(format!(
                "the header breaks off: a text of {length} bytes has only {read}"
            ))),
            Err(error) => Err(TokenizerError::malformed(format!(
                "the header breaks off: {error}"
            ))),
        }
    }

    fn value(&mut self, kind: u32, depth: usize) -> Result<GgufValue, TokenizerError> {
        use GgufValue::{Bool, Float, List, Signed, Text, Unsigned};
        Ok(match kind {
            0 => Unsigned(u8::from_le_bytes(self.bytes()?).into()),
            1 => Signed(i8::from_le_bytes(self.bytes()?).into()),
            2 => Unsigned(u16::from_le_bytes(self.bytes()?).into()),
            3 => Signed(i16::from_le_bytes(self.bytes()?).into()),
            4 => Unsigned(self.u32()?.into()),
            5 => Signed(i32::from_le_bytes(self.bytes()?).into()),
            6 => Float(f32::from_le_bytes(self.bytes()?).into()),
            7 => Bool(self.bytes::<1>()? != [0]),
            8 => Text(self.text()?),
            9 if depth < DEEPEST => {
                let kind = self.u32()?;
                let length = self.u64()?;
                let mut values = Vec::new();
                for _ in 0..length {
                    values.push(self.value(kind, depth + 1)?);
                }
                List(values)
            }
            10 => Unsigned(self.u64()?),
            11 => Signed(i64::from_le_bytes(self.bytes()?)),
            12 => Float(f64::from_le_bytes(self.bytes()?)),
            _ => {
                return Err(TokenizerError::malformed(format!(
                    "the header has a value of type {kind}, or lists too deep in lists"
                )));
            }
        })
    }
}

/// What the header of a model says of its tokenizer. The texts stay where they are.
pub struct GgufVocabulary<'a> {
    /// The tokens by id, as the file writes them: special ones as their text, others in characters of bytes.
    pub tokens: Vec<&'a str>,
    /// For each token its type: 1 an ordinary one, 3 a special one, 4 one that a user added. Empty if all are ordinary.
    pub types: Vec<i64>,
    /// Merges by rank, as two tokens with a space between them.
    pub merges: Vec<&'a str>,
    /// The rule that cuts the text.
    pub split: Split,
}

impl<'a> GgufVocabulary<'a> {
    /// Picks it out of a header.
    ///
    /// # Errors
    ///
    /// `Malformed` if something is missing, `Unsupported` if it is no byte-level BPE or is cut by a rule that [`Split`] does
    /// not have.
    pub fn new(header: &'a HashMap<String, GgufValue>) -> Result<Self, TokenizerError> {
        let entry = |name: &str| {
            let name = format!("tokenizer.ggml.{name}");
            let missing = || TokenizerError::malformed(format!("the header has no '{name}'"));
            header.get(&name).ok_or_else(missing)
        };
        let wrong = |name: &str| {
            TokenizerError::malformed(format!("'tokenizer.ggml.{name}' is of another type"))
        };
        let text = |name: &str| entry(name)?.text().ok_or_else(|| wrong(name));
        let texts = |name: &str| {
            let list = entry(name)?.list().ok_or_else(|| wrong(name))?;
            let texts = list.iter().map(GgufValue::text);
            texts.collect::<Option<Vec<_>>>().ok_or_else(|| wrong(name))
        };
        let model = text("model")?;
        if model != "gpt2" {
            return Err(TokenizerError::Unsupported(format!(
                "a GGUF tokenizer of the kind '{model}'; byte-level BPE is called 'gpt2' there"
            )));
        }
        let types = match entry("token_type") {
            Ok(list) => {
                let list = list.list().ok_or_else(|| wrong("token_type"))?;
                let types = list.iter().map(GgufValue::number);
                types
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(|| wrong("token_type"))?
            }
            Err(_) => Vec::new(),
        };
        Ok(Self {
            split: Split::of_gguf(text("pre")?)?,
            tokens: texts("tokens")?,
            types,
            merges: texts("merges")?,
        })
    }

    /// The tokenizer that it is.
    ///
    /// # Errors
    ///
    /// `Malformed` if it contradicts itself.
    pub fn tokenizer(&self) -> Result<Tokenizer, TokenizerError> {
        if !self.types.is_empty() && self.types.len() != self.tokens.len() {
            return Err(TokenizerError::malformed(format!(
                "{} tokens, and types for {}",
                self.tokens.len(),
                self.types.len()
            )));
        }
        let types = self.types.iter().copied().chain(repeat(1));
        let (mut specials, mut ordinary) = (Vec::new(), Vec::new());
        for ((id, &token), kind) in (0_u32..).zip(&self.tokens).zip(types) {
            match kind {
                3 | 4 => specials.push((token, id)),
                5 => {} // An id that nobody uses.
                _ => ordinary.push((token, id)),
            }
        }
        let ids: FxHashMap<&str, u32> = ordinary.iter().copied().collect();
        let mut tokens = Vec::new();
        fill(&mut tokens, ordinary.into_iter(), &[])?;
        let merges = self.merges.iter();
        let merges = merges.map(|line| line.split_once(' ').unwrap_or((line, "")));
        let merges = pairs_of(merges, &|token| ids.get(token).copied())?;
        // Llama 3's vocabulary came from tiktoken, where a whole piece that is a token goes before the merges.
        let whole = self.split == Split::Llama3;
        let vocabulary = Vocabulary::of_pairs(&tokens, merges, whole)?;
        let mut tokenizer = Tokenizer::new(vocabulary, self.split);
        for (text, id) in specials {
            tokenizer.add_special_at(text, id)?;
        }
        Ok(tokenizer)
    }
}

impl Split {
    /// The rule that GGUF files call `name`, in `tokenizer.ggml.pre`. Several names are the same rule.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a rule that is none of these.
    pub fn of_gguf(name: &str) -> Result<Self, TokenizerError> {
        match name {
            "gpt-2" => Ok(Self::Gpt2),
            "smollm" | "starcoder" | "refact" | "command-r" => Ok(Self::SmolLm),
            "llama-bpe" | "llama3" | "llama-v3" => Ok(Self::Llama3),
            "qwen2" => Ok(Self::Qwen2),
            other => Err(TokenizerError::Unsupported(format!(
                "a text that is cut as '{other}' does it"
            ))),
        }
    }
}

impl Tokenizer {
    /// Reads the tokenizer out of a GGUF file, without the weights behind it.
    ///
    /// # Errors
    ///
    /// As [`read_gguf_metadata`], [`GgufVocabulary::new`] and [`GgufVocabulary::tokenizer`].
    pub fn from_gguf(source: impl Read) -> Result<Self, TokenizerError> {
        GgufVocabulary::new(&read_gguf_metadata(source)?)?.tokenizer()
    }

    /// The same from a file.
    ///
    /// # Errors
    ///
    /// `Io` if it cannot be opened, and as [`Self::from_gguf`].
    pub fn load_gguf(path: impl AsRef<Path>) -> Result<Self, TokenizerError> {
        let path = path.as_ref();
        let file = File::open(path).map_err(TokenizerError::io(path))?;
        Self::from_gguf(BufReader::new(file))
    }
}
