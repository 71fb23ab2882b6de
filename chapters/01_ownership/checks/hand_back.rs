//! What `hand_back` must do: bias first, `relu` second, all of it in the buffer that was handed in.

use super::forward;

#[test]
fn adds_the_bias_and_then_applies_relu() {
    let got = forward(vec![-2.0, 0.5, 1.0], 1.0);
    let want = [0.0, 1.5, 2.0];
    assert_eq!(got, want, "forward of [-2.0, 0.5, 1.0] with bias 1.0");
}

#[test]
fn the_bias_may_be_negative() {
    let got = forward(vec![0.5, 3.0], -1.0);
    let want = [0.0, 2.0];
    assert_eq!(got, want, "forward of [0.5, 3.0] with bias -1.0");
}

// The same address in and out: the buffer moved through two functions and came back, and none was made on the way.
#[test]
fn hands_back_the_buffer_it_was_given() {
    let activations = vec![-2.0, 0.5, 1.0];
    let want = activations.as_ptr();
    let activations = forward(activations, 1.0);
    let got = activations.as_ptr();
    assert_eq!(got, want, "address of the activations");
}
