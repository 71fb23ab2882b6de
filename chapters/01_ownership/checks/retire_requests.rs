//! What `retire_requests` must do: take out every finished request, neighbours too, and copy none of the others.

use super::{Request, retire};
use allocation_counter::measure;

/// A batch of requests that still want so many tokens each; their ids count from 0.
fn batch(remaining: &[usize]) -> Vec<Request> {
    (0..)
        .zip(remaining)
        .map(|(id, &remaining)| Request { id, remaining })
        .collect()
}

/// The ids that are left of such a batch.
fn left_of(remaining: &[usize]) -> Vec<u32> {
    let mut running = batch(remaining);
    retire(&mut running);
    running.iter().map(|request| request.id).collect()
}

#[test]
fn a_finished_request_leaves() {
    let got = left_of(&[5, 0, 7]);
    let want = [0, 2];
    assert_eq!(got, want, "ids left when [5, 0, 7] tokens remain");
}

// The loop over indices and its Python twin fail here: what follows a removed request is never looked at.
#[test]
fn finished_neighbours_leave_too() {
    let got = left_of(&[0, 0, 4, 0, 0, 0, 9]);
    let want = [2, 6];
    assert_eq!(got, want, "ids left when [0, 0, 4, 0, 0, 0, 9] remain");
}

#[test]
fn an_unfinished_batch_stays() {
    let got = left_of(&[3, 1, 2]);
    let want = [0, 1, 2];
    assert_eq!(got, want, "ids left when [3, 1, 2] tokens remain");
}

#[test]
fn copies_no_request() {
    let mut running = batch(&[0, 1, 0, 2]);
    let got = measure(|| retire(&mut running)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while retiring requests");
}
