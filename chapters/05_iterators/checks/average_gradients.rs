//! What `average_gradients` must do: divide every gradient, where it is.

use super::average;
use allocation_counter::measure;

#[test]
fn every_gradient_is_divided() {
    let mut got = vec![4.0, -8.0, 2.0];
    average(&mut got, 4.0);
    let want = [1.0, -2.0, 0.5];
    assert_eq!(got, want, "[4.0, -8.0, 2.0] of 4 workers");
}

#[test]
fn the_number_of_workers_counts() {
    let mut got = vec![3.0, 6.0];
    average(&mut got, 2.0);
    let want = [1.5, 3.0];
    assert_eq!(got, want, "[3.0, 6.0] of 2 workers");
}

#[test]
fn works_in_place() {
    let mut gradients = vec![4.0; 1_000];
    let got = measure(|| average(&mut gradients, 4.0)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 1,000 gradients");
}
