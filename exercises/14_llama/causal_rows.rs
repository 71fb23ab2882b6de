//! # Nobody looks ahead
//!
//! A prompt's tokens go through the model together, as rows of one matrix. But a token may look only at itself and at what
//! came before it: when the model was trained, what comes after was the answer. So the first rows of the scores are softmaxed
//! over fewer keys than the last.
//!
//! The code below was right as long as every prompt was new. In the second turn of a conversation the cache has 500 tokens
//! already, and the first new token may look at one of them.

/// The weights with which each of a prompt's tokens looks at the keys: softmax over those that it may see.
///
/// `scores` has a row for each new token, over all keys: `start` that were there before, then the new ones themselves.
/// What a token may not see has weight 0.
fn attention_weights(scores: &[Vec<f32>], start: usize) -> Vec<Vec<f32>> {
    let mut weights = Vec::new();
    for (row, scores) in scores.iter().enumerate() {
        // TODO: How many keys may this row see?
        let seen = row + 1;
        let mut row = softmax(&scores[..seen]);
        row.resize(scores.len(), 0.0);
        weights.push(row);
    }
    weights
}

fn softmax(scores: &[f32]) -> Vec<f32> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - largest).exp()).collect();
    let total: f32 = powers.iter().sum();
    powers.iter().map(|power| power / total).collect()
}

#[path = "../../chapters/14_llama/checks/causal_rows.rs"]
mod checks;
