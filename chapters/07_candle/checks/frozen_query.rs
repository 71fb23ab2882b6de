//! What `frozen_query` must do: answer as before, with a gradient that reaches the query.

use super::pooled;
use candle_core::test_utils::to_vec2_round;
use candle_core::{Device, Tensor, Var};

fn rows() -> Tensor {
    let rows = [[1_f32, 0.0], [0.0, 1.0], [2.0, 2.0]];
    Tensor::new(&rows, &Device::Cpu).unwrap()
}

/// The first number of the answer, as a function of the query.
fn first(query: &Tensor) -> Tensor {
    let answer = pooled(&rows(), query).unwrap();
    answer.narrow(1, 0, 1).unwrap().sum_all().unwrap()
}

// numpy: s = scipy.special.softmax(rows @ query, axis=0); s.T @ rows
#[test]
fn answers_the_weighted_mean() {
    let query = Tensor::new(&[[0.5_f32], [-0.5]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = to_vec2_round(&pooled(&rows(), &query).unwrap(), 4).unwrap();
    let want = vec![vec![1.1209, 0.8007]];
    assert_eq!(got, want, "the rows' mean for the query [0.5, -0.5]");
}

#[test]
fn the_gradient_reaches_the_query() {
    let query = Var::new(&[[0.5_f32], [-0.5]], &Device::Cpu).unwrap();
    let gradients = first(&query).backward().unwrap();
    let got = gradients.get(&query).is_some();
    let want = true;
    assert_eq!(got, want, "whether the query has a gradient");
}

#[test]
fn the_gradient_is_the_finite_difference() {
    let query = Var::new(&[[0.5_f32], [-0.5]], &Device::Cpu).unwrap();
    let gradients = first(&query).backward().unwrap();
    let gradient = gradients.get(&query).expect("a gradient for the query");
    let got: Vec<Vec<f32>> = to_vec2_round(gradient, 2).unwrap();
    let at = |x: f32, y: f32| {
        let query = Tensor::new(&[[x], [y]], &Device::Cpu).unwrap();
        first(&query).to_scalar::<f32>().unwrap()
    };
    let slopes = [
        at(0.51, -0.5) - at(0.49, -0.5),
        at(0.5, -0.49) - at(0.5, -0.51),
    ];
    let want: Vec<Vec<f32>> = slopes
        .iter()
        .map(|slope| vec![(slope / 0.02 * 100.0).round() / 100.0])
        .collect();
    assert_eq!(got, want, "the gradient, and the slope between two answers");
}
