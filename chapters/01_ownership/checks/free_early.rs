//! What `free_early` must do: return the same weights and cache, and never hold checkpoint and cache together.

use super::load;
use allocation_counter::measure;

#[test]
fn rounds_the_weights() {
    let (got, _) = load(vec![1.0, 0.0, -0.5], 4);
    let want = [127, 0, -64];
    assert_eq!(got, want, "weights [1.0, 0.0, -0.5] in 8 bits");
}

#[test]
fn makes_an_empty_cache() {
    let (_, got) = load(vec![1.0], 4);
    let want = [0.0; 4];
    assert_eq!(got, want, "the cache for a context of 4");
}

// Counted in bytes, for 1,000 weights and a context of 1,000:
//
//     checkpoint  4,000 ──────────┐ freed
//     weights         1,000 ──────┼──────────────────
//     cache                       │ 4,000 ───────────
//
// At most 5,000 are alive at once. If the checkpoint lives on to the closing brace, 9,000 are.
#[test]
fn frees_the_checkpoint_before_the_cache() {
    let got = measure(|| {
        load(vec![0.5; 1_000], 1_000);
    })
    .bytes_max;
    let want = 5_000;
    assert_eq!(got, want, "most bytes alive at once");
}
