//! Special tokens: texts that stand for one id and are never cut or merged, such as `<|im_start|>`.

use crate::TokenizerError;

/// Which special tokens a text may contain.
///
/// What a user typed may contain `<|im_end|>`, and must not end the user's turn by it; so the default is none.
#[derive(Clone, Copy, Debug, Default)]
pub enum Allowed<'a> {
    /// Their texts are text like any other.
    #[default]
    None,
    /// All that the tokenizer has.
    All,
    /// These.
    Only(&'a [&'a str]),
}

/// The special tokens of a tokenizer.
#[derive(Clone, Debug, Default)]
pub struct Specials {
    /// Longest first: where one begins with another, the longer is meant.
    tokens: Vec<(String, u32)>,
}

impl Specials {
    pub fn add(&mut self, text: &str, id: u32) -> Result<(), TokenizerError> {
        if text.is_empty() || self.tokens.iter().any(|(known, _)| known == text) {
            return Err(TokenizerError::BadSpecial(text.into()));
        }
        let shorter = |(known, _): &(String, u32)| known.len() < text.len();
        let place = self.tokens.iter().position(shorter);
        let place = place.unwrap_or(self.tokens.len());
        self.tokens.insert(place, (text.into(), id));
        Ok(())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.tokens.iter().map(|(text, id)| (&text[..], *id))
    }

    /// The text of the special token `id`.
    pub fn text(&self, id: u32) -> Option<&str> {
        self.iter()
            .find(|&(_, known)| known == id)
            .map(|(text, _)| text)
    }

    /// Those that are allowed, longest first.
    pub fn select(&self, allowed: Allowed<'_>) -> Result<Vec<(&str, u32)>, TokenizerError> {
        match allowed {
            Allowed::None => Ok(Vec::new()),
            Allowed::All => Ok(self.iter().collect()),
            Allowed::Only(names) => {
                let known = |name: &str| self.iter().any(|(text, _)| text == name);
                if let Some(asked) = names.iter().find(|name| !known(name)) {
                    return Err(TokenizerError::UnknownSpecial {
                        asked: (*asked).into(),
                        known: self.iter().map(|(text, _)| text.into()).collect(),
                    });
                }
                let chosen = self.iter().filter(|(text, _)| names.contains(text));
                Ok(chosen.collect())
            }
        }
    }
}

/// The first of `specials`, which are sorted longest first, in `text`: where it begins, where it ends, and its id.
pub fn find_special(text: &str, specials: &[(&str, u32)]) -> Option<(usize, usize, u32)> {
    if specials.is_empty() {
        return None;
    }
    let bytes = text.as_bytes();
    let begins = |byte: u8| {
        specials
            .iter()
            .any(|(special, _)| special.as_bytes()[0] == byte)
    };
    let mut first = [false; 256];
    for byte in 0..=255 {
        first[usize::from(byte)] = begins(byte);
    }
    let places = bytes
        .iter()
        .enumerate()
        .filter(|&(_, &byte)| first[usize::from(byte)]);
    for (start, _) in places {
        let here = |(special, _): &&(&str, u32)| bytes[start..].starts_with(special.as_bytes());
        if let Some(&(special, id)) = specials.iter().find(here) {
            return Some((start, start + special.len(), id));
        }
    }
    None
}
