//! What the cache must do: keep each head's keys side by side, and touch nothing but the new ones.

use super::Cache;
use allocation_counter::measure;

/// The keys of a token: 100 times the position, 10 times the head, and the place in the key.
fn token(cache: &Cache, position: usize) -> Vec<f32> {
    let heads = 0..cache.heads;
    let dims = cache.head_dim;
    heads
        .flat_map(|head| (0..dims).map(move |dim| (100 * position + 10 * head + dim) as f32))
        .collect()
}

#[test]
fn each_head_has_its_keys_side_by_side() {
    let mut cache = Cache::new(3, 2, 4);
    for position in 0..3 {
        let token = token(&cache, position);
        assert!(cache.push(&token), "room for token {position} of 4");
    }
    for head in 0..3 {
        let got = cache.head(head);
        let first = 10.0 * head as f32;
        let want = [0.0, 1.0, 100.0, 101.0, 200.0, 201.0].map(|key| key + first);
        assert_eq!(got, want, "keys of head {head} after three tokens");
    }
}

#[test]
fn a_token_costs_no_memory() {
    let mut cache = Cache::new(3, 64, 100);
    let token = token(&cache, 0);
    let used = measure(|| {
        for _ in 0..100 {
            cache.push(&token);
        }
    });
    let got = used.count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 100 tokens");
}

#[test]
fn a_full_cache_says_so() {
    let mut cache = Cache::new(2, 2, 1);
    assert!(cache.push(&[1.0, 2.0, 3.0, 4.0]), "room for one");
    assert!(!cache.push(&[5.0, 6.0, 7.0, 8.0]), "no room for two");
    let got = (cache.head(0), cache.head(1));
    let want = (&[1.0, 2.0][..], &[3.0, 4.0][..]);
    assert_eq!(got, want, "keys after a push too many");
}
