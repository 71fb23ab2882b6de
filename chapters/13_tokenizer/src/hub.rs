//! `tokenizer.json`, as Hugging Face's `tokenizers` writes it: how a tokenizer of this crate is saved, and how a model's is
//! loaded.
//!
//! Of all that such a file can say, this crate knows byte-level BPE with one of the rules in [`Split`]. Everything else is
//! an error: a tokenizer that is nearly right is wrong.

use crate::byte_chars::{bytes_of, written};
use crate::plain::Pair;
use crate::split::Split;
use crate::vocabulary::Vocabulary;
use crate::{Tokenizer, TokenizerError};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<Added>,
    #[serde(default)]
    normalizer: Value,
    #[serde(default)]
    pre_tokenizer: Value,
    model: Model,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    vocab: HashMap<String, u32>,
    merges: Vec<Merge>,
    #[serde(default)]
    dropout: Value,
    #[serde(default)]
    continuing_subword_prefix: Option<String>,
    #[serde(default)]
    end_of_word_suffix: Option<String>,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
}

/// Older files write `"a b"`, newer ones `["a", "b"]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Merge {
    Line(String),
    Pair(String, String),
}

impl Tokenizer {
    /// Reads the text of a `tokenizer.json`.
    ///
    /// Post-processing, truncation and padding are not part of it: the ids are those of the text alone.
    ///
    /// # Errors
    ///
    /// `Json`, `Malformed`, or `Unsupported` for what is no byte-level BPE or is cut by a rule that [`Split`] does not have.
    pub fn from_json(text: &str) -> Result<Self, TokenizerError> {
        let file: File = serde_json::from_str(text)?;
        let model = &file.model;
        let unsupported = |what: &str| Err(TokenizerError::Unsupported(what.into()));
        if model.kind.as_ref().is_some_and(|kind| kind != "BPE") {
            return unsupported("a model that is not BPE");
        }
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        if has(&model.continuing_subword_prefix)
            || has(&model.end_of_word_suffix)
            || model.byte_fallback
            || !model.dropout.is_null()
        {
            return unsupported("BPE with prefixes, suffixes, byte fallback or dropout");
        }
        if !file.normalizer.is_null() {
            return unsupported("a normalizer");
        }
        let split = split_of(&file.pre_tokenizer)?;
        let mut tokens = Vec::new();
        let specials = file.added_tokens.iter().map(|added| &added.content[..]);
        fill(
            &mut tokens,
            model.vocab.iter().map(|(token, &id)| (&token[..], id)),
            &specials.collect::<Vec<_>>(),
        )?;
        let merges = model.merges.iter().map(|merge| match merge {
            Merge::Line(line) => line.split_once(' ').unwrap_or((line, "")),
            Merge::Pair(left, right) => (&left[..], &right[..]),
        });
        let merges = pairs_of(merges, &|token| model.vocab.get(token).copied())?;
        let vocabulary = Vocabulary::of_pairs(&tokens, merges, model.ignore_merges)?;
        let mut tokenizer = Self::new(vocabulary, split);
        for added in &file.added_tokens {
            if added.single_word || added.lstrip || added.rstrip {
                return unsupported("an added token that takes white space along, or stands alone");
            }
            tokenizer.add_special_at(&added.content, added.id)?;
        }
        Ok(tokenizer)
    }

    /// The text of a `tokenizer.json` that [`Self::from_json`] and Hugging Face's `tokenizers` read.
    pub fn to_json(&self) -> String {
        let token = |id| written(self.ordinary_token(id).unwrap_or_default());
        let ids = 0..self.vocabulary_size() as u32;
        let vocab: serde_json::Map<String, Value> = ids
            .filter(|&id| self.ordinary_token(id).is_some())
            .map(|id| (token(id), id.into()))
            .collect();
        let merges: Vec<Value> = self
            .merges()
            .iter()
            .map(|&(left, right)| json!([token(left), token(right)]))
            .collect();
        let added: Vec<Value> = self
            .specials()
            .into_iter()
            .map(|(content, id)| {
                json!({
                    "id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true,
                })
            })
            .collect();
        let file = json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": null,
            "pre_tokenizer": pre_tokenizer(self.split()),
            "post_processor": null,
            "decoder": byte_level(false),
            "model": {
                "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
                "ignore_merges": self.goes_by_whole_pieces(), "vocab": vocab, "merges": merges,
            },
        });
        file.to_string()
    }

    /// Writes a `tokenizer.json`. The file takes its name when it is whole.
    ///
    /// # Errors
    ///
    /// `Io`.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), TokenizerError> {
        let path = path.as_ref();
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".{}.part", std::process::id()));
        fs::write(&part, self.to_json())
            .and_then(|()| fs::rename(&part, path))
            .map_err(TokenizerError::io(path))
    }

    /// Reads a `tokenizer.json`, one that [`Self::save`] wrote or a model's.
    ///
    /// # Errors
    ///
    /// `Io` if it cannot be read, and as [`Self::from_json`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, TokenizerError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(TokenizerError::io(path))?;
        Self::from_json(&text)
    }
}

