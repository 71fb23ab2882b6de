//! # The few that are likely
//!
//! The model gives each of its 49,152 tokens a score. Softmax makes probabilities of them, and *top-p* keeps the likeliest ones
//! that together reach `p`: two when the model is sure, fifty when it is not. The temperature comes first, as in Hugging
//! Face's `generate`: scores are divided by it, so that with a low one fewer tokens reach `p`.
//!
//! Below, the tokens are taken in the order of the vocabulary, the one that reaches `p` is thrown away, and with a sure model
//! nothing is left.

/// The tokens that may be drawn, the likeliest first, with their probabilities among all tokens.
fn nucleus(scores: &[f32], temperature: f32, top_p: f32) -> Vec<(usize, f32)> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let power = |score: &f32| ((score - largest) / temperature).exp();
    let total: f32 = scores.iter().map(power).sum();
    let mut candidates: Vec<(usize, f32)> = scores
        .iter()
        .map(|score| power(score) / total)
        .enumerate()
        .collect();
    // TODO: Keep as few as together reach `top_p`, from the likeliest on.
    // [starter]
    // let mut reached = 0.0;
    // candidates.retain(|(_, p)| {
    //     reached += p;
    //     reached < top_p
    // });
    // [solution]
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut reached = 0.0;
    let enough = candidates.iter().position(|(_, p)| {
        reached += p;
        reached >= top_p
    });
    if let Some(last) = enough {
        candidates.truncate(last + 1);
    }
    // [end]
    candidates
}

#[path = "../../chapters/14_llama/checks/nucleus.rs"]
mod checks;
