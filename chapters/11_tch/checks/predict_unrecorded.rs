//! What `predict_unrecorded` must do: the same scores, with nothing recorded on the way, and the weights as before.

use super::predict;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use tch::nn::Module;
use tch::{Kind, Tensor};

/// A layer that counts how often its product was recorded for a way back.
#[derive(Debug)]
struct Watched {
    weight: Tensor,
    recorded: AtomicUsize,
}

impl Watched {
    fn new() -> Self {
        Self {
            weight: Tensor::from_slice(&[2.0, -1.0])
                .view([2, 1])
                .set_requires_grad(true),
            recorded: AtomicUsize::new(0),
        }
    }
}

impl Module for Watched {
    fn forward(&self, batch: &Tensor) -> Tensor {
        let product = batch.matmul(&self.weight);
        if product.requires_grad() {
            self.recorded.fetch_add(1, Relaxed);
        }
        product
    }
}

fn batches() -> Vec<Tensor> {
    [[1.0, 1.0], [0.5, 3.0], [4.0, 0.0]]
        .iter()
        .map(|row| Tensor::from_slice(row).view([1, 2]))
        .collect()
}

#[test]
fn scores_every_batch_in_order() {
    let scores = predict(&Watched::new(), &batches());
    let got: Vec<f64> = scores
        .iter()
        .map(|score| score.double_value(&[0, 0]))
        .collect();
    let want = vec![1.0, -2.0, 8.0];
    assert_eq!(got, want, "one score a batch");
}

#[test]
fn the_scores_ask_for_no_gradient() {
    let scores = predict(&Watched::new(), &batches());
    let got = scores.iter().filter(|score| score.requires_grad()).count();
    let want = 0;
    assert_eq!(got, want, "scores with a way back");
}

#[test]
fn nothing_is_recorded_on_the_way() {
    let network = Watched::new();
    predict(&network, &batches());
    let got = network.recorded.load(Relaxed);
    let want = 0;
    assert_eq!(got, want, "products that were recorded");
}

#[test]
fn the_weights_can_be_trained_tomorrow() {
    let network = Watched::new();
    predict(&network, &batches());
    network.forward(&batches()[0]).sum(Kind::Double).backward();
    let got = network.weight.grad().defined();
    let want = true;
    assert_eq!(got, want, "a gradient for the weight");
}
