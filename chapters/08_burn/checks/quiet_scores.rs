//! What `quiet_scores` must do: the same scores each time, no record of how they came about, and a model that can still
//! be trained.

use super::{Net, scores};
use burn::module::Param;
use burn::nn::{DropoutConfig, Linear};
use burn::prelude::*;

/// A model in training that adds up its 64 inputs, and a row of ones for it.
fn net_and_row() -> (Net, Tensor<2>) {
    let device = Device::flex().autodiff();
    let net = Net {
        dropout: DropoutConfig::new(0.5).init(),
        fc: Linear {
            weight: Param::from_tensor(Tensor::ones([64, 1], &device)),
            bias: None,
        },
    };
    (net, Tensor::ones([1, 64], &device))
}

// Each of the 64 ones would be dropped with probability 1/2, and the others doubled.
#[test]
fn nothing_is_dropped() {
    let (net, row) = net_and_row();
    let got = [0; 5].map(|_| scores(&net, row.clone()).into_scalar::<f32>());
    let want = [64.0; 5];
    assert_eq!(got, want, "the sum of 64 ones, asked five times");
}

#[test]
fn nobody_keeps_the_graph() {
    let (net, row) = net_and_row();
    let got = scores(&net, row).is_tracked();
    let want = false;
    assert_eq!(got, want, "whether the scores hold on to their graph");
}

#[test]
fn training_can_go_on() {
    let (net, row) = net_and_row();
    scores(&net, row.clone());
    let got = net.forward(row).is_tracked();
    let want = true;
    assert_eq!(got, want, "whether the model in training is tracked");
}
