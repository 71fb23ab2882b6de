//! What `own_mean` must do: centre each row, whatever the shape. A square is the shape that hides a mistake.

use super::centred;
use candle_core::{Device, Tensor};

#[test]
fn centres_two_rows_of_three() {
    let rows = Tensor::new(&[[1_f32, 2.0, 3.0], [10.0, 20.0, 60.0]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = centred(&rows).unwrap().to_vec2().unwrap();
    let want = vec![vec![-1.0, 0.0, 1.0], vec![-20.0, -10.0, 30.0]];
    assert_eq!(got, want, "[1, 2, 3] and [10, 20, 60], centred");
}

#[test]
fn centres_the_rows_of_a_square() {
    let rows = Tensor::new(&[[1_f32, 3.0], [10.0, 30.0]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = centred(&rows).unwrap().to_vec2().unwrap();
    let want = vec![vec![-1.0, 1.0], vec![-10.0, 10.0]];
    assert_eq!(got, want, "[1, 3] and [10, 30], centred");
}
