//! What the tokens are, and which pairs make them.

use crate::TokenizerError;
use crate::plain::Pair;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// The id of a byte that has no token.
const NONE: u32 = u32::MAX;

/// Tokens and merges. Nothing in it changes once it is made.
pub struct Vocabulary {
    /// All tokens' bytes, in the order of their ids.
    bytes: Vec<u8>,
    /// Where each token's bytes end. An id that nobody has begins and ends in the same place.
    ends: Vec<usize>,
    /// The token of each byte, or `NONE`.
    of_byte: [u32; 256],
    /// For two neighbours: the rank of their merge (the lower, the earlier), and the token that they become.
    pairs: FxHashMap<u64, (u32, u32)>,
    /// The merges by rank, where each token is made by one pair.
    merges: Vec<Pair>,
    /// If set, a whole piece that is a token is that token, whatever the merges say.
    whole: Option<FxHashMap<Box<[u8]>, u32>>,
}

const fn key(left: u32, right: u32) -> u64 {
    (left as u64) << 32 | right as u64
}

impl Vocabulary {
    /// The vocabulary of `merges` over the bytes: ids 0 to 255 are the bytes, and merge `n` makes token 256 + `n`.
    pub fn of_merges(merges: Vec<Pair>) -> Result<Self, TokenizerError> {
        let mut tokens: Vec<Vec<u8>> = (0..=255).map(|byte| vec![byte]).collect();
        for &(left, right) in &merges {
            let part = |id: u32| {
                let token = tokens.get(id as usize).cloned();
                token.ok_or(TokenizerError::UnknownId(id))
            };
            tokens.push([part(left)?, part(right)?].concat());
        }
        let made = (256..).zip(&merges);
        let pairs = made
            .zip(0..)
            .map(|((id, &(left, right)), rank)| (key(left, right), (rank, id)))
            .collect();
        Self::new(&tokens, pairs, merges, false)
    }

    /// The vocabulary of a file: `tokens` by id, empty where there is none, and pairs of ids by rank.
    pub fn of_pairs(
        tokens: &[Vec<u8>],
        merges: Vec<Pair>,
        whole: bool,
    ) -> Result<Self, TokenizerError> {
        let ids = ids(tokens);
        let mut pairs = FxHashMap::with_capacity_and_hasher(merges.len(), FxBuildHasher);
        let mut joined = Vec::new();
        for (rank, &(left, right)) in (0..).zip(&merges) {
            let part = |id: u32| tokens.get(id as usize).filter(|token| !token.is_empty());
            let (Some(first), Some(second)) = (part(left), part(right)) else {
                return Err(TokenizerError::malformed(format!(
                    "merge {rank} is one of special tokens"
                )));
            };
            joined.clear();
            joined.extend_from_slice(first);
            joined.extend_from_slice(second);
            let Some(&id) = ids.get(&joined[..]) else {
                let joined = String::from_utf8_lossy(&joined);
                return Err(TokenizerError::malformed(format!(
                    "merge {rank} makes '{joined}', which is no token"
                )));
            };
            pairs.entry(key(left, right)).or_insert((rank, id));
        }
        Self::new(tokens, pairs, merges, whole)
    }

    /// The vocabulary of tiktoken's ranks: two neighbours become one if together they are a token, the lower id first.
    ///
    /// Every way to cut a token in two is a pair here. That is how tiktoken merges: it asks for the token, not for the pair.
    pub fn of_ranks(tokens: &[Vec<u8>]) -> Result<Self, TokenizerError> {
        let ids = ids(tokens);
        let mut pairs = FxHashMap::default();
        for (id, token) in (0..).zip(tokens) {
            for cut in 1..token.len() {
                let (left, right) = token.split_at(cut);
                if let (Some(&left), Some(&right)) = (ids.get(left), ids.get(right)) {
                    pairs.insert(key(left, right), (id, id));
                }
            }
        }
        let mut vocabulary = Self::new(tokens, pairs, Vec::new(), true)?;
        vocabulary.merges = vocabulary.recover_merges();
        Ok(vocabulary)
    }

