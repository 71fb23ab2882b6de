//! What `attention_weights` must do: let each token see itself and everything before it, and nothing else.

use super::attention_weights;

/// `rows` new tokens with equal scores for all keys: then each weight is one over the number of keys seen. The scores are large,
/// and `exp` of twice as much would be infinite.
fn seen(start: usize, rows: usize) -> Vec<usize> {
    let scores = vec![vec![50.0; start + rows]; rows];
    let weights = attention_weights(&scores, start);
    let count = |row: &Vec<f32>| row.iter().take_while(|weight| **weight > 0.0).count();
    weights.iter().map(count).collect()
}

#[test]
fn a_new_prompt_is_a_triangle() {
    let got = seen(0, 3);
    let want = [1, 2, 3];
    assert_eq!(got, want, "keys seen by 3 tokens, none before them");
}

#[test]
fn all_that_was_before_is_seen() {
    let got = seen(5, 3);
    let want = [6, 7, 8];
    assert_eq!(got, want, "keys seen by 3 tokens, 5 before them");
    let got = seen(7, 1);
    let want = [8];
    assert_eq!(got, want, "keys seen by 1 token, 7 before it");
}

#[test]
fn weights_are_a_softmax_of_what_is_seen() {
    let scores = vec![vec![1.0, 1.0, 9.0], vec![0.0, 0.0, 2.0_f32.ln()]];
    let got = attention_weights(&scores, 1);
    let want = [[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]];
    let near = |got: &[f32], want: &[f32]| got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6);
    let all = got.iter().zip(&want).all(|(got, want)| near(got, want));
    assert!(all, "weights\n  got:  {got:?}\n  want: {want:?}");
}
