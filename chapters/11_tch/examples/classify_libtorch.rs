//! How many of the held-out digits the network with these weights gets right: on LibTorch.
//!
//! ```console
//! cargo run --profile ship --example classify_libtorch -- digits.safetensors
//! ```

use std::error::Error;
use std::time::Instant;
use tch::{Device, nn::VarStore};
use tch_chapter::train::accuracy;
use tch_chapter::{FeedForward, weights::load_exact};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: classify_libtorch WEIGHTS")?;
    let mut vs = VarStore::new(Device::Cpu);
    let network = FeedForward::new(&vs.root());
    load_exact(&mut vs, path.as_ref())?;
    let held_out = digits::held_out();
    let start = Instant::now();
    let right = accuracy(&network, &held_out);
    let seconds = start.elapsed().as_secs_f32();
    println!(
        "LibTorch: {:.1}% right, {:.1} ms",
        100.0 * right,
        1e3 * seconds
    );
    Ok(())
}
