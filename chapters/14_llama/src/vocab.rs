//! Tokens and text: the vocabulary that is in the model's file, and chapter 13's tokenizer made of it.

use crate::error::{Error, Result, malformed};
use crate::gguf::{Gguf, Value};
use std::collections::HashMap;
use tokenizer::{GgufVocabulary, Split, Tokenizer, TokenizerError, char_of};

/// Where a file says what kind of token each one is.
const CONTROL: i64 = 3;

/// Tokens with which models end their turn, whatever the file calls its last one.
const ENDS: [&str; 6] = [
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "</s>",
];

/// All tokens of a model.
pub struct Vocabulary {
    tokenizer: Tokenizer,
    special: HashMap<String, u32>,
    names: HashMap<u32, String>,
    ends: Vec<u32>,
    /// Put before every text, if the model wants that.
    start: Option<u32>,
}

impl Vocabulary {
    /// Reads the vocabulary of a model's file.
    ///
    /// # Errors
    ///
    /// If there is none, or it is not a byte-level BPE.
    pub fn new(file: &Gguf) -> Result<Self> {
        match file.text("tokenizer.ggml.model") {
            Some("gpt2") => {}
            Some(other) => {
                let text = format!(
                    "the file's tokenizer is '{other}'; byte-level BPE ('gpt2') is supported"
                );
                return Err(Error::Unsupported(text));
            }
            None => return malformed("tokenizer.ggml.model is missing"),
        }
        let Some(split) = file.text("tokenizer.ggml.pre") else {
            return malformed("tokenizer.ggml.pre is missing, which says how text is cut");
        };
        let stored = GgufVocabulary {
            tokens: texts(file, "tokenizer.ggml.tokens")?,
            types: kinds(file)?,
            merges: texts(file, "tokenizer.ggml.merges")?,
            split: Split::of_gguf(split)?,
        };
        let special: HashMap<String, u32> = (0..)
            .zip(stored.tokens.iter().zip(&stored.types))
            .filter(|(_, (_, kind))| **kind == CONTROL)
            .map(|(id, (name, _))| ((*name).to_owned(), id))
            .collect();
        let id = |key: &str| {
            file.count(key)
                .ok()
                .filter(|&id| id < stored.tokens.len())
                .map(|id| id as u32)
        };
        let last = id("tokenizer.ggml.eos_token_id").into_iter();
        let ends = last.chain(ENDS.iter().filter_map(|end| special.get(*end).copied()));
        let start = match file.metadata.get("tokenizer.ggml.add_bos_token") {
            Some(Value::Bool(true)) => id("tokenizer.ggml.bos_token_id"),
            _ => None,
        };
        Ok(Self {
            tokenizer: stored.tokenizer()?,
            ends: ends.collect(),
            start,
            names: special
                .iter()
                .map(|(name, &id)| (id, name.clone()))
                .collect(),
            special,
        })
    }

    /// The tokens of a text in which nothing is special: to this, `<|im_end|>` is ten characters.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        self.tokenizer.encode(text)
    }

    /// What a token writes: bytes, which need not be whole characters. Nothing for a special token, or one that there is not.
    pub fn bytes(&self, token: u32) -> &[u8] {
        match self.tokenizer.token(token) {
            Some(bytes) if !self.names.contains_key(&token) => bytes,
            _ => &[],
        }
    }

    /// The id of a special token.
    pub fn special(&self, name: &str) -> Option<u32> {
        self.special.get(name).copied()
    }

    /// The names of all special tokens.
    pub fn specials(&self) -> impl Iterator<Item = (&str, u32)> {
        self.special.iter().map(|(name, &id)| (name.as_str(), id))
    }

    /// A special token's name.
    pub fn name(&self, token: u32) -> Option<&str> {
        self.names.get(&token).map(String::as_str)
    }

    /// Whether the model has finished with this token.
    pub fn is_end(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// The token that the model wants before every text, if any.
    pub fn start(&self) -> Option<u32> {
        self.start
    }

    /// Text of tokens; what is not UTF-8 is replaced.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens
            .iter()
            .flat_map(|&token| self.bytes(token))
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl From<TokenizerError> for Error {
    fn from(error: TokenizerError) -> Self {
        let text = format!("the tokenizer: {error}");
        match error {
            TokenizerError::Unsupported(_) => Self::Unsupported(text),
            _ => Self::Malformed(text),
        }
    }
}

fn texts<'a>(file: &'a Gguf, key: &str) -> Result<Vec<&'a str>> {
    let text = |value: &'a Value| match value {
        Value::Text(text) => Ok(text.as_str()),
        _ => malformed(format!("{key} is not a list of strings")),
    };
    file.list(key)?.iter().map(text).collect()
}

fn kinds(file: &Gguf) -> Result<Vec<i64>> {
    let key = "tokenizer.ggml.token_type";
    if !file.metadata.contains_key(key) {
        return Ok(Vec::new());
    }
    let kind = |value: &Value| match *value {
        Value::Signed(kind) => Ok(kind),
        Value::Unsigned(kind) => Ok(kind.cast_signed()),
        _ => malformed(format!("{key} is not a list of whole numbers")),
    };
    file.list(key)?.iter().map(kind).collect()
}

/// The vocabulary of [`crate::model::tiny`].
pub(crate) fn tiny() -> Vec<(&'static str, Value)> {
    let text = |text: String| Value::Text(text);
    let letters = (0..=255).map(|byte| char_of(byte).to_string());
    let names = ["<|im_start|>", "<|im_end|>"].map(str::to_owned);
    let tokens: Vec<Value> = letters.chain(names).map(text).collect();
    let kinds = (0..tokens.len())
        .map(|id| Value::Signed(if id < 256 { 1 } else { CONTROL }))
        .collect();
    vec![
        ("tokenizer.ggml.model", text("gpt2".to_owned())),
        ("tokenizer.ggml.pre", text("gpt-2".to_owned())),
        ("tokenizer.ggml.tokens", Value::List(tokens)),
        ("tokenizer.ggml.token_type", Value::List(kinds)),
        ("tokenizer.ggml.merges", Value::List(Vec::new())),
        ("tokenizer.ggml.eos_token_id", Value::Unsigned(257)),
    ]
}
