//! What `relu_by_type` must do: a layer with any activation has `forward`, and its activation takes no room.

use super::{Dense, hidden};
use std::mem::size_of_val;
use traits::{Activation, LeakyReLU};

/// [1 2; 0 -1] as weights, [0, 1] as bias.
fn numbers() -> (Vec<f32>, Vec<f32>) {
    (vec![1.0, 2.0, 0.0, -1.0], vec![0.0, 1.0])
}

/// Squares: an activation of nobody's library.
struct Square;

impl Activation for Square {
    fn forward(&self, x: f32) -> f32 {
        x * x
    }

    fn backward(&self, x: f32) -> f32 {
        2.0 * x
    }
}

#[test]
fn the_hidden_layer_uses_relu() {
    let (weights, bias) = numbers();
    let got = hidden(weights, bias).forward(&[1.0, 3.0]);
    let want = [7.0, 0.0];
    assert_eq!(got, want, "relu([1 2; 0 -1] x [1, 3] + [0, 1])");
}

#[test]
fn a_layer_with_leaky_relu_has_forward() {
    let (weights, bias) = numbers();
    let activation = LeakyReLU { slope: 0.5 };
    let layer = Dense {
        weights,
        bias,
        activation,
    };
    let got = layer.forward(&[1.0, 3.0]);
    let want = [7.0, -1.0];
    assert_eq!(got, want, "the same layer with a LeakyReLU of slope 0.5");
}

#[test]
fn a_layer_with_an_activation_of_ones_own_has_it_too() {
    let (weights, bias) = numbers();
    let activation = Square;
    let layer = Dense {
        weights,
        bias,
        activation,
    };
    let got = layer.forward(&[1.0, 3.0]);
    let want = [49.0, 4.0];
    assert_eq!(got, want, "the same layer with squares");
}

// A vector is 24 bytes of address, length and capacity. Which activation it is costs nothing: the type says it.
#[test]
fn the_activation_takes_no_room() {
    let (weights, bias) = numbers();
    let two_vectors = size_of_val(&weights) + size_of_val(&bias);
    let got = size_of_val(&hidden(weights, bias));
    let want = two_vectors;
    assert_eq!(got, want, "bytes of a layer, beside those of two vectors");
}
