//! # One embedding from many
//!
//! A sentence encoder makes a vector for each token; the embedding of the sentence is their mean. Whoever wrote this
//! had learnt in chapter 1 to return views instead of copies. But a view of what?
//!
//! Run it. The message says who owns the numbers that the result would point at. Where is that owner when the caller
//! reads them?

/// The mean of the token vectors in `tokens`, each of them `width` numbers long.
// TODO: The mean is made in here. Say in the signature what really leaves, and let it leave in the last line.
fn mean_pool(tokens: &[f32], width: usize) -> &[f32] {
    let mut mean = vec![0.0; width];
    for token in tokens.chunks_exact(width) {
        for (sum, x) in mean.iter_mut().zip(token) {
            *sum += x;
        }
    }
    let count = (tokens.len() / width) as f32;
    for sum in &mut mean {
        *sum /= count;
    }
    &mean
}

#[path = "../../chapters/02_lifetimes/checks/mean_pool.rs"]
mod checks;
