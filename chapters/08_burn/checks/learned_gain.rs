//! What `learned_gain` must do: multiply, be counted, be trained, be saved.

use super::{Gain, Param};
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;

#[test]
fn starts_without_an_effect() {
    let device = Device::flex();
    let x = Tensor::from_floats([[1.0, 2.0], [3.0, 4.0]], &device);
    let got: Vec<f32> = Gain::new(2, &device).forward(x).try_into_vec_as().unwrap();
    let want = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(got, want, "rows [1, 2] and [3, 4], times 1");
}

#[test]
fn has_a_parameter_for_each_column() {
    let got = Gain::new(5, &Device::flex()).num_params();
    let want = 5;
    assert_eq!(got, want, "parameters of a layer for 5 columns");
}

// The sum of the output falls fastest where the input is large: column by column, the factor goes down by the input.
#[test]
fn training_changes_the_factors() {
    let device = Device::flex().autodiff();
    let layer = Gain::new(2, &device);
    let x = Tensor::<2>::from_floats([[0.25, 0.5]], &device);
    let sum = layer.forward(x.clone()).sum();
    // Without this line the sum of a layer without parameters could not be asked for gradients at all.
    let sum = sum + Param::from_tensor(Tensor::<1>::zeros([1], &device)).val();
    let gradients = GradientsParams::from_grads(sum.backward(), &layer);
    let layer = SgdConfig::new().init().step(1.0, layer, gradients);
    let ones = Tensor::ones([1, 2], &device);
    let got: Vec<f32> = layer.forward(ones).inner().try_into_vec_as().unwrap();
    let want = [0.75, 0.5];
    assert_eq!(got, want, "factors after a step of rate 1 for [0.25, 0.5]");
}

#[test]
fn a_record_has_the_factors() {
    let got = Gain::new(3, &Device::flex()).into_record().len();
    let want = 1;
    assert_eq!(got, want, "tensors in the layer's record");
}
