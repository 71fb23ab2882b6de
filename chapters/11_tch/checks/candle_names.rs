//! What `candle_names` must do: take the weights of the file, all of them, and score with them.

use super::load;
use std::path::PathBuf;
use tch::Tensor;
use tch::nn::Module;

const FC1: [[f32; 4]; 3] = [
    [0.5, -1.0, 0.25, 2.0],
    [1.5, 0.5, -0.5, 0.0],
    [-1.0, 1.0, 1.0, -2.0],
];
const FC1_BIAS: [f32; 3] = [0.5, -0.25, 1.0];
const FC2: [[f32; 3]; 2] = [[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]];
const FC2_BIAS: [f32; 2] = [-3.0, 0.75];

/// A file as Candle writes it: the weights of each layer as (outputs, inputs), under `fc1` and `fc2`.
fn file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("{name}-{}.safetensors", std::process::id()));
    let weights = [
        ("fc1.weight", Tensor::from_slice(&FC1.concat()).view([3, 4])),
        ("fc1.bias", Tensor::from_slice(&FC1_BIAS)),
        ("fc2.weight", Tensor::from_slice(&FC2.concat()).view([2, 3])),
        ("fc2.bias", Tensor::from_slice(&FC2_BIAS)),
    ];
    Tensor::write_safetensors(&weights, &path).expect("the temporary folder can be written");
    path
}

/// The scores by plain loops. All numbers are sums of powers of two, so nothing is rounded.
fn by_hand(input: [f32; 4]) -> Vec<f32> {
    let sum =
        |row: &[f32], values: &[f32]| -> f32 { row.iter().zip(values).map(|(a, b)| a * b).sum() };
    let hidden: Vec<f32> = FC1
        .iter()
        .zip(FC1_BIAS)
        .map(|(row, bias)| (sum(row, &input) + bias).max(0.0))
        .collect();
    FC2.iter()
        .zip(FC2_BIAS)
        .map(|(row, bias)| sum(row, &hidden) + bias)
        .collect()
}

#[test]
fn the_file_is_taken() {
    let path = file("taken");
    let loaded = load(&path).map(|_| ()).map_err(|error| error.to_string());
    let got = loaded
        .err()
        .map(|said| said.replace(&path.display().to_string(), "the file"));
    std::fs::remove_file(&path).ok();
    let want = None;
    assert_eq!(got, want, "the reason for refusing it");
}

#[test]
fn every_weight_has_its_name() {
    let path = file("named");
    let mut got: Vec<String> = load(&path).map_or_else(
        |_| Vec::new(),
        |(_, store)| store.variables().into_keys().collect(),
    );
    std::fs::remove_file(&path).ok();
    got.sort_unstable();
    let want = ["fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"];
    assert_eq!(got, want, "names in the store");
}

#[test]
fn it_scores_as_candle_does() {
    let path = file("scored");
    let input = [1.0, -0.5, 2.0, 0.25];
    let scores =
        load(&path).map(|(network, _)| network.forward(&Tensor::from_slice(&input).view([1, 4])));
    let got: Vec<f32> = scores.map_or_else(
        |_| Vec::new(),
        |scores| Vec::try_from(scores.view([-1])).expect("f32"),
    );
    std::fs::remove_file(&path).ok();
    let want = by_hand(input);
    assert_eq!(got, want, "two scores");
}
