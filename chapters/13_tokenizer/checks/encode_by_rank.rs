//! What `encode_by_rank` must do: give each word the ids that tiktoken gives it, from the same merges.
//!
//! Merges and ids were written by `benches/oracles.py`.

use super::encode_word;
use std::collections::HashMap;

/// Learned from 'the cat that sat on the mat; the other path, with a bath', in this order: `th`, `at`, `the`, …
const MERGES: [(u32, u32); 20] = [
    (116, 104),
    (97, 116),
    (256, 101),
    (32, 111),
    (32, 258),
    (97, 256),
    (32, 97),
    (32, 98),
    (32, 99),
    (32, 109),
    (32, 112),
    (32, 115),
    (32, 119),
    (32, 256),
    (105, 256),
    (258, 114),
    (259, 110),
    (259, 271),
    (263, 261),
    (264, 257),
];

fn encode(word: &str) -> Vec<u32> {
    let ranks: HashMap<_, _> = MERGES.into_iter().zip(256..).collect();
    encode_word(word.as_bytes(), &ranks)
}

// `a`, `t`, `h`: both `at` and `th` are known, and `th` was learned first.
#[test]
fn bathe_is_not_read_from_the_left() {
    let got = encode("bathe");
    let want = [98, 97, 258];
    assert_eq!(got, want, "ids of 'bathe'; tiktoken's are on the right");
}

#[test]
fn as_tiktoken() {
    let words: [(&str, &[u32]); 6] = [
        ("the", &[258]),
        ("that", &[256, 257]),
        (" that", &[269, 257]),
        ("cathode", &[99, 261, 111, 100, 101]),
        ("theme", &[258, 109, 101]),
        ("xyz", &[120, 121, 122]),
    ];
    for (word, want) in words {
        let got = encode(word);
        assert_eq!(got, want, "ids of '{word}'");
    }
}

#[test]
fn one_byte_or_none() {
    let got = [encode("t"), encode("")];
    let want = [vec![116], vec![]];
    assert_eq!(got, want, "ids of 't', and of nothing");
}
