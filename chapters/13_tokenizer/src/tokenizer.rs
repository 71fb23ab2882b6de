//! The tokenizer itself: the same ids as the plain one's, in a fraction of the time.

use crate::cache::{Cache, Ids, Key};
use crate::merge::merge_piece;
use crate::plain::Pair;
use crate::specials::{Allowed, Specials, find_special};
use crate::split::Split;
use crate::train::train;
use crate::vocabulary::Vocabulary;
use crate::{PlainTokenizer, TokenizerError};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// A byte-level BPE tokenizer.
///
/// Threads may share it. Whatever the bytes are, they have ids, and the ids have those bytes; [`missing_bytes`] names the
/// exceptions of a vocabulary that came from a file.
///
/// [`missing_bytes`]: Self::missing_bytes
///
/// ```
/// use tokenizer::{Split, Tokenizer};
///
/// let tokenizer = Tokenizer::train(&["the cat and the hat"], 260, Split::Gpt2)?;
/// let ids = tokenizer.encode("the hat");
/// assert_eq!(tokenizer.decode(&ids)?, "the hat");
/// # Ok::<(), tokenizer::TokenizerError>(())
/// ```
pub struct Tokenizer {
    split: Split,
    vocabulary: Vocabulary,
    specials: Specials,
    /// What earlier calls have seen; a call takes one out and puts it back, so there are as many as ever ran at a time.
    caches: Mutex<Vec<Cache>>,
}

impl Tokenizer {
    /// Learns merges from `texts` until there are `size` tokens, or no pair is left that stands somewhere twice.
    ///
    /// Ids 0 to 255 are the bytes, and merge `n` makes token 256 + `n`. Of equally frequent pairs the one with the smaller
    /// ids comes first.
    ///
    /// # Errors
    ///
    /// `TooSmall` if `size` is less than 256.
    pub fn train<T: AsRef<str> + Sync>(
        texts: &[T],
        size: usize,
        split: Split,
    ) -> Result<Self, TokenizerError> {
        Self::train_while(texts, size, split, || true)
    }

    /// The same, for as long as `go_on` returns true: it is asked again and again, from several threads.
    ///
    /// # Errors
    ///
    /// `Stopped` if `go_on` returned false, and as [`Self::train`].
    pub fn train_while<T: AsRef<str> + Sync>(
        texts: &[T],
        size: usize,
        split: Split,
        go_on: impl Fn() -> bool + Sync,
    ) -> Result<Self, TokenizerError> {
        let wanted = size.checked_sub(256).ok_or(TokenizerError::TooSmall)?;
        let merges = train(texts, wanted, split, go_on).ok_or(TokenizerError::Stopped)?;
        Self::from_merges(merges, split)
    }

    /// A tokenizer of known merges: ids 0 to 255 are the bytes, and merge `n` makes token 256 + `n`.
    ///
    /// # Errors
    ///
    /// `UnknownId` if a merge names a token that is not made before it.
    pub fn from_merges(merges: Vec<Pair>, split: Split) -> Result<Self, TokenizerError> {
        Ok(Self::new(Vocabulary::of_merges(merges)?, split))
    }

    pub(crate) fn new(vocabulary: Vocabulary, split: Split) -> Self {
        Self {
            split,
            vocabulary,
            specials: Specials::default(),
            caches: Mutex::default(),
        }
    }

    /// The same tokenizer with more special tokens, which get the ids after the last one.
    ///
    /// # Errors
    ///
    /// `BadSpecial` if one is empty, or there already.
    pub fn with_specials(mut self, texts: &[&str]) -> Result<Self, TokenizerError> {
        for text in texts {
            let id = self.vocabulary_size() as u32;
            self.add_special(text, id)?;
        }
        Ok(self)
    }

    pub(crate) fn add_special(&mut self, text: &str, id: u32) -> Result<(), TokenizerError> {
        self.specials.add(text, id)
    }

    /// As `add_special`, with an id that a file names: nobody else may have it, unless it is the same text.
    pub(crate) fn add_special_at(&mut self, text: &str, id: u32) -> Result<(), TokenizerError> {
        match self.token(id) {
            Some(token) if token != text.as_bytes() => {
                let token = String::from_utf8_lossy(token);
                Err(TokenizerError::malformed(format!(
                    "the special token '{text}' has the id {id}, which is that of '{token}'"
                )))
            }
            _ => self.add_special(text, id),
        }
    }

