//! What `keep_the_step` must do: return a layer that is nearer to its goal, and that can go on.

use super::training_step;
use burn::module::Param;
use burn::nn::Linear;
use burn::optim::SgdConfig;
use burn::prelude::*;

/// The losses of `steps` steps from the weight 0, where the right weight is 3.
fn losses(steps: usize) -> Vec<f32> {
    let device = Device::flex().autodiff();
    let mut model = Linear {
        weight: Param::from_data([[0.0]], &device),
        bias: None,
    };
    let mut optimizer = SgdConfig::new().init();
    let x = Tensor::<2>::from_floats([[1.0], [-1.0]], &device);
    let y = Tensor::<2>::from_floats([[3.0], [-3.0]], &device);
    let mut losses = vec![];
    for _ in 0..steps {
        let loss;
        (model, loss) = training_step(model, &mut optimizer, x.clone(), y.clone(), 0.25);
        losses.push(loss);
    }
    losses
}

#[test]
fn says_the_loss_before_the_step() {
    let got = losses(1);
    let want = [9.0];
    assert_eq!(got, want, "loss of the weight 0 where 3 is right");
}

// The gradient is 2 (weight - 3). A quarter of it: each step goes half of the way.
#[test]
fn each_step_halves_the_distance() {
    let got = losses(4);
    let want = [9.0, 2.25, 0.5625, 0.140_625];
    assert_eq!(got, want, "losses of four steps at rate 0.25");
}
