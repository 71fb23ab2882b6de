//! Tokens and text: the vocabulary that is in the model's file.

use crate::error::{Error, Result, malformed};
use crate::gguf::{Gguf, Value};
use std::collections::HashMap;
use tokenizers::models::bpe::BPE;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer};

/// Turns text into tokens. Special tokens are not looked for: to an encoder, `<|im_end|>` is ten characters.
pub trait Encode: Send + Sync {
    /// The ids of `text`'s tokens.
    fn encode(&self, text: &str) -> Vec<u32>;
}

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
    /// What each token writes; nothing, if it is a special one.
    bytes: Vec<Vec<u8>>,
    special: HashMap<String, u32>,
    names: HashMap<u32, String>,
    ends: Vec<u32>,
    /// Put before every text, if the model wants that.
    start: Option<u32>,
    encoder: Box<dyn Encode>,
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
        let tokens = texts(file, "tokenizer.ggml.tokens")?;
        let kinds = file.list("tokenizer.ggml.token_type").unwrap_or_default();
        let is_special = |id: usize| match kinds.get(id) {
            Some(Value::Signed(kind)) => *kind == CONTROL,
            Some(Value::Unsigned(kind)) => *kind == CONTROL.cast_unsigned(),
            _ => false,
        };
        let alphabet = alphabet();
        let mut vocabulary = Self {
            bytes: Vec::with_capacity(tokens.len()),
            special: HashMap::new(),
            names: HashMap::new(),
            ends: Vec::new(),
            start: None,
            encoder: Box::new(encoder(file, &tokens)?),
        };
        for (id, token) in tokens.iter().enumerate() {
            if is_special(id) {
                vocabulary.special.insert((*token).to_owned(), id as u32);
                vocabulary.names.insert(id as u32, (*token).to_owned());
                vocabulary.bytes.push(Vec::new());
            } else {
                // A character outside of the alphabet stands for itself: tokens that were added by hand.
                let mut bytes = Vec::with_capacity(token.len());
                for c in token.chars() {
                    match alphabet.get(&c) {
                        Some(&byte) => bytes.push(byte),
                        None => bytes.extend(c.to_string().bytes()),
                    }
                }
                vocabulary.bytes.push(bytes);
            }
        }
        let id = |key: &str| {
            file.count(key)
                .ok()
                .filter(|&id| id < tokens.len())
                .map(|id| id as u32)
        };
        vocabulary.ends.extend(id("tokenizer.ggml.eos_token_id"));
        vocabulary
            .ends
            .extend(ENDS.iter().filter_map(|end| vocabulary.special.get(*end)));
        if file.metadata.get("tokenizer.ggml.add_bos_token") == Some(&Value::Bool(true)) {
            vocabulary.start = id("tokenizer.ggml.bos_token_id");
        }
        Ok(vocabulary)
    }

    /// The same tokens, with another way to find them.
    #[must_use]
    pub fn with_encoder(mut self, encoder: Box<dyn Encode>) -> Self {
        self.encoder = encoder;
        self
    }

    /// The tokens of a text in which nothing is special.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        self.encoder.encode(text)
    }

    /// What a token writes: bytes, which need not be whole characters. Nothing for a special token, or one that there is not.
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], Vec::as_slice)
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

fn texts<'a>(file: &'a Gguf, key: &str) -> Result<Vec<&'a str>> {
    let text = |value: &'a Value| match value {
        Value::Text(text) => Ok(text.as_str()),
        _ => malformed(format!("{key} is not a list of strings")),
    };
    file.list(key)?.iter().map(text).collect()
}

/// GPT-2's way of writing each byte as a character that can be seen: most are themselves, the others are moved up.
fn alphabet() -> HashMap<char, u8> {
    let seen = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let mut hidden = 0x100_u32..;
    (0..=255_u8)
        .map(|byte| {
            if seen(byte) {
                return (char::from(byte), byte);
            }
            let letter = hidden.next().and_then(char::from_u32);
            (letter.expect("a letter above 0x100"), byte)
        })
        .collect()
}

