//! # A warm start
//!
//! Training was interrupted and is to go on with the weights that were saved. They are loaded, no error comes, the training
//! goes on, and its loss is that of a network that knows nothing.
//!
//! A `VarMap` loads a value for each variable that it has. Run it: how many has it at that line?

use candle_chapter::FeedForward;
use candle_core::{DType, Device, Result};
use candle_nn::{VarBuilder, VarMap};
use std::path::Path;

/// The network with the weights of a file, and the map whose variables an optimiser can go on with.
fn resume(path: &Path) -> Result<(FeedForward, VarMap)> {
    let mut weights = VarMap::new();
    // TODO: Loading fills the variables that are there. First let the network ask for its own.
    // [starter]
    // weights.load(path)?;
    // let builder = VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu);
    // let network = FeedForward::new(builder)?;
    // [solution]
    let builder = VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu);
    let network = FeedForward::new(builder)?;
    weights.load(path)?;
    // [end]
    Ok((network, weights))
}

#[path = "../../chapters/07_candle/checks/warm_start.rs"]
mod checks;
