//! What `join_between_steps` must do: fill free places before each pass, and empty them after it.

use super::{Batch, Sequence};

/// A batch with room for `size`, and a line of answers that need so many passes each.
fn batch(size: usize, passes: &[usize]) -> Batch {
    let line = passes
        .iter()
        .zip(0..)
        .map(|(&left, id)| Sequence { id, left });
    Batch {
        size,
        running: Vec::new(),
        line: line.collect(),
    }
}

/// Who is done after each of `turns` passes.
fn done(mut batch: Batch, turns: usize) -> Vec<Vec<u32>> {
    (0..turns).map(|_| batch.turn()).collect()
}

#[test]
fn there_are_never_more_than_fit() {
    let mut batch = batch(3, &[5; 10]);
    let mut got = 0;
    for _ in 0..20 {
        batch.turn();
        got = got.max(batch.running.len());
    }
    let want = 3;
    assert!(got <= want, "{got} in a batch of {want}");
}

#[test]
fn all_free_places_are_taken() {
    let got = done(batch(3, &[1, 1, 1, 1, 1, 1]), 2);
    let want = [vec![0, 1, 2], vec![3, 4, 5]];
    assert_eq!(got, want, "six short answers, three places");
}

#[test]
fn who_is_done_leaves_at_once() {
    let got = done(batch(2, &[1, 3]), 3);
    let want = [vec![0], vec![], vec![1]];
    assert_eq!(got, want, "answers of 1 and 3 tokens");
}

#[test]
fn a_free_place_is_taken_before_the_next_pass() {
    let got = done(batch(2, &[1, 4, 2, 1]), 4);
    let want = [vec![0], vec![], vec![2], vec![1, 3]];
    assert_eq!(got, want, "four answers, two places");
}

#[test]
fn who_arrives_later_joins_in_the_middle() {
    let mut batch = batch(2, &[4]);
    batch.turn();
    batch.line.push_back(Sequence { id: 7, left: 1 });
    let got = batch.turn();
    let want = [7];
    assert_eq!(got, want, "done in the pass after it arrived");
}
