//! The tokenizer of BERT's models: words cut into pieces of a list (Devlin et al. 2018; Schuster and Nakajima 2012).
//!
//! The crate `tokenizers` does the same for every model there is, and most of it would be carried to the page for nothing. The
//! tests compare every number with it. One difference is on purpose: `[SEP]` in a text is text here, and no command.

use crate::error::ModelError;
use std::collections::HashMap;
use unicode_categories::UnicodeCategories;
use unicode_normalization::UnicodeNormalization;

/// Longer words are not looked at.
const LONGEST_WORD: usize = 100;

/// The pieces and their numbers.
pub struct WordPiece {
    numbers: HashMap<Box<str>, u32>,
    unknown: u32,
    start: u32,
    end: u32,
}

impl WordPiece {
    /// Takes the list of pieces, one a line; the number of a piece is its line, counted from 0.
    ///
    /// # Errors
    ///
    /// If `[UNK]`, `[CLS]` or `[SEP]` is missing.
    pub fn new(list: &str) -> Result<Self, ModelError> {
        let numbers: HashMap<Box<str>, u32> = list.lines().map(Box::from).zip(0..).collect();
        let special = |name: &str| {
            let found = numbers.get(name).copied();
            found.ok_or_else(|| ModelError::File(format!("the list of pieces lacks {name}")))
        };
        Ok(Self {
            unknown: special("[UNK]")?,
            start: special("[CLS]")?,
            end: special("[SEP]")?,
            numbers,
        })
    }

    /// The numbers of a text's pieces between a start and an end, at most `limit` in all.
    pub fn encode(&self, text: &str, limit: usize) -> Vec<u32> {
        let mut pieces = vec![self.start];
        for word in words(text) {
            self.cut(&word, &mut pieces);
        }
        pieces.truncate(limit.saturating_sub(1));
        pieces.push(self.end);
        pieces
    }

    /// Cuts a word into the longest pieces from its beginning on; one that cannot be cut is one unknown piece.
    fn cut(&self, word: &str, pieces: &mut Vec<u32>) {
        let before = pieces.len();
        let mut start = 0;
        while start < word.len() {
            let found = if word.chars().count() > LONGEST_WORD {
                None
            } else {
                self.longest(word, start)
            };
            let Some((number, end)) = found else {
                pieces.truncate(before);
                pieces.push(self.unknown);
                return;
            };
            pieces.push(number);
            start = end;
        }
    }

    /// The longest piece that `word` has at `start`, and where it ends.
    fn longest(&self, word: &str, start: usize) -> Option<(u32, usize)> {
        let rest = &word[start..];
        let ends = rest
            .char_indices()
            .map(|(at, char)| at + char.len_utf8())
            .rev();
        for end in ends {
            let piece = &rest[..end];
            let found = if start == 0 {
                self.numbers.get(piece)
            } else {
                self.numbers.get(format!("##{piece}").as_str())
            };
            if let Some(number) = found {
                return Some((*number, start + end));
            }
        }
        None
    }
}

/// The words of a text: small letters without accents; punctuation and Chinese characters are words of their own.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for char in cleaned(text) {
        if char.is_whitespace() {
            words.push(String::new());
        } else if char.is_ascii_punctuation() || char.is_punctuation() {
            words.push(char.to_string());
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(char);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn cleaned(text: &str) -> impl Iterator<Item = char> {
    let kept = text.chars().filter(|char| {
        let space = matches!(char, '\t' | '\n' | '\r');
        space || !(*char == '\0' || *char == '\u{fffd}' || char.is_other())
    });
    let spaced = kept.flat_map(|char| {
        let alone = is_chinese(char);
        let space = alone.then_some(' ');
        space.into_iter().chain([char]).chain(space)
    });
    let plain = spaced.nfd().filter(|char| !char.is_mark_nonspacing());
    plain.flat_map(char::to_lowercase)
}

/// What Unicode has under 'CJK unified ideographs', as BERT's own code lists it.
fn is_chinese(char: char) -> bool {
    matches!(
        u32::from(char),
        0x4E00..=0x9FFF
            | 0x3400..=0x4DBF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2B73F
            | 0x2B740..=0x2B81F
            | 0x2B920..=0x2CEAF
            | 0xF900..=0xFAFF
            | 0x2F800..=0x2FA1F
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_cut_into_its_longest_pieces() {
        let list = "[UNK]\n[CLS]\n[SEP]\nem\n##bed\n##ding\n##dings\n!\n";
        let pieces = WordPiece::new(list).unwrap();
        assert_eq!(
            pieces.encode("Embeddings! ÉM emb", 99),
            [1, 3, 4, 6, 7, 3, 0, 2]
        );
        assert_eq!(pieces.encode("embedding em em", 4), [1, 3, 4, 2]);
        assert_eq!(pieces.encode("", 99), [1, 2]);
        assert!(WordPiece::new("[UNK]").is_err());
    }
}
