//! What `distinct_tokens` must do: count every token once, wherever it is repeated.

use super::variety;

#[test]
fn all_tokens_differ() {
    let got = variety(&[11, 7, 5, 2]);
    let want = 1.0;
    assert_eq!(got, want, "variety of [11, 7, 5, 2]");
}

#[test]
fn repeated_tokens_count_once() {
    let got = variety(&[7, 7, 7, 7]);
    let want = 0.25;
    assert_eq!(got, want, "variety of [7, 7, 7, 7]");
}

#[test]
fn repetitions_need_not_be_neighbours() {
    let got = variety(&[7, 5, 7, 5, 7, 5]);
    let want = 2.0 / 6.0;
    assert_eq!(got, want, "variety of [7, 5, 7, 5, 7, 5]");
}
