//! How many of the held-out digits the network with these weights gets right: the same file, in Candle.
//!
//! ```console
//! cargo run --profile ship --example classify_candle -- digits.safetensors
//! ```

use candle_chapter::FeedForward;
use candle_chapter::train::{classify, images};
use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: classify_candle WEIGHTS")?;
    let vb = VarBuilder::from_buffered_safetensors(std::fs::read(path)?, DType::F32, &Device::Cpu)?;
    let network = FeedForward::new(vb)?;
    let held_out = digits::held_out();
    let start = Instant::now();
    let found = classify(&network, &images(&held_out, &Device::Cpu)?)?;
    let pairs = found.iter().zip(&held_out.labels);
    let right = pairs
        .filter(|(found, label)| **found == u32::from(**label))
        .count();
    let seconds = start.elapsed().as_secs_f32();
    println!(
        "Candle: {:.1}% right, {:.1} ms",
        right as f32 / held_out.len() as f32 * 100.0,
        1e3 * seconds
    );
    Ok(())
}
