//! What `pytorch_layer` must do: compute what PyTorch computes. `oracles.py` beside the lesson made the figures.

use super::from_pytorch;
use burn::prelude::*;

/// What the layer makes of the row [1, 2].
fn output(weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let device = Device::flex();
    let layer = from_pytorch(weight.to_vec(), bias.to_vec(), &device);
    let x = Tensor::<2>::from_floats([[1.0, 2.0]], &device);
    layer.forward(x).try_into_vec_as().unwrap()
}

// A square layer cannot fail by its shape. Only the numbers tell.
#[test]
fn a_square_layer_computes_the_same() {
    let got = output(&[0.0, 1.0, 2.0, 3.0], &[0.0, 10.0]);
    let want = [2.0, 18.0];
    assert_eq!(got, want, "[1, 2] through [[0, 1], [2, 3]]");
}

#[test]
fn a_wide_layer_computes_the_same() {
    let got = output(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[0.5, 0.0, -0.5]);
    let want = [5.5, 11.0, 16.5];
    assert_eq!(got, want, "[1, 2] through [[1, 2], [3, 4], [5, 6]]");
}

#[test]
fn both_tensors_can_be_trained() {
    let device = Device::flex().autodiff();
    let layer = from_pytorch(vec![1.0; 6], vec![0.0; 3], &device);
    let bias = layer
        .bias
        .as_ref()
        .is_some_and(|bias| bias.val().is_require_grad());
    let got = (layer.weight.val().is_require_grad(), bias);
    let want = (true, true);
    assert_eq!(got, want, "whether weight and bias want gradients");
}
