//! # A checkpoint of another network
//!
//! A server loads weights at start-up. Last night somebody widened the hidden layer, and the old checkpoint is still
//! there. The server is to say so and go on with the weights that it has, but `load_record` takes it down.
//!
//! Run it. What does the panic say, and who should be told instead?

use burn::nn::Linear;
use burn::prelude::*;
use burn::store::{ModuleRecord, RecordError};

/// Two layers, as they were when the checkpoint was written or as they are now.
#[derive(Module, Debug)]
struct Net {
    fc1: Linear,
    fc2: Linear,
}

/// `net` with the weights of `record`, or what does not fit.
fn load(net: Net, record: ModuleRecord) -> Result<Net, RecordError> {
    // TODO: A record that does not fit is an error and not the end.
    Ok(net.load_record(record))
}

#[path = "../../chapters/08_burn/checks/load_checkpoint.rs"]
mod checks;
