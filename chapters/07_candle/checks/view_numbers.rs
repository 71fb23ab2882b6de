//! What `view_numbers` must do: compute with the numbers of the view, in the view's order.

use super::squared_relu;
use candle_core::{Device, Tensor};

fn table() -> Tensor {
    let numbers = [[1_f32, -2.0, 3.0], [4.0, 5.0, -6.0]];
    Tensor::new(&numbers, &Device::Cpu).unwrap()
}

#[test]
fn squares_a_whole_tensor() {
    let got: Vec<Vec<f32>> = squared_relu(&table()).unwrap().to_vec2().unwrap();
    let want = vec![vec![1.0, 0.0, 9.0], vec![16.0, 25.0, 0.0]];
    assert_eq!(got, want, "squares of [1, -2, 3] and [4, 5, -6]");
}

#[test]
fn squares_the_second_row() {
    let row = table().narrow(0, 1, 1).unwrap();
    let got: Vec<Vec<f32>> = squared_relu(&row).unwrap().to_vec2().unwrap();
    let want = vec![vec![16.0, 25.0, 0.0]];
    assert_eq!(got, want, "squares of the row [4, 5, -6]");
}

#[test]
fn squares_the_last_column() {
    let column = table().narrow(1, 2, 1).unwrap();
    let got: Vec<Vec<f32>> = squared_relu(&column).unwrap().to_vec2().unwrap();
    let want = vec![vec![9.0], vec![0.0]];
    assert_eq!(got, want, "squares of the column [3, -6]");
}

#[test]
fn squares_a_transposed_tensor() {
    let turned = table().t().unwrap();
    let got: Vec<Vec<f32>> = squared_relu(&turned).unwrap().to_vec2().unwrap();
    let want = vec![vec![1.0, 16.0], vec![0.0, 25.0], vec![9.0, 0.0]];
    assert_eq!(got, want, "squares of the transposed table");
}

#[test]
fn squares_what_is_repeated_without_being_there() {
    let row = Tensor::new(&[2_f32, 3.0], &Device::Cpu).unwrap();
    let rows = row.broadcast_as((2, 2)).unwrap();
    let got: Vec<Vec<f32>> = squared_relu(&rows).unwrap().to_vec2().unwrap();
    let want = vec![vec![4.0, 9.0], vec![4.0, 9.0]];
    assert_eq!(got, want, "squares of [2, 3], broadcast to two rows");
}
