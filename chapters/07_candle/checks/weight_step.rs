//! What `weight_step` must do: move the weight itself, against its gradient.

use super::step;
use candle_core::test_utils::to_vec2_round;
use candle_core::{Device, Tensor, Var};

/// Two rows of two numbers, and targets that the weights 2 and -1 would hit.
fn problem() -> (Var, Tensor, Tensor) {
    let weight = Var::new(&[[0_f32], [0.0]], &Device::Cpu).unwrap();
    let inputs = Tensor::new(&[[1_f32, 2.0], [3.0, 1.0]], &Device::Cpu).unwrap();
    let targets = Tensor::new(&[[0_f32], [5.0]], &Device::Cpu).unwrap();
    (weight, inputs, targets)
}

// By hand: the errors are 0 and -5, so the gradient is 2/2 * (1*0 + 3*-5, 2*0 + 1*-5) = (-15, -5).
#[test]
fn the_weight_goes_where_the_gradient_points_away_from() {
    let (weight, inputs, targets) = problem();
    step(&weight, &inputs, &targets, 0.01).unwrap();
    let got: Vec<Vec<f32>> = to_vec2_round(&weight, 4).unwrap();
    let want = vec![vec![0.15], vec![0.05]];
    assert_eq!(got, want, "the weight after one step of rate 0.01");
}

#[test]
fn two_hundred_steps_find_the_weights() {
    let (weight, inputs, targets) = problem();
    let first = step(&weight, &inputs, &targets, 0.05).unwrap();
    for _ in 0..200 {
        step(&weight, &inputs, &targets, 0.05).unwrap();
    }
    let last = step(&weight, &inputs, &targets, 0.05).unwrap();
    let got = (first, last < 1e-3, to_vec2_round(&weight, 1).unwrap());
    let want = (12.5, true, vec![vec![2.0], vec![-1.0]]);
    assert_eq!(got, want, "first loss, whether the last is tiny, weight");
}
