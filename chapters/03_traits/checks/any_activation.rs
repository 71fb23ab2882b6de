//! What `any_activation` must do: work for every type that has the trait, and say so in its signatures.

use super::{Activation, ReLU, Sigmoid, apply_activation, propagate};

/// Doubles, and is known to nobody but this file.
struct Double;

impl Activation for Double {
    fn forward(&self, x: f32) -> f32 {
        2.0 * x
    }

    fn backward(&self, _: f32) -> f32 {
        2.0
    }
}

#[test]
fn applies_relu() {
    let got = apply_activation(&ReLU, &[-1.0, 0.5, 2.0, -0.3]);
    let want = [0.0, 0.5, 2.0, 0.0];
    assert_eq!(got, want, "ReLU of [-1.0, 0.5, 2.0, -0.3]");
}

// e to the power of 0 is 1, so at 0 the sigmoid is 1/2 and its derivative 1/4, to the last digit. Far out it is 1 or 0,
// and flat.
#[test]
fn applies_sigmoid_and_propagates_through_it() {
    let got = apply_activation(&Sigmoid, &[0.0, 200.0, -200.0]);
    let want = [0.5, 1.0, 0.0];
    assert_eq!(got, want, "Sigmoid of [0.0, 200.0, -200.0]");

    let got = propagate(&Sigmoid, &[0.0, 0.0, 200.0], &[1.0, -2.0, 3.0]);
    let want = [0.25, -0.5, 0.0];
    assert_eq!(got, want, "[1.0, -2.0, 3.0] through Sigmoid at [0, 0, 200]");
}

#[test]
fn works_with_what_it_has_never_seen() {
    let got = apply_activation(&Double, &[-1.0, 0.5]);
    let want = [-2.0, 1.0];
    assert_eq!(got, want, "Double of [-1.0, 0.5]");

    let got = propagate(&Double, &[-1.0, 0.5], &[1.0, -3.0]);
    let want = [2.0, -6.0];
    assert_eq!(got, want, "[1.0, -3.0] through Double");
}

// `::<ReLU>` says what `A` is to be. Only a function with a type parameter can be asked for it.
#[test]
fn the_type_is_a_parameter() {
    let got = apply_activation::<ReLU>(&ReLU, &[-1.0, 0.5]);
    let want = [0.0, 0.5];
    assert_eq!(got, want, "ReLU of [-1.0, 0.5]");

    let got = propagate::<ReLU>(&ReLU, &[-1.0, 0.5], &[3.0, 3.0]);
    let want = [0.0, 3.0];
    assert_eq!(got, want, "[3.0, 3.0] through ReLU at [-1.0, 0.5]");
}
