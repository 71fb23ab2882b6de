//! # Weights from Candle
//!
//! A colleague has trained a network in Candle and sends its weights: `fc1.weight`, `fc1.bias`, `fc2.weight`, `fc2.bias`, in a
//! safetensors file. The network here has the same layers, and the file is refused.
//!
//! Run it, and read which name is not found. A `VarStore` keeps the weights by the path under which each was registered.

use std::path::Path;
use tch::nn::{self, LinearConfig, VarStore};
use tch::{Device, TchError, Tensor};

/// Two layers with a ReLU between them: 4 inputs, 3 hidden units, 2 scores.
fn network(root: &nn::Path) -> nn::Sequential {
    let config = LinearConfig::default();
    // TODO: Register the layers under the names that the file has.
    let hidden = nn::linear(root / "layer1", 4, 3, config);
    let scores = nn::linear(root / "layer2", 3, 2, config);
    nn::seq().add(hidden).add_fn(Tensor::relu).add(scores)
}

/// The network with the weights of the file, and the store that holds them.
///
/// # Errors
///
/// If the file cannot be read, or lacks one of the network's weights.
fn load(file: &Path) -> Result<(nn::Sequential, VarStore), TchError> {
    let mut store = VarStore::new(Device::Cpu);
    let network = network(&store.root());
    store.load(file)?;
    Ok((network, store))
}

#[path = "../../chapters/11_tch/checks/candle_names.rs"]
mod checks;
