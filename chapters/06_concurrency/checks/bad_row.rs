//! What `bad_row` must do: score the good rows, and say in a bad row's place what was wrong with it.

use super::score_batch;
use std::panic::resume_unwind;

/// The sum of a row. One with a negative number panics, as `panic!` does but without its message on the screen.
fn score(row: &[f32]) -> f32 {
    if row.iter().any(|x| *x < 0.0) {
        resume_unwind(Box::new("a negative count"));
    }
    row.iter().sum()
}

#[test]
fn scores_a_good_batch() {
    let rows = [vec![1.0, 2.0], vec![4.0]];
    let got = score_batch(&rows, score);
    let want = [Ok(3.0), Ok(4.0)];
    assert_eq!(got, want, "scores of [1, 2] and [4]");
}

// Row 1 is broken. Row 2 keeps its place: whoever asked for it must not be given another's score.
#[test]
fn a_bad_row_costs_the_others_nothing() {
    let rows = [vec![1.0, 2.0], vec![-1.0], vec![4.0]];
    let got: Vec<_> = score_batch(&rows, score)
        .into_iter()
        .map(Result::ok)
        .collect();
    let want = [Some(3.0), None, Some(4.0)];
    assert_eq!(got, want, "scores of [1, 2], [-1] and [4]");
}

#[test]
fn a_bad_row_says_why() {
    let got = score_batch(&[vec![-1.0]], score);
    let want = [Err("a negative count".to_string())];
    assert_eq!(got, want, "result for the broken row");
}
