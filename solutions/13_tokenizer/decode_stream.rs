//! # Half a character
//!
//! A chat shows each token as it comes. Tokens are bytes, and a character may be four of them: `👍` arrives as two
//! tokens here. Decoded one by one they are `��`, and that is what the user sees, though the whole answer decodes well.
//!
//! Run it. Then ask what an error of `str::from_utf8` can tell: `valid_up_to()`, and `error_len()`, which is `None`
//! when the bytes end too early to be called wrong.

/// Turns the bytes of tokens into text, as they come.
#[derive(Default)]
struct Stream {
    /// The beginning of a character whose end has not come yet.
    held: Vec<u8>,
}

impl Stream {
    /// The text that `token` completes. Bytes that are no text, whatever comes behind them, are `�`.
    fn push(&mut self, token: &[u8]) -> String {
        self.held.extend_from_slice(token);
        // TODO: Give out what is certain, and hold back what may still become a character.
        // [starter]
        // let text = String::from_utf8_lossy(&self.held).into_owned();
        // self.held.clear();
        // text
        // [solution]
        let mut text = String::new();
        loop {
            let (valid, bad) = match std::str::from_utf8(&self.held) {
                Ok(all) => (all.len(), 0),
                Err(error) => (error.valid_up_to(), error.error_len().unwrap_or(0)),
            };
            text.push_str(&String::from_utf8_lossy(&self.held[..valid]));
            self.held.drain(..valid + bad);
            if bad == 0 {
                return text;
            }
            text.push('\u{fffd}');
        }
        // [end]
    }
}

#[path = "../../chapters/13_tokenizer/checks/decode_stream.rs"]
mod checks;
