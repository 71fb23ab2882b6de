//! What `split_heads` must do: give each head its part of every token.

use super::split;
use candle_core::{Device, Tensor};

/// Tokens with the numbers 0, 1, 2, … in a row: token `t` has `t * size` to `t * size + size - 1`.
fn tokens(count: usize, size: usize) -> Tensor {
    let numbers = Tensor::arange(0_f32, (count * size) as f32, &Device::Cpu).unwrap();
    numbers.reshape((count, size)).unwrap()
}

#[test]
fn each_head_has_its_part_of_each_token() {
    let got: Vec<Vec<Vec<f32>>> = split(&tokens(2, 6), 3).unwrap().to_vec3().unwrap();
    let want = vec![
        vec![vec![0.0, 1.0], vec![6.0, 7.0]],
        vec![vec![2.0, 3.0], vec![8.0, 9.0]],
        vec![vec![4.0, 5.0], vec![10.0, 11.0]],
    ];
    assert_eq!(got, want, "two tokens of six numbers, in three heads");
}

// As many heads as tokens: the shape says nothing about which is which.
#[test]
fn as_many_heads_as_tokens() {
    let got: Vec<Vec<Vec<f32>>> = split(&tokens(2, 4), 2).unwrap().to_vec3().unwrap();
    let want = vec![
        vec![vec![0.0, 1.0], vec![4.0, 5.0]],
        vec![vec![2.0, 3.0], vec![6.0, 7.0]],
    ];
    assert_eq!(got, want, "two tokens of four numbers, in two heads");
}
