//! # Append to the KV cache
//!
//! A transformer keeps one key a token in a cache that grows as it generates. This one also reports how much the
//! new key resembles the key before it. So it looks at the last key, appends the new one, and compares.
//!
//! Appending may move the whole cache to a larger piece of memory. Run it, and say for each of the three lines of
//! `append`: is anybody still going to read through `previous` after this line?

/// The dot product of two keys of the same length.
fn similarity(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Appends `key` to `cache` and returns its similarity to the key before it. Copies nothing but the new key.
///
/// `cache` holds at least one key, all of the length of `key`.
fn append(cache: &mut Vec<f32>, key: &[f32]) -> f32 {
    // TODO: `previous` is still needed when the cache changes. Let its last use come first.
    let previous = &cache[cache.len() - key.len()..];
    cache.extend_from_slice(key);
    similarity(previous, key)
}

#[path = "../../chapters/01_ownership/checks/append_key.rs"]
mod checks;