/// Puts each token's bytes into its place. Special tokens are left out: their texts are not written in characters of bytes.
pub fn fill<'a>(
    tokens: &mut Vec<Vec<u8>>,
    vocab: impl ExactSizeIterator<Item = (&'a str, u32)>,
    specials: &[&str],
) -> Result<(), TokenizerError> {
    let most = 2 * vocab.len() + 1_024;
    for (token, id) in vocab.filter(|(token, _)| !specials.contains(token)) {
        let fault = |what: &str| TokenizerError::malformed(format!("the token '{token}' {what}"));
        let place = id as usize;
        // Ids count from 0 with at most a few gaps; a wild one would ask for memory that nobody has.
        if place > most {
            return Err(fault("has an id far beyond the number of tokens"));
        }
        if place >= tokens.len() {
            tokens.resize(place + 1, Vec::new());
        }
        let bytes =
            bytes_of(token).ok_or_else(|| fault("is not written in characters of bytes"))?;
        if bytes.is_empty() || !tokens[place].is_empty() {
            return Err(fault("is empty, or has the id of another"));
        }
        tokens[place] = bytes;
    }
    Ok(())
}

/// Merges of tokens as merges of ids.
pub fn pairs_of<'a>(
    merges: impl Iterator<Item = (&'a str, &'a str)>,
    id: &dyn Fn(&str) -> Option<u32>,
) -> Result<Vec<Pair>, TokenizerError> {
    merges
        .map(|(left, right)| {
            let part = |token: &str| {
                id(token).ok_or_else(|| {
                    TokenizerError::malformed(format!(
                        "the merge '{left} {right}' names '{token}', which is no token"
                    ))
                })
            };
            Ok((part(left)?, part(right)?))
        })
        .collect()
}

fn byte_level(use_regex: bool) -> Value {
    json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex})
}

/// How Hugging Face says that a text is cut by this rule.
fn pre_tokenizer(split: Split) -> Value {
    let sequence =
        |first: Value, second: Value| json!({"type": "Sequence", "pretokenizers": [first, second]});
    match split {
        Split::Whole => byte_level(false),
        Split::Gpt2 => byte_level(true),
        Split::SmolLm => {
            let digits = json!({"type": "Digits", "individual_digits": true});
            sequence(digits, byte_level(true))
        }
        Split::Gpt4 | Split::Llama3 | Split::Qwen2 => {
            // In the dialect of Hugging Face's engine, `{1,3}+` is not possessive: it is 'three digits, any number of times'.
            let regex = split.regex().replace("{1,3}+", "{1,3}");
            let regex = json!({"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": false});
            sequence(regex, byte_level(false))
        }
    }
}

fn split_of(given: &Value) -> Result<Split, TokenizerError> {
    let split = Split::ALL
        .into_iter()
        .find(|&split| same(&pre_tokenizer(split), given));
    split.ok_or_else(|| {
        TokenizerError::Unsupported(format!("a text that is cut by this rule: {given}"))
    })
}

/// Whether `given` has everything that `wanted` has. Whether offsets are trimmed, and how a default is spelled out, changes
/// no id.
fn same(wanted: &Value, given: &Value) -> bool {
    match (wanted, given) {
        (Value::Object(wanted), Value::Object(given)) => wanted.iter().all(|(key, wanted)| {
            match given.get(key) {
                Some(given) => key == "trim_offsets" || same(wanted, given),
                // `use_regex` is younger than some files, and was always on before.
                None => key == "trim_offsets" || (key == "use_regex" && wanted == true),
            }
        }),
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(a, b)| same(a, b))
        }
        _ => wanted == given,
    }
}
