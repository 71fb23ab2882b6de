//! Trains the digits network, judges it on the held-out digits, and saves its weights.
//!
//! ```console
//! cargo run --release -p candle-chapter --example train -- digits.safetensors
//! ```

use candle_chapter::network::FeedForward;
use candle_chapter::quantised::QuantisedFeedForward;
use candle_chapter::train::{Settings, accuracy, train};
use candle_core::quantized::GgmlDType;
use candle_core::{DType, Result};
use candle_nn::VarBuilder;
use std::time::Instant;

fn main() -> Result<()> {
    let path = std::env::args().nth(1);
    let (device, why) = candle_chapter::device::choose();
    println!("{why}");

    let start = Instant::now();
    let report = |epoch, loss| println!("epoch {epoch:2}  loss {loss:.4}");
    let (network, weights) = train(&digits::train(), Settings::default(), &device, report)?;
    let seconds = start.elapsed().as_secs_f32();
    let held_out = digits::held_out();
    let right = accuracy(&network, &held_out, &device)?;
    println!(
        "{seconds:.1} s, {:.1}% of the held-out digits right",
        100.0 * right
    );

    if device.is_cpu() {
        for format in [GgmlDType::Q8_0, GgmlDType::Q4_0] {
            let small = QuantisedFeedForward::new(&network, format)?;
            let right = accuracy(&small, &held_out, &device)?;
            println!(
                "{format:?}: {} bytes, {:.1}% right",
                small.bytes(),
                100.0 * right
            );
        }
    }

    if let Some(path) = path {
        weights.save(&path)?;
        let file = std::fs::read(&path)?;
        let saved = VarBuilder::from_buffered_safetensors(file, DType::F32, &device)?;
        let again = accuracy(&FeedForward::new(saved)?, &held_out, &device)?;
        println!("saved to {path}; read again, {:.1}% right", 100.0 * again);
    }
    Ok(())
}
