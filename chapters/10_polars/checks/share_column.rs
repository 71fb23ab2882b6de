//! What `share_column` must do: keep the numbers where they are.

use super::score_column;
use allocation_counter::measure;
use arrow::array::Array;

#[test]
fn holds_the_scores() {
    let got = score_column(vec![0.5, -1.5, 2.5]);
    assert_eq!(got.values()[..], [0.5, -1.5, 2.5], "the scores");
    assert_eq!(got.null_count(), 0, "missing scores");
}

#[test]
fn the_scores_stay_where_they_are() {
    let scores = vec![0.25_f32; 1000];
    let want = scores.as_ptr().addr();
    let column = score_column(scores);
    let got = column.values().as_ptr().addr();
    assert_eq!(got, want, "where the first score is");
}

// Memory that was freed on the way may be given out again, at the same place. What describes the column takes a few words.
#[test]
fn no_memory_is_asked_for_but_a_few_words() {
    let scores = vec![0.25_f32; 1000];
    let mut column = None;
    let got = measure(|| column = Some(score_column(scores))).bytes_total;
    assert!(got < 1000, "{got} bytes asked for, for 4000 that are there");
}
