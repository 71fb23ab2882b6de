//! # Half an emoji
//!
//! Text should appear token by token. But a token is bytes, not characters: a crab is four bytes, and a model that rarely writes
//! one has no token for it, so it comes in two or three. Made into text one by one, each of those is a `U+FFFD`, the mark of bytes
//! that are no character.
//!
//! The last bytes have to wait until the character is whole. And a byte that can never be part of one must not wait for ever.

/// Bytes of tokens that are not a whole character yet.
struct Utf8Stream {
    waiting: Vec<u8>,
}

impl Utf8Stream {
    /// The text that is whole with this token. Bytes that can never be a character become `U+FFFD`.
    fn push(&mut self, token: &[u8]) -> String {
        self.waiting.extend_from_slice(token);
        // TODO: How much of `waiting` is whole?
        let whole = self.waiting.len();
        let text = String::from_utf8_lossy(&self.waiting[..whole]).into_owned();
        self.waiting.drain(..whole);
        text
    }
}

#[path = "../../chapters/14_llama/checks/utf8_stream.rs"]
mod checks;
