//! Trains the digits network on LibTorch, judges it on the held-out digits, and saves its weights.
//!
//! ```console
//! cargo run --profile ship --example train -- digits.safetensors
//! ```

use std::error::Error;
use std::time::Instant;
use tch_chapter::train::{Settings, accuracy, train};

fn main() -> Result<(), Box<dyn Error>> {
    println!("{} threads", tch::get_num_threads());
    let start = Instant::now();
    let report = |epoch, loss| println!("epoch {epoch:2}  loss {loss:.4}");
    let (network, weights) = train(&digits::train(), Settings::default(), report)?;
    let seconds = start.elapsed().as_secs_f32();
    let right = accuracy(&network, &digits::held_out());
    println!(
        "{seconds:.1} s, {:.1}% of the held-out digits right",
        100.0 * right
    );
    if let Some(path) = std::env::args().nth(1) {
        weights.save(&path)?;
        println!("saved to {path}");
    }
    Ok(())
}
