//! What `missing_tensor` must do: find both tensors where they lie, or name the one that is not there.

use super::{MissingTensor, Tensors, layer};
use allocation_counter::measure;

/// A checkpoint with tensors of these names: the first holds a 0, the second a 1.
fn tensors(names: &[&str]) -> Tensors {
    let mut tensors = Tensors::new();
    for (place, name) in names.iter().enumerate() {
        tensors.insert(name.to_string(), vec![place as f32]);
    }
    tensors
}

#[test]
fn finds_both_tensors() {
    let tensors = tensors(&["fc1.weight", "fc1.bias"]);
    let got = layer(&tensors, "fc1.weight", "fc1.bias");
    let want = Ok(([0.0].as_slice(), [1.0].as_slice()));
    assert_eq!(got, want, "weight and bias of fc1");
}

#[test]
fn names_the_tensor_that_is_missing() {
    for (there, missing) in [("fc1.weight", "fc1.bias"), ("fc1.bias", "fc1.weight")] {
        let tensors = tensors(&[there]);
        let got = layer(&tensors, "fc1.weight", "fc1.bias");
        let name = missing.to_string();
        let want = Err(MissingTensor { name });
        assert_eq!(got, want, "a checkpoint that has {there} only");
    }
}

// Thousands of tensors are found for one that is missing. Who finds pays for no error.
#[test]
fn an_error_costs_nothing_until_there_is_one() {
    let tensors = tensors(&["fc1.weight", "fc1.bias"]);
    let got = measure(|| {
        let _ = layer(&tensors, "fc1.weight", "fc1.bias");
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations when both are found");
}