/// The encoder of Hugging Face's `tokenizers`, made from the file's tokens and merges.
struct HuggingFace(Tokenizer);

impl Encode for HuggingFace {
    fn encode(&self, text: &str) -> Vec<u32> {
        // It can fail only for a token that is in the merges and not in the vocabulary, and such a model is refused.
        self.0
            .encode_fast(text, false)
            .map(|encoding| encoding.get_ids().to_vec())
            .unwrap_or_default()
    }
}

fn encoder(file: &Gguf, tokens: &[&str]) -> Result<HuggingFace> {
    let ids: tokenizers::models::bpe::Vocab = tokens
        .iter()
        .zip(0..)
        .map(|(token, id)| ((*token).to_owned(), id))
        .collect();
    let mut merges = Vec::new();
    for merge in texts(file, "tokenizer.ggml.merges")? {
        match merge.split_once(' ') {
            Some((left, right)) => merges.push((left.to_owned(), right.to_owned())),
            None => return malformed(format!("the merge '{merge}' is not two tokens")),
        }
    }
    let wrong =
        |error: tokenizers::Error| Error::Malformed(format!("the tokenizer's merges: {error}"));
    let bpe = BPE::builder()
        .vocab_and_merges(ids, merges)
        .build()
        .map_err(wrong)?;
    let mut tokenizer = Tokenizer::new(bpe);
    tokenizer.with_pre_tokenizer(Some(splitter(file.text("tokenizer.ggml.pre"))?));
    Ok(HuggingFace(tokenizer))
}

/// How text is cut before anything is merged. Each family of models has a way of its own, and the file names it.
fn splitter(name: Option<&str>) -> Result<PreTokenizerWrapper> {
    let by = |regex: &str| {
        let split = Split::new(
            SplitPattern::Regex(regex.to_owned()),
            SplitDelimiterBehavior::Isolated,
            false,
        );
        let split = split.expect("a constant of this file");
        Sequence::new(vec![
            split.into(),
            ByteLevel::new(false, true, false).into(),
        ])
        .into()
    };
    match name {
        None | Some("gpt-2" | "default") => Ok(ByteLevel::new(false, true, true).into()),
        Some("smollm" | "starcoder" | "refact" | "command-r") => Ok(Sequence::new(vec![
            Digits::new(true).into(),
            ByteLevel::new(false, true, true).into(),
        ])
        .into()),
        Some("llama-bpe" | "llama3" | "llama-v3") => Ok(by(
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        )),
        Some(other) => Err(Error::Unsupported(format!(
            "the file's way to split text is '{other}', which is not known"
        ))),
    }
}

/// The vocabulary of [`crate::model::tiny`].
pub(crate) fn tiny() -> Vec<(&'static str, Value)> {
    let mut letters: Vec<(char, u8)> = alphabet().into_iter().collect();
    letters.sort_unstable_by_key(|&(_, byte)| byte);
    let mut tokens: Vec<Value> = letters
        .iter()
        .map(|(c, _)| Value::Text(c.to_string()))
        .collect();
    tokens.extend(["<|im_start|>", "<|im_end|>"].map(|name| Value::Text(name.to_owned())));
    let kinds = (0..tokens.len())
        .map(|id| Value::Signed(if id < 256 { 1 } else { CONTROL }))
        .collect();
    vec![
        ("tokenizer.ggml.model", Value::Text("gpt2".to_owned())),
        ("tokenizer.ggml.tokens", Value::List(tokens)),
        ("tokenizer.ggml.token_type", Value::List(kinds)),
        ("tokenizer.ggml.merges", Value::List(Vec::new())),
        ("tokenizer.ggml.eos_token_id", Value::Unsigned(257)),
    ]
}
