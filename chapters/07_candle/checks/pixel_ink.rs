//! What `pixel_ink` must do: turn bytes into `f32` between 0 and 1, and lose nothing on the way.

use super::ink;
use candle_core::{DType, Device, Tensor};

#[test]
fn every_byte_has_its_own_ink() {
    let pixels = Tensor::arange(0_u8, 255, &Device::Cpu).unwrap();
    let row: Vec<f32> = ink(&pixels)
        .unwrap()
        .to_dtype(DType::F32)
        .unwrap()
        .to_vec1()
        .unwrap();
    let got = [row[0], row[51], row[102], row[128]].map(|ink| (ink * 1e4).round());
    let want = [0.0, 2000.0, 4000.0, 5020.0];
    assert_eq!(got, want, "ink of 0, 51, 102 and 128, times 10,000");
}

#[test]
fn it_meets_f32_weights() {
    let pixels = Tensor::new(&[[0_u8, 255], [51, 102]], &Device::Cpu).unwrap();
    let weights = Tensor::new(&[[1_f32], [10.0]], &Device::Cpu).unwrap();
    let scores = ink(&pixels).unwrap().matmul(&weights).unwrap();
    let got: Vec<Vec<f32>> = candle_core::test_utils::to_vec2_round(&scores, 4).unwrap();
    let want = vec![vec![10.0], vec![4.2]];
    assert_eq!(got, want, "two images of two pixels times f32 weights");
}
