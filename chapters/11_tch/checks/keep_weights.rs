//! What `keep_weights` must do: numbers of before that no later step reaches, and a step where the weights are.

use super::{Tuned, fine_tune};
use tch::Tensor;

fn values(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor).expect("one dimension of f64")
}

fn tuned() -> Tuned {
    fine_tune(
        Tensor::from_slice(&[0.5, -1.0, 2.0]),
        &Tensor::from_slice(&[0.25, 0.25, -1.0]),
    )
}

#[test]
fn moves_the_weights() {
    let got = values(&tuned().after);
    let want = vec![0.75, -0.75, 1.0];
    assert_eq!(got, want, "weights after the step");
}

#[test]
fn keeps_what_they_were() {
    let got = values(&tuned().before);
    let want = vec![0.5, -1.0, 2.0];
    assert_eq!(got, want, "what was kept of before");
}

// The optimiser, the network and the store hold handles to the same numbers, and must see the step.
#[test]
fn moves_them_where_they_are() {
    let weights = Tensor::from_slice(&[1.0, 2.0]);
    let network = weights.shallow_clone();
    fine_tune(weights, &Tensor::from_slice(&[10.0, 10.0]));
    let got = values(&network);
    let want = vec![11.0, 12.0];
    assert_eq!(got, want, "the network's handle");
}

// Going back writes into what was kept as little as the step did.
#[test]
fn shares_no_memory() {
    let Tuned { before, after } = tuned();
    let got = before.data_ptr() == after.data_ptr();
    let want = false;
    assert_eq!(got, want, "both at one address");
}
