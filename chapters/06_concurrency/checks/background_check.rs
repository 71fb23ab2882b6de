//! What `background_check` must do: read the caller's own weights, on a thread that is not the caller's.

use super::check_in_background;
use std::thread;

#[test]
fn reports_the_sum() {
    let report = check_in_background(vec![0.5, 1.5, 2.0]).join().unwrap();
    let got = report.sum;
    let want = 4.0;
    assert_eq!(got, want, "sum of [0.5, 1.5, 2.0]");
}

#[test]
fn reads_them_on_another_thread() {
    let report = check_in_background(vec![1.0; 8]).join().unwrap();
    let got = report.thread == thread::current().id();
    let want = false;
    assert_eq!(got, want, "the caller's thread did the work");
}

// Moving a vector moves 24 bytes; the weights stay where they are. For a clone the machine would need them twice.
#[test]
fn reads_the_weights_where_they_were() {
    let weights = vec![1.0; 1_000];
    let want = weights.as_ptr().addr();
    let got = check_in_background(weights).join().unwrap().address;
    assert_eq!(got, want, "address of the inspected weights");
}