    /// The ids of `text`. Special tokens are not looked for: their texts are text.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::with_capacity(text.len() / 3);
        self.with_cache(|cache| self.append(text.as_bytes(), cache, &mut ids));
        ids
    }

    /// The ids of `text`, in which the `allowed` special tokens stand for themselves.
    ///
    /// What looks like a special token and is none is text.
    ///
    /// # Errors
    ///
    /// `UnknownSpecial` if one is allowed that this tokenizer does not have.
    pub fn encode_with(
        &self,
        text: &str,
        allowed: Allowed<'_>,
    ) -> Result<Vec<u32>, TokenizerError> {
        let specials = self.specials.select(allowed)?;
        let mut ids = Vec::with_capacity(text.len() / 3);
        self.with_cache(|cache| {
            let mut rest = text;
            while let Some((start, end, id)) = find_special(rest, &specials) {
                self.append(&rest.as_bytes()[..start], cache, &mut ids);
                ids.push(id);
                rest = &rest[end..];
            }
            self.append(rest.as_bytes(), cache, &mut ids);
        });
        Ok(ids)
    }

    /// The ids of any bytes. Each stretch of valid UTF-8 is encoded as a text of its own, and so is what lies between two
    /// of them, as one piece. Decoding gives the same bytes back.
    pub fn encode_bytes(&self, bytes: &[u8]) -> Vec<u32> {
        let mut ids = Vec::with_capacity(bytes.len() / 3);
        self.with_cache(|cache| {
            for chunk in bytes.utf8_chunks() {
                self.append(chunk.valid().as_bytes(), cache, &mut ids);
                let invalid = chunk.invalid();
                merge_piece(&self.vocabulary, invalid, &mut cache.room, &mut ids);
            }
        });
        ids
    }

    /// The ids of each text, on all cores of rayon's current pool.
    pub fn encode_batch<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Vec<u32>> {
        texts
            .par_iter()
            .map(|text| self.encode(text.as_ref()))
            .collect()
    }

    /// The bytes that `ids` stand for; special tokens stand for their texts.
    ///
    /// # Errors
    ///
    /// `UnknownId` for an id that no token has.
    pub fn decode_bytes(&self, ids: &[u32]) -> Result<Vec<u8>, TokenizerError> {
        let mut bytes = Vec::with_capacity(4 * ids.len());
        for &id in ids {
            self.append_token(id, &mut bytes)?;
        }
        Ok(bytes)
    }

    /// The text that `ids` stand for. What is no text becomes `�`.
    ///
    /// # Errors
    ///
    /// `UnknownId` for an id that no token has.
    pub fn decode(&self, ids: &[u32]) -> Result<String, TokenizerError> {
        let bytes = self.decode_bytes(ids)?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    pub(crate) fn append_token(&self, id: u32, bytes: &mut Vec<u8>) -> Result<(), TokenizerError> {
        let special = || self.specials.text(id).map(str::as_bytes);
        let token = self.vocabulary.token(id).or_else(special);
        bytes.extend_from_slice(token.ok_or(TokenizerError::UnknownId(id))?);
        Ok(())
    }

    /// How many ids there are: the greatest and one more.
    pub fn vocabulary_size(&self) -> usize {
        let specials = self.specials.iter().map(|(_, id)| id as usize + 1).max();
        self.vocabulary.len().max(specials.unwrap_or(0))
    }

    /// The bytes of the token `id`, or the text of a special one.
    pub fn token(&self, id: u32) -> Option<&[u8]> {
        let special = || self.specials.text(id).map(str::as_bytes);
        self.vocabulary.token(id).or_else(special)
    }

    /// The bytes of a token that is no special one.
    pub(crate) fn ordinary_token(&self, id: u32) -> Option<&[u8]> {
        self.vocabulary
            .token(id)
            .filter(|_| self.specials.text(id).is_none())
    }

    /// The special tokens and their ids, in the order of the ids.
    pub fn specials(&self) -> Vec<(&str, u32)> {
        let mut specials: Vec<_> = self.specials.iter().collect();
        specials.sort_unstable_by_key(|&(_, id)| id);
        specials
    }

    /// The merges in the order of their ranks, as pairs of ids. A vocabulary of tiktoken's has none; they are worked out.
    pub fn merges(&self) -> &[Pair] {
        self.vocabulary.merges()
    }

    /// Where a text is cut before anything is merged.
    pub fn split(&self) -> Split {
        self.split
    }

    /// The bytes that this vocabulary has no token for. They are left out of a text, as other tokenizers do it.
    ///
    /// None, for a vocabulary that was trained here. SmolLM2 lacks 21: control characters, and bytes of no UTF-8.
    pub fn missing_bytes(&self) -> Vec<u8> {
        self.vocabulary.missing_bytes().collect()
    }

    /// Whether a piece that is a token as a whole is that token, whatever the merges say.
    pub(crate) fn goes_by_whole_pieces(&self) -> bool {
        self.vocabulary.goes_by_whole_pieces()
    }

    fn with_cache(&self, work: impl FnOnce(&mut Cache)) {
        let kept = || self.caches.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = kept().pop();
        let mut cache = taken.unwrap_or_else(Cache::new);
        work(&mut cache);
        kept().push(cache);
    }

    fn append(&self, text: &[u8], cache: &mut Cache, ids: &mut Vec<u32>) {
        let mut ids = Ids::new(ids);
        self.split.for_each(text, |start, end| {
            let key = Key::new(text, start, end);
            if !cache.get(&key, &mut ids) {
                self.append_new(&text[start..end], &key, cache, &mut ids);
            }
        });
        ids.finish();
    }

    /// A piece that the cache does not know.
    #[cold]
    #[inline(never)]
    fn append_new(&self, piece: &[u8], key: &Key<'_>, cache: &mut Cache, ids: &mut Ids<'_>) {
        cache.merged.clear();
        merge_piece(&self.vocabulary, piece, &mut cache.room, &mut cache.merged);
        ids.extend(&cache.merged);
        cache.put(key);
    }
}

impl TryFrom<&PlainTokenizer> for Tokenizer {
    type Error = TokenizerError;

    fn try_from(plain: &PlainTokenizer) -> Result<Self, TokenizerError> {
        Self::from_merges(plain.merges().to_vec(), plain.split())
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Tokenizer>();
};
