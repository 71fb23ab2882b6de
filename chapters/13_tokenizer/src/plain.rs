//! Byte pair encoding as one would explain it: no cache, no heap, and nothing that is done only for speed.
//!
//! The fast half of this crate must return what this file returns; its tests compare the two. What is not here: special
//! tokens, and files.

use crate::TokenizerError;
use crate::split::Split;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Two neighbouring tokens, left and right.
pub type Pair = (u32, u32);

/// How often each pair stands in `words`, each of which was seen as many times as the number beside it says.
///
/// Pairs overlap: in `[7, 7, 7]` the pair `(7, 7)` stands twice.
fn count_pairs<'a>(words: impl IntoIterator<Item = (&'a [u32], u64)>) -> HashMap<Pair, u64> {
    let mut counts = HashMap::new();
    for (ids, times) in words {
        for pair in ids.windows(2) {
            *counts.entry((pair[0], pair[1])).or_default() += times;
        }
    }
    counts
}

/// The most frequent pair; of equals, the one with the smaller ids, so that nothing depends on the order of a map.
///
/// `None` if no pair stands there twice: a token for it would shorten nothing that is seen again.
fn best_pair(counts: &HashMap<Pair, u64>) -> Option<Pair> {
    let (&pair, &count) = counts
        .iter()
        .max_by_key(|&(&pair, &count)| (count, Reverse(pair)))?;
    (count >= 2).then_some(pair)
}

/// `ids` with `new` wherever `pair` stood, from left to right: of `[7, 7, 7]`, the first two become one.
pub fn merge_pair(ids: &[u32], pair: Pair, new: u32) -> Vec<u32> {
    let mut merged = Vec::with_capacity(ids.len());
    let mut rest = ids;
    while let [first, tail @ ..] = rest {
        if let [second, tail @ ..] = tail
            && (*first, *second) == pair
        {
            merged.push(new);
            rest = tail;
        } else {
            merged.push(*first);
            rest = tail;
        }
    }
    merged
}

/// A tokenizer that is a list of merges: ids 0 to 255 are the bytes, and merge `n` makes token 256 + `n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainTokenizer {
    split: Split,
    merges: Vec<Pair>,
}

impl PlainTokenizer {
    /// Learns merges from `texts` until there are `size` tokens, or no pair is left that stands somewhere twice.
    ///
    /// Nothing is merged across the pieces that `split` makes. Of equally frequent pairs the one with the smaller ids
    /// comes first.
    ///
    /// # Errors
    ///
    /// `TooSmall` if `size` is less than 256.
    pub fn train<T: AsRef<str>>(
        texts: &[T],
        size: usize,
        split: Split,
    ) -> Result<Self, TokenizerError> {
        let wanted = size.checked_sub(256).ok_or(TokenizerError::TooSmall)?;
        let mut words: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for text in texts {
            for piece in split.pieces(text.as_ref()) {
                *words.entry(bytes_as_ids(piece.as_bytes())).or_default() += 1;
            }
        }
        let mut merges = Vec::new();
        while merges.len() < wanted {
            let counts = count_pairs(words.iter().map(|(ids, &times)| (&ids[..], times)));
            let Some(pair) = best_pair(&counts) else {
                break;
            };
            let new = 256 + merges.len() as u32;
            words = words
                .into_iter()
                .map(|(ids, times)| (merge_pair(&ids, pair, new), times))
                .collect();
            merges.push(pair);
        }
        Ok(Self { split, merges })
    }

    /// The merges, in the order in which they were learned.
    pub fn merges(&self) -> &[Pair] {
        &self.merges
    }

    /// Where the text is cut before anything is merged.
    pub fn split(&self) -> Split {
        self.split
    }

    /// The ids of `text`.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let ranks: HashMap<Pair, u32> = (256..)
            .zip(&self.merges)
            .map(|(id, &pair)| (pair, id))
            .collect();
        self.split
            .pieces(text)
            .flat_map(|piece| encode_piece(piece.as_bytes(), &ranks))
            .collect()
    }

    /// The bytes that `ids` stand for. They need not be text: a token may end within a character.
    ///
    /// # Errors
    ///
    /// `UnknownId` for an id that no token has.
    pub fn decode(&self, ids: &[u32]) -> Result<Vec<u8>, TokenizerError> {
        let mut bytes = Vec::new();
        // Tokens still to be taken apart, the next one on top.
        let mut stack: Vec<u32> = ids.iter().rev().copied().collect();
        while let Some(id) = stack.pop() {
            match id.checked_sub(256) {
                None => bytes.push(id as u8),
                Some(merge) => {
                    let pair = self.merges.get(merge as usize);
                    let &(left, right) = pair.ok_or(TokenizerError::UnknownId(id))?;
                    stack.extend([right, left]);
                }
            }
        }
        Ok(bytes)
    }
}

/// Merges the pair that was learned first, everywhere, until no pair is left that was ever learned.
fn encode_piece(piece: &[u8], ranks: &HashMap<Pair, u32>) -> Vec<u32> {
    let mut ids = bytes_as_ids(piece);
    loop {
        let known = ids.windows(2).filter_map(|pair| {
            let pair = (pair[0], pair[1]);
            ranks.get(&pair).map(|&new| (new, pair))
        });
        let Some((new, pair)) = known.min() else {
            return ids;
        };
        ids = merge_pair(&ids, pair, new);
    }
}

fn bytes_as_ids(bytes: &[u8]) -> Vec<u32> {
    bytes.iter().map(|&byte| byte.into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of Wikipedia's article on byte pair encoding, which minbpe tests with, too.
    #[test]
    fn the_example_of_the_textbooks() {
        let text = "aaabdaaabac";
        let plain = PlainTokenizer::train(&[text], 259, Split::Whole).expect("259 tokens");
        let (a, b) = (97, 98);
        assert_eq!(plain.merges(), [(a, a), (a, b), (256, 257)]);
        assert_eq!(plain.encode(text), [258, 100, 258, 97, 99]);
        assert_eq!(plain.decode(&[258, 100]).expect("known ids"), b"aaabd");
    }

    #[test]
    fn a_pair_that_stands_once_is_not_learned() {
        let plain = PlainTokenizer::train(&["abc"], 300, Split::Whole).expect("300 tokens");
        assert!(plain.merges().is_empty());
    }

    #[test]
    fn merges_from_the_left() {
        assert_eq!(merge_pair(&[7, 7, 7], (7, 7), 300), [300, 7]);
        assert_eq!(merge_pair(&[7, 7, 7, 7], (7, 7), 300), [300, 300]);
        assert!(merge_pair(&[], (7, 7), 300).is_empty());
    }

    #[test]
    fn what_it_cannot_do_is_an_error() {
        let small = PlainTokenizer::train(&["a"], 255, Split::Gpt2);
        assert!(matches!(small, Err(TokenizerError::TooSmall)));
        let plain = PlainTokenizer::train(&["a"], 256, Split::Gpt2).expect("256 tokens");
        assert!(matches!(
            plain.decode(&[256]),
            Err(TokenizerError::UnknownId(256))
        ));
    }
}
