//! What `checkpoint_names` must do: find the four tensors of the file, and compute what PyTorch did with them.

use super::Scorer;
use candle_core::{DType, Device, Tensor};
use candle_nn::{Module, VarBuilder};
use std::collections::HashMap;

/// The file: 23 numbers, `sin(0)`, `sin(1)`, …, of which each tensor has its part.
fn checkpoint() -> HashMap<String, Tensor> {
    let mut next = 0;
    let mut tensor = |name: &str, shape: &[usize]| {
        let count: usize = shape.iter().product();
        let numbers = (next..next + count).map(|place| (place as f32).sin());
        next += count;
        let tensor = Tensor::from_iter(numbers, &Device::Cpu).unwrap();
        (name.to_string(), tensor.reshape(shape).unwrap())
    };
    HashMap::from([
        tensor("net.0.weight", &[3, 4]),
        tensor("net.0.bias", &[3]),
        tensor("net.2.weight", &[2, 3]),
        tensor("net.2.bias", &[2]),
    ])
}

#[test]
fn finds_its_weights_and_scores_as_pytorch_did() {
    let builder = VarBuilder::from_tensors(checkpoint(), DType::F32, &Device::Cpu);
    let scorer = Scorer::new(&builder).unwrap();
    let x = Tensor::new(&[[1_f32, 2.0, 3.0, 4.0]], &Device::Cpu).unwrap();
    let got: Vec<Vec<f32>> =
        candle_core::test_utils::to_vec2_round(&scorer.forward(&x).unwrap(), 3).unwrap();
    let want = vec![vec![3.723, -3.342]];
    assert_eq!(got, want, "scores of [1, 2, 3, 4]");
}

// A file in which something is missing is not to be made up for.
#[test]
fn a_tensor_that_is_missing_is_an_error() {
    let mut file = checkpoint();
    file.remove("net.2.bias");
    let builder = VarBuilder::from_tensors(file, DType::F32, &Device::Cpu);
    let got = Scorer::new(&builder).is_err();
    let want = true;
    assert_eq!(got, want, "an error for a file without net.2.bias");
}
