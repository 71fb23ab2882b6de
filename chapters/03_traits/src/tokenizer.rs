//! A trait that leaves a type open: each tokenizer says what its tokens are.

/// Turns text into tokens and back.
pub trait Tokenizer {
    /// What one token is: a byte, a character, an index into a vocabulary.
    type Token;

    /// The tokens of `text`, in order.
    fn encode(&self, text: &str) -> Vec<Self::Token>;

    /// The text of `tokens`. Bytes that are no text become `�`.
    fn decode(&self, tokens: &[Self::Token]) -> String;
}

/// One token a byte: 256 of them, and no text that it could not encode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bytes;

impl Tokenizer for Bytes {
    type Token = u8;

    fn encode(&self, text: &str) -> Vec<u8> {
        text.as_bytes().to_vec()
    }

    fn decode(&self, tokens: &[u8]) -> String {
        String::from_utf8_lossy(tokens).into_owned()
    }
}

/// One token a character (a Unicode scalar value).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chars;

impl Tokenizer for Chars {
    type Token = char;

    fn encode(&self, text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn decode(&self, tokens: &[char]) -> String {
        tokens.iter().collect()
    }
}

/// Text to tokens and back, with any tokenizer, whatever its tokens are.
///
/// ```
/// use traits::{Bytes, Chars, round_trip};
///
/// assert_eq!(round_trip(&Bytes, "naïve"), "naïve");
/// assert_eq!(round_trip(&Chars, "naïve"), "naïve");
/// ```
pub fn round_trip<T: Tokenizer>(tokenizer: &T, text: &str) -> String {
    tokenizer.decode(&tokenizer.encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tokens_are_what_each_says() {
        assert_eq!(Bytes.encode("né"), [b'n', 0xc3, 0xa9]);
        assert_eq!(Chars.encode("né"), ['n', 'é']);
    }

    #[test]
    fn half_a_character_is_no_text() {
        assert_eq!(Bytes.decode(&[b'n', 0xc3]), "n\u{fffd}");
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text: String) {
            prop_assert_eq!(round_trip(&Bytes, &text), text.as_str());
            prop_assert_eq!(round_trip(&Chars, &text), text.as_str());
        }
    }
}
