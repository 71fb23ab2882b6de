//! What `token_type` must do: let each tokenizer say what its tokens are, and let the rest of the program use it.

use super::{Bytes, Tokenizer, Words, encode_all};
use std::mem::size_of_val;

fn words() -> Words {
    let vocabulary = ["the", "loss", "falls"].map(String::from).to_vec();
    Words { vocabulary }
}

/// Any tokenizer, whatever its tokens are: the trait itself has no parameter to fill in.
fn round_trip<T: Tokenizer>(tokenizer: &T, text: &str) -> String {
    tokenizer.decode(&tokenizer.encode(text))
}

#[test]
fn words_are_places_in_the_vocabulary() {
    let got = words().encode("the loss falls the loss");
    let want = [0, 1, 2, 0, 1];
    assert_eq!(got, want, "tokens of 'the loss falls the loss'");
}

#[test]
fn text_comes_back() {
    let got = round_trip(&Bytes, "naïve");
    let want = "naïve";
    assert_eq!(got, want, "'naïve' to bytes and back");
    let got = round_trip(&words(), "loss falls");
    let want = "loss falls";
    assert_eq!(got, want, "'loss falls' to places and back");
}

#[test]
fn a_byte_takes_one_byte() {
    let got = size_of_val(Bytes.encode("a loss").as_slice());
    let want = 6;
    assert_eq!(got, want, "bytes of memory for 6 bytes of text");
}

#[test]
fn a_corpus_keeps_the_kind_of_its_tokens() {
    let bytes = encode_all(&Bytes, &["ab", "c"]);
    let got = size_of_val(bytes.as_slice());
    let want = 3;
    assert_eq!(got, want, "bytes of memory for the texts 'ab' and 'c'");
    let got = encode_all(&words(), &["the loss", "falls"]);
    let want = [0, 1, 2];
    assert_eq!(got, want, "tokens of 'the loss' and 'falls'");
}
