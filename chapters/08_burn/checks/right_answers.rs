//! What `right_answers` must do: compare row by row, and give a share between 0 and 1.

use super::accuracy;
use burn::prelude::*;

/// The accuracy for rows that answer 2, 0 and 0, in this order, as many as there are labels.
fn accuracy_for<const N: usize>(labels: [i32; N]) -> f32 {
    let device = Device::flex();
    let scores = [[0.0, 1.0, 9.0], [7.0, 2.0, 3.0], [8.0, 4.0, 5.0]];
    let scores = Tensor::from_floats(scores, &device).slice([0..N, 0..3]);
    accuracy(scores, Tensor::from_ints(labels, &device))
}

#[test]
fn all_right_is_1() {
    let got = accuracy_for([2, 0]);
    let want = 1.0;
    assert_eq!(got, want, "rows answer 2, 0; labels are 2, 0");
}

#[test]
fn all_wrong_is_0() {
    let got = accuracy_for([0, 2]);
    let want = 0.0;
    assert_eq!(got, want, "rows answer 2, 0; labels are 0, 2");
}

#[test]
fn one_of_three_is_a_third() {
    let got = (300.0 * accuracy_for([2, 1, 1])).round();
    let want = 100.0;
    assert_eq!(got, want, "300 times the accuracy, one of three right");
}
