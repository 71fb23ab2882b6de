//! What `nearest_rows` must do: find the rows for all questions, and let each query go when it was answered.

use super::context;
use allocation_counter::measure;

/// Three embeddings of width 2, each of length 1.
const ROWS: [f32; 6] = [1.0, 0.0, 0.6, 0.8, 0.0, 1.0];

#[test]
fn finds_the_row_for_a_question() {
    let got = context(&ROWS, &[[3.0, -4.0]]);
    let want = [1.0, 0.0];
    assert_eq!(got, want, "the row nearest to [3.0, -4.0]");
}

#[test]
fn puts_the_rows_together_in_order() {
    let got = context(&ROWS, &[[0.0, 2.0], [1.0, 1.0], [5.0, 0.0]]);
    let want = [0.0, 1.0, 0.6, 0.8, 1.0, 0.0];
    assert_eq!(got, want, "context for [0, 2], [1, 1] and [5, 0]");
}

// Three scaled queries, the list of hits and the context: five. A hit is a view of the index and costs nothing.
#[test]
fn a_hit_is_not_copied() {
    let questions = [[0.0, 2.0], [1.0, 1.0], [5.0, 0.0]];
    let got = measure(|| {
        context(&ROWS, &questions);
    })
    .count_total;
    let want = 5;
    assert_eq!(got, want, "allocations for three questions");
}
