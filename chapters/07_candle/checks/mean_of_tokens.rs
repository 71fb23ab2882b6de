//! What `mean_of_tokens` must do: leave the padding out, of the sum and of the count.

use super::sentence_vectors;
use candle_core::{Device, Tensor};

#[test]
fn texts_of_one_length_have_plain_means() {
    let hidden = Tensor::new(&[[[1_f32, 2.0], [3.0, 6.0]]], &Device::Cpu).unwrap();
    let mask = Tensor::new(&[[1_u32, 1]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = sentence_vectors(&hidden, &mask).unwrap().to_vec2().unwrap();
    let want = vec![vec![2.0, 4.0]];
    assert_eq!(got, want, "mean of [1, 2] and [3, 6]");
}

#[test]
fn padding_is_left_out() {
    let hidden = [
        [[1_f32, 2.0], [3.0, 6.0], [5.0, 1.0]],
        [[8.0, 4.0], [9.0, 9.0], [7.0, 7.0]],
    ];
    let hidden = Tensor::new(&hidden, &Device::Cpu).unwrap();
    let mask = Tensor::new(&[[1_u32, 1, 1], [1, 0, 0]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = sentence_vectors(&hidden, &mask).unwrap().to_vec2().unwrap();
    let want = vec![vec![3.0, 3.0], vec![8.0, 4.0]];
    assert_eq!(got, want, "means of three tokens, and of one with padding");
}

// The vectors of the padding are large here, so that nothing hides.
#[test]
fn more_padding_changes_nothing() {
    let hidden = Tensor::new(&[[[1_f32, 2.0], [3.0, 6.0]]], &Device::Cpu).unwrap();
    let padding = Tensor::new(&[[[1e3_f32, -1e3]]], &Device::Cpu).unwrap();
    let padding = padding.repeat((1, 6, 1)).unwrap();
    let hidden = Tensor::cat(&[hidden, padding], 1).unwrap();
    let mask = Tensor::new(&[[1_u32, 1, 0, 0, 0, 0, 0, 0]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> = sentence_vectors(&hidden, &mask).unwrap().to_vec2().unwrap();
    let want = vec![vec![2.0, 4.0]];
    assert_eq!(got, want, "mean of two tokens, among six of padding");
}
