//! # Predict without a record
//!
//! A service runs out of memory after an hour. It only predicts, but every prediction that it keeps holds on to all that it
//! was computed from, in case somebody asks for a gradient.
//!
//! Run it. The checks look at the predictions, at the way to them, and at the weights, which are to be trained again
//! tomorrow.

use tch::Tensor;
use tch::nn::Module;

/// The scores of each batch, in the batches' order. Nothing is recorded for a way back.
fn predict(network: &impl Module, batches: &[Tensor]) -> Vec<Tensor> {
    // TODO: As it is, LibTorch records every operation. Tell it not to, for as long as these take.
    batches.iter().map(|batch| network.forward(batch)).collect()
}

#[path = "../../chapters/11_tch/checks/predict_unrecorded.rs"]
mod checks;
