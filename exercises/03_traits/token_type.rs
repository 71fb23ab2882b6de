//! # What is a token?
//!
//! `Tokenizer` was written for vocabularies, whose tokens are places in a list: `u32`. Now a byte tokenizer comes along.
//! Its tokens are bytes, and a `u32` for each would make four gigabytes out of a corpus of one. In Python both would
//! return 'a list', and nobody would know of what.
//!
//! Run it. The compiler says that `Bytes` does not do what the trait says. It is the trait that is too narrow: it should
//! leave open what a token is, and let each tokenizer say it.

/// Turns text into tokens and back.
// TODO: Leave the type of a token open, and use it in both signatures.
trait Tokenizer {
    fn encode(&self, text: &str) -> Vec<u32>;
    fn decode(&self, tokens: &[u32]) -> String;
}

/// One token for each byte.
struct Bytes;

// TODO: Say what its tokens are. The two functions are right as they are.
impl Tokenizer for Bytes {
    fn encode(&self, text: &str) -> Vec<u8> {
        text.as_bytes().to_vec()
    }

    fn decode(&self, tokens: &[u8]) -> String {
        String::from_utf8_lossy(tokens).into_owned()
    }
}

/// One token for each word: its place in the vocabulary. Words that are not in it are left out.
struct Words {
    vocabulary: Vec<String>,
}

// TODO: Say what its tokens are.
impl Tokenizer for Words {
    fn encode(&self, text: &str) -> Vec<u32> {
        let place = |word| self.vocabulary.iter().position(|known| known == word);
        text.split_whitespace()
            .filter_map(place)
            .map(|place| place as u32)
            .collect()
    }

    fn decode(&self, tokens: &[u32]) -> String {
        let words: Vec<&str> = tokens
            .iter()
            .map(|&token| self.vocabulary[token as usize].as_str())
            .collect();
        words.join(" ")
    }
}

/// The tokens of all texts, one text after another.
// TODO: Whatever tokenizer `T` is, this returns tokens of its kind.
fn encode_all<T: Tokenizer>(tokenizer: &T, texts: &[&str]) -> Vec<u32> {
    let mut tokens = Vec::new();
    for text in texts {
        tokens.extend(tokenizer.encode(text));
    }
    tokens
}

#[path = "../../chapters/03_traits/checks/token_type.rs"]
mod checks;
