//! What `apply_by_default` must do: give every activation the same loop, in place, the ones to come included.

use super::{Activation, LeakyReLU, Sigmoid};
use allocation_counter::measure;
use traits::gradcheck::snap_all;

/// Written after the trait, by somebody who has never seen its loop.
struct Softsign;

impl Activation for Softsign {
    fn forward(&self, x: f32) -> f32 {
        x / (1.0 + x.abs())
    }

    fn backward(&self, x: f32) -> f32 {
        1.0 / ((1.0 + x.abs()) * (1.0 + x.abs()))
    }
}

#[test]
fn leaky_relu_still_works_in_place() {
    let mut got = [-2.0, 0.0, 3.0];
    LeakyReLU { slope: 0.25 }.apply(&mut got);
    let want = [-0.5, 0.0, 3.0];
    assert_eq!(got, want, "LeakyReLU of slope 0.25 on [-2.0, 0.0, 3.0]");
}

// From Python: 1 / (1 + math.exp(-x)).
#[test]
fn sigmoid_has_it_too() {
    let mut values = [-1.0, 0.0, 2.0];
    Sigmoid.apply(&mut values);
    let want = [0.268_941_43, 0.5, 0.880_797_1];
    let got = snap_all(&values, &want, 1e-6);
    assert_eq!(got, want, "Sigmoid on [-1.0, 0.0, 2.0]");
}

#[test]
fn an_activation_that_is_still_to_come_has_it() {
    let mut got = [-1.0, 0.0, 3.0];
    Softsign.apply(&mut got);
    let want = [-0.5, 0.0, 0.75];
    assert_eq!(got, want, "Softsign on [-1.0, 0.0, 3.0]");
}

#[test]
fn the_derivatives_are_as_they_were() {
    let got = [
        LeakyReLU { slope: 0.25 }.backward(-1.0),
        LeakyReLU { slope: 0.25 }.backward(2.0),
        Sigmoid.backward(0.0),
        Sigmoid.backward(200.0),
        Softsign.backward(1.0),
    ];
    let want = [0.25, 1.0, 0.25, 0.0, 0.25];
    assert_eq!(got, want, "five derivatives of three activations");
}

#[test]
fn needs_no_second_buffer() {
    let mut values = [-2.0; 1_000];
    let got = measure(|| LeakyReLU { slope: 0.25 }.apply(&mut values)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while applying to 1,000 values");
}
