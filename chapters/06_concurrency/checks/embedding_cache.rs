//! What `embedding_cache` must do: ask the model once a text, and hand out what is known without copying it.

use super::EmbeddingCache;
use allocation_counter::measure;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// A cache that knows one text, and a model whose embedding of a text is its length.
fn cache() -> EmbeddingCache {
    let known = ("cat".to_string(), Rc::new(vec![3.0]));
    EmbeddingCache {
        model: |text| vec![text.len() as f32],
        known: RefCell::new(HashMap::from([known])),
        misses: Cell::new(0),
    }
}

#[test]
fn finds_what_is_known() {
    let got = cache().get("cat");
    let want = [3.0];
    assert_eq!(*got, want, "embedding of a known text");
}

#[test]
fn embeds_what_is_new() {
    let got = cache().get("horse");
    let want = [5.0];
    assert_eq!(*got, want, "embedding of a new text");
}

#[test]
fn asks_the_model_once_a_text() {
    let cache = cache();
    for _ in 0..3 {
        cache.get("cat");
        cache.get("horse");
        cache.get("zebra");
    }
    let got = cache.misses.get();
    let want = 2;
    assert_eq!(got, want, "calls of the model for two new texts");
}

#[test]
fn a_hit_copies_nothing() {
    let cache = cache();
    let got = measure(|| {
        cache.get("cat");
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a known text");
}
