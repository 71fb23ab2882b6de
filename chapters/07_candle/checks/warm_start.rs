//! What `warm_start` must do: go on with the file's weights, in variables, or say that the file lacks some.

use super::resume;
use candle_chapter::network::INPUTS;
use candle_core::{DType, Device, Tensor};
use candle_nn::Module;
use std::collections::HashMap;
use std::path::PathBuf;

/// A file with some of four tensors: all weights are 0, and the last bias is 0, 1, …, 9.
fn saved(name: &str, tensors: &[&str]) -> PathBuf {
    let zeros = |shape: &[usize]| Tensor::zeros(shape, DType::F32, &Device::Cpu).unwrap();
    let all = HashMap::from([
        ("fc1.weight", zeros(&[256, 784])),
        ("fc1.bias", zeros(&[256])),
        ("fc2.weight", zeros(&[10, 256])),
        (
            "fc2.bias",
            Tensor::arange(0_f32, 10.0, &Device::Cpu).unwrap(),
        ),
    ]);
    let some: HashMap<&str, Tensor> = all
        .into_iter()
        .filter(|(name, _)| tensors.contains(name))
        .collect();
    let name = format!(
        "workbook-warm-start-{}-{name}.safetensors",
        std::process::id()
    );
    let path = std::env::temp_dir().join(name);
    candle_core::safetensors::save(&some, &path).unwrap();
    path
}

const ALL: [&str; 4] = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"];

#[test]
fn answers_with_the_weights_of_the_file() {
    let path = saved("answers", &ALL);
    let result = resume(&path);
    std::fs::remove_file(&path).unwrap();
    let image = Tensor::ones((1, INPUTS), DType::F32, &Device::Cpu).unwrap();
    let scores = result.unwrap().0.forward(&image).unwrap();
    let got: Vec<Vec<f32>> = scores.to_vec2().unwrap();
    let want = vec![(0_u8..10).map(f32::from).collect::<Vec<_>>()];
    assert_eq!(got, want, "scores of a network that knows its bias only");
}

#[test]
fn its_variables_can_be_trained_on() {
    let path = saved("variables", &ALL);
    let result = resume(&path);
    std::fs::remove_file(&path).unwrap();
    let (network, weights) = result.unwrap();
    let image = Tensor::ones((1, INPUTS), DType::F32, &Device::Cpu).unwrap();
    let loss = network.forward(&image).unwrap().sum_all().unwrap();
    let gradients = loss.backward().unwrap();
    let got = weights
        .all_vars()
        .iter()
        .filter(|var| gradients.get(var).is_some())
        .count();
    let want = 4;
    assert_eq!(got, want, "variables in the map that have a gradient");
}

#[test]
fn a_file_that_lacks_a_tensor_is_an_error() {
    let path = saved("lacking", &ALL[..3]);
    let got = resume(&path).is_err();
    std::fs::remove_file(&path).unwrap();
    let want = true;
    assert_eq!(got, want, "an error for a file without fc2.bias");
}
