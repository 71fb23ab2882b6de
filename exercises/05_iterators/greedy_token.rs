//! # The most likely token
//!
//! Greedy decoding takes the token with the largest logit: `np.argmax(logits)`. If several are equally large, it
//! is the first of them, here as in NumPy; a logit that is not a number is passed over.
//!
//! Run it. The compiler says that `f32` has no order; Python compares floats all day. What would the answer be
//! when one of the two is NaN?

/// The place of the largest logit, the first if several are equal. `None` if there is no number among them.
fn greedy(logits: &[f32]) -> Option<usize> {
    logits
        .iter()
        .enumerate()
        .filter(|(_, logit)| !logit.is_nan())
        // TODO: Say how two logits are compared, then see to it that the first of equals wins.
        .max_by_key(|(_, logit)| **logit)
        .map(|(place, _)| place)
}

#[path = "../../chapters/05_iterators/checks/greedy_token.rs"]
mod checks;
