//! # Does the model repeat itself?
//!
//! A model that is stuck writes the same few tokens again and again, so their variety is worth watching:
//! `len(set(tokens)) / len(tokens)` in Python. The chain below reads well, and the compiler does not know what
//! to make of it.
//!
//! Run it. What is the one thing that Python's line says and this one does not?

use std::collections::HashSet;

/// The share of distinct tokens among all of them: 1.0 if nothing is repeated. There is at least one token.
fn variety(tokens: &[u32]) -> f32 {
    // TODO: `collect` can build many kinds of collections. Say which of them this needs.
    let distinct = tokens.iter().collect();
    distinct.len() as f32 / tokens.len() as f32
}

#[path = "../../chapters/05_iterators/checks/distinct_tokens.rs"]
mod checks;
