//! What `round_through` must do: round, and let the gradient through as it is.

use super::round_through;
use candle_core::test_utils::to_vec1_round;
use candle_core::{Device, Tensor, Var};

/// The gradient of the sum of `factors` times the rounded numbers.
fn gradient(numbers: &[f32], factors: &[f32]) -> Vec<f32> {
    let x = Var::new(numbers, &Device::Cpu).unwrap();
    let factors = Tensor::new(factors, &Device::Cpu).unwrap();
    let loss = (round_through(&x).unwrap() * factors)
        .unwrap()
        .sum_all()
        .unwrap();
    let gradients = loss.backward().unwrap();
    let gradient = gradients.get(&x).expect("a gradient for the numbers");
    gradient.to_vec1().unwrap()
}

#[test]
fn lets_the_gradient_through() {
    let got = gradient(&[0.2, 0.8, -3.6], &[1.0, 1.0, 1.0]);
    let want = vec![1.0; 3];
    assert_eq!(got, want, "gradient of the sum of the rounded numbers");
}

#[test]
fn what_comes_back_is_what_is_handed_on() {
    let got = gradient(&[0.2, 0.8, -3.6], &[2.0, -0.5, 10.0]);
    let want = vec![2.0, -0.5, 10.0];
    assert_eq!(got, want, "gradient, with the factors 2, -0.5 and 10");
}

#[test]
fn a_weight_that_is_rounded_learns() {
    let weight = Var::new(&[0.3_f32, 0.3], &Device::Cpu).unwrap();
    let target = Tensor::new(&[2_f32, -3.0], &Device::Cpu).unwrap();
    for _ in 0..60 {
        let off = (round_through(&weight).unwrap() - &target).unwrap();
        let loss = off.sqr().unwrap().sum_all().unwrap();
        let gradients = loss.backward().unwrap();
        let gradient = gradients.get(&weight).expect("a gradient for the weight");
        let moved = (weight.as_tensor() - (gradient * 0.1).unwrap()).unwrap();
        weight.set(&moved).unwrap();
    }
    let got = to_vec1_round(&round_through(&weight).unwrap(), 4).unwrap();
    let want = vec![2.0, -3.0];
    assert_eq!(
        got, want,
        "rounded weights after sixty steps towards 2 and -3"
    );
}