    fn new(
        tokens: &[Vec<u8>],
        pairs: FxHashMap<u64, (u32, u32)>,
        merges: Vec<Pair>,
        whole: bool,
    ) -> Result<Self, TokenizerError> {
        if tokens.len() >= NONE as usize {
            return Err(TokenizerError::malformed("too many tokens"));
        }
        let mut of_byte = [NONE; 256];
        for (id, token) in (0..).zip(tokens) {
            if let [byte] = token[..] {
                of_byte[usize::from(byte)] = id;
            }
        }
        let mut end = 0;
        let ends = tokens.iter().map(|token| {
            end += token.len();
            end
        });
        Ok(Self {
            ends: ends.collect(),
            bytes: tokens.concat(),
            of_byte,
            pairs,
            merges,
            whole: whole.then(|| {
                let whole = ids(tokens).into_iter();
                whole.map(|(token, id)| (token.into(), id)).collect()
            }),
        })
    }

    /// For each token of several bytes, the pair that is left of it just before the last merge.
    fn recover_merges(&self) -> Vec<Pair> {
        let mut merges = Vec::new();
        for id in 0..self.len() as u32 {
            let Some(token @ [_, _, ..]) = self.token(id) else {
                continue;
            };
            let mut parts: Vec<u32> = self.ids_of_bytes(token).collect();
            while parts.len() > 2 {
                let ranked = parts.windows(2).enumerate();
                let known = ranked.filter_map(|(place, pair)| {
                    let (rank, made) = self.pair(pair[0], pair[1])?;
                    (rank < id).then_some((rank, place, made))
                });
                let Some((_, place, made)) = known.min() else {
                    break;
                };
                parts[place] = made;
                parts.remove(place + 1);
            }
            if let [left, right] = parts[..] {
                merges.push((left, right));
            }
        }
        merges
    }

    /// How many ids there are; some of them may stand for nothing.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a token.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        let end = *self.ends.get(id as usize)?;
        let start = match id {
            0 => 0,
            _ => self.ends[id as usize - 1],
        };
        (start < end).then(|| &self.bytes[start..end])
    }

    /// The ids of single bytes. A byte without a token is left out.
    pub fn ids_of_bytes(&self, bytes: &[u8]) -> impl Iterator<Item = u32> {
        bytes
            .iter()
            .map(|&byte| self.of_byte[usize::from(byte)])
            .filter(|&id| id != NONE)
    }

    /// The bytes that no token stands for.
    pub fn missing_bytes(&self) -> impl Iterator<Item = u8> {
        (0..=255).filter(|&byte| self.of_byte[usize::from(byte)] == NONE)
    }

    /// The rank of the merge of two neighbours, and the token that they become.
    #[inline]
    pub fn pair(&self, left: u32, right: u32) -> Option<(u32, u32)> {
        self.pairs.get(&key(left, right)).copied()
    }

    /// The token that a whole piece is, where that goes before the merges.
    pub fn whole(&self, piece: &[u8]) -> Option<u32> {
        self.whole.as_ref()?.get(piece).copied()
    }

    /// Whether a whole piece that is a token goes before the merges.
    pub fn goes_by_whole_pieces(&self) -> bool {
        self.whole.is_some()
    }

    /// The merges by rank.
    pub fn merges(&self) -> &[Pair] {
        &self.merges
    }
}

/// The id of each token; of equal ones, the first.
fn ids(tokens: &[Vec<u8>]) -> FxHashMap<&[u8], u32> {
    let mut ids = FxHashMap::with_capacity_and_hasher(tokens.len(), FxBuildHasher);
    for (id, token) in (0..).zip(tokens).filter(|(_, token)| !token.is_empty()) {
        ids.entry(&token[..]).or_insert(id);
    }
    ids
}
