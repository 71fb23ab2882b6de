//! What `load_checkpoint` must do: take over every weight, or say which one does not fit.

use super::{Net, load};
use burn::module::{Param, ParamGroup};
use burn::nn::Linear;
use burn::prelude::*;

/// A network with a hidden layer of `width`, all of whose weights are `value`.
fn net(width: usize, value: f32) -> Net {
    let layer = |inputs: usize, outputs: usize| Linear {
        weight: Param::from_tensor(Tensor::full([inputs, outputs], value, &Device::flex())),
        bias: None,
    };
    Net {
        fc1: layer(2, width),
        fc2: layer(width, 1),
    }
}

#[test]
fn takes_over_every_weight() {
    let loaded = load(net(3, 0.0), net(3, 2.0).into_record()).unwrap();
    let sum = |layer: &Linear| layer.weight.val().sum().into_scalar::<f32>();
    let got = [sum(&loaded.fc1), sum(&loaded.fc2)];
    let want = [12.0, 6.0];
    assert_eq!(got, want, "sums of weights that are all 2");
}

#[test]
fn another_width_is_an_error() {
    let result = load(net(4, 0.0), net(3, 2.0).into_record());
    let got = result.map_or_else(|error| error.to_string(), |_| "it was accepted".to_string());
    let got = got.contains("fc1.weight") && got.contains("fc2.weight");
    let want = true;
    assert_eq!(got, want, "whether the error names both weights");
}

#[test]
fn a_missing_layer_is_an_error() {
    let part = net(3, 2.0).into_record_group(ParamGroup::from_path("fc1"));
    let got = load(net(3, 0.0), part).is_err();
    let want = true;
    assert_eq!(got, want, "whether a record without fc2 is refused");
}
