//! What `word_cache` must do: merge each word once, and find it again without memory of its own.

use super::Cache;
use std::collections::HashMap;

/// The ids of a word are its length and its first byte; `calls` counts how often they are computed.
fn append_all(words: &[&str], calls: &mut usize) -> Vec<u32> {
    let mut cache = Cache {
        known: HashMap::new(),
        encode: |word: &[u8]| {
            *calls += 1;
            vec![word.len() as u32, word[0].into()]
        },
    };
    let mut out = Vec::new();
    for word in words {
        cache.append(word.as_bytes(), &mut out);
    }
    out
}

#[test]
fn the_ids_of_each_word_in_order() {
    let got = append_all(&["a", " b", "a"], &mut 0);
    let want = [1, 97, 2, 32, 1, 97];
    assert_eq!(got, want, "ids of three words, one of them twice");
}

#[test]
fn each_word_is_merged_once() {
    let mut got = 0;
    append_all(&["a", "b", "a", "a", "b"], &mut got);
    let want = 2;
    assert_eq!(got, want, "words merged, of 'a b a a b'");
}

#[test]
fn a_known_word_costs_no_memory() {
    let mut cache = Cache {
        known: HashMap::new(),
        encode: |word: &[u8]| vec![word.len() as u32; 5],
    };
    let mut out = Vec::with_capacity(100);
    cache.append(b" tokenizer", &mut out);
    let got = allocation_counter::measure(|| cache.append(b" tokenizer", &mut out)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a word that is known");
}
