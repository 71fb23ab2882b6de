//! # Which two belong together
//!
//! A token's position is turned into its queries and keys: the numbers of a head are pairs, each pair is a point in a plane,
//! and pair `i` is turned by the angle `position * base^(-2i / d)`. Two points that are both turned keep the angle between
//! them, so a query times a key depends on how far apart the two tokens are.
//!
//! There are two ways to make the pairs of a head of `d` numbers: neighbours, `(0, 1), (2, 3), …`, or halves, `(0, d/2),
//! (1, d/2 + 1), …`. Hugging Face's Llama takes halves. When a Llama is converted to GGUF, the rows of its query and key weights
//! are put in another order, for neighbours. The code below is Hugging Face's.

/// Turns each pair of a head, in place, for a token at `position`.
fn rope(head: &mut [f32], position: usize, base: f32) {
    let d = head.len();
    for i in 0..d / 2 {
        let angle = position as f32 * base.powf(-2.0 * i as f32 / d as f32);
        let (sin, cos) = angle.sin_cos();
        // TODO: In a GGUF file's Llama, neighbours are a pair.
        let (x, y) = (head[i], head[i + d / 2]);
        head[i] = x * cos - y * sin;
        head[i + d / 2] = x * sin + y * cos;
    }
}

#[path = "../../chapters/14_llama/checks/rope_pairs.rs"]
mod checks;
