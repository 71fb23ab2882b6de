//! What `one_digit` must do: give one image to the network as a batch, and get its scores back.

use super::scores;
use candle_chapter::network::{CLASSES, FeedForward, HIDDEN, INPUTS};
use candle_core::{Device, Tensor};
use candle_nn::{Module, VarBuilder};
use std::collections::HashMap;

/// A network whose weights are waves, and a batch of two images.
fn network_and_batch() -> (FeedForward, Tensor) {
    let waves = |shape: &[usize], pace: f32| {
        let numbers =
            (0..shape.iter().product()).map(|place: usize| (place as f32 * pace).sin() * 0.1);
        Tensor::from_iter(numbers, &Device::Cpu)
            .unwrap()
            .reshape(shape)
            .unwrap()
    };
    let weights = HashMap::from([
        ("fc1.weight".to_string(), waves(&[HIDDEN, INPUTS], 0.37)),
        ("fc1.bias".to_string(), waves(&[HIDDEN], 0.5)),
        ("fc2.weight".to_string(), waves(&[CLASSES, HIDDEN], 0.71)),
        ("fc2.bias".to_string(), waves(&[CLASSES], 0.9)),
    ]);
    let builder = VarBuilder::from_tensors(weights, candle_core::DType::F32, &Device::Cpu);
    let images = waves(&[2, INPUTS], 0.01).abs().unwrap();
    (FeedForward::new(builder).unwrap(), images)
}

/// To three places: the order of additions may differ with the size of a batch.
fn rounded(numbers: &[f32]) -> Vec<i32> {
    numbers
        .iter()
        .map(|number| (number * 1e3).round() as i32)
        .collect()
}

#[test]
fn one_image_gets_ten_scores() {
    let (network, images) = network_and_batch();
    let image: Vec<f32> = images.get(0).unwrap().to_vec1().unwrap();
    let got = scores(&network, &image).unwrap().len();
    let want = CLASSES;
    assert_eq!(got, want, "how many scores one image got");
}

#[test]
fn the_scores_are_those_it_has_in_a_batch() {
    let (network, images) = network_and_batch();
    let both: Vec<Vec<f32>> = network.forward(&images).unwrap().to_vec2().unwrap();
    let image: Vec<f32> = images.get(1).unwrap().to_vec1().unwrap();
    let got = rounded(&scores(&network, &image).unwrap());
    let want = rounded(&both[1]);
    assert_eq!(got, want, "scores alone, and among two, times 1000");
}
