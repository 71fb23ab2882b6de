//! Text that appears token by token.

use crate::{Tokenizer, TokenizerError};

/// Turns ids into text as they come, and holds back what is not yet a character.
///
/// A token may end in the middle of a character. Decoded by themselves, both halves would be `�`.
///
/// ```
/// use tokenizer::{Split, StreamDecoder, Tokenizer};
///
/// let bytes = Tokenizer::train(&[""], 256, Split::Gpt2)?; // each byte is a token
/// let mut stream = StreamDecoder::new(&bytes);
/// let shown: Vec<String> = bytes
///     .encode("aß")
///     .into_iter()
///     .map(|id| stream.push(id))
///     .collect::<Result<_, _>>()?;
/// assert_eq!(shown, ["a", "", "ß"]);
/// # Ok::<(), tokenizer::TokenizerError>(())
/// ```
pub struct StreamDecoder<'a> {
    tokenizer: &'a Tokenizer,
    held: Vec<u8>,
}

impl<'a> StreamDecoder<'a> {
    /// A stream of `tokenizer`'s ids.
    pub const fn new(tokenizer: &'a Tokenizer) -> Self {
        Self {
            tokenizer,
            held: Vec::new(),
        }
    }

    /// The text that `id` completes: whole characters only. Bytes that can become no character are `�`.
    ///
    /// # Errors
    ///
    /// `UnknownId`, and nothing is held of it.
    pub fn push(&mut self, id: u32) -> Result<String, TokenizerError> {
        self.tokenizer.append_token(id, &mut self.held)?;
        let mut text = String::new();
        let mut rest = 0;
        for chunk in self.held.utf8_chunks() {
            text.push_str(chunk.valid());
            rest += chunk.valid().len();
            let invalid = chunk.invalid();
            let last = rest + invalid.len() == self.held.len();
            // Without an `error_len` the bytes are the beginning of a character whose end has not come yet.
            let begun =
                std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
            if last && begun {
                break;
            }
            if !invalid.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            rest += invalid.len();
        }
        self.held.drain(..rest);
        Ok(text)
    }

    /// What is left when no id comes any more: `�` for a character that was cut off.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.held).into_owned()
    }
}
