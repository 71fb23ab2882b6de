//! What `encode_or_fail` must do: all ids, or the first unknown word and nothing read beyond it.

use super::{UnknownWord, encode};

const VOCABULARY: [&str; 4] = ["the", "cat", "sat", "down"];

#[test]
fn encodes_known_words() {
    let got = encode(&VOCABULARY, ["the", "cat", "sat"].into_iter());
    let want = Ok(vec![0, 1, 2]);
    assert_eq!(got, want, "ids of 'the cat sat'");
}

#[test]
fn names_the_unknown_word() {
    let got = encode(&VOCABULARY, ["the", "dog", "sat", "up"].into_iter());
    let want = Err(UnknownWord("dog".to_string()));
    assert_eq!(got, want, "ids of 'the dog sat up'");
}

#[test]
fn no_words_are_no_error() {
    let got = encode(&VOCABULARY, [].into_iter());
    let want = Ok(vec![]);
    assert_eq!(got, want, "ids of nothing");
}

// `inspect` looks at what passes through a chain. The first word is known, the second is not, a thousand could follow.
#[test]
fn stops_at_the_unknown_word() {
    let mut got = 0;
    let words = ["the", "dog"].into_iter().chain(["sat"; 1_000]);
    let _ = encode(&VOCABULARY, words.inspect(|_| got += 1));
    let want = 2;
    assert_eq!(got, want, "words read of 'the dog sat sat …'");
}
